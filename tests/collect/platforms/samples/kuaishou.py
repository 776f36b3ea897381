"""Kuaishou: a row an order, money with signs."""

from __future__ import annotations

from typing import Final

from shopcrm.collect.foreign import OrderState
from tests.collect.platforms.samples import HEADERS, Sample, at

_ROWS: Final = (
    {
        "订单号": "2500000000000000011", "订单创建时间": "2026-01-01 10:11:12", "订单支付时间": "2026-01-01 10:12:00",
        "订单状态": "交易成功", "售后状态": "-", "实付款": "¥1,299.90", "成交数量": "1", "商品名称": "虚构推车",
        "商品规格": "灰色", "SKU编码": "TC-G", "商品单价": "¥1,299.90", "收货人姓名": "橙*",
        "收货人电话": "138****1005",
        "收货地址-省": "四川省", "收货地址-市": "成都市", "收货地址-区": "武侯区", "收货地址": "虚构路3号",
        "买家留言": "——", "订单备注": "送脚垫", "发货时间": "2026-01-02 08:00:00", "快递单号": "KS0000001",
        "快递公司": "虚构快递",
        "渠道": "自营", "预估推广者分佣比例": "30.0%",
    },
    {
        "订单号": "2500000000000000022", "订单创建时间": "2023/01/05 10:11:12", "订单支付时间": "2023/01/05 10:12:12",
        "订单状态": "交易关闭", "售后状态": "退款成功", "实付款": "￥59.00", "成交数量": "2", "商品名称": "虚构围兜",
        "商品ID": "900000000002", "商品单价": "29.5", "收货人姓名": "柠檬", "收货人电话": "13800131006",
    },
    {
        "订单号": "2500000000000000033", "订单创建时间": "2026-01-03 10:11:12", "订单支付时间": "/",
        "订单状态": "待付款", "售后状态": "--", "实付款": "￥0", "成交数量": "1", "商品名称": "虚构围兜",
        "商品单价": "29.5",
    },
)  # fmt: skip
_GOLDEN: Final = {
    "2500000000000000011": {
        "tracking_number": "KS0000001", "carrier": "虚构快递",
        "paid": 129_990, "state": OrderState.FINISHED, "created_at": at("2026-01-01 10:11:12"), "units": 1,
        "paid_at": at("2026-01-01 10:12:00"), "phone": None, "deciding": None, "recipient_name": "橙*",
        "address": "四川省 成都市 武侯区 虚构路3号", "province": "四川", "city": "成都", "articles": ("TC-G",),
        "seller_note": "送脚垫", "buyer_message": None, "titles": ("虚构推车",), "variants": ("灰色",),
    },
    "2500000000000000022": {
        "paid": 5_900, "refunded": 5_900, "state": OrderState.REFUNDED, "phone": "13800131006", "deciding": "phone",
        "articles": ("900000000002",), "quantities": (2,),
    },
    "2500000000000000033": {"paid": 0, "state": OrderState.UNPAID},
}  # fmt: skip

SAMPLES: Final = (Sample("kuaishou complete", "订单导出.xlsx", HEADERS["kuaishou_64"], _ROWS, _GOLDEN),)
