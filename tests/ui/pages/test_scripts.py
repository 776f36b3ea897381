from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QMenu, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shopcrm.act import blanks, desk, script_presets, scripts
from shopcrm.act.script_sheet import GROUP_LABELS
from shopcrm.act.scripts import Audience, Draft, Script
from shopcrm.app import Shop
from shopcrm.base import i18n, options
from shopcrm.base.i18n import _
from shopcrm.collect import settings
from shopcrm.ui import names, theme
from shopcrm.ui.pages.scripts import ScriptsPage
from shopcrm.ui.parts import script_words
from shopcrm.ui.parts.failure_dialog import FailureDialog
from shopcrm.ui.parts.script_picker import ScriptPicker
from shopcrm.ui.parts.script_preview import Filling
from tests.builders import new_shop
from tests.ui.conftest import Stage, fill, make_stage
from tests.ui.people import Counting, shown, to_front
from tests.ui.test_window import clipped
from tests.ui.test_window import test_every_control_has_a_name_and_is_reached_by_tab as every_control_is_reached

CTRL = Qt.KeyboardModifier.ControlModifier
HURRY = Draft("库存提醒", "{称呼|亲}，{待付商品|宝贝}还给您留着，要的话抽空付一下～", "催付", situation="unpaid")
STAGE = Draft("换段说明", "{称呼}，先一顿新的两顿旧的。\n{到期日}前后换完。", "奶粉", "NF-800")
SORRY = Draft("先道歉", "给您添麻烦了，真对不起。", "售后")
HURRIED = "小满，软软云 纸尿裤还给您留着，要的话抽空付一下～"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    fill(opened)
    with opened.write() as tx:
        settings.choose(tx, {options.TRADE: "mother_baby"})
        for draft in (SORRY, STAGE, HURRY):
            scripts.add(tx, draft)
    yield opened
    opened.close()


@pytest.fixture
def hand(stage: Stage) -> Counting:
    return Counting(stage)


def kept(shop: Shop) -> list[Script]:
    with shop.read() as tx:
        return scripts.listing(tx)


def uses(shop: Shop) -> dict[str, int]:
    return {script.title: script.uses for script in kept(shop)}


def page(stage: Stage) -> ScriptsPage:
    found = stage.window.frame.page("scripts")
    assert isinstance(found, ScriptsPage)
    return found


def open_page(stage: Stage, *, card: str = "") -> ScriptsPage:
    if card:
        stage.window.frame.header.search.edit.setText(card)
        stage.settle()
    stage.window.go_to("scripts")
    stage.settle()
    return page(stage)


def listed(stage: Stage) -> list[str]:
    return [entry.name for entry in page(stage).finder.list.entries]


def clipboard() -> str:
    return QApplication.clipboard().text()


def said(stage: Stage) -> str:
    toast = stage.window.toasts.toast
    return "" if toast is None else toast.text.text()


def commit(text: str, *, preedit: str = "") -> None:
    """What an input method sends: text that is chosen, or pinyin that is not chosen yet."""
    event = QInputMethodEvent(preedit, [])
    if text:
        event.setCommitString(text)
    focused = QApplication.focusWidget()
    assert focused is not None
    QApplication.sendEvent(focused, event)


def test_from_a_chat_to_the_copied_words_in_four_keys(stage: Stage, hand: Counting) -> None:
    search = stage.window.frame.header.search.edit
    search.setText("lxm")
    stage.settle()
    hand.type("/")
    assert shown(stage, names.SCRIPT_PICKER)
    hand.type("cf")
    hand.key(Qt.Key.Key_Return)
    assert hand.keys == 4
    assert clipboard() == HURRIED
    assert "林小满" in said(stage)
    assert uses(stage.shop) == {"库存提醒": 1, "先道歉": 0, "换段说明": 0}
    # The card is still there and the keyboard where it was.
    assert not shown(stage, names.SCRIPT_PICKER)
    assert search.hasFocus()
    assert search.text() == "lxm"
    assert [entry.name for entry in stage.window.frame.page("desk").recent.entries] == ["林小满"]  # type: ignore[attr-defined]


def test_what_fits_the_customer_now_stands_on_top_so_two_keys_copy_it(stage: Stage, hand: Counting) -> None:
    stage.window.frame.header.search.edit.setText("lxm")
    stage.settle()
    with stage.shop.write() as tx:
        scripts.use(tx, kept(stage.shop)[0].id, None)  # used most, but not what she needs
    hand.type("/")
    hand.key(Qt.Key.Key_Return)
    assert hand.keys == 2
    assert clipboard() == HURRIED


def test_enter_waits_for_the_answer_to_what_was_typed(stage: Stage) -> None:
    stage.window.frame.header.search.edit.setText("lxm")
    stage.settle()
    stage.window.frame.page("desk").card.find_script()  # type: ignore[attr-defined]
    (picker,) = stage.window.findChildren(ScriptPicker)
    box = picker.findChild(QLineEdit, f"{names.SCRIPT_PICKER}_search")
    assert box is not None
    QTest.keyClicks(box, "xdq")
    QTest.keyClick(box, Qt.Key.Key_Return)
    stage.settle()
    assert clipboard() == SORRY.body


def test_an_enter_does_not_wait_for_words_that_were_typed_after_it(stage: Stage) -> None:
    QApplication.clipboard().setText("before")
    stage.window.frame.header.search.edit.setText("lxm")
    stage.settle()
    stage.window.frame.page("desk").card.find_script()  # type: ignore[attr-defined]
    (picker,) = stage.window.findChildren(ScriptPicker)
    box = picker.findChild(QLineEdit, f"{names.SCRIPT_PICKER}_search")
    assert box is not None
    stage.settle()
    QTest.keyClicks(box, "x")
    QTest.keyClick(box, Qt.Key.Key_Return)
    QTest.keyClicks(box, "dq")
    stage.settle()
    assert clipboard() == "before"
    assert picker.isVisible()


def test_the_key_of_a_chinese_input_method_opens_them_too_and_escape_gives_the_keyboard_back(
    stage: Stage, hand: Counting
) -> None:
    search = stage.window.frame.header.search.edit
    search.setFocus()
    commit("、")
    assert search.text() == "、"  # nobody's card is open: a character like any other
    search.setText("lxm")
    stage.settle()
    commit("、")
    stage.settle()
    assert shown(stage, names.SCRIPT_PICKER)
    hand.key(Qt.Key.Key_Escape)
    assert not shown(stage, names.SCRIPT_PICKER)
    assert (search.hasFocus(), search.text()) == (True, "lxm")
    stage.find(QLineEdit, names.CARD_NOTE_EDIT).setFocus()
    hand.type("1/2")
    assert not shown(stage, names.SCRIPT_PICKER)
    note = stage.find(QLineEdit, names.CARD_NOTE_EDIT)
    assert note.text() == "1/2"
    note.clear()
    hand.type("/")  # no note begins so
    stage.settle()
    assert shown(stage, names.SCRIPT_PICKER)
    assert note.text() == ""


def test_tab_stays_among_the_controls_of_the_picker(stage: Stage, hand: Counting) -> None:
    stage.window.frame.header.search.edit.setText("lxm")
    stage.settle()
    hand.type("/")
    (picker,) = stage.window.findChildren(ScriptPicker)
    seen = set()
    for _step in range(6):
        focused = QApplication.focusWidget()
        assert focused is not None
        assert picker.isAncestorOf(focused)
        seen.add(focused.objectName())
        hand.key(Qt.Key.Key_Tab)
    assert seen == {f"{names.SCRIPT_PICKER}_{part}" for part in ("search", "list", "copy", "close")}


def test_the_page_is_filled_from_the_card_that_was_open(stage: Stage, hand: Counting) -> None:
    opened = open_page(stage)
    preview = stage.find(Filling, names.SCRIPT_PREVIEW)
    hand.type("hd")
    assert listed(stage) == ["换段说明"]
    assert preview.text() == STAGE.body
    assert stage.find(QLabel, "script_preview_for").text() == _("Nobody's card is open: the blanks stay as they are")
    open_page(stage, card="lxm")
    assert stage.find(QLabel, "script_preview_for").text() == _("Filled for {name}").format(name="林小满")
    assert preview.text() == "小满，先一顿新的两顿旧的。\n12月15日前后换完。"
    assert not stage.find(QLabel, "script_preview_missing").isVisible()
    assert opened.finder.box.edit.hasFocus()
    hand.key(Qt.Key.Key_Return)
    assert clipboard() == preview.text()
    assert uses(stage.shop)["换段说明"] == 1
    with stage.shop.read() as tx:
        (lin,) = (hit.id for hit in desk.find(tx, "lxm"))
        assert tx.connection.exec_driver_sql("SELECT customer_id FROM script_uses").scalars().all() == [lin]


def test_a_blank_that_nothing_fills_is_named_and_said_when_copied(stage: Stage, hand: Counting) -> None:
    open_page(stage, card="qing_zhou")
    hand.type("hd")
    missing = stage.find(QLabel, "script_preview_missing")
    assert missing.isVisible()
    assert "{称呼}" in missing.text()
    hand.key(Qt.Key.Key_Return)
    assert clipboard().startswith("{称呼}，")
    assert "{称呼}" in said(stage)


def test_a_composition_searches_and_its_enter_copies_nothing(stage: Stage, hand: Counting) -> None:
    open_page(stage)
    QApplication.clipboard().setText("before")
    commit("", preedit="xian dao")
    stage.settle()
    assert listed(stage) == ["先道歉"]
    hand.key(Qt.Key.Key_Return)
    assert clipboard() == "before"
    commit("先道歉")
    stage.settle()
    hand.key(Qt.Key.Key_Return)
    assert clipboard() == SORRY.body


def test_a_script_is_written_by_keyboard_and_what_is_wrong_is_said_while_typing(stage: Stage, hand: Counting) -> None:
    open_page(stage, card="lxm")
    hand.key(Qt.Key.Key_N, CTRL)
    assert stage.find(QLineEdit, names.SCRIPT_TITLE_EDIT).hasFocus()
    hand.type("Thanks")
    hand.key(Qt.Key.Key_Return)  # no words yet
    assert stage.find(QLabel, "script_wrong").text() == _("Write the words of the script first.")
    body = stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT)
    assert body.hasFocus()
    hand.type("Hi {nikc")
    assert "{nikc" in stage.find(QLabel, "script_wrong").text()
    hand.type("}")
    assert "{nikc}" in stage.find(QLabel, "script_wrong").text()
    hand.key(Qt.Key.Key_Return, CTRL)
    assert len(kept(stage.shop)) == 3
    for _step in range(3):
        hand.key(Qt.Key.Key_Backspace)
    hand.type("ck}")
    assert not stage.find(QLabel, "script_wrong").isVisible()
    assert stage.find(Filling, "script_edit_preview").text() == "Hi xiaoman_lin88"
    hand.key(Qt.Key.Key_Return)  # a new line, not the end
    hand.type("Bye")
    hand.key(Qt.Key.Key_Return, CTRL)
    made = next(script for script in kept(stage.shop) if script.title == "Thanks")
    assert (made.body, made.folder) == ("Hi {nick}\nBye", "")
    assert page(stage).finder.current == made
    hand.key(Qt.Key.Key_Z, CTRL)
    assert len(kept(stage.shop)) == 3


def test_blanks_are_inserted_from_a_menu(stage: Stage, hand: Counting) -> None:
    open_page(stage, card="lxm")
    hand.key(Qt.Key.Key_N, CTRL)
    hand.click(names.SCRIPT_BLANK)
    menu = stage.window.findChild(QMenu, f"{names.SCRIPT_BLANK}_menu")
    assert menu is not None
    next(action for action in menu.actions() if action.text().startswith("{上次商品}")).trigger()
    menu.close()
    body = stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT)
    assert body.toPlainText() == "{上次商品}"
    assert stage.find(Filling, "script_edit_preview").text() == "软软云 纸尿裤"


def test_a_script_is_changed_doubled_moved_and_removed_by_keys_with_undo(stage: Stage, hand: Counting) -> None:
    open_page(stage)
    hand.type("hd")
    hand.key(Qt.Key.Key_F2)
    assert stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT).toPlainText() == STAGE.body
    situation = stage.find(QComboBox, names.SCRIPT_SITUATION)
    situation.setCurrentIndex(situation.findData("due"))
    hand.type("!")
    hand.key(Qt.Key.Key_Return, CTRL)
    changed = next(script for script in kept(stage.shop) if script.title == "换段说明")
    assert (changed.body, changed.situation, changed.article) == (STAGE.body + "!", "due", "NF-800")
    hand.key(Qt.Key.Key_D, CTRL)
    assert len(kept(stage.shop)) == 4
    double = page(stage).finder.current
    assert double is not None
    assert double.title == _("{title} (copy)").format(title="换段说明")
    hand.click(names.SCRIPT_MOVE)
    menu = stage.window.findChild(QMenu, f"{names.SCRIPT_MOVE}_menu")
    assert menu is not None
    next(action for action in menu.actions() if action.text() == "售后").trigger()
    menu.close()
    stage.window.activateWindow()
    stage.settle()
    assert [script.folder for script in kept(stage.shop)].count("售后") == 2
    page(stage).finder.list.setFocus()
    hand.key(Qt.Key.Key_Delete)
    assert len(kept(stage.shop)) == 3
    hand.key(Qt.Key.Key_Z, CTRL)
    assert len(kept(stage.shop)) == 4
    page(stage).finder.box.edit.setFocus()
    hand.key(Qt.Key.Key_Home)
    for _letter in "hd":
        hand.key(Qt.Key.Key_Delete)  # there it is the letter that goes
    assert (page(stage).finder.box.query(), len(kept(stage.shop))) == ("", 4)
    hand.key(Qt.Key.Key_Delete)
    assert len(kept(stage.shop)) == 3
    hand.key(Qt.Key.Key_Z, CTRL)
    assert len(kept(stage.shop)) == 4
    page(stage).finder.list.setFocus()
    hand.type("n")
    assert stage.find(QLineEdit, names.SCRIPT_TITLE_EDIT).hasFocus()


def test_what_was_written_of_a_script_that_is_gone_can_still_be_kept(stage: Stage, hand: Counting) -> None:
    opened = open_page(stage)
    current = opened.finder.current
    assert current is not None
    hand.key(Qt.Key.Key_F2)
    hand.type("xyz")
    with stage.shop.write() as tx:
        scripts.remove(tx, current.id)
    hand.key(Qt.Key.Key_Return, CTRL)
    said_so = stage.window.findChild(FailureDialog)
    assert said_so is not None
    said_so.close()
    to_front(stage)
    body = stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT)
    assert body.isVisible()
    assert body.toPlainText() == current.body + "xyz"
    body.setFocus()
    hand.key(Qt.Key.Key_Return, CTRL)
    assert current.body + "xyz" in {script.body for script in kept(stage.shop)}


def test_what_is_half_written_is_not_lost(stage: Stage, hand: Counting) -> None:
    opened = open_page(stage)
    hand.key(Qt.Key.Key_N, CTRL)
    hand.type("half")
    stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT).setFocus()
    hand.type("a word")
    # Another script of the list does not take its place, nor does another new one.
    opened.finder.list.move_by(1)
    hand.key(Qt.Key.Key_N, CTRL)
    assert stage.find(QLineEdit, names.SCRIPT_TITLE_EDIT).text() == "half"
    stage.window.rebuild()
    stage.settle()
    assert stage.find(QLineEdit, names.SCRIPT_TITLE_EDIT).text() == "half"
    assert stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT).toPlainText() == "a word"
    stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT).setFocus()
    hand.key(Qt.Key.Key_Escape)
    assert not stage.find(QWidget, names.SCRIPT_SAVE).isVisible()
    assert page(stage).finder.box.edit.hasFocus()
    hand.key(Qt.Key.Key_Z, CTRL)
    assert stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT).toPlainText() == "a word"
    hand.key(Qt.Key.Key_Return, CTRL)
    assert {script.title for script in kept(stage.shop)} >= {"half"}


def test_folders_narrow_the_list_and_escape_leads_back_to_the_card(stage: Stage, hand: Counting) -> None:
    opened = open_page(stage, card="lxm")
    opened.list.setFocus()
    hand.key(Qt.Key.Key_Down)
    assert listed(stage) == ["先道歉"]
    assert [(entry.name, entry.right) for entry in opened.list.entries] == [
        (_("All"), "3"), ("售后", "1"), ("奶粉", "1"), ("催付", "1"),
        (_("Product answers"), "0"),
    ]  # fmt: skip
    opened.finder.box.edit.setFocus()
    hand.type("zzz")
    assert listed(stage) == []
    assert stage.find(QLabel, "script_nothing").text() == _("No script fits “{text}”").format(text="zzz")
    hand.key(Qt.Key.Key_Escape)
    assert listed(stage) == ["先道歉"]
    hand.key(Qt.Key.Key_Escape)
    current = stage.window.frame.current
    assert current is not None
    assert current.key == "desk"
    assert stage.window.ctx.customer is not None


def test_the_card_offers_what_to_say_now_and_counts_it(stage: Stage) -> None:
    stage.window.frame.header.search.edit.setText("lxm")
    stage.settle()
    panel = stage.find(QWidget, names.CARD_SCRIPTS)
    buttons = panel.findChildren(QPushButton)
    offered = [button.accessibleName() for button in buttons if button.objectName().startswith(names.CARD_SCRIPT_COPY)]
    assert offered[0] == _("Copy “{title}”").format(title="库存提醒")
    assert len(offered) == 3
    QTest.mouseClick(stage.find(QPushButton, f"{names.CARD_SCRIPT_COPY}_0"), Qt.MouseButton.LeftButton)
    stage.settle()
    assert clipboard() == HURRIED
    assert uses(stage.shop)["库存提醒"] == 1
    QTest.mouseClick(stage.find(QPushButton, names.CARD_SCRIPT_FIND), Qt.MouseButton.LeftButton)
    stage.settle()
    assert shown(stage, names.SCRIPT_PICKER)


def test_whose_card_is_open_is_told(stage: Stage) -> None:
    told: list[object] = []
    stage.window.ctx.customer_changed.connect(told.append)
    with stage.shop.read() as tx:
        (lin,) = (hit.id for hit in desk.find(tx, "lxm"))
        (zhou,) = (hit.id for hit in desk.find(tx, "qing_zhou"))
        assert blanks.person(tx, stage.shop.columns(), zhou).name
    stage.window.go_to("desk", lin)
    stage.settle()
    stage.window.go_to("customers")
    stage.settle()
    stage.window.frame.page("customers").inspect(zhou)  # type: ignore[attr-defined]
    stage.settle()
    assert stage.window.ctx.customer == zhou
    stage.window.go_to("desk")
    stage.settle()
    assert told == [lin, zhou, lin]


@pytest.mark.parametrize("language", ["zh_CN", "en"], indirect=True)
@pytest.mark.usefixtures("dressed")
def test_an_empty_page_takes_the_ready_made_scripts_by_one_key(qtbot: QtBot, tmp_path: Path) -> None:
    assert theme.current().language == i18n.language()
    shop = new_shop(tmp_path / "empty")
    stage = make_stage(qtbot, shop)
    hand = Counting(stage)
    stage.window.go_to("scripts")
    stage.settle()
    assert stage.find(QWidget, names.SCRIPT_EMPTY).isVisible()
    stage.window.go_to("scripts")
    hand.key(Qt.Key.Key_Return)
    expected = script_presets.presets(i18n.language())
    assert len(kept(shop)) == len(expected)
    assert page(stage).finder.box.edit.hasFocus()
    hand.key(Qt.Key.Key_Z, CTRL)
    assert kept(shop) == []
    assert stage.find(QWidget, names.SCRIPT_EMPTY).isVisible()
    stage.end()
    shop.close()


def _clipped(stage: Stage) -> list[str]:
    """What does not fit, once everything has come and was laid out."""
    stage.settle()
    stage.window.grab()
    stage.settle()
    return clipped(stage.window)


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW", "en"], indirect=True)
@pytest.mark.parametrize("percent", [100, 200])
def test_list_editor_and_picker_fit_a_small_window_in_large_text(
    qtbot: QtBot, qapp: QApplication, shop: Shop, language: str, *, percent: int
) -> None:
    everyone = Audience(tuple(GROUP_LABELS), ("金卡", "银卡"))
    drafts = {draft.title: draft for draft in (SORRY, STAGE, HURRY)}
    with shop.write() as tx:
        for script in scripts.listing(tx):
            scripts.edit(tx, script.id, replace(drafts[script.title], audience=everyone))
    theme.use(qapp, name="light", text_percent=percent, language=language)
    stage = make_stage(qtbot, shop, size=(1280, 720))
    stage.window.frame.header.search.edit.setText("lxm")
    assert _clipped(stage) == []
    stage.window.frame.page("desk").card.find_script()  # type: ignore[attr-defined]
    assert _clipped(stage) == []
    open_page(stage).finder.box.edit.setText("hd")
    assert _clipped(stage) == []
    page(stage).change()
    stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT).setPlainText("{nikc}")
    assert _clipped(stage) == []
    button, said = stage.find(QPushButton, names.SCRIPT_AUDIENCE), script_words.audience(everyone)
    assert button.text() != said  # there is no room for all of them
    assert said in button.toolTip()
    stage.end()


@pytest.mark.parametrize("writing", [False, True])
def test_every_control_of_the_filled_page_is_named_and_reached_by_tab(stage: Stage, *, writing: bool) -> None:
    open_page(stage, card="lxm")
    if writing:
        page(stage).change()
        assert stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT).accessibleName()
        assert stage.find(QComboBox, names.SCRIPT_SITUATION).accessibleName()
    every_control_is_reached(stage, "scripts")


def test_a_copy_from_the_card_leaves_the_keyboard_on_its_button(stage: Stage, hand: Counting) -> None:
    stage.window.frame.header.search.edit.setText("lxm")
    stage.settle()
    stage.find(QPushButton, f"{names.CARD_SCRIPT_COPY}_0").setFocus()
    hand.key(Qt.Key.Key_Space)
    assert clipboard() == HURRIED
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == f"{names.CARD_SCRIPT_COPY}_0"
