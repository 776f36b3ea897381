"""Another currency or time zone for a shop that has orders (C5): everything that depends on them is counted anew.

The day of an order with a time of day moves with the zone, a plain date does not; sums are of the orders in the
shop's currency (`purchases`, `statistics`). The opposite change brings everything back, so nothing of it is journalled
but that it was done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import update

from shopcrm.base import clock, money
from shopcrm.base.progress import SILENT, Progress
from shopcrm.collect import statistics
from shopcrm.collect.purchases import day_of_order
from shopcrm.store import search_index
from shopcrm.store.engine import stoppable
from shopcrm.store.tables.shop import shop
from shopcrm.store.touched import touch
from shopcrm.store.tx import Tx

_BLOCK: Final = 10_000
_TIMES: Final = "created_at IS NOT NULL OR paid_at IS NOT NULL"


@dataclass(frozen=True)
class Outlook:
    """What a change of currency would mean: valid orders by currency."""

    counted: int  # whose money the sums hold then
    left_out: Mapping[str, int]  # currency → orders that count as purchases and are left out of the sums


def outlook(tx: Tx, *, currency: str) -> Outlook:
    """How many valid orders would be in the sums of a currency, and how many not, by theirs."""
    rows = tx.connection.exec_driver_sql(
        "SELECT currency, count(*) FROM orders WHERE valid GROUP BY currency ORDER BY count(*) DESC, currency"
    )
    found = {str(code): int(count) for code, count in rows}
    counted = found.pop(currency, 0)
    return Outlook(counted, found)


def moving_days(tx: Tx, *, timezone: str) -> int:
    """How many orders would fall on another day in a zone."""
    zone = clock.zone(timezone)
    rows = tx.connection.exec_driver_sql(f"SELECT created_at, paid_at, plain_dates, day FROM orders WHERE {_TIMES}")
    return sum(
        day_of_order(created_at=created, paid_at=paid, plain_dates=plain, tz=zone) != day
        for created, paid, plain, day in rows
    )


def recount(tx: Tx, *, currency: str, timezone: str, progress: Progress = SILENT) -> bool:
    """Let the shop count in a currency and a zone; whether anything differs from now.

    Raises:
        UnknownCurrency, UnknownTimeZone: there is none of that name.
    """
    money.minor_digits(currency)
    clock.zone(timezone)
    before = tx.shop
    if (before.currency, before.timezone) == (currency, timezone):
        return False
    tx.begin_change("recount", currency=[before.currency, currency], timezone=[before.timezone, timezone])
    tx.connection.execute(update(shop).values(currency=currency, timezone=timezone))
    tx.move_to(replace(before, currency=currency, timezone=timezone))
    with stoppable(tx.connection, progress):
        if timezone != before.timezone:
            _move_days(tx, progress)
        progress.report("statistics", done=0, total=2)
        run = tx.connection.exec_driver_sql
        run("CREATE TEMP TABLE shown AS SELECT id, name, province, city FROM customers")
        touch(tx.connection, (customer for (customer,) in run("SELECT id FROM customers")))
        statistics.refresh(tx)
        progress.report("statistics", done=1, total=2)
        # Whose newest order is another one now may be called, and live, otherwise.
        others = run(
            """SELECT c.id FROM customers c JOIN temp.shown s ON s.id = c.id
                WHERE c.name IS NOT s.name OR c.province IS NOT s.province OR c.city IS NOT s.city"""
        )
        touch(tx.connection, [customer for (customer,) in others])
        run("DROP TABLE temp.shown")
        search_index.refresh(tx.connection)
        progress.report("statistics", done=2, total=2)
    return True


def _move_days(tx: Tx, progress: Progress) -> None:
    """Work out the day of every order in the transaction's zone. Whether an order is valid does not hang on it."""
    run = tx.connection.exec_driver_sql
    total = int(run("SELECT count(*) FROM orders").scalar_one())
    last, done = 0, 0
    while True:
        rows = run(
            "SELECT id, created_at, paid_at, plain_dates, day FROM orders WHERE id > ? ORDER BY id LIMIT ?",
            (last, _BLOCK),
        ).fetchall()
        if not rows:
            return
        moved = [
            (day, order)
            for order, created, paid, plain, now in rows
            if (day := day_of_order(created_at=created, paid_at=paid, plain_dates=plain, tz=tx.zone)) != now
            and day is not None
        ]
        if moved:
            run("UPDATE orders SET day = ? WHERE id = ?", moved)
        last, done = rows[-1][0], done + len(rows)
        progress.report("recounting", done=done, total=total, unit="rows")
