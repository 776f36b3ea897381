"""Frames that hold things: card, figure, empty state, banner, scroll area, hair line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from shopcrm.ui import theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.text import Icon, Text

CARD_RADIUS = 8


class Card(QWidget):
    """A surface with a one-pixel border and a vertical `body`.

    `tone` is the ground's token, `edge` a colour along the left side. With `clickable` it is a button: `clicked`
    by mouse, Enter and Space, and `chosen` draws it as the one that is open.
    """

    clicked = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        padding: int = 16,
        gap: int = 8,
        tone: str = "surface",
        bordered: bool = True,
        edge: str = "",
        clickable: bool = False,
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self._tone, self._bordered, self._edge = tone, bordered, edge
        self._clickable, self._chosen = clickable, False
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(gap)
        if clickable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        if name:
            self.setObjectName(name)

    def set_chosen(self, chosen: bool) -> None:  # noqa: FBT001
        """Draw it as the open one of several."""
        self._chosen = chosen
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look, rect = QPainter(self), theme.current(), QRectF(self.rect())
        border: QColor | None = look.colour("border") if self._bordered else None
        if self._clickable and self.underMouse() and border is not None:
            border = theme.blend(look.colour("accent"), border, 0.45)
        paint.ground(painter, rect, fill=look.colour(self._tone), border=border, radius=CARD_RADIUS)
        if self._edge:
            paint.left_edge(painter, rect, colour=look.hue(self._edge), radius=CARD_RADIUS)
        if self._chosen or (self._clickable and self.hasFocus()):
            paint.focus_ring(painter, rect, radius=CARD_RADIUS)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._clickable and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._clickable and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class Line(QWidget):
    """A hair line."""

    def __init__(self, parent: QWidget | None = None, *, vertical: bool = False) -> None:
        super().__init__(parent)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        QPainter(self).fillRect(self.rect(), theme.current().colour("border"))


class StatTile(QWidget):
    """A word, a figure, and a remark below or beside it."""

    def __init__(
        self,
        label: str,
        parent: QWidget | None = None,
        *,
        size: int = theme.TITLE,
        beside: bool = False,
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self._label = Text(label, self, tone="second", size=theme.BODY if size > theme.TITLE else theme.SMALL)
        self._figure = Text("", self, size=size, bold=True)
        self._remark = Text("", self, size=theme.SMALL, tone="second")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self._label)
        if beside:
            row = QHBoxLayout()
            row.setSpacing(5)
            row.addWidget(self._figure)
            row.addWidget(self._remark, 0, Qt.AlignmentFlag.AlignBottom)
            row.addStretch(1)
            self._remark.setContentsMargins(0, 0, 0, 3)
            self._remark.set_bold()
            column.addLayout(row)
        else:
            column.addWidget(self._figure)
            column.addWidget(self._remark)
        self._remark.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if name:
            self.setObjectName(name)

    def set_label(self, label: str) -> None:
        """Say what it counts; the next value tells it to screen readers."""
        self._label.setText(label)

    def set_size(self, size: int) -> None:
        """Figures of another size."""
        self._figure.set_size(size)

    def set_value(self, value: str, *, remark: str = "", tone: str = "text", remark_tone: str = "second") -> None:
        """Show a figure and a remark."""
        self._figure.setText(value)
        self._figure.set_tone(tone)
        self._remark.setText(remark)
        self._remark.set_tone(remark_tone)
        self._remark.setVisible(bool(remark))
        self.setAccessibleName(" ".join(part for part in (self._label.text(), value, remark) if part))


class EmptyState(QWidget):
    """What will be here, and the one button that fills it (and a second, quieter way)."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        icon: str,
        title: str,
        text: str = "",
        action: Button | None = None,
        second: Button | None = None,
        name: str = "",
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(Icon(icon, self, tone="third", size=36), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        self._text = Text(text, self, tone="second", wrap=True)
        for words in (Text(title, self, size=theme.LEAD, bold=True, wrap=True), self._text):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            words.setVisible(bool(words.text()))
            column.addWidget(words)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (action, second):
            if button is not None:
                buttons.addWidget(button)
        buttons.addStretch(1)
        column.addSpacing(8)
        column.addLayout(buttons)
        column.addStretch(3)
        if name:
            self.setObjectName(name)

    def set_text(self, text: str) -> None:
        """Other words below the title."""
        self._text.setText(text)
        self._text.setVisible(bool(text))


class Banner(QWidget):
    """One sentence across the page, in a tone; a button may stand at its end (in `body`) or below (in `words`)."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, tone: str = "info", icon: str = "info"
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        self.body = QHBoxLayout(self)
        self.body.setContentsMargins(16, 8, 12, 8)
        self.body.setSpacing(10)
        self._icon = Icon(icon, self, tone=tone, size=18)
        self.text = Text(text, self, bold=True, wrap=True)
        self.remark = Text("", self, tone="second", wrap=True)
        self.remark.hide()
        self.body.addWidget(self._icon)
        self.words = QVBoxLayout()
        self.words.setSpacing(0)
        self.words.addWidget(self.text)
        self.words.addWidget(self.remark)
        self.body.addLayout(self.words, 1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        look = theme.current()
        fill = look.colour("accent_soft" if self._tone == "accent" else f"{self._tone}_soft")
        paint.ground(QPainter(self), QRectF(self.rect()), fill=fill, radius=CARD_RADIUS)


class ScrollArea(QScrollArea):
    """Scrolls up and down; its `body` is as wide as the view."""

    def __init__(
        self, parent: QWidget | None = None, *, margin: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 12
    ) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = self._inner = QWidget()
        inner.setObjectName("scroll_body")
        self.body = QVBoxLayout(inner)
        self.body.setContentsMargins(*margin)
        self.body.setSpacing(gap)
        self.setWidget(inner)
        self.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)

    def minimumSizeHint(self) -> QSize:
        # As wide as its content needs, so that nothing is cut off at the right; any height.
        return QSize(self._inner.minimumSizeHint().width(), 48)
