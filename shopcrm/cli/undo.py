"""`undo`: an import taken back as a whole."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from shopcrm.base.i18n import N_, _
from shopcrm.cli.command import Command, Context


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("batch", nargs="?", type=int, metavar="BATCH", help=_("the newest one when left out"))


def _run(context: Context, given: Namespace) -> int:
    with context.shop() as shop:
        report = shop.undo_import(given.batch, progress=context.progress())
    data = asdict(report)
    text = _("Batch {batch} was taken back: {orders_removed} orders and {customers_removed} customers removed, "
             "{orders_restored} orders restored.").format(**data)  # fmt: skip
    if report.kept:
        text += "\n" + _("Left, because a later import or edit needs them: {orders}").format(
            orders=", ".join(left.number for left in report.kept)
        )
    context.answer(data, text)
    return 0


COMMAND = Command("undo", N_("take an import back"), _arguments, _run)
