"""The repurchase cycle of the shop and of each customer, and who is due by it (rows M3, U5).

Source of the curve: Kaplan & Meier (1958), Nonparametric estimation from incomplete observations, JASA 53.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, cast

import numpy as np
from numpy.typing import NDArray

from shopcrm.base.options import CYCLE_ACTIVE_DAYS, CYCLE_DAYS, CYCLE_DORMANT_DAYS, CYCLE_SOURCE
from shopcrm.store.columns import Columns, Days, Floats, Ints
from shopcrm.store.tx import Tx

ENOUGH_GAPS: Final = 50
SHRINKAGE: Final = 2  # k: own gaps weigh as much as the shop's cycle once there are two of them

DUE_FROM: Final = 0.8
OVERDUE_FROM: Final = 1.2
AT_RISK_FROM: Final = 1.5
LISTED_TO: Final = 3.0
BANDS: Final = ("not_yet", "due", "overdue", "at_risk", "gone")
NOT_YET, DUE, OVERDUE, AT_RISK, GONE = range(5)

Source = Literal["history", "owner"]


@dataclass(frozen=True, eq=False)
class Curve:
    """How large a share has bought again within so many days. Aligned arrays, one entry a day on which somebody did."""

    days: Ints
    events: Ints  # gaps of exactly so many days
    at_risk: Ints  # gaps, closed or open, of at least so many days
    height: Floats  # 1 − S(days), rising

    def percentile(self, q: float) -> int:
        """The first day at which the curve stands at `q` (0 to 1) of its final height.

        Raises:
            ValueError: the curve has no event.
        """
        if not len(self.days):
            raise ValueError("a curve without an event has no percentiles")
        # A sliver of tolerance: the product of fractions may come out a rounding below the q that it equals.
        reached = self.height >= q * self.height[-1] * (1 - 1e-12)
        return int(self.days[int(np.argmax(reached))])


def curve(gaps: NDArray[np.integer], censored: NDArray[np.integer]) -> Curve:
    """The Kaplan–Meier curve of the time to the next purchase.

    S(t) = Π over days tᵢ ≤ t of (1 − dᵢ / nᵢ), with dᵢ the gaps that end after tᵢ days and nᵢ those that lasted at
    least as long; an open interval that is censored on a day still counts as at risk on it.

    Args:
        gaps: Whole days from an occasion to the next, ≥ 1.
        censored: Whole days from a customer's last occasion to `as_of`, ≥ 0.
    """
    longest = int(max(gaps.max(initial=0), censored.max(initial=0)))
    ended = np.bincount(gaps, minlength=longest + 1)
    left = ended + np.bincount(censored, minlength=longest + 1)
    at_risk = left[::-1].cumsum()[::-1]
    days = np.flatnonzero(ended)
    surviving = np.cumprod(1 - ended[days] / at_risk[days])
    return Curve(days=days, events=ended[days], at_risk=at_risk[days], height=1 - surviving)


@dataclass(frozen=True)
class ShopCycle:
    """The shop's repurchase cycle. With `source` "owner", `p80` is the owner's value and p25 and p50 are None."""

    gaps: int  # how many repeat gaps there are
    p25: int | None
    p50: int | None
    p80: int
    source: Source
    by_choice: bool = False  # the owner wants this value, however much history there is

    @property
    def stands(self) -> bool:
        """Whether P80 is counted or wanted, and not only filled in while history is short."""
        return self.source == "history" or self.by_choice

    @property
    def typical(self) -> int:
        """The cycle of a customer of whom nothing else is known: the median, else the owner's value."""
        return self.p80 if self.p50 is None else self.p50


def gaps_of(view: Columns) -> tuple[Days, Days]:
    """All gaps in days, and for each the row of its customer. Ordered by (customer, time)."""
    same = view.owner[1:] == view.owner[:-1]
    return np.diff(view.day)[same], view.owner[1:][same]


def check_view(view: Columns, *, as_of_day: int) -> None:
    """Raise ValueError when the view holds what happened after `as_of`; `Columns.at` cuts it."""
    if view.newest_day > as_of_day:
        raise ValueError("the columns hold occasions after as_of: cut them with Columns.at first")


def shop_cycle(view: Columns, *, as_of_day: int, owner_days: int, source: str = "history") -> ShopCycle:
    """The percentiles of the curve over all customers; under fifty repeat gaps the owner's value.

    Fifty gaps are enough history. The owner says one number of days: it stands for p80
    (who has not come back by then is late), and nothing is claimed about p25 and p50.
    With `source` "owner" it is taken whatever the history says.
    """
    check_view(view, as_of_day=as_of_day)
    gaps, _ = gaps_of(view)
    if source == "owner" or len(gaps) < ENOUGH_GAPS:
        return ShopCycle(len(gaps), None, None, owner_days, "owner", by_choice=source == "owner")
    open_days = as_of_day - view.last_day[view.occasions > 0]
    found = curve(gaps, open_days)
    return ShopCycle(len(gaps), found.percentile(0.25), found.percentile(0.5), found.percentile(0.8), "history")


@dataclass(frozen=True, eq=False)
class OwnCycles:
    """Every customer's own cycle, aligned with the customers of the view."""

    gaps: Days  # n: how many own gaps
    median_gap: Floats  # g in days, nan without a gap
    weighted_days: Floats  # k·m + n·g, a whole or half number
    days: Floats  # (k·m + n·g) / (k + n); nan without an occasion


def own_cycles(view: Columns, *, shop_days: int) -> OwnCycles:
    """The cycle of each customer: the median of the own gaps, shrunk towards the shop's cycle.

    cycle = (k·m + n·g) / (k + n), with n own gaps of median g, m = `shop_days`, k = `SHRINKAGE`.
    """
    gaps, owner = gaps_of(view)
    count = np.maximum(view.occasions - 1, 0)
    # Sorting (customer, gap) as one number puts every customer's gaps in order at once; days fit in 20 bits.
    # The stable sort is the faster one here: it takes up the order that is there already.
    ordered = np.sort((owner.astype(np.int64) << 20) | gaps, kind="stable") & 0xFFFFF
    first = np.concatenate(([0], np.cumsum(count, dtype=np.int64)))[:-1]
    some = count > 0
    median = np.full(len(view), np.nan)
    lower, upper = first[some] + (count[some] - 1) // 2, first[some] + count[some] // 2
    median[some] = (ordered[lower] + ordered[upper]) / 2
    weighted = SHRINKAGE * shop_days + np.where(some, count * np.nan_to_num(median), 0.0)
    weighted[view.occasions == 0] = np.nan
    return OwnCycles(gaps=count, median_gap=median, weighted_days=weighted, days=weighted / (SHRINKAGE + count))


@dataclass(frozen=True, eq=False)
class DueState:
    """Where every customer stands in the own cycle, aligned with the customers of the view."""

    cycles: OwnCycles
    since: Days  # days from the last occasion to as_of; meaningless without an occasion
    ratio: Floats  # overdue ratio: days since last ÷ own cycle; nan without an occasion
    band: NDArray[np.int8]  # index into BANDS; not_yet without an occasion
    due_on: Days  # day number: last occasion + own cycle, half days rounded up

    @property
    def listed(self) -> NDArray[np.bool_]:
        """Who belongs on today's list: due, overdue or at risk."""
        return (self.band >= DUE) & (self.band <= AT_RISK)


def due(view: Columns, *, as_of_day: int, shop_days: int) -> DueState:
    """The due rule: under 0.8 of the own cycle not yet, under 1.2 due, under 1.5 overdue, to 3 at risk, beyond gone.

    The ratio is one division of exact numbers, days · (k + n) ÷ (k·m + n·g), so that a ratio of exactly 0.8 or 3
    falls on the right side.
    """
    check_view(view, as_of_day=as_of_day)
    cycles = own_cycles(view, shop_days=shop_days)
    since = as_of_day - view.last_day
    ratio = since * (SHRINKAGE + cycles.gaps) / cycles.weighted_days
    bought = view.occasions > 0
    band = np.searchsorted([DUE_FROM, OVERDUE_FROM, AT_RISK_FROM], np.where(bought, ratio, 0.0), side="right")
    band[bought & (ratio > LISTED_TO)] = GONE
    span = np.floor(np.where(bought, cycles.days, 0.0) + 0.5).astype(np.int32)
    return DueState(cycles, since, ratio, band.astype(np.int8), cast(Days, view.last_day + span))


def of_shop(tx: Tx, columns: Columns) -> ShopCycle:
    """The shop's cycle at the transaction's date."""
    return of_shop_at(tx, columns, day=tx.today_number)


def of_shop_at(tx: Tx, columns: Columns, *, day: int) -> ShopCycle:
    """The shop's cycle as it was on a day, by the options of now."""
    view, owner_days, source = columns.at(day), tx.option(CYCLE_DAYS), tx.option(CYCLE_SOURCE)
    return view.derived(
        ("cycle", day, owner_days, source),
        lambda: shop_cycle(view, as_of_day=day, owner_days=owner_days, source=source),
    )


def activity_limits(tx: Tx, columns: Columns) -> tuple[int, int]:
    """(active, dormant): active is who last bought at most so many days ago, dormant at most so many, lost the rest.

    The owner's days where set, else P80 and twice P80; dormant never ends before active does.
    """
    p80 = of_shop(tx, columns).p80
    active = tx.option(CYCLE_ACTIVE_DAYS) or p80
    return active, max(tx.option(CYCLE_DORMANT_DAYS) or 2 * p80, active)


def due_of(tx: Tx, columns: Columns) -> DueState:
    """Where every customer stands in the own cycle at the transaction's date."""
    view, day, shop_days = columns.at(tx.today_number), tx.today_number, of_shop(tx, columns).typical
    return view.derived(("due", day, shop_days), lambda: due(view, as_of_day=day, shop_days=shop_days))
