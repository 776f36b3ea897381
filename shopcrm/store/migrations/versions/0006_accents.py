"""The search index finds José by jose: whoever has an accent in a name or an account is indexed anew.

Revision ID: 0006
"""

from __future__ import annotations

from alembic import op

from shopcrm.store import search_index
from shopcrm.store.touched import touch

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Latin letters with accents, the accents themselves, and what is folded to such letters.
ACCENTED = (
    "\u00a8\u00af\u00b4\u00b8\u00c0-\u024f\u02d8-\u02dd\u0300-\u036f\u0384-\u0385\u0390\u03b0\u1d2c-\u1dbf\u1e00-\u1fff"
    "\u2017\u203e\u2100-\u214f\u2adc\ua7f8-\ua7f9\ufe49-\ufe4c\uffe3\U00010783-\U000107a2\U0001d6a4-\U0001d6a5"
)


def upgrade() -> None:
    """Index them anew; the tables stay as they are."""
    connection = op.get_bind()
    accented = f"""SELECT id FROM customers WHERE name GLOB '*[{ACCENTED}]*'
                   UNION SELECT customer_id FROM identities WHERE value GLOB '*[{ACCENTED}]*'"""
    touch(connection, connection.exec_driver_sql(accented).scalars().all())
    search_index.refresh(connection, progress=op.get_context().opts["progress"])
