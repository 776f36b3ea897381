"""What the seller keeps about a product; that it was sold stands in the lines of orders."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Key, Seconds, metadata

products = Table(
    "products", metadata,
    Column("id", Key, primary_key=True),
    # The article of the lines it was sold by, else their title; one of several variants, or "" for all of them.
    Column("code", String(200), nullable=False),
    Column("variant", String(200), nullable=False, default=""),
    Column("title", Text, nullable=False),
    Column("category", String(120)),
    Column("tags", Text),  # comma between them
    Column("days_per_unit", Key),  # how long one lasts
    Column("pairs_with", Text),  # codes, comma between them
    Column("stage", String(64)),  # the stage or age it suits
    Column("fit", String(16)),  # large | small: it runs so
    Column("edited_at", Seconds, nullable=False),
    Index("uq_products_code_variant", "code", "variant", unique=True),
    info={"changes": Changes.PRODUCTS},
    sqlite_autoincrement=True,
)  # fmt: skip
