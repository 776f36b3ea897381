"""`find`: who is this."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from shopcrm.act import desk
from shopcrm.base.i18n import N_, _
from shopcrm.cli.command import Command, Context, table


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help=_("nick, phone or its tail, name, initials, order number"))
    parser.add_argument("--limit", type=int, default=50, metavar="N", help=_("at most so many (50)"))


def _run(context: Context, given: Namespace) -> int:
    with context.shop() as shop, shop.read() as tx:
        hits = desk.find(tx, given.text, limit=given.limit)
    data = [{"id": hit.id, "name": hit.name, "matched": hit.matched, "value": hit.value} for hit in hits]
    rows = [(str(hit.id), hit.name, hit.matched, hit.value) for hit in hits]
    context.answer(data, table(rows, header=("id", _("name"), _("found by"), "")) if rows else _("Nobody found."))
    return 0


COMMAND = Command("find", N_("find a customer"), _arguments, _run)
