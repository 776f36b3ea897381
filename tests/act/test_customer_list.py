from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from shopcrm.act import customer_list
from shopcrm.act.customer_list import SORTS, CustomerRow
from shopcrm.app import Shop
from shopcrm.collect import tags
from shopcrm.collect.foreign import OrderState
from shopcrm.mine import cycles, rfm
from shopcrm.mine.rfm import GROUP_KEYS
from shopcrm.store.tables.customers import customers
from tests.builders import TODAY, given_orders, new_shop, order


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
        return [row.name for row in customer_list.rows(tx, columns, found)]


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
    assert names(shop, sort=sort, descending=False) == ascending


@pytest.mark.parametrize("sort", list(SORTS))
@pytest.mark.parametrize("descending", [True, False])
def test_every_order_lists_everybody_once_and_who_lacks_the_value_last(
    shop: Shop, sort: str, *, descending: bool
) -> None:
    with shop.read() as tx:
        columns = shop.columns()
        found = customer_list.ids(tx, columns, sort=sort, descending=descending)
        values, missing = SORTS[sort](tx, columns)
        place = columns.rows(found)
        assert sorted(found) == columns.ids.tolist()
        lacking = np.zeros(len(columns), np.bool_) if missing is None else missing
        sign = -1 if descending else 1
        key = [
            (True, 0.0, row) if lacking[row] else (False, sign * float(values[row]), row) for row in range(len(columns))
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
    assert names(shop, text="小白", sort="name", descending=False) == ["王小白", "张小白"]
    assert names(shop, text="0002") == ["安安"]
    assert names(shop, text="nobody") == []
    assert names(shop, text="  ") == names(shop)
    privileged = names(shop, group="privileged")
    assert names(shop, group="privileged", text="安安") == [name for name in privileged if name == "安安"]


def test_rows_tell_what_the_table_shows(shop: Shop) -> None:
    with shop.write() as tx:
        columns = shop.columns()
        found = customer_list.ids(tx, columns, sort="name", descending=False)
        tags.put(tx, [int(found[4])], name="老客")
        rows = customer_list.rows(tx, columns, found)
        group = rfm.scores(tx, columns).group[columns.rows(found[4:])[0]]
    assert rows[4] == CustomerRow(
        int(found[4]), "张小白", GROUP_KEYS[group], ("taobao",), "13912340001", "浙江", "杭州", 3, 60_000,
        TODAY - timedelta(days=5), ("老客",),
    )  # fmt: skip
    assert rows[2].phone == "139****2210"
    prospect = rows[0]
    assert (prospect.name, prospect.group, prospect.occasions, prospect.last_day) == ("buyer_c", None, 0, None)


def test_customers_that_came_or_went_since_the_columns_were_loaded_do_not_disturb(shop: Shop) -> None:
    before = shop.columns()
    given_orders(shop, [order("new", "buyer_new", TODAY, recipient_name="新来")])
    with shop.read() as tx:
        newest = int(tx.connection.scalar(select(customers.c.id).order_by(customers.c.id.desc())) or 0)
        rows = customer_list.rows(tx, before, np.array([999_999, newest, *before.ids[:1]]))
        assert [row.name for row in rows][:2] == ["", "新来"]
        assert rows[1].group is None
        assert len(customer_list.ids(tx, before, sort="name")) == len(before)
        assert len(cycles.due_of(tx, before).ratio) == len(before)
