"""`panel`: the customer's card beside a chat. A key of the system may be bound to it where programs get none."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from shopcrm.base.i18n import N_
from shopcrm.cli.command import Command, Context
from shopcrm.cli.window import open_window


def _arguments(_parser: ArgumentParser) -> None:
    pass


def _run(context: Context, _given: Namespace) -> int:
    return open_window(context, context.home, None, wanted="panel")


COMMAND = Command("panel", N_("open the side panel, of the window that is open or of a new one"), _arguments, _run)
