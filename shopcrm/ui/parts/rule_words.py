"""How the groups are counted, in words: where near, many and high begin, the choices of a rule, the whole method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from shopcrm.base import options
from shopcrm.base.i18n import N_, _, n_
from shopcrm.mine.points import HIGHEST
from shopcrm.mine.rfm import GroupLine, RfmResult, RfmRule, Thresholds
from shopcrm.ui import words
from shopcrm.ui.parts.group_grid import level_words

CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    options.RFM_MONEY.key: {
        "per_order": N_("Average an order"),
        "per_occasion": N_("Average a day with purchases"),
        "total": N_("Total"),
    },
    options.CYCLE_SOURCE.key: {"history": N_("Counted from the purchases"), "owner": N_("Set by hand")},
}
_RULES: Final[Mapping[str, str]] = {
    "cycle": N_("The shop's cycle (P80)"),
    "mean": N_("The mean"),
    "median": N_("The median"),
    "fixed": N_("A fixed value"),
    "scores": N_("Scores from 1 to 5"),
}


@dataclass(frozen=True)
class Counted:
    """What the window says about a result; without the customers' arrays."""

    groups: tuple[GroupLine, ...]
    customers: int
    thresholds: Thresholds
    rule: RfmRule
    cuts: Mapping[str, tuple[int, ...]]  # the cut points of "r", "f", "m" by the rule "scores"
    high_from: Mapping[str, int]  # the least score above the mean score

    @property
    def sizes(self) -> dict[str, int]:
        """How many there are in each group."""
        return {line.key: line.customers for line in self.groups}


def counted(found: RfmResult) -> Counted:
    """What is said of a result."""
    points = found.points.items()
    return Counted(
        groups=found.groups,
        customers=found.customers,
        thresholds=found.thresholds,
        rule=found.rule,
        cuts={key: one.cuts for key, one in points},
        high_from={key: one.high_from for key, one in points},
    )


def choice(option: options.Option[str], value: str) -> str:
    """A setting's value in words."""
    return _(CHOICES.get(option.key, _RULES)[value])


def rule_sentences(
    thresholds: Thresholds,
    rule: RfmRule,
    *,
    money: Callable[[int], str],
    high_from: Mapping[str, int] = MappingProxyType({}),
) -> list[str]:
    """Where near, many and high begin, and by which rule, in words."""
    sources = {
        "cycle": _("the shop's cycle, P80"),
        "mean": _("mean"),
        "median": _("median"),
        "fixed": _("fixed"),
    }

    def source(key: str, by: str) -> str:
        return sources.get(by) or _("score {high} of 5 or more").format(high=high_from[key])

    sentences = []
    if thresholds.r is not None:
        words = _("near = bought within {days} days ({source})")
        sentences.append(words.format(days=f"{thresholds.r:.0f}", source=source("r", thresholds.r_rule)))
    elif high_from.get("r", 0) > HIGHEST:
        sentences.append(_("near = nobody: all have the score 5"))
    if thresholds.f is not None:
        times = f"{round(thresholds.f, 1):g}"
        words = (
            _("many = ≥ {times} times in {days} days ({source})")
            if rule.window_days
            else _("many = ≥ {times} times ({source})")
        )
        sentences.append(words.format(times=times, days=rule.window_days, source=source("f", thresholds.f_rule)))
    elif high_from.get("f", 0) > HIGHEST:
        sentences.append(_("many = nobody: all have the score 5"))
    if thresholds.m is not None:
        words = {
            "per_order": _("high = ≥ {amount} an order ({source})"),
            "per_occasion": _("high = ≥ {amount} a purchase ({source})"),
            "total": _("high = ≥ {amount} in total ({source})"),
        }[rule.money]
        sentences.append(words.format(amount=money(round(thresholds.m)), source=source("m", thresholds.m_rule)))
    elif high_from.get("m", 0) > HIGHEST:
        sentences.append(_("high = nobody: all have the score 5"))
    return sentences


def method(found: Counted, key: str, *, money: Callable[[int], str], then: date | None, today: date) -> str:
    """How a group is counted, from the figures to the comparison with last month."""
    rule = found.rule
    window = (
        n_("the last {n} day", "the last {n} days", rule.window_days).format(n=f"{rule.window_days:,}")
        if rule.window_days
        else _("all the time")
    )
    meaning = {
        "per_order": _("M is what an order brought on average in {window}, refunds taken off."),
        "per_occasion": _("M is what a day with purchases brought on average in {window}, refunds taken off."),
        "total": _("M is what all orders of {window} brought together, refunds taken off."),
    }[rule.money]
    lines = [
        _("{group} = {levels}.").format(group=words.group(key), levels=" · ".join(level_words(key))),
        *(
            _("{sentence}.").format(sentence=sentence)
            for sentence in rule_sentences(found.thresholds, rule, money=money, high_from=found.high_from)
        ),
        _("R is the days since the last purchase, F the days with a purchase in {window}.").format(window=window),
        meaning.format(window=window),
        _(
            "Mean, median and scores of R are taken over everybody who has ever bought, those of F and M over who "
            "bought in that time. Unpaid, closed and wholly refunded orders do not count."
        ),
    ]
    if found.high_from:
        lines.append(
            _(
                "Scores: 5 is best. The cut points are those of the rule, else each step holds a fifth of the "
                "customers; high is a score above the mean score."
            )
        )
    if then is not None:
        lines.append(
            _("Last month: the groups as they stood on {day}, by the same rule and the thresholds of that day.").format(
                day=words.day(then, today=today)
            )
        )
    return "\n".join(lines)
