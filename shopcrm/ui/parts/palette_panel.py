"""The commands below the search box, over any page: after `>`, or after Ctrl+K before anything is typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.text import Text
from shopcrm.ui.palette import Command
from shopcrm.ui.parts.hit_list import Entry, HitList

LEAST_WIDTH = 380
MOST_ROWS = 11


class PalettePanel(Card):
    """Hangs below the search box, which keeps the focus."""

    chosen = Signal(str)  # command key

    def __init__(self, below: QWidget, over: QWidget) -> None:
        super().__init__(over, padding=8, gap=4, name=names.PALETTE)
        self._below, self._over = below, over
        self._offered: tuple[Command, ...] = ()
        self._title = Text("", self, tone="second")
        self._title.setContentsMargins(8, 4, 8, 4)
        self._list = HitList(self, tall=False, label=_("Commands"), name=names.PALETTE_LIST)
        # A click must not take the focus from the search box, which would close the panel before the click is heard.
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._nothing = Text("", self, tone="second", wrap=True)
        self._nothing.setContentsMargins(8, 4, 8, 8)
        for widget in (self._title, self._list, self._nothing):
            self.body.addWidget(widget)
        self._list.chosen.connect(self._take)
        over.installEventFilter(self)
        self.hide()

    def offer(self, commands: Sequence[Command], *, typed: str = "") -> None:
        """Show these commands, with the cursor on the first after something was typed."""
        self._offered = tuple(commands)
        self._title.setText(_("Commands"))
        self._list.show_entries([line(command, place) for place, command in enumerate(self._offered)])
        self._list.setVisible(bool(self._offered))
        self._nothing.setText(_("No command fits “{text}”").format(text=typed))
        self._nothing.setVisible(not self._offered)
        self._list.go_to(0 if typed and self._offered else -1)
        self._place()
        self.show()
        self.raise_()

    def step(self, steps: int) -> None:
        """An arrow was pressed in the search box."""
        if self._offered:
            row = self._list.currentIndex().row() + steps
            self._list.show_line(max(0, min(len(self._offered) - 1, row)))

    def accept(self) -> None:
        """Enter was pressed in the search box."""
        if self._list.current is not None:
            self._take(self._list.current)

    def _take(self, place: int) -> None:
        command = self._offered[place]
        if command.able:
            self.hide()
            self.chosen.emit(command.key)

    def _place(self) -> None:
        look = theme.current()
        corner = self._below.mapTo(self._over, QPoint(0, self._below.height() + 4))
        room = self._over.height() - corner.y() - 16
        title = self._title.sizeHint().height() + 24
        row = look.px(31)
        fits = max(1, (room - title) // row)
        rows = min(MOST_ROWS, fits, len(self._offered))
        self._list.setFixedHeight(max(1, rows * row))
        width = min(max(self._below.width(), look.px(LEAST_WIDTH)), self._over.width() - corner.x() - 16)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move(corner)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False


def line(command: Command, place: int) -> Entry:
    """How a command is listed."""
    return Entry(place, command.text, right=command.place, icon=command.icon, keys=command.keys, off=not command.able)
