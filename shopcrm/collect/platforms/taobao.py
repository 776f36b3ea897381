"""Taobao and Tmall 淘宝 天猫: order report and item report of 已卖出的宝贝 → 批量导出, all layouts since 2012 (C1).

Columns are matched by name in any order; layouts differ in which there are. Later names stand in brackets.

Order report (`ExportOrderList….csv`, one row an order; decides amounts and buyer):

| column | becomes |
| --- | --- |
| 订单编号 [主订单编号] | number |
| 买家会员名 | identity `buyer_id`, deciding |
| 买家会员昵称 | buyer_name, else 买家会员名; never an identity |
| 买家支付宝账号 | identity `alipay`, not deciding |
| 联系手机, 联系电话 | recipient_phone; unmasked and real: identity `phone`, deciding where the row has no buyer id |
| 买家实际支付金额 [买家实付金额] | paid; without that column 总金额; 0 for unpaid and closed orders |
| 退款金额 | refunded; `无退款申请` is 0 |
| 订单状态 | state, by `STATES`; 交易关闭 was paid when it has a 订单付款时间 |
| 订单创建时间, 订单付款时间, 发货时间, 确认收货时间 | created_at, paid_at, shipped_at, finished_at |
| 宝贝标题 [商品标题], 宝贝总数量 | title, units |
| 收货人姓名; 修改后的收货地址, else 收货地址 | recipient_name; address, province, city |
| 店铺名称 | store, unless the request names one |
| 买家留言; 商家备忘 [商家备注], else 订单备注; 订单关闭原因 | buyer_message; seller_note; closed_reason |

Item report (`ExportOrderDetailList….csv`, 宝贝报表, one row a line; amounts are added up from lines):

| column | becomes |
| --- | --- |
| 主订单编号, 2018: 订单编号 | number of the order |
| 子订单编号 | line_number |
| 标题 [商品标题], 商品属性 else 套餐信息 | title, variant |
| 商家编码, else 外部系统编号, else 商品ID | article |
| 价格 [商品价格], 购买数量 | price of one, quantity |
| 买家实际支付金额 [买家实付金额], else 买家应付货款, else price × quantity | paid of the line |
| 退款状态, 退款金额 | refunded: only 退款成功 counts, without an amount the whole line |
| 订单状态, 订单创建时间, 订单付款时间, 发货时间, 备注 [商家备注] | as above |

An order number that stands twice in an order report: the first row is taken, a later one only when its state is further
on (it is then given again, and counts); the other is noted, not rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from typing import ClassVar, Final, NamedTuple

from shopcrm.base import clock, phone, region
from shopcrm.base.i18n import N_
from shopcrm.base.money import to_minor
from shopcrm.base.text import fold, is_masked
from shopcrm.collect.fields import Cells, Columns, Moment, fold_header, is_rounded, looks_rounded, value
from shopcrm.collect.foreign import (
    STATE_RANK,
    Code,
    ForeignIdentity,
    ForeignItem,
    ForeignOrder,
    Kind,
    OrderState,
    Problem,
)
from shopcrm.collect.lines import OrderLines, state_of_lines, times
from shopcrm.collect.platforms.adapter import Header, ReadSettings, Rows

KEY: Final = "taobao"
CURRENCY: Final = "CNY"

Names = Mapping[str, Sequence[str]]

ORDER: Final[Names] = {
    "number": ("订单编号", "主订单编号"),
    "buyer_id": ("买家会员名",),
    "nick": ("买家会员昵称",),
    "alipay": ("买家支付宝账号",),
    "paid": ("买家实际支付金额", "买家实付金额"),
    "total": ("总金额", "总金额(旧版)"),
    "refunded": ("退款金额",),
    "state": ("订单状态",),
    "created": ("订单创建时间",),
    "paid_at": ("订单付款时间",),
    "shipped": ("发货时间",),
    "finished": ("确认收货时间",),
    "title": ("宝贝标题", "商品标题"),
    "units": ("宝贝总数量", "商品总数量"),
    "recipient": ("收货人姓名",),
    "mobile": ("联系手机",),
    "phone": ("联系电话",),
    "address": ("收货地址",),
    "new_address": ("修改后的收货地址",),
    "store": ("店铺名称",),
    "message": ("买家留言",),
    "note": ("商家备忘", "商家备注"),
    "old_note": ("订单备注",),
    "closed_reason": ("订单关闭原因",),
}
ITEM: Final[Names] = {
    "number": ("主订单编号", "订单编号"),
    "line_number": ("子订单编号",),
    "title": ("标题", "商品标题", "宝贝标题"),
    "price": ("价格", "商品价格"),
    "quantity": ("购买数量",),
    "variant": ("商品属性",),
    "package": ("套餐信息",),
    "code": ("商家编码",),
    "outer_code": ("外部系统编号",),
    "product": ("商品ID",),
    "state": ("订单状态",),
    "paid": ("买家实际支付金额", "买家实付金额"),
    "payable": ("买家应付货款",),
    "refund_state": ("退款状态",),
    "refunded": ("退款金额",),
    "created": ("订单创建时间",),
    "paid_at": ("订单付款时间",),
    "shipped": ("发货时间",),
    "note": ("备注", "商家备注"),
}
# An order report has at least one of these beside its number; the other names are other sellers' too.
ORDER_OWN: Final = (
    "买家会员名", "买家会员昵称", "买家支付宝账号", "买家实际支付金额", "买家实付金额", "买家应付货款", "买家应付邮费",
    "宝贝标题", "宝贝种类", "宝贝总数量", "打款商家金额", "确认收货打款金额", "总金额(旧版)",
)  # fmt: skip
ITEM_OWN: Final = ("购买数量", "子订单编号", "外部系统编号", "套餐信息")
# 1688 and Douyin share words with Taobao and mean other things by them.
FOREIGN: Final = ("卖家会员名", "买家公司名", "货品标题", "货品总价(元)", "选购商品", "订单提交时间")

STATES: Final = {
    "等待买家付款": OrderState.UNPAID,
    "没有创建支付宝交易": OrderState.UNPAID,
    "定金未付尾款未付": OrderState.UNPAID,
    "定金已付尾款未付": OrderState.UNPAID,
    "等待预授权确认": OrderState.UNPAID,
    "外卡支付付款确认中": OrderState.UNPAID,
    "买家已付款,等待卖家发货": OrderState.PAID,
    "买家已付款": OrderState.PAID,
    "等待卖家发货": OrderState.PAID,
    "卖家部分发货": OrderState.PAID,
    "拼团中订单,已付款但禁止发货": OrderState.PAID,
    "卖家已发货,等待买家确认": OrderState.SHIPPED,
    "卖家已发货,等待买家确认收货": OrderState.SHIPPED,
    "卖家已发货": OrderState.SHIPPED,
    "等待买家确认收货": OrderState.SHIPPED,
    "买家已签收": OrderState.SIGNED,
    "交易成功": OrderState.FINISHED,
    "付款以前,卖家或买家主动关闭交易": OrderState.CLOSED,
    "付款以后用户退款成功,交易自动关闭": OrderState.REFUNDED,
}
CLOSED_WORDS: Final = ("交易关闭", "交易自动关闭", "已关闭")  # paid or not: the payment tells
NOT_CLOSED: Final = "订单未关闭"
REFUND_DONE: Final = ("退款成功", "退款完成")

_NUMBER: Final = re.compile(r"[0-9]{6,24}")
_EATEN: Final = re.compile(r"[0-9]{12,}0000")
_EXPORTED: Final = re.compile(r"ExportOrder(?:Detail)?List(20[0-9]{10})([0-9]{2})?", re.IGNORECASE)
_NEEDED: Final = ("number", "paid", "refunded", "state", "created", "paid_at", "price", "quantity")
_SAMPLE: Final = 64  # rows looked at to see whether a file went through Excel


class _Report:
    """What both reports share."""

    key: ClassVar[str] = KEY
    report: ClassVar[str]
    label: ClassVar[str]
    names: ClassVar[Names]
    own: ClassVar[tuple[str, ...]]  # at least one of these names a file must have
    foreign: ClassVar[tuple[str, ...]]  # and none of these
    number_columns: ClassVar[tuple[str, ...]] = tuple(
        map(
            fold_header,
            ("订单编号", "主订单编号", "子订单编号", "支付单号", "物流单号", "联系手机", "联系电话", "商品ID"),
        )
    )

    def matches(self, header: Header) -> int:
        """How many names of a header it knows, 0 when the file is not its own."""
        known = set(map(fold_header, header))
        columns = Columns(header, self.names)
        if "number" not in columns or known.intersection(map(fold_header, self.foreign)):
            return 0
        return len(columns) if known.intersection(map(fold_header, self.own)) else 0

    def snapshot_at(self, file_name: str, settings: ReadSettings) -> int | None:
        """When the file was exported: `ExportOrderList201905151650.csv`."""
        found = _EXPORTED.search(file_name)
        if found is None:
            return None
        try:
            moment = datetime.strptime(f"{found[1]}{found[2] or '00'}", "%Y%m%d%H%M%S").replace(tzinfo=settings.zone)
        except ValueError:
            return None
        return clock.seconds(moment)

    def _cells(self, header: Header, rows: Rows, settings: ReadSettings) -> Iterator[tuple[Cells, str | None]]:
        """Every row that is not blank, with its order number; what is wrong with the number is noted."""
        columns = Columns(header, self.names)
        zone = settings.zone
        rows = iter(rows)
        sample = list(islice(rows, _SAMPLE))
        place = columns.where["number"]
        needed = columns.last(_NEEDED)
        rounded = looks_rounded([cells[place] for _, cells in sample if place < len(cells)])
        for row, texts in chain(sample, rows):
            if not any(texts):
                continue
            cells = Cells(row, texts, columns=columns, currency=CURRENCY, zone=zone)
            cut = cells.ends_before(needed)
            yield cells, None if cut else _number(cells, "number", rounded=rounded)


class OrderReport(_Report):
    """One row an order: what counts for amounts and buyer."""

    report = "order"
    label = N_("Taobao or Tmall order report")
    names = ORDER
    own = ORDER_OWN
    foreign = (*FOREIGN, *ITEM_OWN)

    def read(self, header: Header, rows: Rows, settings: ReadSettings) -> Iterator[ForeignOrder | Problem]:
        """The orders of a file and what is wrong with its cells, as they come."""
        columns = Columns(header, self.names)
        ranks: dict[tuple[str | None, str], int] = {}
        for cells, number in self._cells(header, rows, settings):
            order = _order(cells, number, columns=columns, settings=settings) if number else None
            if order is not None and not cells.rejected:
                key = (order.store, order.number)
                rank = -1 if order.state is None else STATE_RANK[order.state]
                if key in ranks:
                    cells.note("number", Code.DUPLICATE, rejected=False)
                if rank > ranks.get(key, -2):
                    ranks[key] = rank
                    yield order
            if cells.problems:
                yield from cells.problems


class ItemReport(_Report):
    """One row a line of an order."""

    report = "item"
    label = N_("Taobao or Tmall item report")
    names = ITEM
    own = ITEM_OWN
    foreign = FOREIGN

    def read(self, header: Header, rows: Rows, settings: ReadSettings) -> Iterator[ForeignOrder | Problem]:
        """The orders of a file, added up from their lines, and what is wrong with its cells."""
        columns = Columns(header, self.names)
        lines: OrderLines[_Line] = OrderLines(columns.name("number"))
        for cells, number in self._cells(header, rows, settings):
            line = _line(cells, columns=columns) if number else None
            yield from cells.problems
            if number is None or line is None:
                continue
            if cells.rejected:
                lines.refuse(number)
            else:
                lines.add(number, row=cells.row, line=line)
        yield from lines.refused()
        for number, row, its in lines.orders():
            yield _order_of_lines(number, row, its, settings=settings)


class _Line(NamedTuple):
    item: ForeignItem
    created: Moment | None
    paid: Moment | None
    shipped: Moment | None
    note: str | None


def _number(cells: Cells, field: str, *, rounded: bool) -> str | None:
    """An order number; noted where there is none, or Excel has eaten its last digits."""
    number = cells.number(field)
    if number is None:
        if not cells.problems:
            cells.note(field, Code.MISSING_NUMBER)
        return None
    if _EATEN.fullmatch(number) or (rounded and is_rounded(number)):
        cells.note(field, Code.SHORTENED_NUMBER)
        return None
    if not _NUMBER.fullmatch(number):
        cells.note(field, Code.MISSING_NUMBER)
        return None
    return number


def _order(cells: Cells, number: str, *, columns: Columns, settings: ReadSettings) -> ForeignOrder:
    created, paid_moment = cells.moment("created"), cells.moment("paid_at")
    if (
        created is None
        and paid_moment is None
        and not cells.problems
        and ("created" in columns or "paid_at" in columns)
    ):
        cells.note("created", Code.NO_DATE, rejected=False)
    told = cells.amount("paid")
    refunded = cells.amount("refunded")
    state = _state(cells, paid_at=paid_moment, paid=told, refunded=refunded, known_payment="paid_at" in columns)
    if "paid" not in columns and state is not None:
        told = cells.amount("total")
    paid = 0 if state in (OrderState.UNPAID, OrderState.CLOSED) else told
    if state is OrderState.REFUNDED and not refunded:
        refunded = paid
    elif paid and refunded is not None and refunded >= paid:
        state = OrderState.REFUNDED
    when = times(
        created=created,
        paid=paid_moment,
        shipped=cells.moment("shipped", rejected=False),
        finished=cells.moment("finished", rejected=False),
    )
    address = cells.text("new_address") or cells.text("address")
    where = region.parse(address or "")
    closed_reason = cells.text("closed_reason")
    return ForeignOrder(
        number=number,
        row=cells.row,
        kind=Kind.ORDER,
        store=settings.store or cells.text("store"),
        state=state,
        currency=CURRENCY,
        created_at=when.created_at,
        paid_at=when.paid_at,
        shipped_at=when.shipped_at,
        finished_at=when.finished_at,
        plain_dates=when.plain_dates,
        day=when.day,
        paid=paid,
        refunded=refunded,
        title=cells.text("title"),
        units=cells.quantity("units", rejected=False),
        buyer_name=cells.text("nick") or cells.text("buyer_id"),
        recipient_name=cells.text("recipient"),
        recipient_phone=cells.text("mobile") or cells.text("phone"),
        address=address,
        province=where.province,
        city=where.city,
        buyer_message=cells.text("message"),
        seller_note=cells.text("note") or cells.text("old_note"),
        closed_reason=None if closed_reason == NOT_CLOSED else closed_reason,
        identities=tuple(_identities(cells, settings)),
    )


def _state(
    cells: Cells, *, paid_at: Moment | None, paid: int | None, refunded: int | None, known_payment: bool
) -> OrderState | None:
    """The state by its word; without a word, or with one that is not known, by the payment."""
    word = _state_word(cells.raw("state"))
    if word in STATES:
        return STATES[word]
    if word in CLOSED_WORDS:
        was_paid = paid_at is not None if known_payment else bool(refunded)
        return OrderState.REFUNDED if was_paid else OrderState.CLOSED
    if word:
        cells.note("state", Code.UNKNOWN_STATE, rejected=False)
    if paid_at is not None or paid:
        return OrderState.PAID
    return OrderState.UNPAID if known_payment else None


@lru_cache(maxsize=1_024)
def _state_word(text: str) -> str:
    return fold(text).replace(" ", "") if value(text) else ""


def _identities(cells: Cells, settings: ReadSettings) -> Iterator[ForeignIdentity]:
    buyer = cells.number("buyer_id", rejected=False)
    identified = buyer is not None and not is_masked(buyer)
    if buyer is not None and identified:
        yield ForeignIdentity("buyer_id", KEY, fold(buyer), buyer, deciding=True)
    alipay = cells.number("alipay", rejected=False)
    if alipay is not None and not is_masked(alipay):
        yield ForeignIdentity("alipay", KEY, fold(alipay), alipay, deciding=False)
    deciding = not identified
    known: set[str] = set()
    for field in ("mobile", "phone"):
        written = cells.text(field)
        number = phone.normalise(written, region=settings.region) if written else None
        if number is not None and number not in known:
            known.add(number)
            yield ForeignIdentity("phone", KEY, number, written or number, deciding=deciding)
            deciding = False


def _line(cells: Cells, *, columns: Columns) -> _Line:
    paid_moment = cells.moment("paid_at")
    quantity = cells.quantity("quantity")
    count = 1 if quantity is None else quantity
    price = cells.decimals("price")
    told = cells.amount("paid")
    billed = told if told is not None else cells.amount("payable")
    if billed is None and price is not None:
        billed = to_minor(price * count, currency=CURRENCY)
    refunded = _line_refund(cells, billed, columns=columns)
    state = _state(cells, paid_at=paid_moment, paid=told, refunded=refunded, known_payment="paid_at" in columns)
    if state is None:
        billed = told  # nothing says that it was paid
    paid = 0 if state in (OrderState.UNPAID, OrderState.CLOSED) else billed
    if state is OrderState.REFUNDED and not refunded:
        refunded = paid or 0
    elif paid and refunded >= paid:
        state = OrderState.REFUNDED
    item = ForeignItem(
        title=cells.text("title") or "",
        quantity=count,
        row=cells.row,
        line_number=cells.number("line_number"),
        article=cells.text("code") or cells.text("outer_code") or cells.text("product"),
        variant=cells.text("variant") or cells.text("package"),
        price=None if price is None else to_minor(price, currency=CURRENCY),
        paid=paid,
        refunded=refunded,
        state=state,
    )
    return _Line(
        item, cells.moment("created"), paid_moment, cells.moment("shipped", rejected=False), cells.text("note")
    )


def _line_refund(cells: Cells, paid: int | None, *, columns: Columns) -> int:
    """What came back for a line: with a 退款状态 only a refund that succeeded."""
    told = cells.amount("refunded")
    if "refund_state" not in columns:
        return told or 0
    if (cells.text("refund_state") or "") not in REFUND_DONE:
        return 0
    return told or paid or 0


def _order_of_lines(number: str, row: int, lines: Sequence[_Line], *, settings: ReadSettings) -> ForeignOrder:
    items = tuple(line.item for line in lines)
    paid = [item.paid for item in items if item.paid is not None]
    when = times(
        created=_first(line.created for line in lines),
        paid=_first(line.paid for line in lines),
        shipped=_first(line.shipped for line in lines),
    )
    return ForeignOrder(
        number=number,
        row=row,
        kind=Kind.ORDER,
        store=settings.store,
        state=state_of_lines([item.state for item in items]),
        currency=CURRENCY,
        created_at=when.created_at,
        paid_at=when.paid_at,
        shipped_at=when.shipped_at,
        plain_dates=when.plain_dates,
        day=when.day,
        paid=sum(paid) if paid else None,
        refunded=sum(item.refunded for item in items) if paid else None,
        amounts_from_items=True,
        units=sum(item.quantity for item in items),
        seller_note=next((line.note for line in lines if line.note), None),
        items=items,
    )


def _first(moments: Iterable[Moment | None]) -> Moment | None:
    return min((moment for moment in moments if moment is not None), default=None, key=lambda moment: moment.seconds)
