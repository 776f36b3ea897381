from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from shopcrm.app import Shop
from shopcrm.base import clock
from shopcrm.mine import cycles, movement, rfm
from shopcrm.mine.movement import NOBODY
from shopcrm.mine.rfm import GROUP_KEYS, NO_GROUP
from shopcrm.store.columns import Columns
from tests.builders import TODAY, new_shop
from tests.mine.purchases import Bought, columns_of, histories

LAST_OF_MONTH = clock.day_number(date(2026, 10, 31))
END = clock.day_number(TODAY)
START = END - 120


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Only its date and options matter; the columns are made up."""
    opened = new_shop(tmp_path_factory.mktemp("moving") / "shop")
    yield opened
    opened.close()


def shifted(history: list[list[Bought]]) -> Columns:
    return columns_of([[Bought(START + b.day, b.net, b.orders, b.priced) for b in one] for one in history])


@settings(max_examples=60)
@given(history=histories(last=120))
def test_rows_are_the_sizes_then_and_columns_those_of_now(shop: Shop, history: list[list[Bought]]) -> None:
    columns = shifted(history)
    with shop.read() as tx:
        found = movement.movement(tx, columns)
        now = rfm.scores(tx, columns)
        # As somebody would have seen it on that day, who knew nothing of what came after.
        past = shifted([[b for b in one if START + b.day <= LAST_OF_MONTH] for one in history])
        cycle = cycles.shop_cycle(past, as_of_day=LAST_OF_MONTH, owner_days=90)
        then = rfm.score(past, rfm.rule_of(tx), as_of_day=LAST_OF_MONTH, cycle=cycle)
    assert found.then_day == LAST_OF_MONTH
    assert found.matrix.sum() == len(columns)
    assert found.matrix.sum(axis=1)[1:].tolist() == [line.customers for line in then.groups]
    assert found.matrix.sum(axis=0)[1:].tolist() == [line.customers for line in now.groups]
    assert found.matrix[1:, 0].sum() == 0, "who has bought stays in a group"
    for key in GROUP_KEYS:
        came, went = found.came_from(key), found.went_to(key)
        assert found.change(key) == sum(came.values()) - sum(went.values())
        assert sum(came.values()) == len(found.moved(to=key))
        assert sum(went.values()) == len(found.moved(from_=key))
        for other, count in came.items():
            ids = found.moved(from_=other, to=key)
            rows = columns.rows(ids)
            assert len(ids) == count
            assert {int(group) for group in then.group[rows]} == {GROUP_KEYS.index(other) if other else NO_GROUP}
            assert {int(group) for group in now.group[rows]} == {GROUP_KEYS.index(key)}


def test_who_is_new_this_month_came_from_nowhere(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop", as_of=date(2026, 11, 1))
    day = clock.day_number(date(2026, 11, 1))
    with shop.read() as tx:
        found = movement.movement(tx, columns_of([[Bought(day - 1)], [Bought(day)]]))
    shop.close()
    assert found.known_then == 1
    (key,) = [key for key in GROUP_KEYS if NOBODY in found.came_from(key)]
    assert found.moved(from_=NOBODY, to=key).tolist() == [20]
    assert clock.day_date(found.then_day) == date(2026, 11, 1) - timedelta(days=1)
    assert isinstance(found.moved(), np.ndarray)
