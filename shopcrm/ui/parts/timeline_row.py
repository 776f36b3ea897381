"""One line of the timeline: when, what, how much, who; it opens to what is behind it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from shopcrm.ui import icons, names, theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.marks import badge_colours
from shopcrm.ui.parts.timeline_words import Event

HEIGHT = 35
NARROW = 420  # below it who it was stands in the open line only


class TimelineRow(QWidget):
    """Enter, Space or a click opens it."""

    clicked = Signal()

    def __init__(self, event: Event, parent: QWidget, *, widest: int) -> None:
        """`widest` is the room that the days of all lines want."""
        super().__init__(parent)
        self.event_shown, self._widest = event, widest
        self.setObjectName(names.TIMELINE_ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(event.exact)
        said = (event.day, event.text, event.amount, event.badge, event.who)
        self.setAccessibleName(", ".join(part for part in said if part))

    def sizeHint(self) -> QSize:
        return QSize(200, theme.current().px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look, rect = QPainter(self), theme.current(), QRectF(self.rect())
        painter.fillRect(QRectF(0, 0, rect.width(), 1), look.colour("border"))
        if self.underMouse():
            painter.fillRect(rect.adjusted(0, 1, 0, 0), theme.blend(look.colour("raised"), look.colour("surface"), 0.5))
        said, line = self.event_shown, rect.adjusted(0, 1, 0, 0)
        side = look.px(16)
        tone = "accent" if said.pinned else "second"
        icons.paint(painter, said.icon, QRectF(0, line.center().y() - side / 2, side, side), colour=tone)
        left = side + 8.0
        narrow = rect.width() <= look.px(NARROW)
        width = max(look.px(84), self._widest + 12)
        if narrow:
            width = max(look.px(64), min(self._widest + 12, int(rect.width() * 0.3)))
        paint.text(painter, QRectF(left, line.top(), width - 8, line.height()), said.day, ink=look.colour("second"))
        right = rect.width()
        if said.badge:
            ink, fill = badge_colours(said.tone)
            wide = paint.badge_width(said.badge)
            right -= wide
            paint.badge(painter, QRectF(right, line.top(), wide + 1, line.height()), said.badge, ink=ink, fill=fill)
            right -= 8
        for words_, tone in ((said.amount, "text"), ("" if narrow else said.who, "second")):
            if words_:
                wide = look.metrics().horizontalAdvance(words_) + 2
                box = QRectF(right - wide, line.top(), wide, line.height())
                paint.text(painter, box, words_, ink=look.colour(tone), right=True, tabular=True)
                right -= wide + 12
        if said.files:
            clip = QRectF(right - side, line.center().y() - side / 2, side, side)
            icons.paint(painter, "paperclip", clip, colour="second")
            right -= side + 8
        box = QRectF(left + width, line.top(), right - left - width, line.height())
        paint.text(painter, box, said.text, ink=look.colour("text"))
        if self.hasFocus():
            paint.focus_ring(painter, line, radius=4)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
