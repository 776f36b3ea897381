"""Valid order and purchase occasion: the one definition (C1; everything that counts or sums calls it).

A valid order is paid, its net paid (paid − refunded) is above zero, and it was not closed. A purchase occasion is all
valid orders of one customer on one calendar day in the shop's zone; the day is that of `paid_at`, else of `created_at`.
"""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from shopcrm.base import clock

VALID: Final = "(kind = 'order' AND state NOT IN ('unpaid', 'closed') AND paid - refunded > 0 AND day IS NOT NULL)"
"""SQL over a row of orders (or of a table with its columns)."""

RETURNED: Final = "(CASE WHEN kind = 'return' THEN -paid ELSE refunded END)"
"""SQL: what was given back by an order, or by a standalone return, whose `paid` is negative as in its file."""

CREATED_PLAIN: Final = 1
PAID_PLAIN: Final = 2


def day_of_order(*, created_at: int | None, paid_at: int | None, plain_dates: int, tz: ZoneInfo) -> int | None:
    """The day number of an order, None when the file told no time at all."""
    if paid_at is not None:
        return clock.day_of(paid_at, tz=tz, plain=bool(plain_dates & PAID_PLAIN))
    if created_at is not None:
        return clock.day_of(created_at, tz=tz, plain=bool(plain_dates & CREATED_PLAIN))
    return None
