"""The shop itself: one sentinel row, its options and its stores on the marketplaces."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, String, Table, Text, UniqueConstraint

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Key, Seconds, metadata

shop = Table(
    "shop", metadata,
    Column("id", Key, primary_key=True),
    Column("uuid", String(36), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("is_demo", Boolean, nullable=False),
    Column("created_at", Seconds, nullable=False),
    Column("made_by", String(32), nullable=False),
    CheckConstraint("id = 1", name="one_row"),
    info={"changes": Changes.SHOP},
)  # fmt: skip

options = Table(
    "options", metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),  # JSON
    info={"changes": Changes.OPTIONS},
)  # fmt: skip

stores = Table(
    "stores", metadata,
    Column("id", Key, primary_key=True),
    Column("platform", String(32), nullable=False),
    Column("name", String(200), nullable=False),  # "" while no file has said it
    Column("batch_id", Key),
    UniqueConstraint("platform", "name"),
    info={"changes": Changes.ORDERS},
)  # fmt: skip
