"""When a file was exported, by its name: so that an older one never pushes an order back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shopcrm.collect.platforms import PLATFORMS, Adapter
from tests.collect.platforms.samples import CHINA, at

MINUTE = "2026-11-26 14:05"
USUAL = ("订单导出2026-11-26 14-05-00.xlsx", "orders_20261126140500.csv", "2026-11-26_14.05.csv")
TOLD = {
    "taobao": ("ExportOrderList202611261405.csv", "ExportOrderDetailList202611261405.csv"),
    "douyin": (f"{at(MINUTE)}_new.csv", f"{at(MINUTE)}000.csv", f"导出.zip › {at(MINUTE)}.csv"),
    **dict.fromkeys(
        ("pdd", "kuaishou", "xiaohongshu", "weixin", "youzan", "woocommerce", "amazon", "etsy", "ebay"), USUAL
    ),
}
SILENT = {"jd", "1688", "shopify"}  # their names hold a running number, or nothing


@pytest.mark.parametrize("adapter", PLATFORMS, ids=lambda one: f"{one.key} {one.report}")
def test_every_platform_is_here_and_its_names_are_understood(adapter: Adapter) -> None:
    names = TOLD.get(adapter.key, ())
    assert bool(names) is (adapter.key not in SILENT)
    for name in names:
        assert adapter.snapshot_at(name, CHINA) == at(MINUTE), name
    for name in ("订单.xlsx", "orders.csv", "2026-11-26.csv", "19453840.csv", "20261399999999.csv"):
        assert adapter.snapshot_at(name, CHINA) is None, name  # a day alone says too little


def test_a_time_is_one_of_the_shop_s_zone() -> None:
    assert datetime.fromtimestamp(at(MINUTE), UTC).isoformat() == "2026-11-26T06:05:00+00:00"
