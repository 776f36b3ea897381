"""The kinds of identities are read off the index, however many identities there are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from shopcrm.app import Shop
from shopcrm.collect import customers
from tests.builders import given_orders, new_shop, order

DAY = date(2026, 6, 1)


def _sell(shop: Shop, platform: str, buyers: range) -> None:
    orders = [
        order(str(one), f"buyer_{one}", DAY, platform=platform, phone=f"1380013{one:04}" if one % 2 else None)
        for one in buyers
    ]
    given_orders(shop, orders, platform=platform)


def _asked(shop: Shop) -> tuple[list[tuple[str, str]], int]:
    """What is found, and how many steps the engine took."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with shop.read() as tx:
        raw: Any = tx.connection.connection.driver_connection
        raw.set_progress_handler(step, 1)
        found = customers.kinds(tx.connection)
        raw.set_progress_handler(None, 0)
    return found, steps


def test_kinds_of_identities_are_found_by_leaps(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    assert _asked(shop)[0] == []
    for platform in ("taobao", "jd", "pdd"):
        _sell(shop, platform, range(20))
    found, few = _asked(shop)
    assert found == sorted((kind, platform) for kind in ("buyer_id", "phone") for platform in ("taobao", "jd", "pdd"))
    for platform in ("taobao", "jd", "pdd"):
        _sell(shop, platform, range(1_000, 2_000))
    assert _asked(shop) == (found, few)
    shop.close()
