"""What an import will do (C1, C3): every order of a staged batch matched, merged and given to a customer.

The plan is written into the staging file, never into the shop. The preview shows it; the import writes it. Files are
taken order report → table → item report, older exports first, so that what one file says is known to the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection

from shopcrm.base.progress import Progress
from shopcrm.collect import merging
from shopcrm.collect.identities import Claim, Holder, IdentityKey, Known, first_deciding, resolve
from shopcrm.store.tx import Tx

ORDER_COLUMNS: Final = (
    "number", "kind", "store", "state", "currency", *merging.TIMES, "plain_dates", "day", "paid", "refunded",
    "amounts_from_items", "units", *merging.TEXTS, "snapshot_at",
)  # fmt: skip
_LISTED: Final = ", ".join(ORDER_COLUMNS)
ITEM_COLUMNS: Final = (
    "line_number", "article", "title", "variant", "quantity", "price", "paid", "refunded", "state"
)  # fmt: skip

_TABLES: Final = (
    f"""CREATE TABLE staging.plan (
        id INTEGER PRIMARY KEY, platform TEXT NOT NULL, {_LISTED},
        order_id INTEGER, customer INTEGER, status TEXT NOT NULL, items_from INTEGER)""",
    "CREATE UNIQUE INDEX staging.plan_key ON plan (platform, store, number, kind)",
    "CREATE INDEX staging.plan_order ON plan (order_id)",
    "CREATE INDEX staging.plan_number ON plan (platform, number)",
    "CREATE TABLE staging.matched (staged INTEGER PRIMARY KEY, file INTEGER, plan INTEGER, status TEXT, turn INTEGER)",
    "CREATE INDEX staging.matched_plan ON matched (plan)",
    "CREATE TABLE staging.joins (customer INTEGER, kind TEXT, platform TEXT, value TEXT, evidence TEXT)",
    "CREATE TABLE staging.merges (keep INTEGER, gone INTEGER, evidence TEXT)",
    "CREATE TABLE staging.planned (mark INTEGER)",
)
FILE_ORDER: Final = "CASE report WHEN 'order' THEN 0 WHEN 'table' THEN 1 ELSE 2 END, snapshot_at, file"

# How a foreign order is completed when the shop does not know it yet: the same rules as `merging.merged`.
_NEW_VALUES: Final = {
    "store": "coalesce(s.store, '')",
    "state": "coalesce(s.state, CASE WHEN s.paid_at IS NOT NULL OR s.paid > 0 THEN 'paid' ELSE 'unpaid' END)",
    "paid": "coalesce(s.paid, 0)",
    "refunded": (
        "CASE WHEN s.state = 'refunded' AND coalesce(s.refunded, 0) = 0 THEN coalesce(s.paid, 0)"
        " ELSE coalesce(s.refunded, 0) END"
    ),
    "units": "coalesce(s.units, (SELECT sum(i.quantity) FROM staging.items i WHERE i.order_id = s.id))",
    "snapshot_at": "f.snapshot_at",
}


@contextmanager
def stoppable(connection: Connection, progress: Progress) -> Iterator[None]:
    """Let a cancel interrupt a statement that is running, not only the next step."""
    raw: Any = connection.connection.driver_connection
    raw.set_progress_handler(lambda: 1 if progress.cancelled else 0, 20_000)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)


def mark(connection: Connection) -> int:
    """What the shop stood at: a plan made at another mark is made anew."""
    return int(connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM main.change_sets").scalar_one())


def make(tx: Tx, *, progress: Progress) -> None:
    """Plan the attached staging file against the shop, unless the plan it holds is still true."""
    run = tx.connection.exec_driver_sql
    present = run("SELECT 1 FROM staging.sqlite_master WHERE name = 'planned'").first()
    if present and run("SELECT mark FROM staging.planned").scalar() == mark(tx.connection):
        return
    for table in ("plan", "matched", "joins", "merges", "planned"):
        run(f"DROP TABLE IF EXISTS staging.{table}")
    for statement in _TABLES:
        run(statement)
    run("UPDATE staging.orders SET store = NULL WHERE store = ''")  # as an earlier plan left it
    files = run(f"SELECT file, platform, report FROM staging.files ORDER BY {FILE_ORDER}").fetchall()
    for done, (file, platform, report) in enumerate(files):
        progress.report("matching", done=done, total=len(files))
        _plan_file(tx, file=file, platform=platform, report=report, progress=progress)
    progress.report("matching", done=len(files), total=len(files))
    _settle_unchanged(tx.connection)
    _give_to_customers(tx, progress=progress)
    run("INSERT INTO staging.planned VALUES (?)", (mark(tx.connection),))


def _plan_file(tx: Tx, *, file: int, platform: str, report: str, progress: Progress) -> None:
    run = tx.connection.exec_driver_sql
    # A row that does not name its store: the one order of that number in the file or on the platform, if there is one.
    # Left to itself the engine takes the wider index, which holds the store, and walks the whole platform for each row.
    run(
        """UPDATE staging.orders AS s SET store = coalesce(
             (SELECT CASE WHEN count(DISTINCT n.store) = 1 THEN min(n.store) END FROM staging.orders n
               WHERE n.file = s.file AND n.number = s.number AND n.kind = s.kind AND n.store != ''),
             (SELECT CASE WHEN count(*) = 1 THEN min(p.store) END FROM staging.plan p INDEXED BY plan_number
               WHERE p.platform = :platform AND p.number = s.number AND p.kind = s.kind),
             (SELECT CASE WHEN count(*) = 1 THEN min(t.name) END FROM main.orders o
               JOIN main.stores t ON t.id = o.store_id
               WHERE o.number = s.number AND o.kind = s.kind AND t.platform = :platform), '')
           WHERE s.file = :file AND s.store IS NULL""",
        {"platform": platform, "file": file},
    )
    # A file that names it: it also means the order that came without a store before.
    run(
        """INSERT INTO staging.matched (staged, file, plan, status, turn)
           SELECT s.id, s.file,
                  coalesce((SELECT p.id FROM staging.plan p WHERE p.platform = :platform AND p.store = s.store
                             AND p.number = s.number AND p.kind = s.kind),
                           (SELECT p.id FROM staging.plan p WHERE p.platform = :platform AND p.store = ''
                             AND p.number = s.number AND p.kind = s.kind)),
                  NULL, row_number() OVER (PARTITION BY s.store, s.number, s.kind ORDER BY s.row)
             FROM staging.orders s WHERE s.file = :file""",
        {"platform": platform, "file": file},
    )
    _plan_known(tx, file=file, platform=platform, report=report, progress=progress)
    values = ", ".join(_NEW_VALUES.get(name, f"s.{name}") for name in ORDER_COLUMNS)
    run(
        f"""INSERT INTO staging.plan (platform, {_LISTED}, status, items_from)
            SELECT f.platform, {values}, 'new',
                   CASE WHEN EXISTS (SELECT 1 FROM staging.items i WHERE i.order_id = s.id) THEN s.id END
              FROM staging.matched m CROSS JOIN staging.orders s ON s.id = m.staged
              JOIN staging.files f ON f.file = s.file
             WHERE m.file = :file AND m.plan IS NULL AND m.turn = 1 ORDER BY s.id""",
        {"file": file},
    )
    run(
        """UPDATE staging.matched AS m SET status = 'new', plan =
             (SELECT p.id FROM staging.plan p JOIN staging.orders s ON s.id = m.staged WHERE p.platform = :platform
                 AND p.store = s.store AND p.number = s.number AND p.kind = s.kind)
           WHERE m.file = :file AND m.plan IS NULL AND m.turn = 1""",
        {"platform": platform, "file": file},
    )
    turns = run("SELECT max(turn) FROM staging.matched WHERE file = ?", (file,)).scalar() or 1
    for turn in range(2, turns + 1):  # the same order again further down in the file
        run(
            """UPDATE staging.matched AS m SET plan =
                 (SELECT f.plan FROM staging.orders s
                   JOIN staging.orders o ON o.file = s.file AND o.number = s.number AND o.kind = s.kind
                    AND o.store = s.store JOIN staging.matched f ON f.staged = o.id AND f.turn = 1
                  WHERE s.id = m.staged)
               WHERE m.file = :file AND m.turn = :turn""",
            {"file": file, "turn": turn},
        )
        _merge(tx, _planned_pairs(tx.connection, file=file, turn=turn), file=file, report=report)


def _settle_unchanged(connection: Connection) -> None:
    """An order that its file tells twice, there and back again, is the same: nothing of it is written."""
    run = connection.exec_driver_sql
    kept = " AND ".join(f"p.{name} IS o.{name}" for name in (*merging.COMPARED, "snapshot_at") if name != "store")
    lines = ", ".join(ITEM_COLUMNS)
    run(
        f"""CREATE TEMP TABLE unchanged AS
            SELECT p.id FROM staging.plan p CROSS JOIN main.orders o ON o.id = p.order_id
              JOIN main.stores t ON t.id = o.store_id
             WHERE p.status = 'changed' AND p.store = t.name AND {kept} AND (p.items_from IS NULL OR
               (SELECT json_group_array(json_array({lines})) FROM
                 (SELECT * FROM staging.items i WHERE i.order_id = p.items_from ORDER BY position)) =
               (SELECT json_group_array(json_array({lines})) FROM
                 (SELECT * FROM main.order_items i WHERE i.order_id = o.id ORDER BY position)))"""
    )
    run("UPDATE staging.plan SET status = 'same', items_from = NULL WHERE id IN (SELECT id FROM temp.unchanged)")
    run("UPDATE staging.matched SET status = 'same' WHERE plan IN (SELECT id FROM temp.unchanged)")
    run("DROP TABLE temp.unchanged")


def _plan_known(tx: Tx, *, file: int, platform: str, report: str, progress: Progress) -> None:
    """Merge what the plan or the shop holds already; only these rows pass through Python."""
    _merge(tx, _planned_pairs(tx.connection, file=file, turn=1), file=file, report=report)
    progress.check()
    run = tx.connection.exec_driver_sql
    # Copy the shop's rows of the orders that this file tells again into the plan, then merge there.
    shown = ", ".join("t.name" if name == "store" else f"o.{name}" for name in ORDER_COLUMNS)
    for store in ("s.store", "''"):
        run(
            f"""INSERT OR IGNORE INTO staging.plan (platform, {_LISTED}, order_id, customer, status)
                SELECT t.platform, {shown}, o.id, o.customer_id, 'same'
                  FROM staging.matched m CROSS JOIN staging.orders s ON s.id = m.staged
                 CROSS JOIN main.stores t ON t.platform = :platform AND t.name = {store}
                 CROSS JOIN main.orders o ON o.store_id = t.id AND o.number = s.number AND o.kind = s.kind
                 WHERE m.file = :file AND m.plan IS NULL AND m.turn = 1""",
            {"platform": platform, "file": file},
        )
        run(
            f"""UPDATE staging.matched AS m SET plan =
                  (SELECT p.id FROM staging.plan p JOIN staging.orders s ON s.id = m.staged
                    WHERE p.platform = :platform AND p.store = {store} AND p.number = s.number AND p.kind = s.kind)
                WHERE m.file = :file AND m.plan IS NULL AND m.turn = 1""",
            {"platform": platform, "file": file},
        )
    _merge(tx, _planned_pairs(tx.connection, file=file, turn=1), file=file, report=report)


def _planned_pairs(connection: Connection, *, file: int, turn: int) -> list[tuple[Any, ...]]:
    staged = ", ".join("f.snapshot_at" if name == "snapshot_at" else f"s.{name}" for name in ORDER_COLUMNS)
    planned = ", ".join(f"p.{name}" for name in ORDER_COLUMNS)
    rows = connection.exec_driver_sql(
        f"""SELECT s.id, p.id, p.order_id, p.items_from, p.status, {staged}, {planned}
              FROM staging.matched m JOIN staging.orders s ON s.id = m.staged JOIN staging.files f ON f.file = s.file
              JOIN staging.plan p ON p.id = m.plan
             WHERE m.file = :file AND m.turn = :turn AND m.status IS NULL ORDER BY s.id""",
        {"file": file, "turn": turn},
    )
    return [tuple(row) for row in rows]


def _merge(tx: Tx, pairs: Sequence[tuple[Any, ...]], *, file: int, report: str) -> None:
    """Merge staged rows into their planned rows and say of each whether it changed anything."""
    if not pairs:
        return
    run = tx.connection.exec_driver_sql
    run("CREATE TABLE IF NOT EXISTS staging.told (staged INTEGER PRIMARY KEY, order_id INTEGER)")
    run("DELETE FROM staging.told")
    run("INSERT INTO staging.told VALUES (?, ?)", [(pair[0], pair[2]) for pair in pairs])
    told = _items(tx.connection, "staging.items", "SELECT staged FROM staging.told")
    known = _items(tx.connection, "main.order_items", "SELECT order_id FROM staging.told")
    planned = _items(
        tx.connection,
        "staging.items",
        "SELECT p.items_from FROM staging.plan p JOIN staging.matched m ON m.plan = p.id WHERE m.file = ?",
        (file,),
    )
    width = len(ORDER_COLUMNS)
    updates, statuses, filled = [], [], []
    for staged, plan, order_id, items_from, status, *values in pairs:
        incoming = dict(zip(ORDER_COLUMNS, values[:width], strict=True))
        existing = dict(zip(ORDER_COLUMNS, values[width:], strict=True))
        after = merging.merged(existing, incoming, tz=tx.zone)
        lines = planned.get(items_from, []) if items_from is not None else known.get(order_id, [])
        new_lines = told.get(staged, [])
        if new_lines and (report != "order" or not lines):
            new_lines = merging.filled_items(lines, new_lines)
            if new_lines != lines:
                items_from = staged
                filled += [(staged, position, *line) for position, line in enumerate(new_lines)]
                lines = new_lines
        if lines and report != "order":
            after["units"] = sum(line[ITEM_COLUMNS.index("quantity")] for line in lines)
        changed = merging.differs(existing, after) or items_from == staged
        updates.append((*after.values(), items_from, "changed" if changed and status == "same" else status, plan))
        statuses.append(("changed" if changed else "same", staged))
    if filled:
        run(
            "DELETE FROM staging.items WHERE order_id = ?",
            [(staged,) for staged in dict.fromkeys(row[0] for row in filled)],
        )
        run(
            f"INSERT INTO staging.items (order_id, position, {', '.join(ITEM_COLUMNS)})"
            f" VALUES (?, ?{', ?' * len(ITEM_COLUMNS)})",
            filled,
        )
    assigned = ", ".join(f"{name} = ?" for name in ORDER_COLUMNS)
    run(f"UPDATE staging.plan SET {assigned}, items_from = ?, status = ? WHERE id = ?", updates)
    run("UPDATE staging.matched SET status = ? WHERE staged = ?", statuses)


def _items(
    connection: Connection, table: str, orders: str, arguments: tuple[Any, ...] = ()
) -> dict[int, list[tuple[Any, ...]]]:
    """The lines of the orders that `orders` selects, by order, in their order."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for order, *line in connection.exec_driver_sql(
        f"SELECT order_id, {', '.join(ITEM_COLUMNS)} FROM {table} WHERE order_id IN ({orders})"
        " ORDER BY order_id, position",
        arguments,
    ):
        found[order].append(tuple(line))
    return found


def _give_to_customers(tx: Tx, *, progress: Progress) -> None:
    """Resolve whose each planned order is."""
    run = tx.connection.exec_driver_sql
    found: dict[int, list[tuple[IdentityKey, bool]]] = defaultdict(list)
    for plan, kind, platform, value, deciding in run(
        """SELECT DISTINCT m.plan, i.kind, i.platform, i.value, i.deciding
             FROM staging.matched m JOIN staging.identities i ON i.order_id = m.staged"""
    ):
        found[plan].append((IdentityKey(kind, platform, value), bool(deciding)))
    claims = []
    for plan, customer in run("SELECT id, customer FROM staging.plan ORDER BY id"):
        identities = found.get(plan, [])
        deciding = first_deciding(identities)
        contacts = tuple(key for key, _ in identities if key != deciding)
        claims.append(Claim(plan, customer, deciding, contacts))
    progress.check()
    assignment = resolve(claims, _known(tx.connection))
    changes = [
        (assignment.customers[claim.order], claim.order)
        for claim in claims
        if assignment.customers[claim.order] != claim.customer
    ]
    if changes:
        run(
            "UPDATE staging.plan SET customer = ?, status = CASE status WHEN 'same' THEN 'changed' ELSE status END"
            " WHERE id = ?",
            changes,
        )
        run(
            "UPDATE staging.matched SET status = 'changed' WHERE status = 'same' AND plan IN"
            " (SELECT id FROM staging.plan WHERE status = 'changed')"
        )
    if assignment.joins:
        run(
            "INSERT INTO staging.joins VALUES (?, ?, ?, ?, ?)",
            [(join.customer, *join.identity, join.evidence.value) for join in assignment.joins],
        )
    if assignment.merges:
        run(
            "INSERT INTO staging.merges VALUES (?, ?, ?)",
            [(merge.keep, merge.gone, merge.evidence.value) for merge in assignment.merges],
        )


def _known(connection: Connection) -> Known:
    run = connection.exec_driver_sql
    known = Known()
    for kind, platform, value, customer in run(
        """SELECT DISTINCT i.kind, i.platform, i.value, i.customer_id FROM staging.identities s
             JOIN main.identities i ON i.kind = s.kind AND i.platform = s.platform AND i.value = s.value
            WHERE i.deciding"""
    ):
        known.deciding[IdentityKey(kind, platform, value)] = customer
    # Phones are compared over all platforms, for which there is no index: one pass over the shop's phones, each looked
    # up among the file's. A join would look through all of the shop's for each of the file's.
    holders = """SELECT DISTINCT i.value, i.customer_id, i.platform FROM main.identities i WHERE i.kind = 'phone'
                    AND i.value IN (SELECT value FROM staging.identities WHERE kind = 'phone')"""
    for value, customer, platform in run(holders):
        known.phone_holders[value].add(Holder(customer, platform))
    # The plus keeps the engine from looking through all buyer ids for each customer.
    for customer, platform in run(
        f"""SELECT DISTINCT b.customer_id, b.platform FROM ({holders}) h
             CROSS JOIN main.identities b ON b.customer_id = h.customer_id WHERE +b.kind = 'buyer_id'"""
    ):
        known.buyer_platforms[customer].add(platform)
    return known
