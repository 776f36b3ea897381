"""What several widgets of the kit draw alike: rounded grounds, focus rings, key caps, centred text."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from shopcrm.ui import icons, theme

KEY_SIZE: Final = 11
# Put together once: a table paints hundreds of cells, and joining flags costs as much as measuring the text.
_LINE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | _LINE)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | _LINE)
_SYMBOLS: Final = {"Return": "↵", "Enter": "↵", "Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}
_MAC_SYMBOLS: Final = {**_SYMBOLS, "Ctrl": "⌘", "Shift": "⇧", "Alt": "⌥"}  # Qt's Ctrl is the command key there


def ground(
    painter: QPainter, rect: QRectF, *, fill: QColor | None, border: QColor | None = None, radius: float = theme.RADIUS
) -> None:
    """A rounded rectangle with a crisp one-pixel border inside `rect`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(border, 1) if border is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5) if border is not None else rect, radius, radius)


def focus_ring(painter: QPainter, rect: QRectF, *, radius: float = theme.RADIUS, colour: QColor | None = None) -> None:
    """The mark of keyboard focus, two pixels just inside `rect`: of accent, or `colour` on a ground of its own."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour or theme.current().colour("accent"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)


def left_edge(painter: QPainter, rect: QRectF, *, colour: QColor, width: float = 4, radius: float = 8) -> None:
    """A coloured edge along the left side, following the rounded corners."""
    shape = QPainterPath()
    shape.addRoundedRect(rect, radius, radius)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(QRectF(rect.left(), rect.top(), width, rect.height()))
    painter.fillPath(shape, colour)
    painter.restore()


def key_text(keys: str) -> str:
    """A shortcut as it stands on a key cap: `Ctrl+K` as `Ctrl K`, on macOS as `⌘ K`, Return as its arrow."""
    symbols = _MAC_SYMBOLS if sys.platform == "darwin" else _SYMBOLS
    return " ".join(symbols.get(part, part) for part in keys.split("+"))


def key_width(keys: str) -> float:
    """How wide a key cap is."""
    look = theme.current()
    return max(look.metrics(KEY_SIZE).horizontalAdvance(key_text(keys)) + 12, look.px(16))


def key_cap(painter: QPainter, rect: QRectF, keys: str, *, ink: QColor, border: QColor) -> None:
    """A key cap, centred in `rect`'s height, as wide as `key_width`."""
    look = theme.current()
    height = look.px(18)
    cap = QRectF(rect.left(), rect.center().y() - height / 2, key_width(keys), height)
    ground(painter, cap, fill=None, border=border, radius=4)
    painter.setPen(ink)
    painter.setFont(look.font(KEY_SIZE))
    painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key_text(keys))


def text(
    painter: QPainter,
    rect: QRectF,
    value: str,
    *,
    ink: QColor,
    size: int = theme.BODY,
    bold: bool = False,
    tabular: bool = False,
    right: bool = False,
    marks: Sequence[tuple[int, int]] = (),
) -> float:
    """One line of plain text, elided at the right, vertically centred. Returns the width it took.

    `marks`: from where to where it is marked, by ink and by a line below.
    """
    look = theme.current()
    metrics = look.metrics(size, bold=bold, tabular=tabular)
    shown = value.replace("\n", " ")
    width = metrics.horizontalAdvance(shown)
    if width > rect.width() + 0.5:
        shown = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, rect.width() + 0.5)
        width = metrics.horizontalAdvance(shown)
    painter.setFont(look.font(size, bold=bold, tabular=tabular))
    painter.setPen(ink)
    painter.drawText(rect, _RIGHT if right else _LEFT, shown)
    seen = len(shown) if shown == value.replace("\n", " ") else len(shown) - 1  # without the dots
    left = rect.right() - width if right else rect.left()
    for begin, end in marks:
        _mark(painter, rect, shown[:seen], begin, end, metrics=metrics, left=left)
    return width


def _mark(
    painter: QPainter, rect: QRectF, shown: str, begin: int, end: int, *, metrics: QFontMetricsF, left: float
) -> None:
    if begin >= len(shown):
        return
    ink = theme.current().colour("accent_strong")
    start = left + metrics.horizontalAdvance(shown[:begin])
    width = metrics.horizontalAdvance(shown[:end]) - metrics.horizontalAdvance(shown[:begin])
    painter.save()
    # The same text again, seen through the part alone: so the letters stand exactly where they stood.
    painter.setClipRect(QRectF(start, rect.top(), width, rect.height()))
    painter.setPen(ink)
    painter.drawText(QRectF(left, rect.top(), metrics.horizontalAdvance(shown) + 1, rect.height()), _LEFT, shown)
    painter.setClipping(False)
    below = rect.center().y() + metrics.ascent() / 2 + 2
    painter.fillRect(QRectF(start, below, width, 1.5), ink)
    painter.restore()


def verb(painter: QPainter, rect: QRectF, words: str, *, icon: str) -> None:
    """What a click in a cell does, at its right; with its icon where there is room."""
    look = theme.current()
    text(painter, rect, words, ink=look.colour("accent_strong"), right=True)
    side = look.px(14)
    left = rect.right() - look.metrics().horizontalAdvance(words) - side - 6
    if left >= rect.left():
        icons.paint(painter, icon, QRectF(left, rect.center().y() - side / 2, side, side), colour="accent_strong")


def badge_width(value: str, *, size: int = theme.SMALL) -> float:
    """How wide a badge with this text is."""
    return theme.current().metrics(size, bold=True).horizontalAdvance(value) + 16


def badge(painter: QPainter, rect: QRectF, value: str, *, ink: QColor, fill: QColor, size: int = theme.SMALL) -> float:
    """A pill with bold text at the left of `rect`, vertically centred. Returns its width."""
    look = theme.current()
    height = look.px(20)
    width = min(badge_width(value, size=size), rect.width())
    pill = QRectF(rect.left(), rect.center().y() - height / 2, width, height)
    ground(painter, pill, fill=fill, radius=height / 2)
    text(painter, pill.adjusted(8, 0, -7, 0), value, ink=ink, size=size, bold=True)
    return width


def chip_width(value: str) -> float:
    """How wide a tag chip with this text is."""
    return theme.current().metrics(theme.SMALL).horizontalAdvance(value) + 16


def chip(painter: QPainter, rect: QRectF, value: str, *, colour: str = "") -> float:
    """A tag at the left of `rect`, vertically centred; grey without a colour. Returns its width."""
    look = theme.current()
    height = look.px(22)
    width = min(chip_width(value), rect.width())
    box = QRectF(rect.left(), rect.center().y() - height / 2, width, height)
    ink, fill, _hue = look.tag(colour)
    ground(painter, box, fill=fill, radius=4)
    text(painter, box.adjusted(8, 0, -7, 0), value, ink=ink, size=theme.SMALL)
    return width
