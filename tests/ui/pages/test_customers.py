from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from shopcrm.act import customer_list, reminders
from shopcrm.collect import tags
from shopcrm.mine import rfm
from shopcrm.store.columns import Columns, Ints
from shopcrm.ui import names
from shopcrm.ui.context import Listing
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.pages.customers import CustomersPage
from shopcrm.ui.parts.inspector import Inspector
from tests.builders import TODAY, given_orders, order
from tests.ui.conftest import Stage
from tests.ui.people import Counting, dialogs_of_qt, shown


@pytest.fixture
def page(stage: Stage) -> CustomersPage:
    stage.window.go_to("customers")
    stage.settle()
    found = stage.window.frame.page("customers")
    assert isinstance(found, CustomersPage)
    return found


def table(stage: Stage) -> TableView:
    return stage.find(TableView, names.CUSTOMER_TABLE)


def click_header(stage: Stage, key: str) -> None:
    view = table(stage)
    section = next(place for place, column in enumerate(view.paged.columns) if column.key == key) + 1
    header = view.horizontalHeader()
    x = header.sectionViewportPosition(section) + header.sectionSize(section) // 2
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=header.rect().center().__class__(x, 12))
    stage.settle()


def test_all_customers_stand_there_the_best_first_and_the_rows_come(stage: Stage, page: CustomersPage) -> None:
    view = table(stage)
    assert len(view.paged.ids) == len(stage.shop.columns()) == 42
    stage.window.grab()
    stage.settle()
    first = view.paged.row(0)
    assert first is not None
    assert (first["name"], first["tags"], first["shown_phone"]) == ("林小满", ("宝妈群",), "13800135678")
    assert view.hasFocus()
    assert page.head.title.text() == "客户"


def test_a_heading_sorts_and_sorts_back_while_the_cursor_stays_on_its_customer(
    stage: Stage, page: CustomersPage
) -> None:
    view = table(stage)
    hands = Counting(stage)
    for _ in range(4):
        hands.key(Qt.Key.Key_Down)
    at = view.current_id
    assert at is not None
    for descending in (True, False):
        click_header(stage, "last_day")
        with stage.shop.read() as tx:
            order = (customer_list.Order("last_day", descending=descending),)
            wanted = customer_list.ids(tx, stage.shop.columns(), order=order)
        assert np.array_equal(view.paged.ids, wanted)
        assert view.current_id == at
    assert view.sort_key == "last_day"


def test_enter_opens_the_card_beside_and_the_arrows_take_it_along(stage: Stage, page: CustomersPage) -> None:
    view, hands = table(stage), Counting(stage)
    inspector = page.findChild(Inspector, names.INSPECTOR)
    assert inspector is not None
    assert inspector.isHidden()
    hands.key(Qt.Key.Key_Return)
    assert inspector.isVisible()
    assert inspector.customer == view.current_id
    hands.key(Qt.Key.Key_Down)
    assert inspector.customer == view.current_id == view.paged.id_at(1)
    hands.key(Qt.Key.Key_Escape)
    assert inspector.isHidden()
    assert view.hasFocus()
    assert len(view.paged.columns) == 9


def test_space_checks_by_id_through_sorting_and_escape_unchecks(stage: Stage, page: CustomersPage) -> None:
    view, hands = table(stage), Counting(stage)
    hands.key(Qt.Key.Key_Space)
    hands.key(Qt.Key.Key_Down)
    hands.key(Qt.Key.Key_Space)
    checked = set(view.paged.checked_ids().tolist())
    assert len(checked) == 2
    click_header(stage, "name")
    assert set(view.paged.checked_ids().tolist()) == checked
    assert shown(stage, names.SELECTION)
    view.setFocus()
    hands.key(Qt.Key.Key_Escape)
    assert not len(view.paged.checked_ids())
    assert not shown(stage, names.SELECTION)
    hands.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(view.paged.checked_ids()) == 42
    assert page.remember()["current"] == view.current_id


def test_a_tag_is_put_on_all_checked_and_undone(stage: Stage, page: CustomersPage) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.click(names.SELECTION_TAG)
    hands.type("vip")
    hands.key(Qt.Key.Key_Return)
    assert table(stage).hasFocus()
    hands.key(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    hands.key(Qt.Key.Key_Escape)  # leaves the field and nothing else
    worn = _worn(stage)
    assert worn == {"vip": 42, "宝妈群": 1}
    assert len(table(stage).paged.checked_ids()) == 42
    hands.click(names.TOAST_UNDO)
    assert _worn(stage) == {"宝妈群": 1}
    assert page.isVisible()


def _worn(stage: Stage) -> dict[str, int]:
    with stage.shop.read() as tx:
        return {tag.name: tag.customers for tag in tags.all_tags(tx)}


def test_a_view_shows_its_group_and_its_number_is_its_length(stage: Stage, page: CustomersPage) -> None:
    with stage.shop.read() as tx:
        sizes = {line.key: line.customers for line in rfm.scores(tx, stage.shop.columns()).groups}
    for key, size in sizes.items():
        stage.window.go_to("customers", key)
        stage.settle()
        assert len(table(stage).paged.ids) == size
        (chip,) = shown(stage, f"{names.CUSTOMER_VIEWS}_{key}")
        assert chip.accessibleName().endswith(f" {size}")
    hands = Counting(stage)
    hands.click(f"{names.CUSTOMER_VIEWS}_due")
    (chip,) = shown(stage, f"{names.CUSTOMER_VIEWS}_due")
    assert chip.accessibleName().endswith(f" {len(table(stage).paged.ids)}")
    with stage.shop.read() as tx:
        due = {item.customer for item in reminders.due_list(tx, stage.shop.columns())}
    assert set(table(stage).paged.ids.tolist()) == due
    hands.click(f"{names.CUSTOMER_VIEWS}_all")
    assert len(table(stage).paged.ids) == 42
    assert page.isVisible()


def test_the_checked_are_exported_in_the_order_shown(stage: Stage, page: CustomersPage, tmp_path: Path) -> None:
    hands, view = Counting(stage), table(stage)
    with dialogs_of_qt():
        hands.key(Qt.Key.Key_Space)
        hands.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        hands.save(tmp_path / "one.csv")
        hands.key(Qt.Key.Key_Escape)
        hands.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        hands.save(tmp_path / "all.xlsx")
    with (tmp_path / "one.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == ["林小满"]
    sheet = openpyxl.load_workbook(tmp_path / "all.xlsx").worksheets[0]
    rows = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert rows.index("林小满") == len(rows) - 42
    assert len(view.paged.ids) == 42
    assert page.isVisible()


def test_copying_puts_whole_lines_on_the_clipboard(stage: Stage, page: CustomersPage) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_Space)
    hands.click(names.SELECTION_COPY)
    assert QApplication.clipboard().text() == "林小满\txiaoman_lin88\t13800135678"
    assert page.isVisible()


def test_what_another_page_wants_listed_is_asked_anew_with_the_list(stage: Stage) -> None:
    def bought_once(_tx: object, columns: Columns) -> Ints:
        found: Ints = columns.ids[columns.occasions == 1]
        return found

    stage.window.go_to("customers", Listing("只买过一次", bought_once))
    stage.settle()
    chip = stage.find(QPushButton, f"{names.CUSTOMER_VIEWS}_listing")
    table = stage.find(TableView, names.CUSTOMER_TABLE)
    assert (chip.text(), chip.isChecked(), len(table.paged.ids)) == ("只买过一次 41", True, 41)
    given_orders(stage.shop, [order("2611000000009999", "qing_zhou", TODAY)])
    stage.bot.waitUntil(lambda: (chip.text(), len(table.paged.ids)) == ("只买过一次 40", 40))
    page = stage.window.frame.page("customers")
    assert isinstance(page, CustomersPage)
    page.show_view("all")
    stage.settle()
    assert len(table.paged.ids) == 42
    assert chip.text() == "只买过一次 40"
