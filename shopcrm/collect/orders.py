"""Orders as the card and the lists show them (C1, C5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shopcrm.collect import reviews
from shopcrm.collect.purchases import CREATED_PLAIN, PAID_PLAIN, RETURNED
from shopcrm.collect.reviews import ReviewLine
from shopcrm.store.tx import Tx


@dataclass(frozen=True)
class Moment:
    """A time as the file told it: UTC seconds, or a plain date when no time of day is known."""

    seconds: int
    plain: bool


@dataclass(frozen=True)
class ItemLine:
    """One line of an order; money in minor units, None where no file told it."""

    title: str
    variant: str | None
    article: str | None
    quantity: int
    price: int | None
    paid: int | None
    refunded: int


@dataclass(frozen=True)
class OrderLine:
    """One order or standalone return, money in minor units of its currency."""

    id: int
    platform: str
    store: str
    number: str
    kind: str
    state: str
    created_at: Moment | None
    paid_at: Moment | None
    day: int | None
    paid: int
    refunded: int
    currency: str
    valid: bool
    recipient_name: str | None
    recipient_phone: str | None
    address: str | None
    buyer_message: str | None
    seller_note: str | None
    tracking_number: str | None
    carrier: str | None
    items: tuple[ItemLine, ...]
    reviews: tuple[ReviewLine, ...] = ()

    @property
    def returned(self) -> int:
        """What was given back by it; see `purchases.RETURNED`."""
        return -self.paid if self.kind == "return" else self.refunded

    @property
    def asked(self) -> int:
        """What it costs: what was paid, while nothing is paid the prices of its goods."""
        return self.paid or sum((item.price or 0) * item.quantity for item in self.items)


@dataclass(frozen=True)
class Place:
    """Where one reads on among what is sorted by day, then by time, then by number: behind this."""

    day: int | None  # None: no time is known at all, which comes last
    at: int
    id: int


@dataclass(frozen=True)
class Sums:
    """What a customer's orders come to, up to `as_of`."""

    orders: int = 0
    returns: int = 0
    paid: int = 0  # minor units of the shop's currency, before refunds
    returned: int = 0
    platforms: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()  # their names, where they have one


_AT: Final = "coalesce(o.paid_at, o.created_at, o.day * 86400)"
_BLOCK: Final = 500  # orders whose lines are read at once


def of_customer(tx: Tx, customer_id: int, *, limit: int = -1) -> tuple[OrderLine, ...]:
    """A customer's orders up to `as_of`, newest first; at most `limit` of them."""
    return _read(
        tx,
        f"""o.customer_id = :customer AND coalesce(o.day, 0) <= :today
             ORDER BY o.day DESC, {_AT} DESC, o.id DESC LIMIT :limit""",
        {"customer": customer_id, "today": tx.today_number, "limit": limit},
    )


def of_ids(tx: Tx, ids: Sequence[int]) -> tuple[OrderLine, ...]:
    """Some orders, newest first."""
    return _read(tx, f"o.id IN ({','.join(str(int(one)) for one in ids)}) ORDER BY o.day DESC, o.id DESC", {})


def behind(tx: Tx, customer_id: int, place: Place | None, *, limit: int) -> tuple[OrderLine, ...]:
    """The next orders of a customer behind a place (None: the newest ones). Reads no more of her orders than these."""
    if place is None:
        return of_customer(tx, customer_id, limit=limit)
    told = {"customer": customer_id, "today": tx.today_number, "at": place.at, "id": place.id}
    found: tuple[OrderLine, ...] = ()
    if place.day is not None:
        found = _read(
            tx,
            f"""o.customer_id = :customer AND o.day <= min(:day, :today) AND (o.day, {_AT}, o.id) < (:day, :at, :id)
                 ORDER BY o.day DESC, {_AT} DESC, o.id DESC LIMIT :limit""",
            {**told, "day": place.day, "limit": limit},
        )
    if len(found) < limit:
        since = "" if place.day is not None else "AND o.id < :id"
        found += _read(
            tx,
            f"o.customer_id = :customer AND o.day IS NULL {since} ORDER BY o.id DESC LIMIT :limit",
            {**told, "limit": limit - len(found)},
        )
    return found


def sums(tx: Tx, customer_id: int) -> Sums:
    """What all orders of a customer come to, without reading what is in them."""
    rows = tx.connection.exec_driver_sql(
        f"""SELECT t.platform, t.name, o.kind = 'order', count(*),
                   sum(CASE WHEN o.currency = :currency AND o.kind = 'order' AND o.state NOT IN ('unpaid', 'closed')
                            THEN o.paid ELSE 0 END),
                   sum(CASE WHEN o.currency = :currency THEN {RETURNED} ELSE 0 END)
              FROM orders o JOIN stores t ON t.id = o.store_id
             WHERE o.customer_id = :customer AND coalesce(o.day, 0) <= :today GROUP BY 1, 2, 3 ORDER BY 1, 2""",
        {"customer": customer_id, "today": tx.today_number, "currency": tx.shop.currency},
    ).all()
    return Sums(
        orders=sum(row[3] for row in rows if row[2]),
        returns=sum(row[3] for row in rows if not row[2]),
        paid=sum(row[4] for row in rows),
        returned=sum(row[5] for row in rows),
        platforms=tuple(dict.fromkeys(row[0] for row in rows)),
        stores=tuple(sorted({row[1] for row in rows if row[1]})),
    )


def _read(tx: Tx, which: str, told: Mapping[str, Any]) -> tuple[OrderLine, ...]:
    run = tx.connection.exec_driver_sql
    rows = run(
        # `CROSS JOIN` keeps the order of the tables: a customer's orders are read as their index has them.
        f"SELECT o.*, t.platform, t.name AS store FROM orders o CROSS JOIN stores t ON t.id = o.store_id WHERE {which}",
        dict(told),
    ).mappings()
    found = rows.all()
    items: dict[int, list[ItemLine]] = defaultdict(list)
    written: dict[int, tuple[ReviewLine, ...]] = {}
    for begin in range(0, len(found), _BLOCK):
        listed = ",".join(str(row["id"]) for row in found[begin : begin + _BLOCK])
        for order, *line in run(
            f"""SELECT order_id, title, variant, article, quantity, price, paid, refunded
                  FROM order_items WHERE order_id IN ({listed}) ORDER BY order_id, position"""
        ):
            items[order].append(ItemLine(*line))
        written |= reviews.of_orders(tx, [row["id"] for row in found[begin : begin + _BLOCK]])
    return tuple(_line(row, tuple(items.get(row["id"], ())), written.get(row["id"], ())) for row in found)


def _line(row: Mapping[Any, Any], items: tuple[ItemLine, ...], written: tuple[ReviewLine, ...]) -> OrderLine:
    if not items and row["title"]:
        # The order report names its goods in one cell; the line report has not been imported.
        items = (ItemLine(row["title"], None, None, row["units"] or 1, None, row["paid"], row["refunded"]),)
    return OrderLine(
        id=row["id"],
        platform=row["platform"],
        store=row["store"],
        number=row["number"],
        kind=row["kind"],
        state=row["state"],
        created_at=_moment(row["created_at"], row["plain_dates"] & CREATED_PLAIN),
        paid_at=_moment(row["paid_at"], row["plain_dates"] & PAID_PLAIN),
        day=row["day"],
        paid=row["paid"],
        refunded=row["refunded"],
        currency=row["currency"],
        valid=bool(row["valid"]),
        recipient_name=row["recipient_name"],
        recipient_phone=row["recipient_phone"],
        address=row["address"],
        buyer_message=row["buyer_message"],
        seller_note=row["seller_note"],
        tracking_number=row["tracking_number"],
        carrier=row["carrier"],
        items=items,
        reviews=written,
    )


def _moment(seconds: int | None, plain: int) -> Moment | None:
    return None if seconds is None else Moment(seconds, bool(plain))
