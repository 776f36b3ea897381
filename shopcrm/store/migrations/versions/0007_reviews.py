"""What buyers wrote of their orders, told by files or typed by hand.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the seventh schema keeps."""
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        *_told(),
        sa.Column("picked", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        _of_order("reviews"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "batch_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        *_told(),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name="fk_batch_reviews_batch_id_import_batches", ondelete="CASCADE"
        ),
        _of_order("batch_reviews"),
        sa.PrimaryKeyConstraint("id", name="pk_batch_reviews"),
        sqlite_autoincrement=True,
    )
    indexed = (
        ("reviews", "order_id"), ("reviews", "batch_id"), ("batch_reviews", "batch_id"), ("batch_reviews", "order_id"),
        ("batch_reviews", "review_id"),
    )  # fmt: skip
    for table, column in indexed:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
    op.create_index("ix_reviews_picked", "reviews", ["picked"], unique=False, sqlite_where=sa.text("picked = 1"))


def _told() -> list[sa.Column[object]]:
    return [
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("article", sa.String(length=200), nullable=True),
        sa.Column("stars", sa.SmallInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("plain", sa.Boolean(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
    ]


def _of_order(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=f"fk_{table}_order_id_orders", ondelete="CASCADE")
