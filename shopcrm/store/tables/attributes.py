"""What each trade keeps of a customer (C6): the attributes there are, and their values."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, String, Table, Text

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Key, Seconds, metadata

attributes = Table(
    "attributes", metadata,
    Column("id", Key, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),  # of a preset; what the owner adds gets one of its own
    Column("label", String(64)),  # the owner's word for it; None: the preset's, in the language in use
    Column("kind", String(8), nullable=False),  # text | number | date | choice | choices | yes_no
    Column("choices", Text),  # JSON list of texts, of a choice; of a preset's those that the owner added
    Column("position", Key, nullable=False),  # -1: where the preset has it
    Column("hidden", Boolean, nullable=False, server_default="0"),
    Column("unit", String(16)),  # of a number, as its bounds
    Column("low", Float),
    Column("high", Float),
    info={"changes": Changes.ATTRIBUTES},
    sqlite_autoincrement=True,
)  # fmt: skip

customer_attributes = Table(
    "customer_attributes", metadata,
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Column("attribute_id", Key, ForeignKey("attributes.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("value", Text, nullable=False),  # JSON: text, number, date as 2026-11-22, list of texts, true
    Column("edited_at", Seconds, nullable=False),
    info={"changes": Changes.ATTRIBUTES},
    sqlite_with_rowid=False,
)  # fmt: skip
