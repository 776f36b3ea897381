from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import birthdays, sheet_marks
from shopcrm.base.birthdays import Birthday
from shopcrm.base.cells import harmless
from shopcrm.base.sheet_marks import SheetMark, Sort

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def sealed(sort: Sort, text: str) -> str:
    mark = sheet_marks.parse_row_mark(sheet_marks.row_mark("c7", names=["7 x"], cells=[(sort, text)]))
    assert mark is not None
    assert mark.key == "c7"
    return mark.seals[0]


def untouched(seal: str, sort: Sort, text: str) -> bool:
    return sheet_marks.is_untouched(seal, name="7 x", sort=sort, text=text)


@given(text=WORDS, sort=st.sampled_from(list(Sort)))
def test_what_was_written_is_known_again_with_blanks_around_and_a_shield_before_it(text: str, sort: Sort) -> None:
    seal = sealed(sort, harmless(text, csv=True))
    assert untouched(seal, sort, harmless(text, csv=False))
    assert untouched(seal, sort, harmless(text, csv=True))
    assert untouched(seal, sort, f"  {harmless(text, csv=True)}\u3000")


@given(day=st.dates(date(1990, 1, 1), date(2150, 12, 31)))
def test_a_day_is_the_same_however_a_spreadsheet_writes_it(day: date) -> None:
    seal = sealed(Sort.DATE, day.isoformat())
    serial = (day - date(1899, 12, 30)).days
    for text in (f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日", f"{day} 00:00:00", f"{serial}",
                 f"{day.month}/{day.day}/{day.year}", f"{day.day}.{day.month}.{day.year}"):  # fmt: skip
        assert untouched(seal, Sort.DATE, text), text
    birthday = Birthday("solar", day.month, day.day, day.year)
    seal = sealed(Sort.BIRTHDAY, birthdays.words(birthday))
    for text in (f"{day:%Y/%m/%d}", f"{day.month}/{day.day}/{day.year}", f"{day} 00:00:00"):
        assert untouched(seal, Sort.BIRTHDAY, text), text


@pytest.mark.parametrize(
    ("sort", "written", "read", "same"),
    [
        (Sort.NUMBER, "1234.50", "1,234.5", True), (Sort.NUMBER, "1234.50", "¥1,234.50", True),
        (Sort.NUMBER, "1234.50", "1234.51", False), (Sort.NUMBER, "", "0", False), (Sort.NUMBER, "12", "12.0", True),
        (Sort.TEXTS, "a, b", "b，a", True), (Sort.TEXTS, "a, b", "a", False), (Sort.TEXT, "a, b", "b, a", False),
        (Sort.TEXT, "'=1+1", "=1+1", True), (Sort.BIRTHDAY, "03-05", "5-Mar", True),
        (Sort.BIRTHDAY, "03-05", "3月5日", True), (Sort.BIRTHDAY, "03-05", "2026-03-05", False),
        (Sort.BIRTHDAY, "Lunar 8-15", "农历八月十五", True),
    ],
)  # fmt: skip
def test_only_what_somebody_changed_differs(sort: Sort, written: str, read: str, *, same: bool) -> None:
    assert untouched(sealed(sort, written), sort, read) is same


def test_the_head_tells_what_it_was_given_and_others_tell_nothing() -> None:
    mark = SheetMark("customers", "0123abcd", 1_790_000_000, ("name", "net_total"))
    assert sheet_marks.find(["Name", "Total", mark.head()]) == (2, mark)
    assert sheet_marks.find(["Name", "[ShopCRM]", "ShopCRM customers"]) is None
    assert sheet_marks.parse_row_mark("c1.abc") is None
    assert sheet_marks.parse_row_mark("1") is None
