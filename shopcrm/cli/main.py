"""The command line (K5): one parser, one answer, three exit codes — 0 done, 1 could not be done, 2 wrong usage."""

from __future__ import annotations

import os
import sys
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from shopcrm import __version__
from shopcrm.base import clock, crash, i18n, machine
from shopcrm.base.errors import Failure
from shopcrm.base.i18n import _
from shopcrm.base.paths import Home, chosen_home, default_home
from shopcrm.cli import (
    backup,
    backups,
    card,
    check,
    cycle,
    demo,
    duplicates,
    export,
    fields,
    find,
    gallery,
    import_files,
    panel,
    parcels,
    products,
    repurchase,
    restore,
    reviews,
    rfm,
    today,
    undo,
    window,
)
from shopcrm.cli.command import Command, Context

COMMANDS: Final[tuple[Command, ...]] = (
    window.COMMAND, panel.COMMAND, demo.COMMAND, import_files.COMMAND, undo.COMMAND, find.COMMAND, card.COMMAND,
    rfm.COMMAND, cycle.COMMAND, repurchase.COMMAND, today.COMMAND, export.COMMAND, fields.COMMAND, check.COMMAND,
    backup.COMMAND, backups.COMMAND, restore.COMMAND, gallery.COMMAND, products.COMMAND, parcels.COMMAND,
    reviews.COMMAND, duplicates.FIND, duplicates.MERGE, duplicates.UNMERGE,
)  # fmt: skip


def run(arguments: Sequence[str]) -> int:
    """Run one command line; its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    i18n.set_language(i18n.system_language())
    parser = _parser()
    given = parser.parse_args(list(arguments))
    language = given.lang or i18n.system_language()
    i18n.set_language(language)
    home = Home(given.home.expanduser().resolve()) if given.home else chosen_home()
    context = Context(
        home=home or default_home(),
        home_given=home is not None,
        language=language,
        language_given=given.lang is not None,
        as_of=given.as_of,
        currency=given.currency,
        timezone=given.timezone,
        json=given.json,
    )
    command: Command = given.command or window.COMMAND
    try:
        code = command.run(context, given)
        if sys.stdout is not None:  # a program with a window has none
            sys.stdout.flush()  # here, where it is caught that nobody reads it
        return code
    except Failure as failure:
        machine.say(failure.message)
        return 1
    except KeyboardInterrupt:
        machine.say(_("Cancelled. Nothing was changed."))
        return 1
    except BrokenPipeError:  # who reads the answer has seen enough of it: `shopcrm today | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left in the buffer goes nowhere
        return 1
    except Exception as error:  # noqa: BLE001  # a bug: say so in a sentence, keep where it happened
        kept = crash.keep(context.home.logs, error, at=clock.now())
        machine.say(
            _(
                "Something went wrong inside ShopCRM; nothing was changed. A report without personal data: {path}"
            ).format(path=kept or "–")
        )
        return 1


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="shopcrm", description=_("ShopCRM: the customer desk of a small online shop."))
    parser.add_argument("--version", action="version", version=f"ShopCRM {__version__}")
    parser.add_argument("--home", type=Path, help=_("the folder of the shop"))
    parser.add_argument("--lang", choices=i18n.LANGUAGES, help=_("the language of window, files and answers"))
    parser.add_argument("--as-of", type=_date, metavar="YYYY-MM-DD", help=_("count as of this day instead of today"))
    parser.add_argument("--currency", type=str.upper, help=_("the currency of a new shop"))
    parser.add_argument("--timezone", help=_("the time zone of a new shop"))
    parser.set_defaults(command=None)
    _add_json(parser, default=False)
    found = parser.add_subparsers(metavar=_("COMMAND"))
    for command in COMMANDS:
        sub = found.add_parser(command.name, help=_(command.help), description=_(command.help))
        command.arguments(sub)
        _add_json(sub, default=None)
        sub.set_defaults(command=command)
    return parser


def _add_json(parser: ArgumentParser, *, default: bool | None) -> None:
    # On either side of the command; the command's own parser must not reset what stood before it.
    parser.add_argument(
        "--json", action="store_true", default=SUPPRESS if default is None else default, help=_("answer in JSON")
    )


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(_("“{text}” is not a date like 2026-11-22").format(text=text)) from None
