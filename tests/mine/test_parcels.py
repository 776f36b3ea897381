from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.app import Shop
from shopcrm.collect.foreign import ForeignOrder, OrderState
from shopcrm.mine import parcels
from shopcrm.mine.parcels import KINDS, LATE, LEAST, STUCK, UNSENT, USUAL_DAYS, Parcel, Times, Transit, learn
from tests.builders import TODAY, given_orders, new_shop, order

DAY = 86_400
PARCEL = Parcel(1, 1, "1", "taobao", "shipped", "", "", "浙江", None, "虚构速运", None, 0, 0, 3, None)


def test_expected_is_the_day_by_which_four_of_five_were_there() -> None:
    counted = [
        ("浙江", "虚构速运", 1, 10),
        ("浙江", "虚构速运", 2, 6),
        ("浙江", "虚构速运", 3, 3),
        ("浙江", "虚构速运", 9, 1),
    ]
    learnt = learn([*counted, ("西藏", "虚构速运", 12, LEAST - 1)])
    assert learnt.known["浙江", "虚构速运"] == Transit("浙江", "虚构速运", 20, 1, 2)
    assert ("西藏", "虚构速运") not in learnt.known
    # Of 39 parcels by the carrier 31.2 are four of five: the twelfth day.
    assert learnt.expected("西藏", "虚构速运") == learnt.known[None, "虚构速运"].expected == 12
    assert learnt.expected("浙江", "别家") == 2
    assert learn([]).expected("浙江", "虚构速运") == USUAL_DAYS


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xy"), st.integers(0, 30), st.integers(1, 40))),
    st.integers(0, 40),
)
def test_four_of_five_are_there_by_then_and_not_the_day_before(
    counted: list[tuple[str | None, str | None, int, int]], days: int
) -> None:
    for place, transit in learn(counted).known.items():
        took = [
            took
            for province, carrier, took, count in counted
            for _ in range(count)
            if place[0] in (None, province) and place[1] in (None, carrier)
        ]
        assert len(took) == transit.parcels >= LEAST
        assert sum(one <= transit.expected for one in took) >= 0.8 * len(took) - 1e-6
        assert sum(one < transit.expected for one in took) < 0.8 * len(took) + 1e-6
        assert transit.median <= transit.expected
    one, later = (replace(PARCEL, days=each) for each in (days, days + 1))
    kinds = [None, LATE, STUCK]
    assert kinds.index(one.kind) <= kinds.index(later.kind)


@pytest.mark.parametrize(
    ("days", "expected", "kind"),
    [(3, 3, None), (4, 3, LATE), (5, 3, LATE), (6, 3, STUCK), (2, 1, LATE), (3, 1, LATE), (4, 1, STUCK)],
)
def test_stuck_is_twice_as_long_and_three_days_more(days: int, expected: int, kind: str | None) -> None:
    assert replace(PARCEL, days=days, expected=expected).kind == kind
    assert replace(PARCEL, state="paid", days=days).kind == (UNSENT if days > 2 else None)


def _sent(number: str, ago: float, *, took: float | None = None, **told: object) -> ForeignOrder:
    bought = order(number, f"buyer{number}", TODAY - timedelta(days=int(ago)), 5_000)
    at = bought.paid_at
    assert at is not None
    values = {"state": OrderState.SHIPPED, "shipped_at": at, "province": "浙江", "carrier": "虚构速运", **told}
    if took is not None:
        values |= {"state": OrderState.FINISHED, "signed_at": at + int(took * DAY)}
    return replace(bought, **values)  # type: ignore[arg-type]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(
        opened,
        [
            *(_sent(f"10{n:02d}", 30 + n, took=1.5 + n % 2) for n in range(LEAST)),
            _sent("2001", 3, tracking_number="SF1"), _sent("2002", 4), _sent("2003", 7), _sent("2004", 90),
            _sent("2005", 9, refunded=5_000), _sent("2006", 9, signed_at=1),
            replace(_sent("3001", 2), state=OrderState.PAID, shipped_at=None),
            replace(_sent("3002", 3), state=OrderState.PAID, shipped_at=None),
        ],
    )  # fmt: skip
    yield opened
    opened.close()


def test_the_list_holds_what_is_late_stuck_or_not_sent_the_worst_first(shop: Shop) -> None:
    with shop.read() as tx:
        found = parcels.waiting(tx, shop.columns())
        assert parcels.times(tx, shop.columns()).expected("浙江", "虚构速运") == 3
        told = {one.number: parcels.of_customer(tx, shop.columns(), one.customer or 0) for one in found}
    assert [(one.number, one.kind, one.days, one.expected) for one in found] == [
        ("2003", STUCK, 7, 3), ("2002", LATE, 4, 3), ("3002", UNSENT, 3, 3)
    ]  # fmt: skip
    assert told == {one.number: (one,) for one in found}
    assert sorted({one.kind for one in found}, key=KINDS.index) == list(KINDS)


def test_one_that_a_newer_file_calls_signed_for_is_off_the_list(shop: Shop) -> None:
    given_orders(shop, [_sent("2003", 7, took=6)])
    with shop.read() as tx:
        assert [one.number for one in parcels.waiting(tx, shop.columns())] == ["2002", "3002"]
    assert Times({}).expected(None, None) == USUAL_DAYS
