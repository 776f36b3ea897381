"""The customer table: a sorted array of ids, and the rows of the part that is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shopcrm.act import field_columns, fields, filters, finding
from shopcrm.act.field_columns import REGION, Flags
from shopcrm.act.fields import FIELD_KEYS, Value
from shopcrm.act.filters import Condition
from shopcrm.mine import rfm
from shopcrm.mine.rfm import GROUP_KEYS
from shopcrm.store.columns import Columns, Ints
from shopcrm.store.tx import Tx

SORTS: Final = (*FIELD_KEYS, REGION)
"""What the list can be sorted by."""


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
        text: Only who is found by each word of it, as by the search box (the best `finding.RANKED_AT_MOST`).

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
        found[view.rows(finding.ids(tx, text, columns=columns))] = True
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
