from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import clock
from shopcrm.base.money import to_minor
from shopcrm.collect import fields
from shopcrm.collect.fields import CellError, Columns
from shopcrm.collect.foreign import Code, Problem
from shopcrm.collect.row_cells import Cells

CHINA = ZoneInfo("Asia/Shanghai")
AMOUNTS = st.integers(-(10**11), 10**11)  # minor units
# Nobody's clock stood on a second that summer time leaves out or repeats: China had its last summer time in 1991.
TIMES = st.datetimes(datetime(1992, 1, 1), datetime(2100, 12, 31)).map(lambda time: time.replace(microsecond=0))  # noqa: DTZ001


@given(minor=AMOUNTS, data=st.data())
def test_amounts_come_back_however_written(minor: int, data: st.DataObject) -> None:
    plain = f"{Decimal(abs(minor)).scaleb(-2):f}"
    grouped = f"{Decimal(abs(minor)).scaleb(-2):,f}"
    digits = data.draw(st.sampled_from([plain, grouped]))
    written = data.draw(
        st.sampled_from(
            [digits, f"{digits}元", f"￥{digits}", f"¥ {digits}", f"CNY{digits}", f"{digits}(包含运费4.00)"]
        )
    )
    if minor < 0:
        signs = [f"({written})", f"-{written}", f"−{written}"] if written[-1] != ")" else [f"-{written}"]
        written = data.draw(st.sampled_from(signs))
    escaped = data.draw(
        st.sampled_from([written, f'="{written}"', f"'{written}", f"\t{written}\t", f"\u3000{written} "])
    )
    if data.draw(st.booleans()):
        escaped = escaped.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    found = fields.amount(escaped)
    assert found is not None
    assert to_minor(found, currency="CNY") == minor


@given(minor=AMOUNTS)
def test_the_decimal_sign_of_a_file_may_be_a_comma(minor: int) -> None:
    written = f"{Decimal(minor).scaleb(-2):,f}".translate({ord("."): ",", ord(","): "."})
    assert fields.amount(written, decimal=",") == Decimal(minor).scaleb(-2)


@pytest.mark.parametrize(
    "text", ["", " ", "-", "--", "——", "/", "null", "NULL", "无退款申请", "没有申请退款", '=""', "\u3000"]
)
def test_blanks_are_no_amount_and_no_error(text: str) -> None:
    assert fields.amount(text) is None


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("69.20(包含运费47.80)", "69.20"), ("69.20（含…47.80）", "69.20"), ("１２．５０", "12.50"), ("598元", "598"),
        ("¥1,299.90", "1299.90"), ("￥0", "0"), ("(12.00)", "-12.00"), ('="12.50"', "12.50"), ("\t12.50\t", "12.50"),
    ],
)  # fmt: skip
def test_amounts_as_the_marketplaces_write_them(written: str, amount: str) -> None:
    assert fields.amount(written) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["一百", "1.2.3", "1,23", "12,3456", "1930679858170647", "1.2E+3", "5 or 6", "￥", "()", "nan5", "--5", "٣"]
)
def test_what_is_no_amount_is_said_to_be_none(text: str) -> None:
    with pytest.raises(CellError) as caught:
        fields.amount(text)
    assert caught.value.code is Code.BAD_AMOUNT


@given(
    count=st.integers(-999_999, 999_999), form=st.sampled_from(["{}", "{}.0", "{}件", " {} ", "'{}", "{:,}", "{:,}.00"])
)
def test_quantities_come_back_however_written(count: int, form: str) -> None:
    assert fields.quantity(form.format(count)) == count


@pytest.mark.parametrize("text", ["1.5", "两件", "1e3", "12345678901", "1,23"])
def test_what_is_no_whole_number_is_said_to_be_none(text: str) -> None:
    with pytest.raises(CellError) as caught:
        fields.quantity(text)
    assert caught.value.code is Code.BAD_QUANTITY


@given(
    time=TIMES, form=st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d %H:%M:%S", "%Y%m%d%H%M%S"])
)
def test_times_come_back_in_the_shops_zone(time: datetime, form: str) -> None:
    found = fields.moment(time.strftime(form), zone=CHINA)
    assert found is not None
    assert found.seconds == clock.seconds(time.replace(tzinfo=CHINA))
    assert (found.day, found.plain) == (clock.day_number(time.date()), False)


@given(time=TIMES, hours=st.integers(-11, 13))
def test_a_zone_in_the_cell_stands_over_the_shops(time: datetime, hours: int) -> None:
    found = fields.moment(f"{time:%Y-%m-%dT%H:%M:%S}{hours:+03d}:00", zone=CHINA)
    assert found is not None
    assert found.seconds == clock.seconds(time.replace(tzinfo=ZoneInfo("UTC")) - timedelta(hours=hours))
    assert found.day == clock.day_of(found.seconds, tz=CHINA)


@given(
    day=st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    form=st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d"]),
)
def test_a_plain_date_stays_one_in_any_zone(day: date, form: str) -> None:
    for zone in (CHINA, ZoneInfo("America/Los_Angeles")):
        found = fields.moment(day.strftime(form), zone=zone)
        assert found == (clock.plain_seconds(day), clock.day_number(day), True)


@given(day=st.dates(date(1990, 1, 1), date(2100, 12, 31)), second=st.integers(0, 86_399))
def test_excels_days_are_dates(day: date, second: int) -> None:
    serial = Decimal((day - date(1899, 12, 30)).days) + Decimal(second) / 86_400
    found = fields.moment(f"{serial:.10f}", zone=CHINA)
    assert found is not None
    assert found.day == clock.day_number(day)
    expected = clock.seconds(datetime(day.year, day.month, day.day, tzinfo=CHINA)) + second
    summer_time = abs(found.seconds - expected) == 3_600 and day.year < 1992
    assert found.plain or found.seconds == expected or summer_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016/5/23 22:02", "2016-05-23 22:02:00"),
        ("2016/5/3 9:02:05", "2016-05-03 09:02:05"),
        ("2016-05-23 22:02:05.123", "2016-05-23 22:02:05"),
        ("\t2016-05-23  22:02:05", "2016-05-23 22:02:05"),
        ("２０１６-05-23 22:02", "2016-05-23 22:02:00"),
    ],
)
def test_dates_as_files_write_them(text: str, expected: str) -> None:
    found = fields.moment(text, zone=CHINA)
    assert found is not None
    assert found.seconds == clock.seconds(datetime.fromisoformat(expected).replace(tzinfo=CHINA))


@pytest.mark.parametrize(
    "text",
    ["16/5/23", "5/23/2016", "23.05.2016", "2016-13-01", "2016-02-30", "2016", "20160", "201605", "1016-05-23", "昨天",
     "2016-05-23 25:00", "99999", "2016-5/23", "1930679858170647"],
)  # fmt: skip
def test_dates_that_may_mean_several_days_or_none_are_refused(text: str) -> None:
    with pytest.raises(CellError) as caught:
        fields.moment(text, zone=CHINA)
    assert caught.value.code is Code.BAD_DATE


def test_a_format_says_what_a_short_date_means() -> None:
    found = fields.moment("3/4/16 22:02", zone=CHINA, formats=("%d/%m/%y", "%d/%m/%y %H:%M"))
    assert found is not None
    assert (found.day, found.plain) == (clock.day_number(date(2016, 4, 3)), False)
    plain = fields.moment("3/4/16", zone=CHINA, formats=("%d/%m/%y", "%d/%m/%y %H:%M"))
    assert plain == (clock.plain_seconds(date(2016, 4, 3)), clock.day_number(date(2016, 4, 3)), True)


@pytest.mark.parametrize("text", ["0000-00-00 00:00:00", "-", "null", ""])
def test_no_date_is_none(text: str) -> None:
    assert fields.moment(text, zone=CHINA) is None


@given(number=st.integers(10**15, 10**19))
def test_what_excel_makes_of_a_long_number_is_seen(number: int) -> None:
    assert fields.is_shortened(f"{number:.5E}")
    assert not fields.is_shortened(str(number))
    kept = str(number)[:15]
    assert fields.is_rounded(kept + "0" * (len(str(number)) - 15))


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (fields.amount, fields.quantity, lambda cell: fields.moment(cell, zone=CHINA)):
        with suppress(CellError):
            parse(text)
    assert fields.unescape(fields.unescape(text)) is not None
    fields.fold_header(text)


@pytest.mark.parametrize(
    ("header", "same"),
    [(" 收货地址 ", "收货地址"), ("\ufeff订单编号", "订单编号"), ("总金额（旧版）", "总金额(旧版)"),
    ("商品\u3000标题", "商品标题"),
     ("Order  ID", "orderid"), ("含税，元", "含税,元")],
)  # fmt: skip
def test_names_of_columns_are_compared_without_blanks_and_widths(header: str, same: str) -> None:
    assert fields.fold_header(header) == fields.fold_header(same)


def test_a_row_is_read_by_field_and_its_problems_name_their_cells() -> None:
    columns = Columns(
        ["订单编号 ", "金额", "付款时间", "金额"],
        {"number": ("单号", "订单编号"), "paid": ("金额",), "gone": ("没有",)},
    )
    assert ("number" in columns, "gone" in columns, len(columns)) == (True, False, 2)
    cells = Cells(7, ['="1.93E+15"', "五元"], columns=columns, currency="CNY", zone=CHINA, ways={})
    assert cells.number("number") is None
    assert cells.amount("paid") is None
    assert cells.text("gone") is None
    assert cells.problems == [
        Problem(7, "订单编号 ", Code.SHORTENED_NUMBER, "1.93E+15"),
        Problem(7, "金额", Code.BAD_AMOUNT, "五元"),
    ]
    assert cells.rejected
