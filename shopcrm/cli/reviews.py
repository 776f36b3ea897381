"""`reviews`: what buyers wrote."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from shopcrm.act import review_list
from shopcrm.base import clock
from shopcrm.base.i18n import N_, _, n_
from shopcrm.cli.command import Command, Context, table
from shopcrm.collect import reviews
from shopcrm.collect.reviews import KINDS


def _arguments(parser: ArgumentParser) -> None:
    only = parser.add_mutually_exclusive_group()
    for kind, words in zip(
        KINDS, (_("only good ones"), _("only neutral ones"), _("only bad ones"), _("only those picked for display")),
        strict=True,
    ):  # fmt: skip
        only.add_argument(f"--{kind}", dest="kind", action="store_const", const=kind, default="", help=words)
    parser.add_argument("--out", type=Path, metavar="OUT.xlsx", help=_("write them as a sheet"))
    parser.add_argument("--overwrite", action="store_true", help=_("replace the file if it is there"))


def _run(context: Context, given: Namespace) -> int:
    with context.shop() as shop:
        with shop.read() as tx:
            found = reviews.listed(tx, kind=given.kind)
        if given.out is not None:
            with shop.write() as tx:
                rows = review_list.export_reviews(
                    tx, found, given.out, overwrite=given.overwrite, progress=context.progress()
                )
            words = n_("{n} review written to {file}", "{n} reviews written to {file}", rows)
            context.answer({"rows": rows, "file": str(given.out)}, words.format(n=rows, file=given.out))
            return 0
    days = ["" if one.told_day is None else clock.day_date(one.told_day).isoformat() for one in found]
    data = [
        {
            "order": one.number,
            "customer": one.customer,
            "product": one.product,
            "stars": one.stars,
            "text": one.text,
            "day": day or None,
            "reply": one.reply or None,
            "picked": one.picked,
        }
        for one, day in zip(found, days, strict=True)
    ]
    lines = [
        ("" if one.stars is None else str(one.stars), day, one.product, " ".join(one.text.split()), one.name)
        for one, day in zip(found, days, strict=True)
    ]
    header = (_("stars"), _("day"), _("product"), _("text"), _("customer"))
    context.answer(data, table(lines, header=header))
    return 0


COMMAND = Command("reviews", N_("what buyers wrote of their orders"), _arguments, _run)
