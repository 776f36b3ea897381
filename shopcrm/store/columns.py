"""The shop's customers in memory: `customer_statistics` and `occasions` as numpy columns (row K1; rfm, cycles, lists).

Loaded once, frozen, replaced as a whole when a commit has touched the statistics. What is worked out from them
is remembered with them, so it is thrown away with them too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Final, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, String, func, select
from sqlalchemy import cast as as_type

from shopcrm.store.tables.customers import customers
from shopcrm.store.tables.statistics import customer_statistics, occasions

T = TypeVar("T")
Ints = NDArray[np.int64]
Days = NDArray[np.int32]
Floats = NDArray[np.float64]

NO_DAY: Final = -1
REMEMBERED: Final = 24  # of all pages together
_AT_ONCE: Final = 20_000  # customers read


@dataclass(frozen=True, eq=False)
class Columns:
    """One row a customer, ordered by id; one row an occasion, ordered by (customer, day).

    The occasions of the customer at row `i` stand at `starts[i]:starts[i + 1]`.
    """

    ids: Ints
    first_day: Days  # NO_DAY: no valid order
    last_day: Days
    occasions: Days
    orders: Days
    priced_orders: Days
    net_total: Ints
    paid_total: Ints
    returned_total: Ints
    units: Ints

    starts: Ints
    owner: Days  # row of the customer
    day: Days
    day_orders: Days
    day_priced: Days
    day_net: Ints
    day_units: Days

    _memory: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, init=False, repr=False)

    def __post_init__(self) -> None:
        for name in _ARRAYS:
            getattr(self, name).flags.writeable = False

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def newest_day(self) -> int:
        """The day of the last occasion of all; `NO_DAY` when there is none."""
        return int(self.day.max(initial=NO_DAY))

    @cached_property
    def mean_gap(self) -> Floats:
        """Mean days between a customer's occasions; nan under two of them."""
        gaps = (self.occasions - 1).astype(np.float64)
        gaps[gaps < 1] = np.nan
        return (self.last_day - self.first_day) / gaps

    def rows(self, ids: Ints) -> Ints:
        """The rows at which these ids stand. An id that is not there is left out."""
        if not len(self):
            return np.empty(0, np.int64)
        near: Ints = np.minimum(np.searchsorted(self.ids, ids), len(self) - 1)
        present: Ints = near[self.ids[near] == ids]
        return present

    def worth(self, ids: Ints) -> tuple[Ints, Days]:
        """What these customers brought in all, and their last day; 0 and `NO_DAY` for an id that is not there."""
        last = len(self._places) - 1
        at = self._places[np.minimum(ids, last)]
        there = (at >= 0) & (ids <= last)
        at = at[there]
        net_total, last_day = np.zeros(len(ids), np.int64), np.full(len(ids), NO_DAY, np.int32)
        net_total[there], last_day[there] = self.net_total[at], self.last_day[at]
        return net_total, last_day

    @cached_property
    def _places(self) -> Days:
        """By id the row of a customer, -1 where there is none: a keystroke asks for thousands of them."""
        places = np.full(int(self.ids.max(initial=0)) + 1, -1, np.int32)
        places[self.ids] = np.arange(len(self))
        return places

    def since(self, day: int) -> Since:
        """What each customer bought on a day or later: the tail of the occasions, which stand by day."""
        begin = self.starts[:-1] + sums_of(self.day < day, self.starts)
        orders, priced_orders, net = (running[self.starts[1:]] - running[begin] for running in self._running)
        return Since(
            begin=begin,
            occasions=(self.starts[1:] - begin).astype(np.int32),
            orders=orders.astype(np.int32),
            priced_orders=priced_orders.astype(np.int32),
            net=net,
        )

    @cached_property
    def _running(self) -> tuple[Ints, Ints, Ints]:
        return running_sums(self.day_orders), running_sums(self.day_priced), running_sums(self.day_net)

    def derived(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` returns, remembered under `key` as long as these columns (the newest of them)."""
        with self._lock:
            if key in self._memory:
                return cast(T, self._memory[key])
            value = make()
            self._memory[key] = value
            while len(self._memory) > REMEMBERED:
                del self._memory[next(iter(self._memory))]
            return value

    def at(self, day: int) -> Columns:
        """The shop as it stood on a day: later occasions do not exist, whose first one is later is a prospect.

        `paid_total` and `returned_total` are kept per customer only and stay as they are, and a refund counts at
        the day of its order whenever it was given.
        """
        if day >= self.newest_day:
            return self
        return self.derived(("at", day), lambda: self._cut(day))

    def _cut(self, day: int) -> Columns:
        keep = self.day <= day
        return build(
            ids=self.ids,
            paid_total=self.paid_total,
            returned_total=self.returned_total,
            **{name: getattr(self, name)[keep] for name in _PER_DAY},
        )


# What is read of an occasion: the row of its customer, and these columns.
_OCCASIONS: Final = select(
    *(occasions.c[name] for name in ("customer_id", "day", "orders", "priced_orders", "net", "units"))
)
_PER_DAY: Final = {
    "owner": np.int32, "day": np.int32, "day_orders": np.int32, "day_priced": np.int32, "day_net": np.int64,
    "day_units": np.int32,
}  # fmt: skip
_ARRAYS: Final = tuple(item.name for item in fields(Columns) if not item.name.startswith("_"))


@dataclass(frozen=True, eq=False)
class Since:
    """Sums per customer over the occasions from a day on."""

    begin: Ints  # of the first such occasion; the customer's end where there is none
    occasions: Days
    orders: Days
    priced_orders: Days
    net: Ints


def running_sums(values: NDArray[Any]) -> Ints:
    """Exact sums of the first 0, 1, 2 … values."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(values, dtype=np.int64)))


def sums_of(values: NDArray[Any], starts: Ints) -> Ints:
    """Exact sums of consecutive stretches: `values[starts[i]:starts[i + 1]]` for every `i`, 0 for an empty one."""
    running = running_sums(values)
    return cast(Ints, running[starts[1:]] - running[starts[:-1]])


def build(
    *,
    ids: Ints,
    paid_total: Ints,
    returned_total: Ints,
    owner: Days,
    day: Days,
    day_orders: Days,
    day_priced: Days,
    day_net: Ints,
    day_units: Days,
) -> Columns:
    """Columns of the customers in the order of their ids, and of their occasions in any order.

    What a customer comes to in all is what the occasions add up to, as in `customer_statistics`.
    """
    step = np.diff(owner)
    if np.any(step < 0) or np.any((step == 0) & (np.diff(day) <= 0)):
        order = np.lexsort((day, owner))
        owner, day, day_orders, day_priced = owner[order], day[order], day_orders[order], day_priced[order]
        day_net, day_units = day_net[order], day_units[order]
    count = np.bincount(owner, minlength=len(ids))
    starts = running_sums(count)
    bought = count > 0
    first, last = np.full((2, len(ids)), NO_DAY, np.int32)
    first[bought] = day[starts[:-1][bought]]
    last[bought] = day[starts[1:][bought] - 1]
    return Columns(
        ids=ids,
        first_day=first,
        last_day=last,
        occasions=count.astype(np.int32),
        orders=sums_of(day_orders, starts).astype(np.int32),
        priced_orders=sums_of(day_priced, starts).astype(np.int32),
        net_total=sums_of(day_net, starts),
        paid_total=paid_total,
        returned_total=returned_total,
        units=sums_of(day_units, starts),
        starts=starts,
        owner=owner,
        day=day,
        day_orders=day_orders,
        day_priced=day_priced,
        day_net=day_net,
        day_units=day_units,
    )


def load(connection: Connection) -> Columns:
    """Read the columns of a shop, some customers at a time: what is read must not take more memory than what is kept.

    The engine joins each column to one text of numbers that numpy reads: a third of the time that handing over
    five million rows as Python tuples takes.
    """
    (ids,) = _numbers(connection, select(customers.c.id))
    ids.sort()
    money = customer_statistics.c
    paid_total, returned_total = np.zeros(len(ids), np.int64), np.zeros(len(ids), np.int64)
    told = {name: bytearray() for name in _PER_DAY}  # they grow in place, and numpy takes them as they are
    for first in range(0, len(ids), _AT_ONCE):
        some = int(ids[first]), int(ids[first : first + _AT_ONCE][-1])
        asked = select(money.customer_id, money.paid_total, money.returned_total)
        customer, paid, returned = _numbers(connection, asked.where(money.customer_id.between(*some)))
        rows = np.searchsorted(ids, customer)
        paid_total[rows], returned_total[rows] = paid, returned
        customer, *found = _numbers(connection, _OCCASIONS.where(occasions.c.customer_id.between(*some)))
        for name, values in zip(_PER_DAY, (np.searchsorted(ids, customer), *found), strict=True):
            told[name] += values.astype(_PER_DAY[name]).tobytes()
    per_day = {name: np.frombuffer(told[name], kind) for name, kind in _PER_DAY.items()}
    return build(ids=ids, paid_total=paid_total, returned_total=returned_total, **per_day)


def _numbers(connection: Connection, asked: Select[Any]) -> list[Ints]:
    """The columns of a question."""
    joined = [func.aggregate_strings(as_type(column, String), ",") for column in asked.subquery().c]
    return [numbers(text) for text in connection.execute(select(*joined)).one()]


def numbers(text: str | None) -> Ints:
    """The numbers that the engine joined to one text, by commas; nothing where it joined none."""
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.empty(0, np.int64)
