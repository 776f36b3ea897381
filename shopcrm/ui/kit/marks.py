"""Small marks: the badge of a group or state, tags, the initial of a customer."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from shopcrm.ui import icons, theme
from shopcrm.ui.kit import paint

TONES: Final = ("good", "warn", "bad", "info", "accent", "neutral")


def badge_colours(tone: str) -> tuple[QColor, QColor]:
    """(text, ground) of a badge: `good warn bad info accent neutral`, or a group's key."""
    look = theme.current()
    if tone in look.groups:
        return look.badge_text(tone), look.badge_ground(tone)
    if tone == "neutral":
        return look.colour("second"), look.colour("raised")
    if tone == "accent":
        return look.colour("accent_strong"), look.colour("accent_soft")
    return look.colour(tone), look.colour(f"{tone}_soft")


class Badge(QWidget):
    """A pill with a word. `tone` is a group's key or one of `TONES`."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, tone: str = "neutral", name: str = "") -> None:
        super().__init__(parent)
        self._text, self._tone = text, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        if name:
            self.setObjectName(name)

    def text(self) -> str:
        """The word on it."""
        return self._text

    def show_as(self, text: str, *, tone: str) -> None:
        """Another word and tone; an empty word hides the badge."""
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(paint.badge_width(self._text) + 0.5), theme.current().px(20))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        ink, fill = badge_colours(self._tone)
        paint.badge(QPainter(self), QRectF(self.rect()), self._text, ink=ink, fill=fill)


class TagChip(QWidget):
    """A tag. With `removable` a cross takes it away (click, or Delete while it has the focus).

    `activated` comes with a click beside the cross, Enter and Space.
    """

    removed = Signal(str)
    activated = Signal()

    def __init__(
        self,
        text: str,
        parent: QWidget | None = None,
        *,
        removable: bool = False,
        label: str = "",
        colour: str = "",
    ) -> None:
        super().__init__(parent)
        self._text, self._removable, self._colour = text, removable, colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(label or text)
        if removable:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setMouseTracking(True)

    def text(self) -> str:
        """The tag."""
        return self._text

    def _cross(self) -> QRectF:
        side = theme.current().px(12)
        return QRectF(self.width() - side - 4, (self.height() - side) / 2, side, side)

    def _shows_cross(self) -> bool:
        return self._removable and (self.underMouse() or self.hasFocus())

    def _extra(self) -> int:
        """What the cross needs beside the words when these move to the edge."""
        return theme.current().px(12) - 6 if self._removable else 0

    def sizeHint(self) -> QSize:
        return QSize(round(paint.chip_width(self._text) + 0.5) + self._extra(), theme.current().px(22))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look, rect = QPainter(self), theme.current(), QRectF(self.rect())
        ink, fill, _hue = look.tag(self._colour)
        paint.ground(painter, rect, fill=fill, radius=4)
        half = self._extra() / 2
        left, right = (5, look.px(12) + 4) if self._shows_cross() else (8 + half, 7 + half)
        room = rect.adjusted(left, 0, -right, 0)
        paint.text(painter, room, self._text, ink=ink, size=theme.SMALL)
        if self._shows_cross():
            icons.paint(painter, "x", self._cross(), colour="second")
        if self.hasFocus():
            paint.focus_ring(painter, rect, radius=4)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._removable and self._cross().adjusted(-4, -4, 4, 4).contains(event.position()):
            self.removed.emit(self._text)
        elif self.rect().contains(event.position().toPoint()):
            self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self._text)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit()
        else:
            super().keyPressEvent(event)


class Avatar(QWidget):
    """The first character of a name on a soft disc."""

    def __init__(self, parent: QWidget | None = None, *, side: int = 44) -> None:
        super().__init__(parent)
        self._letter, self._side = "", side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_side(self, side: int) -> None:
        """Another size."""
        self._side = side
        self.updateGeometry()
        self.update()

    def set_name(self, name: str) -> None:
        """Whose initial to show."""
        self._letter = name.strip()[:1].upper()
        self.update()

    def sizeHint(self) -> QSize:
        side = theme.current().px(self._side)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look, rect = QPainter(self), theme.current(), QRectF(self.rect())
        paint.ground(painter, rect, fill=look.colour("accent_soft"), radius=rect.width() / 2)
        painter.setPen(look.colour("accent_strong"))
        painter.setFont(look.font(theme.TITLE if self._side >= 44 else theme.LEAD, bold=True))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._letter)
