"""Without indexes that others stand in for, and every import paid for: lists are sorted in memory, numbers have tails.

Revision ID: 0003
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take out what nothing asks for."""
    op.drop_index("ix_customer_statistics_net_total", "customer_statistics")
    op.drop_index("ix_customer_statistics_last_day", "customer_statistics")
    op.drop_index("ix_orders_number", "orders")
