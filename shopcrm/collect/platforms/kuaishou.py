"""Kuaishou 快手小店: 订单导出, xlsx of one or many sheets (C1).

One row an order, which is of one product. There is no buyer's account in it.

| column | becomes |
| --- | --- |
| 订单号 | number |
| 实付款 | paid |
| 订单状态, 售后状态 | state; 退款成功 is all of it, no column tells how much |
| 订单创建时间, 订单支付时间, 发货时间 | created_at, paid_at, shipped_at |
| 商品名称, 商品规格, 商品单价, 成交数量; SKU编码, else 商品ID | the line; article |
| 收货人姓名, 收货人电话, 收货地址 and its parts | recipient; only a real phone says who bought |
| 买家留言, 订单备注 | buyer_message, seller_note |
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.order_table import OrderTable
from shopcrm.collect.platforms.layout import Layout, by_day_and_time

KEY: Final = "kuaishou"

ORDERS: Final = Layout(
    key=KEY,
    report="complete",
    label=N_("Kuaishou order export"),
    table=OrderTable(
        platform=KEY,
        currency="CNY",
        total="order",
        refund="order",
        one_row=True,
        short_rows=True,
        names={
            "number": ("订单号", "订单编号"),
            "phone": ("收货人电话", "收货人手机号"),
            "recipient_name": ("收货人姓名",),
            "order_total": ("实付款",),
            "state": ("订单状态",),
            "after_sale": ("售后状态",),
            "created_at": ("订单创建时间",),
            "paid_at": ("订单支付时间",),
            "shipped_at": ("发货时间",),
            "title": ("商品名称",),
            "variant": ("商品规格",),
            "price": ("商品单价",),
            "quantity": ("成交数量",),
            "article": ("SKU编码", "商品ID"),
            "province": ("收货地址-省",),
            "city": ("收货地址-市",),
            "district": ("收货地址-区",),
            "street": ("收货地址-街道",),
            "address": ("收货地址",),
            "buyer_message": ("买家留言",),
            "seller_note": ("订单备注",),
            "tracking_number": ("快递单号",),
            "carrier": ("快递公司",),
        },
        states={
            "待付款": OrderState.UNPAID,
            "待发货": OrderState.PAID,
            "部分发货": OrderState.PAID,
            "已发货": OrderState.SHIPPED,
            "已收货": OrderState.SIGNED,
            "交易成功": OrderState.FINISHED,
        },
        closed=frozenset({"交易关闭"}),
        given_back=frozenset({"退款成功"}),
    ),
    own=("成交数量", "CPS达人ID", "快赚客ID", "赠品订单号", "收货地址-省", "预估推广佣金", "账号明细", "订单载体"),
    identifiers=("快递单号", "赠品订单号"),
    exported=by_day_and_time,
)
