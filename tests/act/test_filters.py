from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from shopcrm.act import filters, reminders
from shopcrm.act.filters import DUE, Condition, Test
from shopcrm.app import Shop
from tests.act.test_field_columns import give
from tests.builders import TODAY, new_shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    opened = new_shop(tmp_path_factory.mktemp("filters") / "shop")
    give(opened)
    yield opened
    opened.close()


def met(shop: Shop, *conditions: Condition) -> list[int]:
    with shop.read() as tx:
        keep = filters.all_of(tx, shop.columns(), conditions)
        assert keep is not None
        found: list[int] = shop.columns().ids[keep].tolist()
        return found


def _ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition("occupation", Test.CONTAINS, ("店",)), [2]),
        (Condition("occupation", Test.LACKS, ("店",)), [1, 3, 4, 5, 6, 7, 8, 9]),
        (Condition("occupation", Test.IS, ("教师",)), [4]),
        (Condition("occupation", Test.FILLED), [2, 4]),
        (Condition("gender", Test.ANY, ("male", "other")), [4]),
        (Condition("gender", Test.NONE, ("male",)), [1, 2, 3, 5, 6, 7, 8, 9]),
        (Condition("tags", Test.ANY, ("宝妈群", "没有的")), [1, 2, 5]),
        (Condition("tags", Test.NONE, ("宝妈群",)), [3, 4, 6, 7, 8, 9]),
        (Condition("tags", Test.EMPTY), [3, 4, 6, 7, 8, 9]),
        (Condition("phone", Test.CONTAINS, ("138 0013-0004",)), [5]),
        (Condition("phone", Test.CONTAINS, ("0005",)), [6]),
        (Condition("region", Test.CONTAINS, ("浙江 杭",)), [1, 4, 7]),
        (Condition("occasions", Test.BETWEEN, (3, None)), [3, 4, 7, 8]),
        (Condition("occasions", Test.BETWEEN, (2, 3)), [2, 3, 6, 7]),
        (Condition("net_total", Test.BETWEEN, (None, 12_800)), [1, 5, 9]),
        (Condition("notes", Test.BETWEEN, (1, 1)), []),
        (Condition("birthday", Test.ANY, (12, 1)), [2]),
        (Condition("last_day", Test.EMPTY), [9]),
        (Condition("last_day", Test.LAST_DAYS, (3,)), [1, 2, 3]),
        (Condition("last_day", Test.OLDER, (6,)), [7, 8]),
        (Condition("last_day", Test.BETWEEN, (_ago(4), _ago(2))), [3, 4, 5]),
        (Condition("last_day", Test.BETWEEN, (None, _ago(7))), [8]),
        (Condition("next_birthday", Test.NEXT_DAYS, (366,)), [2]),
    ],
    ids=lambda value: "-".join(map(str, (value.field, value.test))) if isinstance(value, Condition) else "",
)
def test_conditions_of_every_kind(shop: Shop, condition: Condition, expected: list[int]) -> None:
    assert met(shop, condition) == expected


def test_conditions_hold_together_and_none_lists_all(shop: Shop) -> None:
    assert met(shop, Condition("tags", Test.ANY, ("宝妈群",)), Condition("occasions", Test.BETWEEN, (2, None))) == [2]
    with shop.read() as tx:
        assert filters.all_of(tx, shop.columns(), ()) is None


def test_the_end_of_a_month_belongs_to_it_and_the_next_day_does_not(shop: Shop) -> None:
    first = TODAY.replace(day=1)
    expected = [who + 1 for who in range(8) if TODAY - timedelta(days=who) >= first]
    assert met(shop, Condition("last_day", Test.THIS_MONTH)) == expected


def test_who_is_due_stands_on_todays_list(shop: Shop) -> None:
    with shop.read() as tx:
        due = sorted(map(int, reminders.due_ids(tx, shop.columns())))
    assert met(shop, Condition(DUE, Test.FILLED)) == due
    assert sorted(met(shop, Condition(DUE, Test.EMPTY)) + due) == list(range(1, 10))


def test_every_field_can_be_asked_everything_that_is_offered(shop: Shop) -> None:
    with shop.read() as tx:
        columns = shop.columns()
        for key, field in filters.fields_of(tx).items():
            for test in filters.tests(field):
                values = {Test.BETWEEN: (None, None), Test.ANY: (), Test.NONE: ()}.get(test, ("7",))
                assert len(filters.mask(tx, columns, Condition(key, test, values))) == len(columns), (key, test)
            ends = [filters.mask(tx, columns, Condition(key, test)) for test in (Test.FILLED, Test.EMPTY)]
            assert (ends[0] ^ ends[1]).all(), key


def test_what_is_no_longer_known_is_told(shop: Shop) -> None:
    with shop.read() as tx:
        those = filters.fields_of(tx)
    assert filters.known(Condition("name", Test.CONTAINS, ("x",)), those)
    assert not filters.known(Condition("shoe_size", Test.CONTAINS, ("x",)), those)
    assert not filters.known(Condition("net_total", Test.CONTAINS, ("x",)), those)


def test_choices_are_counted(shop: Shop) -> None:
    with shop.read() as tx:
        columns = shop.columns()
        assert filters.choices(tx, columns, "tags") == [("Ärger", 1), ("宝妈群", 3)]
        assert filters.choices(tx, columns, "gender") == [("female", 1), ("male", 1)]
        assert filters.choices(tx, columns, "net_total") == []
