"""xls of Excel 97 to 2003, read by calamine; its numbers are floats, so long identifiers are seldom exact."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, Final

from shopcrm.collect import compound
from shopcrm.collect.raw_table import LooksLikeHeader, Part
from shopcrm.collect.refusals import Damaged, LockedOldExcel, OldExcel
from shopcrm.collect.sheet_numbers import LONG_FROM, trusted_below
from shopcrm.collect.sources import Source
from shopcrm.collect.workbooks import open_book

STREAM: Final = "Workbook"
STREAM_95: Final = "Book"  # its texts are in the code page of a country, which calamine does not read for Chinese
_FILE_PASS: Final = 0x2F


def open_old_workbook(source: Source, *, looks_like_header: LooksLikeHeader) -> Iterator[Part]:
    """The tables of an xls, sheet by sheet as of an xlsx.

    Raises:
        OldExcel: of Excel 95.
        Damaged, TooLarge, LockedOldExcel, EmptyFile, NoRows: see there.
    """
    starts = {name.casefold(): start for name, start in compound.streams(source).items()}
    start = starts.get(STREAM.casefold())
    if start is None:
        raise OldExcel(source.name) if STREAM_95.casefold() in starts else Damaged(source.name)
    if _is_locked(start):
        raise LockedOldExcel(source.name)
    return open_book(source, kind="xls", numbers=FloatNumbers, looks_like_header=looks_like_header)


def _is_locked(start: bytes) -> bool:
    """Whether the first records of a workbook say that all others are encrypted."""
    place = 0
    while place + 4 <= len(start):
        kind, size = struct.unpack_from("<HH", start, place)
        if kind == _FILE_PASS:
            return True
        place += 4 + size
    return False


class FloatNumbers:
    """The long numbers of one sheet: digits where a float holds them and no program has cut them to 15."""

    def __init__(self, source: Source, sheet: Any) -> None:  # noqa: ARG002  # the shape of `workbooks.Numbers`
        columns: dict[int, list[str]] = {}
        for row in sheet.iter_rows():
            for place, value in enumerate(row):
                if type(value) is float and value.is_integer() and abs(value) >= LONG_FROM:
                    columns.setdefault(place, []).append(str(int(value)))
        self._trusted = {place: trusted_below(texts) for place, texts in columns.items()}

    def shown(self, row: int, column: int, value: float) -> str:  # noqa: ARG002
        """A number as text: its digits, or the exponent with which Excel shows what it has shortened."""
        return str(int(value)) if abs(value) < self._trusted.get(column, 0) else f"{value:.14E}"
