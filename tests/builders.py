"""Shops and orders for tests: real shop files, filled through the real importer. People are invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from shopcrm.app import NewShop, Shop
from shopcrm.base import clock
from shopcrm.base.paths import Home
from shopcrm.collect.foreign import ForeignIdentity, ForeignItem, ForeignOrder, ForeignPerson, Kind, OrderState
from shopcrm.collect.imports import ImportReport
from shopcrm.collect.staged import Staged
from shopcrm.collect.staging import StagingFile, StagingWriter

TODAY = date(2026, 11, 22)
SHANGHAI_NOON = 4 * 3600  # UTC seconds of a day at which it is noon in Shanghai


def new_shop(
    folder: Path, *, as_of: date | None = TODAY, currency: str = "CNY", timezone: str = "Asia/Shanghai"
) -> Shop:
    """A fresh shop whose clock stands at noon of `as_of`."""
    at = datetime.combine(as_of or TODAY, datetime.min.time(), UTC) + timedelta(seconds=SHANGHAI_NOON)
    new = NewShop(currency=currency, timezone=timezone)
    return Shop.open(Home(folder), as_of=as_of, create=new, now=lambda: at)


def order(
    number: str,
    nick: str | None,
    day: date,
    paid: int = 10_000,
    *,
    phone: str | None = None,
    platform: str = "taobao",
    refunded: int = 0,
    state: OrderState | None = OrderState.FINISHED,
    store: str | None = "",
    items: Sequence[ForeignItem] = (),
    **more: Any,
) -> ForeignOrder:
    """An order paid at noon in Shanghai. `paid` in minor units."""
    at = clock.plain_seconds(day) + SHANGHAI_NOON
    identities = []
    if nick:
        identities.append(ForeignIdentity("buyer_id", platform, nick, nick, deciding=True))
    if phone:
        identities.append(ForeignIdentity("phone", platform, phone, phone, deciding=nick is None))
    values: dict[str, Any] = {
        "number": number, "row": 2, "kind": Kind.ORDER, "store": store, "state": state, "currency": "CNY",
        "created_at": at - 600, "paid_at": at, "day": clock.day_number(day), "paid": paid, "refunded": refunded,
        "buyer_name": nick, "identities": tuple(identities), "items": tuple(items),
    }  # fmt: skip
    return ForeignOrder(**{**values, **more})


def person(
    name: str | None,
    *,
    phone: str | None = None,
    email: str | None = None,
    wechat: str | None = None,
    buyer_id: str | None = None,
    platform: str = "contacts",
    **more: Any,
) -> ForeignPerson:
    """A person of a list."""
    told = {"buyer_id": buyer_id, "email": email, "wechat": wechat, "phone": phone}
    identities = [ForeignIdentity(kind, platform, value, value, deciding=True) for kind, value in told.items() if value]
    return ForeignPerson(**{"row": 2, "name": name, "identities": tuple(identities), **more})


def stage(
    shop: Shop,
    *files: Sequence[ForeignOrder | ForeignPerson],
    platform: str = "taobao",
    report: str = "order",
    snapshots: Sequence[int | None] = (),
) -> Staged:
    """What the child process would have staged for files that hold these orders."""
    shop.home.staging.mkdir(parents=True, exist_ok=True)
    file = StagingFile.fresh(shop.home.staging)
    writer = StagingWriter(file)
    for index, orders in enumerate(files):
        writer.add_file(
            index, name=f"orders-{index}.csv", platform=platform, report=report, encoding="utf-8", rows=len(orders),
            header=["number"], header_row=1, snapshot_at=snapshots[index] if index < len(snapshots) else None,
        )  # fmt: skip
        for foreign in orders:
            if isinstance(foreign, ForeignPerson):
                writer.add_person(index, foreign)
            else:
                writer.add_order(index, foreign)
    writer.close()
    return Staged(file)


def given_orders(shop: Shop, orders: Sequence[ForeignOrder], **how: Any) -> ImportReport:
    """Import orders as one batch."""
    return shop.import_staged(stage(shop, orders, **how))


def given_people(shop: Shop, people: Sequence[ForeignPerson], *, platform: str = "contacts") -> ImportReport:
    """Import a list of people as one batch."""
    return shop.import_staged(stage(shop, people, platform=platform, report="people"))


BOOKKEEPING = frozenset(
    {
        "change_sets",
        "change_rows",
        "import_batches",
        "import_files",
        "batch_orders",
        "batch_people",
        "batch_identities",
        "batch_reviews",
        "batch_told",
        "alembic_version",
    }
)


def content(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the shop holds but journal and batches: every row of every table, and every indexed term."""
    with shop._database.planning() as connection:
        run = connection.exec_driver_sql
        names = [
            name
            for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if name not in BOOKKEEPING and not name.startswith(("sqlite_", "search_"))
        ]
        found: dict[str, list[tuple[Any, ...]]] = {
            name: sorted((tuple(row) for row in run(f"SELECT * FROM {name}")), key=repr) for name in names
        }
        run("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, search_tokens, instance)")
        found["search_tokens"] = sorted(tuple(row) for row in run("SELECT term, doc FROM temp.terms"))
    return found
