"""Lists of people: matched by their identities, filling what is blank, taken back as a whole."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopcrm.act import customer_list, desk
from shopcrm.app import Shop
from shopcrm.base.birthdays import LUNAR, SOLAR, Birthday
from shopcrm.collect import birthdays, customers, imports, notes, tags
from shopcrm.collect.foreign import ForeignAddress, ForeignOrder, ForeignPerson
from shopcrm.collect.identities import IdentityKey
from shopcrm.collect.imports import FileReport
from shopcrm.collect.people_planning import Holders
from tests.builders import TODAY, content, given_orders, given_people, new_shop, order, person, stage

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
    source="朋友介绍", member_level="金卡", birthday=Birthday(LUNAR, 8, 15), note="喜欢\n小礼物",
    tags=("宝妈群", "老客"),
    addresses=(ForeignAddress("浙江省杭州市西湖区虚构路1号", "浙江", "杭州", "林小满", LIN),),
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
    assert [kept[name] for name in ("gender", "company", "occupation", "source", "member_level")] == [
        "female", "虚构花店", "店主", "朋友介绍", "金卡",
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


def test_the_rules_by_themselves() -> None:
    holders = Holders()
    phone, other = IdentityKey("phone", "taobao", LIN), IdentityKey("phone", "contacts", LIN)
    assert holders.whose([other]) is None
    holders.add(phone, 7, deciding=False)
    assert holders.whose([other]) == 7
    assert holders.may_take(other, 7)
    assert not holders.may_take(other, 8)
    holders.add(phone, 8, deciding=False)
    assert holders.whose([other]) is None
    holders.add(other, 9, deciding=True)
    assert holders.whose([other]) == 9


_PHONES = st.sampled_from([None, LIN, ZHOU, "13800130003"])
_NAMED = [
    ("林小满", LIN, "lin@example.com", "lin_a"), ("周阿姨", ZHOU, "zhou@example.com", "zhou_b"),
    ("陈一诺", "13800130003", "chen@example.com", "u2"),
]  # fmt: skip
"""A number is of one person: where people share them crosswise, who is who depends on the order of rows."""


def _one_of(who: tuple[str, str, str, str], told: tuple[bool, bool, bool, bool], **more: object) -> ForeignPerson:
    name, phone, email, buyer_id = (value if is_told else None for value, is_told in zip(who, told, strict=True))
    return person(name, phone=phone, email=email, buyer_id=buyer_id, **more)  # type: ignore[arg-type]  # its own keywords


_PERSON = st.builds(
    _one_of,
    st.sampled_from(_NAMED),
    st.tuples(*[st.booleans()] * 4),
    platform=st.sampled_from(["contacts", "taobao"]),
    gender=st.sampled_from([None, "female", "male"]),
    company=st.sampled_from([None, "虚构花店"]),
    birthday=st.sampled_from([None, Birthday(SOLAR, 3, 5), Birthday(LUNAR, 8, 15)]),
    note=st.sampled_from([None, "喜欢小礼物", "爱砍价"]),
    tags=st.lists(st.sampled_from(["宝妈群", "老客"]), unique=True, max_size=2).map(tuple),
    addresses=st.sampled_from([(), (ForeignAddress("浙江省杭州市虚构路1号", "浙江", "杭州"),)]),
).filter(lambda told: bool(told.name or told.identities))
_ORDER = st.builds(
    order,
    st.sampled_from([f"{n:04d}" for n in range(6)]),
    st.sampled_from(["lin_a", "zhou_b", None]),
    st.integers(0, 300).map(lambda days: TODAY - timedelta(days=days)),
    phone=_PHONES,
    recipient_name=st.sampled_from([None, "林满", "周*"]),
)
_BATCHES = st.lists(
    st.one_of(st.lists(_PERSON, min_size=1, max_size=5), st.lists(_ORDER, min_size=1, max_size=4)), max_size=4
)


def _import(shop: Shop, batch: Sequence[ForeignPerson] | Sequence[ForeignOrder]) -> imports.ImportReport:
    people = [one for one in batch if isinstance(one, ForeignPerson)]
    orders = [one for one in batch if isinstance(one, ForeignOrder)]
    return given_people(shop, people) if people else given_orders(shop, orders)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches=_BATCHES)
def test_any_lists_and_orders_undone_in_reverse_leave_what_was(
    batches: Sequence[Sequence[ForeignPerson] | Sequence[ForeignOrder]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = new_shop(Path(folder))
        states = [content(shop)]
        for batch in batches:
            _import(shop, batch)
            states.append(content(shop))
            assert shop.check() == []
            again = _import(shop, batch).files[0]
            # Where people share numbers crosswise a second look may know more; it makes nobody anew.
            assert (again.people_new, again.orders_new) == (0, 0)
            shop.undo_import()
            assert content(shop) == states[-1]
        for before in reversed(states[:-1]):
            shop.undo_import()
            assert content(shop) == before
            assert shop.check() == []
        shop.close()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches=_BATCHES, turn=st.randoms(use_true_random=False))
def test_undone_in_whatever_order_nothing_is_left(
    batches: Sequence[Sequence[ForeignPerson] | Sequence[ForeignOrder]], turn: np.random.Generator
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = new_shop(Path(folder))
        empty = content(shop)
        numbers = [_import(shop, batch).batch for batch in batches]
        turn.shuffle(numbers)
        for number in numbers:
            shop.undo_import(number)
            assert shop.check() == []
        assert content(shop) == empty
        shop.close()
