from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base import i18n
from shopcrm.base.errors import UserFailure
from shopcrm.base.options import TRADE
from shopcrm.collect import attribute_list, attributes, edits, settings
from shopcrm.collect.attribute_list import Draft
from shopcrm.collect.attribute_values import Attribute, Value, understand
from tests.builders import TODAY, given_orders, new_shop, order


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    i18n.set_language("en")
    opened = new_shop(tmp_path / "shop")
    given_orders(opened, [order(nick, nick, TODAY) for nick in ("tao_zi", "a_yun")])
    with opened.write() as tx:
        settings.choose(tx, {TRADE: "food"})
    yield opened
    opened.close()


def add(shop: Shop, label: str, **told: object) -> str:
    with shop.write() as tx:
        return attribute_list.add(tx, Draft(label, **told))  # type: ignore[arg-type]  # of the draft


def keys(shop: Shop) -> list[str]:
    with shop.read() as tx:
        return [one.key for one in attributes.defined(tx)]


def one(shop: Shop, key: str) -> Attribute:
    with shop.read() as tx:
        return attributes.get(tx, key)


def undo(shop: Shop, change_set: int) -> None:
    with shop.write() as tx:
        edits.undo(tx, change_set)


def values(shop: Shop, customer: int = 1) -> dict[str, Value]:
    with shop.read() as tx:
        return attributes.of_customers(tx, [customer]).get(customer, {})


def test_an_own_one_is_like_any_other_and_comes_back_with_its_values(shop: Shop) -> None:
    key = add(shop, " 星座 ", kind="choice", choices="白羊、金牛, 双子；白羊")
    attribute = one(shop, key)
    assert (attribute.label, attribute.own, [shown for _key, shown in attribute.choices]) == (
        "星座", True, ["白羊", "金牛", "双子"],
    )  # fmt: skip
    with shop.write() as tx:
        attributes.put(tx, {1: {key: understand(attribute, "金牛")}, 2: {key: "双子", "avoids": "葱"}})
    with shop.write() as tx:
        assert attribute_list.counts(tx) == {key: 2, "avoids": 1}
        gone = attribute_list.remove(tx, key)
    assert (key in keys(shop), values(shop), values(shop, 2)) == (False, {}, {"avoids": "葱"})
    undo(shop, gone)
    assert (one(shop, key), values(shop), values(shop, 2)) == (
        attribute, {key: "金牛"}, {key: "双子", "avoids": "葱"},
    )  # fmt: skip
    assert add(shop, "血型") != key


def test_the_number_of_one_that_was_removed_is_never_given_again(shop: Shop) -> None:
    first = add(shop, "星座")
    with shop.write() as tx:
        gone = attribute_list.remove(tx, first)
    second = add(shop, "血型")
    undo(shop, gone)
    assert (one(shop, first).label, one(shop, second).label) == ("星座", "血型")


def test_the_undo_of_an_own_one_leaves_it_to_those_who_have_a_value_since(shop: Shop) -> None:
    with shop.write() as tx:
        key = attribute_list.add(tx, Draft("星座"))
        added = tx.change_set
    assert added is not None
    with shop.write() as tx:
        attributes.put(tx, {2: {key: "金牛"}})
    undo(shop, added)
    assert values(shop, 2) == {key: "金牛"}


def test_they_are_moved_among_those_that_are_shown_and_moved_back(shop: Shop) -> None:
    before = keys(shop)
    own = add(shop, "星座")
    assert keys(shop) == [*before, own]
    with shop.write() as tx:
        attribute_list.hide(tx, before[-1])
        moved = attribute_list.move(tx, own, by=-1)
    assert keys(shop) == [*before[:-2], own, before[-2]]
    undo(shop, moved)
    assert keys(shop) == [*before[:-1], own]
    with shop.write() as tx:
        attribute_list.move(tx, own, by=1)
        attribute_list.move(tx, before[0], by=-1)
        attribute_list.hide(tx, before[-1], hidden=False)
    assert set(keys(shop)) == {*before, own}
    assert keys(shop)[0] == before[0]


def test_one_put_aside_keeps_its_values(shop: Shop) -> None:
    with shop.write() as tx:
        attributes.put(tx, {1: {"taste": ("sweet",)}})
        hidden = attribute_list.remove(tx, "taste")
        assert "taste" not in [line.attribute.key for line in attributes.of_customer(tx, 1)]
    assert values(shop) == {"taste": ("sweet",)}
    undo(shop, hidden)
    assert "taste" in keys(shop)


def test_one_of_a_preset_takes_the_owners_word_and_further_choices(shop: Shop) -> None:
    with shop.write() as tx:
        change = attribute_list.change(tx, "softness", Draft("Bite", choices="soft, half and half"))
    attribute = one(shop, "softness")
    assert (attribute.label, attribute.own) == ("Bite", False)
    assert [key for key, _shown in attribute.choices] == ["soft", "chewy", "crisp", "half and half"]
    with shop.read() as tx:
        assert attribute_list.draft_of(attribute) == Draft("Bite", "choice", "half and half")
    with shop.write() as tx:
        attribute_list.change(tx, "softness", Draft(" ", choices="half and half"))
    assert one(shop, "softness").label == "Softness"
    undo(shop, change + 1)
    undo(shop, change)
    assert len(one(shop, "softness").choices) == 3


def test_an_own_number_has_its_unit_and_bounds(shop: Shop) -> None:
    key = add(shop, "Arm", kind="number", unit="cm", low=20, high=100.5)
    assert understand(one(shop, key), "60 cm") == 60
    with pytest.raises(UserFailure) as refused:
        understand(one(shop, key), "101")
    assert "20" in refused.value.message
    assert "100.5" in refused.value.message


@pytest.mark.parametrize(
    "draft",
    [
        Draft(" "), Draft("x" * 65), Draft("{name}"), Draft("a|b"), Draft("Taste"), Draft("taste "),
        Draft("x", "choice"), Draft("x", "choices", " ,、"), Draft("x", "choice", "y" * 100_000),
        Draft("x", "number", low=3, high=2), Draft("x", "choice", ",".join(map(str, range(500)))),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_in_one_sentence_and_nothing_changes(shop: Shop, draft: Draft) -> None:
    before = keys(shop)
    with pytest.raises(UserFailure) as refused, shop.write() as tx:
        attribute_list.add(tx, draft)
    assert "{}" not in refused.value.message or "|" in refused.value.message
    assert len(refused.value.message) < 200
    assert keys(shop) == before
