from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shopcrm.act import desk
from shopcrm.app import Shop
from shopcrm.ui import names, theme
from shopcrm.ui.dialogs.customer import CustomerForm
from shopcrm.ui.kit.marks import TagChip
from shopcrm.ui.kit.text import Elided, Text
from shopcrm.ui.pages.desk import DeskPage
from tests.builders import TODAY, given_orders, new_shop, order
from tests.ui.conftest import ADDRESS, PHONE, Stage, make_stage
from tests.ui.people import with_regulars


def named(stage: Stage, name: str, kind: type[QWidget] = QWidget) -> QWidget:
    return stage.find(kind, name)


def page(stage: Stage) -> DeskPage:
    found = stage.window.frame.page("desk")
    assert isinstance(found, DeskPage)
    return found


def keys(edit: QLineEdit, text: str) -> None:
    """Type; Chinese comes from the input method, as it does."""
    if text.isascii():
        QTest.keyClicks(edit, text)
    else:
        event = QInputMethodEvent("", [])
        event.setCommitString(text)
        QApplication.sendEvent(edit, event)


def type_in(stage: Stage, text: str) -> None:
    keys(stage.find(QLineEdit, names.SEARCH), text)
    stage.settle()


def name_shown(stage: Stage) -> str:
    label = named(stage, names.CARD_NAME, Elided)
    assert isinstance(label, Elided)
    return label.text() if label.isVisible() else ""


def card(stage: Stage) -> desk.Card:
    customer = page(stage).card.customer
    assert customer is not None
    with stage.shop.read() as tx:
        return desk.card(tx, stage.shop.columns(), customer)


def compose(edit: QWidget, letters: str, *, commit: str = "") -> None:
    event = QInputMethodEvent(letters, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(edit, event)


def test_what_is_being_composed_searches_already_and_enter_belongs_to_the_input_method(stage: Stage) -> None:
    search = stage.find(QLineEdit, names.SEARCH)
    for letters in ("l", "l'x", "l'x'm"):
        compose(search, letters)
    stage.settle()
    assert (search.text(), name_shown(stage)) == ("", "林小满")
    QTest.keyClick(search, Qt.Key.Key_Return)
    stage.settle()
    assert search.hasFocus(), "no note is begun"
    assert page(stage).recent.entries == ()
    compose(search, "lin'xm")
    stage.settle()
    assert name_shown(stage) == "林小满"
    compose(search, "q'q'q")
    stage.settle()
    assert name_shown(stage) == ""
    QTest.keyClick(search, Qt.Key.Key_Return)
    stage.settle()
    assert QApplication.activeModalWidget() is None, "nobody new is begun either"
    compose(search, "", commit="小满")
    stage.settle()
    assert (search.text(), name_shown(stage)) == ("小满", "林小满")


def test_nobody_fits_and_enter_begins_a_new_customer_with_what_was_typed(stage: Stage) -> None:
    type_in(stage, "139 0013 9999")
    button = stage.find(QPushButton, names.DESK_NEW)
    assert button.isVisible()
    QTest.keyClick(named(stage, names.SEARCH), Qt.Key.Key_Return)
    stage.settle()
    form = QApplication.activeModalWidget()
    assert isinstance(form, CustomerForm)
    assert stage.find(QLineEdit, f"{names.PERSON}_phone").text() == "139 0013 9999"
    name = stage.find(QLineEdit, f"{names.PERSON}_name")
    assert name.hasFocus(), "the next thing to type"
    keys(name, "周小晴")
    QTest.keyClick(name, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert name_shown(stage) == "周小晴"
    QTest.keyClick(named(stage, names.SEARCH), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_left_as_it_was_filled_the_form_keeps_nothing(stage: Stage) -> None:
    type_in(stage, "京东：jd_nobody")
    QTest.keyClick(named(stage, names.SEARCH), Qt.Key.Key_Return)
    stage.settle()
    form = QApplication.activeModalWidget()
    assert isinstance(form, CustomerForm)
    assert form.draft() is None
    assert (form._account.text(), form._platform.key()) == ("jd_nobody", "jd")
    QTest.keyClick(form._name, Qt.Key.Key_Escape)
    stage.settle()
    assert QApplication.activeModalWidget() is None
    type_in(stage, "4")
    stage.find(QLineEdit, names.SEARCH).setText("99887")
    stage.settle()
    assert not stage.find(QPushButton, names.DESK_NEW).isVisible(), "digits that may be anything"


def test_enter_that_is_quicker_than_the_answer_waits_for_it(stage: Stage) -> None:
    type_in(stage, "guest")
    before = page(stage).card.customer
    search = stage.find(QLineEdit, names.SEARCH)
    search.selectAll()
    keys(search, "lxm")
    QTest.keyClick(search, Qt.Key.Key_Return)
    stage.settle()
    assert name_shown(stage) == "林小满"
    assert page(stage).card.customer != before
    assert [entry.name for entry in page(stage).recent.entries] == ["林小满"]
    assert named(stage, names.CARD_NOTE_EDIT).hasFocus()


def test_more_of_those_who_fit_come_when_the_last_are_near(stage: Stage) -> None:
    given_orders(
        stage.shop,
        [order(f"26990000{n:04d}", f"crowd_{n:03d}", TODAY - timedelta(days=9), 1_000 + n) for n in range(120)],
    )
    type_in(stage, "crowd")
    results = page(stage).results
    assert len(results.entries) == 50
    assert "50" in stage.find(Elided, "desk_count").text()
    search = named(stage, names.SEARCH)
    for _times in range(4):
        QTest.keyClick(search, Qt.Key.Key_PageDown)
        stage.settle()
    assert len(results.entries) == 100
    assert results.currentIndex().row() == 40
    assert name_shown(stage) == "crowd_079"
    results.verticalScrollBar().setValue(results.verticalScrollBar().maximum())
    stage.settle()
    listed = [entry.customer for entry in results.entries]
    assert len(set(listed)) == len(listed) == 120
    assert results.currentIndex().row() == 40, "what one reads stays where it is"
    assert search.hasFocus()


def test_a_line_marks_what_was_typed(stage: Stage) -> None:
    type_in(stage, "xm 5678")
    (entry,) = page(stage).results.entries
    marked = [
        [text[begin:end] for begin, end in marks]
        for text, marks in zip((entry.name, entry.right, entry.second), entry.marks, strict=True)
    ]
    assert marked[:2] == [["小满"], ["5678"]]
    assert "5678" in marked[2]


def test_whatever_is_pasted_is_cut_and_does_no_harm(stage: Stage) -> None:
    search = stage.find(QLineEdit, names.SEARCH)
    for text in ("林" * 100_000, "😀\u202e'\"*\x00" * 9_000, "***", "5678 " * 20_000):
        QApplication.clipboard().setText(text)
        search.selectAll()
        QTest.keyClick(search, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        stage.settle()
        assert 0 < len(search.text()) <= 300
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert search.text() == ""


def test_nobody_elses_card_stands_beside_an_empty_result(stage: Stage) -> None:
    type_in(stage, "lxm")
    type_in(stage, "q")
    assert stage.find(QWidget, "desk_nobody").isVisible()
    assert page(stage).card.customer is None
    QTest.keyClick(named(stage, names.SEARCH), Qt.Key.Key_Backspace)
    stage.settle()
    assert name_shown(stage) == "林小满"
    QTest.keyClick(named(stage, names.SEARCH), Qt.Key.Key_Escape)
    assert not stage.find(QWidget, "desk_nobody").isVisible()


def test_an_answer_that_comes_after_the_box_was_emptied_is_dropped(stage: Stage) -> None:
    search = stage.find(QLineEdit, names.SEARCH)
    keys(search, "lxm")
    QTest.keyClick(search, Qt.Key.Key_Escape)
    stage.settle()
    assert (search.text(), name_shown(stage)) == ("", "")
    assert not page(stage).results.entries


def test_arrows_move_in_the_list_while_the_search_box_keeps_the_focus(stage: Stage) -> None:
    type_in(stage, "guest")
    first = page(stage).card.customer
    QTest.keyClick(named(stage, names.SEARCH), Qt.Key.Key_Down)
    stage.settle()
    second = page(stage).card.customer
    assert first != second == page(stage).results.current
    QTest.keyClick(named(stage, names.SEARCH), Qt.Key.Key_Up)
    stage.settle()
    assert page(stage).card.customer == first
    assert named(stage, names.SEARCH).hasFocus()


def test_a_note_is_written_and_taken_back_by_keyboard(stage: Stage) -> None:
    type_in(stage, "5678")
    QTest.keyClick(named(stage, names.SEARCH), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    box = named(stage, names.CARD_NOTE_EDIT, QLineEdit)
    assert box.hasFocus()
    QTest.keyClicks(box, "allergic to <b>wool</b>")
    QTest.keyClick(box, Qt.Key.Key_Return)
    stage.settle()
    assert card(stage).notes[0].text == "allergic to <b>wool</b>"
    assert isinstance(box, QLineEdit)
    assert box.text() == ""
    assert stage.window.toasts.toast is not None
    QTest.keyClick(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert [note.text for note in card(stage).notes] == ["婆婆收货，电话打她的"]


def test_another_card_is_read_from_its_top(stage: Stage) -> None:
    stage.window.resize(1280, 500)
    type_in(stage, "5678")
    bar = page(stage).card._area.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    QTest.keyClick(named(stage, names.SEARCH), Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert bar.value() < bar.maximum(), "a key brings what it opens into sight"
    bar.setValue(bar.maximum())
    type_in(stage, "qing_zhou")
    assert bar.value() == 0


def test_tags_are_put_and_taken_with_undo(stage: Stage) -> None:
    type_in(stage, "5678")
    QTest.mouseClick(named(stage, names.CARD_TAG_ADD, QPushButton), Qt.MouseButton.LeftButton)
    field = named(stage, names.CARD_TAG_EDIT, QLineEdit)
    stage.settle()
    QTest.keyClicks(field, "VIP")
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.settle()
    assert card(stage).tags == ("宝妈群", "VIP")
    chips = {chip.text(): chip for chip in stage.window.findChildren(TagChip) if chip.isVisible()}
    assert set(chips) == {"宝妈群", "VIP"}
    chips["宝妈群"].setFocus()
    QTest.keyClick(chips["宝妈群"], Qt.Key.Key_Delete)
    stage.settle()
    assert card(stage).tags == ("VIP",)
    QTest.mouseClick(named(stage, names.TOAST_UNDO), Qt.MouseButton.LeftButton)
    stage.settle()
    assert set(card(stage).tags) == {"宝妈群", "VIP"}


def test_copies_are_exact(stage: Stage) -> None:
    type_in(stage, "lxm")
    clipboard = QApplication.clipboard()
    QTest.keyClick(named(stage, names.SEARCH), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == PHONE
    QTest.mouseClick(named(stage, f"{names.CARD_COPY}_buyer_id_0"), Qt.MouseButton.LeftButton)
    assert clipboard.text() == "xiaoman_lin88"
    QTest.mouseClick(named(stage, "card_copy_address"), Qt.MouseButton.LeftButton)
    assert clipboard.text() == ADDRESS
    QTest.keyClick(named(stage, names.SEARCH), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    words = named(stage, "card_greeting_text", Text)
    assert isinstance(words, Text)
    assert "小满" in words.text()
    assert clipboard.text() == words.text()


def test_f2_changes_the_name_in_place_and_escape_leaves_it(stage: Stage) -> None:
    type_in(stage, "lxm")
    search = named(stage, names.SEARCH)
    QTest.keyClick(search, Qt.Key.Key_F2)
    field = stage.find(QLineEdit, names.CARD_NAME_EDIT)
    QTest.keyClicks(field, "nobody")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert name_shown(stage) == "林小满"
    QTest.keyClick(search, Qt.Key.Key_F2)
    keys(field, "林满满")
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.settle()
    assert name_shown(stage) == "林满满"
    assert page(stage).results.entries == () or page(stage).results.entries[0].name == "林满满"


def test_open_matters_and_history_say_what_is_in_the_orders(stage: Stage) -> None:
    type_in(stage, "lxm")
    open_matters = named(stage, names.CARD_OPEN_MATTERS)
    said = " ".join(label.text() for label in open_matters.findChildren(Text))
    assert "2256" in said
    rows = [row for row in stage.window.findChildren(QWidget, "timeline_row") if row.isVisible()]
    assert len(rows) == 9  # six orders, a note, its tag and the import
    QTest.mouseClick(named(stage, f"{names.TIMELINE_FILTER}_notes"), Qt.MouseButton.LeftButton)
    stage.settle()
    rows = [row for row in stage.window.findChildren(QWidget, "timeline_row") if row.isVisible()]
    assert [row.accessibleName().split(", ")[1] for row in rows] == ["婆婆收货，电话打她的"]


def test_who_was_served_is_listed_again_after_a_restart(stage: Stage, qtbot: QtBot) -> None:
    type_in(stage, "lxm")
    QTest.keyClick(named(stage, names.SEARCH), Qt.Key.Key_Return)
    stage.settle()
    assert [entry.name for entry in page(stage).recent.entries] == ["林小满"]
    again = make_stage(qtbot, stage.shop)
    assert [entry.name for entry in page(again).recent.entries] == ["林小满"]
    again.end()


def test_what_another_process_writes_is_shown(stage: Stage) -> None:
    type_in(stage, "lxm")
    before = name_shown(stage)
    other = Shop.open(stage.shop.home, as_of=TODAY)
    customer = page(stage).card.customer
    assert customer is not None
    with other.write() as tx:
        from shopcrm.collect import customers

        customers.rename(tx, customer, name="林大满")
    other.close()
    stage.bot.waitUntil(lambda: name_shown(stage) == "林大满", timeout=10_000)
    assert before == "林小满"


def test_who_is_due_today_is_listed_until_somebody_is_typed_and_opened_by_arrows(stage: Stage) -> None:
    assert len(page(stage).due.entries) == 8, "those who bought once come by the shop's cycle"
    with_regulars(stage.shop)
    due, regulars = page(stage).due, [f"regular_{n:02d}" for n in range(8)]
    stage.bot.waitUntil(lambda: [entry.name for entry in due.entries] == regulars, timeout=10_000)
    assert {entry.right for entry in due.entries} <= {f"{n} 天前" for n in range(30, 40)}
    search = named(stage, names.SEARCH)
    search.setFocus()
    for _place in range(2):
        QTest.keyClick(search, Qt.Key.Key_Down)
        stage.settle()
    assert name_shown(stage) == "regular_01"
    QTest.keyClick(search, Qt.Key.Key_Return)
    stage.settle()
    assert [entry.name for entry in page(stage).recent.entries] == ["regular_01"]
    assert "regular_01" not in [entry.name for entry in due.entries]
    type_in(stage, "lxm")
    assert not due.isVisible()


def test_tab_goes_from_the_search_box_to_the_list_and_through_the_card_as_one_reads(stage: Stage) -> None:
    type_in(stage, "lxm")
    focused: QWidget = named(stage, names.SEARCH)
    reached: list[str] = []
    while not reached or focused.objectName() != names.SEARCH:
        reached.append(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget() or focused
    wanted = [
        names.SEARCH, names.DESK_RESULTS, "card_tags_宝妈群", "card_tag_add", "card_copy_buyer_id_0",
        names.CARD_GREETING_COPY, "card_value_add", "timeline_filter_all", names.CARD_ORDER_NEW, "timeline_row",
        "card_script_find", names.CARD_NOTE_EDIT, names.THEME_TOGGLE, names.STATUS_KEYS, "rail_desk",
    ]  # fmt: skip
    assert [name for name in dict.fromkeys(reached) if name in wanted] == wanted
    QTest.keyClick(focused, Qt.Key.Key_Backtab)
    assert getattr(QApplication.focusWidget(), "objectName", str)() == reached[-1]


def test_what_matters_first_is_seen_without_scrolling(stage: Stage) -> None:
    type_in(stage, "lxm")
    stage.window.grab()
    stage.settle()
    first = (
        names.CARD_NAME, names.CARD_GREETING, names.CARD_OPEN_MATTERS, names.CARD_ATTRIBUTES, names.CARD_SCRIPTS,
        names.CARD_NOTE_EDIT,
    )  # fmt: skip
    for name in first:
        block = named(stage, name)
        assert block.visibleRegion().boundingRect().size() == block.size(), name


def test_the_note_box_stays_in_sight_however_much_there_is_to_tell(stage: Stage) -> None:
    box = named(stage, names.CARD_NOTE_EDIT)
    assert not box.isVisible()
    type_in(stage, "lxm")
    stage.window.resize(1280, 480)
    stage.window.grab()
    stage.settle()
    history = named(stage, names.CARD_TIMELINE)
    assert history.visibleRegion().boundingRect().height() < history.height()
    assert box.visibleRegion().boundingRect().size() == box.size()
    stage.find(QLineEdit, names.SEARCH).clear()
    type_in(stage, "nobody like that")
    assert not box.isVisible()


def test_all_that_fit_are_seen_where_there_is_room(stage: Stage) -> None:
    type_in(stage, "guest")
    stage.window.grab()
    stage.settle()
    results = page(stage).results
    assert len(results.entries) > 7
    assert results.height() > 9 * theme.current().px(54)
    assert results.geometry().bottom() <= page(stage)._left.height()


@pytest.mark.usefixtures("dressed")
def test_an_empty_shop_says_what_will_be_here(qtbot: QtBot, tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "empty")
    stage = make_stage(qtbot, shop)
    assert named(stage, names.DESK_EMPTY).isVisible()
    assert named(stage, names.DESK_IMPORT, QPushButton).isVisible()
    given_orders(shop, [order("2611000000001", "qing_zhou", TODAY - timedelta(days=1))])
    qtbot.waitUntil(lambda: not named(stage, names.DESK_EMPTY).isVisible(), timeout=10_000)
    stage.settle()
    assert not page(stage)._left.isVisible(), "nobody served, nobody due: no empty card beside the hint"
    stage.end()
    shop.close()
