"""`today`: whom to write to."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from shopcrm.act import export, reminders
from shopcrm.act.contactable import held_back_words
from shopcrm.base.i18n import N_, _
from shopcrm.cli.command import Command, Context, table


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--xlsx", type=Path, metavar="OUT", help=_("write the list as a workbook"))
    parser.add_argument("--overwrite", action="store_true", help=_("replace the file if it is there"))


def _run(context: Context, given: Namespace) -> int:
    with context.shop() as shop:
        columns = shop.columns()
        with shop.read() as tx:
            items = reminders.due_list(tx, columns)
            held = reminders.held_back(tx, columns)
        if given.xlsx is not None:
            with shop.write() as tx:
                export.export_due(tx, columns, given.xlsx, overwrite=given.overwrite)
    data = [
        {
            "customer": item.customer,
            "name": item.name,
            "reason": item.reason,
            "due_on": item.due_on.isoformat(),
            "overdue_ratio": round(item.overdue_ratio, 4) if item.last_day else None,
        }
        for item in items
    ]
    rows = [
        (str(item.customer), item.name, _(reminders.REASONS[item.kind]), item.due_on.isoformat(),
         f"{item.overdue_ratio:.2f}" if item.last_day else "")
        for item in items
    ]  # fmt: skip
    header = ("id", _("name"), _("reason"), _("due on"), _("days ÷ cycle"))
    told = table(rows, header=header) if rows else _("Nobody is due today.")
    context.answer(data, "\n".join([told, *held_back_words(held)]))
    return 0


COMMAND = Command("today", N_("who is due by their cycle"), _arguments, _run)
