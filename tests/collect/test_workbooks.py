from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopcrm.collect import sheets, workbooks
from shopcrm.collect.refusals import Damaged, EmptyFile, NoRows, TooLarge
from shopcrm.collect.sources import on_disk
from tests import workbooks as made

HEADER = ["订单编号", "金额"]


def known(cells: Sequence[str]) -> bool:
    return "订单编号" in cells


def read(path: Path) -> list[list[str]]:
    return [cells for _, cells in sheets.open_table(path, looks_like_header=known).rows]


NO_FLOAT = "1930679858170647123"  # an exporter that can write this writes all digits


@given(st.lists(st.integers(0, 10**19).map(str), max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_number_cells_keep_all_their_digits(tmp_path: Path, numbers: list[str]) -> None:
    numbers.append(NO_FLOAT)
    path = made.write(tmp_path / "n.xlsx", made.rows(HEADER, *([made.number(text), "1"] for text in numbers)))
    assert [cells[0] for cells in read(path)] == numbers


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        # Zeros after 15 digits, all of them: the work of Excel.
        (["1930679858170640000", "1930679858170640"], ["1.93067985817064E+18", "1.93067985817064E+15"]),
        (["1930679858170640"], ["1.93067985817064E+15"]),
        # One that a float cannot hold, or 16 digits: the others ended in zeros by themselves.
        (["1930679858170640000", NO_FLOAT], ["1930679858170640000", NO_FLOAT]),
        (["1930679858170640", "1930679858170647"], ["1930679858170640", "1930679858170647"]),
        # Written from floats: good up to 2^53 only.
        (["1930679858170647000", "1930679858170647"], ["1.93067985817065E+18", "1930679858170647"]),
        (["1930679858170647040"], ["1.93067985817065E+18"]),
        (["1930679858170647", "9131709264418938"], ["1930679858170647", "9.13170926441894E+15"]),
        (["193067985817064", "12"], ["193067985817064", "12"]),
        (["9" * 5_000], ["inf"]),
    ],
)
def test_digits_are_trusted_as_far_as_the_column_shows(tmp_path: Path, column: list[str], shown: list[str]) -> None:
    path = made.write(tmp_path / "n.xlsx", made.rows(HEADER, *([made.number(text), "1"] for text in column)))
    assert [cells[0] for cells in read(path)] == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1930679858170647123.0", NO_FLOAT),
        ("-1930679858170647123", "-1930679858170647123"),
        ("1.93067985817065E+18", "1.93067985817065E+18"),  # Excel has lost the rest: the digits are not made up
        ("1.9e+20", "1.90000000000000E+20"),
        ("12", "12"),
        ("12.0", "12"),
        ("1.5E1", "15"),
        ("0.1", "0.1"),
        ("0.30000000000000004", "0.3"),
        ("1299.9000000000001", "1299.9"),
        ("1E-7", "0.0000001"),
        ("9007199254740991", "9007199254740991"),
        ("9007199254740993", "9007199254740993"),
        ("90071992547409.93", "90071992547409.9"),
    ],
)
def test_a_number_is_shown_as_it_would_be_typed(tmp_path: Path, written: str, shown: str) -> None:
    path = made.write(tmp_path / "n.xlsx", made.rows(HEADER, ["x", made.number(written)]))
    assert read(path) == [["x", shown]]


@pytest.mark.parametrize(("date_1904", "year"), [(False, 2019), (True, 2023)])
def test_both_epochs(tmp_path: Path, date_1904: bool, year: int) -> None:
    cells = [made.number(value, style=2) for value in ("43600", "43600.701469907406", "43600.999999999")]
    path = made.write(tmp_path / "d.xlsx", made.rows([*HEADER, "c"], cells), date_1904=date_1904)
    day = date(year, 5, 15 if year == 2019 else 16)
    assert read(path) == [[f"{day}", f"{day} 16:50:07", f"{day.replace(day=day.day + 1)} 00:00:00"]]


def test_what_openpyxl_writes_reads_back(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADER, ["=1+1", True], [datetime(2026, 3, 1, 9, 5, 7), date(2026, 3, 1)], ["a\nb", " 1 "], ["", None]):  # noqa: DTZ001  # Excel knows no zones
        sheet.append(row)
    book.save(tmp_path / "o.xlsx")
    assert read(tmp_path / "o.xlsx") == [["", "TRUE"], ["2026-03-01 09:05:07", "2026-03-01"], ["a\nb", " 1 "]]


def test_cells_without_references_and_with_prefixed_names(tmp_path: Path) -> None:
    path = made.write(
        tmp_path / "p.xlsx",
        "",
        extra={
            "xl/worksheets/sheet1.xml": (
                '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
                '<x:row><x:c t="inlineStr"><x:is><x:t>订单编号</x:t></x:is></x:c></x:row>'
                "<x:row><x:c><x:v>1930679858170647123</x:v></x:c></x:row></x:sheetData></x:worksheet>"
            ).encode()
        },
    )
    assert read(path) == [["1930679858170647123"]]


def test_the_sheet_with_the_known_header_is_taken(tmp_path: Path) -> None:
    cover = made.rows(["Cover"], ["nothing", "here"])
    orders = made.rows(["订单导出 2026-03"], [], HEADER, [], [made.number("1930679858170647123"), "1"])
    path = made.write(tmp_path / "s.xlsx", made.rows(HEADER, ["hidden", "0"]), cover, orders, hidden=[0])
    table = sheets.open_table(path, looks_like_header=known)
    assert (table.header_row, table.header, list(table.rows)) == (3, HEADER, [(5, ["1930679858170647123", "1"])])
    assert table.position() == path.stat().st_size


def test_without_a_known_header_the_first_sheet_with_rows_is_taken(tmp_path: Path) -> None:
    path = made.write(tmp_path / "s.xlsx", "", made.rows(["a", "b"], ["1", "2"]))
    assert sheets.open_table(path).header == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "refusal"), [("", EmptyFile), (made.rows(HEADER), NoRows), (made.rows(["", " "]), EmptyFile)]
)
def test_nothing_to_read(tmp_path: Path, content: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read(made.write(tmp_path / "e.xlsx", content))


FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


@pytest.mark.parametrize("sheet", [FAR, made.rows(HEADER, ["1", "2"]) + FAR])
def test_one_far_cell_is_refused_before_a_parser_sees_it(tmp_path: Path, sheet: str) -> None:
    path = made.write(tmp_path / "far.xlsx", sheet)
    assert path.stat().st_size < 2_500
    with pytest.raises(Damaged):
        workbooks.look_over(on_disk(path))


def test_far_cells_of_format_only_are_no_harm(tmp_path: Path) -> None:
    path = made.write(
        tmp_path / "far.xlsx", made.rows(HEADER, ["1", "2"]) + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    )
    assert read(path) == [["1", "2"]]


@pytest.mark.parametrize(
    ("part", "data"),
    [
        ("xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'),
        ("xl/sharedStrings.xml", '<!DOCTYPE x SYSTEM "http://example.invalid/x">'.encode("utf-16-le")),
    ],
)
def test_document_types_are_refused(tmp_path: Path, part: str, data: bytes) -> None:
    with pytest.raises(Damaged):
        read(made.write(tmp_path / "d.xlsx", made.rows(HEADER, ["1", "2"]), extra={part: data}))


def test_a_large_one_is_looked_over_while_it_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "_WORTH_BESIDE", 0)
    assert read(made.write(tmp_path / "a.xlsx", made.rows(HEADER, ["1", "2"]))) == [["1", "2"]]
    with pytest.raises(NoRows):  # as the parser says
        read(made.write(tmp_path / "b.xlsx", made.rows(HEADER)))
    kind = {"xl/sharedStrings.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><sst/>'}
    with pytest.raises(Damaged):  # as the look says, whatever the parser made of it
        read(made.write(tmp_path / "c.xlsx", made.rows(HEADER), extra=kind))


def test_what_inflates_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made.write(tmp_path / "z.xlsx", made.rows(HEADER, ["1", "2"]), extra={"xl/media/a.bin": b"\0" * (80 << 20)})
    with pytest.raises(TooLarge):  # by ratio
        workbooks.look_over(on_disk(path))
    monkeypatch.setattr(workbooks, "INFLATED_LIMIT", 70 << 20)
    with pytest.raises(TooLarge):  # by size, before anything is inflated
        workbooks.look_over(on_disk(path))


def test_a_size_that_lies_is_noticed(tmp_path: Path) -> None:
    path = made.write(tmp_path / "l.xlsx", made.rows(HEADER, ["1", "2"]), extra={"xl/media/a.bin": b"\0" * 5_000})
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/media/a.bin").file_size
    data = path.read_bytes()
    path.write_bytes(data.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    with pytest.raises(Damaged):
        workbooks.look_over(on_disk(path))
