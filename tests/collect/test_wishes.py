from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shopcrm.act import fields
from shopcrm.app import Shop
from shopcrm.collect import customer_merges, edits, statistics, wishes
from shopcrm.collect.foreign import ForeignItem, OrderState
from shopcrm.collect.wishes import WishEmpty
from shopcrm.store.columns import Ints
from shopcrm.store.tx import Tx
from tests.builders import TODAY, content, given_orders, new_shop, order

COAT = ForeignItem("羊毛大衣 黑 M", 2, 1, article="COAT-1")
SCARF = ForeignItem("围巾 红", 2, 1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(
        opened,
        [
            order("1001", "lin_a", TODAY - timedelta(days=90), items=[COAT]),
            order("1002", "zhou_b", TODAY - timedelta(days=90), items=[SCARF]),
        ],
    )
    yield opened
    opened.close()


def wanted(shop: Shop, customer: int = 1) -> list[str]:
    with shop.read() as tx:
        told = [wish.title for wish in wishes.of_customer(tx, customer)]
        ids: Ints = shop.columns().ids[shop.columns().ids == customer]
        ((listed,),) = fields.read(tx, shop.columns(), ids, keys=("wants",))
    assert listed == tuple(told)
    return told


def test_a_wish_is_closed_by_what_is_bought_after_it_and_by_nothing_else(shop: Shop) -> None:
    with shop.write() as tx:
        wishes.add(tx, 1, title="羊毛大衣", article="COAT-1", reason="price")
        wishes.add(tx, 1, title="围巾 红", article="围巾 红", reason="no_size")
        wishes.add(tx, 1, title="羽绒服", reason="颜色不对")
    assert wanted(shop) == ["羽绒服", "围巾 红", "羊毛大衣"], "what she bought before her wish does not close it"
    unpaid = order("1003", "lin_a", TODAY, 0, items=[COAT], state=OrderState.UNPAID, paid_at=None)
    others = order("1004", "zhou_b", TODAY, items=[COAT])
    earlier = order("1005", "lin_a", TODAY - timedelta(days=1), items=[COAT])
    given_orders(shop, [unpaid, others, earlier])
    assert wanted(shop) == ["羽绒服", "围巾 红", "羊毛大衣"]
    given_orders(shop, [order("1006", "lin_a", TODAY, items=[COAT]), order("1007", "lin_a", TODAY, items=[SCARF])])
    assert wanted(shop) == ["羽绒服"]
    shop.undo_import()
    assert wanted(shop) == ["羽绒服", "围巾 红", "羊毛大衣"], "it follows from the orders, and nothing else is kept"


def test_wishes_are_closed_opened_and_removed_by_hand_with_undo(shop: Shop) -> None:
    with shop.write() as tx:
        wishes.add(tx, 1, title="羊毛大衣", article="COAT-1")
    attempts: tuple[tuple[Callable[[Tx], int], list[str]], ...] = (
        (lambda tx: wishes.close(tx, 1), []),
        (lambda tx: wishes.remove(tx, 1), []),
        (lambda tx: wishes.add(tx, 1, title="  羽绒服 "), ["羽绒服", "羊毛大衣"]),
    )
    for edit, left in attempts:
        before = content(shop)
        with shop.write() as tx:
            change_set = edit(tx)
        assert wanted(shop) == left
        with shop.write() as tx:
            edits.undo(tx, change_set)
        assert content(shop) == before
    with shop.write() as tx:
        wishes.close(tx, 1)
        wishes.open_again(tx, 1)
    assert wanted(shop) == ["羊毛大衣"]
    with pytest.raises(WishEmpty), shop.write() as tx:
        wishes.add(tx, 1, title=" \u200b")


def test_wishes_go_along_when_two_become_one_and_back_when_they_are_two_again(shop: Shop) -> None:
    with shop.write() as tx:
        wishes.add(tx, 2, title="羊毛大衣", article="COAT-1")
    before = content(shop)
    with shop.write() as tx:
        made = customer_merges.merge(tx, keep=1, gone=2, evidence=())
        statistics.refresh(tx)
    assert wanted(shop) == ["羊毛大衣"]
    with shop.write() as tx:
        edits.undo(tx, made.change_set)
    assert content(shop) == before
    assert shop.check() == []


def test_somebody_with_a_wish_outlives_the_undo_of_the_import_that_brought_her(shop: Shop) -> None:
    with shop.write() as tx:
        wishes.add(tx, 1, title="羊毛大衣")
    shop.undo_import()
    assert len(shop.columns()) == 1
    assert wanted(shop) == ["羊毛大衣"]
    assert shop.check() == []
