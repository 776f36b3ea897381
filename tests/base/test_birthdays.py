from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shopcrm.base import birthdays, i18n, lunar
from shopcrm.base.birthdays import LUNAR, SOLAR, Birthday, NoBirthday, kept_on, parse

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 12, 31))
YEARLESS = st.one_of(
    st.builds(Birthday, st.just(SOLAR), st.integers(1, 12), st.integers(1, 31)),
    st.builds(Birthday, st.just(LUNAR), st.integers(1, 12), st.integers(1, 30), leap=st.booleans()),
).filter(Birthday.exists)


@pytest.mark.parametrize(
    ("birthday", "after", "on"),
    [
        (Birthday(SOLAR, 11, 24), date(2026, 11, 22), date(2026, 11, 24)),
        (Birthday(SOLAR, 11, 22), date(2026, 11, 22), date(2026, 11, 22)),
        (Birthday(SOLAR, 11, 21), date(2026, 11, 22), date(2027, 11, 21)),
        (Birthday(SOLAR, 2, 29), date(2026, 1, 1), date(2026, 2, 28)),
        (Birthday(SOLAR, 2, 29), date(2028, 1, 1), date(2028, 2, 29)),
        (Birthday(LUNAR, 8, 15, 1990), date(2026, 11, 22), date(2027, 9, 15)),
        (Birthday(LUNAR, 10, 16), date(2026, 11, 22), date(2026, 11, 24)),
        (Birthday(LUNAR, 12, 30), date(2024, 12, 1), date(2025, 1, 28)),  # a twelfth month of 29 days
        (Birthday(LUNAR, 12, 10), date(2026, 1, 1), date(2026, 1, 28)),  # still the lunar year 2025
        (Birthday(LUNAR, 6, 1, leap=True), date(2025, 1, 1), date(2025, 7, 25)),  # the leap month is there
        (Birthday(LUNAR, 6, 1, leap=True), date(2026, 1, 1), date(2026, 7, 14)),  # and here it is not
        (Birthday(LUNAR, 6, 1), date(2025, 1, 1), date(2025, 6, 25)),  # born in the ordinary one
    ],
)
def test_the_next_birthday(birthday: Birthday, after: date, on: date) -> None:
    assert birthday.on_or_after(after) == on


@given(YEARLESS, DAYS)
def test_the_next_birthday_comes_within_thirteen_months_and_none_is_between(birthday: Birthday, day: date) -> None:
    on = birthday.on_or_after(day)
    assert day <= on <= day + timedelta(days=385)
    assert birthday.on_or_after(on) == on
    assert birthday in kept_on(on)
    if on > day:
        assert birthday not in kept_on(day)
        assert birthday.on_or_after(on - timedelta(days=1)) == on


@given(DAYS)
def test_a_day_keeps_exactly_the_birthdays_that_fall_on_it(day: date) -> None:
    kept = kept_on(day)
    every = {Birthday(SOLAR, day.month, number) for number in range(1, 32)}
    every |= {Birthday(SOLAR, 2, 29)}
    month = lunar.of_day(day).month
    every |= {Birthday(LUNAR, month, number, leap=leap) for number in range(1, 31) for leap in (False, True)}
    assert kept == {birthday for birthday in every if birthday.exists() and birthday.on_or_after(day) == day}


def test_how_old_she_becomes() -> None:
    assert Birthday(SOLAR, 3, 5, 1990).turns(date(2027, 3, 5)) == 37
    assert Birthday(LUNAR, 12, 10, 1990).turns(date(2026, 1, 28)) == 35  # the lunar year 2025 is not over
    assert Birthday(LUNAR, 12, 10).turns(date(2026, 1, 28)) is None


@pytest.mark.parametrize(
    ("typed", "birthday"),
    [
        ("3-5", Birthday(SOLAR, 3, 5)),
        ("03/05", Birthday(SOLAR, 3, 5)),
        ("0305", Birthday(SOLAR, 3, 5)),
        ("３－５", Birthday(SOLAR, 3, 5)),
        ("1990-03-05", Birthday(SOLAR, 3, 5, 1990)),
        ("1990.3.5", Birthday(SOLAR, 3, 5, 1990)),
        ("19900305", Birthday(SOLAR, 3, 5, 1990)),
        ("1990年3月5日", Birthday(SOLAR, 3, 5, 1990)),
        ("3月5号", Birthday(SOLAR, 3, 5)),
        ("三月五日", Birthday(SOLAR, 3, 5)),
        ("公历八月十五", Birthday(SOLAR, 8, 15)),
        ("5 March", Birthday(SOLAR, 3, 5)),
        ("Mar 5th, 1990", Birthday(SOLAR, 3, 5, 1990)),
        ("2-29", Birthday(SOLAR, 2, 29)),
        ("农历八月十五", Birthday(LUNAR, 8, 15)),
        ("農曆 8-15", Birthday(LUNAR, 8, 15)),
        ("lunar 8-15", Birthday(LUNAR, 8, 15)),
        ("八月十五", Birthday(LUNAR, 8, 15)),
        ("八月初五", Birthday(LUNAR, 8, 5)),
        ("正月初一", Birthday(LUNAR, 1, 1)),
        ("十一月廿三", Birthday(LUNAR, 11, 23)),
        ("冬月二十", Birthday(LUNAR, 11, 20)),
        ("臘月三十", Birthday(LUNAR, 12, 30)),
        ("阴历1990年8月15", Birthday(LUNAR, 8, 15, 1990)),
        ("一九九零年八月十五", Birthday(LUNAR, 8, 15, 1990)),
        ("2025闰六月初一", Birthday(LUNAR, 6, 1, 2025, leap=True)),
        ("lunar leap 6-1", Birthday(LUNAR, 6, 1, leap=True)),
    ],
)
def test_what_people_type(typed: str, birthday: Birthday) -> None:
    assert parse(typed) == birthday


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "13-1", "2-30", "2023-2-29", "农历2-31", "2026闰六月初一", "1800-1-1", "公历农历3-5", "5", "3-5-7",
     "4-31", "农历2024年12月30日", "5 Nobody", "十十月初一"],
)  # fmt: skip
def test_what_is_no_birthday_is_said_with_what_was_typed(typed: str) -> None:
    with pytest.raises(NoBirthday) as refused:
        parse(typed)
    assert f"“{typed}”" in refused.value.message


@given(YEARLESS, st.none() | st.integers(1900, 2026), st.sampled_from(i18n.LANGUAGES))
def test_its_words_are_read_again(birthday: Birthday, year: int | None, language: str) -> None:
    told = Birthday(birthday.calendar, birthday.month, birthday.day, year, birthday.leap)
    assume(told.exists())
    i18n.set_language(language)
    assert parse(birthdays.words(told)) == told


def test_the_day_is_told_in_both_calendars() -> None:
    i18n.set_language("en")
    assert birthdays.day_words(date(2026, 11, 24), lunar.of_day(date(2026, 11, 24))) == "11-24 (Lunar 10-16)"
