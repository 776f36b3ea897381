"""The planned people of lists written into the shop (C1, C5): every row but identities stands in the journal."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Table

from shopcrm.collect import consents_told, people_attributes
from shopcrm.collect.people_planning import ADDRESS, BIRTHDAY, FIELDS
from shopcrm.store import journal
from shopcrm.store.tables.customers import addresses, customers
from shopcrm.store.tables.notes import notes
from shopcrm.store.tables.tags import customer_tags, tags
from shopcrm.store.tx import Tx

FILLED: Final = (*FIELDS, *BIRTHDAY)
_FILLING: Final = (
    "listed_plan",
    "fills",
    "filled_tags",
    "filled_notes",
    "filled_addresses",
    "filled_identities",
    *people_attributes.TABLES,
    *consents_told.TABLES,
)
CONCERNED: Final = """SELECT customer FROM staging.listed_plan WHERE status != 'same'"""
"""SQL: the customers to whom lists added something."""


def number(connection: Connection, *, base: int) -> None:
    """Give the plan's new customers their ids."""
    for table in _FILLING:
        connection.exec_driver_sql(f"UPDATE staging.{table} SET customer = ? - customer WHERE customer < 0", (base,))


def write(tx: Tx, batch: int, change_set: int) -> None:
    """Write what the lists of the batch add to their customers, whose rows are there."""
    run = tx.connection.exec_driver_sql
    if run("SELECT 1 FROM staging.listed_plan LIMIT 1").first() is None:
        return
    _fill(tx, change_set)
    _tag(tx, change_set)
    people_attributes.write(tx, change_set)
    values = {"text": "f.text", "actor": ":actor", "created_at": ":now"}
    _add(tx, change_set, notes, source="staging.filled_notes", values=values, batch=batch)
    told = {name: f"f.{name}" for name in ADDRESS} | {"batch_id": ":batch"}
    _add(tx, change_set, addresses, source="staging.filled_addresses", values=told, batch=batch)
    run(
        """INSERT OR IGNORE INTO identities (customer_id, kind, platform, value, display, deciding, batch_id)
           SELECT f.customer, e.kind, e.platform, e.value, e.display,
                  f.deciding AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.kind = e.kind
                    AND i.platform = e.platform AND i.value = e.value AND i.deciding), ?
             FROM staging.filled_identities f CROSS JOIN staging.people e ON e.id = f.person
            ORDER BY e.kind, e.platform, e.value, f.customer""",
        (batch,),
    )
    run("INSERT OR IGNORE INTO batch_people SELECT ?, customer FROM staging.listed_plan", (batch,))
    run("INSERT OR IGNORE INTO batch_told SELECT ?, told, turn, customer FROM staging.listed_plan", (batch,))
    run(
        """INSERT OR IGNORE INTO batch_identities SELECT ?, i.id FROM staging.listed_plan p
            CROSS JOIN staging.told_by t ON t.listed = p.listed CROSS JOIN staging.people e ON e.id = t.person
            CROSS JOIN identities i ON i.kind = e.kind AND i.platform = e.platform AND i.value = e.value
              AND i.customer_id = p.customer""",
        (batch,),
    )


def _fill(tx: Tx, change_set: int) -> None:
    """Fill the blank fields. Of a customer's row only what lists tell is journalled: the rest goes its own way."""
    run = tx.connection.exec_driver_sql
    kept = ", ".join(f"c.{name}" for name in FILLED)
    question = f"SELECT c.id, {kept} FROM staging.fills f CROSS JOIN customers c ON c.id = f.customer ORDER BY c.id"
    before = run(question).fetchall()
    filled = ", ".join(f"coalesce(customers.{name}, f.{name})" for name in FILLED)
    run(
        f"""UPDATE customers SET ({", ".join(FILLED)}) =
              (SELECT {filled} FROM staging.fills f WHERE f.customer = customers.id)
            WHERE id IN (SELECT customer FROM staging.fills)"""
    )
    names = ("id", *FILLED)
    journal.record(
        tx.connection,
        change_set,
        customers,
        [
            ({"id": was[0]}, dict(zip(names, was, strict=True)), dict(zip(names, now, strict=True)))
            for was, now in zip(before, run(question), strict=True)
        ],
    )


def _tag(tx: Tx, change_set: int) -> None:
    run = tx.connection.exec_driver_sql
    new = [
        name
        for (name,) in run(
            "SELECT DISTINCT name FROM staging.filled_tags WHERE name NOT IN (SELECT name FROM main.tags) ORDER BY name"
        )
    ]
    for name in new:
        tx.add(tags, {"name": name})
    worn = [
        {"customer_id": customer, "tag_id": tag, "created_at": tx.now_seconds}
        for customer, tag in run(
            """SELECT DISTINCT f.customer, t.id FROM staging.filled_tags f JOIN main.tags t ON t.name = f.name
                WHERE NOT EXISTS (SELECT 1 FROM customer_tags w WHERE w.customer_id = f.customer AND w.tag_id = t.id)
                ORDER BY 1, 2"""
        )
    ]
    if worn:
        run(
            "INSERT INTO customer_tags (customer_id, tag_id, created_at) VALUES (?, ?, ?)",
            [tuple(row.values()) for row in worn],
        )
    keys = [{"customer_id": row["customer_id"], "tag_id": row["tag_id"]} for row in worn]
    journal.record(
        tx.connection, change_set, customer_tags, [(key, None, row) for key, row in zip(keys, worn, strict=True)]
    )


def _add(tx: Tx, change_set: int, table: Table, *, source: str, values: dict[str, str], batch: int) -> None:
    """Add a row for each row of a staged table."""
    run = tx.connection.exec_driver_sql
    last = run(f"SELECT coalesce(max(id), 0) FROM {table.name}").scalar_one()
    run(
        f"""INSERT INTO {table.name} (customer_id, {", ".join(values)})
            SELECT f.customer, {", ".join(values.values())} FROM {source} f ORDER BY f.rowid""",
        {"actor": tx.actor, "now": tx.now_seconds, "batch": batch},
    )
    rows: list[dict[str, Any]] = [
        dict(row) for row in run(f"SELECT * FROM {table.name} WHERE id > ? ORDER BY id", (last,)).mappings()
    ]
    journal.record(tx.connection, change_set, table, [({"id": row["id"]}, None, row) for row in rows])
