"""What stood in a field before: the edits that stand, who made them, and the file that brought the first value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base import i18n
from shopcrm.base.birthdays import SOLAR, Birthday
from shopcrm.base.options import TRADE
from shopcrm.collect import attributes, birthdays, customers, edits, history, people_data, person_identities, settings
from shopcrm.collect.history import Past
from tests.builders import TODAY, given_orders, given_people, new_shop, order, person

LIN, NEW, NEWER = "13800130001", "13800130009", "13800130008"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(opened, [order("1", "lin_a", TODAY - timedelta(days=60), phone=LIN)])
    yield opened
    opened.close()


def steps(found: tuple[Past, ...]) -> list[tuple[object, object, str, str | None]]:
    return [(past.before, past.after, past.kind, past.file) for past in found]


def field(shop: Shop, name: str) -> list[tuple[object, object, str, str | None]]:
    with shop.read() as tx:
        return steps(history.of_field(tx, 1, name))


def test_a_phone_tells_its_file_and_its_edits(shop: Shop) -> None:
    with shop.read() as tx:
        phone = int(tx.connection.exec_driver_sql("SELECT id FROM identities WHERE kind = 'phone'").scalar_one())
    for text in (NEW, NEWER):
        with shop.write() as tx:
            person_identities.edit_identity(tx, phone, text=text)
    with shop.read() as tx:
        found = history.of_identity(tx, phone)
        assert tx.actor == found[0].actor
    assert steps(found) == [
        (NEW, NEWER, "identity_edit", None), (LIN, NEW, "identity_edit", None), (None, LIN, "import", "orders-0.csv")
    ]  # fmt: skip
    with shop.write() as tx:
        person_identities.remove_identity(tx, phone)
    with shop.read() as tx:
        assert steps(history.removed_identities(tx, 1)) == [(NEWER, None, "phone", None)]
    with shop.write() as tx:
        added = person_identities.add_identity(tx, 1, kind="phone", text=NEWER)
        assert added
    with shop.read() as tx:
        assert history.removed_identities(tx, 1) == ()


def test_only_what_stands_is_told(shop: Shop) -> None:
    with shop.write() as tx:
        first = people_data.put(tx, {1: {"occupation": "老师"}})
    with shop.write() as tx:
        people_data.put(tx, {1: {"company": "甲"}})  # another field of the same row
    with shop.write() as tx:
        second = people_data.put(tx, {1: {"occupation": "医生"}})
    assert field(shop, "occupation") == [("老师", "医生", "person", None), (None, "老师", "person", None)]
    with shop.write() as tx:
        undoing = edits.undo(tx, second).change_set
    assert field(shop, "occupation") == [(None, "老师", "person", None)]
    with shop.write() as tx:
        edits.undo(tx, undoing)
    assert field(shop, "occupation")[0] == ("老师", "医生", "undo", None)
    assert field(shop, "company") == [(None, "甲", "person", None)]
    with pytest.raises(KeyError):
        field(shop, "salary")
    assert first


def test_what_a_list_filled_names_the_list(shop: Shop) -> None:
    given_people(shop, [person("林", phone=LIN, occupation="老师", birthday=Birthday(SOLAR, 3, 5, 1990))])
    with shop.write() as tx:
        birthdays.put(tx, {1: Birthday(SOLAR, 3, 6, 1990)})
        customers.rename(tx, 1, name="小满")
    assert field(shop, "occupation") == [(None, "老师", "import", "orders-0.csv")]
    assert field(shop, "birthday") == [
        (Birthday(SOLAR, 3, 5, 1990), Birthday(SOLAR, 3, 6, 1990), "birthday", None),
        (None, Birthday(SOLAR, 3, 5, 1990), "import", "orders-0.csv"),
    ]
    assert field(shop, "name")[0][1:3] == ("小满", "rename")


def test_an_address_typed_in_begins_with_the_hand(shop: Shop) -> None:
    with shop.write() as tx:
        people_data.add_address(tx, 1, text="浙江省杭州市虚构路1号")
        (address,) = people_data.addresses_of(tx, 1)
        people_data.edit_address(tx, address.id, text="浙江省杭州市虚构路2号")
    with shop.read() as tx:
        found = steps(history.of_address(tx, address.id))
    assert [step[2] for step in found] == ["address_edit", "address_add"]
    assert found[1][:2] == (None, "浙江省杭州市虚构路1号")


def test_what_the_trade_keeps_tells_its_changes_in_words(shop: Shop) -> None:
    i18n.set_language("en")
    with shop.write() as tx:
        settings.choose(tx, {TRADE: "clothing"})
    for value in ("M", "L", None, "S"):
        with shop.write() as tx:
            attributes.put(tx, {1: {"top_size": value, "colours": ("blue", "red") if value == "M" else ("blue",)}})
    with shop.write() as tx:
        edits.undo(tx, attributes.put(tx, {1: {"top_size": "XXL"}}))
    with shop.read() as tx:
        found = history.of_attribute(tx, 1, "top_size")
        assert [(past.before, past.after) for past in found] == [(None, "S"), ("L", None), ("M", "L"), (None, "M")]
        colours = history.of_attribute(tx, 1, "colours")
        assert [(past.before, past.after) for past in colours] == [("blue, red", "blue"), (None, "blue, red")]
        assert history.of_attribute(tx, 1, "height_cm") == ()
