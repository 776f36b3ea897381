"""Customers and orders typed in by hand (C1, C5): WeChat, the counter, the telephone. Everything can be undone.

Such orders are of the platform "manual"; where they were made is their store. Their numbers are made here, the day and
a count: 20261122-3. An account on a marketplace that is typed in is that marketplace's buyer id: the next import of its
orders finds the customer by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from shopcrm.base import clock
from shopcrm.base.text import clean
from shopcrm.collect import customers, edits, reviews, statistics
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.purchases import CREATED_PLAIN, PAID_PLAIN
from shopcrm.collect.typed import (
    NO_PHONE,
    PLATFORM,
    STATES,
    AccountTaken,
    BadEmail,
    InTheFuture,
    Invalid,
    Item,
    Known,
    NobodyNamed,
    NoSuchOrder,
    NothingBought,
    Order,
    Person,
    Product,
    TooMuchBack,
    Written,
    check,
    identities_of,
)
from shopcrm.store import journal
from shopcrm.store.tables.customers import customers as customer_rows
from shopcrm.store.tables.customers import identities
from shopcrm.store.tables.notes import notes
from shopcrm.store.tables.orders import order_items, orders
from shopcrm.store.tables.shop import stores
from shopcrm.store.tx import Tx

__all__ = [
    "PLATFORM", "STATES", "AccountTaken", "BadEmail", "InTheFuture", "Invalid", "Item", "Known",
    "NoSuchOrder", "NobodyNamed", "NothingBought", "Order", "Person", "Product", "TooMuchBack", "Written",
    "add_customer", "add_order", "check", "edit_order", "identities_of", "known", "products", "remove_order",
    "store_names", "typed_order",
]  # fmt: skip

RECENT_LINES: Final = 20_000  # of order lines, by which products are offered
_OPEN: Final = (OrderState.UNPAID, OrderState.CLOSED)


def known(tx: Tx, person: Person) -> tuple[Known, ...]:
    """Who has the phone, WeChat, e-mail or account that is typed; what cannot be read yet is passed over."""
    asked: list[tuple[str, str, str, str]] = []
    for one in (
        Person(phone=person.phone),
        Person(wechat=person.wechat),
        Person(email=person.email),
        Person(account=person.account, platform=person.platform),
    ):
        try:
            asked += identities_of(one)
        except Invalid:
            continue
    found: dict[int, Known] = {}
    for kind, platform, value, _display in asked:
        if kind == NO_PHONE:
            continue
        rows = tx.connection.execute(
            select(identities.c.customer_id, customer_rows.c.name)
            .join(customer_rows, customer_rows.c.id == identities.c.customer_id)
            .where(
                identities.c.kind == kind,
                identities.c.platform.in_([platform] if kind == "buyer_id" else _platforms(tx)),
                identities.c.value == value,
            )
            .order_by(identities.c.customer_id)
            .limit(5)
        )
        for customer, name in rows:
            found.setdefault(customer, Known(customer, name, kind, value))
    return tuple(found.values())


def add_customer(tx: Tx, person: Person) -> Written:
    """Write a customer.

    Raises:
        Invalid: with the field at which it stands; nothing is written.
    """
    told = _told(tx, person)
    change_set = tx.begin_change("customer_add")
    customer = _new_customer(tx, person, told)
    edits.refresh(tx, {customer})
    return Written(change_set, customer)


def add_order(tx: Tx, order: Order) -> Written:
    """Write an order, and its customer when she is new.

    Raises:
        Invalid: with the field at which it stands; nothing is written.
        NoSuchCustomer: the id is nobody's.
    """
    check(order, today=tx.as_of)
    told = _told(tx, order.customer) if isinstance(order.customer, Person) else ()
    if isinstance(order.customer, int):
        customers.require(tx, order.customer)
    change_set = tx.begin_change("order_add", items=len(order.items))
    customer = order.customer if isinstance(order.customer, int) else _new_customer(tx, order.customer, told)
    store = _store(tx, order.store)
    values = {
        **_values(order),
        "store_id": store, "number": _number(tx, store, order.day), "kind": "order", "customer_id": customer,
        "currency": tx.shop.currency, "amounts_from_items": False, "valid": False,
    }  # fmt: skip
    result = tx.connection.execute(insert(orders).values(**values))
    key = int(result.lastrowid)
    _record(tx, change_set, key, before=None)
    _write_items(tx, key, order)
    edits.refresh(tx, {customer})
    return Written(change_set, key)


def edit_order(tx: Tx, order_id: int, order: Order) -> Written:
    """Change an order that was typed in; its number stays.

    Raises:
        NoSuchOrder: there is none of that id that was typed in.
        Invalid: with the field at which it stands; nothing is written.
    """
    check(order, today=tx.as_of)
    before = _typed(tx, order_id)
    if not isinstance(order.customer, int):
        raise NobodyNamed("customer")
    customers.require(tx, order.customer)
    change_set = tx.begin_change("order_edit", order=order_id)
    values = {**_values(order), "customer_id": order.customer}
    store = _store(tx, order.store)
    if store != before["store_id"]:
        values |= {"store_id": store, "number": _number(tx, store, order.day)}
    tx.connection.execute(update(orders).where(orders.c.id == order_id).values(**values))
    _record(tx, change_set, order_id, before=before)
    _write_items(tx, order_id, order)
    edits.refresh(tx, {int(one) for one in (before["customer_id"], order.customer) if one is not None})
    return Written(change_set, order_id)


def remove_order(tx: Tx, order_id: int) -> int:
    """Take an order that was typed in out again. The change set.

    Raises:
        NoSuchOrder: there is none of that id that was typed in.
    """
    before = _typed(tx, order_id)
    change_set = tx.begin_change("order_remove", order=order_id)
    reviews.remove_of_order(tx, order_id)
    _write_items(tx, order_id, None)
    tx.connection.execute(delete(orders).where(orders.c.id == order_id))
    journal.record(tx.connection, change_set, orders, [({"id": order_id}, before, None)])
    if before["customer_id"] is not None:
        edits.refresh(tx, {int(before["customer_id"])})
    return change_set


def typed_order(tx: Tx, order_id: int) -> Order:
    """An order as it was typed in.

    Raises:
        NoSuchOrder: there is none of that id that was typed in.
    """
    row = _typed(tx, order_id)
    store = tx.connection.execute(select(stores.c.name).where(stores.c.id == row["store_id"])).scalar_one()
    lines = tx.connection.execute(
        select(order_items.c.title, order_items.c.quantity, order_items.c.price, order_items.c.article)
        .where(order_items.c.order_id == order_id)
        .order_by(order_items.c.position)
    )
    return Order(
        customer=row["customer_id"],
        day=clock.day_date(row["day"]),
        items=tuple(Item(*line) for line in lines),
        paid=row["paid"],
        refunded=row["refunded"],
        state=OrderState(row["state"]),
        store=store,
        note=row["seller_note"] or "",
    )


def products(tx: Tx) -> list[Product]:
    """What was sold lately, the latest first, each with its last price."""
    rows = tx.connection.exec_driver_sql(
        f"""SELECT title, article, price FROM (SELECT id, title, article, price FROM order_items ORDER BY id DESC
              LIMIT {RECENT_LINES}) WHERE title != '' GROUP BY title HAVING id = max(id) ORDER BY max(id) DESC"""
    )
    return [Product(*row) for row in rows]


def store_names(tx: Tx) -> list[str]:
    """Where orders were typed in for before."""
    rows = tx.connection.execute(
        select(stores.c.name).where(stores.c.platform == PLATFORM, stores.c.name != "").order_by(stores.c.name)
    )
    return list(rows.scalars())


def _told(tx: Tx, person: Person) -> tuple[tuple[str, str, str, str], ...]:
    told = identities_of(person)
    if not told and not clean(person.name):
        raise NobodyNamed("name")
    for kind, platform, value, _display in told:
        if kind != "buyer_id":
            continue
        taken = tx.connection.execute(
            select(customer_rows.c.name)
            .join(identities, identities.c.customer_id == customer_rows.c.id)
            .where(identities.c.kind == kind, identities.c.platform == platform, identities.c.value == value)
        ).scalar()
        if taken is not None:
            raise AccountTaken("account", taken)
    return told


def _new_customer(tx: Tx, person: Person, told: Sequence[tuple[str, str, str, str]]) -> int:
    name = clean(person.name)
    rows = [
        {"kind": kind, "platform": platform, "value": value, "display": display,
         "deciding": kind != NO_PHONE and _is_free(tx, kind, value), "batch_id": None}
        for kind, platform, value, display in told
    ]  # fmt: skip
    if not name:  # as `statistics.NAME` will have it
        name = str(min(rows, key=lambda row: (not row["deciding"], row["kind"], row["value"]))["display"])
    values = {
        "name": name, "name_by_hand": bool(clean(person.name)), "created_at": tx.now_seconds, "batch_id": None
    }  # fmt: skip
    customer = tx.add(customer_rows, values)
    for row in rows:
        tx.add(identities, {"customer_id": customer, **row})
    note = "\n".join(clean(line) for line in person.note.splitlines()).strip()
    if note:
        tx.add(notes, {"customer_id": customer, "text": note, "actor": tx.actor, "created_at": tx.now_seconds})
    return customer


def _is_free(tx: Tx, kind: str, value: str) -> bool:
    """Whether nobody holds an identity yet: what two hold recognises neither by itself."""
    held = (
        select(identities.c.id)
        .where(
            identities.c.kind == kind, identities.c.platform.in_(_platforms(tx)), identities.c.value == value
        )
        .limit(1)
    )  # fmt: skip
    return tx.connection.execute(held).first() is None


def _platforms(tx: Tx) -> list[str]:
    """Where identities may be from: named, they are found by the index, in a shop of a million too."""
    return [PLATFORM, *tx.connection.execute(select(stores.c.platform).distinct()).scalars()]


def _store(tx: Tx, name: str) -> int:
    name = clean(name)
    found = tx.connection.execute(
        select(stores.c.id).where(stores.c.platform == PLATFORM, stores.c.name == name)
    ).scalar()
    return int(found) if found is not None else tx.add(stores, {"platform": PLATFORM, "name": name, "batch_id": None})


def _number(tx: Tx, store: int, day: date) -> str:
    """The next number of a store's day; one that was taken back is not given again while its later ones stand."""
    stem = f"{day:%Y%m%d}-"
    taken = tx.connection.execute(
        select(orders.c.number).where(orders.c.store_id == store, orders.c.number.startswith(stem, autoescape=True))
    ).scalars()
    counts = [int(tail) for number in taken if (tail := number.removeprefix(stem)).isdecimal()]
    return f"{stem}{max(counts, default=0) + 1}"


def _values(order: Order) -> dict[str, Any]:
    at = clock.plain_seconds(order.day)
    bought = order.state not in _OPEN
    paid = order.paid if bought else 0
    refunded = order.refunded if bought else 0
    if order.state is OrderState.REFUNDED and not refunded:
        refunded = paid
    told = [item for item in order.items if clean(item.title)]
    return {
        "state": order.state.value,
        "created_at": at,
        "paid_at": at if bought else None,
        "plain_dates": CREATED_PLAIN | (PAID_PLAIN if bought else 0),
        "day": clock.day_number(order.day),
        "paid": paid,
        "refunded": refunded,
        "units": sum(item.quantity for item in told) if told else None,
        "seller_note": clean(order.note) or None,
    }


def _record(tx: Tx, change_set: int, order_id: int, *, before: Mapping[str, Any] | None) -> None:
    """Mark whether an order is valid, and note what became of its row."""
    statistics.mark_valid(tx.connection, order_ids=str(int(order_id)))
    after = dict(tx.connection.execute(select(orders).where(orders.c.id == order_id)).mappings().one())
    journal.record(tx.connection, change_set, orders, [({"id": order_id}, before, after)])


def _write_items(tx: Tx, order_id: int, order: Order | None) -> None:
    """Put an order's lines in the place of those it had."""
    old = tx.connection.execute(select(order_items).where(order_items.c.order_id == order_id)).mappings().all()
    for row in old:
        tx.remove(order_items, {"id": row["id"]})
    if order is None:
        return
    bought = order.state not in _OPEN
    for position, item in enumerate(item for item in order.items if clean(item.title)):
        amount = None if item.price is None else item.price * item.quantity
        tx.add(
            order_items,
            {
                "order_id": order_id, "position": position, "line_number": None, "article": item.article,
                "title": clean(item.title), "variant": None, "quantity": item.quantity, "price": item.price,
                "paid": amount if bought else 0,
                "refunded": (amount or 0) if order.state is OrderState.REFUNDED else 0,
                "state": None,
            },
        )  # fmt: skip


def _typed(tx: Tx, order_id: int) -> dict[str, Any]:
    row = (
        tx.connection.execute(
            select(orders)
            .join(stores, stores.c.id == orders.c.store_id)
            .where(orders.c.id == order_id, stores.c.platform == PLATFORM, orders.c.kind == "order")
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NoSuchOrder
    return dict(row)
