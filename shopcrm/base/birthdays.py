"""Birthdays (C6): solar or lunar, with a year or only month and day; when the next one is, and as people type them.

Two days are not there every year. A lunar 30th falls on the 29th where its month has no more days, and the 29th of
February on the 28th. Who was born in a leap month has the birthday in the leap month where the year has it, else in the
ordinary month of its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from shopcrm.base import lunar
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.lunar import LunarDate
from shopcrm.base.text import fold

SOLAR: Final = "solar"
LUNAR: Final = "lunar"
OLDEST: Final = 1900
_LENGTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(eq=False)
class NoBirthday(UserFailure):
    """A text that tells no birthday."""

    text: ClassVar[str] = N_("“{typed}” is no birthday. Type it like 3-5, 1990-03-05 or lunar 8-15.")
    typed: str


@dataclass(frozen=True)
class Birthday:
    """A birthday as it is told. A year is that of the calendar in which it is told; None: not known."""

    calendar: str  # solar | lunar
    month: int
    day: int
    year: int | None = None
    leap: bool = False  # born in a leap month of the lunar calendar

    @property
    def each_year(self) -> Birthday:
        """Without the year: what decides when it is kept."""
        return Birthday(self.calendar, self.month, self.day, leap=self.leap)

    def exists(self) -> bool:
        """Whether the calendar has such a day, in the year told or in any."""
        if not 1 <= self.month <= 12 or self.day < 1:
            return False
        if self.calendar == SOLAR:
            if self.leap or self.day > _LENGTHS[self.month - 1]:
                return False
            return self.year is None or (self.month, self.day) != (2, 29) or _is_leap(self.year)
        if self.day > 30 or self.year is None:
            return self.day <= 30
        month = lunar.find_month(self.year, self.month, leap=self.leap)
        return month is not None and self.day <= month.days

    def in_year(self, year: int) -> date:
        """The day on which it is kept in a year of its own calendar."""
        if self.calendar == LUNAR:
            return lunar.to_day(LunarDate(year, self.month, self.day, self.leap))
        missing = (self.month, self.day) == (2, 29) and not _is_leap(year)
        return date(year, self.month, 28 if missing else self.day)

    def on_or_after(self, day: date) -> date:
        """The next birthday, that of the day itself included."""
        # A lunar year ends in January or February of the next solar one, so its number lags behind by one at times.
        return next(kept for kept in map(self.in_year, range(day.year - 1, day.year + 3)) if kept >= day)

    def turns(self, kept: date) -> int | None:
        """How old she becomes on a birthday, None without a year."""
        if self.year is None:
            return None
        year = lunar.of_day(kept).year if self.calendar == LUNAR else kept.year
        return year - self.year


def kept_on(day: date) -> frozenset[Birthday]:
    """All birthdays without a year that are kept on a day: the other way round of `Birthday.on_or_after`."""
    return frozenset((*_solar_on(day), *_lunar_on(day)))


def _solar_on(day: date) -> Iterator[Birthday]:
    yield Birthday(SOLAR, day.month, day.day)
    if (day.month, day.day) == (2, 28) and not _is_leap(day.year):
        yield Birthday(SOLAR, 2, 29)


def _lunar_on(day: date) -> Iterator[Birthday]:
    on = lunar.of_day(day)
    month = lunar.find_month(on.year, on.month, leap=on.leap)
    days = (29, 30) if month is not None and on.day == month.days == 29 else (on.day,)
    for number in days:
        yield Birthday(LUNAR, on.month, number, leap=on.leap)
        if not on.leap and lunar.find_month(on.year, on.month, leap=True) is None:
            yield Birthday(LUNAR, on.month, number, leap=True)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


# In words


def words(birthday: Birthday) -> str:
    """`03-05`, `1990-03-05`, `农历八月十五`, `1990 农历八月十五`; `parse` reads it again."""
    if birthday.calendar == SOLAR:
        year = "" if birthday.year is None else f"{birthday.year}-"
        return f"{year}{birthday.month:02}-{birthday.day:02}"
    told = _("Lunar {date}").format(date=lunar.month_and_day(birthday.month, birthday.day, leap=birthday.leap))
    return told if birthday.year is None else f"{birthday.year} {told}"


def day_words(day: date, told: LunarDate) -> str:
    """The day of a birthday in both calendars: `11-24（农历十月十六）`."""
    return _("{day} ({lunar})").format(day=f"{day:%m-%d}", lunar=lunar.words(told))


# As typed

_LUNAR_WORD: Final = re.compile(r"农历|農曆|农曆|阴历|陰曆|旧历|舊曆|农|農|lunar|chinese")
_SOLAR_WORD: Final = re.compile(r"阳历|陽曆|公历|公曆|新历|新曆|国历|國曆|solar")
_LEAP_WORD: Final = re.compile(r"闰|閏|\(?leap(?: month)?\)?")
_MONTH_NAMES: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DIGITS: Final = {sign: place for place, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "元": 1}
_CHINESE: Final = r"[正元〇零一二三四五六七八九十冬腊臘初廿卅]"
_CHINESE_DATE: Final = re.compile(
    rf"(?:(?P<year>\d{{4}}|[〇零一二三四五六七八九]{{4}})年?)?(?P<month>{_CHINESE}{{1,3}})月"
    rf"(?P<day>{_CHINESE}{{1,3}})(?P<mark>[日号號]?)"
)
_NUMBERS: Final = re.compile(r"(?:(?P<year>\d{4})[-/.年 ] ?)?(?P<month>\d{1,2}) ?[-/.月] ?(?P<day>\d{1,2}) ?[日号號]?")
_RUN: Final = re.compile(r"(?P<year>\d{4})?(?P<month>\d{2})(?P<day>\d{2})")
_NAMED: Final = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?(?P<month>[a-z]{3,9})|(?P<month2>[a-z]{3,9})(?P<day2>\d{1,2})(?:st|nd|rd|th)?)"
    r",?(?P<year>\d{4})?"
)


def parse(text: str) -> Birthday:
    """The birthday somebody typed: `3-5`, `1990-03-05`, `3月5日`, `5 March`, `农历八月十五`, `lunar 8-15`, `八月十五`.

    Month and day in Chinese characters are lunar, as people write them, unless 日 or 号 or a word says otherwise.

    Raises:
        NoBirthday: it is none, or of a day that the calendar does not have.
    """
    typed = " ".join(text.split())[:40]
    told = fold(text)
    said_lunar, said_solar = bool(_LUNAR_WORD.search(told)), bool(_SOLAR_WORD.search(told))
    leap = bool(_LEAP_WORD.search(told))
    for word in (_LUNAR_WORD, _SOLAR_WORD, _LEAP_WORD):
        told = word.sub(" ", told)
    bare = " ".join(told.split()).strip(":()（）, ")
    found = _numbers(bare)
    if found is None or (said_lunar and said_solar):
        raise NoBirthday(typed)
    year, month, day, seems_lunar = found
    calendar = LUNAR if said_lunar or leap or (seems_lunar and not said_solar) else SOLAR
    birthday = Birthday(calendar, month, day, year, leap)
    if (year is not None and not OLDEST <= year <= 2200) or not birthday.exists():
        raise NoBirthday(typed)
    return birthday


def _numbers(text: str) -> tuple[int | None, int, int, bool] | None:
    """(year, month, day, whether it is written as lunar dates are)."""
    match = _NUMBERS.fullmatch(text) or _RUN.fullmatch(text)
    if match is not None:
        return int(match["year"]) if match["year"] else None, int(match["month"]), int(match["day"]), False
    text = text.replace(" ", "")
    if match := _NAMED.fullmatch(text):
        name = (match["month"] or match["month2"])[:3]
        if name not in _MONTH_NAMES:
            return None
        day = int(match["day"] or match["day2"])
        return int(match["year"]) if match["year"] else None, _MONTH_NAMES.index(name) + 1, day, False
    match = _CHINESE_DATE.fullmatch(text)
    if match is None:
        return None
    month, number = _chinese(match["month"]), _chinese(match["day"].removeprefix("初"))
    if month is None or number is None:
        return None
    year = match["year"]
    when = None if not year else int(year if year.isdigit() and year.isascii() else _digits(year))
    only_lunar = match["month"] in ("正", "冬", "腊", "臘") or match["day"][0] in "初廿卅"
    return when, month, number, only_lunar or not match["mark"]


def _digits(text: str) -> str:
    return "".join(str(_DIGITS[sign]) for sign in text)


def _chinese(text: str) -> int | None:
    """A number up to 39 in Chinese characters: 正, 八, 十五, 廿三, 三十."""
    if text in ("正", "元", "冬", "腊", "臘"):
        return {"正": 1, "元": 1, "冬": 11}.get(text, 12)
    tens, ones = {"廿": 2, "卅": 3}.get(text[:1]), text[1:]
    if tens is None:
        before, ten, ones = text.partition("十")
        tens = (_DIGITS.get(before) if before else 1) if ten else 0
        ones = ones if ten else text
    if tens is None or len(ones) > 1 or (ones and ones not in _DIGITS):
        return None
    return tens * 10 + (_DIGITS[ones] if ones else 0)
