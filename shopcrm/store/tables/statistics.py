"""What is kept per customer at write time, so that no screen waits: occasions, and the sums over them."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Table

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Day, Key, Minor, metadata

occasions = Table(
    "occasions", metadata,
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Day, primary_key=True),
    Column("orders", Key, nullable=False),
    Column("priced_orders", Key, nullable=False),  # of these, in the shop's currency
    Column("net", Minor, nullable=False),  # of the priced ones
    Column("units", Key, nullable=False),
    info={"changes": Changes.STATISTICS, "goes_along": True},
    sqlite_with_rowid=False,
)  # fmt: skip

customer_statistics = Table(
    "customer_statistics", metadata,
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Column("first_day", Day),  # None: no valid order
    Column("last_day", Day),
    Column("occasions", Key, nullable=False),
    Column("orders", Key, nullable=False),
    Column("priced_orders", Key, nullable=False),
    Column("net_total", Minor, nullable=False),
    Column("paid_total", Minor, nullable=False),  # of all paid orders, before refunds
    Column("returned_total", Minor, nullable=False),  # refunds of orders and standalone returns
    Column("units", Key, nullable=False),
    Column("mean_gap", Float),  # days between occasions; None: fewer than two
    info={"changes": Changes.STATISTICS, "goes_along": True},
)  # fmt: skip
