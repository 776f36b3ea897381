"""The customer table: a sorted array of ids, and the rows of the part that is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shopcrm.act import field_columns, fields, filters
from shopcrm.act.field_columns import REGION, Flags, Sets
from shopcrm.act.fields import FIELD_KEYS, Value
from shopcrm.act.filters import Condition
from shopcrm.base import matching
from shopcrm.mine import rfm
from shopcrm.mine.rfm import GROUP_KEYS
from shopcrm.store import search_index
from shopcrm.store.columns import Columns, Ints
from shopcrm.store.tx import Tx

SORTS: Final = (*FIELD_KEYS, REGION)
"""What the list can be sorted by."""

_LOOKED_THROUGH: Final = 20_000  # wearers of a tag who are compared with the rest of what was typed
_WORDS: Final = 6  # typed; of more than that none is taken for a tag
_BLOCK: Final = 2_000


@dataclass(frozen=True)
class Order:
    """A level of sorting: largest, newest, last in the alphabet first when it is descending."""

    key: str
    descending: bool = True


USUAL: Final = (Order("net_total"),)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """What the table shows of one customer, by the keys that were asked for."""

    id: int
    values: Mapping[str, Value]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]


def ids(
    tx: Tx,
    columns: Columns,
    *,
    order: Sequence[Order] = USUAL,
    conditions: Sequence[Condition] = (),
    group: str | None = None,
    text: str | None = None,
) -> Ints:
    """The ids of the customers to list, in order. Who lacks the value comes last, equals by id.

    Args:
        tx: The shop.
        columns: Its columns.
        order: By what they are sorted, what counts most first.
        conditions: Only who meets all of them.
        group: Only this one of the eight groups.
        text: Only who is found by each word of it: as by the search box, or by a tag. Where too many are found, the
            best of them.

    Raises:
        KeyError: `order` or `conditions` name a field that is none.
        ValueError: there is no such group.
    """
    view = columns.at(tx.today_number)
    keep = filters.all_of(tx, columns, conditions)
    if group is not None:
        keep = _both(keep, rfm.scores(tx, columns).group == GROUP_KEYS.index(group))
    if text is not None and text.strip():
        found = np.zeros(len(view), np.bool_)
        found[view.rows(_found(tx, columns, text))] = True
        keep = _both(keep, found)
    rows = np.arange(len(view)) if keep is None else np.flatnonzero(keep)
    keys = [_sorted(tx, columns, level)[rows] for level in order]
    if not keys:
        return view.ids[rows]
    # A stable sort leaves equals by id.
    places = np.argsort(keys[0], kind="stable") if len(keys) == 1 else np.lexsort(keys[::-1])
    return view.ids[rows[places]]


def rows(tx: Tx, columns: Columns, ids: Ints, *, keys: Sequence[str]) -> list[CustomerRow]:
    """The rows of some ids, in their order; a page of them takes a few milliseconds."""
    asked = list(dict.fromkeys(keys))
    read = fields.read(tx, columns, ids, keys=asked)
    return [CustomerRow(one, dict(zip(asked, row, strict=True))) for one, row in zip(ids.tolist(), read, strict=True)]


def _both(keep: Flags | None, also: Flags) -> Flags:
    return also if keep is None else keep & also


def _sorted(tx: Tx, columns: Columns, level: Order) -> NDArray[Any]:
    values, missing = field_columns.order_of(field_columns.column(tx, columns, level.key))
    order: NDArray[Any] = -values if level.descending else values
    return np.where(missing, _last(order), order) if missing.any() else order


def _last(order: NDArray[Any]) -> Any:
    return np.inf if order.dtype.kind == "f" else np.iinfo(order.dtype).max


# Found by what is typed


def _found(tx: Tx, columns: Columns, text: str) -> Ints:
    """Who is found by each word: in name or identities, or by a tag that begins, holds or sounds so."""
    words = text.split()
    found = [_searched(tx, columns, text)]
    worn = field_columns.column(tx, columns, "tags")
    if isinstance(worn, Sets) and worn.words and len(words) <= _WORDS:
        meant = [_meant(worn, word) for word in words]
        tagged = [place for place, one in enumerate(meant) if one.any()]
        for count in range(1, len(tagged) + 1):
            for some in combinations(tagged, count):
                wearing = np.logical_and.reduce([worn.holds(meant[place]) for place in some])
                rest = " ".join(word for place, word in enumerate(words) if place not in some)
                found.append(_among(tx, columns, columns.ids[wearing], rest))
    return np.unique(np.concatenate(found))


def _meant(worn: Sets, word: str) -> Flags:
    return np.fromiter((matching.rank(word, tag) is not None for tag in worn.words), np.bool_, len(worn.words))


def _among(tx: Tx, columns: Columns, wearing: Ints, rest: str) -> Ints:
    """Those who wear a tag and are found by the rest of the words."""
    if not rest:
        return wearing
    if len(wearing) > _LOOKED_THROUGH:
        return np.intersect1d(wearing, _searched(tx, columns, rest))
    return _matching(tx, wearing.tolist(), rest)


def _searched(tx: Tx, columns: Columns, text: str) -> Ints:
    hits = islice(search_index.search(tx.connection, text, columns=columns), search_index.RANKED_AT_MOST)
    return _matching(tx, hits, text)


def _matching(tx: Tx, customers: Iterable[int], text: str) -> Ints:
    listed = list(customers)
    found: list[int] = []
    for start in range(0, len(listed), _BLOCK):
        some = ",".join(str(one) for one in listed[start : start + _BLOCK])
        entries = search_index.entries(tx.connection, some)
        found += [one for one, entry in entries if search_index.matches(entry, text) is not None]
    return np.array(found, np.int64)
