"""`window`, or no command: opens the window."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from typing import ClassVar

from shopcrm.base import clock, money
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


def open_window(context: Context, home: Home, new: NewShop | None, *, wanted: str = "window") -> int:
    """Open the window on a home, or ask the one that is open for what is `wanted` (`window`, `panel`).

    Where there is no shop one is made with `new`; without it the user decides.
    """
    try:
        from shopcrm.ui.application import run
        from shopcrm.ui.beginning import Beginning
    except ImportError as error:
        raise NoWindow(str(error)) from error
    told = {"currency": context.currency, "timezone": context.timezone}
    # Guessing takes a while, and only a new shop needs it.
    beginning = None if home.database.exists() else Beginning.guessed(context.language, **told)
    language = context.language if context.language_given else None
    return run(home, language=language, as_of=context.as_of, create=new, beginning=beginning, wanted=wanted)


def _arguments(_parser: ArgumentParser) -> None:
    pass


def _run(context: Context, _given: Namespace) -> int:
    # Before the window stands: a code that nobody knows is said where it was typed.
    if context.currency is not None:
        money.minor_digits(context.currency)
    if context.timezone is not None:
        clock.zone(context.timezone)
    return open_window(context, context.home, None)


COMMAND = Command("window", N_("open the window (also without any command)"), _arguments, _run)
