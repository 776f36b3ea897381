"""How long parcels take, and which are late, stuck or not sent: counted by hand, and what holds whatever came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.app import Shop
from shopcrm.base import clock
from shopcrm.collect.foreign import ForeignItem, ForeignOrder, OrderState
from shopcrm.mine import parcels
from shopcrm.mine.parcels import LATE, NOT_SENT, STUCK, Expected, Overview, Transit
from tests.builders import SHANGHAI_NOON, TODAY, given_orders, new_shop, order

DAYS = st.lists(st.integers(0, 40), min_size=1, max_size=60)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    yield opened
    opened.close()


def noon(day: date) -> int:
    return clock.plain_seconds(day) + SHANGHAI_NOON


def arrived(
    number: int, days: int, *, province: str = "浙江", carrier: str = "虚构快递", ago: int = 40
) -> ForeignOrder:
    sent = TODAY - timedelta(days=ago)
    return order(
        f"A{number:05d}", f"buyer_{number}", sent, shipped_at=noon(sent), signed_at=noon(sent + timedelta(days=days)),
        province=province, carrier=carrier,
    )  # fmt: skip


def sent(number: str, ago: int, *, state: OrderState = OrderState.SHIPPED, **more: Any) -> ForeignOrder:
    on = TODAY - timedelta(days=ago)
    told = {"shipped_at": noon(on), "province": "浙江", "carrier": "虚构快递", "tracking_number": f"VX{number}"}
    return order(number, more.pop("nick", f"waits_{number}"), on, state=state, **{**told, **more})


def look(shop: Shop) -> Overview:
    with shop.read() as tx:
        return parcels.overview(tx, shop.columns())


def test_expected_is_the_day_by_which_four_of_five_had_arrived() -> None:
    assert parcels.within([2] * 16 + [5] * 4) == 2
    assert parcels.within([2] * 15 + [5] * 5) == 5
    assert parcels.within([1, 2, 3, 4, 5]) == 4
    assert parcels.within([0, 0]) == 1  # nobody is late on the day itself


def test_the_narrowest_that_enough_parcels_tell_says_what_is_expected() -> None:
    near = [Transit("浙江", "飞", 1)] * 20
    far = [Transit("西藏", "飞", 7)] * 19 + [Transit("西藏", "慢", 9)]
    learnt = parcels.learn(near + far)
    assert learnt.of("浙江", "飞") == Expected(1, parcels.PLACE_AND_CARRIER)
    assert learnt.of("西藏", "飞") == Expected(7, parcels.PLACE)  # 19 by that carrier, 20 to that place
    assert learnt.of("北京", "飞") == Expected(7, parcels.CARRIER)
    assert learnt.of("北京", None) == Expected(7, parcels.SHOP)
    assert parcels.learn(near[:19]).of("浙江", "飞") == Expected(4, parcels.DEFAULT)


@given(DAYS, st.integers(0, 40))
def test_a_slower_parcel_never_makes_less_expected_and_at_least_four_of_five_are_within(
    days: list[int], more: int
) -> None:
    expected = parcels.within(days)
    assert sum(one <= expected for one in days) * 5 >= len(days) * 4
    assert expected == 1 or sum(one <= expected - 1 for one in days) * 5 < len(days) * 4
    assert parcels.within([*days, max(*days, more)]) >= expected


@given(st.integers(0, 80), st.integers(1, 30))
def test_what_is_late_stays_late_and_what_is_stuck_is_later_than_late(days: int, expected: int) -> None:
    kinds = ["", LATE, STUCK]
    now, next_day = (kinds.index(parcels.kind_under_way(day, expected=expected)) for day in (days, days + 1))
    assert now <= next_day
    assert (now > 0) == (days > expected)
    assert (now == 2) == (days >= max(2 * expected, expected + 3))


def test_the_shop_lists_what_waits_the_worst_first(shop: Shop) -> None:
    unsent: dict[str, Any] = {"state": OrderState.PAID, "shipped_at": None}
    given_orders(
        shop,
        [
            *(arrived(number, 2 if number < 17 else 6) for number in range(20)),  # 17 of 20 within 2 days
            sent("S1", 5),  # 5 ≥ 2 × 2 and ≥ 2 + 3
            sent("L1", 3),
            sent("L2", 4, items=[ForeignItem("虚构 水杯", 1, 1)]),
            sent("OK", 2),
            sent("SIGNED", 9, signed_at=noon(TODAY)),
            sent("DONE", 9, state=OrderState.FINISHED),
            sent("BACK", 9, state=OrderState.REFUNDED, refunded=10_000),
            sent("ALL_BACK", 9, refunded=10_000),
            sent("SOME_BACK", 4, refunded=1),
            sent("OLD", 61),
            sent("UNKNOWN", 9, shipped_at=None),  # nobody told when it left
            sent("N1", 3, **unsent),
            sent("PART", 4, state=OrderState.PAID),  # the rest of it waits to be sent
            sent("N0", 2, **unsent),  # 48 hours to the second: still within the promise
            sent("NOBODY", 4, nick=None),
        ],
    )
    found = look(shop)
    assert [(one.number, one.kind, one.days, one.expected.days) for one in found.parcels] == [
        ("S1", STUCK, 5, 2),
        ("L2", LATE, 4, 2),
        ("SOME_BACK", LATE, 4, 2),
        ("NOBODY", LATE, 4, 2),
        ("L1", LATE, 3, 2),
        ("PART", NOT_SENT, 4, 2),
        ("N1", NOT_SENT, 3, 2),
    ]
    assert found.counts == {STUCK: 1, LATE: 4, NOT_SENT: 2}
    assert found.expectations.parcels == 21  # and the one that was signed for
    cup = next(one for one in found.parcels if one.number == "L2")
    assert (cup.product, cup.tracking_number, cup.name) == ("虚构 水杯", "VXL2", "waits_L2")
    assert cup.heard_at is not None
    with shop.read() as tx:
        few = parcels.overview(tx, shop.columns(), limit=1)
        assert [one.number for one in few.parcels] == ["S1", "L2", "PART"]
        assert few.counts == found.counts
        assert parcels.of_customer(tx, shop.columns(), cup.customer or 0) == (cup,)


def test_nothing_is_learnt_where_no_signing_is_told(shop: Shop) -> None:
    given_orders(shop, [sent(f"D{number}", 30, state=OrderState.FINISHED) for number in range(40)] + [sent("L", 5)])
    found = look(shop)
    assert found.expectations.parcels == 0
    assert [(one.number, one.kind, one.expected) for one in found.parcels] == [
        ("L", LATE, Expected(parcels.DEFAULT_DAYS, parcels.DEFAULT))
    ]


def test_a_newer_file_takes_off_what_was_signed_for(shop: Shop) -> None:
    given_orders(shop, [sent("L", 9)])
    (waiting,) = look(shop).parcels
    given_orders(shop, [sent("L", 9, state=OrderState.SIGNED, signed_at=noon(TODAY))])
    assert waiting.kind == STUCK
    assert look(shop).parcels == ()
