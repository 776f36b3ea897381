"""What the seller says about who is who (C4): one person, two people, whose an order is. Everything can be undone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlalchemy import select

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.text import clean
from shopcrm.collect import customer_merges, customers, edits
from shopcrm.collect.merge_lines import FIELDS
from shopcrm.store.tables.customers import customers as customer_rows
from shopcrm.store.tables.customers import distinct_customers
from shopcrm.store.tables.orders import orders
from shopcrm.store.tx import Tx

SHOWN_AT_MOST: Final = 500  # orders without a buyer
BY_HAND: Final = ({"kind": "hand"},)


@dataclass(eq=False)
class TheSame(UserFailure):
    """One customer was given twice."""

    text: ClassVar[str] = N_("That is one customer already.")


@dataclass(eq=False)
class OrderTaken(UserFailure):
    """The order is somebody's, or is not there."""

    text: ClassVar[str] = N_("This order has a buyer already.")


@dataclass(frozen=True)
class Loose:
    """An order without a buyer."""

    id: int
    platform: str
    store: str
    number: str
    day: int | None
    paid: int
    currency: str
    state: str
    recipient_name: str | None
    recipient_phone: str | None
    address: str | None
    title: str | None


def merge_customers(
    tx: Tx,
    *,
    keep: int,
    gone: int,
    evidence: Sequence[Mapping[str, str]] = BY_HAND,
    choices: Collection[str] = (),
) -> int:
    """Make two customers one. Returns the change set.

    Raises:
        TheSame: they are.
        NoSuchCustomer: one of them is nobody.
    """
    if keep == gone:
        raise TheSame
    for one in (keep, gone):
        customers.require(tx, one)
    made = customer_merges.merge(tx, keep=keep, gone=gone, evidence=evidence, choices=choices)
    edits.refresh(tx, {keep, gone})
    return made.change_set


def unmerge(tx: Tx, number: int) -> int:
    """Make two of one again, for good: they are not suggested any more. Returns the change set.

    Raises:
        NoSuchMerge: see there.
    """
    made = customer_merges.get(tx, number)
    change_set, concerned = customer_merges.dissolve(tx, number)
    # Whom she was merged into may have been merged since, and is there as part of her only.
    there = tx.connection.execute(select(customer_rows.c.id).where(customer_rows.c.id.in_(concerned))).scalars().all()
    if {made.keep, made.gone} <= set(there):
        set_apart(tx, made.keep, made.gone)
    edits.refresh(tx, concerned)
    return change_set


def two_people(tx: Tx, first: int, second: int) -> int:
    """Remember that two customers are not one: they are never suggested again. Returns the change set.

    Raises:
        TheSame: they are.
        NoSuchCustomer: one of them is nobody.
    """
    if first == second:
        raise TheSame
    for one in (first, second):
        customers.require(tx, one)
    change_set = tx.begin_change("two_people", first=first, second=second)
    set_apart(tx, first, second)
    return change_set


def set_apart(tx: Tx, first: int, second: int) -> None:
    """As `two_people`, within a change set that was begun."""
    key = {"first_id": min(first, second), "second_id": max(first, second)}
    known = select(distinct_customers.c.at).where(*(distinct_customers.c[name] == one for name, one in key.items()))
    if tx.connection.execute(known).first() is None:
        tx.add(distinct_customers, {**key, "at": tx.now_seconds, "actor": tx.actor})


def names_of(tx: Tx, wanted: Collection[int]) -> dict[int, str]:
    """What some customers are called."""
    listed = ",".join(str(int(one)) for one in sorted(wanted))
    rows = tx.connection.exec_driver_sql(f"SELECT id, name FROM customers WHERE id IN ({listed})")
    return {row.id: row.name for row in rows}


def told(tx: Tx, customer: int) -> dict[str, str]:
    """What is known of a customer of gender, company and the like; what is not known is not there.

    Raises:
        NoSuchCustomer: the id is nobody's.
    """
    customers.require(tx, customer)
    plain = [columns[0] for columns in FIELDS.values() if len(columns) == 1]
    asked = select(*(customer_rows.c[name] for name in plain)).where(customer_rows.c.id == customer)
    row = tx.connection.execute(asked).mappings().one()
    return {name: str(row[name]) for name in plain if row[name]}


def loose_count(tx: Tx) -> int:
    """How many orders have no buyer."""
    return int(
        tx.connection.exec_driver_sql(
            "SELECT count(*) FROM orders WHERE customer_id IS NULL AND kind = 'order' AND coalesce(day, 0) <= ?",
            (tx.today_number,),
        ).scalar_one()
    )


def loose_orders(tx: Tx, text: str = "", *, limit: int = SHOWN_AT_MOST) -> list[Loose]:
    """Orders without a buyer, newest first; `text` is looked for in number, recipient, phone, address and goods."""
    words = [word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") for word in clean(text).split()]
    told = """o.number || ' ' || coalesce(o.recipient_name, '') || ' ' || coalesce(o.recipient_phone, '') || ' ' ||
              coalesce(o.address, '') || ' ' || coalesce(o.title, '')"""
    asked = "".join(f" AND {told} LIKE ? ESCAPE '\\'" for _word in words)
    rows = tx.connection.exec_driver_sql(
        f"""SELECT o.id, t.platform, t.name, o.number, o.day, o.paid, o.currency, o.state, o.recipient_name,
                   o.recipient_phone, o.address,
                   coalesce(o.title, (SELECT i.title FROM order_items i WHERE i.order_id = o.id ORDER BY i.position
                                       LIMIT 1))
              FROM orders o JOIN stores t ON t.id = o.store_id
             WHERE o.customer_id IS NULL AND o.kind = 'order' AND coalesce(o.day, 0) <= ?{asked}
             ORDER BY o.day DESC, o.id DESC LIMIT ?""",
        (tx.today_number, *(f"%{word}%" for word in words), limit),
    )
    return [Loose(*row) for row in rows]


def link_orders(tx: Tx, order_ids: Collection[int], *, customer: int) -> int:
    """Say whose orders without a buyer are; no identity comes of it. Returns the change set.

    Raises:
        OrderTaken: one has a buyer, or is not there.
        NoSuchCustomer: the id is nobody's.
    """
    customers.require(tx, customer)
    change_set = tx.begin_change("order_link", orders=len(order_ids), customer=customer)
    for one in order_ids:
        owner: Any = tx.connection.execute(select(orders.c.customer_id).where(orders.c.id == one)).one_or_none()
        if owner is None or owner.customer_id is not None:
            raise OrderTaken
        tx.edit(orders, {"id": one}, {"customer_id": customer})
    edits.refresh(tx, {customer})
    return change_set
