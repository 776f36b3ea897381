"""Rows written and taken back together leave what rows written one by one leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.collect import tags
from shopcrm.store import journal, many_rows
from shopcrm.store.tables.customers import customers
from shopcrm.store.tx import Tx
from tests.builders import TODAY, content, given_orders, new_shop, order

PEOPLE = 12


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(opened, [order(f"10{n:02d}", f"buyer_{n}", TODAY - timedelta(days=n)) for n in range(PEOPLE)])
    yield opened
    opened.close()


@pytest.fixture(params=[2, 10_000], ids=["together", "one by one"])
def many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(many_rows, "MANY", request.param)
    return int(request.param)


def paint(tx: Tx) -> int:
    change_set = tx.begin_change("bulk_edit")
    many_rows.edit(tx.connection, change_set, customers, {"gender": "female", "source": "直播"}, range(1, PEOPLE + 1))
    return change_set


@pytest.mark.parametrize(
    "edit",
    [
        lambda tx: tags.put(tx, range(1, PEOPLE + 1), name="老客"),
        lambda tx: tags.take(tx, range(1, PEOPLE + 1), name="宝妈群"),
        lambda tx: tags.merge(tx, 1, into=2),
        paint,
    ],
)
def test_undo_and_redo_leave_exactly_what_was(shop: Shop, many: int, edit: Callable[[Tx], int]) -> None:
    assert many
    with shop.write() as tx:
        tags.put(tx, range(1, 9), name="宝妈群")
        tags.put(tx, range(5, PEOPLE), name="团长")
        tx.begin_change("by hand")
        tx.edit(customers, {"id": 3}, {"gender": "female", "source": "线下"})
    before = content(shop)
    with shop.write() as tx:
        change_set = edit(tx)
    after = content(shop)
    assert after != before
    with shop.write() as tx:
        undone = tx.undo(change_set)
        assert not undone.kept
        assert undone.restored >= 7
    assert content(shop) == before
    with shop.write() as tx:
        redone = tx.undo(undone.change_set)
    assert content(shop) == after
    with shop.write() as tx:
        tx.undo(redone.change_set)
    assert content(shop) == before
    assert shop.check() == []


def test_what_was_changed_since_stays_and_is_told(shop: Shop, many: int) -> None:
    assert many
    with shop.write() as tx:
        put = tags.put(tx, range(1, PEOPLE + 1), name="老客")
        painted = paint(tx)
    with shop.write() as tx:
        tags.take(tx, [4], name="老客")
        tx.begin_change("by hand")
        tx.edit(customers, {"id": 5}, {"source": "线下"})
        undone = [tx.undo(painted), tx.undo(put)]
    told = [[(left.table, *left.key.values()) for left in one.kept] for one in undone]
    assert told == [[("customers", 5)], [("customer_tags", 4, 1)]]
    assert [one.restored for one in undone] == [PEOPLE - 1, PEOPLE]  # the tag itself goes too
    with shop.read() as tx:
        rows = tx.connection.execute(customers.select().order_by(customers.c.id)).mappings().all()
    assert [row["gender"] for row in rows] == [None] * 4 + ["female"] + [None] * (PEOPLE - 5)


def test_who_is_gone_gets_nothing_back(shop: Shop, many: int) -> None:
    assert many
    with shop.write() as tx:
        tags.put(tx, range(1, PEOPLE + 1), name="老客")
        taken = tags.take(tx, range(1, PEOPLE + 1), name="老客")
        tx.connection.exec_driver_sql("DELETE FROM orders WHERE customer_id = 6")
        tx.connection.exec_driver_sql("DELETE FROM customers WHERE id = 6")
    with shop.write() as tx:
        undone = tx.undo(taken)
        assert [dict(left.key) for left in undone.kept] == [{"customer_id": 6, "tag_id": 1}]
        assert [tag.customers for tag in tags.all_tags(tx)] == [PEOPLE - 1]


def test_only_the_rows_that_differ_are_recorded_and_only_what_was_set(shop: Shop) -> None:
    with shop.write() as tx:
        tx.begin_change("by hand")
        tx.edit(customers, {"id": 3}, {"gender": "female", "source": "直播"})
        change_set = paint(tx)
        told = journal.touched(tx.connection, change_set, customers)
    assert len(told) == PEOPLE - 1
    assert told[0] == (
        {"id": 1, "gender": None, "source": None},
        {"id": 1, "gender": "female", "source": "直播"},
    )
