"""Rows read by column, a block at a time (C1): the way to write an adapter that is fast.

Files repeat themselves, so each different text of a column is read once; and where hardly a text stands twice, nearly
all are written in the usual way, which is asked of the whole column at once. An adapter of a report with one row an
order is this:

```python
for block in Blocks(columns, currency=CURRENCY, zone=settings.zone).of(rows):
    numbers = block.needed("number", order_number)  # the adapter's own; it refuses rows without one
    buyers = block.numbers("buyer_id", rejected=False)
    yield from block.taken(
        Orders(
            number=numbers, row=block.rows, currency=CURRENCY, title=block.texts("title"), paid=block.amounts("paid"),
            **block.times(created="created", paid="paid_at")._asdict(),
            identities=[named("buyer_id", KEY, buyers)],
        )
    )
```

Every reader gives a list with an entry for each row, None where the cell says nothing; what cannot be read is noted and
counts as not said. What depends on several columns is made by a loop over `zip` of them. Where an order has several
rows, `lines.OrderLines` gathers them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from zoneinfo import ZoneInfo

from shopcrm.base import phone, region
from shopcrm.base.text import fold_all, is_masked, may_be_masked
from shopcrm.collect import fields, fixes, moment_columns
from shopcrm.collect.fields import CellError, Columns, Moment
from shopcrm.collect.fixes import Mended, Ways
from shopcrm.collect.foreign import STATE_RANK, Code, Identities, Orders, Problem, Way
from shopcrm.collect.moment_columns import MomentColumn, MomentReader, TimeColumns

if TYPE_CHECKING:  # the platforms, which are read by this module
    from shopcrm.collect.platforms.adapter import Rows

T = TypeVar("T")
Usual = Callable[[list[str]], "list[T | None]"]
"""Reads the cells of a column that are written in the usual way, all at once; None for any other cell."""

ROWS: Final = 1_000  # of a block; the reader has more at hand when a problem is found
_REMEMBERED: Final = 4_096  # texts of a column
_NOWHERE: Final = region.Region()
_NO_WAYS: Final[Ways] = {}


class Blocks:
    """A file's rows in blocks, and what its columns were found to hold so far."""

    def __init__(
        self,
        columns: Columns,
        *,
        currency: str,
        zone: ZoneInfo,
        formats: tuple[str, ...] = (),
        ways: Ways = _NO_WAYS,
    ) -> None:
        self.columns = columns
        self._ways = ways
        self.currency = currency
        self.zone = zone
        self.moments = MomentReader(zone, usual=not formats)
        self.formats = formats  # of dates, as `fields.moment` takes them
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
            mend = partial(self.mend, field, parse) if self._ways else None
            found = self._known[field, parse] = _Known(parse, empty_too=empty_too, mend=mend)
        elif len(found) > _REMEMBERED:
            found.clear()
            found.bad.clear()
            found.mended.clear()
        return found

    def mend(self, field: str, parse: Callable[[str], T | None], text: str, code: Code) -> Mended[T] | None:
        """What a cell that cannot be read says by the ways that were chosen for its column."""
        ways = self._ways.get((self.columns.name(field), code), ())
        return fixes.read(text, code, ways, parse) if ways else None


class _Known(dict[str, "T | None"], Generic[T]):
    """Texts and what they mean, worked out when first asked; of those that mean nothing, why."""

    def __init__(
        self,
        parse: Callable[[str], T | None],
        *,
        empty_too: bool,
        mend: Callable[[str, Code], Mended[T] | None] | None = None,
    ) -> None:
        self._parse = parse
        self._empty_too = empty_too  # whether it means something that a cell is empty
        self._mend = mend
        self.bad: dict[str, Code] = {}
        self.mended: dict[str, Mended[T]] = {}

    def __missing__(self, text: str) -> T | None:
        found = None
        try:
            found = self._parse(text) if text or self._empty_too else None
        except CellError as bad:
            mended = self._mend(text, bad.code) if self._mend is not None else None
            if mended is None:
                self.bad[text] = bad.code
            else:
                self.mended[text] = mended
                found = mended.found
        self[text] = found
        return found

    def all(self, cells: Sequence[str], usual: Usual[T] | None) -> list[T | None]:
        """What the cells mean. Where few stand twice, those written in the usual way are not remembered."""
        if usual is None or len(set(cells)) * 2 < len(cells):
            return list(map(self.__getitem__, cells))
        found = usual(list(cells))
        if None in found:
            found = [self[cell] if one is None else one for one, cell in zip(found, cells, strict=True)]
        return found


class Block:
    """Some rows, read by field; what cannot be read is noted and counts as not said.

    A place is a row's position in the block.
    """

    def __init__(self, blocks: Blocks, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
        self.rows: Final = [row for row, _ in rows]
        self.problems: dict[int, list[Problem]] = {}
        self._refused: set[int] = set()
        self._left_out: set[int] = set()
        self._blocks = blocks
        self._widths = [len(cells) for _, cells in rows]
        columns = blocks.columns
        wide = columns.width
        texts = [cells for _, cells in rows]
        if min(self._widths) < wide:
            texts = [cells if len(cells) >= wide else [*cells, *[""] * (wide - len(cells))] for cells in texts]
        transposed = list(zip(*texts, strict=False))  # those beyond the shortest row's end are nobody's
        self._cells: dict[str, Sequence[str]] = {
            field: transposed[position] for field, position in columns.where.items()
        }
        for field, further in columns.further.items():
            for position in further:
                self._cells[field] = [
                    cell if fields.value(cell) else other
                    for cell, other in zip(self._cells[field], transposed[position], strict=True)
                ]

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

    def read(
        self, field: str, parse: Callable[[str], T | None], *, rejected: bool = True, usual: Usual[T] | None = None
    ) -> list[T | None]:
        """What the cells of a column mean by `parse`, which is not asked about empty ones."""
        cells = self._cells.get(field)
        if cells is None:
            return [None] * len(self.rows)
        known = self._blocks.known(field, parse)
        found = known.all(cells, usual)
        if known.bad and not known.bad.keys().isdisjoint(cells):
            for place, text in enumerate(cells):
                if text in known.bad:
                    self.note(place, field, known.bad[text], rejected=rejected)
        if known.mended and not known.mended.keys().isdisjoint(cells):
            for place, text in enumerate(cells):
                if text in known.mended:
                    self._note_mended(place, field, known.mended[text])
        return found

    def needed(self, field: str, parse: Callable[[str], T], *, usual: Usual[T] | None = None) -> list[T | None]:
        """What the cells of a column mean that no row can do without: the others are refused."""
        cells = self.raw(field)
        known = self._blocks.known(field, parse, empty_too=True)
        found = known.all(cells, usual)
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
        return self.read(field, _text, usual=fields.usual_texts)

    def numbers(self, field: str, *, rejected: bool = True) -> list[str | None]:
        """Identifiers, refused where Excel has shortened them."""
        return self.read(field, fields.number, rejected=rejected, usual=fields.usual_numbers)

    def amounts(self, field: str) -> list[int | None]:
        """Amounts in minor units."""
        currency = self._blocks.currency
        return self.read(field, _minor_in(currency), usual=fields.usual_minors(currency))

    def quantities(self, field: str, *, rejected: bool = True) -> list[int | None]:
        """Numbers of pieces."""
        return self.read(field, fields.quantity, rejected=rejected)

    def phones(self, field: str, *, country: str) -> list[str | None]:
        """Phone numbers that identify somebody. `country`: of those without a code."""
        return self.read(field, _phone_in(country), usual=phone.usual if country == "CN" else None)

    def regions(self, addresses: Sequence[str | None]) -> tuple[list[str | None], list[str | None]]:
        """The provinces and cities of addresses."""
        known = self._blocks.known("", region.parse)
        found = [known[text or ""] or _NOWHERE for text in addresses]
        return [where.province for where in found], [where.city for where in found]

    def moments(self, field: str, *, rejected: bool = True) -> list[Moment | None]:
        """Dates, with their times where the file has them."""
        column = self._moments(field, rejected=rejected)
        if column is None:
            return [None] * len(self.rows)
        return [
            None if second is None or day is None else Moment(second, day, place in column.plain)
            for place, (second, day) in enumerate(zip(column.seconds, column.days, strict=True))
        ]

    def times(
        self, *, created: str, paid: str, shipped: str | None = None, signed: str | None = None,
        finished: str | None = None,
    ) -> TimeColumns:  # fmt: skip
        """The times in these fields as they are stored. A row with neither of the first two is noted as undated."""
        made, payment = self._moments(created), self._moments(paid)
        if made or payment:
            days = zip(*[column.days for column in (made, payment) if column], strict=True)
            for place in [at for at, told in enumerate(days) if told.count(None) == len(told)]:
                if place not in self.problems:
                    self.note(place, created, Code.NO_DATE, rejected=False)
        later = [self._moments(field, rejected=False) if field else None for field in (shipped, signed, finished)]
        return moment_columns.stored(made, [payment, *later])

    def _moments(self, field: str, *, rejected: bool = True) -> MomentColumn | None:
        cells = self._cells.get(field)
        if cells is None:
            return None

        def odd(place: int) -> Moment | None:
            try:
                return self._moment(cells[place])
            except CellError as bad:
                if (mended := self._blocks.mend(field, self._moment, cells[place], bad.code)) is not None:
                    self._note_mended(place, field, mended)
                    return mended.found
                self.note(place, field, bad.code, rejected=rejected)
                return None

        return self._blocks.moments.read(cells, odd)

    def _moment(self, cell: str) -> Moment | None:
        return fields.moment(cell, zone=self._blocks.zone, formats=self._blocks.formats)

    def note(
        self, place: int, field: str, code: Code, *, rejected: bool = True, way: Way | None = None, became: str = ""
    ) -> None:
        """Remember what is wrong with a cell; of a row that was refused no more is told."""
        if place not in self._refused:
            cell = fields.unescape(self.raw(field)[place])
            name = self._blocks.columns.name(field)
            problem = Problem(self.rows[place], name, code, cell, rejected=rejected, way=way, became=became)
            self.problems.setdefault(place, []).append(problem)

    def _note_mended(self, place: int, field: str, mended: Mended[Any]) -> None:
        self.note(place, field, mended.code, rejected=False, way=mended.way, became=mended.became)

    def rejected(self, place: int) -> bool:
        """Whether a problem keeps a row out."""
        return place in self.problems and any(problem.rejected for problem in self.problems[place])

    def leave_out(self, place: int) -> None:
        """Do not take a row, whether or not there is anything wrong with it."""
        self._left_out.add(place)

    def taken(self, orders: Orders) -> Iterator[Orders | Problem]:
        """Of an order for each row those that can be taken; then what is wrong with the cells."""
        out = self._left_out | self._refused | {place for place in self.problems if self.rejected(place)}
        yield orders.only([place not in out for place in range(len(self))]) if out else orders
        for place in sorted(self.problems):
            yield from self.problems[place]


class Furthest:
    """Of an order that has several rows in one report takes the first, and a later one whose state is further on.

    Each file says again what stood in the one before, and somebody has put two of them together.
    """

    def __init__(self) -> None:
        self._ranks: dict[str | None, dict[str, int]] = {}  # by store and number

    def choose(self, block: Block, orders: Orders) -> None:
        """Leave out the other rows, and note them. To be asked when everything else was read."""
        numbers, store, states = orders.number, orders.store, orders.state or [None] * len(block)
        stores = [store] * len(block) if store is None or isinstance(store, str) else store
        ranks = [-1 if state is None else STATE_RANK[state] for state in states]
        if not block.problems and len(set(stores)) == 1:  # and nearly always no number was there before
            known = self._ranks.setdefault(stores[0], {})
            if known.keys().isdisjoint(numbers) and len(set(numbers)) == len(numbers):
                known.update((number, rank) for number, rank in zip(numbers, ranks, strict=True) if number is not None)
                return
        for place, (number, of, rank) in enumerate(zip(numbers, stores, ranks, strict=True)):
            if number is None or block.rejected(place):
                continue
            known = self._ranks.setdefault(of, {})
            if number in known:
                block.note(place, "number", Code.DUPLICATE, rejected=False)
            if rank > known.get(number, -2):
                known[number] = rank
            else:
                block.leave_out(place)


def named(
    kind: str, platform: str, written: Sequence[str | None], *, deciding: Sequence[bool] | bool = True
) -> Identities:
    """Identities as they are written in a column: compared in folded form, masked ones are nobody's."""
    texts = [text or "" for text in written]
    values: list[str | None] = [text or None for text in fold_all(texts)]
    if may_be_masked(texts):
        values = [None if is_masked(text) else value for text, value in zip(texts, values, strict=True)]
    return Identities(
        kind, platform, values, written, [deciding] * len(texts) if isinstance(deciding, bool) else deciding
    )


def phones_of(
    platform: str, told: Sequence[tuple[list[str | None], list[str | None]]], *, deciding: Sequence[bool]
) -> Iterator[Identities]:
    """The phones of each row, by column their normalised and written forms; where one decides, it is the first."""
    before: list[list[str | None]] = []
    for values, written in told:
        if values.count(None) == len(values):
            continue
        for earlier in before:
            values = [None if one == other else one for one, other in zip(values, earlier, strict=True)]
        yield Identities("phone", platform, values, written, deciding)
        deciding = [still and value is None for still, value in zip(deciding, values, strict=True)]
        before.append(values)


def either(first: list[T | None], second: list[T | None]) -> list[T | None]:
    """By place the first of two that says something."""
    if first.count(None) == len(first):
        return second
    return [b if a is None else a for a, b in zip(first, second, strict=True)]


def _text(cell: str) -> str | None:
    return fields.value(cell) or None


@cache
def _minor_in(currency: str) -> Callable[[str], int | None]:
    """One function a currency: `Blocks` remembers by it."""
    return partial(fields.minor, currency=currency)


@cache
def _phone_in(country: str) -> Callable[[str], str | None]:
    def read(cell: str) -> str | None:
        written = fields.value(cell)
        return phone.normalise(written, region=country) if written else None

    return read
