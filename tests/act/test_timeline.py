from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from shopcrm.act import desk, reminders, timeline
from shopcrm.act.timeline import KINDS, Line, MergeTold, ReminderDone, TagChange
from shopcrm.app import Shop
from shopcrm.base import clock
from shopcrm.collect import customer_merges, edits, follow_ups, notes, statistics, tags, wishes
from shopcrm.collect.follow_ups import FollowUp
from shopcrm.collect.foreign import ForeignOrder
from shopcrm.collect.orders import OrderLine
from shopcrm.collect.purchases import CREATED_PLAIN, PAID_PLAIN
from tests.builders import TODAY, given_orders, given_people, new_shop, order, person

NEVER: dict[str, Any] = {"day": None, "paid_at": None, "created_at": None}


def plain(number: str, nick: str, days_ago: int) -> ForeignOrder:
    """An order of which only the day is known."""
    day = TODAY - timedelta(days=days_ago)
    at = clock.plain_seconds(day)
    return order(number, nick, day, created_at=at, paid_at=at, plain_dates=CREATED_PLAIN | PAID_PLAIN)


@pytest.fixture(params=["Asia/Shanghai", "America/Los_Angeles"])
def shop(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Shop]:
    """A customer with two of everything: several things in one second, plain dates among them, undated orders."""
    opened = new_shop(tmp_path / "shop", timezone=request.param)
    given_orders(
        opened,
        [
            *(order(f"10{n:02d}", "lin_a", TODAY - timedelta(days=n // 2)) for n in range(7)),
            *(plain(f"20{n:02d}", "lin_a", n // 2) for n in range(7)),
            *(replace(order(number, "lin_a", TODAY), **NEVER) for number in ("3001", "3002")),
            order("4001", "zhou_b", TODAY),
        ],
    )
    given_people(opened, [person("林", buyer_id="lin_a", platform="taobao", tags=("老客",))])
    with opened.write() as tx:
        for n in range(2):
            notes.add(tx, 1, text=f"便签 {n}")
            wishes.add(tx, 1, title=f"大衣 {n}")
            follow_ups.add(tx, 1, FollowUp(text=f"回访 {n}", day=(TODAY - timedelta(days=3 * n)).isoformat()))
            tags.put(tx, [1, 2], name=f"标签 {n}")
        tags.take(tx, [1], name="标签 0")
        reminders.act(tx, 1, reason="cycle", anchor_day=1, outcome="done")
        reminders.act(tx, 1, reason="cycle", anchor_day=2, outcome="skipped")
        customer_merges.merge(tx, keep=1, gone=2, evidence=())
        statistics.refresh(tx)
    yield opened
    opened.close()


def read(shop: Shop, *, limit: int, kind: timeline.Kind | None = None) -> list[Line]:
    """The whole timeline, page by page."""
    found: list[Line] = []
    behind = None
    with shop.read() as tx:
        while True:
            page = timeline.page(tx, 1, kind=kind, behind=behind, limit=limit)
            assert len(page.lines) <= limit
            found += page.lines
            behind = page.behind
            if behind is None:
                return found
            assert len(page.lines) == limit


def test_pages_of_any_size_tell_everything_once_and_newest_first(shop: Shop) -> None:
    whole = read(shop, limit=1_000)
    places = [line.place for line in whole]
    assert places == sorted(places, reverse=True)
    assert len(set(places)) == len(places)
    by_kind = {kind: sum(line.kind == kind for line in whole) for kind in KINDS}
    assert by_kind == {"orders": 17, "notes": 2, "follow_ups": 2, "tags": 6, "contacts": 4, "imports": 3}
    for size in (1, 2, 3, 7, 33):
        assert read(shop, limit=size) == whole, size
    for kind in KINDS:
        assert read(shop, limit=2, kind=kind) == [line for line in whole if line.kind == kind]
    undated = [line.what.number for line in whole[-2:] if isinstance(line.what, OrderLine)]
    assert undated == ["3002", "3001"], "what has no time at all comes last"
    with shop.read() as tx:
        counts = desk.card(tx, shop.columns(), 1).history.counts
    assert {kind: counts[kind] for kind in ("orders", "notes", "follow_ups")} == {
        "orders": 17, "notes": 2, "follow_ups": 2,
    }  # fmt: skip


def test_tags_tell_what_happened_and_not_what_was_undone(shop: Shop) -> None:
    def told() -> list[tuple[str, bool, bool]]:
        lines = [line.what for line in read(shop, limit=5, kind="tags")]
        return [(one.name, one.put, one.by_import) for one in lines if isinstance(one, TagChange)]

    before = told()
    # What was put on who became her is told, too; the merge itself put nothing on.
    assert before == [
        ("标签 0", False, False), ("标签 1", True, False), ("标签 1", True, False), ("标签 0", True, False),
        ("标签 0", True, False), ("老客", True, True),
    ]  # fmt: skip
    with shop.write() as tx:
        change = tags.put(tx, [1], name="新来的")
    assert told() == [("新来的", True, False), *before]
    with shop.write() as tx:
        undone = edits.undo(tx, change).change_set
    assert told() == before
    with shop.write() as tx:
        again = edits.undo(tx, undone).change_set
    assert told() == [("新来的", True, False), *before]
    with shop.write() as tx:
        edits.undo(tx, again)
    assert told() == before


def test_merges_and_reminders_are_told_by_what_they_were(shop: Shop) -> None:
    whats = [line.what for line in read(shop, limit=50)]
    assert [one.name for one in whats if isinstance(one, MergeTold)] == ["zhou_b"]
    assert [one.outcome for one in whats if isinstance(one, ReminderDone)] == ["skipped", "done"]
    imports = [line.what for line in read(shop, limit=50, kind="imports") if isinstance(line.what, timeline.ImportTold)]
    assert [(one.files, one.new) for one in imports] == [(("orders-0.csv",), 0), (("orders-0.csv",), 17)]


def test_pinned_notes_and_long_ones_are_read_as_they_begin(shop: Shop) -> None:
    with shop.write() as tx:
        notes.add(tx, 1, text="很长" * 50_000)
        notes.pin(tx, 1, pinned=True)
    with shop.read() as tx:
        history = desk.card(tx, shop.columns(), 1).history
        whole = notes.whole_text(tx, 3)
    assert [note.text for note in history.pinned] == ["便签 0"]
    (long, *_others) = (line.what for line in read(shop, limit=9, kind="notes"))
    assert isinstance(long, notes.NoteLine)
    assert (len(long.text), long.length, long.whole, len(whole)) == (notes.SHORT, 100_000, False, 100_000)


def test_a_card_reads_no_more_of_many_orders_than_it_shows(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    given_orders(
        shop,
        [
            order(f"{n:06d}", "wholesale", TODAY - timedelta(days=n // 8), 1_000, refunded=n % 2 * 100)
            for n in range(600)
        ],
    )
    with shop.read() as tx:
        card = desk.card(tx, shop.columns(), 1)
    assert (len(card.orders), card.sums.orders, len(card.history.page.lines)) == (desk.ORDERS_READ, 600, timeline.FIRST)
    assert (card.statistics.returned_total, card.statistics.refund_rate) == (30_000, 0.05)
    asked: list[tuple[str, Any]] = []
    with shop.read() as tx:
        event.listen(tx.connection, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
        first = timeline.page(tx, 1, limit=20)
        timeline.page(tx, 1, limit=20, behind=first.behind)
        orders = [told for told in asked if "FROM orders o CROSS JOIN" in told[0]]
        plans = [
            [row[3] for row in tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", told)]
            for text, told in orders
        ]
    assert len(plans) == 2
    for plan in plans:
        assert any("ix_orders_customer_id_day" in step for step in plan)
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan, "it would sort all orders for one page"
    shop.close()
