"""Notes on a customer."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, Text

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Key, Seconds, metadata

notes = Table(
    "notes", metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("created_at", Seconds, nullable=False),
    Column("edited_at", Seconds),
    info={"changes": Changes.NOTES},
    sqlite_autoincrement=True,
)  # fmt: skip
