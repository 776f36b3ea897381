from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.app import Shop
from shopcrm.base import i18n, trades
from shopcrm.base.errors import UserFailure
from shopcrm.base.options import TRADE
from shopcrm.collect import attributes, settings, trade_presets
from shopcrm.collect.attributes import (
    Attribute,
    NoSuchAttribute,
    Stage,
    Value,
    month_later,
    stage_on,
    understand,
    whole_months,
)
from tests.builders import TODAY, content, given_orders, new_shop, order

BORN = date(2025, 11, 2)
MONTHS = (0, 6, 12, 36)


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


@pytest.mark.parametrize("trade", trades.NAMES)
def test_every_preset_is_whole_in_three_languages(trade: str) -> None:
    preset = trade_presets.preset(trade)
    keys = [told.key for told in preset.attribute]
    assert keys
    assert len(set(keys)) == len(keys)
    assert preset.title in ("", *keys)
    for told in preset.attribute:
        assert told.label.keys() == set(i18n.LANGUAGES), told.key
        assert all(choice.label.keys() in ({*i18n.LANGUAGES}, set()) for choice in told.choices), told.key
        assert bool(told.choices) == (told.kind in ("choice", "choices")), told.key
        assert trade_presets.known()[told.key].kind == told.kind, "two trades keep it in one place"
        if told.kind == "stage":
            assert told.of in keys
            assert sorted(told.months) == list(told.months) != []
            assert told.words.keys() == set(i18n.LANGUAGES)


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (BORN - timedelta(days=1), None),
        (BORN, Stage(1, date(2026, 5, 2))),
        (date(2026, 5, 1), Stage(1, date(2026, 5, 2))),
        (date(2026, 5, 2), Stage(2, date(2026, 11, 2))),
        (date(2026, 11, 2), Stage(3, date(2028, 11, 2))),
        (date(2028, 11, 2), Stage(4, None)),
    ],
)
def test_the_formula_stage_follows_from_the_birth(day: date, stage: Stage | None) -> None:
    assert stage_on(BORN, day, months=MONTHS) == stage


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31)), st.integers(0, 60))
def test_a_month_is_over_on_the_day_that_says_so(born: date, months: int) -> None:
    day = month_later(born, months)
    assert whole_months(born, day) == months
    assert whole_months(born, day - timedelta(days=1)) == months - 1


def test_values_of_every_kind_are_kept_shown_in_the_language_and_undone(shop: Shop) -> None:
    before = content(shop)
    told: dict[str, Value | None] = {
        "baby_name": "团团", "baby_sex": "girl", "baby_born": BORN, "taste": ("mild", "not_milky"),
    }  # fmt: skip
    with shop.write() as tx:
        change = attributes.put(tx, {1: told, 2: {"baby_name": "米粒"}})
    assert known(shop) == {**told, "formula_stage": Stage(3, date(2028, 11, 2))}
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


NUMBER, DATE = Attribute("n", "n", "number"), Attribute("d", "d", "date")
YES_NO, TEXT = Attribute("y", "y", "yes_no"), Attribute("t", "t", "text")
CHOICES = (("mild", "清淡"), ("not_milky", "怕奶腥"))
CHOICE, SEVERAL = Attribute("c", "c", "choice", CHOICES), Attribute("s", "s", "choices", CHOICES)


@pytest.mark.parametrize(
    ("attribute", "typed", "value"),
    [
        (NUMBER, "１６８", 168), (NUMBER, "52.5", 52.5), (NUMBER, "1,000", 1000), (NUMBER, " ", None),
        (DATE, "2025-11-2", BORN), (DATE, "2025年11月2日", BORN), (DATE, "2025 农历九月十三", BORN),
        (YES_NO, "是", True), (YES_NO, "No", False), (TEXT, "  团团 ", "团团"),
        (CHOICE, "清淡", "mild"), (CHOICE, "MILD", "mild"), (SEVERAL, "清淡、怕奶腥，清淡", ("mild", "not_milky")),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_a_value_of_the_kind(attribute: Attribute, typed: str, value: Value | None) -> None:
    assert understand(attribute, typed) == value


@pytest.mark.parametrize(
    ("attribute", "typed"),
    [(NUMBER, "tall"), (NUMBER, "nan"), (NUMBER, "inf"), (DATE, "11-2"), (DATE, "soon"), (YES_NO, "perhaps"),
     (CHOICE, "辣"), (SEVERAL, "清淡、辣")],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_one_sentence(attribute: Attribute, typed: str) -> None:
    with pytest.raises(UserFailure) as refused:
        understand(attribute, typed)
    assert "{" not in refused.value.message
