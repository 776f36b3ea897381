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
| 物流单号, 物流公司 | tracking_number, carrier |
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
from itertools import chain, islice
from typing import ClassVar, Final, NamedTuple

from shopcrm.base import clock
from shopcrm.base.i18n import N_
from shopcrm.base.money import to_minor
from shopcrm.base.text import fold
from shopcrm.collect import fields
from shopcrm.collect.blocks import Block, Blocks, Furthest, either, named, phones_of
from shopcrm.collect.fields import CellError, Columns, Moment, fold_header, is_rounded, looks_rounded, value
from shopcrm.collect.foreign import Code, ForeignItem, ForeignOrder, Kind, Orders, OrderState
from shopcrm.collect.lines import OrderLines, state_of_lines, times
from shopcrm.collect.platforms.adapter import Found, Header, ReadSettings, Rows

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
    "tracking_number": ("物流单号",),
    "carrier": ("物流公司",),
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
        columns = Columns(header, self.names)
        return len(columns) if "number" in columns and self._is_own(header) else 0

    def lacks(self, header: Header) -> tuple[str, ...]:
        """The columns that are missing of a header that would be its own with them."""
        missing = self._is_own(header) and "number" not in Columns(header, self.names)
        return (self.names["number"][0],) if missing else ()

    def _is_own(self, header: Header) -> bool:
        known = set(map(fold_header, header))
        return known.isdisjoint(map(fold_header, self.foreign)) and not known.isdisjoint(map(fold_header, self.own))

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

    def _blocks(self, header: Header, rows: Rows, settings: ReadSettings) -> Iterator[tuple[Block, list[str | None]]]:
        """The rows in blocks, each row with its order number; rows without one are refused."""
        columns = Columns(header, self.names)
        rows = iter(rows)
        sample = list(islice(rows, _SAMPLE))
        place = columns.where["number"]
        needed = columns.last(_NEEDED)
        rounded = looks_rounded([cells[place] for _, cells in sample if place < len(cells)])
        parse = _number_unless_rounded if rounded else _number
        for block in Blocks(columns, currency=CURRENCY, zone=settings.zone, ways=settings.ways).of(chain(sample, rows)):
            block.refuse_shorter_than(needed)
            yield block, block.needed("number", parse, usual=None if rounded else _usual_numbers)


class OrderReport(_Report):
    """One row an order: what counts for amounts and buyer."""

    report = "order"
    label = N_("Taobao or Tmall order report")
    names = ORDER
    own = ORDER_OWN
    foreign = (*FOREIGN, *ITEM_OWN)

    def read(self, header: Header, rows: Rows, settings: ReadSettings) -> Iterator[Found]:
        """The orders of a file and what is wrong with its cells, as they come."""
        furthest = Furthest()
        for block, numbers in self._blocks(header, rows, settings):
            orders = _orders(block, numbers, settings=settings)
            furthest.choose(block, orders)
            yield from block.taken(orders)


class ItemReport(_Report):
    """One row a line of an order."""

    report = "item"
    label = N_("Taobao or Tmall item report")
    names = ITEM
    own = ITEM_OWN
    foreign = FOREIGN

    def read(self, header: Header, rows: Rows, settings: ReadSettings) -> Iterator[Found]:
        """The orders of a file, added up from their lines, and what is wrong with its cells."""
        waiting: OrderLines[_Line] = OrderLines(Columns(header, self.names).name("number"))
        for block, numbers in self._blocks(header, rows, settings):
            for place, (number, line) in enumerate(zip(numbers, _lines(block), strict=True)):
                yield from block.problems.get(place, ())
                if number is None:
                    continue
                if block.rejected(place):
                    waiting.refuse(number)
                else:
                    waiting.add(number, row=block.rows[place], line=line)
        yield from waiting.refused()
        for number, row, lines in waiting.orders():
            yield _order_of_lines(number, row, lines, settings=settings)


class _Line(NamedTuple):
    item: ForeignItem
    created: Moment | None
    paid: Moment | None
    shipped: Moment | None
    note: str | None


def _number(cell: str) -> str:
    """An order number.

    Raises:
        CellError: there is none, or Excel has eaten its last digits.
    """
    number = fields.number(cell)
    if number is None:
        raise CellError(Code.MISSING_NUMBER)
    if _EATEN.fullmatch(number):
        raise CellError(Code.SHORTENED_NUMBER)
    if not _NUMBER.fullmatch(number):
        raise CellError(Code.MISSING_NUMBER)
    return number


def _usual_numbers(cells: list[str]) -> list[str | None]:
    """The cells of a column that hold an order number and nothing else; None for any other."""
    return [
        cell if found and not cell.endswith("0000") else None
        for cell, found in zip(cells, map(_NUMBER.fullmatch, cells), strict=True)
    ]


def _number_unless_rounded(cell: str) -> str:
    """An order number of a file whose numbers went through Excel."""
    if is_rounded(cell):
        raise CellError(Code.SHORTENED_NUMBER)
    return _number(cell)


def _orders(block: Block, numbers: Sequence[str | None], *, settings: ReadSettings) -> Orders:
    """The order of each row."""
    when = block.times(created="created", paid="paid_at", shipped="shipped", finished="finished")
    states, paid, refunded = _settled(block, payments=when.paid_at)
    buyers, accounts = block.numbers("buyer_id", rejected=False), block.numbers("alipay", rejected=False)
    bought_by = named("buyer_id", KEY, buyers)
    called = [(block.phones(field, country=settings.region), block.texts(field)) for field in ("mobile", "phone")]
    addresses = either(block.texts("new_address"), block.texts("address"))
    provinces, cities = block.regions(addresses)
    return Orders(
        number=numbers,
        row=block.rows,
        currency=CURRENCY,
        store=settings.store or block.texts("store"),
        state=states,
        **when._asdict(),
        paid=paid,
        refunded=refunded,
        title=block.texts("title"),
        units=block.quantities("units", rejected=False),
        buyer_name=either(block.texts("nick"), buyers),
        recipient_name=block.texts("recipient"),
        recipient_phone=either(*[written for _, written in called]),
        address=addresses,
        province=provinces,
        city=cities,
        buyer_message=block.texts("message"),
        seller_note=either(block.texts("note"), block.texts("old_note")),
        tracking_number=block.read("tracking_number", fields.tracking_number, rejected=False),
        carrier=block.texts("carrier"),
        closed_reason=[None if text == NOT_CLOSED else text for text in block.texts("closed_reason")],
        identities=[
            bought_by,
            named("alipay", KEY, accounts, deciding=False),
            *phones_of(KEY, called, deciding=[buyer is None for buyer in bought_by.values]),
        ],
    )


def _settled(
    block: Block, *, payments: Sequence[int | None] | None
) -> tuple[list[OrderState | None], list[int | None], list[int | None]]:
    """By row the state, what was paid and what of it was refunded."""
    paid, refunded, words = block.amounts("paid"), block.amounts("refunded"), _state_words(block)
    known_payment = payments is not None
    totals = None if "paid" in block.columns else block.amounts("total")
    states: list[OrderState | None] = []
    for place, (word, payment, amount, back) in enumerate(
        zip(words, payments or [None] * len(block), paid, refunded, strict=True)
    ):
        state = STATES.get(word or "")
        if state is None:
            state = _state(word, was_paid=payment is not None, paid=amount, refunded=back, known_payment=known_payment)
        if totals is not None and state is not None:
            amount = paid[place] = totals[place]
        if state is OrderState.UNPAID or state is OrderState.CLOSED:
            amount = paid[place] = 0
        if state is OrderState.REFUNDED and not back:
            refunded[place] = amount
        elif amount and back is not None and back >= amount:
            state = OrderState.REFUNDED
        states.append(state)
    return states, paid, refunded


def _state_words(block: Block) -> list[str | None]:
    """By row the word for the state; one that is not known is noted and counts as none."""
    words = block.read("state", _state_word)
    for word in set(words):
        if word is not None and word not in STATES and word not in CLOSED_WORDS:
            for place in [at for at, each in enumerate(words) if each == word]:
                block.note(place, "state", Code.UNKNOWN_STATE, rejected=False)
                words[place] = None
    return words


def _state(
    word: str | None, *, was_paid: bool, paid: int | None, refunded: int | None, known_payment: bool
) -> OrderState | None:
    """The state by its word, else by the payment; `was_paid`: it has a time of payment."""
    if word in STATES:
        return STATES[word]
    if word in CLOSED_WORDS:
        return OrderState.REFUNDED if (was_paid if known_payment else refunded) else OrderState.CLOSED
    if was_paid or paid:
        return OrderState.PAID
    return OrderState.UNPAID if known_payment else None


def _state_word(cell: str) -> str | None:
    return fold(cell).replace(" ", "") if value(cell) else None


def _lines(block: Block) -> Iterator[_Line]:
    """By row its line; of a refused one whatever can be read, which nobody takes."""
    columns = block.columns
    texts = map(block.texts, ("title", "code", "outer_code", "product", "variant", "package", "note", "refund_state"))
    known_payment = "paid_at" in columns
    for (
        row, payment, quantity, price, told, payable, given_back, word, line_number, created, shipped,
        title, code, outer_code, product, variant, package, note, refund_state,
    ) in zip(
        block.rows, block.moments("paid_at"), block.quantities("quantity"), block.read("price", fields.amount),
        block.amounts("paid"), block.amounts("payable"), block.amounts("refunded"), _state_words(block),
        block.numbers("line_number"), block.moments("created"), block.moments("shipped", rejected=False), *texts,
        strict=True,
    ):  # fmt: skip
        count = 1 if quantity is None else quantity
        billed = told if told is not None else payable
        if billed is None and price is not None:
            billed = to_minor(price * count, currency=CURRENCY)
        refunded = given_back or 0
        if (
            "refund_state" in columns
        ):  # with a 退款状态 only a refund that succeeded, without an amount of the whole line
            refunded = (given_back or billed or 0) if refund_state in REFUND_DONE else 0
        state = _state(word, was_paid=payment is not None, paid=told, refunded=refunded, known_payment=known_payment)
        if state is None:
            billed = told  # nothing says that it was paid
        paid = 0 if state in (OrderState.UNPAID, OrderState.CLOSED) else billed
        if state is OrderState.REFUNDED and not refunded:
            refunded = paid or 0
        elif paid and refunded >= paid:
            state = OrderState.REFUNDED
        item = ForeignItem(
            title=title or "", quantity=count, row=row, line_number=line_number,
            article=code or outer_code or product, variant=variant or package,
            price=None if price is None else to_minor(price, currency=CURRENCY), paid=paid, refunded=refunded,
            state=state,
        )  # fmt: skip
        yield _Line(item, created, payment, shipped, note)


def _order_of_lines(number: str, row: int, lines: Sequence[_Line], *, settings: ReadSettings) -> ForeignOrder:
    items = tuple(line.item for line in lines)
    paid = [item.paid for item in items if item.paid is not None]
    when = times(
        created=_first(line.created for line in lines),
        paid=_first(line.paid for line in lines),
        shipped=_first(line.shipped for line in lines),
    )
    return ForeignOrder(
        number=number, row=row, kind=Kind.ORDER, store=settings.store,
        state=state_of_lines([item.state for item in items]), currency=CURRENCY, created_at=when.created_at,
        paid_at=when.paid_at, shipped_at=when.shipped_at, plain_dates=when.plain_dates, day=when.day,
        paid=sum(paid) if paid else None, refunded=sum(item.refunded for item in items) if paid else None,
        amounts_from_items=True, units=sum(item.quantity for item in items),
        seller_note=next((line.note for line in lines if line.note), None), items=items,
    )  # fmt: skip


def _first(moments: Iterable[Moment | None]) -> Moment | None:
    return min((moment for moment in moments if moment is not None), default=None, key=lambda moment: moment.seconds)
