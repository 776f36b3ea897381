"""xlsx: looked over before a parser is let at it, read by calamine, long numbers taken digit by digit from the XML."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

import python_calamine as calamine

from shopcrm.base.errors import Failure
from shopcrm.collect.raw_table import LooksLikeHeader, Part, RawTable, Row, split_header
from shopcrm.collect.refusals import Damaged, EmptyFile, NoRows, PasswordProtected, TooLarge
from shopcrm.collect.sheet_numbers import LONG_FROM, LongNumbers
from shopcrm.collect.sources import Source

INFLATED_LIMIT: Final = 1 << 30
RATIO_LIMIT: Final = 400  # inflated to packed, of a file beyond _RATIO_FROM; sheets of equal cells reach 100
_RATIO_FROM: Final = 64 << 20
_WORTH_BESIDE: Final = 1 << 20  # bytes; a smaller file is looked over in no time
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


NumbersOf: TypeAlias = Callable[[Source, Any], Numbers]  # of a file, one of its sheets


def open_workbook(source: Source, *, looks_like_header: LooksLikeHeader) -> Iterator[Part]:
    """The tables of a workbook, see `open_book`.

    A large one is looked over while the parser is busy with it already. That takes a fraction of the time, so what is
    wrong with a file is known before the parser could ask for too much; if not, the limits of the child hold.

    Raises:
        Damaged, TooLarge, PasswordProtected, EmptyFile, NoRows: see there.
    """
    parts = open_book(source, kind="xlsx", numbers=_digits_of_xml, looks_like_header=looks_like_header)
    if source.size < _WORTH_BESIDE:
        look_over(source)
    else:
        pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="parser")
        first = pool.submit(next, parts)
        pool.shutdown(wait=False)  # who refuses a file does not wait for its parser
        look_over(source)
        yield first.result()
    yield from parts


def open_book(source: Source, *, kind: str, numbers: NumbersOf, looks_like_header: LooksLikeHeader) -> Iterator[Part]:
    """The tables of a workbook that was looked over: its visible sheets; where none of them is known, hidden ones too.

    Args:
        source: The file.
        kind: What the preview calls it: `xlsx`, `xls`.
        numbers: Where the digits of a sheet's long numbers come from.
        looks_like_header: Finds the header.

    Raises:
        Damaged, PasswordProtected, EmptyFile, NoRows: see there.
    """
    try:
        # Given a path, calamine would believe the name's ending.
        with source.open() as file:
            book = calamine.load_workbook(file)
        sheets = [
            _Sheet(place, meta.name, meta.visible == calamine.SheetVisibleEnum.Visible)
            for place, meta in enumerate(book.sheets_metadata)
            if meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        visible = sum(sheet.visible for sheet in sheets)
        refusal: Failure = EmptyFile(source.name)
        any_known = any_rows = False
        sheets.sort(key=lambda sheet: not sheet.visible)
        for done, sheet in enumerate(sheets):
            if any_known and not sheet.visible:
                break
            opened = partial(
                _open_sheet, source, book, sheet.place, done=min(done, max(visible - 1, 0)), of=max(visible, 1),
                kind=kind, numbers=numbers,
                looks_like_header=looks_like_header,
            )  # fmt: skip
            try:
                table = opened()
            except (EmptyFile, NoRows) as error:
                refusal = error if isinstance(error, NoRows) else refusal
                continue
            known = looks_like_header(table.header)
            any_known, any_rows = any_known or known, True
            yield Part(source.name, sheet.name if visible > 1 else "", opened, table, known)
    except calamine.PasswordError as error:
        raise PasswordProtected(source.name) from error
    except (calamine.CalamineError, ValueError, OverflowError) as error:
        raise Damaged(source.name) from error
    if not any_rows:
        raise refusal


class _Sheet(NamedTuple):
    place: int
    name: str
    visible: bool


def _digits_of_xml(source: Source, sheet: Any) -> Numbers:
    return LongNumbers(source, sheet=sheet.name)


def look_over(source: Source) -> None:
    """Inflate every part once, counted, and see what it would ask of a parser.

    Raises:
        Damaged: not a whole zip, a wrong checksum, a document type definition, cells far from the others.
        TooLarge: more than the limits on inflated size, ratio or cells.
        PasswordProtected: an encrypted part.
    """
    inflated = 0
    packed = max(source.size, 1)
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            if any(part.flag_bits & 1 for part in archive.infolist()):
                raise PasswordProtected(source.name)
            # zipfile gives no more than what the directory declares and checks its sum, so the declared size binds.
            if sum(part.file_size for part in archive.infolist()) > INFLATED_LIMIT:
                raise TooLarge(source.name)
            # The sheets first: what they ask for is to be known before they are parsed.
            for part in sorted(archive.infolist(), key=lambda part: not _is_sheet(part)):
                inflated += _look_over_part(archive, part, source.name)
                if inflated > _RATIO_FROM and inflated > RATIO_LIMIT * packed:
                    raise TooLarge(source.name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise Damaged(source.name) from error


def _is_sheet(part: zipfile.ZipInfo) -> bool:
    return "worksheets/" in part.filename and part.filename.lower().endswith((".xml", ".rels"))


def _look_over_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> int:
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    is_sheet = _is_sheet(part)
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
    source: Source, book: Any, index: int, *, done: int, of: int, kind: str, numbers: NumbersOf,
    looks_like_header: LooksLikeHeader,
) -> RawTable:  # fmt: skip
    """One of a book's sheets: after `done` others of `of`."""
    sheet = book.get_sheet_by_index(index)
    total = sheet.end[0] + 1 if sheet.end else 1
    read = 0

    def counted() -> Iterator[Row]:
        nonlocal read
        for row in _rows(sheet, source=source, numbers_of=numbers):
            read = row[0]
            yield row

    (header_row, header), rows = split_header(counted(), name=source.name, looks_like_header=looks_like_header)
    return RawTable(kind, header, header_row, rows, lambda: source.size * (done * total + read) // (of * total))


def _rows(sheet: Any, *, source: Source, numbers_of: NumbersOf) -> Iterator[Row]:
    numbers: Numbers | None = None
    try:
        for number, cells in enumerate(sheet.iter_rows(), 1):
            if set(map(type, cells)) != _TEXT_ONLY:
                values = cells
                cells = [value if type(value) is str else _text(value) for value in values]
                if _LONG in cells:
                    numbers = numbers or numbers_of(source, sheet)
                    for at, cell in enumerate(cells):
                        if cell == _LONG:
                            cells[at] = numbers.shown(number, at, values[at])
            if cells and (cells[0].strip() or "".join(cells).strip()):
                yield number, cells
    except (calamine.CalamineError, ValueError, OverflowError) as error:
        raise Damaged(source.name) from error


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
