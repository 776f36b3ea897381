"""Birthdays, trade attributes, scripts, remembered mappings.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the second release keeps."""
    op.add_column("customers", sa.Column("birth_calendar", sa.String(length=5), nullable=True))
    op.add_column("customers", sa.Column("birth_year", sa.SmallInteger(), nullable=True))
    op.add_column("customers", sa.Column("birth_month", sa.SmallInteger(), nullable=True))
    op.add_column("customers", sa.Column("birth_day", sa.SmallInteger(), nullable=True))
    op.add_column("customers", sa.Column("birth_leap", sa.Boolean(), nullable=True))
    op.create_index(
        "ix_customers_birthday", "customers",
        ["birth_month", "birth_day", "birth_calendar", "birth_leap", "birth_year"], unique=False,
        sqlite_where=sa.text("birth_month IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "attributes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("choices", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attributes"),
        sa.UniqueConstraint("key", name="uq_attributes_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "customer_attributes",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("attribute_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attribute_id"], ["attributes.id"], name="fk_customer_attributes_attribute_id_attributes",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_customer_attributes_customer_id_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", "attribute_id", name="pk_customer_attributes"),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index("ix_customer_attributes_attribute_id", "customer_attributes", ["attribute_id"], unique=False)
    op.create_table(
        "scripts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("article", sa.String(length=200), nullable=True),
        sa.Column("situation", sa.String(length=16), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scripts"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "script_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("script_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["script_id"], ["scripts.id"], name="fk_script_uses_script_id_scripts", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_script_uses_customer_id_customers", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_script_uses"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_script_uses_script_id", "script_uses", ["script_id"], unique=False)
    op.create_index("ix_script_uses_customer_id", "script_uses", ["customer_id"], unique=False)
    op.create_table(
        "import_mappings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("header_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_mappings"),
        sa.UniqueConstraint("header_hash", name="uq_import_mappings_header_hash"),
        sqlite_autoincrement=True,
    )
