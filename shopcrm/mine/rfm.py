"""RFM and the eight groups (row M1).

R days from the last purchase to `as_of`; F occasions in the window; M money in the same window. All three are whole
numbers (M in minor units, an average rounded half up, as it is shown), so that "at or above the mean" is decided
exactly and never by a rounding error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from shopcrm.base import options
from shopcrm.base.i18n import N_
from shopcrm.base.options import Option
from shopcrm.mine import cycles
from shopcrm.mine.cycles import ShopCycle
from shopcrm.mine.points import Points, points
from shopcrm.store.columns import Columns, Days, Ints, running_sums
from shopcrm.store.tx import Tx

Flags = NDArray[np.bool_]
Levels = tuple[Literal["near", "far"], Literal["high", "low"], Literal["high", "low"]]


@dataclass(frozen=True)
class Group:
    """One of the eight groups: its levels of R, F and M, what it is called, and how it is treated."""

    key: str
    levels: Levels
    label: str
    treatment: str


GROUPS: Final = (
    Group("privileged", ("near", "high", "high"), N_("Privileged"), N_("Privileges more than discounts")),
    Group(
        "to_develop", ("near", "low", "low"), N_("To develop"),
        N_("Spend-more-get-more and bundles: raise frequency and basket"),
    ),
    Group(
        "valuable", ("near", "low", "high"), N_("Valuable"),
        N_("Offers around what they just bought; a second purchase soon"),
    ),
    Group(
        "to_win_back", ("far", "high", "high"), N_("To win back"),
        N_("A targeted offer with a minimum spend and a deadline, before they slip away"),
    ),
    Group("to_maintain", ("near", "high", "low"), N_("To maintain"), N_("Regular contact; raise the basket")),
    Group("to_revive", ("far", "low", "high"), N_("To revive"), N_("Personal contact; a reason to return")),
    Group("ordinary", ("far", "high", "low"), N_("Ordinary upkeep"), N_("Cheap, automatic contact")),
    Group("low_value", ("far", "low", "low"), N_("Low value"), N_("Leave in peace; big promotions only")),
)  # fmt: skip
GROUP_KEYS: Final = tuple(group.key for group in GROUPS)
NO_GROUP: Final = -1


def _by_levels() -> NDArray[np.int8]:
    """The group's index by near · 4 + frequent · 2 + high."""
    table = np.empty(8, np.int8)
    for index, group in enumerate(GROUPS):
        near, frequent, high = (word in {"near", "high"} for word in group.levels)
        table[near * 4 + frequent * 2 + high] = index
    return table


_BY_LEVELS: Final = _by_levels()


@dataclass(frozen=True)
class RfmRule:
    """How R, F and M are counted and where high begins. The defaults are the options' (base.options)."""

    window_days: int = options.RFM_WINDOW_DAYS.default  # 0: all; else the so many days that end with as_of
    money: str = options.RFM_MONEY.default
    r_rule: str = options.RFM_R_RULE.default
    f_rule: str = options.RFM_F_RULE.default
    m_rule: str = options.RFM_M_RULE.default
    r_fixed: int = options.RFM_R_FIXED.default  # days
    f_fixed: int = options.RFM_F_FIXED.default  # occasions
    m_fixed: int = options.RFM_M_FIXED.default  # minor units
    r_cuts: str = options.RFM_R_CUTS.default  # for the rule "scores": four cut points, or quantiles where empty
    f_cuts: str = options.RFM_F_CUTS.default
    m_cuts: str = options.RFM_M_CUTS.default


@dataclass(frozen=True)
class Thresholds:
    """Near is R ≤ `r`; high is F ≥ `f`, M ≥ `m` (minor units). None: nobody to take a mean of, or nobody above it.

    By the rule "scores" they are where the scores above the mean score begin.
    """

    r: float | None
    f: float | None
    m: float | None
    r_rule: str  # the rule that was applied: "cycle" falls back to "mean" while P80 is only filled in
    f_rule: str
    m_rule: str


@dataclass(frozen=True)
class Means:
    """Averages over customers, each over those who have the figure; None when nobody has it."""

    recency: float | None  # days
    frequency: float | None  # occasions in the window, of those with one
    monetary: float | None  # minor units, of those with an occasion in the window


@dataclass(frozen=True)
class GroupLine:
    """One group as a whole."""

    key: str
    customers: int
    revenue: int  # net paid of the group's orders in the window, minor units
    share: float  # of the revenue of all groups, 0 to 1
    means: Means


@dataclass(frozen=True, eq=False)
class RfmResult:
    """Arrays aligned with the customers of the view. Where `group` is `NO_GROUP` the customer has no RFM."""

    rule: RfmRule
    as_of_day: int
    thresholds: Thresholds
    points: Mapping[str, Points]  # of "r", "f", "m" where the rule is "scores" and somebody has the figure
    recency: Days  # days; −1 without RFM
    frequency: Days  # occasions in the window
    orders: Days  # valid orders in the window
    net: Ints  # net paid in the window, minor units
    monetary: Ints  # M, minor units; 0 without an order in the window
    near: Flags
    frequent: Flags
    high: Flags
    group: NDArray[np.int8]  # index into GROUPS
    customers: int  # with RFM
    means: Means
    groups: tuple[GroupLine, ...]  # in the order of GROUPS


def score(view: Columns, rule: RfmRule, *, as_of_day: int, cycle: ShopCycle | None = None) -> RfmResult:
    """Score every customer and sort them into the eight groups.

    * Window: the `window_days` days that end with `as_of` (day > as_of − window_days); 0 takes all.
    * M per order divides by the orders in the shop's currency, per occasion by the occasions that have one.
    * Mean and median of R are taken over all customers with a valid order; those of F and M over those with an
      occasion in the window: who has not bought for years would else make everybody else frequent.
    * So are the quantiles and the mean score of the rule "scores".
    * F is low without an occasion in the window; M is low without an order in the shop's currency in it.

    Args:
        view: The columns as of `as_of_day`.
        rule: What counts and where high begins.
        as_of_day: Day number.
        cycle: The shop's cycle, for the R rule "cycle"; unless it is counted or chosen that rule is the mean.

    Raises:
        ValueError: the view holds occasions after `as_of_day`.
    """
    cycles.check_view(view, as_of_day=as_of_day)
    scored = view.occasions > 0
    recency = np.where(scored, as_of_day - view.last_day, -1).astype(np.int32)
    frequency, orders, net, monetary, priced = _window(view, rule, first_day=as_of_day - rule.window_days + 1)
    active = frequency > 0

    r_rule = rule.r_rule
    if r_rule == "cycle" and (cycle is None or not cycle.stands):
        r_rule = "mean"
    found: dict[str, Points] = {}

    def threshold(key: str, values: NDArray[Any], has: Flags, by: str, *, fixed: int, cuts: str) -> Fraction | None:
        if by == "cycle":
            return Fraction(cycle.p80 if cycle is not None else 0)
        if by != "scores":
            return _threshold(values[has], by, fixed)
        given = points(values, has, given=options.cut_points(cuts), low_is_best=key == "r")
        if given is None:
            return None
        found[key] = given
        return given.limit

    r = threshold("r", recency, scored, r_rule, fixed=rule.r_fixed, cuts=rule.r_cuts)
    f = threshold("f", frequency, active, rule.f_rule, fixed=rule.f_fixed, cuts=rule.f_cuts)
    m = threshold("m", monetary, priced, rule.m_rule, fixed=rule.m_fixed, cuts=rule.m_cuts)

    # All figures are whole numbers: at or above a mean is at or above the next whole number, exactly.
    nobody = np.zeros(len(view), np.bool_)
    near = scored & (recency <= floor(r)) if r is not None else nobody
    frequent = active & (frequency >= ceil(f)) if f is not None else nobody
    high = priced & (monetary >= ceil(m)) if m is not None else nobody
    group = np.where(scored, _BY_LEVELS[near * 4 + frequent * 2 + high], NO_GROUP).astype(np.int8)

    means, lines = _lines(group, recency=recency, frequency=frequency, monetary=monetary, priced=priced, net=net)
    return RfmResult(
        rule=rule,
        as_of_day=as_of_day,
        thresholds=Thresholds(_float(r), _float(f), _float(m), r_rule, rule.f_rule, rule.m_rule),
        points=found,
        recency=recency,
        frequency=frequency,
        orders=orders,
        net=net,
        monetary=monetary,
        near=near,
        frequent=frequent,
        high=high,
        group=group,
        customers=int(scored.sum()),
        means=means,
        groups=lines,
    )


def _window(view: Columns, rule: RfmRule, *, first_day: int) -> tuple[Days, Days, Ints, Ints, Flags]:
    """Occasions, orders, net, M, and whether there is an order in the shop's currency; all in the window."""
    if rule.window_days == 0:
        begin = view.starts[:-1]
        frequency, orders, priced_orders, net = view.occasions, view.orders, view.priced_orders, view.net_total
    else:
        inside = view.since(first_day)
        begin = inside.begin
        frequency, orders, priced_orders, net = inside.occasions, inside.orders, inside.priced_orders, inside.net
    priced = priced_orders > 0
    if rule.money == "total":
        monetary = np.where(priced, net, 0)
    else:
        parts = priced_orders.astype(np.int64)
        if rule.money == "per_occasion":
            counted = running_sums(view.day_priced > 0)
            parts = counted[view.starts[1:]] - counted[begin]
        # Half up: net ≥ 0 for valid orders, so floor((2·net + n) / 2n) is the rounded average.
        monetary = np.where(priced, (2 * net + parts) // np.maximum(2 * parts, 1), 0)
    return frequency, orders, net, monetary, priced


def _threshold(values: NDArray[np.integer], rule: str, fixed: int) -> Fraction | None:
    """Where high begins, exactly; None when there is nobody to take a mean or median of."""
    if rule == "fixed":
        return Fraction(fixed)
    if not len(values):
        return None
    return Fraction(float(np.median(values))) if rule == "median" else _mean(values)


def _mean(values: NDArray[np.integer]) -> Fraction:
    return Fraction(int(values.sum(dtype=np.int64)), len(values))


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _lines(
    group: NDArray[np.int8], *, recency: Days, frequency: Days, monetary: Ints, priced: Flags, net: Ints
) -> tuple[Means, tuple[GroupLine, ...]]:
    """The means of everybody, and the eight groups as a whole."""
    place = group - NO_GROUP  # the groups from 1 on, 0 for who has none

    def per_group(values: NDArray[Any] | None = None) -> Ints:
        # Added up as floats, which are exact up to 2^53: ninety trillion of a currency with hundredths.
        return np.bincount(place, weights=values, minlength=len(GROUPS) + 1)[1:].astype(np.int64)

    counts = np.array([per_group(), per_group(frequency > 0), per_group(priced)])
    sums = np.array([per_group(recency), per_group(frequency), per_group(monetary)])
    revenue = per_group(net)
    whole = max(int(revenue.sum()), 1)
    return _means(sums.sum(axis=1), counts.sum(axis=1)), tuple(
        GroupLine(
            key,
            customers=int(counts[0, index]),
            revenue=int(revenue[index]),
            share=int(revenue[index]) / whole,
            means=_means(sums[:, index], counts[:, index]),
        )
        for index, key in enumerate(GROUP_KEYS)
    )


def _means(sums: Ints, counts: Ints) -> Means:
    """Of recency, frequency and money."""
    return Means(
        *(total / count if count else None for total, count in zip(sums.tolist(), counts.tolist(), strict=True))
    )


def rule_of(tx: Tx) -> RfmRule:
    """The shop's rule, from its options."""
    return _rule(tx.option)


def _rule(option: Callable[[Option[Any]], Any]) -> RfmRule:
    return RfmRule(**{one.key.removeprefix("rfm."): option(one) for one in options.RFM_OPTIONS})


def scores(tx: Tx, columns: Columns, *, rule: RfmRule | None = None) -> RfmResult:
    """The scores at the transaction's date, by the shop's rule or by another."""
    return scores_at(tx, columns, day=tx.today_number, rule=rule)


def scores_at(tx: Tx, columns: Columns, *, day: int, rule: RfmRule | None = None) -> RfmResult:
    """The scores as they were at the end of a day, by the rule of now and the thresholds of then."""
    view, rule = columns.at(day), rule or rule_of(tx)
    cycle = cycles.of_shop_at(tx, columns, day=day)
    return view.derived(("rfm", rule, day, cycle), lambda: score(view, rule, as_of_day=day, cycle=cycle))


def preview(tx: Tx, columns: Columns, tried: Mapping[Option[Any], Any]) -> tuple[RfmResult, ShopCycle]:
    """The scores and the cycle as they would be if these options were set.

    Not remembered with the columns: trying many rules would push out what the pages use.
    """

    def option(one: Option[Any]) -> Any:
        return tried[one] if one in tried else tx.option(one)

    view, day = columns.at(tx.today_number), tx.today_number
    cycle = cycles.shop_cycle(
        view, as_of_day=day, owner_days=option(options.CYCLE_DAYS), source=option(options.CYCLE_SOURCE)
    )
    return score(view, _rule(option), as_of_day=day, cycle=cycle), cycle
