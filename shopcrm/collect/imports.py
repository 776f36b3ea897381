"""Imports that can be trusted (C1, C3): previewed, written in one transaction, undone as a whole."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

import msgspec
from sqlalchemy import Connection, insert, select, text, update

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.progress import SILENT, Progress
from shopcrm.collect import planning, statistics
from shopcrm.collect.foreign import Code, Problem
from shopcrm.collect.planning import ITEM_COLUMNS, ORDER_COLUMNS
from shopcrm.store import journal, search_index
from shopcrm.store.tables.imports import import_batches, import_files
from shopcrm.store.tables.journal import change_sets
from shopcrm.store.tables.orders import order_identities, order_items, orders
from shopcrm.store.tx import Tx

PROBLEMS_TOLD: Final = 10_000
_ORDER_VALUES: Final = tuple(name for name in ORDER_COLUMNS if name != "store")


@dataclass(eq=False)
class NoSuchBatch(UserFailure):
    """There is no import of that number that still stands."""

    text: ClassVar[str] = N_("There is no import to undo.")


@dataclass(frozen=True)
class FileReport:
    """What an import does, or did, with one file."""

    file: str
    platform: str
    report: str
    encoding: str
    rows: int
    columns: int
    orders_new: int
    orders_changed: int
    orders_same: int
    customers_new: int
    customers_changed: int
    unidentified_orders: int
    returns: int
    rejected: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class ImportReport:
    """What a batch does, or did. `batch` is None for a preview."""

    batch: int | None
    files: tuple[FileReport, ...]


@dataclass(frozen=True)
class Left:
    """Something an undo left in the shop, because others need it."""

    kind: str  # order | customer
    number: str
    because: str  # edited_since | later_import


@dataclass(frozen=True)
class UndoReport:
    """What an undo took back."""

    batch: int
    orders_removed: int
    customers_removed: int
    orders_restored: int
    kept: tuple[Left, ...]


@dataclass(frozen=True)
class Batch:
    """One line of the history of imports."""

    id: int
    at: int
    actor: str
    undone_at: int | None
    files: tuple[FileReport, ...]


def plan(tx: Tx, *, progress: Progress = SILENT) -> ImportReport:
    """What importing the attached staging file would do. Nothing is written to the shop."""
    with planning.stoppable(tx.connection, progress):
        planning.make(tx, progress=progress)
        return ImportReport(None, _reports(tx.connection))


def apply(tx: Tx, *, progress: Progress = SILENT) -> ImportReport:
    """Write the attached staging file into the shop: all of it or, when anything fails, nothing."""
    with planning.stoppable(tx.connection, progress):
        planning.make(tx, progress=progress)
        progress.report("writing", done=0, total=4)
        reports = _reports(tx.connection)
        change_set = tx.begin_change("import", files=len(reports), orders=sum(report.orders_new for report in reports))
        batch = _new_batch(tx, change_set, reports)
        run = tx.connection.exec_driver_sql
        _number_customers(tx, batch)
        _write_orders(tx, batch, change_set)
        progress.report("writing", done=1, total=4)
        _write_identities(tx, batch, change_set)
        run("INSERT INTO batch_orders SELECT ?, order_id, status FROM staging.plan", (batch,))
        progress.report("writing", done=2, total=4)
        statistics.mark_valid(tx.connection, order_ids="SELECT order_id FROM staging.plan WHERE status != 'same'")
        rows = run("SELECT DISTINCT customer FROM staging.plan WHERE status != 'same' AND customer IS NOT NULL")
        statistics.touch(tx.connection, [row for (row,) in rows])
        statistics.refresh(tx)
        progress.report("writing", done=3, total=4)
        search_index.refresh(tx.connection)
        progress.report("writing", done=4, total=4)
        return ImportReport(batch, reports)


def _reports(connection: Connection) -> tuple[FileReport, ...]:
    run = connection.exec_driver_sql
    # New customers belong to the first file, in the order of planning, that brought them.
    turns = {
        file: turn for turn, (file,) in enumerate(run(f"SELECT file FROM staging.files ORDER BY {planning.FILE_ORDER}"))
    }
    first: dict[int, int] = {}
    changed: dict[int, set[int]] = defaultdict(set)
    for file, customer, status in run(
        """SELECT DISTINCT m.file, p.customer, m.status FROM staging.matched m JOIN staging.plan p ON p.id = m.plan
            WHERE p.customer IS NOT NULL"""
    ):
        if customer < 0:
            if customer not in first or turns[file] < turns[first[customer]]:
                first[customer] = file
        elif status != "same":
            changed[file].add(customer)
    reports = []
    for file, name, platform, report, encoding, rows, header in run(
        "SELECT file, name, platform, report, encoding, rows, header FROM staging.files ORDER BY file"
    ).fetchall():
        told: dict[tuple[str, str], int] = {
            (kind, status): count
            for kind, status, count in run(
                """SELECT s.kind, m.status, count(*) FROM staging.matched m JOIN staging.orders s ON s.id = m.staged
                    WHERE m.file = ? GROUP BY 1, 2""",
                (file,),
            )
        }
        unidentified, returns = run(
            """SELECT count(*) FILTER (WHERE p.customer IS NULL AND p.kind = 'order'),
                      count(*) FILTER (WHERE p.kind = 'return')
                 FROM (SELECT DISTINCT plan FROM staging.matched WHERE file = ?) m
                 JOIN staging.plan p ON p.id = m.plan""",
            (file,),
        ).one()
        problems = tuple(
            Problem(row, column, Code(code), value, bool(rejected))
            for row, column, code, value, rejected in run(
                'SELECT row, "column", code, value, rejected FROM staging.problems WHERE file = ?'
                " ORDER BY row, rowid LIMIT ?",
                (file, PROBLEMS_TOLD),
            )
        )
        rejected = run(
            "SELECT count(DISTINCT row) FROM staging.problems WHERE file = ? AND rejected", (file,)
        ).scalar_one()
        reports.append(
            FileReport(
                file=name,
                platform=platform,
                report=report,
                encoding=encoding,
                rows=rows,
                columns=len(msgspec.json.decode(header)),
                orders_new=told.get(("order", "new"), 0),
                orders_changed=told.get(("order", "changed"), 0),
                orders_same=told.get(("order", "same"), 0),
                customers_new=sum(1 for owner in first.values() if owner == file),
                customers_changed=len(changed[file]),
                unidentified_orders=unidentified,
                returns=returns,
                rejected=rejected,
                problems=problems,
            )
        )
    return tuple(reports)


def _new_batch(tx: Tx, change_set: int, reports: tuple[FileReport, ...]) -> int:
    result = tx.connection.execute(
        insert(import_batches).values(at=tx.now_seconds, actor=tx.actor, change_set_id=change_set)
    )
    batch = int(result.lastrowid)
    for report in reports:
        # The history shows counts; the cells of problems are not kept.
        kept = replace(report, problems=())
        tx.connection.execute(
            insert(import_files).values(batch_id=batch, name=report.file, report=msgspec.json.encode(kept).decode())
        )
    return batch


def _number_customers(tx: Tx, batch: int) -> None:
    """Give the plan's new customers their ids and rows."""
    run = tx.connection.exec_driver_sql
    base = run("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'customers'), 0)").scalar_one()
    run(
        """INSERT INTO customers (id, name, name_by_hand, created_at, batch_id)
           SELECT ? - customer, '', 0, ?, ? FROM staging.plan
            WHERE customer < 0 GROUP BY customer ORDER BY customer DESC""",
        (base, tx.now_seconds, batch),
    )
    run("UPDATE staging.joins SET customer = ? - customer WHERE customer < 0", (base,))
    run("UPDATE staging.plan SET customer = ? - customer WHERE customer < 0", (base,))


def _write_orders(tx: Tx, batch: int, change_set: int) -> None:
    run = tx.connection.exec_driver_sql
    run(
        """INSERT OR IGNORE INTO stores (platform, name, batch_id)
           SELECT DISTINCT platform, store, ? FROM staging.plan WHERE status != 'same'""",
        (batch,),
    )
    base = run("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'orders'), 0)").scalar_one()
    run("UPDATE staging.plan SET order_id = ? + id WHERE status = 'new'", (base,))
    listed = ", ".join(_ORDER_VALUES)
    shown = ", ".join(f"p.{name}" for name in _ORDER_VALUES)
    store = "(SELECT t.id FROM stores t WHERE t.platform = p.platform AND t.name = p.store)"
    run(
        f"""INSERT INTO orders (id, store_id, customer_id, valid, {listed})
            SELECT p.order_id, {store}, p.customer, 0, {shown} FROM staging.plan p
             WHERE p.status = 'new' ORDER BY p.id"""
    )
    changed = "SELECT order_id FROM staging.plan WHERE status = 'changed'"
    before = _rows(tx.connection, orders, changed)
    run(
        f"""UPDATE orders SET (store_id, customer_id, {listed}) =
              (SELECT {store}, p.customer, {shown} FROM staging.plan p
                WHERE p.order_id = orders.id AND p.status = 'changed')
            WHERE id IN ({changed})"""
    )
    statistics.mark_valid(tx.connection, order_ids=changed)
    after = _rows(tx.connection, orders, changed)
    journal.record(tx.connection, change_set, orders, [({"id": key}, row, after[key]) for key, row in before.items()])
    _write_items(tx, change_set)


def _write_items(tx: Tx, change_set: int) -> None:
    run = tx.connection.exec_driver_sql
    replaced = "SELECT order_id FROM staging.plan WHERE status = 'changed' AND items_from IS NOT NULL"
    of_replaced = f"SELECT id FROM order_items WHERE order_id IN ({replaced})"
    before = _rows(tx.connection, order_items, of_replaced)
    run(f"DELETE FROM order_items WHERE order_id IN ({replaced})")
    listed = ", ".join(ITEM_COLUMNS)
    shown = ", ".join("coalesce(i.refunded, 0)" if name == "refunded" else f"i.{name}" for name in ITEM_COLUMNS)
    run(
        f"""INSERT INTO order_items (order_id, position, {listed})
            SELECT p.order_id, i.position, {shown}
              FROM staging.plan p CROSS JOIN staging.items i ON i.order_id = p.items_from
             WHERE p.status IN ('new', 'changed') AND p.items_from IS NOT NULL ORDER BY p.id, i.position"""
    )
    after = _rows(tx.connection, order_items, of_replaced)
    journal.record(tx.connection, change_set, order_items, [({"id": key}, row, None) for key, row in before.items()])
    journal.record(tx.connection, change_set, order_items, [({"id": key}, None, row) for key, row in after.items()])


def _write_identities(tx: Tx, batch: int, change_set: int) -> None:
    run = tx.connection.exec_driver_sql
    run(
        """INSERT OR IGNORE INTO identities (customer_id, kind, platform, value, display, deciding, batch_id)
           SELECT p.customer, i.kind, i.platform, i.value, min(i.display), max(i.deciding), ?
             FROM staging.plan p CROSS JOIN staging.matched m ON m.plan = p.id
             CROSS JOIN staging.identities i ON i.order_id = m.staged
            WHERE p.customer IS NOT NULL AND p.status != 'same'
            GROUP BY p.customer, i.kind, i.platform, i.value ORDER BY min(p.id), i.kind""",
        (batch,),
    )
    run(
        """INSERT INTO merges (customer_id, identity_id, evidence, at, batch_id)
           SELECT DISTINCT j.customer, i.id, json_object('kind', 'phone', 'value', j.evidence), ?, ?
             FROM staging.joins j JOIN identities i ON i.customer_id = j.customer AND i.kind = j.kind
              AND i.platform = j.platform AND i.value = j.value AND i.batch_id = ?""",
        (tx.now_seconds, batch, batch),
    )
    links = """SELECT DISTINCT p.order_id, i.id FROM staging.plan p
                 CROSS JOIN staging.matched m ON m.plan = p.id
                 CROSS JOIN staging.identities s ON s.order_id = m.staged
                 CROSS JOIN identities i ON i.customer_id = p.customer AND i.kind = s.kind AND i.platform = s.platform
                  AND i.value = s.value
                WHERE p.status = '{status}'"""
    run("INSERT INTO order_identities (order_id, identity_id) " + links.format(status="new"))
    gained = [
        tuple(row)
        for row in run(links.format(status="changed") + " EXCEPT SELECT order_id, identity_id FROM order_identities")
    ]
    if gained:
        run("INSERT INTO order_identities (order_id, identity_id) VALUES (?, ?)", gained)
        rows = [{"order_id": order, "identity_id": identity} for order, identity in gained]
        journal.record(tx.connection, change_set, order_identities, [(row, None, row) for row in rows])


def _rows(connection: Connection, table: Any, ids: str) -> dict[int, dict[str, Any]]:
    rows = connection.execute(select(table).where(table.c.id.in_(text(ids)))).mappings()
    return {row["id"]: dict(row) for row in rows}


def history(tx: Tx, *, limit: int = 200) -> list[Batch]:
    """The imports, newest first."""
    files: dict[int, list[FileReport]] = defaultdict(list)
    for batch, report in tx.connection.execute(
        select(import_files.c.batch_id, import_files.c.report).order_by(import_files.c.id)
    ):
        files[batch].append(msgspec.json.decode(report, type=FileReport))
    rows = tx.connection.execute(
        select(import_batches.c.id, import_batches.c.at, import_batches.c.actor, import_batches.c.undone_at)
        .order_by(import_batches.c.id.desc())
        .limit(limit)
    )
    return [Batch(row.id, row.at, row.actor, row.undone_at, tuple(files[row.id])) for row in rows]


def undo(tx: Tx, batch: int | None = None, *, progress: Progress = SILENT) -> UndoReport:
    """Take back a batch: its new orders go, its changes are reverted, its customers go when nothing else is theirs.

    What a later import or an edit needs is left and listed.
    """
    chosen = tx.connection.execute(
        select(import_batches.c.id, import_batches.c.change_set_id)
        .where(import_batches.c.undone_at.is_(None), *([import_batches.c.id == batch] if batch is not None else []))
        .order_by(import_batches.c.id.desc())
    ).first()
    if chosen is None:
        raise NoSuchBatch
    batch = int(chosen.id)
    with planning.stoppable(tx.connection, progress):
        progress.report("undoing", done=0, total=3)
        affected, kept = _revert_orders(tx, int(chosen.change_set_id))
        removed, also_kept = _remove_orders(tx, batch, affected)
        progress.report("undoing", done=1, total=3)
        gone = _remove_customers(tx, batch, affected)
        progress.report("undoing", done=2, total=3)
        run = tx.connection.exec_driver_sql
        statistics.touch(tx.connection, affected | gone)
        statistics.refresh(tx)
        search_index.refresh(tx.connection)
        run(
            "DELETE FROM stores WHERE batch_id = ?"
            " AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.store_id = stores.id)",
            (batch,),
        )
        tx.connection.execute(
            update(import_batches).where(import_batches.c.id == batch).values(undone_at=tx.now_seconds)
        )
        change_set = tx.begin_change("undo_import", batch=batch, orders=removed, customers=len(gone))
        tx.connection.execute(
            update(change_sets).where(change_sets.c.id == chosen.change_set_id).values(undone_at=tx.now_seconds)
        )
        tx.connection.execute(
            update(change_sets).where(change_sets.c.id == change_set).values(undo_of=chosen.change_set_id)
        )
        progress.report("undoing", done=3, total=3)
    restored = len(tx.connection.execute(text("SELECT 1 FROM temp.reverted")).fetchall())
    return UndoReport(batch, removed, len(gone), restored, (*kept, *also_kept))


def _revert_orders(tx: Tx, change_set: int) -> tuple[set[int], list[Left]]:
    """Give the orders that the batch changed back what they were, unless they changed since."""
    run = tx.connection.exec_driver_sql
    affected: set[int] = set()
    kept: list[Left] = []
    run("CREATE TEMP TABLE IF NOT EXISTS reverted (id INTEGER PRIMARY KEY)")
    run("DELETE FROM temp.reverted")
    for before, after in journal.touched(tx.connection, change_set, orders):
        if before is None or after is None:
            continue
        current = tx.connection.execute(select(orders).where(orders.c.id == after["id"])).mappings().first()
        if current is None:
            continue
        if dict(current) != after:
            kept.append(Left("order", after["number"], "edited_since"))
            continue
        tx.connection.execute(update(orders).where(orders.c.id == after["id"]).values(**before))
        run("INSERT INTO temp.reverted VALUES (?)", (after["id"],))
        affected |= {owner for owner in (before["customer_id"], after["customer_id"]) if owner is not None}
    reverted = {row for (row,) in run("SELECT id FROM temp.reverted")}
    items = journal.touched(tx.connection, change_set, order_items)
    for before, after in items:
        if before is None and after is not None and after["order_id"] in reverted:
            run("DELETE FROM order_items WHERE id = ?", (after["id"],))
    for before, after in items:
        if after is None and before is not None and before["order_id"] in reverted:
            tx.connection.execute(insert(order_items).values(**before))
    for before, after in journal.touched(tx.connection, change_set, order_identities):
        if before is None and after is not None and after["order_id"] in reverted:
            run("DELETE FROM order_identities WHERE order_id = ? AND identity_id = ?", tuple(after.values()))
    return affected, kept


def _remove_orders(tx: Tx, batch: int, affected: set[int]) -> tuple[int, list[Left]]:
    """Remove the orders that the batch brought, but for those that a later standing batch held too."""
    run = tx.connection.exec_driver_sql
    run("CREATE TEMP TABLE IF NOT EXISTS leaving (id INTEGER PRIMARY KEY)")
    run("DELETE FROM temp.leaving")
    # Brought by this batch; or by one that was undone before, which left it because this one held it too.
    run(
        """INSERT INTO temp.leaving SELECT h.order_id FROM batch_orders h WHERE h.batch_id = :batch AND EXISTS
             (SELECT 1 FROM batch_orders n JOIN import_batches b ON b.id = n.batch_id
               WHERE n.order_id = h.order_id AND n.status = 'new' AND (n.batch_id = :batch OR b.undone_at IS NOT NULL))""",
        {"batch": batch},
    )
    held = """SELECT l.id FROM temp.leaving l CROSS JOIN batch_orders h ON h.order_id = l.id AND h.batch_id != :batch
                JOIN import_batches b ON b.id = h.batch_id AND b.undone_at IS NULL"""
    numbers = run(f"SELECT number FROM orders WHERE id IN ({held}) ORDER BY id", {"batch": batch})
    kept = [Left("order", number, "later_import") for (number,) in numbers]
    run(f"DELETE FROM temp.leaving WHERE id IN ({held})", {"batch": batch})
    affected |= {
        owner
        for (owner,) in run(
            "SELECT DISTINCT o.customer_id FROM temp.leaving l CROSS JOIN orders o ON o.id = l.id"
            " WHERE o.customer_id IS NOT NULL"
        )
    }
    for table in ("order_items", "order_identities"):
        run(f"DELETE FROM {table} WHERE order_id IN (SELECT id FROM temp.leaving)")
    removed = run("DELETE FROM orders WHERE id IN (SELECT id FROM temp.leaving)").rowcount
    return removed, kept


def _remove_customers(tx: Tx, batch: int, affected: set[int]) -> set[int]:
    """Remove the batch's customers who have nothing left, and its identities that no order names any more."""
    run = tx.connection.exec_driver_sql
    undone = "(SELECT :batch UNION SELECT id FROM import_batches WHERE undone_at IS NOT NULL)"
    ours = f"""SELECT c.id FROM customers c WHERE c.batch_id IN {undone} AND NOT c.name_by_hand
                AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)
                AND NOT EXISTS (SELECT 1 FROM notes n WHERE n.customer_id = c.id)
                AND NOT EXISTS (SELECT 1 FROM customer_tags t WHERE t.customer_id = c.id)
                AND NOT EXISTS (SELECT 1 FROM reminder_actions r WHERE r.customer_id = c.id)"""
    gone = {row for (row,) in run(ours, {"batch": batch})}
    statistics.touch(tx.connection, gone)
    listed = "(SELECT id FROM temp.touched)"
    for table in ("merges", "identities", "occasions", "customer_statistics"):
        run(f"DELETE FROM {table} WHERE customer_id IN {listed}")
    run(f"DELETE FROM customers WHERE id IN {listed}")
    # A customer who stays for a note alone keeps the identities by which the note's owner is known.
    unnamed = f"""SELECT i.id FROM identities i WHERE i.batch_id IN {undone}
                   AND NOT EXISTS (SELECT 1 FROM order_identities l WHERE l.identity_id = i.id)
                   AND EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = i.customer_id)"""
    affected |= {
        owner
        for (owner,) in run(f"SELECT DISTINCT customer_id FROM identities WHERE id IN ({unnamed})", {"batch": batch})
    }
    run(f"DELETE FROM merges WHERE identity_id IN ({unnamed})", {"batch": batch})
    run(f"DELETE FROM identities WHERE id IN ({unnamed})", {"batch": batch})
    affected -= gone
    return gone
