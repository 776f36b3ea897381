"""Notes on a customer, the files attached to them, follow-ups after a delivery, and what she wished for."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, SmallInteger, String, Table, Text, text

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Day, Key, Seconds, metadata

notes = Table(
    "notes", metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("created_at", Seconds, nullable=False),
    Column("edited_at", Seconds),
    Column("pinned", Boolean, nullable=False, server_default="0"),
    info={"changes": Changes.NOTES},
    sqlite_autoincrement=True,
)  # fmt: skip

attachments = Table(
    "attachments", metadata,
    Column("id", Key, primary_key=True),
    Column("note_id", Key, ForeignKey("notes.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(255), nullable=False),
    Column("size", Key, nullable=False),  # bytes
    Column("digest", String(64), nullable=False, index=True),  # SHA-256 of the content
    Column("at", Seconds, nullable=False),
    info={"changes": Changes.NOTES},
    sqlite_autoincrement=True,
)  # fmt: skip

# Apart, and never in the journal: an undo needs only the line that names a content.
attachment_contents = Table(
    "attachment_contents", metadata,
    Column("digest", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    info={"changes": Changes.NOTES, "goes_along": True},
)  # fmt: skip

follow_ups = Table(
    "follow_ups", metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("order_id", Key, ForeignKey("orders.id", ondelete="SET NULL"), index=True),  # the delivery it is about
    Column("channel", String(16), nullable=False),  # one of collect.follow_ups.CHANNELS
    Column("outcome", String(16), nullable=False),  # one of collect.follow_ups.OUTCOMES
    Column("rating", SmallInteger),  # how content she is, 1 to 5
    Column("answers", Text, nullable=False),  # JSON, by the key of the question
    Column("text", Text, nullable=False),
    Column("day", Day, nullable=False),  # on which it took place
    Column("next_on", Day),  # when to ask again
    Column("actor", String(64), nullable=False),
    Column("created_at", Seconds, nullable=False),
    Column("edited_at", Seconds),
    Index("ix_follow_ups_next_on", "next_on", sqlite_where=text("next_on IS NOT NULL")),
    info={"changes": Changes.NOTES},
    sqlite_autoincrement=True,
)  # fmt: skip

# What somebody wanted and did not buy.
wishes = Table(
    "wishes", metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("article", String(200), index=True),  # the code of the product, when it is one of the shop's
    Column("title", Text, nullable=False),
    Column("reason", Text, nullable=False),  # why not: price, out of stock, no size
    Column("actor", String(64), nullable=False),
    Column("created_at", Seconds, nullable=False),
    Column("closed_at", Seconds),  # she no longer wants it, or has it from elsewhere
    info={"changes": Changes.NOTES},
    sqlite_autoincrement=True,
)  # fmt: skip
