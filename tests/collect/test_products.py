from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base.lengths import TooLong
from shopcrm.collect import edits, products
from shopcrm.collect.foreign import ForeignItem, OrderState
from shopcrm.collect.products import Band, NotAFit, NotDays, understand
from tests.builders import TODAY, content, given_orders, new_shop, order


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    red = ForeignItem("保温杯", 2, 2, article="CUP", variant="红色", price=5_000)
    given_orders(
        opened,
        [
            order("1", "anan", TODAY - timedelta(days=9), 19_000, items=[red, ForeignItem("帆布袋", 1, 2, paid=9_000)]),
            order("2", "anan", TODAY - timedelta(days=3), 10_000, items=[red]),
            order("3", "beibei", TODAY - timedelta(days=5), 4_000,
                  items=[ForeignItem("保温杯 新款", 1, 2, article="CUP", variant="红色", paid=4_000)]),
            order("4", "beibei", TODAY, 0, state=OrderState.UNPAID, paid_at=None, items=[red]),
        ],
    )  # fmt: skip
    yield opened
    opened.close()


def listed(shop: Shop) -> list[products.Product]:
    with shop.read() as tx:
        return products.listed(tx, shop.columns())


def test_what_was_sold_counts_the_lines_of_valid_orders(shop: Shop) -> None:
    cup, bag = listed(shop)
    assert (cup.key, cup.orders, cup.units, cup.customers) == (("CUP", "红色"), 3, 5, 2)
    assert cup.last_date == TODAY - timedelta(days=3)
    assert cup.price == 4_800  # 24,000 for five
    assert (bag.key, bag.title, bag.price) == (("帆布袋", ""), "帆布袋", 9_000)  # no code: the title
    with shop.read() as tx:
        assert (len(products.buyers(tx, cup.key)), len(products.buyers(tx, bag.key))) == (2, 1)


def test_what_is_kept_stands_beside_it_and_can_be_taken_back(shop: Shop) -> None:
    before = content(shop)
    cup, bag = listed(shop)
    with shop.write() as tx:
        first = products.put(tx, [(cup, {"category": "杯子", "tags": ("送礼", "保温")})])
    with shop.write() as tx:
        second = products.put(tx, [(one, {"category": "日用", "days_per_unit": 40}) for one in listed(shop)])
    cup, bag = listed(shop)
    assert (cup.category, cup.tags, cup.days_per_unit, bag.category) == ("日用", ("送礼", "保温"), 40, "日用")
    assert cup.words("tags") == "送礼, 保温"
    with shop.write() as tx:
        edits.undo(tx, second)
    cup, bag = listed(shop)
    assert (cup.category, cup.days_per_unit, bag.category) == ("杯子", None, None)
    with shop.write() as tx:
        edits.undo(tx, first)
    assert content(shop) == before


def test_a_product_that_is_no_longer_sold_keeps_what_is_known_of_it(shop: Shop) -> None:
    cup, _bag = listed(shop)
    with shop.write() as tx:
        products.put(tx, [(cup, {"stage": "1-3"})])
    shop.undo_import()
    (only,) = listed(shop)
    assert (only.key, only.stage, only.orders, only.last_date) == (cup.key, "1-3", 0, None)


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("days_per_unit", " ３０ 天", 30), ("days_per_unit", "30.0", 30), ("days_per_unit", "", None),
        ("fit", "偏大", NotAFit), ("fit", "runs small", "small"), ("fit", "", None),
        ("days_per_unit", "0", NotDays), ("days_per_unit", "1.5", NotDays), ("days_per_unit", "nan", NotDays),
        ("days_per_unit", "inf", NotDays),
        ("tags", "送礼、 保温，送礼", ("送礼", "保温")), ("category", "  杯  子 ", "杯 子"),
        ("category", "杯" * 121, TooLong),
    ],
)  # fmt: skip
def test_what_is_typed_is_understood_or_refused(key: str, typed: str, value: object) -> None:
    if isinstance(value, type):
        with pytest.raises(value):
            understand(key, typed)
    else:
        assert understand(key, typed) == value


@pytest.mark.parametrize(
    ("price", "currency", "shown"),
    [
        (0, "CNY", "0–1"), (99, "CNY", "0–1"), (100, "CNY", "1–2"), (4_999, "CNY", "20–50"), (5_000, "CNY", "50–100"),
        (19_999, "CNY", "100–200"), (100_000, "CNY", "1,000–2,000"), (4_980, "JPY", "2,000–5,000"),
    ],
)  # fmt: skip
def test_a_price_stands_in_one_band(price: int, currency: str, shown: str) -> None:
    assert str(Band.of(price, currency=currency)) == shown
