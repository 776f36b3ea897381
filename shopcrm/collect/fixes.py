"""Fixes for all the cells of a column that cannot be read for one reason (C3). Pure; the file itself stays as it is.

A fix is asked only about a cell that its adapter could not read, and what it makes of the cell is read by the adapter
as if the file had said so. A cell that it does not understand is still a problem: nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, Generic, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from shopcrm.collect import fields
from shopcrm.collect.fields import CellError
from shopcrm.collect.foreign import Code, Way

T = TypeVar("T")
Ways: TypeAlias = Mapping[tuple[str, Code], tuple[Way, ...]]
"""By column and what is wrong the ways to read it after all, in the order in which they were chosen."""

_WAYS: Final[Mapping[Code, tuple[Way, ...]]] = {
    Code.BAD_AMOUNT: (Way.NUMBER, Way.OTHER_DECIMAL, Way.EMPTY),
    Code.BAD_QUANTITY: (Way.NUMBER, Way.EMPTY),
    Code.BAD_DATE: (Way.DATE, Way.DAY_FIRST, Way.MONTH_FIRST, Way.EMPTY),
    Code.BAD_CURRENCY: (Way.CURRENCY, Way.EMPTY),
}
_NOT_LEFT_OUT: Final = frozenset({
    Code.UNKNOWN_STATE, Code.NO_DATE, Code.DUPLICATE, Code.DUPLICATE_LINE, Code.LEFT_OUT,  # such rows are taken
    Code.UNKNOWN_ORDER, Code.UNKNOWN_REVIEWED,  # it may be known next time
})  # fmt: skip
_ANY_ZONE: Final = ZoneInfo("UTC")

_NUMBER: Final = re.compile(r"-?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
_OTHER_SIZE: Final = re.compile(r"[%‰万萬千百亿億]|[0-9][km]\b", re.IGNORECASE)  # 1.5万 is not 1.5
_SWAPPED: Final = str.maketrans(",.", ".,")
_CURRENCIES: Final[Mapping[str, str]] = {
    "人民币": "CNY", "人民幣": "CNY", "rmb": "CNY", "元": "CNY", "美元": "USD", "美金": "USD", "us$": "USD",
    "港币": "HKD", "港幣": "HKD", "港元": "HKD", "hk$": "HKD", "台币": "TWD", "台幣": "TWD", "新台币": "TWD",
    "新台幣": "TWD", "nt$": "TWD", "欧元": "EUR", "歐元": "EUR", "€": "EUR", "英镑": "GBP", "英鎊": "GBP", "£": "GBP",
    "日元": "JPY", "日圓": "JPY", "円": "JPY",
}  # fmt: skip

_WEEKDAY: Final = re.compile(
    r"\((?:周|星期|週|礼拜).\)|(?:周|星期|週|礼拜)[一二三四五六日天]|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?",
    re.IGNORECASE,
)
_YEAR_FIRST: Final = re.compile(
    r"(?P<y>(?:19|20)[0-9]{2}) ?[-/.年 ] ?(?P<m>[0-9]{1,2}) ?[-/.月 ] ?(?P<d>[0-9]{1,2}) ?[日号號]?"
)
_YEAR_LAST: Final = re.compile(
    r"(?P<a>[0-9]{1,2}) ?[-/. ] ?(?P<b>[0-9]{1,2}) ?[-/. ] ?(?P<y>(?:19|20)[0-9]{2}|[0-9]{2})\b"
)
_DAY_NAMED: Final = re.compile(
    r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?[-. ]+(?P<n>[a-z]{3,9})[-., ]+(?P<y>(?:19|20)[0-9]{2})", re.IGNORECASE
)
_MONTH_NAMED: Final = re.compile(
    r"(?P<n>[a-z]{3,9})[-. ]+(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?[-., ]+(?P<y>(?:19|20)[0-9]{2})", re.IGNORECASE
)
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_CLOCK: Final = re.compile(
    r"(?P<half>上午|早上|凌晨|中午|下午|晚上)? ?(?P<h>[0-9]{1,2})[:点點时](?P<min>[0-9]{2})分?(?::?(?P<s>[0-9]{2})秒?)?"
    r"(?:\.[0-9]+)? ?(?P<pm>[ap]\.?m\.?)?",
    re.IGNORECASE,
)
_AFTERNOON: Final = frozenset({"下午", "晚上", "中午"})


@dataclass(frozen=True)
class Fix:
    """What to do with the cells of a column that are wrong in one way."""

    file: int  # of the import, from 1
    column: str  # the header as the file wrote it; "" for the row as a whole
    code: Code
    way: Way


@dataclass(frozen=True)
class Offer:
    """A way that helps, with a cell as an example. `count`: how many of the cells asked about it reads."""

    way: Way
    value: str = ""
    became: str = ""
    count: int = 0


@dataclass(frozen=True)
class Mended(Generic[T]):
    """A cell that was read after all."""

    code: Code
    way: Way
    became: str
    found: T | None


def possible(code: Code, values: Sequence[str], *, rejected: bool = True) -> tuple[Offer, ...]:
    """What can be done about a kind of problem, for all of its cells at once.

    Args:
        code: what is wrong.
        values: the cells concerned, or enough of them.
        rejected: whether it keeps rows out; what does not counts as an empty cell already.
    """
    offers = [offer for way in _WAYS.get(code, ()) if way is not Way.EMPTY and (offer := _offer(code, way, values))]
    most = max((offer.count for offer in offers if offer.way in (Way.DAY_FIRST, Way.MONTH_FIRST)), default=0)
    offers = [offer for offer in offers if offer.way not in (Way.DAY_FIRST, Way.MONTH_FIRST) or offer.count == most]
    if rejected and Way.EMPTY in _WAYS.get(code, ()):
        offers.append(Offer(Way.EMPTY))
    if rejected and code not in _NOT_LEFT_OUT:
        offers.append(Offer(Way.LEAVE_OUT))
    return tuple(offers)


def _offer(code: Code, way: Way, values: Sequence[str]) -> Offer | None:
    parse = _PARSERS[code]
    found = [(value, one) for value in values if (one := read(value, code, (way,), parse)) is not None]
    if not found:
        return None
    value, one = found[0]
    return Offer(way, value, one.became, len(found))


def cell_ways(fixes: Iterable[Fix], *, file: int) -> Ways:
    """The fixes of a file that are about cells."""
    found: dict[tuple[str, Code], tuple[Way, ...]] = {}
    for fix in fixes:
        if fix.file == file and fix.way in _WAYS.get(fix.code, ()):
            key = (fix.column, fix.code)
            found[key] = (*found.get(key, ()), fix.way)
    return found


def left_out(fixes: Iterable[Fix], *, file: int) -> frozenset[tuple[str, Code]]:
    """The problems, by column and kind, whose rows are left out of a file."""
    return frozenset(
        (fix.column, fix.code)
        for fix in fixes
        if fix.file == file and fix.way is Way.LEAVE_OUT and fix.code not in _NOT_LEFT_OUT
    )


def read(cell: str, code: Code, ways: Sequence[Way], parse: Callable[[str], T | None]) -> Mended[T] | None:
    """What a cell that could not be read says by the first way that does; None when none does."""
    for way in ways:
        became = mended(cell, way)
        if became is None:
            continue
        try:
            return Mended(code, way, became, parse(became) if became else None)
        except CellError:
            continue
    return None


def mended(cell: str, way: Way) -> str | None:
    """The cell as it should have been written; None where this way has nothing to say."""
    return _MEND[way](unicodedata.normalize("NFKC", fields.value(cell)).strip())


def _number(text: str) -> str | None:
    """`约 90 块` is 90; of two numbers none is taken, nor one that is a part or a multiple of something."""
    found = _NUMBER.findall(text)
    return found[0] if len(found) == 1 and not _OTHER_SIZE.search(text) else None


def _other_decimal(text: str) -> str | None:
    return text.translate(_SWAPPED) if "," in text or "." in text else None


def _currency(text: str) -> str | None:
    return _CURRENCIES.get(text.casefold())


def _date(text: str) -> str | None:
    """A date whose order of parts is beyond doubt: the year stands first, or the month has a name."""
    text = _without_weekday(text)
    for form in (_YEAR_FIRST, _DAY_NAMED, _MONTH_NAMED):
        found = form.match(text)
        if found:
            told = found.groupdict()
            month = int(told["m"]) if "m" in told else _month(told["n"])
            return _written(int(told["y"]), month, int(told["d"]), text[found.end() :])
    return None


def _year_last(text: str, *, day_first: bool) -> str | None:
    text = _without_weekday(text)
    found = _YEAR_LAST.match(text)
    if not found:
        return None
    day, month = (found["a"], found["b"]) if day_first else (found["b"], found["a"])
    year = int(found["y"]) if len(found["y"]) == 4 else 2000 + int(found["y"])
    return _written(year, int(month), int(day), text[found.end() :])


def _without_weekday(text: str) -> str:
    return " ".join(_WEEKDAY.sub(" ", text).split())


def _month(name: str) -> int:
    """The number of a month's English name or its beginning; 0 for no month."""
    folded = name.casefold()
    return next((number for number, month in enumerate(_MONTHS, 1) if month.startswith(folded)), 0)


def _written(year: int, month: int, day: int, rest: str) -> str | None:
    """The date with the time of day behind it; None when there is no such day or something else stands there."""
    rest = rest.strip(" ,T")
    clock = _CLOCK.fullmatch(rest) if rest else None
    if rest and clock is None:
        return None
    hour = minute = second = 0
    if clock is not None:
        hour, minute, second = int(clock["h"]), int(clock["min"]), int(clock["s"] or 0)
        half = (clock["pm"] or "").replace(".", "").casefold()
        if (half == "pm" or clock["half"] in _AFTERNOON) and hour < (11 if clock["half"] == "中午" else 12):
            hour += 12
        elif (half == "am" or clock["half"] in ("上午", "凌晨")) and hour == 12:
            hour = 0
    try:
        moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # a clock on a wall
    except ValueError:
        return None
    return f"{moment:%Y-%m-%d %H:%M:%S}" if clock is not None else f"{moment:%Y-%m-%d}"


_MEND: Final[Mapping[Way, Callable[[str], str | None]]] = {
    Way.NUMBER: _number,
    Way.OTHER_DECIMAL: _other_decimal,
    Way.CURRENCY: _currency,
    Way.DATE: _date,
    Way.DAY_FIRST: partial(_year_last, day_first=True),
    Way.MONTH_FIRST: partial(_year_last, day_first=False),
    Way.EMPTY: lambda _text: "",
    Way.LEAVE_OUT: lambda _text: None,
}
_PARSERS: Final[Mapping[Code, Callable[[str], Any]]] = {
    Code.BAD_AMOUNT: fields.amount,
    Code.BAD_QUANTITY: fields.quantity,
    Code.BAD_DATE: partial(fields.moment, zone=_ANY_ZONE),
    Code.BAD_CURRENCY: lambda text: text,
}
