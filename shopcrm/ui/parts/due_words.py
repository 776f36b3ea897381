"""How today's list speaks of an item: its badge, its reason, the gaps behind it, the rule that put it there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from statistics import median
from typing import Final

from shopcrm.act.reminders import AHEAD_DAYS, MISSED_DAYS, REASONS, DueItem
from shopcrm.base import birthdays
from shopcrm.base.i18n import _, n_
from shopcrm.mine.cycles import DUE_FROM, LISTED_TO, SHRINKAGE, ShopCycle
from shopcrm.ui.parts.gap_strip import gaps_sentence
from shopcrm.ui.parts.greeting import wish

TONES: Final[Mapping[str, str]] = {"due": "warn", "back": "bad", "birthday": "info", "follow_up": "accent"}


def badge(item: DueItem) -> tuple[str, str]:
    """The word and tone of the badge: due, should be back, birthday, as agreed."""
    if item.agreed is not None:
        return _("As agreed"), TONES[item.kind]
    return _(REASONS[item.kind]), TONES[item.kind]


def reason(item: DueItem, *, today: date) -> str:
    """Why now: usually every 28 days, now 45 days; or whose day it is; or what was agreed."""
    said = when(item, today=today)
    if item.agreed is not None and item.agreed.text:
        return _("{said}: {text}").format(said=said, text=item.agreed.text)
    return said


def when(item: DueItem, *, today: date) -> str:
    """Why now, without what was agreed: that stands in the second line of a closed row."""
    if item.agreed is not None:
        late = (today - item.due_on).days
        said = _("agreed for today") if not late else n_("agreed {n} day ago", "agreed for {n} days ago", late)
        return said.format(n=late)
    if item.birthday is None:
        cycle = round(item.cycle_days)
        return _("usually every {cycle} days, now {days} days").format(cycle=cycle, days=item.days_since)
    ahead, on = (item.due_on - today).days, birthdays.day_words(item.due_on, item.birthday.lunar)
    if ahead == 0:
        return _("today, {day}").format(day=on)
    if ahead == 1:
        return _("tomorrow, {day}").format(day=on)
    if ahead > 0:
        return n_("in {n} day, {day}", "in {n} days, {day}", ahead).format(n=ahead, day=on)
    return n_("missed {n} day ago, {day}", "missed {n} days ago, {day}", -ahead).format(n=-ahead, day=on)


def under(item: DueItem, shop: ShopCycle | None, *, today: date) -> str:
    """The second line of a closed row: what was agreed, the gaps behind it, or what to wish."""
    if item.agreed is not None and item.agreed.text:
        return item.agreed.text
    if item.birthday is not None:
        return wish(item.name, days=(item.due_on - today).days)
    return gaps_sentence(item.gaps) or behind(item, shop)


def told(item: DueItem) -> str:
    """The birthday as it is stored, and how old she becomes."""
    if item.birthday is None:
        return ""
    turns, stored = item.birthday.turns, birthdays.words(item.birthday.birthday)
    if turns is None:
        return _("Birthday {day}").format(day=stored)
    return _("Birthday {day}, turns {n}").format(day=stored, n=turns)


def behind(item: DueItem, shop: ShopCycle | None) -> str:
    """What the cycle rests on where the customer has no gap of her own."""
    if item.gaps or shop is None:
        return ""
    return _("Bought once so far; the shop's cycle of {days} days counts.").format(days=shop.typical)


def rule(item: DueItem, shop: ShopCycle) -> str:
    """How it is counted, with this customer's figures."""
    if item.agreed is not None:
        return _("Agreed in the last follow-up; listed from its day until done, skipped, or followed up anew.")
    if item.birthday is not None:
        return _birthday_rule(item)
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


def _birthday_rule(item: DueItem) -> str:
    lines = [
        _(
            "Listed from {ahead} days before the birthday to {missed} days after it, until done, put off or skipped."
        ).format(ahead=AHEAD_DAYS, missed=MISSED_DAYS)
    ]
    if item.birthday is not None and item.birthday.birthday.calendar == birthdays.LUNAR:
        lines.append(
            _("A lunar birthday moves every year. A 30th that its month lacks falls on the 29th; a leap month that the "
              "year lacks is the ordinary one.")
        )  # fmt: skip
    if item.band in ("due", "overdue", "at_risk"):
        lines.append(
            _("She is due by her cycle too; one message has one reason, and the birthday is bound to its day.")
        )
    return "\n".join(lines)
