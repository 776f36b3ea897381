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
    edits: tuple[Edit, ...] = (
        lambda tx: notes.add(tx, 1, text="两行\n便签"),
        lambda tx: notes.edit(tx, 1, text="改了"),
        lambda tx: notes.remove(tx, 1),
        lambda tx: tags.put(tx, [1, 2], name="新标签"),
        lambda tx: tags.put(tx, [1, 2], name="宝妈群"),
        lambda tx: tags.take(tx, [1], name="宝妈群"),
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
    before = content(shop)
    edits: tuple[Edit, ...] = (
        lambda tx: notes.add(tx, 1, text=" \u200b\n "),
        lambda tx: notes.add(tx, 99, text="x"),
        lambda tx: tags.put(tx, [1], name="  "),
        lambda tx: customers.rename(tx, 1, name=""),
    )
    for edit in edits:
        with pytest.raises(UserFailure), shop.write() as tx:
            edit(tx)
    assert content(shop) == before


def test_tags_are_counted(shop: Shop) -> None:
    with shop.write() as tx:
        tags.put(tx, [1, 2], name="宝妈群")
        tags.put(tx, [2], name="怕奶腥")
        assert [(tag.name, tag.customers) for tag in tags.all_tags(tx)] == [("宝妈群", 2), ("怕奶腥", 1)]
