"""`restore`: the shop brought back to a backup; what stood there is kept."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from shopcrm.app import put_back, restorable
from shopcrm.base.i18n import N_, _, sentences
from shopcrm.cli.command import Command, Context
from shopcrm.store.backup import NoSuchBackup


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("backup", metavar="FILE|NUMBER", help=_("a backup file, or its number in “backups”"))


def _chosen(context: Context, named: str) -> Path:
    """The file; a number that is no file's name counts in the list of backups."""
    path = Path(named)
    if path.exists() or not named.isdecimal():
        return path
    found = restorable(context.home)
    if not 1 <= int(named) <= len(found):
        raise NoSuchBackup(named)
    return found[int(named) - 1].path


def _run(context: Context, given: Namespace) -> int:
    done = put_back(context.home, _chosen(context, given.backup), progress=context.progress())
    text = _("Restored: {customers} customers, {orders} orders.").format(
        customers=f"{done.held.customers:,}", orders=f"{done.held.orders:,}"
    )
    if done.kept is not None:
        text = sentences(text, _("The shop that stood there is kept as {file}.").format(file=done.kept.name))
    data = {"customers": done.held.customers, "orders": done.held.orders, "kept": done.kept and str(done.kept)}
    context.answer(data, text)
    return 0


COMMAND = Command("restore", N_("bring the shop back to a backup"), _arguments, _run)
