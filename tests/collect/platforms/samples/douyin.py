"""Douyin: a row a line with tabs before ids and text, or a row an order with joined lines; the list of refunds."""

from __future__ import annotations

from typing import Final

from shopcrm.collect.foreign import OrderState
from tests.collect.platforms.samples import HEADERS, Sample, at

_ORDER: Final = {
    "主订单编号": "\t6917000000000000011", "订单状态": "已完成", "订单提交时间": "2026-04-01 10:00:00",
    "支付完成时间": "2026-04-01 10:01:00", "发货时间": "2026-04-01 18:00:00", "订单完成时间": "2026-04-09 10:00:00",
    "收件人": "##密文示例AAAA", "收件人手机号": "$$密文示例BBBB", "省": "江苏省", "市": "苏州市", "区": "吴中区",
    "街道": "虚构街道", "详细地址": "##密文示例CCCC", "商家备注": "-", "取消原因": "-",
}  # fmt: skip
_ROWS: Final = (
    {
        **_ORDER, "子订单编号": "\t6917000000000000011", "选购商品": "\t虚构辣丝", "商品规格": "\t1袋", "货号": "\t1袋",
        "商品数量": "1", "商品ID": "\t3000000000000000001", "商品单价": "28.90", "订单应付金额": "28.90",
        "售后状态": "-", "商家编码": "\tLS-1",
    },
    {
        **_ORDER, "子订单编号": "\t6917000000000000012", "选购商品": "\t虚构豆干", "商品规格": "\t2袋", "货号": "\t2袋",
        "商品数量": "2", "商品ID": "\t3000000000000000002", "商品单价": "15.00", "订单应付金额": "30.00",
        "售后状态": "退款成功",
    },
    {
        "主订单编号": "\t6917000000000000021", "子订单编号": "\t6917000000000000021", "选购商品": "\t虚构豆干",
        "商品数量": "1", "商品单价": "15.00", "订单应付金额": "15.00", "订单状态": "已关闭", "售后状态": "-",
        "订单提交时间": "2026-04-02 10:00:00", "支付完成时间": "-", "取消原因": "不想要了",
        "收件人手机号": "18400000001-7576",
    },
    {
        "主订单编号": "\t6917000000000000031", "子订单编号": "\t6917000000000000031", "选购商品": "\t虚构豆干",
        "商品数量": "1", "商品单价": "15.00", "订单应付金额": "15.00", "订单状态": "已发货", "售后状态": "-",
        "订单提交时间": "2026/4/3 8:00", "支付完成时间": "2026/4/3 8:01", "收件人手机号": "13800131004",
        "收件人": "豆丁",
    },
)  # fmt: skip
_GOLDEN: Final = {
    "6917000000000000011": {
        "paid": 5_890, "refunded": 3_000, "state": OrderState.FINISHED, "phone": None, "recipient_phone": None,
        "recipient_name": None, "province": "江苏", "city": "苏州", "address": "江苏省 苏州市 吴中区 虚构街道",
        "created_at": at("2026-04-01 10:00:00"), "paid_at": at("2026-04-01 10:01:00"),
        "shipped_at": at("2026-04-01 18:00:00"), "finished_at": at("2026-04-09 10:00:00"), "units": 3,
        "titles": ("虚构辣丝", "虚构豆干"), "quantities": (1, 2), "articles": ("LS-1", None),
        "line_numbers": ("6917000000000000011", "6917000000000000012"), "line_paid": (2_890, 3_000),
        "line_refunded": (0, 3_000), "seller_note": None, "deciding": None,
    },
    "6917000000000000021": {
        "paid": 0, "state": OrderState.CLOSED, "closed_reason": "不想要了", "phone": None,
        "recipient_phone": "18400000001-7576",
    },
    "6917000000000000031": {
        "paid": 1_500, "state": OrderState.SHIPPED, "phone": "13800131004", "deciding": "phone",
        "recipient_name": "豆丁", "created_at": at("2026-04-03 08:00:00"),
    },
}  # fmt: skip
_WITH_ARTICLES: Final = {
    **_GOLDEN,
    "6917000000000000011": {
        **_GOLDEN["6917000000000000011"], "articles": ("LS-1", "3000000000000000002"), "variants": ("1袋", "2袋"),
    },
}  # fmt: skip
_WITH_GOODS_NUMBERS: Final = {
    **_GOLDEN, "6917000000000000011": {**_GOLDEN["6917000000000000011"], "articles": ("LS-1", "2袋")},
}  # fmt: skip

_JOINED: Final = (
    {
        **_ORDER, "子订单编号": "\t6917000000000000011;6917000000000000012", "选购商品": "\t虚构辣丝;虚构豆干",
        "商品数量": "3", "商品ID": "\t3000000000000000001;3000000000000000002", "商家编码": "\tLS-1;DG-2",
        "订单应付金额": "58.90", "售后状态": "-",
    },
)  # fmt: skip
_JOINED_GOLDEN: Final = {
    "6917000000000000011": {
        "paid": 5_890, "refunded": None, "state": OrderState.FINISHED, "units": 3, "titles": ("虚构辣丝", "虚构豆干"),
        "articles": ("LS-1", "DG-2"), "line_paid": (None, None), "quantities": (2, 1),
        "line_numbers": ("6917000000000000011", "6917000000000000012"),
    }
}  # fmt: skip

_REFUNDS: Final = (
    {
        "售后单号": "7000000000000000001", "订单号": "6917000000000000031", "商品单号": "6917000000000000031",
        "退商品金额（元）": "5.00", "退运费金额（元）": "1.00", "售后状态": "退款成功",
        "售后申请时间": "2026-04-05 10:00:00",
    },
    {
        "售后单号": "7000000000000000002", "订单号": "6917000000000000031", "退商品金额（元）": "2.00",
        "退运费金额（元）": "0.00", "售后状态": "退款成功",
    },
    {
        "售后单号": "7000000000000000003", "订单号": "6917000000000000031", "退商品金额（元）": "9.00",
        "退运费金额（元）": "0.00", "售后状态": "售后关闭",
    },
)  # fmt: skip
_REFUNDS_GOLDEN: Final = {"6917000000000000031": {"paid": None, "refunded": 800, "state": None}}

SAMPLES: Final = (
    Sample("douyin complete", "1791430000_new.csv", HEADERS["douyin_73"], _ROWS, _WITH_ARTICLES),
    Sample("douyin complete", "自定义.csv", HEADERS["douyin_2026"], _ROWS, _WITH_GOODS_NUMBERS),
    Sample("douyin complete", "主订单.csv", HEADERS["douyin_73"], _JOINED, _JOINED_GOLDEN),
    Sample("douyin refund", "1791430001.csv", HEADERS["douyin_aftersale_2026"], _REFUNDS, _REFUNDS_GOLDEN),
)
