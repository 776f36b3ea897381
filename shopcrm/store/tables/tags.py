"""Tags, and who wears them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Key, Seconds, metadata

tags = Table(
    "tags", metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("colour", String(16)),  # one of collect.tags.COLOURS; None: grey
    Column("tag_group", String(64)),  # under which it stands; None: under none
    info={"changes": Changes.TAGS},
    sqlite_autoincrement=True,
)  # fmt: skip

customer_tags = Table(
    "customer_tags", metadata,
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", Key, ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("created_at", Seconds, nullable=False),
    info={"changes": Changes.TAGS},
    sqlite_with_rowid=False,
)  # fmt: skip
