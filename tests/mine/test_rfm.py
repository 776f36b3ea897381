from __future__ import annotations

import csv
import lzma
import os
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import clock, options
from shopcrm.mine import cycles, rfm
from shopcrm.mine.cycles import ShopCycle
from shopcrm.mine.points import points
from shopcrm.mine.rfm import GROUP_KEYS, NO_GROUP, RfmRule
from shopcrm.store.columns import Columns
from tests.mine.purchases import Bought, columns_of, histories

TODAY = 120
GROUP_OF = {
    "near high high": "privileged", "near low low": "to_develop", "near low high": "valuable",
    "far high high": "to_win_back", "near high low": "to_maintain", "far low high": "to_revive",
    "far high low": "ordinary", "far low low": "low_value",
}  # fmt: skip


def test_every_combination_of_levels_is_a_group_of_its_own() -> None:
    assert {" ".join(group.levels): group.key for group in rfm.GROUPS} == GROUP_OF


def test_the_defaults_are_the_options() -> None:
    rule = RfmRule()
    for option in options.SHOP_OPTIONS:
        if option.key.startswith("rfm."):
            assert getattr(rule, option.key.removeprefix("rfm.")) == option.default


rules = st.builds(
    RfmRule,
    window_days=st.sampled_from((0, 1, 30, 60, 120, 365)),
    money=st.sampled_from(options.RFM_MONEY.choices),
    r_rule=st.sampled_from(options.RFM_R_RULE.choices),
    f_rule=st.sampled_from(options.RFM_F_RULE.choices),
    m_rule=st.sampled_from(options.RFM_M_RULE.choices),
    r_fixed=st.integers(1, 60),
    f_fixed=st.integers(1, 4),
    m_fixed=st.integers(0, 400),
    r_cuts=st.sampled_from(("", "5,10,30,60", "0,1,2,3")),
    f_cuts=st.sampled_from(("", "1,2,3,4", "2,9,10,11")),
    m_cuts=st.sampled_from(("", "100,101,150,200", "400,500,600,700")),
)
shop_cycles = st.one_of(
    st.none(),
    st.builds(ShopCycle, st.just(50), st.just(10), st.just(20), st.integers(1, 90), st.just("history")),
    st.just(ShopCycle(3, None, None, 40, "owner")),
    st.just(ShopCycle(70, None, None, 40, "owner", by_choice=True)),
)


def naive_scores(values: list[int], cuts: str, *, low_is_best: bool = False) -> list[int]:
    """1 to 5: how many of the cut points lie below; without given ones the nearest ranks of 20, 40, 60, 80 %."""
    ordered = sorted(values)
    least = [next(value for value in ordered if sum(one <= value for one in values) * 5 >= part * len(values))
             for part in range(1, 5) if values]  # fmt: skip
    points = [int(cut) for cut in cuts.split(",")] if cuts else least
    steps = [sum(value > point for point in points) for value in values]
    return [5 - step if low_is_best else step + 1 for step in steps]


def naive_high(values: list[int | None], cuts: str, *, low_is_best: bool = False) -> list[bool]:
    """Whose score is above the mean score."""
    scored = naive_scores([value for value in values if value is not None], cuts, low_is_best=low_is_best)
    rest = iter(scored)
    return [value is not None and next(rest) * len(scored) > sum(scored) for value in values]


def naive(history: list[list[Bought]], rule: RfmRule, cycle: ShopCycle | None) -> list[tuple[object, ...] | None]:
    """The rule, customer by customer: R, F, M in minor units, group."""

    def amount(one: list[Bought]) -> int | None:
        priced = [bought for bought in one if bought.priced]
        if not priced:
            return None
        parts = {"total": 1, "per_order": sum(bought.priced for bought in priced), "per_occasion": len(priced)}
        average = Decimal(sum(bought.net for bought in priced)) / parts[rule.money]
        return int(average.quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def threshold(values: list[int], kind: str, fixed: int) -> Fraction | None:
        if kind == "fixed":
            return Fraction(fixed)
        if not values or kind == "scores":
            return None
        return Fraction(median(values)) if kind == "median" else Fraction(sum(values), len(values))

    recency = [TODAY - one[-1].day if one else None for one in history]
    window = [[b for b in one if not rule.window_days or TODAY - b.day < rule.window_days] for one in history]
    frequency = [len(one) for one in window]
    money = [amount(one) for one in window]
    if rule.r_rule == "cycle" and cycle is not None and (cycle.source == "history" or cycle.by_choice):
        r: Fraction | None = Fraction(cycle.p80)
    else:
        kind = "mean" if rule.r_rule == "cycle" else rule.r_rule
        r = threshold([value for value in recency if value is not None], kind, rule.r_fixed)
    f = threshold([value for value in frequency if value], rule.f_rule, rule.f_fixed)
    m = threshold([value for value in money if value is not None], rule.m_rule, rule.m_fixed)

    scored_near = naive_high(recency, rule.r_cuts, low_is_best=True)
    scored_often = naive_high([times or None for times in frequency], rule.f_cuts)
    scored_high = naive_high(money, rule.m_cuts)
    found: list[tuple[object, ...] | None] = []
    for row, (days, times, spent) in enumerate(zip(recency, frequency, money, strict=True)):
        if days is None:
            found.append(None)
            continue
        near = "near" if r is not None and days <= r else "far"
        frequent = "high" if f is not None and times and times >= f else "low"
        high = "high" if m is not None and spent is not None and spent >= m else "low"
        if rule.r_rule == "scores":
            near = "near" if scored_near[row] else "far"
        if rule.f_rule == "scores":
            frequent = "high" if scored_often[row] else "low"
        if rule.m_rule == "scores":
            high = "high" if scored_high[row] else "low"
        found.append((days, times, spent or 0, GROUP_OF[f"{near} {frequent} {high}"]))
    return found


@given(history=histories(last=TODAY), rule=rules, cycle=shop_cycles)
def test_scores_are_those_of_the_definition(
    history: list[list[Bought]], rule: RfmRule, cycle: ShopCycle | None
) -> None:
    found = rfm.score(columns_of(history), rule, as_of_day=TODAY, cycle=cycle)
    expected = naive(history, rule, cycle)
    for row, one in enumerate(expected):
        if one is None:
            assert found.group[row] == NO_GROUP
        else:
            key = GROUP_KEYS[found.group[row]]
            assert (found.recency[row], found.frequency[row], found.monetary[row], key) == one
            group = rfm.GROUPS[found.group[row]]
            assert ("near" if found.near[row] else "far") == group.levels[0]
            assert ("high" if found.frequent[row] else "low") == group.levels[1]
            assert ("high" if found.high[row] else "low") == group.levels[2]

    assert [line.key for line in found.groups] == list(GROUP_KEYS)
    assert sum(line.customers for line in found.groups) == found.customers == sum(one is not None for one in expected)
    window = [b for one in history for b in one if not rule.window_days or TODAY - b.day < rule.window_days]
    assert sum(line.revenue for line in found.groups) == sum(bought.net for bought in window)
    shares = sum(line.share for line in found.groups)
    assert shares == pytest.approx(1.0 if any(bought.net for bought in window) else 0.0)


def test_equal_customers_are_all_near_and_high() -> None:
    """A mean of equal averages is that average: nobody falls below it by a rounding error."""
    history = [[Bought(100, 1000, 3, 3)] for _ in range(7)]
    found = rfm.score(columns_of(history), RfmRule(), as_of_day=TODAY)
    assert found.groups[GROUP_KEYS.index("privileged")].customers == 7
    assert found.monetary.tolist() == [333] * 7


def test_who_bought_only_before_the_window_is_low_and_moves_no_threshold() -> None:
    history = [[Bought(0, 900)], [Bought(100, 100)], [Bought(110, 100), Bought(115, 300)]]
    found = rfm.score(columns_of(history), RfmRule(window_days=30), as_of_day=TODAY)
    assert found.thresholds.f == 1.5
    assert found.thresholds.m == 150.0
    assert [GROUP_KEYS[index] for index in found.group] == ["low_value", "to_develop", "privileged"]
    assert found.frequency.tolist() == [0, 1, 2]
    assert found.recency[0] == TODAY


def test_scores_of_ten_customers() -> None:
    """Worked by hand: quintiles of 10 … 100 are 20, 40, 60, 80, so two customers stand on each step."""
    history = [[Bought(TODAY - 10 * who, 1000 + who)] for who in range(1, 11)]
    rule = RfmRule(r_rule="scores", f_rule="fixed", f_fixed=1, m_rule="scores", m_cuts="1000,1002,1004,1010")
    found = rfm.score(columns_of(history), rule, as_of_day=TODAY)
    near, spent = found.points["r"], found.points["m"]
    assert (near.cuts, near.given, near.mean, near.high_from) == ((20, 40, 60, 80), False, 3.0, 4)
    assert near.by_customer.tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert (spent.cuts, spent.given, spent.mean, spent.high_from) == ((1000, 1002, 1004, 1010), True, 3.4, 4)
    assert spent.by_customer.tolist() == [2, 2, 3, 3, 4, 4, 4, 4, 4, 4]
    assert (found.thresholds.r, found.thresholds.m) == (40.0, 1005.0)
    assert found.near.tolist() == [True] * 4 + [False] * 6
    assert found.high.tolist() == [False] * 4 + [True] * 6
    assert set(found.points) == {"r", "m"}


def test_equal_values_never_part_and_nobody_is_above_a_mean_that_all_share() -> None:
    once = [[Bought(100)] for _ in range(8)]
    rule = RfmRule(r_rule="scores", f_rule="scores", m_rule="scores")
    found = rfm.score(columns_of([*once, [Bought(90), Bought(100)]]), rule, as_of_day=TODAY)
    assert found.points["f"].by_customer.tolist() == [1] * 8 + [5]
    assert found.frequent.tolist() == [False] * 8 + [True]
    assert found.points["r"].by_customer.tolist() == [5] * 9
    assert (found.points["r"].high_from, found.thresholds.r, bool(found.near.any())) == (6, None, False)
    assert rfm.score(columns_of([[]]), rule, as_of_day=TODAY).points == {}


@given(values=st.lists(st.integers(0, 2**40), min_size=1, max_size=40), cuts=st.sampled_from(("", "5,10,2000,70000")))
def test_large_values_are_scored_alike(values: list[int], cuts: str) -> None:
    given_cuts = options.cut_points(cuts)
    for low_is_best in (False, True):
        found = points(np.array(values), np.ones(len(values), np.bool_), given=given_cuts, low_is_best=low_is_best)
        assert found is not None
        assert found.by_customer.tolist() == naive_scores(values, cuts, low_is_best=low_is_best)


@pytest.mark.parametrize("text", ["30", "30,60,90", "30,60,60,90", "90,60,30,10", "30, 60, 90, x", "-1,2,3,4"])
def test_cut_points_are_four_rising_numbers(text: str) -> None:
    assert not options.RFM_R_CUTS.takes(text)
    assert options.RFM_R_CUTS.takes("30,60,90,180")
    assert options.RFM_R_CUTS.takes("")


@pytest.fixture(scope="module")
def online_retail() -> Columns:
    folder = os.environ.get("SHOPCRM_TEST_DATA")
    path = Path(folder or ".") / "online_retail" / "online_retail.csv.xz"
    if not folder or not path.exists():
        pytest.skip("the real orders are not here (SHOPCRM_TEST_DATA)")
    per_day: defaultdict[tuple[str, int], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            quantity, price = int(line["Quantity"]), Decimal(line["UnitPrice"])
            if line["CustomerID"] and quantity > 0 and price > 0:
                day = clock.day_number(date.fromisoformat(line["InvoiceDate"][:10]))
                per_day[line["CustomerID"], day][line["InvoiceNo"]] += quantity * price
    history: defaultdict[str, list[Bought]] = defaultdict(list)
    for (customer, day), invoices in sorted(per_day.items()):
        net = sum(int(amount * 100) for amount in invoices.values())
        history[customer].append(Bought(day, net, len(invoices), len(invoices)))
    return columns_of([history[customer] for customer in sorted(history)])


def test_online_retail_comes_out_as_published(online_retail: Columns) -> None:
    today = clock.day_number(date(2011, 12, 10))
    whole = RfmRule(window_days=0, money="total")
    found = rfm.score(online_retail, whole, as_of_day=today)
    assert found.customers == 4338
    assert found.means.recency == pytest.approx(93.06, abs=0.005)
    assert found.means.frequency == pytest.approx(3.864, abs=0.0005)
    assert found.means.monetary == pytest.approx(205_427, abs=0.5)
    assert found.orders.sum() / 4338 == pytest.approx(4.272, abs=0.0005)
    assert found.net.sum() == 891_140_790
    assert found.thresholds.f == found.means.frequency
    # 12346 and 12347 are the first two customers.
    assert found.orders[:2].tolist() == [1, 7]
    assert found.net[:2].tolist() == [7_718_360, 431_000]

    cycle = cycles.shop_cycle(online_retail, as_of_day=today, owner_days=90)
    gaps, _ = cycles.gaps_of(online_retail)
    assert cycle.source == "history"
    assert cycle.gaps == len(gaps) == online_retail.occasions.sum() - 4338
    by_cycle = rfm.score(online_retail, replace(whole, r_rule="cycle"), as_of_day=today, cycle=cycle)
    assert by_cycle.thresholds.r == cycle.p80
    assert all(line.customers for line in by_cycle.groups)
