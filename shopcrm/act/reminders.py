"""Today's list (U5, U6): whom to write to and why, and what was done about it.

An item is (customer, reason, anchor day): her own cycle says so, and the anchor is the purchase it follows; or it is
her birthday, or a follow-up was agreed with her, and the anchor is that day. It is worked out anew every day; stored is
what was done about it: done and skipped close the item, snoozed takes it off the list until a day. A new purchase, the
next birthday or another follow-up makes a new item.

One message has one reason, so a customer stands on one line. The birthday wins: it is bound to its day, being due is
not. While it is listed, put off or done, the cycle waits until its days are over; after a skipped one it does not.
A follow-up wins over both, from its day until it is dealt with: somebody was promised it. On the day it was done the
others wait.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from shopcrm.act import fields
from shopcrm.base import clock
from shopcrm.base.birthdays import Birthday, kept_on
from shopcrm.base.i18n import N_
from shopcrm.base.lunar import LunarDate, of_day
from shopcrm.collect import birthdays, consents, follow_ups
from shopcrm.collect.follow_ups import Agreed
from shopcrm.mine import cycles, rfm
from shopcrm.mine.cycles import BANDS, DUE_FROM, LISTED_TO, OVERDUE_FROM, SHRINKAGE, DueState
from shopcrm.store.columns import NO_DAY, Columns, Floats, Ints
from shopcrm.store.tables.reminders import reminder_actions
from shopcrm.store.tx import Tx

CYCLE: Final = "cycle"
BIRTHDAY: Final = "birthday"
FOLLOW_UP: Final = follow_ups.REASON
# Why somebody stands on the list, by which it is filtered: near her cycle, beyond it, her birthday, as agreed.
REASONS: Final[Mapping[str, str]] = {
    "due": N_("Due"),
    "back": N_("Should be back"),
    "birthday": N_("Birthday"),
    "follow_up": N_("Follow up as agreed"),
}
KINDS: Final = tuple(REASONS)
Outcome = Literal["done", "snoozed", "skipped"]
AHEAD_DAYS: Final = 7
MISSED_DAYS: Final = 3  # so long a birthday stays on the list after its day


@dataclass(frozen=True)
class KeptBirthday:
    """The birthday an item is about, and its day in the Chinese calendar."""

    birthday: Birthday
    turns: int | None
    lunar: LunarDate


@dataclass(frozen=True)
class DueItem:
    """One line of the list, with the figures behind it."""

    customer: int
    name: str
    reason: str  # cycle | birthday | follow_up; later run_out, …
    anchor_day: int  # day number of the purchase it follows, of the birthday, or that was agreed
    due_on: date
    overdue_ratio: float  # 0 of who never bought, as are the days
    band: str  # one of cycles.BANDS; on the list because of it: due | overdue | at_risk
    cycle_days: float
    days_since: int
    gaps: tuple[int, ...]  # own gaps in days, oldest first
    last_day: date | None
    last_net: int  # net paid on the last occasion, minor units
    group: str | None
    birthday: KeptBirthday | None = None
    agreed: Agreed | None = None

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        return self.reason if self.reason != CYCLE else "due" if self.band == "due" else "back"

    @property
    def key(self) -> tuple[int, str, int]:
        """What tells it from every other item."""
        return self.customer, self.reason, self.anchor_day


@dataclass(frozen=True)
class Coming:
    """How many come onto the list on a day soon by their cycle, have their birthday on it, or were promised a call."""

    day: date
    customers: int
    birthdays: int = 0
    follow_ups: int = 0


@dataclass(frozen=True)
class DaySummary:
    """The day at a glance."""

    day: date
    still: int  # on the list
    done: int  # items closed as done on this day
    snoozed: int  # put off on this day
    skipped: int
    coming: tuple[Coming, ...]  # the next days, tomorrow first
    kinds: dict[str, int]  # of `still`, by kind
    held_back: dict[str, int] = field(default_factory=dict)  # not on it, by reason (`consents.HELD_BACK`)


def worth(view: Columns, state: DueState) -> Floats:
    """What the list is ranked by: what a purchase of hers is worth × how timely × how sure.

    worth = net paid per occasion × timeliness × (n + 1) / (n + 1 + k)

    Timeliness is 1 while the overdue ratio is at most 1.2 and falls evenly to 0 at 3, where she leaves the list. The
    last factor is how far the cycle is her own: n own gaps against the k = 2 that the shop's cycle weighs, so that
    one big first order does not outrank every regular buyer. Aligned with the customers of the view, minor units.

    A birthday is timely instead by its day: 1 on it and after it, falling evenly to 1/8 seven days ahead.
    """
    timely = np.clip((LISTED_TO - np.nan_to_num(state.ratio)) / (LISTED_TO - OVERDUE_FROM), 0.0, 1.0)
    return _value(view, state) * timely


def _value(view: Columns, state: DueState) -> Floats:
    gaps = state.cycles.gaps
    value: Floats = view.net_total / np.maximum(view.occasions, 1) * (gaps + 1) / (gaps + 1 + SHRINKAGE)
    return value


def due_ids(tx: Tx, columns: Columns) -> Ints:
    """The ids of all on the list, worth most first, equals by id."""
    view = columns.at(tx.today_number)
    return view.ids[_Open(tx, columns).rows()]


def due_list(
    tx: Tx, columns: Columns, *, kinds: Collection[str] | None = None, limit: int | None = None
) -> list[DueItem]:
    """Who is on the list at the transaction's date and not dealt with, in the order of `due_ids`.

    `kinds`: only these (`KINDS`).
    """
    found = _Open(tx, columns)
    view, state = found.view, found.state
    ranked = found.rows(kinds)[:limit]
    group = rfm.scores(tx, columns).group
    names = fields.read(tx, columns, view.ids[ranked], keys=("name",))
    items = []
    for row, (name,) in zip(ranked.tolist(), names, strict=True):
        days = view.day[view.starts[row] : view.starts[row + 1]]
        bought = bool(len(days))
        agreed = found.agreed.get(row)
        kept = found.kept.get(row) if agreed is None else None
        reason = FOLLOW_UP if agreed is not None else CYCLE if kept is None else BIRTHDAY
        on = agreed.day if agreed is not None else int(view.last_day[row]) if kept is None else kept[0]
        items.append(
            DueItem(
                customer=int(view.ids[row]),
                name=str(name or ""),
                reason=reason,
                anchor_day=on,
                due_on=clock.day_date(state.due_on[row] if reason == CYCLE else on),
                overdue_ratio=float(state.ratio[row]) if bought else 0.0,
                band=BANDS[state.band[row]],
                cycle_days=float(state.cycles.days[row]) if bought else 0.0,
                days_since=int(state.since[row]) if bought else 0,
                gaps=tuple(np.diff(days).tolist()),
                last_day=clock.day_date(view.last_day[row]) if bought else None,
                last_net=int(view.day_net[view.starts[row + 1] - 1]) if bought else 0,
                group=None if group[row] == rfm.NO_GROUP else rfm.GROUP_KEYS[group[row]],
                birthday=None if kept is None else _kept(kept[1], clock.day_date(on)),
                agreed=agreed,
            )
        )
    return items


def held_back(tx: Tx, columns: Columns, *, kinds: Collection[str] | None = None) -> dict[str, int]:
    """How many would be on the list and may not be written to at all, by reason (`consents.HELD_BACK`)."""
    return _Open(tx, columns).held_back(kinds)


def _kept(birthday: Birthday, on: date) -> KeptBirthday:
    return KeptBirthday(birthday, birthday.turns(on), of_day(on))


def snoozed_until(item: DueItem, *, today: int, days: int) -> int:
    """The day an item comes back when it is put off: a birthday at the latest on its day, or tomorrow."""
    until = today + days
    return until if item.reason != BIRTHDAY else min(until, max(item.anchor_day, today + 1))


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
    found = _Open(tx, columns)
    view, state = found.view, found.state
    acted = [action for action in found.actions.values() if action.day == tx.today_number]
    counts = {outcome: sum(action.outcome == outcome for action in acted) for outcome in ("done", "snoozed", "skipped")}
    waiting = (view.occasions > 0) & (state.band < cycles.DUE)
    # The first whole day on which the ratio reaches 0.8.
    joins = view.last_day[waiting] + np.ceil(state.cycles.days[waiting] * DUE_FROM - 1e-9).astype(np.int64)
    ahead = np.bincount(np.clip(joins - tx.today_number, 1, AHEAD_DAYS + 1), minlength=AHEAD_DAYS + 1)
    kinds = {kind: int(found.listed((kind,)).sum()) for kind in KINDS}
    return DaySummary(
        day=tx.as_of,
        still=sum(kinds.values()),
        coming=tuple(
            Coming(
                clock.day_date(day),
                int(ahead[day - tx.today_number]),
                found.birthdays_on.get(day, 0),
                found.agreed_on.get(day, 0),
            )
            for day in range(tx.today_number + 1, tx.today_number + AHEAD_DAYS + 1)
        ),
        kinds=kinds,
        held_back=found.held_back(),
        **counts,
    )


class _Open:
    """What is on the list: rows of the view, by cycle and by birthday."""

    def __init__(self, tx: Tx, columns: Columns) -> None:
        self.view, self.state = columns.at(tx.today_number), cycles.due_of(tx, columns)
        self.actions = _last_actions(tx)
        self.kept: dict[int, tuple[int, Birthday]] = {}  # row: day and birthday, of those on the list
        self.birthdays_on: dict[int, int] = {}  # day: how many have their birthday on it, dealt with or not
        self._today = tx.today_number
        self._listed = self.state.listed.copy()
        self.agreed: dict[int, Agreed] = {}  # row: what was agreed, of those on the list
        self.agreed_on: dict[int, int] = {}  # day to come: with how many it was agreed
        self._take_actions()
        self._take_birthdays(tx)
        self._take_follow_ups(tx)
        self._out = np.isin(self.view.ids, np.array(sorted(consents.every_opted_out(tx)), np.int64))

    def _closed(self, action: Any) -> bool:
        return action is not None and (action.outcome != "snoozed" or action.until_day > self._today)

    def _take_actions(self) -> None:
        for (customer, reason, anchor), action in self.actions.items():
            row = self._row(customer)
            if reason == CYCLE and row != NO_DAY and self.view.last_day[row] == anchor and self._closed(action):
                self._listed[row] = False

    def _take_birthdays(self, tx: Tx) -> None:
        around = range(self._today - MISSED_DAYS, self._today + AHEAD_DAYS + 1)
        days = {birthday: day for day in around for birthday in kept_on(clock.day_date(day))}
        kept = birthdays.kept_by(tx, days)
        day_of = {birthday: days[birthday.each_year] for birthday in {birthday for _customer, birthday in kept}}
        ids = np.array([customer for customer, _birthday in kept], np.int64)
        places = np.searchsorted(self.view.ids, ids)
        known = self.view.ids[np.minimum(places, len(self.view) - 1)] == ids if len(self.view) else ids < 0
        for (customer, birthday), row, there in zip(kept, places.tolist(), known.tolist(), strict=True):
            if not there:  # the columns do not know her yet
                continue
            day = day_of[birthday]
            self.birthdays_on[day] = self.birthdays_on.get(day, 0) + 1
            action = self.actions.get((customer, BIRTHDAY, day))
            if not self._closed(action):
                self.kept[row] = day, birthday
            if action is None or action.outcome != "skipped":
                self._listed[row] = False

    def _take_follow_ups(self, tx: Tx) -> None:
        for customer, agreed in follow_ups.agreed(tx, until=self._today + AHEAD_DAYS).items():
            row = self._row(customer)
            if agreed.day > self._today:
                self.agreed_on[agreed.day] = self.agreed_on.get(agreed.day, 0) + 1
            elif row != NO_DAY and not self._closed(self.actions.get((customer, FOLLOW_UP, agreed.day))):
                self.agreed[row] = agreed
                self._listed[row] = False
                self.kept.pop(row, None)
        for (customer, reason, _anchor), action in self.actions.items():
            if reason == FOLLOW_UP and action.day == self._today and action.outcome == "done":
                row = self._row(customer)
                if row != NO_DAY and row not in self.agreed:
                    self._listed[row] = False
                    self.kept.pop(row, None)

    def _row(self, customer: int) -> int:
        """The row of a customer, `NO_DAY` of one whom the columns do not know yet."""
        row = int(np.searchsorted(self.view.ids, customer))
        return row if row < len(self.view) and self.view.ids[row] == customer else NO_DAY

    def listed(self, kinds: Collection[str] | None = None) -> NDArray[np.bool_]:
        """Who of the view is on the list by these kinds (None: by any). Who opted out of everything is not."""
        found: NDArray[np.bool_] = self._wanted(kinds) & ~self._out
        return found

    def held_back(self, kinds: Collection[str] | None = None) -> dict[str, int]:
        """How many of these kinds are not on the list, by reason."""
        held = int((self._wanted(kinds) & self._out).sum())
        return {consents.OPTED_OUT: held} if held else {}

    def _wanted(self, kinds: Collection[str] | None) -> NDArray[np.bool_]:
        kinds = KINDS if kinds is None else kinds
        due = self.state.band == cycles.DUE
        found: NDArray[np.bool_] = self._listed & np.where(due, "due" in kinds, "back" in kinds)
        for kind, rows in ((BIRTHDAY, self.kept), (FOLLOW_UP, self.agreed)):
            if kind in kinds:
                found[list(rows)] = True
        return found

    def rows(self, kinds: Collection[str] | None = None) -> Ints:
        """The rows of these kinds (None: of all), worth most first, equals by id."""
        rows = np.flatnonzero(self.listed(kinds))
        score = worth(self.view, self.state)
        if self.kept:
            born = np.array(list(self.kept))
            ahead = np.array([day - self._today for day, _birthday in self.kept.values()])
            score[born] = _value(self.view, self.state)[born] * (1 - np.maximum(ahead, 0) / (AHEAD_DAYS + 1))
        if self.agreed:  # what was promised comes first
            promised = np.array(list(self.agreed))
            score[promised] = _value(self.view, self.state)[promised] + score.max(initial=0.0) + 1.0
        ranked: Ints = rows[np.argsort(-score[rows], kind="stable")]
        return ranked


def _last_actions(tx: Tx) -> dict[tuple[int, str, int], Any]:
    """The last action on every item, by its key. What was done after `as_of` does not exist."""
    of = reminder_actions.c
    query = select(of.customer_id, of.reason, of.anchor_day, of.outcome, of.until_day, of.day)
    query = query.where(of.day <= tx.today_number).order_by(of.id)
    return {(action.customer_id, action.reason, action.anchor_day): action for action in tx.connection.execute(query)}
