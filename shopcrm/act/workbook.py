"""Figures as a workbook (U17): one designed sheet a figure, with its name, its rule and its numbers.

Text is written as text, a share as a percentage, money as a number; a figure that is not there yet stays blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from shopcrm.act.export import UnknownFormat, saving
from shopcrm.base.cells import harmless
from shopcrm.base.money import minor_digits, to_decimal
from shopcrm.store.tx import Tx

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_HEAD: Final = "E0F1EF"
_EDGE: Final = "0B6E66"
_SECOND: Final = "526067"
_SHEET_NAME_AT_MOST: Final = 31
_FIRST_ROW: Final = 4  # title, rule, a gap

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


def export_figures(tx: Tx, path: Path, sheets: Sequence[Sheet], *, overwrite: bool = False) -> int:
    """Write figures as a workbook of one sheet each; returns how many.

    The transaction must be a writing one: an export is a line of the journal.

    Raises:
        FileExists, UnknownFormat, CannotSave: nothing was written.
    """
    if path.suffix.lower() != ".xlsx":
        raise UnknownFormat(path.name)
    tx.begin_change("export", list="figures", rows=sum(len(sheet.rows) for sheet in sheets), format="xlsx")
    with saving(path, overwrite=overwrite) as temporary:
        _write(temporary, sheets, currency=tx.shop.currency)
    return len(sheets)


def _write(path: Path, sheets: Sequence[Sheet], *, currency: str) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    names: set[str] = set()
    for sheet in sheets:
        _fill(book.create_sheet(_sheet_name(sheet.title, names)), sheet, currency=currency)
    book.save(path)


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


def _fill(out: Worksheet, sheet: Sheet, *, currency: str) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    digits = minor_digits(currency)
    formats = {
        Unit.COUNT: "#,##0",
        Unit.MONEY: "#,##0" + ("." + "0" * digits if digits else ""),
        Unit.SHARE: "0.0%",
    }
    out.sheet_view.showGridLines = False
    _put(out, 1, 1, sheet.title).font = Font(bold=True, size=15)
    _put(out, 2, 1, sheet.rule).font = Font(color=_SECOND)
    out.row_dimensions[1].height = 26
    for column, (head, unit) in enumerate(sheet.heads, 1):
        cell = _put(out, _FIRST_ROW, column, head)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color=_HEAD)
        cell.border = Border(bottom=Side("thin", color=_EDGE))
        cell.alignment = Alignment(horizontal="left" if unit is Unit.TEXT else "right", vertical="center")
        values = [head, *(str(row[column - 1]) for row in sheet.rows if row[column - 1] is not None)]
        widest = max(_width(value) for value in values)
        out.column_dimensions[get_column_letter(column)].width = min(max(widest + 3, 10), 60)
    out.row_dimensions[_FIRST_ROW].height = 22
    for line, values_of in enumerate(sheet.rows, _FIRST_ROW + 1):
        for column, ((_head, unit), value) in enumerate(zip(sheet.heads, values_of, strict=True), 1):
            if unit is Unit.MONEY and isinstance(value, int):
                value = float(to_decimal(value, currency=currency))
            written = _put(out, line, column, value)
            if unit in formats:
                written.number_format = formats[unit]
    out.freeze_panes = f"A{_FIRST_ROW + 1}"
    out.page_setup.orientation = "landscape"
    out.page_setup.fitToHeight = 0
    out.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _put(out: Worksheet, row: int, column: int, value: Number) -> Any:
    cell = out.cell(row, column)
    cell.value = harmless(value, csv=False) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"  # the writer takes a text that begins with = for a formula
    return cell


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)
