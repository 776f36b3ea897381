"""What buyers of the demo shop wrote (C10): told in `resources/demo/reviews.toml`, each of an order of that article."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from shopcrm.base import clock
from shopcrm.collect import reviews
from shopcrm.collect.reviews import Review
from shopcrm.jobs.demo_people import on_day
from shopcrm.store.tx import Tx


def write(tx: Tx, told: Collection[Mapping[str, Any]], *, but: Collection[int]) -> None:
    """Write them down, of the newest orders that are long enough ago; `but`: the front row, who wrote none."""
    taken: set[int] = set()
    for one in told:
        found = _order(tx, one["code"], until=tx.today_number - one["after"] - 1, but={*but, *taken})
        if found is None:
            continue
        order, customer, day, title = found
        taken.add(customer)
        on = clock.day_date(day) + timedelta(days=one["after"])
        review = Review(one["stars"], one["text"], on.isoformat(), title, one.get("reply", ""))
        reviews.add(on_day(tx, on), order, review)
        if one.get("picked"):
            written = reviews.of_orders(tx, [order])[order]
            reviews.pick(tx, [written[-1].id], picked=True)


def _order(tx: Tx, code: str, *, until: int, but: Collection[int]) -> tuple[int, int, int, str] | None:
    """The newest finished order of an article: its id, whose it is, its day, what the article is called."""
    rows = tx.connection.exec_driver_sql(
        """SELECT o.id, o.customer_id, o.day, i.title FROM order_items i JOIN orders o ON o.id = i.order_id
            WHERE i.article = ? AND o.valid AND o.kind = 'order' AND o.state = 'finished' AND o.day <= ?
              AND o.refunded = 0 AND o.customer_id IS NOT NULL ORDER BY o.day DESC, o.id""",
        (code, until),
    )
    return next(((int(row[0]), int(row[1]), int(row[2]), str(row[3])) for row in rows if row[1] not in but), None)
