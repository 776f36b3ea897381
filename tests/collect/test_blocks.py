from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import phone
from shopcrm.base.text import fold, fold_all, is_masked, may_be_masked
from shopcrm.collect import fields
from shopcrm.collect.blocks import Block, Blocks, Furthest, either, named, phones_of
from shopcrm.collect.fields import CellError, Columns
from shopcrm.collect.foreign import Code, Orders, OrderState
from shopcrm.collect.lines import times

ZONE = ZoneInfo("Asia/Shanghai")
TEXTS = st.text(max_size=6) | st.sampled_from(
    ["", "NULL", "#N/A", "-", "无", " a", "a\u3000", "='5'", "'x", "a\u200bb", "1.5E+10", "ＴＢ１", "张**", "tb56981",
     "17001234567", "'17001234567", "13800138000", "12.50", "-3.00", "1,299.90", "598元", "bad"]
)  # fmt: skip
MOMENTS = st.sampled_from(
    ["", "2025-05-15 16:50:00", "2025/05/16 22:02", "2025-05-17", "2019年3月1日", "0000-00-00 00:00:00", "null", "bad",
     "2025-13-01 10:00:00", "2025-05-15 25:00:00", "2025-05-15T08:50:00Z", "43600.7", "1980-01-01 00:00:00"]
)  # fmt: skip


def block_of(columns: dict[str, list[str]]) -> Block:
    names = {name: (name,) for name in columns}
    blocks = Blocks(Columns(list(columns), names), currency="CNY", zone=ZONE)
    rows = list(enumerate(map(list, zip(*columns.values(), strict=True)), 2))
    return Block(blocks, rows)


def singly(parse: Any, cells: list[str]) -> list[Any]:
    found = []
    for cell in cells:
        try:
            found.append(parse(cell) if cell else None)
        except CellError:
            found.append(None)
    return found


@given(st.lists(TEXTS, min_size=1, max_size=8, unique=True))
def test_a_column_read_at_once_says_what_its_cells_say_one_by_one(cells: list[str]) -> None:
    block = block_of({"cell": cells})
    assert block.texts("cell") == singly(lambda cell: fields.value(cell) or None, cells)
    assert block.numbers("cell") == singly(fields.number, cells)
    assert block.amounts("cell") == singly(lambda cell: fields.minor(cell, currency="CNY"), cells)
    assert block.phones("cell", country="CN") == singly(lambda cell: phone.normalise(fields.value(cell)), cells)
    assert fold_all(cells) == list(map(fold, cells))
    assert may_be_masked(cells) or not any(map(is_masked, cells))


@given(st.lists(st.tuples(MOMENTS, MOMENTS, MOMENTS), min_size=1, max_size=8))
def test_times_by_column_are_those_of_each_row(rows: list[tuple[str, str, str]]) -> None:
    created, paid, shipped = map(list, zip(*rows, strict=True))
    block = block_of({"created": created, "paid": paid, "shipped": shipped})
    found = block.times(created="created", paid="paid", shipped="shipped")
    moments = [singly(lambda cell: fields.moment(cell, zone=ZONE), cells) for cells in (created, paid, shipped)]
    for place, (one, two, three) in enumerate(zip(*moments, strict=True)):
        told = times(created=one, paid=two, shipped=three)._asdict()
        by_column = {
            name: column if column is None or isinstance(column, int) else column[place]
            for name, column in found._asdict().items()
        }
        assert by_column == told
    undated = [at for at, (one, two, _) in enumerate(zip(*moments, strict=True)) if one is None and two is None]
    noted = [at for at, found in block.problems.items() if any(problem.code is Code.NO_DATE for problem in found)]
    assert set(noted) == {at for at in undated if all(p.code is not Code.BAD_DATE or not p.rejected
                                                      for p in block.problems[at])}  # fmt: skip


def orders_of(block: Block, states: list[OrderState | None]) -> Orders:
    return Orders(number=block.texts("number"), row=block.rows, currency="CNY", state=states)


def test_of_an_order_that_stands_twice_the_first_is_taken_or_one_that_is_further_on() -> None:
    furthest = Furthest()
    taken = []
    for numbers, states in (
        (["1", "2"], [OrderState.PAID, OrderState.PAID]),  # in one block nothing stands twice
        (["3", "1", "2", "3"], [None, OrderState.SHIPPED, OrderState.PAID, OrderState.UNPAID]),
    ):
        block = block_of({"number": numbers})
        orders = orders_of(block, list(states))
        furthest.choose(block, orders)
        taken += list(block.taken(orders))
    first, second, *problems = taken
    assert isinstance(first, Orders)
    assert isinstance(second, Orders)
    assert first.number == ["1", "2"]
    assert (second.number, second.row) == (["3", "1", "3"], [2, 3, 5])
    assert [(problem.row, problem.code, problem.rejected) for problem in problems] == [  # type: ignore[union-attr]
        (row, Code.DUPLICATE, False) for row in (3, 4, 5)
    ]


def test_of_several_phones_the_first_decides_where_nobody_else_does() -> None:
    told: list[tuple[list[str | None], list[str | None]]] = [
        (["a", None, None], ["A", "x", None]),
        (["a", "b", None], ["A", "B", None]),
        (["c", "d", "e"], [*"CDE"]),
    ]
    first, second, third = phones_of("p", told, deciding=[True, True, False])
    assert (first.values, first.deciding) == (["a", None, None], [True, True, False])
    assert (second.values, list(second.deciding)[:2]) == ([None, "b", None], [False, True])
    assert (third.values, third.deciding) == (["c", "d", "e"], [False, False, False])


def test_masked_names_are_nobodys_and_the_first_that_says_something_counts() -> None:
    found = named("buyer_id", "p", ["ＴＢ 1", "张**", None])
    assert found.values == ["tb 1", None, None]
    assert found.deciding == [True, True, True]
    assert either([None, "a"], ["b", "c"]) == ["b", "a"]
