"""Scores from 1 to 5 of one figure, by cut points given or by quantiles (row M1)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

HIGHEST: Final = 5
_COUNTED_TO: Final = 1 << 16  # up to this largest value counting is faster than partitioning


@dataclass(frozen=True, eq=False)
class Points:
    """One figure's scores. A cut point is the last value of its step: up to the first is one end of the scale.

    Cut points from quantiles may be equal: then the steps between them are empty, and equal values never part.
    """

    cuts: tuple[int, ...]
    given: bool  # by the owner; else the quintiles
    low_is_best: bool  # few days score 5; few purchases and little money score 1
    mean: float  # of those who have the figure
    high_from: int  # the least score above the mean; 6 where everybody has 5
    by_customer: NDArray[np.int8]  # 0: has not the figure

    @property
    def limit(self) -> Fraction | None:
        """The figure at which high begins (or, where low is best, ends); None: nobody is above the mean."""
        if self.high_from > HIGHEST:
            return None
        if self.low_is_best:
            return Fraction(self.cuts[HIGHEST - self.high_from])
        return Fraction(self.cuts[self.high_from - 2] + 1)


def points(
    values: NDArray[np.integer[Any]],
    has: NDArray[np.bool_],
    *,
    given: tuple[int, ...] = (),
    low_is_best: bool = False,
) -> Points | None:
    """Score the values of those who `has` marks; None when there are none.

    Args:
        values: Whole numbers ≥ 0, one a customer.
        has: Who has the figure.
        given: The four cut points; without them they are the 20, 40, 60 and 80 % quantiles, each the least value
            that at least such a share of the customers does not exceed.
        low_is_best: 5 for the smallest values instead of the largest.
    """
    own = values[has]
    if not len(own):
        return None
    cuts = given or quintiles(own)
    above = np.ones(len(values), np.int8)
    for cut in cuts:
        above += values > cut
    scores = np.where(has, HIGHEST + 1 - above if low_is_best else above, 0).astype(np.int8)
    counts = np.bincount(scores, minlength=HIGHEST + 1).tolist()
    mean = Fraction(sum(score * count for score, count in enumerate(counts)), len(own))
    return Points(
        cuts=cuts,
        given=bool(given),
        low_is_best=low_is_best,
        mean=float(mean),
        high_from=floor(mean) + 1,
        by_customer=scores,
    )


def quintiles(values: NDArray[np.integer[Any]]) -> tuple[int, ...]:
    """The 20, 40, 60 and 80 % quantiles of at least one value, by the nearest rank."""
    ranks = [-(-len(values) * part // HIGHEST) - 1 for part in range(1, HIGHEST)]
    if int(values.max()) < _COUNTED_TO:
        below = np.cumsum(np.bincount(values))
        return tuple(np.searchsorted(below, np.array(ranks), side="right").tolist())
    return tuple(np.partition(values, ranks)[ranks].tolist())
