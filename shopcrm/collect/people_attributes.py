"""Trade attributes told by lists of people (C6): understood, filled where nothing is known, and taken back.

A cell is understood when the import is planned, because only the shop knows what the owner's own attributes are. One
that does not fit is a problem at its place; the rest of its row is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, insert

from shopcrm.base import trade_presets
from shopcrm.base.errors import UserFailure
from shopcrm.collect import attribute_values, attributes
from shopcrm.collect.attribute_values import Attribute, Value
from shopcrm.collect.foreign import Code
from shopcrm.store import journal
from shopcrm.store.tables.attributes import customer_attributes
from shopcrm.store.tx import Tx

TABLES: Final = ("filled_attributes",)


def plan(tx: Tx) -> None:
    """Plan what the lists of the attached staging file say of attributes, after their people were matched."""
    run = tx.connection.exec_driver_sql
    run("CREATE TABLE staging.filled_attributes (customer INTEGER, key TEXT, value TEXT, PRIMARY KEY (customer, key))")
    run("DELETE FROM staging.problems WHERE code = ?", (Code.BAD_ATTRIBUTE.value,))  # of a plan before
    rows = run(
        """SELECT t.listed, p.customer, l.file, l.row, t.key, t.text, t."column" FROM staging.told_attributes t
             JOIN staging.listed_plan p ON p.listed = t.listed JOIN staging.listed l ON l.id = t.listed
             JOIN staging.files f ON f.file = l.file ORDER BY f.snapshot_at, l.file, l.id"""
    ).all()
    if not rows:
        return
    known = {one.key: one for one in attributes.defined(tx, hidden=True) if one.typed}
    others = {each for _listed, _customer, _file, _row, each, _text, _column in rows} - known.keys()
    for key in others & trade_presets.known().keys():  # of a trade that the shop is not of
        known[key] = attribute_values.of_preset(trade_presets.known()[key], language=tx.language)
    held = _held(tx, {row.customer for row in rows if row.customer > 0})
    fills: list[tuple[int, str, str]] = []
    problems: list[dict[str, Any]] = []
    changed: set[int] = set()
    for row in rows:
        value = _value(known, row.key, row.text)
        if value is None:
            problems.append(
                {"file": row.file, "row": row.row, "column": row.column, "code": Code.BAD_ATTRIBUTE.value,
                 "value": row.text[:200]}
            )  # fmt: skip
        elif (row.customer, row.key) not in held:
            held.add((row.customer, row.key))
            fills.append((row.customer, row.key, msgspec.json.encode(value).decode()))
            changed.add(row.listed)
    for told in problems:
        run(
            """INSERT INTO staging.problems (file, row, "column", code, value, rejected)
               VALUES (:file, :row, :column, :code, :value, 0)""",
            told,
        )
    if fills:
        run("INSERT INTO staging.filled_attributes VALUES (?, ?, ?)", fills)
        run(
            "UPDATE staging.listed_plan SET status = 'changed' WHERE listed = ? AND status = 'same'",
            [(listed,) for listed in changed],
        )


def _held(tx: Tx, customers: set[int]) -> set[tuple[int, str]]:
    told = attributes.of_customers(tx, sorted(customers))
    return {(customer, key) for customer, values in told.items() for key in values}


def _value(known: Mapping[str, Attribute], key: str, text: str) -> Value | None:
    if key not in known:
        return None
    try:
        return attribute_values.understand(known[key], text)
    except UserFailure:
        return None


def write(tx: Tx, change_set: int) -> None:
    """Write what was planned, every row in the journal."""
    rows = tx.connection.exec_driver_sql(
        "SELECT customer, key, value FROM staging.filled_attributes ORDER BY customer, key"
    ).all()
    ids = {key: attributes.keep(tx, key) for key in sorted({row.key for row in rows})}
    new = [
        {"customer_id": row.customer, "attribute_id": ids[row.key], "value": row.value, "edited_at": tx.now_seconds}
        for row in rows
    ]
    if new:
        tx.connection.execute(insert(customer_attributes), new)
        keys = [{"customer_id": row["customer_id"], "attribute_id": row["attribute_id"]} for row in new]
        journal.record(
            tx.connection, change_set, customer_attributes,
            [(key, None, row) for key, row in zip(keys, new, strict=True)],
        )  # fmt: skip


def take_back(connection: Connection, change_set: int) -> None:
    """Take back the values that a change set gave to those in `temp.freed`, where they are as they came."""
    connection.exec_driver_sql(
        """DELETE FROM customer_attributes WHERE (customer_id, attribute_id, value, edited_at) IN
             (SELECT json_extract(r.after, '$.customer_id'), json_extract(r.after, '$.attribute_id'),
                     json_extract(r.after, '$.value'), json_extract(r.after, '$.edited_at')
                FROM change_rows r WHERE r.change_set_id = ? AND r.table_name = 'customer_attributes'
                 AND r.before IS NULL AND json_extract(r.after, '$.customer_id') IN (SELECT id FROM temp.freed))""",
        (change_set,),
    )
