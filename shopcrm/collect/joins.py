"""Accounts that an import gave to a customer known from elsewhere, and how one is somebody of her own again (C4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import msgspec
from sqlalchemy import delete, insert, select, update

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.collect import edits, who_is_who
from shopcrm.collect.customer_merges import NoSuchMerge
from shopcrm.collect.merge_lines import Journal
from shopcrm.store.tables.customers import customers, identities, merges
from shopcrm.store.tables.orders import orders
from shopcrm.store.tx import Tx


@dataclass(eq=False)
class NothingStays(UserFailure):
    """The customer is known by this account alone."""

    text: ClassVar[str] = N_("{name} is known by this account alone: there is nobody to take her apart from.")
    name: str


@dataclass(frozen=True)
class Join:
    """An account that was given to a customer, and why."""

    id: int
    kind: str
    platform: str
    display: str
    evidence: Mapping[str, str]
    at: int  # UTC seconds


def of_customer(tx: Tx, customer_id: int) -> tuple[Join, ...]:
    """The accounts that were given to a customer, the last first."""
    rows = tx.connection.execute(
        select(merges, identities.c.kind, identities.c.platform, identities.c.display)
        .join(identities, identities.c.id == merges.c.identity_id)
        .where(merges.c.customer_id == customer_id, identities.c.customer_id == customer_id)
        .order_by(merges.c.id.desc())
    )
    return tuple(
        Join(row.id, row.kind, row.platform, row.display, msgspec.json.decode(row.evidence), row.at) for row in rows
    )


def split(tx: Tx, join_id: int) -> int:
    """Make the account somebody of her own, with the orders that name it; the two are never joined again.

    Returns the change set.

    Raises:
        NoSuchMerge: it was taken apart before.
        NothingStays: the customer is known by nothing else.
    """
    row = tx.connection.execute(select(merges).where(merges.c.id == join_id)).mappings().one_or_none()
    if row is None:
        raise NoSuchMerge
    keep, account = int(row["customer_id"]), int(row["identity_id"])
    others = select(identities.c.id).where(
        identities.c.customer_id == keep, identities.c.deciding.is_(True), identities.c.id != account
    )
    if tx.connection.execute(others).first() is None:
        name = tx.connection.execute(select(customers.c.name).where(customers.c.id == keep)).scalar_one()
        raise NothingStays(str(name))
    change_set = tx.begin_change("split", customer=keep)
    record = Journal(tx.connection, change_set)
    told = dict(tx.connection.execute(select(identities).where(identities.c.id == account)).mappings().one())
    values = {
        "name": told["display"], "name_by_hand": False, "created_at": tx.now_seconds, "batch_id": told["batch_id"],
    }  # fmt: skip
    new = int(tx.connection.execute(insert(customers).values(**values)).lastrowid)
    # Only that she came: what her orders make of the row goes its own way.
    record.row(customers, {"id": new}, None, {"id": new})
    bought = _orders(tx, keep, account)
    for table, ids in ((orders, bought), (identities, [account, *_named_only_there(tx, keep, bought)])):
        for one in ids:
            tx.connection.execute(update(table).where(table.c.id == one).values(customer_id=new))
        record.moves(table, ids, gone=keep, keep=new)
    tx.connection.execute(delete(merges).where(merges.c.id == join_id))
    record.row(merges, {"id": join_id}, dict(row), None)
    who_is_who.set_apart(tx, keep, new)
    edits.refresh(tx, {keep, new})
    return change_set


def _orders(tx: Tx, customer: int, account: int) -> list[int]:
    rows = tx.connection.exec_driver_sql(
        """SELECT o.id FROM order_identities l CROSS JOIN orders o ON o.id = l.order_id
            WHERE l.identity_id = ? AND o.customer_id = ? ORDER BY o.id""",
        (account, customer),
    )
    return [int(one) for (one,) in rows]


def _named_only_there(tx: Tx, customer: int, bought: list[int]) -> list[int]:
    """The identities of a customer, not deciding, that none of her other orders names: phones of parcels."""
    moved = set(bought)
    rows = tx.connection.exec_driver_sql(
        """SELECT l.identity_id, l.order_id FROM identities i CROSS JOIN order_identities l ON l.identity_id = i.id
            WHERE i.customer_id = ? AND NOT i.deciding""",
        (customer,),
    )
    by_identity: dict[int, set[int]] = {}
    for identity, order in rows:
        by_identity.setdefault(int(identity), set()).add(int(order))
    return [identity for identity, named in by_identity.items() if named <= moved]
