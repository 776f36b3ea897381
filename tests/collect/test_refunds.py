"""A list of refunds changes the orders that are known and makes none."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from shopcrm.app import Shop
from shopcrm.collect import rejects
from shopcrm.collect.foreign import Code
from shopcrm.collect.imports import ImportReport
from tests.builders import content, new_shop
from tests.collect.platforms.samples import HEADERS

ORDERS = HEADERS["douyin_73"]
REFUNDS = HEADERS["douyin_aftersale_2026"]
KNOWN, OTHER = "6917000000000000011", "6917000000000000022"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    yield opened
    opened.close()


def write(path: Path, header: Sequence[str], *rows: Mapping[str, str]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *([row.get(name, "") for name in header] for row in rows)])
    return path


def order(number: str, *, paid: str = "30.00") -> dict[str, str]:
    return {
        "主订单编号": number, "子订单编号": number, "选购商品": "虚构辣丝", "商品数量": "1", "订单应付金额": paid,
        "收件人手机号": "13800131004", "订单状态": "已完成", "订单提交时间": "2026-04-01 08:00:00",
        "支付完成时间": "2026-04-01 08:01:00",
    }  # fmt: skip


def refund(number: str, goods: str, *, at: int, postage: str = "0.00", said: str = "退款成功") -> dict[str, str]:
    return {
        "售后单号": str(7000000000000000000 + at), "订单号": number, "退商品金额（元）": goods,
        "退运费金额（元）": postage, "售后状态": said,
    }  # fmt: skip


def take(shop: Shop, *paths: Path, dry: bool = False) -> ImportReport:
    staged = shop.stage(paths)
    try:
        return shop.preview(staged) if dry else shop.import_staged(staged)
    finally:
        staged.close()


def stored(shop: Shop) -> list[tuple[str, str, int, int]]:
    with shop.read() as tx:
        rows = tx.connection.exec_driver_sql("SELECT number, state, paid, refunded FROM orders ORDER BY number")
        return [tuple(row) for row in rows]


def test_orders_of_the_batch_and_of_the_shop_are_refunded_by_the_sum_of_their_complaints(
    shop: Shop, tmp_path: Path
) -> None:
    orders = write(tmp_path / "1791430000_new.csv", ORDERS, order(KNOWN), order(OTHER))
    first = write(tmp_path / "1791430100.csv", REFUNDS, refund(KNOWN, "5.00", at=1, postage="1.00"),
                  refund(KNOWN, "2.00", at=2), refund(KNOWN, "9.00", at=3, said="售后关闭"))  # fmt: skip
    report = take(shop, first, orders)  # in whatever order they are given
    assert stored(shop) == [(KNOWN, "finished", 3_000, 800), (OTHER, "finished", 3_000, 0)]
    assert (report.orders.new, report.files[0].rejected) == (2, 0)

    lines = content(shop)["order_items"]
    second = write(tmp_path / "1791430200.csv", REFUNDS, refund(KNOWN, "8.00", at=1), refund(OTHER, "30.00", at=4))
    report = take(shop, second)
    assert stored(shop) == [(KNOWN, "finished", 3_000, 800), (OTHER, "refunded", 3_000, 3_000)]
    assert (report.orders.changed, report.orders.same) == (1, 1)
    assert content(shop)["order_items"] == lines
    assert take(shop, second, dry=True).orders.same == 2

    before = content(shop)
    shop.undo_import(report.batch or 0)
    assert stored(shop)[1] == (OTHER, "finished", 3_000, 0)
    take(shop, second)
    assert stored(shop) == [(KNOWN, "finished", 3_000, 800), (OTHER, "refunded", 3_000, 3_000)]
    assert before["customers"] == content(shop)["customers"]


def test_refunds_of_orders_that_nobody_knows_come_back_and_can_be_given_again(shop: Shop, tmp_path: Path) -> None:
    take(shop, write(tmp_path / "1791430000_new.csv", ORDERS, order(KNOWN)))
    many = [refund(OTHER, "0.01", at=at) for at in range(10, 700)]  # more rows than a preview keeps
    path = write(tmp_path / "1791430100.csv", REFUNDS, refund(KNOWN, "5.00", at=1), *many)
    staged = shop.stage([path])
    for _ in range(2):  # a plan that is made anew says it once
        report = shop.preview(staged)
        assert (report.orders.new, report.files[0].rejected) == (0, 690)
        with shop.write() as tx:
            tx.begin_change("note")
    assert {problem.code for problem in report.files[0].problems} == {Code.UNKNOWN_ORDER}
    assert {problem.value for problem in report.files[0].problems} == {OTHER}
    (again,) = rejects.write(staged.file, tmp_path / "again.xlsx")
    shop.import_staged(staged)
    staged.close()
    assert stored(shop) == [(KNOWN, "finished", 3_000, 500)]

    sheet = openpyxl.load_workbook(again).worksheets[0]
    assert sheet.max_row == 691
    take(shop, write(tmp_path / "1791430200_new.csv", ORDERS, order(OTHER)), again)
    assert stored(shop)[1] == (OTHER, "finished", 3_000, 690)
