"""Where the customers are (row M10): buyers, revenue and repurchase by province."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, cast, func, select

from shopcrm.base import region
from shopcrm.measure.repurchase import Rate
from shopcrm.store.columns import Columns, Ints
from shopcrm.store.tables.customers import customers
from shopcrm.store.tx import Tx

UNKNOWN: Final = 0  # index of the customers whose province nobody has said


@dataclass(frozen=True, eq=False)
class Provinces:
    """The province of every customer, as an index into `names`. The first of them is "": not known."""

    names: tuple[str, ...]  # short Chinese names, anything abroad as its file has it
    of: NDArray[np.int16]  # aligned with the customers of the columns


@dataclass(frozen=True)
class RegionLine:
    """The buyers of a period from one province."""

    name: str  # "": not known
    again: Rate  # who bought twice or more, of the buyers
    net: int  # what they paid in the period, minor units

    @property
    def buyers(self) -> int:
        """How many bought."""
        return self.again.whole


def lines(provinces: Provinces, *, times: Ints, net: Ints) -> tuple[RegionLine, ...]:
    """One line a province that has a buyer, most buyers first.

    Args:
        provinces: Of the customers of a view.
        times: Occasions of each of them in the period.
        net: What each of them paid in it, minor units.
    """
    wide = len(provinces.names)
    figures = np.zeros((3, wide), np.int64)
    for row, values in enumerate((times > 1, times > 0, net)):
        np.add.at(figures[row], provinces.of, values.astype(np.int64))
    again, buyers, paid = figures.tolist()
    found = [RegionLine(provinces.names[at], Rate(again[at], buyers[at]), paid[at]) for at in range(wide) if buyers[at]]
    return tuple(sorted(found, key=lambda line: (-line.buyers, line.name)))


def provinces(tx: Tx, columns: Columns) -> Provinces:
    """The provinces of the columns' customers; remembered with them, as they are loaded anew when a customer changes.

    The engine joins the ids of a province to one text of numbers, which numpy reads.
    """

    def load() -> Provinces:
        listed = func.aggregate_strings(cast(customers.c.id, String), ",")
        query = select(customers.c.province, listed).where(customers.c.province != "").group_by(customers.c.province)
        names, of = {"": UNKNOWN}, np.full(len(columns), UNKNOWN, np.int16)
        for stored, ids in tx.connection.execute(query):
            # One place, however long the file has written its name.
            place = names.setdefault(region.province_name(stored) or "", len(names))
            of[columns.rows(np.fromstring(ids, dtype=np.int64, sep=","))] = place
        return Provinces(tuple(names), of)

    return columns.derived("provinces", load)
