"""Imports that can be trusted (C1, C3): previewed, written in one transaction, undone as a whole."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import Final

import msgspec
from sqlalchemy import Connection, insert, select

from shopcrm.base import garbage
from shopcrm.base.progress import SILENT, Progress
from shopcrm.collect import (
    consents,
    consents_told,
    customer_merges,
    people_writing,
    planning,
    reviews_told,
    statistics,
    writing,
)
from shopcrm.collect.foreign import Code, Problem
from shopcrm.store import search_index
from shopcrm.store.engine import stoppable
from shopcrm.store.tables.imports import import_batches, import_files
from shopcrm.store.tables.journal import change_sets
from shopcrm.store.touched import touch_those
from shopcrm.store.tx import Tx

PROBLEMS_TOLD: Final = 10_000


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
    # Of a list of people: the rows that made a customer, that added something to one, that told what is known.
    people_new: int = 0
    people_changed: int = 0
    people_same: int = 0
    # Of consents to be written to, by channel: those that it brings, and those that it takes back.
    agreed: int = 0
    withdrawn: int = 0
    # Of reviews: those that it brings, and those of which it tells more or otherwise.
    reviews_new: int = 0
    reviews_changed: int = 0


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
    with stoppable(tx.connection, progress), garbage.left_alone():
        planning.make(tx, progress=progress)
        return _report(tx.connection)


def apply(tx: Tx, *, progress: Progress = SILENT) -> ImportReport:
    """Write the attached staging file into the shop: all of it or, when anything fails, nothing."""
    with stoppable(tx.connection, progress), garbage.left_alone():
        planning.make(tx, progress=progress)
        progress.report("writing", done=0, total=4)
        report = _report(tx.connection)
        change_set = tx.begin_change("import", files=len(report.files), **asdict(report.orders))
        batch = _new_batch(tx, change_set, report.files)
        run = tx.connection.exec_driver_sql
        merged: set[int] = set()
        _number_customers(tx, batch)
        for keep, gone, phone in run("SELECT keep, gone, evidence FROM staging.merges ORDER BY gone").all():
            evidence = {"kind": "phone", "value": phone}
            customer_merges.merge(tx, keep=keep, gone=gone, evidence=[evidence], batch=batch)
            merged |= {keep, gone}
        # Each step is done with its pages when it ends: one that is written twice costs three times as much.
        last_order = writing.orders(tx, batch, change_set)
        progress.report("writing", done=1, total=4)
        writing.identities(tx, batch)
        people_writing.write(tx, batch, change_set)
        consents_told.write(tx, batch, change_set)
        reviews_told.write(tx, batch)
        consents.relink(tx, identities_of="batch_id = ?", arguments=(batch,))
        changed = f"""SELECT customer FROM staging.plan WHERE status = 'changed' AND customer IS NOT NULL
                      UNION {people_writing.CONCERNED}"""
        touch_those(tx.connection, changed, also=merged)
        gained = "SELECT customer_id FROM identities WHERE batch_id = ?"
        with search_index.ahead(tx.connection, gained, (batch,), progress=progress) as ready:
            statistics.refresh(tx)
            statistics.add(
                tx,
                since=last_order,
                identified=gained,
                arguments=(batch,),
            )
            ready.name(tx.connection)
            progress.report("writing", done=2, total=4)
            writing.links(tx, change_set)
            run("INSERT INTO batch_orders SELECT ?, order_id, status FROM staging.plan", (batch,))
            progress.report("writing", done=3, total=4)
            touch_those(tx.connection, f"SELECT id FROM temp.renamed UNION {gained}", (batch,), also=merged)
            search_index.refresh(tx.connection, progress=progress, ready=ready)
        progress.report("writing", done=4, total=4)
        return replace(report, batch=batch)


def _report(connection: Connection) -> ImportReport:
    """What the plan comes to; counted once, it stands beside the plan."""
    run = connection.exec_driver_sql
    known = run("SELECT report FROM staging.planned").scalar_one()
    if known is not None:
        return msgspec.json.decode(known, type=ImportReport)
    report = ImportReport(None, _reports(connection), _totals(connection))
    run("UPDATE staging.planned SET report = ?", (msgspec.json.encode(report).decode(),))
    return report


def _totals(connection: Connection) -> Totals:
    run = connection.exec_driver_sql
    orders = run("SELECT status, count(*) FROM staging.plan WHERE kind = 'order' GROUP BY status").fetchall()
    returns = run("SELECT count(*) FROM staging.plan WHERE kind = 'return' AND status = 'new'").scalar_one()
    return Totals(**{row[0]: row[1] for row in orders}, returns=returns)


def _reports(connection: Connection) -> tuple[FileReport, ...]:
    run = connection.exec_driver_sql
    # New customers belong to the first file, in the order of planning, that brought them.
    turns = f"(SELECT file, row_number() OVER (ORDER BY {planning.FILE_ORDER}) AS turn FROM staging.files)"
    planned = "staging.matched m CROSS JOIN staging.plan p ON p.id = m.plan"
    new: dict[int, int] = dict(
        run(
            f"""SELECT t.file, count(*) FROM
                  (SELECT min(t.turn) AS turn FROM
                    (SELECT m.file, p.customer FROM {planned} UNION ALL SELECT file, customer FROM staging.listed_plan)
                     m JOIN {turns} t ON t.file = m.file
                    WHERE m.customer < 0 GROUP BY m.customer) first
                 JOIN {turns} t ON t.turn = first.turn GROUP BY t.file"""
        ).fetchall()
    )
    changed: dict[int, int] = dict(
        run(
            f"""SELECT file, count(DISTINCT customer) FROM
                  (SELECT m.file, p.customer, m.status FROM {planned}
                   UNION ALL SELECT file, customer, status FROM staging.listed_plan)
                 WHERE customer > 0 AND status != 'same' GROUP BY file"""
        ).fetchall()
    )
    people: dict[int, dict[str, int]] = defaultdict(dict)
    for file, status, count in run("SELECT file, status, count(*) FROM staging.listed_plan GROUP BY 1, 2"):
        people[file][f"people_{status}"] = count
    told_consents = consents_told.counted(connection)
    told_reviews = reviews_told.counted(connection)
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
                'SELECT row, "column", code, value, rejected FROM staging.problems'
                " WHERE file = ? AND way IS NULL ORDER BY row, rowid LIMIT ?",
                (file, PROBLEMS_TOLD),
            )
        )
        rejected = run(
            "SELECT count(DISTINCT row) FROM staging.problems WHERE file = ? AND rejected", (file,)
        ).scalar_one()
        agreed, withdrawn = told_consents.get(file, (0, 0))
        reviews_new, reviews_changed = told_reviews.get(file, (0, 0))
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
                customers_new=new.get(file, 0),
                customers_changed=changed.get(file, 0),
                unidentified_orders=unidentified,
                returns=returns,
                rejected=rejected,
                problems=problems,
                agreed=agreed,
                withdrawn=withdrawn,
                reviews_new=reviews_new,
                reviews_changed=reviews_changed,
                **people[file],
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
    base: int = run("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'customers'), 0)").scalar_one()
    run(
        """INSERT INTO customers (id, name, name_by_hand, created_at, batch_id)
           SELECT ? + id, '', 0, ?, ? FROM staging.newcomers ORDER BY id""",
        (base, tx.now_seconds, batch),
    )
    run("UPDATE staging.joins SET customer = ? - customer WHERE customer < 0", (base,))
    run("UPDATE staging.plan SET customer = ? - customer WHERE customer < 0", (base,))
    people_writing.number(tx.connection, base=base)


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
