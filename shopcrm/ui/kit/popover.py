"""A note that hangs below a button until Escape or a click beside it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopcrm.ui import theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.text import Text

_WIDTH = 340


class Popover(QWidget):
    """A heading and plain words."""

    def __init__(self, title: str, text: str, parent: QWidget, *, name: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAccessibleName(f"{title}: {text}")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(6)
        column.addWidget(Text(title, self, bold=True, wrap=True))
        column.addWidget(Text(text, self, tone="second", wrap=True, name=f"{name}_text"))
        width = theme.current().px(_WIDTH)
        self.setFixedSize(width, column.totalHeightForWidth(width))

    def show_below(self, widget: QWidget) -> None:
        """Show it under a widget, on the screen as a whole."""
        corner = widget.mapToGlobal(QPoint(widget.width() - self.width(), widget.height() + 4))
        screen = widget.screen().availableGeometry()
        left = max(screen.left() + 4, min(corner.x(), screen.right() - self.width() - 4))
        top = corner.y()
        if top + self.height() > screen.bottom():
            top = widget.mapToGlobal(QPoint(0, 0)).y() - self.height() - 4
        self.move(left, max(screen.top(), top))
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.close()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        look = theme.current()
        rect = QRectF(self.rect())
        paint.ground(QPainter(self), rect, fill=look.colour("surface"), border=look.colour("border"), radius=8)
