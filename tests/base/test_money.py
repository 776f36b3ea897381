"""Money goes in and out exactly, and averages round half up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import money

CURRENCIES = st.sampled_from(["CNY", "GBP", "JPY", "KWD"])


@given(st.integers(-(10**14), 10**14), CURRENCIES)
def test_out_and_in_again(minor: int, currency: str) -> None:
    assert money.to_minor(Decimal(money.decimal_text(minor, currency=currency)), currency=currency) == minor


@given(st.integers(-(10**12), 10**12), st.integers(1, 1_000))
def test_an_average_is_nearest_and_a_half_goes_away_from_zero(total: int, count: int) -> None:
    result = money.divide(total, count)
    assert abs(result * count - total) * 2 <= count
    if abs(result * count - total) * 2 == count:
        assert abs(result * count) > abs(total)


def test_as_people_read_it() -> None:
    assert money.format_money(428_650, currency="CNY", language="zh_CN") == "¥4,286.50"
    assert money.format_money(-1_200, currency="GBP") == "−£12.00"
    assert money.format_money(1_200, currency="JPY", language="en") == "¥1,200"


def test_a_currency_that_is_none() -> None:
    with pytest.raises(money.UnknownCurrency, match="XQQ"):
        money.minor_digits("XQQ")
