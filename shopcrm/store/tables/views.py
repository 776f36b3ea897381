"""Views of a list that were saved: its question, its columns and their order, under a name."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text, UniqueConstraint

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Key, Seconds, metadata

saved_views = Table(
    "saved_views", metadata,
    Column("id", Key, primary_key=True),
    Column("page", String(32), nullable=False),  # whose list: customers
    Column("name", String(64), nullable=False),
    Column("view", Text, nullable=False),  # JSON
    Column("position", Key, nullable=False),
    Column("edited_at", Seconds, nullable=False),
    UniqueConstraint("page", "name"),
    info={"changes": Changes.VIEWS},
    sqlite_autoincrement=True,
)  # fmt: skip
