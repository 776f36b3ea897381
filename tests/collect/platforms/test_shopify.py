from __future__ import annotations

import csv
import io
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base.money import to_minor
from shopcrm.collect import platforms
from shopcrm.collect.foreign import Code, ForeignOrder, OrderState, Problem
from shopcrm.collect.platforms import ReadSettings, recognise
from shopcrm.collect.platforms.shopify import OWN
from shopcrm.collect.reading import ReadRequest, read_files
from shopcrm.store import driver
from tests.builders import content, new_shop
from tests.collect.platforms import taobao_files
from tests.collect.platforms.shopify_files import GOLDEN, LAYOUTS, ROWS, Table, at, head, line, table

SETTINGS = ReadSettings(currency="GBP", timezone="Europe/London", region="GB")


def read(file: Table, settings: ReadSettings = SETTINGS) -> tuple[dict[str, ForeignOrder], list[Problem]]:
    """The orders by their numbers, and the problems."""
    adapter = recognise(file.header)
    assert adapter is not None
    assert (adapter.key, adapter.report) == ("shopify", "complete")
    found = list(adapter.read(file.header, file.rows, settings))
    orders = [one for one in found if isinstance(one, ForeignOrder)]
    assert len({one.number for one in orders}) == len(orders), "an order is given once"
    return {one.number: one for one in orders}, [one for one in found if isinstance(one, Problem)]


def shown(order: ForeignOrder) -> dict[str, Any]:
    by_kind = {identity.kind: identity.value for identity in order.identities}
    return {
        **{name: getattr(order, name) for name in ForeignOrder.__dataclass_fields__},
        **{kind: by_kind.get(kind) for kind in ("buyer_id", "email", "phone")},
        "titles": tuple(item.title for item in order.items),
        "articles": tuple(item.article for item in order.items),
        "line_paid": tuple(item.paid for item in order.items),
    }


def check_golden(file: Table) -> None:
    orders, problems = read(file)
    names = set(file.header)
    for number, told in GOLDEN.items():
        got = shown(orders[number])
        expected = {name: value for name, (value, columns) in told.items() if names.issuperset(columns)}
        assert {name: got[name] for name in expected} == expected, number
        assert sum(identity.deciding for identity in orders[number].identities) <= 1
    assert ("#1012" in orders) == ("Lineitem quantity" not in names)
    refused = [(one.row, one.column, one.code) for one in problems if one.rejected]
    expected_refusals = []
    if "Lineitem quantity" in names:
        expected_refusals = [(15, "Lineitem quantity", Code.BAD_QUANTITY), (16, "Name", Code.INCOMPLETE_ORDER)]
    if "Currency" in names:
        expected_refusals.append((17, "Currency", Code.BAD_CURRENCY))
    assert sorted(refused) == sorted(expected_refusals)
    noted = [(one.row, one.code) for one in problems if not one.rejected]
    if names.intersection({"Financial Status", "Total", "Created at"}):
        assert noted == [(18, Code.DUPLICATE)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_golden_records(layout: str) -> None:
    written = table(LAYOUTS[layout], ROWS).as_csv().decode()
    lines = list(csv.reader(io.StringIO(written, newline="")))
    check_golden(Table(lines[0], list(enumerate(lines[1:], 2))))


@given(data=st.data(), layout=st.sampled_from(sorted(LAYOUTS)))
def test_columns_dropped_shuffled_and_unknown_give_the_same_less_what_they_told(
    data: st.DataObject, layout: str
) -> None:
    header = LAYOUTS[layout]
    needed = {
        "Name",
        "Created at",
        "Lineitem name",
        data.draw(st.sampled_from([name for name in OWN if name in header])),
    }
    kept = data.draw(st.sets(st.sampled_from(header))) | needed
    order = data.draw(st.permutations([*(name for name in header if name in kept), "Loyalty level"]))
    check_golden(table(order, ROWS))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_shopifys_and_nobody_elses(layout: str) -> None:
    found = {adapter.key for adapter in platforms.PLATFORMS if adapter.matches(LAYOUTS[layout])}
    assert found == {"shopify"}
    for header in taobao_files.LAYOUTS.values():
        assert {adapter.key for adapter in platforms.PLATFORMS if adapter.matches(header)} == {"taobao"}
    assert recognise(["Name", "Email", "Total"]) is None


def test_the_customer_id_decides_before_the_email_and_the_email_before_the_phone() -> None:
    rows = [
        {**line("#1", "Duck", "1.00"), **head("amy@example.com", "1.00", "paid", Phone="+447400123456", **extra)}
        for extra in ({"Customer_ID": "7001002003001"},)
    ]
    rows += [
        {**line("#2", "Duck", "1.00"), **head("amy@example.com", "1.00", "paid", Phone="+447400123456")},
        {**line("#3", "Duck", "1.00"), **head("none@none.com", "1.00", "paid", Phone="+447400123456")},
        {**line("#4", "Duck", "1.00"), **head("a**@example.com", "1.00", "paid", Phone="+44740***3456")},
    ]
    orders, _ = read(table([*LAYOUTS["orders_2024"], "Customer ID"], rows))
    deciding = {
        number: [identity.kind for identity in one.identities if identity.deciding] for number, one in orders.items()
    }
    assert deciding == {"#1": ["buyer_id"], "#2": ["email"], "#3": ["phone"], "#4": []}


def test_without_the_total_the_lines_are_added_up() -> None:
    orders, _ = read(table([name for name in LAYOUTS["orders_2024"] if name != "Total"], ROWS))
    assert (orders["#1001"].paid, orders["#1001"].amounts_from_items) == (2_250 + 499, True)


def test_a_word_nobody_knows_is_noted_and_the_payment_tells() -> None:
    rows = [
        {**line("#1", "Duck", "1.00"), **head("amy@example.com", "1.00", "flown away", Paid_at="2024-05-01 10:00:00")},
        {**line("#2", "Duck", "1.00"), **head("amy@example.com", "1.00", "flown away")},
    ]
    orders, problems = read(table(LAYOUTS["orders_2024"], rows))
    assert [orders[number].state for number in ("#1", "#2")] == [OrderState.PAID, OrderState.UNPAID]
    assert [(one.row, one.code, one.rejected) for one in problems] == [
        (2, Code.UNKNOWN_STATE, False), (3, Code.UNKNOWN_STATE, False)
    ]  # fmt: skip


def test_a_row_cut_off_keeps_its_whole_order_out() -> None:
    file = table(LAYOUTS["orders_2024"], ROWS[:2])
    cut = Table(file.header, [file.rows[0], (3, file.rows[1][1][:5])])
    orders, problems = read(cut)
    assert not orders
    assert [(one.row, one.code) for one in problems] == [(3, Code.TOO_FEW_CELLS), (2, Code.INCOMPLETE_ORDER)]


def test_a_first_row_without_a_name_is_not_given_to_the_order_before() -> None:
    rows = [ROWS[0], {**line("", "Duck", "1.00"), **head("zoe@example.com", "1.00", "paid")}]
    orders, problems = read(table(LAYOUTS["orders_2024"], rows))
    assert [item.title for item in orders["#1001"].items] == ["Wooden duck - yellow"]
    assert [(one.row, one.code, one.rejected) for one in problems] == [(3, Code.MISSING_NUMBER, True)]


@given(
    amounts=st.lists(
        st.tuples(st.decimals(0, 9_999, places=2), st.integers(1, 9)), min_size=1, max_size=6
    )
)  # fmt: skip
def test_totals_count_once_however_many_lines_an_order_has(amounts: list[tuple[Any, int]]) -> None:
    total = sum(price * count for price, count in amounts)
    rows = [
        {
            **line("#1", f"Thing {n}", str(price), quantity=str(count)),
            **(head("a@example.com", str(total), "paid") if not n else {}),
        }
        for n, (price, count) in enumerate(amounts)
    ]
    orders, problems = read(table(LAYOUTS["orders_2024"], rows))
    assert not problems
    assert orders["#1"].paid == to_minor(total, currency="GBP")
    assert sum(item.paid or 0 for item in orders["#1"].items) == orders["#1"].paid


def test_the_file_comes_in_whole_again_the_same_and_out_without_a_trace(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop", currency="GBP", timezone="Europe/London", as_of=date(2024, 6, 1))
    path = tmp_path / "orders_export_1.csv"
    path.write_bytes(table(LAYOUTS["orders_2024"], ROWS).as_csv())
    before = content(shop)
    report = shop.import_staged(shop.stage([path]))
    assert (report.orders.new, report.files[0].platform, report.files[0].rejected) == (11, "shopify", 3)
    columns = shop.columns()
    with shop.read() as tx:
        from shopcrm.act import desk

        (amy,) = desk.find(tx, "#1001")
        assert [hit.id for hit in desk.find(tx, "1001")] == [amy.id]
        assert [hit.id for hit in desk.find(tx, "amy@example.com")] == [amy.id]
        card = desk.card(tx, columns, amy.id)
    # The order in yen was refunded as a whole: it is shown and counts nowhere.
    assert (card.statistics.occasions, card.statistics.net_total) == (1, 2_749)
    assert sorted(order.currency for order in card.orders) == ["GBP", "JPY"]
    assert shop.check() == []
    again = shop.import_staged(shop.stage([path]))
    assert (again.orders.new, again.orders.changed, again.orders.same) == (0, 0, 11)
    shop.undo_import()
    shop.undo_import()
    assert content(shop) == before
    shop.close()


def test_a_later_export_moves_orders_forward_and_an_earlier_one_never_back(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop", currency="GBP", timezone="Europe/London", as_of=date(2024, 6, 1))
    early, late = tmp_path / "early.csv", tmp_path / "late.csv"
    first = {**line("#1", "Duck", "10.00"), **head("amy@example.com", "10.00", "pending")}
    then = {
        **line("#1", "Duck", "10.00"),
        **head(
            "amy@example.com", "10.00", "partially_refunded", Refunded_Amount="2.00", Fulfillment_Status="fulfilled"
        ),
    }
    early.write_bytes(table(LAYOUTS["orders_2024"], [first]).as_csv())
    late.write_bytes(table(LAYOUTS["orders_2024"], [then, line("#1", "Boat", "0.00")]).as_csv())

    def stands() -> tuple[Any, ...]:
        with shop.read() as tx:
            row = tx.connection.exec_driver_sql("SELECT state, paid, refunded, valid, units FROM orders").one()
        return tuple(row)

    seen = []
    for path in (early, late, early):
        shop.import_staged(shop.stage([path]))
        seen.append(stands())
    assert seen[0] == ("unpaid", 0, 0, 0, 1)
    assert seen[1][:4] == ("shipped", 1_000, 200, 1)
    assert seen[2][:4] == seen[1][:4]
    assert shop.check() == []
    shop.close()


def test_every_layout_comes_through_the_child_as_through_the_adapter(tmp_path: Path) -> None:
    files = {}
    for name, header in LAYOUTS.items():
        path = tmp_path / f"{name}.csv"
        path.write_bytes(table(header, ROWS).as_csv())
        files[path] = table(header, ROWS)
    request = ReadRequest(paths=tuple(files), currency="GBP", timezone="Europe/London", region="GB")
    with (
        read_files(request, folder=tmp_path / "staging") as staging,
        closing(driver.connect(staging.path, staging.key)) as db,
    ):
        for number, file in enumerate(files.values(), 1):
            expected, _ = read(file)
            found = db.execute(
                "SELECT number, row, state, paid, refunded, paid_at, currency FROM orders WHERE file = ? ORDER BY id",
                (number,),
            ).fetchall()
            assert found == [
                (one.number, one.row, one.state, one.paid, one.refunded, one.paid_at, one.currency)
                for one in expected.values()
            ]


def test_times_are_told_with_their_own_offset() -> None:
    row = {**line("#1", "Duck", "1.00"), **head("a@example.com", "1.00", "paid", Paid_at="2024-05-01 23:30:00 -0500")}
    orders, _ = read(table(LAYOUTS["orders_2024"], [row]))
    assert orders["#1"].paid_at == at("2024-05-02 04:30:00+00:00")
    assert orders["#1"].day == (date(2024, 5, 2) - date(1970, 1, 1)).days


def test_places_of_china_have_the_names_that_the_shop_knows_them_by() -> None:
    told = {
        "#1": {"Shipping Country": "HK", "Shipping Province": "KL", "Shipping City": "Mong Kok"},
        "#2": {"Shipping Country": "CN", "Shipping Province": "GD", "Shipping City": "深圳市"},
        "#3": {"Shipping Country": "TW", "Shipping City": "Taipei City"},
        "#4": {"Shipping Country": "GB", "Shipping Province": "ENG", "Shipping City": "Leeds"},
    }
    rows = [
        {**head("amy@example.com", "10.00", "paid"), **line(number, "Wooden duck", "10.00"), **where}
        for number, where in told.items()
    ]
    orders, problems = read(table(LAYOUTS["orders_2012"], rows))
    assert problems == []
    assert [(one.province, one.city) for one in orders.values()] == [
        ("香港", "九龙"), ("广东", "深圳"), ("台湾", "台北"), ("ENG", "Leeds"),
    ]  # fmt: skip
