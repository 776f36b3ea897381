"""What an adapter is: it knows the headers and words of one kind of file, and nothing of the shop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from shopcrm.base import clock
from shopcrm.collect.fixes import Ways
from shopcrm.collect.foreign import ForeignOrder, ForeignPerson, Orders, Problem

REFUND: Final = "refund"  # a report that changes orders and makes none
REVIEW: Final = "review"  # one that tells what buyers wrote of them
OF_KNOWN: Final = (REFUND, REVIEW)
"""Reports of orders that other files tell: what is of one that nobody knows is given back."""

Header: TypeAlias = Sequence[str]
Found: TypeAlias = ForeignOrder | Orders | ForeignPerson | Problem
Rows: TypeAlias = Iterable[tuple[int, Sequence[str]]]  # (row of the file with its headers from 1, cells)


@dataclass(frozen=True)
class ReadSettings:
    """What the shop says about every file it reads."""

    currency: str
    timezone: str  # times without a zone are in this one
    region: str = "CN"  # phones without a country code are of this country
    store: str | None = None  # stands over what the file says
    ways: Ways = field(default_factory=dict)  # to read cells of this file that cannot be read

    @property
    def zone(self) -> ZoneInfo:
        """The time zone itself."""
        return clock.zone(self.timezone)


class Adapter(Protocol):
    """One kind of file of one platform."""

    @property
    def key(self) -> str:
        """The platform, as stored: `taobao`."""

    @property
    def report(self) -> str:
        """What its rows are.

        `order` (decides amounts and buyer), `item` (lines of orders), `complete` (both), `table` (mapped orders),
        `refund` (what was given back of orders that others tell; it makes none) or `people` (customers without orders).
        """

    @property
    def label(self) -> str:
        """What people call this file; marked for translation."""

    @property
    def number_columns(self) -> tuple[str, ...]:
        """Names of columns that hold identifiers, folded by `fields.fold_header`: to be read digit by digit."""

    def matches(self, header: Header) -> int:
        """How many names of a header it knows, 0 when the file is not its own."""

    def lacks(self, header: Header) -> tuple[str, ...]:
        """The columns that are missing of a header that would be its own with them."""

    def read(self, header: Header, rows: Rows, settings: ReadSettings) -> Iterator[Found]:
        """The orders or people of a file and what is wrong with its cells, as they come."""

    def snapshot_at(self, file_name: str, settings: ReadSettings) -> int | None:
        """When the file was exported, in UTC seconds, if its name says so."""
