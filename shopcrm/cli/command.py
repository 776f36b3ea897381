"""What every command is made of, and what it is given: where the shop is, the date, the language, how to answer."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shopcrm.app import NewShop, Shop
from shopcrm.base import guesses, i18n, machine, money
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.paths import Home
from shopcrm.base.progress import Progress, Step


@dataclass(eq=False)
class SetAlready(UserFailure):
    """Currency or zone given for a shop that counts in another."""

    text: ClassVar[str] = N_("This shop counts in {kept}, not in {wanted}. Change that in its settings.")
    kept: str
    wanted: str


@dataclass(frozen=True)
class Command:
    """One command of the line."""

    name: str
    help: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Context, Namespace], int]


@dataclass(frozen=True)
class Context:
    """What was said before the command."""

    home: Home
    home_given: bool
    language: str
    language_given: bool
    as_of: date | None
    currency: str | None
    timezone: str | None
    json: bool

    @contextmanager
    def shop(self, *, create: bool = False) -> Iterator[Shop]:
        """The shop of the home; made when there is none and `create` is set."""
        new = self.new_shop() if create else None
        shop = Shop.open(self.home, as_of=self.as_of, create=new, progress=self.progress())
        try:
            self._agree(shop)
            yield shop
        finally:
            shop.close()

    def new_shop(self) -> NewShop:
        """What a new shop is made with: as told, else guessed from language and machine."""
        return NewShop(
            currency=self.currency or guesses.currency(self.language),
            timezone=self.timezone or guesses.timezone(self.language),
        )

    def _agree(self, shop: Shop) -> None:
        for kept, wanted in ((shop.info.currency, self.currency), (shop.info.timezone, self.timezone)):
            if wanted is not None and wanted != kept:
                raise SetAlready(kept, wanted)

    def answer(self, data: object, text: str) -> None:
        """Print the answer: as JSON when asked to, else as text."""
        print(json.dumps(data, ensure_ascii=False) if self.json else text)

    def progress(self) -> Progress:
        """A line that tells how it goes, on a terminal; silent elsewhere."""
        if self.json or not machine.on_terminal():
            return Progress()

        def show(step: Step) -> None:
            total = f"/{step.total:,}" if step.total else ""
            print(f"\r{step.stage} {step.done:,}{total}".ljust(60), end="", file=sys.stderr, flush=True)
            if step.total and step.done >= step.total:
                print("\r" + " " * 60 + "\r", end="", file=sys.stderr, flush=True)

        return Progress(show)


def days_or_all(text: str) -> int:
    """An argument that is a number of days, or `all`, which is 0."""
    if text == "all":
        return 0
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise ArgumentTypeError(_("“{text}” is neither a number of days nor all").format(text=text))


def amount(minor: int | None, currency: str) -> str | None:
    """Money in JSON: a decimal string."""
    return None if minor is None else money.decimal_text(minor, currency=currency)


def shown_money(minor: int | None, currency: str) -> str:
    """Money in text."""
    return "" if minor is None else money.format_money(minor, currency=currency, language=i18n.language())


def table(rows: Sequence[tuple[str, ...]], *, header: tuple[str, ...]) -> str:
    """Rows under their headers, columns aligned; Chinese characters count as two."""
    widths = [max(_width(row[at]) for row in (header, *rows)) for at in range(len(header))]
    lines = [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (header, *rows)
    ]
    return "\n".join(lines)


def _width(text: str) -> int:
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
