"""What the window shows while no shop is open: that one is being opened, or put back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.base.progress import Step
from shopcrm.ui import icons, theme, words
from shopcrm.ui.kit.progress import ProgressStrip


class StartScreen(QWidget):
    """The mark in the middle, for the moment until the shop is open. `text`: what is being done instead."""

    def __init__(self, parent: QWidget | None = None, *, text: str = "") -> None:
        super().__init__(parent)
        self._text = text or _("Opening the shop …")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look = QPainter(self), theme.current()
        painter.fillRect(self.rect(), look.colour("background"))
        ratio = self.devicePixelRatioF()
        mark = icons.logo(56, look.colours["accent"], look.colours["on_accent"], ratio)
        painter.drawPixmap(self.width() // 2 - 28, self.height() // 2 - 56, mark)
        painter.setPen(look.colour("second"))
        painter.setFont(look.font())
        words = self.rect().adjusted(0, self.height() // 2 + 16, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self._text)


class BusyScreen(QWidget):
    """The mark with what is being done, how far it is, and Cancel."""

    cancelled = Signal()

    def __init__(self, text: str, *, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip = ProgressStrip(self)
        self._strip.begin(title)
        self._strip.cancelled.connect(self.cancelled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(StartScreen(self, text=text), 1)
        column.addWidget(self._strip)

    def show_step(self, step: Step) -> None:
        """How far it is."""
        self._strip.step(words.stage(step.stage), done=step.done, total=step.total, unit=step.unit)
