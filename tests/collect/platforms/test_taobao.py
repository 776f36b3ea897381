from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.collect.foreign import Code, ForeignOrder, OrderState, Problem
from shopcrm.collect.platforms import ReadSettings, recognise
from shopcrm.collect.platforms.taobao import ORDER_OWN
from tests.collect.platforms.found import one_by_one
from tests.collect.platforms.taobao_files import (
    ITEM_LAYOUTS,
    LAYOUTS,
    ORDER_LAYOUTS,
    ORDERS,
    Table,
    at,
    first_name,
    order_table,
    table,
    told,
)

SETTINGS = ReadSettings(currency="CNY", timezone="Asia/Shanghai")
OTHERS: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[2] / "data" / "other_headers.json").read_text("utf-8")
)


def read(file: Table, settings: ReadSettings = SETTINGS) -> tuple[dict[str, ForeignOrder], list[Problem]]:
    """The orders by their numbers, and the problems."""
    adapter = recognise(file.header)
    assert adapter is not None
    found = list(one_by_one(adapter.read(file.header, file.rows, settings)))
    orders = {one.number: one for one in found if isinstance(one, ForeignOrder)}
    return orders, [one for one in found if isinstance(one, Problem)]


def shown(order: ForeignOrder) -> dict[str, Any]:
    """An order by field, with its identities by kind."""
    values = {name: getattr(order, name) for name in ForeignOrder.__dataclass_fields__}
    by_kind = {identity.kind: identity for identity in order.identities}
    for kind in ("buyer_id", "alipay", "phone"):
        values[kind] = by_kind[kind].value if kind in by_kind else None
    values["phone_decides"] = by_kind["phone"].deciding if "phone" in by_kind else None
    return values


def check_golden(file: Table) -> None:
    orders, problems = read(file)
    for row, sample in enumerate(ORDERS, 2):
        number = sample.golden["number"][0] if sample.golden else None
        if number is None:
            refused = [problem for problem in problems if problem.row == row and problem.rejected]
            in_file = [name for name in file.header if first_name(name) == sample.refused]
            assert [problem.column for problem in refused] == in_file
            continue
        got, expected = shown(orders[number]), told(sample, file.columns)
        assert {name: got[name] for name in expected} == expected
        assert got["currency"] == "CNY"
        assert sum(identity.deciding for identity in orders[number].identities) <= 1


@pytest.mark.parametrize("layout", ORDER_LAYOUTS)
def test_every_order_layout_gives_the_golden_records(layout: str) -> None:
    written = order_table(LAYOUTS[layout]).as_csv("gbk")
    lines = list(csv.reader(io.StringIO(written.decode("gb18030"), newline="")))
    file = order_table(LAYOUTS[layout])
    check_golden(Table(lines[0], list(enumerate(lines[1:], 2)), file.columns))


@given(data=st.data(), layout=st.sampled_from(ORDER_LAYOUTS))
def test_columns_dropped_and_shuffled_give_the_same_less_what_they_told(data: st.DataObject, layout: str) -> None:
    header = LAYOUTS[layout]
    own = [name for name in header if name.strip() in ORDER_OWN]
    needed = {"订单编号", data.draw(st.sampled_from(own))}
    kept = data.draw(st.sets(st.sampled_from(header))) | needed
    order = data.draw(st.permutations([name for name in header if name in kept]))
    check_golden(order_table(order))


def test_without_the_paid_column_the_total_counts_and_without_a_word_the_payment_tells_the_state() -> None:
    header = [name for name in LAYOUTS["taobao_order_2019"] if name not in ("买家实际支付金额", "订单状态")]
    orders, problems = read(order_table(header))
    assert orders["1930679858170652"].paid == 20_000
    assert orders["1930679858170652"].state is OrderState.PAID
    assert orders["1930679858170649"].state is OrderState.UNPAID
    assert orders["1930679858170649"].paid == 0
    assert not [problem for problem in problems if problem.code is Code.UNKNOWN_STATE]


def test_an_unknown_state_is_noted_and_the_row_taken() -> None:
    file = table(
        ["订单编号", "买家实际支付金额", "订单状态", "订单付款时间"],
        [{"订单编号": "19306798581706", "买家实际支付金额": "5", "订单状态": "飞走了", "订单付款时间": "2020-01-01"}],
    )
    orders, problems = read(file)
    assert orders["19306798581706"].state is OrderState.PAID
    assert orders["19306798581706"].plain_dates == 2
    assert [(problem.code, problem.rejected, problem.value) for problem in problems] == [
        (Code.UNKNOWN_STATE, False, "飞走了")
    ]


def test_a_number_that_stands_twice_counts_with_the_state_that_is_further_on() -> None:
    states = ["卖家已发货，等待买家确认", "买家已付款，等待卖家发货", "交易成功", "交易成功"]
    header = ["订单编号", "买家会员名", "买家实际支付金额", "订单状态"]
    rows = [{"订单编号": "19306798581706", "买家实际支付金额": "5.00", "订单状态": state} for state in states]
    adapter = recognise(header)
    assert adapter is not None
    found = list(one_by_one(adapter.read(header, table(header, rows).rows, SETTINGS)))
    given_again = [(one.row, one.state) for one in found if isinstance(one, ForeignOrder)]
    assert given_again == [(2, OrderState.SHIPPED), (4, OrderState.FINISHED)]
    problems = [one for one in found if isinstance(one, Problem)]
    assert [(one.row, one.code, one.rejected) for one in problems] == [
        (row, Code.DUPLICATE, False) for row in (3, 4, 5)
    ]


def test_a_file_that_went_through_excel_is_refused_though_each_number_might_be_true() -> None:
    header = ["订单编号", "买家会员名", "买家实际支付金额", "订单状态"]
    rounded = [f"193067985817{digit}06000" for digit in range(10)]
    true = "193067985817064700"
    _, problems = read(table(header, [{"订单编号": number} for number in rounded]))
    assert {(one.column, one.code) for one in problems} == {("订单编号", Code.SHORTENED_NUMBER)}
    assert len(problems) == 10
    orders, problems = read(table(header, [{"订单编号": number} for number in (*rounded, true)]))
    assert len(orders) == 11
    assert not problems


def test_a_row_that_was_cut_off_is_refused() -> None:
    header = LAYOUTS["taobao_order_2019"]
    adapter = recognise(header)
    assert adapter is not None
    [found] = one_by_one(adapter.read(header, [(2, ["1930679858170647", "虚构小鹿"])], SETTINGS))
    assert isinstance(found, Problem)
    assert (found.code, found.column, found.rejected) == (Code.TOO_FEW_CELLS, "", True)


def test_the_store_of_the_request_stands_over_the_files() -> None:
    orders, _ = read(order_table(LAYOUTS["taobao_order_2019"]), ReadSettings("CNY", "Asia/Shanghai", store="分店"))
    assert {order.store for order in orders.values()} == {"分店"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ExportOrderList201905151650.csv", at("2019-05-15 16:50:00")),
        ("ExportOrderDetailList20220301081530(1).xlsx", at("2022-03-01 08:15:30")),
        ("ExportOrderList209913451650.csv", None),
        ("orders.csv", None),
    ],
)
def test_the_file_name_tells_when_it_was_exported(name: str, expected: int | None) -> None:
    for layout in ("taobao_order_2019", "taobao_item_2022"):
        adapter = recognise(LAYOUTS[layout])
        assert adapter is not None
        assert adapter.snapshot_at(name, SETTINGS) == expected


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_recognised_as_its_report(layout: str) -> None:
    adapter = recognise([f"\ufeff{name} " for name in LAYOUTS[layout]])
    assert adapter is not None
    assert (adapter.key, adapter.report) == ("taobao", "item" if layout in ITEM_LAYOUTS else "order")


@pytest.mark.parametrize("name", OTHERS)
def test_other_marketplaces_files_are_not_taken_for_taobaos(name: str) -> None:
    found = recognise(OTHERS[name])
    assert found is None or found.key != "taobao"


LINES: list[dict[str, str]] = [
    {
        "主订单编号": '="1930679858170647"', "子订单编号": "1930679858170647", "标题": "虚构牌奶粉3段",
        "价格": "100.00",
        "购买数量": "2", "商品属性": "规格：800克", "商家编码": "NF-3", "订单状态": "交易成功",
        "买家应付货款": "180.00",
        "买家实际支付金额": "180.00", "退款状态": "没有申请退款", "退款金额": "无退款申请",
        "订单创建时间": "2022-03-01 10:00:00", "订单付款时间": "2022-03-01 10:02:30", "商品ID": "600000000001",
    },
    {
        "主订单编号": "1930679858170650", "子订单编号": "1930679858170650", "标题": "虚构尿布", "价格": "88.00",
        "购买数量": "1",
        "套餐信息": "两包装", "外部系统编号": "EXT-1", "订单状态": "卖家已发货，等待买家确认", "买家应付货款": "88.00",
        "买家实际支付金额": "88.00", "退款状态": "买家已经申请退款，等待卖家同意", "退款金额": "10.00",
        "订单创建时间": "2022-03-02 10:00:00", "订单付款时间": "2022-03-02 10:02:30",
    },
    {  # the second line of the first order, further down in the file
        "主订单编号": "1930679858170647", "子订单编号": "1930679858170649", "标题": "虚构奶瓶", "价格": "￥50",
        "购买数量": "1",
        "商品属性": "null", "订单状态": "交易关闭", "买家应付货款": "45.00", "买家实际支付金额": "45.00",
        "退款状态": "退款成功", "退款金额": "45.00", "订单创建时间": "2022-03-01 10:00:00",
        "订单付款时间": "2022-03-01 10:02:30", "商品ID": "600000000002",
    },
    {
        "主订单编号": "1930679858170660", "子订单编号": "1930679858170660", "标题": "虚构围兜", "价格": "20.00",
        "购买数量": "3",
        "订单状态": "等待买家付款", "买家应付货款": "60.00", "买家实际支付金额": "0.00", "退款状态": "没有申请退款",
        "订单创建时间": "2022-03-03 10:00:00",
    },
    {  # refunded without an amount
        "主订单编号": "1930679858170661", "子订单编号": "1930679858170661", "标题": "虚构围兜", "价格": "20.00",
        "购买数量": "3",
        "订单状态": "交易成功", "买家应付货款": "55.00", "买家实际支付金额": "55.00", "退款状态": "退款成功",
        "订单创建时间": "2022-03-03 10:00:00", "订单付款时间": "2022-03-03 11:00:00",
    },
    {  # one line of an order cannot be read: the other waits with it
        "主订单编号": "1930679858170670", "标题": "虚构帽子", "价格": "20.00", "购买数量": "1", "订单状态": "交易成功",
    },
    {"主订单编号": "1930679858170670", "标题": "虚构手套", "价格": "20.00", "购买数量": "两双", "订单状态": "交易成功"},
]  # fmt: skip


def item_table(header: Sequence[str]) -> Table:
    return table(header, [{**line, "订单编号": line["主订单编号"], "宝贝标题": line["标题"]} for line in LINES])


@pytest.mark.parametrize("layout", ITEM_LAYOUTS)
@pytest.mark.parametrize("turned", [False, True])
def test_every_item_layout_adds_up_its_lines(layout: str, turned: bool) -> None:
    header = LAYOUTS[layout][::-1] if turned else LAYOUTS[layout]
    orders, problems = read(item_table(header))
    old = layout == "taobao_item_2018"  # no amounts, no times, no refunds

    two = orders["1930679858170647"]
    assert two.amounts_from_items
    assert [(item.title, item.quantity, item.price, item.row) for item in two.items] == [
        ("虚构牌奶粉3段", 2, 10_000, 2), ("虚构奶瓶", 1, 5_000, 4)
    ]  # fmt: skip
    assert [item.paid for item in two.items] == ([20_000, 0] if old else [18_000, 4_500])
    assert [item.refunded for item in two.items] == ([0, 0] if old else [0, 4_500])
    assert (two.paid, two.refunded) == ((20_000, 0) if old else (22_500, 4_500))
    assert two.state is OrderState.FINISHED
    assert [item.state for item in two.items] == [
        OrderState.FINISHED, OrderState.CLOSED if old else OrderState.REFUNDED
    ]  # fmt: skip
    assert (two.units, two.row, two.items[0].article, two.items[0].variant) == (3, 2, "NF-3", "规格：800克")
    assert two.items[1].variant is None
    assert two.paid_at == (None if old else at("2022-03-01 10:02:30"))
    assert two.items[0].line_number == (None if old else "1930679858170647")

    asked = orders["1930679858170650"]
    assert (asked.paid, asked.refunded, asked.state) == (8_800, 0, OrderState.SHIPPED)
    assert asked.items[0].variant == "两包装"
    assert asked.items[0].article == (None if layout == "qianniu_item_2025" else "EXT-1")
    unpaid = orders["1930679858170660"]
    assert (unpaid.paid, unpaid.state, unpaid.paid_at) == (0, OrderState.UNPAID, None)
    back = orders["1930679858170661"]
    assert (back.paid, back.refunded) == ((6_000, 0) if old else (5_500, 5_500))
    assert back.state is (OrderState.FINISHED if old else OrderState.REFUNDED)

    assert "1930679858170670" not in orders
    number = "订单编号" if old else "主订单编号"
    assert [(one.row, one.column, one.code) for one in problems if one.rejected] == [
        (8, "购买数量", Code.BAD_QUANTITY), (7, number, Code.INCOMPLETE_ORDER)
    ]  # fmt: skip
