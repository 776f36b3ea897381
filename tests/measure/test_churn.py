from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shopcrm.measure import churn
from shopcrm.measure.repurchase import Rate, Span, month_span
from tests.mine.purchases import Bought, columns_of, histories

TODAY = 130  # 1970-05-11
spans = st.tuples(st.integers(1, TODAY), st.integers(1, TODAY)).map(lambda ends: Span(min(ends), max(ends)))


def lost_on(days: list[int], day: int, *, limit: int) -> bool | None:
    """By the definition, looked at on a day: None for who had not bought yet."""
    known = [one for one in days if one <= day]
    return day - known[-1] > limit if known else None


@given(history=histories(last=TODAY), span=spans, limit=st.integers(0, 90))
def test_churn_is_who_was_not_lost_before_and_was_lost_on_a_day_of_the_month(
    history: list[list[Bought]], span: Span, limit: int
) -> None:
    found = churn.churn(columns_of(history), span=span, dormant_days=limit)
    for whole, part, bought in zip(found.whole.tolist(), found.part.tolist(), history, strict=True):
        days = [one.day for one in bought]
        assert whole == (lost_on(days, span.first - 1, limit=limit) is False)
        became = any(lost_on(days, day, limit=limit) for day in range(span.first, span.last + 1))
        assert part == (whole and became)


def test_the_running_month_is_counted_to_today_and_said_to_be_open() -> None:
    history = [[Bought(day, 100)] for day in (20, 40, 60, 100)]
    lines = churn.by_month(columns_of(history), first=0, last=4, as_of_day=TODAY, dormant_days=30)
    assert [(line.month, line.over, line.rate) for line in lines] == [
        (0, True, Rate(0, 0)),
        (1, True, Rate(1, 1)),
        (2, True, Rate(1, 1)),
        (3, True, Rate(1, 1)),
        (4, False, Rate(0, 1)),
    ]
    assert churn.until(4, as_of_day=TODAY) == Span(month_span(4).first, TODAY)
    assert churn.by_month(columns_of([]), first=0, last=0, as_of_day=TODAY, dormant_days=30)[0].rate.share is None
