from __future__ import annotations

from pathlib import Path

import openpyxl
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from shopcrm.act import desk, export
from shopcrm.base import i18n
from shopcrm.collect import customers, tags
from shopcrm.ui import names
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.parts.cell_differences import CellDifferences
from tests.builders import content
from tests.ui.conftest import Stage


def lin(stage: Stage) -> int:
    with stage.shop.read() as tx:
        return next(hit.id for hit in desk.find(tx, "xiaoman_lin88"))


def dropped(stage: Stage, path: Path) -> CellDifferences:
    """A list exported, edited in two cells of one customer and a name of another, and dropped."""
    with stage.shop.write() as tx:
        export.export_customers(tx, stage.shop.columns(), path, keys=("name", "tags", "net_total"))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for row in range(2, sheet.max_row + 1):
        name = sheet.cell(row, 1)
        if name.value == "林小满":
            name.value, sheet.cell(row, 2).value, sheet.cell(row, 3).value = "林小满妈妈", "宝妈群，VIP", 1
        elif name.value == "guest_1":
            name.value = "客人一"
        elif name.value == "guest_2":
            name.value = None
    book.save(path)
    with stage.shop.write() as tx:
        customers.rename(tx, lin(stage), name="小满")  # meanwhile, in the shop
    stage.settle()
    stage.window.go_to("data", [str(path)])
    stage.settle()
    return stage.find(CellDifferences, names.DIFFERENCES)


def test_what_is_checked_is_written_and_undone_at_once(stage: Stage, tmp_path: Path) -> None:
    part = dropped(stage, tmp_path / "list.xlsx")
    table = stage.find(TableView, names.DIFFERENCES_TABLE)
    assert part.isVisible()
    assert table.hasFocus()
    assert table.paged.rowCount() == 3
    assert len(part.chosen()) == 2  # not the one that was changed on both sides
    assert stage.find(TableView, names.DIFFERENCES_REFUSED).paged.rowCount() == 1
    assert i18n.language() == "zh_CN"
    before = content(stage.shop)
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(part.chosen()) == 3
    table.go_to(next(cell.place for cell in part.chosen() if cell.told == "guest_1"))
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert len(part.chosen()) == 2
    QTest.keyClick(table, Qt.Key.Key_Return)
    stage.settle()
    assert not part.isVisible()
    with stage.shop.read() as tx:
        assert tags.of_customer(tx, lin(stage)) == ("宝妈群", "VIP")
        assert [hit.name for hit in desk.find(tx, "林小满妈妈")] == ["林小满妈妈"]
        assert not desk.find(tx, "客人一")
    QTest.keyClick(stage.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert content(stage.shop) == before


def test_putting_it_aside_writes_nothing(stage: Stage, tmp_path: Path) -> None:
    part = dropped(stage, tmp_path / "list.csv.xlsx")
    before = content(stage.shop)
    QTest.keyClick(stage.find(TableView, names.DIFFERENCES_TABLE), Qt.Key.Key_Escape)
    stage.settle()
    assert not part.isVisible()
    assert content(stage.shop) == before
    assert not stage.find(Button, names.DIFFERENCES_WRITE).isVisible()
    assert not list(stage.shop.home.staging.iterdir())
