"""A planned batch written into the shop (C1, C3): orders, lines, identities and which order named whom."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Table, select, text

from shopcrm.collect import planning
from shopcrm.collect.belonging import slices
from shopcrm.collect.planning import ITEM_COLUMNS, ORDER_COLUMNS
from shopcrm.collect.purchases import VALID
from shopcrm.store import journal
from shopcrm.store.tables.orders import order_identities, order_items
from shopcrm.store.tables.orders import orders as order_rows
from shopcrm.store.tx import Tx

_INDEX_AT_HAND: Final = 1_500_000  # orders; the index of what they name stays in memory, and sorting takes longer
_VALUES: Final = tuple(name for name in ORDER_COLUMNS if name != "store")
_LISTED: Final = ", ".join(_VALUES)
_NAMED: Final = """staging.matched m CROSS JOIN staging.plan p ON p.id = m.plan
                   CROSS JOIN staging.named n ON n.order_id = m.staged"""
# Stores are joined: to look one up for each order takes longer than all the rest of its row.
_TOLD: Final = """staging.plan p CROSS JOIN stores t ON t.platform = p.platform AND t.name = p.store
                  CROSS JOIN staging.orders s ON s.id = p.id JOIN staging.files f ON f.file = s.file"""
_REVISED: Final = """staging.revised r CROSS JOIN staging.plan p ON p.id = r.plan
                     CROSS JOIN stores t ON t.platform = p.platform AND t.name = r.store"""
_LISTED_OF_REVISED: Final = ", ".join(f"r.{name} AS {name}" for name in ORDER_COLUMNS)


def orders(tx: Tx, batch: int, change_set: int) -> int:
    """Write the plan's new and changed orders with their lines. `staging.plan.order_id` holds their ids then.

    Returns:
        The last order's id before the new ones.
    """
    run = tx.connection.exec_driver_sql
    run(
        """INSERT OR IGNORE INTO stores (platform, name, batch_id)
           SELECT DISTINCT platform, store, ? FROM staging.plan WHERE status != 'same'""",
        (batch,),
    )
    base: int = run("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'orders'), 0)").scalar_one()
    run("DROP INDEX IF EXISTS staging.plan_order")  # nobody looks for an order in the plan any more
    run("UPDATE staging.plan SET order_id = ? + id WHERE status = 'new'", (base,))
    for source, values in (
        (f"{_TOLD} WHERE p.id NOT IN (SELECT plan FROM staging.revised)", planning.new_values()),
        (f"{_REVISED} WHERE 1", _LISTED_OF_REVISED),
    ):
        run(
            f"""INSERT INTO orders (id, store_id, customer_id, valid, {_LISTED})
                SELECT id, store_id, customer, {VALID}, {_LISTED}
                  FROM (SELECT p.order_id AS id, t.id AS store_id, p.customer, {values}
                          FROM {source} AND p.status = 'new' ORDER BY p.id)"""
        )
    changed = "SELECT order_id FROM staging.plan WHERE status = 'changed'"
    before = _rows(tx.connection, order_rows, changed)
    run(
        f"""UPDATE orders SET (store_id, valid, {_LISTED}) =
              (SELECT store_id, {VALID}, {_LISTED}
                 FROM (SELECT t.id AS store_id, {_LISTED_OF_REVISED} FROM {_REVISED} WHERE r.plan = changed.plan))
             FROM (SELECT p.order_id, p.id AS plan FROM staging.revised r CROSS JOIN staging.plan p ON p.id = r.plan
                    WHERE p.status = 'changed') AS changed
            WHERE orders.id = changed.order_id"""
    )
    run(
        """UPDATE orders SET customer_id = p.customer FROM staging.plan p
            WHERE p.status = 'changed' AND orders.id = p.order_id AND orders.customer_id IS NOT p.customer"""
    )
    after = _rows(tx.connection, order_rows, changed)
    journal.record(
        tx.connection, change_set, order_rows, [({"id": key}, row, after[key]) for key, row in before.items()]
    )
    _items(tx, change_set)
    return base


def _items(tx: Tx, change_set: int) -> None:
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


def identities(tx: Tx, batch: int) -> None:
    """Write whom the plan's orders named. `staging.owned` holds then by which identity."""
    run = tx.connection.exec_driver_sql
    run("DROP TABLE IF EXISTS staging.owned")
    run(
        """CREATE TABLE staging.owned (id INTEGER PRIMARY KEY, customer INTEGER, person INTEGER, deciding INTEGER,
                                       identity INTEGER)"""
    )
    run(
        f"""INSERT INTO staging.owned (customer, person, deciding)
            SELECT p.customer, n.person, max(n.deciding) FROM {_NAMED}
             WHERE p.customer IS NOT NULL AND p.status != 'same'
             GROUP BY n.person, p.customer ORDER BY min(p.turn << 40 | p.id), n.person"""
    )
    run("CREATE UNIQUE INDEX staging.owned_by ON owned (person, customer)")
    run(
        """UPDATE staging.owned AS o SET identity = h.identity FROM staging.held h
            WHERE h.person = o.person AND h.customer = o.customer"""
    )
    run(  # what became theirs by a merge
        """UPDATE staging.owned AS o SET identity = i.id FROM staging.people e, main.identities i
            WHERE o.identity IS NULL AND o.customer IN (SELECT keep FROM staging.merges) AND e.id = o.person
              AND i.kind = e.kind AND i.platform = e.platform AND i.value = e.value AND i.customer_id = o.customer"""
    )
    base = run("SELECT coalesce(max(id), 0) FROM identities").scalar_one()
    for turn in slices(tx.connection, "staging.owned"):
        run(
            """INSERT OR IGNORE INTO identities (id, customer_id, kind, platform, value, display, deciding, batch_id)
               SELECT ? + o.id, o.customer, e.kind, e.platform, e.value, e.display, o.deciding, ?
                 FROM staging.owned o CROSS JOIN staging.people e ON e.id = o.person
                WHERE o.identity IS NULL AND o.id BETWEEN ? AND ? ORDER BY e.kind, e.platform, e.value""",
            (base, batch, *turn),
        )
    # One that decides for somebody else already was not written.
    run(
        "UPDATE staging.owned SET identity = ? + id WHERE identity IS NULL AND ? + id IN (SELECT id FROM identities)",
        (base, base),
    )
    run(
        """INSERT INTO merges (customer_id, identity_id, evidence, at, batch_id)
           SELECT DISTINCT j.customer, i.id, json_object('kind', 'phone', 'value', j.evidence), ?, ?
             FROM staging.joins j JOIN identities i ON i.customer_id = j.customer AND i.kind = j.kind
              AND i.platform = j.platform AND i.value = j.value AND i.batch_id = ?""",
        (tx.now_seconds, batch, batch),
    )


def links(tx: Tx, change_set: int) -> None:
    """Link the plan's orders to the identities they named."""
    run = tx.connection.exec_driver_sql
    links = f"""SELECT p.order_id, o.identity FROM {_NAMED}
                 CROSS JOIN staging.owned o ON o.person = n.person AND o.customer = p.customer
                 WHERE o.identity IS NOT NULL"""
    last = run("SELECT coalesce(max(id), 0) FROM orders").scalar_one()
    turned = "ORDER BY 2, 1" if last > _INDEX_AT_HAND else ""  # by identity: each page of a large index is met once
    for turn in slices(tx.connection, "staging.orders"):
        run(
            f"""INSERT OR IGNORE INTO order_identities (order_id, identity_id) {links}
                   AND p.status = 'new' AND m.staged BETWEEN ? AND ? {turned}""",
            turn,
        )
    gained = [
        tuple(row)
        for row in run(f"{links} AND p.status = 'changed' EXCEPT SELECT order_id, identity_id FROM order_identities")
    ]
    if gained:
        run("INSERT INTO order_identities (order_id, identity_id) VALUES (?, ?)", gained)
        rows = [{"order_id": order, "identity_id": identity} for order, identity in gained]
        journal.record(tx.connection, change_set, order_identities, [(row, None, row) for row in rows])


def _rows(connection: Connection, table: Table, ids: str) -> dict[int, dict[str, Any]]:
    rows = connection.execute(select(table).where(table.c.id.in_(text(ids)))).mappings()
    return {row["id"]: dict(row) for row in rows}
