"""A field of all customers at once, as numpy arrays: what lists are sorted and filtered by (U2, U6).

Each says what `fields.read` says, only not rounded; a test holds the two together. What the shop's columns or one
statement can tell is fast in a shop of a million customers; any other field is read once and kept until something is
written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, func, select

from shopcrm.act import fields
from shopcrm.act.fields import BY_KEY, Kind
from shopcrm.base import clock
from shopcrm.base.birthdays import Birthday
from shopcrm.mine import cycles, rfm
from shopcrm.mine.rfm import GROUP_KEYS, NO_GROUP
from shopcrm.store import journal
from shopcrm.store.columns import NO_DAY, Columns, Days, Ints, running_sums
from shopcrm.store.tables.attributes import customer_attributes
from shopcrm.store.tables.customers import addresses, customers, identities
from shopcrm.store.tables.notes import notes
from shopcrm.store.tables.orders import orders
from shopcrm.store.tables.shop import stores
from shopcrm.store.tables.tags import customer_tags, tags
from shopcrm.store.tx import Tx

Flags: TypeAlias = NDArray[np.bool_]
NUMERIC: Final = (Kind.INT, Kind.NUMBER, Kind.DECIMAL, Kind.MONEY, Kind.DAYS, Kind.DATE, Kind.BIRTHDAY)
REGION: Final = "region"  # province and city, as one column of the table
PLACES: Final = ("province", "city", "district", REGION)
"""Fields that hold names of places: told in whichever characters, shown in those of the language."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """Amounts, counts, days: a number of each customer."""

    values: NDArray[Any]
    missing: Flags


@dataclass(frozen=True, eq=False)
class Words:
    """Words in the order of reading, so that a smaller code stands earlier; −1 is none."""

    codes: Days
    words: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Sets:
    """Several words of one customer: those of the customer at row `i` stand at `starts[i]:starts[i + 1]`."""

    starts: Ints
    codes: Days
    words: tuple[str, ...]

    def holds(self, wanted: Flags) -> Flags:
        """Who has one of the words of which `wanted` says so, by code."""
        running = running_sums(wanted[self.codes])
        held: Flags = (running[self.starts[1:]] - running[self.starts[:-1]]) > 0
        return held

    @property
    def missing(self) -> Flags:
        """Who has none."""
        none: Flags = self.starts[1:] == self.starts[:-1]
        return none


FieldColumn: TypeAlias = Numbers | Words | Sets


def column(tx: Tx, columns: Columns, key: str) -> FieldColumn:
    """A field of all customers, aligned with `columns`.

    Raises:
        KeyError: there is no such field.
    """
    if key in _NUMBERS:
        values, missing = _NUMBERS[key](tx, columns)
        return Numbers(values, np.zeros(len(columns), np.bool_) if missing is None else missing)
    if key == "group":
        group = rfm.scores(tx, columns).group
        # The most valuable counts as the highest.
        return Words(np.where(group == NO_GROUP, -1, len(GROUP_KEYS) - 1 - group), tuple(reversed(GROUP_KEYS)))
    if key in _WORDS:
        return columns.derived(("field", key), lambda: _words(columns, _asked(tx, _WORDS[key]())))
    if key in _SETS:
        return columns.derived(("field", key), lambda: _sets(columns, _asked(tx, _SETS[key]())))
    kind = next((field.kind for field in fields.of_shop(tx) if field.key == key), None)
    if kind is None:
        raise KeyError(key)
    # By what was written last: tags, notes and what else the owner keeps are not what the columns are loaded from.
    kept = ("field", key, tx.as_of, journal.newest(tx.connection))
    if key == "tags":
        return columns.derived(kept, lambda: _sets(columns, _asked(tx, _worn())))
    return columns.derived(kept, lambda: _other(tx, columns, key, kind))


def order_of(found: FieldColumn) -> tuple[NDArray[Any], Flags]:
    """What a field is sorted by, and who has nothing to be sorted by."""
    match found:
        case Numbers():
            return found.values, found.missing
        case Words():
            return found.codes, found.codes < 0
        case Sets():
            first = np.full(len(found.starts) - 1, -1, np.int32)
            there = ~found.missing
            first[there] = found.codes[found.starts[:-1][there]]
            return first, ~there


def missing(found: FieldColumn) -> Flags:
    """Who has nothing there."""
    return found.codes < 0 if isinstance(found, Words) else found.missing


def rank(words: Iterable[str]) -> tuple[str, ...]:
    """Words in the order a Chinese reader expects: GB 18030 puts the common characters by their pinyin."""
    return tuple(sorted(set(words), key=lambda word: (word.casefold().encode("gb18030", "replace"), word)))


def _asked(tx: Tx, query: Select[Any]) -> list[tuple[int, Any]]:
    """(customer, word) pairs. A part of a region that is not known is left out of its word."""
    rows = tx.connection.execute(query).all()
    return [(row[0], row[1]) for row in rows if row[1]]


def _words(columns: Columns, pairs: list[tuple[int, Any]]) -> Words:
    words = rank(word for _one, word in pairs)
    codes = np.full(len(columns), -1, np.int32)
    rows, found = _coded(columns, pairs, words)
    codes[rows] = found
    return Words(codes, words)


def _sets(columns: Columns, pairs: list[tuple[int, Any]]) -> Sets:
    words = rank(word for _one, word in pairs)
    rows, codes = _coded(columns, pairs, words)
    order = np.lexsort((codes, rows))
    starts = running_sums(np.bincount(rows, minlength=len(columns)))
    return Sets(starts, codes[order], words)


def _coded(columns: Columns, pairs: list[tuple[int, Any]], words: tuple[str, ...]) -> tuple[Ints, Days]:
    """The rows of the customers who are in the columns, and the codes of their words."""
    places = {word: place for place, word in enumerate(words)}
    ids = np.fromiter((one for one, _word in pairs), np.int64, len(pairs))
    codes = np.fromiter((places[word] for _one, word in pairs), np.int32, len(pairs))
    if not len(columns):
        return ids[:0], codes[:0]
    near = np.minimum(np.searchsorted(columns.ids, ids), len(columns) - 1)
    known = columns.ids[near] == ids
    return near[known], codes[known]


def _other(tx: Tx, columns: Columns, key: str, kind: Kind) -> FieldColumn:
    """Any field, read for those who may have it."""
    ids, some = columns.ids, _SOME.get(key) if key in BY_KEY else _kept
    if some is not None:
        ids = ids[np.isin(ids, np.array(tx.connection.execute(some()).scalars().all(), np.int64))]
    values: list[Any] = [row[0] for row in fields.read(tx, columns, ids, keys=(key,))]
    if kind in fields.SEVERAL:
        pairs = [(one, word) for one, held in zip(ids.tolist(), values, strict=True) for word in held or ()]
        return _sets(columns, pairs)
    pairs = [(one, value) for one, value in zip(ids.tolist(), values, strict=True) if value is not None]
    if kind not in NUMERIC:
        return _words(columns, [(one, str(value)) for one, value in pairs if value != ""])
    numbers = np.zeros(len(columns), np.float64)
    lacking = np.ones(len(columns), np.bool_)
    rows = columns.rows(np.array([one for one, _value in pairs], np.int64))
    numbers[rows] = [_number(value) for _one, value in pairs]
    lacking[rows] = False
    return Numbers(numbers, lacking)


def _number(value: Any) -> float:
    if isinstance(value, date):
        return clock.day_number(value)
    if isinstance(value, Birthday):
        return value.month * 100 + value.day
    return float(value)


_Asked: TypeAlias = tuple[NDArray[Any], Flags | None]


def _of(name: str) -> Callable[[Tx, Columns], _Asked]:
    return lambda tx, columns: (getattr(columns.at(tx.today_number), name), None)


def _day(name: str) -> Callable[[Tx, Columns], _Asked]:
    def values(tx: Tx, columns: Columns) -> _Asked:
        days = getattr(columns.at(tx.today_number), name)
        return days, days == NO_DAY

    return values


def _average(tx: Tx, columns: Columns) -> _Asked:
    view = columns.at(tx.today_number)
    count = np.maximum(view.priced_orders, 1).astype(np.int64)
    return (2 * view.net_total + count) // (2 * count), view.priced_orders == 0


def _score(name: str) -> Callable[[Tx, Columns], _Asked]:
    return lambda tx, columns: (getattr(rfm.scores(tx, columns), name), _prospects(tx, columns))


def _prospects(tx: Tx, columns: Columns) -> Flags:
    none: Flags = columns.at(tx.today_number).occasions == 0
    return none


def _mean_gap(tx: Tx, columns: Columns) -> _Asked:
    gaps = columns.at(tx.today_number).mean_gap
    return gaps, np.isnan(gaps)


def _due(value: Callable[[cycles.DueState], NDArray[Any]]) -> Callable[[Tx, Columns], _Asked]:
    def values(tx: Tx, columns: Columns) -> _Asked:
        found = value(cycles.due_of(tx, columns))
        return found, np.isnan(found) if found.dtype.kind == "f" else _prospects(tx, columns)

    return values


def _notes(tx: Tx, columns: Columns) -> _Asked:
    query = select(notes.c.customer_id, func.count()).group_by(notes.c.customer_id)
    rows = tx.connection.execute(query).all()
    counts = np.zeros(len(columns), np.int64)
    told = {int(one): int(count) for one, count in rows}
    ids = np.array(sorted(told), np.int64)
    ids = ids[np.isin(ids, columns.ids)]
    counts[columns.rows(ids)] = [told[one] for one in ids.tolist()]
    return counts, None


_NUMBERS: Final[dict[str, Callable[[Tx, Columns], _Asked]]] = {
    "id": lambda _tx, columns: (columns.ids, None),
    **{name: _of(name) for name in ("occasions", "orders", "units", "net_total", "paid_total", "returned_total")},
    "aov": _average,
    "frequency": _score("frequency"),
    "monetary": _score("monetary"),
    "first_day": _day("first_day"),
    "last_day": _day("last_day"),
    "days_since": _due(lambda due: due.since),
    "mean_gap": _mean_gap,
    "cycle_days": _due(lambda due: due.cycles.days),
    "due_on": _due(lambda due: due.due_on),
    "overdue_ratio": _due(lambda due: due.ratio),
    "notes": _notes,
}


def _person(name: str) -> Callable[[], Select[Any]]:
    column = customers.c[name]
    return lambda: select(customers.c.id, column).where(column.is_not(None))


def _region() -> Select[Any]:
    of = customers.c
    both = of.province + func.coalesce(" " + func.nullif(of.city, ""), "")
    return select(of.id, both).where(of.province.is_not(None))


_TOLD: Final = tuple(name for name in BY_KEY if name in customers.c and BY_KEY[name].kind in (Kind.TEXT, Kind.GENDER))
_WORDS: Final[dict[str, Callable[[], Select[Any]]]] = {**{name: _person(name) for name in _TOLD}, REGION: _region}


def _identity(*kinds: str) -> Callable[[], Select[Any]]:
    of = identities.c
    shown = of.value if kinds == ("phone",) else of.display
    return lambda: select(of.customer_id, shown).where(of.kind.in_(kinds))


_SETS: Final[dict[str, Callable[[], Select[Any]]]] = {
    "buyer_ids": _identity("buyer_id", "nick"),
    # Of several a list shows the first; looked for are all of them.
    "phone": _identity("phone"),
    "email": _identity("email"),
    "wechat": _identity("wechat"),
    "sources": lambda: select(orders.c.customer_id, stores.c.platform).join(stores).distinct(),
    "addresses": lambda: select(addresses.c.customer_id, addresses.c.address),
}


def _kept() -> Select[Any]:
    """Who may have a trade attribute: those of whom any is kept."""
    return select(customer_attributes.c.customer_id).distinct()


def _worn() -> Select[Any]:
    return select(customer_tags.c.customer_id, tags.c.name).join(tags)


_SOME: Final[dict[str, Callable[[], Select[Any]]]] = {
    "birthday": lambda: select(customers.c.id).where(customers.c.birth_month.is_not(None)),
    "next_birthday": lambda: select(customers.c.id).where(customers.c.birth_month.is_not(None)),
}
