"""`check`: is the shop in order."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from shopcrm.base.i18n import N_, _
from shopcrm.cli.command import Command, Context
from shopcrm.collect.check import WORDS, Fault


def _arguments(_parser: ArgumentParser) -> None:
    pass


def _run(context: Context, _given: Namespace) -> int:
    with context.shop() as shop:
        faults = shop.check(progress=context.progress())
    data = [
        {
            "kind": fault.kind,
            "table": fault.table,
            "count": fault.count,
            "examples": list(fault.examples),
            "text": _words(fault),
        }
        for fault in faults
    ]
    context.answer({"problems": data}, "\n".join(map(_words, faults)) or _("The shop is in order."))
    return 1 if faults else 0


def _words(fault: Fault) -> str:
    return _(WORDS[fault.kind]).format(count=fault.count, table=fault.table, examples=", ".join(fault.examples))


COMMAND = Command("check", N_("look whether the shop is in order"), _arguments, _run)
