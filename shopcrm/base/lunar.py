"""The Chinese calendar (C6): the months of a lunar year, the lunar date of a day and back, in words.

The library behind it takes a while to load and reckon: not for the GUI thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from shopcrm.base import i18n
from shopcrm.base.i18n import _

MONTHS: Final = "正二三四五六七八九十冬腊"
_TENS: Final = "初十廿三"
_ONES: Final = "十一二三四五六七八九"


class Month(NamedTuple):
    """A month of a lunar year."""

    number: int
    leap: bool
    first: date
    days: int


@dataclass(frozen=True)
class LunarDate:
    """A day of the Chinese calendar."""

    year: int
    month: int
    day: int
    leap: bool = False


@lru_cache(maxsize=64)
def months(year: int) -> tuple[Month, ...]:
    """The twelve or thirteen months of a lunar year."""
    from lunar_python import LunarYear, Solar

    found = []
    for month in LunarYear.fromYear(year).getMonthsInYear():
        first = Solar.fromJulianDay(month.getFirstJulianDay())
        number = month.getMonth()
        found.append(
            Month(
                abs(number),
                number < 0,
                date(first.getYear(), first.getMonth(), first.getDay()),
                int(month.getDayCount()),
            )
        )
    return tuple(found)


def of_day(day: date) -> LunarDate:
    """The lunar date of a day."""
    year = day.year if months(day.year)[0].first <= day else day.year - 1
    month = next(month for month in reversed(months(year)) if month.first <= day)
    return LunarDate(year, month.number, (day - month.first).days + 1, month.leap)


def find_month(year: int, number: int, *, leap: bool) -> Month | None:
    """A month of a lunar year; None where the year has no such leap month."""
    return next((month for month in months(year) if (month.number, month.leap) == (number, leap)), None)


def to_day(lunar: LunarDate) -> date:
    """The day on which a lunar date is kept.

    A leap month that the year lacks is the ordinary month of its number; a 30th that the month lacks is the 29th.
    """
    month = find_month(lunar.year, lunar.month, leap=lunar.leap) or find_month(lunar.year, lunar.month, leap=False)
    if month is None:
        raise ValueError(f"no lunar month {lunar.month}")
    return month.first + timedelta(days=min(lunar.day, month.days) - 1)


def month_and_day(month: int, day: int, *, leap: bool = False) -> str:
    """`十月十四`, `闰六月初一`; in English `10-14`, `6-1 (leap month)`."""
    language = i18n.language()
    if not language.startswith("zh"):
        return f"{month}-{day}" + (" ({})".format(_("leap month")) if leap else "")
    written = MONTHS[month - 1]
    mark = "闰"
    if language == "zh_TW":
        written, mark = written.replace("腊", "臘"), "閏"
    return f"{mark if leap else ''}{written}月{_day_characters(day)}"


def words(lunar: LunarDate) -> str:
    """`农历十月十四`, `Lunar 10-14`."""
    return _("Lunar {date}").format(date=month_and_day(lunar.month, lunar.day, leap=lunar.leap))


def _day_characters(day: int) -> str:
    if day in (10, 20, 30):
        return {10: "初十", 20: "二十", 30: "三十"}[day]
    return _TENS[day // 10] + _ONES[day % 10]
