"""Customers edited by hand (C5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from sqlalchemy import Connection, select

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.lengths import fitting
from shopcrm.base.text import clean
from shopcrm.store import search_index
from shopcrm.store.tables.customers import customers
from shopcrm.store.touched import touch
from shopcrm.store.tx import Tx

LONGEST_NAME: Final = 200


@dataclass(eq=False)
class NoSuchCustomer(UserFailure):
    """The id is nobody's."""

    text: ClassVar[str] = N_("There is no customer {id}.")
    id: int


@dataclass(eq=False)
class NameMissing(UserFailure):
    """A customer's name was emptied."""

    text: ClassVar[str] = N_("Type a name.")


@dataclass(frozen=True)
class Counts:
    """How much a shop holds."""

    customers: int
    orders: int
    unidentified_orders: int
    last_import_at: int | None  # UTC seconds


def counts(tx: Tx) -> Counts:
    """How much the shop holds, for the status line."""
    row = tx.connection.exec_driver_sql(
        """SELECT (SELECT count(*) FROM customers), (SELECT count(*) FROM orders WHERE kind = 'order'),
                  (SELECT count(*) FROM orders WHERE kind = 'order' AND customer_id IS NULL),
                  (SELECT max(at) FROM import_batches WHERE undone_at IS NULL)"""
    ).one()
    return Counts(*row)


def first_identities(tx: Tx) -> dict[int, str]:
    """Of every customer the first identity's value: a deciding one before others, the oldest first."""
    rows = tx.connection.exec_driver_sql("SELECT customer_id, value FROM identities ORDER BY deciding, id DESC")
    return {row.customer_id: row.value for row in rows}


def kinds(connection: Connection) -> list[tuple[str, str]]:
    """The kinds and platforms of identities there are, each found by leaps over the index."""
    # Compared in pairs, (kind, platform) > (…), the engine would walk through all of a kind.
    rows = connection.exec_driver_sql(
        """WITH RECURSIVE sorts(kind, platform) AS (
             SELECT * FROM (SELECT kind, platform FROM main.identities ORDER BY kind, platform LIMIT 1)
             UNION ALL
             SELECT n.kind, n.platform FROM sorts s JOIN main.identities n ON n.id = coalesce(
               (SELECT i.id FROM main.identities i WHERE i.kind = s.kind AND i.platform > s.platform
                 ORDER BY i.platform LIMIT 1),
               (SELECT i.id FROM main.identities i WHERE i.kind > s.kind ORDER BY i.kind, i.platform LIMIT 1)))
           SELECT kind, platform FROM sorts"""
    )
    return [(str(kind), str(platform)) for kind, platform in rows]


def require(tx: Tx, customer_id: int) -> None:
    """Raise `NoSuchCustomer` unless the customer is there."""
    if tx.connection.execute(select(customers.c.id).where(customers.c.id == customer_id)).first() is None:
        raise NoSuchCustomer(customer_id)


def name_of(tx: Tx, customer_id: int) -> str:
    """What a customer is called.

    Raises:
        NoSuchCustomer: the id is nobody's.
    """
    name = tx.connection.execute(select(customers.c.name).where(customers.c.id == customer_id)).scalar()
    if name is None:
        raise NoSuchCustomer(customer_id)
    return str(name)


def rename(tx: Tx, customer_id: int, *, name: str) -> int:
    """Give a customer a name that imports leave alone. Returns the change set.

    Raises:
        NoSuchCustomer, NameMissing, TooLong: she keeps her name.
    """
    require(tx, customer_id)
    name = fitting(clean(name), LONGEST_NAME)
    if not name:
        raise NameMissing
    change_set = tx.begin_change("rename", customer=customer_id)
    tx.edit(customers, {"id": customer_id}, {"name": name, "name_by_hand": True})
    touch(tx.connection, [customer_id])
    search_index.refresh(tx.connection)
    return change_set
