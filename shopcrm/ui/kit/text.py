"""Words on the window: always plain text, in the sizes and tones of the theme."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from shopcrm.ui import icons, theme
from shopcrm.ui.kit import paint

# Never two numbers nor two words: held together they would be a line that cannot be broken.
_NUMBER_AND_UNIT: Final = re.compile(r"(?<!\S)(\d[\d.,]*) (?=[^\W\d]|%)")


class Text(QLabel):
    """A label that shows what came from outside as it is. `size` 12/13/15/20/28, `tone` a colour token."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: int = theme.BODY,
        tone: str = "text",
        bold: bool = False,
        wrap: bool = False,
        name: str = "",
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("type", str(size))  # not "size": that is a property of every widget
        self.setProperty("tone", tone)
        self.setProperty("bold", "true" if bold else "false")
        self.setWordWrap(wrap)
        if wrap:
            # Without this Qt keeps a third of the line's width as the least width of a wrapped label.
            self.setMinimumWidth(1)
        if name:
            self.setObjectName(name)

    def set_tone(self, tone: str) -> None:
        """Another colour token."""
        if self.property("tone") != tone:
            self._dress("tone", tone)

    def set_size(self, size: int) -> None:
        """Another size."""
        self._dress("type", str(size))

    def set_bold(self) -> None:
        """Bold from now on."""
        self._dress("bold", "true")

    def _dress(self, name: str, value: object) -> None:
        self.setProperty(name, value)
        self.style().unpolish(self)
        self.style().polish(self)


class Elided(QWidget):
    """One line that ends in … where it does not fit; the whole text is its tooltip."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: int = theme.BODY,
        tone: str = "text",
        bold: bool = False,
        right: bool = False,
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self._text, self._size, self._tone, self._bold, self._right = "", size, tone, bold, right
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(1)
        if name:
            self.setObjectName(name)
        self.set_text(text)

    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another text."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_tone(self, tone: str) -> None:
        """Another colour token."""
        self._tone = tone
        self.update()

    def set_size(self, size: int) -> None:
        """Another size."""
        self._size = size
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics, edges = theme.current().metrics(self._size, bold=self._bold), self.contentsMargins()
        width = metrics.horizontalAdvance(self._text) + edges.left() + edges.right()
        return QSize(int(width) + 2, int(metrics.height()) + 1 + edges.top() + edges.bottom())

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        look = theme.current()
        rect = QRectF(self.contentsRect())
        width = look.metrics(self._size, bold=self._bold).horizontalAdvance(self._text)
        self.setToolTip(plain_tooltip(self._text) if width > rect.width() + 1 else "")
        ink = look.colour(self._tone)
        paint.text(painter, rect, self._text, ink=ink, size=self._size, bold=self._bold, right=self._right)


class KeyCap(QWidget):
    """A key drawn as a small cap."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(keys)

    def sizeHint(self) -> QSize:
        return QSize(round(paint.key_width(self._keys)) + 1, theme.current().px(20))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        look = theme.current()
        ink, border = look.colour("second"), look.colour("border")
        paint.key_cap(QPainter(self), QRectF(self.rect()), self._keys, ink=ink, border=border)


class Icon(QWidget):
    """An icon that only says something (one that does something is a button)."""

    def __init__(self, icon: str, parent: QWidget | None = None, *, tone: str = "second", size: int = 18) -> None:
        super().__init__(parent)
        self._icon, self._tone, self._size = icon, tone, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: str, *, tone: str = "") -> None:
        """Another icon, perhaps in another colour."""
        self._icon, self._tone = icon, tone or self._tone
        self.update()

    def sizeHint(self) -> QSize:
        side, edges = theme.current().px(self._size), self.contentsMargins()
        return QSize(side + edges.left() + edges.right(), side + edges.top() + edges.bottom())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        icons.paint(QPainter(self), self._icon, QRectF(self.contentsRect()), colour=self._tone)


def together(text: str) -> str:
    """Words that no line break may part, for a label that wraps: not for what is copied or compared."""
    return "\u2060".join(text.replace(" ", "\u00a0"))


def numbers_held(text: str) -> str:
    """Each number on one line with its unit, for a label that wraps: 33 岁, 11 months."""
    return _NUMBER_AND_UNIT.sub("\\1\u00a0", text)


def plain_tooltip(text: str) -> str:
    """A tooltip that Qt cannot take for rich text, whatever is in it."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    return f"<span>{escaped}</span>" if escaped else ""
