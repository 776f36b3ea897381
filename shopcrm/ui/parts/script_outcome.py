"""What came of a script (U2): asked where it was copied, told with one key, corrected by another."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopcrm.act import script_uses
from shopcrm.act.script_uses import OUTCOMES, Use
from shopcrm.base import clock
from shopcrm.base.i18n import _
from shopcrm.ui import actions, names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.text import Text


class ScriptOutcome(QWidget):
    """A line that is there while somebody may still say what came of the last copy: answered, bought, nothing."""

    def __init__(self, ctx: Context, parent: QWidget | None = None, *, name: str) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._use: Use | None = None
        self._said = Text("", self, size=theme.SMALL, tone="second", wrap=True, name=f"{name}_said")
        self._buttons: dict[str, Button] = {}
        chips = QWidget(self)
        flow = FlowLayout(chips, gap=6, line_gap=6)
        for key, label in OUTCOMES.items():
            button = Button(
                _(label), chips, kind="view", keys=actions.keys_of(f"script_{key}", page="scripts"),
                name=f"{name}_{names.SCRIPT_OUTCOME}_{key}",
            )  # fmt: skip
            button.clicked.connect(partial(self._pressed, key))
            self._buttons[key] = button
            flow.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._said)
        column.addWidget(chips)
        self.hide()

    @property
    def use(self) -> Use | None:
        """The copy that is asked about."""
        return self._use

    def handlers(self) -> dict[str, Callable[[], None]]:
        """What the page's actions do, by their keys."""
        return {f"script_{key}": partial(self.press, key) for key in OUTCOMES}

    def show_use(self, use: Use | None, *, titled: bool) -> None:
        """Ask about a copy (None: about none). `titled`: say of which script it was, else for whom."""
        self._use = use
        self.setVisible(use is not None)
        if use is None:
            return
        at = words.moment(clock.instant(use.at).astimezone(self._ctx.zone), today=self._ctx.today)
        if titled:
            said = _("“{title}”, copied {at}: what came of it?").format(title=use.title, at=at)
        elif use.name:
            said = _("Copied {at} for {name}: what came of it?").format(at=at, name=use.name)
        else:
            said = _("Copied {at}: what came of it?").format(at=at)
        self._said.setText(said)
        for key, button in self._buttons.items():
            button.setChecked(use.outcome == key)

    def _pressed(self, key: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  # as Qt calls it
        self.press(key)

    def press(self, key: str) -> None:
        """Say what came of it; said once more it is taken back."""
        use = self._use
        if use is None:
            return
        told = None if use.outcome == key else key
        for each, button in self._buttons.items():
            button.setChecked(each == told)
        said = (
            _("“{title}”: not told").format(title=use.title)
            if told is None
            else _("“{title}”: {outcome}").format(title=use.title, outcome=_(OUTCOMES[told]))
        )
        self._ctx.write_undoable(self, lambda tx: script_uses.tell(tx, use.id, told), said=said)
