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
    SELECT o.customer_id, o.day, count(*), sum(o.currency = :currency),
           sum(CASE WHEN o.currency = :currency THEN o.paid - o.refunded ELSE 0 END), sum(coalesce(o.units, 0))
    FROM {source} WHERE o.valid GROUP BY o.customer_id, o.day
"""
SUMS: Final = """
    SELECT c.id,
           min(o.day) FILTER (WHERE o.valid), max(o.day) FILTER (WHERE o.valid),
           count(DISTINCT o.day) FILTER (WHERE o.valid), count(*) FILTER (WHERE o.valid),
           count(*) FILTER (WHERE o.valid AND o.currency = :currency),
           coalesce(sum(o.paid - o.refunded) FILTER (WHERE o.valid AND o.currency = :currency), 0),
           coalesce(sum(o.paid) FILTER
               (WHERE o.currency = :currency AND o.kind = 'order' AND o.state NOT IN ('unpaid', 'closed')), 0),
           coalesce(sum({returned}) FILTER (WHERE o.currency = :currency), 0),
           coalesce(sum(o.units) FILTER (WHERE o.valid), 0),
           (max(o.day) FILTER (WHERE o.valid) - min(o.day) FILTER (WHERE o.valid)) * 1.0
               / nullif(count(DISTINCT o.day) FILTER (WHERE o.valid) - 1, 0)
    FROM {source} LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id
""".replace("{returned}", RETURNED)
COLUMNS: Final = (
    "customer_id, first_day, last_day, occasions, orders, priced_orders, net_total, paid_total, returned_total, units,"
    " mean_gap"
)


def _latest(column: str, condition: str) -> str:
    return (
        f"(SELECT o.{column} FROM orders o WHERE o.customer_id = c.id AND o.{column} IS NOT NULL AND {condition}"
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


def mark_valid(connection: Connection, *, order_ids: str) -> None:
    """Set `orders.valid` of the orders whose ids the SQL `order_ids` selects."""
    connection.exec_driver_sql(f"UPDATE orders SET valid = {VALID} WHERE id IN ({order_ids})")


def refresh(tx: Tx) -> set[int]:
    """Recompute occasions, statistics and derived names of the customers in `touched`, from their orders.

    Returns those who go by another name than before.
    """
    run = tx.connection.exec_driver_sql
    currency = {"currency": tx.shop.currency}
    source = "temp.touched t CROSS JOIN orders o ON o.customer_id = t.id"
    run("DELETE FROM occasions WHERE customer_id IN (SELECT id FROM temp.touched)")
    run(
        "INSERT INTO occasions (customer_id, day, orders, priced_orders, net, units)" + OCCASIONS.format(source=source),
        currency,
    )
    run("DELETE FROM customer_statistics WHERE customer_id IN (SELECT id FROM temp.touched)")
    source = "temp.touched t CROSS JOIN customers c ON c.id = t.id"
    run(f"INSERT INTO customer_statistics ({COLUMNS})" + SUMS.format(source=source), currency)
    derived = f"SELECT c.id, {NAME} AS name, {PROVINCE} AS province, {CITY} AS city FROM {source}"
    run("DROP TABLE IF EXISTS temp.derived")
    run(f"CREATE TEMP TABLE derived AS {derived}")
    run(
        """UPDATE customers AS c SET province = d.province, city = d.city FROM temp.derived d
            WHERE c.id = d.id AND (c.province IS NOT d.province OR c.city IS NOT d.city)"""
    )
    renamed = run(
        """UPDATE customers AS c SET name = d.name FROM temp.derived d
            WHERE c.id = d.id AND NOT c.name_by_hand AND c.name != d.name RETURNING id"""
    )
    names = {customer for (customer,) in renamed}
    run("DROP TABLE temp.derived")
    return names
