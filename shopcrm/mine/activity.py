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


def activity(view: Columns, *, as_of_day: int, p80: int) -> States:
    """The state of every customer of a view, an index into `STATES` or `PROSPECT`.

    Active while the days since the last purchase are at most P80 of the shop's cycle, dormant (short-term lapsed)
    up to twice that, lost (long-term lapsed) beyond.
    """
    cycles.check_view(view, as_of_day=as_of_day)
    since = as_of_day - view.last_day.astype(np.int64)
    state = np.where(since <= p80, ACTIVE, np.where(since <= 2 * p80, DORMANT, LOST)).astype(np.int8)
    state[view.occasions == 0] = PROSPECT
    return state


def of_shop(tx: Tx, columns: Columns) -> States:
    """Where every customer stands at the transaction's date."""
    view, day, p80 = columns.at(tx.today_number), tx.today_number, cycles.of_shop(tx, columns).p80
    return view.derived(("activity", day, p80), lambda: activity(view, as_of_day=day, p80=p80))
