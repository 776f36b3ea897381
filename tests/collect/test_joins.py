"""An account that an import gave to somebody is somebody of its own again, and stays it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.collect import edits, joins, notes
from shopcrm.collect.customer_merges import NoSuchMerge
from shopcrm.collect.foreign import ForeignOrder
from shopcrm.collect.joins import NothingStays
from tests.builders import TODAY, content, given_orders, new_shop, order

PHONE = "13800130001"


def _orders() -> list[ForeignOrder]:
    days = [TODAY - timedelta(days=days) for days in (90, 60, 30)]
    return [
        order("1", "lin", days[0], 100, phone=PHONE, recipient_name="林小满"),
        order("2", "dy_sis", days[1], 200, phone=PHONE, platform="douyin", recipient_name="林小雨"),
        order("3", "dy_sis", days[2], 400, phone="13800130009", platform="douyin", recipient_name="林小雨"),
    ]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(opened, _orders())
    with opened.write() as tx:
        notes.add(tx, 1, text="婆婆收货")
    yield opened
    opened.close()


def _held(shop: Shop) -> list[tuple[str, int, tuple[str, ...]]]:
    """Of each customer the name, the total and the numbers of the orders."""
    with shop.read() as tx:
        rows = tx.connection.exec_driver_sql(
            """SELECT c.id, c.name, s.net_total FROM customers c JOIN customer_statistics s ON s.customer_id = c.id
                ORDER BY c.id"""
        ).all()
        told = tx.connection.exec_driver_sql("SELECT customer_id, number FROM orders ORDER BY number").all()
    return [(name, total, tuple(number for of, number in told if of == one)) for one, name, total in rows]


def test_two_again_for_good_each_with_their_orders(shop: Shop) -> None:
    assert _held(shop) == [("林小雨", 700, ("1", "2", "3"))]
    before = content(shop)
    with shop.write() as tx:
        (join,) = joins.of_customer(tx, 1)
        assert (join.platform, join.display, join.evidence["value"]) == ("douyin", "dy_sis", PHONE)
        change = joins.split(tx, join.id)
    assert _held(shop) == [("林小满", 100, ("1",)), ("林小雨", 600, ("2", "3"))]
    with shop.read() as tx:
        assert joins.of_customer(tx, 1) == ()
        assert [note.text for note in notes.of_customer(tx, 1)] == ["婆婆收货"]
    assert shop.check() == []
    given_orders(shop, [*_orders(), order("4", "dy_sis", TODAY, 800, phone=PHONE, platform="douyin")])
    assert [(total, numbers) for _name, total, numbers in _held(shop)] == [(100, ("1",)), (1400, ("2", "3", "4"))]
    shop.undo_import()
    with shop.write() as tx:
        with pytest.raises(NoSuchMerge):
            joins.split(tx, join.id)
        undone = edits.undo(tx, change)
    after = content(shop)
    assert {name: after[name] for name in before} == before
    with shop.write() as tx:
        edits.undo(tx, undone.change_set)
    assert _held(shop) == [("林小满", 100, ("1",)), ("林小雨", 600, ("2", "3"))]
    assert shop.check() == []


def test_who_is_known_by_one_account_alone_is_not_taken_apart(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    given_orders(shop, _orders())
    with shop.write() as tx:
        (join,) = joins.of_customer(tx, 1)
        tx.begin_change("by hand")
        tx.connection.exec_driver_sql("DELETE FROM identities WHERE kind = 'buyer_id' AND platform = 'taobao'")
        with pytest.raises(NothingStays):
            joins.split(tx, join.id)
    shop.close()
