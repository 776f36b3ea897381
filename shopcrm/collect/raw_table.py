"""A file as a header and rows of text, before anybody knows what they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, TypeAlias

from shopcrm.base.errors import Failure
from shopcrm.base.text import clean
from shopcrm.collect.refusals import Damaged, EmptyFile, NoRows

LooksLikeHeader: TypeAlias = Callable[[Sequence[str]], bool]
Row: TypeAlias = tuple[int, list[str]]

WIDEST: Final = 16_384  # columns that Excel has; where a cell lies farther out, each look at a header takes seconds
HEADER_WITHIN: Final = 30  # non-blank rows; marketplaces put a title, a period and a few totals above the headers


@dataclass(frozen=True)
class RawTable:
    """One table of a file. Cells are text, identifiers digit by digit as they stand in the file."""

    encoding: str  # "xlsx" for a workbook
    header: list[str]  # as written
    header_row: int  # counts the file's rows from 1
    rows: Iterator[Row]  # blank rows left out, their numbers kept; read as they are asked for
    position: Callable[[], int]  # bytes of the file read so far


@dataclass(frozen=True)
class Part:
    """One of the tables in a file, or what stands in the place of one."""

    file: str  # the file's name, an archive's with that of the file in it
    sheet: str  # "" where a file has no more than one
    opened: Callable[[], RawTable]  # anew each time
    table: RawTable | None  # opened once
    known: bool  # whether its header is
    refusal: Failure | None = None  # why there is no table

    @property
    def name(self) -> str:
        """What people are told."""
        return f"{self.file} › {self.sheet}" if self.sheet else self.file


def nothing_known(cells: Sequence[str]) -> bool:  # noqa: ARG001  # the shape of LooksLikeHeader
    """The predicate of a caller that knows no headers."""
    return False


def split_header(records: Iterator[Row], *, name: str, looks_like_header: LooksLikeHeader) -> tuple[Row, Iterator[Row]]:
    """The header's row and the rows below it.

    The first row that the caller knows as a header; else the first with two filled cells (a title fills one); else
    the first that is not blank.

    Raises:
        EmptyFile: there is no row.
        NoRows: there is no row below the header.
        Damaged: one of the first rows is wider than any table.
    """
    first = list(islice(records, HEADER_WITHIN))
    if not first:
        raise EmptyFile(name)
    if max(len(cells) for _, cells in first) > WIDEST:
        raise Damaged(name)
    at = next((i for i, (_, cells) in enumerate(first) if looks_like_header(cells)), None)
    if at is None:
        at = next((i for i, (_, cells) in enumerate(first) if sum(bool(clean(cell)) for cell in cells) > 1), 0)
    number, header = first[at]
    header[0] = header[0].removeprefix("\ufeff")  # a mark that the chosen encoding did not take
    while len(header) > 1 and not clean(header[-1]):
        header.pop()
    below = first[at + 1 :] or list(islice(records, 1))
    if not below:
        raise NoRows(name)
    return (number, header), chain(below, records)
