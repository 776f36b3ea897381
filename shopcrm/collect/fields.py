"""Reading cells as sellers' files write them: header names folded, values parsed, what cannot be read named.

Serves C1 and C2. A parser takes the text of a cell and gives a value, None where the cell is blank, or raises
`CellError`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache, lru_cache
from operator import itemgetter
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from shopcrm.base import clock
from shopcrm.base.money import minor_digits, to_minor
from shopcrm.base.text import all_clean, clean, is_blank
from shopcrm.collect.foreign import Code

_FORMULA: Final = re.compile(r'^="?([^"]*)"?$')
_SPACES: Final = re.compile(r"\s+")
_LONGEST_BLANK: Final = 8  # no word for "nothing" is longer
_ESCAPES: Final = "='’‘`"
_REMEMBERED: Final = 16_384  # files repeat themselves: states, titles, sums, buyers

_NO_REFUND: Final = frozenset({"无退款申请", "没有申请退款", "未申请退款", "无退款"})
_CURRENCY: Final = re.compile(r"人民币|cny|rmb|usd|gbp|eur|hkd|twd|us\$|hk\$|nt\$|[¥$£€元圆]")
_NOTE: Final = re.compile(r"(?<=[\d元])\(.*\)$")  # 69.20(包含运费47.80)
_BRACKETED: Final = re.compile(r"^\((.+)\)$")  # accounting's minus
_PLAIN_AMOUNT: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_TWO_PLACES: Final = re.compile(r"-?[0-9]{1,12}\.[0-9]{2}")
_GROUPED_AMOUNT: Final = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,6})?")
EITHER: Final = "either"  # of `.` and `,`
_COMMA_AMOUNT: Final = re.compile(r"-?[0-9]{1,3}(?:\.?[0-9]{3}){0,3},[0-9]{2}")  # no thousands are behind such a comma
_NO: Final = re.compile(r"^no[:：.]\s*", re.IGNORECASE)
_MINUS: Final = str.maketrans({"−": "-", "–": "-", "﹣": "-"})

_QUANTITY: Final = re.compile(r"(-?[0-9]{1,9})(?:\.0+)?(?:[件个套盒份只双条瓶包箱]|pcs?)?")

_SERIAL: Final = re.compile(r"[1-9][0-9]{4}(?:\.[0-9]+)?")
_SERIAL_DAYS: Final = range(20_000, 80_000)  # 1954 to 2119
_SERIAL_EPOCH: Final = date(1899, 12, 30)
_MOMENT: Final = re.compile(
    r"(?P<year>[0-9]{4})(?P<by>[-/.年]?)(?P<month>[0-9]{1,2})(?:(?P=by)|月)(?P<day>[0-9]{1,2})日?"
    r"(?:[T ]?(?P<hour>[0-9]{1,2}):?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r" ?(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_USUAL_DAY: Final = re.compile(r"[0-9]{4}([-/])[0-9]{2}\1[0-9]{2}")
_USUAL_MINUTES: Final = {
    f" {hour:02}:{minute:02}": (hour * 60 + minute) * 60 for hour in range(24) for minute in range(60)
}
_USUAL_SECONDS: Final = {"": 0} | {f":{second:02}": second for second in range(60)}
_COMPACT: Final = re.compile(r"[0-9]{8}(?:[0-9]{4}(?:[0-9]{2})?)?")
_NO_MOMENT: Final = re.compile(r"0000-00-00.*|0|1900-01-00.*")
_YEARS: Final = range(1990, 2101)
_WRITTEN_OUT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?")

_SCIENTIFIC: Final = re.compile(r"[0-9](?:[.,][0-9]+)?e\+[0-9]{1,2}", re.IGNORECASE)
EXCEL_DIGITS: Final = 15  # all later ones became zeros


class CellError(ValueError):
    """A cell that cannot be read as what its column holds."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


class Moment(NamedTuple):
    """When something happened."""

    seconds: int  # UTC; of a plain date its midnight in UTC
    day: int  # in the shop's zone
    plain: bool  # no time of day is known


@lru_cache(maxsize=_REMEMBERED)  # every platform asks for the same names, of each row that may be a header
def fold_header(text: str) -> str:
    """A column's name for comparing: without any blanks, half-width, lower case."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", clean(text)).casefold())


def unescape(text: str) -> str:
    """What a cell means to say: `="123"`, `'123` and tabs are ways to keep a spreadsheet from changing it."""
    text = clean(text)
    if not text or text[0] not in _ESCAPES:
        return text
    found = _FORMULA.match(text)
    text = found[1].strip() if found else text
    return text.lstrip("'’‘`").strip()


@lru_cache(maxsize=_REMEMBERED)
def value(text: str) -> str:
    """The cell's own text, empty when it says nothing."""
    if len(text) > _LONGEST_BLANK and text.isalnum():  # nothing to take away: most identifiers
        return text
    text = unescape(text)
    return "" if len(text) <= _LONGEST_BLANK and is_blank(text) else text


def usual_texts(cells: list[str]) -> list[str | None]:
    """The values of cells that `value` would all leave as they are; else None for each."""
    if not all_clean(cells) or any(map("".join(cells).__contains__, _ESCAPES)):
        return [None] * len(cells)
    return [cell or None for cell in cells]


def usual_numbers(cells: list[str]) -> list[str | None]:
    """As `usual_texts`, of cells none of which Excel has shortened."""
    return [None] * len(cells) if "+" in "".join(cells) else usual_texts(cells)


@cache
def usual_minors(currency: str) -> Callable[[list[str]], list[int | None]]:
    """Reads the cells of a column that are written like `598.00`; gives None for any other."""
    if minor_digits(currency) != 2:
        return lambda cells: [None] * len(cells)
    return lambda cells: [
        int(cell.replace(".", "")) if usual else None
        for cell, usual in zip(cells, map(_TWO_PLACES.fullmatch, cells), strict=True)
    ]


def number(cell: str) -> str | None:
    """An identifier.

    Raises:
        CellError: Excel has shortened it.
    """
    found = value(cell)
    if is_shortened(found):
        raise CellError(Code.SHORTENED_NUMBER)
    return found or None


def tracking_number(cell: str) -> str | None:
    """The number of a parcel, without the `No:` that Taobao writes before it.

    Raises:
        CellError: Excel has shortened it.
    """
    found = number(cell)
    return found and (_NO.sub("", found) or None)


def minor(cell: str, *, currency: str) -> int | None:
    """A sum of money in minor units.

    Raises:
        CellError: it is none.
    """
    if _TWO_PLACES.fullmatch(cell) and minor_digits(currency) == 2:
        return int(cell.replace(".", ""))
    found = amount(cell)
    return None if found is None else to_minor(found, currency=currency)


@lru_cache(maxsize=_REMEMBERED)
def amount(text: str, *, decimal: str = ".") -> Decimal | None:
    """A sum of money: `598元`, `¥1,299.90`, `(12.00)`, `69.20(包含运费47.80)`, `无退款申请`.

    Args:
        text: the cell.
        decimal: the decimal sign of the file, the other one of `.` and `,` separates thousands; or `EITHER`, where
            a file has both: `12,00` is twelve then.

    Raises:
        CellError: it is none.
    """
    if decimal != "," and _PLAIN_AMOUNT.fullmatch(text):
        return Decimal(text)
    text = value(text)
    if not text or text in _NO_REFUND:
        return None
    text = _SPACES.sub("", unicodedata.normalize("NFKC", text).casefold()).translate(_MINUS)
    negative = False
    bracketed = _BRACKETED.match(text)
    if bracketed:
        negative, text = True, bracketed[1]
    text = _CURRENCY.sub("", _NOTE.sub("", text))
    if decimal == "," or (decimal == EITHER and _COMMA_AMOUNT.fullmatch(text)):
        text = text.translate({ord(","): ".", ord("."): ","})
    if _GROUPED_AMOUNT.fullmatch(text):
        text = text.replace(",", "")
    if not _PLAIN_AMOUNT.fullmatch(text):
        raise CellError(Code.BAD_AMOUNT)
    return -Decimal(text) if negative else Decimal(text)


@lru_cache(maxsize=_REMEMBERED)
def quantity(text: str) -> int | None:
    """A whole number of pieces: `2`, `2.0`, `1,200`, `3件`, `-12`.

    Raises:
        CellError: it is none.
    """
    text = value(text)
    if not text:
        return None
    folded = _SPACES.sub("", unicodedata.normalize("NFKC", text).casefold()).translate(_MINUS)
    if _GROUPED_AMOUNT.fullmatch(folded):
        folded = folded.replace(",", "")
    found = _QUANTITY.fullmatch(folded)
    if found is None:
        raise CellError(Code.BAD_QUANTITY)
    return int(found[1])


def moment(text: str, *, zone: ZoneInfo, formats: tuple[str, ...] = ()) -> Moment | None:
    """When: `2019-05-15 16:50:00`, `2016/5/23 22:02`, `2016年5月23日`, `2019-05-15T08:50:00Z`, Excel's `43600.7`.

    A year of two digits and a day before the month are read only by a format that says so.

    Args:
        text: the cell.
        zone: where the clock hung, unless the text names a zone.
        formats: `strptime` formats to use instead of the rules above; `2019-05-15 16:50:00` is still read, since
            that is what a problem asks for.

    Raises:
        CellError: it is no date, or one before 1990 or after 2100.
    """
    usual = None if formats else _usual(text, zone)
    if usual is not None:
        return usual
    text = value(text)
    if not text:
        return None
    try:
        return _moment(text, zone, formats)
    except (ValueError, OverflowError):
        raise CellError(Code.BAD_DATE) from None


def _usual(text: str, zone: ZoneInfo) -> Moment | None:
    """What nearly every cell holds, `2019-05-15 16:50:00` or `2016/05/23 22:02`; None for all else."""
    seconds = usual_clock(text[10:])
    day = None if seconds is None else even_day(text[:10], zone)
    return None if seconds is None or day is None else Moment(day[0] + seconds, day[1], plain=False)


def usual_clock(text: str) -> int | None:
    """The seconds since midnight of ` 16:50:00` or ` 22:02`; None for all else."""
    minutes, seconds = _USUAL_MINUTES.get(text[:6]), _USUAL_SECONDS.get(text[6:])
    return None if minutes is None or seconds is None else minutes + seconds


@lru_cache(maxsize=_REMEMBERED)
def even_day(text: str, zone: ZoneInfo) -> tuple[int, int] | None:
    """Midnight in UTC seconds and number of a day; None for one on which the clock is changed, and for no day."""
    if not _USUAL_DAY.fullmatch(text):
        return None
    try:
        day = date(int(text[:4]), int(text[5:7]), int(text[8:]))
        _within(day)
    except ValueError:
        return None
    midnight, next_midnight = (
        clock.seconds(datetime(each.year, each.month, each.day, tzinfo=zone)) for each in (day, day + timedelta(days=1))
    )
    return (midnight, clock.day_number(day)) if next_midnight - midnight == 86_400 else None


@lru_cache(maxsize=65_536)
def _moment(text: str, zone: ZoneInfo, formats: tuple[str, ...]) -> Moment | None:
    if formats:
        return _by_format(text, zone, formats)
    text = " ".join(unicodedata.normalize("NFKC", text).replace("时", ":").split())
    if _NO_MOMENT.fullmatch(text):
        return None
    if _SERIAL.fullmatch(text):
        return _by_serial(text, zone)
    found = _MOMENT.fullmatch(text)
    if found is None or (not found["by"] and not _COMPACT.fullmatch(text)):
        raise ValueError(text)
    day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    if found["hour"] is None:
        return _of_date(day)
    time = datetime(
        day.year, day.month, day.day, int(found["hour"]), int(found["minute"]), int(found["second"] or 0),
        tzinfo=_offset(found["zone"]) or zone,
    )  # fmt: skip
    return _of_time(time, zone)


def _by_format(text: str, zone: ZoneInfo, formats: tuple[str, ...]) -> Moment | None:
    for wanted in formats:
        try:
            found = datetime.strptime(text, wanted)  # noqa: DTZ007  # the zone follows, unless the format has one
        except ValueError:
            continue
        if not any(sign in wanted for sign in ("%H", "%I", "%c", "%X", "%T")):
            return _of_date(found.date())
        return _of_time(found if found.tzinfo else found.replace(tzinfo=zone), zone)
    if _WRITTEN_OUT.fullmatch(text):
        return _moment(text, zone, ())
    raise ValueError(text)


def _by_serial(text: str, zone: ZoneInfo) -> Moment:
    days, _, fraction = text.partition(".")
    if int(days) not in _SERIAL_DAYS:
        raise ValueError(text)
    day = _SERIAL_EPOCH + timedelta(days=int(days))
    seconds = round(Decimal(f"0.{fraction or 0}") * 86_400)
    if not seconds:
        return _of_date(day)
    return _of_time(datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(seconds=seconds), zone)


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text in ("Z", "UTC", "GMT"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _of_date(day: date) -> Moment:
    _within(day)
    number = clock.day_number(day)
    return Moment(clock.plain_seconds(day), number, plain=True)


def _of_time(time: datetime, zone: ZoneInfo) -> Moment:
    _within(time)
    seconds = clock.seconds(time)
    return Moment(seconds, clock.day_of(seconds, tz=zone), plain=False)


def _within(day: date) -> None:
    if day.year not in _YEARS:
        raise ValueError(day)


def is_shortened(text: str) -> bool:
    """Whether Excel shows a number by its size only: `1.93068E+15`."""
    return "+" in text and _SCIENTIFIC.fullmatch(unescape(text)) is not None


def is_rounded(text: str) -> bool:
    """Whether a long number has nothing but zeros after the 15 digits that Excel keeps."""
    digits = unescape(text).partition(".")[0]
    return digits.isdecimal() and len(digits) > EXCEL_DIGITS and set(digits[EXCEL_DIGITS:]) == {"0"}


def looks_rounded(numbers: Sequence[str]) -> bool:
    """Whether a column of long numbers went through Excel as numbers: one may be round, eight of eight are not."""
    long = [number for number in numbers if len(unescape(number)) > EXCEL_DIGITS]
    return len(long) >= 8 and all(map(is_rounded, long))


class Columns:
    """Which column of a file holds which field, found by name: `where` by field, from 0."""

    def __init__(self, header: Sequence[str], names: Mapping[str, Sequence[str]]) -> None:
        """Find the fields.

        Args:
            header: names as the file wrote them; where a name stands twice the first column counts.
            names: by field the names it goes by, best first.
        """
        self.header = tuple(header)
        where: dict[str, int] = {}
        for position, name in enumerate(header):
            where.setdefault(fold_header(name), position)
        found = {
            field: tuple(dict.fromkeys(where[name] for name in map(fold_header, synonyms) if name in where))
            for field, synonyms in names.items()
        }
        self.where: Final = {field: places[0] for field, places in found.items() if places}
        # Further columns of a field, which speak where the first is blank.
        self.further: Final = {field: places[1:] for field, places in found.items() if len(places) > 1}
        places = (*self.where.values(), *(place for more in self.further.values() for place in more))
        self.width: Final = max(places, default=-1) + 1  # of the shortest row that holds all of them
        self._pick = itemgetter(*self.where.values()) if len(self.where) > 1 else None

    def __contains__(self, field: object) -> bool:
        return field in self.where

    def __len__(self) -> int:
        return len(self.where)

    def last(self, fields: Iterable[str]) -> int:
        """The place of the last of these fields, −1 where the file has none of them."""
        return max((self.where.get(field, -1) for field in fields), default=-1)

    def by_field(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells of a row that hold fields; those that a short row lacks are empty."""
        if len(cells) < self.width:
            cells = [*cells, *[""] * (self.width - len(cells))]
        if self._pick is None:  # it would give a single cell, or none, in another form
            return {field: cells[position] for field, position in self.where.items()}
        return dict(zip(self.where, self._pick(cells), strict=True))

    def name(self, field: str) -> str:
        """The header as the file wrote it, empty where the file has no such column."""
        position = self.where.get(field)
        return "" if position is None else self.header[position]
