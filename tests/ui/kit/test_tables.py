from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from shopcrm.ui import theme
from shopcrm.ui.kit.table_view import PAD, TableView
from shopcrm.ui.kit.tables import PAGE, Column, PagedTableModel

pytestmark = pytest.mark.usefixtures("dressed")

COLUMNS = [
    Column("name", "Name", lambda row: row["name"], width=120),
    Column("total", "Total", lambda row: f"{row['total']:,}", right=True, sortable=True, stretch=1),
]


def row(identifier: int) -> dict[str, Any]:
    return {"name": f"<b>Guest {identifier}</b>", "total": identifier * 3}


def shown(qtbot: QtBot, count: int, *, checkable: bool = False) -> tuple[PagedTableModel, TableView, list[int]]:
    model = PagedTableModel(COLUMNS, checkable=checkable)
    view = TableView(model, label="Guests", name="guest_table")
    qtbot.addWidget(view)
    view.resize(600, 360)
    asked: list[int] = []

    def answer(ids: Any) -> None:
        asked.extend(int(one) for one in ids)
        model.put({int(one): row(int(one)) for one in ids})

    model.wanted.connect(answer)
    model.set_ids(range(1, count + 1))
    view.show()
    qtbot.waitExposed(view)
    qtbot.waitUntil(lambda: bool(asked) or not count)
    return model, view, asked


def test_only_what_is_painted_is_fetched_and_only_once(qtbot: QtBot) -> None:
    model, view, asked = shown(qtbot, 100_000)
    assert len(asked) <= 2 * PAGE
    view.go_to(50_000)
    qtbot.waitUntil(lambda: 50_001 in asked)
    view.viewport().repaint()
    qtbot.wait(0)
    assert len(asked) == len(set(asked)) <= 4 * PAGE
    assert model.index(50_000, 0).data() == "<b>Guest 50001</b>"


def test_the_cursor_stays_on_its_customer_when_the_list_is_sorted(qtbot: QtBot) -> None:
    model, view, _asked = shown(qtbot, 300)
    heard: list[object] = []
    view.go_to(9)
    view.current_changed.connect(heard.append)
    model.set_ids(range(300, 0, -1), keep_rows=True)
    assert view.current_id == 10
    assert view.currentIndex().row() == 290
    assert heard == []
    model.set_ids([1, 2, 3])
    assert heard == [None]
    assert view.currentIndex().row() == -1


def test_a_changed_shop_is_fetched_anew_while_the_old_rows_are_shown(qtbot: QtBot) -> None:
    model, _view, asked = shown(qtbot, 10)
    before = len(asked)
    model.forget_rows()
    assert model.row(0) is not None
    qtbot.waitUntil(lambda: len(asked) > before)


def test_keys_move_check_open_and_pass_on_one_key_actions(qtbot: QtBot) -> None:
    model, view, _asked = shown(qtbot, 50, checkable=True)
    assert not view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    heard: list[object] = []
    view.opened.connect(heard.append)
    view.key_pressed.connect(heard.append)
    view.setFocus()
    view.go_to(0)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_E):
        QTest.keyClick(view, key)
    assert heard == [2, int(Qt.Key.Key_E)]
    assert model.checked_ids().tolist() == [2]


def test_headings_sort_numbers_from_the_largest(qtbot: QtBot) -> None:
    _model, view, _asked = shown(qtbot, 5)
    heard: list[tuple[str, bool]] = []
    view.sort_wanted.connect(lambda key, descending: heard.append((key, descending)))
    for section in (1, 1, 0):
        view._head_clicked(section)
    assert heard == [("total", True), ("total", False)]


def test_shift_and_an_arrow_sort_without_a_mouse(qtbot: QtBot) -> None:
    model, view, _asked = shown(qtbot, 5)
    heard: list[tuple[str, bool]] = []
    view.sort_wanted.connect(lambda key, descending: heard.append((key, descending)))
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert heard == []  # a list that is not sorted by its headings
    assert model.columns[-1].key == "total"
    view.set_sort("total", descending=True)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(view, key, Qt.KeyboardModifier.ShiftModifier)
    assert heard[:2] == [("total", False), ("total", True)]
    sortable = [column for column in COLUMNS if column.sortable]
    assert heard[2] == (sortable[0].key, sortable[0].right)


def test_a_screen_reader_hears_heading_and_value(qtbot: QtBot) -> None:
    model, _view, _asked = shown(qtbot, 5)
    assert model.index(1, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "Total: 6"


@given(st.lists(st.integers(1, 30), max_size=12), st.booleans())
def test_checked_ids_are_what_was_toggled(toggled: list[int], start_with_all: bool) -> None:
    model = PagedTableModel(COLUMNS, checkable=True)
    model.set_ids(range(1, 31))
    model.check_all(start_with_all)
    expected = set(range(1, 31)) if start_with_all else set()
    for one in toggled:
        model.toggle(one)
        expected ^= {one}
    assert set(model.checked_ids().tolist()) == expected
    assert np.all(np.diff(model.checked_ids()) > 0)


def test_going_to_a_row_does_not_scroll_sideways(qtbot: QtBot) -> None:
    _model, view, _asked = shown(qtbot, 500, checkable=True)
    view.resize(90, 360)
    qtbot.waitUntil(lambda: view.horizontalScrollBar().maximum() > 0)
    view.go_to(300)
    assert view.horizontalScrollBar().value() == 0
    assert view.verticalScrollBar().value() > 0


def test_no_heading_is_cut_off_and_the_arrow_has_room(qtbot: QtBot) -> None:
    long = Column("since", "Days since the last purchase", lambda row: row["name"], width=30, sortable=True)
    model = PagedTableModel([long, *COLUMNS])
    view = TableView(model, label="Guests", name="guest_table")
    qtbot.addWidget(view)
    view.resize(200, 200)
    view.fit_columns()
    metrics = theme.current().metrics(theme.SMALL)
    assert view.columnWidth(0) >= metrics.horizontalAdvance("Days since the last purchase ↓") + 2 * PAD
    assert view.columnWidth(1) == theme.current().px(120)
