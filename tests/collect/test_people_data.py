"""A customer as a person: every field, way to reach her and address is edited by hand, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base.birthdays import LUNAR, SOLAR, Birthday
from shopcrm.base.errors import UserFailure
from shopcrm.collect import customers, edits, people_data, person_identities, undoing, who_is_who
from shopcrm.collect.foreign import ForeignAddress
from shopcrm.store.tx import Tx
from tests.builders import TODAY, content, given_orders, given_people, new_shop, order, person

LIN, ZHOU, NEW = "13800130001", "13800130002", "13800130009"
D1, D2 = TODAY - timedelta(days=60), TODAY - timedelta(days=30)
WEST_LAKE = "浙江省 杭州市 西湖区 虚构路 1 号"
HOSTILE = ("😀" * 40, "\u202eevil\u202c", "<b>x</b>&nbsp;", "\u200fשלום", "'; DROP TABLE customers; --")


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


def number_of(shop: Shop, value: str, customer: int = 1) -> int:
    with shop.read() as tx:
        asked = "SELECT id FROM identities WHERE value = ? AND customer_id = ?"
        return int(tx.connection.exec_driver_sql(asked, (value, customer)).scalar_one())


def told(shop: Shop, customer: int = 1) -> people_data.PersonData:
    with shop.read() as tx:
        return people_data.of_customer(tx, customer)


def test_every_edit_is_undone_and_done_again(shop: Shop) -> None:
    with shop.write() as tx:
        people_data.add_address(tx, 1, text="广东省广州市天河区虚构路2号")
    phone, address = number_of(shop, LIN), told(shop).addresses[0].id
    every: tuple[Callable[[Tx], int], ...] = (
        lambda tx: people_data.put(tx, {1: {"gender": "female", "occupation": "老师", "entry_offer": "9.9 试用装"}}),
        lambda tx: person_identities.add_identity(tx, 1, kind="wechat", text="Xiao_Man"),
        lambda tx: person_identities.add_identity(tx, 1, kind="phone", text="问婆婆"),
        lambda tx: person_identities.edit_identity(tx, phone, text=NEW),
        lambda tx: person_identities.edit_identity(tx, phone, text="打给我妈"),
        lambda tx: person_identities.remove_identity(tx, phone),
        lambda tx: people_data.add_address(tx, 1, text=WEST_LAKE),
        lambda tx: people_data.edit_address(tx, address, text="北京市朝阳区虚构路3号"),
        lambda tx: people_data.remove_address(tx, address),
    )
    for edit in every:
        before = content(shop)
        with shop.write() as tx:
            change_set = edit(tx)
        after = content(shop)
        assert after != before
        assert shop.check() == []
        with shop.write() as tx:
            undone = edits.undo(tx, change_set)
        assert undone.kept == ()
        assert content(shop) == before
        with shop.write() as tx:
            edits.undo(tx, undone.change_set)
        assert content(shop) == after
        with shop.write() as tx:
            edits.undo(tx, int(tx.connection.exec_driver_sql("SELECT max(id) FROM change_sets").scalar_one()))
        assert content(shop) == before


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_comes_back_as_it_was(shop: Shop, text: str) -> None:
    with shop.write() as tx:
        person_identities.add_identity(tx, 1, kind="wechat", text=text)
        people_data.add_address(tx, 1, text=text)
        people_data.put(tx, {1: {"occupation": people_data.understand("occupation", text)}})
        customers.rename(tx, 1, name=text)
    seen = text.translate(dict.fromkeys((0x202E, 0x202C, 0x200F)))
    assert told(shop).addresses[0].address == told(shop).fields["occupation"] == seen
    assert shop.check() == []


def test_the_region_goes_with_the_address(shop: Shop) -> None:
    def place(customer: int) -> tuple[str | None, ...]:
        data = told(shop, customer)
        return data.province, data.city, data.district

    assert place(1) == ("浙江", "杭州", "西湖区")
    with shop.write() as tx:
        people_data.add_address(tx, 2, text="广东省广州市天河区虚构路2号")
    assert place(2) == ("广东", "广州", "天河区")
    with shop.write() as tx:
        people_data.edit_address(tx, told(shop, 2).addresses[0].id, text="香港特别行政区 九龙 油尖旺区 虚构道1号")
    assert place(2) == ("香港", "九龙", "油尖旺区")
    before = content(shop)
    given_orders(
        shop, [order("4", "lin_a", TODAY, province="浙江", city="杭州", address="浙江省 杭州市 滨江区 虚构路 2 号")]
    )
    assert place(1) == ("浙江", "杭州", "滨江区")
    with shop.write() as tx:
        undoing.undo(tx)
    assert content(shop) == before


def test_addresses_of_lists_know_their_district(shop: Shop) -> None:
    where = ForeignAddress("广东省广州市天河区虚构路2号", "广东", "广州", district="天河区")
    given_people(shop, [person("周", phone=ZHOU, addresses=(where,))])
    (address,) = told(shop, 2).addresses
    assert (address.district, address.by_hand) == ("天河区", False)
    assert told(shop, 2).district == "天河区"


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("gender", "女", "female"), ("gender", "Male", "male"), ("gender", " 其他 ", "other"), ("gender", "", None),
        ("age_band", "25-29", "25-29"), ("age_band", "25 ~ 29 岁", "25-29"), ("age_band", "33", "30-34"),
        ("age_band", "60岁以上", "60+"), ("age_band", "0", "0-17"), ("occupation", "  幼儿园 \t 老师 ", "幼儿园 老师"),
        ("company", "<b>A&B</b>", "<b>A&B</b>"),
    ],
)  # fmt: skip
def test_what_is_typed_into_a_field(field: str, text: str, value: str | None) -> None:
    assert people_data.understand(field, text) == value


@pytest.mark.parametrize(
    ("field", "text"),
    [("gender", "x"), ("age_band", "old"), ("age_band", "200"), ("age_band", "25-30"), ("source", "y" * 121)],
)
def test_what_no_field_takes(field: str, text: str) -> None:
    with pytest.raises(UserFailure) as caught:
        people_data.understand(field, text)
    assert len(caught.value.message) < 160


@pytest.mark.parametrize(
    ("birthday", "band"),
    [
        (None, "40-49"), (Birthday(SOLAR, 3, 5), "40-49"), (Birthday(SOLAR, 11, 22, 2001), "25-29"),
        (Birthday(SOLAR, 11, 23, 2001), "18-24"), (Birthday(LUNAR, 8, 15, 1966), "60+"),
        (Birthday(LUNAR, 10, 15, 1966), "50-59"), (Birthday(SOLAR, 1, 1, 2026), "0-17"),
    ],
)  # fmt: skip
def test_a_year_of_birth_tells_the_age_band_better_than_words(birthday: Birthday | None, band: str) -> None:
    assert people_data.band_of("40-49", birthday, today=date(2026, 11, 22)) == band


def test_merged_and_taken_apart_the_fields_go_along_and_back(shop: Shop) -> None:
    with shop.write() as tx:
        people_data.put(tx, {1: {"gender": "female"}, 2: {"entry_offer": "9.9 试用装", "age_band": "25-29"}})
        people_data.add_address(tx, 2, text="广东省广州市天河区虚构路2号")
    before = content(shop)
    with shop.write() as tx:
        merged = who_is_who.merge_customers(tx, keep=1, gone=2)
    both = told(shop)
    assert (both.fields["gender"], both.fields["entry_offer"], both.fields["age_band"]) == (
        "female", "9.9 试用装", "25-29"
    )  # fmt: skip
    assert len(both.addresses) == 1
    with shop.write() as tx:
        edits.undo(tx, merged)
    assert content(shop) == before
