"""Taobao's files in every layout, made from their header lists, and what must come out of them. People are invented."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from shopcrm.collect.foreign import OrderState

LAYOUTS: Final[Mapping[str, list[str]]] = json.loads(
    (Path(__file__).parents[2] / "data" / "taobao_headers.json").read_text("utf-8")
)
ORDER_LAYOUTS: Final = tuple(name for name in LAYOUTS if "order" in name)
ITEM_LAYOUTS: Final = tuple(name for name in LAYOUTS if "item" in name)

# Columns that later layouts renamed.
RENAMED: Final = {
    "买家实付金额": "买家实际支付金额", "确认收货打款金额": "打款商家金额", "商品标题": "宝贝标题",
    "商家备注": "订单备注",
    "商家备忘": "订单备注", "总金额(旧版)": "总金额", "商品价格": "价格",
}  # fmt: skip


def at(text: str) -> int:
    """UTC seconds of a time in China."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())


@dataclass(frozen=True)
class Sample:
    """One row, by the columns' first names, and what must become of it by field: a value, and the columns behind it."""

    cells: Mapping[str, str]
    golden: Mapping[str, tuple[Any, Sequence[str]]]
    refused: str | None = None  # the column of the cell at which the row is refused


PAID: Final = ("买家实际支付金额", "总金额", "订单状态", "订单付款时间")
REFUNDED: Final = ("退款金额", *PAID)
STATE: Final = ("订单状态", "订单付款时间", "退款金额", "买家实际支付金额", "总金额")
BUYER: Final = ("买家会员名",)
PHONE: Final = ("联系手机", "买家会员名")

ORDERS: Final = (
    Sample(
        {
            "订单编号": '="1930679858170647"', "买家会员名": "虚构小鹿", "买家会员昵称": "小鹿同学",
            "买家支付宝账号": "deer@example.invalid", "总金额": "598.00", "买家实际支付金额": "598.00",
            "订单状态": "交易成功", "收货人姓名": "单雅琴", "收货地址": "浙江省 杭州市 西湖区 桃源虚构路9号(310012)",
            "联系手机": "'13800135678", "订单创建时间": "2019-03-01 10:00:00", "订单付款时间": "2019-03-01 10:02:30",
            "宝贝标题": "虚构牌奶粉3段", "宝贝总数量": "2", "店铺名称": "虚构母婴店", "订单关闭原因": "订单未关闭",
            "退款金额": "无退款申请", "打款商家金额": "598元", "确认收货时间": "2019-03-09 08:00:00",
            "发货时间": "2019-03-02 17:30:00", "订单备注": "熟客", "买家留言": "null",
        },
        {
            "number": ("1930679858170647", ()),
            "paid": (59800, PAID), "state": (OrderState.FINISHED, STATE),
            "buyer_id": ("虚构小鹿", BUYER), "alipay": ("deer@example.invalid", ("买家支付宝账号",)),
            "phone": ("13800135678", PHONE), "phone_decides": (False, PHONE),
            "created_at": (at("2019-03-01 10:00:00"), ("订单创建时间",)),
            "paid_at": (at("2019-03-01 10:02:30"), ("订单付款时间",)),
            "shipped_at": (at("2019-03-02 17:30:00"), ("发货时间",)),
            "finished_at": (at("2019-03-09 08:00:00"), ("确认收货时间",)),
            "province": ("浙江", ("收货地址",)), "city": ("杭州", ("收货地址",)),
            "store": ("虚构母婴店", ("店铺名称",)), "title": ("虚构牌奶粉3段", ("宝贝标题",)),
            "units": (2, ("宝贝总数量",)),
            "recipient_name": ("单雅琴", ("收货人姓名",)), "seller_note": ("熟客", ("订单备注",)),
            "closed_reason": (None, ()), "buyer_message": (None, ()),
        },
    ),
    Sample(  # full-width comma, everything masked, a virtual number, nineteen digits, trailing tab
        {
            "订单编号": "2019000000012345678\t", "买家会员名": "虚构阿树", "总金额": "￥1,299.90",
            "买家实际支付金额": "￥1,299.90", "订单状态": "买家已付款，等待卖家发货", "收货人姓名": "张**",
            "联系手机": "18400913965-7576", "联系电话": "-", "收货地址": "北京 北京市 朝阳区 虚构街1号(100000)",
            "订单创建时间": "2019-03-02 09:00:00", "订单付款时间": "2019-03-02 09:00:05",
        },
        {
            "number": ("2019000000012345678", ()), "paid": (129990, PAID), "state": (OrderState.PAID, STATE),
            "buyer_id": ("虚构阿树", BUYER), "phone": (None, ()), "recipient_name": ("张**", ("收货人姓名",)),
            "province": ("北京", ("收货地址",)), "city": ("北京", ("收货地址",)), "shipped_at": (None, ()),
        },
    ),
    Sample(  # half-width comma; re-saved in Excel
        {
            "订单编号": "'1930679858170648", "买家会员名": "虚构小鹿", "总金额": "70", "买家实际支付金额": "69.2",
            "订单状态": "卖家已发货,等待买家确认", "订单创建时间": "2016/5/23 22:02", "订单付款时间": "2016/5/23 22:03",
            "退款金额": "0.00",
        },
        {
            "number": ("1930679858170648", ()), "paid": (6920, PAID), "state": (OrderState.SHIPPED, STATE),
            "paid_at": (at("2016-05-23 22:03:00"), ("订单付款时间",)), "refunded": (0, ("退款金额",)),
        },
    ),
    Sample(  # never paid
        {
            "订单编号": "1930679858170649", "买家会员名": "虚构云朵", "总金额": "88.00", "买家实际支付金额": "0.00",
            "订单状态": "等待买家付款", "订单创建时间": "2019-03-03 00:10:00", "订单付款时间": "NULL",
        },
        {
            "number": ("1930679858170649", ()), "paid": (0, ("订单状态", "买家实际支付金额")),
            "state": (OrderState.UNPAID, STATE), "paid_at": (None, ()),
        },
    ),
    Sample(  # closed before payment: whatever the amount says, nothing was paid
        {
            "订单编号": "1930679858170650", "买家会员名": "虚构云朵", "总金额": "88.00", "买家实际支付金额": "88.00",
            "订单状态": "交易关闭", "订单创建时间": "2019-03-03 00:10:00", "订单付款时间": "",
            "订单关闭原因": "买家未及时付款",
        },
        {
            "number": ("1930679858170650", ()), "paid": (0, PAID), "state": (OrderState.CLOSED, STATE),
            "closed_reason": ("买家未及时付款", ("订单关闭原因",)),
        },
    ),
    Sample(  # closed after payment: all of it went back
        {
            "订单编号": "1930679858170651", "买家会员名": "虚构云朵", "总金额": "120.00", "买家实际支付金额": "120.00",
            "订单状态": "交易关闭", "订单创建时间": "2019-03-04 12:00:00", "订单付款时间": "2019-03-04 12:01:00",
            "退款金额": "无退款申请",
        },
        {
            "number": ("1930679858170651", ()), "paid": (12000, PAID), "refunded": (12000, (*PAID, "订单状态")),
            "state": (OrderState.REFUNDED, STATE),
        },
    ),
    Sample(  # a part went back
        {
            "订单编号": "1930679858170652", "买家会员名": "虚构阿树", "总金额": "200.00",
            "买家实际支付金额": "200.00元",
            "订单状态": "交易成功", "订单创建时间": "2019-03-05 12:00:00", "订单付款时间": "2019-03-05 12:01:00",
            "退款金额": "20.50",
        },
        {
            "number": ("1930679858170652", ()), "paid": (20000, PAID), "refunded": (2050, ("退款金额",)),
            "state": (OrderState.FINISHED, STATE),
        },
    ),
    Sample(
        {
            "订单编号": "1930679858170653", "买家会员名": "虚构阿树", "总金额": "30.00", "买家实际支付金额": "30.00",
            "订单状态": "付款以后用户退款成功，交易自动关闭", "订单创建时间": "2019-03-06 12:00:00",
            "订单付款时间": "2019-03-06 12:01:00",
        },
        {
            "number": ("1930679858170653", ()), "paid": (3000, PAID), "refunded": (3000, (*PAID, "退款金额")),
            "state": (OrderState.REFUNDED, STATE),
        },
    ),
    Sample(  # the buyer is masked, the phone is not
        {
            "订单编号": "1930679858170654", "买家会员名": "虚**1", "总金额": "10.00", "买家实际支付金额": "10.00",
            "买家支付宝账号": "138****5679", "订单状态": "交易成功", "联系手机": "86-13900135679",
            "订单创建时间": "2019-03-07 23:59:59", "订单付款时间": "2019-03-08 00:00:01",
        },
        {
            "number": ("1930679858170654", ()), "buyer_id": (None, ()), "alipay": (None, ()),
            "phone": ("13900135679", ("联系手机",)), "phone_decides": (True, ("联系手机",)),
            "day": (17963, ("订单付款时间", "订单创建时间")),
        },
    ),
    Sample({"订单编号": "1.93068E+15", "买家会员名": "虚构小鹿", "总金额": "1.00"}, {}, refused="订单编号"),
    Sample({"订单编号": "1930679858170000", "买家会员名": "虚构小鹿", "总金额": "1.00"}, {}, refused="订单编号"),
    Sample({"订单编号": " ", "买家会员名": "虚构小鹿", "总金额": "1.00"}, {}, refused="订单编号"),
    Sample(
        {"订单编号": "1930679858170655", "总金额": "1.00", "买家实际支付金额": "一百", "订单状态": "交易成功"},
        {}, refused="买家实际支付金额",
    ),
    Sample(
        {"订单编号": "1930679858170656", "总金额": "1.00", "订单创建时间": "19-3-1", "订单状态": "交易成功"},
        {}, refused="订单创建时间",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A file: its header as written, its rows, and by which column every cell's first name went."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    columns: frozenset[str] = field(default=frozenset())

    def as_csv(self, encoding: str = "gbk") -> bytes:
        """The way Taobao writes it: every cell quoted, CRLF."""
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(self.header)
        writer.writerows(cells for _, cells in self.rows)
        return text.getvalue().encode(encoding)


def first_name(header: str) -> str:
    """What a column was called first."""
    name = header.strip()
    return RENAMED.get(name, name)


def table(header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> Table:
    """A file with these columns; values of columns it has not are lost, those it has and nobody gave are empty."""
    cells = [[row.get(first_name(name), "") for name in header] for row in rows]
    return Table(list(header), list(enumerate(cells, 2)), frozenset(map(first_name, header)))


def order_table(header: Sequence[str]) -> Table:
    """The order report with all the samples."""
    return table(header, [sample.cells for sample in ORDERS])


def told(sample: Sample, columns: Collection[str]) -> dict[str, Any]:
    """What must come out of a sample of a file with these columns: where all of a field's columns are there its value,
    where none is None; in between another rule holds, which the test of that rule knows."""
    expected: dict[str, Any] = {}
    for name, (value, behind) in sample.golden.items():
        if all(column in columns for column in behind):
            expected[name] = value
        elif len(behind) == 1:
            expected[name] = None
    return expected
