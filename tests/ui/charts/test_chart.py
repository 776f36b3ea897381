from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from shopcrm.ui import theme
from shopcrm.ui.charts.bars import BarChart, BarColumn, Piece
from shopcrm.ui.charts.chart import READABLE, contrast, round_steps, shade
from shopcrm.ui.charts.curve import CurveChart, CurveStep
from shopcrm.ui.charts.grids import Cell, HeatGrid, HeatRow
from shopcrm.ui.parts.provinces import PROVINCES


@given(highest=st.floats(1, 1e12))
def test_an_axis_has_few_round_steps_up_to_the_highest(highest: float) -> None:
    steps = round_steps(highest)
    assert 2 <= len(steps) <= 5
    assert steps[0] == 0
    assert steps[-1] >= highest * (1 - 1e-9)
    assert steps[-1] <= highest * 2.6
    assert f"{steps[1]:.0e}"[0] in "125"


@pytest.mark.parametrize("name", ["light", "dark"])
def test_what_stands_in_a_cell_can_be_read_whatever_its_shade(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "_current", theme.make(name))
    assert min(contrast(*shade(share / 100)) for share in range(101)) >= READABLE


def test_every_province_has_a_place_of_its_own() -> None:
    assert len(PROVINCES) == 34
    assert len({(one.row, one.column) for one in PROVINCES}) == 34
    assert all(0 <= one.row < 8 and 0 <= one.column < 8 for one in PROVINCES)
    assert len({one.code for one in PROVINCES}) == len({one.stored for one in PROVINCES}) == 34


@pytest.mark.usefixtures("dressed")
def test_bars_stand_where_they_are_pointed_at_and_fit_the_axes(qtbot: QtBot) -> None:
    bars = BarChart(label="Sales", name="chart_test", height=200, shown=lambda value: f"{value:.0f}")
    qtbot.addWidget(bars)
    bars.resize(400, 200)
    bars.show_columns(
        [
            BarColumn(str(at), (Piece((at, "a"), 10 * at, f"a {at}", "accent"), Piece((at, "b"), 5, f"b {at}", "warn")))
            for at in range(4)
        ]
    )
    with qtbot.waitExposed(bars):
        bars.show()
    image = bars.grab().toImage()
    accent = theme.current().colour("accent").name()
    centre = bars.rect_of((3, "a")).center().toPoint()
    ratio = image.devicePixelRatio()
    assert image.pixelColor(round(centre.x() * ratio), round(centre.y() * ratio)).name() == accent
    assert bars.rect_of((3, "a")).height() == pytest.approx(6 * bars.rect_of((3, "b")).height(), rel=0.01)
    assert not bars.marks[0].opens  # a bar of nothing opens nothing


@pytest.mark.usefixtures("dressed")
def test_arrows_walk_the_curve_and_the_triangle(qtbot: QtBot) -> None:
    curve = CurveChart(label="Again", name="chart_test", height=200)
    qtbot.addWidget(curve)
    curve.resize(400, 200)
    curve.show_steps(
        [CurveStep(day, day / 100, f"day {day}") for day in (3, 10, 40)], percentiles=[(10, "P50")], days=[(30, "30")]
    )
    said: list[object] = []
    curve.opened.connect(said.append)
    curve.show()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_End, Qt.Key.Key_Space):
        QTest.keyClick(curve, key)
    assert said == [10, 40]
    assert curve.accessibleName() == "Again: day 40"

    grid = HeatGrid(label="Cohorts", name="chart_test_2")
    qtbot.addWidget(grid)
    rows = [
        HeatRow(f"m{row}", Cell((row, 0), "9", f"size {row}"),
                tuple(Cell((row, n), "1", f"{row} {n}", 0.5) for n in range(1, 4 - row)))
        for row in range(3)
    ]  # fmt: skip
    grid.show_rows(rows, heads=["+1", "+2", "+3"])
    grid.show()
    walked = []
    right, down, up = Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up
    for key in (Qt.Key.Key_Home, right, right, right, right, down, down, up):
        QTest.keyClick(grid, key)
        walked.append(grid.current.key if grid.current else None)
    # At the end of a row right stays; down goes to the nearest cell of the next row.
    assert walked == [(0, 0), (0, 1), (0, 2), (0, 3), (0, 3), (1, 2), (2, 1), (1, 1)]
