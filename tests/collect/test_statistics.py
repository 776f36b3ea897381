"""What an import adds to the sums of a customer is what counting all of their orders anew comes to."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopcrm.app import Shop
from shopcrm.collect import statistics
from shopcrm.collect.foreign import ForeignOrder, OrderState
from shopcrm.store.touched import touch_those
from tests.builders import TODAY, given_orders, new_shop, order
from tests.proving import examples

_NAMES = st.sampled_from([None, "", "林小满", "林小满", "林小满", "周雨", "周雨", "林**", "~masked"])
_HOME = ("浙江", "杭州")  # most people stay where they are
_PLACES = st.sampled_from(
    [_HOME] * 12 + [(None, None), ("", ""), ("浙江", ""), ("浙江", "宁波"), ("四川", "成都"), ("", "宁波")]
)
_ADDRESSES = st.sampled_from(
    [
        None,
        "浙江省 杭州市 西湖区 虚构路1号",
        "浙江省 杭州市 滨江区 虚构路2号",
        "杭州西湖区虚构路3号",
        "浙江省 杭州市 虚构路",
    ]
)


@st.composite
def _orders(draw: st.DrawFn) -> ForeignOrder:
    province, city = draw(_PLACES)
    return order(
        f"{draw(st.integers(0, 15)):04d}",
        draw(st.sampled_from(["lin_a", "lin_a", "lin_a", "t**0"])),
        TODAY - timedelta(days=draw(st.integers(0, 6))),
        draw(st.integers(0, 500)),
        refunded=draw(st.sampled_from([0, 0, 100])),
        state=draw(st.sampled_from([OrderState.FINISHED, OrderState.PAID, OrderState.UNPAID, OrderState.CLOSED])),
        phone=draw(st.sampled_from([None] * 9 + ["13800130001"])),
        recipient_name=draw(_NAMES),
        buyer_name=draw(_NAMES),
        province=province,
        city=city,
        address=draw(_ADDRESSES),
    )


@settings(max_examples=examples(20, many=500), suppress_health_check=list(HealthCheck))
@given(batches=st.lists(st.lists(_orders(), min_size=1, max_size=4), min_size=2, max_size=5), by_hand=st.booleans())
def test_what_is_added_is_what_is_counted_anew(batches: Sequence[Sequence[ForeignOrder]], by_hand: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = new_shop(Path(folder) / "shop")
        for number, orders in enumerate(batches):
            given_orders(shop, orders)
            added = _kept(shop)
            with shop.write() as tx:
                touch_those(tx.connection, "SELECT id FROM customers", also=())
                statistics.refresh(tx)
            assert added == _kept(shop)
            if by_hand and number == 0:
                with shop.write() as tx:
                    tx.connection.exec_driver_sql(
                        "UPDATE customers SET name = '团子妈妈', name_by_hand = 1 WHERE id = 1"
                    )
        shop.close()


def _kept(shop: Shop) -> list[list[Any]]:
    with shop.read() as tx:
        return [
            [tuple(row) for row in tx.connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1, 2")]
            for table in ("customers", "occasions", "customer_statistics")
        ]


def test_the_district_is_that_of_the_newest_order_to_the_city_one_lives_in(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")

    def told(number: int, days_ago: int, address: str, city: str = "杭州") -> ForeignOrder:
        day = TODAY - timedelta(days=days_ago)
        return order(str(number), "lin_a", day, province="浙江", city=city, address=address)

    def district() -> str | None:
        with shop.read() as tx:
            return tx.connection.exec_driver_sql("SELECT district FROM customers").scalar()

    given_orders(shop, [told(1, 5, "浙江省 杭州市 西湖区 虚构路1号"), told(2, 9, "浙江省 杭州市 滨江区 虚构路2号")])
    assert district() == "西湖区"
    given_orders(shop, [told(3, 7, "浙江省 杭州市 余杭区 虚构路3号")])  # older: nothing is learnt from it
    assert district() == "西湖区"
    given_orders(shop, [told(4, 3, "浙江省杭州市滨江区虚构路4号")])
    assert district() == "滨江区"
    given_orders(shop, [told(5, 1, "浙江省 宁波市 鄞州区 虚构路5号", city="宁波")])
    assert district() == "鄞州区"
    shop.close()
