from __future__ import annotations

import csv
import lzma
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from shopcrm.base.errors import UserFailure
from shopcrm.collect import mapping
from shopcrm.collect.foreign import Code, ForeignOrder, Kind, OrderState, Problem
from shopcrm.collect.mapping_file import BrokenToml, MissingSetting, NoMapping, NotToml, UnknownSetting, WrongSetting
from shopcrm.collect.platforms import ReadSettings
from tests.collect.platforms.taobao_files import at

DATA = Path(__file__).parents[1] / "data"
SETTINGS = ReadSettings(currency="CNY", timezone="Asia/Shanghai")
MINIMAL = """
platform = "till"
[columns]
number = "No"
line_total = "Total"
"""


def adapter(folder: Path, text: str) -> mapping.TableAdapter:
    path = folder / "till.toml"
    path.write_text(text, "utf-8")
    return mapping.load(path)


def read(
    one: mapping.TableAdapter, table: str, settings: ReadSettings = SETTINGS
) -> tuple[dict[str, ForeignOrder], list[Problem]]:
    rows = [line.split("|") for line in table.strip().splitlines()]
    found = list(one.read(rows[0], list(enumerate(rows[1:], 2)), settings))
    orders = {order.number: order for order in found if isinstance(order, ForeignOrder)}
    return orders, [problem for problem in found if isinstance(problem, Problem)]


LINES = """
platform = "till"
label = "收银台"
currency = "GBP"

[columns]
number = ["Invoice", "发票号"]
buyer_id = "Customer"
email = "E-mail"
phone = "Tel"
created_at = "Date"
article = "Code"
title = "Goods"
quantity = "Qty"
price = "Price"
country = "Country"
state = "State"

[dates]
formats = ["%d/%m/%y %H:%M", "%d/%m/%y"]

[states]
default = "finished"
words = { "Sent" = "shipped", "Void" = "closed" }

[lines]
ignore_price_at_most = 0
ignore_articles = ["post"]

[returns]
number_prefix = "C"
negative_quantity = true

[clean]
whole_numbers = ["buyer_id"]
"""
LINES_TABLE = """
发票号|Customer|E-mail|Tel|Date|Code|Goods|Qty|Price|Country|State
5001|17850.0||07911 123456|3/4/16 10:00|A1|Mug|2|2.55|United Kingdom|
5001|17850.0|||3/4/16 10:07|A2|Plate|1|£1,000.00|United Kingdom|
5001|17850.0|||3/4/16 10:07|A2|Plate|1|£1,000.00|United Kingdom|
5001|17850.0|||3/4/16 10:07|POST|Postage|1|18|United Kingdom|
5001|17850.0|||3/4/16 10:07|A3|Gift|1|0|United Kingdom|
5002|||||A1|Mug|1|0.005|France|Sent
5002||Fox@Example.invalid||4/4/16|A1|Mug|1|0.005|France|Sent
C5001|17850.0|||5/4/16|A1|Mug|-1|2.55|United Kingdom|
5003||ma**@example.invalid|079** 123456|5/4/16|A1|Mug|-1|2.55|France|
5004|1|||5/4/16|A1|Mug|1|2.55|France|Void
5005|1|||5/4/16|A1|Mug|1|2.55|France|Lost
5006|1|||5/4/16|A1|Mug|1|2.55|France|
5006|1|||5/4/16|A1|Mug|one|2.55|France|
1.5E+10|1|||5/4/16|A1|Mug|1|2.55|France|
"""


def test_lines_become_orders_and_returns(tmp_path: Path) -> None:
    orders, problems = read(adapter(tmp_path, LINES), LINES_TABLE, ReadSettings("CNY", "Asia/Shanghai", region="GB"))
    first = orders["5001"]
    assert (first.kind, first.currency, first.paid, first.refunded) == (Kind.ORDER, "GBP", 200_510, None)
    assert [(item.title, item.quantity, item.price, item.paid, item.row) for item in first.items] == [
        ("Mug", 2, 255, 510, 2), ("Plate", 1, 100_000, 100_000, 3), ("Plate", 1, 100_000, 100_000, 4)
    ]  # fmt: skip
    assert first.created_at == at("2016-04-03 10:00:00")  # of its first row
    assert (first.state, first.units, first.province) == (OrderState.FINISHED, 4, "United Kingdom")
    assert [(one.kind, one.value, one.deciding) for one in first.identities] == [
        ("buyer_id", "17850", True), ("phone", "+447911123456", False)
    ]  # fmt: skip

    second = orders["5002"]  # amounts are rounded once an order, the buyer is found on a later row
    assert (second.paid, second.state) == (1, OrderState.SHIPPED)
    assert [(one.kind, one.value, one.display, one.deciding) for one in second.identities] == [
        ("email", "fox@example.invalid", "Fox@Example.invalid", True)
    ]  # fmt: skip

    assert (orders["C5001"].kind, orders["C5001"].paid) == (Kind.RETURN, -255)
    assert (orders["5003"].kind, orders["5003"].paid, orders["5003"].identities) == (Kind.RETURN, -255, ())
    assert (orders["5004"].state, orders["5004"].paid) == (OrderState.CLOSED, 0)
    assert orders["5005"].state is OrderState.PAID
    assert "5006" not in orders

    assert [(one.row, one.column, one.code, one.rejected) for one in problems] == [
        (7, "Date", Code.NO_DATE, False),
        (12, "State", Code.UNKNOWN_STATE, False),
        (14, "Qty", Code.BAD_QUANTITY, True),
        (15, "发票号", Code.SHORTENED_NUMBER, True),
        (13, "发票号", Code.INCOMPLETE_ORDER, True),
    ]


@pytest.mark.parametrize("rule", ["repeated", "first_row"])
def test_an_order_total_is_counted_once(tmp_path: Path, rule: str) -> None:
    text = f"""
platform = "till"
store = "总店"
[columns]
number = "No"
order_total = "Total"
refunded = "Back"
title = "Goods"
created_at = "Date"
province = "Province"
city = "City"
[amounts]
rule = "{rule}"
decimal = ","
"""
    again = "1.234,50|-2,00" if rule == "repeated" else "|"
    table = f"No|Total|Back|Goods|Date|Province|City\nA|1.234,50|-2,00|Mug|2016-05-23|浙江省|杭州市\nA|{again}|Plate|||"
    orders, problems = read(adapter(tmp_path, text), table)
    order = orders["A"]
    assert (order.paid, order.refunded, order.amounts_from_items, order.store) == (123_450, 200, False, "总店")
    assert [item.title for item in order.items] == ["Mug", "Plate"]
    assert (order.state, order.plain_dates, order.province, order.city) == (OrderState.PAID, 1, "浙江", "杭州")
    assert not problems


def test_a_file_fits_a_mapping_when_all_its_columns_are_there(tmp_path: Path) -> None:
    one = adapter(tmp_path, MINIMAL)
    assert (one.key, one.report, one.label) == ("till", "table", "till")
    assert one.matches(["total ", "NO", "other"]) == 2
    assert one.matches(["Total", "other"]) == 0
    assert one.missing(["No", "other"]) == ("Total",)
    assert one.missing(["No", "Total"]) == ()
    assert one.number_columns == ("no",)


@pytest.mark.parametrize(
    ("text", "failure", "told"),
    [
        ("platform = \n", NotToml, "line 1, column 12"),
        ('platform = "till', BrokenToml | NotToml, "TOML"),
        (MINIMAL.replace("platform", "platfrom"), UnknownSetting, "platfrom"),
        (MINIMAL.replace('platform = "till"', ""), MissingSetting, "platform"),
        (MINIMAL.replace("till", "My Till!"), WrongSetting, "platform"),
        (MINIMAL.replace('number = "No"', ""), MissingSetting, "columns.number"),
        (MINIMAL.replace("line_total", "order_total"), MissingSetting, "columns.line_total"),
        (MINIMAL.replace('"Total"', "5"), WrongSetting, "name of a column"),
        (MINIMAL.replace("line_total", "lien_total"), UnknownSetting, "columns.lien_total"),
        (MINIMAL + '[amounts]\nrule = "guess"', WrongSetting, "amounts.rule"),
        (MINIMAL + '[amounts]\nrules = "lines"', UnknownSetting, "amounts.rules"),
        (MINIMAL + '[states]\nwords = { "Done" = "ready" }', WrongSetting, "unpaid, paid, shipped"),
        (MINIMAL + '[clean]\nwhole_numbers = ["buyer"]', UnknownSetting, "clean.whole_numbers.buyer"),
        ('currency = "XYZ"' + MINIMAL, WrongSetting, "three letters"),
    ],
)
def test_a_mistake_in_a_mapping_is_told_with_its_place(
    tmp_path: Path, text: str, failure: type[UserFailure], told: str
) -> None:
    with pytest.raises(UserFailure) as caught:
        adapter(tmp_path, text)
    assert isinstance(caught.value, failure)
    assert told in caught.value.message
    assert "till.toml" in caught.value.message


def test_a_mapping_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoMapping):
        mapping.load(tmp_path / "till.toml")


def online_retail() -> Iterator[tuple[int, list[str]]]:
    folder = os.environ.get("SHOPCRM_TEST_DATA")
    if not folder:
        pytest.skip("SHOPCRM_TEST_DATA is not set")
    with lzma.open(Path(folder) / "online_retail" / "online_retail.csv.xz", "rt", encoding="utf-8", newline="") as file:
        yield from enumerate(csv.reader(file), 1)


def test_online_retail_gives_its_published_figures() -> None:
    rows = online_retail()
    _, header = next(rows)
    one = mapping.load(DATA / "online_retail.toml")
    assert one.matches(header) == len(header)
    spent: dict[str, list[int]] = defaultdict(list)
    unidentified = returns = returned = 0
    for order in one.read(header, rows, ReadSettings("GBP", "Europe/London")):
        assert isinstance(order, ForeignOrder), order
        assert order.currency == "GBP"
        assert order.state is OrderState.FINISHED
        if order.kind is Kind.RETURN:
            returns += 1
            returned += order.paid or 0
        elif not order.identities:
            unidentified += 1
        else:
            [buyer] = order.identities
            spent[buyer.value].append(order.paid or 0)
    assert sum(map(len, spent.values())) == 18_532
    assert len(spent) == 4_338
    assert sum(map(sum, spent.values())) == 891_140_790
    assert (returns, unidentified) == (3_836, 1_428)
    assert returned < 0
    assert spent["12346"] == [7_718_360]
    assert (len(spent["12347"]), sum(spent["12347"])) == (7, 431_000)
    assert all(paid > 0 for each in spent.values() for paid in each)


def test_a_cell_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    text = MINIMAL + 'paid_at = "Paid"\ncreated_at = "Made"\nquantity = "Qty"\n'
    _, problems = read(adapter(tmp_path, text), "No|Total|Paid|Made|Qty\nA|1.00|32 May|2016-05-23|two")
    told = sorted((one.column, one.code) for one in problems)
    assert told == [("Paid", Code.BAD_DATE), ("Qty", Code.BAD_QUANTITY)]
