"""What the window shows while no shop is open: that one is being opened, or put back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.base.progress import Step
from shopcrm.ui import icons, names, theme, words
from shopcrm.ui.kit.progress import ProgressStrip


class StartScreen(QWidget):
    """The mark in the middle, for the moment until the shop is open, and how far something longer is."""

    cancelled = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(names.START)
        self._text = text
        self._strip = ProgressStrip(self)
        self._strip.setMaximumWidth(theme.current().px(560))
        self._strip.cancelled.connect(self.cancelled)
        self._strip.hide()
        QShortcut("Esc", self._strip).activated.connect(self._strip.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.addStretch(7)
        row = QHBoxLayout()
        row.addWidget(self._strip)
        column.addLayout(row)
        column.addStretch(3)

    def begin(self, title: str) -> None:
        """Something that takes a while; it can be cancelled."""
        self._text = ""
        self._strip.begin(title)
        self.update()

    def upgrade(self, step: Step) -> None:
        """Where it stands to bring an older shop up to date: nobody knew before that it would take a while."""
        if self._text:
            self.begin(_("Upgrading the shop"))
        self.step(step)

    def step(self, step: Step) -> None:
        """Where it stands."""
        self._strip.step(words.stage(step.stage), done=step.done, total=step.total, unit=step.unit)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look = QPainter(self), theme.current()
        painter.fillRect(self.rect(), look.colour("background"))
        ratio = self.devicePixelRatioF()
        mark = icons.logo(56, look.colours["accent"], look.colours["on_accent"], ratio)
        painter.drawPixmap(self.width() // 2 - 28, self.height() // 2 - 56, mark)
        painter.setPen(look.colour("second"))
        painter.setFont(look.font())
        below = self.rect().adjusted(0, self.height() // 2 + 16, 0, 0)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self._text)
