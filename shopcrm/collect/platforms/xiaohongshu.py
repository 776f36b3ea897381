"""Xiaohongshu 小红书: 订单导出 of 千帆, xlsx or csv (C1).

One row a product of an order; the header may stand below other rows.

| column | becomes |
| --- | --- |
| 订单号 | number, `P802…` |
| 用户编号 | identity `buyer_id`, deciding |
| 用户应付金额(元), else 商家应收金额(元)（支付金额） | paid of the line; a gift (是否为赠品) is nothing |
| 订单状态, 售后状态 | state; 退款成功 and 退款完成 are all of the line |
| 订单创建时间, 支付时间, 订单发货时间, 订单完成时间 | created_at, paid_at, shipped_at, finished_at |
| SKU名称 [商品名称], SKU规格, SKU件数 | title, variant, quantity |
| 商家编码, else 小红书编码, else 条形码, else 规格ID | article |
| 收件人姓名, 收件人电话, 收件人地址, 省, 市, 区 | recipient and address |
| 店铺名称, 用户备注, 包裹备注信息 | store, buyer_message, seller_note |
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.order_table import OrderTable
from shopcrm.collect.platforms.layout import Layout, by_day_and_time

KEY: Final = "xiaohongshu"

ORDERS: Final = Layout(
    key=KEY,
    report="complete",
    label=N_("Xiaohongshu order export"),
    table=OrderTable(
        platform=KEY,
        currency="CNY",
        short_rows=True,
        names={
            "number": ("订单号",),
            "buyer_id": ("用户编号",),
            "phone": ("收件人电话",),
            "recipient_name": ("收件人姓名",),
            "line_total": ("用户应付金额(元)", "商家应收金额(元)（支付金额）", "商家应收金额(元)"),
            "gift": ("是否为赠品",),
            "state": ("订单状态",),
            "after_sale": ("售后状态",),
            "created_at": ("订单创建时间",),
            "paid_at": ("支付时间",),
            "shipped_at": ("订单发货时间",),
            "finished_at": ("订单完成时间",),
            "title": ("SKU名称", "商品名称"),
            "variant": ("SKU规格",),
            "quantity": ("SKU件数",),
            "article": ("商家编码", "小红书编码", "条形码", "规格ID"),
            "province": ("省",),
            "city": ("市",),
            "district": ("区",),
            "address": ("收件人地址",),
            "store": ("店铺名称",),
            "buyer_message": ("用户备注",),
            "seller_note": ("包裹备注信息",),
            "tracking_number": ("快递单号",),
            "carrier": ("快递公司",),
        },
        states={
            "待付款": OrderState.UNPAID,
            "待支付": OrderState.UNPAID,
            "待配货": OrderState.PAID,
            "配货中": OrderState.PAID,
            "待发货": OrderState.PAID,
            "部分发货": OrderState.PAID,
            "已发货": OrderState.SHIPPED,
            "已签收": OrderState.SIGNED,
            "已完成": OrderState.FINISHED,
        },
        closed=frozenset({"已取消", "已关闭"}),
        given_back=frozenset({"退款成功", "退款完成"}),
    ),
    own=("SKU名称", "SKU件数", "SKU规格", "用户编号", "小红书编码", "包裹总净重(kg)", "包裹备注标记", "规格ID"),
    identifiers=("快递单号", "支付渠道订单号", "条形码"),
    exported=by_day_and_time,
)
