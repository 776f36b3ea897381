"""The mark of a sheet that may be edited and read again (C9): what each cell was when it was written.

The last column is the program's own. Its head says of which shop and list the sheet is, when it was written and what
its columns are; in each row it names the row and seals every cell with four letters. So a cell that nobody touched is
known as such whatever a spreadsheet made of it, the columns may be moved and the rows sorted, and what was changed in
the shop meanwhile is told apart from what was changed in the sheet. Letters only: no spreadsheet takes them for a
number, a date or a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from string import ascii_lowercase
from typing import Final
from zlib import crc32

from shopcrm.base import birthdays, cells
from shopcrm.base.birthdays import NoBirthday
from shopcrm.base.i18n import _
from shopcrm.base.text import clean

SEAL: Final = 4  # letters of a cell
_PAIRS: Final = [first + second for first in ascii_lowercase for second in ascii_lowercase]
_HEAD: Final = re.compile(
    r"\[ShopCRM (?P<list>[a-z]+) (?P<shop>[0-9a-f]{8}) (?P<at>\d{8}T\d{6})Z "
    r"(?P<keys>[a-z][a-z0-9_]*(?: [a-z][a-z0-9_]*)*)\]"
)
_ROW: Final = re.compile(r"(?P<key>[a-z]\d*)\.(?P<seals>(?:[a-z]{4})*)")
_AT: Final = "%Y%m%dT%H%M%S"
_BETWEEN: Final = re.compile(r"[,，、;；\n]")
_MONEY_SIGNS: Final = re.compile(r"[^0-9Ee.+\-]")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.年 ]+(\d{1,2})[-/.月 ]+(\d{1,2})日?(?:[T ]+00:00(?::00)?(?:\.0+)?)?")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4}|\d{2})")
_DAY_MONTH: Final = re.compile(r"(\d{1,2})-([A-Za-z]{3})(?:-(\d{4}|\d{2}))?")
_EPOCH: Final = date(1899, 12, 30)  # of Excel's day numbers


class Sort(StrEnum):
    """How a cell is compared: what a spreadsheet may make of it without anybody having changed it."""

    TEXT = "text"
    TEXTS = "texts"  # several, in any order
    NUMBER = "number"
    DATE = "date"
    BIRTHDAY = "birthday"


@dataclass(frozen=True)
class SheetMark:
    """The head of the program's own column."""

    list: str  # customers | products
    shop: str  # what its uuid begins with
    at: int  # UTC seconds
    keys: tuple[str, ...]  # of the columns, in the order in which they are sealed

    def head(self) -> str:
        """As it stands in the sheet; the words before it are for people."""
        at = datetime.fromtimestamp(self.at, UTC).strftime(_AT)
        told = f"[ShopCRM {self.list} {self.shop} {at}Z {' '.join(self.keys)}]"
        return _("Do not change: for reading this sheet again") + f" {told}"


@dataclass(frozen=True)
class RowMark:
    """What the program wrote beside a row: whose it is, and the seals of its cells."""

    key: str
    seals: tuple[str, ...]


def shop_part(uuid: str) -> str:
    """What of a shop's uuid stands in its sheets."""
    return uuid.replace("-", "").lower()[:8]


def find(header: Sequence[str]) -> tuple[int, SheetMark] | None:
    """The place of the program's own column and what its head says; None where there is none."""
    for place, name in enumerate(header):
        if "[ShopCRM " in name and (found := _HEAD.search(name)) is not None:
            at = datetime.strptime(found["at"], _AT).replace(tzinfo=UTC)
            return place, SheetMark(found["list"], found["shop"], int(at.timestamp()), tuple(found["keys"].split()))
    return None


def row_mark(key: str, *, names: Sequence[str], cells: Sequence[tuple[Sort, str]]) -> str:
    """What is written beside a row.

    Args:
        key: A letter and the row's number.
        names: What the seals depend on besides the cells, one a cell: the row's and the column's name.
        cells: How each cell is compared, and its text as it stands in the sheet.
    """
    return f"{key}." + "".join(_seal(name, _plain(sort, text)) for name, (sort, text) in zip(names, cells, strict=True))


def parse_row_mark(text: str) -> RowMark | None:
    """What stands beside a row, None where somebody changed it."""
    found = _ROW.fullmatch(clean(text))
    if found is None:
        return None
    seals = found["seals"]
    return RowMark(found["key"], tuple(seals[at : at + SEAL] for at in range(0, len(seals), SEAL)))


def is_untouched(seal: str, *, name: str, sort: Sort, text: str) -> bool:
    """Whether a cell says what it said when it was sealed, in one of the ways in which a spreadsheet writes that."""
    return any(_seal(name, plain) == seal for plain in dict.fromkeys(_readings(sort, text)))


def is_same(sort: Sort, one: str, other: str) -> bool:
    """Whether two cells say the same."""
    return _plain(sort, one) == _plain(sort, other)


def unshielded(text: str) -> str:
    """A cell's text without the `'` that keeps spreadsheets from taking it for a formula."""
    return text[1:] if text.startswith("'") and cells.is_formula(text[1:]) else text


def pieces(text: str, *, known: Sequence[str] = ()) -> tuple[str, ...]:
    """The texts of a cell with several; `known` ones are found whole, even with a comma in them."""
    text, found = clean(unshielded(text)), []
    for whole in sorted(known, key=len, reverse=True):
        if _BETWEEN.search(whole) and whole in text:
            found.append(whole)
            text = text.replace(whole, ",", 1)
    found += [" ".join(piece.split()) for piece in _BETWEEN.split(text)]
    return tuple(dict.fromkeys(filter(None, found)))


def _seal(name: str, plain: str) -> str:
    number = crc32(f"{name}\0{plain}".encode("utf-8", "replace")) % len(_PAIRS) ** 2
    return _PAIRS[number // len(_PAIRS)] + _PAIRS[number % len(_PAIRS)]


def _plain(sort: Sort, text: str) -> str:
    """A cell in the one way in which it is sealed."""
    return next(_readings(sort, text))


def _readings(sort: Sort, text: str) -> Iterator[str]:
    """All that a cell may mean, what is most likely first."""
    text = unshielded(" ".join(clean(text).split()))
    match sort:
        case Sort.TEXTS:
            yield ",".join(sorted(pieces(text)))
        case Sort.NUMBER:
            yield _number(text)
        case Sort.DATE:
            yield from _dates(text)
        case Sort.BIRTHDAY:
            yield from _birthdays(text)
        case Sort.TEXT:
            yield text


def _number(text: str) -> str:
    try:
        return f"{Decimal(_MONEY_SIGNS.sub('', text)).normalize():f}"
    except InvalidOperation:
        return text


def _dates(text: str) -> Iterator[str]:
    if found := _YEAR_FIRST.fullmatch(text):
        yield "{}-{:02}-{:02}".format(*map(int, found.groups()))
    elif found := _YEAR_LAST.fullmatch(text):
        one, two, year = map(int, found.groups())
        year += 2000 if year < 100 else 0
        yield f"{year}-{one:02}-{two:02}"
        yield f"{year}-{two:02}-{one:02}"
    elif re.fullmatch(r"\d{4,5}(\.0+)?", text):
        yield (_EPOCH + timedelta(days=int(float(text)))).isoformat()
    else:
        yield text


def _birthdays(text: str) -> Iterator[str]:
    found = [text]
    if day := _DAY_MONTH.fullmatch(text):  # what Excel makes of 03-05 in a csv
        found.append(" ".join(filter(None, day.groups())))
    found += _dates(text)
    read = False
    for way in found:
        try:
            told = birthdays.parse(way)
        except NoBirthday:
            continue
        read = True
        yield f"{told.calendar} {told.year} {told.month} {told.day} {told.leap}"
    if not read:
        yield text
