"""What every chart is: places that say their value by mouse and by arrow keys, and open what is behind them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from shopcrm.ui import theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.text import plain_tooltip

_STEPS: Final = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
READABLE: Final = 4.5  # contrast of text
_OPENING: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_KEYBOARD: Final = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)


@dataclass(frozen=True)
class Mark:
    """One place of a chart: what it says, where arrows find it, and what `opened` tells."""

    key: Hashable
    text: str
    row: int = 0
    column: int = 0
    opens: bool = True


class Chart(QWidget):
    """A subclass paints, and says in `_places` where its marks are. `opened` comes by click, Enter and Space."""

    opened = Signal(object)  # the mark's key

    def __init__(self, parent: QWidget | None = None, *, label: str, name: str, height: int) -> None:
        super().__init__(parent)
        self._label, self._height = label, height
        self._marks: tuple[Mark, ...] = ()
        self._rects: list[QRectF] = []
        self._current, self._hovered, self._ring = -1, -1, False
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # For the subclass

    def _places(self) -> list[QRectF]:
        """Where the marks are, in their order."""
        return []

    def _redraw(self) -> None:
        """The marks' places are known anew: draw what is not drawn in `paintEvent`."""

    # For the owner

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What can be pointed at."""
        return self._marks

    @property
    def current(self) -> Mark | None:
        """The mark that the keyboard is at."""
        return self._marks[self._current] if 0 <= self._current < len(self._marks) else None

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show other values; the keyboard stays at the mark of the same key."""
        at = self.current
        self._marks = tuple(marks)
        keys = [mark.key for mark in self._marks]
        self._current = keys.index(at.key) if at is not None and at.key in keys else -1
        self._hovered = -1
        self.place()
        self.updateGeometry()

    def place(self) -> None:
        """Work out where everything is and draw it."""
        self._rects = self._places()
        self._redraw()
        self.update()

    def rect_of(self, key: Hashable) -> QRectF:
        """Where a mark is."""
        return self._rects[[mark.key for mark in self._marks].index(key)]

    # Pointing

    def _say(self, index: int, *, at: QPoint | None = None) -> None:
        mark, rect = self._marks[index], self._rects[index]
        where = self.mapToGlobal(at if at is not None else rect.center().toPoint())
        QToolTip.showText(where, plain_tooltip(mark.text), self)

    def _go(self, index: int) -> None:
        self._current, self._ring = index, True
        self.setAccessibleName(f"{self._label}: {self._marks[index].text}")
        self._say(index)
        self.update()

    def _next(self, step: tuple[int, int]) -> int:
        """The mark one step on: in the same row or column, the nearest one; −1 at the edge."""
        at = self._marks[self._current]
        best, found = 0, -1
        for index, mark in enumerate(self._marks):
            down, right = mark.row - at.row, mark.column - at.column
            along, across = (right, down) if step[1] else (down, right)
            ahead = along * (step[0] + step[1])
            if ahead <= 0 or (step[1] and across):
                continue
            away = ahead * 1000 + abs(across)
            if found < 0 or away < best:
                best, found = away, index
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, count = Qt.Key(event.key()), len(self._marks)
        if key in _STEPS and count:
            index = self._next(_STEPS[key]) if self._current >= 0 else 0
            if index >= 0:
                self._go(index)
            elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                super().keyPressEvent(event)  # the page scrolls
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and count:
            self._go(0 if key == Qt.Key.Key_Home else count - 1)
        elif key in _OPENING and (mark := self.current) is not None:
            if mark.opens:
                self.opened.emit(mark.key)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        index = next((index for index, rect in enumerate(self._rects) if rect.contains(at)), -1)
        if index != self._hovered:
            self._hovered = index
            pointing = index >= 0 and self._marks[index].opens
            self.setCursor(Qt.CursorShape.PointingHandCursor if pointing else Qt.CursorShape.ArrowCursor)
            self.update()
        if index >= 0:
            self._say(index, at=at.toPoint())
        else:
            QToolTip.hideText()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = next((index for index, rect in enumerate(self._rects) if rect.contains(event.position())), -1)
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._current = index
            if self._marks[index].opens:
                self.opened.emit(self._marks[index].key)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = -1
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ring = event.reason() in _KEYBOARD
        if self._ring and self._current < 0 and self._marks:
            self._current = 0
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        QToolTip.hideText()
        self.update()

    # Painting

    def paint_pointer(self, painter: QPainter) -> None:
        """The ring around what the keyboard is at, and a quieter one around what the mouse is over."""
        look = theme.current()
        if self._hovered >= 0:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(look.colour("text")))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._rects[self._hovered].adjusted(-0.5, -0.5, 0.5, 0.5), 3, 3)
        if self.hasFocus() and self._ring:
            at = self._rects[self._current] if 0 <= self._current < len(self._rects) else QRectF(self.rect())
            paint.focus_ring(painter, at.adjusted(-2, -2, 2, 2), radius=4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        self.paint_pointer(QPainter(self))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def sizeHint(self) -> QSize:
        return QSize(theme.current().px(360), theme.current().px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(240), theme.current().px(self._height))


class Overlay(QWidget):
    """Lies over the canvas of a chart and paints where the keyboard and the mouse are."""

    def __init__(self, chart: Chart) -> None:
        super().__init__(chart)
        self._chart = chart
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        self._chart.paint_pointer(QPainter(self))


def tone_colour(tone: str) -> QColor:
    """A colour token's colour, or a group's hue."""
    look = theme.current()
    return look.hue(tone) if tone in look.groups else look.colour(tone)


def shade(share: float) -> tuple[QColor, QColor]:
    """(ground, ink) of a cell: from the raised grey to the accent as `share` goes from 0 to 1."""
    look = theme.current()
    ground = theme.blend(look.colour("accent"), look.colour("raised"), max(0.0, min(1.0, share)))
    # Between the two inks of the theme lies a grey that neither can be read on; black or white always can.
    inks = (look.colour("text"), look.colour("on_accent"), QColor("black"), QColor("white"))
    readable = (ink for ink in inks if contrast(ink, ground) >= READABLE)
    return ground, next(readable, inks[0])


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""

    def luminance(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def round_steps(highest: float, *, at_most: int = 4) -> list[float]:
    """Round values for an axis from 0 to at least `highest`: steps of 1, 2 or 5 times a power of ten."""
    if highest <= 0:
        return [0.0, 1.0]
    power = 10.0 ** len(str(int(highest)))
    while True:
        for factor in (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1):
            width = power * factor
            if width * at_most >= highest:
                count = int(-(-highest // width))
                return [width * step for step in range(count + 1)]
        power *= 10
