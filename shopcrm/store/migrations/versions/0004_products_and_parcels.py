"""Products, addresses and what address books say of people, parcels, pairs that are two people.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the fourth schema keeps."""
    op.add_column("customers", sa.Column("listed_name", sa.String(length=200), nullable=True))
    op.add_column("customers", sa.Column("gender", sa.String(length=6), nullable=True))
    op.add_column("customers", sa.Column("company", sa.String(length=200), nullable=True))
    op.add_column("customers", sa.Column("occupation", sa.String(length=120), nullable=True))
    op.add_column("customers", sa.Column("source", sa.String(length=120), nullable=True))
    op.add_column("customers", sa.Column("member_level", sa.String(length=64), nullable=True))
    op.add_column("orders", sa.Column("tracking_number", sa.String(length=64), nullable=True))
    op.add_column("orders", sa.Column("carrier", sa.String(length=64), nullable=True))
    told = sa.text("tracking_number IS NOT NULL")
    op.create_index("ix_orders_tracking_number", "orders", ["tracking_number"], unique=False, sqlite_where=told)
    op.create_index(
        "ix_orders_tracking_number_tail", "orders", [sa.text("substr(tracking_number, -6)")], unique=False,
        sqlite_where=told,
    )  # fmt: skip
    op.create_table(
        "addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=64), nullable=True),
        sa.Column("province", sa.String(length=64), nullable=True),
        sa.Column("city", sa.String(length=64), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_addresses_customer_id_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_addresses"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_addresses_customer_id", "addresses", ["customer_id"], unique=False)
    op.create_index("ix_addresses_batch_id", "addresses", ["batch_id"], unique=False)
    op.create_table(
        "distinct_customers",
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_id"], ["customers.id"], name="fk_distinct_customers_first_id_customers", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["customers.id"], name="fk_distinct_customers_second_id_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("first_id", "second_id", name="pk_distinct_customers"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_distinct_customers_second_id", "distinct_customers", ["second_id"], unique=False)
    for table, column in (("batch_people", "customer_id"), ("batch_identities", "identity_id")):
        op.create_table(
            table,
            sa.Column("batch_id", sa.Integer(), nullable=False),
            sa.Column(column, sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["batch_id"], ["import_batches.id"], name=f"fk_{table}_batch_id_import_batches", ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("batch_id", column, name=f"pk_{table}"),
            sqlite_with_rowid=False,
        )
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
    op.create_table(
        "products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("variant", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=True),
        sa.Column("tags", sa.Text(), nullable=True),
        sa.Column("days_per_unit", sa.Integer(), nullable=True),
        sa.Column("pairs_with", sa.Text(), nullable=True),
        sa.Column("stage", sa.String(length=64), nullable=True),
        sa.Column("fit", sa.String(length=16), nullable=True),
        sa.Column("edited_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_products"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_products_code_variant", "products", ["code", "variant"], unique=True)
    op.create_table(
        "customer_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("change_set_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_customer_merges_customer_id_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_customer_merges"),
        sqlite_autoincrement=True,
    )
    for name in ("customer_id", "gone_id", "batch_id"):
        op.create_index(f"ix_customer_merges_{name}", "customer_merges", [name], unique=False)
    # Customers made one by an import stood among the identities that were given to somebody.
    op.execute(
        """INSERT INTO customer_merges (customer_id, gone_id, change_set_id, evidence, choices, at, actor, batch_id)
           SELECT m.customer_id, CAST(json_extract(m.evidence, '$.customer') AS INTEGER), b.change_set_id,
                  json_array(json_remove(m.evidence, '$.customer')), '[]', m.at, b.actor, m.batch_id
             FROM merges m JOIN import_batches b ON b.id = m.batch_id
            WHERE json_extract(m.evidence, '$.customer') IS NOT NULL ORDER BY m.id"""
    )
    op.execute("DELETE FROM merges WHERE json_extract(evidence, '$.customer') IS NOT NULL")
