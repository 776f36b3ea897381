"""Parcels (C10): how many days they take by region and carrier, and which are late, stuck, or not sent yet.

What they usually take is learnt from the newest orders of which a file told both when they were sent and when they were
signed for. What is under way is known as of the last file that told the order: one that was signed for since stays on
the list until a newer file says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shopcrm.base import clock
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx

LEARNT_DAYS: Final = 180
LEARNT_ORDERS: Final = 50_000  # the newest in the shop: the times of last year's carriers are of no use
LEAST: Final = 20  # parcels, for their time to count
SHARE: Final = 0.8  # of the parcels were there by the day on which one is expected
USUAL_DAYS: Final = 4  # where too few say how long it takes
SENT_WITHIN: Final = 2  # days after payment: what the marketplaces of China ask of their sellers
GIVEN_UP_DAYS: Final = 60  # an older order was not imported again
LOOKED_AT: Final = 300_000  # orders, the newest in the shop
STUCK_TIMES: Final = 2
STUCK_DAYS: Final = 3
STUCK, LATE, UNSENT = KINDS = ("stuck", "late", "unsent")

Place = tuple[str | None, str | None]  # province and carrier; None for any


@dataclass(frozen=True)
class Transit:
    """How long parcels take somewhere, in days from sent to signed for."""

    province: str | None
    carrier: str | None
    parcels: int
    median: int
    expected: int  # by when `SHARE` of them were there


@dataclass(frozen=True)
class Times:
    """What was learnt: by province and carrier, by either, and of all, each of at least `LEAST` parcels."""

    known: Mapping[Place, Transit]

    def expected(self, province: str | None, carrier: str | None) -> int:
        """After how many days a parcel should be there."""
        for place in ((province, carrier), (province, None), (None, carrier), (None, None)):
            if place in self.known:
                return self.known[place].expected
        return USUAL_DAYS


@dataclass(frozen=True)
class Parcel:
    """An order that is paid and not there."""

    order: int
    customer: int | None
    number: str
    platform: str
    state: str  # paid | shipped | arrived
    title: str
    recipient: str
    province: str | None
    city: str | None
    carrier: str | None
    tracking_number: str | None
    since: int  # the day on which it was sent, else paid
    days: int  # since then
    expected: int
    heard: int | None  # the day of the newest file that told of it

    @property
    def kind(self) -> str | None:
        """One of `KINDS`; None while it is in time."""
        if self.state == "paid":
            return UNSENT if self.days > SENT_WITHIN else None
        if self.days <= self.expected:
            return None
        stuck = self.days >= max(STUCK_TIMES * self.expected, self.expected + STUCK_DAYS)
        return STUCK if stuck else LATE

    @property
    def usual(self) -> int:
        """How many days it should have taken."""
        return SENT_WITHIN if self.state == "paid" else self.expected

    @property
    def overdue(self) -> int:
        """Days beyond what is usual."""
        return self.days - self.usual


def learn(counted: Iterable[tuple[str | None, str | None, int, int]]) -> Times:
    """What is learnt of parcels: (province, carrier, days, how many)."""
    by_place: dict[Place, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for province, carrier, days, count in counted:
        for place in {(province, carrier), (province, None), (None, carrier), (None, None)}:
            by_place[place][days] += count
    known = {}
    for place, days_of in by_place.items():
        total = sum(days_of.values())
        if total >= LEAST:
            known[place] = Transit(*place, total, _reached(days_of, 0.5), _reached(days_of, SHARE))
    return Times(known)


def _reached(days_of: Mapping[int, int], share: float) -> int:
    """By which day so many of them were there."""
    left = share * sum(days_of.values())
    for days in sorted(days_of):
        left -= days_of[days]
        if left <= 1e-9:
            return days
    return max(days_of)


_DAYS: Final = "(o.signed_at - o.shipped_at + 86399) / 86400"
_WAITS: Final = """o.kind = 'order' AND o.signed_at IS NULL AND o.finished_at IS NULL
    AND (o.state IN ('shipped', 'arrived') OR (o.state = 'paid' AND o.shipped_at IS NULL))
    AND (o.refunded = 0 OR o.refunded < o.paid)"""
_TOLD: Final = """SELECT o.id, o.customer_id, o.number, t.platform, o.state, o.title,
       (SELECT i.title FROM order_items i WHERE i.order_id = o.id ORDER BY i.position LIMIT 1) AS item,
       coalesce(c.name, o.recipient_name, o.buyer_name, '') AS recipient, nullif(o.province, '') AS province,
       nullif(o.city, '') AS city, nullif(o.carrier, '') AS carrier, o.tracking_number, o.shipped_at, o.paid_at,
       o.created_at, o.snapshot_at
  FROM orders o JOIN stores t ON t.id = o.store_id LEFT JOIN customers c ON c.id = o.customer_id"""


def times(tx: Tx, columns: Columns) -> Times:
    """What was learnt up to `tx.as_of`, remembered with the columns."""

    def made() -> Times:
        last: int = tx.connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM orders").scalar_one()
        since = tx.now_seconds - LEARNT_DAYS * 86_400
        rows = tx.connection.exec_driver_sql(
            f"""SELECT nullif(o.province, ''), nullif(o.carrier, ''), {_DAYS}, count(*) FROM orders o
                 WHERE o.id > ? AND o.kind = 'order' AND o.shipped_at >= ? AND o.signed_at >= o.shipped_at
                   AND o.signed_at <= ? GROUP BY 1, 2, 3""",
            (last - LEARNT_ORDERS, since, tx.now_seconds),
        )
        return learn((province, carrier, days, count) for province, carrier, days, count in rows)

    return columns.derived(("parcels", tx.today_number), made)


def waiting(tx: Tx, columns: Columns) -> list[Parcel]:
    """The parcels that are late, stuck or not sent, the most overdue first."""
    last: int = tx.connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM orders").scalar_one()
    rows = tx.connection.exec_driver_sql(
        f"{_TOLD} WHERE o.id > ? AND o.day > ? AND {_WAITS}", (last - LOOKED_AT, tx.today_number - GIVEN_UP_DAYS)
    )
    found = [one for one in _parcels(tx, columns, rows) if one.kind is not None]
    return sorted(found, key=lambda one: (KINDS.index(one.kind or UNSENT), -one.overdue, one.order))


def of_customer(tx: Tx, columns: Columns, customer_id: int) -> tuple[Parcel, ...]:
    """A customer's parcels that are late, stuck or not sent."""
    rows = tx.connection.exec_driver_sql(
        f"{_TOLD} WHERE o.customer_id = ? AND o.day > ? AND {_WAITS} ORDER BY o.day DESC",
        (customer_id, tx.today_number - GIVEN_UP_DAYS),
    ).all()
    return tuple(one for one in _parcels(tx, columns, rows) if one.kind is not None) if rows else ()


def any_orders(tx: Tx) -> bool:
    """Whether there is anything to look at."""
    return tx.connection.exec_driver_sql("SELECT 1 FROM orders LIMIT 1").first() is not None


def heard(tx: Tx) -> int | None:
    """The day of the newest file of orders."""
    told = tx.connection.exec_driver_sql(
        "SELECT max(snapshot_at) FROM orders WHERE id > (SELECT max(id) FROM orders) - ?", (LEARNT_ORDERS,)
    ).scalar()
    return None if told is None else clock.day_of(told, tz=tx.zone)


def _parcels(tx: Tx, columns: Columns, rows: Iterable[Any]) -> list[Parcel]:
    learnt = times(tx, columns)
    found = []
    for row in rows:
        at = (row.shipped_at if row.state != "paid" else None) or row.paid_at or row.created_at
        if at is not None:
            since = clock.day_of(at, tz=tx.zone)
            found.append(
                Parcel(
                    row.id, row.customer_id, row.number, row.platform, row.state, row.item or row.title or "",
                    row.recipient, row.province, row.city, row.carrier, row.tracking_number, since,
                    days=tx.today_number - since, expected=learnt.expected(row.province, row.carrier),
                    heard=None if row.snapshot_at is None else clock.day_of(row.snapshot_at, tz=tx.zone),
                )
            )  # fmt: skip
    return found
