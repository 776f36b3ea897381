"""What the figures of the Insights page are called, and how each of them is counted, in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from shopcrm.base import i18n
from shopcrm.base.i18n import N_, _, n_, p_
from shopcrm.measure.insights import Compared, Insights
from shopcrm.measure.repurchase import Rate, month_start
from shopcrm.ui.parts.figure_table import NOTHING
from shopcrm.ui.parts.group_grid import percent

TITLES: Final[Mapping[str, str]] = {
    # Tiles
    "rate": N_("Repurchase rate, 180 days"),
    "orders": N_("Returning, of purchases"),
    "revenue": N_("Returning, of sales"),
    "basket": N_("Order: new / returning"),
    "due": N_("Due now"),
    # Charts
    "months": N_("Purchases of new and returning customers"),
    "curve": N_("How long until they buy again"),
    "cohorts": N_("Month of the first purchase × who bought in the months after"),
    "regions": N_("Where the customers are"),
    "rates": N_("Repurchase rate, by its three names"),
    "nth": N_("What the n-th purchase brings"),
    "states": N_("Active, dormant, lost"),
    "churn": N_("Lost by month"),
}

RULES: Final[Mapping[str, str]] = {
    "rate": N_(
        "The cohort rate: of the customers whose 180 days after the first purchase ended in the months chosen, the "
        "share that bought again within those 180 days. Who has not had 180 days yet is not counted. A click lists "
        "those who bought again."
    ),
    "orders": N_(
        "Purchases of customers who had bought before, among all purchases of the months chosen. A purchase is all "
        "valid orders of one customer on one day. A click lists the purchases."
    ),
    "revenue": N_(
        "What returning customers paid, refunds taken off, of what all customers paid in the months chosen. A click "
        "lists the purchases that it was paid for."
    ),
    "basket": N_(
        "Paid after refunds ÷ number of orders: on the left of each customer’s first purchase, on the right of all "
        "later ones, in the months chosen. Orders in another currency are left out."
    ),
    "due": N_(
        "Customers on today’s list: between 0.8 and 3 times their own repurchase cycle has passed since the last "
        "purchase, and nothing was done about it yet. The amount adds up what each of them usually pays for a purchase."
    ),
    "months": N_(
        "Purchases by month. New: the customer’s first purchase. Returning: every later one. A purchase is all valid "
        "orders of one customer on one day. The running month is not over."
    ),
    "curve": N_(
        "The time from one purchase to the next, over all purchases of the shop (Kaplan–Meier): who has not come back "
        "yet counts as not yet, not as never. P25, P50 and P80 are the days by which a quarter, half and four fifths "
        "of those who come back have come."
    ),
    "cohorts": N_(
        "Of the customers whose first purchase fell in a month, the share that bought in the first, second, third … "
        "month after it. A month that is not over has no cell."
    ),
    "regions": N_(
        "By the province of the last address, in the months chosen: customers who bought, what they paid after "
        "refunds, and the share of them that bought twice or more in these months."
    ),
    "rates": N_(
        "Cohort: of those whose N days after the first purchase ended in the months chosen, who bought again within "
        "them. Period: of the buyers in the months chosen, who bought twice or more in them, as marketplaces count. "
        "Step: of all who reached n purchases, who reached one more."
    ),
    "nth": N_(
        "Paid after refunds ÷ number of orders, for the customers’ first, second, third … purchases in the months "
        "chosen."
    ),
    "states": N_(
        "By the days since the last purchase against P80 of the shop’s repurchase cycle: active up to P80, dormant up "
        "to twice that, lost beyond."
    ),
    "churn": N_(
        "Of the customers who were not lost at the start of a month, who became lost in it, by the days that count as "
        "lost now. The running month is not over."
    ),
}

STATES: Final[Mapping[str, str]] = {
    "active": N_("Active"),
    "dormant": N_("Dormant"),
    "lost": N_("Lost"),
}


def period_name(months: int) -> str:
    """The months chosen."""
    return n_("Last {n} month", "Last {n} months", months).format(n=months) if months else _("All months")


def month_name(number: int, *, year: bool = False) -> str:
    """A month as people say it: 11月, 2026年11月."""
    return _month_name(number, "yMMM" if year else "MMM", i18n.language())


@lru_cache(maxsize=1_024)
def _month_name(number: int, skeleton: str, language: str) -> str:
    # Half a millisecond each, and a page names dozens.
    from babel.dates import format_skeleton

    return str(format_skeleton(skeleton, month_start(number), locale=language))


def people(count: int) -> str:
    """So many customers, short."""
    return n_("{n} buyer", "{n} buyers", count).format(n=f"{count:,}")


def purchases(count: int) -> str:
    """So many purchases."""
    return n_("{n} purchase made", "{n} purchases made", count).format(n=f"{count:,}")


def new() -> str:
    """What customers are called who had not bought before."""
    return p_("customers", "New")


def share_text(share: float | None) -> str:
    """A share, or a dash where there is nothing to count yet."""
    return NOTHING if share is None else percent(share)


def of_customers(rate: Rate) -> str:
    """How many of how many customers."""
    words = n_("{part} of {n} customer", "{part} of {n} customers", rate.whole)
    return words.format(part=f"{rate.part:,}", n=f"{rate.whole:,}")


def of_purchases(rate: Rate) -> str:
    """How many of how many purchases."""
    words = n_("{part} of {n} purchase", "{part} of {n} purchases", rate.whole)
    return words.format(part=f"{rate.part:,}", n=f"{rate.whole:,}")


def moved(compared: Compared) -> tuple[str, str]:
    """How a rate moved against a month before, with an arrow, and the tone of it."""
    if compared.points is None:
        return "", "second"
    points = round(compared.points, 1)
    if not points:
        return _("→ as a month before"), "second"
    arrow, tone = ("↑", "good") if points > 0 else ("↓", "bad")
    return _("{arrow} {points} pts").format(arrow=arrow, points=f"{abs(points):.1f}"), tone


def state_sentence(found: Insights) -> str:
    """The sentence beside the title."""
    day, share, points = found.as_of.isoformat(), found.orders.now.share, found.orders.points
    if share is None:
        return _("As of {day}. Nobody bought in these months.").format(day=day)
    if points is None or not round(points, 1):
        return _("As of {day} returning customers make {share} of the purchases.").format(day=day, share=percent(share))
    more = _("As of {day} returning customers make {share} of the purchases, {points} points more than a month before.")
    less = _("As of {day} returning customers make {share} of the purchases, {points} points less than a month before.")
    words = more if points > 0 else less
    return words.format(day=day, share=percent(share), points=f"{abs(points):.1f}")


def curve_sentence(found: Insights) -> str:
    """What the curve says in one line."""
    if not found.curve:
        return _("Nobody has bought a second time yet.")

    def of_hundred(days: int) -> int:
        return round(100 * max((point.share for point in found.curve if point.days <= days), default=0.0))

    cycle = found.cycle
    said = _("After 100 purchases {a} come again within 30 days, {b} within 90.").format(
        a=of_hundred(30), b=of_hundred(90)
    )
    if cycle.source == "history":
        return i18n.sentences(said, _("P80 = {days} days.").format(days=cycle.p80))
    few = n_(
        "{n} repeat purchase is too few for a cycle: {days} days, set by hand, stand for it.",
        "{n} repeat purchases are too few for a cycle: {days} days, set by hand, stand for it.",
        cycle.gaps,
    )
    return i18n.sentences(said, few.format(n=cycle.gaps, days=cycle.p80))


def days_text(days: int) -> str:
    """A number of days."""
    return n_("{n} day", "{n} days", days).format(n=f"{days:,}")


def nth_name(number: int, *, last: bool) -> str:
    """A purchase by its number, short; the last one holds all after it too."""
    return _("no. {n} +").format(n=number) if last else _("no. {n}").format(n=number)


def state(key: str) -> str:
    """Active, dormant or lost."""
    return _(STATES[key])


def rule(key: str) -> str:
    """How a figure is counted."""
    return _(RULES[key])


def title(key: str) -> str:
    """What a figure is called."""
    return _(TITLES[key])
