"""Dates as the calendars published in China, Taiwan and Hong Kong give them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import i18n, lunar
from shopcrm.base.lunar import LunarDate

DAYS = st.dates(min_value=date(1901, 1, 1), max_value=date(2099, 12, 31))


@pytest.mark.parametrize(
    ("told", "day"),
    [
        (LunarDate(2024, 1, 1), date(2024, 2, 10)),  # Spring Festival
        (LunarDate(2025, 1, 1), date(2025, 1, 29)),
        (LunarDate(2026, 1, 1), date(2026, 2, 17)),
        (LunarDate(2023, 8, 15), date(2023, 9, 29)),  # Mid-Autumn
        (LunarDate(2024, 8, 15), date(2024, 9, 17)),
        (LunarDate(2025, 8, 15), date(2025, 10, 6)),
        (LunarDate(2026, 5, 5), date(2026, 6, 19)),  # Dragon Boat
        (LunarDate(2023, 2, 1, leap=True), date(2023, 3, 22)),
        (LunarDate(2025, 6, 1, leap=True), date(2025, 7, 25)),
        (LunarDate(2020, 4, 1, leap=True), date(2020, 5, 23)),
        (LunarDate(1900, 12, 10), date(1901, 1, 29)),
        (LunarDate(2026, 10, 14), date(2026, 11, 22)),
        (LunarDate(2033, 11, 1, leap=True), date(2033, 12, 22)),  # the leap month that old tables put elsewhere
    ],
)
def test_published_dates(told: LunarDate, day: date) -> None:
    assert lunar.to_day(told) == day
    assert lunar.of_day(day) == told


@given(DAYS)
def test_every_day_has_one_lunar_date_and_goes_back(day: date) -> None:
    assert lunar.to_day(lunar.of_day(day)) == day


@given(st.integers(1901, 2099))
def test_the_months_of_a_year_follow_each_other_without_a_gap(year: int) -> None:
    months = lunar.months(year)
    following = lunar.months(year + 1)[0].first
    assert len(months) in (12, 13)
    assert [month.number for month in months if not month.leap] == list(range(1, 13))
    for month, after in zip(months, [*(month.first for month in months[1:]), following], strict=True):
        assert month.first + timedelta(days=month.days) == after
        assert month.days in (29, 30)


def test_a_day_that_a_month_lacks_is_its_last_and_a_leap_month_that_a_year_lacks_the_ordinary_one() -> None:
    # The twelfth month of 2024 has 29 days; 2026 has no leap sixth month.
    assert lunar.to_day(LunarDate(2024, 12, 30)) == date(2025, 1, 28)
    assert lunar.to_day(LunarDate(2026, 6, 1, leap=True)) == lunar.to_day(LunarDate(2026, 6, 1))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh_CN", ["农历正月初一", "农历闰六月初十", "农历冬月二十", "农历腊月三十", "农历八月廿五"]),
        ("zh_TW", ["農曆正月初一", "農曆閏六月初十", "農曆冬月二十", "農曆臘月三十", "農曆八月廿五"]),
        ("en", ["Lunar 1-1", "Lunar 6-10 (leap month)", "Lunar 11-20", "Lunar 12-30", "Lunar 8-25"]),
    ],
)
def test_words(language: str, said: list[str]) -> None:
    i18n.set_language(language)
    dates = [(1, 1, False), (6, 10, True), (11, 20, False), (12, 30, False), (8, 25, False)]
    assert [lunar.words(LunarDate(2025, month, day, leap)) for month, day, leap in dates] == said
