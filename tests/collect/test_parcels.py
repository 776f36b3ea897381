"""The number of a parcel is kept with its order, found by all of it or its tail, and not lost to a later file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from shopcrm.act import desk
from shopcrm.app import Shop
from shopcrm.store.search_tables import backwards
from tests.builders import new_shop

TAOBAO = ["订单编号", "买家会员名", "买家实际支付金额", "订单状态", "订单创建时间", "订单付款时间", "宝贝标题"]
SHOPIFY = ["Name", "Email", "Financial Status", "Total", "Currency", "Created at", "Paid at", "Lineitem name",
           "Lineitem quantity", "Lineitem price", "Tracking Number", "Tracking Company"]  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    yield opened
    opened.close()


def take(shop: Shop, path: Path, *lines: list[str]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(lines)
    shop.import_staged(shop.stage([path]))


def test_a_parcel_is_found_by_its_number_and_its_tail(shop: Shop, tmp_path: Path) -> None:
    line = ["2611151002007731", "qing_zhou", "9.00", "卖家已发货，等待买家确认", "2026-11-15 09:30:12",
            "2026-11-15 09:31:00", "虚构小木马"]  # fmt: skip
    take(shop, tmp_path / "a.csv", [*TAOBAO, "物流单号 ", "物流公司"], [*line, "No:VX1234567890", "虚构快递"])
    take(shop, tmp_path / "b.csv", TAOBAO, line)  # a layout without it
    take(
        shop, tmp_path / "c.csv", SHOPIFY,
        ["#1001", "anna@example.com", "paid", "5.00", "CNY", "2026-11-15 09:30:12 +0800", "2026-11-15 09:31:00 +0800",
         "Toy", "1", "5.00", "RX999000111XX", "Invented Mail"],
    )  # fmt: skip
    with shop.read() as tx:
        for text, number in (
            ("VX1234567890", "VX1234567890"), ("567890", "VX1234567890"), ("RX999000111XX", "RX999000111XX"),
        ):  # fmt: skip
            (hit,) = desk.find(tx, text)
            assert (hit.matched, hit.value) == ("parcel", number)
        assert [hit.value for hit in desk.find(tx, "67890")] == ["VX1234567890"]
        assert desk.find(tx, "890") == []  # three are too few for a tail
        (hit,) = desk.find(tx, "vx1234567890")
        (order,) = desk.card(tx, shop.columns(), hit.id).orders
        assert (order.number, order.tracking_number, order.carrier) == ("2611151002007731", "VX1234567890", "虚构快递")
        plan = tx.connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM orders WHERE tracking_number IS NOT NULL"
            f" AND {backwards('tracking_number')} = '098765'"
        ).fetchall()
        assert "ix_orders_tracking_number_backwards" in str(plan)
