"""Age bands: every age is in one, and texts tell them in the ways people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base.ages import AGE_BANDS, OLDEST, band_of_age, parse


@given(st.integers(0, OLDEST))
def test_every_age_is_in_one_band_and_is_read_as_it(age: int) -> None:
    band = band_of_age(age)
    low, _dash, high = band.replace("+", f"-{OLDEST}").partition("-")
    assert int(low) <= age <= int(high)
    assert band in AGE_BANDS
    assert parse(str(age)) == parse(band) == band


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("25~29岁", "25-29"), ("25 – 29", "25-29"), ("２５至２９", "25-29"), ("18岁以下", "0-17"), ("under 18", "0-17"),
        ("60岁以上", "60+"), ("33", "30-34"), ("25-30", None), ("old", None), ("131", None), ("", None), ("-1", None),
        ("９" * 100_000, None),
    ],
)  # fmt: skip
def test_as_people_write_them(text: str, band: str | None) -> None:
    assert parse(text) == band
