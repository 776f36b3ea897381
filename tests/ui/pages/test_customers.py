from __future__ import annotations

import csv
from collections import Counter
from datetime import timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from shopcrm.act import customer_list, reminders
from shopcrm.act.filters import Condition, Test
from shopcrm.app import Shop
from shopcrm.collect import saved_views, tags
from shopcrm.mine import rfm
from shopcrm.store.columns import Columns, Ints
from shopcrm.store.tables.customers import customers
from shopcrm.ui import names, theme
from shopcrm.ui.context import Listing
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.pages.customers import CustomersPage
from shopcrm.ui.parts import customer_deeds
from shopcrm.ui.parts.customer_table import CustomerTable
from shopcrm.ui.parts.inspector import Inspector
from tests.builders import TODAY, given_orders, order
from tests.ui.conftest import Stage, make_stage
from tests.ui.people import Counting, dialogs_of_qt, shown, to_front
from tests.ui.test_window import clipped

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier,
)  # fmt: skip
LIN = "林小满"


@pytest.fixture
def page(stage: Stage) -> CustomersPage:
    stage.window.go_to("customers")
    stage.settle()
    found = stage.window.frame.page("customers")
    assert isinstance(found, CustomersPage)
    return found


def table(stage: Stage) -> CustomerTable:
    return stage.find(CustomerTable, names.CUSTOMER_TABLE)


def click_header(stage: Stage, key: str) -> None:
    view = table(stage)
    section = next(place for place, column in enumerate(view.paged.columns) if column.key == key) + 1
    header = view.horizontalHeader()
    x = header.sectionViewportPosition(section) + header.sectionSize(section) // 2
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=header.rect().center().__class__(x, 12))
    stage.settle()


def test_all_customers_stand_there_the_best_first_and_the_rows_come(stage: Stage, page: CustomersPage) -> None:
    view = table(stage)
    assert len(view.paged.ids) == len(stage.shop.columns()) == 42
    stage.window.grab()
    stage.settle()
    first = view.paged.row(0)
    assert first is not None
    assert (first["name"], first["tags"], first["shown_phone"]) == ("林小满", ("宝妈群",), "13800135678")
    assert view.hasFocus()
    assert page.head.title.text() == "客户"


def test_a_heading_sorts_and_sorts_back_while_the_cursor_stays_on_its_customer(
    stage: Stage, page: CustomersPage
) -> None:
    view = table(stage)
    hands = Counting(stage)
    for _ in range(4):
        hands.key(Qt.Key.Key_Down)
    at = view.current_id
    assert at is not None
    for descending in (True, False):
        click_header(stage, "last_day")
        with stage.shop.read() as tx:
            order = (customer_list.Order("last_day", descending=descending),)
            wanted = customer_list.ids(tx, stage.shop.columns(), order=order)
        assert np.array_equal(view.paged.ids, wanted)
        assert view.current_id == at
    assert view.sort_key == "last_day"
    assert page.isVisible()


def test_enter_opens_the_card_beside_and_the_arrows_take_it_along(stage: Stage, page: CustomersPage) -> None:
    view, hands = table(stage), Counting(stage)
    inspector = page.findChild(Inspector, names.INSPECTOR)
    assert inspector is not None
    assert inspector.isHidden()
    hands.key(Qt.Key.Key_Return)
    assert inspector.isVisible()
    assert inspector.customer == view.current_id
    hands.key(Qt.Key.Key_Down)
    assert inspector.customer == view.current_id == view.paged.id_at(1)
    hands.key(Qt.Key.Key_Escape)
    assert inspector.isHidden()
    assert view.hasFocus()
    assert len(view.paged.columns) == 9


def test_space_checks_by_id_through_sorting_and_escape_unchecks(stage: Stage, page: CustomersPage) -> None:
    view, hands = table(stage), Counting(stage)
    hands.key(Qt.Key.Key_Space)
    hands.key(Qt.Key.Key_Down)
    hands.key(Qt.Key.Key_Space)
    checked = set(view.paged.checked_ids().tolist())
    assert len(checked) == 2
    click_header(stage, "name")
    assert set(view.paged.checked_ids().tolist()) == checked
    assert shown(stage, names.SELECTION)
    view.setFocus()
    hands.key(Qt.Key.Key_Escape)
    assert not len(view.paged.checked_ids())
    assert not shown(stage, names.SELECTION)
    hands.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(view.paged.checked_ids()) == 42
    assert page.remember()["current"] == view.current_id


def test_a_tag_is_put_on_all_checked_and_undone(stage: Stage, page: CustomersPage) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.click(names.SELECTION_TAG)
    hands.type("vip")
    hands.key(Qt.Key.Key_Return)
    assert table(stage).hasFocus()
    hands.key(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    hands.key(Qt.Key.Key_Escape)  # leaves the field and nothing else
    worn = _worn(stage)
    assert worn == {"vip": 42, "宝妈群": 1}
    assert len(table(stage).paged.checked_ids()) == 42
    hands.click(names.TOAST_UNDO)
    assert _worn(stage) == {"宝妈群": 1}
    assert page.isVisible()


def _worn(stage: Stage) -> dict[str, int]:
    with stage.shop.read() as tx:
        return {tag.name: tag.customers for tag in tags.all_tags(tx)}


def test_a_view_shows_its_group_and_its_number_is_its_length(stage: Stage, page: CustomersPage) -> None:
    with stage.shop.read() as tx:
        sizes = {line.key: line.customers for line in rfm.scores(tx, stage.shop.columns()).groups}
    for key, size in sizes.items():
        stage.window.go_to("customers", key)
        stage.settle()
        assert len(table(stage).paged.ids) == size
        (chip,) = shown(stage, f"{names.CUSTOMER_VIEWS}_{key}")
        assert chip.accessibleName().endswith(f" {size}")
    hands = Counting(stage)
    hands.click(f"{names.CUSTOMER_VIEWS}_due")
    (chip,) = shown(stage, f"{names.CUSTOMER_VIEWS}_due")
    assert chip.accessibleName().endswith(f" {len(table(stage).paged.ids)}")
    with stage.shop.read() as tx:
        due = {item.customer for item in reminders.due_list(tx, stage.shop.columns())}
    assert set(table(stage).paged.ids.tolist()) == due
    hands.click(f"{names.CUSTOMER_VIEWS}_all")
    assert len(table(stage).paged.ids) == 42
    assert page.isVisible()


def test_the_checked_are_exported_in_the_order_shown(stage: Stage, page: CustomersPage, tmp_path: Path) -> None:
    hands, view = Counting(stage), table(stage)
    with dialogs_of_qt():
        hands.key(Qt.Key.Key_Space)
        hands.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        hands.save(tmp_path / "one.csv")
        hands.key(Qt.Key.Key_Escape)
        hands.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        hands.save(tmp_path / "all.xlsx")
    with (tmp_path / "one.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == ["林小满"]
    sheet = openpyxl.load_workbook(tmp_path / "all.xlsx").worksheets[0]
    rows = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert rows.index("林小满") == len(rows) - 42
    assert len(view.paged.ids) == 42
    assert page.isVisible()


def test_copying_puts_the_columns_shown_on_the_clipboard_as_excel_takes_them(stage: Stage, page: CustomersPage) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_Space)
    hands.key(Qt.Key.Key_C, CTRL)
    head, line = QApplication.clipboard().text().split("\n")
    assert head == "姓名\t分群\t来源\t手机\t省份\t城市\t购买次数\t累计消费\t最近购买\t标签"
    assert line.split("\t")[3:9] == [
        "13800135678", "浙江省", "杭州市", "5", "1340.00", (TODAY - timedelta(days=27)).isoformat(),
    ]  # fmt: skip
    html = QApplication.clipboard().mimeData().html()
    assert """<td style="mso-number-format:'\\@'">13800135678</td>""" in html
    assert "<td>1340.00</td>" in html
    assert page.isVisible()


def test_what_another_page_wants_listed_is_asked_anew_with_the_list(stage: Stage) -> None:
    def bought_once(_tx: object, columns: Columns) -> Ints:
        found: Ints = columns.ids[columns.occasions == 1]
        return found

    stage.window.go_to("customers", Listing("只买过一次", bought_once))
    stage.settle()
    chip = stage.find(QPushButton, f"{names.CUSTOMER_VIEWS}_listing")
    table = stage.find(TableView, names.CUSTOMER_TABLE)
    assert (chip.text(), chip.isChecked(), len(table.paged.ids)) == ("只买过一次 41", True, 41)
    given_orders(stage.shop, [order("2611000000009999", "qing_zhou", TODAY)])
    stage.bot.waitUntil(lambda: (chip.text(), len(table.paged.ids)) == ("只买过一次 40", 40))
    page = stage.window.frame.page("customers")
    assert isinstance(page, CustomersPage)
    page.show_view("all")
    stage.settle()
    assert len(table.paged.ids) == 42
    assert chip.text() == "只买过一次 40"


def names_of(stage: Stage) -> list[str]:
    with stage.shop.read() as tx:
        ids = table(stage).paged.ids
        return [row["name"] for row in customer_list.rows(tx, stage.shop.columns(), ids, keys=("name",))]


def dialog(name: str) -> QDialog:
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.objectName() == name)


def press(stage: Stage, name: str, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key in a dialog: to whoever has the keyboard there."""
    window = dialog(name)
    if QApplication.activePopupWidget() is None:
        window.activateWindow()
        stage.bot.waitUntil(window.isActiveWindow)
    focused: QWidget | None = window.focusWidget()
    QTest.keyClick(window if focused is None else focused, key, modifier)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if not any(isinstance(one, QDialog) and one.isVisible() for one in QApplication.topLevelWidgets()):
        to_front(stage)
    stage.settle()


def type_in(stage: Stage, name: str, text: str) -> None:
    window = dialog(name)
    focused = window.focusWidget()
    assert focused is not None
    if text.isascii():
        QTest.keyClicks(focused, text)
    else:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(focused, event)
    stage.settle()


def field_in(name: str, field: str) -> QWidget:
    found = dialog(name).findChild(QWidget, field)
    assert found is not None
    return found


def test_by_phone_tail_and_tag_one_is_found_with_six_keys(stage: Stage, page: CustomersPage) -> None:
    given_orders(stage.shop, [order("26110000001", "other", TODAY, phone="13911115678", recipient_name="周某")])
    stage.settle()
    hands = Counting(stage)
    assert table(stage).hasFocus()
    for digit in "5678":
        hands.type(digit)
    stage.bot.waitUntil(lambda: len(table(stage).paged.ids) == 2)
    hands.type(" ")
    hands.type("b")  # 宝妈群, as an input method would begin it
    stage.bot.waitUntil(lambda: len(table(stage).paged.ids) == 1)
    assert hands.keys <= 6
    assert names_of(stage) == [LIN]
    hands.key(Qt.Key.Key_Return)
    assert table(stage).hasFocus()
    hands.key(Qt.Key.Key_Escape)
    stage.bot.waitUntil(lambda: len(table(stage).paged.ids) == 43)
    assert page.isVisible()


def test_nobody_found_is_said_and_all_come_back_with_one_button(stage: Stage, page: CustomersPage) -> None:
    hands = Counting(stage)
    for letter in "zzzz9":
        hands.type(letter)
    stage.bot.waitUntil(lambda: bool(shown(stage, names.CUSTOMER_NOBODY)))
    hands.click(f"{names.CUSTOMER_NOBODY}_all")
    assert len(table(stage).paged.ids) == 42
    assert page.isVisible()


def test_a_filter_is_added_changed_and_taken_away_by_keyboard(stage: Stage, page: CustomersPage) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_F, CTRL | SHIFT)
    type_in(stage, names.FILTER, "累计消费")
    press(stage, names.FILTER, Qt.Key.Key_Return)
    low = field_in(names.FILTER, names.FILTER_LOW)
    assert isinstance(low, QLineEdit)
    low.setFocus()
    type_in(stage, names.FILTER, "viel")
    press(stage, names.FILTER, Qt.Key.Key_Return)
    error = field_in(names.FILTER, f"{names.FILTER}_error")
    assert isinstance(error, QLabel)
    assert "viel" in error.text()
    low.clear()
    type_in(stage, names.FILTER, "160")
    press(stage, names.FILTER, Qt.Key.Key_Return)
    assert names_of(stage) == [LIN, "qing_zhou"]
    (chip,) = shown(stage, f"{names.FILTER_CHIP}_0")
    assert chip.accessibleName().startswith("累计消费 ≥ 160.00")
    assert shown(stage, names.VIEW_SAVE)
    chip.setFocus()
    hands.key(Qt.Key.Key_Return)
    high = field_in(names.FILTER, names.FILTER_HIGH)
    high.setFocus()
    type_in(stage, names.FILTER, "200")
    press(stage, names.FILTER, Qt.Key.Key_Return)
    assert names_of(stage) == ["qing_zhou"]
    shown(stage, f"{names.FILTER_CHIP}_0")[0].setFocus()
    hands.key(Qt.Key.Key_Delete)
    assert len(table(stage).paged.ids) == 42
    assert not shown(stage, f"{names.FILTER_CHIP}_0")
    assert page.isVisible()


def test_levels_of_sorting_are_added_turned_and_taken_away_by_keyboard(stage: Stage, page: CustomersPage) -> None:
    view, hands = table(stage), Counting(stage)
    by: list[tuple[tuple[str, bool], ...]] = []
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Space, Qt.Key.Key_Down):
        hands.key(key, SHIFT)
        by.append(view.levels)
    times = ("occasions", True)
    assert by == [(times,), (times, ("name", False)), (times, ("name", True))]
    with stage.shop.read() as tx:
        order = (customer_list.Order("occasions"), customer_list.Order("name"))
        assert np.array_equal(view.paged.ids, customer_list.ids(tx, stage.shop.columns(), order=order))
    hands.key(Qt.Key.Key_Backspace, SHIFT)
    assert view.levels == (times,)
    assert page.isVisible()


def test_a_view_is_saved_chosen_overwritten_renamed_and_removed(stage: Stage, page: CustomersPage) -> None:
    hands = Counting(stage)
    page._set_condition(0, Condition("occasions", Test.BETWEEN, (2, None)))
    stage.settle()
    hands.key(Qt.Key.Key_S, CTRL)
    type_in(stage, names.NAME, "<b>熟客</b> 😀")
    press(stage, names.NAME, Qt.Key.Key_Return)
    stage.settle()
    (chip,) = shown(stage, f"{names.CUSTOMER_VIEWS}_saved_1")
    assert chip.accessibleName() == "<b>熟客</b> 😀 1"
    assert isinstance(chip, QPushButton)
    assert chip.isChecked()
    table(stage).setFocus()
    hands.key(Qt.Key.Key_1, ALT)
    assert len(table(stage).paged.ids) == 42
    hands.key(Qt.Key.Key_7, ALT)  # after the six that are ready
    assert names_of(stage) == [LIN]
    page._set_condition(1, Condition("tags", Test.EMPTY))
    (saved,) = kept(stage)
    page._views._overwrite(saved)
    stage.settle()
    assert '"field":"tags"' in kept(stage)[0].view
    page._views._ask_rename(saved)
    type_in(stage, names.NAME, "没标签的熟客")
    press(stage, names.NAME, Qt.Key.Key_Return)
    assert [one.name for one in kept(stage)] == ["没标签的熟客"]
    page._views._remove(saved)
    stage.settle()
    assert kept(stage) == []
    assert page._views.key == "all"
    for _ in range(3):
        hands.key(Qt.Key.Key_Z, CTRL)
    assert [one.name for one in kept(stage)] == ["<b>熟客</b> 😀"]
    assert '"field":"tags"' not in kept(stage)[0].view


def kept(stage: Stage) -> list[saved_views.SavedView]:
    with stage.shop.read() as tx:
        return saved_views.listed(tx, page="customers")


def test_a_view_that_asks_for_what_is_gone_says_so_and_shows_the_rest(stage: Stage, page: CustomersPage) -> None:
    told = (
        '{"conditions":[{"field":"shoe_size","test":"filled","values":[]},'
        '{"field":"occasions","test":"between","values":[2,null]}],'
        '"order":[{"key":"shoe_size"}],"columns":[{"key":"shoe_size"},{"key":"name"}]}'
    )
    with stage.shop.write() as tx:
        saved_views.save(tx, page="customers", name="旧的", view=told)
        saved_views.save(tx, page="customers", name="坏的", view="{")
    stage.bot.waitUntil(lambda: page._views.view("saved_2") is not None)
    page.show_view("saved_1")
    stage.settle()
    assert names_of(stage) == [LIN]
    assert [column.key for column in table(stage).paged.columns] == ["name"]
    toasts = [label.text() for label in stage.window.findChildren(QLabel) if "旧的" in label.text()]
    assert any("shoe_size" in text for text in toasts)
    page.show_view("saved_2")
    stage.settle()
    assert len(table(stage).paged.ids) == 42


def test_columns_are_chosen_moved_and_drawn_wider_by_keyboard_and_remembered(stage: Stage, page: CustomersPage) -> None:
    hands, view = Counting(stage), table(stage)
    hands.key(Qt.Key.Key_K, CTRL | SHIFT)
    type_in(stage, names.COLUMNS, "职业")
    press(stage, names.COLUMNS, Qt.Key.Key_Return)
    assert view.paged.columns[-1].key == "occupation"
    find = field_in(names.COLUMNS, names.COLUMNS_FIND)
    assert isinstance(find, QLineEdit)
    find.clear()
    type_in(stage, names.COLUMNS, "fenqun")
    press(stage, names.COLUMNS, Qt.Key.Key_Up, ALT)
    press(stage, names.COLUMNS, Qt.Key.Key_Right, ALT)
    press(stage, names.COLUMNS, Qt.Key.Key_Escape)
    assert [column.key for column in view.paged.columns][:2] == ["group", "name"]
    assert view.paged.columns[0].width == 152
    stage.window.grab()
    stage.settle()
    first = view.paged.row(0)
    assert first is not None
    assert "occupation" in first.values
    again = CustomersPage(page.ctx, stage.window)
    assert [one.key for one in again._usual][:2] == ["group", "name"]
    again.deleteLater()


def test_a_heading_drawn_wider_keeps_its_width(stage: Stage, page: CustomersPage) -> None:
    view = table(stage)
    view.horizontalHeader().resizeSection(1, 222)
    assert next(one.width for one in view.shown if one.key == "name") == 222
    click_header(stage, "occasions")
    assert view.columnWidth(1) == 222
    view.horizontalHeader().moveSection(2, 1)
    stage.settle()
    assert [column.key for column in view.paged.columns][:2] == ["group", "name"]
    assert [view.horizontalHeader().visualIndex(place) for place in range(4)] == [0, 1, 2, 3]
    assert page.isVisible()


def test_all_none_and_the_others_are_checked_by_keyboard(stage: Stage, page: CustomersPage) -> None:
    view, hands = table(stage), Counting(stage)
    hands.key(Qt.Key.Key_Space)
    hands.key(Qt.Key.Key_I, CTRL)
    assert len(view.paged.checked_ids()) == 41
    assert not view.paged.is_checked(int(view.paged.ids[0]))
    hands.key(Qt.Key.Key_A, CTRL | SHIFT)
    assert not len(view.paged.checked_ids())
    assert page.isVisible()


def test_a_tag_is_taken_off_the_checked_and_comes_back(stage: Stage, page: CustomersPage) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_A, CTRL)
    hands.key(Qt.Key.Key_T, CTRL | SHIFT)
    hands.type("宝妈群")
    hands.key(Qt.Key.Key_Return)
    assert _worn(stage) == {}
    hands.click(names.TOAST_UNDO)
    assert _worn(stage) == {"宝妈群": 1}
    assert page.isVisible()


def test_a_field_of_the_checked_is_set_after_it_was_told_what_changes(stage: Stage, page: CustomersPage) -> None:
    hands = Counting(stage)
    with stage.shop.write() as tx:
        tx.begin_change("by hand")
        tx.edit(customers, {"id": 1}, {"gender": "male"})
    stage.settle()
    hands.key(Qt.Key.Key_A, CTRL)
    hands.key(Qt.Key.Key_D, CTRL)
    stage.settle()
    plan = field_in(names.BULK, names.BULK_PLAN)
    assert isinstance(plan, QLabel)
    assert plan.text().split("\n") == ["42 位里有 42 位会改", "空白 → 女: 41", "男 → 女: 1"]
    button = field_in(names.BULK, names.BULK_TAKE)
    button.setFocus()
    press(stage, names.BULK, Qt.Key.Key_Return)
    assert genders(stage) == {"female": 42}
    hands.click(names.TOAST_UNDO)
    assert genders(stage) == {None: 41, "male": 1}
    assert page.isVisible()


def genders(stage: Stage) -> dict[str | None, int]:
    with stage.shop.read() as tx:
        return dict(Counter(tx.connection.execute(select(customers.c.gender)).scalars()))


def test_many_are_written_by_a_job_and_undone(
    stage: Stage, page: CustomersPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_deeds, "A_JOB", 10)
    hands = Counting(stage)
    hands.key(Qt.Key.Key_A, CTRL)
    hands.key(Qt.Key.Key_T, CTRL)
    hands.type("vip")
    hands.key(Qt.Key.Key_Return)
    assert _worn(stage) == {"vip": 42, "宝妈群": 1}
    hands.key(Qt.Key.Key_Z, CTRL)
    assert _worn(stage) == {"宝妈群": 1}
    assert page.isVisible()


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW", "en"], indirect=True)
@pytest.mark.parametrize("percent", [100, 115, 130, 150, 200])
def test_the_buttons_bear_their_words_beside_views_of_ones_own(
    qtbot: QtBot, qapp: QApplication, shop: Shop, language: str, *, percent: int
) -> None:
    with shop.write() as tx:
        for name in ("Group, not back", "Zhejiang, away two months", "浙江两个月没来"):
            saved_views.save(tx, page="customers", name=name, view="{}")
    theme.use(qapp, name="light", text_percent=percent, language=language)
    stage = make_stage(qtbot, shop, size=(1280, 720))
    stage.window.go_to("customers")
    stage.settle()
    page = stage.window.frame.page("customers")
    assert isinstance(page, CustomersPage)
    page._count_doubles(38)  # as many as the demo shop has
    stage.window.grab()
    stage.settle()
    assert clipped(stage.window) == []
    stage.end()
