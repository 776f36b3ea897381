"""1688: 订单导出 of the sellers' backend, xlsx or xls (C1).

One row a line; what is true of the whole order stands in cells merged over its lines, so on the first of them only.

| column | becomes |
| --- | --- |
| 订单编号 [订单号] | number; blank on the rows after the first |
| 买家会员名 [买家] | identity `buyer_id`, deciding; 买家公司名 is the name shown |
| 实付款(元) | paid |
| 订单状态 | state; 交易关闭 was paid when it has a 订单付款时间. 退款状态 退款成功: all of it went back |
| 联系手机, 联系电话 | recipient_phone and identities |
| 货品标题, 单价(元), 数量 | a line |
| 单品货号, else 货号, else SKU ID, else Offer ID | article |
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.order_table import OrderTable
from shopcrm.collect.platforms.layout import Layout

KEY: Final = "1688"

ORDERS: Final = Layout(
    key=KEY,
    report="complete",
    label=N_("1688 order export"),
    table=OrderTable(
        platform=KEY,
        currency="CNY",
        total="order",
        refund="order",
        continued=True,
        short_rows=True,
        names={
            "number": ("订单编号", "订单号"),
            "buyer_id": ("买家会员名", "买家"),
            "buyer_name": ("买家公司名",),
            "order_total": ("实付款(元)", "实付款"),
            "state": ("订单状态",),
            "after_sale": ("退款状态",),
            "created_at": ("订单创建时间", "下单时间"),
            "paid_at": ("订单付款时间",),
            "recipient_name": ("收货人姓名",),
            "address": ("收货地址",),
            "phone": ("联系手机",),
            "phone_else": ("联系电话",),
            "title": ("货品标题",),
            "price": ("单价(元)", "单价"),
            "quantity": ("数量",),
            "variant": ("规格", "型号"),
            "article": ("单品货号", "货号", "SKU ID", "Offer ID"),
            "buyer_message": ("买家留言",),
            "tracking_number": ("运单号", "物流公司运单号", "物流单号"),
            "carrier": ("物流公司",),
        },
        states={
            "等待买家付款": OrderState.UNPAID,
            "待付款": OrderState.UNPAID,
            "等待卖家发货": OrderState.PAID,
            "待发货": OrderState.PAID,
            "等待买家确认收货": OrderState.SHIPPED,
            "待收货": OrderState.SHIPPED,
            "已收货": OrderState.SIGNED,
            "交易成功": OrderState.FINISHED,
        },
        closed=frozenset({"交易关闭"}),
        given_back=frozenset({"退款成功"}),
    ),
    own=("货品标题", "货品总价(元)", "卖家会员名", "买家公司名", "Offer ID", "物料编号", "货品种类"),
    identifiers=("运单号",),
)
