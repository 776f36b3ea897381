"""Youzan 有赞: order report and item report, csv (C1).

Order report, a row an order:

| column | becomes |
| --- | --- |
| 订单号 | number; it holds the day, `E20220331…`, which stands in where no column tells it |
| 买家手机号 | identity `phone`, deciding |
| 收货人手机号/提货人手机号 | recipient_phone and identity |
| 订单实付金额; 订单已退款金额 | paid; refunded |
| 订单状态 | state; 交易关闭 was paid when it has a 买家付款时间 |
| 订单创建时间, 买家付款时间, 交易成功时间 | created_at, paid_at, finished_at |
| 全部商品名称 | what it is of |
| 买家昵称 [买家姓名]; 收货人/提货人 | buyer_name; recipient_name |
| 收货人省份, 收货人城市, 收货人地区, 详细收货地址/提货地址 | address |
| 归属店铺, 买家备注, 商家订单备注 | store, buyer_message, seller_note |

Item report, a row a line: 商品实际成交金额 is paid, 商品已退款金额 refunded, 订单商品状态 its state.
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.order_table import OrderTable
from shopcrm.collect.platforms.layout import Layout, by_day_and_time, day_in_number

KEY: Final = "youzan"
_day: Final = day_in_number(r"E(20[0-9]{2})([01][0-9])([0-3][0-9])[0-9]{6,}")
_STATES: Final = {
    "待付款": OrderState.UNPAID,
    "待接单": OrderState.PAID,
    "待成团": OrderState.PAID,
    "待发货": OrderState.PAID,
    "部分发货": OrderState.PAID,
    "已发货": OrderState.SHIPPED,
    "待收货": OrderState.SHIPPED,
    "已收货": OrderState.SIGNED,
    "交易完成": OrderState.FINISHED,
    "交易成功": OrderState.FINISHED,
    "已完成": OrderState.FINISHED,
}
_CLOSED: Final = frozenset({"交易关闭", "已关闭"})
_RECIPIENT: Final = {
    "phone": ("收货人手机号/提货人手机号", "收货人手机号/提货人手机", "收货人手机号"),
    "recipient_name": ("收货人/提货人", "收货人"),
    "province": ("收货人省份",),
    "city": ("收货人城市",),
    "district": ("收货人地区",),
    "address": ("详细收货地址/提货地址", "收货地址/提货地址"),
    "buyer_message": ("买家备注",),
    "seller_note": ("商家订单备注",),
}


ORDERS: Final = Layout(
    key=KEY,
    report="order",
    label=N_("Youzan order report"),
    table=OrderTable(
        platform=KEY,
        currency="CNY",
        total="order",
        refund="order",
        one_row=True,
        short_rows=True,
        dated_number=_day,
        names={
            **_RECIPIENT,
            "number": ("订单号",),
            "buyer_phone": ("买家手机号",),
            "buyer_name": ("买家昵称", "买家姓名"),
            "order_total": ("订单实付金额", "订单实收金额"),
            "refunded": ("订单已退款金额",),
            "state": ("订单状态",),
            "created_at": ("订单创建时间",),
            "paid_at": ("买家付款时间",),
            "finished_at": ("交易成功时间",),
            "goods": ("全部商品名称",),
            "store": ("归属店铺",),
        },
        states=_STATES,
        closed=_CLOSED,
    ),
    own=(
        "订单实付金额", "订单实收金额", "归属店铺", "买家付款时间", "订单配送方式", "应收订单金额", "全部商品名称",
        "订单已退款金额", "商家订单备注",
    ),
    foreign=("商品实际成交金额", "订单商品状态", "商品优惠后价格"),
    identifiers=("支付流水号",),
    exported=by_day_and_time,
)  # fmt: skip
ITEMS: Final = Layout(
    key=KEY,
    report="item",
    label=N_("Youzan item report"),
    table=OrderTable(
        platform=KEY,
        currency="CNY",
        short_rows=True,
        dated_number=_day,
        names={
            **_RECIPIENT,
            "number": ("订单号",),
            "line_total": ("商品实际成交金额", "商品金额小计"),
            "refunded": ("商品已退款金额",),
            "state": ("订单商品状态",),
            "finished_at": ("交易成功时间",),
            "shipped_at": ("商品发货时间",),
            "title": ("商品名称",),
            "variant": ("商品规格",),
            "price": ("商品单价",),
            "quantity": ("商品数量",),
            "article": ("规格编码", "商品编码"),
            "tracking_number": ("商品发货物流单号",),
            "carrier": ("商品发货物流公司",),
        },
        states=_STATES,
        closed=_CLOSED,
    ),
    own=(
        "订单商品状态", "商品实际成交金额", "商品优惠后价格", "商品成本价", "商品留言", "商品金额小计",
    ),
    identifiers=("外部订单号", "商品发货物流单号"),
    exported=by_day_and_time,
)  # fmt: skip
