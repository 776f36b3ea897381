"""Xiaohongshu: a row a product, gifts among them, the header below a title."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shopcrm.collect.foreign import OrderState
from tests.collect.platforms.samples import HEADERS, Sample, at

_ORDER: Final = {
    "订单号": "P802000000000000011", "订单状态": "已完成", "用户编号": "xhs-u-0001", "收件人姓名": "莓**",
    "收件人电话": "1**********", "收件人地址": "虚构弄8号", "省": "上海市", "市": "上海市", "区": "徐汇区",
    "订单创建时间": "2025-08-01 12:00:00", "支付时间": "2025-08-01 12:01:00", "订单发货时间": "2025-08-02 12:00:00",
    "订单完成时间": "2025-08-10 12:00:00", "店铺名称": "虚构小红店", "用户备注": "不要辣",
}  # fmt: skip
_ROWS: Final = (
    {
        **_ORDER, "SKU名称": "虚构曲奇", "SKU规格": "大罐", "SKU件数": "2", "商家编码": "QQ-L", "是否为赠品": "否",
        "商品总价(元)": "120.00", "用户应付金额(元)": "100.00", "售后状态": "无售后",
    },
    {
        **_ORDER, "SKU名称": "虚构贴纸", "SKU件数": "1", "小红书编码": "xhs-900", "是否为赠品": "是",
        "商品总价(元)": "5.00", "用户应付金额(元)": "5.00", "售后状态": "无售后",
    },
    {
        "订单号": "P802000000000000022", "订单状态": "已发货", "用户编号": "xhs-u-0001", "售后状态": "退款成功",
        "订单创建时间": "2025-08-03 12:00:00", "支付时间": "2025-08-03 12:01:00", "SKU名称": "虚构曲奇", "SKU件数": "1",
        "用户应付金额(元)": "50.00", "是否为赠品": "否",
    },
    {
        "订单号": "P802000000000000033", "订单状态": "已取消", "用户编号": "xhs-u-0002", "售后状态": "",
        "订单创建时间": "2025-08-04 12:00:00", "SKU名称": "虚构曲奇", "SKU件数": "1", "用户应付金额(元)": "50.00",
    },
)  # fmt: skip
_GOLDEN: Final[Mapping[str, Mapping[str, Any]]] = {
    "P802000000000000011": {
        "paid": 10_000, "refunded": None, "state": OrderState.FINISHED, "buyer_id": "xhs-u-0001",
        "deciding": "buyer_id", "phone": None, "province": "上海", "store": "虚构小红店", "buyer_message": "不要辣",
        "created_at": at("2025-08-01 12:00:00"), "paid_at": at("2025-08-01 12:01:00"), "units": 3,
        "titles": ("虚构曲奇", "虚构贴纸"), "articles": ("QQ-L", "xhs-900"), "line_paid": (10_000, 0),
        "quantities": (2, 1), "variants": ("大罐", None),
    },
    "P802000000000000022": {"paid": 5_000, "refunded": 5_000, "state": OrderState.REFUNDED, "buyer_id": "xhs-u-0001"},
    "P802000000000000033": {"paid": 0, "state": OrderState.CLOSED, "buyer_id": "xhs-u-0002"},
}  # fmt: skip

SAMPLES: Final = (
    Sample(
        "xiaohongshu complete", "订单.csv", HEADERS["xiaohongshu_71"], _ROWS, _GOLDEN, above=[["小红书订单", "8 月"]]
    ),
)
