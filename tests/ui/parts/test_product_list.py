from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from shopcrm.collect import products
from shopcrm.collect.foreign import ForeignItem
from shopcrm.ui import names
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.pages.customers import CustomersPage
from tests.builders import TODAY, given_orders, order
from tests.ui.conftest import Stage

NAPPIES = "软软云 纸尿裤 L 50 片"


def opened(stage: Stage) -> TableView:
    cup = ForeignItem("保温杯", 1, 2, article="CUP", variant="红色", price=5_000)
    given_orders(stage.shop, [order("991", "qing_zhou", TODAY - timedelta(days=2), 5_000, items=[cup])])
    stage.window.go_to("data", "products")
    stage.settle()
    return stage.find(TableView, names.PRODUCTS_TABLE)


def kept(stage: Stage) -> dict[str, products.Product]:
    with stage.shop.read() as tx:
        return {one.title: one for one in products.listed(tx, stage.shop.columns())}


def titles(table: TableView) -> list[str]:
    return [str(table.paged.index(row, 1).data()) for row in range(table.paged.rowCount())]


def test_one_product_is_filled_in_by_keys_and_its_buyers_are_listed(stage: Stage) -> None:
    table = opened(stage)
    assert titles(table) == [NAPPIES, "保温杯"]
    search = stage.find(LineEdit, names.PRODUCTS_SEARCH)
    QTest.keyClicks(search, "cup")
    stage.settle()
    assert titles(table) == ["保温杯"]
    QTest.keyClick(search, Qt.Key.Key_Return)  # to the table
    QTest.keyClick(table, Qt.Key.Key_F2)
    edit = stage.find(LineEdit, names.PRODUCTS_EDIT)
    assert edit.hasFocus()
    QTest.keyClicks(edit, "cups")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    stage.settle()
    assert {title: one.category for title, one in kept(stage).items()} == {"保温杯": "cups", NAPPIES: None}
    assert table.hasFocus()
    QTest.keyClick(table, Qt.Key.Key_Return)
    stage.settle()
    page = stage.window.findChild(CustomersPage)
    assert page is not None
    assert page.isVisible()
    assert stage.find(TableView, names.CUSTOMER_TABLE).paged.rowCount() == 1


def test_many_are_filled_in_at_once_and_taken_back_at_once(stage: Stage) -> None:
    table = opened(stage)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    stage.find(Choice, names.PRODUCTS_FIELD).set_key("days_per_unit")
    edit = stage.find(LineEdit, names.PRODUCTS_EDIT)
    edit.setFocus()
    QTest.keyClicks(edit, "long")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    stage.settle()
    assert {one.days_per_unit for one in kept(stage).values()} == {None}
    edit.clear()
    QTest.keyClicks(edit, "30")
    QTest.mouseClick(stage.find(Button, names.PRODUCTS_SET), Qt.MouseButton.LeftButton)
    stage.settle()
    assert {one.days_per_unit for one in kept(stage).values()} == {30}
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert {one.days_per_unit for one in kept(stage).values()} == {None}


def test_a_shop_without_lines_says_where_products_come_from(stage: Stage) -> None:
    stage.shop.undo_import()
    stage.window.go_to("data", "products")
    stage.settle()
    assert stage.find(Button, names.PRODUCTS_IMPORT).isVisible()
    QTest.mouseClick(stage.find(Button, names.PRODUCTS_BACK), Qt.MouseButton.LeftButton)
    assert not stage.find(Button, names.PRODUCTS_IMPORT).isVisible()
