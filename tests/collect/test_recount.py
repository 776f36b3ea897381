"""Another currency or zone: as if the shop was made with it; there and back is where it was; stopped is not begun."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopcrm.app import ReadBefore, Shop
from shopcrm.base import clock
from shopcrm.base.changes import Changes
from shopcrm.base.clock import UnknownTimeZone
from shopcrm.base.errors import Cancelled
from shopcrm.base.money import UnknownCurrency
from shopcrm.base.progress import Progress, Step
from shopcrm.collect import recount
from shopcrm.collect.foreign import ForeignOrder, OrderState
from shopcrm.collect.purchases import CREATED_PLAIN, PAID_PLAIN, day_of_order
from tests.builders import content, given_orders, new_shop, order, stage

ZONES = ("Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Europe/Berlin", "Asia/Kathmandu")
CURRENCIES = ("CNY", "EUR", "JPY")
DERIVED = ("orders", "occasions", "customer_statistics", "customers", "search_tokens")


@contextmanager
def opened(**how: Any) -> Iterator[Shop]:
    with tempfile.TemporaryDirectory() as folder:
        shop = new_shop(Path(folder) / "shop", **how)
        try:
            yield shop
        finally:
            shop.close()


@st.composite
def buyers(draw: st.DrawFn) -> list[dict[str, Any]]:
    """What orders say whatever the zone: a time or a plain date, an amount, a currency, where they went to."""
    times = st.integers(clock.plain_seconds(date(2026, 2, 20)), clock.plain_seconds(date(2026, 11, 10)))
    return draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "nick": st.sampled_from(["qing_zhou", "lin_a", "wutong_88"]),
                    "at": times,
                    "plain": st.booleans(),
                    "created_only": st.booleans(),
                    "paid": st.integers(0, 50_000),
                    "currency": st.sampled_from(CURRENCIES),
                    "name": st.sampled_from(["林小满", "周青", "林*"]),
                    "city": st.sampled_from(["杭州市", "宁波市"]),
                    "state": st.sampled_from([OrderState.FINISHED, OrderState.PAID, OrderState.CLOSED]),
                }
            ),
            min_size=1,
            max_size=8,
        )
    )


def told(bought: list[dict[str, Any]], *, timezone: str) -> list[ForeignOrder]:
    """The orders as the reader tells them in a zone."""
    found = []
    for number, each in enumerate(bought):
        at = each["at"] // 86_400 * 86_400 if each["plain"] else each["at"]
        paid_at = None if each["created_only"] else at
        plain = (CREATED_PLAIN | PAID_PLAIN) if each["plain"] else 0
        day = day_of_order(created_at=at, paid_at=paid_at, plain_dates=plain, tz=clock.zone(timezone))
        plainly = order(f"27{number:08d}", each["nick"], date(2026, 1, 1), each["paid"], state=each["state"])
        found.append(
            replace(plainly, created_at=at, paid_at=paid_at, plain_dates=plain, day=day, currency=each["currency"],
                    recipient_name=each["name"], province="浙江省", city=each["city"])
        )  # fmt: skip
    return found


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(bought=buyers(), zone=st.sampled_from(ZONES), currency=st.sampled_from(CURRENCIES))
def test_as_if_made_with_it_and_there_and_back_is_where_it_was(
    bought: list[dict[str, Any]], zone: str, currency: str
) -> None:
    with opened() as shop, opened(currency=currency, timezone=zone) as fresh:
        given_orders(shop, told(bought, timezone="Asia/Shanghai"))
        given_orders(fresh, told(bought, timezone=zone))
        before = content(shop)
        with shop.read() as tx:
            moving = recount.moving_days(tx, timezone=zone)
            outlook = recount.outlook(tx, currency=currency)
        shop.recount(currency=currency, timezone=zone)
        assert shop.check() == []
        there, made = content(shop), content(fresh)
        assert {name: there[name] for name in DERIVED} == {name: made[name] for name in DERIVED}
        days = [{row[0]: row[12] for row in found["orders"]} for found in (before, there)]
        assert moving == sum(days[0][order_id] != days[1][order_id] for order_id in days[0])
        with shop.read() as tx:
            assert (tx.shop.currency, tx.shop.timezone) == (shop.info.currency, shop.info.timezone) == (currency, zone)
            run = tx.connection.exec_driver_sql
            priced, orders = run(
                "SELECT coalesce(sum(priced_orders), 0), coalesce(sum(orders), 0) FROM occasions"
            ).one()
        assert (outlook.counted, sum(outlook.left_out.values())) == (priced, orders - priced)
        shop.recount(currency="CNY", timezone="Asia/Shanghai")
        assert content(shop) == before


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = new_shop(tmp_path / "shop")
    given_orders(made, [order(f"27{n:08d}", f"nick_{n}", date(2026, 6, 1), 10_000 + n) for n in range(30)])
    yield made
    made.close()


def test_it_is_backed_up_before_and_told_after(shop: Shop) -> None:
    heard: list[Changes] = []
    shop.on_changes(heard.append)
    assert not shop.recount(currency="CNY", timezone="Asia/Shanghai")
    assert heard == []
    totals = shop.columns().net_total.sum()
    assert shop.recount(currency="EUR", timezone="Asia/Shanghai")
    assert heard[0] & Changes.SHOP
    assert heard[0] & Changes.STATISTICS
    assert (totals > 0, shop.columns().net_total.sum()) == (True, 0)
    newest = shop.newest_backup()
    assert newest is not None
    assert newest.reason == "recount"


@pytest.mark.parametrize(("how", "failure"), [
    ({"currency": "XQQ", "timezone": "Asia/Shanghai"}, UnknownCurrency),
    ({"currency": "CNY", "timezone": "Mars/Olympus"}, UnknownTimeZone),
])  # fmt: skip
def test_names_that_are_none_change_nothing(shop: Shop, how: dict[str, Any], failure: type[Exception]) -> None:
    before = content(shop)
    with pytest.raises(failure):
        shop.recount(**how)
    assert content(shop) == before


@pytest.mark.parametrize("stage_wanted", ["recounting", "statistics"])
def test_stopped_on_the_way_nothing_is_changed(shop: Shop, stage_wanted: str) -> None:
    before = content(shop)

    def stop(step: Step) -> None:
        if step.stage == stage_wanted:
            progress.cancel()

    progress = Progress(stop)
    with pytest.raises(Cancelled):
        shop.recount(currency="EUR", timezone="America/New_York", progress=progress)
    assert content(shop) == before
    assert (shop.info.currency, shop.info.timezone) == ("CNY", "Asia/Shanghai")


def test_another_window_counts_by_it_too(shop: Shop) -> None:
    theirs = Shop.open(shop.home, as_of=shop.as_of)
    theirs.changed_elsewhere()
    shop.recount(currency="EUR", timezone="America/New_York")
    assert theirs.changed_elsewhere()
    assert (theirs.info.currency, theirs.info.timezone) == ("EUR", "America/New_York")
    theirs.close()


def test_a_file_read_before_is_read_again(shop: Shop) -> None:
    staged = stage(shop, [order("9999", "late_z", date(2026, 6, 1))])
    staged.counted_in = ("CNY", "Asia/Shanghai")
    shop.preview(staged)
    shop.recount(currency="CNY", timezone="America/New_York")
    with pytest.raises(ReadBefore):
        shop.import_staged(staged)
