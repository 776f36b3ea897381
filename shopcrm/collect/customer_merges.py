"""Two known customers become one, and two again (C4): whatever hangs on them goes along, every row in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Table, delete, insert, select, update

from shopcrm.store import journal
from shopcrm.store.tables.attributes import customer_attributes
from shopcrm.store.tables.customers import customers, identities, merges
from shopcrm.store.tables.notes import notes
from shopcrm.store.tables.orders import orders
from shopcrm.store.tables.reminders import reminder_actions
from shopcrm.store.tables.tags import customer_tags
from shopcrm.store.tx import Tx

Row = Mapping[str, Any]

_FOLLOWING: Final = (identities, merges, notes, reminder_actions)
# Of these a customer has at most one each: what the one who stays has already stands.
_ONE_EACH: Final = ((customer_tags, "tag_id"), (customer_attributes, "attribute_id"))


def merge(tx: Tx, change_set: int, *, keep: int, gone: int, evidence: Mapping[str, str], batch: int | None) -> None:
    """Let everything of `gone` belong to `keep`; the row of `gone` leaves. `statistics.refresh` is the caller's."""

    def record(table: Table, key: Mapping[str, Any], before: Row | None, after: Row | None) -> None:
        journal.record(tx.connection, change_set, table, [(key, before, after)])

    moved = tx.connection.execute(
        select(identities.c.id).where(identities.c.customer_id == gone).order_by(identities.c.deciding.desc())
    ).scalars()
    first = next(iter(moved.all()), None)
    for table in _FOLLOWING:
        for row in _rows(tx, table, gone):
            tx.connection.execute(update(table).where(table.c.id == row["id"]).values(customer_id=keep))
            record(table, {"id": row["id"]}, row, {**row, "customer_id": keep})
    # Of an order only whose it is is journalled: the rest of the row goes its own way.
    mine = tx.connection.execute(select(orders.c.id).where(orders.c.customer_id == gone)).scalars().all()
    journal.record(
        tx.connection,
        change_set,
        orders,
        [({"id": one}, {"id": one, "customer_id": gone}, {"id": one, "customer_id": keep}) for one in mine],
    )
    tx.connection.execute(update(orders).where(orders.c.customer_id == gone).values(customer_id=keep))
    for table, name in _ONE_EACH:
        held = {row[name] for row in _rows(tx, table, keep)}
        for row in _rows(tx, table, gone):
            key = {"customer_id": gone, name: row[name]}
            record(table, key, row, None)
            if row[name] not in held:
                tx.connection.execute(insert(table).values(**{**row, "customer_id": keep}))
                record(table, {**key, "customer_id": keep}, None, {**row, "customer_id": keep})
        tx.connection.execute(delete(table).where(table.c.customer_id == gone))
    for derived in ("occasions", "customer_statistics"):
        tx.connection.exec_driver_sql(f"DELETE FROM {derived} WHERE customer_id = ?", (gone,))
    left = tx.connection.execute(select(customers).where(customers.c.id == gone)).mappings().one()
    _hand_on_birthday(tx, change_set, keep=keep, gone=dict(left))
    tx.connection.execute(delete(customers).where(customers.c.id == gone))
    record(customers, {"id": gone}, dict(left), None)
    if first is not None:
        told = msgspec.json.encode({**evidence, "customer": str(gone)}).decode()
        tx.connection.execute(
            insert(merges).values(customer_id=keep, identity_id=first, evidence=told, at=tx.now_seconds, batch_id=batch)
        )


def _hand_on_birthday(tx: Tx, change_set: int, *, keep: int, gone: Row) -> None:
    """The birthday of the one who leaves, where the one who stays has none. Only it is journalled of the row."""
    had = _birthday(tx, keep)
    if had is None or had["birth_month"] is not None or gone["birth_month"] is None:
        return
    told = {name: gone[name] for name in had if name != "id"}
    tx.connection.execute(update(customers).where(customers.c.id == keep).values(**told))
    journal.record(tx.connection, change_set, customers, [({"id": keep}, had, {"id": keep, **told})])


def _take_back_birthday(tx: Tx, before: Row, after: Row) -> None:
    if _birthday(tx, after["id"]) == after:
        tx.connection.execute(update(customers).where(customers.c.id == after["id"]).values(**before))


def _birthday(tx: Tx, customer: int) -> dict[str, Any] | None:
    columns = [column for column in customers.c if column.name == "id" or column.name.startswith("birth_")]
    found = tx.connection.execute(select(*columns).where(customers.c.id == customer)).mappings().first()
    return None if found is None else dict(found)


def is_move(order: Mapping[str, Any]) -> bool:
    """Whether a journalled order row tells only whose it is."""
    return order.keys() == {"id", "customer_id"}


def take_apart(tx: Tx, change_set: int) -> set[int]:
    """Take back the merges of a change set; orders that came since go to whom their identity belongs.

    Returns the customers concerned. Where one of them was merged again since, nothing is done.
    """
    came_back = [row for row, after in journal.touched(tx.connection, change_set, customers) if row and after is None]
    moves = [
        (before, after)
        for before, after in journal.touched(tx.connection, change_set, identities)
        if before and after and before["customer_id"] != after["customer_id"]
    ]
    owners = {after["id"]: after["customer_id"] for _before, after in moves}
    now = tx.connection.execute(select(identities.c.id, identities.c.customer_id).where(identities.c.id.in_(owners)))
    if not came_back or any(row.customer_id != owners[row.id] for row in now):
        return set()
    kept = set(owners.values())
    kept &= set(tx.connection.execute(select(customers.c.id).where(customers.c.id.in_(kept))).scalars())
    for row in came_back:
        tx.connection.execute(insert(customers).values(**row))
    for before, after in journal.touched(tx.connection, change_set, orders):
        if before and after and is_move(after):
            still = (orders.c.id == after["id"], orders.c.customer_id == after["customer_id"])
            tx.connection.execute(update(orders).where(*still).values(customer_id=before["customer_id"]))
    for table in (*_FOLLOWING, *(table for table, _name in _ONE_EACH)):
        for before, after in reversed(journal.touched(tx.connection, change_set, table)):
            _put_back(tx, table, before, after)
    for before, after in journal.touched(tx.connection, change_set, customers):
        if before and after:
            _take_back_birthday(tx, before, after)
    for row in came_back:
        tx.connection.exec_driver_sql(
            """UPDATE orders SET customer_id = :customer WHERE customer_id IS NOT NULL AND id IN
                 (SELECT l.order_id FROM identities i JOIN order_identities l ON l.identity_id = i.id
                   WHERE i.customer_id = :customer AND i.deciding)""",
            {"customer": row["id"]},
        )
    return {row["id"] for row in came_back} | kept


def _put_back(tx: Tx, table: Table, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
    names = [column.name for column in table.primary_key.columns]

    def at(row: Mapping[str, Any]) -> Any:
        return [table.c[name] == row[name] for name in names]

    current = None
    if after is not None:
        found = tx.connection.execute(select(table).where(*at(after))).mappings().first()
        current = None if found is None else dict(found)
    if current != after:
        return
    if before is None and after is not None:
        tx.connection.execute(delete(table).where(*at(after)))
    elif after is None and before is not None:
        tx.connection.execute(insert(table).values(**before))
    elif before is not None and after is not None:
        tx.connection.execute(update(table).where(*at(after)).values(**before))


def _rows(tx: Tx, table: Table, customer: int) -> list[dict[str, Any]]:
    found = tx.connection.execute(select(table).where(table.c.customer_id == customer)).mappings()
    return [dict(row) for row in found]
