"""After something is spoilt behind the program's back, `check` names it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.collect.foreign import ForeignItem
from tests.builders import given_orders, new_shop, order

SPOILT = {
    "a statistic": ("UPDATE customer_statistics SET mean_gap = 3 WHERE customer_id = 1", "statistics"),
    "a total": ("UPDATE customer_statistics SET net_total = net_total + 1 WHERE customer_id = 1", "statistics"),
    "a statistic gone": ("DELETE FROM customer_statistics WHERE customer_id = 2", "statistics"),
    "a sum over a day": ("UPDATE occasions SET net = net + 1 WHERE customer_id = 1", "sum"),
    "an occasion gone": ("DELETE FROM occasions WHERE customer_id = 2", "sum"),
    "a sum over lines": ("UPDATE order_items SET paid = paid - 1", "sum"),
    "what is valid": ("UPDATE orders SET valid = 0 WHERE number = '1001'", "sum"),
    "search tokens of one": ("DELETE FROM search_tokens WHERE rowid = 1", "search"),
    "an entry of nobody": ("INSERT INTO search_tokens (rowid, tokens) VALUES (77, 'nobody')", "orphan"),
    "an orphan line": (
        "INSERT INTO order_items (order_id, position, title, quantity, refunded) VALUES (999, 0, 'x', 1, 0)",
        "orphan",
    ),
    "an orphan note": ("INSERT INTO notes (customer_id, text, actor, created_at) VALUES (999, 'x', 'x', 0)", "orphan"),
    "an orphan order": ("UPDATE orders SET customer_id = 999 WHERE number = '1003'", "orphan"),
    "a name": ("UPDATE customers SET name = '别人' WHERE id = 2", "name"),
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    items = [ForeignItem("启悦 2 段奶粉", 1, 2, paid=10_000)]
    given_orders(
        opened,
        [
            order("1001", "lin_a", date(2026, 6, 1), recipient_name="林小满", phone="13800130001"),
            order("1002", "lin_a", date(2026, 7, 1)),
            order("1003", "zhou_b", date(2026, 7, 1), items=items, amounts_from_items=True),
        ],
        report="item",
    )
    yield opened
    opened.close()


def test_a_sound_shop_has_no_fault(shop: Shop) -> None:
    assert shop.check() == []


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_spoilt_is_named(shop: Shop, what: str) -> None:
    statement, kind = SPOILT[what]
    with shop._database.idle_writer() as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute(statement)
    faults = shop.check()
    assert kind in {fault.kind for fault in faults}, faults
    assert all(fault.count >= 1 and fault.examples for fault in faults)


def test_a_single_spoilt_token_is_named(shop: Shop) -> None:
    with shop._database.idle_writer() as raw:
        raw.execute("DELETE FROM search_tokens WHERE rowid = 1")
        raw.execute(
            "INSERT INTO search_tokens (rowid, tokens) VALUES (1, 'n林 n小 n满 n林小 n小满 ylxm flinxiaoman ilin_a')"
        )
    assert [(fault.kind, fault.examples) for fault in shop.check()] == [("search", ("1",))]
