"""`gallery`: pictures of every page, on the demo shop."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from shopcrm.base.i18n import N_, _, n_
from shopcrm.cli.command import Command, Context
from shopcrm.cli.demo import demo_shop
from shopcrm.cli.window import NoWindow


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--all", action="store_true", help=_("also zh_TW, an empty shop, double text size, 1280×720"))


def _run(context: Context, given: Namespace) -> int:
    try:
        from shopcrm.ui.gallery import render
    except ImportError as error:
        raise NoWindow(str(error)) from error
    home, _counts = demo_shop(context)
    given.folder.mkdir(parents=True, exist_ok=True)
    made = render(home, given.folder, as_of=context.as_of, everything=given.all)
    context.answer(
        {"pictures": [str(path) for path in made]},
        n_("{n} picture in {folder}", "{n} pictures in {folder}", len(made)).format(n=len(made), folder=given.folder),
    )
    return 0


COMMAND = Command("gallery", N_("save pictures of the pages"), _arguments, _run)
