"""The figures of the Insights page as tables: what a chart's table shows and what goes into the workbook."""

from __future__ import annotations

from shopcrm.act.workbook import Number, Sheet, Unit
from shopcrm.base.i18n import _
from shopcrm.measure.insights import Due, Insights
from shopcrm.measure.repurchase import Rate, month_start
from shopcrm.mine.activity import STATES
from shopcrm.ui.parts import insight_words as say
from shopcrm.ui.parts.provinces import PROVINCES

_NAMES = {one.stored: one.name for one in PROVINCES}


def sheets(found: Insights, due: Due) -> dict[str, Sheet]:
    """One sheet a figure, by the figure's key; the first is the summary."""
    return {
        "summary": _summary(found, due),
        "months": _months(found),
        "curve": _curve(found),
        "cohorts": _cohorts(found),
        "regions": _regions(found),
        "rates": _rates(found),
        "nth": _nth(found),
        "states": _states(found),
        "churn": _churn(found),
    }


def place_name(stored: str) -> str:
    """A province in the language in use; a name from abroad as it is."""
    if not stored:
        return _("Not known")
    return _(_NAMES[stored]) if stored in _NAMES else stored


def _sheet(key: str, heads: tuple[tuple[str, Unit], ...], rows: list[tuple[Number, ...]]) -> Sheet:
    return Sheet(say.title(key), say.rule(key), heads, tuple(rows))


def _summary(found: Insights, due: Due) -> Sheet:
    rows: list[tuple[Number, ...]] = [
        (say.title("rate"), found.headline.now.share, found.headline.before.share, *found.headline.now),
        (say.title("orders"), found.orders.now.share, found.orders.before.share, *found.orders.now),
    ]
    money: list[tuple[Number, ...]] = [
        (_("Average order, new"), None, None, found.new.priced, None, found.new.average),
        (_("Average order, returning"), None, None, found.returning.priced, None, found.returning.average),
        (_("Sales, new"), None, None, found.new.purchases, None, found.new.net),
        (_("Sales, returning"), found.revenue.now.share, found.revenue.before.share,
         found.returning.purchases, None, found.returning.net),
        (say.title("due"), None, None, due.customers, None, due.worth),
    ]  # fmt: skip
    window = _("{period} up to {day}").format(period=say.period_name(found.months), day=found.as_of.isoformat())
    return Sheet(
        _("Summary"),
        window,
        (
            (_("Figure"), Unit.TEXT),
            (_("Share"), Unit.SHARE),
            (_("A month before"), Unit.SHARE),
            (_("How many"), Unit.COUNT),
            (_("Of how many"), Unit.COUNT),
            (_("Amount"), Unit.MONEY),
        ),
        tuple([(*row, None) for row in rows] + money),
    )


def _months(found: Insights) -> Sheet:
    return _sheet(
        "months",
        (
            (_("Month"), Unit.TEXT),
            (_("Purchases, new"), Unit.COUNT),
            (_("Purchases, returning"), Unit.COUNT),
            (_("Returning share"), Unit.SHARE),
            (_("Sales, new"), Unit.MONEY),
            (_("Sales, returning"), Unit.MONEY),
            (_("Their share of sales"), Unit.SHARE),
        ),
        [
            (
                _month(line.month), line.new.purchases, line.returning.purchases, line.orders.share,
                line.new.net, line.returning.net, line.revenue.share,
            )
            for line in found.by_month
        ],
    )  # fmt: skip


def _curve(found: Insights) -> Sheet:
    return _sheet(
        "curve",
        ((_("Days"), Unit.COUNT), (_("Bought again by then"), Unit.SHARE), (_("Purchases"), Unit.COUNT)),
        [(point.days, point.share, point.purchases) for point in found.curve],
    )


def _cohorts(found: Insights) -> Sheet:
    across = max((len(line.back) for line in found.triangle), default=0)
    heads = [(_("First purchase in"), Unit.TEXT), (_("Customers"), Unit.COUNT)]
    heads += [(_("+{n} mo.").format(n=later), Unit.SHARE) for later in range(1, across + 1)]
    rows: list[tuple[Number, ...]] = []
    for line in found.triangle:
        shares = [Rate(back, line.size).share for back in line.back]
        rows.append((_month(line.month), line.size, *shares, *[None] * (across - len(shares))))
    return _sheet("cohorts", tuple(heads), rows)


def _regions(found: Insights) -> Sheet:
    return _sheet(
        "regions",
        (
            (_("Province"), Unit.TEXT),
            (_("Customers"), Unit.COUNT),
            (_("Sales"), Unit.MONEY),
            (_("Bought twice or more"), Unit.COUNT),
            (_("Share"), Unit.SHARE),
        ),
        [(place_name(line.name), line.buyers, line.net, line.again.part, line.again.share) for line in found.regions],
    )


def rate_names(found: Insights) -> list[tuple[str, list[tuple[tuple[str, int], str, Rate]]]]:
    """The rates in groups: (heading, [(key, name, rate)])."""
    cohort = [(("cohort", days), say.days_text(days), rate) for days, rate in found.cohorts.items()]
    period = [(("period", 0), say.period_name(found.months), found.period)]
    steps = [
        (("step", n), _("from {n} to {next}").format(n=n, next=n + 1), rate)
        for n, rate in enumerate(found.steps[:5], 1)
    ]
    return [
        (_("Cohort: again within so many days of the first purchase"), cohort),
        (_("Period: twice or more in these months"), period),
        (_("Step: from one purchase to the next"), steps),
    ]


def _rates(found: Insights) -> Sheet:
    rows: list[tuple[Number, ...]] = [
        (heading, name, rate.share, rate.part, rate.whole)
        for heading, group in rate_names(found)
        for _key, name, rate in group
    ]
    return _sheet(
        "rates",
        (
            (_("Which rate"), Unit.TEXT),
            (_("Of what"), Unit.TEXT),
            (_("Share"), Unit.SHARE),
            (_("Bought again"), Unit.COUNT),
            (_("Customers"), Unit.COUNT),
        ),
        rows,
    )


def _nth(found: Insights) -> Sheet:
    last = len(found.nth)
    return _sheet(
        "nth",
        (
            (_("Purchase"), Unit.TEXT),
            (_("How many"), Unit.COUNT),
            (_("Orders"), Unit.COUNT),
            (_("Sales"), Unit.MONEY),
            (_("Average order"), Unit.MONEY),
        ),
        [
            (say.nth_name(number, last=number == last), one.purchases, one.priced, one.net, one.average)
            for number, one in enumerate(found.nth, 1)
        ],
    )


def _states(found: Insights) -> Sheet:
    rows: list[tuple[Number, ...]] = [
        (say.state(key), count, Rate(count, found.buyers).share)
        for key, count in zip(STATES, found.states, strict=True)
    ]
    heads = ((_("State"), Unit.TEXT), (_("Customers"), Unit.COUNT), (_("Share"), Unit.SHARE))
    return _sheet("states", heads, rows)


def _churn(found: Insights) -> Sheet:
    heads = (
        (_("Month"), Unit.TEXT),
        (_("Became lost"), Unit.COUNT),
        (_("Not lost at its start"), Unit.COUNT),
        (_("Share"), Unit.SHARE),
    )
    return _sheet("churn", heads, [(_month(line.month), *line.rate, line.rate.share) for line in found.churn])


def _month(number: int) -> str:
    return f"{month_start(number):%Y-%m}"
