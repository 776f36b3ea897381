from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from shopcrm.act import script_reading, script_sheet, scripts
from shopcrm.act.export import UnknownFormat
from shopcrm.act.script_reading import NoWordsColumn, ScriptSheet, TooManyScripts
from shopcrm.act.script_sheet import Exported
from shopcrm.act.scripts import Audience, Draft
from shopcrm.app import Shop
from shopcrm.base import i18n
from shopcrm.base.i18n import _
from shopcrm.collect import edits, product_answers
from shopcrm.collect.product_answers import AnswerDraft
from tests.builders import content, new_shop

HOSTILE = '=HYPERLINK("http://example.invalid","x")'
DRAFTS = (
    Draft("换段说明", "{称呼|亲}，先一顿新的。\n\n第二行 👨‍👩‍👧", "奶粉", "NF-800, 0012", "due", "转奶, 怎么换",
          Audience(("privileged", "to_revive"), ("金卡", "黑卡"))),
    Draft(HOSTILE, "+86 号码别回\n-1", "@目录"),
    Draft("مرحبا", "<b>5 折</b> {{不是空格}}"),
)  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    with opened.write() as tx:
        for draft in DRAFTS:
            scripts.add(tx, draft)
        product_answers.add(tx, AnswerDraft("0012", "适合多大？", "6 个月以上"))
        scripts.use(tx, 1, None)
    yield opened
    opened.close()


def exported(shop: Shop, path: Path) -> Path:
    with shop.write() as tx:
        script_sheet.export_scripts(tx, path)
    return path


def edited(path: Path, change: Callable[[Worksheet], None]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return path


def cell(sheet: Worksheet, label: str, title: str) -> Any:
    """A cell by the head of its column and the title of its row."""
    heads = [sheet.cell(1, at).value for at in range(1, sheet.max_column + 1)]
    row = next(at for at, line in enumerate(sheet.iter_rows(), 1) if title in [one.value for one in line])
    return sheet.cell(row, heads.index(_(label)) + 1)


def foreign(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
        for cell in book.worksheets[0][book.worksheets[0].max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type  # what begins with = is text
    book.save(path)
    return path


def compared(shop: Shop, path: Path) -> ScriptSheet:
    staged = shop.stage([path], peek=True, rows_at_most=script_reading.MOST_ROWS + 1)
    try:
        with shop.read() as tx:
            return script_reading.compare(tx, staged)
    finally:
        staged.close()


def written(shop: Shop, found: ScriptSheet) -> script_reading.Taken:
    with shop.write() as tx:
        return script_reading.write(tx, found.changes)


def told(found: ScriptSheet) -> list[tuple[str, list[tuple[str, str, str]]]]:
    return [(one.title, [(c.label, c.before, c.after) for c in one.cells]) for one in found.changes]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_sheet_that_nobody_edited_says_nothing_new_in_any_language(
    shop: Shop, tmp_path: Path, language: str
) -> None:  # fmt: skip
    i18n.set_language(language)
    path = edited(exported(shop, tmp_path / "scripts.xlsx"), lambda _sheet: None)
    i18n.set_language("en")
    found = compared(shop, path)
    assert (found.rows, found.same, found.changes, found.problems) == (4, 4, (), ())


def test_only_what_was_edited_is_offered_and_written_with_undo(shop: Shop, tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        cell(sheet, "Words or answer", "换段说明").value = "{称呼|亲}，先一顿新的。\n第二行"
        cell(sheet, "For groups", "换段说明").value = "To revive; Privileged"  # another order is no change
        cell(sheet, "When it is offered", "换段说明").value = "快到了吧"
        cell(sheet, "When it is offered", "مرحبا").value = "Due again"
        cell(sheet, "Words or answer", "适合多大？").value = "一岁以上"
        cell(sheet, "Times used", "换段说明").value = 999
        sheet.append(["", "新目录", "新的一条", "在的～", "hi", "PF-86", "", "", "金卡"])
        sheet.append([_("Product answer"), "", "怎么洗", "冷水手洗", "", "PF-86"])

    found = compared(shop, edited(exported(shop, tmp_path / "scripts.xlsx"), change))
    assert [(one.row, one.label) for one in found.problems] == [(2, "When it is offered")]
    assert "Due again" in found.problems[0].reason
    assert told(found) == [
        ("مرحبا", [("When it is offered", "", "Due again")]),
        ("适合多大？", [("Words or answer", "6 个月以上", "一岁以上")]),
        ("新的一条", [("Folder", "", "新目录"), ("Title or question", "", "新的一条"),
                  ("Words or answer", "", "在的～"), ("Search words", "", "hi"),
                  ("Product codes", "", "PF-86"), ("For member levels", "", "金卡")]),
        ("怎么洗", [("Title or question", "", "怎么洗"), ("Words or answer", "", "冷水手洗"),
                ("Product codes", "", "PF-86")]),
    ]  # fmt: skip
    before = content(shop)
    taken = written(shop, found)
    assert (taken.added, taken.changed, taken.left) == (2, 2, 0)
    with shop.read() as tx:
        assert [one.title for one in scripts.listing(tx, folder="新目录")] == ["新的一条"]
        assert [one.question for one in product_answers.listing(tx, codes=["PF-86"])] == ["怎么洗"]
        assert scripts.get(tx, 1).body == DRAFTS[0].body  # its row had a wrong cell: nothing of it was taken
    assert compared(shop, tmp_path / "scripts.xlsx").changes == ()
    with shop.write() as tx:
        edits.undo(tx, taken.change_set)
    assert content(shop) == before


def test_line_breaks_are_a_change_and_what_the_shop_changed_meanwhile_is_not_put_back(
    shop: Shop, tmp_path: Path
) -> None:
    def change(sheet: Worksheet) -> None:
        cell(sheet, "Words or answer", "换段说明").value = "{称呼|亲}，先一顿新的。 第二行 👨‍👩‍👧"
        cell(sheet, "Words or answer", "适合多大？").value = "一岁以上"

    path = edited(exported(shop, tmp_path / "scripts.xlsx"), change)
    with shop.write() as tx:
        scripts.edit(tx, 2, Draft("改过的", "改过的", "@目录"))  # untouched in the sheet
        product_answers.edit(tx, 1, AnswerDraft("0012", "适合多大？", "半岁以上"))
    found = compared(shop, path)
    assert [(one.title, one.conflict) for one in found.changes] == [("换段说明", False), ("适合多大？", True)]
    with shop.write() as tx:
        product_answers.edit(tx, 1, AnswerDraft("0012", "适合多大？", "三岁以上"))  # while it is looked at
    taken = written(shop, found)
    assert (taken.changed, taken.left) == (1, 1)
    with shop.read() as tx:
        assert scripts.get(tx, 1).body == "{称呼|亲}，先一顿新的。 第二行 👨‍👩‍👧"
        assert scripts.get(tx, 2).title == "改过的"
        assert product_answers.get(tx, 1).body == "三岁以上"


def test_a_copied_row_is_a_new_one_and_a_removed_script_is_said(shop: Shop, tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        first, second = ([one.value for one in sheet[row]] for row in (2, 5))
        sheet.append([*first[:2], "换段说明 二", *first[3:]])
        sheet.append(second)  # nothing of it was changed

    path = edited(exported(shop, tmp_path / "scripts.xlsx"), change)
    with shop.write() as tx:
        scripts.remove(tx, 3)
    found = compared(shop, path)
    assert [(one.title, one.before) for one in found.changes] == [("换段说明 二", None)]
    assert sorted(one.row for one in found.problems) == [4, 7]


def test_a_sheet_from_elsewhere_comes_in_by_its_columns(shop: Shop, tmp_path: Path) -> None:
    path = foreign(
        tmp_path / "短语.xlsx",
        ("客服快捷短语",),
        ("分组", "标题", "内容", "商家编码"),
        ("奶粉", "换段说明", DRAFTS[0].body, "NF-800，0012"),
        ("奶粉", "新的", "在的\r\n亲", None),
        ("奶粉", "新的", "又一次", None),
        ("", "", "没有标题的话术也行", 12),
        ("x", "坏的", "亲爱的{买家}，\n{昵称", None),
        ("x", "空的", " ", None),
        (None, None, None, None),
        ("@目录", HOSTILE, "别的话", None),
    )
    found = compared(shop, path)
    assert (found.rows, found.same) == (7, 1)
    assert [(one.title, one.before is None, one.sure) for one in found.changes] == [
        ("新的", True, True), ("没有标题的话术也行", True, True), (HOSTILE, False, False)
    ]  # fmt: skip
    assert [(one.row, one.label) for one in found.problems] == [
        (5, ""), (7, "Words or answer"), (8, "Words or answer")
    ]  # fmt: skip
    assert "{买家}" in found.problems[1].reason
    taken = written(shop, found)
    assert (taken.added, taken.changed) == (2, 1)
    with shop.read() as tx:
        assert [one.body for one in scripts.listing(tx, folder="奶粉")][1:] == ["在的\n亲"]
        assert scripts.get(tx, 2).body == "别的话"
        assert scripts.get(tx, 2).folder == "@目录"
    assert compared(shop, path).same == 4


def test_the_sheet_of_another_shop_is_one_from_elsewhere(shop: Shop, tmp_path: Path) -> None:
    path = exported(shop, tmp_path / "scripts.xlsx")
    other = new_shop(tmp_path / "other")
    found = compared(other, path)
    assert all(one.before is None for one in found.changes)
    assert written(other, found).added == 4
    with other.read() as tx:
        kept = [one.draft() for one in scripts.listing(tx)]
        assert [one.draft() for one in product_answers.listing(tx)] == [AnswerDraft("0012", "适合多大？", "6 个月以上")]
    assert [one.title for one in kept] == [one.title for one in DRAFTS]
    assert kept[0] == DRAFTS[0]
    assert compared(other, path).same == 4
    other.close()


def test_what_is_no_sheet_of_scripts_is_said(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(NoWordsColumn):
        compared(shop, foreign(tmp_path / "a.xlsx", ("订单编号", "金额"), ("1", "2")))
    rows = [("标题", "内容"), *((f"t{n}", "在的") for n in range(script_reading.MOST_ROWS + 1))]
    with pytest.raises(TooManyScripts):
        compared(shop, foreign(tmp_path / "b.xlsx", *rows))
    with pytest.raises(UnknownFormat), shop.write() as tx:
        script_sheet.export_scripts(tx, tmp_path / "c.csv")


def test_what_no_cell_holds_is_left_out_and_counted(shop: Shop, tmp_path: Path) -> None:
    with shop.write() as tx:
        scripts.add(tx, Draft("long", "长" * 40_000))
        assert script_sheet.export_scripts(tx, tmp_path / "scripts.xlsx") == Exported(4, 1)
    assert compared(shop, tmp_path / "scripts.xlsx").changes == ()
