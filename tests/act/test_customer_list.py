from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from shopcrm.act import customer_list, field_columns, finding
from shopcrm.act.customer_list import SORTS, Order
from shopcrm.act.filters import Condition, Test
from shopcrm.app import Shop
from shopcrm.collect import tags
from shopcrm.collect.foreign import OrderState
from shopcrm.mine import cycles, rfm
from shopcrm.mine.rfm import GROUP_KEYS
from shopcrm.store import search_index
from shopcrm.store.tables.customers import customers
from tests.builders import TODAY, given_orders, new_shop, order

KEYS = (
    "name", "group", "sources", "shown_phone", "province", "city", "occasions", "net_total", "last_day", "tags",
)  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    orders = [
        order(
            f"{nick}-{ago}", f"buyer_{nick}", TODAY - timedelta(days=ago), paid,
            recipient_name=name, recipient_phone=phone, phone=phone if phone and "*" not in phone else None,
            province=province, city=city, state=state,
        )
        for nick, name, phone, province, city, state, paid, days in (
            ("a", "张小白", "13912340001", "浙江", "杭州", OrderState.FINISHED, 20_000, (5, 40, 75)),
            ("b", "李一一", "139****2210", "广东", "深圳", OrderState.FINISHED, 90_000, (100,)),
            ("c", None, None, None, None, OrderState.UNPAID, 5_000, (3,)),
            ("d", "安安", "13912340002", "广东", "广州", OrderState.FINISHED, 20_000, (5, 200)),
            ("e", "王小白", None, "北京", "北京", OrderState.FINISHED, 1_500, (400,)),
        )
        for ago in days
    ]  # fmt: skip
    given_orders(opened, orders)
    yield opened
    opened.close()


def names(shop: Shop, **how: object) -> list[str]:
    with shop.read() as tx:
        columns = shop.columns()
        found = customer_list.ids(tx, columns, **how)  # type: ignore[arg-type]  # passed through
        return [row["name"] for row in customer_list.rows(tx, columns, found, keys=("name",))]


BY_NAME = (Order("name", descending=False),)


@pytest.mark.parametrize(
    ("sort", "ascending"),
    [
        ("name", ["buyer_c", "安安", "李一一", "王小白", "张小白"]),
        ("region", ["王小白", "安安", "李一一", "张小白", "buyer_c"]),
        ("last_day", ["王小白", "李一一", "张小白", "安安", "buyer_c"]),
        ("net_total", ["buyer_c", "王小白", "安安", "张小白", "李一一"]),
        ("occasions", ["buyer_c", "李一一", "王小白", "安安", "张小白"]),
    ],
)
def test_lists_are_in_the_order_a_chinese_reader_expects(shop: Shop, sort: str, ascending: list[str]) -> None:
    assert names(shop, order=(Order(sort, descending=False),)) == ascending


@pytest.mark.parametrize("sort", list(SORTS))
@pytest.mark.parametrize("descending", [True, False])
def test_every_order_lists_everybody_once_and_who_lacks_the_value_last(
    shop: Shop, sort: str, *, descending: bool
) -> None:
    with shop.read() as tx:
        columns = shop.columns()
        found = customer_list.ids(tx, columns, order=(Order(sort, descending=descending),))
        values, missing = field_columns.order_of(field_columns.column(tx, columns, sort))
        place = columns.rows(found)
        assert sorted(found) == columns.ids.tolist()
        sign = -1 if descending else 1
        key = [
            (True, 0.0, row) if missing[row] else (False, sign * float(values[row]), row) for row in range(len(columns))
        ]
        expected = sorted(range(len(columns)), key=key.__getitem__)
        assert place.tolist() == expected


def test_filters_by_group_and_by_text_are_those_of_segments_and_search(shop: Shop) -> None:
    with shop.read() as tx:
        columns = shop.columns()
        scores = rfm.scores(tx, columns)
        for index, key in enumerate(GROUP_KEYS):
            found = customer_list.ids(tx, columns, group=key)
            assert sorted(found) == columns.ids[scores.group == index].tolist()
    assert names(shop, text="小白", order=BY_NAME) == ["王小白", "张小白"]
    assert names(shop, text="0002") == ["安安"]
    assert names(shop, text="nobody") == []
    assert names(shop, text="  ") == names(shop)
    privileged = names(shop, group="privileged")
    assert names(shop, group="privileged", text="安安") == [name for name in privileged if name == "安安"]


def test_rows_tell_what_the_table_shows(shop: Shop) -> None:
    with shop.write() as tx:
        columns = shop.columns()
        found = customer_list.ids(tx, columns, order=BY_NAME)
        tags.put(tx, [int(found[4])], name="老客")
        rows = customer_list.rows(tx, columns, found, keys=KEYS)
        group = rfm.scores(tx, columns).group[columns.rows(found[4:])[0]]
    assert (rows[4].id, *rows[4].values.values()) == (
        int(found[4]), "张小白", GROUP_KEYS[group], ("taobao",), "13912340001", "浙江", "杭州", 3, 60_000,
        TODAY - timedelta(days=5), ("老客",),
    )  # fmt: skip
    assert rows[2]["shown_phone"] == "139****2210"
    assert [rows[0][key] for key in ("name", "group", "occasions", "last_day")] == ["buyer_c", None, 0, None]


def test_customers_that_came_or_went_since_the_columns_were_loaded_do_not_disturb(shop: Shop) -> None:
    before = shop.columns()
    given_orders(shop, [order("new", "buyer_new", TODAY, recipient_name="新来")])
    with shop.read() as tx:
        newest = int(tx.connection.scalar(select(customers.c.id).order_by(customers.c.id.desc())) or 0)
        rows = customer_list.rows(tx, before, np.array([999_999, newest, *before.ids[:1]]), keys=("name", "group"))
        assert [row["name"] for row in rows][:2] == [None, "新来"]
        assert rows[1]["group"] is None
        assert len(customer_list.ids(tx, before, order=BY_NAME)) == len(before)
        assert len(cycles.due_of(tx, before).ratio) == len(before)


def test_levels_sort_one_within_the_other_and_equals_by_id(shop: Shop) -> None:
    by_place = (Order("province", descending=False), Order("net_total"))
    # 北京, 广东 twice with the larger first, 浙江, then who has none.
    assert names(shop, order=by_place) == ["王小白", "李一一", "安安", "张小白", "buyer_c"]
    assert names(shop, order=(Order("province", descending=False), Order("net_total", descending=False))) == [
        "王小白", "安安", "李一一", "张小白", "buyer_c"
    ]  # fmt: skip
    assert names(shop, order=()) == names(shop, order=(Order("id", descending=False),))


def test_conditions_and_what_is_typed_hold_together(shop: Shop) -> None:
    guangdong = Condition("province", Test.ANY, ("广东",))
    assert names(shop, conditions=(guangdong,), order=BY_NAME) == ["安安", "李一一"]
    assert names(shop, conditions=(guangdong, Condition("occasions", Test.BETWEEN, (2, None)))) == ["安安"]
    assert names(shop, conditions=(guangdong,), text="小白") == []


def test_the_tail_of_a_phone_and_a_tag_find_together(shop: Shop) -> None:
    with shop.write() as tx:
        ids = customer_list.ids(tx, shop.columns(), order=BY_NAME)
        tags.put(tx, [int(ids[1]), int(ids[3])], name="宝妈群")  # 安安, 王小白
        tags.put(tx, [int(ids[4])], name="团长")  # 张小白
    for text in ("0002 b", "b 0002", "0002 宝妈", "0002 bmq", "安 0002 宝妈群"):
        assert names(shop, text=text) == ["安安"], text
    assert names(shop, text="bm", order=BY_NAME) == ["安安", "王小白"]
    assert names(shop, text="小白 bm") == ["王小白"]
    assert names(shop, text="小白 tz") == ["张小白"]
    assert names(shop, text="0002 tz") == []


@pytest.mark.parametrize("apart", [0, 1_000])
def test_a_tag_of_more_wearers_than_are_looked_through_still_finds(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, apart: int
) -> None:
    monkeypatch.setattr(finding, "RANKED_AT_MOST", 1)
    monkeypatch.setattr(finding, "_APART", apart)
    monkeypatch.setattr(search_index, "_LOOKED_AT_FIRST", 1)
    monkeypatch.setattr(search_index, "_LOOKED_THROUGH", 1)
    with shop.write() as tx:
        tags.put(tx, shop.columns().ids.tolist(), name="宝妈群")
        ids = customer_list.ids(tx, shop.columns(), order=BY_NAME)
        tags.put(tx, [int(ids[1]), *ids[-2:].tolist()], name="老客")
    assert names(shop, text="0002 b") == ["安安"]
    assert names(shop, text="宝妈群 0002 老客") == ["安安"]
    with shop.read() as tx:
        assert len(finding.find(tx, "宝妈群 老客")) == 3
        assert len(finding.find(tx, "宝妈群 小白")) == 2
