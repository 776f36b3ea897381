from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.collect import guessing
from shopcrm.collect.column_names import FIELDS_BY_NAME, NAMES, STATE_WORDS
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.mapping_file import FIELDS

HEADERS: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[1] / "data" / "other_headers.json").read_text("utf-8")
)

# What the headers of marketplaces whose exports nobody taught the program are taken for.
KNOWN = {
    "1688_32": {
        "number": "订单编号", "buyer_id": "买家会员名", "order_total": "实付款(元)", "phone": "联系手机",
        "title": "货品标题",
        "price": "单价(元)", "quantity": "数量", "created_at": "订单创建时间", "paid_at": "订单付款时间",
        "state": "订单状态",
    },
    "jd_2016_30": {
        "number": "订单号", "buyer_id": "下单帐号", "buyer_name": "客户姓名", "phone": "联系电话",
        "quantity": "订购数量",
        "price": "京东价", "created_at": "下单时间", "paid_at": "付款确认时间", "finished_at": "订单完成时间",
    },
    "pdd_2023_grouped": {
        "number": "订单号", "title": "商品", "order_total": "用户实付金额(元)", "paid_at": "支付时间",
        "province": "省",
        "signed_at": "确认收货时间", "variant": "商品规格",
    },
    "douyin_73": {
        "number": "主订单编号", "line_number": "子订单编号", "recipient_name": "收件人", "phone": "收件人手机号",
        "title": "选购商品", "created_at": "订单提交时间", "state": "订单状态",
    },
    "kuaishou_64": {"number": "订单号", "order_total": "实付款", "quantity": "成交数量",
    "recipient_name": "收货人姓名"},
    "xiaohongshu_71": {"number": "订单号", "buyer_id": "用户编号", "quantity": "SKU件数", "address": "收件人地址"},
    "wechat_57": {"number": "订单号", "order_total": "订单实际支付金额", "refunded": "商品已退款金额"},
    "youzan_order_2026": {
        "number": "订单号", "buyer_name": "买家昵称", "phone": "买家手机号", "order_total": "订单实付金额",
        "province": "收货人省份",
    },
}  # fmt: skip


def by_field(header: list[str], rows: guessing.Rows = ()) -> dict[str, str]:
    return {field: header[place] for place, field in guessing.guess(header, rows).fields.items()}


@pytest.mark.parametrize("name", KNOWN)
def test_a_marketplaces_headers_are_guessed(name: str) -> None:
    found = by_field(HEADERS[name])
    assert {field: found.get(field) for field in KNOWN[name]} == KNOWN[name]


@pytest.mark.parametrize("name", KNOWN)
@given(data=st.data())
def test_in_any_order_with_any_of_them_missing(name: str, data: st.DataObject) -> None:
    needed = [*KNOWN[name].values()]
    rest = [header for header in HEADERS[name] if header not in needed]
    gone = set(data.draw(st.lists(st.sampled_from(rest), max_size=len(rest))))
    header = data.draw(st.permutations([name for name in HEADERS[name] if name not in gone]))
    found = by_field(list(header))
    assert {field: found.get(field) for field in KNOWN[name]} == KNOWN[name]


@given(
    header=st.lists(st.text(max_size=12) | st.sampled_from(sorted(FIELDS_BY_NAME)), max_size=12),
    data=st.data(),
)
def test_whatever_stands_in_a_table_each_field_is_guessed_once_and_is_one(
    header: list[str], data: st.DataObject
) -> None:
    cell = st.text(max_size=14) | st.sampled_from(
        ["2026-03-02", "02/03/2026", "12,50", "13800135678", "已完成", "17850.0"]
    )
    rows = data.draw(st.lists(st.lists(cell, max_size=len(header) + 1), max_size=5))
    found = guessing.guess(header, rows)
    assert set(found.fields.values()) <= set(FIELDS)
    assert len(set(found.fields.values())) == len(found.fields)
    assert all(0 <= place < len(header) for place in found.fields)
    assert found.rule in ("lines", "repeated", "first_row")
    assert found.dates


CONTENT = [
    ["S2026-00017", "13800135678", "anna@example.com", "2026-03-02 10:00", "12.50", "已完成", "x"],
    ["S2026-00018", "138 0013 5679", "ben@example.com", "2026-03-03 11:30", "112.00", "已取消", "y"],
    ["S2026-00019", "+86 13800135670", "", "2026-03-04 09:00", "8.00", "已完成", "z"],
]


def test_without_names_the_content_tells() -> None:
    found = guessing.guess(["a", "b", "c", "d", "e", "f", "g"], CONTENT)
    assert found.fields == {0: "number", 1: "phone", 2: "email", 3: "created_at", 4: "order_total", 5: "state"}
    assert found.states == {"已完成": OrderState.FINISHED, "已取消": OrderState.CLOSED}


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("下单时间", "上午"),
        ("金额", "很多"),
        ("数量", "两箱半"),
        ("手机", "没有"),
        ("email", "there"),
        ("订单号", "新 订单"),
    ],
)
def test_a_name_is_not_believed_against_its_content(header: str, cells: str) -> None:
    assert by_field([header, "x"], [[cells, "1"], [cells, "2"]]) == {}


@pytest.mark.parametrize(
    ("cells", "readings"),
    [
        (["2026-03-02", "2026/3/4 10:00"], ["usual"]),
        (["02/03/2026", "04/05/2026"], ["day_first", "month_first"]),
        (["25/03/2026", "04/05/2026"], ["day_first"]),
        (["03/25/2026 10:00", "04/05/2026 11:30"], ["month_first"]),
        (["2.3.26", "4.5.26"], ["day_first"]),
        (["3 Mar 2026", "4 Apr 2026"], ["day_first"]),
        ([], ["usual"]),
        (["soon"], ["usual"]),
    ],
)
def test_dates_that_can_be_read_in_two_ways_are_asked_about(cells: list[str], readings: list[str]) -> None:
    assert list(guessing.date_readings(cells)) == readings


@pytest.mark.parametrize(
    ("rows", "rule", "total"),
    [
        ([["1", "10.00"], ["2", "20.00"]], "repeated", "order_total"),
        ([["1", "10.00"], ["1", "10.00"], ["2", "5.00"]], "repeated", "order_total"),
        ([["1", "10.00"], ["1", ""], ["2", "5.00"]], "first_row", "order_total"),
        ([["1", "10.00"], ["1", "4.00"], ["2", "5.00"]], "lines", "line_total"),
    ],
)
def test_how_amounts_are_told_is_seen_from_the_rows(rows: list[list[str]], rule: str, total: str) -> None:
    found = guessing.guess(["订单号", "合计"], rows)
    assert (found.rule, found.fields[1]) == (rule, total)


@pytest.mark.parametrize(
    ("cells", "decimal"), [(["12,50", "1.234,00"], ","), (["12.50", "1,234.00"], "."), (["12", "7"], ".")]
)
def test_the_decimal_sign_is_seen_from_the_amounts(cells: list[str], decimal: str) -> None:
    rows = [[str(number), cell] for number, cell in enumerate(cells)]
    assert guessing.guess(["order id", "total"], rows).decimal == decimal


def test_identifiers_that_became_floats_are_noticed() -> None:
    assert guessing.guess(["Invoice No", "Customer ID"], [["5001", "17850.0"], ["5002", "17851.0"]]).whole_numbers == (
        "buyer_id",
    )


def test_of_two_columns_of_one_name_the_first_is_meant() -> None:
    assert by_field(["订单号", "金额", "金额"]) == {"number": "订单号", "line_total": "金额"}
    assert guessing.guess(["订单号", "金额", "金额"], []).fields == {0: "number", 1: "line_total"}


def test_the_names_belong_to_fields_there_are() -> None:
    assert set(NAMES) == set(FIELDS)
    assert all(word == word.casefold() for word in STATE_WORDS)


def test_a_column_of_mobile_numbers_is_a_phone_whatever_it_is_called() -> None:
    for cell in ("1380013{:04}", "1380013{:04}.0", "+86 1380013{:04}"):
        rows = [[f"S2026-{at:05}", cell.format(at), "12.50"] for at in range(9)]
        assert by_field(["Eins", "Zwei", "Drei"], rows)["phone"] == "Zwei"
