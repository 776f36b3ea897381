"""`duplicates`, `merge`, `unmerge`: who may be one person, and making one or two of them (C4)."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from shopcrm.base.i18n import N_, _
from shopcrm.cli.command import Command, Context, table
from shopcrm.collect import customer_merges, who_is_who
from shopcrm.mine import duplicates
from shopcrm.mine.duplicates import Evidence, Found


def _no_arguments(_parser: ArgumentParser) -> None:
    pass


def _find(context: Context, _given: Namespace) -> int:
    with context.shop() as shop, shop.read() as tx:
        found = duplicates.find(tx, progress=context.progress())
        named = who_is_who.names_of(tx, {one for pair in found.suggestions for one in (pair.first, pair.second)})
    context.answer(_as_data(found, named), _text(found, named))
    return 0


def _as_data(found: Found, named: dict[int, str]) -> dict[str, Any]:
    return {
        "total": found.total,
        "suggestions": [
            {
                "first": {"id": one.first, "name": named[one.first]},
                "second": {"id": one.second, "name": named[one.second]},
                "strength": one.strength,
                "evidence": [{"kind": each.kind, "value": each.value, "other": each.other} for each in one.evidence],
            }
            for one in found.suggestions
        ],
        "shared_by_many": [
            {"kind": one.kind, "value": one.value, "customers": one.customers} for one in found.shared
        ],
    }  # fmt: skip


def _text(found: Found, named: dict[int, str]) -> str:
    rows = [
        (str(one.strength), f"{one.first} {named[one.first]}", f"{one.second} {named[one.second]}",
         ", ".join(map(_evidence, one.evidence)))
        for one in found.suggestions
    ]  # fmt: skip
    if not rows:
        return _("Nobody stands twice")
    return table(rows, header=(_("Strength"), _("First"), _("Second"), _("Evidence")))


def _evidence(one: Evidence) -> str:
    return f"{one.kind}: {one.value}" + (f" = {one.other}" if one.other else "")


def _merge_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("keep", type=int, metavar="KEEP", help=_("the customer who stays"))
    parser.add_argument("gone", type=int, metavar="GONE", help=_("the customer who becomes her"))


def _merge(context: Context, given: Namespace) -> int:
    with context.shop() as shop, shop.write() as tx:
        change_set = who_is_who.merge_customers(tx, keep=given.keep, gone=given.gone)
        number = customer_merges.of_change(tx, change_set).id
    said = _(
        "Merge {number}: customers {keep} and {gone} are one now. `shopcrm unmerge {number}` makes two of them again."
    )
    data = {"merge": number, "keep": given.keep, "gone": given.gone}
    context.answer(data, said.format(number=number, keep=given.keep, gone=given.gone))
    return 0


def _unmerge_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("merge", type=int, metavar="MERGE", help=_("the number of the merge"))


def _unmerge(context: Context, given: Namespace) -> int:
    with context.shop() as shop, shop.write() as tx:
        made = customer_merges.get(tx, given.merge)
        who_is_who.unmerge(tx, given.merge)
    said = _("Customers {keep} and {gone} are two again.").format(keep=made.keep, gone=made.gone)
    context.answer({"merge": made.id, "keep": made.keep, "gone": made.gone}, said)
    return 0


FIND = Command("duplicates", N_("list customers who may be one person"), _no_arguments, _find)
MERGE = Command("merge", N_("make two customers one"), _merge_arguments, _merge)
UNMERGE = Command("unmerge", N_("make two of a merged customer again"), _unmerge_arguments, _unmerge)
