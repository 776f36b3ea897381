"""Imports: a batch is what is done and undone as a whole, its files are what it was read from."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, SmallInteger, String, Table, Text

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Key, Seconds, metadata

import_batches = Table(
    "import_batches", metadata,
    Column("id", Key, primary_key=True),
    Column("at", Seconds, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("change_set_id", Key, nullable=False),
    Column("undone_at", Seconds),
    info={"changes": Changes.IMPORTS},
    sqlite_autoincrement=True,
)  # fmt: skip

import_files = Table(
    "import_files", metadata,
    Column("id", Key, primary_key=True),
    Column("batch_id", Key, ForeignKey("import_batches.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(255), nullable=False),
    Column("report", Text, nullable=False),  # the counts shown after the import, as JSON
    info={"changes": Changes.IMPORTS},
    sqlite_autoincrement=True,
)  # fmt: skip

# How the tables of other programs were read, remembered by their headers and offered when they come again.
import_mappings = Table(
    "import_mappings", metadata,
    Column("id", Key, primary_key=True),
    Column("header_hash", String(64), nullable=False, unique=True),  # of the folded headers, sorted
    Column("label", String(120), nullable=False),
    Column("mapping", Text, nullable=False),  # TOML, as `collect.mapping_file` reads it
    Column("used_at", Seconds, nullable=False),
    info={"changes": Changes.IMPORTS},
    sqlite_autoincrement=True,
)  # fmt: skip

# Which orders each batch held: what decides, when it is undone, whose order it is.
batch_orders = Table(
    "batch_orders", metadata,
    Column("batch_id", Key, ForeignKey("import_batches.id", ondelete="CASCADE"), primary_key=True),
    Column("order_id", Key, primary_key=True, index=True),
    Column("status", String(8), nullable=False),  # new | changed | same
    info={"changes": Changes.IMPORTS},
    sqlite_with_rowid=False,
)  # fmt: skip

# The same of lists of people: whom each batch told, and by which identities.
batch_people = Table(
    "batch_people", metadata,
    Column("batch_id", Key, ForeignKey("import_batches.id", ondelete="CASCADE"), primary_key=True),
    Column("customer_id", Key, primary_key=True, index=True),
    info={"changes": Changes.IMPORTS},
    sqlite_with_rowid=False,
)  # fmt: skip

batch_identities = Table(
    "batch_identities", metadata,
    Column("batch_id", Key, ForeignKey("import_batches.id", ondelete="CASCADE"), primary_key=True),
    Column("identity_id", Key, primary_key=True, index=True),
    info={"changes": Changes.IMPORTS},
    sqlite_with_rowid=False,
)  # fmt: skip

# By what each batch told of a person, name and numbers alike, the shop knows who she was when it is told again.
batch_told = Table(
    "batch_told", metadata,
    Column("batch_id", Key, ForeignKey("import_batches.id", ondelete="CASCADE"), primary_key=True),
    Column("told", String(32), primary_key=True, index=True),  # collect.people_matching.digest
    Column("turn", SmallInteger, primary_key=True),  # of those who are only a name the how manieth with it
    Column("customer_id", Key, nullable=False, index=True),
    info={"changes": Changes.IMPORTS},
    sqlite_with_rowid=False,
)  # fmt: skip
