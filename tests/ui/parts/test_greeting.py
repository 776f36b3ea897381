from __future__ import annotations

from datetime import timedelta

import pytest

from shopcrm.act import desk
from shopcrm.app import Shop
from shopcrm.base import clock, i18n
from shopcrm.collect.foreign import ForeignItem, OrderState
from shopcrm.ui.parts.greeting import called, greeting
from tests.builders import TODAY, given_orders, order

MILK = ForeignItem("【买二送一】启悦 2 段奶粉 800g 罐装", 1, 2)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("林小满", "小满"), ("欧阳小满", "小满"), ("单雨", "单雨"), ("王**", "there"), ("xiaoman_lin88", "there"),
        ("Ada Smith", "Ada"), ("", "there"), ("一家很长的公司名称", "there"),
    ],
)  # fmt: skip
def test_people_are_called_as_one_calls_them(name: str, said: str) -> None:
    assert called(name) == said


@pytest.mark.parametrize(
    ("state", "days", "refunded", "has"),
    [
        (OrderState.FINISHED, 10, 0, "getting on with"),
        (OrderState.SHIPPED, 2, 0, "on its way"),
        (OrderState.PAID, 0, 0, "getting it ready"),
        (OrderState.SHIPPED, 60, 0, "getting on with"),
        (OrderState.PAID, 200, 0, "a while"),
        (OrderState.FINISHED, 200, 0, "a while"),
        (OrderState.FINISHED, 10, 100, "What can I do"),
        (OrderState.CLOSED, 3, 0, ""),
    ],
)
def test_only_what_is_true_is_said(shop: Shop, state: OrderState, days: int, refunded: int, has: str) -> None:
    i18n.set_language("en")
    paid = 0 if state is OrderState.CLOSED else 19_800
    given_orders(
        shop,
        [
            order(
                "2611999", "lele.jia", TODAY - timedelta(days=days), paid, state=state, refunded=refunded, items=[MILK]
            )
        ],
    )
    with shop.read() as tx:
        (hit,) = desk.find(tx, "lele.jia")
        said = greeting(desk.card(tx, shop.columns(), hit.id), today=clock.day_number(TODAY))
    assert has in said
    assert bool(said) == bool(has)
    assert "{" not in said
