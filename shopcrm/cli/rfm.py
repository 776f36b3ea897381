"""`rfm`: the eight groups."""

from __future__ import annotations

import csv
import io
from argparse import ArgumentParser, Namespace
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from shopcrm.base.cells import harmless
from shopcrm.base.files import atomic_write
from shopcrm.base.i18n import N_, _
from shopcrm.cli.command import Command, Context, amount, days_or_all, shown_money, table
from shopcrm.collect import customers
from shopcrm.mine import rfm
from shopcrm.mine.points import HIGHEST, Points
from shopcrm.mine.rfm import GROUP_KEYS, GROUPS, NO_GROUP, RfmResult
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx

_HEADER = ["id", "buyer", "recency_days", "frequency", "orders", "monetary", "net_total", "r", "f", "m", "group"]


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--window", type=days_or_all, metavar="DAYS|all", help=_("count frequency and money in these days")
    )
    parser.add_argument("--customers", type=Path, metavar="OUT.csv", help=_("write each customer's scores"))


def _run(context: Context, given: Namespace) -> int:
    with context.shop() as shop, shop.read() as tx:
        columns, currency = shop.columns(), tx.shop.currency
        rule = rfm.rule_of(tx)
        if given.window is not None:
            rule = replace(rule, window_days=given.window)
        result = rfm.scores(tx, columns, rule=rule)
        if given.customers is not None:
            _write_customers(tx, columns, result, given.customers)
        context.answer(_data(tx, result), _text(result, currency))
    return 0


def _data(tx: Tx, result: RfmResult) -> dict[str, Any]:
    currency, limits, means = tx.shop.currency, result.thresholds, result.means
    scored = {"scores": {key: _scores(key, found, currency) for key, found in result.points.items()}}
    return {
        "as_of": tx.as_of.isoformat(),
        "rule": {
            **asdict(result.rule),
            "window_days": result.rule.window_days or "all",
            "r_rule": limits.r_rule,
            "f_rule": limits.f_rule,
            "m_rule": limits.m_rule,
        },
        "thresholds": {
            "r": limits.r,
            "f": limits.f,
            "m": None if limits.m is None else amount(round(limits.m), currency),
        },
        **(scored if result.points else {}),
        "customers": result.customers,
        "means": {
            "recency": means.recency,
            "frequency": means.frequency,
            "monetary": None if means.monetary is None else amount(round(means.monetary), currency),
        },
        "groups": [
            {
                "key": line.key,
                "customers": line.customers,
                "revenue": amount(line.revenue, currency),
                "share": line.share,
            }
            for line in result.groups
        ],
    }


def _scores(key: str, found: Points, currency: str) -> dict[str, Any]:
    cuts = [amount(cut, currency) if key == "m" else cut for cut in found.cuts]
    return {"cuts": cuts, "given": found.given, "mean": found.mean, "high_from": found.high_from}


def _write_customers(tx: Tx, columns: Columns, result: RfmResult, path: Path) -> None:
    view, currency = columns.at(tx.today_number), tx.shop.currency
    buyers = customers.first_identities(tx)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    # Scores stand beside what they are made of, and only where the rule uses them.
    writer.writerow([*_HEADER, *(f"{key}_score" for key in result.points)])
    for row, customer in enumerate(view.ids.tolist()):
        group = int(result.group[row])
        if group == NO_GROUP:
            continue
        writer.writerow(
            [
                customer,
                harmless(buyers.get(customer, ""), csv=True),
                int(result.recency[row]),
                int(result.frequency[row]),
                int(view.orders[row]),
                amount(int(result.monetary[row]), currency),
                amount(int(view.net_total[row]), currency),
                "near" if result.near[row] else "far",
                "high" if result.frequent[row] else "low",
                "high" if result.high[row] else "low",
                GROUP_KEYS[group],
                *(int(found.by_customer[row]) for found in result.points.values()),
            ]
        )
    atomic_write(path, out.getvalue().encode())


def _text(result: RfmResult, currency: str) -> str:
    labels = {group.key: group.label for group in GROUPS}
    rows = [
        (_(labels[line.key]), f"{line.customers:,}", shown_money(line.revenue, currency), f"{line.share:.1%}")
        for line in result.groups
    ]
    groups = table(rows, header=(_("group"), _("customers"), _("revenue"), _("share")))
    return "\n".join([groups, *(_steps(key, found, currency) for key, found in result.points.items())])


def _steps(key: str, found: Points, currency: str) -> str:
    """One figure's scores in a line: which values have which score, and where high begins."""
    shown = [shown_money(cut, currency) if key == "m" else f"{cut:,}" for cut in found.cuts]
    scores = range(HIGHEST, 0, -1) if found.low_is_best else range(1, HIGHEST + 1)
    steps = [
        _("{score} up to {limit}").format(score=score, limit=limit)
        for score, limit in zip(scores, shown, strict=False)
    ]  # fmt: skip
    steps.append(_("{score} above").format(score=scores[-1]))
    return _("{figure} scores: {steps}; mean {mean}, high from {high}").format(
        figure=key.upper(), steps=", ".join(steps), mean=f"{found.mean:.2f}", high=found.high_from
    )


COMMAND = Command("rfm", N_("the eight groups"), _arguments, _run)
