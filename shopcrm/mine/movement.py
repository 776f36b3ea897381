"""Who moved between the eight groups since the end of last month (row M1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shopcrm.base import clock
from shopcrm.mine import rfm
from shopcrm.mine.rfm import GROUP_KEYS, NO_GROUP
from shopcrm.store.columns import Columns, Ints
from shopcrm.store.tx import Tx

NOBODY: Final = ""  # the key for "in no group": had not bought yet
_PLACES: Final = len(GROUP_KEYS) + 1


@dataclass(frozen=True, eq=False)
class Movement:
    """Everybody's group at the end of last month and now, by the rule of now; aligned with `ids`."""

    then_day: int
    ids: Ints
    then: NDArray[np.int8]
    now: NDArray[np.int8]
    matrix: Ints  # [then + 1, now + 1] counts customers; place 0 is no group: who joined, and who left

    def change(self, key: str) -> int:
        """How many more the group has than it had."""
        place = GROUP_KEYS.index(key) + 1
        return int(self.matrix[:, place].sum() - self.matrix[place].sum())

    @property
    def known_then(self) -> int:
        """How many were in a group then."""
        return int(self.matrix[1:].sum())

    def came_from(self, key: str) -> dict[str, int]:
        """How many came into the group, by the group they came from (`NOBODY`: new); only those with somebody."""
        return self._others(self.matrix[:, GROUP_KEYS.index(key) + 1], key)

    def went_to(self, key: str) -> dict[str, int]:
        """How many went out of the group, by the group they went to; only those with somebody."""
        return self._others(self.matrix[GROUP_KEYS.index(key) + 1], key)

    def moved(self, *, from_: str | None = None, to: str | None = None) -> Ints:
        """The ids of those who changed from a group and to a group; None for any other one."""
        keep = self.then != self.now
        if from_ is not None:
            keep &= self.then == _index(from_)
        if to is not None:
            keep &= self.now == _index(to)
        found: Ints = self.ids[keep]
        return found

    def _others(self, counts: Ints, key: str) -> dict[str, int]:
        named = zip((NOBODY, *GROUP_KEYS), counts.tolist(), strict=True)
        return {other: count for other, count in named if count and other != key}


def _index(key: str) -> int:
    return GROUP_KEYS.index(key) if key else NO_GROUP


def movement(tx: Tx, columns: Columns) -> Movement:
    """The groups at the transaction's date against those at the end of the month before it."""
    then_day = clock.day_number(tx.as_of.replace(day=1) - timedelta(days=1))
    then, now = rfm.scores_at(tx, columns, day=then_day), rfm.scores(tx, columns)
    return columns.derived(("movement", then, now), lambda: _between(columns.ids, then.group, now.group, then_day))


def _between(ids: Ints, then: NDArray[np.int8], now: NDArray[np.int8], then_day: int) -> Movement:
    pairs = (then.astype(np.int64) + 1) * _PLACES + now + 1
    matrix = np.bincount(pairs, minlength=_PLACES * _PLACES).reshape(_PLACES, _PLACES)
    return Movement(then_day, ids, then, now, matrix)
