"""What to offer to a customer, and why (U1): what she is about to use up, and what goes with what she bought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from shopcrm.base import clock
from shopcrm.collect import products
from shopcrm.mine import baskets, cycles
from shopcrm.mine.baskets import Together
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx

MOST: Final = 3
AHEAD_DAYS: Final = 7  # a consumable is spoken of so long before it is used up
LATE: Final = 2.0  # and not later than that share of its days after
FROM_SHIPPED, FROM_PAID = 3, 5  # days until a parcel is there, where no file says when it was signed
_RECENT: Final = 5  # of her products, whose companions are looked for
_CODE: Final = "CASE WHEN i.article IS NULL OR i.article = '' THEN i.title ELSE i.article END"


@dataclass(frozen=True)
class Offer:
    """One product and the reason for it."""

    kind: str  # run_out: used up about `on` | together: `also` of `buyers` of `because` | pairs: the owner said so
    code: str
    title: str
    price: int | None  # of one, minor units of the shop; None: not known
    on: date | None = None
    because: str = ""  # the title of what she has
    buyers: int = 0
    also: int = 0


@dataclass(frozen=True)
class _Purchase:
    code: str
    title: str
    start: int  # the day on which she began to use it
    quantity: int
    price: int | None


def offers(tx: Tx, columns: Columns, customer_id: int) -> tuple[Offer, ...]:
    """What to offer, the most pressing first; nothing for who has bought nothing."""
    bought = _purchases(tx, customer_id)
    if not bought:
        return ()
    shop = baskets.baskets(tx, columns)
    kept = _kept(tx)
    own_cycle = _own_cycle(tx, columns, customer_id)
    found = _used_up(tx, bought, kept=kept, shop=shop, own_cycle=own_cycle)[:MOST]
    owned = {one.code: one.title for purchases in bought.values() for one in purchases}
    recent = list(dict.fromkeys(reversed(list(owned))))[:_RECENT]
    offered = {one.code for one in found}
    for code in recent:
        for other in kept.get(code, _NOTHING).pairs_with:
            if other not in owned and other not in offered and len(found) < MOST:
                number = shop.numbers.get(other)
                title, price = (other, None) if number is None else (shop.titles[number], shop.prices[number])
                found.append(Offer("pairs", other, title, price, because=owned[code]))
                offered.add(other)
    for one in shop.beside(recent, owned=[*owned, *offered], most=MOST - len(found)) if len(found) < MOST else ():
        found.append(_together(one, owned))
    return tuple(found)


def _together(one: Together, owned: Mapping[str, str]) -> Offer:
    return Offer(
        "together", one.code, one.title, one.price, because=owned[one.because], buyers=one.buyers, also=one.also
    )


@dataclass(frozen=True)
class _Kept:
    days: int | None = None
    category: str | None = None
    pairs_with: tuple[str, ...] = ()


_NOTHING: Final = _Kept()


def _kept(tx: Tx) -> dict[str, _Kept]:
    """By code what the owner keeps of products; of several specifications the first that says something."""
    found: dict[str, _Kept] = {}
    for one in products.kept(tx):
        before = found.get(one.code, _NOTHING)
        found[one.code] = _Kept(
            before.days or one.days_per_unit, before.category or one.category, before.pairs_with or one.pairs_with
        )
    return found


def _purchases(tx: Tx, customer_id: int) -> dict[str, list[_Purchase]]:
    """By code what she bought and kept, the oldest first."""
    rows = tx.connection.exec_driver_sql(
        f"""SELECT {_CODE} AS code, i.title, i.quantity, o.day, o.signed_at, o.shipped_at,
                   CASE WHEN o.currency = :currency THEN coalesce(i.price, i.paid / max(i.quantity, 1)) END AS price
              FROM orders o CROSS JOIN order_items i ON i.order_id = o.id
             WHERE o.customer_id = :customer AND o.valid AND o.kind = 'order' AND o.day <= :today AND i.quantity > 0
               AND i.refunded < coalesce(nullif(i.paid, 0), i.refunded + 1)
             ORDER BY o.day, o.id, i.position""",
        {"currency": tx.shop.currency, "customer": customer_id, "today": tx.today_number},
    )
    found: dict[str, list[_Purchase]] = defaultdict(list)
    for row in rows:
        if row.signed_at is not None:
            start = clock.day_of(row.signed_at, tz=tx.zone)
        elif row.shipped_at is not None:
            start = clock.day_of(row.shipped_at, tz=tx.zone) + FROM_SHIPPED
        else:
            start = row.day + FROM_PAID
        found[row.code].append(_Purchase(row.code, row.title, start, row.quantity, row.price))
    return found


def _used_up(
    tx: Tx,
    bought: Mapping[str, list[_Purchase]],
    *,
    kept: Mapping[str, _Kept],
    shop: baskets.Baskets,
    own_cycle: float | None,
) -> list[Offer]:
    """Consumables that run out soon or did lately, the earliest first."""
    newest: dict[str, int] = {}  # by category, when something of it was begun last
    for code, purchases in bought.items():
        category = kept.get(code, _NOTHING).category
        if category:
            newest[category] = max(newest.get(category, 0), purchases[-1].start)
    found: list[tuple[int, Offer]] = []
    for code, purchases in bought.items():
        last, told = purchases[-1], kept.get(code, _NOTHING)
        if told.category and newest[told.category] > last.start:
            continue  # she has gone on to another one of its kind
        lasts = told.days or shop.lasts(code)
        if lasts is None and len({one.start for one in purchases}) > 1 and own_cycle is not None:
            end = last.start + round(own_cycle)
            days = own_cycle
        elif lasts is not None:
            end = run_out([(one.start, one.quantity) for one in purchases], days_per_unit=lasts)
            days = lasts * last.quantity
        else:
            continue
        left = end - tx.today_number
        if -days * (LATE - 1) <= left <= AHEAD_DAYS:
            found.append((end, Offer("run_out", code, last.title, last.price, on=clock.day_date(end))))
    return [offer for _end, offer in sorted(found, key=lambda one: one[0])]


def run_out(purchases: list[tuple[int, int]], *, days_per_unit: float) -> int:
    """The day on which a consumable is used up. `purchases`: (day begun, units), the oldest first.

    What is bought while there is still some of it begins where that ends.
    """
    end = 0.0
    for start, quantity in purchases:
        end = max(end, start) + quantity * days_per_unit
    return round(end)


def _own_cycle(tx: Tx, columns: Columns, customer_id: int) -> float | None:
    view = columns.at(tx.today_number)
    place = view.rows(np.array([customer_id], np.int64))
    if not len(place):
        return None
    days = float(cycles.due_of(tx, columns).cycles.days[int(place[0])])
    return None if np.isnan(days) else days
