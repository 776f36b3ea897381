"""Reviews by hand: typed, changed, removed and picked with undo; they stay with their order, whatever becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from shopcrm.app import Shop
from shopcrm.base import clock
from shopcrm.collect import edits, follow_ups, manual, orders, reviews, who_is_who
from shopcrm.collect.follow_ups import FollowUp
from shopcrm.collect.foreign import ForeignReview
from shopcrm.collect.manual import Item, Order
from shopcrm.collect.reviews import NoSuchReview, OrderGone, Review, ReviewLine, ReviewRefused
from tests.builders import TODAY, content, given_orders, new_shop, order

DAY: Final = TODAY - timedelta(days=20)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(opened, [order("1001", "lin_a", DAY, title="木马"), order("1002", "lin_b", DAY)])
    yield opened
    opened.close()


def of_order(shop: Shop, number: int = 1) -> tuple[ReviewLine, ...]:
    with shop.read() as tx:
        return orders.of_ids(tx, [number])[0].reviews


def test_typed_changed_removed_and_picked_each_is_undone(shop: Shop) -> None:
    states = [content(shop)]
    deeds: tuple[Callable[[Any], int], ...] = (
        lambda tx: reviews.add(tx, 1, Review(5, "很好看 \n孩子喜欢", day="2026-11-10", reply="谢谢")),
        lambda tx: reviews.edit(tx, 1, Review(4, "很好看", day="2026-11-11")),
        lambda tx: reviews.pick(tx, [1], picked=True),
        lambda tx: reviews.remove(tx, 1),
    )
    seen = []
    for deed in deeds:
        with shop.write() as tx:
            change_set = deed(tx)
        seen.append(of_order(shop))
        after = content(shop)
        with shop.write() as tx:
            again = edits.undo(tx, change_set).change_set
        assert content(shop) == states[-1]
        with shop.write() as tx:
            edits.undo(tx, again)
        assert content(shop) == after
        states.append(after)
    (typed,), (changed,), (picked,), removed = seen
    assert (typed.stars, typed.text, typed.reply, typed.product) == (5, "很好看\n孩子喜欢", "谢谢", "木马")
    assert (typed.day, typed.kind, typed.from_file) == (clock.day_number(TODAY) - 12, "good", False)
    assert (changed.stars, changed.text, changed.reply, changed.day) == (4, "很好看", "", typed.day + 1)
    assert (picked.picked, removed) == (True, ())
    assert shop.check() == []


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Review(), "text"), (Review(text=" \n "), "text"), (Review(6, "好"), "stars"),
        (Review(5, day="2026-11-23"), "day"), (Review(5, day="昨天以前"), "day"),
    ],
)  # fmt: skip
def test_what_says_nothing_or_is_still_to_come_is_refused_where_it_stands(shop: Shop, told: Review, field: str) -> None:
    before = content(shop)
    with pytest.raises(ReviewRefused) as refused, shop.write() as tx:
        reviews.add(tx, 1, told)
    assert refused.value.field == field
    assert content(shop) == before


def test_of_what_is_gone_nothing_is_written(shop: Shop) -> None:
    with pytest.raises(OrderGone), shop.write() as tx:
        reviews.add(tx, 99, Review(5))
    with pytest.raises(NoSuchReview), shop.write() as tx:
        reviews.edit(tx, 99, Review(5))


def test_what_a_file_tells_later_does_not_stand_over_what_was_typed_or_changed_or_removed(shop: Shop) -> None:
    def told(*those: ForeignReview) -> tuple[int, int]:
        file = given_orders(shop, [order("1001", "lin_a", DAY, title="木马", reviews=those)]).files[0]
        return file.reviews_new, file.reviews_changed

    with shop.write() as tx:
        reviews.add(tx, 1, Review(2, "一般"))
    one, other = ForeignReview(row=2, stars=5, text="一般"), ForeignReview(row=2, stars=5, text="好")
    assert told(one, other) == (1, 0)
    with shop.write() as tx:
        reviews.edit(tx, 2, Review(4, "好极了"))
    assert told(one, other) == (0, 0)
    assert [(line.stars, line.text, line.from_file) for line in of_order(shop)] == [
        (2, "一般", False),
        (4, "好极了", True),
    ]
    with shop.write() as tx:
        reviews.remove(tx, 2)
    assert told(one, other) == (0, 0)
    assert [line.text for line in of_order(shop)] == ["一般"]
    assert shop.check() == []


def test_an_order_somebody_wrote_a_review_to_stays_when_its_import_is_undone(shop: Shop) -> None:
    with shop.write() as tx:
        reviews.add(tx, 1, Review(5, "好"))
    report = shop.undo_import()
    assert [(left.kind, left.number, left.because) for left in report.kept][:1] == [("order", "1001", "edited_since")]
    assert report.orders_removed == 1
    assert [line.text for line in of_order(shop)] == ["好"]
    assert shop.check() == []


def test_it_goes_with_its_order_from_customer_to_customer_and_back(shop: Shop) -> None:
    with shop.write() as tx:
        reviews.add(tx, 2, Review(5, "好"))
    before = content(shop)
    with shop.write() as tx:
        merged = who_is_who.merge_customers(tx, keep=1, gone=2, evidence=who_is_who.BY_HAND, choices=())
    with shop.read() as tx:
        assert reviews.listed(tx)[0].customer == 1
    with shop.write() as tx:
        edits.undo(tx, merged)
    after = content(shop)
    assert after["reviews"] == before["reviews"]
    with shop.read() as tx:
        assert reviews.listed(tx)[0].customer == 2


def test_an_order_that_was_typed_takes_its_reviews_along_and_brings_them_back(shop: Shop) -> None:
    with shop.write() as tx:
        added = manual.add_order(tx, Order(customer=1, day=DAY, items=(Item("积木", 1, 100, None),), paid=100))
        reviews.add(tx, added.id, Review(3, "还行"))
    before = content(shop)
    with shop.write() as tx:
        removed = manual.remove_order(tx, added.id)
    assert content(shop)["reviews"] == []
    with shop.write() as tx:
        edits.undo(tx, removed)
    assert content(shop) == before


def test_lists_go_by_stars_by_product_and_by_words(shop: Shop) -> None:
    with shop.write() as tx:
        for stars, text, product in (
            (5, "很好 看", "木马"),
            (3, "还行", "积木"),
            (1, "掉漆", "木马"),
            (None, "追评", ""),
        ):
            reviews.add(tx, 2, Review(stars, text, day="2026-11-1" + str(stars or 0), product=product))
        reviews.pick(tx, [1], picked=True)

    def texts(**asked: str) -> list[str]:
        with shop.read() as tx:
            return [line.text for line in reviews.listed(tx, **asked)]

    assert texts() == ["很好 看", "还行", "掉漆", "追评"]
    assert [texts(kind=kind) for kind in reviews.KINDS] == [["很好 看"], ["还行"], ["掉漆"], ["很好 看"]]
    assert texts(product="木马", query="漆") == ["掉漆"]
    assert texts(query="看 很") == ["很好 看"]


def test_a_poor_review_is_that_it_went_badly_until_she_is_asked_or_buys_again(shop: Shop) -> None:
    def badly() -> bool:
        with shop.read() as tx:
            return follow_ups.went_badly(tx, 1) is not None

    with shop.write() as tx:
        reviews.add(tx, 1, Review(3, "一般", day=(DAY + timedelta(days=2)).isoformat()))
    assert not badly()
    with shop.write() as tx:
        reviews.add(tx, 1, Review(2, "掉漆", day=(DAY + timedelta(days=3)).isoformat()))
        reviews.add(tx, 1, Review(5, "", day=(DAY + timedelta(days=4)).isoformat()))  # a platform gives it by itself
    assert badly()
    with shop.write() as tx:
        asked = follow_ups.add(tx, 1, FollowUp(rating=5, day=(DAY + timedelta(days=5)).isoformat()))
    assert not badly()
    with shop.write() as tx:
        edits.undo(tx, asked)
    assert badly()
    given_orders(shop, [order("1009", "lin_a", DAY + timedelta(days=6))])
    assert not badly()
