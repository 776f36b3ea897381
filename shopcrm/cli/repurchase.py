"""`repurchase`: how many buy again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from shopcrm.base.i18n import N_, _
from shopcrm.cli.command import Command, Context, days_or_all, table
from shopcrm.measure import repurchase
from shopcrm.measure.repurchase import PERIOD_DAYS, Rate, Repurchase, month_start

_NOTHING = "–"


def _arguments(parser: ArgumentParser) -> None:
    parser.description = _(
        "Three rates by three names. Cohort: of those whose first purchase lies N days back, the share that bought "
        "again within N days. Period: of the buyers in a period, the share that bought twice or more in it. Step: of "
        "those who reached n purchases, the share that reached one more. And by month: the share of purchases, and of "
        "what was paid, of customers who had bought before."
    )
    parser.add_argument(
        "--period",
        type=days_or_all,
        default=PERIOD_DAYS,
        metavar="DAYS|all",
        help=_("the days, ending with the date, that the period rate counts (365)"),
    )


def _run(context: Context, given: Namespace) -> int:
    with context.shop() as shop, shop.read() as tx:
        found = repurchase.of_shop(tx, shop.columns(), period_days=given.period)
    context.answer(_data(found), _text(found, given.period))
    return 0


def _data(found: Repurchase) -> dict[str, Any]:
    return {
        "as_of": found.as_of.isoformat(),
        "cohort": {str(days): rate.share for days, rate in found.cohort.items()},
        "period": found.period.share,
        "step": [rate.share for rate in found.steps],
        "returning_share": [
            {
                "month": f"{month_start(line.month):%Y-%m}",
                "orders": line.orders.share,
                "revenue": line.revenue.share,
            }
            for line in found.months
        ],
    }


def _text(found: Repurchase, period_days: int) -> str:
    rows = [
        (_("cohort: again within {days} days").format(days=days), *_figures(rate))
        for days, rate in found.cohort.items()
    ]
    over = _("period: {days} days").format(days=period_days) if period_days else _("period: all")
    rows.append((over, *_figures(found.period)))
    rows += [
        (_("step: from {n} to {next}").format(n=n, next=n + 1), *_figures(rate))
        for n, rate in enumerate(found.steps, 1)
    ]
    rates = table(rows, header=(_("rate"), _("share"), _("customers"), _("of")))
    by_month = [
        (f"{month_start(line.month):%Y-%m}", *_figures(line.orders), _share(line.revenue)) for line in found.months
    ]
    header = (_("month"), _("purchases of returning customers"), _("purchases"), _("of"), _("their revenue"))
    return f"{rates}\n\n{table(by_month, header=header)}" if by_month else rates


def _figures(rate: Rate) -> tuple[str, str, str]:
    return _share(rate), f"{rate.part:,}", f"{rate.whole:,}"


def _share(rate: Rate) -> str:
    return _NOTHING if rate.share is None else f"{rate.share:.1%}"


COMMAND = Command("repurchase", N_("how many buy again"), _arguments, _run)
