from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from shopcrm.act import export, fields, product_sheet, round_trip
from shopcrm.act.round_trip import OtherShop, SheetDifferences
from shopcrm.app import Shop
from shopcrm.base import i18n
from shopcrm.base.birthdays import Birthday
from shopcrm.base.options import TRADE
from shopcrm.collect import (
    attribute_list,
    attributes,
    birthdays,
    customers,
    edits,
    people_data,
    products,
    settings,
    tags,
)  # fmt: skip
from shopcrm.collect.attribute_list import Draft
from shopcrm.collect.foreign import ForeignItem
from shopcrm.collect.refusals import EditedAmongOthers
from tests.builders import TODAY, content, given_orders, new_shop, order

HOSTILE = '=HYPERLINK("http://example.invalid","x")'
DAYS = {
    "anan": Birthday("solar", 3, 5),
    "@bei": Birthday("lunar", 8, 15, 1990),
    "0012345678901234567": Birthday("solar", 12, 11, 1988),
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    cup = ForeignItem("保温杯", 2, 1, article="0012", variant="红色;大", price=5_000)
    bag = ForeignItem("-5 折 帆布袋", 2, 2, price=1_500)
    given_orders(
        opened,
        [
            order("1", "0012345678901234567", TODAY - timedelta(days=90), 123_456, phone="13800130001",
                  recipient_name=HOSTILE, items=[cup, bag]),
            order("2", "anan", TODAY, 5_000, recipient_name="安安", province="浙江省", city="杭州市", items=[cup]),
            order("3", "@bei", TODAY - timedelta(days=5), 8_000, recipient_name="'+贝贝", phone="13800130003"),
        ],
    )  # fmt: skip
    with opened.write() as tx:
        for nick, birthday in DAYS.items():
            birthdays.put(tx, {who(opened, nick): birthday})
        tags.put(tx, [who(opened, "anan"), who(opened, "@bei")], name="老客, 宝妈")
        tags.put(tx, [who(opened, "anan")], name="VIP")
    yield opened
    opened.close()


def who(shop: Shop, nick: str) -> int:
    with shop.read() as tx:
        found = customers.first_identities(tx)
    return next(one for one, value in found.items() if value == nick)


def exported(shop: Shop, path: Path, *keys: str) -> Path:
    with shop.write() as tx:
        if keys == ("products",):
            product_sheet.export_products(tx, shop.columns(), path)
        else:
            export.export_customers(tx, shop.columns(), path, keys=keys or None)
    return path


def edited(path: Path, change: Callable[[Worksheet], None]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return path


def at(sheet: Worksheet, label: str, row: int) -> Any:
    """A cell by the head of its column."""
    return next(
        sheet.cell(row, column)
        for column in range(1, sheet.max_column + 1)
        if sheet.cell(1, column).value == label
    )  # fmt: skip


def row_of(sheet: Worksheet, text: str) -> int:
    return next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == text)


def compared(shop: Shop, path: Path) -> SheetDifferences:
    staged = shop.stage([path])
    try:
        assert round_trip.is_edited(staged)
        with shop.read() as tx:
            return round_trip.compare(tx, shop.columns(), staged)
    finally:
        staged.close()


def told(found: SheetDifferences) -> list[tuple[str, str, str, str]]:
    return [(cell.told, cell.label, cell.before, cell.after) for cell in found.cells]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_a_list_that_nobody_edited_differs_in_nothing(
    shop: Shop, tmp_path: Path, ending: str, language: str
) -> None:  # fmt: skip
    before = i18n.language()
    i18n.set_language(language)
    try:
        path = exported(shop, tmp_path / f"list{ending}", *fields.FIELD_KEYS)
        i18n.set_language(i18n.LANGUAGES[0])  # read by a window in another language
        found = compared(shop, path)
    finally:
        i18n.set_language(before)
    assert (found.rows, found.cells, found.refused, found.fixed) == (3, (), (), ())


def test_days_of_a_csv_that_a_spreadsheet_wrote_its_own_way_are_the_same_days(shop: Shop, tmp_path: Path) -> None:
    path = exported(shop, tmp_path / "list.csv", "name", "birthday", "last_day", "net_total")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    ways = {"03-05": "5-Mar", "1988-12-11": "12/11/1988"}
    for row in rows:
        row[1] = ways.get(row[1], row[1])
        year, month, day = row[2].split("-")
        row[2] = f"{int(month)}/{int(day)}/{year}"
        row[3] = f"{float(row[3]):,g}"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    found = compared(shop, path)
    assert (found.cells, found.refused, found.fixed) == ((), (), ())


def test_only_cells_that_were_changed_are_offered_and_written_as_one_change(shop: Shop, tmp_path: Path) -> None:
    path = exported(shop, tmp_path / "list.xlsx", "name", "tags", "birthday", "net_total")

    def change(sheet: Worksheet) -> None:
        an, bei = row_of(sheet, "安安"), row_of(sheet, "'+贝贝")
        at(sheet, "Name", an).value = " 安 安 "
        at(sheet, "Tags", an).value = "VIP，老客, 宝妈；新客"
        at(sheet, "Birthday", bei).value = date(1990, 3, 6)
        at(sheet, "Tags", bei).value = None
        at(sheet, "Total spent", bei).value = 1
        at(sheet, "Birthday", row_of(sheet, HOSTILE)).value = "soon"
        at(sheet, "Name", row_of(sheet, HOSTILE)).value = None
        sheet.move_range(f"A1:A{sheet.max_row}", cols=9)  # the columns may be moved, the rows sorted

    found = compared(shop, edited(path, change))
    assert sorted(told(found)) == [
        ("'+贝贝", "Birthday", "1990 Lunar 8-15", "1990-03-06"),
        ("'+贝贝", "Tags", "老客, 宝妈", ""),
        ("安安", "Name", "安安", "安 安"),
        ("安安", "Tags", "老客, 宝妈, VIP", "老客, 宝妈, VIP, 新客"),
    ]
    assert found.conflicts == 0
    assert [(fixed.label, fixed.cells) for fixed in found.fixed] == [("Total spent", 1)]
    assert sorted((one.label, one.reason) for one in found.refused) == [
        ("Birthday", "“soon” is no birthday. Type it like 3-5, 1990-03-05 or lunar 8-15."),
        ("Name", "Type a name."),
    ]
    before = content(shop)
    chosen = [cell for cell in found.cells if cell.told == "安安"]
    with shop.write() as tx:
        written = round_trip.write(tx, found, chosen, columns=shop.columns())
    assert (written.cells, written.left) == (2, 0)
    with shop.read() as tx:
        assert set(tags.of_customer(tx, who(shop, "anan"))) == {"老客, 宝妈", "VIP", "新客"}
        assert tags.of_customer(tx, who(shop, "@bei")) == ("老客, 宝妈",)
    assert {(cell.told, cell.key) for cell in compared(shop, path).cells} == {
        ("'+贝贝", "birthday"),
        ("'+贝贝", "tags"),
    }
    with shop.write() as tx:
        edits.undo(tx, written.change_set)
    assert content(shop) == before


def test_what_the_shop_changed_since_is_a_conflict_and_what_only_the_shop_changed_is_none(
    shop: Shop, tmp_path: Path
) -> None:
    path = exported(shop, tmp_path / "list.xlsx", "name", "tags", "birthday")
    with shop.write() as tx:
        customers.rename(tx, who(shop, "anan"), name="安安妈妈")
        tags.put(tx, [who(shop, "anan")], name="新客")

    found = compared(
        shop, edited(path, lambda sheet: at(sheet, "Name", row_of(sheet, "安安")).__setattr__("value", "小安"))
    )
    assert [(cell.before, cell.after, cell.conflict) for cell in found.cells] == [("安安妈妈", "小安", True)]
    assert found.safe == ()

    # Changed while it is looked at: the newer one stays.
    with shop.write() as tx:
        customers.rename(tx, who(shop, "anan"), name="安安奶奶")
    with shop.write() as tx:
        written = round_trip.write(tx, found, found.cells, columns=shop.columns())
    assert (written.cells, written.left) == (0, 1)


def test_rows_that_nobody_can_place_are_listed_and_the_others_are_read(shop: Shop, tmp_path: Path) -> None:
    path = exported(shop, tmp_path / "list.xlsx", "name")

    def change(sheet: Worksheet) -> None:
        an = row_of(sheet, "安安")
        mark = sheet.cell(an, 2).value
        at(sheet, "Name", an).value = "小安"
        sheet.append(["新人", None])
        sheet.append(["安安", mark])
        sheet.append(["谁", str(mark).replace("c", "c9", 1)])

    found = compared(shop, edited(path, change))
    assert told(found) == [("安安", "Name", "安安", "小安")]
    assert [(one.row, one.reason.split(":")[0].split(",")[0]) for one in found.refused] == [
        (5, "The last column of this row is missing or was changed"),
        (6, "It is in the sheet twice"),
        (7, "This customer is not in the shop any more."),
    ]


def test_a_list_of_another_shop_or_among_other_files_is_refused(shop: Shop, tmp_path: Path) -> None:
    path = exported(shop, tmp_path / "list.csv")
    other = new_shop(tmp_path / "other")
    with pytest.raises(OtherShop):
        compared(other, path)
    other.close()
    with pytest.raises(EditedAmongOthers):
        shop.stage([path, path])


def test_products_are_filled_in_with_excel(shop: Shop, tmp_path: Path) -> None:
    path = exported(shop, tmp_path / "products.xlsx", "products")
    assert compared(shop, path).cells == ()

    def change(sheet: Worksheet) -> None:
        cup, bag = row_of(sheet, "0012"), row_of(sheet, "-5 折 帆布袋")
        at(sheet, "Category", cup).value = "杯子"
        at(sheet, "Days one lasts", cup).value = 30
        at(sheet, "Fit", cup).value = "runs LARGE"
        at(sheet, "Tags", cup).value = "保温、送礼"
        at(sheet, "Days one lasts", bag).value = "a month"
        at(sheet, "Stage or age", bag).value = "0-3"
        at(sheet, "Pieces", bag).value = 99
        sheet.append(["9999", *([None] * (sheet.max_column - 2)), sheet.cell(cup, sheet.max_column).value])

    before = content(shop)
    found = compared(shop, edited(path, change))
    assert sorted((cell.told, cell.label, cell.after) for cell in found.cells) == [
        ("-5 折 帆布袋", "Stage or age", "0-3"),
        ("保温杯 · 红色;大", "Category", "杯子"),
        ("保温杯 · 红色;大", "Days one lasts", "30"),
        ("保温杯 · 红色;大", "Fit", "Runs large"),
        ("保温杯 · 红色;大", "Tags", "保温, 送礼"),
    ]
    assert [(one.row, one.label, one.reason) for one in found.refused] == [
        (row, label, reason)
        for row, label, reason in [
            (found.refused[0].row, "Days one lasts",
             "“a month” is no number of days. Type a whole number from 1 to 3650, or nothing."),
            (4, "", "The shop has no product “9999”."),
        ]
    ]  # fmt: skip
    assert [(fixed.label, fixed.cells) for fixed in found.fixed] == [("Pieces", 1)]
    with shop.write() as tx:
        written = round_trip.write(tx, found, found.cells, columns=shop.columns())
    with shop.read() as tx:
        kept = {one.code: one for one in products.listed(tx, shop.columns())}
    cup = kept["0012"]
    assert (cup.category, cup.days_per_unit, cup.fit, cup.tags) == ("杯子", 30, "large", ("保温", "送礼"))
    assert compared(shop, path).cells == ()
    with shop.write() as tx:
        edits.undo(tx, written.change_set)
    assert content(shop) == before


def test_what_is_told_of_a_person_is_edited_in_the_sheet(shop: Shop, tmp_path: Path) -> None:
    with shop.write() as tx:
        people_data.put(tx, {who(shop, "anan"): {"gender": "female", "company": "甲", "age_band": "25-29"}})
    keys = ("name", "birthday", "gender", "age_band", "company", "occupation", "source", "entry_offer", "member_level")
    path = exported(shop, tmp_path / "list.xlsx", *keys)
    assert compared(shop, path).cells == ()

    def change(sheet: Worksheet) -> None:
        row = row_of(sheet, "安安")
        for label, value in (
            ("Gender", "男"), ("Age band", "33"), ("Company", None), ("Occupation", "<b>老师</b>"),
            ("Came from", "朋友"),
            ("Entry offer", "9.9 试用装"), ("Member level", "x" * 65),
        ):  # fmt: skip
            at(sheet, label, row).value = value

    found = compared(shop, edited(path, change))
    assert told(found) == [
        ("安安", "Gender", "Female", "Male"), ("安安", "Age band", "25-29", "30-34"), ("安安", "Company", "甲", ""),
        ("安安", "Occupation", "", "<b>老师</b>"), ("安安", "Came from", "", "朋友"),
        ("安安", "Entry offer", "", "9.9 试用装"),
    ]  # fmt: skip
    assert [refused.label for refused in found.refused] == ["Member level"]
    with shop.write() as tx:
        written = round_trip.write(tx, found, found.cells, columns=shop.columns())
    with shop.read() as tx:
        now = people_data.of_customer(tx, who(shop, "anan")).fields
    assert (now["gender"], now["age_band"], now["company"], now["occupation"]) == ("male", "30-34", None, "<b>老师</b>")
    with shop.write() as tx:
        edits.undo(tx, written.change_set)
        assert people_data.of_customer(tx, who(shop, "anan")).fields["company"] == "甲"


def test_an_age_that_follows_from_the_birthday_is_not_typed(shop: Shop, tmp_path: Path) -> None:
    path = exported(shop, tmp_path / "list.xlsx", "id", "birthday", "age_band")

    def change(sheet: Worksheet) -> None:
        at(sheet, "Age band", row_of(sheet, "1988-12-11")).value = "60+"

    found = compared(shop, edited(path, change))
    assert found.cells == ()
    assert [(refused.label, refused.reason) for refused in found.refused] == [
        ("Age band", "The age follows from the birthday.")
    ]


@pytest.fixture
def traits(shop: Shop) -> str:
    """Attributes of every kind are known of two; the key of the owner's own."""
    with shop.write() as tx:
        settings.choose(tx, {TRADE: "clothing"})
        own = attribute_list.add(tx, Draft("星座, 属相", "choice", "白羊、金牛"))
        attributes.put(tx, {who(shop, "anan"): {
            "height_cm": 168, "weight_kg": 52.5, "top_size": "M", "colours": ("blue", "red"), own: "金牛",
            "avoids_cloth": HOSTILE, "baby_born": date(2025, 11, 2),
        }, who(shop, "@bei"): {"top_size": "XXL", "avoids_cloth": "-12"}})  # fmt: skip
    return own


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
@pytest.mark.usefixtures("traits")
def test_attributes_that_nobody_edited_differ_in_nothing(
    shop: Shop, tmp_path: Path, ending: str, language: str
) -> None:  # fmt: skip
    before = i18n.language()
    i18n.set_language(language)
    try:
        with shop.read() as tx:
            keys = [one.key for one in fields.of_shop(tx)]
        path = exported(shop, tmp_path / f"list{ending}", *keys)
        i18n.set_language(i18n.LANGUAGES[0])  # read by a window in another language
        found = compared(shop, path)
    finally:
        i18n.set_language(before)
    assert (found.rows, found.cells, found.refused, found.fixed) == (3, (), (), ())


def test_attributes_edited_in_a_sheet_are_offered_cell_by_cell_and_written_as_one_change(
    shop: Shop, tmp_path: Path, traits: str
) -> None:  # fmt: skip
    before_all = content(shop)
    i18n.set_language("en")
    keys = ("name", "height_cm", "top_size", "colours", "baby_born", "baby_months", traits)
    path = exported(shop, tmp_path / "list.xlsx", *keys)

    def change(sheet: Worksheet) -> None:
        row = row_of(sheet, "安安")
        at(sheet, "Height (cm)", row).value = 170
        at(sheet, "Size, top", row).value = "2XL"
        at(sheet, "Favourite colours", row).value = "blue, 绿色"
        at(sheet, "Baby born", row).value = None
        at(sheet, "Baby's months", row).value = 99
        at(sheet, "星座, 属相", row).value = "水瓶"
        at(sheet, "Height (cm)", row_of(sheet, "'+贝贝")).value = "very tall"

    found = compared(shop, edited(path, change))
    assert told(found) == [
        ("安安", "Height (cm)", "168", "170"),
        ("安安", "Size, top", "M", "XXL"),
        ("安安", "Favourite colours", "blue, red", "blue, green"),
        ("安安", "Baby born", "2025-11-02", ""),
    ]
    assert sorted(one.label for one in found.refused) == ["Height (cm)", "星座, 属相"]
    assert [(one.label, one.cells) for one in found.fixed] == [("Baby's months", 1)]
    with shop.write() as tx:
        written = round_trip.write(tx, found, found.safe, columns=shop.columns())
    assert (written.cells, written.left) == (4, 0)
    with shop.read() as tx:
        anan = attributes.of_customers(tx, [who(shop, "anan")])[who(shop, "anan")]
    assert (anan["height_cm"], anan["top_size"], anan["colours"], "baby_born" in anan) == (
        170, "XXL", ("blue", "green"), False,
    )  # fmt: skip
    with shop.write() as tx:
        edits.undo(tx, written.change_set)
    after = content(shop)
    assert after["customer_attributes"] == before_all["customer_attributes"]
