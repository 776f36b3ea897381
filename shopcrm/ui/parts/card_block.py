"""A block of the card: a quiet heading, and an inside that is made anew for every customer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.text import Text


class CardBlock(Card):
    """Its inside comes from `refill`; what room is left stays below it."""

    def __init__(self, title: str, parent: QWidget | None = None, *, name: str = "", wrap: bool = False) -> None:
        super().__init__(parent, padding=16, gap=6, name=name)
        self.body.setContentsMargins(16, 12, 16, 14)
        self.title = Text(title, self, bold=True, tone="second", wrap=wrap)
        self._head = QHBoxLayout()
        self._head.addWidget(self.title, 1)
        self.body.addLayout(self._head)
        self.body.addStretch(1)
        self._inner: QWidget | None = None

    def add_button(self, button: QWidget) -> None:
        """Put a button beside the heading."""
        self.body.setContentsMargins(16, 8, 16, 14)
        self._head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def put(self, widget: QWidget) -> None:
        """Put a widget last, above the room that is left."""
        self.body.insertWidget(self.body.count() - 1, widget)

    def refill(self) -> QWidget:
        """A fresh inside in the place of the old one; the first stands last."""
        fresh = QWidget(self)
        if self._inner is None:
            self.put(fresh)
        else:
            self.body.replaceWidget(self._inner, fresh)
            self._inner.hide()
            self._inner.deleteLater()
        self._inner = fresh
        return fresh
