"""What every page is: a title, one sentence of state, at most one primary button, and when it looks again."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from shopcrm.base.changes import Changes
from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.text import Elided, Text
from shopcrm.ui.pages.registry import UNDER

MARGIN = 20


class Page(QWidget):
    """A page of the stack. A subclass sets the class attributes and writes `_build`, `_wire` and `refresh`.

    `title` and `icon` are as declared (`N_`), translated where they are shown. `reads` are the nouns whose change
    makes the page look again: at once while it is seen, else when it is shown next.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    icon: ClassVar[str]
    reads: ClassVar[Changes] = Changes.ALL

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.setObjectName(f"{self.key}_page")
        self._stale = True
        self._build()
        self._wire()
        ctx.hub.changed.connect(self._changed)

    # For the subclass

    def _build(self) -> None:
        """Make the widgets."""

    def _wire(self) -> None:
        """Connect their signals."""

    def refresh(self) -> None:
        """Read what is shown anew."""

    def open_target(self, target: object) -> None:
        """Show what another page asked for (a customer id, a group, files)."""

    def first_focus(self) -> QWidget | None:
        """Who gets the keyboard when the page is opened by hand (None: it stays in the search box).

        Not as a focus proxy: Tab would jump over everything that stands before it on the page.
        """
        return None

    def remember(self) -> dict[str, object]:
        """What must survive a change of language or text size, which builds the page anew."""
        return {}

    def restore(self, state: dict[str, object]) -> None:
        """Take up what `remember` gave."""

    def badge(self) -> int:
        """The count on the rail (0: none)."""
        return 0

    # Done here

    def _changed(self, changes: Changes) -> None:
        if not changes & self.reads:
            return
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.refresh()


class PageHead(QWidget):
    """The head of a page: title, the sentence of state beside it, and buttons at the right (`buttons`)."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Text(title, self, size=theme.TITLE, bold=True, name="page_title")
        self.state = Elided("", self, tone="second", name="page_state")
        self.marks = QHBoxLayout()
        self.marks.setSpacing(8)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.title)
        row.addLayout(self.marks)
        row.addWidget(self.state, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self.buttons)
        self.setMinimumHeight(theme.current().px(30))

    def open_those_under(self, key: str, ctx: Context) -> None:
        """Buttons that open the pages which belong to a page and have no place on the rail."""
        for page in (entry for entry in UNDER if entry.under == key):
            opens = Button(_(page.title), self, icon=page.icon, name=f"{names.OPEN_PAGE}_{page.key}")
            opens.clicked.connect(partial(ctx.go_to, page.key))
            self.buttons.addWidget(opens)


def page_column(page: QWidget) -> QVBoxLayout:
    """The column of a page with the margins all pages share."""
    column = QVBoxLayout(page)
    column.setContentsMargins(MARGIN, 13, MARGIN, 14)
    column.setSpacing(12)
    return column


def button_of(stack: QStackedWidget) -> Button | None:
    """The first button on what a stack shows: where an empty page puts the keyboard."""
    seen: QWidget | None = stack.currentWidget()
    return None if seen is None else seen.findChild(Button)
