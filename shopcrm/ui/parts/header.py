"""The head of the window: one search box for everything, and the switch between light and dark."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.edits import SearchBox
from shopcrm.ui.parts.demo_mark import DemoMark


class Header(QWidget):
    """56 px high at 100 % text."""

    theme_wanted = Signal()
    command_wanted = Signal(str)  # an action's key

    def __init__(self, parent: QWidget | None = None, *, demo: bool) -> None:
        super().__init__(parent)
        self.search = SearchBox(
            self,
            placeholder=_("Customers, phone tails, order numbers; > for commands"),
            label=_("Search customers, orders and commands"),
            keys="Ctrl+K",
            clear_label=_("Clear the search"),
            name=names.SEARCH,
        )
        self.search.setMaximumWidth(self.search.sizeHint().width())
        self._demo = DemoMark(self)
        self._demo.setVisible(demo)
        self._demo.wanted.connect(self.command_wanted)
        self._toggle = Button(
            "", self, kind="ghost", icon="sun", size="large", name=names.THEME_TOGGLE, label=_("Light or dark")
        )
        self._toggle.clicked.connect(self.theme_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(12)
        row.addWidget(self.search, 1)
        row.addWidget(self._demo)
        panel = Button(
            "", self, kind="ghost", icon="panel-right", size="large", name=names.PANEL_OPEN, keys="Ctrl+Shift+P",
            label=_("Side panel beside a chat"),
        )  # fmt: skip
        panel.clicked.connect(lambda: self.command_wanted.emit("panel"))
        row.addStretch(1)
        row.addWidget(panel)
        row.addWidget(self._toggle)
        self.setFixedHeight(self.search.sizeHint().height() + 20)
        self._dress()

    def _dress(self) -> None:
        self._toggle.set_icon("moon" if theme.current().dark else "sun")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_toggle"):
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look = QPainter(self), theme.current()
        painter.fillRect(self.rect(), look.colour("surface"))
        edge = look.colour("border")
        # In the demo the line below the head is the mark's colour too, so that no glance takes it for the own shop.
        line = 2 if self._demo.isVisible() else 1
        painter.fillRect(0, self.height() - line, self.width(), line, look.colour("warn") if line == 2 else edge)
