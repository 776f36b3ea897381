"""Writes invented orders as a seller has them, for the importer to read.

The two reports of a Taobao or Tmall store, quirks included, the WeChat shop's table and what was noted by hand.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
    Fate.SIGNED: "买家已签收",
    Fate.DONE: "交易成功",
    Fate.SENT_BACK: "交易关闭",
}
_CLOSED_REASONS: Final = {Fate.CLOSED: "买家未及时付款", Fate.SENT_BACK: "退款"}


# How a mapped table calls them, in the words of its mapping.
_TABLE_STATES: Final = {
    "weixin": {
        Fate.UNPAID: "待付款", Fate.CLOSED: "已取消", Fate.WAITING: "待发货", Fate.SHIPPED: "已发货",
        Fate.ARRIVED: "已到驿站", Fate.SIGNED: "已签收", Fate.DONE: "已完成", Fate.SENT_BACK: "已退款",
    },
    "manual": {
        Fate.UNPAID: "未付", Fate.CLOSED: "作废", Fate.WAITING: "已付", Fate.SHIPPED: "已发",
        Fate.ARRIVED: "已到", Fate.SIGNED: "已签收", Fate.DONE: "完成", Fate.SENT_BACK: "已退",
    },
}  # fmt: skip
MARKETPLACE_STORES: Final = ("taobao", "tmall")


@dataclass(frozen=True)
class Delivery:
    """Files that are imported together, read by the program itself or through a mapping."""

    paths: tuple[Path, ...]
    mapping: Path | None = None


def write_all(folder: Path, purchases: Sequence[Purchase], *, as_of: date, language: str) -> list[Delivery]:
    """Everything the demo shop is imported from: both stores' reports, the WeChat table, the notes by hand."""
    by_channel: dict[str, list[Purchase]] = {}
    for purchase in purchases:
        by_channel.setdefault(purchase.channel, []).append(purchase)
    reports: list[Path] = []
    for place, store in enumerate(MARKETPLACE_STORES):
        some = by_channel.get(store, [])
        if some:
            reports += write_reports(folder, some, as_of=as_of, language=language, store=store, minute=30 + place)
    found = [Delivery(tuple(reports))] if reports else []
    for key in _TABLE_STATES:
        if by_channel.get(key):
            mapping = resource("demo", f"{key}.toml")
            found.append(Delivery((_write_table(folder, by_channel[key], key, mapping),), mapping))
    return found


def write_reports(
    folder: Path, purchases: Sequence[Purchase], *, as_of: date, language: str = "zh_CN", store: str = "taobao",
    minute: int = 30,
) -> tuple[Path, Path]:  # fmt: skip
    """The order report and the item report of a store as of early on `as_of`, in GB18030."""
    orders = folder / f"ExportOrderList{as_of:%Y%m%d}08{minute}.csv"
    items = folder / f"ExportOrderDetailList{as_of:%Y%m%d}08{minute}.csv"
    newest_first = purchases[::-1]
    headers = tomllib.loads(resource("demo", "reports.toml").read_text(encoding="utf-8"))
    name = str(catalogue()["store"][store][language])
    _write(orders, _columns(headers["orders"]), (_order_cells(purchase, store=name) for purchase in newest_first))
    _write(
        items,
        _columns(headers["items"]),
        (_item_cells(purchase, n) for purchase in newest_first for n in range(len(purchase.lines))),
    )
    return orders, items


def _write_table(folder: Path, purchases: Sequence[Purchase], key: str, mapping: Path) -> Path:
    """A table of lines with the columns that its mapping names."""
    names: Mapping[str, str] = tomllib.loads(mapping.read_text(encoding="utf-8"))["columns"]
    path = folder / f"{key}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names.values())
        for purchase in purchases:
            for n in range(len(purchase.lines)):
                cells = _table_cells(purchase, n, states=_TABLE_STATES[key])
                writer.writerow([cells[field] for field in names])
    return path


def _table_cells(purchase: Purchase, n: int, *, states: Mapping[Fate, str]) -> dict[str, str]:
    buyer, line = purchase.buyer, purchase.lines[n]
    paid = line.paid + (purchase.postage if n == 0 else 0)
    refunded = paid if purchase.fate is Fate.SENT_BACK else line.refunded
    return {
        "number": purchase.number,
        "buyer_id": purchase.nick,
        "recipient_name": buyer.recipient,
        "phone": buyer.phone,
        "province": buyer.province,
        "city": buyer.city,
        "address": f"{buyer.province} {buyer.city} {buyer.district} {_street(purchase)}",
        "created_at": _time(purchase.created),
        "paid_at": _time(purchase.paid_at),
        "shipped_at": _time(purchase.shipped_at),
        "signed_at": _time(purchase.signed_at),
        "finished_at": _time(purchase.finished_at),
        "article": line.product.code,
        "title": line.product.title,
        "variant": line.product.variant,
        "quantity": str(line.quantity),
        "price": _money(line.product.price),
        "line_total": _money(paid),
        "refunded": _money(refunded) if refunded else "",
        "state": states[purchase.fate],
        "buyer_message": purchase.message,
        "seller_note": purchase.seller_note,
        "tracking_number": _parcel(purchase) if purchase.shipped_at else "",
        "carrier": _carrier(purchase),
    }


def _columns(text: str) -> list[str]:
    return text.replace("\n", "").replace("~", " ").split(",")


def _write(path: Path, header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows([row.get(name.strip(), "") for name in header] for row in rows)


def _order_cells(purchase: Purchase, *, store: str) -> dict[str, str]:
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
        "物流单号": f"No:{_parcel(purchase)}" if purchase.shipped_at else "",
        "物流公司": _carrier(purchase),
        "订单备注": purchase.seller_note,
        "宝贝总数量": str(sum(line.quantity for line in purchase.lines)),
        "店铺Id": "0",
        "店铺名称": store,
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


def _carrier(purchase: Purchase) -> str:
    """An invented carrier: the second takes one parcel of three."""
    if purchase.shipped_at is None:
        return ""
    return "飞雁快递" if purchase.buyer.tail % 3 == 0 else "团团速运"


def _parcel(purchase: Purchase) -> str:
    return f"{'FY' if _carrier(purchase) == '飞雁快递' else 'TT'}{purchase.number[:12]}"


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
