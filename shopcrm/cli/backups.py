"""`backups`: what the shop can be brought back to, newest first."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from shopcrm.app import restorable
from shopcrm.base.i18n import N_, _
from shopcrm.cli.command import Command, Context, table
from shopcrm.store.backup import Backup


def told(backup: Backup) -> dict[str, Any]:
    """A backup in JSON."""
    return {
        "file": str(backup.path),
        "made_at": backup.at.isoformat(),
        "reason": backup.reason,
        "customers": backup.held.customers,
        "orders": backup.held.orders,
        "bytes": backup.size,
    }


def _arguments(_parser: ArgumentParser) -> None:
    pass


def _run(context: Context, _given: Namespace) -> int:
    found = restorable(context.home)
    rows = [
        (
            str(number),
            f"{each.at.astimezone():%Y-%m-%d %H:%M}",
            each.reason,
            f"{each.held.customers:,}",
            f"{each.held.orders:,}",
            each.path.name,
        )
        for number, each in enumerate(found, 1)
    ]
    header = ("", _("When"), _("Why"), _("Customers"), _("Orders"), _("File"))
    text = table(rows, header=header) if rows else _("There is no backup yet.")
    context.answer([{"number": number, **told(each)} for number, each in enumerate(found, 1)], text)
    return 0


COMMAND = Command("backups", N_("list the backups"), _arguments, _run)
