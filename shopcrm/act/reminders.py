"""Today's list (U5, U6): whom to write to because their own cycle says so, and what was done about it.

An item is (customer, reason, the purchase it follows). It is worked out anew every day; stored is what was done about
it: done and skipped close the item, snoozed takes it off the list until a day. A new purchase makes a new item.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import numpy as np
from sqlalchemy import select

from shopcrm.act import fields
from shopcrm.base import clock
from shopcrm.mine import cycles, rfm
from shopcrm.mine.cycles import BANDS, DUE_FROM, LISTED_TO, OVERDUE_FROM, SHRINKAGE, DueState
from shopcrm.store.columns import Columns, Floats, Ints
from shopcrm.store.tables.reminders import reminder_actions
from shopcrm.store.tx import Tx

CYCLE: Final = "cycle"
Outcome = Literal["done", "snoozed", "skipped"]
AHEAD_DAYS: Final = 7


@dataclass(frozen=True)
class DueItem:
    """One line of the list, with the figures behind it."""

    customer: int
    name: str
    reason: str  # cycle; later birthday, run_out, …
    anchor_day: int  # day number of the purchase it follows
    due_on: date
    overdue_ratio: float
    band: str  # due | overdue | at_risk
    cycle_days: float
    days_since: int
    gaps: tuple[int, ...]  # own gaps in days, oldest first
    last_net: int  # net paid on the last occasion, minor units
    group: str | None


@dataclass(frozen=True)
class Coming:
    """How many come onto the list on a day soon."""

    day: date
    customers: int


@dataclass(frozen=True)
class DaySummary:
    """The day at a glance."""

    day: date
    still: int  # on the list
    done: int  # items closed as done on this day
    snoozed: int  # put off on this day
    skipped: int
    coming: tuple[Coming, ...]  # the next days, tomorrow first


def worth(view: Columns, state: DueState) -> Floats:
    """What the list is ranked by: what a purchase of hers is worth × how timely × how sure.

    worth = net paid per occasion × timeliness × (n + 1) / (n + 1 + k)

    Timeliness is 1 while the overdue ratio is at most 1.2 and falls evenly to 0 at 3, where she leaves the list. The
    last factor is how far the cycle is her own: n own gaps against the k = 2 that the shop's cycle weighs, so that
    one big first order does not outrank every regular buyer. Aligned with the customers of the view, minor units.
    """
    value = view.net_total / np.maximum(view.occasions, 1)
    timely = np.clip((LISTED_TO - np.nan_to_num(state.ratio)) / (LISTED_TO - OVERDUE_FROM), 0.0, 1.0)
    gaps = state.cycles.gaps
    return value * timely * (gaps + 1) / (gaps + 1 + SHRINKAGE)


def due_ids(tx: Tx, columns: Columns) -> Ints:
    """The ids of all on the list, worth most first, equals by id."""
    view, state = columns.at(tx.today_number), cycles.due_of(tx, columns)
    return view.ids[_ranked(tx, view, state)]


def due_list(tx: Tx, columns: Columns, *, limit: int | None = None) -> list[DueItem]:
    """Who is due at the transaction's date and not dealt with, in the order of `due_ids`."""
    view, state = columns.at(tx.today_number), cycles.due_of(tx, columns)
    ranked = _ranked(tx, view, state)[:limit]
    group = rfm.scores(tx, columns).group
    names = fields.read(tx, columns, view.ids[ranked], keys=("name",))
    items = []
    for row, (name,) in zip(ranked.tolist(), names, strict=True):
        days = view.day[view.starts[row] : view.starts[row + 1]]
        items.append(
            DueItem(
                customer=int(view.ids[row]),
                name=str(name or ""),
                reason=CYCLE,
                anchor_day=int(view.last_day[row]),
                due_on=clock.day_date(state.due_on[row]),
                overdue_ratio=float(state.ratio[row]),
                band=BANDS[state.band[row]],
                cycle_days=float(state.cycles.days[row]),
                days_since=int(state.since[row]),
                gaps=tuple(np.diff(days).tolist()),
                last_net=int(view.day_net[view.starts[row + 1] - 1]),
                group=rfm.GROUP_KEYS[group[row]],
            )
        )
    return items


def act(
    tx: Tx, customer_id: int, *, reason: str, anchor_day: int, outcome: Outcome, until_day: int | None = None
) -> int:
    """Record what was done about an item. Returns the change set, which undoes it.

    Raises:
        ValueError: snoozed without a day after today, or another outcome with one.
    """
    if (outcome == "snoozed") != (until_day is not None and until_day > tx.today_number):
        raise ValueError("an item is snoozed until a day after today, and only then has a day")
    change_set = tx.begin_change("reminder", customer=customer_id, reason=reason, outcome=outcome)
    tx.add(
        reminder_actions,
        {
            "customer_id": customer_id,
            "reason": reason,
            "anchor_day": anchor_day,
            "outcome": outcome,
            "until_day": until_day,
            "day": tx.today_number,
            "at": tx.now_seconds,
        },
    )
    return change_set


def day_summary(tx: Tx, columns: Columns) -> DaySummary:
    """How many are still to do, what was done today, and how many come in the next days."""
    view, state = columns.at(tx.today_number), cycles.due_of(tx, columns)
    acted = [action for action in _last_actions(tx).values() if action.day == tx.today_number]
    counts = {outcome: sum(action.outcome == outcome for action in acted) for outcome in ("done", "snoozed", "skipped")}
    waiting = (view.occasions > 0) & (state.band < cycles.DUE)
    # The first whole day on which the ratio reaches 0.8.
    joins = view.last_day[waiting] + np.ceil(state.cycles.days[waiting] * DUE_FROM - 1e-9).astype(np.int64)
    ahead = np.bincount(np.clip(joins - tx.today_number, 1, AHEAD_DAYS + 1), minlength=AHEAD_DAYS + 1)
    return DaySummary(
        day=tx.as_of,
        still=len(_open_rows(tx, view, state)),
        coming=tuple(
            Coming(clock.day_date(tx.today_number + days), int(ahead[days])) for days in range(1, AHEAD_DAYS + 1)
        ),
        **counts,
    )


def _ranked(tx: Tx, view: Columns, state: DueState) -> Ints:
    rows = _open_rows(tx, view, state)
    ranked: Ints = rows[np.argsort(-worth(view, state)[rows], kind="stable")]
    return ranked


def _open_rows(tx: Tx, view: Columns, state: DueState) -> Ints:
    """Rows of the customers on the list."""
    listed = state.listed.copy()
    for (customer, anchor), action in _last_actions(tx).items():
        row = int(np.searchsorted(view.ids, customer))
        if row >= len(view) or view.ids[row] != customer or view.last_day[row] != anchor:
            continue
        if action.outcome != "snoozed" or action.until_day > tx.today_number:
            listed[row] = False
    return np.flatnonzero(listed)


def _last_actions(tx: Tx) -> dict[tuple[int, int], Any]:
    """The last action on every item, by (customer, anchor day). What was done after `as_of` does not exist."""
    of = reminder_actions.c
    query = select(of.customer_id, of.anchor_day, of.outcome, of.until_day, of.day)
    query = query.where(of.reason == CYCLE, of.day <= tx.today_number).order_by(of.id)
    return {(action.customer_id, action.anchor_day): action for action in tx.connection.execute(query)}
