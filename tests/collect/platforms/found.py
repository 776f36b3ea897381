"""What an adapter found, one order at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat

from shopcrm.collect.foreign import ForeignIdentity, ForeignOrder, ForeignPerson, Orders, Problem
from shopcrm.collect.platforms import Found


def one_by_one(found: Iterable[Found]) -> Iterator[ForeignOrder | Problem]:
    """The orders of a file, also those told by column, and the problems."""
    for each in found:
        if isinstance(each, Orders):
            yield from _orders(each)
        elif not isinstance(each, ForeignPerson):
            yield each


def _orders(orders: Orders) -> Iterator[ForeignOrder]:
    columns = {name: repeat(told) if isinstance(told, str | int) else told for name, told in orders.columns().items()}
    missing = {"store": None, "state": None} | dict(zip(columns, repeat(None)))
    for place, values in enumerate(zip(*columns.values(), strict=False)):
        identities = tuple(
            ForeignIdentity(named.kind, named.platform, value, named.displays[place] or "", named.deciding[place])
            for named in orders.identities
            if (value := named.values[place]) is not None
        )
        yield ForeignOrder(**missing | dict(zip(columns, values, strict=True)), identities=identities)
