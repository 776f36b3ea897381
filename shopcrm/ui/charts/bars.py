"""Upright bars of one or two kinds on top of each other, with round corners."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QWidget

from shopcrm.ui import theme
from shopcrm.ui.charts.canvas import AxesChart
from shopcrm.ui.charts.chart import Mark, round_steps, tone_colour

_WIDEST = 44  # pixels of a bar at 100 % text
_RADIUS = 2.5


@dataclass(frozen=True)
class Piece:
    """A part of a bar."""

    key: Hashable
    value: float
    text: str  # what is said of it
    tone: str  # colour token or a group's key


@dataclass(frozen=True)
class BarColumn:
    """A bar: its label below and its parts, the lowest first."""

    label: str
    pieces: tuple[Piece, ...]


class BarChart(AxesChart):
    """`shown` says how a value stands at the axis."""

    def __init__(
        self, parent: QWidget | None = None, *, label: str, name: str, height: int, shown: Callable[[float], str]
    ) -> None:
        super().__init__(parent, label=label, name=name, height=height)
        self._shown = shown
        self._columns: tuple[BarColumn, ...] = ()
        self._drawn: list[Any] = []

    def show_columns(self, columns: Sequence[BarColumn]) -> None:
        """Show these bars."""
        self._columns = tuple(columns)
        highest = max((sum(piece.value for piece in column.pieces) for column in columns), default=0.0)
        ticks = round_steps(highest)
        self.set_axes(
            QRectF(-0.5, 0, max(1, len(columns)), ticks[-1]),
            left=[(value, self._shown(value)) for value in ticks],
            below=[(place, column.label) for place, column in enumerate(columns)],
        )
        self.set_marks(
            [
                Mark(piece.key, piece.text, row=-level, column=place, opens=piece.value > 0)
                for place, column in enumerate(columns)
                for level, piece in enumerate(column.pieces)
            ]
        )

    def _places(self) -> list[QRectF]:
        if not self._columns:
            return []
        slot = self.inner().width() / len(self._columns)
        wide = min(slot * 0.66, theme.current().px(_WIDEST))
        found = []
        for place, column in enumerate(self._columns):
            base = 0.0
            for piece in column.pieces:
                x, bottom = self.to_pixels(place, base)
                base += piece.value
                top = self.to_pixels(place, base)[1]
                found.append(QRectF(x - wide / 2, top, wide, max(bottom - top, 0.0)))
        return found

    def _redraw(self) -> None:
        for item in self._drawn:
            self.box.removeItem(item)
        self._drawn.clear()
        tones: dict[str, QPainterPath] = {}
        pieces = [piece for column in self._columns for piece in column.pieces]
        inner, area = self.inner(), self._range
        across, up = area.width() / inner.width(), area.height() / inner.height()
        for piece, rect in zip(pieces, self._rects, strict=True):
            if rect.height() > 0:
                path = tones.setdefault(piece.tone, QPainterPath())
                drawn = rect.adjusted(0, 1 if rect.height() > 3 else 0, 0, 0)  # a gap between the parts
                x, y = area.left() + (drawn.left() - inner.left()) * across, (inner.bottom() - drawn.bottom()) * up
                wide, high = drawn.width() * across, drawn.height() * up
                radius = min(_RADIUS, drawn.height() / 2)
                path.addRoundedRect(QRectF(x, y, wide, high), radius * across, radius * up)
        for tone, path in tones.items():
            item = QGraphicsPathItem(path)
            item.setPen(QPen(Qt.PenStyle.NoPen))
            item.setBrush(QBrush(tone_colour(tone)))
            self.box.addItem(item, ignoreBounds=True)
            self._drawn.append(item)
