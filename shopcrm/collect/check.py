"""Is the shop in order (K2): the engine's own check, then everything derived is worked out again and compared."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.base.progress import SILENT, Progress
from shopcrm.collect import reviews_told, statistics
from shopcrm.collect.purchases import VALID
from shopcrm.store import search_index
from shopcrm.store.tx import Tx

EXAMPLES: Final = 5
_BLOCK: Final = 5_000

WORDS: Final = {
    "damage": N_("The file itself is damaged in {count} places. Restore a backup."),
    "orphan": N_("{count} rows of {table} belong to nothing. Examples: {examples}."),
    "sum": N_("{count} rows of {table} do not agree with what they are added up from. Examples: {examples}."),
    "statistics": N_("{count} customers have statistics that differ from their orders. Examples: {examples}."),
    "name": N_("{count} customers have a name that differs from their orders. Examples: {examples}."),
    "search": N_("{count} customers are not found by what they should be found by. Examples: {examples}."),
    "duplicate": N_("{count} entries of {table} stand twice. Examples: {examples}."),
}


@dataclass(frozen=True)
class Fault:
    """One kind of fault in one table: how many rows, and the ids of a few."""

    kind: str  # a key of WORDS
    table: str
    count: int
    examples: tuple[str, ...]


def check(tx: Tx, *, progress: Progress = SILENT) -> list[Fault]:
    """Every fault found. Needs a connection that may make temporary tables."""
    found = []
    steps = (_damage, _orphans, _sums, _statistics, _names, _search, _duplicates)
    for done, step in enumerate(steps):
        progress.report("checking", done=done, total=len(steps))
        found += step(tx)
    return found


def _fault(kind: str, table: str, rows: list[str]) -> list[Fault]:
    return [Fault(kind, table, len(rows), tuple(rows[:EXAMPLES]))] if rows else []


def _ids(tx: Tx, sql: str, **arguments: object) -> list[str]:
    return [str(row[0]) for row in tx.connection.exec_driver_sql(sql, arguments)]


def _damage(tx: Tx) -> list[Fault]:
    lines = _ids(tx, "PRAGMA cipher_integrity_check")
    lines += [line for line in _ids(tx, "PRAGMA integrity_check") if line != "ok"]
    return _fault("damage", "", lines)


def _orphans(tx: Tx) -> list[Fault]:
    rows: dict[str, list[str]] = defaultdict(list)
    for table, rowid, *_ in tx.connection.exec_driver_sql("PRAGMA foreign_key_check"):
        rows[table].append(str(rowid))
    faults = [fault for table, ids in sorted(rows.items()) for fault in _fault("orphan", table, ids)]
    unknown = "SELECT id FROM search_tokens_docsize WHERE id NOT IN (SELECT id FROM customers)"
    faults += _fault("orphan", "search_tokens", _ids(tx, unknown))
    without = "SELECT id FROM attachments WHERE digest NOT IN (SELECT digest FROM attachment_contents)"
    return [*faults, *_fault("orphan", "attachments", _ids(tx, without))]


def _sums(tx: Tx) -> list[Fault]:
    wrong = f"SELECT id FROM orders WHERE valid != {VALID}"
    unequal = """SELECT o.id FROM orders o JOIN order_items i ON i.order_id = o.id
                  WHERE o.amounts_from_items AND o.kind = 'order' AND o.state NOT IN ('unpaid', 'closed')
                  GROUP BY o.id HAVING count(i.paid) = count(*) AND sum(i.paid) != o.paid"""
    kept = "SELECT customer_id, day, orders, priced_orders, net, units FROM occasions"
    worked_out = statistics.OCCASIONS.format(customers="customers", orders="orders")
    return [
        *_fault("sum", "orders", _ids(tx, f"{wrong} UNION {unequal}")),
        *_fault("sum", "occasions", _differing(tx, kept, worked_out)),
        *_fault("sum", "reviews", [str(review) for review in reviews_told.differing(tx.connection)]),
    ]


def _differing(tx: Tx, kept: str, worked_out: str) -> list[str]:
    currency = {"currency": tx.shop.currency}
    found = {
        str(row[0])
        for first, second in ((kept, worked_out), (worked_out, kept))
        for row in tx.connection.exec_driver_sql(f"SELECT * FROM ({first}) EXCEPT SELECT * FROM ({second})", currency)
    }
    return sorted(found, key=int)


def _statistics(tx: Tx) -> list[Fault]:
    kept = f"SELECT {statistics.COLUMNS} FROM customer_statistics"
    worked_out = statistics.SUMS.format(customers="customers", orders="orders")
    return _fault("statistics", "customer_statistics", _differing(tx, kept, worked_out))


def _names(tx: Tx) -> list[Fault]:
    name = statistics.NAME.format(orders="orders")
    wrong = f"SELECT c.id FROM customers c WHERE NOT c.name_by_hand AND c.name IS NOT {name}"
    return _fault("name", "customers", _ids(tx, wrong))


def _search(tx: Tx) -> list[Fault]:
    run = tx.connection.exec_driver_sql
    run("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, search_tokens, instance)")
    indexed: dict[int, int] = defaultdict(int)
    for term, customer in run("SELECT term, doc FROM temp.vocabulary"):
        indexed[customer] ^= hash(term)
    run("DROP TABLE temp.vocabulary")
    wrong = []
    for customer, entry in search_index.entries(tx.connection, "SELECT id FROM customers"):
        expected = 0
        for term in search_index.tokens(entry):
            expected ^= hash(term)
        if indexed.get(customer, 0) != expected:
            wrong.append(str(customer))
    return _fault("search", "search_tokens", wrong)


def _duplicates(tx: Tx) -> list[Fault]:
    twice = "SELECT min(id) FROM {} GROUP BY {} HAVING count(*) > 1"
    identities = twice.format("identities", "kind, platform, value, iif(deciding, 0, id)")
    orders = twice.format("orders", "store_id, number, kind")
    return [*_fault("duplicate", "identities", _ids(tx, identities)), *_fault("duplicate", "orders", _ids(tx, orders))]
