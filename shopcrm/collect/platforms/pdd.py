"""Pinduoduo 拼多多: 订单导出 of the sellers' backend, csv or xlsx (C1).

One row an order, which is of one product. There is no buyer's account in it.

| column | becomes |
| --- | --- |
| 订单号 | number; it begins with the day, `260517-…`, which stands in where no column tells it |
| 用户购买手机号; 手机 | identity `phone` where it is a real one, the first deciding; recipient_phone |
| 用户实付金额(元), else 商家实收金额(元) | paid |
| 订单状态, 售后状态 | state: `已发货,退款成功` says two things; 退款成功 is all of it, no column tells how much |
| 订单成交时间, else 拼单成功时间; 支付时间; 发货时间; 确认收货时间 | created_at; paid_at; shipped_at; finished_at |
| 商品, 商品规格, 商品数量(件) | the line |
| 商家编码-规格维度 [-SKU维度], else 商家编码-商品维度, else 样式ID, else 商品id | article |
| 收货人, 省, 市, 区, 街道 | recipient_name, address; hidden ones are left out |
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.order_table import OrderTable
from shopcrm.collect.platforms.layout import Layout, by_day_and_time, day_in_number

KEY: Final = "pdd"
_day: Final = day_in_number(r"([0-9]{2})([01][0-9])([0-3][0-9])-[0-9]{10,}")


ORDERS: Final = Layout(
    key=KEY,
    report="complete",
    label=N_("Pinduoduo order export"),
    table=OrderTable(
        platform=KEY,
        currency="CNY",
        total="order",
        refund="order",
        one_row=True,
        short_rows=True,
        dated_number=_day,
        names={
            "number": ("订单号",),
            "buyer_phone": ("用户购买手机号",),
            "phone": ("手机",),
            "recipient_name": ("收货人",),
            "order_total": ("用户实付金额(元)", "商家实收金额(元)", "用户实付金额", "商家实收金额"),
            "state": ("订单状态",),
            "after_sale": ("售后状态",),
            "created_at": ("订单成交时间", "拼单成功时间"),
            "paid_at": ("支付时间",),
            "shipped_at": ("发货时间",),
            "finished_at": ("确认收货时间",),
            "title": ("商品", "商品名称"),
            "variant": ("商品规格",),
            "quantity": ("商品数量(件)", "商品数量"),
            "article": ("商家编码-规格维度", "商家编码-SKU维度", "商家编码-商品维度", "样式ID", "商品id"),
            "province": ("省",),
            "city": ("市",),
            "district": ("区",),
            "street": ("街道", "街道/镇"),
            "buyer_message": ("买家留言",),
            "seller_note": ("商家备注",),
            "tracking_number": ("快递单号",),
            "carrier": ("快递公司",),
        },
        states={
            "待付款": OrderState.UNPAID,
            "待支付": OrderState.UNPAID,
            "待成团": OrderState.PAID,
            "待发货": OrderState.PAID,
            "未发货": OrderState.PAID,
            "已发货": OrderState.SHIPPED,
            "待签收": OrderState.SHIPPED,
            "已发货,待签收": OrderState.SHIPPED,
            "已签收": OrderState.SIGNED,
            "已收货": OrderState.FINISHED,
            "交易成功": OrderState.FINISHED,
        },
        closed=frozenset({"已取消", "已关闭", "交易关闭"}),
        given_back=frozenset({"退款成功"}),
    ),
    own=(
        "用户实付金额(元)", "商家实收金额(元)", "用户实付金额", "商家实收金额", "拼单成功时间", "商家编码-规格维度",
        "商家编码-SKU维度", "商家编码-商品维度", "用户购买手机号", "样式ID", "团ID", "是否抽奖或0元试用",
    ),
    identifiers=("快递单号",),
    exported=by_day_and_time,
)  # fmt: skip
