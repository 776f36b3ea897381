from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopcrm.app import Shop
from shopcrm.base.birthdays import SOLAR, Birthday
from shopcrm.base.options import TRADE
from shopcrm.collect import attributes, birthdays, customer_merges, customers, edits, notes, tags, who_is_who
from shopcrm.collect import settings as settings_of_shop
from shopcrm.collect.customer_merges import NoSuchMerge
from shopcrm.collect.who_is_who import OrderTaken, TheSame
from shopcrm.store.journal import NothingToUndo
from tests.builders import TODAY, content, given_orders, new_shop, order
from tests.proving import examples

D1, D2, D3 = (TODAY - timedelta(days=days) for days in (90, 60, 30))
DERIVED = frozenset({"customer_merges", "distinct_customers"})


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    yield opened
    opened.close()


def held(shop: Shop) -> dict[str, Any]:
    """The content without what only remembers who was made one, and who is not."""
    return {name: rows for name, rows in content(shop).items() if name not in DERIVED}


def merge(shop: Shop, keep: int, gone: int, *choices: str) -> int:
    with shop.write() as tx:
        return who_is_who.merge_customers(tx, keep=keep, gone=gone, choices=choices)


def unmerge(shop: Shop, number: int) -> int:
    with shop.write() as tx:
        return who_is_who.unmerge(tx, number)


def undo(shop: Shop, change_set: int) -> int:
    with shop.write() as tx:
        return edits.undo(tx, change_set).change_set


def owners(shop: Shop) -> dict[str, int | None]:
    with shop.read() as tx:
        rows = tx.connection.exec_driver_sql("SELECT number, customer_id FROM orders")
        return {row.number: row.customer_id for row in rows}


def row_of(shop: Shop, customer: int) -> dict[str, Any]:
    with shop.read() as tx:
        found = tx.connection.exec_driver_sql("SELECT * FROM customers WHERE id = ?", (customer,)).mappings().one()
        return dict(found)


def fill(shop: Shop) -> None:
    """Four customers of one marketplace; the first two share a phone, and each knows something of her own."""
    shared = "13800130001"
    for number, nick, day, name, phone in (
        ("1", "lin_a", D1, "林小满", shared),
        ("2", "lin_b", D2, "满满", shared),
        ("3", "zhou_c", D1, "周青", None),
        ("4", "chen_d", D2, "陈默", None),
    ):
        given_orders(shop, [order(number, nick, day, recipient_name=name, phone=phone)])
    with shop.write() as tx:
        settings_of_shop.choose(tx, {TRADE: "mother_baby"})
        tags.put(tx, [1, 2, 3], name="宝妈群")
        tags.put(tx, [2, 4], name="怕奶腥")
        notes.add(tx, 2, text="微信上聊过")
        attributes.put(tx, {1: {"baby_name": "团团"}, 2: {"baby_name": "圆圆", "baby_sex": "girl"}})
        birthdays.put(tx, {2: Birthday(SOLAR, 8, 15), 3: Birthday(SOLAR, 1, 2)})
        who_is_who.two_people(tx, 2, 3)


def test_two_become_one_with_all_that_is_theirs_and_two_again_months_later(shop: Shop) -> None:
    fill(shop)
    before = held(shop)
    merge(shop, 1, 2)
    assert {number: owner for number, owner in owners(shop).items() if owner == 1} == {"1": 1, "2": 1}
    with shop.read() as tx:
        assert [note.text for note in notes.of_customer(tx, 1)] == ["微信上聊过"]
        assert [line.value for line in attributes.of_customer(tx, 1) if line.value] == ["团团", "girl"]
        ((one, name),) = [(part.merge, part.name) for part in customer_merges.parts(tx, 1)]
        pairs = tx.connection.exec_driver_sql("SELECT first_id, second_id FROM distinct_customers").all()
    assert [tuple(pair) for pair in pairs] == [(1, 3)], "who is not her is not the one she became"
    assert name == "满满"
    assert (one.gone, one.evidence, one.batch) == (2, ({"kind": "hand"},), None)
    assert shop.check() == []
    unmerge(shop, one.id)
    assert held(shop) == before
    assert shop.check() == []


def test_what_is_chosen_is_taken_from_the_one_who_leaves_and_goes_back_unless_edited_since(shop: Shop) -> None:
    fill(shop)
    with shop.write() as tx:
        for one, gender, company in ((1, "female", "甲"), (2, "male", "乙")):
            tx.begin_change("test")
            tx.connection.exec_driver_sql(
                "UPDATE customers SET gender = ?, company = ? WHERE id = ?", (gender, company, one)
            )
    before = row_of(shop, 1)
    merge(shop, 1, 2, "gender", "company", "name", "attribute:baby_name")
    row = row_of(shop, 1)
    assert (row["gender"], row["company"], row["name"], row["name_by_hand"]) == ("male", "乙", "满满", 1)
    assert (row["birth_month"], row["birth_day"]) == (8, 15), "what only the other knew comes along unasked"
    with shop.write() as tx:
        assert next(iter(attributes.of_customer(tx, 1))).value == "圆圆"
        tx.connection.exec_driver_sql("UPDATE customers SET company = '丙' WHERE id = 1")
    unmerge(shop, 1)
    assert row_of(shop, 1) == {**before, "company": "丙"}
    with shop.read() as tx:
        assert next(iter(attributes.of_customer(tx, 1))).value == "团团"
    assert shop.check() == []


def test_orders_that_came_since_go_to_whom_their_identity_belongs(shop: Shop) -> None:
    fill(shop)
    merge(shop, 1, 2)
    given_orders(
        shop,
        [
            order("5", "lin_b", D3, recipient_name="满满", phone="13800130001"),
            order("6", "lin_b", D3, recipient_name="满满", phone="13800130009"),
            order("7", "lin_a", D3, recipient_name="林小满", phone="13800130009"),
        ],
    )
    assert {owners(shop)[number] for number in "12567"} == {1}
    unmerge(shop, 1)
    assert owners(shop) == {"1": 1, "2": 2, "3": 3, "4": 4, "5": 2, "6": 2, "7": 1}
    with shop.read() as tx:
        told = tx.connection.exec_driver_sql(
            """SELECT o.number, i.customer_id, i.value FROM orders o JOIN order_identities l ON l.order_id = o.id
                 JOIN identities i ON i.id = l.identity_id WHERE i.kind = 'phone' ORDER BY o.number"""
        )
        assert [tuple(row) for row in told] == [
            ("1", 1, "13800130001"), ("2", 2, "13800130001"), ("5", 2, "13800130001"),
            ("6", 2, "13800130009"), ("7", 1, "13800130009"),
        ]  # fmt: skip
    assert shop.check() == []


def test_undone_and_done_again(shop: Shop) -> None:
    fill(shop)
    apart = content(shop)
    change = merge(shop, 1, 2, "name")
    one = held(shop)
    redo = undo(shop, change)
    assert content(shop) == apart, "taken back, they may be suggested again"
    again = undo(shop, redo)
    assert held(shop) == one
    undo(shop, again)
    assert content(shop) == apart
    with pytest.raises(NothingToUndo), shop.write() as tx:
        edits.undo(tx, again)


def test_taken_apart_is_for_good_until_that_is_undone(shop: Shop) -> None:
    fill(shop)
    merge(shop, 1, 4)
    one = content(shop)
    change = unmerge(shop, 1)
    with shop.read() as tx:
        rows = tx.connection.exec_driver_sql("SELECT first_id, second_id FROM distinct_customers")
        pairs = {tuple(row) for row in rows}
    assert pairs == {(1, 4), (2, 3)}
    with pytest.raises(NoSuchMerge), shop.write() as tx:
        who_is_who.unmerge(tx, 1)
    undo(shop, change)
    now = content(shop)
    assert {name: rows for name, rows in now.items() if name != "customer_merges"} == {
        name: rows for name, rows in one.items() if name != "customer_merges"
    }


def test_an_import_does_not_make_one_of_two_who_were_said_to_be_two(shop: Shop) -> None:
    given_orders(shop, [order("1", "lin_a", D1)])
    given_orders(shop, [order("9", "wx_lin", D1, platform="wechat", phone="13800130001")], platform="wechat")
    with shop.write() as tx:
        who_is_who.two_people(tx, 2, 1)
    given_orders(shop, [order("2", "lin_a", D2, phone="13800130001")])
    assert owners(shop) == {"1": 1, "9": 2, "2": 1}
    assert shop.check() == []


def test_nonsense_is_refused(shop: Shop) -> None:
    fill(shop)
    with pytest.raises(TheSame), shop.write() as tx:
        who_is_who.merge_customers(tx, keep=1, gone=1)
    with pytest.raises(TheSame), shop.write() as tx:
        who_is_who.two_people(tx, 2, 2)
    with pytest.raises(customers.NoSuchCustomer), shop.write() as tx:
        who_is_who.merge_customers(tx, keep=1, gone=99)


def test_an_order_without_a_buyer_is_found_linked_and_loose_again(shop: Shop) -> None:
    fill(shop)
    given_orders(
        shop,
        [
            order("500", None, D2, recipient_name="林**", address="虚构路 1 号 100%", title="软软云 纸尿裤"),
            order("501", None, D3, recipient_name="王*"),
        ],
    )
    with shop.read() as tx:
        assert who_is_who.loose_count(tx) == 2
        assert [line.number for line in who_is_who.loose_orders(tx)] == ["501", "500"]
        assert [line.number for line in who_is_who.loose_orders(tx, "纸尿裤 100%")] == ["500"]
        assert who_is_who.loose_orders(tx, "纸尿裤 50_") == []
        (line,) = who_is_who.loose_orders(tx, "林")
    before = content(shop)
    with shop.write() as tx:
        change = who_is_who.link_orders(tx, [line.id], customer=1)
    assert owners(shop)["500"] == 1
    with shop.read() as tx:
        assert len(tx.connection.exec_driver_sql("SELECT 1 FROM occasions WHERE customer_id = 1").all()) == 2
    assert shop.check() == []
    with pytest.raises(OrderTaken), shop.write() as tx:
        who_is_who.link_orders(tx, [line.id], customer=2)
    undo(shop, change)
    assert content(shop) == before


def test_an_order_finds_its_buyer_when_a_later_file_tells_one(shop: Shop) -> None:
    fill(shop)
    given_orders(shop, [order("500", None, D2), order("501", None, D2)])
    with shop.write() as tx:
        (linked,) = who_is_who.loose_orders(tx, "501")
        who_is_who.link_orders(tx, [linked.id], customer=3)
    given_orders(shop, [order("500", "lin_a", D2), order("501", "wu_new", D2)])
    found = owners(shop)
    assert (found["500"], found["501"]) == (1, 3), "whose it is by hand stays, and gains the account"
    with shop.read() as tx:
        assert who_is_who.loose_count(tx) == 0
    given_orders(shop, [order("502", "wu_new", D3)])
    assert owners(shop)["502"] == 3
    shop.undo_import()
    shop.undo_import()
    assert owners(shop)["500"] is None
    assert owners(shop)["501"] == 3
    assert shop.check() == []


_NICKS = ("lin_a", "lin_b", "zhou_c", "chen_d", "wu_e")
_PHONES = (None, "13800130001", "13800130002")
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("import"), st.lists(st.tuples(st.sampled_from(_NICKS), st.sampled_from(_PHONES)), min_size=1,
                                              max_size=4)),
        st.tuples(st.just("merge"), st.integers(0, 9), st.integers(0, 9)),
        st.tuples(st.just("unmerge"), st.integers(0, 9)),
        st.tuples(st.just("undo"), st.integers(0, 9)),
        st.tuples(st.just("tag"), st.integers(0, 9), st.sampled_from(["a", "b"])),
    ),
    max_size=14,
)  # fmt: skip


def _ids(shop: Shop, sql: str) -> list[int]:
    with shop.read() as tx:
        return [row[0] for row in tx.connection.exec_driver_sql(sql)]


def _whose(shop: Shop) -> dict[str, Any]:
    """By buyer: orders, identities, and by what each order was named."""
    with shop.read() as tx:
        run = tx.connection.exec_driver_sql
        buyer = "(SELECT value FROM identities b WHERE b.customer_id = {} AND b.kind = 'buyer_id')"
        return {
            "orders": sorted(map(tuple, run(f"SELECT number, {buyer.format('customer_id')} FROM orders"))),
            "identities": sorted(
                map(tuple, run(f"SELECT kind, value, deciding, {buyer.format('i.customer_id')} FROM identities i"))
            ),
            "named": sorted(
                map(tuple, run(f"""SELECT o.number, i.value, {buyer.format("i.customer_id")} FROM order_identities l
                                     JOIN orders o ON o.id = l.order_id JOIN identities i ON i.id = l.identity_id"""))
            ),
        }  # fmt: skip


@settings(max_examples=examples(30, many=1_000), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS, data=st.data())
def test_whatever_is_merged_and_taken_apart_it_is_in_the_end_as_if_nobody_had_been(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Any], data: st.DataObject
) -> None:
    shop, plain = (new_shop(tmp_path_factory.mktemp("shop") / name) for name in ("merged", "plain"))
    try:
        changes, count = [], 0
        for step in steps:
            there = _ids(shop, "SELECT id FROM customers ORDER BY id")
            standing = _ids(shop, "SELECT id FROM customer_merges ORDER BY id")
            match step:
                case "import", told:
                    made = [order(str(count + n), nick, D1, phone=phone) for n, (nick, phone) in enumerate(told)]
                    count += len(told)
                    given_orders(shop, made)
                    given_orders(plain, made)
                case "merge", first, second if len(there) > 1:
                    keep = there[first % len(there)]
                    gone = there[second % len(there)]
                    if keep != gone:
                        changes.append(merge(shop, keep, gone))
                case "unmerge", which if standing:
                    changes.append(unmerge(shop, standing[which % len(standing)]))
                case "undo", which if changes:
                    with shop.write() as tx:
                        try:
                            changes.append(edits.undo(tx, changes.pop(which % len(changes))).change_set)
                        except NoSuchMerge:
                            continue
                case "tag", who, name if there:
                    with shop.write() as tx:
                        tags.put(tx, [there[who % len(there)]], name=name)
            assert shop.check() == []
        while standing := _ids(shop, "SELECT id FROM customer_merges ORDER BY id"):
            unmerge(shop, data.draw(st.sampled_from(standing)))
        assert shop.check() == []
        assert _whose(shop) == _whose(plain)
    finally:
        shop.close()
        plain.close()


_PAIRS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.sets(st.sampled_from(["gender", "birthday"]))), max_size=3
)


@settings(max_examples=examples(15, many=500))
@given(pairs=_PAIRS, batches=st.permutations([1, 2, 3]))
def test_imports_are_taken_back_whoever_was_made_one_since(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[int, int, set[str]]], batches: list[int]
) -> None:
    shop = new_shop(tmp_path_factory.mktemp("shop") / "shop")
    try:
        empty = content(shop)
        given_orders(shop, [order("1", "lin_a", D1, phone="13800130001"), order("2", "lin_b", D1)])
        given_orders(shop, [order("9", "wx", D1, platform="wechat", phone="13800130001")], platform="wechat")
        given_orders(shop, [order("2", "lin_b", D1, refunded=500, phone="13800130001"), order("3", "zhou_c", D2)])
        for first, second, choices in pairs:
            there = _ids(shop, "SELECT id FROM customers ORDER BY id")
            keep, gone = there[first % len(there)], there[second % len(there)]
            if keep != gone:
                merge(shop, keep, gone, *sorted(choices))
        for batch in batches:
            report = shop.undo_import(batch)
            assert {left.because for left in report.kept} <= {"later_import", "edited_since"}
            assert shop.check() == []
        assert content(shop) == empty
    finally:
        shop.close()
