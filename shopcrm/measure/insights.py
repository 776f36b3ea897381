"""The figures of the Insights page (rows E1, M2, M3, M10, M11), and what each of them opens to.

A window is whole months, the running one among them, so that the months on a chart add up to the figure above it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
from sqlalchemy import select

from shopcrm.act import reminders
from shopcrm.base import clock
from shopcrm.base.money import divide
from shopcrm.measure import churn as lost
from shopcrm.measure import regions
from shopcrm.measure import repurchase as rules
from shopcrm.measure.churn import ChurnLine
from shopcrm.measure.regions import RegionLine
from shopcrm.measure.repurchase import (
    COHORT_DAYS,
    HEADLINE_DAYS,
    CohortLine,
    Flags,
    MonthLine,
    Rate,
    Span,
    Sums,
    month_number,
    month_start,
)
from shopcrm.mine import activity, cycles
from shopcrm.mine.cycles import ShopCycle
from shopcrm.store.columns import Columns, Ints, sums_of
from shopcrm.store.tables.customers import customers
from shopcrm.store.tx import Tx

MONTHS: Final = (3, 6, 12, 24, 0)  # 0: all
USUAL_MONTHS: Final = 12
NTH_AT_MOST: Final = 6  # the sixth purchase and all after it are one
_CURVE_END: Final = 0.98  # of its final height: what comes after is a long flat tail


@dataclass(frozen=True)
class Window:
    """The months looked at, up to the transaction's date, and the same window a month earlier."""

    span: Span
    before: Span
    first_month: int
    last_month: int


def window(view: Columns, *, months: int, as_of: date) -> Window:
    """So many calendar months that end with `as_of`'s own; 0: from the first purchase of all.

    The window before ends on the same day of the month before (the 31st on its last day).
    """
    last, today = month_number(as_of), clock.day_number(as_of)
    year, month = divmod(last - 1, 12)
    day = min(as_of.day, monthrange(1970 + year, month + 1)[1])
    earlier = clock.day_number(date(1970 + year, month + 1, day))
    if months:
        first = last - months + 1
        begin = clock.day_number(month_start(first))
        begin_before = clock.day_number(month_start(first - 1))
    else:
        begin = begin_before = rules.all_days(view, as_of_day=today).first
        first = month_number(clock.day_date(begin))
    return Window(Span(begin, today), Span(begin_before, earlier), first, last)


class Compared(NamedTuple):
    """A rate now and a month before."""

    now: Rate
    before: Rate

    @property
    def points(self) -> float | None:
        """The difference in percentage points; None where one of them has nobody to count."""
        if self.now.share is None or self.before.share is None:
            return None
        return (self.now.share - self.before.share) * 100


@dataclass(frozen=True)
class CurvePoint:
    """How many have bought again within so many days."""

    days: int
    share: float  # of all purchases, by the Kaplan–Meier curve
    purchases: int  # that came within so many days of the one before


@dataclass(frozen=True)
class Due:
    """Who is on today's list, and what a purchase of each is usually worth, added up."""

    customers: int
    worth: int  # minor units


@dataclass(frozen=True)
class Insights:
    """Everything the page shows, as counts."""

    as_of: date
    months: int
    window: Window
    headline: Compared
    orders: Compared
    revenue: Compared
    new: Sums
    returning: Sums
    unpriced: int  # orders in other currencies, which no sum holds
    cohorts: dict[int, Rate]  # by N days
    period: Rate
    steps: tuple[Rate, ...]
    by_month: tuple[MonthLine, ...]
    triangle: tuple[CohortLine, ...]
    cycle: ShopCycle
    curve: tuple[CurvePoint, ...]
    limits: tuple[int, int]  # days since the last purchase up to which one is active, dormant
    states: tuple[int, int, int]  # active, dormant, lost
    churn: tuple[ChurnLine, ...]  # the newest months
    nth: tuple[Sums, ...]  # first, second … purchase; the last one holds all after it too
    regions: tuple[RegionLine, ...]

    @property
    def buyers(self) -> int:
        """Customers with a valid order."""
        return sum(self.states)


def of_shop(tx: Tx, columns: Columns, *, months: int = USUAL_MONTHS) -> Insights:
    """The figures at the transaction's date."""
    view = columns.at(tx.today_number)
    cycle, states = cycles.of_shop(tx, columns), activity.of_shop(tx, columns)
    provinces = regions.provinces(tx, columns)
    limits = cycles.activity_limits(tx, columns)
    key = ("insights", tx.today_number, months, cycle, limits)

    def make() -> Insights:
        seen = window(view, months=months, as_of=tx.as_of)
        span, before = seen.span, seen.before
        inside = rules.within(view, span)
        numbered = rules.by_number(view, span, at_most=NTH_AT_MOST)
        new, back = numbered[0], rules.total(numbered[1:])
        new_before, back_before = rules.by_number(view, before, at_most=2)
        return Insights(
            as_of=tx.as_of,
            months=months,
            window=seen,
            headline=Compared(
                rules.cohort(view, days=HEADLINE_DAYS, ended=span).rate,
                rules.cohort(view, days=HEADLINE_DAYS, ended=before).rate,
            ),
            orders=Compared(_among(back.purchases, new.purchases), _among(back_before.purchases, new_before.purchases)),
            revenue=Compared(_among(back.net, new.net), _among(back_before.net, new_before.net)),
            new=new,
            returning=back,
            unpriced=int((view.day_orders[inside] - view.day_priced[inside]).sum(dtype=np.int64)),
            cohorts={days: rules.cohort(view, days=days, ended=span).rate for days in COHORT_DAYS},
            period=rules.period(view, span).rate,
            steps=rules.steps(view),
            by_month=rules.months(view, first=seen.first_month, last=seen.last_month) if len(view.day) else (),
            triangle=rules.triangle(view, first=seen.first_month, last=seen.last_month, as_of_day=tx.today_number)
            if len(view.day)
            else (),
            cycle=cycle,
            curve=_curve(view, as_of_day=tx.today_number),
            limits=limits,
            states=(_count(states, 0), _count(states, 1), _count(states, 2)),
            churn=lost.by_month(
                view,
                first=seen.first_month,
                last=seen.last_month,
                as_of_day=tx.today_number,
                dormant_days=limits[1],
            )
            if len(view.day)
            else (),
            nth=numbered,
            regions=regions.lines(
                provinces,
                times=sums_of(inside, view.starts),
                net=sums_of(np.where(inside, view.day_net, 0), view.starts),
            ),
        )

    return view.derived(key, make)


def due(tx: Tx, columns: Columns) -> Due:
    """Today's list: how many, and what they usually pay for a purchase, added up."""
    view, ids = columns.at(tx.today_number), reminders.due_ids(tx, columns)
    rows = view.rows(ids)
    pairs = zip(view.net_total[rows].tolist(), view.occasions[rows].tolist(), strict=True)
    return Due(len(ids), sum(divide(net, occasions) for net, occasions in pairs if occasions))


def _among(part: int, rest: int) -> Rate:
    return Rate(part, part + rest)


def _count(states: activity.States, state: int) -> int:
    return int(np.count_nonzero(states == state))


def _curve(view: Columns, *, as_of_day: int) -> tuple[CurvePoint, ...]:
    gaps, _ = cycles.gaps_of(view)
    if not len(gaps):
        return ()
    found = cycles.curve(gaps, as_of_day - view.last_day[view.occasions > 0])
    end = int(np.argmax(found.height >= _CURVE_END * found.height[-1])) + 1
    rows = zip(
        found.days[:end].tolist(), found.height[:end].tolist(), np.cumsum(found.events[:end]).tolist(), strict=True
    )
    return tuple(CurvePoint(*row) for row in rows)


# What a figure opens to

CustomerRule = Callable[[Columns, Window], Flags]  # flags over the customers
PurchaseRule = Callable[[Columns, Window], Flags]  # flags over the occasions
Ids = Callable[[Tx, Columns], Ints]


def customers_by(rule: CustomerRule, *, months: int) -> Ids:
    """The customers a rule picks, asked at the date of the transaction that asks."""

    def ids(tx: Tx, columns: Columns) -> Ints:
        view = columns.at(tx.today_number)
        found: Ints = view.ids[rule(view, window(view, months=months, as_of=tx.as_of))]
        return found

    return ids


def in_state(state: int) -> Ids:
    """The customers who are active, dormant or lost."""

    def ids(tx: Tx, columns: Columns) -> Ints:
        found: Ints = columns.ids[activity.of_shop(tx, columns) == state]
        return found

    return ids


def lost_in(month: int) -> Ids:
    """The customers who became lost in a month and were not at its start."""

    def ids(tx: Tx, columns: Columns) -> Ints:
        view, day = columns.at(tx.today_number), tx.today_number
        _active, dormant = cycles.activity_limits(tx, columns)
        counted = lost.churn(view, span=lost.until(month, as_of_day=day), dormant_days=dormant)
        found: Ints = view.ids[counted.part]
        return found

    return ids


def from_province(name: str, *, months: int, again: bool = False) -> Ids:
    """The window's buyers from a province ("": not known); with `again` those who bought twice or more in it."""
    return _from(lambda stored: stored == name, months=months, again=again)


def from_elsewhere(known: frozenset[str], *, months: int, again: bool = False) -> Ids:
    """The same from all places that have a name and are none of the known."""
    return _from(lambda stored: bool(stored) and stored not in known, months=months, again=again)


def _from(wanted: Callable[[str], bool], *, months: int, again: bool) -> Ids:
    def ids(tx: Tx, columns: Columns) -> Ints:
        view, where = columns.at(tx.today_number), regions.provinces(tx, columns)
        counted = rules.period(view, window(view, months=months, as_of=tx.as_of).span)
        chosen = np.array([wanted(name) for name in where.names], np.bool_)
        found: Ints = view.ids[(counted.part if again else counted.whole) & chosen[where.of]]
        return found

    return ids


@dataclass(frozen=True)
class Purchases:
    """A list of purchases: their ids, newest first, what they add up to, and their customers."""

    ids: Ints
    sums: Sums
    customers: Ints


def purchases_by(rule: PurchaseRule, *, months: int) -> Callable[[Tx, Columns], Purchases]:
    """The purchases a rule picks, asked at the date of the transaction that asks."""

    def found(tx: Tx, columns: Columns) -> Purchases:
        view = columns.at(tx.today_number)
        chosen = rule(view, window(view, months=months, as_of=tx.as_of))
        who: Any = view.ids[np.unique(view.owner[chosen])]
        return Purchases(rules.purchase_ids(view, chosen), rules.sums(view, chosen), who)

    return found


@dataclass(frozen=True)
class PurchaseRow:
    """What the list shows of one purchase."""

    customer: int
    name: str
    day: date
    number: int  # 1: the customer's first
    orders: int
    net: int


def purchase_rows(tx: Tx, columns: Columns, ids: Ints) -> dict[int, PurchaseRow]:
    """Some purchases by id; one that is gone is left out."""
    view = columns.at(tx.today_number)
    rows = rules.purchase_rows(view, ids)
    who = view.ids[view.owner[rows]]
    query = select(customers.c.id, customers.c.name).where(customers.c.id.in_(np.unique(who).tolist()))
    names = {row.id: row.name for row in tx.connection.execute(query)}
    number = rules.facts(view).number
    return {
        rules.purchase_key(customer, int(view.day[row])): PurchaseRow(
            customer=customer,
            name=names.get(customer) or "",
            day=clock.day_date(int(view.day[row])),
            number=int(number[row]),
            orders=int(view.day_orders[row]),
            net=int(view.day_net[row]),
        )
        for row, customer in zip(rows.tolist(), who.tolist(), strict=True)
    }
