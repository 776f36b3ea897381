"""One set of line icons (Lucide), drawn in the colour that is asked for, sharp on any screen, each drawn once."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from shopcrm.base.resources import resource
from shopcrm.ui import theme

SIZE = 20
_STROKE = 'stroke-width="1.75"'  # Lucide's 2 is heavy beside Chinese type at 13 px


@cache
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text("utf-8").replace('stroke-width="2"', _STROKE)


@cache
def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    # QtSvg draws `currentColor` black.
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    image = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def _colour(colour: str | QColor) -> QColor:
    return colour if isinstance(colour, QColor) else theme.current().colour(colour)


def pixmap(name: str, *, colour: str | QColor = "text", size: int = SIZE, ratio: float = 1.0) -> QPixmap:
    """The icon in a token's colour or any colour. `size` is taken as it is (scale it with `Theme.px`)."""
    return _drawn(name, _colour(colour).name(), size, ratio)


def paint(painter: QPainter, name: str, rect: QRectF, *, colour: str | QColor = "text") -> None:
    """Draw the icon into a rectangle (its shorter side rules, centred)."""
    size = round(min(rect.width(), rect.height()))
    image = pixmap(name, colour=colour, size=size, ratio=painter.device().devicePixelRatioF())
    centre = rect.center()
    painter.drawPixmap(QRectF(centre.x() - size / 2, centre.y() - size / 2, size, size).toRect(), image)


def icon(name: str, *, colour: str = "second", size: int = 16) -> QIcon:
    """The icon for a menu, in the current theme's colour."""
    result = QIcon()
    for ratio in (1.0, 2.0):
        result.addPixmap(pixmap(name, colour=colour, size=theme.current().px(size), ratio=ratio))
    return result


@cache
def logo(size: int, ground: str, ink: str, ratio: float) -> QPixmap:
    """The program's mark: the character 回 (to return) as two squares on the accent."""
    image = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size * ratio / 36, size * ratio / 36)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(QRectF(0, 0, 36, 36), 8, 8)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = painter.pen()
    pen.setStyle(Qt.PenStyle.SolidLine)
    pen.setColor(QColor(ink))
    pen.setWidthF(2)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.drawRect(QRectF(11, 11, 14, 14))
    painter.drawRect(QRectF(15.5, 15.5, 5, 5))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def window_icon() -> QIcon:
    """The mark for the task bar."""
    result = QIcon()
    for size in (16, 32, 48, 64, 128, 256):
        result.addPixmap(logo(size, "#0B6E66", "#FFFFFF", 1.0))
    return result
