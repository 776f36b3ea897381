"""What lies over the window while a file hovers above it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import icons, theme


class DropCover(QWidget):
    """Says what letting go does. What lies below may take the file instead: a card attaches it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look = QPainter(self), theme.current()
        veil = look.colour("background")
        veil.setAlphaF(0.96)
        painter.fillRect(self.rect(), veil)
        frame = QRectF(self.rect()).adjusted(24, 24, -24, -24)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("accent"), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, 12, 12)
        side = look.px(40)
        centre = frame.center()
        icons.paint(painter, "file-up", QRectF(centre.x() - side / 2, centre.y() - side, side, side), colour="accent")
        painter.setPen(look.colour("text"))
        painter.setFont(look.font(theme.TITLE, bold=True))
        words = QRectF(frame.left(), centre.y() + 12, frame.width(), look.px(32))
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter, _("Let go to look at the file; nothing is imported yet"))
