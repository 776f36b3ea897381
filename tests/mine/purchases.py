"""Columns of a small shop written down as purchases, for the tests of what is counted from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from shopcrm.store.columns import Columns, build


@dataclass(frozen=True)
class Bought:
    """An occasion: the valid orders of one customer on one day."""

    day: int
    net: int = 100
    orders: int = 1
    priced: int = 1


def _array(kind: type[np.signedinteger[Any]], values: Iterable[int]) -> NDArray[Any]:
    return np.array(list(values), kind)


def columns_of(history: Sequence[Sequence[Bought]]) -> Columns:
    """The columns of customers 10, 20, 30 …, each with the occasions given for it."""
    told = [(owner, bought) for owner, bought_by in enumerate(history) for bought in bought_by]
    return build(
        ids=_array(np.int64, (10 * (owner + 1) for owner in range(len(history)))),
        paid_total=_array(np.int64, (sum(bought.net for bought in one) for one in history)),
        returned_total=np.zeros(len(history), np.int64),
        owner=_array(np.int32, (owner for owner, _ in told)),
        day=_array(np.int32, (bought.day for _, bought in told)),
        day_orders=_array(np.int32, (bought.orders for _, bought in told)),
        day_priced=_array(np.int32, (bought.priced for _, bought in told)),
        day_net=_array(np.int64, (bought.net for _, bought in told)),
        day_units=np.ones(len(told), np.int32),
    )


@st.composite
def _occasions(draw: st.DrawFn, *, last: int) -> list[Bought]:
    days = sorted(draw(st.sets(st.integers(0, last), max_size=6)))
    found = []
    for day in days:
        orders = draw(st.integers(1, 3))
        priced = draw(st.integers(0, orders))
        # Few different amounts, so that many customers stand exactly on a threshold.
        net = draw(st.sampled_from((100, 101, 150, 200, 333))) * priced
        found.append(Bought(day, net, orders, priced))
    return found


def histories(*, last: int = 120) -> st.SearchStrategy[list[list[Bought]]]:
    """Shops of up to a dozen customers, on days 0 to `last`."""
    return st.lists(_occasions(last=last), max_size=12)
