"""What lists are sorted and filtered by is what they show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shopcrm.act import field_columns, fields
from shopcrm.act.field_columns import Numbers, Sets, Words
from shopcrm.act.fields import FIELDS, Field, Kind
from shopcrm.app import Shop
from shopcrm.base import clock
from shopcrm.base.birthdays import Birthday
from shopcrm.collect import notes, tags
from shopcrm.collect.foreign import OrderState
from shopcrm.store.tables.customers import addresses, customers
from tests.builders import TODAY, given_orders, new_shop, order


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    opened = new_shop(tmp_path_factory.mktemp("fields") / "shop")
    give(opened)
    yield opened
    opened.close()


def give(shop: Shop) -> None:
    """Nine customers: with one purchase and with several, a prospect, two with everything, some with nothing."""
    given_orders(
        shop,
        [
            order(
                f"{who}-{n}", f"buyer_{who}", TODAY - timedelta(days=20 * n + who), 10_000 + 700 * who,
                phone=f"1380013{who:04d}" if who % 3 else None, recipient_name=f"客{chr(0x5F20 + who)}",
                province=("浙江", "广东", None)[who % 3], city=("杭州", None, None)[who % 3],
                state=OrderState.UNPAID if who == 8 else OrderState.FINISHED,
                address=f"虚构路 {who} 号" if who % 2 else None,
            )
            for who in range(9)
            for n in range(1 + who % 4)
        ],
    )  # fmt: skip
    with shop.write() as tx:
        tags.put(tx, [1, 2, 5], name="宝妈群")
        tags.put(tx, [2], name="Ärger")
        notes.add(tx, 3, text="怕奶腥")
        notes.add(tx, 3, text="婆婆收货")
        tx.begin_change("by hand")
        told = {
            "gender": "female", "company": "虚构花店", "occupation": "店主", "source": "直播", "member_level": "金卡",
            "birth_calendar": "solar", "birth_month": 12, "birth_day": 24, "birth_year": 1990, "birth_leap": False,
        }  # fmt: skip
        tx.edit(customers, {"id": 2}, told)
        tx.edit(customers, {"id": 4}, {"gender": "male", "occupation": "教师"})
        tx.add(addresses, {"customer_id": 2, "address": "虚构路 2 号"})
        tx.add(addresses, {"customer_id": 2, "address": "虚构街 9 号"})


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_a_field_of_all_is_the_field_of_each(shop: Shop, field: Field) -> None:
    with shop.read() as tx:
        columns = shop.columns()
        found = field_columns.column(tx, columns, field.key)
        told = [row[0] for row in fields.read(tx, columns, columns.ids, keys=(field.key,))]
    held = [_at(found, row, field) for row in range(len(columns))]
    if field.kind is Kind.DECIMAL:
        held = [pytest.approx(value, abs=0.051) for value in held]  # shown rounded, sorted as it is
    assert list(map(_held, told)) == held
    assert field_columns.missing(found).tolist() == [_held(value) is None for value in told]


def _held(value: Any) -> Any:
    """A value as a column holds it."""
    if value is None or value in ("", ()):
        return None
    if isinstance(value, date):
        return float(clock.day_number(value))
    if isinstance(value, Birthday):
        return float(value.month * 100 + value.day)
    if isinstance(value, tuple):
        return frozenset(value)
    return value if isinstance(value, str) else float(value)


def _at(found: Any, row: int, field: Field) -> Any:
    match found:
        case Numbers():
            value = None if found.missing[row] else float(found.values[row])
            return str(int(value)) if value is not None and field.key == "id" else value
        case Words():
            return None if found.codes[row] < 0 else found.words[found.codes[row]]
        case Sets():
            held = frozenset(found.words[code] for code in found.codes[found.starts[row] : found.starts[row + 1]])
            # A list shows the first of several.
            return (next(iter(held), None) if field.key in ("phone", "email", "wechat") else held) or None
    return None


def test_words_are_ranked_as_they_are_read(shop: Shop) -> None:
    with shop.read() as tx:
        found = field_columns.column(tx, shop.columns(), "province")
    assert isinstance(found, Words)
    assert found.words == ("广东", "浙江")


def test_what_was_written_since_is_seen(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    give(shop)
    for _ in range(2):
        with shop.write() as tx:
            before = field_columns.column(tx, shop.columns(), "tags")
            tags.take(tx, [5], name="宝妈群") if 5 in _wearing(before) else tags.put(tx, [5], name="宝妈群")
            after = field_columns.column(tx, shop.columns(), "tags")
        assert _wearing(before) ^ _wearing(after) == {5}
    shop.close()


def _wearing(found: Any) -> set[int]:
    held = found.holds(np.array([word == "宝妈群" for word in found.words]))
    return {int(row) + 1 for row in np.flatnonzero(held)}
