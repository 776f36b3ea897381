"""The ground of charts with axes: a pyqtgraph view for the drawing, labels of the axes in the theme's type."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from shopcrm.ui import theme
from shopcrm.ui.charts.chart import Chart, Overlay

_AXES = (2, 8)  # pixels between the drawing and the labels at its left and below


class AxesChart(Chart):
    """Axis labels are painted here, so that none is clipped; what is drawn lies in `self.box` (a ViewBox)."""

    def __init__(self, parent: QWidget | None = None, *, label: str, name: str, height: int) -> None:
        super().__init__(parent, label=label, name=name, height=height)
        self._left: list[tuple[float, str]] = []  # (value, label)
        self._below: list[tuple[float, str]] = []
        self._range = QRectF(0, 0, 1, 1)
        self.view: Any = pg.GraphicsView(self, background=None)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the chart around it is what is walked through
        self.view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.view.setFrameShape(self.view.Shape.NoFrame)
        self.view.setStyleSheet("background: transparent")
        self.box: Any = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
        self.view.setCentralItem(self.box)
        self._overlay = Overlay(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_axes(self, area: QRectF, *, left: list[tuple[float, str]], below: list[tuple[float, str]]) -> None:
        """What the drawing spans, in the units of its values, and the labels at its left and below."""
        self._range, self._left, self._below = area, left, below

    def inner(self) -> QRectF:
        """Where is drawn, in pixels of the widget."""
        look = theme.current()
        metrics = look.metrics(theme.SMALL)
        widest = max((metrics.horizontalAdvance(text) for _, text in self._left), default=0.0)
        line, half = metrics.height(), metrics.height() / 2
        return QRectF(
            round(widest) + _AXES[1] if self._left else 2,
            round(half),
            max(10.0, self.width() - round(widest) - _AXES[1] - 4),
            max(10.0, self.height() - round(half) - round(line) - _AXES[1]),
        )

    def to_pixels(self, x: float, y: float) -> tuple[float, float]:
        """A point of the drawing on the widget."""
        inner, area = self.inner(), self._range
        return (
            inner.left() + (x - area.left()) / area.width() * inner.width(),
            inner.bottom() - (y - area.top()) / area.height() * inner.height(),
        )

    def place(self) -> None:
        """Fit the drawing between the labels, then as every chart."""
        inner = self.inner()
        self.view.setGeometry(inner.toRect())
        self._overlay.setGeometry(self.rect())
        area = self._range
        self.box.setRange(xRange=(area.left(), area.right()), yRange=(area.top(), area.bottom()), padding=0)
        super().place()

    def update(self, *area: Any) -> None:
        """The pointer lies above the drawing."""
        super().update(*area)
        self._overlay.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look, inner = QPainter(self), theme.current(), self.inner()
        metrics = look.metrics(theme.SMALL)
        painter.setFont(look.font(theme.SMALL))
        for value, text in self._left:
            y = round(self.to_pixels(self._range.left(), value)[1])
            painter.fillRect(QRectF(inner.left(), y, inner.width(), 1), look.colour("border"))
            painter.setPen(look.colour("second"))
            box = QRectF(0, y - metrics.height() / 2, inner.left() - _AXES[1], metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(look.colour("second"))
        free = 0.0
        for value, text in self._below:
            x, wide = self.to_pixels(value, 0)[0], metrics.horizontalAdvance(text)
            left = max(0.0, min(x - wide / 2, self.width() - wide))
            if left >= free:  # one that would touch the label before it is left out
                top = inner.bottom() + _AXES[1] - 2
                painter.drawText(QRectF(left, top, wide + 2, metrics.height()), Qt.AlignmentFlag.AlignLeft, text)
                free = left + wide + 6
