"""What stood in a field before (C5): when it was changed, from what to what, by whom or by which import.

Edits are read from the journal by the row they were made on; what an import brought is told by its batch, as the rows
that it makes are not journalled. A change that was undone is not told, one that was done again is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Table, select

from shopcrm.base.birthdays import Birthday
from shopcrm.collect import attribute_values, attributes
from shopcrm.collect.birthdays import birthday_of
from shopcrm.collect.people_data import FIELDS
from shopcrm.store.tables.attributes import attributes as attribute_rows
from shopcrm.store.tables.attributes import customer_attributes
from shopcrm.store.tables.customers import addresses, customers, identities
from shopcrm.store.tables.imports import import_batches, import_files
from shopcrm.store.tables.journal import change_rows, change_sets
from shopcrm.store.tx import Tx

NAME: Final = "name"
BIRTHDAY: Final = "birthday"
_BIRTHDAY: Final = ("birth_calendar", "birth_month", "birth_day", "birth_year", "birth_leap")
_ROWS_AT_MOST: Final = 500
Value = str | Birthday | None


@dataclass(frozen=True)
class Past:
    """One change of a field. `before` None: nothing stood there; `after` None: it was removed."""

    before: Value
    after: Value
    at: int  # UTC seconds
    actor: str
    kind: str  # of the change set: person, identity_edit, import, merge …
    file: str | None = None  # of an import, the first one


def of_field(tx: Tx, customer_id: int, field: str) -> tuple[Past, ...]:
    """The changes of a field of a customer, the newest first.

    `field`: `NAME`, `BIRTHDAY` or one of `people_data.FIELDS`.

    Raises:
        KeyError: there is no such field.
    """
    columns = (NAME,) if field == NAME else _BIRTHDAY if field == BIRTHDAY else (field,)
    if field not in (NAME, BIRTHDAY):
        FIELDS[field]
    found = []
    for row in _changes(tx, customers, {"id": customer_id}):
        before, after = (_field(side, columns) for side in (row.before, row.after))
        if before != after and row.after is not None and row.before is not None:
            found.append(_past(tx, row, before, after))
    return tuple(found)


def of_attribute(tx: Tx, customer_id: int, key: str) -> tuple[Past, ...]:
    """The changes of what the trade keeps of a customer, the newest first, as one reads the values.

    Raises:
        NoSuchAttribute: there is none of that key.
    """
    attribute = attributes.get(tx, key)
    number = tx.connection.execute(select(attribute_rows.c.id).where(attribute_rows.c.key == key)).scalar()
    if number is None:
        return ()  # nobody has a value of it

    def shown(side: Mapping[str, Any] | None) -> str | None:
        told = None if side is None else side.get("value")
        return None if told is None else attribute.shown(attribute_values.stored(attribute.kind, told))

    found = []
    for row in _changes(tx, customer_attributes, {"customer_id": customer_id, "attribute_id": number}):
        before, after = shown(row.before), shown(row.after)
        if before != after:
            found.append(_past(tx, row, before, after))
    return tuple(found)


def of_identity(tx: Tx, identity_id: int) -> tuple[Past, ...]:
    """What an identity was before, the newest first; at the end who brought it."""
    return _of_row(tx, identities, identity_id, "display")


def of_address(tx: Tx, address_id: int) -> tuple[Past, ...]:
    """What an address was before, the newest first; at the end who brought it."""
    return _of_row(tx, addresses, address_id, "address")


def removed_identities(tx: Tx, customer_id: int) -> tuple[Past, ...]:
    """The identities that were taken away from a customer and are not hers now, the newest first.

    Their `kind` is the kind of the identity.
    """
    of = identities.c
    now = {
        (row.kind, row.value)
        for row in tx.connection.execute(select(of.kind, of.value).where(of.customer_id == customer_id))
    }
    asked = _asked(identities).where(change_rows.c.after.is_(None)).order_by(change_rows.c.id.desc())
    found: dict[tuple[str, str], Past] = {}
    for row in map(_read, tx.connection.execute(asked.limit(_ROWS_AT_MOST))):
        told = row.before or {}
        key = (str(told.get("kind")), str(told.get("value")))
        if told.get("customer_id") == customer_id and key not in now and _stands(tx, row):
            past = _past(tx, row, told["display"], None)
            found.setdefault(key, Past(past.before, None, past.at, past.actor, key[0], past.file))
    return tuple(found.values())


@dataclass(frozen=True)
class _Row:
    """A line of the journal, with its change set."""

    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    at: int
    actor: str
    kind: str
    change_set: int
    undone: bool
    undo_of: int | None


def _asked(table: Table) -> Any:
    return (
        select(
            change_rows.c.before, change_rows.c.after, change_sets.c.at, change_sets.c.actor, change_sets.c.kind,
            change_sets.c.id, change_sets.c.undone_at, change_sets.c.undo_of,
        )
        .join(change_sets, change_sets.c.id == change_rows.c.change_set_id)
        .where(change_rows.c.table_name == table.name)
    )  # fmt: skip


def _read(row: Any) -> _Row:
    before, after = (None if side is None else msgspec.json.decode(side) for side in (row.before, row.after))
    return _Row(before, after, row.at, row.actor, row.kind, row.id, row.undone_at is not None, row.undo_of)


def _changes(tx: Tx, table: Table, key: Mapping[str, int]) -> Iterator[_Row]:
    """What was written of a row and stands, the newest first."""
    named = msgspec.json.encode(key).decode()
    asked = _asked(table).where(change_rows.c.row_key == named).order_by(change_rows.c.id.desc())
    for row in map(_read, tx.connection.execute(asked.limit(_ROWS_AT_MOST))):
        if _stands(tx, row):
            yield row


def _stands(tx: Tx, row: _Row) -> bool:
    """Whether a change is one of those that made what is there: not undone, and not the undo of one."""
    if row.undone:
        return False
    steps, of = 0, row.undo_of
    while of is not None and row.kind == "undo":
        steps += 1
        of = tx.connection.execute(select(change_sets.c.undo_of).where(change_sets.c.id == of)).scalar()
    return steps % 2 == 0


def _of_row(tx: Tx, table: Table, number: int, column: str) -> tuple[Past, ...]:
    found: list[Past] = []
    batch: int | None = None
    added = False
    for row in _changes(tx, table, {"id": number}):
        before, after = (None if side is None else side.get(column) for side in (row.before, row.after))
        if before != after:
            found.append(_past(tx, row, before, after))
            added = before is None
        if row.before is not None:
            batch = row.before.get("batch_id", batch)
    current = tx.connection.execute(select(table).where(table.c.id == number)).mappings().first()
    if added or current is None:
        return tuple(found)
    if not found:
        batch = current["batch_id"]
    first = found[-1].before if found else current[column]
    came = _batch(tx, batch)
    if came is not None:
        found.append(Past(None, first, came.at, came.actor, "import", came.name))
    return tuple(found)


def _field(side: Mapping[str, Any] | None, columns: tuple[str, ...]) -> Value:
    if side is None or any(name not in side for name in columns):
        return None
    if columns == _BIRTHDAY:
        return birthday_of([side[name] for name in columns])
    value = side[columns[0]]
    return None if value is None else str(value)


def _past(tx: Tx, row: _Row, before: Value, after: Value) -> Past:
    came = _batch_of(tx, row.change_set) if row.kind == "import" else None
    return Past(before, after, row.at, row.actor, row.kind, came.name if came is not None else None)


def _batch(tx: Tx, number: int | None) -> Any:
    return None if number is None else _first_file(tx, import_batches.c.id == number)


def _batch_of(tx: Tx, change_set: int) -> Any:
    return _first_file(tx, import_batches.c.change_set_id == change_set)


def _first_file(tx: Tx, condition: Any) -> Any:
    return tx.connection.execute(
        select(import_batches.c.at, import_batches.c.actor, import_files.c.name)
        .join(import_files, import_files.c.batch_id == import_batches.c.id)
        .where(condition)
        .order_by(import_files.c.id)
        .limit(1)
    ).first()
