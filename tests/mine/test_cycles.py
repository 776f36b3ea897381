from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import options
from shopcrm.collect import settings
from shopcrm.mine import cycles
from tests.builders import new_shop
from tests.mine.purchases import Bought, columns_of, histories

TODAY = 130


def naive_percentile(gaps: list[int], censored: list[int], q: Fraction) -> int:
    """Kaplan–Meier by its definition, in exact fractions."""
    surviving, height = Fraction(1), []
    for day in sorted(set(gaps)):
        at_risk = sum(1 for value in gaps + censored if value >= day)
        surviving *= 1 - Fraction(gaps.count(day), at_risk)
        height.append((day, 1 - surviving))
    return next(day for day, value in height if value >= q * height[-1][1])


@given(
    gaps=st.lists(st.integers(1, 40), min_size=1, max_size=60),
    censored=st.lists(st.integers(0, 60), max_size=40),
    q=st.sampled_from((Fraction(1, 4), Fraction(1, 2), Fraction(4, 5), Fraction(1))),
)
def test_percentiles_are_those_of_the_definition(gaps: list[int], censored: list[int], q: Fraction) -> None:
    found = cycles.curve(np.array(gaps), np.array(censored, np.int64))
    assert found.percentile(float(q)) == naive_percentile(gaps, censored, q)


def test_open_intervals_stretch_the_cycle() -> None:
    """Freireich's leukaemia trial (1963), treated arm: the worked example of every textbook on the curve."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    open_ = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    found = cycles.curve(np.array(ended), np.array(open_))
    assert found.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert np.round(1 - found.height, 3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]


def test_a_curve_without_a_second_purchase_has_no_percentiles() -> None:
    with pytest.raises(ValueError, match="without an event"):
        cycles.curve(np.array([], np.int64), np.array([5])).percentile(0.5)


def test_under_fifty_gaps_the_owner_says_the_cycle() -> None:
    history = [[Bought(10), Bought(10 + 20 + index % 3)] for index in range(50)]
    found = cycles.shop_cycle(columns_of(history[:49]), as_of_day=TODAY, owner_days=75)
    assert (found.gaps, found.p25, found.p50, found.p80, found.source) == (49, None, None, 75, "owner")
    assert found.typical == 75
    found = cycles.shop_cycle(columns_of(history), as_of_day=TODAY, owner_days=75)
    assert (found.gaps, found.p25, found.p50, found.p80, found.source) == (50, 20, 21, 22, "history")
    assert found.typical == 21


def test_the_owner_may_say_the_cycle_whatever_the_history_says() -> None:
    history = [[Bought(10), Bought(10 + 20 + index % 3)] for index in range(50)]
    found = cycles.shop_cycle(columns_of(history), as_of_day=TODAY, owner_days=75, source="owner")
    assert (found.gaps, found.p25, found.p50, found.p80, found.source) == (50, None, None, 75, "owner")
    assert (found.typical, found.stands, found.by_choice) == (75, True, True)
    short = cycles.shop_cycle(columns_of(history[:9]), as_of_day=TODAY, owner_days=75)
    assert not short.stands


def test_limits_of_active_and_dormant_are_the_cycle_or_the_owners(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    with shop.write() as tx:
        assert cycles.activity_limits(tx, shop.columns()) == (90, 180)
        settings.choose(tx, {options.CYCLE_DAYS: 40})
        assert cycles.activity_limits(tx, shop.columns()) == (40, 80)
        settings.choose(tx, {options.CYCLE_ACTIVE_DAYS: 60, options.CYCLE_DORMANT_DAYS: 200})
        assert cycles.activity_limits(tx, shop.columns()) == (60, 200)
        settings.choose(tx, {options.CYCLE_DORMANT_DAYS: 50})
        assert cycles.activity_limits(tx, shop.columns()) == (60, 60)
    shop.close()


@given(history=histories(last=TODAY), shop_days=st.integers(1, 90))
def test_own_cycle_and_due_rule_are_those_of_the_definition(history: list[list[Bought]], shop_days: int) -> None:
    found = cycles.due(columns_of(history), as_of_day=TODAY, shop_days=shop_days)
    for row, one in enumerate(history):
        days = [bought.day for bought in one]
        if not days:
            assert np.isnan(found.ratio[row])
            assert not found.listed[row]
            continue
        gaps = [later - earlier for earlier, later in pairwise(days)]
        own = Fraction(2 * shop_days) + (len(gaps) * Fraction(median(gaps)) if gaps else 0)
        own /= 2 + len(gaps)
        ratio = (TODAY - days[-1]) / own
        assert found.cycles.days[row] == pytest.approx(float(own))
        assert found.ratio[row] == pytest.approx(float(ratio))
        bounds = (Fraction(4, 5), Fraction(6, 5), Fraction(3, 2))
        band = "gone" if ratio > 3 else cycles.BANDS[sum(ratio >= bound for bound in bounds)]
        assert cycles.BANDS[found.band[row]] == band
        assert found.listed[row] == (Fraction(4, 5) <= ratio <= 3)
        assert found.due_on[row] == days[-1] + (2 * own + 1) // 2


def test_columns_that_know_the_future_are_refused() -> None:
    view = columns_of([[Bought(TODAY + 1)]])
    with pytest.raises(ValueError, match="after as_of"):
        cycles.due(view, as_of_day=TODAY, shop_days=30)
    with pytest.raises(ValueError, match="after as_of"):
        cycles.shop_cycle(view, as_of_day=TODAY, owner_days=30)
