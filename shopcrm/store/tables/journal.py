"""The journal: what was changed, by whom, from what to what. Undo, history and audit read it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Key, Seconds, metadata

change_sets = Table(
    "change_sets", metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("at", Seconds, nullable=False),
    Column("summary", Text, nullable=False),  # JSON, without personal data
    Column("undone_at", Seconds),
    Column("undo_of", Key),
    info={"changes": Changes.JOURNAL},
    sqlite_autoincrement=True,
)  # fmt: skip

change_rows = Table(
    "change_rows", metadata,
    Column("id", Key, primary_key=True),
    Column("change_set_id", Key, ForeignKey("change_sets.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("table_name", String(64), nullable=False),
    Column("row_key", Text, nullable=False),  # JSON of the primary key
    Column("before", Text),  # JSON; None: the row was added
    Column("after", Text),  # JSON; None: the row was removed
    Index("ix_change_rows_row", "table_name", "row_key"),  # the history of one row
    info={"changes": Changes.JOURNAL},
)  # fmt: skip
