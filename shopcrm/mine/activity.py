"""Active, dormant, lost: where every customer stands by the shop's repurchase cycle (row M2)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shopcrm.mine import cycles
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx

STATES: Final = ("active", "dormant", "lost")
ACTIVE, DORMANT, LOST = range(3)
PROSPECT: Final = -1  # without a valid order

States = NDArray[np.int8]


def activity(view: Columns, *, as_of_day: int, active_days: int, dormant_days: int) -> States:
    """The state of every customer of a view, an index into `STATES` or `PROSPECT`.

    Active while the days since the last purchase are at most `active_days`, dormant (short-term lapsed) up to
    `dormant_days`, lost (long-term lapsed) beyond; `cycles.activity_limits` says how many these are.
    """
    cycles.check_view(view, as_of_day=as_of_day)
    since = as_of_day - view.last_day.astype(np.int64)
    state = np.where(since <= active_days, ACTIVE, np.where(since <= dormant_days, DORMANT, LOST)).astype(np.int8)
    state[view.occasions == 0] = PROSPECT
    return state


def of_shop(tx: Tx, columns: Columns) -> States:
    """Where every customer stands at the transaction's date."""
    view, day, (active, dormant) = columns.at(tx.today_number), tx.today_number, cycles.activity_limits(tx, columns)
    key = ("activity", day, active, dormant)
    return view.derived(key, lambda: activity(view, as_of_day=day, active_days=active, dormant_days=dormant))
