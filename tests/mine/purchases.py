"""Columns of a small shop written down as purchases, for the tests of what is counted from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from shopcrm.store.columns import NO_DAY, Columns, build


@dataclass(frozen=True)
class Bought:
    """An occasion: the valid orders of one customer on one day."""

    day: int
    net: int = 100
    orders: int = 1
    priced: int = 1


def columns_of(history: Sequence[Sequence[Bought]]) -> Columns:
    """The columns of customers 10, 20, 30 …, each with the occasions given for it."""
    ids = [10 * (index + 1) for index in range(len(history))]
    rows = [(owner, bought) for owner, bought_by in zip(ids, history, strict=True) for bought in bought_by]
    sums = {
        "occasions": [len(one) for one in history],
        "orders": [sum(bought.orders for bought in one) for one in history],
        "priced_orders": [sum(bought.priced for bought in one) for one in history],
        "net_total": [sum(bought.net for bought in one) for one in history],
        "paid_total": [sum(bought.net for bought in one) for one in history],
        "returned_total": [0 for _ in history],
        "units": [len(one) for one in history],
        "first_day": [min((bought.day for bought in one), default=NO_DAY) for one in history],
        "last_day": [max((bought.day for bought in one), default=NO_DAY) for one in history],
    }
    return build(
        {"ids": np.array(ids, np.int64), **{name: np.array(values, np.int64) for name, values in sums.items()}},
        {
            "customer": np.array([owner for owner, _ in rows], np.int64),
            "day": np.array([bought.day for _, bought in rows], np.int64),
            "orders": np.array([bought.orders for _, bought in rows], np.int64),
            "priced_orders": np.array([bought.priced for _, bought in rows], np.int64),
            "net": np.array([bought.net for _, bought in rows], np.int64),
            "units": np.array([1 for _ in rows], np.int64),
        },
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
