"""Churn of a month (row E1): of those who were not lost at its start, who became lost in it.

Lost is who last bought more days ago than the limit of dormant, as it is now. Who became lost and came back in the
same month did become lost; whose first purchase fell in the month does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from shopcrm.measure.repurchase import Counted, Rate, Span, month_span
from shopcrm.store.columns import Columns, Days, sums_of

MONTHS_AT_MOST: Final = 12
_NEVER: Final = np.iinfo(np.int32).max


@dataclass(frozen=True)
class ChurnLine:
    """A month, whether it is over, and how many of how many became lost in it."""

    month: int
    over: bool
    rate: Rate


def churn(view: Columns, *, span: Span, dormant_days: int) -> Counted:
    """Of the customers not lost on the day before `span`: who became lost from its first to its last day."""
    before = span.first - 1
    whole = sums_of((view.day >= before - dormant_days) & (view.day <= before), view.starts) > 0
    lost = _lost_from(view, dormant_days=dormant_days)
    part = sums_of((lost >= span.first) & (lost <= span.last), view.starts) > 0
    return Counted(whole, whole & part)


def by_month(view: Columns, *, first: int, last: int, as_of_day: int, dormant_days: int) -> tuple[ChurnLine, ...]:
    """The newest months from `first` to `last`, by month number; the running one up to `as_of_day`."""
    lines = []
    for month in range(max(first, last - MONTHS_AT_MOST + 1), last + 1):
        span = until(month, as_of_day=as_of_day)
        rate = churn(view, span=span, dormant_days=dormant_days).rate
        lines.append(ChurnLine(month, span == month_span(month) and span.last < as_of_day, rate))
    return tuple(lines)


def until(month: int, *, as_of_day: int) -> Span:
    """A month's days, of the running one those that have been."""
    span = month_span(month)
    return Span(span.first, min(span.last, as_of_day))


def _lost_from(view: Columns, *, dormant_days: int) -> Days:
    """Of each occasion the day on which its customer became lost after it; never, where the next one came in time."""

    def make() -> Days:
        lost = view.day.astype(np.int64) + dormant_days + 1
        following = np.full(len(lost), _NEVER, np.int64)
        same = view.owner[1:] == view.owner[:-1]
        following[:-1][same] = view.day[1:][same]
        found: Days = np.where(following > lost, np.minimum(lost, _NEVER), _NEVER).astype(np.int32)
        return found

    return view.derived(("lost from", dormant_days), make)
