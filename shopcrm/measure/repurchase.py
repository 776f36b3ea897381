"""Do they come back (row E1): the three repurchase rates, who buys again, and what a first and a later purchase bring.

The rates, by their three names. *Cohort*: of those whose first purchase lies N days back, the share that bought again
within N days; who has had no N days yet does not count. *Period*: buyers with two or more purchases in a period among
its buyers, as marketplaces count. *Step*: of those who reached n purchases, the share that reached n + 1.

Every figure is made from a mask, and what it opens to is made from the same mask, so that they cannot differ.
A purchase is an occasion (`collect.purchases`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shopcrm.base import clock
from shopcrm.base.money import divide
from shopcrm.mine import cycles
from shopcrm.store.columns import NO_DAY, Columns, Days, Ints, sums_of
from shopcrm.store.tx import Tx

Flags = NDArray[np.bool_]

COHORT_DAYS: Final = (30, 60, 90, 180, 365)
HEADLINE_DAYS: Final = 180
PERIOD_DAYS: Final = 365
STEPS_AT_MOST: Final = 10
_DAY_BITS: Final = 20  # a day number fits; a purchase is told by customer and day in one number


class Span(NamedTuple):
    """Day numbers from the first to the last, both within."""

    first: int
    last: int


class Rate(NamedTuple):
    """How many of how many."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """0 to 1; None where there is nobody to count."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, eq=False)
class Counted:
    """Who is counted and who of them did it: flags over the customers of a view."""

    whole: Flags
    part: Flags

    @property
    def rate(self) -> Rate:
        """As counts."""
        return Rate(int(np.count_nonzero(self.part)), int(np.count_nonzero(self.whole)))


@dataclass(frozen=True)
class Sums:
    """Some purchases added up."""

    purchases: int = 0
    priced: int = 0  # orders in the shop's currency
    net: int = 0  # of these, minor units

    @property
    def average(self) -> int | None:
        """Net paid an order, half rounded up; None without one in the shop's currency."""
        return divide(self.net, self.priced) if self.priced else None


@dataclass(frozen=True, eq=False)
class Facts:
    """What all rules ask for: of each occasion its number and month, of each customer the second purchase."""

    number: Days  # 1 for a customer's first occasion
    month: Days  # of each occasion, months since 1970-01
    first_month: Days  # of each customer; NO_DAY without an occasion
    second_day: Days  # of each customer; NO_DAY without a second occasion


# Months


def month_number(day: date) -> int:
    """Months since 1970-01."""
    return (day.year - 1970) * 12 + day.month - 1


def month_start(number: int) -> date:
    """The first day of a month number."""
    return date(1970 + number // 12, number % 12 + 1, 1)


def month_span(number: int) -> Span:
    """A month's first and last day."""
    return Span(clock.day_number(month_start(number)), clock.day_number(month_start(number + 1)) - 1)


def _months_of(days: Days) -> Days:
    """The month of each day, looked up: three million conversions take twenty times as long."""
    if not len(days):
        return np.empty(0, np.int32)
    lowest, highest = int(days.min()), int(days.max())
    table = np.arange(lowest, highest + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int32)
    months: Days = table[days - lowest]
    return months


# Pure rules


def facts(view: Columns) -> Facts:
    """What the rules below ask for again and again; remembered with the view."""

    def make() -> Facts:
        number = (np.arange(len(view.day)) - view.starts[view.owner] + 1).astype(np.int32)
        month = _months_of(view.day)
        bought, twice = view.occasions > 0, view.occasions > 1
        first_month = np.full(len(view), NO_DAY, np.int32)
        first_month[bought] = month[view.starts[:-1][bought]]
        second_day = np.full(len(view), NO_DAY, np.int32)
        second_day[twice] = view.day[view.starts[:-1][twice] + 1]
        return Facts(number, month, first_month, second_day)

    return view.derived("repurchase facts", make)


def cohort(view: Columns, *, days: int, ended: Span) -> Counted:
    """Of those whose N days after the first purchase ended in `ended`: who bought again within them.

    Counted: first + N within `ended`. Did it: second − first ≤ N. A first purchase whose N days end later, after
    `as_of` above all, is not counted at all.
    """
    ends = view.first_day + days
    whole = (view.occasions > 0) & (ends >= ended.first) & (ends <= ended.last)
    second = facts(view).second_day
    return Counted(whole, whole & (second != NO_DAY) & (second - view.first_day <= days))


def period(view: Columns, span: Span) -> Counted:
    """Of the buyers in a period: who bought twice or more in it."""
    times = sums_of(within(view, span), view.starts)
    return Counted(times >= 1, times >= 2)


def step(view: Columns, n: int) -> Counted:
    """Of those who reached `n` purchases: who reached one more."""
    return Counted(view.occasions >= n, view.occasions > n)


def came_back(view: Columns, *, month: int, later: int) -> Counted:
    """Of those whose first purchase fell in a month: who bought in the month so many months later."""
    known = facts(view)
    whole = known.first_month == month
    there = sums_of(known.month == month + later, view.starts) > 0
    return Counted(whole, whole & there)


def within(view: Columns, span: Span) -> Flags:
    """The occasions of a period."""
    inside: Flags = (view.day >= span.first) & (view.day <= span.last)
    return inside


def returning(view: Columns, span: Span) -> Flags:
    """The occasions of a period whose customer had bought before."""
    return nth(view, span, n=2, and_later=True)


def first_ones(view: Columns, span: Span) -> Flags:
    """The occasions of a period that were the customer's first."""
    return nth(view, span, n=1)


def nth(view: Columns, span: Span, *, n: int, and_later: bool = False) -> Flags:
    """The n-th occasions of customers in a period; with `and_later` also all after the n-th."""
    number = facts(view).number
    found: Flags = within(view, span) & (number >= n if and_later else number == n)
    return found


def after_at_most(view: Columns, *, days: int) -> Flags:
    """The occasions at most so many days after the customer's one before."""
    found = np.zeros(len(view.day), np.bool_)
    gap = np.diff(view.day)
    found[1:] = (view.owner[1:] == view.owner[:-1]) & (gap <= days)
    return found


def sums(view: Columns, chosen: Flags) -> Sums:
    """Some occasions added up, exactly."""
    return Sums(
        purchases=int(np.count_nonzero(chosen)),
        priced=int(view.day_priced[chosen].sum(dtype=np.int64)),
        net=int(view.day_net[chosen].sum(dtype=np.int64)),
    )


def by_number(view: Columns, span: Span, *, at_most: int) -> tuple[Sums, ...]:
    """The first, second … occasions of customers in a period, added up; the last one holds all after it too."""
    inside = within(view, span)
    place = np.minimum(facts(view).number[inside], at_most) - 1
    return _added_up(view, inside, place, wide=at_most)


def _added_up(view: Columns, inside: Flags, place: NDArray[np.integer], *, wide: int) -> tuple[Sums, ...]:
    """Occasions added up by the place that each of them has."""
    figures = np.zeros((3, wide), np.int64)
    figures[0] = np.bincount(place, minlength=wide)
    np.add.at(figures[1], place, view.day_priced[inside])
    np.add.at(figures[2], place, view.day_net[inside])
    return tuple(Sums(*column) for column in figures.T.tolist())


def total(parts: Iterable[Sums]) -> Sums:
    """Sums of several added up."""
    parts = tuple(parts)
    return Sums(*(sum(getattr(one, name) for one in parts) for name in ("purchases", "priced", "net")))


def purchase_key(customer: int, day: int) -> int:
    """A purchase as a number that stays its own while rows move."""
    return (customer << _DAY_BITS) | day


def purchase_ids(view: Columns, chosen: Flags) -> Ints:
    """Occasions as numbers that stay theirs, newest first: (customer, day) in one."""
    rows = np.flatnonzero(chosen)
    rows = rows[np.argsort(-view.day[rows], kind="stable")]
    keys: Ints = (view.ids[view.owner[rows]] << _DAY_BITS) | view.day[rows]
    return keys


def purchase_rows(view: Columns, ids: Ints) -> Ints:
    """The rows of occasions that are still there."""
    if not len(view.day):
        return np.empty(0, np.int64)
    # Occasions stand by (customer, day), so these numbers rise.
    keys = (view.ids[view.owner] << _DAY_BITS) | view.day
    near = np.minimum(np.searchsorted(keys, ids), len(keys) - 1)
    found: Ints = near[keys[near] == ids]
    return found


@dataclass(frozen=True)
class MonthLine:
    """The purchases of a month: of new customers and of those who had bought before."""

    month: int  # months since 1970-01
    new: Sums
    returning: Sums

    @property
    def orders(self) -> Rate:
        """Purchases of returning customers among all."""
        return Rate(self.returning.purchases, self.new.purchases + self.returning.purchases)

    @property
    def revenue(self) -> Rate:
        """What they paid of all that was paid."""
        return Rate(self.returning.net, self.new.net + self.returning.net)


def months(view: Columns, *, first: int, last: int) -> tuple[MonthLine, ...]:
    """The months from `first` to `last`, also those in which nobody bought."""
    known, wide = facts(view), max(0, last - first + 1)
    inside = (known.month >= first) & (known.month <= last)
    place = (known.month[inside] - first) * 2 + (known.number[inside] > 1)
    found = _added_up(view, inside, place, wide=2 * wide)
    return tuple(MonthLine(first + at, found[2 * at], found[2 * at + 1]) for at in range(wide))


@dataclass(frozen=True)
class CohortLine:
    """A month's new customers, and how many of them bought in each month after it that is over."""

    month: int
    size: int
    back: tuple[int, ...]  # of the first month after, the second …


def triangle(view: Columns, *, first: int, last: int, as_of_day: int) -> tuple[CohortLine, ...]:
    """The cohorts of the months `first` to `last`. A month after that is not over by `as_of` has no cell."""
    known, wide = facts(view), max(0, last - first + 1)
    over = month_number(clock.day_date(as_of_day + 1)) - 1  # the newest month that is over
    began = known.first_month[view.owner]
    later = known.month - began
    # Several occasions of one customer in one month stand next to each other and count once.
    same = np.zeros(len(view.day), np.bool_)
    same[1:] = (view.owner[1:] == view.owner[:-1]) & (known.month[1:] == known.month[:-1])
    counted = (began >= first) & (began <= last) & (later >= 1) & (known.month <= over) & ~same
    across = max(over - first, 0) + 1
    cells = np.bincount((began[counted] - first) * across + later[counted], minlength=wide * across)
    sizes = np.bincount(known.first_month[(known.first_month >= first) & (known.first_month <= last)] - first,
                        minlength=wide)  # fmt: skip
    return tuple(
        CohortLine(
            first + at,
            int(sizes[at]),
            tuple(cells[at * across + 1 : at * across + 1 + max(0, over - first - at)].tolist()),
        )
        for at in range(wide)
    )


# Functions that take a Tx


@dataclass(frozen=True)
class Repurchase:
    """What `repurchase` answers."""

    as_of: date
    cohort: dict[int, Rate]  # by N days
    period: Rate
    steps: tuple[Rate, ...]  # from the first purchase to the second, from the second to the third …
    months: tuple[MonthLine, ...]  # from the first purchase of all to the month of `as_of`


def all_days(view: Columns, *, as_of_day: int) -> Span:
    """From the first purchase of all to `as_of`."""
    return Span(int(view.day.min(initial=as_of_day)), as_of_day)


def steps(view: Columns) -> tuple[Rate, ...]:
    """The steps that somebody could take, ten at most."""
    most = min(int(view.occasions.max(initial=0)), STEPS_AT_MOST)
    return tuple(step(view, n).rate for n in range(1, most + 1))


def of_shop(tx: Tx, columns: Columns, *, period_days: int = PERIOD_DAYS) -> Repurchase:
    """All rates at the transaction's date; the period is the so many days that end with it (0: all)."""
    today = tx.today_number
    view = columns.at(today)
    cycles.check_view(view, as_of_day=today)
    everything = all_days(view, as_of_day=today)
    span = Span(today - period_days + 1, today) if period_days else everything
    return Repurchase(
        as_of=tx.as_of,
        cohort={days: cohort(view, days=days, ended=everything).rate for days in COHORT_DAYS},
        period=period(view, span).rate,
        steps=steps(view),
        months=months(view, first=month_number(clock.day_date(everything.first)), last=month_number(tx.as_of))
        if len(view.day)
        else (),
    )
