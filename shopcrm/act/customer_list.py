"""The customer table: a sorted array of ids, and the rows of the part that is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from shopcrm.act import fields, finding
from shopcrm.collect import follow_ups
from shopcrm.mine import cycles, rfm
from shopcrm.mine.rfm import GROUP_KEYS, NO_GROUP
from shopcrm.store.columns import NO_DAY, Columns, Ints
from shopcrm.store.tables.customers import customers
from shopcrm.store.tx import Tx


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """What the table shows of one customer."""

    id: int
    name: str
    group: str | None  # key of one of the eight groups; None: no valid order
    sources: tuple[str, ...]  # keys of platforms
    phone: str | None  # normalised; masked where no real one is known
    province: str | None
    city: str | None
    occasions: int
    net_total: int
    last_day: date | None
    tags: tuple[str, ...]


def ids(
    tx: Tx,
    columns: Columns,
    *,
    sort: str = "net_total",
    descending: bool = True,
    group: str | None = None,
    text: str | None = None,
) -> Ints:
    """The ids of the customers to list, in order. Who lacks the value comes last, equals by id.

    Args:
        tx: The shop.
        columns: Its columns.
        sort: One of `SORTS`.
        descending: Largest, newest, last in the alphabet first.
        group: Only this one of the eight groups.
        text: Only who is found by it, as by the search box (the best `finding.RANKED_AT_MOST`).

    Raises:
        KeyError: `sort` is not one of `SORTS`.
        ValueError: there is no such group.
    """
    view = columns.at(tx.today_number)
    values, missing = SORTS[sort](tx, columns)
    keep: NDArray[np.bool_] | None = None
    if group is not None:
        keep = rfm.scores(tx, columns).group == GROUP_KEYS.index(group)
    if text is not None and text.strip():
        found = np.zeros(len(view), np.bool_)
        found[view.rows(finding.ids(tx, text, columns=columns))] = True
        keep = found if keep is None else keep & found
    order = -values if descending else values
    if missing is not None:
        order = np.where(missing, _last(order), order)
    if keep is None:
        return view.ids[np.argsort(order, kind="stable")]
    rows = np.flatnonzero(keep)
    return view.ids[rows[np.argsort(order[rows], kind="stable")]]


def rows(tx: Tx, columns: Columns, ids: Ints) -> list[CustomerRow]:
    """The rows of some ids, in their order; a page of them takes a few milliseconds."""
    keys = ("name", "group", "sources", "shown_phone", "province", "city", "occasions", "net_total", "last_day", "tags")
    read: list[Any] = fields.read(tx, columns, ids, keys=keys)
    return [CustomerRow(one, values[0] or "", *values[1:]) for one, values in zip(ids.tolist(), read, strict=True)]


def _last(order: NDArray[Any]) -> Any:
    return np.inf if order.dtype.kind == "f" else np.iinfo(order.dtype).max


_Sorted = tuple[NDArray[Any], NDArray[np.bool_] | None]  # what to sort by, and who lacks it


def _by_column(name: str) -> Callable[[Tx, Columns], _Sorted]:
    return lambda tx, columns: (getattr(columns.at(tx.today_number), name), None)


def _by_day(name: str) -> Callable[[Tx, Columns], _Sorted]:
    def values(tx: Tx, columns: Columns) -> _Sorted:
        days = getattr(columns.at(tx.today_number), name)
        return days, days == NO_DAY

    return values


def _by_average(tx: Tx, columns: Columns) -> _Sorted:
    view = columns.at(tx.today_number)
    return view.net_total / np.maximum(view.priced_orders, 1), view.priced_orders == 0


def _by_group(tx: Tx, columns: Columns) -> _Sorted:
    group = rfm.scores(tx, columns).group
    return -group, group == NO_GROUP  # the most valuable counts as the highest


def _by_ratio(tx: Tx, columns: Columns) -> _Sorted:
    ratio = cycles.due_of(tx, columns).ratio
    return ratio, np.isnan(ratio)


def _by_next_follow_up(tx: Tx, columns: Columns) -> _Sorted:
    """By the day on which somebody is to be asked again; few have one, so it is read each time."""
    days = np.full(len(columns), NO_DAY, np.int32)
    agreed = follow_ups.agreed(tx)
    ids = np.fromiter(agreed, np.int64)
    known = np.isin(ids, columns.ids)
    days[columns.rows(ids[known])] = np.array([one.day for one in agreed.values()], np.int32)[known]
    return days, days == NO_DAY


def _by_text(*names: str) -> Callable[[Tx, Columns], _Sorted]:
    """By words, in the order a Chinese reader expects: GB 18030 puts the common characters by their pinyin.

    The order is remembered with the columns, which are loaded anew when a customer changes.
    """

    def ranked(tx: Tx, columns: Columns) -> _Sorted:
        wanted = [customers.c[name] for name in names]
        found = [
            (tuple(_collated(part) for part in parts), one)
            for one, *parts in tx.connection.execute(select(customers.c.id, *wanted))
            if parts[0]
        ]
        found.sort()
        named = np.array([one for _, one in found], np.int64)
        steps = np.array([before[0] != after[0] for before, after in pairwise(found)], np.int32)
        place = np.concatenate(([0], np.cumsum(steps)))[: len(named)]
        rank = np.full(len(columns), -1, np.int32)
        known = np.isin(named, columns.ids)
        rank[columns.rows(named)] = place[known]
        return rank, rank < 0

    return lambda tx, columns: columns.derived(("order", names), lambda: ranked(tx, columns))


def _collated(text: str | None) -> bytes:
    return (text or "").casefold().encode("gb18030", "replace")


SORTS: Final[dict[str, Callable[[Tx, Columns], _Sorted]]] = {
    "id": lambda _tx, columns: (columns.ids, None),
    "name": _by_text("name"),
    "region": _by_text("province", "city"),
    "group": _by_group,
    "occasions": _by_column("occasions"),
    "orders": _by_column("orders"),
    "net_total": _by_column("net_total"),
    "aov": _by_average,
    "first_day": _by_day("first_day"),
    "last_day": _by_day("last_day"),
    "due": _by_ratio,
    "next_follow_up": _by_next_follow_up,
}
"""What the list can be sorted by: of each customer a number, and who has none."""
