"""The customers a transaction is about: the temporary table `touched`, read by statistics and search index."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection


def touch(connection: Connection, customer_ids: Iterable[int]) -> None:
    """Let `temp.touched` hold these customer ids and no others."""
    connection.exec_driver_sql("CREATE TEMP TABLE IF NOT EXISTS touched (id INTEGER PRIMARY KEY)")
    connection.exec_driver_sql("DELETE FROM temp.touched")
    rows = [(int(customer),) for customer in customer_ids]
    if rows:
        connection.exec_driver_sql("INSERT OR IGNORE INTO temp.touched VALUES (?)", rows)


def touch_those(
    connection: Connection, select: str, arguments: tuple[object, ...] = (), *, also: Iterable[int]
) -> None:
    """`touch` for the ids that the SQL `select` finds, however many, and a few others."""
    touch(connection, also)
    connection.exec_driver_sql(f"INSERT OR IGNORE INTO temp.touched {select}", arguments)
