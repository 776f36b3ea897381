from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from shopcrm.collect import rejects, sheets
from shopcrm.collect.foreign import Code, Problem
from shopcrm.collect.rejects import BadRejectsName
from shopcrm.collect.staging import StagingFile, StagingWriter

HEADER = ["订单编号", "买家会员名 ", "金额", "备注", "备注"]
CELLS = {
    2: ['="1930679858170647123"', "=1+1", "abc", "a\nb", "#N/A"],
    5: ["1930679858170647124", "'quoted", "-", "\t＋86", "007", "beyond the header"],
    9: ["12E5", "短"],
}
PROBLEMS = [
    Problem(5, "金额", Code.BAD_AMOUNT, "-"),
    Problem(2, "金额", Code.BAD_AMOUNT, "abc"),
    Problem(2, "订单编号", Code.MISSING_NUMBER),
    Problem(9, "", Code.TOO_FEW_CELLS),
    Problem(4, "金额", Code.BAD_AMOUNT, "x", rejected=False),
]


def fill(writer: StagingWriter, file: int, *, header: list[str]) -> None:
    for row, cells in CELLS.items():
        writer.add_row(file, row, cells)
    for problem in PROBLEMS:
        writer.add_problem(file, problem)
    writer.add_file(
        file, name=f"f{file}.csv", platform="taobao", report="order", encoding="utf-8", rows=8, header=header,
        header_row=1, snapshot_at=None,
    )  # fmt: skip


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[StagingFile]:
    with StagingFile.fresh(tmp_path) as file:
        writer = StagingWriter(file)
        fill(writer, 1, header=HEADER)
        writer.close()
        yield file


REASONS = [
    "金额: “abc” is not an amount of money.; 订单编号: The order number is missing.",
    "金额: “-” is not an amount of money.",
    "The row ends too early: cells are missing.",
]


def test_as_xlsx_everything_is_text(tmp_path: Path, staging: StagingFile) -> None:
    assert rejects.write(staging, tmp_path / "r.xlsx") == (tmp_path / "r.xlsx",)
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert {cell.data_type for row in rows for cell in row if cell.value is not None} == {"s"}
    assert {cell.number_format for row in rows for cell in row} == {"@"}
    assert [[cell.value or "" for cell in row] for row in rows] == [
        [*HEADER, rejects.REASON],
        ["1930679858170647123", "=1+1", "abc", "a\nb", "#N/A", REASONS[0]],
        ["1930679858170647124", "'quoted", "-", "\t＋86", "007", REASONS[1]],
        ["12E5", "短", "", "", "", REASONS[2]],
    ]


def test_as_csv_nothing_is_a_formula_and_no_number_changes(tmp_path: Path, staging: StagingFile) -> None:
    rejects.write(staging, tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    table = sheets.open_table(tmp_path / "r.csv")
    assert table.header == [*HEADER, rejects.REASON]
    assert [cells for _, cells in table.rows] == [
        ["'1930679858170647123", "'=1+1", "abc", "a\nb", "#N/A", REASONS[0]],
        ["'1930679858170647124", "'quoted", "'-", "'\t＋86", "'007", REASONS[1]],
        ["'12E5", "短", "", "", "", REASONS[2]],
    ]


def test_files_of_one_layout_share_a_table_others_get_their_own(tmp_path: Path) -> None:
    with StagingFile.fresh(tmp_path) as file:
        writer = StagingWriter(file)
        for number, header in enumerate((HEADER, ["甲"], HEADER), 1):
            fill(writer, number, header=header)
        writer.close()
        assert rejects.write(file, tmp_path / "r.csv") == (tmp_path / "r.csv", tmp_path / "r-2.csv")
        rejects.write(file, tmp_path / "r.xlsx")
    assert len(list(sheets.open_table(tmp_path / "r.csv").rows)) == 6
    assert sheets.open_table(tmp_path / "r-2.csv").header == ["甲", rejects.REASON]
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert [(sheet.title, sheet.max_row) for sheet in book.worksheets] == [("f1.csv 1", 7), ("f2.csv 2", 4)]


def test_nothing_rejected_nothing_written_and_other_names_refused(tmp_path: Path) -> None:
    with StagingFile.fresh(tmp_path) as file:
        StagingWriter(file).close()
        assert rejects.write(file, tmp_path / "r.csv") == ()
        with pytest.raises(BadRejectsName):
            rejects.write(file, tmp_path / "r.doc")
    assert list(tmp_path.iterdir()) == []
