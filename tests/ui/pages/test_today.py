from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from shopcrm.act import desk, reminders
from shopcrm.act.reminders import DueItem
from shopcrm.base import clock
from shopcrm.base.birthdays import SOLAR, Birthday
from shopcrm.collect import birthdays, follow_ups
from shopcrm.collect.follow_ups import FollowUp
from shopcrm.ui import names
from shopcrm.ui.kit.cards import StatTile
from shopcrm.ui.pages.today import TodayPage
from shopcrm.ui.parts import due_words
from shopcrm.ui.parts.due_list import DueList
from shopcrm.ui.parts.gap_strip import gaps_sentence
from tests.builders import TODAY
from tests.ui.conftest import Stage
from tests.ui.people import REGULARS, Counting, dialogs_of_qt, with_regulars


@pytest.fixture
def page(stage: Stage) -> TodayPage:
    with_regulars(stage.shop)
    stage.window.go_to("today")
    stage.settle()
    found = stage.window.frame.page("today")
    assert isinstance(found, TodayPage)
    return found


def due(stage: Stage) -> list[DueItem]:
    with stage.shop.read() as tx:
        return reminders.due_list(tx, stage.shop.columns())


def current(stage: Stage) -> DueItem:
    item = stage.find(DueList, names.TODAY_LIST).current
    assert item is not None
    return item


def test_a_closed_row_says_once_what_was_agreed(stage: Stage, page: TodayPage) -> None:
    assert page.isVisible()
    agreed = FollowUp(day=(TODAY - timedelta(days=20)).isoformat(), next_on=TODAY.isoformat(), text="问问尺码合不合适")
    with stage.shop.write() as tx:
        follow_ups.add(tx, due(stage)[0].customer, agreed)
    item = due(stage)[0]
    assert due_words.under(item, None, today=TODAY) == agreed.text
    assert agreed.text not in due_words.when(item, today=TODAY)
    assert agreed.text in due_words.reason(item, today=TODAY)  # what the open card says
    with_nothing = replace(item, agreed=replace(item.agreed, text="")) if item.agreed is not None else item
    assert due_words.under(with_nothing, None, today=TODAY) == gaps_sentence(item.gaps)


def test_twenty_items_take_at_most_sixty_keys_and_the_next_opens_by_itself(stage: Stage, page: TodayPage) -> None:
    before, hands = due(stage), Counting(stage)
    assert len(before) >= 20
    acts = [Qt.Key.Key_E, Qt.Key.Key_S, Qt.Key.Key_K, Qt.Key.Key_7]
    for number, item in enumerate(before[:20]):
        assert current(stage).customer == item.customer
        hands.key(Qt.Key.Key_C)
        assert QApplication.clipboard().text()
        hands.key(acts[number % 4])
    assert hands.keys <= 60
    assert [item.customer for item in due(stage)] == [item.customer for item in before[20:]]
    with stage.shop.read() as tx:
        summary = reminders.day_summary(tx, stage.shop.columns())
    assert (summary.done, summary.snoozed, summary.skipped) == (5, 10, 5)
    assert page.badge() == len(before) - 20
    assert str(summary.done) in stage.find(StatTile, "today_done_count").accessibleName()


def test_keys_faster_than_the_shop_lose_nothing(stage: Stage, page: TodayPage) -> None:
    before = due(stage)
    view = stage.find(DueList, names.TODAY_LIST)
    for _ in range(10):
        QTest.keyClick(view, Qt.Key.Key_E)
    stage.settle()
    assert [item.customer for item in due(stage)] == [item.customer for item in before[10:]]
    assert current(stage).customer == before[10].customer
    assert page.badge() == len(before) - 10


def test_a_copy_asked_for_before_the_words_are_here_is_made_when_they_come(stage: Stage, page: TodayPage) -> None:
    view = stage.find(DueList, names.TODAY_LIST)
    second = due(stage)[1]
    QTest.keyClick(view, Qt.Key.Key_E)
    QTest.keyClick(view, Qt.Key.Key_P)
    stage.settle()
    with stage.shop.read() as tx:
        lines = desk.card(tx, stage.shop.columns(), second.customer).identities
    assert QApplication.clipboard().text() in {line.value for line in lines if line.kind == "phone"}
    assert page.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_E, Qt.Key.Key_S, Qt.Key.Key_K])
def test_u_brings_back_what_was_done_and_opens_it(stage: Stage, page: TodayPage, key: Qt.Key) -> None:
    before, hands = due(stage), Counting(stage)
    hands.key(key)
    hands.key(key)
    assert len(due(stage)) == len(before) - 2
    hands.key(Qt.Key.Key_U)
    assert current(stage).customer == before[1].customer
    hands.key(Qt.Key.Key_U)
    assert current(stage).customer == before[0].customer
    assert due(stage) == before
    assert page.remember()["acted"] == []


def test_a_snoozed_item_comes_back_on_its_day(stage: Stage, page: TodayPage) -> None:
    item, hands = current(stage), Counting(stage)
    hands.key(Qt.Key.Key_1)
    assert item.customer not in {each.customer for each in due(stage)}
    stage.shop._as_of = TODAY + timedelta(days=1)
    page.refresh()
    stage.settle()
    assert item.customer in {each.customer for each in due(stage)}
    assert clock.day_date(item.anchor_day) < TODAY


def test_a_note_is_written_without_leaving_the_list_and_letters_in_it_are_no_actions(
    stage: Stage, page: TodayPage
) -> None:
    item, hands = current(stage), Counting(stage)
    hands.key(Qt.Key.Key_N)
    hands.type("seek us")
    hands.key(Qt.Key.Key_Return)
    view = stage.find(DueList, names.TODAY_LIST)
    assert view.hasFocus()
    assert current(stage) == item
    assert _notes(stage, item) == ["seek us"]
    hands.key(Qt.Key.Key_U)
    assert _notes(stage, item) == []
    assert page.isVisible()


def _notes(stage: Stage, item: DueItem) -> list[str]:
    with stage.shop.read() as tx:
        return [note.text for note in desk.card(tx, stage.shop.columns(), item.customer).notes]


def test_the_phone_is_copied_exactly_and_a_chinese_input_method_stays_out(stage: Stage, page: TodayPage) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_P)
    assert QApplication.clipboard().text() == "13800130000"
    view = stage.find(DueList, names.TODAY_LIST)
    assert not view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    assert not view.viewport().testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    assert page.isVisible()


def test_why_shows_the_rule_with_this_customers_figures(stage: Stage, page: TodayPage) -> None:
    hands, item = Counting(stage), current(stage)
    rule = stage.find(QWidget, "today_rule")
    assert rule.isHidden()
    hands.key(Qt.Key.Key_W)
    assert rule.isVisible()
    assert str(item.days_since) in rule.text()  # type: ignore[attr-defined]
    assert f"{item.overdue_ratio:.2f}" in rule.text()  # type: ignore[attr-defined]
    hands.key(Qt.Key.Key_W)
    assert rule.isHidden()
    assert page.isVisible()


def test_enter_opens_the_card_at_the_desk(stage: Stage, page: TodayPage) -> None:
    hands, item = Counting(stage), current(stage)
    hands.key(Qt.Key.Key_Return)
    current_page = stage.window.frame.current
    assert current_page is not None
    assert current_page.key == "desk"
    assert not page.isVisible()
    assert stage.window.frame.page("desk").card.customer == item.customer  # type: ignore[attr-defined]


def test_the_list_is_a_workbook_after_two_clicks(stage: Stage, page: TodayPage, tmp_path: Path) -> None:
    hands, expected = Counting(stage), due(stage)
    with dialogs_of_qt():
        hands.click(names.TODAY_EXPORT)
        hands.save(tmp_path / "due.xlsx")
    assert hands.clicks <= 2
    rows = list(openpyxl.load_workbook(tmp_path / "due.xlsx").worksheets[0].iter_rows(values_only=True))
    written = {str(cell) for row in rows for cell in row}
    assert {item.name for item in expected} <= written
    assert page.isVisible()


def test_when_all_is_done_it_says_so(stage: Stage, page: TodayPage) -> None:
    hands = Counting(stage)
    for _ in due(stage):
        hands.key(Qt.Key.Key_E)
    assert not due(stage)
    assert stage.find(QWidget, "today_all_done").isVisible()
    assert page.badge() == 0
    hands.key(Qt.Key.Key_U)
    assert len(due(stage)) == 1
    assert not stage.find(QWidget, "today_all_done").isVisible()


# Birthdays


def born(stage: Stage, page: TodayPage, days: list[int]) -> None:
    """The first of the list have their birthdays so many days from today."""
    with stage.shop.write() as tx:
        first = [item.customer for item in reminders.due_list(tx, stage.shop.columns())]
        told = {who: TODAY + timedelta(days=ahead) for who, ahead in zip(first, days, strict=False)}
        birthdays.put(tx, {who: Birthday(SOLAR, day.month, day.day, 1990) for who, day in told.items()})
    page.refresh()
    stage.settle()


def only_birthdays(stage: Stage, page: TodayPage) -> list[DueItem]:
    """The list of birthdays with the first of them open."""
    page.show_kind("birthday")
    stage.settle()
    stage.find(DueList, names.TODAY_LIST).open_at(0)
    stage.settle()
    return [item for item in due(stage) if item.birthday]


def test_twenty_birthdays_take_at_most_sixty_keys_like_everybody_else(stage: Stage, page: TodayPage) -> None:
    born(stage, page, [-3, -1, 0, 1, 2, 7] * 4)
    before, hands = only_birthdays(stage, page), Counting(stage)
    assert len(before) == REGULARS
    for number, item in enumerate(before[:20]):
        assert current(stage) == item
        hands.key(Qt.Key.Key_C)
        assert "生日" in QApplication.clipboard().text()
        hands.key([Qt.Key.Key_E, Qt.Key.Key_K][number % 2])
    assert hands.keys <= 60
    assert [item for item in due(stage) if item.birthday] == before[20:]
    hands.key(Qt.Key.Key_U)
    assert current(stage) == before[19]
    assert page.isVisible()


def test_what_is_wished_fits_the_day_and_sells_nothing(stage: Stage, page: TodayPage) -> None:
    born(stage, page, [0, 1, 5, -2])
    only_birthdays(stage, page)
    wished, hands = {}, Counting(stage)
    for _ in range(4):
        item = current(stage)
        assert item.birthday is not None
        hands.key(Qt.Key.Key_C)
        wished[(item.due_on - TODAY).days] = QApplication.clipboard().text()
        hands.key(Qt.Key.Key_E)
    assert len(set(wished.values())) == 4
    assert "明天" in wished[1]
    assert "补一句" in wished[-2]
    assert not any(word in text for text in wished.values() for word in ("券", "折", "元", "下单"))
    assert page.isVisible()


def test_a_birthday_put_off_comes_back_on_its_day(stage: Stage, page: TodayPage) -> None:
    born(stage, page, [2])
    item, hands = next(each for each in due(stage) if each.birthday), Counting(stage)
    stage.find(DueList, names.TODAY_LIST).open_at(due(stage).index(item))
    stage.settle()
    hands.key(Qt.Key.Key_7)
    assert item.customer not in {each.customer for each in due(stage)}
    stage.shop._as_of = TODAY + timedelta(days=2)
    assert item.key in {each.key for each in due(stage)}
    assert page.isVisible()


def test_one_reason_is_chosen_by_keys_exported_alone_and_left_again(
    stage: Stage, page: TodayPage, tmp_path: Path
) -> None:
    born(stage, page, [0, 1])
    hands = Counting(stage)
    hands.key(Qt.Key.Key_F)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    kinds = [item.kind for item in due(stage)]
    counts = [len(kinds), kinds.count("due"), kinds.count("back"), 2, 0]
    assert [int(action.text().split()[-1]) for action in menu.actions()] == counts
    for _ in range(3):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    stage.settle()
    view = stage.find(DueList, names.TODAY_LIST)
    assert [view.due.item(row).kind for row in range(view.due.rowCount())] == ["birthday"] * 2  # type: ignore[union-attr]
    assert page.badge() == len(kinds)
    with dialogs_of_qt():
        hands.click(names.TODAY_EXPORT)
        hands.save(tmp_path / "born.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "born.xlsx").worksheets[0].iter_rows(min_row=4, values_only=True))
    assert [row[4] for row in rows] == ["生日"] * 2
    for _ in range(2):
        hands.key(Qt.Key.Key_E)
    assert stage.find(QWidget, "today_not_this").isVisible()
    hands.click(names.TODAY_SHOW_ALL)
    assert view.due.rowCount() == len(kinds) - 2
    assert view.hasFocus()
