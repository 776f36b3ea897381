"""What an import will do (C1, C3): every order of a staged batch matched, merged and given to a customer.

The plan is written into the staging file, never into the shop. The preview shows it; the import writes it. Files are
taken order report → table → item report → refunds and reviews → people, older exports first, so that what one file
says is known to the next.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from sqlalchemy import Connection

from shopcrm.base.progress import Progress
from shopcrm.collect import belonging, consents_told, merging, people_attributes, people_planning, reviews_told
from shopcrm.collect.foreign import Code
from shopcrm.collect.platforms.adapter import OF_KNOWN, REFUND, REVIEW
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
    # An order of the batch, by the id of the staged row that told it first. `turn`: of its file, twice, and one
    # more where the shop does not know it: earlier turns have the first word on who is who.
    """CREATE TABLE staging.plan (
        id INTEGER PRIMARY KEY, platform TEXT, store TEXT, number TEXT, kind TEXT, turn INTEGER,
        order_id INTEGER, customer INTEGER, status TEXT, items_from INTEGER)""",
    # What is written of an order that is not as its one staged row tells it, or as the shop has it.
    f"CREATE TABLE staging.revised (plan INTEGER PRIMARY KEY, {_LISTED})",
    """CREATE TABLE staging.matched (
        staged INTEGER PRIMARY KEY, file INTEGER, turn INTEGER, store TEXT, order_id INTEGER, plan INTEGER,
        status TEXT)""",
    "CREATE TABLE staging.planned (mark INTEGER, report TEXT)",
)
FILE_ORDER: Final = (
    "CASE report WHEN 'order' THEN 0 WHEN 'table' THEN 1 WHEN 'refund' THEN 3 WHEN 'review' THEN 3 WHEN 'people' THEN 4"
    " ELSE 2 END,"
    " snapshot_at, file"
)

_BY_NUMBER: Final = "CREATE INDEX IF NOT EXISTS staging.orders_number ON orders (file, number)"
_LINES: Final = ", ".join(ITEM_COLUMNS)
_SILENT_OR_EQUAL: Final = tuple(
    name for name in merging.COMPARED if name not in ("store", "plain_dates", "amounts_from_items")
)

# How a foreign order is completed when the shop does not know it yet: the same rules as `merging.merged`.
_NEW_VALUES: Final = {
    "store": "p.store",
    "state": "coalesce(s.state, CASE WHEN s.paid_at IS NOT NULL OR s.paid > 0 THEN 'paid' ELSE 'unpaid' END)",
    "paid": "coalesce(s.paid, 0)",
    "refunded": (
        "CASE WHEN s.state = 'refunded' AND coalesce(s.refunded, 0) = 0 THEN coalesce(s.paid, 0)"
        " ELSE coalesce(s.refunded, 0) END"
    ),
    "units": "coalesce(s.units, (SELECT sum(i.quantity) FROM staging.items i WHERE i.order_id = s.id))",
    "snapshot_at": "f.snapshot_at",
}


def mark(connection: Connection) -> int:
    """What the shop stood at: a plan made at another mark is made anew."""
    return int(connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM main.change_sets").scalar_one())


def make(tx: Tx, *, progress: Progress) -> None:
    """Plan the attached staging file against the shop, unless the plan it holds is still true."""
    run = tx.connection.exec_driver_sql
    present = run("SELECT 1 FROM staging.sqlite_master WHERE name = 'planned'").first()
    if present and run("SELECT mark FROM staging.planned").scalar() == mark(tx.connection):
        return
    for table in (
        "plan",
        "revised",
        "matched",
        "planned",
        *belonging.TABLES,
        *people_planning.TABLES,
        *people_attributes.TABLES,
        *consents_told.TABLES,
        *reviews_told.TABLES,
    ):
        run(f"DROP TABLE IF EXISTS staging.{table}")
    for statement in _TABLES:
        run(statement)
    for code in (Code.UNKNOWN_ORDER, Code.UNKNOWN_REVIEWED):  # of a plan before
        run("DELETE FROM staging.problems WHERE code = ?", (code.value,))
    files = run(f"SELECT file, platform, report, snapshot_at FROM staging.files ORDER BY {FILE_ORDER}").fetchall()
    files = [each for each in files if each[2] != "people"]
    for done, (file, platform, report, snapshot_at) in enumerate(files):
        progress.report("matching", done=done, total=len(files) + 1)
        if done == 1:  # from now on orders of the batch are looked for
            run(_BY_NUMBER)
            run("CREATE INDEX staging.plan_number ON plan (number)")
            run("CREATE INDEX staging.matched_plan ON matched (plan)")
        values = {"file": file, "platform": platform, "snapshot_at": snapshot_at, "turn": 2 * done}
        _plan_file(tx, values, report=report, first=done == 0, progress=progress)
    progress.report("matching", done=len(files), total=len(files) + 1)
    _settle_unchanged(tx.connection)
    belonging.give_to_customers(tx.connection, progress=progress)
    people_planning.plan(tx.connection, progress=progress)
    people_attributes.plan(tx)
    consents_told.plan(tx)
    reviews_told.plan(tx)
    run("INSERT INTO staging.planned (mark) VALUES (?)", (mark(tx.connection),))
    progress.report("matching", done=len(files) + 1, total=len(files) + 1)


def _plan_file(tx: Tx, values: dict[str, Any], *, report: str, first: bool, progress: Progress) -> None:
    run = tx.connection.exec_driver_sql
    if report == REVIEW:
        _find_reviewed(tx.connection, values)
        return
    _match(tx.connection, values, first=first)
    if not first:
        _merge(tx, values, turn=1, report=report)
    _plan_known(tx.connection, values, report=report)
    progress.check()
    _merge(tx, values, turn=1, report=report)
    if report == REFUND:
        _refuse_unknown(tx.connection, values)
        return
    run(
        """INSERT INTO staging.plan (id, platform, store, number, kind, turn, status, items_from)
           SELECT m.staged, :platform, m.store, s.number, s.kind, :turn + 1, 'new',
                  CASE WHEN EXISTS (SELECT 1 FROM staging.items i WHERE i.order_id = s.id) THEN s.id END
             FROM staging.matched m CROSS JOIN staging.orders s ON s.id = m.staged
            WHERE m.file = :file AND m.plan IS NULL AND m.turn = 1 ORDER BY m.staged""",
        values,
    )
    run(
        """UPDATE staging.matched SET status = 'new', plan = staged
            WHERE file = :file AND plan IS NULL AND turn = 1""",
        values,
    )
    turns = run("SELECT max(turn) FROM staging.matched WHERE file = :file", values).scalar() or 1
    for turn in range(2, turns + 1):  # the same order again further down in the file
        run(
            """UPDATE staging.matched AS m SET plan =
                 (SELECT f.plan FROM staging.orders s
                   JOIN staging.orders o ON o.file = s.file AND o.number = s.number AND o.kind = s.kind
                   JOIN staging.matched f ON f.staged = o.id AND f.turn = 1 AND f.store = m.store
                  WHERE s.id = m.staged)
               WHERE m.file = :file AND m.turn = :turn""",
            {**values, "turn": turn},
        )
        _merge(tx, values, turn=turn, report=report)


def _refuse_unknown(connection: Connection, values: dict[str, Any]) -> None:
    """Refuse the refunds of orders that nobody knows: each of their rows, so that they can be given again."""
    connection.exec_driver_sql(
        """INSERT INTO staging.problems (file, row, "column", code, value, rejected)
           SELECT s.file, i.row, '', :code, s.number, 1
             FROM staging.matched m CROSS JOIN staging.orders s ON s.id = m.staged
             JOIN staging.items i ON i.order_id = s.id
            WHERE m.file = :file AND m.plan IS NULL ORDER BY i.row""",
        {**values, "code": Code.UNKNOWN_ORDER.value},
    )


def _find_reviewed(connection: Connection, values: dict[str, Any]) -> None:
    """Find the orders of a file that only tells reviews: by their number, and not by what its platform is called.

    Where several platforms have the number, the one that the file is named for. Nothing of an order is taken from it.
    """
    run = connection.exec_driver_sql
    run("DELETE FROM staging.named WHERE order_id IN (SELECT id FROM staging.orders WHERE file = :file)", values)
    run("CREATE INDEX IF NOT EXISTS staging.plan_number ON plan (number)")
    run("CREATE INDEX IF NOT EXISTS staging.plan_order ON plan (order_id)")
    run("CREATE INDEX IF NOT EXISTS staging.matched_plan ON matched (plan)")
    the_one = """(SELECT CASE WHEN count(*) = 1 THEN min({id})
                             WHEN sum({platform} = :platform) = 1 THEN max(iif({platform} = :platform, {id}, NULL)) END
                   FROM {source} AND {order}.number = s.number AND {order}.kind = s.kind)"""
    planned = the_one.format(id="p.id", platform="p.platform", order="p", source="staging.plan p WHERE 1")
    kept = the_one.format(
        id="o.id", platform="t.platform", order="o",
        source="main.stores t CROSS JOIN main.orders o WHERE o.store_id = t.id",
    )  # fmt: skip
    run(
        f"""INSERT INTO staging.matched (staged, file, turn, store, plan, status)
            SELECT s.id, s.file, 1, '', {planned}, 'same' FROM staging.orders s WHERE s.file = :file ORDER BY s.id""",
        values,
    )
    run(
        f"""UPDATE staging.matched AS m SET order_id = {kept} FROM staging.orders s
             WHERE s.id = m.staged AND m.file = :file AND m.plan IS NULL""",
        values,
    )
    run("DELETE FROM staging.matched WHERE file = :file AND plan IS NULL AND order_id IS NULL", values)
    run(
        """UPDATE staging.matched AS m SET plan = p.id FROM staging.plan p
            WHERE p.order_id = m.order_id AND m.file = :file AND m.plan IS NULL""",
        values,
    )
    _plan_known(connection, values, report=REVIEW)
    reviews_told.refuse_unknown(connection, values)


def _match(connection: Connection, values: dict[str, Any], *, first: bool) -> None:
    """Find for every row of a file its store, and its order in the plan or in the shop."""
    run = connection.exec_driver_sql
    store = "s.store"
    if run("SELECT 1 FROM staging.orders WHERE file = :file AND coalesce(store, '') = '' LIMIT 1", values).first():
        # A row that does not name its store: the one order of that number in the file or on the platform, if there is
        # one.
        run(_BY_NUMBER)
        store = """coalesce(nullif(s.store, ''),
             (SELECT CASE WHEN count(DISTINCT n.store) = 1 THEN min(n.store) END FROM staging.orders n
               WHERE n.file = s.file AND n.number = s.number AND n.kind = s.kind AND n.store != ''),
             (SELECT CASE WHEN count(*) = 1 THEN min(p.store) END FROM staging.plan p
               WHERE p.number = s.number AND p.platform = :platform AND p.kind = s.kind),
             (SELECT CASE WHEN count(*) = 1 THEN min(t.name) END FROM main.stores t
               CROSS JOIN main.orders o ON o.store_id = t.id
               WHERE o.number = s.number AND o.kind = s.kind AND t.platform = :platform), '')"""
        if first:
            store = store.replace("staging.plan p", "(SELECT NULL AS store WHERE 0) p").replace(
                "WHERE p.number = s.number AND p.platform = :platform AND p.kind = s.kind", ""
            )
    run(
        f"""INSERT INTO staging.matched (staged, file, turn, store)
            SELECT s.id, s.file, 1, {store} FROM staging.orders s WHERE s.file = :file ORDER BY s.id""",
        values,
    )
    twice = "SELECT number FROM staging.orders WHERE file = :file GROUP BY number HAVING count(*) > 1"
    if run(f"{twice} LIMIT 1", values).first():
        run(_BY_NUMBER)
        run(
            f"""UPDATE staging.matched AS m SET turn = again.turn FROM
                 (SELECT s.id, row_number() OVER (PARTITION BY n.store, s.number, s.kind ORDER BY s.row, s.id) AS turn
                    FROM ({twice}) twice JOIN staging.orders s ON s.file = :file AND s.number = twice.number
                    JOIN staging.matched n ON n.staged = s.id) AS again
               WHERE m.staged = again.id AND again.turn > 1""",
            values,
        )
    # A file that names its store also means the order that came without one before.
    stores = ("m.store", "''")
    if not first:
        planned = [
            f"""(SELECT p.id FROM staging.plan p WHERE p.number = s.number AND p.kind = s.kind
                    AND p.platform = :platform AND p.store = {name})"""
            for name in stores
        ]
        run(
            f"""UPDATE staging.matched AS m SET plan = coalesce({", ".join(planned)})
                  FROM staging.orders s WHERE s.id = m.staged AND m.file = :file AND m.turn = 1""",
            values,
        )
    kept = [
        f"""(SELECT o.id FROM main.stores t CROSS JOIN main.orders o
              ON o.store_id = t.id AND o.number = s.number AND o.kind = s.kind
           WHERE t.platform = :platform AND t.name = {name})"""
        for name in stores
    ]
    run(
        f"""UPDATE staging.matched AS m SET order_id = coalesce({", ".join(kept)})
              FROM staging.orders s WHERE s.id = m.staged AND m.file = :file AND m.turn = 1 AND m.plan IS NULL""",
        values,
    )
    if not first:  # one that another row means already
        run(
            """UPDATE staging.matched SET order_id = NULL WHERE file = :file AND plan IS NULL
                  AND order_id IN (SELECT order_id FROM staging.plan)""",
            values,
        )


def _plan_known(connection: Connection, values: dict[str, Any], *, report: str) -> None:
    """Plan the shop's orders that this file tells again; of those that it tells as they are, no more is to be done."""
    run = connection.exec_driver_sql
    run(
        """INSERT INTO staging.plan (id, platform, store, number, kind, turn, order_id, customer, status)
           SELECT min(m.staged), t.platform, t.name, o.number, o.kind, :turn, o.id, o.customer_id, 'same'
             FROM staging.matched m CROSS JOIN main.orders o ON o.id = m.order_id
             JOIN main.stores t ON t.id = o.store_id
            WHERE m.file = :file AND m.plan IS NULL AND m.turn = 1 GROUP BY o.id ORDER BY 1""",
        values,
    )
    run("CREATE INDEX IF NOT EXISTS staging.plan_order ON plan (order_id)")
    run(
        """UPDATE staging.matched AS m SET plan = p.id FROM staging.plan p
            WHERE p.order_id = m.order_id AND m.file = :file AND m.plan IS NULL AND m.turn = 1""",
        values,
    )
    silent = " AND ".join(f"(s.{name} IS NULL OR s.{name} = o.{name})" for name in _SILENT_OR_EQUAL)
    told, known = (
        f"""(SELECT json_group_array(json_array({_LINES})) FROM
              (SELECT * FROM {table} i WHERE i.order_id = {order} ORDER BY position))"""
        for table, order in (("staging.items", "s.id"), ("main.order_items", "o.id"))
    )
    has_lines = "EXISTS (SELECT 1 FROM main.order_items i WHERE i.order_id = o.id)"
    nothing_told = "NOT EXISTS (SELECT 1 FROM staging.items i WHERE i.order_id = s.id)"
    if report in OF_KNOWN:  # its lines are complaints, or none
        lines = "1"
    elif report == "order":
        lines = f"({nothing_told} OR {has_lines})"
    else:
        units = "(SELECT sum(i.quantity) FROM main.order_items i WHERE i.order_id = o.id)"
        lines = f"({nothing_told} OR {told} = {known}) AND (NOT {has_lines} OR o.units IS {units})"
    run(
        f"""UPDATE staging.matched AS m SET status = 'same'
              FROM staging.orders s, main.orders o, main.stores t
             WHERE m.file = :file AND m.turn = 1 AND m.status IS NULL AND m.plan = m.staged AND s.id = m.staged
               AND o.id = m.order_id AND t.id = o.store_id AND m.store IN ('', t.name)
               AND s.plain_dates = o.plain_dates AND (s.paid IS NULL OR s.amounts_from_items = o.amounts_from_items)
               AND {silent} AND {lines}""",
        values,
    )


def _settle_unchanged(connection: Connection) -> None:
    """An order that its file tells twice, there and back again, is the same: nothing of it is written."""
    run = connection.exec_driver_sql
    kept = " AND ".join(f"r.{name} IS o.{name}" for name in (*merging.COMPARED, "snapshot_at") if name != "store")
    run(
        f"""CREATE TEMP TABLE unchanged AS
            SELECT p.id FROM staging.revised r CROSS JOIN staging.plan p ON p.id = r.plan
             CROSS JOIN main.orders o ON o.id = p.order_id JOIN main.stores t ON t.id = o.store_id
             WHERE p.status = 'changed' AND r.store = t.name AND {kept} AND (p.items_from IS NULL OR
               (SELECT json_group_array(json_array({_LINES})) FROM
                 (SELECT * FROM staging.items i WHERE i.order_id = p.items_from ORDER BY position)) =
               (SELECT json_group_array(json_array({_LINES})) FROM
                 (SELECT * FROM main.order_items i WHERE i.order_id = o.id ORDER BY position)))"""
    )
    run("UPDATE staging.plan SET status = 'same', items_from = NULL WHERE id IN (SELECT id FROM temp.unchanged)")
    run("UPDATE staging.matched SET status = 'same' WHERE plan IN (SELECT id FROM temp.unchanged)")
    run("DROP TABLE temp.unchanged")


def new_values() -> str:
    """SQL: the values of a new order as the one row of its file tells it: `s` of `staging.orders` for `p` of the plan.

    In the order of `ORDER_COLUMNS`; `f` is its file.
    """
    return ", ".join(f"{_NEW_VALUES.get(name, f's.{name}')} AS {name}" for name in ORDER_COLUMNS)


def _revise(connection: Connection, values: dict[str, Any]) -> None:
    """Take the orders of which more is told now into `revised`, as they were so far."""
    run = connection.exec_driver_sql
    shown = {
        "store": "p.store",
        # A file that told it as it is told it as of its own time.
        "snapshot_at": """(SELECT max(told) FROM (SELECT o.snapshot_at AS told UNION ALL
            SELECT f.snapshot_at FROM staging.matched e JOIN staging.files f ON f.file = e.file
             WHERE e.plan = p.id AND e.status IS NOT NULL))""",
    }
    kept = ", ".join(shown.get(name, f"o.{name}") for name in ORDER_COLUMNS)
    once = "m.file = :file AND m.turn = :turn AND m.status IS NULL"
    for source, told in (
        ("CROSS JOIN main.orders o ON o.id = p.order_id", kept),
        ("CROSS JOIN staging.orders s ON s.id = p.id AND p.order_id IS NULL JOIN staging.files f ON f.file = s.file",
         new_values()),
    ):  # fmt: skip
        run(
            f"""INSERT OR IGNORE INTO staging.revised (plan, {_LISTED})
                SELECT p.id, {told} FROM staging.matched m CROSS JOIN staging.plan p ON p.id = m.plan {source}
                 WHERE {once}""",
            values,
        )


def _merge(tx: Tx, values: dict[str, Any], *, turn: int, report: str) -> None:
    """Merge what a file's rows tell into the orders they mean; say of each row whether it changed anything."""
    run = tx.connection.exec_driver_sql
    values = {**values, "turn": turn}
    open_rows = "m.file = :file AND m.turn = :turn AND m.status IS NULL AND m.plan IS NOT NULL"
    if run(f"SELECT 1 FROM staging.matched m WHERE {open_rows} LIMIT 1", values).first() is None:
        return
    _revise(tx.connection, values)
    special = {"snapshot_at": ":snapshot_at", "store": "m.store"}
    staged = ", ".join(special.get(name, f"s.{name}") for name in ORDER_COLUMNS)
    revised = ", ".join(f"r.{name}" for name in ORDER_COLUMNS)
    pairs = run(
        f"""SELECT s.id, p.id, p.order_id, p.items_from, p.status, {staged}, {revised}
              FROM staging.matched m CROSS JOIN staging.orders s ON s.id = m.staged
             CROSS JOIN staging.plan p ON p.id = m.plan CROSS JOIN staging.revised r ON r.plan = p.id
             WHERE {open_rows} ORDER BY s.id""",
        values,
    ).fetchall()
    run("CREATE TABLE IF NOT EXISTS staging.told (staged INTEGER PRIMARY KEY, order_id INTEGER, items_from INTEGER)")
    run("DELETE FROM staging.told")
    run("INSERT INTO staging.told VALUES (?, ?, ?)", [(pair[0], pair[2], pair[3]) for pair in pairs])
    told = {} if report == REFUND else _items(tx.connection, "staging.items", "SELECT staged FROM staging.told")
    known = _items(tx.connection, "main.order_items", "SELECT order_id FROM staging.told")
    planned = _items(tx.connection, "staging.items", "SELECT items_from FROM staging.told")
    width = len(ORDER_COLUMNS)
    orders, plans, statuses, filled = [], [], [], []
    for staged_id, plan, order_id, items_from, status, *both in pairs:
        incoming = dict(zip(ORDER_COLUMNS, both[:width], strict=True))
        existing = dict(zip(ORDER_COLUMNS, both[width:], strict=True))
        after = merging.merged(existing, incoming, tz=tx.zone)
        lines = planned.get(items_from, []) if items_from is not None else known.get(order_id, [])
        new_lines = told.get(staged_id, [])
        if new_lines and (report != "order" or not lines):
            new_lines = merging.filled_items(lines, new_lines)
            if new_lines != lines:
                items_from = staged_id
                filled += [(staged_id, position, *line) for position, line in enumerate(new_lines)]
                lines = new_lines
        if lines and report not in ("order", REFUND):
            after["units"] = sum(line[ITEM_COLUMNS.index("quantity")] for line in lines)
        changed = merging.differs(existing, after) or items_from == staged_id
        orders.append((*after.values(), plan))
        plans.append((after["store"], items_from, "changed" if changed and status == "same" else status, plan))
        statuses.append(("changed" if changed else "same", staged_id))
    if filled:
        run(
            "DELETE FROM staging.items WHERE order_id = ?",
            [(staged_id,) for staged_id in dict.fromkeys(row[0] for row in filled)],
        )
        run(
            f"INSERT INTO staging.items (order_id, position, {', '.join(ITEM_COLUMNS)})"
            f" VALUES (?, ?{', ?' * len(ITEM_COLUMNS)})",
            filled,
        )
    assigned = ", ".join(f"{name} = ?" for name in ORDER_COLUMNS)
    run(f"UPDATE staging.revised SET {assigned} WHERE plan = ?", orders)
    run("UPDATE staging.plan SET store = ?, items_from = ?, status = ? WHERE id = ?", plans)
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
