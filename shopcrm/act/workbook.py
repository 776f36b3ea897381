"""Figures as a workbook (U17): one designed sheet a figure, with its name, its rule and its numbers.

Text is written as text, a share as a percentage, money as a number; a figure that is not there yet stays blank. What
is longer than a sheet of Excel goes on in the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from shopcrm.act.export import SHEET_ROWS, UnknownFormat, saving
from shopcrm.base.cells import harmless
from shopcrm.base.money import minor_digits, to_decimal
from shopcrm.base.progress import SILENT, Progress
from shopcrm.store.tx import Tx

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_HEAD: Final = "E0F1EF"
_EDGE: Final = "0B6E66"
_SECOND: Final = "526067"
_SHEET_NAME_AT_MOST: Final = 31
_FIRST_ROW: Final = 4  # title, rule, a gap
_BLOCK: Final = 2_000

Number: TypeAlias = str | int | float | date | None


class Unit(StrEnum):
    """How a column of a sheet is written."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"  # minor units of the shop's currency
    SHARE = "share"  # 0 to 1


@dataclass(frozen=True)
class Sheet:
    """A figure as a table: its name, how it is counted, headings with their units, rows."""

    title: str
    rule: str
    heads: tuple[tuple[str, Unit], ...]
    rows: tuple[tuple[Number, ...], ...]


def export_figures(
    tx: Tx, path: Path, sheets: Sequence[Sheet], *, overwrite: bool = False, progress: Progress = SILENT
) -> int:
    """Write figures as a workbook of one sheet each, or as many as its rows need; returns how many figures.

    The transaction must be a writing one: an export is a line of the journal.

    Raises:
        FileExists, UnknownFormat, CannotSave, Cancelled: nothing was written.
    """
    if path.suffix.lower() != ".xlsx":
        raise UnknownFormat(path.name)
    tx.begin_change("export", list="figures", rows=sum(len(sheet.rows) for sheet in sheets), format="xlsx")
    with saving(path, overwrite=overwrite) as temporary:
        _write(temporary, sheets, currency=tx.shop.currency, progress=progress)
    return len(sheets)


def _write(path: Path, sheets: Sequence[Sheet], *, currency: str, progress: Progress) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)  # a row is let go once it is written
    names: set[str] = set()
    done, total = 0, sum(len(sheet.rows) for sheet in sheets)
    try:
        for part in (part for sheet in sheets for part in _parts(sheet)):
            out = book.create_sheet(_sheet_name(part.title, names))
            _begin(out, part)
            write = _writer(out, part, currency=currency)
            for row in part.rows:
                if done % _BLOCK == 0:
                    progress.report("writing", done=done, total=total, unit="rows")
                write(row)
                done += 1
        progress.report("writing", done=done, total=total, unit="rows")
    except BaseException:
        for begun in book.worksheets:
            unfinished: Any = begun
            unfinished.close()
            unfinished._writer.cleanup()  # noqa: SLF001  # what is written so far, in the system's temporary folder
        raise
    book.save(path)


def _parts(sheet: Sheet) -> list[Sheet]:
    """A sheet cut into pieces that Excel takes, each with the same head."""
    most = SHEET_ROWS - _FIRST_ROW
    starts = range(0, max(len(sheet.rows), 1), most)
    return [replace(sheet, rows=sheet.rows[start : start + most]) for start in starts]


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel takes: no signs of its own, 31 characters, each only once."""
    plain = "".join(" " if letter in r"[]:*?/\'" else letter for letter in harmless(title, csv=False)).strip()
    name = plain[:_SHEET_NAME_AT_MOST] or "–"
    number = 2
    while name.casefold() in taken:
        ending = f" {number}"
        name, number = plain[: _SHEET_NAME_AT_MOST - len(ending)] + ending, number + 1
    taken.add(name.casefold())
    return name


def _begin(out: Worksheet, sheet: Sheet) -> None:
    """The look of a sheet, which stands in the file before its rows, and its head."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    out.sheet_view.showGridLines = False
    out.freeze_panes = f"A{_FIRST_ROW + 1}"
    out.page_setup.orientation = "landscape"
    out.page_setup.fitToHeight = 0
    out.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    out.row_dimensions[1].height = 26
    out.row_dimensions[_FIRST_ROW].height = 22
    for column, (head, _unit) in enumerate(sheet.heads):
        values = [head, *(str(row[column]) for row in sheet.rows if row[column] is not None)]
        widest = max(_width(value) for value in values)
        out.column_dimensions[get_column_letter(column + 1)].width = min(max(widest + 3, 10), 60)
    title, rule = _cell(out, sheet.title), _cell(out, sheet.rule)
    title.font, rule.font = Font(bold=True, size=15), Font(color=_SECOND)
    heads = [_cell(out, head) for head, _unit in sheet.heads]
    for cell, (_head, unit) in zip(heads, sheet.heads, strict=True):
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color=_HEAD)
        cell.border = Border(bottom=Side("thin", color=_EDGE))
        cell.alignment = Alignment(horizontal="left" if unit is Unit.TEXT else "right", vertical="center")
    for row in ([title], [rule], [], heads):
        out.append(row)


def _writer(out: Worksheet, sheet: Sheet, *, currency: str) -> Callable[[tuple[Number, ...]], None]:
    """What puts a row of numbers under the head."""
    digits = minor_digits(currency)
    formats = {
        Unit.COUNT: "#,##0",
        Unit.MONEY: "#,##0" + ("." + "0" * digits if digits else ""),
        Unit.SHARE: "0.0%",
    }
    units = [unit for _head, unit in sheet.heads]

    def write(row: tuple[Number, ...]) -> None:
        cells = []
        for unit, value in zip(units, row, strict=True):
            if unit is Unit.MONEY and isinstance(value, int):
                value = float(to_decimal(value, currency=currency))
            cell = _cell(out, value)
            if unit in formats:
                cell.number_format = formats[unit]
            cells.append(cell)
        out.append(cells)

    return write


def _cell(out: Worksheet, value: Number) -> Cell:
    from openpyxl.cell import WriteOnlyCell

    plain: Any = harmless(value, csv=False) if isinstance(value, str) else value
    cell = WriteOnlyCell(out, plain)
    if isinstance(value, str):
        cell.data_type = "s"  # the writer takes a text that begins with = for a formula
    return cell


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)
