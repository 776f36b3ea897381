"""Problems of a file, mended for all of its cells, and rows that come back mended by hand (C3)."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from shopcrm.app import Shop
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.table_view import TableView
from tests.builders import content
from tests.ui.conftest import Stage, make_stage
from tests.ui.pages.test_data import counters, drop, line, notices, write
from tests.ui.people import Counting, dialogs_of_qt, shown
from tests.ui.test_window import KNOWN, clipped

PAID = "买家实际支付金额"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    rows = [
        line("2611150930004821", "qing_zhou"),
        line("2611151002007730", "yinuo_invented", paid="约 90 块"),
        line("2611151002007731", "he_invented", paid="九十块"),
        line("2611151002007732", "mei_invented", paid="约 70 块"),
        line("", "合计", paid="336.00"),
    ]
    return write(tmp_path / "orders.csv", rows)


def cells(stage: Stage, title: str) -> list[tuple[str, str]]:
    """What a column of the preview shows, and on which ground."""
    view = stage.find(TableView, names.IMPORT_TABLE).paged
    column = next(column for column in view.columns if column.title == title)
    assert column.ground is not None
    return [(column.text(view.row(at)), column.ground(view.row(at))) for at in range(view.rowCount())]


def test_all_cells_of_a_kind_are_mended_with_one_click_shown_and_taken_back(stage: Stage, bad: Path) -> None:
    before, told = content(stage.shop), bad.read_bytes()
    hands = Counting(stage)
    drop(stage, bad)
    assert counters(stage) == [1, 0, 0, 4]
    fix = f"{names.IMPORT_FIX}_bad_amount_number"
    assert stage.find(Button, fix).text() == "约 90 块 → 90"
    hands.click(fix)
    assert counters(stage) == [3, 0, 0, 2]
    assert cells(stage, PAID)[1] == ("90", "good_soft")
    hands.click(f"{names.IMPORT_PROBLEM_ROWS}_bad_amount_2")
    assert [text for text, _ground in cells(stage, PAID)] == ["90", "70"]
    hands.click(f"{names.IMPORT_FIX}_missing_number_leave_out")
    assert counters(stage) == [3, 0, 0, 1]
    hands.click(f"{names.IMPORT_FIX_BACK}_missing_number")
    assert counters(stage) == [3, 0, 0, 2]
    assert content(stage.shop) == before
    hands.click(names.IMPORT_START)
    with stage.shop.read() as tx:
        paid = tx.connection.exec_driver_sql(
            "SELECT paid FROM orders WHERE number IN ('2611151002007730', '2611151002007732') ORDER BY number"
        ).scalars()
        assert list(paid) == [9_000, 7_000]
    assert bad.read_bytes() == told
    assert not [file for file in stage.shop.home.staging.iterdir() if file.name.endswith(".staging")]


def test_it_is_done_by_the_keyboard_alone(stage: Stage, bad: Path) -> None:
    hands = Counting(stage)
    drop(stage, bad)
    fix = stage.find(Button, f"{names.IMPORT_FIX}_bad_amount_number")
    for _unused in range(40):
        if QApplication.focusWidget() is fix:
            break
        hands.key(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is fix
    hands.key(Qt.Key.Key_Return)
    assert counters(stage) == [3, 0, 0, 2]
    hands.key(Qt.Key.Key_Return)
    assert shown(stage, names.IMPORT_RESULT)


def test_rows_not_taken_come_back_when_they_are_mended_in_the_saved_file(
    stage: Stage, bad: Path, tmp_path: Path
) -> None:
    hands = Counting(stage)
    drop(stage, bad)
    hands.click(f"{names.IMPORT_FIX}_missing_number_leave_out")
    hands.click(names.IMPORT_START)
    mended = tmp_path / "rejects.xlsx"
    with dialogs_of_qt():
        hands.click(names.IMPORT_REJECTS)
        hands.save(mended)
    book = openpyxl.load_workbook(mended)
    sheet = book.worksheets[0]
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        "yinuo_invented", "he_invented", "mei_invented"
    ]  # fmt: skip
    assert "约 90 块" in str(sheet.cell(2, sheet.max_column).value)
    for row, paid in ((2, "90"), (3, "90.00"), (4, 70)):
        sheet.cell(row, 3).value = paid
    book.save(mended)
    drop(stage, mended)
    assert counters(stage) == [3, 0, 0, 0]
    hands.click(names.IMPORT_START)
    drop(stage, bad)
    assert counters(stage)[2] == 1


def test_a_fix_that_is_cancelled_leaves_the_preview_as_it_was(
    stage: Stage, bad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(stage, bad)
    real = stage.shop.stage

    def stopped(*paths: object, **choices: object) -> object:
        stage.window.ctx.jobs.cancel()
        return real(*paths, **choices)  # type: ignore[arg-type]  # as they were given

    hands = Counting(stage)
    monkeypatch.setattr(stage.shop, "stage", stopped)
    hands.click(f"{names.IMPORT_FIX}_bad_amount_number")
    assert counters(stage) == [1, 0, 0, 4]
    assert len(notices(stage)) == 3
    monkeypatch.undo()
    hands.click(names.IMPORT_START)
    assert shown(stage, names.IMPORT_RESULT)


def test_several_kinds_of_files_fall_at_once_and_a_fix_stays_on_its_tab(
    stage: Stage, bad: Path, tmp_path: Path
) -> None:
    shopify = tmp_path / "orders_export.csv"
    shopify.write_text(
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,"
        "Lineitem quantity,Lineitem name,Lineitem price,Refunded Amount,Billing Name\n"
        "#1001,anna@example.com,paid,2026-11-02 10:00:00 +0800,fulfilled,CNY,12.50,0,0,about 12.50,"
        "2026-11-02 10:00:00 +0800,1,Sample,12.50,0,Anna Invented\n",
        encoding="utf-8",
    )
    hands = Counting(stage)
    drop(stage, bad, shopify)
    hands.click(f"{names.IMPORT_FILES}_1")
    assert counters(stage) == [0, 0, 0, 1]
    hands.click(f"{names.IMPORT_FIX}_bad_amount_number")
    assert counters(stage) == [1, 0, 0, 0]
    hands.click(f"{names.IMPORT_FILES}_0")
    assert counters(stage) == [1, 0, 0, 4]


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW", "en"], indirect=True)
@pytest.mark.parametrize("percent", [100, 200])
def test_nothing_of_the_problems_is_clipped(
    qtbot: QtBot, qapp: QApplication, shop: Shop, bad: Path, language: str, *, percent: int
) -> None:
    theme.use(qapp, name="light", text_percent=percent, language=language)
    stage = make_stage(qtbot, shop, size=(1280, 720))
    drop(stage, bad)
    Counting(stage).click(f"{names.IMPORT_FIX}_bad_amount_number")
    stage.window.frame.status.show_arrived(["ExportOrderList202611221015 with a long name.csv"])
    stage.window.grab()
    stage.settle()
    assert [word for word in clipped(stage.window) if word not in KNOWN] == []
    stage.end()
