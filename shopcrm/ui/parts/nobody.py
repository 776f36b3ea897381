"""Nobody fits what was typed (U1): one key begins a new customer with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from shopcrm.act import finding
from shopcrm.base.i18n import N_, _
from shopcrm.collect.typed import Person
from shopcrm.ui import names
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import EmptyState

# By the field of a person that what was typed seems to be.
_NEW: Final = {
    "phone": N_("New customer with this phone"),
    "email": N_("New customer with this e-mail"),
    "wechat": N_("New customer with this WeChat"),
    "name": N_("New customer of this name"),
    "account": N_("New customer with this nick"),
}


class Nobody(EmptyState):
    """Says what else to try, and offers who is new; the search box's Enter presses its button."""

    def __init__(self, ctx: Context, parent: QWidget, *, show: Callable[[int], None] | None = None) -> None:
        """`show` opens the new card; else it is the desk's."""
        self._ctx, self._show_card = ctx, show
        self._person: Person | None = None
        words = next(iter(_NEW.values()))  # until something was typed
        self._button = Button(
            _(words), parent, kind="primary", icon="plus", size="large", keys="Return", name=names.DESK_NEW
        )
        super().__init__(
            parent,
            icon="search",
            title=_("Nobody fits"),
            text=_("Try the last four digits of the phone, or the nick without its last characters."),
            action=self._button,
            name="desk_nobody",
        )
        self._button.clicked.connect(self.begin)

    def offer(self, text: str) -> None:
        """What was typed and fits nobody."""
        self._person = finding.newcomer(text)
        self._button.setVisible(self._person is not None)
        if self._person is not None:
            field = next(key for key in _NEW if getattr(self._person, key))
            self._button.set_text(_(_NEW[field]))
            self._button.setAccessibleName(f"{_(_NEW[field])} {getattr(self._person, field)}")

    def begin(self) -> None:
        """Open the form of a new customer, filled."""
        if self._person is not None:
            from shopcrm.ui.dialogs import customer

            customer.ask(self._ctx, self.window(), known=self._person, show=self._show_card)
