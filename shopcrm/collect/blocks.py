"""Rows read by column, a block at a time (C1): files repeat themselves, so each different text is read once.

What `fields.Cells` is for one row, `Block` is for a thousand, and faster: for the reports that are long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from zoneinfo import ZoneInfo

from shopcrm.collect import fields
from shopcrm.collect.fields import CellError, Columns, Moment
from shopcrm.collect.foreign import Code, Problem

if TYPE_CHECKING:  # the platforms, which are read by this module
    from shopcrm.collect.platforms.adapter import Rows

T = TypeVar("T")

ROWS: Final = 1_000  # of a block; the reader has more at hand when a problem is found
_REMEMBERED: Final = 4_096  # texts of a column


class Blocks:
    """A file's rows in blocks, and what its columns were found to hold so far."""

    def __init__(self, columns: Columns, *, currency: str, zone: ZoneInfo) -> None:
        self.columns = columns
        self.currency = currency
        self.zone = zone
        self._known: dict[tuple[str, object], _Known[Any]] = {}

    def of(self, rows: Rows) -> Iterator[Block]:
        """The rows that are not blank."""
        left = iter(rows)
        while taken := list(islice(left, ROWS)):
            if filled := [row for row in taken if any(row[1])]:
                yield Block(self, filled)

    def known(self, field: str, parse: Callable[[str], T | None], *, empty_too: bool = False) -> _Known[T]:
        """What a column's texts mean."""
        found = self._known.get((field, parse))
        if found is None:
            found = self._known[field, parse] = _Known(parse, empty_too=empty_too)
        elif len(found) > _REMEMBERED:
            found.clear()
            found.bad.clear()
        return found


class _Known(dict[str, "T | None"], Generic[T]):
    """Texts and what they mean, worked out when first asked; of those that mean nothing, why."""

    def __init__(self, parse: Callable[[str], T | None], *, empty_too: bool) -> None:
        self._parse = parse
        self._empty_too = empty_too  # whether it means something that a cell is empty
        self.bad: dict[str, Code] = {}

    def __missing__(self, text: str) -> T | None:
        found = None
        try:
            found = self._parse(text) if text or self._empty_too else None
        except CellError as bad:
            self.bad[text] = bad.code
        self[text] = found
        return found


class Block:
    """Some rows, read by field; what cannot be read is noted and counts as not said.

    A place is a row's position in the block.
    """

    def __init__(self, blocks: Blocks, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
        self.rows: Final = [row for row, _ in rows]
        self.problems: dict[int, list[Problem]] = {}
        self._refused: set[int] = set()
        self._blocks = blocks
        self._widths = [len(cells) for _, cells in rows]
        columns = blocks.columns
        wide = columns.width
        texts = [cells for _, cells in rows]
        if min(self._widths) < wide:
            texts = [cells if len(cells) >= wide else [*cells, *[""] * (wide - len(cells))] for cells in texts]
        transposed = list(zip(*texts, strict=False))  # those beyond the shortest row's end are nobody's
        self._cells = {field: transposed[position] for field, position in columns.where.items()}

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def columns(self) -> Columns:
        """Where the fields stand."""
        return self._blocks.columns

    def refuse_shorter_than(self, position: int) -> None:
        """Refuse the rows that do not reach a column: they were cut off."""
        for place, width in enumerate(self._widths):
            if width <= position:
                self.problems[place] = [Problem(self.rows[place], "", Code.TOO_FEW_CELLS)]
                self._refused.add(place)

    def raw(self, field: str) -> Sequence[str]:
        """The cells as the file wrote them."""
        return self._cells.get(field) or ("",) * len(self.rows)

    def read(self, field: str, parse: Callable[[str], T | None], *, rejected: bool = True) -> list[T | None]:
        """What the cells of a column mean by `parse`, which is not asked about empty ones."""
        cells = self._cells.get(field)
        if cells is None:
            return [None] * len(self.rows)
        known = self._blocks.known(field, parse)
        found = list(map(known.__getitem__, cells))
        if known.bad and not known.bad.keys().isdisjoint(cells):
            for place, text in enumerate(cells):
                if text in known.bad:
                    self.note(place, field, known.bad[text], rejected=rejected)
        return found

    def needed(self, field: str, parse: Callable[[str], T]) -> list[T | None]:
        """What the cells of a column mean that no row can do without: the others are refused."""
        cells = self.raw(field)
        known = self._blocks.known(field, parse, empty_too=True)
        found = list(map(known.__getitem__, cells))
        if self._refused or known.bad:
            for place, text in enumerate(cells):
                if place in self._refused:
                    found[place] = None
                elif text in known.bad:
                    self.note(place, field, known.bad[text])
                    self._refused.add(place)
        return found

    def texts(self, field: str) -> list[str | None]:
        """The cells' texts."""
        return self.read(field, _text)

    def numbers(self, field: str, *, rejected: bool = True) -> list[str | None]:
        """Identifiers, refused where Excel has shortened them."""
        return self.read(field, fields.number, rejected=rejected)

    def amounts(self, field: str) -> list[int | None]:
        """Amounts in minor units."""
        return self.read(field, _minor_in(self._blocks.currency))

    def quantities(self, field: str, *, rejected: bool = True) -> list[int | None]:
        """Numbers of pieces."""
        return self.read(field, fields.quantity, rejected=rejected)

    def moments(self, field: str, *, rejected: bool = True) -> list[Moment | None]:
        """Dates, with their times where the file has them. Hardly one stands twice, so none is remembered."""
        zone = self._blocks.zone
        cells = self.raw(field)
        found = fields.usual_moments(cells, zone=zone)
        for place in [at for at, moment in enumerate(found) if moment is None and cells[at]]:
            try:
                found[place] = fields.moment(cells[place], zone=zone)
            except CellError as bad:
                self.note(place, field, bad.code, rejected=rejected)
        return found

    def note(self, place: int, field: str, code: Code, *, rejected: bool = True) -> None:
        """Remember what is wrong with a cell; of a row that was refused no more is told."""
        if place not in self._refused:
            cell = self.raw(field)[place]
            name = self._blocks.columns.name(field)
            problem = Problem(self.rows[place], name, code, fields.unescape(cell), rejected=rejected)
            self.problems.setdefault(place, []).append(problem)

    def rejected(self, place: int) -> bool:
        """Whether a problem keeps a row out."""
        return place in self.problems and any(problem.rejected for problem in self.problems[place])


def _text(cell: str) -> str | None:
    return fields.value(cell) or None


@cache
def _minor_in(currency: str) -> Callable[[str], int | None]:
    """One function a currency: `Blocks` remembers by it."""
    return partial(fields.minor, currency=currency)
