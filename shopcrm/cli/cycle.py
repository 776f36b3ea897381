"""`cycle`: how long until they buy again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from shopcrm.base.i18n import N_, _
from shopcrm.cli.command import Command, Context
from shopcrm.mine import cycles


def _arguments(_parser: ArgumentParser) -> None:
    pass


def _run(context: Context, _given: Namespace) -> int:
    with context.shop() as shop, shop.read() as tx:
        found = cycles.of_shop(tx, shop.columns())
    if found.by_choice:
        text = _("The cycle set by hand is {days} days.").format(days=found.p80)
    elif found.source == "owner":
        text = _("{gaps} repeat purchases are not enough history; the cycle set by hand is {days} days.").format(
            gaps=found.gaps, days=found.p80
        )
    else:
        text = _("Of those who come back, half do within {p50} days, four in five within {p80}.").format(
            p50=found.p50, p80=found.p80
        )
    data = asdict(found)
    del data["by_choice"]
    context.answer(data, text)
    return 0


COMMAND = Command("cycle", N_("the shop's repurchase cycle"), _arguments, _run)
