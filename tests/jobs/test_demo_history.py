"""The demo shop is the same for the same date, and holds what a shop holds."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopcrm.base import phone
from shopcrm.jobs.demo_history import DAYS, Fate, Purchase, invent

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="module")
def purchases() -> list[Purchase]:
    return invent(as_of=AS_OF)


def test_the_same_date_makes_the_same_shop(purchases: list[Purchase]) -> None:
    assert invent(as_of=AS_OF) == purchases
    assert invent(as_of=AS_OF, seed=2) != purchases


@pytest.mark.parametrize("language", ["zh_TW", "en"])
def test_a_language_changes_what_goods_are_called_and_nothing_else(purchases: list[Purchase], language: str) -> None:
    spoken = invent(as_of=AS_OF, language=language)
    assert [(one.number, one.paid, one.nick) for one in spoken] == [
        (one.number, one.paid, one.nick) for one in purchases
    ]
    titles = {line.product.title for one in spoken for line in one.lines}
    assert not titles & {line.product.title for one in purchases for line in one.lines}
    if language == "en":
        assert all(re.fullmatch(r"[ -~°×]+", title) for title in titles)


@settings(max_examples=12)
@given(st.dates(min_value=date(2024, 1, 1), max_value=date(2035, 12, 31)))
def test_on_any_date_numbers_are_unique_and_nothing_lies_ahead(as_of: date) -> None:
    orders = invent(as_of=as_of, customers=60)
    assert len({order.number for order in orders}) == len(orders)
    assert max(order.created.date() for order in orders) < as_of
    assert min(order.created.date() for order in orders) > as_of - timedelta(days=DAYS + 120)


@pytest.mark.parametrize("as_of", [date(2024, 2, 29), date(2025, 7, 1), date(2026, 1, 1), AS_OF, date(2031, 3, 3)])
def test_every_state_occurs_on_any_date(as_of: date) -> None:
    assert {order.fate for order in invent(as_of=as_of)} == set(Fate)


def test_it_holds_what_a_shop_holds(purchases: list[Purchase]) -> None:
    buyers = {order.buyer.nick: order.buyer for order in purchases}
    assert 2_900 <= len(buyers) <= 3_100
    assert 7_500 <= len(purchases) <= 11_000
    assert {order.channel for order in purchases} == {"taobao", "tmall", "weixin", "manual"}
    assert any(0 < order.refunded < order.paid for order in purchases)
    assert len({buyer.province for buyer in buyers.values()}) > 15
    # Nobody's phone: the invented block, masked, or a marketplace's stand-in.
    known = [number for buyer in buyers.values() if (number := phone.normalise(buyer.phone))]
    assert known
    assert all(number.startswith("1380013") for number in known)
    assert len(set(known)) == len(known)
    assert sum("*" in buyer.recipient for buyer in buyers.values()) > len(buyers) / 2


def test_amounts_add_up(purchases: list[Purchase]) -> None:
    for order in purchases:
        assert 0 < order.paid <= order.payable
        assert 0 <= order.refunded <= order.paid
        assert all(line.paid > 0 and line.refunded <= line.paid for line in order.lines)
