"""Writes invented orders as the two reports a Taobao seller downloads, quirks included, for the importer to read."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

from shopcrm.base.money import decimal_text
from shopcrm.base.resources import resource
from shopcrm.jobs.demo_history import CURRENCY, Fate, Purchase, catalogue

_STATES: Final = {
    Fate.UNPAID: "等待买家付款",
    Fate.CLOSED: "交易关闭",
    Fate.WAITING: "买家已付款，等待卖家发货",
    Fate.SHIPPED: "卖家已发货，等待买家确认",
    Fate.DONE: "交易成功",
    Fate.SENT_BACK: "交易关闭",
}
_CLOSED_REASONS: Final = {Fate.CLOSED: "买家未及时付款", Fate.SENT_BACK: "退款"}


def write_reports(folder: Path, purchases: Sequence[Purchase], *, as_of: date) -> tuple[Path, Path]:
    """The order report and the item report as of early on `as_of`, in GB18030."""
    orders = folder / f"ExportOrderList{as_of:%Y%m%d}0830.csv"
    items = folder / f"ExportOrderDetailList{as_of:%Y%m%d}0830.csv"
    newest_first = purchases[::-1]
    headers = tomllib.loads(resource("demo", "reports.toml").read_text(encoding="utf-8"))
    _write(orders, _columns(headers["orders"]), map(_order_cells, newest_first))
    _write(
        items,
        _columns(headers["items"]),
        (_item_cells(purchase, n) for purchase in newest_first for n in range(len(purchase.lines))),
    )
    return orders, items


def _columns(text: str) -> list[str]:
    return text.replace("\n", "").replace("~", " ").split(",")


def _write(path: Path, header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows([row.get(name.strip(), "") for name in header] for row in rows)


def _order_cells(purchase: Purchase) -> dict[str, str]:
    buyer, virtual = purchase.buyer, "-" in purchase.buyer.phone
    return {
        "订单编号": _number(purchase.number),
        "买家会员名": purchase.nick,
        "买家会员昵称": purchase.nick,
        "支付单号": _number(_payment(purchase)),
        "买家应付货款": _money(purchase.payable - purchase.postage),
        "买家应付邮费": _money(purchase.postage),
        "买家支付积分": "0",
        "总金额": _money(purchase.paid),
        "返点积分": "0",
        "买家实际支付金额": _money(purchase.paid if purchase.paid_at else 0),
        "买家实际支付积分": "0",
        "订单状态": _STATES[purchase.fate],
        "买家留言": purchase.message or "null",
        "收货人姓名": buyer.recipient,
        "收货地址": f"{buyer.province} {buyer.city} {buyer.district} {_street(purchase)}({buyer.postcode})",
        "运送方式": "快递",
        "联系手机": f"'{buyer.phone}",
        "虚拟号过期时间": _time(purchase.finished_at) if virtual else "",
        "订单创建时间": _time(purchase.created),
        "订单付款时间": _time(purchase.paid_at),
        "宝贝标题": "，".join(line.product.title for line in purchase.lines),
        "宝贝种类": str(len(purchase.lines)),
        "物流单号": f"No:TT{purchase.number[:12]}" if purchase.shipped_at else "",
        "物流公司": "团团速运" if purchase.shipped_at else "",
        "订单备注": purchase.seller_note,
        "宝贝总数量": str(sum(line.quantity for line in purchase.lines)),
        "店铺Id": "0",
        "店铺名称": str(catalogue()["store"]),
        "订单关闭原因": _CLOSED_REASONS.get(purchase.fate, "订单未关闭"),
        "卖家服务费": "0",
        "买家服务费": "0元",
        "是否手机订单": "手机订单",
        "是否代付": "否",
        "退款金额": _money(purchase.refunded),
        "确认收货时间": _time(purchase.finished_at),
        "打款商家金额": f"{_money(purchase.paid - purchase.refunded if purchase.finished_at else 0)}元",
        "发货时间": _time(purchase.shipped_at),
        "商家备忘": purchase.seller_note,
        "主订单编号": _number(purchase.number),
    }


def _item_cells(purchase: Purchase, n: int) -> dict[str, str]:
    line = purchase.lines[n]
    refunded = line.paid if purchase.fate is Fate.SENT_BACK else line.refunded
    number = purchase.number if len(purchase.lines) == 1 else f"{purchase.number[:-5]}{n + 1}{purchase.number[-4:]}"
    return {
        "子订单编号": _number(number),
        "主订单编号": _number(purchase.number),
        "标题": line.product.title,
        "价格": _money(line.product.price),
        "购买数量": str(line.quantity),
        "外部系统编号": line.product.code,
        "商品属性": line.product.variant,
        "备注": "null",
        "订单状态": _STATES[purchase.fate],
        "商家编码": line.product.code,
        "支付单号": _number(_payment(purchase)),
        "买家应付货款": _money(line.paid),
        "买家实际支付金额": _money(line.paid if purchase.paid_at else 0),
        "退款状态": "退款成功" if refunded else "没有申请退款",
        "退款金额": _money(refunded) if refunded else "无退款申请",
        "订单创建时间": _time(purchase.created),
        "订单付款时间": _time(purchase.paid_at),
    }


def _street(purchase: Purchase) -> str:
    return purchase.buyer.street if "*" not in purchase.buyer.recipient else "***"


def _payment(purchase: Purchase) -> str:
    return f"{purchase.created:%Y%m%d}22001{purchase.number[-11:]}" if purchase.paid_at else ""


def _number(text: str) -> str:
    return f'="{text}"' if text else ""


def _money(minor: int) -> str:
    return decimal_text(minor, currency=CURRENCY)


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""
