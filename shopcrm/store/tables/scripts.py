"""Scripts (U2): standard wordings in folders, and each time one was used."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, Text

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Key, Seconds, metadata

scripts = Table(
    "scripts", metadata,
    Column("id", Key, primary_key=True),
    Column("folder", String(64), nullable=False),
    Column("title", String(120), nullable=False),
    Column("body", Text, nullable=False),  # with blanks: {name} or {name|what stands there when it is missing}
    Column("article", String(200)),  # the product it is about, by its code
    Column("situation", String(16)),  # when it is the one to say: a key of act.blanks.SITUATIONS; None: any time
    Column("keywords", Text),  # words it is found by, comma between
    Column("audience", Text),  # JSON: {"groups": [...], "levels": [...]}: whom it suits; None: everybody
    Column("position", Key, nullable=False),  # in its folder
    Column("created_at", Seconds, nullable=False),
    Column("edited_at", Seconds, nullable=False),
    info={"changes": Changes.SCRIPTS},
    sqlite_autoincrement=True,
)  # fmt: skip

script_uses = Table(
    "script_uses", metadata,
    Column("id", Key, primary_key=True),
    Column("script_id", Key, ForeignKey("scripts.id", ondelete="CASCADE"), nullable=False, index=True),
    # None: nobody's card was open.
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="SET NULL"), index=True),
    Column("at", Seconds, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("outcome", String(8)),  # answered | bought | no; None: not said
    info={"changes": Changes.SCRIPTS, "goes_along": True},
    sqlite_autoincrement=True,
)  # fmt: skip

# What buyers ask about a product, and the one answer the shop gives.
product_answers = Table(
    "product_answers", metadata,
    Column("id", Key, primary_key=True),
    Column("code", String(200), nullable=False, index=True),  # of the product
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),  # with blanks, as a script
    Column("position", Key, nullable=False),
    Column("created_at", Seconds, nullable=False),
    Column("edited_at", Seconds, nullable=False),
    info={"changes": Changes.SCRIPTS},
    sqlite_autoincrement=True,
)  # fmt: skip
