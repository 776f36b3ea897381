"""`window`, or no command: opens the window."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from typing import ClassVar

from shopcrm.base.errors import EnvironmentFailure
from shopcrm.base.i18n import N_
from shopcrm.base.paths import Home
from shopcrm.cli.command import Command, Context
from shopcrm.store.shop_file import NewShop


@dataclass(eq=False)
class NoWindow(EnvironmentFailure):
    """PySide6, or a library of the system that it needs, is missing."""

    text: ClassVar[str] = N_("The window cannot be opened ({reason}). Run “make run” once to install what is missing.")
    reason: str


def open_window(context: Context, home: Home, new: NewShop) -> int:
    """Open the window on a home; a shop is made with `new` when there is none."""
    try:
        from shopcrm.ui.application import run
    except ImportError as error:
        raise NoWindow(str(error)) from error
    return run(home, language=context.language if context.language_given else None, as_of=context.as_of, create=new)


def _arguments(_parser: ArgumentParser) -> None:
    pass


def _run(context: Context, _given: Namespace) -> int:
    return open_window(context, context.home, context.new_shop())


COMMAND = Command("window", N_("open the window (also without any command)"), _arguments, _run)
