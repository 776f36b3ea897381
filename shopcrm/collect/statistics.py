"""What is kept per customer in the writing transaction (C5, K1): occasions, sums over them, and the shown name.

`refresh` recomputes the customers whose orders changed, from their orders; `add` adds orders that are new to what is
kept; `check` recomputes all and must agree.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import msgspec
from sqlalchemy import Connection

from shopcrm.base import region
from shopcrm.collect.purchases import RETURNED, VALID
from shopcrm.store.tx import Tx

MASKED: Final = "(instr({0}, '*') OR instr({0}, '＊') OR substr({0}, 1, 2) IN ('##', '$$') OR substr({0}, 1, 1) = '~')"
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
    (SELECT l.listed_name FROM customers l WHERE l.id = c.id),
    {_latest("buyer_name", _REAL_BUYER)},
    (SELECT i.display FROM identities i WHERE i.customer_id = c.id ORDER BY i.deciding DESC, i.kind, i.value LIMIT 1),
    {_latest("recipient_name", "1")}, '')"""
"""The name a customer is shown by, unless edited by hand.

Real recipient, else as a list of people calls her, else nick or identity, else the mask.
"""
_LIVES = (
    "(SELECT a.{0} FROM addresses a WHERE a.customer_id = c.id AND a.{0} != ''"
    " ORDER BY a.batch_id IS NOT NULL, a.id LIMIT 1)"
)
_ORDERED_TO: Final = _latest("province", "o.province != ''")
PROVINCE: Final = f"coalesce({_ORDERED_TO}, {_LIVES.format('province')})"
CITY: Final = f"""CASE WHEN {_ORDERED_TO} IS NULL THEN {_LIVES.format("city")}
    ELSE {_latest("city", f"o.city != '' AND o.province = {_ORDERED_TO}")} END"""

# The SQL above is asked of the table `orders`, or of this: the orders of some customers, each fetched once.
_THEIRS: Final = """
    CREATE TEMP TABLE theirs (customer_id INTEGER, day INTEGER, number TEXT, id INTEGER, kind TEXT, state TEXT,
        valid INTEGER, currency TEXT, paid INTEGER, refunded INTEGER, units INTEGER, recipient_name TEXT,
        buyer_name TEXT, province TEXT, city TEXT, address TEXT,
        PRIMARY KEY (customer_id, day, number, id)) WITHOUT ROWID
"""
_FETCHED: Final = """
    INSERT INTO temp.theirs SELECT o.customer_id, coalesce(o.day, -1), o.number, o.id, o.kind, o.state, o.valid,
           o.currency, o.paid, o.refunded, o.units, o.recipient_name, o.buyer_name, o.province, o.city, o.address
      FROM
"""
_ALL: Final = "temp.some c CROSS JOIN orders o ON o.customer_id = c.id"
_NEW: Final = """orders o WHERE o.id > ? AND o.id <= ? AND o.customer_id IS NOT NULL
                   AND o.customer_id NOT IN (SELECT id FROM temp.touched)"""
_SOURCE: Final = {"customers": "temp.some", "orders": "temp.theirs"}
_AT_ONCE: Final = 6_000  # customers
_ORDERS_AT_ONCE: Final = 50_000

# What is counted of some orders is added to what is kept of their customers; how often somebody bought is counted anew.
_SUMMED: Final = ("orders", "priced_orders", "net_total", "paid_total", "returned_total", "units")
_FIRST, _LAST = (f"coalesce({end}({day}, excluded.{day}), {day}, excluded.{day})" for end, day in
                 (("min", "first_day"), ("max", "last_day")))  # fmt: skip
_ADD_OCCASIONS: Final = f"""
    INSERT INTO occasions (customer_id, day, orders, priced_orders, net, units) {OCCASIONS.format(**_SOURCE)}
    ON CONFLICT (customer_id, day) DO UPDATE SET orders = orders + excluded.orders, net = net + excluded.net,
       priced_orders = priced_orders + excluded.priced_orders, units = units + excluded.units
"""
_ADD_SUMS: Final = f"""
    INSERT INTO customer_statistics ({COLUMNS}) {SUMS.format(**_SOURCE)}
    ON CONFLICT (customer_id) DO UPDATE SET {", ".join(f"{name} = {name} + excluded.{name}" for name in _SUMMED)},
       first_day = {_FIRST}, last_day = {_LAST}, occasions = excluded.occasions,
       mean_gap = ({_LAST} - {_FIRST}) * 1.0 / nullif(excluded.occasions - 1, 0)
"""

# Whether an order may have a say in how its customer is called or where they live: it tells another name or place than
# is shown. One that tells the same changes nothing, wherever it stands among the others.
_SAYS_OTHERWISE: Final = f"""
    NOT c.name_by_hand AND CASE
        WHEN {_REAL_RECIPIENT} THEN o.recipient_name != c.name
        ELSE c.name = '' OR ({_REAL_BUYER} AND o.buyer_name != c.name)
             OR (o.recipient_name IS NOT NULL AND {MASKED.format("c.name")}) END
    OR (o.province != '' AND o.province IS NOT c.province)
    OR (o.city != '' AND o.province = c.province AND o.city IS NOT c.city)
    OR (o.city != '' AND CASE WHEN c.district IS NULL THEN o.address GLOB '*[区县旗镇]*'
         ELSE instr(o.address, c.district) = 0 END)
"""
# What tells the district of who lives in a city: the newest order that went there, else an address that is known.
_DISTRICTS: Final = """
    SELECT json_group_array(json_array(d.id, d.city, c.district,
           (SELECT o.address FROM temp.theirs o
             WHERE o.customer_id = d.id AND o.province = d.province AND o.city = d.city AND o.address IS NOT NULL
             ORDER BY o.day DESC, o.number DESC LIMIT 1),
           (SELECT a.district FROM addresses a WHERE a.customer_id = d.id AND a.city = d.city AND a.district != ''
             ORDER BY a.batch_id IS NOT NULL, a.id LIMIT 1)))
      FROM temp.derived d CROSS JOIN customers c ON c.id = d.id WHERE d.city IS NOT NULL OR c.district IS NOT NULL
"""
_Known = tuple[int, str | None, str | None, str | None, str | None]  # customer, city, district; address, its district


def mark_valid(connection: Connection, *, order_ids: str) -> None:
    """Set `orders.valid` of the orders whose ids the SQL `order_ids` selects."""
    connection.exec_driver_sql(f"UPDATE orders SET valid = {VALID} WHERE id IN ({order_ids})")


def refresh(tx: Tx) -> None:
    """Recompute occasions, statistics and derived names of the customers in `touched`, from their orders.

    Those who go by another name than before stand in the temporary table `renamed` afterwards.
    """
    run = tx.connection.exec_driver_sql
    run("CREATE TEMP TABLE IF NOT EXISTS renamed (id INTEGER PRIMARY KEY)")
    run("DELETE FROM temp.renamed")
    touched = """SELECT t.id FROM temp.touched t CROSS JOIN customers c ON c.id = t.id
                  WHERE t.id < ? ORDER BY t.id DESC LIMIT ?"""
    for _ in _in_turn(tx.connection, touched):
        for table in ("occasions", "customer_statistics"):
            run(f"DELETE FROM {table} WHERE customer_id IN (SELECT id FROM temp.some)")
        run(_FETCHED + _ALL)
        _add_up(tx)
        _name(tx.connection)


def add(tx: Tx, *, since: int, identified: str, arguments: tuple[object, ...] = ()) -> None:
    """Add new orders to what is kept of their customers, whose other orders are as they were.

    Args:
        tx: After a `refresh`, which counted those of the customers in `touched`; who is called otherwise now is added
            to `renamed`.
        since: The last order that was counted before.
        identified: SQL that selects those who may go by another name for the identities they gained.
        arguments: Of `identified`.
    """
    run = tx.connection.exec_driver_sql
    run("CREATE TEMP TABLE unsure (id INTEGER PRIMARY KEY)")
    run(f"INSERT INTO temp.unsure {identified} EXCEPT SELECT id FROM temp.touched", arguments)
    with _some(tx.connection):
        # As they stand in the file: by customer, each page of many orders would be fetched many times.
        for last in range(run("SELECT coalesce(max(id), 0) FROM orders").scalar_one(), since, -_ORDERS_AT_ONCE):
            run(_FETCHED + _NEW, (max(last - _ORDERS_AT_ONCE, since), last))
            run("INSERT INTO temp.some SELECT DISTINCT customer_id FROM temp.theirs")
            _add_up(tx)
            run(
                f"""INSERT OR IGNORE INTO temp.unsure SELECT c.id FROM temp.theirs o
                     CROSS JOIN customers c ON c.id = o.customer_id WHERE {_SAYS_OTHERWISE}"""
            )
            _empty(tx.connection)
    for _ in _in_turn(tx.connection, "SELECT id FROM temp.unsure WHERE id < ? ORDER BY id DESC LIMIT ?"):
        run(_FETCHED + _ALL)
        _name(tx.connection)
    run("DROP TABLE temp.unsure")


@contextmanager
def _some(connection: Connection) -> Iterator[None]:
    """The temporary tables `some`, of customers, and `theirs`, of their orders."""
    connection.exec_driver_sql("CREATE TEMP TABLE some (id INTEGER PRIMARY KEY)")
    connection.exec_driver_sql(_THEIRS)
    yield
    connection.exec_driver_sql("DROP TABLE temp.theirs")
    connection.exec_driver_sql("DROP TABLE temp.some")


def _empty(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM temp.theirs")
    connection.exec_driver_sql("DELETE FROM temp.some")


def _in_turn(connection: Connection, customers: str) -> Iterator[None]:
    """Let the temporary table `some` hold so many of the customers at a time, and `theirs` nothing yet.

    The newest first: those that were made just now are in memory still. `customers`: SQL for so many below an id.
    """
    run = connection.exec_driver_sql
    below: int | None = sys.maxsize
    with _some(connection):
        while run(f"INSERT INTO temp.some {customers}", (below, _AT_ONCE)).rowcount:
            below = run("SELECT min(id) FROM temp.some").scalar()
            yield
            _empty(connection)


def _add_up(tx: Tx) -> None:
    """Add the orders in `theirs` to what is kept of the customers in `some`."""
    currency = {"currency": tx.shop.currency}
    tx.connection.exec_driver_sql(_ADD_OCCASIONS, currency)
    tx.connection.exec_driver_sql(_ADD_SUMS, currency)


def _name(connection: Connection) -> None:
    """Derive name and place of the customers in `some`, all of whose orders are in `theirs`."""
    run = connection.exec_driver_sql
    derived = f"SELECT c.id, {NAME} AS name, {PROVINCE} AS province, {CITY} AS city FROM temp.some c"
    run("CREATE TEMP TABLE derived AS " + derived.format(**_SOURCE))
    run(
        """UPDATE customers AS c SET province = d.province, city = d.city FROM temp.derived d
            WHERE c.id = d.id AND (c.province IS NOT d.province OR c.city IS NOT d.city)"""
    )
    _place_in_district(connection)
    run(
        """INSERT INTO temp.renamed SELECT c.id FROM temp.derived d CROSS JOIN customers c ON c.id = d.id
            WHERE NOT c.name_by_hand AND c.name != d.name"""
    )
    run(
        """UPDATE customers AS c SET name = d.name FROM temp.derived d
            WHERE c.id = d.id AND c.id IN (SELECT id FROM temp.renamed)"""
    )
    run("DROP TABLE temp.derived")


def _place_in_district(connection: Connection) -> None:
    """Derive the district of the customers in `derived`."""
    found: dict[str | None, list[int]] = {}
    # As one row: other threads get a turn after each.
    told = msgspec.json.decode(connection.exec_driver_sql(_DISTRICTS).scalar_one(), type=list[_Known])
    for customer, city, known, address, lives in told:
        town, went = region.town(address) if address is not None else (None, None)
        district = ((went if town == city else None) or lives or "")[:64] or None
        if district != known:
            found.setdefault(district, []).append(customer)
    for district, who in found.items():  # few, however many live in them
        connection.exec_driver_sql(
            "UPDATE customers SET district = ? WHERE id IN (SELECT value FROM json_each(?))", (district, str(who))
        )
