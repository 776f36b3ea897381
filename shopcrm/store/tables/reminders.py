"""What was done about a due item of the Today list. An item is (customer, reason, the purchase it follows)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table

from shopcrm.base.changes import Changes
from shopcrm.store.tables.schema import Day, Key, Seconds, metadata

reminder_actions = Table(
    "reminder_actions", metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", Key, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("reason", String(16), nullable=False),  # cycle, later birthday, run_out, ...
    Column("anchor_day", Day, nullable=False),  # the day of the purchase it follows; a new purchase makes a new item
    Column("outcome", String(8), nullable=False),  # done | snoozed | skipped
    Column("until_day", Day),  # snoozed: listed again from this day on
    Column("day", Day, nullable=False),  # when it was acted on, in the shop's zone
    Column("at", Seconds, nullable=False),
    Index("ix_reminder_actions_item", "customer_id", "reason", "anchor_day"),
    Index("ix_reminder_actions_day", "day"),
    info={"changes": Changes.REMINDERS},
    sqlite_autoincrement=True,
)  # fmt: skip
