from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from shopcrm.act import export, workbook
from shopcrm.act.export import FileExists, UnknownFormat
from shopcrm.act.workbook import Sheet, Unit, export_figures
from shopcrm.base.errors import Cancelled
from shopcrm.base.progress import Progress
from tests.builders import new_shop

SHEET = Sheet(
    "Rates: 30/60?",
    "=HYPERLINK(1)",
    (("Name", Unit.TEXT), ("How many", Unit.COUNT), ("Paid", Unit.MONEY), ("Share", Unit.SHARE)),
    (("=1+1", 1200, 123_456, 0.274), ("later", 0, None, None)),
)


def test_a_figure_is_a_sheet_with_its_rule_and_text_stays_text(tmp_path: Path) -> None:
    shop, path = new_shop(tmp_path / "shop"), tmp_path / "figures.xlsx"
    with shop.write() as tx:
        assert export_figures(tx, path, [SHEET, SHEET]) == 2
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Rates  30 60", "Rates  30 60 2"]
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[5]] == ["=1+1", 1200, 1234.56, 0.274]
    assert [cell.data_type for cell in sheet[5]] == ["s", "n", "n", "n"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=HYPERLINK(1)", "s")
    assert [cell.number_format for cell in sheet[5]][1:] == ["#,##0", "#,##0.00", "0.0%"]
    assert [cell.value for cell in sheet[6]] == ["later", 0, None, None]
    assert sheet.freeze_panes == "A5"
    with shop.read() as tx:
        (kind,) = tx.connection.exec_driver_sql("SELECT kind FROM change_sets ORDER BY id DESC LIMIT 1").one()
    assert kind == "export"
    shop.close()


def test_what_is_longer_than_a_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert export.SHEET_ROWS == 1_048_576
    monkeypatch.setattr(workbook, "SHEET_ROWS", 4 + 3)
    shop, path = new_shop(tmp_path / "shop"), tmp_path / "purchases.xlsx"
    rows = tuple((f"row {n}", n, None, None) for n in range(7))
    steps: list[tuple[int, int | None]] = []
    with shop.write() as tx:
        long = replace(SHEET, rows=rows)
        progress = Progress(lambda step: steps.append((step.done, step.total)))
        assert export_figures(tx, path, [long, replace(SHEET, title="None", rows=())], progress=progress) == 2
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Rates  30 60", "Rates  30 60 2", "Rates  30 60 3", "None"]
    for sheet in book.worksheets:
        assert [cell.value for cell in sheet[4]] == ["Name", "How many", "Paid", "Share"]
        assert sheet.max_row <= 7
    written = [row for sheet in book.worksheets for row in sheet.iter_rows(min_row=5, max_col=2, values_only=True)]
    assert written == [(f"row {n}", n) for n in range(7)]
    assert steps[-1] == (7, 7)
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled), shop.write() as tx:
        export_figures(tx, tmp_path / "never.xlsx", [long], progress=stopped)
    assert [one.name for one in tmp_path.iterdir() if one.suffix] == ["purchases.xlsx"]
    shop.close()


def test_nothing_is_written_over_or_under_another_name(tmp_path: Path) -> None:
    shop, path = new_shop(tmp_path / "shop"), tmp_path / "figures.xlsx"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExists), shop.write() as tx:
        export_figures(tx, path, [SHEET])
    with pytest.raises(UnknownFormat), shop.write() as tx:
        export_figures(tx, tmp_path / "figures.csv", [SHEET])
    assert path.read_text(encoding="utf-8") == "mine"
    assert [one.name for one in tmp_path.iterdir() if one.suffix] == ["figures.xlsx"]
    shop.close()
