"""What is offered has a reason that is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shopcrm.act import desk, offers
from shopcrm.act.offers import Offer
from shopcrm.app import Shop
from shopcrm.collect import products
from shopcrm.collect.foreign import ForeignItem, ForeignOrder, OrderState
from tests.builders import TODAY, given_orders, new_shop, order


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    yield opened
    opened.close()


def _bought(who: str, ago: int, code: str, quantity: int = 1, *, number: int = 0, **more: Any) -> ForeignOrder:
    item = ForeignItem(f"虚构 {code}", quantity, 2, article=code, price=9_900, paid=9_900 * quantity)
    name = f"28{abs(hash((who, code))) % 10**6:06d}{ago:04d}{number:02d}"
    return order(name, who, TODAY - timedelta(days=ago), 9_900 * quantity, items=[item], **more)


def _offers(shop: Shop, who: str) -> list[Offer]:
    with shop.read() as tx:
        (hit,) = desk.find(tx, who)
        return list(offers.offers(tx, shop.columns(), hit.id))


def _keep(shop: Shop, code: str, **values: Any) -> None:
    with shop.write() as tx:
        found = next(one for one in products.listed(tx, shop.columns()) if one.code == code)
        products.put(tx, [(found, values)])


@pytest.mark.parametrize(
    ("purchases", "days", "end"),
    [
        ([(100, 1)], 30, 130),
        ([(100, 2)], 30, 160),
        ([(100, 1), (120, 1)], 30, 160),  # bought before the first one ends: begins where that ends
        ([(100, 1), (200, 1)], 30, 230),
        ([(100, 1), (110, 1), (300, 2)], 30, 360),
    ],
)
def test_stock_is_carried_over(purchases: list[tuple[int, int]], days: int, end: int) -> None:
    assert offers.run_out(purchases, days_per_unit=days) == end


@pytest.mark.parametrize(("ago", "offered"), [(10, False), (27, False), (28, True), (60, True), (75, False)])
def test_a_consumable_is_offered_when_it_runs_out(shop: Shop, ago: int, *, offered: bool) -> None:
    given_orders(shop, [_bought("lin", ago, "milk")])
    _keep(shop, "milk", days_per_unit=30)
    found = _offers(shop, "lin")
    assert [one.kind for one in found] == (["run_out"] if offered else [])
    if offered:
        assert found[0].on == TODAY + timedelta(days=30 + offers.FROM_PAID - ago)
        assert found[0].price == 9_900


def test_what_was_bought_again_refunded_or_replaced_is_not_offered(shop: Shop) -> None:
    given_orders(
        shop,
        [
            _bought("again", 30, "milk"), _bought("again", 2, "milk", 1, number=1),
            _bought("back", 30, "milk", state=OrderState.REFUNDED, refunded=9_900),
            _bought("older", 30, "milk"), _bought("older", 2, "milk-3"),
            _bought("due", 30, "milk"),
        ],
    )  # fmt: skip
    for code in ("milk", "milk-3"):
        _keep(shop, code, days_per_unit=30, category="奶粉")
    assert _offers(shop, "again") == []
    assert _offers(shop, "back") == []
    assert _offers(shop, "older") == []
    assert [one.code for one in _offers(shop, "due")] == ["milk"]


def test_what_the_owner_pairs_comes_before_what_others_bought(shop: Shop) -> None:
    given_orders(shop, [_bought(f"who_{n}", 100, code) for n in range(9) for code in ("coat", "hat")])
    given_orders(shop, [_bought("lin", 90, "coat"), _bought("mo", 90, "coat"), _bought("mo", 91, "scarf")])
    (found,) = _offers(shop, "lin")
    assert replace(found, price=None) == Offer(
        "together", "hat", "虚构 hat", None, because="虚构 coat", buyers=11, also=9
    )
    _keep(shop, "coat", pairs_with=("scarf",))
    assert [(one.kind, one.code) for one in _offers(shop, "lin")] == [("pairs", "scarf"), ("together", "hat")]
    assert [one.code for one in _offers(shop, "mo")] == ["hat"], "she has the scarf"


def test_nothing_for_who_has_bought_nothing(shop: Shop) -> None:
    given_orders(shop, [_bought("new", 1, "milk", state=OrderState.UNPAID, paid_at=None)])
    assert _offers(shop, "new") == []
