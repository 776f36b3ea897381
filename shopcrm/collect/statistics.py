"""What is kept per customer in the writing transaction (C5, K1): occasions, sums over them, and the shown name.

`refresh` recomputes the customers whose orders changed, from their orders; `check` recomputes all and must agree.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from shopcrm.collect.purchases import RETURNED, VALID
from shopcrm.store.tx import Tx

MASKED: Final = "({0} LIKE '%*%' OR {0} LIKE '%＊%' OR {0} LIKE '##%' OR {0} LIKE '$$%' OR {0} LIKE '~%')"
"""SQL for `base.text.is_masked`, as far as names are masked."""

OCCASIONS: Final = """
    SELECT c.id, o.day, count(*), sum(o.currency = :currency),
           sum(CASE WHEN o.currency = :currency THEN o.paid - o.refunded ELSE 0 END), sum(coalesce(o.units, 0))
    FROM {customers} c CROSS JOIN {orders} o ON o.customer_id = c.id WHERE o.valid GROUP BY c.id, o.day
"""
SUMS: Final = """
    SELECT c.id,
           min(o.day) FILTER (WHERE o.valid), max(o.day) FILTER (WHERE o.valid),
           (SELECT count(*) FROM occasions v WHERE v.customer_id = c.id), count(*) FILTER (WHERE o.valid),
           count(*) FILTER (WHERE o.valid AND o.currency = :currency),
           coalesce(sum(o.paid - o.refunded) FILTER (WHERE o.valid AND o.currency = :currency), 0),
           coalesce(sum(o.paid) FILTER
               (WHERE o.currency = :currency AND o.kind = 'order' AND o.state NOT IN ('unpaid', 'closed')), 0),
           coalesce(sum({returned}) FILTER (WHERE o.currency = :currency), 0),
           coalesce(sum(o.units) FILTER (WHERE o.valid), 0),
           (max(o.day) FILTER (WHERE o.valid) - min(o.day) FILTER (WHERE o.valid)) * 1.0
               / nullif((SELECT count(*) FROM occasions v WHERE v.customer_id = c.id) - 1, 0)
    FROM {customers} c LEFT JOIN {orders} o ON o.customer_id = c.id GROUP BY c.id
""".replace("{returned}", RETURNED)
COLUMNS: Final = (
    "customer_id, first_day, last_day, occasions, orders, priced_orders, net_total, paid_total, returned_total, units,"
    " mean_gap"
)


def _latest(column: str, condition: str) -> str:
    return (
        f"(SELECT o.{column} FROM {{orders}} o WHERE o.customer_id = c.id AND o.{column} IS NOT NULL AND {condition}"
        " ORDER BY o.day DESC, o.number DESC LIMIT 1)"
    )


_REAL_RECIPIENT = f"NOT {MASKED.format('o.recipient_name')}"
_REAL_BUYER = f"NOT {MASKED.format('o.buyer_name')}"
NAME: Final = f"""coalesce(
    {_latest("recipient_name", _REAL_RECIPIENT)},
    {_latest("buyer_name", _REAL_BUYER)},
    (SELECT i.display FROM identities i WHERE i.customer_id = c.id ORDER BY i.deciding DESC, i.kind, i.value LIMIT 1),
    {_latest("recipient_name", "1")}, '')"""
"""The name a customer is shown by, unless edited by hand: real recipient, else nick or identity, else the mask."""
PROVINCE: Final = _latest("province", "o.province != ''")
CITY: Final = _latest("city", f"o.city != '' AND o.province = {PROVINCE}")

# The SQL above is asked of the table `orders`, or of this: the orders of some customers, each fetched once.
_THEIRS: Final = """
    CREATE TEMP TABLE theirs (customer_id INTEGER, day INTEGER, number TEXT, id INTEGER, kind TEXT, state TEXT,
        valid INTEGER, currency TEXT, paid INTEGER, refunded INTEGER, units INTEGER, recipient_name TEXT,
        buyer_name TEXT, province TEXT, city TEXT, PRIMARY KEY (customer_id, day, number, id)) WITHOUT ROWID
"""
_AT_ONCE: Final = 20_000  # customers


def mark_valid(connection: Connection, *, order_ids: str) -> None:
    """Set `orders.valid` of the orders whose ids the SQL `order_ids` selects."""
    connection.exec_driver_sql(f"UPDATE orders SET valid = {VALID} WHERE id IN ({order_ids})")


def refresh(tx: Tx) -> None:
    """Recompute occasions, statistics and derived names of the customers in `touched`, from their orders.

    Those who go by another name than before stand in the temporary table `renamed` afterwards.
    """
    run = tx.connection.exec_driver_sql
    for table in ("occasions", "customer_statistics"):
        run(f"DELETE FROM {table} WHERE customer_id IN (SELECT id FROM temp.touched)")
    run("CREATE TEMP TABLE IF NOT EXISTS renamed (id INTEGER PRIMARY KEY)")
    run("DELETE FROM temp.renamed")
    run("CREATE TEMP TABLE some (id INTEGER PRIMARY KEY)")
    run(_THEIRS)
    last: int | None = 0
    some = """INSERT INTO temp.some SELECT t.id FROM temp.touched t CROSS JOIN customers c ON c.id = t.id
               WHERE t.id > ? ORDER BY t.id LIMIT ?"""
    while run(some, (last, _AT_ONCE)).rowcount:
        last = run("SELECT max(id) FROM temp.some").scalar()
        run(
            """INSERT INTO temp.theirs SELECT o.customer_id, coalesce(o.day, -1), o.number, o.id, o.kind, o.state,
                      o.valid, o.currency, o.paid, o.refunded, o.units, o.recipient_name, o.buyer_name, o.province,
                      o.city
                 FROM temp.some c CROSS JOIN orders o ON o.customer_id = c.id"""
        )
        _refresh_some(tx)
        run("DELETE FROM temp.theirs")
        run("DELETE FROM temp.some")
    run("DROP TABLE temp.theirs")
    run("DROP TABLE temp.some")


def _refresh_some(tx: Tx) -> None:
    """`refresh` for the customers in `some`, whose orders are in `theirs`."""
    run = tx.connection.exec_driver_sql
    currency = {"currency": tx.shop.currency}
    source = {"customers": "temp.some", "orders": "temp.theirs"}
    run(
        "INSERT INTO occasions (customer_id, day, orders, priced_orders, net, units)" + OCCASIONS.format(**source),
        currency,
    )
    run(f"INSERT INTO customer_statistics ({COLUMNS})" + SUMS.format(**source), currency)
    derived = f"SELECT c.id, {NAME} AS name, {PROVINCE} AS province, {CITY} AS city FROM temp.some c"
    run("CREATE TEMP TABLE derived AS " + derived.format(**source))
    run(
        """UPDATE customers AS c SET province = d.province, city = d.city FROM temp.derived d
            WHERE c.id = d.id AND (c.province IS NOT d.province OR c.city IS NOT d.city)"""
    )
    run(
        """INSERT INTO temp.renamed SELECT c.id FROM temp.derived d CROSS JOIN customers c ON c.id = d.id
            WHERE NOT c.name_by_hand AND c.name != d.name"""
    )
    run(
        """UPDATE customers AS c SET name = d.name FROM temp.derived d
            WHERE c.id = d.id AND c.id IN (SELECT id FROM temp.renamed)"""
    )
    run("DROP TABLE temp.derived")
