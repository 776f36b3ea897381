"""`fields`: the columns an export can have."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from shopcrm.act.fields import FIELDS
from shopcrm.base.i18n import N_, _
from shopcrm.cli.command import Command, Context, table


def _arguments(_parser: ArgumentParser) -> None:
    pass


def _run(context: Context, _given: Namespace) -> int:
    data = [
        {"key": field.key, "label": _(field.label), "kind": str(field.kind), "sensitive": field.sensitive}
        for field in FIELDS
    ]
    context.answer(data, table([(field.key, _(field.label)) for field in FIELDS], header=("key", _("column"))))
    return 0


COMMAND = Command("fields", N_("the columns an export can have"), _arguments, _run)
