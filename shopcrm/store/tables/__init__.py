"""The tables, one file a noun. Each carries in `info["changes"]` the flag that a write to it raises."""

from __future__ import annotations

from shopcrm.store.tables import (
    customers,
    imports,
    journal,
    notes,
    orders,
    reminders,
    shop,
    statistics,
    tags,
)
from shopcrm.store.tables.schema import metadata

__all__ = [
    "customers", "imports", "journal", "metadata", "notes", "orders", "reminders", "shop", "statistics", "tags",
]  # fmt: skip
