from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import clock
from shopcrm.measure import repurchase as rules
from shopcrm.measure.repurchase import COHORT_DAYS, Rate, Span
from shopcrm.mine import activity, cycles
from shopcrm.store.columns import Columns
from tests.mine.purchases import Bought, columns_of, histories
from tests.mine.test_rfm import online_retail

__all__ = ["online_retail"]  # a fixture

TODAY = 130  # 1970-05-11
History = list[list[Bought]]
spans = st.tuples(st.integers(0, TODAY), st.integers(0, TODAY)).map(lambda ends: Span(min(ends), max(ends)))


def month(day: int) -> int:
    found = date(1970, 1, 1) + timedelta(days=day)
    return (found.year - 1970) * 12 + found.month - 1


def days_of(history: History) -> list[list[int]]:
    return [[bought.day for bought in one] for one in history]


@given(history=histories(last=TODAY), days=st.sampled_from((1, 10, 30, 60, 90, 180)), ended=spans)
def test_cohort_counts_only_whose_days_are_over(history: History, days: int, ended: Span) -> None:
    found = rules.cohort(columns_of(history), days=days, ended=ended)
    over = [days_ for days_ in days_of(history) if days_ and ended.first <= days_[0] + days <= ended.last]
    back = [days_ for days_ in over if len(days_) > 1 and days_[1] - days_[0] <= days]
    assert found.rate == (len(back), len(over))
    assert not np.any(found.part & ~found.whole)


@given(history=histories(last=TODAY), span=spans)
def test_period_counts_who_bought_twice_in_it(history: History, span: Span) -> None:
    times = [sum(span.first <= day <= span.last for day in days) for days in days_of(history)]
    found = rules.period(columns_of(history), span)
    assert found.rate == (sum(n >= 2 for n in times), sum(n >= 1 for n in times))


@given(history=histories(last=TODAY))
def test_steps_are_those_who_reached_one_more(history: History) -> None:
    reached = [len(days) for days in days_of(history)]
    found = rules.steps(columns_of(history))
    assert found == tuple(
        Rate(sum(times > n for times in reached), sum(times >= n for times in reached))
        for n in range(1, max(reached, default=0) + 1)
    )


@given(history=histories(last=TODAY), span=spans)
def test_purchases_are_first_or_returning_and_add_up(history: History, span: Span) -> None:
    view = columns_of(history)
    told = [
        (number, bought)
        for one in history
        for number, bought in enumerate(one, 1)
        if span.first <= bought.day <= span.last
    ]

    def expected(numbers: range) -> rules.Sums:
        chosen = [bought for number, bought in told if number in numbers]
        return rules.Sums(len(chosen), sum(one.priced for one in chosen), sum(one.net for one in chosen))

    assert rules.sums(view, rules.first_ones(view, span)) == expected(range(1, 2))
    assert rules.sums(view, rules.returning(view, span)) == expected(range(2, 99))
    assert rules.sums(view, rules.nth(view, span, n=2)) == expected(range(2, 3))
    assert rules.sums(view, rules.nth(view, span, n=3, and_later=True)) == expected(range(3, 99))

    assert rules.by_number(view, span, at_most=3) == (
        expected(range(1, 2)), expected(range(2, 3)), expected(range(3, 99))
    )  # fmt: skip
    months = rules.months(view, first=month(span.first), last=month(span.last))
    assert [line.month for line in months] == list(range(month(span.first), month(span.last) + 1))
    for line in months:
        inside = rules.month_span(line.month)
        assert line.new == rules.sums(view, rules.first_ones(view, inside))
        assert line.returning == rules.sums(view, rules.returning(view, inside))


@given(history=histories(last=TODAY), today=st.sampled_from((119, 120, TODAY)))
def test_a_cell_of_the_triangle_is_who_came_back_in_that_month_and_blank_until_it_is_over(
    history: History, today: int
) -> None:
    view = columns_of([[bought for bought in one if bought.day <= today] for one in history])
    first, last = 0, month(today)
    lines = rules.triangle(view, first=first, last=last, as_of_day=today)
    assert len(lines) == last - first + 1
    # Day 119 is 1970-04-30: with it April is over.
    newest = {119: 3, 120: 3, TODAY: 3}[today]
    for line in lines:
        began = [days for days in days_of(history) if days and month(days[0]) == line.month and days[0] <= today]
        assert line.size == len(began)
        assert len(line.back) == max(0, newest - line.month)
        for later, back in enumerate(line.back, 1):
            assert back == sum(any(month(day) == line.month + later for day in days) for days in began)
            assert rules.came_back(view, month=line.month, later=later).rate == (back, line.size)


@given(history=histories(last=TODAY), days=st.integers(0, 60))
def test_purchases_after_at_most_so_many_days(history: History, days: int) -> None:
    found = rules.after_at_most(columns_of(history), days=days)
    gaps = [later - earlier for one in days_of(history) for earlier, later in itertools.pairwise(one)]
    assert np.count_nonzero(found) == sum(gap <= days for gap in gaps)


@given(history=histories(last=TODAY))
def test_a_purchase_keeps_its_number_while_others_come_and_go(history: History) -> None:
    view = columns_of(history)
    ids = rules.purchase_ids(view, np.ones(len(view.day), np.bool_))
    rows = rules.purchase_rows(view, ids)
    assert sorted(rows.tolist()) == list(range(len(view.day)))
    assert view.day[rows].tolist() == sorted(view.day.tolist(), reverse=True)
    fewer = columns_of(history[:-1])
    assert len(rules.purchase_rows(fewer, ids)) == len(fewer.day)


@given(history=histories(last=TODAY), active=st.integers(1, 70), more=st.integers(0, 70))
def test_active_dormant_and_lost_are_those_of_the_definition(history: History, active: int, more: int) -> None:
    dormant = active + more
    found = activity.activity(columns_of(history), as_of_day=TODAY, active_days=active, dormant_days=dormant)
    for state, days in zip(found.tolist(), days_of(history), strict=True):
        since = TODAY - days[-1] if days else None
        if since is None:
            assert state == activity.PROSPECT
        else:
            assert activity.STATES[state] == (
                "active" if since <= active else "dormant" if since <= dormant else "lost"
            )


def test_an_empty_shop_has_rates_of_nobody() -> None:
    view = columns_of([])
    everything = rules.all_days(view, as_of_day=TODAY)
    assert rules.cohort(view, days=30, ended=everything).rate.share is None
    assert rules.period(view, everything).rate.share is None
    assert rules.steps(view) == ()
    assert rules.sums(view, rules.returning(view, everything)).average is None


# A real shop's year, counted a second time by other means


@pytest.fixture(scope="module")
def frame(online_retail: Columns) -> pd.DataFrame:  # the fixture
    """One row an occasion: who, when, how much; nothing else of the columns is used."""
    return pd.DataFrame(
        {
            "who": online_retail.ids[online_retail.owner],
            "at": pd.to_datetime(online_retail.day, unit="D", origin="unix"),
            "net": online_retail.day_net,
            "orders": online_retail.day_priced,
        }
    )


def test_online_retail_by_pandas(online_retail: Columns, frame: pd.DataFrame) -> None:
    view, as_of = online_retail, pd.Timestamp("2011-12-10")
    today = clock.day_number(as_of.date())
    everything = rules.all_days(view, as_of_day=today)
    per = frame.sort_values(["who", "at"]).groupby("who")["at"]
    first, second = per.first(), per.nth(1).set_axis(frame.sort_values(["who", "at"]).groupby("who").nth(1)["who"])
    second = second.reindex(first.index)
    for days in COHORT_DAYS:
        over = first[first + pd.Timedelta(days=days) <= as_of]
        back = (second[over.index] - over) <= pd.Timedelta(days=days)
        assert rules.cohort(view, days=days, ended=everything).rate == (int(np.count_nonzero(back)), len(over))

    year = frame[frame["at"] > as_of - pd.Timedelta(days=365)].groupby("who").size()
    assert rules.period(view, Span(today - 364, today)).rate == (int((year >= 2).sum()), len(year))
    times = frame.groupby("who").size()
    assert rules.steps(view) == tuple(
        Rate(int((times > n).sum()), int((times >= n).sum())) for n in range(1, rules.STEPS_AT_MOST + 1)
    )

    frame = frame.assign(again=frame["at"] > frame["who"].map(first), month=frame["at"].dt.to_period("M"))
    lines = rules.months(view, first=rules.month_number(date(2010, 12, 1)), last=rules.month_number(date(2011, 12, 1)))
    for line in lines:
        inside = frame[frame["month"] == pd.Period(rules.month_start(line.month), freq="M")]
        back = inside[inside["again"]]
        assert line.orders == (len(back), len(inside))
        assert line.revenue == (int(back["net"].sum()), int(inside["net"].sum()))

    began = frame["who"].map(first).dt.strftime("%Y-%m")
    groups = frame.assign(began=began, bought=frame["at"].dt.strftime("%Y-%m")).groupby(["began", "bought"])
    cells: dict[Any, int] = groups["who"].nunique().to_dict()
    triangle = rules.triangle(view, first=lines[0].month, last=lines[-1].month, as_of_day=today)
    for cohort in triangle:
        names = [f"{rules.month_start(cohort.month + later):%Y-%m}" for later in range(len(cohort.back) + 1)]
        assert [cohort.size, *cohort.back] == [cells[names[0], name] for name in names]
    assert len(triangle[0].back) == 11  # December 2011 is not over

    cycle = cycles.shop_cycle(view, as_of_day=today, owner_days=90)
    since = (as_of - per.last()).dt.days
    states = activity.activity(view, as_of_day=today, active_days=cycle.p80, dormant_days=2 * cycle.p80)
    assert [int(np.count_nonzero(states == state)) for state in range(3)] == [
        int((since <= cycle.p80).sum()),
        int(((since > cycle.p80) & (since <= 2 * cycle.p80)).sum()),
        int((since > 2 * cycle.p80).sum()),
    ]
