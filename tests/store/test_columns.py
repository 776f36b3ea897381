from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert

from shopcrm.store import columns, driver
from shopcrm.store.columns import NO_DAY, REMEMBERED, Columns
from shopcrm.store.tables import metadata
from shopcrm.store.tables.customers import customers
from shopcrm.store.tables.statistics import customer_statistics, occasions
from tests.mine.purchases import Bought, columns_of, histories

ARRAYS = [name for name, kind in Columns.__annotations__.items() if not name.startswith("_")]


@given(history=histories(), day=st.integers(-1, 130))
def test_as_of_a_day_what_came_later_does_not_exist(history: list[list[Bought]], day: int) -> None:
    seen = columns_of(history).at(day)
    expected = columns_of([[bought for bought in one if bought.day <= day] for one in history])
    unchanged = {"paid_total", "returned_total"}
    for name in ARRAYS:
        if name not in unchanged:
            np.testing.assert_array_equal(getattr(seen, name), getattr(expected, name), name)


def test_a_day_on_or_after_the_last_occasion_costs_nothing_and_every_view_is_kept() -> None:
    whole = columns_of([[Bought(3), Bought(8)]])
    assert whole.at(8) is whole
    assert whole.at(7) is whole.at(7)
    assert whole.at(7).last_day[0] == 3


def test_nothing_can_be_written_into_columns() -> None:
    whole = columns_of([[Bought(3)]])
    with pytest.raises(ValueError, match="read-only"):
        whole.net_total[0] = 5


def test_rows_of_ids_leave_out_who_is_not_there() -> None:
    whole = columns_of([[], [], []])
    assert whole.rows(np.array([30, 7, 10, 99])).tolist() == [2, 0]
    assert len(columns_of([]).rows(np.array([1]))) == 0


def test_what_customers_are_worth_by_id() -> None:
    whole = columns_of([[Bought(3, net=700)], [], [Bought(5, net=100), Bought(8, net=50)]])
    net_total, last_day = whole.worth(np.array([99, 30, 7, 20, 10]))
    assert net_total.tolist() == [0, 150, 0, 0, 700]
    assert last_day.tolist() == [NO_DAY, 8, NO_DAY, NO_DAY, 3]
    assert columns_of([]).worth(np.array([1]))[0].tolist() == [0]


def test_what_is_worked_out_is_remembered_and_the_oldest_forgotten() -> None:
    whole = columns_of([])
    made: list[int] = []
    for key in (0, 0, *range(1, REMEMBERED + 1), 0):
        whole.derived(key, lambda key=key: made.append(key))  # type: ignore[misc]  # a default binds the key
    assert made == [0, *range(1, REMEMBERED + 1), 0]


@pytest.mark.parametrize("at_once", [1, 2, 20_000])
def test_loading_reads_every_customer_and_occasion(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_AT_ONCE", at_once)
    engine = create_engine("sqlite://", module=driver.dbapi)
    metadata.create_all(engine)
    with engine.begin() as connection:
        assert len(columns.load(connection)) == 0
        connection.execute(insert(customers), [{"id": key, "name": "", "created_at": 0} for key in (7, 3, 5)])
        connection.execute(
            insert(customer_statistics),
            [
                {
                    "customer_id": 7, "first_day": 100, "last_day": 131, "occasions": 2, "orders": 3,
                    "priced_orders": 2, "net_total": 5_000_000_000, "paid_total": 6_000_000_000,
                    "returned_total": 9, "units": 4,
                },
                {
                    "customer_id": 5, "first_day": None, "last_day": None, "occasions": 0, "orders": 0,
                    "priced_orders": 0, "net_total": 0, "paid_total": 0, "returned_total": 1, "units": 0,
                },
            ],
        )  # fmt: skip
        values = [(7, 131, 2, 1, 4_000_000_000, 3), (7, 100, 1, 1, 1_000_000_000, 1)]
        names = ("customer_id", "day", "orders", "priced_orders", "net", "units")
        connection.execute(insert(occasions), [dict(zip(names, value, strict=True)) for value in values])
        found = columns.load(connection)
    assert found.ids.tolist() == [3, 5, 7]
    assert found.first_day.tolist() == [NO_DAY, NO_DAY, 100]
    assert found.net_total.tolist() == [0, 0, 5_000_000_000]
    assert found.returned_total.tolist() == [0, 1, 9]
    assert found.starts.tolist() == [0, 0, 0, 2]
    assert found.owner.tolist() == [2, 2]
    assert found.day.tolist() == [100, 131]
    assert found.day_net.tolist() == [1_000_000_000, 4_000_000_000]
    assert found.mean_gap.tolist()[2] == 31.0
    assert np.isnan(found.mean_gap[:2]).all()
