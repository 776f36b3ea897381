from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.app import Shop
from shopcrm.collect import fields, fixes
from shopcrm.collect.fixes import Fix, Offer
from shopcrm.collect.foreign import Code, Way
from shopcrm.collect.imports import ImportReport
from shopcrm.collect.staged import ProblemGroup, Staged
from tests.builders import new_shop

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
HEADER = "订单编号,买家会员名,买家实际支付金额,订单状态,收货人姓名,订单创建时间,订单付款时间,宝贝标题"


@pytest.mark.parametrize(
    ("cell", "way", "became"),
    [
        ("约 90 块", Way.NUMBER, "90"),
        ("'¥ 1,299.90/件", Way.NUMBER, "1,299.90"),
        ("１２ 件装", Way.NUMBER, "12"),
        ("3-5 天", Way.NUMBER, None),
        ("1.5万", Way.NUMBER, None),
        ("12k", Way.NUMBER, None),
        ("50%", Way.NUMBER, None),
        ("九十块", Way.NUMBER, None),
        ("1.007,00", Way.OTHER_DECIMAL, "1,007.00"),
        ("abc", Way.OTHER_DECIMAL, None),
        ("人民币", Way.CURRENCY, "CNY"),
        ("Pesos", Way.CURRENCY, None),
        ("2026/9/10(周四) 下午3:05", Way.DATE, "2026-09-10 15:05:00"),
        ("2026年9月10号", Way.DATE, "2026-09-10"),
        ("Thu, Sep 10, 2026 12:05 am", Way.DATE, "2026-09-10 00:05:00"),
        ("10-Sept-2026", Way.DATE, "2026-09-10"),
        ("中午12:30", Way.DATE, None),
        ("2026-9-31", Way.DATE, None),
        ("2026/9/10 左右", Way.DATE, None),
        ("9月10日", Way.DATE, None),
        ("10.9.2026", Way.DATE, None),
        ("10.9.2026", Way.DAY_FIRST, "2026-09-10"),
        ("10.9.2026", Way.MONTH_FIRST, "2026-10-09"),
        ("13/9/26 8:05", Way.DAY_FIRST, "2026-09-13 08:05:00"),
        ("13/9/2026", Way.MONTH_FIRST, None),
        ("昨天", Way.EMPTY, ""),
        ("昨天", Way.LEAVE_OUT, None),
    ],
)
def test_a_way_reads_what_it_understands_and_nothing_else(cell: str, way: Way, became: str | None) -> None:
    assert fixes.mended(cell, way) == became


@given(day=DAYS, sign=st.sampled_from("./- "), seconds=st.integers(0, 86_399), afternoon=st.booleans())
def test_what_a_date_becomes_is_that_date(day: date, sign: str, seconds: int, afternoon: bool) -> None:
    when = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001
    clock = f"{when:%I:%M:%S %p}" if afternoon else f"{when:%H:%M:%S}"
    for way, order in ((Way.DAY_FIRST, ("%d", "%m", "%Y")), (Way.MONTH_FIRST, ("%m", "%d", "%Y"))):
        assert fixes.mended(f"{when:{sign.join(order)}} {clock}", way) == f"{when:%Y-%m-%d %H:%M:%S}"
    assert fixes.mended(f"{when:%B %d, %Y} {clock}", Way.DATE) == f"{when:%Y-%m-%d %H:%M:%S}"


@given(text=st.text(max_size=24), way=st.sampled_from(Way))
def test_no_cell_breaks_a_way(text: str, way: Way) -> None:
    became = fixes.mended(text, way)
    if became and way in (Way.DATE, Way.DAY_FIRST, Way.MONTH_FIRST):
        assert fields.moment(became, zone=ZoneInfo("UTC")) is not None or not 1990 <= int(became[:4]) <= 2100


def test_what_is_offered_helps_and_of_two_orders_of_a_date_the_one_that_reads_more() -> None:
    assert fixes.possible(Code.BAD_DATE, ["10.9.2026", "昨天"]) == (
        Offer(Way.DAY_FIRST, "10.9.2026", "2026-09-10", 1),
        Offer(Way.MONTH_FIRST, "10.9.2026", "2026-10-09", 1),
        Offer(Way.EMPTY),
        Offer(Way.LEAVE_OUT),
    )
    some = fixes.possible(Code.BAD_DATE, ["10.9.2026", "13.9.2026"], rejected=False)
    assert [(offer.way, offer.count) for offer in some] == [(Way.DAY_FIRST, 2)]
    assert [offer.way for offer in fixes.possible(Code.SHORTENED_NUMBER, ["1.9E+15"])] == [Way.LEAVE_OUT]
    assert fixes.possible(Code.UNKNOWN_STATE, ["?"], rejected=False) == ()
    assert fixes.possible(Code.DUPLICATE, ["1"]) == ()


# In a file


def report(path: Path, *cells: tuple[str, str]) -> Path:
    """Orders with these amounts and dates of payment."""
    lines = [
        f"193067985817{at:05}7,who_{at},{paid},交易成功,示例王,2026-03-01 10:00:00,{day},样品"
        for at, (paid, day) in enumerate(cells)
    ]
    path.write_text("\r\n".join([HEADER, *lines, ""]), encoding="gb18030", newline="")
    return path


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return new_shop(tmp_path / "shop")


def look(shop: Shop, path: Path, *chosen: Fix) -> tuple[Staged, ImportReport, dict[tuple[str, str], ProblemGroup]]:
    staged = shop.stage([path], fixes=chosen)
    told = shop.preview(staged)
    return staged, told, {(group.code.value, group.way or ""): group for group in staged.groups(file=1)}


PAID, DAY = "买家实际支付金额", "订单付款时间"
CELLS = [
    ("12.50", "2026-03-01 10:05:00"), ("约 90 块", "2026-03-02 10:05:00"), ("九十块", "2026-03-03"),
    ("7.00", "10.3.2026"), ("8.00", "13.3.2026"), ("9.00", "昨天"),
]  # fmt: skip


def test_fixes_reach_only_the_cells_in_the_way_and_are_told(shop: Shop, tmp_path: Path) -> None:
    path = report(tmp_path / "o.csv", *CELLS)
    before = path.read_bytes()
    staged, told, groups = look(shop, path)
    assert told.files[0].rejected == 5
    assert [(group.code, group.count) for group in staged.groups(file=1)] == [(Code.BAD_DATE, 3), (Code.BAD_AMOUNT, 2)]
    assert groups["bad_date", ""].examples == ("10.3.2026", "13.3.2026", "昨天")
    assert [offer.way for offer in groups["bad_date", ""].offers] == [Way.DAY_FIRST, Way.EMPTY, Way.LEAVE_OUT]
    staged.close()

    chosen = (
        Fix(1, PAID, Code.BAD_AMOUNT, Way.NUMBER),
        Fix(1, DAY, Code.BAD_DATE, Way.DAY_FIRST),
        Fix(1, DAY, Code.BAD_DATE, Way.EMPTY),
        Fix(1, PAID, Code.BAD_AMOUNT, Way.LEAVE_OUT),
    )
    staged, told, groups = look(shop, path, *chosen)
    assert (told.files[0].rejected, told.files[0].rows, told.files[0].problems) == (0, 5, ())
    assert {key: group.count for key, group in groups.items()} == {
        ("bad_amount", "number"): 1, ("bad_amount", "leave_out"): 1, ("bad_date", "day_first"): 2,
        ("bad_date", "empty"): 1,
    }  # fmt: skip
    rows = {row.row: row for row in staged.rows(file=1)}
    assert (rows[3].status, rows[3].problem_columns, rows[3].mended) == ("new", (), {PAID: "90"})
    assert rows[6].mended == {DAY: "2026-03-13"}
    assert (rows[4].status, rows[4].mended) == ("left_out", {})
    shop.import_staged(staged)
    with shop.read() as tx:
        stored = tx.connection.exec_driver_sql(
            "SELECT substr(number, -2, 1), paid, date(day * 86400, 'unixepoch') FROM orders ORDER BY 1"
        ).all()
    assert [tuple(one) for one in stored] == [
        ("0", 1250, "2026-03-01"), ("1", 9000, "2026-03-02"), ("3", 700, "2026-03-10"), ("4", 800, "2026-03-13"),
        ("5", 900, "2026-03-01"),
    ]  # fmt: skip
    assert path.read_bytes() == before


def test_a_column_that_is_wrong_throughout_comes_first_and_its_rows_are_counted_all(shop: Shop, tmp_path: Path) -> None:
    bad = [("12.50" if at % 3 else "?", f"{1 + at % 9}.3.2026") for at in range(1_500)]
    staged, told, _groups = look(shop, report(tmp_path / "o.csv", *bad))
    first, second = staged.groups(file=1)
    assert (first.code, first.count, first.whole, len(first.rows)) == (Code.BAD_DATE, 1_500, True, 500)
    assert (second.code, second.count, second.whole) == (Code.BAD_AMOUNT, 500, False)
    assert set(second.rows) <= {row.row for row in staged.rows(file=1)}
    assert told.files[0].rejected == 1_500


def test_a_problem_far_down_is_shown_with_the_first_rows(shop: Shop, tmp_path: Path) -> None:
    cells = [("1.00", "2026-03-01 10:05:00")] * 2_000
    staged, _told, _groups = look(shop, report(tmp_path / "o.csv", *cells, ("?", "2026-03-01 10:05:00")))
    rows = staged.rows(file=1)
    assert (len(rows), rows[-1].row, rows[-1].status) == (501, 2_002, "problem")


def test_a_row_that_is_left_out_for_one_reason_is_out_for_all(shop: Shop, tmp_path: Path) -> None:
    path = report(tmp_path / "o.csv", ("?", "?"), ("1.00", "2026-03-01 10:05:00"))
    _staged, told, groups = look(shop, path, Fix(1, DAY, Code.BAD_DATE, Way.LEAVE_OUT))
    assert (told.files[0].rows, told.files[0].rejected, told.orders.new) == (1, 0, 1)
    assert {key: (group.count, group.rejected) for key, group in groups.items()} == {
        ("bad_amount", "leave_out"): (1, False), ("bad_date", "leave_out"): (1, False),
    }  # fmt: skip


def test_a_fix_is_of_one_file(shop: Shop, tmp_path: Path) -> None:
    paths = [report(tmp_path / f"{name}.csv", ("约 90 块", "2026-03-02 10:05:00")) for name in "ab"]
    staged = shop.stage(paths, fixes=(Fix(2, PAID, Code.BAD_AMOUNT, Way.NUMBER),))
    assert [file.rejected for file in shop.preview(staged).files] == [1, 0]


def test_a_date_written_as_a_problem_asks_is_read_by_a_table_with_formats_of_its_own() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    written = fields.moment("2026-03-31 14:05:00", zone=zone)
    assert written == fields.moment("2026-03-31 14:05:00", zone=zone, formats=("%d/%m/%Y",))
