"""Ways to reach somebody, typed, changed and taken away: what is no phone is kept, what is another one's is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shopcrm.act import desk
from shopcrm.app import Shop
from shopcrm.base.errors import UserFailure
from shopcrm.collect import edits, people_data, person_identities, undoing
from shopcrm.collect.person_identities import HeldByAnother
from shopcrm.store.tx import Tx
from tests.builders import TODAY, content, given_orders, given_people, new_shop, order, person

LIN, ZHOU, NEW = "13800130001", "13800130002", "13800130009"
D1, D2 = TODAY - timedelta(days=60), TODAY - timedelta(days=30)
WEST_LAKE = "浙江省 杭州市 西湖区 虚构路 1 号"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(
        opened,
        [
            order(
                "1", "lin_a", D1, phone=LIN, recipient_name="林小满", province="浙江", city="杭州", address=WEST_LAKE
            ),
            order("2", "zhou_b", D2, phone=ZHOU, recipient_name="周晴"),
        ],
    )
    yield opened
    opened.close()


def identities(shop: Shop, customer: int = 1) -> list[tuple[str, str, bool]]:
    with shop.read() as tx:
        rows = tx.connection.exec_driver_sql(
            "SELECT kind, value, deciding FROM identities WHERE customer_id = ? ORDER BY kind, value", (customer,)
        )
        return [(kind, value, bool(deciding)) for kind, value, deciding in rows]


def number_of(shop: Shop, value: str, customer: int = 1) -> int:
    with shop.read() as tx:
        asked = "SELECT id FROM identities WHERE value = ? AND customer_id = ?"
        return int(tx.connection.exec_driver_sql(asked, (value, customer)).scalar_one())


def every_of(*edits_: Callable[[Tx], int]) -> tuple[Callable[[Tx], int], ...]:
    return edits_


def test_a_phone_that_is_none_is_kept_as_typed_and_finds_nobody(shop: Shop) -> None:
    with shop.write() as tx:
        person_identities.add_identity(tx, 1, kind="phone", text=" 138 001 （婆婆） ")
    assert ("no_phone", "138 001 (婆婆)", False) in identities(shop)
    with shop.write() as tx:
        person_identities.edit_identity(tx, number_of(shop, "138 001 (婆婆)"), text="138 0013 0009")
    assert ("phone", NEW, True) in identities(shop)
    with shop.read() as tx:
        assert [hit.id for hit in desk.find(tx, "0009")] == [1]


def test_what_somebody_else_is_known_by_is_said_with_her_name(shop: Shop) -> None:
    before = content(shop)
    for edit in every_of(
        lambda tx: person_identities.add_identity(tx, 2, kind="phone", text="138-0013-0001"),
        lambda tx: person_identities.edit_identity(tx, number_of(shop, ZHOU, 2), text=LIN),
        lambda tx: person_identities.add_identity(
            tx, 2, kind="buyer_id", text=" Lin_A ", platform="taobao", shared=True
        ),
    ):
        with pytest.raises(HeldByAnother) as caught, shop.write() as tx:
            edit(tx)
        assert (caught.value.name, caught.value.customer) == ("林小满", 1)
        assert "林小满" in caught.value.message
    assert content(shop) == before
    with shop.write() as tx:
        person_identities.add_identity(tx, 2, kind="buyer_id", text="lin_a", platform="jd")  # another marketplace's
        person_identities.add_identity(tx, 2, kind="phone", text=LIN, shared=True)
    assert ("phone", LIN, False) in identities(shop, 2)
    assert shop.check() == []


def test_what_is_typed_twice_stands_once(shop: Shop) -> None:
    with shop.write() as tx:
        person_identities.add_identity(tx, 1, kind="wechat", text="xiao")
        person_identities.add_identity(tx, 1, kind="wechat", text=" XIAO ")
        person_identities.add_identity(tx, 1, kind="wechat", text="other")
    with shop.write() as tx:
        person_identities.edit_identity(tx, number_of(shop, "other"), text="xiao")
    assert [value for kind, value, _deciding in identities(shop) if kind == "wechat"] == ["xiao"]


@pytest.mark.parametrize("text", ["", "  ", "138****0001", "x" * 100_000])
def test_bad_input_is_one_sentence_and_changes_nothing(shop: Shop, text: str) -> None:
    before = content(shop)
    for kind in ("phone", "wechat", "email"):
        with pytest.raises(UserFailure) as caught, shop.write() as tx:
            person_identities.add_identity(tx, 1, kind=kind, text=text)
        assert len(caught.value.message) < 120
    assert content(shop) == before


def test_an_import_writes_over_nothing_that_was_typed(shop: Shop) -> None:
    with shop.write() as tx:
        person_identities.edit_identity(tx, number_of(shop, LIN), text=NEW)
        people_data.put(tx, {1: {"occupation": "老师"}})
    given_orders(shop, [order("3", "lin_a", TODAY, phone=LIN)])  # the old phone once more
    given_people(shop, [person("林", phone=NEW, occupation="医生", gender="female")])
    with shop.read() as tx:
        card = desk.card(tx, shop.columns(), 1)
    phones = list(dict.fromkeys(line.value for line in card.identities if line.kind == "phone"))
    assert phones == [NEW, LIN]  # the import's is offered beside it
    assert (card.person.fields["occupation"], card.person.fields["gender"]) == ("老师", "female")


def test_who_has_something_of_the_hand_stays_when_the_import_is_undone(shop: Shop) -> None:
    with shop.write() as tx:
        person_identities.add_identity(tx, 1, kind="wechat", text="xiao")
        report = undoing.undo(tx)
    assert [(left.kind, left.number, left.because) for left in report.kept] == [("customer", "林小满", "edited_since")]
    assert [row[0] for row in content(shop)["customers"]] == [1]
    with shop.read() as tx:
        assert [hit.id for hit in desk.find(tx, "xiao")] == [1]
    assert shop.check() == []


def test_a_phone_that_two_marketplaces_told_is_one_phone(shop: Shop) -> None:
    given_orders(shop, [order("3", "lin_jd", D2, phone=LIN, platform="jd")], platform="jd")
    held = [value for kind, value, _deciding in identities(shop) if kind == "phone"]
    assert held == [LIN, LIN]
    with shop.read() as tx:
        asked = "SELECT min(id) FROM identities WHERE value = ?"
        first = int(tx.connection.exec_driver_sql(asked, (LIN,)).scalar_one())
    with shop.write() as tx:
        changed = person_identities.edit_identity(tx, first, text=NEW)
    assert [value for kind, value, _deciding in identities(shop) if kind == "phone"] == [NEW, NEW]
    with shop.write() as tx:
        edits.undo(tx, changed)
        person_identities.remove_identity(tx, first)
    assert [value for kind, value, _deciding in identities(shop) if kind == "phone"] == []
    assert shop.check() == []


def test_who_else_has_a_phone_is_told_with_it_whoever_told_of_it(shop: Shop) -> None:
    given_orders(shop, [order("3", "lin_papa", D2, phone=LIN, recipient_name="林建国")])
    with shop.write() as tx:
        person_identities.add_identity(tx, 2, kind="phone", text=LIN, shared=True)
    with shop.read() as tx:
        cards = [desk.card(tx, shop.columns(), customer) for customer in (1, 2, 3)]
        (first,) = person_identities.sharers(tx, 1, limit=1).values()

    def others(card: desk.Card) -> list[list[str]]:
        phones = [(line.kind, line.value) for line in card.identities if line.kind == "phone"]
        return [[each.name for each in card.sharers.get(phone, ())] for phone in phones]

    assert list(map(others, cards)) == [[["周晴", "林建国"]], [["林小满", "林建国"], []], [["林小满", "周晴"]]]
    assert [each.name for each in first] == ["周晴"]
    assert {kind for card in cards for kind, _value in card.sharers} == {"phone"}
