"""Imports that can be trusted (C1, C3): previewed, written in one transaction, undone as a whole."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, insert, select, text

from shopcrm.base.progress import SILENT, Progress
from shopcrm.collect import customer_merges, planning, statistics
from shopcrm.collect.foreign import Code, Problem
from shopcrm.collect.planning import ITEM_COLUMNS, ORDER_COLUMNS
from shopcrm.store import journal, search_index
from shopcrm.store.tables.imports import import_batches, import_files
from shopcrm.store.tables.journal import change_sets
from shopcrm.store.tables.orders import order_identities, order_items, orders
from shopcrm.store.touched import touch
from shopcrm.store.tx import Tx

PROBLEMS_TOLD: Final = 10_000
_ORDER_VALUES: Final = tuple(name for name in ORDER_COLUMNS if name != "store")


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
class Totals:
    """What a batch does with orders, each counted once however many of its files tell it."""

    new: int = 0
    changed: int = 0
    same: int = 0
    returns: int = 0  # new ones that are documents of their own; the figures above are without returns


@dataclass(frozen=True)
class ImportReport:
    """What a batch does, or did. `batch` is None for a preview."""

    batch: int | None
    files: tuple[FileReport, ...]
    orders: Totals


@dataclass(frozen=True)
class Batch:
    """One line of the history of imports."""

    id: int
    at: int
    actor: str
    undone_at: int | None
    files: tuple[FileReport, ...]
    orders: Totals


def plan(tx: Tx, *, progress: Progress = SILENT) -> ImportReport:
    """What importing the attached staging file would do. Nothing is written to the shop."""
    with planning.stoppable(tx.connection, progress):
        planning.make(tx, progress=progress)
        return ImportReport(None, _reports(tx.connection), _totals(tx.connection))


def apply(tx: Tx, *, progress: Progress = SILENT) -> ImportReport:
    """Write the attached staging file into the shop: all of it or, when anything fails, nothing."""
    with planning.stoppable(tx.connection, progress):
        planning.make(tx, progress=progress)
        progress.report("writing", done=0, total=4)
        reports = _reports(tx.connection)
        totals = _totals(tx.connection)
        change_set = tx.begin_change("import", files=len(reports), **asdict(totals))
        batch = _new_batch(tx, change_set, reports)
        run = tx.connection.exec_driver_sql
        merged: set[int] = set()
        _number_customers(tx, batch)
        for keep, gone, phone in run("SELECT keep, gone, evidence FROM staging.merges ORDER BY gone").all():
            evidence = {"kind": "phone", "value": phone}
            customer_merges.merge(tx, change_set, keep=keep, gone=gone, evidence=evidence, batch=batch)
            merged |= {keep, gone}
        _write_orders(tx, batch, change_set)
        progress.report("writing", done=1, total=4)
        _write_identities(tx, batch, change_set)
        run("INSERT INTO batch_orders SELECT ?, order_id, status FROM staging.plan", (batch,))
        progress.report("writing", done=2, total=4)
        statistics.mark_valid(tx.connection, order_ids="SELECT order_id FROM staging.plan WHERE status != 'same'")
        rows = run("SELECT DISTINCT customer FROM staging.plan WHERE status != 'same' AND customer IS NOT NULL")
        touch(tx.connection, {row for (row,) in rows} | merged)
        renamed = statistics.refresh(tx)
        progress.report("writing", done=3, total=4)
        gained = run("SELECT customer_id FROM identities WHERE batch_id = ?", (batch,))
        touch(tx.connection, renamed.union((customer for (customer,) in gained), merged))
        search_index.refresh(tx.connection)
        progress.report("writing", done=4, total=4)
        return ImportReport(batch, reports, totals)


def _totals(connection: Connection) -> Totals:
    run = connection.exec_driver_sql
    orders = run("SELECT status, count(*) FROM staging.plan WHERE kind = 'order' GROUP BY status").fetchall()
    returns = run("SELECT count(*) FROM staging.plan WHERE kind = 'return' AND status = 'new'").scalar_one()
    return Totals(**{row[0]: row[1] for row in orders}, returns=returns)


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
        select(
            import_batches.c.id,
            import_batches.c.at,
            import_batches.c.actor,
            import_batches.c.undone_at,
            change_sets.c.summary,
        )
        .join(change_sets, change_sets.c.id == import_batches.c.change_set_id)
        .order_by(import_batches.c.id.desc())
        .limit(limit)
    )
    return [
        Batch(
            row.id,
            row.at,
            row.actor,
            row.undone_at,
            tuple(files[row.id]),
            msgspec.json.decode(row.summary, type=Totals),
        )
        for row in rows
    ]
