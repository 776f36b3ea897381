"""One kind of list of people, declared: whose it is by its columns, and what they mean (C1).

The models are `outlook` and `youzan_customers`; what lists share stands in `collect.people_table`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shopcrm.collect.fields import fold_header
from shopcrm.collect.foreign import ForeignPerson, Problem
from shopcrm.collect.people_table import PeopleTable
from shopcrm.collect.platforms.adapter import Header, ReadSettings, Rows

_IDENTIFIERS: Final = ("buyer_id", "phone")
TELLING: Final = ("name", "first_name", "last_name", "nickname", "phone", "email", "wechat", "buyer_id")


@dataclass(frozen=True)
class PeopleLayout:
    """A kind of list. Headers stand as its program writes them; they are compared by `fold_header`."""

    key: str
    label: str  # marked for translation
    table: PeopleTable
    own: Sequence[str]  # a file of ours has at least `own_at_least` of these
    foreign: Sequence[str] = ()  # and none of these
    own_at_least: int = 1
    report: str = "people"

    @property
    def number_columns(self) -> tuple[str, ...]:
        """Columns to be read digit by digit."""
        names = (name for field in _IDENTIFIERS for name in self.table.names.get(field, ()))
        return tuple(fold_header(name) for name in names if "#" not in name)

    def matches(self, header: Header) -> int:
        """How many names of a header it knows, its own twice; 0 when the file is not its own."""
        own = self._own(header)
        columns = self.table.columns(header)
        if own < self.own_at_least or not any(field in columns for field in TELLING):
            return 0
        return len(columns) + own

    def lacks(self, header: Header) -> tuple[str, ...]:
        """The columns that are missing of a header that would be ours with them: any that tells who somebody is."""
        columns = self.table.columns(header)
        if self._own(header) < self.own_at_least or any(field in columns for field in TELLING):
            return ()
        return (next(names[0] for field in TELLING if (names := self.table.names.get(field))),)

    def snapshot_at(self, file_name: str, settings: ReadSettings) -> int | None:  # noqa: ARG002  # the shape of Adapter
        """Lists of people do not say."""
        return None

    def read(self, header: Header, rows: Rows, settings: ReadSettings) -> Iterator[ForeignPerson | Problem]:
        """The people of a file and what is wrong with its cells."""
        yield from self.table.read(self.table.columns(header), rows, settings)

    def _own(self, header: Header) -> int:
        known = set(map(fold_header, header))
        if not known.isdisjoint(map(fold_header, self.foreign)):
            return 0
        return len(known.intersection(map(fold_header, self.own)))
