"""Orders as the card and the lists show them (C1, C5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shopcrm.collect.purchases import CREATED_PLAIN, PAID_PLAIN
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

    @property
    def returned(self) -> int:
        """What was given back by it; see `purchases.RETURNED`."""
        return -self.paid if self.kind == "return" else self.refunded

    @property
    def asked(self) -> int:
        """What it costs: what was paid, while nothing is paid the prices of its goods."""
        return self.paid or sum((item.price or 0) * item.quantity for item in self.items)


def of_customer(tx: Tx, customer_id: int) -> tuple[OrderLine, ...]:
    """A customer's orders up to `as_of`, newest first."""
    run = tx.connection.exec_driver_sql
    items: dict[int, list[ItemLine]] = defaultdict(list)
    for order, *line in run(
        """SELECT i.order_id, i.title, i.variant, i.article, i.quantity, i.price, i.paid, i.refunded
             FROM orders o CROSS JOIN order_items i ON i.order_id = o.id
            WHERE o.customer_id = ? ORDER BY i.order_id, i.position""",
        (customer_id,),
    ):
        items[order].append(ItemLine(*line))
    rows = run(
        """SELECT o.*, t.platform, t.name AS store FROM orders o JOIN stores t ON t.id = o.store_id
            WHERE o.customer_id = ? AND coalesce(o.day, 0) <= ?
            ORDER BY o.day DESC, coalesce(o.paid_at, o.created_at) DESC, o.id DESC""",
        (customer_id, tx.today_number),
    ).mappings()
    return tuple(_line(row, tuple(items.get(row["id"], ()))) for row in rows)


def _line(row: Mapping[Any, Any], items: tuple[ItemLine, ...]) -> OrderLine:
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
    )


def _moment(seconds: int | None, plain: int) -> Moment | None:
    return None if seconds is None else Moment(seconds, bool(plain))
