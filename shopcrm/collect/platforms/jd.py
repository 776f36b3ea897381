"""JD 京东: 订单导出 of the sellers' backend, csv in GBK (C1).

One row a line; amounts of the order are repeated on every one of them. Rows may end before the header does.

| column | becomes |
| --- | --- |
| 订单号 | number |
| 下单帐号 [下单账号] | identity `buyer_id`, deciding |
| 应付金额 + 余额支付 | paid; without 应付金额 the lines are added up |
| 订单状态 | state; one that was deleted, `(删除)等待出库`, or cancelled was paid when it has a 付款确认时间 |
| 下单时间, 付款确认时间, 订单完成时间 | created_at, paid_at, finished_at |
| 客户姓名, 客户地址, 联系电话, 邮箱地址 | recipient_name, address, recipient_phone and identity, identity `email` |
| 商品名称, 京东价, 订购数量 | a line |
| 商家SKUID, else 货号, else 商品ID | article |
| 订单备注, 商家备注 | buyer_message, seller_note |

Refunds are not told.
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.order_table import OrderTable
from shopcrm.collect.platforms.layout import Layout

KEY: Final = "jd"

ORDERS: Final = Layout(
    key=KEY,
    report="complete",
    label=N_("JD order export"),
    table=OrderTable(
        platform=KEY,
        currency="CNY",
        total="order",
        refund="order",
        short_rows=True,
        names={
            "number": ("订单号", "订单编号"),
            "buyer_id": ("下单帐号", "下单账号"),
            "email": ("邮箱地址",),
            "order_total": ("应付金额",),
            "order_total_more": ("余额支付",),
            "state": ("订单状态",),
            "created_at": ("下单时间",),
            "paid_at": ("付款确认时间",),
            "finished_at": ("订单完成时间",),
            "recipient_name": ("客户姓名",),
            "address": ("客户地址",),
            "phone": ("联系电话",),
            "title": ("商品名称",),
            "price": ("京东价",),
            "quantity": ("订购数量",),
            "article": ("商家SKUID", "货号", "商品ID"),
            "buyer_message": ("订单备注",),
            "seller_note": ("商家备注",),
            "tracking_number": ("运单号", "快递单号"),
            "carrier": ("物流公司", "快递公司"),
        },
        states={
            "等待付款": OrderState.UNPAID,
            "等待付款确认": OrderState.UNPAID,
            "等待打印": OrderState.PAID,
            "等待出库": OrderState.PAID,
            "等待发货": OrderState.PAID,
            "已出库": OrderState.SHIPPED,
            "等待确认收货": OrderState.SHIPPED,
            "完成": OrderState.FINISHED,
            "已完成": OrderState.FINISHED,
        },
        closed=frozenset({"删除", "取消", "已取消", "已关闭"}),
    ),
    own=("下单帐号", "下单账号", "京东价", "订购数量", "付款确认时间", "订单渠道", "是否为品牌商订单"),
)
