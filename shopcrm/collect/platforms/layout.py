"""One kind of file of a marketplace, declared: whose it is by its columns, and what they mean (C1).

A platform's module declares `Layout`s; everything that its files share with others stands in `collect.order_table`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Final

from shopcrm.base import clock
from shopcrm.collect.fields import Columns, fold_header
from shopcrm.collect.foreign import ForeignOrder, Problem
from shopcrm.collect.order_table import OrderTable
from shopcrm.collect.platforms.adapter import Header, ReadSettings, Rows

# Fields whose cells are read digit by digit.
_IDENTIFIERS: Final = (
    "number", "line_number", "buyer_id", "buyer_phone", "phone", "phone_else", "article",
    "tracking_number",
)  # fmt: skip
Exported = Callable[[str, ReadSettings], int | None]


@dataclass(frozen=True)
class Layout:
    """A kind of file. Headers stand as the platform writes them; they are compared by `fold_header`."""

    key: str
    report: str  # order, item, complete or refund, as `Adapter` says
    label: str  # marked for translation
    table: OrderTable
    own: Sequence[str]  # a file of ours has at least one of these beside its number; the other names are everybody's
    foreign: Sequence[str] = ()  # and none of these
    needs: Sequence[str] = ("number",)  # the fields without which nothing can be said
    identifiers: Sequence[str] = ()  # further columns of long numbers
    ends: re.Pattern[str] | None = None  # found in a row below the last order
    exported: Exported | None = None  # when a file was exported, by its name

    @property
    def number_columns(self) -> tuple[str, ...]:
        """Columns to be read digit by digit."""
        names = (name for field in _IDENTIFIERS for name in self.table.names.get(field, ()))
        return tuple(map(fold_header, (*names, *self.identifiers)))

    def matches(self, header: Header) -> int:
        """How many names of a header it knows, its own twice; 0 when the file is not its own."""
        own = self._own(header)
        return 0 if not own or self.lacks(header) else len(Columns(header, self.table.names)) + own

    def lacks(self, header: Header) -> tuple[str, ...]:
        """The columns that are missing of a header that would be ours with them."""
        if not self._own(header):
            return ()
        columns = Columns(header, self.table.names)
        return tuple(self.table.names[field][0] for field in self.needs if field not in columns)

    def snapshot_at(self, file_name: str, settings: ReadSettings) -> int | None:
        """When the file was exported, if its name says so."""
        return self.exported(file_name, settings) if self.exported is not None else None

    def read(self, header: Header, rows: Rows, settings: ReadSettings) -> Iterator[ForeignOrder | Problem]:
        """The orders of a file and what is wrong with its cells."""
        if self.ends is not None:
            ends = self.ends
            rows = takewhile(lambda row: ends.search(" ".join(row[1])) is None, rows)
        yield from self.table.read(Columns(header, self.table.names), rows, settings)

    def _own(self, header: Header) -> int:
        known = set(map(fold_header, header))
        if not known.isdisjoint(map(fold_header, self.foreign)):
            return 0
        return len(known.intersection(map(fold_header, self.own)))


def day_in_number(pattern: str) -> Callable[[str], date | None]:
    """What finds the day in a platform's order numbers. `pattern` has groups for year, month and day."""
    compiled = re.compile(pattern)

    def day(number: str) -> date | None:
        found = compiled.fullmatch(number)
        if found is None:
            return None
        year, month, day = (int(part) for part in found.groups())
        try:
            return date(year if year > _CENTURY else 2_000 + year, month, day)
        except ValueError:
            return None

    return day


_CENTURY: Final = 99
_UNIX: Final = re.compile(r"(?<![0-9])(1[4-9][0-9]{8}|2[0-9]{9})(?:[0-9]{3})?(?![0-9])")


def by_unix_seconds(file_name: str, settings: ReadSettings) -> int | None:  # noqa: ARG001  # the shape of Exported
    """`1791430000_new.csv`: seconds, or milliseconds, since 1970."""
    found = _UNIX.search(file_name)
    return int(found[1]) if found else None


_DAY_TIME: Final = re.compile(
    r"(20[0-9]{2})[-_.]?([01][0-9])[-_.]?([0-3][0-9])[-_ T]?([0-2][0-9])[-_.:]?([0-5][0-9])(?:[-_.:]?([0-5][0-9]))?"
)


def by_day_and_time(file_name: str, settings: ReadSettings) -> int | None:
    """`orders-2026-11-26-14-05.xlsx`, `20261126140500.csv`, in the shop's zone. A day alone says too little."""
    found = _DAY_TIME.search(file_name)
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return clock.seconds(datetime(year, month, day, hour, minute, second, tzinfo=settings.zone))
    except ValueError:
        return None
