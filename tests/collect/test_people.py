"""Lists of people: matched by their identities, filling what is blank, taken back as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shopcrm.act import customer_list, desk
from shopcrm.app import Shop
from shopcrm.base.birthdays import LUNAR, SOLAR, Birthday
from shopcrm.collect import birthdays, customers, imports, notes, tags, who_is_who
from shopcrm.collect.foreign import ForeignAddress, ForeignPerson
from shopcrm.collect.identities import IdentityKey
from shopcrm.collect.imports import FileReport
from shopcrm.collect.people_matching import Holders
from tests.builders import content, given_orders, given_people, new_shop, order, person, stage

D1, D2 = date(2026, 6, 1), date(2026, 7, 2)
LIN = "13800130001"
ZHOU = "13800130002"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    yield opened
    opened.close()


def _counts(file: FileReport) -> tuple[int, int, int]:
    return file.people_new, file.people_changed, file.people_same


def _card(shop: Shop, text: str) -> desk.Card:
    with shop.read() as tx:
        (hit,) = desk.find(tx, text)
        return desk.card(tx, shop.columns(), hit.id)


def _row(shop: Shop, customer: int) -> dict[str, object]:
    with shop.read() as tx:
        return dict(tx.connection.exec_driver_sql("SELECT * FROM customers WHERE id = ?", (customer,)).mappings().one())


FULL = person(
    "林小满", phone=LIN, email="lin@example.com", gender="female", company="虚构花店", occupation="店主",
    source="朋友介绍", entry_offer="9.9 试用装", age_band="25-29", member_level="金卡", birthday=Birthday(LUNAR, 8, 15),
    note="喜欢\n小礼物", tags=("宝妈群", "老客"),
    addresses=(ForeignAddress("浙江省杭州市西湖区虚构路1号", "浙江", "杭州", "林小满", LIN, "西湖区"),),
)  # fmt: skip


def test_people_without_orders_are_customers_who_are_listed_found_and_shown(shop: Shop) -> None:
    (file,) = given_people(shop, [FULL, person("周阿姨", wechat="zhou_wx")]).files
    assert (_counts(file), file.customers_new, file.orders_new) == ((2, 0, 0), 2, 0)
    card = _card(shop, "8130001"[-4:])
    assert (card.name, set(card.tags), [note.text for note in card.notes]) == (
        "林小满", {"宝妈群", "老客"}, ["喜欢\n小礼物"],
    )  # fmt: skip
    assert card.birthday is not None
    assert card.birthday.birthday == Birthday(LUNAR, 8, 15)
    assert _card(shop, "zhou_wx").name == "周阿姨"
    with shop.read() as tx:
        columns = shop.columns()
        listed = customer_list.ids(tx, columns, order=(customer_list.Order("name", descending=False),))
        keys = ("name", "shown_phone", "province", "city", "occasions")
        shown = customer_list.rows(tx, columns, listed, keys=keys)
    assert [tuple(row.values.values()) for row in shown] == [
        ("林小满", LIN, "浙江", "杭州", 0), ("周阿姨", None, None, None, 0),
    ]  # fmt: skip
    kept = _row(shop, card.id)
    told = ("gender", "company", "occupation", "source", "entry_offer", "age_band", "member_level", "district")
    assert [kept[name] for name in told] == [
        "female", "虚构花店", "店主", "朋友介绍", "9.9 试用装", "25-29", "金卡", "西湖区",
    ]  # fmt: skip
    assert shop.check() == []


def test_the_same_list_again_changes_nothing(shop: Shop) -> None:
    people = [FULL, person("周阿姨", phone=ZHOU), person("只有名字"), person("只有名字"), person(None, email="a@b.com")]
    given_people(shop, people)
    before = content(shop)
    (file,) = given_people(shop, people).files
    assert _counts(file) == (0, 0, 5)
    assert content(shop) == before


def test_a_preview_says_what_the_import_does_and_changes_nothing(shop: Shop) -> None:
    given_people(shop, [person("林小满", phone=LIN)])
    before = content(shop)
    staged = stage(shop, [FULL, person("周阿姨", phone=ZHOU)], platform="contacts", report="people")
    preview = shop.preview(staged)
    assert content(shop) == before
    assert _counts(preview.files[0]) == (1, 1, 0)
    assert shop.import_staged(staged).files == preview.files
    with shop.read() as tx:
        assert _counts(imports.history(tx)[0].files[0]) == (1, 1, 0)


def test_a_list_fills_only_what_is_blank(shop: Shop) -> None:
    given_orders(shop, [order("1001", "lin_a", D1, phone=LIN, recipient_name="林满满", province="上海", city="上海")])
    with shop.write() as tx:
        tags.put(tx, [1], name="老客")
        notes.add(tx, 1, text="喜欢\n小礼物")
        birthdays.put(tx, {1: Birthday(SOLAR, 3, 5)})
    (file,) = given_people(shop, [FULL]).files
    assert (_counts(file), file.customers_new, file.customers_changed) == ((0, 1, 0), 0, 1)
    card = _card(shop, "lin_a")
    assert (card.name, len(card.notes), sorted(card.tags)) == ("林满满", 1, ["宝妈群", "老客"])
    assert card.birthday is not None
    assert card.birthday.birthday == Birthday(SOLAR, 3, 5)
    kept = _row(shop, 1)
    assert (kept["province"], kept["gender"]) == ("上海", "female")
    other = person("别名", phone=LIN, gender="male", company="另一家", birthday=Birthday(SOLAR, 1, 1))
    assert _counts(given_people(shop, [other]).files[0]) == (0, 0, 1)
    assert _row(shop, 1) == kept
    assert shop.check() == []


def test_a_name_given_by_hand_stays(shop: Shop) -> None:
    given_people(shop, [person(None, phone=LIN)])
    with shop.write() as tx:
        customers.rename(tx, 1, name="小满妈")
    given_people(shop, [person("林小满", phone=LIN)])
    assert _card(shop, LIN).name == "小满妈"


@pytest.mark.parametrize("how", [{"phone": LIN}, {"email": "lin@example.com"}])
def test_a_contact_whose_number_one_customer_holds_is_that_customer(shop: Shop, how: dict[str, str]) -> None:
    told = person("林小满", **how)
    bought = order("1001", None, D1, platform="shopify")
    bought.identities = person(None, platform="shopify", **how).identities
    given_orders(shop, [bought], platform="shopify")
    (file,) = given_people(shop, [told]).files
    assert (file.customers_new, file.customers_changed) == (0, 1)
    assert len(shop.columns()) == 1
    shop.undo_import(1)  # the contact stays: the list that told of it stands
    assert _card(shop, "林小满").statistics.orders == 0
    assert shop.check() == []


def test_a_phone_that_two_hold_makes_neither_of_them_the_contact(shop: Shop) -> None:
    given_orders(shop, [order("1001", "lin_a", D1, phone=LIN), order("1002", "zhou_b", D1, phone=LIN)])
    assert given_people(shop, [person("林小满", phone=LIN)]).files[0].customers_new == 1
    assert _counts(given_people(shop, [person("林小满", phone=LIN)]).files[0]) == (0, 0, 1)


def test_another_buyer_id_of_the_platform_is_another_customer_whatever_they_share(shop: Shop) -> None:
    def told(buyer_id: str | None) -> ForeignPerson:
        return person("Ada", buyer_id=buyer_id, email="ada@example.com", platform="shopify")

    given_people(shop, [told("1")], platform="shopify")
    assert given_people(shop, [told("2")], platform="shopify").files[0].customers_new == 1
    assert given_people(shop, [told("1"), told("2")], platform="shopify").files[0].customers_new == 0
    assert shop.check() == []


def test_a_number_of_many_names_is_nobodys(shop: Shop) -> None:
    given_people(shop, [person(name, phone="02085551234") for name in ("甲", "乙", "丙")])
    assert len(shop.columns()) == 3
    with shop.read() as tx:
        assert list(desk.find(tx, "02085551234")) == []


def test_who_shares_numbers_crosswise_is_one_whatever_the_order_of_rows(shop: Shop) -> None:
    rows = [
        person("林小满", phone=LIN, email="b@example.com"), person("周阿姨", phone=ZHOU, email="a@example.com"),
        person(None, phone=LIN, email="a@example.com"), person("林小满", phone=LIN),
    ]  # fmt: skip
    empty = content(shop)
    for turn in (rows, rows[::-1], [rows[1], rows[3], rows[0], rows[2]]):
        assert given_people(shop, turn).files[0].customers_new == 1
        assert _counts(given_people(shop, turn[::-1]).files[0]) == (0, 0, 4)
        shop.undo_import()
        shop.undo_import()
        assert content(shop) == empty


def test_what_several_hold_decides_for_none_and_is_kept_by_each(shop: Shop) -> None:
    given_orders(shop, [order("1001", "lin_a", D1, phone=LIN)])
    given_people(shop, [person("周阿姨", email="b@example.com")])
    between = person("林小满", email="b@example.com", phone=LIN)  # the e-mail comes before the phone
    assert given_people(shop, [between]).files[0].customers_new == 0
    with shop.read() as tx:
        asked = "SELECT customer_id, deciding FROM identities WHERE kind = 'phone' ORDER BY 1"
        assert [tuple(row) for row in tx.connection.exec_driver_sql(asked)] == [(1, 0), (2, 1)]
    given_people(shop, [person("谁", phone=LIN, platform="taobao")], platform="taobao")
    assert len(shop.columns()) == 3
    assert _counts(given_people(shop, [between]).files[0]) == (0, 0, 1)


def test_who_was_made_one_with_another_since_is_that_one_when_told_again(shop: Shop) -> None:
    told = [person("林小满", note="甲"), person("小满", wechat="lin_wx")]
    given_people(shop, told)
    with shop.write() as tx:
        who_is_who.merge_customers(tx, keep=2, gone=1)
    assert _counts(given_people(shop, told).files[0]) == (0, 0, 2)
    assert len(shop.columns()) == 1


def test_one_who_is_only_a_name_is_never_somebody_elses(shop: Shop) -> None:
    given_orders(shop, [order("1001", "lin_a", D1, recipient_name="林小满")])
    given_people(shop, [person("林小满")])
    assert len(shop.columns()) == 2
    given_people(shop, [person("林小满", phone=LIN)])
    assert len(shop.columns()) == 3


def test_orders_and_people_of_one_batch_are_one_customer(shop: Shop) -> None:
    empty = content(shop)
    report = _both(shop)
    orders, people = report.files
    assert (orders.customers_new, people.customers_new, _counts(people)) == (1, 0, (0, 1, 0))
    card = _card(shop, "lin_a")
    assert (card.name, card.statistics.orders) == ("林小满", 1)
    assert shop.check() == []
    shop.undo_import()
    assert content(shop) == empty


def _both(shop: Shop) -> imports.ImportReport:
    from shopcrm.collect.staged import Staged
    from shopcrm.collect.staging import StagingFile, StagingWriter

    shop.home.staging.mkdir(parents=True, exist_ok=True)
    file = StagingFile.fresh(shop.home.staging)
    writer = StagingWriter(file)
    for at, (platform, report) in enumerate((("taobao", "order"), ("contacts", "people"))):
        writer.add_file(
            at, name=f"{at}.csv", platform=platform, report=report, encoding="utf-8", rows=1, header=["x"],
            header_row=1, snapshot_at=None,
        )  # fmt: skip
    writer.add_order(0, order("1001", "lin_a", D1, phone=LIN))
    writer.add_person(1, FULL)
    writer.close()
    return shop.import_staged(Staged(file))


def test_what_was_edited_since_stays_when_the_list_is_undone(shop: Shop) -> None:
    given_people(shop, [FULL])
    with shop.write() as tx:
        birthdays.put(tx, {1: Birthday(SOLAR, 3, 5)})
        notes.add(tx, 1, text="自己写的")
    shop.undo_import()
    card = _card(shop, LIN)
    assert ([note.text for note in card.notes], card.tags) == (["自己写的"], ())
    assert card.birthday is not None
    assert _row(shop, 1)["gender"] is None
    assert shop.check() == []


def test_what_a_later_list_tells_too_waits_for_it(shop: Shop) -> None:
    empty = content(shop)
    given_people(shop, [FULL])
    given_people(shop, [person("林小满", phone=LIN, company="虚构花店")])
    report = shop.undo_import(1)
    assert [(left.kind, left.number, left.because) for left in report.kept] == [("customer", "林小满", "later_import")]
    assert _row(shop, 1)["gender"] == "female"
    shop.undo_import(2)
    assert content(shop) == empty


@pytest.mark.parametrize("by_hand", [True, False])
@pytest.mark.parametrize("turn", [(1, 2), (2, 1)])
def test_what_a_list_gave_to_one_who_was_made_another_s_since_is_taken_back(
    shop: Shop, turn: tuple[int, int], *, by_hand: bool
) -> None:
    empty = content(shop)
    both = [person("林小满", phone=LIN), person("林小满", phone=ZHOU, tags=("宝妈群",))]
    given_people(shop, both)
    given_people(shop, both)
    if by_hand:
        with shop.write() as tx:
            who_is_who.merge_customers(tx, keep=1, gone=2)
    else:
        given_orders(shop, [order("1001", "lin_a", D1, phone=LIN), order("1001", "lin_a", D1, phone=ZHOU)])
    assert len(content(shop)["customers"]) == 1
    for number in turn:
        shop.undo_import(number)
        assert shop.check() == []
    if not by_hand:
        shop.undo_import(3)
    assert content(shop) == empty


def test_the_rules_by_themselves() -> None:
    holders = Holders()
    phone, other = IdentityKey("phone", "taobao", LIN), IdentityKey("phone", "contacts", LIN)
    assert holders.means(other) is None
    holders.add(phone, 7, deciding=False)
    assert holders.means(other) == 7
    assert holders.may_decide(other)
    holders.add(phone, 8, deciding=False)
    assert holders.means(other) is None
    holders.add(other, 9, deciding=True)
    assert holders.means(other) == 9
    holders.add(other, 7, deciding=False)
    assert holders.means(other) is None
