"""xlsx: looked over before a parser is let at it, read by calamine, long numbers taken digit by digit from the XML."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

import python_calamine as calamine

from shopcrm.base.errors import Failure
from shopcrm.collect.raw_table import LooksLikeHeader, RawTable, Row, split_header
from shopcrm.collect.refusals import Damaged, EmptyFile, NoRows, PasswordProtected, TooLarge
from shopcrm.collect.sheet_numbers import LONG_FROM, LongNumbers

INFLATED_LIMIT: Final = 1 << 30
RATIO_LIMIT: Final = 400  # inflated to packed, of a file beyond _RATIO_FROM; sheets of equal cells reach 100
_RATIO_FROM: Final = 64 << 20
PLACE_BYTES: Final = 32  # what calamine asks for a place of the table, filled or not
CELL_BYTES: Final = 48  # what it asks for a filled one before, in a list that doubles
MEMORY_FOR_CELLS: Final = 750 << 20  # of reading.MEMORY_LIMIT; the rest is for texts and what comes of them
_BLOCK: Final = 1 << 20
_WHOLE_SEARCH: Final = 2 << 20  # sheets up to this size have every reference looked at, larger ones both ends
_END: Final = 1 << 14
_REFERENCE: Final = re.compile(
    rb'<(?:\w+:)?c\s[^>]{0,200}?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]{0,200}(?<!/)>'
)  # filled cells
_DTD: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\0!\0(?:D|E)\0|\0<\0!\0(?:D|E)")
_TEXT_ONLY: Final = {str}
_LONG: Final = "\0long"  # stands for a number of 16 digits and more, until they are read from the XML


class Numbers(Protocol):
    """The long numbers of one sheet."""

    def shown(self, row: int, column: int, value: float) -> str:
        """A number as text: its digits, or the exponent with which Excel shows what it has shortened."""


NumbersOf: TypeAlias = Callable[[Path, Any], Numbers]  # of a file, one of its sheets


def open_workbook(path: Path, *, looks_like_header: LooksLikeHeader) -> RawTable:
    """The table of a workbook: of its visible sheets the first with a known header, else the first with rows.

    Raises:
        Damaged, TooLarge, PasswordProtected, EmptyFile, NoRows: see there.
    """
    look_over(path)
    return open_book(path, kind="xlsx", numbers=_digits_of_xml, looks_like_header=looks_like_header)


def open_book(path: Path, *, kind: str, numbers: NumbersOf, looks_like_header: LooksLikeHeader) -> RawTable:
    """The table of a workbook that was looked over.

    Args:
        path: The file.
        kind: What the preview calls it: `xlsx`, `xls`.
        numbers: Where the digits of a sheet's long numbers come from.
        looks_like_header: Finds the sheet and the header.

    Raises:
        Damaged, PasswordProtected, EmptyFile, NoRows: see there.
    """
    try:
        # Given a path, calamine would believe the name's ending.
        with path.open("rb") as file:
            book = calamine.load_workbook(file)
        sheets = [
            (meta.visible != calamine.SheetVisibleEnum.Visible, index)
            for index, meta in enumerate(book.sheets_metadata)
            if meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        refusal: Failure = EmptyFile(path.name)
        fallback: RawTable | None = None
        for _, index in sorted(sheets):
            try:
                table, known = _open_sheet(
                    path, book, index, kind=kind, numbers=numbers, looks_like_header=looks_like_header
                )
            except (EmptyFile, NoRows) as error:
                refusal = error if isinstance(error, NoRows) else refusal
                continue
            if known or len(sheets) == 1:
                return table
            fallback = fallback or table
    except calamine.PasswordError as error:
        raise PasswordProtected(path.name) from error
    except (calamine.CalamineError, ValueError, OverflowError) as error:
        raise Damaged(path.name) from error
    if fallback is None:
        raise refusal
    return fallback


def _digits_of_xml(path: Path, sheet: Any) -> Numbers:
    return LongNumbers(path, sheet=sheet.name)


def look_over(path: Path) -> None:
    """Inflate every part once, counted, and see what it would ask of a parser.

    Raises:
        Damaged: not a whole zip, a wrong checksum, a document type definition, cells far from the others.
        TooLarge: more than the limits on inflated size, ratio or cells.
        PasswordProtected: an encrypted part.
    """
    inflated = 0
    packed = max(path.stat().st_size, 1)
    try:
        with zipfile.ZipFile(path) as archive:
            if any(part.flag_bits & 1 for part in archive.infolist()):
                raise PasswordProtected(path.name)
            # zipfile gives no more than what the directory declares and checks its sum, so the declared size binds.
            if sum(part.file_size for part in archive.infolist()) > INFLATED_LIMIT:
                raise TooLarge(path.name)
            for part in archive.infolist():
                inflated += _look_over_part(archive, part, path.name)
                if inflated > _RATIO_FROM and inflated > RATIO_LIMIT * packed:
                    raise TooLarge(path.name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise Damaged(path.name) from error


def _look_over_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> int:
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    is_sheet = is_xml and "worksheets/" in part.filename
    inflated = cells = rows = columns = 0
    tail = b""
    with archive.open(part) as file:
        while block := file.read(_BLOCK):
            if is_xml and not inflated and _DTD.search(block):
                raise Damaged(name)
            if is_sheet:
                cells += block.count(b"<c ") + block.count(b":c ")
                if part.file_size <= _WHOLE_SEARCH or not inflated:
                    rows, columns = _extent(
                        tail + (block if part.file_size <= _WHOLE_SEARCH else block[:_END]), rows, columns
                    )
                tail = (tail + block)[-_END:]
            inflated += len(block)
    if is_sheet:
        rows, columns = _extent(tail, rows, columns)
        if rows * columns * PLACE_BYTES + (1 << cells.bit_length()) * CELL_BYTES > MEMORY_FOR_CELLS:
            # Hardly a cell in all that room: not a long list, but one with a cell where nobody would put it.
            raise TooLarge(name) if cells > rows * columns // 100 else Damaged(name)
    return inflated


def _extent(xml: bytes, rows: int, columns: int) -> tuple[int, int]:
    """The last row and column of the references in a piece of a sheet."""
    for letters, digits in set(_REFERENCE.findall(xml)):
        rows = max(rows, int(digits))
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        columns = max(columns, column)
    return rows, columns


def _open_sheet(
    path: Path, book: Any, index: int, *, kind: str, numbers: NumbersOf, looks_like_header: LooksLikeHeader
) -> tuple[RawTable, bool]:
    sheet = book.get_sheet_by_index(index)
    total = sheet.end[0] + 1 if sheet.end else 1
    read = 0

    def counted() -> Iterator[Row]:
        nonlocal read
        for row in _rows(sheet, path=path, numbers_of=numbers):
            read = row[0]
            yield row

    (header_row, header), rows = split_header(counted(), name=path.name, looks_like_header=looks_like_header)
    size = path.stat().st_size
    table = RawTable(kind, header, header_row, rows, lambda: size * read // total)
    return table, looks_like_header(header)


def _rows(sheet: Any, *, path: Path, numbers_of: NumbersOf) -> Iterator[Row]:
    numbers: Numbers | None = None
    try:
        for number, cells in enumerate(sheet.iter_rows(), 1):
            if set(map(type, cells)) != _TEXT_ONLY:
                values = cells
                cells = [value if type(value) is str else _text(value) for value in values]
                if _LONG in cells:
                    numbers = numbers or numbers_of(path, sheet)
                    for at, cell in enumerate(cells):
                        if cell == _LONG:
                            cells[at] = numbers.shown(number, at, values[at])
            if cells and (cells[0].strip() or "".join(cells).strip()):
                yield number, cells
    except (calamine.CalamineError, ValueError, OverflowError) as error:
        raise Damaged(path.name) from error


def _text(value: object) -> str:
    """A cell that is not text, as the seller would type it. Whole numbers never end in `.0`."""
    if type(value) is float:
        if value.is_integer():
            return str(int(value)) if abs(value) < LONG_FROM else _LONG
        shown = f"{value:.15g}"  # what Excel shows; the digits behind are noise of the float
        return format(Decimal(shown), "f") if "e" in shown else shown
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        if value.microsecond >= 500_000:  # a serial number's fraction never hits the second exactly
            value += timedelta(seconds=1)
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M:%S")
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value)
