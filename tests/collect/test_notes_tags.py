"""Notes, tags and names edited by hand: each can be undone, and undo leaves what was edited since."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base.errors import UserFailure
from shopcrm.collect import customers, notes, tags
from shopcrm.store.journal import NothingToUndo
from shopcrm.store.tx import Tx
from tests.builders import content, given_orders, new_shop, order

Edit = Callable[[Tx], int]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(opened, [order("1001", "lin_a", date(2026, 6, 1)), order("1002", "zhou_b", date(2026, 6, 1))])
    yield opened
    opened.close()


def test_every_edit_undone_leaves_what_was(shop: Shop) -> None:
    with shop.write() as tx:
        notes.add(tx, 1, text="怕奶腥")
        tags.put(tx, [1], name="宝妈群")
        tags.put(tx, [1, 2], name="宝妈")
    edits: tuple[Edit, ...] = (
        lambda tx: notes.add(tx, 1, text="两行\n便签"),
        lambda tx: notes.edit(tx, 1, text="改了"),
        lambda tx: notes.remove(tx, 1),
        lambda tx: tags.put(tx, [1, 2], name="新标签"),
        lambda tx: tags.put(tx, [1, 2], name="宝妈群"),
        lambda tx: tags.take(tx, [1], name="宝妈群"),
        lambda tx: tags.rename(tx, 1, name="宝妈二群"),
        lambda tx: tags.paint(tx, 1, colour="teal"),
        lambda tx: tags.group_under(tx, 1, group="来路"),
        lambda tx: tags.make(tx, name="怕奶腥", colour="red", group="口味"),
        lambda tx: tags.merge(tx, 2, into=1),
        lambda tx: tags.remove(tx, 1),
        lambda tx: customers.rename(tx, 1, name="小满妈"),
    )
    for edit in edits:
        before = content(shop)
        with shop.write() as tx:
            change_set = edit(tx)
        after = content(shop)
        assert after != before
        with shop.write() as tx:
            redo = tx.undo(change_set).change_set
        assert content(shop) == before
        with shop.write() as tx:
            tx.undo(redo)
        assert content(shop) == after
        with shop.write() as tx, pytest.raises(NothingToUndo):
            tx.undo(change_set)
        assert shop.check() == []


def test_undo_leaves_a_note_that_was_edited_since_and_says_so(shop: Shop) -> None:
    with shop.write() as tx:
        change_set = notes.add(tx, 1, text="怕奶腥")
    with shop.write() as tx:
        notes.edit(tx, 1, text="怕奶腥，也怕甜")
    with shop.write() as tx:
        undone = tx.undo(change_set)
        assert (undone.restored, [left.table for left in undone.kept]) == (0, ["notes"])
        assert [note.text for note in notes.of_customer(tx, 1)] == ["怕奶腥，也怕甜"]


def test_a_tag_that_others_wear_since_outlives_the_undo_that_made_it(shop: Shop) -> None:
    with shop.write() as tx:
        change_set = tags.put(tx, [1], name="宝妈群")
    with shop.write() as tx:
        tags.put(tx, [2], name="宝妈群")
    with shop.write() as tx:
        undone = tx.undo(change_set)
        assert (undone.restored, [left.table for left in undone.kept]) == (1, ["tags"])
        assert (tags.of_customer(tx, 1), tags.of_customer(tx, 2)) == ((), ("宝妈群",))
    with shop.write() as tx:
        tx.undo(undone.change_set)
        assert tags.of_customer(tx, 1) == ("宝妈群",)
    assert shop.check() == []


def test_what_says_nothing_is_refused_and_nothing_is_kept(shop: Shop) -> None:
    with shop.write() as tx:
        tags.put(tx, [2], name="宝妈群")
    before = content(shop)
    edits: tuple[Edit, ...] = (
        lambda tx: notes.add(tx, 1, text=" \u200b\n "),
        lambda tx: notes.add(tx, 99, text="x"),
        lambda tx: tags.put(tx, [1], name="  "),
        lambda tx: tags.put(tx, [1], name="长" * 10_000),
        lambda tx: tags.paint(tx, 1, colour="plaid"),
        lambda tx: tags.rename(tx, 7, name="谁"),
        lambda tx: tags.make(tx, name="宝妈群"),
        lambda tx: customers.rename(tx, 1, name=""),
    )
    for edit in edits:
        with pytest.raises(UserFailure), shop.write() as tx:
            edit(tx)
    assert content(shop) == before


def test_a_tag_that_was_put_in_order_stays_when_nobody_wears_it(shop: Shop) -> None:
    with shop.write() as tx:
        tags.put(tx, [1], name="宝妈群")
        tags.put(tx, [1], name="怕奶腥")
        tags.paint(tx, 1, colour="green")
        for name in ("宝妈群", "怕奶腥"):
            tags.take(tx, [1], name=name)
        assert [(tag.name, tag.customers, tag.colour) for tag in tags.all_tags(tx)] == [("宝妈群", 0, "green")]


def test_what_a_tag_was_called_is_not_given_back_while_another_is_called_so(shop: Shop) -> None:
    with shop.write() as tx:
        tags.put(tx, [1], name="宝妈群")
    with shop.write() as tx:
        renamed, removed = tags.rename(tx, 1, name="宝妈一群"), 0
    with shop.write() as tx:
        tags.put(tx, [2], name="宝妈群")
    with shop.write() as tx:
        assert [left.table for left in tx.undo(renamed).kept] == ["tags"]
    with shop.write() as tx:
        removed = tags.remove(tx, 1)
    with shop.write() as tx:
        tags.put(tx, [2], name="宝妈一群")
    with shop.write() as tx:
        assert {left.table for left in tx.undo(removed).kept} == {"tags", "customer_tags"}
        assert {tag.name: tag.customers for tag in tags.all_tags(tx)} == {"宝妈群": 1, "宝妈一群": 1}
    assert shop.check() == []


def test_what_some_customers_wear_is_counted_among_them(shop: Shop) -> None:
    with shop.write() as tx:
        tags.put(tx, [1, 2], name="宝妈群")
        tags.put(tx, [2], name="怕奶腥")
    with shop.read() as tx:
        assert [(tag.name, tag.customers) for tag in tags.worn_by(tx, [1, 99])] == [("宝妈群", 1)]
        assert [(tag.name, tag.customers) for tag in tags.worn_by(tx, [2, 1])] == [("宝妈群", 2), ("怕奶腥", 1)]


def test_tags_are_counted(shop: Shop) -> None:
    with shop.write() as tx:
        tags.put(tx, [1, 2], name="宝妈群")
        tags.put(tx, [2], name="怕奶腥")
        assert [(tag.name, tag.customers) for tag in tags.all_tags(tx)] == [("宝妈群", 2), ("怕奶腥", 1)]
