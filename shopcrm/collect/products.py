"""Products (C9): what was sold, beside what the seller keeps of it; changed one by one or many at once, with undo.

A product is a code and a specification of the lines of orders; where a line has no code its title stands for it. What
was sold counts the lines of valid orders (`collect.purchases`) and is remembered with the columns; what is kept is read
anew each time, so an edit is seen at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, ClassVar, Final, Self, TypeAlias

import numpy as np
from sqlalchemy import select

from shopcrm.base import clock, lengths, money
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.sheet_marks import pieces
from shopcrm.base.text import clean, fold
from shopcrm.store.columns import Columns, Ints
from shopcrm.store.tables.products import products
from shopcrm.store.tx import Tx

Key: TypeAlias = tuple[str, str]  # code and specification
Value: TypeAlias = str | int | tuple[str, ...] | None

LONGEST_DAYS: Final = 3_650
FITS: Final = {"large": N_("Runs large"), "small": N_("Runs small")}
_LENGTHS: Final = {"category": 120, "tags": 400, "pairs_with": 400, "stage": 64}
_SEPARATOR: Final = ","
_CODE: Final = "CASE WHEN i.article IS NULL OR i.article = '' THEN i.title ELSE i.article END"
_VARIANT: Final = "coalesce(i.variant, '')"
# The lines of valid orders; `CROSS JOIN` keeps the order of the tables: lines are read as they lie.
_SOLD: Final = "order_items i CROSS JOIN orders o ON o.id = i.order_id WHERE o.valid AND o.kind = 'order'"


@dataclass(eq=False)
class NotDays(UserFailure):
    """Something else than a number of days."""

    text: ClassVar[str] = N_("“{typed}” is no number of days. Type a whole number from 1 to {most}, or nothing.")
    typed: str
    most: int = LONGEST_DAYS


@dataclass(eq=False)
class NotAFit(UserFailure):
    """Neither of the two words for how a product fits."""

    text: ClassVar[str] = N_("“{typed}” says nothing of the fit. Type “{large}”, “{small}” or nothing.")
    typed: str
    large: str
    small: str


@dataclass(frozen=True)
class Band:
    """A price band: from `low` and below `high`, in whole units of the currency."""

    low: int
    high: int

    @classmethod
    def of(cls, price: int, *, currency: str) -> Self:
        """The band of a price in minor units; bands go by 1, 2 and 5, as goods are sorted: 20–50, 50–100, 100–200."""
        units = max(price, 0) // 10 ** money.minor_digits(currency)
        if units < 1:
            return cls(0, 1)
        power = 10 ** (len(str(units)) - 1)
        bounds = (power, 2 * power, 5 * power, 10 * power)
        return next(cls(low, high) for low, high in pairwise(bounds) if units < high)

    def __str__(self) -> str:
        return f"{self.low:,}–{self.high:,}"


@dataclass(frozen=True)
class Field:
    """Something the seller keeps of a product."""

    key: str
    label: str


KEPT: Final = (
    Field("category", N_("Category")),
    Field("tags", N_("Tags")),
    Field("days_per_unit", N_("Days one lasts")),
    Field("pairs_with", N_("Pairs with")),
    Field("stage", N_("Stage or age")),
    Field("fit", N_("Fit")),
)
KEPT_KEYS: Final = tuple(field.key for field in KEPT)


@dataclass(frozen=True)
class Product:
    """A product: what was sold of it, and what is kept."""

    code: str
    variant: str
    title: str
    orders: int
    units: int
    customers: int
    last_day: int | None
    price: int | None  # paid for one, on average; minor units of the shop
    band: Band | None = None  # of that price
    category: str | None = None
    tags: tuple[str, ...] = ()
    days_per_unit: int | None = None
    pairs_with: tuple[str, ...] = ()
    stage: str | None = None
    fit: str | None = None  # large | small

    @property
    def key(self) -> Key:
        """What it is known by."""
        return self.code, self.variant

    @property
    def last_date(self) -> date | None:
        """The day on which it was last sold."""
        return None if self.last_day is None else clock.day_date(self.last_day)

    def kept(self, key: str) -> Value:
        """What is kept under one of `KEPT_KEYS`."""
        value: Value = getattr(self, key)
        return value

    def words(self, key: str) -> str:
        """What is kept, as people read and type it; `understand` reads it again."""
        value = self.kept(key)
        if key == "fit":
            return _(FITS[self.fit]) if self.fit else ""
        return ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


def understand(key: str, text: str) -> Value:
    """What somebody typed for one of `KEPT_KEYS`; None or nothing for nothing.

    Raises:
        NotDays, NotAFit, TooLong: it does not fit the field.
    """
    typed = " ".join(clean(text).split())
    match key:
        case "days_per_unit":
            return _days(typed)
        case "fit":
            return _fit(typed)
        case "tags" | "pairs_with":
            found = pieces(typed)
            lengths.fitting(_SEPARATOR.join(found), _LENGTHS[key])
            return found
        case _:
            return lengths.fitting(typed, _LENGTHS[key]) or None


def _days(typed: str) -> int | None:
    if not typed:
        return None
    try:
        number = float(fold(typed).removesuffix("天").removesuffix("days").strip())
    except ValueError:
        raise NotDays(typed) from None
    if not 1 <= number <= LONGEST_DAYS or number != int(number):
        raise NotDays(typed)
    return int(number)


def _fit(typed: str) -> str | None:
    if not typed:
        return None
    for key, label in FITS.items():
        if fold(typed) in (key, fold(label), fold(_(label))):
            return key
    large, small = map(_, FITS.values())
    raise NotAFit(typed, large, small)


# The shop's


def listed(tx: Tx, columns: Columns) -> list[Product]:
    """Everything that was sold or is kept, what sells most first."""
    memory: dict[Key, Product] = columns.derived(("products sold",), dict)
    if not memory:  # not while `derived` makes others wait: of millions of lines it takes long
        memory |= _sold(tx)
    found = dict(memory)
    for one in kept(tx):
        sold = found.get(one.key)
        found[one.key] = one if sold is None else replace(
            one,
            title=sold.title, orders=sold.orders, units=sold.units, customers=sold.customers, last_day=sold.last_day,
            price=sold.price, band=sold.band,
        )  # fmt: skip
    return sorted(found.values(), key=lambda one: (-one.units, one.key))


def kept(tx: Tx) -> list[Product]:
    """The products of which something is kept, without what was sold of them."""
    return [
        Product(
            row.code, row.variant, row.title, 0, 0, 0, None, None,
            category=row.category, tags=_parts(row.tags), days_per_unit=row.days_per_unit,
            pairs_with=_parts(row.pairs_with), stage=row.stage, fit=row.fit,
        )
        for row in tx.connection.execute(select(products))
    ]  # fmt: skip


def _sold(tx: Tx) -> dict[Key, Product]:
    """What was sold, each line of an order looked at once."""
    rows = tx.connection.exec_driver_sql(
        f"""SELECT {_CODE}, {_VARIANT}, max(i.title), count(DISTINCT i.order_id), sum(i.quantity),
                   count(DISTINCT o.customer_id), max(o.day),
                   sum(CASE WHEN o.currency = ? THEN coalesce(i.paid, i.price * i.quantity) END),
                   sum(CASE WHEN o.currency = ? AND coalesce(i.paid, i.price) IS NOT NULL THEN i.quantity END)
              FROM {_SOLD} GROUP BY 1, 2""",
        (tx.shop.currency, tx.shop.currency),
    )
    found = {}
    for code, variant, title, orders, units, buyers, day, paid, priced in rows:
        if code:
            price = (2 * paid + priced) // (2 * priced) if priced and paid is not None else None
            band = None if price is None else Band.of(price, currency=tx.shop.currency)
            found[code, variant] = Product(code, variant, title, orders, units, buyers, day, price, band)
    return found


def buyers(tx: Tx, key: Key) -> Ints:
    """The customers who bought a product, by their ids."""
    rows = tx.connection.exec_driver_sql(
        f"""SELECT DISTINCT o.customer_id FROM {_SOLD} AND o.customer_id IS NOT NULL AND {_CODE} = ? AND {_VARIANT} = ?
             ORDER BY o.customer_id""",
        key,
    )
    return np.fromiter((customer for (customer,) in rows), dtype=np.int64)


def put(tx: Tx, told: Sequence[tuple[Product, Mapping[str, Value]]]) -> int:
    """Keep something of some products. Returns the change set."""
    change_set = tx.begin_change("products", products=len(told))
    write(tx, told)
    return change_set


def write(tx: Tx, told: Sequence[tuple[Product, Mapping[str, Value]]]) -> None:
    """As `put`, within a change set that was begun."""
    known = {
        (row.code, row.variant): row.id
        for row in tx.connection.execute(select(products.c.id, products.c.code, products.c.variant))
    }
    for product, values in told:
        row: dict[str, Any] = {key: _stored(value) for key, value in values.items()}
        identifier = known.get(product.key)
        if identifier is None:
            known[product.key] = tx.add(
                products,
                {"code": product.code, "variant": product.variant, "title": product.title, **row,
                 "edited_at": tx.now_seconds},
            )  # fmt: skip
        elif any(product.kept(key) != value for key, value in values.items()):
            tx.edit(products, {"id": identifier}, {**row, "edited_at": tx.now_seconds})


def _stored(value: Value) -> str | int | None:
    return (_SEPARATOR.join(value) or None) if isinstance(value, tuple) else value


def _parts(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(_SEPARATOR)) if text else ()
