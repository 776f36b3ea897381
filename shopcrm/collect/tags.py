"""Tags (C5): put on and taken off any number of customers, with undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import delete, func, insert, select

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.text import clean
from shopcrm.store import journal
from shopcrm.store.tables.tags import customer_tags, tags
from shopcrm.store.tx import Tx


@dataclass(eq=False)
class TagEmpty(UserFailure):
    """A tag without a name."""

    text: ClassVar[str] = N_("Type the tag's name.")


@dataclass(frozen=True)
class Tag:
    """A tag and how many wear it."""

    id: int
    name: str
    customers: int


def all_tags(tx: Tx) -> list[Tag]:
    """Every tag, the most worn first."""
    worn = func.count(customer_tags.c.customer_id)
    rows = tx.connection.execute(
        select(tags.c.id, tags.c.name, worn)
        .outerjoin(customer_tags, customer_tags.c.tag_id == tags.c.id)
        .group_by(tags.c.id)
        .order_by(worn.desc(), tags.c.name)
    )
    return [Tag(*row) for row in rows]


def of_customer(tx: Tx, customer_id: int) -> tuple[str, ...]:
    """The names of a customer's tags, in the order they were put on."""
    rows = tx.connection.execute(
        select(tags.c.name)
        .join(customer_tags, customer_tags.c.tag_id == tags.c.id)
        .where(customer_tags.c.customer_id == customer_id)
        .order_by(customer_tags.c.created_at, tags.c.id)
    )
    return tuple(row.name for row in rows)


def put(tx: Tx, customer_ids: Sequence[int], *, name: str) -> int:
    """Put a tag, made when new, on customers; those who wear it already keep it. Returns the change set."""
    name = name_of(name)
    if not name:
        raise TagEmpty
    change_set = tx.begin_change("tag_put", customers=len(customer_ids))
    wear(tx, customer_ids, name=name, change_set=change_set)
    return change_set


def name_of(typed: str) -> str:
    """A tag's name as it is kept."""
    return " ".join(clean(typed).split())[:64]


def wear(tx: Tx, customer_ids: Sequence[int], *, name: str, change_set: int) -> None:
    """As `put`, within a change set that was begun."""
    found = tx.connection.execute(select(tags.c.id).where(tags.c.name == name)).scalar()
    tag = tx.add(tags, {"name": name}) if found is None else int(found)
    worn = set(
        tx.connection.execute(select(customer_tags.c.customer_id).where(customer_tags.c.tag_id == tag)).scalars()
    )
    rows = [
        {"customer_id": int(customer), "tag_id": tag, "created_at": tx.now_seconds}
        for customer in dict.fromkeys(customer_ids)
        if customer not in worn
    ]
    if rows:
        tx.connection.execute(insert(customer_tags), rows)
        journal.record(tx.connection, change_set, customer_tags, [(_key(row), None, row) for row in rows])


def take(tx: Tx, customer_ids: Sequence[int], *, name: str) -> int:
    """Take a tag off customers; a tag nobody wears is removed. Returns the change set."""
    change_set = tx.begin_change("tag_take", customers=len(customer_ids))
    take_off(tx, customer_ids, name=name, change_set=change_set)
    return change_set


def take_off(tx: Tx, customer_ids: Sequence[int], *, name: str, change_set: int) -> None:
    """As `take`, within a change set that was begun."""
    tag = tx.connection.execute(select(tags.c.id).where(tags.c.name == name)).scalar()
    if tag is None:
        return
    chosen = {int(customer) for customer in customer_ids}
    worn = tx.connection.execute(select(customer_tags).where(customer_tags.c.tag_id == tag)).mappings()
    rows = [dict(row) for row in worn if row["customer_id"] in chosen]
    for row in rows:
        tx.connection.execute(
            delete(customer_tags).where(
                customer_tags.c.customer_id == row["customer_id"], customer_tags.c.tag_id == tag
            )
        )
    journal.record(tx.connection, change_set, customer_tags, [(_key(row), row, None) for row in rows])
    left = tx.connection.execute(select(func.count()).where(customer_tags.c.tag_id == tag)).scalar_one()
    if left == 0:
        tx.remove(tags, {"id": tag})


def _key(row: dict[str, int]) -> dict[str, int]:
    return {"customer_id": row["customer_id"], "tag_id": row["tag_id"]}
