"""What lists of people added is taken back (C3, C5), as far as no later list tells the same person.

What a later list needs stays with the person until that one is undone too; what was edited since stays for good.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Table, delete, select, update

from shopcrm.collect.people_planning import BIRTHDAY, FIELDS
from shopcrm.store import journal
from shopcrm.store.tables.customers import addresses, customers
from shopcrm.store.tables.imports import import_batches
from shopcrm.store.tables.notes import notes
from shopcrm.store.tables.tags import customer_tags
from shopcrm.store.tx import Tx

_TOGETHER: Final = (*((name,) for name in FIELDS), BIRTHDAY)  # what is filled, and taken back, as one

STANDING: Final = """SELECT b.id FROM import_batches b WHERE b.undone_at IS NULL AND b.id != :batch"""
"""SQL: the batches that stand when one of them is undone."""


def revert(tx: Tx, batch: int) -> tuple[set[int], list[str]]:
    """Take back what the lists of a batch added, and of undone ones what had to wait for it.

    Returns the customers concerned, and the names of those who are left because a later list tells them too.
    """
    run = tx.connection.exec_driver_sql
    free: dict[int, set[int]] = defaultdict(set)
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
        _take_back(tx, int(change_set), theirs)
        gone = [(told_by, customer) for customer in theirs]
        run("DELETE FROM batch_people WHERE batch_id = ? AND customer_id = ?", gone)
    run(  # a tag that an import made goes with the last one who wears it
        """DELETE FROM tags WHERE id NOT IN (SELECT tag_id FROM customer_tags) AND id IN
             (SELECT json_extract(r.row_key, '$.id') FROM change_rows r JOIN import_batches b
                 ON b.change_set_id = r.change_set_id AND (b.id = :batch OR b.undone_at IS NOT NULL)
               WHERE r.table_name = 'tags' AND r.before IS NULL)""",
        {"batch": batch},
    )
    return set().union(*free.values()), kept


def _take_back(tx: Tx, change_set: int, theirs: set[int]) -> None:
    for before, after in journal.touched(tx.connection, change_set, customers):
        if before is not None and after is not None and after["id"] in theirs and FIELDS[0] in after:
            _empty(tx, before, after)
    for table in (notes, addresses):
        for before, after in journal.touched(tx.connection, change_set, table):
            if before is None and after is not None and after["customer_id"] in theirs:
                _remove(tx, table, after)
    run = tx.connection.exec_driver_sql
    for before, after in journal.touched(tx.connection, change_set, customer_tags):
        if before is None and after is not None and after["customer_id"] in theirs:
            run("DELETE FROM customer_tags WHERE customer_id = ? AND tag_id = ? AND created_at = ?",
                tuple(after[name] for name in ("customer_id", "tag_id", "created_at")))  # fmt: skip


def _empty(tx: Tx, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Make the fields blank again that were filled and are as they were filled."""
    current = tx.connection.execute(select(customers).where(customers.c.id == after["id"])).mappings().first()
    if current is None:
        return
    back = {
        name: before[name]
        for names in _TOGETHER
        if _part(before, names) != _part(after, names) == _part(current, names)
        for name in names
    }
    if back:
        tx.connection.execute(update(customers).where(customers.c.id == after["id"]).values(**back))


def _part(row: Any, names: Sequence[str]) -> list[Any]:
    return [row[name] for name in names]


def _remove(tx: Tx, table: Table, row: Mapping[str, Any]) -> None:
    """Remove a row that is as it came, whosever it became."""
    current = tx.connection.execute(select(table).where(table.c.id == row["id"])).mappings().first()
    if current is not None and {**current, "customer_id": row["customer_id"]} == dict(row):
        tx.connection.execute(delete(table).where(table.c.id == row["id"]))
