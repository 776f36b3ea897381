from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shopcrm.act import desk
from shopcrm.act.desk import NextBirthday
from shopcrm.app import Shop
from shopcrm.base import clock, i18n, lunar
from shopcrm.base.birthdays import Birthday
from shopcrm.collect import edits, follow_ups, reviews, troubles
from shopcrm.collect.follow_ups import FollowUp
from shopcrm.collect.foreign import ForeignItem, OrderState
from shopcrm.collect.reviews import Review
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
        (OrderState.FINISHED, 10, 0, "your first one"),
        (OrderState.SHIPPED, 2, 0, "on its way"),
        (OrderState.PAID, 0, 0, "getting it ready"),
        (OrderState.SHIPPED, 60, 0, "your first one"),
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


def _card(shop: Shop, *, orders: int = 3) -> desk.Card:
    given_orders(
        shop,
        [order(f"26119{n}", "lele.jia", TODAY - timedelta(days=10 + 30 * n), 19_800, items=[MILK],
               recipient_name="贾乐乐")
         for n in range(orders)],
    )  # fmt: skip
    with shop.read() as tx:
        (hit,) = desk.find(tx, "lele.jia")
        return desk.card(tx, shop.columns(), hit.id)


@pytest.mark.parametrize(
    ("hour", "hello"),
    [(None, "Hi"), (3, "Hi"), (5, "Good morning"), (10, "Good morning"), (12, "Good day"), (17, "Good afternoon"),
     (22, "Good evening"), (23, "Hi")],
)  # fmt: skip
def test_the_hour_is_greeted(shop: Shop, hour: int | None, hello: str) -> None:
    i18n.set_language("en")
    said = greeting(_card(shop), today=clock.day_number(TODAY), hour=hour)
    assert said.startswith(f"{hello} 乐乐! How ")


def test_one_thing_more_is_said_that_is_good_to_hear(shop: Shop) -> None:
    i18n.set_language("en")
    card, today = _card(shop), clock.day_number(TODAY)
    plain = replace(card, group="ordinary")
    assert greeting(plain, today=today).endswith("?")
    assert greeting(replace(card, group="privileged"), today=today).endswith(
        "Thank you for coming to us again and again."
    )
    level = replace(plain, person=replace(card.person, fields={"member_level": "金卡"}))
    assert "You are our 金卡" in greeting(level, today=today)
    for days, said in ((0, "birthday to you today!"), (1, "for tomorrow!"), (3, "early happy birthday"), (4, "金卡")):
        on = TODAY + timedelta(days=days)
        born = NextBirthday(Birthday("solar", on.month, on.day), on, None, lunar.of_day(on))
        assert said in greeting(replace(level, birthday=born), today=today)


def _said(shop: Shop) -> str:
    with shop.read() as tx:
        (hit,) = desk.find(tx, "lele.jia")
        card = replace(desk.card(tx, shop.columns(), hit.id), group="privileged")
        return greeting(card, today=clock.day_number(tx.as_of))


def _asked(shop: Shop, told: FollowUp) -> None:
    with shop.write() as tx:
        (hit,) = desk.find(tx, "lele.jia")
        follow_ups.add(tx, hit.id, told)


def test_whom_something_troubles_is_told_sorry_and_not_thanked(shop: Shop) -> None:
    i18n.set_language("en")
    card = _card(shop)
    assert "Thank you" in _said(shop)
    with shop.write() as tx:
        mark = troubles.mark(tx, card.id, reason="封口开了，在投诉", until=TODAY)
    assert _said(shop).startswith("Hi 乐乐! I am sorry for the trouble")
    assert "Thank you" not in _said(shop)
    assert "2 段" not in _said(shop)
    with shop.write() as tx:
        edits.undo(tx, mark)
    assert "Thank you" in _said(shop)


@pytest.mark.parametrize(
    ("told", "sorry"),
    [
        (FollowUp(outcome="problem"), "Last time you were not happy"),
        (FollowUp(rating=2), "Last time you were not happy"),
        (FollowUp(rating=3), ""),
        (FollowUp(outcome="no_answer"), ""),
    ],
)
def test_whom_it_went_badly_with_is_told_sorry(shop: Shop, told: FollowUp, sorry: str) -> None:
    i18n.set_language("en")
    _card(shop)
    _asked(shop, told)
    assert (sorry or "Thank you") in _said(shop)
    _asked(shop, FollowUp(outcome="no_answer"))
    assert (sorry or "Thank you") in _said(shop), "nobody has told that it is all right"
    _asked(shop, FollowUp(rating=5))
    assert "Thank you" in _said(shop)


def test_what_went_badly_is_named_until_she_buys_again(shop: Shop) -> None:
    i18n.set_language("en")
    card = _card(shop)
    _asked(shop, FollowUp(outcome="problem", order=card.orders[1].id, day=(TODAY - timedelta(days=5)).isoformat()))
    assert _said(shop).startswith("Hi 乐乐! I am sorry that you were not happy with the 启悦 2 段奶粉. ")
    given_orders(shop, [order("26119-9", "lele.jia", TODAY - timedelta(days=1), 19_800, items=[MILK])])
    assert "Thank you" in _said(shop)


def test_a_poor_review_is_answered_by_the_product_it_is_of(shop: Shop) -> None:
    i18n.set_language("en")
    card = _card(shop)
    with shop.write() as tx:
        reviews.add(tx, card.orders[1].id, Review(1, "少一块", TODAY.isoformat(), product="小木马"))
    assert _said(shop).startswith("Hi 乐乐! I am sorry that you were not happy with the 小木马. ")


def test_one_that_came_back_whole_is_not_passed_over_for_the_one_before(shop: Shop) -> None:
    i18n.set_language("en")
    _card(shop)
    back = order("26119-9", "lele.jia", TODAY - timedelta(days=4), 19_800, refunded=19_800,
                 state=OrderState.REFUNDED, items=[MILK])  # fmt: skip
    given_orders(shop, [back])
    assert _said(shop).endswith("What can I do for you?")


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW"], indirect=True)
def test_in_chinese_nothing_is_left_blank_between_the_sentences(shop: Shop, language: str) -> None:
    assert language.startswith("zh")
    said = greeting(replace(_card(shop), group="privileged"), today=clock.day_number(TODAY), hour=9)
    assert said.startswith("乐乐早上好" if language == "zh_CN" else "乐乐早安")
    assert " " not in said.replace("启悦 2 段奶粉", "")
