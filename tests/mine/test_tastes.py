from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shopcrm.act import desk
from shopcrm.app import Shop
from shopcrm.base import trade_presets
from shopcrm.base.options import TRADE
from shopcrm.collect import attributes, products, settings
from shopcrm.collect.attribute_values import Particular, Value, of_preset
from shopcrm.collect.foreign import ForeignItem, OrderState
from shopcrm.mine import tastes
from shopcrm.mine.tastes import Bought, Exchange, Learnt, learn, size_in
from tests.builders import TODAY, given_orders, new_shop, order

WANTED = [
    of_preset(told, language="zh_CN")
    for trade in ("clothing", "mother_baby")
    for told in trade_presets.preset(trade).attribute
    if told.learnt is not None
]
BY_KEY = {one.key: one for one in WANTED}


def line(variant: str, ago: int, *, title: str = "基础款T恤", how: str = "kept", code: str = "") -> Bought:
    day = TODAY - timedelta(days=ago)
    return Bought(day, code or title, title, variant, kept=how == "kept", returned=how == "returned")


def says(key: str, *lines: Bought, runs: dict[str, str] | None = None) -> Value | None:
    found = learn(WANTED, sorted(lines, key=lambda one: one.day), runs=runs).get(key)
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("key", "variant", "size"),
    [
        ("top_size", "颜色分类:白色;尺码:M", "M"), ("top_size", "白色 2XL（130-145斤）", "XXL"),
        ("top_size", "XL码", "XL"),
        ("top_size", "S/M", None), ("top_size", "红色", None), ("top_size", "", None), ("top_size", "Large", None),
        ("clothing_size", "粉色,80cm", "80"), ("clothing_size", "80", "80"), ("clothing_size", "1800", None),
        ("nappy_size", "L 50片", "L"), ("shoe_size", "黑色;38码", 38), ("shoe_size", "38.5", 38.5),
        ("shoe_size", "颜色:38号色;鞋码:40", None), ("shoe_size", "2026款", None), ("waist_inch", "尺码:27", 27),
    ],
)  # fmt: skip
def test_a_size_is_read_from_a_specification(key: str, variant: str, size: Value | None) -> None:
    assert size_in(BY_KEY[key], variant) == size


def test_the_usual_size_of_what_was_kept_counts_and_of_a_child_the_newest() -> None:
    shirts = [line("L", 90), line("M", 60), line("M", 40), line("L", 10)]
    assert says("top_size", *shirts) == "L"
    assert says("top_size", *shirts, line("M", 5)) == "M"
    assert says("top_size", *shirts, line("XS", 1, how="returned"), line("XS", 0, how="unknown")) == "L"
    romper = [line(size, ago, title="格纹加绒爬服") for size, ago in (("66", 200), ("73", 90), ("73", 80), ("80", 9))]
    assert says("clothing_size", *romper) == "80"
    assert says("top_size", line("M", 1, title="保温杯")) is None
    assert says("bottom_size", line("M", 1, title="阔腿裤")) == "M"
    assert says("top_size", line("M", 1, title="阔腿裤")) is None


def test_an_exchange_is_told_as_evidence() -> None:
    lines = [
        line("73", 30, title="婴儿爬服", how="returned"),
        line("80", 20, title="婴儿爬服"),
        line("80", 3, title="哈衣"),
    ]
    assert learn([BY_KEY["clothing_size"]], lines)["clothing_size"] == Learnt(
        "80", 2, TODAY - timedelta(days=3), (Exchange(TODAY - timedelta(days=30), "婴儿爬服", "73", "80"),)
    )
    far = [line("73", 90, title="婴儿爬服", how="returned"), line("80", 20, title="婴儿爬服")]
    assert learn([BY_KEY["clothing_size"]], far)["clothing_size"].exchanges == ()


def test_the_fit_is_learnt_when_the_usual_size_came_back_and_the_product_does_not_run_so() -> None:
    usual = [line("M", ago) for ago in (100, 90, 80)]
    larger = [line("M", 30, code="shirt", how="returned"), line("L", 20, code="shirt")]
    smaller = [line("M", 10, code="coat", how="returned"), line("S", 5, code="coat")]
    assert says("fit", *usual, *larger) == "loose"
    assert says("fit", *usual, *smaller) == "tight"
    assert says("fit", *usual, *larger, *smaller) is None
    assert says("fit", *usual, *larger, runs={"shirt": "small"}) is None
    assert says("fit", *usual, line("S", 30, code="x", how="returned"), line("M", 20, code="x")) is None


def test_colours_bought_at_least_twice_are_liked() -> None:
    lines = [line("藏青;M", 5), line("天蓝;M", 4), line("酒红", 3), line("白色", 2, how="returned"), line("白", 1)]
    assert says("colours", *lines) == ("blue",)
    assert says("colours", *lines, line("红色", 0)) == ("blue", "red")


@pytest.mark.parametrize(
    ("ordered", "typed", "fit", "doubted"),
    [
        ("M", None, None, False), ("L", None, None, True), ("S", None, None, True), ("L", "L", None, False),
        ("M", None, "large", True), ("L", None, "large", True), ("S", None, "large", False),
        ("M", None, "small", True), ("S", None, "small", True), ("L", None, "small", False),
        ("均码", None, "large", False), ("M", "160", "large", False),
    ],
)  # fmt: skip
def test_a_size_on_its_way_is_doubted_by_what_was_kept_and_how_the_product_runs(
    ordered: str, typed: str | None, fit: str | None, doubted: bool
) -> None:
    wanted = [Particular(BY_KEY["top_size"], typed)]
    runs = {"shirt": fit} if fit else {}
    found = tastes.doubted(wanted, [line("M", 90), line("M", 60)], [line(ordered, 0, code="shirt")], runs=runs)
    assert [(one.ordered, one.usual, one.fit) for one in found] == [(ordered, typed or "M", fit)] * doubted


def test_one_kept_line_is_not_enough_to_doubt_and_who_grows_may_order_larger() -> None:
    assert tastes.doubted([Particular(BY_KEY["top_size"], None)], [line("M", 9)], [line("L", 0)], runs={}) == ()
    child = [Particular(BY_KEY["clothing_size"], None)]
    before = [line(size, ago, title="婴儿爬服") for size, ago in (("73", 90), ("80", 30), ("80", 20))]
    for size, doubted in (("73", True), ("80", False), ("90", False)):
        found = tastes.doubted(child, before, [line(size, 0, title="婴儿爬服")], runs={})
        assert (len(found) == 1) == doubted


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    shirt = [ForeignItem("基础款T恤", 1, 1, article="T1", variant=f"白色;{size}", price=5_000) for size in "SMLM"]
    back = ForeignItem("基础款T恤", 1, 1, article="T2", variant="白色;XL", price=5_000, paid=5_000, refunded=5_000)
    given_orders(
        opened,
        [
            order("1", "tao_zi", TODAY - timedelta(days=90), 5_000, items=[shirt[1]]),
            order("2", "tao_zi", TODAY - timedelta(days=60), 5_000, items=[shirt[3]]),
            order("3", "tao_zi", TODAY - timedelta(days=30), 10_000, refunded=5_000, items=[shirt[2], back]),
            order("4", "tao_zi", TODAY - timedelta(days=9), 10_000, refunded=1, items=[shirt[0], shirt[0]]),
            order("5", "a_yun", TODAY, 5_000, items=[shirt[0]]),
        ],
    )
    with opened.write() as tx:
        settings.choose(tx, {TRADE: "clothing"})
    yield opened
    opened.close()


def test_only_what_differs_from_what_was_typed_is_told(shop: Shop) -> None:
    def learnt() -> dict[str, Learnt]:
        with shop.read() as tx:
            return tastes.of_customer(tx, 1, attributes.of_customer(tx, 1))

    assert learnt()["top_size"] == Learnt("M", 2, TODAY - timedelta(days=60))
    with shop.write() as tx:
        attributes.put(tx, {1: {"top_size": "L"}})
    assert learnt()["top_size"].value == "M"
    with shop.write() as tx:
        attributes.put(tx, {1: {"top_size": "M"}})
    assert "top_size" not in learnt()


def test_a_line_that_nobody_can_tell_is_neither_kept_nor_returned(shop: Shop) -> None:
    with shop.read() as tx:
        found = [(one.variant, one.kept, one.returned) for one in tastes.bought(tx, 1)]
    assert found == [
        ("白色;M", True, False), ("白色;M", True, False), ("白色;L", True, False), ("白色;XL", False, True),
        ("白色;S", False, False), ("白色;S", False, False),
    ]  # fmt: skip


def test_the_card_doubts_the_size_of_an_order_that_is_not_sent_yet(shop: Shop) -> None:
    def ordered(number: str, size: str, state: OrderState) -> None:
        item = ForeignItem("基础款T恤", 1, 1, article="T1", variant=f"白色;{size}", price=5_000)
        given_orders(shop, [order(number, "tao_zi", TODAY, 5_000, items=[item], state=state)])

    def told() -> list[tuple[str, Value, Value, str | None]]:
        with shop.read() as tx:
            found = desk.card(tx, shop.columns(), 1).particulars.doubts
        return [(one.order, one.ordered, one.usual, one.fit) for one in found]

    ordered("8", "XL", OrderState.PAID)
    ordered("9", "XL", OrderState.UNPAID)
    assert told() == [("8", "XL", "M", None), ("9", "XL", "M", None)]
    ordered("9", "XL", OrderState.CLOSED)
    ordered("8", "XL", OrderState.SHIPPED)
    assert told() == []
    ordered("10", "M", OrderState.PAID)
    assert told() == []
    with shop.write() as tx:
        [shirt] = [one for one in products.listed(tx, shop.columns()) if one.key == ("T1", "白色;M")]
        products.put(tx, [(shirt, {"fit": "large"})])
    assert told() == [("10", "M", "M", "large")]
