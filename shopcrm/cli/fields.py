"""`fields`: the columns an export can have."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from shopcrm.act import fields
from shopcrm.base.i18n import N_, _
from shopcrm.cli.command import Command, Context, table


def _arguments(_parser: ArgumentParser) -> None:
    pass


def _run(context: Context, _given: Namespace) -> int:
    found: tuple[fields.Field, ...] = fields.FIELDS
    if context.home.database.exists():  # what a shop has beside them
        with context.shop() as shop, shop.read() as tx:
            found = fields.of_shop(tx)
    data = [{"key": one.key, "label": one.heading, "kind": str(one.kind), "sensitive": one.sensitive} for one in found]
    context.answer(data, table([(one.key, one.heading) for one in found], header=("key", _("column"))))
    return 0


COMMAND = Command("fields", N_("the columns an export can have"), _arguments, _run)
