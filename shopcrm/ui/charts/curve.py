"""A rising curve over days with its percentiles marked: how many have bought again by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from shopcrm.ui import theme
from shopcrm.ui.charts.canvas import AxesChart
from shopcrm.ui.charts.chart import Mark, round_steps


@dataclass(frozen=True)
class CurveStep:
    """A day on the curve, how high it stands (0–1), and what is said of it."""

    day: int
    height: float
    text: str
    opens: bool = True


class CurveChart(AxesChart):
    """Arrows go from day to day; the keys of its marks are the days."""

    def __init__(self, parent: QWidget | None = None, *, label: str, name: str, height: int) -> None:
        super().__init__(parent, label=label, name=name, height=height)
        self._steps: tuple[CurveStep, ...] = ()
        self._percentiles: tuple[tuple[int, str], ...] = ()
        self._curve: Any = pg.PlotCurveItem(antialias=True)
        self.box.addItem(self._curve, ignoreBounds=True)

    def show_steps(
        self, steps: Sequence[CurveStep], *, percentiles: Sequence[tuple[int, str]], days: Sequence[tuple[int, str]]
    ) -> None:
        """Show a curve. `percentiles` are (day, label) marked on it, `days` the labels below."""
        self._steps, self._percentiles = tuple(steps), tuple(percentiles)
        last = steps[-1].day if steps else 1
        highest = max((step.height for step in steps), default=0.0)
        ticks = round_steps(highest * 100, at_most=4)
        self.set_axes(
            QRectF(0, 0, max(1, last), ticks[-1]),
            left=[(value, f"{value:.0f} %") for value in ticks],
            below=[(float(day), label) for day, label in days if day <= last],
        )
        self.set_marks(
            [Mark(step.day, step.text, column=place, opens=step.opens) for place, step in enumerate(self._steps)]
        )

    def _places(self) -> list[QRectF]:
        """Upright strips, each as far as the middle to its neighbours."""
        inner, days = self.inner(), [step.day for step in self._steps]
        found = []
        for place, day in enumerate(days):
            before = (days[place - 1] + day) / 2 if place else 0
            after = (day + days[place + 1]) / 2 if place + 1 < len(days) else day
            left, right = self.to_pixels(before, 0)[0], self.to_pixels(after, 0)[0]
            found.append(QRectF(left, inner.top(), max(right - left, 1.0), inner.height()))
        return found

    def _redraw(self) -> None:
        accent = theme.current().colour("accent")
        soft = theme.blend(accent, theme.current().colour("surface"), 0.13)
        days = np.array([0, *(step.day for step in self._steps)], np.float64)
        heights = np.array([0.0, *(step.height * 100 for step in self._steps)])
        self._curve.setData(days, heights, pen=pg.mkPen(accent, width=2), fillLevel=0, brush=soft)

    def paint_pointer(self, painter: QPainter) -> None:
        """A dot on the curve with a line down to its day, instead of a ring around the strip; the percentiles."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, inner = theme.current(), self.inner()
        metrics = look.metrics(theme.SMALL, bold=True)
        taken: list[QRectF] = []
        for day, label in self._percentiles:
            x = self.to_pixels(day, 0)[0]
            top = self.to_pixels(day, self._height_at(day) * 100)[1]
            painter.setPen(QPen(look.colour("second"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, inner.bottom()), QPointF(x, top))
            self._dot(painter, x, top, filled=False)
            wide = metrics.horizontalAdvance(label)
            left = min(max(x - wide - 8, inner.left() + 2), inner.right() - wide)
            box = QRectF(left, max(top - metrics.height() - 1, 0), wide + 2, metrics.height())
            if not any(box.intersects(other) for other in taken):
                painter.setFont(look.font(theme.SMALL, bold=True))
                painter.setPen(look.colour("text"))
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft, label)
                taken.append(box)
        for index, wanted in ((self._hovered, True), (self._current, self.hasFocus() and self._ring)):
            if wanted and 0 <= index < len(self._steps):
                step = self._steps[index]
                x, y = self.to_pixels(step.day, step.height * 100)
                painter.setPen(QPen(look.colour("accent"), 1))
                painter.drawLine(QPointF(x, inner.bottom()), QPointF(x, y))
                self._dot(painter, x, y, filled=True)

    def _height_at(self, day: int) -> float:
        return max((step.height for step in self._steps if step.day <= day), default=0.0)

    def _dot(self, painter: QPainter, x: float, y: float, *, filled: bool) -> None:
        look = theme.current()
        painter.setPen(QPen(look.colour("accent"), 2))
        painter.setBrush(look.colour("accent" if filled else "surface"))
        painter.drawEllipse(QPointF(x, y), 4, 4)
