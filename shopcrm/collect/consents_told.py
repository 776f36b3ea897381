"""What files tell of consents (C8): agreed to by customer and channel, planned, written and taken back.

A column of an export that names marketing consent is the platform's own record of it, so its "yes" becomes a consent
of that channel: with its day, with platform and file as the source and the column's name as the words. What merely
comes with an order, an address or a phone is the basis of a contract and never a consent.

| a file tells | becomes |
| --- | --- |
| yes | a consent, where nothing is known of the channel or a file took one back on an earlier day |
| no | nothing; but where a file of the same platform told yes, on that day or before: a refusal, which takes it back |

A "no" is no opt-out. Platforms write it for who never ticked a box as well as for who left the list, and an opt-out is
what somebody said of herself: it wins over everything, outlives her row and binds whoever shares her phone. Nor is it
a refusal where nothing was agreed to: nobody knows that she was asked.

Whatever was written down by hand of a channel stands: no file adds to it. An opt-out is a table of its own and wins
whatever a file says. Of one day and platform a "no" counts before a "yes". The day is that of the order, of a list that
of its export, else that on which its file was written.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, insert

from shopcrm.base import clock, platforms
from shopcrm.collect.consents import LONGEST_SOURCE
from shopcrm.store import journal
from shopcrm.store.tables.customers import consents
from shopcrm.store.tx import Tx

TABLES: Final = ("filled_consents", "consenting")

_TABLES: Final = (
    """CREATE TABLE staging.filled_consents (customer INTEGER, channel TEXT, given INTEGER, day INTEGER, source TEXT,
                                             wording TEXT, file INTEGER, listed INTEGER)""",
    # Whom the batch tells it of, with or without a change: an earlier import that told the same waits for this one.
    "CREATE TABLE staging.consenting (customer INTEGER PRIMARY KEY)",
)
_OF_LISTS: Final = """SELECT p.customer, t.channel, t.given, t."column", p.listed, NULL AS day, f.snapshot_at,
                             f.written_at, f.platform, f.name, f.file, t.rowid AS place
                        FROM staging.told_consents t JOIN staging.listed_plan p ON p.listed = t.listed
                        JOIN staging.files f ON f.file = p.file"""
_OF_ORDERS: Final = """SELECT p.customer, t.channel, t.given, t."column", NULL AS listed, s.day, f.snapshot_at,
                              f.written_at, f.platform, f.name, f.file, t.rowid AS place
                         FROM staging.told_consents t JOIN staging.orders s ON s.id = t.order_id
                         JOIN staging.matched m ON m.staged = s.id JOIN staging.plan p ON p.id = m.plan
                         JOIN staging.files f ON f.file = s.file WHERE p.customer IS NOT NULL"""


@dataclass(frozen=True)
class _Known:
    """The line of a channel that counts so far."""

    given: bool
    day: int
    platforms: frozenset[str]  # of the files that told it


def plan(tx: Tx) -> None:
    """Plan what the attached staging file tells of consents, after its orders and people have their customers."""
    run = tx.connection.exec_driver_sql
    for statement in _TABLES:
        run(statement)
    if run("SELECT 1 FROM staging.told_consents LIMIT 1").first() is None:
        return
    rows = [(_day(tx, row), row) for row in run(f"{_OF_LISTS} UNION ALL {_OF_ORDERS}").all()]
    if not rows:  # of orders that are nobody's
        return
    run("INSERT OR IGNORE INTO staging.consenting VALUES (?)", [(row.customer,) for _on, row in rows])
    refused = {(row.customer, row.channel, row.platform, on) for on, row in rows if not row.given}
    known, by_hand = _known(tx.connection, {row.customer for _on, row in rows})
    filled: list[tuple[Any, ...]] = []
    for on, row in sorted(rows, key=lambda one: (one[0], one[1].file, one[1].place)):
        about = row.customer, row.channel
        given = (*about, row.platform, on) not in refused
        if about in by_hand or given != bool(row.given):
            continue
        was = known.get(about)
        if given:
            adds = was is None or (not was.given and was.day < on)
        else:
            adds = was is not None and was.given and was.day <= on and row.platform in was.platforms
        if adds:
            known[about] = _Known(given, on, frozenset({row.platform}))
            source = f"{platforms.name(row.platform)} · {row.name}"[:LONGEST_SOURCE]
            filled.append((*about, int(given), on, source, row.column, row.file, row.listed))
    if filled:
        run("INSERT INTO staging.filled_consents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", filled)
        run(
            """UPDATE staging.listed_plan SET status = 'changed'
                WHERE status = 'same' AND listed IN (SELECT listed FROM staging.filled_consents)"""
        )


def _day(tx: Tx, row: Any) -> int:
    """The day on which it was so, as the shop counts days; never one that is still to come."""
    at = row.snapshot_at if row.snapshot_at is not None else row.written_at
    told = row.day if row.day is not None else None if at is None else clock.day_of(at, tz=tx.zone)
    return tx.today_number if told is None else min(int(told), tx.today_number)


def _known(
    connection: Connection, customers: set[int]
) -> tuple[dict[tuple[int, str], _Known], set[tuple[int, str]]]:  # fmt: skip
    """By customer and channel the line that counts, where files told it; and what stands by hand."""
    run = connection.exec_driver_sql
    becomes: dict[int, int] = dict(run("SELECT gone, keep FROM staging.merges").fetchall())
    asked = json.dumps(sorted({one for one in customers if one > 0} | becomes.keys()))
    told_by: dict[int, set[str]] = defaultdict(set)
    lines = run(
        """SELECT c.customer_id, c.channel, c.given, c.day, c.batch_id FROM main.consents c
            WHERE c.customer_id IN (SELECT value FROM json_each(?)) ORDER BY c.day, c.id""",
        (asked,),
    ).all()
    for batch, platform in run(
        """SELECT batch_id, json_extract(report, '$.platform') FROM main.import_files
            WHERE batch_id IN (SELECT value FROM json_each(?))""",
        (json.dumps(sorted({line.batch_id for line in lines if line.batch_id is not None})),),
    ):
        told_by[batch].add(platform)
    known: dict[tuple[int, str], _Known] = {}
    by_hand: set[tuple[int, str]] = set()
    for line in lines:
        customer = line.customer_id
        while customer in becomes:
            customer = becomes[customer]
        if line.batch_id is None:
            by_hand.add((customer, line.channel))
        known[customer, line.channel] = _Known(bool(line.given), line.day, frozenset(told_by[line.batch_id]))
    return known, by_hand


def write(tx: Tx, batch: int, change_set: int) -> None:
    """Write what was planned, every row in the journal; its customers are the batch's from now on."""
    run = tx.connection.exec_driver_sql
    told = run(
        "SELECT customer, channel, given, day, source, wording FROM staging.filled_consents ORDER BY rowid"
    ).all()
    if told:
        last = run("SELECT coalesce(max(id), 0) FROM consents").scalar_one()
        new = [
            {
                "customer_id": row.customer, "channel": row.channel, "given": bool(row.given), "day": row.day,
                "source": row.source, "wording": row.wording, "actor": tx.actor, "at": tx.now_seconds,
                "batch_id": batch,
            }
            for row in told
        ]  # fmt: skip
        tx.connection.execute(insert(consents), new)
        rows = run("SELECT * FROM consents WHERE id > ? ORDER BY id", (last,)).mappings().all()
        journal.record(
            tx.connection, change_set, consents, [({"id": row["id"]}, None, dict(row)) for row in rows]
        )  # fmt: skip
    run("INSERT OR IGNORE INTO batch_people SELECT ?, customer FROM staging.consenting", (batch,))


def counted(connection: Connection) -> dict[int, tuple[int, int]]:
    """By file of the plan how many consents it brings, and how many it takes back."""
    rows = connection.exec_driver_sql(
        "SELECT file, sum(given), sum(NOT given) FROM staging.filled_consents GROUP BY file"
    )
    return {file: (given, taken) for file, given, taken in rows}
