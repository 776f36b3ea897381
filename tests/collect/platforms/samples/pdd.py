"""Pinduoduo: a row an order, tabs behind long numbers, no buyer."""

from __future__ import annotations

from typing import Final

from shopcrm.collect.foreign import OrderState
from tests.collect.platforms.samples import HEADERS, Sample, at

_SHARED: Final = {"商品数量(件)": "1", "商品id": "300000000001", "商品规格": "12包", "快递公司": "虚构快递"}
_ROWS: Final = (
    {
        **_SHARED, "商品": "虚构湿巾", "订单号": "230101-100000000000011\t", "订单状态": "已收货",
        "售后状态": "无售后或售后取消", "用户实付金额(元)": "19.90", "商家实收金额(元)": "21.90", "商品数量(件)": "2",
        "收货人": "柚*", "手机": "138****1001", "省": "浙江省", "市": "杭州市", "区": "西湖区", "街道": "****",
        "支付时间": "2023-01-01 10:00:00", "拼单成功时间": "2023-01-01 10:01:00", "订单成交时间": "2023-01-01 10:01:00",
        "发货时间": "2023-01-01 20:00:00", "确认收货时间": "2023-01-05 09:00:00", "商家备注": "发绿色",
        "商家编码-SKU维度": "SJ-12", "商家编码-规格维度": "SJ-12", "快递单号": "VX0000000001\t",
    },
    {
        **_SHARED, "商品": "虚构湿巾", "订单号": "230102-100000000000022\t", "订单状态": "已收货,退款成功",
        "售后状态": "退款成功", "用户实付金额(元)": "9.95", "商家实收金额(元)": "9.95", "手机": "13800131003",
        "支付时间": "2023-01-02 10:00:00", "拼单成功时间": "2023-01-02 10:01:00", "订单成交时间": "2023-01-02 10:01:00",
    },
    {
        **_SHARED, "商品": "虚构湿巾", "订单号": "230103-100000000000033", "订单状态": "已发货，待签收",
        "售后状态": "售后处理中", "用户实付金额(元)": "9.95", "商家实收金额(元)": "9.95", "省": "****",
    },
    {
        **_SHARED, "商品": "虚构湿巾", "订单号": "230104-100000000000044", "订单状态": "已取消",
        "售后状态": "无售后或售后取消", "用户实付金额(元)": "9.95", "商家实收金额(元)": "0.00", "支付时间": "\t",
        "拼单成功时间": "2023-01-04 10:01:00", "订单成交时间": "2023-01-04 10:01:00",
    },
)  # fmt: skip
_GOLDEN: Final = {
    "230101-100000000000011": {
        "tracking_number": "VX0000000001", "carrier": "虚构快递",
        "paid": 1_990, "state": OrderState.FINISHED, "units": 2, "phone": None, "recipient_phone": "138****1001",
        "deciding": None, "province": "浙江", "city": "杭州", "address": "浙江省 杭州市 西湖区",
        "paid_at": at("2023-01-01 10:00:00"), "created_at": at("2023-01-01 10:01:00"),
        "finished_at": at("2023-01-05 09:00:00"), "titles": ("虚构湿巾",), "variants": ("12包",),
        "articles": ("SJ-12",), "seller_note": "发绿色", "currency": "CNY",
    },
    "230102-100000000000022": {
        "paid": 995, "refunded": 995, "state": OrderState.REFUNDED, "phone": "13800131003", "deciding": "phone",
        "articles": ("300000000001",),
    },
    "230103-100000000000033": {
        "paid": 995, "state": OrderState.SHIPPED, "day": at("2023-01-03 00:00:00") // 86_400 + 1, "province": None,
    },
    "230104-100000000000044": {"paid": 0, "state": OrderState.CLOSED},
}  # fmt: skip

SAMPLES: Final = (
    Sample("pdd complete", "orders_export.csv", HEADERS["pdd_2020_60"], _ROWS, _GOLDEN),
    Sample("pdd complete", "订单-重存.xlsx", HEADERS["pdd_2023_grouped"], _ROWS, _GOLDEN, above=[["导出说明", ""]]),
)
