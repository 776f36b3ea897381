from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base import i18n
from shopcrm.base.options import TRADE
from shopcrm.collect import attributes, settings
from shopcrm.collect.attribute_values import Stage, Value
from shopcrm.collect.attributes import NoSuchAttribute
from tests.builders import TODAY, content, given_orders, new_shop, order

BORN = date(2025, 11, 2)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(opened, [order(nick, nick, TODAY) for nick in ("tao_zi", "a_yun")])
    with opened.write() as tx:
        settings.choose(tx, {TRADE: "mother_baby"})
    yield opened
    opened.close()


def known(shop: Shop, customer: int = 1) -> dict[str, Value]:
    with shop.read() as tx:
        lines = attributes.of_customer(tx, customer)
    return {line.attribute.key: line.value for line in lines if line.value is not None}


def test_values_of_every_kind_are_kept_shown_in_the_language_and_undone(shop: Shop) -> None:
    before = content(shop)
    told: dict[str, Value | None] = {
        "baby_name": "团团", "baby_sex": "girl", "baby_born": BORN, "taste": ("mild", "not_milky"),
    }  # fmt: skip
    with shop.write() as tx:
        change = attributes.put(tx, {1: told, 2: {"baby_name": "米粒"}})
    assert known(shop) == {**told, "baby_months": 12, "formula_stage": Stage(3, date(2028, 11, 2))}
    assert known(shop, 2) == {"baby_name": "米粒"}
    i18n.set_language("zh_CN")
    with shop.read() as tx:
        by_key = {each.key: each for each in attributes.defined(tx)}
    assert by_key["baby_sex"].shown("girl") == "女"
    assert by_key["taste"].shown(("mild", "not_milky")) == "清淡、怕奶腥"
    with shop.write() as tx:
        second = attributes.put(tx, {1: {"baby_name": "圆圆", "baby_sex": None}})
    assert known(shop)["baby_name"] == "圆圆"
    assert "baby_sex" not in known(shop)
    for one in (second, change):
        with shop.write() as tx:
            tx.undo(one)
    after = content(shop)
    assert after.pop("attributes") != before.pop("attributes")  # that there is such a thing is no edit
    assert {name: rows for name, rows in after.items() if name != "sqlite_sequence"} == {
        name: rows for name, rows in before.items() if name != "sqlite_sequence"
    }


def test_the_undo_of_the_first_value_leaves_other_customers_theirs(shop: Shop) -> None:
    with shop.write() as tx:
        first = attributes.put(tx, {1: {"baby_name": "团团"}})
    with shop.write() as tx:
        attributes.put(tx, {2: {"baby_name": "米粒"}})
    with shop.write() as tx:
        tx.undo(first)
    assert (known(shop), known(shop, 2)) == ({}, {"baby_name": "米粒"})


def test_another_trade_hides_nothing_that_is_known(shop: Shop) -> None:
    with shop.write() as tx:
        attributes.put(tx, {1: {"baby_name": "团团"}})
        settings.choose(tx, {TRADE: "pets"})
    assert known(shop) == {"baby_name": "团团"}
    with shop.read() as tx:
        shown = [line.attribute.key for line in attributes.of_customer(tx, 1)]
        assert [line.attribute.key for line in attributes.of_customer(tx, 2)] == shown[:-1]
    assert shown[0] == "pet_name"
    with pytest.raises(NoSuchAttribute), shop.write() as tx:
        attributes.put(tx, {1: {"horse_power": 3}})


def test_a_second_child_is_asked_for_once_there_is_a_first(shop: Shop) -> None:
    def offered() -> set[str]:
        with shop.read() as tx:
            return {line.attribute.key for line in attributes.of_customer(tx, 1)}

    assert not {"baby2_name", "baby3_name"} & offered()
    with shop.write() as tx:
        attributes.put(tx, {1: {"baby_name": "团团", "baby_born": BORN}})
    assert {"baby2_name", "baby2_born"} <= offered()
    assert "baby3_name" not in offered()
    with shop.write() as tx:
        attributes.put(tx, {1: {"baby2_name": "圆圆", "baby2_born": date(2026, 9, 1)}})
    found = known(shop)
    assert (found["formula_stage"], found["baby2_stage"]) == (
        Stage(3, date(2028, 11, 2)), Stage(1, date(2027, 3, 1)),
    )  # fmt: skip
    with shop.read() as tx:
        assert attributes.title(tx, attributes.of_customer(tx, 1)) in ("团团、圆圆", "团团, 圆圆")


def test_what_follows_from_a_date_stands_behind_it_in_every_trade(shop: Shop) -> None:
    with shop.write() as tx:
        attributes.put(tx, {1: {"baby_born": BORN}})
        settings.choose(tx, {TRADE: "pets"})
    with shop.read() as tx:
        keys = [one.key for one in attributes.defined(tx)]
    assert keys.index("pet_months") == keys.index("pet_born") + 1
    assert keys[-3:] == ["baby_born", "baby_months", "formula_stage"]
    assert known(shop)["baby_months"] == 12


def test_who_has_what_of_one_attribute(shop: Shop) -> None:
    with shop.write() as tx:
        attributes.put(tx, {1: {"baby_born": BORN, "clothing_size": "80"}, 2: {"clothing_size": "73"}})
    with shop.read() as tx:
        assert attributes.everybodys(tx, "clothing_size") == {1: "80", 2: "73"}
        assert attributes.everybodys(tx, "baby_months") == {1: 12}
        assert attributes.of_customers(tx, [2, 1], keys=["clothing_size"])[2] == {"clothing_size": "73"}
        with pytest.raises(NoSuchAttribute):
            attributes.everybodys(tx, "nothing")
