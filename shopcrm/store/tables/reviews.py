"""What buyers wrote of their orders: one row a review, and what each import told of it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, SmallInteger, String, Table, Text, text

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Key, Seconds, metadata

reviews = Table(
    "reviews", metadata,
    Column("id", Key, primary_key=True),
    Column("order_id", Key, ForeignKey("orders.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("product", Text),  # the title of the line it is of, where that is told
    Column("article", String(200)),
    Column("stars", SmallInteger),  # 1 to 5; None: words only
    Column("text", Text, nullable=False),
    Column("at", Seconds),  # None: nobody said when
    Column("plain", Boolean, nullable=False),  # only the day of `at` is known
    Column("reply", Text),  # the seller's
    Column("picked", Boolean, nullable=False, default=False),  # chosen for display
    Column("actor", String(64), nullable=False),
    Column("created_at", Seconds, nullable=False),
    Column("edited_at", Seconds),  # by hand: what files tell stands behind it from then on
    Column("batch_id", Key, index=True),  # the first import that tells it; None: typed by hand
    Index("ix_reviews_picked", "picked", sqlite_where=text("picked = 1")),
    info={"changes": Changes.NOTES},
    sqlite_autoincrement=True,  # what was told of one that is gone must not be told of another
)  # fmt: skip

# What each batch told of a review, as it told it: a review is what the standing ones come to. It goes with its order,
# and stays when somebody removes the review, so that the next file does not bring it back.
batch_reviews = Table(
    "batch_reviews", metadata,
    Column("id", Key, primary_key=True),
    Column("batch_id", Key, ForeignKey("import_batches.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("order_id", Key, ForeignKey("orders.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("review_id", Key, nullable=False, index=True),
    Column("product", Text),
    Column("article", String(200)),
    Column("stars", SmallInteger),
    Column("text", Text, nullable=False),
    Column("at", Seconds),
    Column("plain", Boolean, nullable=False),
    Column("reply", Text),
    info={"changes": Changes.IMPORTS, "goes_along": True},
    sqlite_autoincrement=True,
)  # fmt: skip
