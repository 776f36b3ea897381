"""What the desk keeps: consents, follow-ups, wishes, files, answers about products, colours of tags, saved views.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shopcrm.store import search_index
from shopcrm.store.search_tables import TOKENS, backwards
from shopcrm.store.touched import touch

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the fifth schema keeps."""
    op.add_column("customers", sa.Column("age_band", sa.String(length=8), nullable=True))
    op.add_column("customers", sa.Column("entry_offer", sa.String(length=200), nullable=True))
    op.add_column("customers", sa.Column("district", sa.String(length=64), nullable=True))
    op.add_column("customers", sa.Column("trouble", sa.Text(), nullable=True))
    op.add_column("customers", sa.Column("trouble_until", sa.Integer(), nullable=True))
    op.add_column("addresses", sa.Column("district", sa.String(length=64), nullable=True))
    op.add_column("notes", sa.Column("pinned", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("scripts", sa.Column("keywords", sa.Text(), nullable=True))
    op.add_column("scripts", sa.Column("audience", sa.Text(), nullable=True))
    op.add_column("script_uses", sa.Column("outcome", sa.String(length=8), nullable=True))
    op.add_column("tags", sa.Column("colour", sa.String(length=16), nullable=True))
    op.add_column("tags", sa.Column("tag_group", sa.String(length=64), nullable=True))
    op.add_column("attributes", sa.Column("hidden", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("attributes", sa.Column("unit", sa.String(length=16), nullable=True))
    op.add_column("attributes", sa.Column("low", sa.Float(), nullable=True))
    op.add_column("attributes", sa.Column("high", sa.Float(), nullable=True))
    # Until now every attribute was a preset's and stood where the preset had it.
    op.execute("UPDATE attributes SET position = -1 WHERE label IS NULL")
    op.create_index("ix_change_rows_row", "change_rows", ["table_name", "row_key"], unique=False)
    _people()
    _lists()
    _conversations()
    op.create_table(
        "product_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_product_answers"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_product_answers_code", "product_answers", ["code"], unique=False)
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
        sa.UniqueConstraint("page", "name", name="uq_saved_views_page_name"),
        sqlite_autoincrement=True,
    )
    _search()


def _people() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        _of_customer("consents"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "opt_outs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("identity_hash", sa.String(length=64), nullable=True),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _of_customer("opt_outs", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_opt_outs"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "follows",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("since_day", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _of_customer("follows"),
        sa.PrimaryKeyConstraint("customer_id", "channel", name="pk_follows"),
        sqlite_with_rowid=False,
    )
    indexed = (
        ("consents", "customer_id"), ("consents", "batch_id"), ("opt_outs", "customer_id"),
        ("opt_outs", "identity_hash"),
    )  # fmt: skip
    for table, column in indexed:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)


def _lists() -> None:
    op.create_table(
        "batch_told",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name="fk_batch_told_batch_id_import_batches", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("batch_id", "told", "turn", name="pk_batch_told"),
        sqlite_with_rowid=False,
    )
    for column in ("told", "customer_id"):
        op.create_index(f"ix_batch_told_{column}", "batch_told", [column], unique=False)


def _conversations() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_attachments_note_id_notes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "attachment_contents",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_attachment_contents"),
    )
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("next_on", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        _of_customer("follow_ups"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_follow_ups_order_id_orders", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_follow_ups"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_follow_ups_next_on", "follow_ups", ["next_on"], unique=False, sqlite_where=sa.text("next_on IS NOT NULL")
    )
    op.create_table(
        "wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(length=200), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        _of_customer("wishes"),
        sa.PrimaryKeyConstraint("id", name="pk_wishes"),
        sqlite_autoincrement=True,
    )
    indexed = (
        ("attachments", "note_id"), ("attachments", "digest"), ("follow_ups", "customer_id"),
        ("follow_ups", "order_id"), ("wishes", "customer_id"), ("wishes", "article"),
    )  # fmt: skip
    for table, column in indexed:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)


def _of_customer(table: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_customer_id_customers"
    return sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=name, ondelete=ondelete)


def _search() -> None:
    """One table of tokens from here on, made anew; and orders by their numbers read backwards."""
    for table in ("search_tokens", "search_trigrams"):
        op.execute(f"DROP TABLE IF EXISTS {table}")
    op.execute(TOKENS)
    connection = op.get_bind()
    touch(connection, connection.exec_driver_sql("SELECT id FROM customers").scalars().all())
    search_index.refresh(connection, progress=op.get_context().opts["progress"])
    for column, told in (("number", None), ("tracking_number", sa.text("tracking_number IS NOT NULL"))):
        op.drop_index(f"ix_orders_{column}_tail", "orders")
        op.create_index(f"ix_orders_{column}_backwards", "orders", [sa.text(backwards(column))], sqlite_where=told)
