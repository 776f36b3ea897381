"""How today's list speaks of an item: its band, its reason, the gaps behind it, the rule that put it there."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Final

from shopcrm.act.reminders import DueItem
from shopcrm.base.i18n import N_, _, n_
from shopcrm.mine.cycles import DUE_FROM, LISTED_TO, SHRINKAGE, ShopCycle

BANDS: Final[Mapping[str, tuple[str, str]]] = {
    "due": (N_("Due"), "warn"),
    "overdue": (N_("Overdue"), "bad"),
    "at_risk": (N_("At risk"), "bad"),
}


def band(item: DueItem) -> tuple[str, str]:
    """The word and tone of the badge."""
    word, tone = BANDS[item.band]
    return _(word), tone


def reason(item: DueItem) -> str:
    """Why now: usually every 28 days, now 45 days."""
    return _("usually every {cycle} days, now {days} days").format(cycle=round(item.cycle_days), days=item.days_since)


def behind(item: DueItem, shop: ShopCycle | None) -> str:
    """What the cycle rests on where the customer has no gap of her own."""
    if item.gaps or shop is None:
        return ""
    return _("Bought once so far; the shop's cycle of {days} days counts.").format(days=shop.typical)


def rule(item: DueItem, shop: ShopCycle) -> str:
    """How it is counted, with this customer's figures."""
    ratio = f"{item.overdue_ratio:.2f}"
    lines = [
        _("{days} days since the last purchase ÷ own cycle of {cycle} days = {ratio}.").format(
            days=item.days_since, cycle=f"{item.cycle_days:.1f}", ratio=ratio
        )
    ]
    if item.gaps:
        own = n_(
            "Own cycle: the median of {n} own gap ({median} days), drawn towards the shop's {shop} days as if they "
            "were {k} gaps more.",
            "Own cycle: the median of {n} own gaps ({median} days), drawn towards the shop's {shop} days as if they "
            "were {k} gaps more.",
            len(item.gaps),
        )
        lines.append(own.format(n=len(item.gaps), median=f"{median(item.gaps):g}", shop=shop.typical, k=SHRINKAGE))
    else:
        lines.append(_("No own gap yet: the shop's cycle of {days} days is taken.").format(days=shop.typical))
    lines.append(
        _("Listed from {low} to {high}, until done, put off or skipped. In front: who is worth most.").format(
            low=f"{DUE_FROM:g}", high=f"{LISTED_TO:g}"
        )
    )
    return "\n".join(lines)
