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
from sqlalchemy import Connection, String, func, select
from sqlalchemy import cast as as_type

from shopcrm.store.tables.customers import customers
from shopcrm.store.tables.statistics import customer_statistics, occasions

T = TypeVar("T")
Ints = NDArray[np.int64]
Days = NDArray[np.int32]
Floats = NDArray[np.float64]

NO_DAY: Final = -1
REMEMBERED: Final = 24  # of all pages together


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
        starts = running_sums(keep)[self.starts]
        count = np.diff(starts)
        bought = count > 0
        days = self.day[keep]
        first = np.full(len(self), NO_DAY, np.int32)
        last = np.full(len(self), NO_DAY, np.int32)
        first[bought] = days[starts[:-1][bought]]
        last[bought] = days[starts[1:][bought] - 1]
        per_day = {name: getattr(self, name)[keep] for name in ("day_orders", "day_priced", "day_net", "day_units")}
        sums = {name: sums_of(values, starts) for name, values in per_day.items()}
        return Columns(
            ids=self.ids,
            first_day=first,
            last_day=last,
            occasions=count.astype(np.int32),
            orders=sums["day_orders"].astype(np.int32),
            priced_orders=sums["day_priced"].astype(np.int32),
            net_total=sums["day_net"],
            paid_total=self.paid_total,
            returned_total=self.returned_total,
            units=sums["day_units"],
            starts=starts,
            owner=self.owner[keep],
            day=days,
            **per_day,
        )


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


def build(customer_rows: dict[str, Ints], occasion_rows: dict[str, Ints]) -> Columns:
    """Columns from plain arrays: the customers' by field name, and `customer`, `day`, `orders`, … of the occasions.

    Both may come in any order; the customer of every occasion must be among them.
    """
    ids = customer_rows["ids"]
    if np.any(np.diff(ids) <= 0):
        order = np.argsort(ids, kind="stable")
        customer_rows = {name: values[order] for name, values in customer_rows.items()}
        ids = customer_rows["ids"]
    who, day = occasion_rows["customer"], occasion_rows["day"]
    step = np.diff(who)
    if np.any(step < 0) or np.any((step == 0) & (np.diff(day) <= 0)):
        order = np.lexsort((day, who))
        occasion_rows = {name: values[order] for name, values in occasion_rows.items()}
        who = occasion_rows["customer"]
    owner = np.searchsorted(ids, who)
    return Columns(
        ids=ids,
        first_day=customer_rows["first_day"].astype(np.int32),
        last_day=customer_rows["last_day"].astype(np.int32),
        occasions=customer_rows["occasions"].astype(np.int32),
        orders=customer_rows["orders"].astype(np.int32),
        priced_orders=customer_rows["priced_orders"].astype(np.int32),
        net_total=customer_rows["net_total"],
        paid_total=customer_rows["paid_total"],
        returned_total=customer_rows["returned_total"],
        units=customer_rows["units"],
        starts=np.searchsorted(owner, np.arange(len(ids) + 1)),
        owner=owner.astype(np.int32),
        day=occasion_rows["day"].astype(np.int32),
        day_orders=occasion_rows["orders"].astype(np.int32),
        day_priced=occasion_rows["priced_orders"].astype(np.int32),
        day_net=occasion_rows["net"],
        day_units=occasion_rows["units"].astype(np.int32),
    )


def load(connection: Connection) -> Columns:
    """Read the columns of a shop.

    The engine joins each column to one text of numbers that numpy reads: a third of the time that handing over
    five million rows as Python tuples takes.
    """
    of = customer_statistics.c
    listed = customers.outerjoin(customer_statistics, customers.c.id == of.customer_id)
    zero = ("occasions", "orders", "priced_orders", "net_total", "paid_total", "returned_total", "units")
    customer_rows = _numbers(
        connection,
        listed,
        {
            "ids": customers.c.id,
            "first_day": func.coalesce(of.first_day, NO_DAY),
            "last_day": func.coalesce(of.last_day, NO_DAY),
            **{name: func.coalesce(of[name], 0) for name in zero},
        },
    )
    occasion_rows = _numbers(
        connection,
        occasions,
        {
            "customer": occasions.c.customer_id,
            "day": occasions.c.day,
            **{name: occasions.c[name] for name in ("orders", "priced_orders", "net", "units")},
        },
    )
    return build(customer_rows, occasion_rows)


def _numbers(connection: Connection, source: Any, wanted: dict[str, Any]) -> dict[str, Ints]:
    joined = [func.aggregate_strings(as_type(value, String), ",") for value in wanted.values()]
    row = connection.execute(select(*joined).select_from(source)).one()
    return {name: numbers(text) for name, text in zip(wanted, row, strict=True)}


def numbers(text: str | None) -> Ints:
    """The numbers that the engine joined to one text, by commas; nothing where it joined none."""
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.empty(0, np.int64)
