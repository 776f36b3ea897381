"""Charts made of cells: the triangle of cohorts, provinces as tiles, rates as rows, a whole in parts."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from shopcrm.ui import theme
from shopcrm.ui.charts.chart import Chart, Mark, shade, tone_colour
from shopcrm.ui.kit import paint

_CENTRE: Final = int(Qt.AlignmentFlag.AlignCenter)
_LIGHTEST: Final = 0.10  # how much accent a cell of nothing has


@dataclass(frozen=True)
class Cell:
    """A cell: what stands in it, what is said of it, how dark it is (0–1; None: on no ground)."""

    key: Hashable
    text: str
    said: str
    share: float | None = None
    opens: bool = True


class _Cells(Chart):
    """Cells painted alike."""

    def __init__(self, parent: QWidget | None = None, *, label: str, name: str, height: int) -> None:
        super().__init__(parent, label=label, name=name, height=height)
        self._cells: list[Cell] = []

    def _paint_cells(self, painter: QPainter) -> None:
        look = theme.current()
        for cell, rect in zip(self._cells, self._rects, strict=True):
            if cell.share is None:
                paint.text(painter, rect, cell.text, ink=look.colour("second"), tabular=True, right=True)
                continue
            ground, ink = shade(_LIGHTEST + (1 - _LIGHTEST) * cell.share)
            paint.ground(painter, rect, fill=ground, radius=3)
            painter.setFont(look.font(theme.SMALL, tabular=True))
            painter.setPen(ink)
            painter.drawText(rect, _CENTRE, cell.text)


@dataclass(frozen=True)
class HeatRow:
    """A row of a heat grid: its heading, the size of it, and its cells."""

    heading: str
    size: Cell
    cells: tuple[Cell, ...]


class HeatGrid(_Cells):
    """A triangle: rows with headings and sizes, columns with headings on top."""

    def __init__(self, parent: QWidget | None = None, *, label: str, name: str) -> None:
        super().__init__(parent, label=label, name=name, height=100)
        self._heat: tuple[HeatRow, ...] = ()
        self._heads: tuple[str, ...] = ()

    def show_rows(self, rows: Sequence[HeatRow], *, heads: Sequence[str]) -> None:
        """Show these rows; `heads` stand above the columns."""
        self._heat, self._heads = tuple(rows), tuple(heads)
        self._cells = [cell for row in rows for cell in (row.size, *row.cells)]
        marks = []
        for line, row in enumerate(rows):
            for column, cell in enumerate((row.size, *row.cells)):
                marks.append(Mark(cell.key, cell.said, row=line, column=column, opens=cell.opens))
        self.set_marks(marks)

    def _edges(self) -> tuple[float, float, float]:
        """Where the sizes end, where the cells begin, and how wide a cell is."""
        metrics = theme.current().metrics(theme.BODY)
        headings = max((metrics.horizontalAdvance(row.heading) for row in self._heat), default=0.0)
        sizes = max((metrics.horizontalAdvance(row.size.text) for row in self._heat), default=0.0)
        end = headings + 16 + max(sizes, theme.current().px(30))
        return end, end + 10, (self.width() - end - 10) / max(1, len(self._heads))

    def _line(self) -> float:
        return float(theme.current().px(24))

    def _places(self) -> list[QRectF]:
        end, begin, wide = self._edges()
        line, found = self._line(), []
        for number, row in enumerate(self._heat, 1):
            top = number * line
            width = theme.current().metrics(theme.BODY, tabular=True).horizontalAdvance(row.size.text) + 2
            found.append(QRectF(end - width, top, width, line - 2))
            found += [QRectF(begin + at * wide, top, wide - 2, line - 2) for at in range(len(row.cells))]
        return found

    def sizeHint(self) -> QSize:
        return QSize(theme.current().px(420), round(self._line() * (len(self._heat) + 1)) + 2)

    def minimumSizeHint(self) -> QSize:
        cell = theme.current().metrics(theme.SMALL).horizontalAdvance("100 %") + 6
        return QSize(round(self._edges()[1] + cell * len(self._heads)), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look = QPainter(self), theme.current()
        end, begin, wide = self._edges()
        line = self._line()
        for at, head in enumerate(self._heads):
            painter.setFont(look.font(theme.SMALL))
            painter.setPen(look.colour("second"))
            painter.drawText(QRectF(begin + at * wide, 0, wide - 2, line - 2), _CENTRE, head)
        for number, row in enumerate(self._heat, 1):
            heading = QRectF(4, number * line, end - 4, line - 2)
            paint.text(painter, heading, row.heading, ink=look.colour("second"))
        self._paint_cells(painter)
        self.paint_pointer(painter)


@dataclass(frozen=True)
class Tile:
    """A tile at a place of the grid; `wide` tiles take several columns."""

    cell: Cell
    row: int
    column: int
    wide: int = 1


class TileMap(_Cells):
    """Tiles on a grid of 8 by 8."""

    ACROSS: Final = 8

    def __init__(self, parent: QWidget | None = None, *, label: str, name: str) -> None:
        super().__init__(parent, label=label, name=name, height=8 * 29)
        self._tiles: tuple[Tile, ...] = ()

    def show_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show these tiles."""
        self._tiles = tuple(tiles)
        self._cells = [tile.cell for tile in tiles]
        self.set_marks(
            [Mark(one.cell.key, one.cell.said, row=one.row, column=one.column, opens=one.cell.opens) for one in tiles]
        )

    def _places(self) -> list[QRectF]:
        wide, high = min(self.width() / self.ACROSS, theme.current().px(64)), self.height() / self.ACROSS
        left = (self.width() - wide * self.ACROSS) / 2
        return [
            QRectF(left + tile.column * wide, tile.row * high, tile.wide * wide - 3, high - 3) for tile in self._tiles
        ]

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(38) * self.ACROSS, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        self._paint_cells(painter)
        self.paint_pointer(painter)


@dataclass(frozen=True)
class RateRow:
    """A rate as a row: its name, its share (None: nothing to count yet), and in words of how many."""

    key: Hashable
    name: str
    share: float | None
    figure: str
    behind: str
    said: str
    strong: bool = False


class RateRows(Chart):
    """Groups of rates, each with a bar."""

    def __init__(self, parent: QWidget | None = None, *, label: str, name: str) -> None:
        super().__init__(parent, label=label, name=name, height=100)
        self._groups: tuple[tuple[str, tuple[RateRow, ...]], ...] = ()

    def show_groups(self, groups: Sequence[tuple[str, Sequence[RateRow]]]) -> None:
        """Show (heading, rows) one below the other."""
        self._groups = tuple((heading, tuple(rows)) for heading, rows in groups)
        rows = [row for _, group in self._groups for row in group]
        self.set_marks([Mark(row.key, row.said, row=place, opens=bool(row.share)) for place, row in enumerate(rows)])

    def _line(self) -> float:
        return float(theme.current().px(23))

    def _lines(self) -> int:
        return sum(1 + len(rows) for _, rows in self._groups)

    def _places(self) -> list[QRectF]:
        line, top, found = self._line(), 0.0, []
        for _, rows in self._groups:
            top += line
            for _row in rows:
                found.append(QRectF(2, top + 1, self.width() - 4, line - 2))
                top += line
        return found

    def sizeHint(self) -> QSize:
        return QSize(theme.current().px(420), round(self._line() * self._lines()) + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(300), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look = QPainter(self), theme.current()
        rows = [row for _, group in self._groups for row in group]
        small, body = look.metrics(theme.SMALL), look.metrics(theme.BODY, bold=True)
        name_width = max((look.metrics().horizontalAdvance(row.name) for row in rows), default=0.0) + 14
        figure = max((body.horizontalAdvance(row.figure) for row in rows), default=0.0) + 10
        behind = max((small.horizontalAdvance(row.behind) for row in rows), default=0.0) + 6
        line, top = self._line(), 0.0
        places = iter(self._rects)
        for heading, group in self._groups:
            box = QRectF(2, top, self.width() - 4, line)
            paint.text(painter, box, heading, ink=look.colour("second"), size=theme.SMALL)
            top += line * (1 + len(group))
            for row in group:
                rect = next(places).adjusted(4, 0, -4, 0)
                paint.text(painter, rect, row.name, ink=look.colour("text"), bold=row.strong)
                bar_left, bar_right = rect.left() + name_width, rect.right() - figure - behind
                if bar_right - bar_left > 24:
                    bar = QRectF(bar_left, rect.center().y() - 3, bar_right - bar_left, 6)
                    paint.ground(painter, bar, fill=look.colour("raised"), radius=3)
                    if row.share:
                        bar.setWidth(max(6.0, bar.width() * min(1.0, row.share)))
                        paint.ground(painter, bar, fill=look.colour("accent"), radius=3)
                number = QRectF(bar_right, rect.top(), figure, rect.height())
                ink = look.colour("text" if row.share is not None else "third")
                paint.text(painter, number, row.figure, ink=ink, bold=row.strong, tabular=True, right=True)
                rest = QRectF(rect.right() - behind, rect.top(), behind, rect.height())
                paint.text(painter, rest, row.behind, ink=look.colour("second"), size=theme.SMALL, right=True)
        self.paint_pointer(painter)


@dataclass(frozen=True)
class Part:
    """A part of a whole: name, how much, tone."""

    key: Hashable
    name: str
    value: int
    figure: str
    said: str
    tone: str


class PartsStrip(Chart):
    """A whole as one bar in parts, each with its name and figure below."""

    def __init__(self, parent: QWidget | None = None, *, label: str, name: str) -> None:
        super().__init__(parent, label=label, name=name, height=74)
        self._parts: tuple[Part, ...] = ()

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these parts."""
        self._parts = tuple(parts)
        self.set_marks(
            [Mark(part.key, part.said, column=place, opens=part.value > 0) for place, part in enumerate(parts)]
        )

    def _places(self) -> list[QRectF]:
        wide = self.width() / max(1, len(self._parts))
        top = theme.current().px(24)
        return [QRectF(place * wide + 2, top, wide - 8, self.height() - top - 3) for place in range(len(self._parts))]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look = QPainter(self), theme.current()
        whole, left = max(1, sum(part.value for part in self._parts)), 0.0
        high = float(look.px(14))
        for part, rect in zip(self._parts, self._rects, strict=True):
            wide = self.width() * part.value / whole
            if wide > 0:
                bar = QRectF(left, 0, max(wide - 2, 2.0), high)
                paint.ground(painter, bar, fill=tone_colour(part.tone), radius=3)
            left += wide
            dot = QRectF(rect.left() + 2, rect.top() + rect.height() / 4 - 4, 8, 8)
            paint.ground(painter, dot, fill=tone_colour(part.tone), radius=2)
            first = QRectF(rect.left() + 16, rect.top(), rect.width() - 18, rect.height() / 2)
            second = first.translated(0, rect.height() / 2)
            paint.text(painter, first, part.name, ink=look.colour("second"))
            paint.text(painter, second, part.figure, ink=look.colour("text"), bold=True, tabular=True)
        self.paint_pointer(painter)
