"""What lists of people added is taken back (C3, C5), as far as no later list tells the same person.

What a later list needs stays with the person until that one is undone too; what was edited since stays for good.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from sqlalchemy import select

from shopcrm.collect import people_attributes
from shopcrm.collect.people_planning import ADDRESS, BIRTHDAY, FIELDS
from shopcrm.store.tables.imports import import_batches
from shopcrm.store.tx import Tx

_TOGETHER: Final = (*((name,) for name in FIELDS), BIRTHDAY)  # what is filled, and taken back, as one
_SIDES: Final = ("before", "after")

# A note that was pinned, or has files by now, is the owner's.
_UNTOUCHED: Final = "NOT t.pinned AND NOT EXISTS (SELECT 1 FROM attachments f WHERE f.note_id = t.id)"

_SAID: Final = ("channel", "given", "day")

STANDING: Final = """SELECT b.id FROM import_batches b WHERE b.undone_at IS NULL AND b.id != :batch"""
"""SQL: the batches that stand when one of them is undone."""


def revert(tx: Tx, batch: int) -> tuple[set[int], list[str]]:
    """Take back what the lists of a batch added, and of undone ones what had to wait for it.

    Returns the customers concerned, and the names of those who are left because a later list tells them too.
    """
    run = tx.connection.exec_driver_sql
    free: dict[int, set[int]] = defaultdict(set)
    concerned: set[int] = set()
    kept: list[str] = []
    for told_by, customer, later, name in run(
        """SELECT h.batch_id, h.customer_id, EXISTS (SELECT 1 FROM batch_people n JOIN import_batches s
                  ON s.id = n.batch_id AND s.undone_at IS NULL AND s.id != :batch AND s.id > h.batch_id
                 WHERE n.customer_id = h.customer_id), c.name
             FROM batch_people h LEFT JOIN customers c ON c.id = h.customer_id
            WHERE h.batch_id = :batch OR (h.batch_id IN (SELECT id FROM import_batches WHERE undone_at IS NOT NULL)
              AND h.customer_id IN (SELECT customer_id FROM batch_people WHERE batch_id = :batch))
            ORDER BY h.batch_id DESC, h.customer_id""",
        {"batch": batch},
    ).fetchall():
        if not later:
            free[told_by].add(customer)
        elif told_by == batch:
            kept.append(name or str(customer))
    for told_by, theirs in free.items():
        change_set = tx.connection.execute(
            select(import_batches.c.change_set_id).where(import_batches.c.id == told_by)
        ).scalar_one()
        concerned |= _take_back(tx, int(change_set), theirs)
        gone = [(told_by, customer) for customer in theirs]
        for table in ("batch_people", "batch_told"):
            run(f"DELETE FROM {table} WHERE batch_id = ? AND customer_id = ?", gone)
    run(  # a tag that an import made goes with the last one who wears it
        """DELETE FROM tags WHERE id NOT IN (SELECT tag_id FROM customer_tags) AND colour IS NULL AND tag_group IS NULL
              AND id IN
             (SELECT json_extract(r.row_key, '$.id') FROM change_rows r JOIN import_batches b
                 ON b.change_set_id = r.change_set_id AND (b.id = :batch OR b.undone_at IS NOT NULL)
               WHERE r.table_name = 'tags' AND r.before IS NULL)""",
        {"batch": batch},
    )
    return concerned, kept


def _take_back(tx: Tx, change_set: int, theirs: set[int]) -> set[int]:
    """Take back what a change set gave to some customers, in a few statements for all; those who had anything."""
    run = tx.connection.exec_driver_sql
    run("CREATE TEMP TABLE freed (id INTEGER PRIMARY KEY)")
    run("INSERT INTO temp.freed VALUES (?)", [(customer,) for customer in theirs])
    arguments = {"set": change_set}
    concerned = {
        customer
        for (customer,) in run(
            """SELECT DISTINCT coalesce(json_extract(r.after, '$.customer_id'), json_extract(r.after, '$.id'))
                 FROM change_rows r WHERE r.change_set_id = :set AND r.after IS NOT NULL
                  AND r.table_name IN ('customers', 'notes', 'addresses', 'customer_tags', 'customer_attributes')""",
            arguments,
        )
    } & theirs
    # A row that is as it came goes, whosever it became.
    for table, same, besides in (
        ("notes", ("text", "edited_at"), _UNTOUCHED), ("addresses", ADDRESS, "TRUE"), ("consents", _SAID, "TRUE"),
    ):  # fmt: skip
        unchanged = " AND ".join((*(f"t.{name} IS json_extract(r.after, '$.{name}')" for name in same), besides))
        run(
            f"""DELETE FROM {table} WHERE id IN
                  (SELECT t.id FROM change_rows r JOIN {table} t ON t.id = json_extract(r.row_key, '$.id')
                    WHERE r.change_set_id = :set AND r.table_name = '{table}' AND r.before IS NULL AND {unchanged}
                      AND json_extract(r.after, '$.customer_id') IN (SELECT id FROM temp.freed))""",
            arguments,
        )
    run(
        """DELETE FROM customer_tags WHERE (customer_id, tag_id, created_at) IN
             (SELECT json_extract(r.after, '$.customer_id'), json_extract(r.after, '$.tag_id'),
                     json_extract(r.after, '$.created_at')
                FROM change_rows r WHERE r.change_set_id = :set AND r.table_name = 'customer_tags'
                 AND r.before IS NULL AND json_extract(r.after, '$.customer_id') IN (SELECT id FROM temp.freed))""",
        arguments,
    )
    people_attributes.take_back(tx.connection, change_set)
    _empty(tx, arguments)
    run("DROP TABLE temp.freed")
    return concerned


def _empty(tx: Tx, arguments: dict[str, int]) -> None:
    """Make the fields blank again that were filled and are as they were filled."""
    run = tx.connection.exec_driver_sql
    names = [name for together in _TOGETHER for name in together]
    told = ", ".join(f"json_extract(r.{side}, '$.{name}') AS {side}_{name}" for name in names for side in _SIDES)
    run(
        f"""CREATE TEMP TABLE filled AS SELECT json_extract(r.row_key, '$.id') AS id, {told} FROM change_rows r
             WHERE r.change_set_id = {int(arguments["set"])} AND r.table_name = 'customers' AND r.before IS NOT NULL
               AND r.after IS NOT NULL AND json_type(r.after, '$.{FIELDS[0]}') IS NOT NULL
               AND json_extract(r.row_key, '$.id') IN (SELECT id FROM temp.freed)"""
    )
    for together in _TOGETHER:
        still = " AND ".join(f"c.{name} IS f.after_{name}" for name in together)
        were = " OR ".join(f"f.before_{name} IS NOT f.after_{name}" for name in together)
        back = ", ".join(f"{name} = f.before_{name}" for name in together)
        run(f"UPDATE customers AS c SET {back} FROM temp.filled f WHERE f.id = c.id AND {still} AND ({were})")
    run("DROP TABLE temp.filled")
