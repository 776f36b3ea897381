"""The tables, one file a noun. Each carries in `info["changes"]` the flag that a write to it raises."""

from __future__ import annotations

from shopcrm.store.tables import (
    attributes,
    customers,
    imports,
    journal,
    notes,
    orders,
    products,
    reminders,
    reviews,
    scripts,
    shop,
    statistics,
    tags,
    views,
)
from shopcrm.store.tables.schema import metadata

__all__ = [
    "attributes", "customers", "imports", "journal", "metadata", "notes", "orders", "products", "reminders", "reviews",
    "scripts", "shop", "statistics", "tags", "views",
]  # fmt: skip
