"""The search index: two contentless FTS5 tables, and per customer the text they were made from."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table, Text

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Key, metadata

search_texts = Table(
    "search_texts", metadata,
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Column("tokens", Text, nullable=False),
    Column("text", Text, nullable=False),
    info={"changes": Changes.CUSTOMERS},
)  # fmt: skip

# Not SQLAlchemy tables: created by the migration, written by store.search_index.
SEARCH_TABLES = {
    "search_tokens": (
        "CREATE VIRTUAL TABLE search_tokens USING fts5(tokens, content='', contentless_delete=1, detail=none, "
        "tokenize=\"ascii tokenchars '_-.@+'\")"
    ),
    "search_trigrams": (
        "CREATE VIRTUAL TABLE search_trigrams USING fts5(text, content='', contentless_delete=1, detail=none, "
        "tokenize='trigram')"
    ),
}
