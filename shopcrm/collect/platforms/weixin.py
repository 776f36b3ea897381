"""WeChat shop 微信小店, 视频号小店: 订单导出, xlsx (C1).

One row a product; what is true of the whole order stands on its first row, or on all of them.

| column | becomes |
| --- | --- |
| 订单号 | number; blank on the rows after the first |
| 订单实际支付金额, else 订单实际收款金额 | paid |
| 商品已退款金额 | refunded of the line |
| 订单状态 | state; a cancelled order was paid when it has a 支付时间 |
| 订单下单时间, 支付时间, 订单发货时间, 订单确认收货时间 | created_at, paid_at, shipped_at, signed_at |
| 订单完成结算时间 | finished_at |
| 商品名称, 商品属性, 商品价格(单件), 商品数量 | title, variant, price of one, quantity |
| 商品实际价格(总共) | paid of the line |
| SKU编码(自定义), else 商品编码(自定义), else 商品编码(平台) | article |
| 收件人姓名, 收件人手机 [收件人手机号], 收件人地址, 省, 市, 区 | recipient; only a real phone says who bought |
| 买家备注, 商家备注 | buyer_message, seller_note |
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.order_table import OrderTable
from shopcrm.collect.platforms.layout import Layout, by_day_and_time

KEY: Final = "weixin"

ORDERS: Final = Layout(
    key=KEY,
    report="complete",
    label=N_("WeChat shop order export"),
    table=OrderTable(
        platform=KEY,
        currency="CNY",
        total="order",
        continued=True,
        short_rows=True,
        names={
            "number": ("订单号",),
            "phone": ("收件人手机", "收件人手机号"),
            "recipient_name": ("收件人姓名",),
            "order_total": ("订单实际支付金额", "订单实际收款金额"),
            "line_total": ("商品实际价格(总共)",),
            "refunded": ("商品已退款金额",),
            "state": ("订单状态",),
            "created_at": ("订单下单时间",),
            "paid_at": ("支付时间",),
            "shipped_at": ("订单发货时间",),
            "signed_at": ("订单确认收货时间",),
            "finished_at": ("订单完成结算时间",),
            "title": ("商品名称",),
            "variant": ("商品属性",),
            "price": ("商品价格(单件)",),
            "quantity": ("商品数量",),
            "article": ("SKU编码(自定义)", "商品编码(自定义)", "商品编码(平台)"),
            "province": ("省",),
            "city": ("市",),
            "district": ("区",),
            "address": ("收件人地址",),
            "buyer_message": ("买家备注",),
            "seller_note": ("商家备注",),
            "tracking_number": ("快递单号",),
            "carrier": ("物流公司",),
        },
        states={
            "待付款": OrderState.UNPAID,
            "待发货": OrderState.PAID,
            "部分发货": OrderState.PAID,
            "待收货": OrderState.SHIPPED,
            "已发货": OrderState.SHIPPED,
            "已收货": OrderState.SIGNED,
            "已完成": OrderState.FINISHED,
        },
        closed=frozenset({"已取消", "订单取消", "已关闭"}),
        given_back=frozenset({"全额退款", "已全额退款", "全部商品售后之后,订单取消"}),
    ),
    own=(
        "订单实际收款金额", "订单实际支付金额", "订单下单时间", "商品实际价格(总共)", "商品已退款金额", "礼物单号",
        "订单完成结算时间", "SKU编码(自定义)", "商品编码(平台)", "带货账号类型",
    ),
    identifiers=("交易单号", "快递单号", "礼物单号"),
    exported=by_day_and_time,
)  # fmt: skip
