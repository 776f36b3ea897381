"""Rejected rows as a file (C3): the original header and cells, and a last column with the reasons.

Corrected there, the file can be imported as it is: text stays text, long numbers keep their digits in Excel.
"""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import Any, ClassVar, Final

from shopcrm.base import files
from shopcrm.base.cells import harmless
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.collect import problems
from shopcrm.collect.staging import StagingFile
from shopcrm.store import driver

REASON: Final = N_("Why it was not imported")
_SHIELDED: Final = re.compile(r'="([^"]*)"')
# What Excel makes another number of when it opens a csv: long digits, leading zeros, an exponent.
_CHANGED_BY_EXCEL: Final = re.compile(r"[0-9]{12,}|0[0-9]+|[0-9]+[eE][0-9]+")


@dataclass(eq=False)
class BadRejectsName(UserFailure):
    """A file name that ends in neither of the two formats."""

    text: ClassVar[str] = N_("{file}: rejected rows are saved as .xlsx or .csv. Choose a name that ends so.")
    file: str


@dataclass(frozen=True)
class _Table:
    """Rejected rows below one header: of a file, or of several with equal headers."""

    name: str
    header: list[str]
    files: list[int]


def write(staging: StagingFile, path: Path) -> tuple[Path, ...]:
    """Write the rejected rows of a staged batch.

    Files with different headers become several sheets, or in csv several files: `rejects.csv`, `rejects-2.csv`.

    Returns:
        What was written; nothing when no row was rejected.

    Raises:
        BadRejectsName: neither .xlsx nor .csv.
        OSError: the target cannot be written; what stood there stays.
    """
    suffix = path.suffix.lower()
    if suffix not in {".xlsx", ".csv"}:
        raise BadRejectsName(path.name)
    with closing(driver.connect(staging.path, staging.key)) as connection:
        tables = _tables(connection)
        if not tables:
            return ()
        with tempfile.TemporaryDirectory(prefix=".rejects-", dir=path.parent) as folder:
            if suffix == ".xlsx":
                _write_xlsx(Path(folder, "0"), [(table, _rows(connection, table)) for table in tables])
            else:
                for number, table in enumerate(tables):
                    _write_csv(Path(folder, str(number)), table, _rows(connection, table))
            parts = sorted(Path(folder).iterdir(), key=lambda part: int(part.name))
            targets = tuple(_numbered(path, number) for number in range(1, len(parts) + 1))
            for part, target in zip(parts, targets, strict=True):
                files.replace(part, target)
    return targets


def _tables(connection: Any) -> list[_Table]:
    tables: dict[str, _Table] = {}
    for file, name, header in connection.execute(
        """SELECT file, name, header FROM files
            WHERE EXISTS (SELECT 1 FROM problems p WHERE p.file = files.file AND p.rejected) ORDER BY file"""
    ):
        tables.setdefault(header, _Table(name, json.loads(header), [])).files.append(file)
    return list(tables.values())


def _rows(connection: Any, table: _Table) -> Iterator[list[str]]:
    """The cells of each rejected row in the file's order, the reasons last."""
    width = len(table.header)
    for file in table.files:
        found = connection.execute(
            """SELECT p.row, r.cells, p."column", p.code, p.value FROM problems p
                 JOIN rows r ON r.file = p.file AND r.row = p.row
                WHERE p.file = ? AND p.rejected ORDER BY p.row, p.rowid""",
            (file,),
        )
        for _row, problems_of_row in groupby(found, key=lambda line: line[0]):
            lines = list(problems_of_row)
            cells = json.loads(lines[0][1])
            # Cells beyond the header belong to no column; a row that is too short keeps its reasons below the title.
            yield [*cells[:width], *[""] * (width - len(cells)), "; ".join(dict.fromkeys(map(_reason, lines)))]


def _reason(line: tuple[int, str, str, str, str]) -> str:
    _row, _cells, column, code, value = line
    told = problems.explain(code, column=column, value=value)
    return f"{column.strip()}: {told}" if column.strip() else told


def _write_csv(path: Path, table: _Table, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([harmless(cell, csv=True) for cell in (*table.header, _(REASON))])
        for row in rows:
            writer.writerow([_csv_cell(cell) for cell in row])


def _csv_cell(text: str) -> str:
    text = _unshielded(text)
    return f"'{text}" if _CHANGED_BY_EXCEL.fullmatch(text) else harmless(text, csv=True)


def _unshielded(text: str) -> str:
    """`="123"` without the formula that kept the digits."""
    match = _SHIELDED.fullmatch(text.strip())
    return match[1] if match else text


def _write_xlsx(path: Path, tables: Sequence[tuple[_Table, Iterable[Sequence[str]]]]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    for number, (table, rows) in enumerate(tables, 1):
        title = re.sub(r"[\[\]:*?/\\']", "_", files.safe_name(table.name))[:24]
        sheet = book.create_sheet(f"{title} {number}" if len(tables) > 1 else title)
        sheet.freeze_panes = "A2"
        for row in chain([[*table.header, _(REASON)]], rows):
            cells = []
            for text in row:
                cell = WriteOnlyCell(sheet, value=harmless(_unshielded(text), csv=False))
                cell.data_type = "s"  # else "=1+1" would be a formula and "#N/A" an error
                cell.number_format = "@"  # a number typed over it stays text, with all its digits
                cells.append(cell)
            sheet.append(cells)
    book.save(path)


def _numbered(path: Path, number: int) -> Path:
    return path if number == 1 else path.with_stem(f"{path.stem}-{number}")
