"""A value that is read like words and opened like a field: click, F2 or Enter edit it, Delete forgets it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from shopcrm.ui import theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.text import Elided, Text

_EDIT_KEYS = (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_FORGET_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
PAST_KEY = Qt.Key.Key_F4


class Value(Text):
    """`asked` comes with F4 and with the right button: what stood here before."""

    opened = Signal()
    forgotten = Signal()
    asked = Signal()

    def __init__(
        self, text: str, parent: QWidget | None = None, *, label: str, tone: str = "text", wrap: bool = True,
        name: str = "",
    ) -> None:  # fmt: skip
        super().__init__(text, parent, wrap=wrap, tone=tone, name=name)
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setContentsMargins(4, 1, 4, 1)

    def event(self, event: QEvent) -> bool:
        # F2 is the page's key for the name; here it is this value's.
        mine = isinstance(event, QKeyEvent) and event.key() in (*_EDIT_KEYS, *_FORGET_KEYS, PAST_KEY)
        if event.type() == QEvent.Type.ShortcutOverride and mine:
            event.accept()
            return True
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut, QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        signal = self.asked if event.key() == PAST_KEY else None
        if event.key() in _EDIT_KEYS:
            signal = self.opened
        elif event.key() in _FORGET_KEYS:
            signal = self.forgotten
        if signal is None or event.isAutoRepeat():
            super().keyPressEvent(event)
        else:
            signal.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self.rect().contains(event.position().toPoint()):
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()
        elif event.button() == Qt.MouseButton.RightButton:
            self.asked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse():
            paint.ground(painter, self.rect().toRectF(), fill=theme.current().colour("raised"), radius=4)
        if self.hasFocus():
            paint.focus_ring(painter, self.rect().toRectF(), radius=4)
        painter.end()
        super().paintEvent(event)


class ElidedValue(Elided):
    """A value in one line that ends in … where it does not fit, and cannot be forgotten: a name."""

    opened = Signal()
    asked = Signal()

    def __init__(self, text: str, parent: QWidget, *, size: int, bold: bool = False, name: str = "") -> None:
        super().__init__(text, parent, size=size, bold=bold, name=name)
        self.setContentsMargins(3, 0, 3, 0)  # for the ring
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def event(self, event: QEvent) -> bool:
        mine = isinstance(event, QKeyEvent) and event.key() in (*_EDIT_KEYS, PAST_KEY)
        if event.type() == QEvent.Type.ShortcutOverride and mine:
            event.accept()
            return True
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        signal = self.opened if event.key() in _EDIT_KEYS else self.asked if event.key() == PAST_KEY else None
        if signal is None or event.isAutoRepeat():
            super().keyPressEvent(event)
        else:
            signal.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            (self.asked if event.button() == Qt.MouseButton.RightButton else self.opened).emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            paint.focus_ring(QPainter(self), self.rect().toRectF(), radius=4)
