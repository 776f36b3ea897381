from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopcrm.act import desk
from shopcrm.app import Shop
from shopcrm.collect import edits, manual, notes, orders
from shopcrm.collect.edits import StillNeeded
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.manual import Item, Order, Person
from tests.builders import TODAY, content, given_orders, new_shop, order

AMY = Person(name="林小满", phone="138 0013 5678", wechat="XiaoMan_88", note="老客户介绍")
DUCK = Item("虚构小木鸭", 2, 1_250, "DUCK")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(opened, [order("26110001", "xiaoman", TODAY - timedelta(days=40), 5_000, phone="13800135678")])
    yield opened
    opened.close()


def rows(shop: Shop, sql: str) -> list[tuple[Any, ...]]:
    with shop.read() as tx:
        return [tuple(row) for row in tx.connection.exec_driver_sql(sql)]


def test_a_customer_is_written_found_and_taken_back(shop: Shop) -> None:
    before = content(shop)
    person = Person(
        name="周晴",
        phone="+86 138-0013-5999",
        wechat="QingZhou",
        email="Qing@Example.com",
        account="qing_z",
        note="爱喝茶",
    )
    with shop.write() as tx:
        written = manual.add_customer(tx, person)
    assert shop.check() == []
    with shop.read() as tx:
        for query in ("周晴", "zq", "5999", "qingzhou", "qing@example.com", "qing_z"):
            assert [hit.id for hit in desk.find(tx, query)] == [written.id], query
        assert [note.text for note in notes.of_customer(tx, written.id)] == ["爱喝茶"]
    with shop.write() as tx:
        redo = edits.undo(tx, written.change_set).change_set
    assert content(shop) == before
    with shop.write() as tx:
        edits.undo(tx, redo)
        assert [hit.id for hit in desk.find(tx, "周晴")] == [written.id]
    assert shop.check() == []


@pytest.mark.parametrize(
    ("person", "failure", "field"),
    [
        (Person(), manual.NobodyNamed, "name"),
        (Person(note="only a note"), manual.NobodyNamed, "name"),
        (Person(name="a", email="a at b"), manual.BadEmail, "email"),
        (Person(name="a", account=" XiaoMan "), manual.AccountTaken, "account"),
    ],
)
def test_what_cannot_be_taken_says_at_which_field_and_writes_nothing(
    shop: Shop, person: Person, failure: type[manual.Invalid], field: str
) -> None:
    before = content(shop)
    with pytest.raises(failure) as caught, shop.write() as tx:
        manual.add_customer(tx, person)
    assert caught.value.field == field
    assert caught.value.message
    assert content(shop) == before


def test_a_phone_that_is_none_is_kept_as_it_is_typed(shop: Shop) -> None:
    with shop.write() as tx:
        written = manual.add_customer(tx, Person(name="阿宁", phone=" 问妈妈 12 "))
        assert manual.known(tx, Person(phone="问妈妈 12")) == ()
    asked = f"SELECT kind, value, display, deciding FROM identities WHERE customer_id = {written.id}"
    assert rows(shop, asked) == [("no_phone", "问妈妈 12", "问妈妈 12", 0)]
    assert shop.check() == []


def test_somebody_who_is_there_is_seen_while_typing(shop: Shop) -> None:
    with shop.read() as tx:
        assert [(one.customer, one.kind) for one in manual.known(tx, AMY)] == [(1, "phone")]
        assert manual.known(tx, Person(phone="138 0013 567")) == ()
        assert [one.kind for one in manual.known(tx, Person(account="XiaoMan", platform="taobao"))] == ["buyer_id"]
        assert manual.known(tx, Person(account="XiaoMan", platform="jd")) == ()
    with shop.write() as tx:
        second = manual.add_customer(tx, AMY)
    with shop.read() as tx:
        assert [one.customer for one in manual.known(tx, Person(wechat="xiaoman_88"))] == [second.id]
    # A phone that two hold recognises neither of them by itself.
    assert rows(shop, f"SELECT kind, deciding FROM identities WHERE customer_id = {second.id} ORDER BY kind") == [
        ("phone", 0), ("wechat", 1)
    ]  # fmt: skip
    assert shop.check() == []


def test_an_account_typed_in_is_found_by_the_next_import(shop: Shop) -> None:
    with shop.write() as tx:
        written = manual.add_customer(tx, Person(name="陈未", account="Chen_Wei", platform="taobao"))
    given_orders(shop, [order("26110002", "chen_wei", TODAY, 8_000)])
    assert rows(shop, "SELECT customer_id FROM orders WHERE number = '26110002'") == [(written.id,)]
    assert rows(shop, f"SELECT name FROM customers WHERE id = {written.id}") == [("陈未",)]
    with pytest.raises(StillNeeded), shop.write() as tx:
        edits.undo(tx, written.change_set)
    shop.undo_import()
    with shop.write() as tx:
        edits.undo(tx, written.change_set)
    assert shop.check() == []


def test_an_order_counts_at_once_and_is_gone_without_a_trace(shop: Shop) -> None:
    before, columns = content(shop), shop.columns()
    with shop.write() as tx:
        written = manual.add_order(tx, Order(1, TODAY, (DUCK, Item("赠品")), paid=2_400, store="微信", note="送货上门"))
    assert shop.check() == []
    with shop.read() as tx:
        card = desk.card(tx, shop.columns(), 1)
        (line, _old) = orders.of_customer(tx, 1)
    assert (card.statistics.occasions, card.statistics.net_total) == (2, 7_400)
    assert (line.platform, line.store, line.number, line.paid, line.state) == (
        "manual", "微信", "20261122-1", 2_400, "finished"
    )  # fmt: skip
    assert [(item.title, item.quantity, item.price, item.paid, item.article) for item in line.items] == [
        ("虚构小木鸭", 2, 1_250, 2_500, "DUCK"), ("赠品", 1, None, None, None)
    ]  # fmt: skip
    with shop.write() as tx:
        edits.undo(tx, written.change_set)
    assert content(shop) == before
    assert shop.columns_at_hand() is None, "they are of before the last commit"
    assert shop.columns().net_total.tolist() == columns.net_total.tolist()
    assert shop.columns_at_hand() is shop.columns()


def test_numbers_of_a_store_are_one_each_and_stores_stay_while_they_are_needed(shop: Shop) -> None:
    before = content(shop)
    written = []
    for store in ("微信", "微信", "门店", "微信"):
        with shop.write() as tx:
            written.append(manual.add_order(tx, Order(1, TODAY, paid=100, store=store)))
    assert [number for (number,) in rows(shop, "SELECT number FROM orders WHERE store_id > 1 ORDER BY id")] == [
        "20261122-1", "20261122-2", "20261122-1", "20261122-3"
    ]  # fmt: skip
    with shop.write() as tx:
        edits.undo(tx, written[0].change_set)  # its store is the others' too
        assert manual.store_names(tx) == ["微信", "门店"]
        again = manual.add_order(tx, Order(1, TODAY, paid=100, store="微信"))
    assert rows(shop, f"SELECT number FROM orders WHERE id = {again.id}") == [("20261122-4",)]
    with shop.write() as tx:
        for one in (again, *written[:0:-1]):
            edits.undo(tx, one.change_set)
    assert {name: content(shop)[name] for name in before if name != "stores"} == {
        name: before[name] for name in before if name != "stores"
    }
    assert shop.check() == []


def test_an_order_is_edited_given_to_another_and_taken_out(shop: Shop) -> None:
    with shop.write() as tx:
        written = manual.add_order(tx, Order(Person(name="周晴"), TODAY, (DUCK,), paid=2_500))
        other = manual.add_customer(tx, Person(name="陈未"))
    before = content(shop)
    with shop.write() as tx:
        typed = manual.typed_order(tx, written.id)
    assert typed == Order(2, TODAY, (DUCK,), paid=2_500)
    changed = replace(
        typed, customer=other.id, day=TODAY - timedelta(days=3), items=(DUCK, DUCK), paid=5_000, refunded=1_000,
        state=OrderState.SHIPPED, store="门店", note="补发",
    )  # fmt: skip
    with shop.write() as tx:
        edited = manual.edit_order(tx, written.id, changed)
        assert manual.typed_order(tx, written.id) == changed
    assert shop.check() == []
    assert shop.columns().net_total.tolist() == [5_000, 0, 4_000]
    with shop.write() as tx:
        edits.undo(tx, edited.change_set)
    assert content(shop) == before
    with shop.write() as tx:
        removed = manual.remove_order(tx, written.id)
    assert shop.columns().net_total.tolist() == [5_000, 0, 0]
    with shop.write() as tx:
        edits.undo(tx, removed)
    assert content(shop) == before
    assert shop.check() == []


def test_an_order_whose_lines_were_typed_again_outlives_the_undo_that_made_it(shop: Shop) -> None:
    typed = Order(Person(name="小满妈"), date(2026, 6, 2), (Item("妙芙 原味"),), paid=3980)
    with shop.write() as tx:
        written = manual.add_order(tx, typed)
        customer = manual.typed_order(tx, written.id).customer
    with shop.write() as tx:
        manual.edit_order(tx, written.id, replace(typed, customer=customer, items=(Item("妙芙 奶香"),)))
    with shop.write() as tx:
        undone = tx.undo(written.change_set)
        assert "orders" in {left.table for left in undone.kept}
    assert rows(shop, "SELECT title FROM order_items WHERE order_id = " + str(written.id)) == [("妙芙 奶香",)]


def test_orders_of_a_marketplace_are_not_edited_by_hand(shop: Shop) -> None:
    with pytest.raises(manual.NoSuchOrder), shop.read() as tx:
        manual.typed_order(tx, 1)
    with pytest.raises(manual.NoSuchOrder), shop.write() as tx:
        manual.remove_order(tx, 1)


@pytest.mark.parametrize(
    ("changes", "failure", "field"),
    [
        ({"day": TODAY + timedelta(days=1)}, manual.InTheFuture, "day"),
        ({"items": (Item(" "),), "paid": 0}, manual.NothingBought, "items"),
        ({"paid": 100, "refunded": 101}, manual.TooMuchBack, "refunded"),
        ({"customer": Person()}, manual.NobodyNamed, "name"),
    ],
)
def test_an_order_that_cannot_be_says_why_and_writes_nothing(
    shop: Shop, changes: dict[str, Any], failure: type[manual.Invalid], field: str
) -> None:
    before = content(shop)
    with pytest.raises(failure) as caught, shop.write() as tx:
        manual.add_order(tx, replace(Order(1, TODAY, (DUCK,), paid=2_500), **changes))
    assert caught.value.field == field
    assert content(shop) == before


@pytest.mark.parametrize(
    ("state", "stored"),
    [
        (OrderState.UNPAID, (0, 0, 0)), (OrderState.CLOSED, (0, 0, 0)), (OrderState.PAID, (2_500, 0, 1)),
        (OrderState.REFUNDED, (2_500, 2_500, 0)),
    ],
)  # fmt: skip
def test_money_follows_the_state(shop: Shop, state: OrderState, stored: tuple[int, ...]) -> None:
    with shop.write() as tx:
        written = manual.add_order(tx, Order(1, TODAY, (DUCK,), paid=2_500, state=state))
    assert rows(shop, f"SELECT paid, refunded, valid FROM orders WHERE id = {written.id}") == [stored]
    assert shop.check() == []


def test_products_are_offered_with_their_last_price(shop: Shop) -> None:
    with shop.write() as tx:
        manual.add_order(tx, Order(1, TODAY, (DUCK, Item("虚构围兜")), paid=2_500))
        manual.add_order(tx, Order(1, TODAY, (replace(DUCK, price=1_500),), paid=3_000))
        assert [(one.title, one.article, one.price) for one in manual.products(tx)] == [
            ("虚构小木鸭", "DUCK", 1_500), ("虚构围兜", None, None)
        ]  # fmt: skip


steps = st.lists(
    st.tuples(
        st.sampled_from(["order", "new", "edit", "remove", "customer"]),
        st.integers(0, 9), st.integers(0, 5_000), st.sampled_from(manual.STATES), st.sampled_from(["", "微信", "门店"]),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@given(steps)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_in_and_undone_backwards_leaves_the_shop_as_it_was(
    shop: Shop, steps: list[tuple[str, int, int, OrderState, str]]
) -> None:
    before = content(shop)
    done: list[int] = []
    made: list[int] = []
    for kind, number, money, state, store in steps:
        person = Person(name=f"虚构{number}", phone=f"1380013{number:04d}", wechat=f"wx{number}")
        typed = Order(
            1, TODAY - timedelta(days=number), (Item(f"货{number}", number + 1, money),), money, 0, state, store
        )
        with shop.write() as tx:
            if kind == "customer":
                done.append(manual.add_customer(tx, person).change_set)
            elif kind == "remove" and made:
                done.append(manual.remove_order(tx, made.pop()))
            elif kind == "edit" and made:
                done.append(manual.edit_order(tx, made[number % len(made)], typed).change_set)
            else:
                who: int | Person = person if kind == "new" else 1
                written = manual.add_order(tx, replace(typed, customer=who))
                done.append(written.change_set)
                made.append(written.id)
    assert shop.check() == []
    for change_set in reversed(done):
        with shop.write() as tx:
            assert edits.undo(tx, change_set).kept == ()
    assert content(shop) == before


def test_a_date_before_the_shop_is_taken(shop: Shop) -> None:
    with shop.write() as tx:
        written = manual.add_order(tx, Order(1, date(2019, 2, 28), (DUCK,), paid=2_500))
    assert rows(shop, f"SELECT number FROM orders WHERE id = {written.id}") == [("20190228-1",)]
    assert shop.check() == []


def test_imports_and_orders_by_hand_go_their_own_ways(shop: Shop) -> None:
    with shop.write() as tx:
        amy = manual.add_order(tx, Order(Person(name="周晴", phone="13800135999"), TODAY, (DUCK,), paid=2_500))
        old = manual.add_order(tx, Order(1, TODAY, (DUCK,), paid=2_500))
    typed = content(shop)
    # Her phone on a marketplace: the order is hers, and she stays when that import is taken back.
    given_orders(shop, [order("26110009", "qing_z", TODAY, 8_000, phone="13800135999")])
    assert rows(shop, "SELECT customer_id FROM orders WHERE number = '26110009'") == [(2,)]
    shop.undo_import()
    assert content(shop) == typed
    # The first import taken back: its customer stays for the order that was typed in.
    shop.undo_import()
    assert rows(shop, "SELECT id FROM customers ORDER BY id") == [(1,), (2,)]
    assert shop.columns().net_total.tolist() == [2_500, 2_500]
    assert shop.check() == []
    with shop.write() as tx:
        for one in (old, amy):
            edits.undo(tx, one.change_set)
    assert rows(shop, "SELECT count(*) FROM orders") == [(0,)]
    assert shop.check() == []


def test_a_phone_is_looked_up_by_an_index(shop: Shop) -> None:
    with shop.read() as tx:
        plan = tx.connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT 1 FROM identities WHERE kind = 'phone' AND platform IN ('manual', 'taobao')"
            " AND value = '13800135678'"
        ).all()
    assert "SEARCH" in plan[0].detail
    assert "value=?" in plan[0].detail
