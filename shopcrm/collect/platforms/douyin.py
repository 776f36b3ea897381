"""Douyin 抖店: 订单导出 by line or by order, and the list of refunds 售后单 (C1).

Order export, a row a line (子订单), or a row an order with its lines joined by `;` and one amount for all of them:

| column | becomes |
| --- | --- |
| 主订单编号, 子订单编号 | number, line_number |
| 订单应付金额 | paid of the line, or of the lines in the row |
| 订单状态, 售后状态 | state; 退款成功 and 已全额退款 are all of the line, no column tells how much |
| 订单提交时间, 支付完成时间, 发货时间, 订单完成时间 | created_at, paid_at, shipped_at, finished_at |
| 选购商品, 商品规格 [货号], 商品单价, 商品数量 | title, variant, price of one, quantity |
| 商家编码, else 货号, else 商品ID | article |
| 收件人, 收件人手机号, 省, 市, 区, 街道, 详细地址 | recipient, address; ciphertext is left out |

There is no buyer's account in it: only a real phone says who bought.

Refunds, a row a complaint: of those that were paid out 退商品金额 + 退运费金额 is refunded of 订单号.
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.order_table import OrderTable
from shopcrm.collect.platforms.layout import Layout, by_unix_seconds

KEY: Final = "douyin"

ORDERS: Final = Layout(
    key=KEY,
    report="complete",
    label=N_("Douyin order export"),
    table=OrderTable(
        platform=KEY,
        currency="CNY",
        joined=";",
        distinct_lines=True,
        names={
            "number": ("主订单编号", "订单编号"),
            "line_number": ("子订单编号",),
            "phone": ("收件人手机号",),
            "recipient_name": ("收件人",),
            "line_total": ("订单应付金额",),
            "state": ("订单状态",),
            "after_sale": ("售后状态",),
            "created_at": ("订单提交时间",),
            "paid_at": ("支付完成时间",),
            "shipped_at": ("发货时间",),
            "finished_at": ("订单完成时间",),
            "title": ("选购商品",),
            "variant": ("商品规格",),
            "price": ("商品单价",),
            "quantity": ("商品数量",),
            "article": ("商家编码", "货号", "商品ID"),
            "province": ("省",),
            "city": ("市",),
            "district": ("区",),
            "street": ("街道",),
            "address": ("详细地址",),
            "buyer_message": ("买家留言",),
            "seller_note": ("商家备注",),
            "closed_reason": ("取消原因",),
        },
        states={
            "待支付": OrderState.UNPAID,
            "待付款": OrderState.UNPAID,
            "待确认": OrderState.UNPAID,
            "备货中": OrderState.PAID,
            "待发货": OrderState.PAID,
            "部分发货": OrderState.PAID,
            "已发货": OrderState.SHIPPED,
            "已收货": OrderState.SIGNED,
            "已完成": OrderState.FINISHED,
        },
        closed=frozenset({"已关闭", "已取消"}),
        given_back=frozenset({"退款成功", "已全额退款"}),
    ),
    own=("选购商品", "订单提交时间", "支付完成时间", "鲁班落地页ID", "APP渠道", "达人ID", "流量体裁"),
    foreign=("CPS达人ID", "SKU名称"),
    identifiers=("商品ID",),
    exported=by_unix_seconds,
)
REFUNDS: Final = Layout(
    key=KEY,
    report="refund",
    label=N_("Douyin list of refunds"),
    table=OrderTable(
        platform=KEY,
        currency="CNY",
        total="order",
        distinct_lines=True,
        names={
            "number": ("订单号",),
            "line_number": ("售后单号",),
            "refunded": ("退商品金额（元）",),
            "refunded_more": ("退运费金额（元）",),
            "after_sale": ("售后状态",),
        },
        only_refunds=True,
        counted=frozenset({"退款成功", "售后成功", "售后完成", "退款完成", "退货退款成功", "仅退款成功"}),
        undated=True,
    ),
    needs=("number", "refunded", "after_sale"),
    own=("售后单号", "退商品金额（元）", "商家退款时间", "退运费金额（元）"),
    exported=by_unix_seconds,
)
