from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base.birthdays import LUNAR, SOLAR, Birthday
from shopcrm.collect import birthdays
from shopcrm.collect.birthdays import NotBornYet
from shopcrm.collect.customers import NoSuchCustomer
from tests.builders import TODAY, content, given_orders, new_shop, order

MARCH = Birthday(SOLAR, 3, 5, 1990)
MOON = Birthday(LUNAR, 8, 15)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(opened, [order(nick, nick, TODAY) for nick in ("tao_zi", "a_yun", "xiao_lu")])
    yield opened
    opened.close()


def known(shop: Shop) -> list[Birthday | None]:
    with shop.read() as tx:
        return list(birthdays.of_customers(tx, [1, 2, 3]).values())


def test_told_changed_forgotten_and_each_undone(shop: Shop) -> None:
    before = content(shop)
    with shop.write() as tx:
        first = birthdays.put(tx, {1: MARCH, 2: MOON})
    assert known(shop) == [MARCH, MOON, None]
    with shop.write() as tx:
        second = birthdays.put(tx, {1: None})
    assert known(shop) == [None, MOON, None]
    for change in (second, first):
        with shop.write() as tx:
            tx.undo(change)
    assert content(shop) == before


def test_nothing_is_set_when_one_does_not_fit(shop: Shop) -> None:
    for told, failure in (
        ({1: MARCH, 9: MOON}, NoSuchCustomer),
        ({2: MOON, 1: Birthday(SOLAR, 1, 1, 2031)}, NotBornYet),
    ):
        with pytest.raises(failure), shop.write() as tx:
            birthdays.put(tx, told)
        assert known(shop) == [None, None, None]


def test_who_keeps_a_birthday_is_found_by_calendar_and_leap_month(shop: Shop) -> None:
    leap = Birthday(LUNAR, 8, 15, 1995, leap=True)
    with shop.write() as tx:
        birthdays.put(tx, {1: Birthday(SOLAR, 8, 15, 1990), 2: MOON, 3: leap})
        assert birthdays.kept_by(tx, [Birthday(SOLAR, 8, 15)]) == [(1, Birthday(SOLAR, 8, 15, 1990))]
        assert birthdays.kept_by(tx, [MOON, leap]) == [(2, MOON), (3, leap)]
        plan = tx.connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id, birth_calendar, birth_year, birth_leap FROM customers"
            " WHERE birth_month = 8 AND birth_day = 15"
        ).all()
    assert "COVERING INDEX ix_customers_birthday" in str(plan)
