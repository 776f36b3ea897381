"""`backup`: a verified backup now, and a copy of it where one wants it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from shopcrm.base.i18n import N_, _
from shopcrm.cli.backups import told
from shopcrm.cli.command import Command, Context


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--to", type=Path, metavar="FILE", help=_("save a copy of it there too"))
    parser.add_argument("--overwrite", action="store_true", help=_("replace the file if it is there"))


def _run(context: Context, given: Namespace) -> int:
    with context.shop() as shop:
        made = shop.back_up("hand", progress=context.progress())
        if given.to is not None:
            shop.copy_backup(made, given.to, overwrite=given.overwrite)
            made = replace(made, path=given.to)
    text = _("Backed up and verified: {customers} customers, {orders} orders, {file}").format(
        customers=f"{made.held.customers:,}", orders=f"{made.held.orders:,}", file=made.path
    )
    context.answer(told(made), text)
    return 0


COMMAND = Command("backup", N_("make a verified backup"), _arguments, _run)
