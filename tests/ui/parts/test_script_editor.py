from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPlainTextEdit, QPushButton

from shopcrm.act import scripts
from shopcrm.act.scripts import Audience, Draft, Script
from shopcrm.base.i18n import _
from shopcrm.collect import product_answers
from shopcrm.collect.foreign import ForeignItem
from shopcrm.collect.product_answers import Answer
from shopcrm.ui import names
from shopcrm.ui.pages.scripts import ScriptsPage
from shopcrm.ui.parts.script_preview import Filling
from tests.builders import TODAY, given_orders, given_people, order, person
from tests.ui.conftest import Stage
from tests.ui.people import Counting, shown, to_front

CTRL = Qt.KeyboardModifier.ControlModifier
CUP = ForeignItem("保温杯 500ml", 1, 1, article="CUP-5", price=5_000)


@pytest.fixture
def hand(stage: Stage) -> Counting:
    return Counting(stage)


def opened(stage: Stage, *drafts: Draft, card: str = "") -> ScriptsPage:
    with stage.shop.write() as tx:
        for draft in drafts or (Draft("在的", "在的～"),):
            scripts.add(tx, draft)
    if card:
        stage.window.frame.header.search.edit.setText(card)
        stage.settle()
    stage.window.go_to("scripts")
    stage.settle()
    page = stage.window.frame.page("scripts")
    assert isinstance(page, ScriptsPage)
    return page


def kept(stage: Stage) -> dict[str, Script]:
    with stage.shop.read() as tx:
        return {script.title: script for script in scripts.listing(tx)}


def answers(stage: Stage) -> list[Answer]:
    with stage.shop.read() as tx:
        return product_answers.listing(tx)


def listed(page: ScriptsPage) -> list[str]:
    return [entry.name for entry in page.finder.list.entries]


def wrong(stage: Stage) -> str:
    label = stage.find(QLabel, "script_wrong")
    return label.text() if label.isVisible() else ""


def test_search_words_codes_and_audience_are_written_by_keyboard(stage: Stage, hand: Counting) -> None:
    given_people(stage.shop, [person("林小满", buyer_id="xiaoman_lin88", platform="taobao", member_level="金卡")])
    opened(stage)
    hand.key(Qt.Key.Key_N, CTRL)
    hand.type("Hot")
    stage.find(QLineEdit, names.SCRIPT_KEYWORDS_EDIT).setFocus()
    hand.type("warm, water")
    stage.find(QLineEdit, names.SCRIPT_ARTICLE_EDIT).setFocus()
    hand.type("CUP-5,CUP-7")
    button = stage.find(QPushButton, names.SCRIPT_AUDIENCE)
    assert button.text() == _("Everybody")
    button.setFocus()
    hand.key(Qt.Key.Key_Space)
    menu = stage.window.findChild(QMenu, f"{names.SCRIPT_AUDIENCE}_menu")
    assert menu is not None
    for label in (_("To revive"), "金卡"):
        menu.setActiveAction(next(each for each in menu.actions() if each.text() == label))
        QTest.keyClick(menu, Qt.Key.Key_Space)  # it stays open
        assert menu.isVisible()
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert not menu.isVisible()
    to_front(stage)
    assert button.text() == _(", ").join((_("To revive"), "金卡"))
    stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT).setFocus()
    hand.type("60")
    hand.key(Qt.Key.Key_Return, CTRL)
    made = kept(stage)["Hot"]
    assert made.draft() == Draft(
        "Hot", "60", article="CUP-5, CUP-7", keywords="warm, water", audience=Audience(("to_revive",), ("金卡",))
    )  # fmt: skip
    assert _("To revive") in stage.find(QLabel, "script_for").text()
    hand.key(Qt.Key.Key_Z, CTRL)
    assert list(kept(stage)) == ["在的"]


def test_a_wrong_blank_is_said_with_its_line_and_the_cursor_goes_there(stage: Stage, hand: Counting) -> None:
    opened(stage)
    hand.key(Qt.Key.Key_F2)
    body = stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT)
    body.setPlainText("😀 hi\n{昵称}，{买家}\nbye")
    assert wrong(stage).startswith(_("Line {n}: {what}").format(n=2, what="")[:4].rstrip())
    assert "{买家}" in wrong(stage)
    hand.key(Qt.Key.Key_Return, CTRL)
    assert body.hasFocus()
    assert body.textCursor().block().text()[body.textCursor().positionInBlock() :].startswith("{买家}")
    assert kept(stage)["在的"].body == "在的～"


def test_the_length_as_an_sms_is_shown_while_writing_filled_from_the_card(stage: Stage, hand: Counting) -> None:
    opened(stage, card="lxm")
    hand.key(Qt.Key.Key_F2)
    body = stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT)
    length = stage.find(QLabel, "script_edit_length")
    body.setPlainText("{称呼}" + "亲" * 68)
    assert "70" in length.text()
    assert length.text().count("1")
    one = length.text()
    hand.type("!")
    assert "71" in length.text()
    assert "67" in length.text()
    assert length.text() != one
    body.setPlainText("x" * 5_001)  # nobody sends that as an SMS
    assert not length.isVisible()


def test_what_is_too_long_or_no_text_at_all_is_said_and_markup_stays_text(stage: Stage, hand: Counting) -> None:
    opened(stage)
    hand.key(Qt.Key.Key_F2)
    body = stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT)
    body.setPlainText("长" * 100_001)
    assert "100,000" in wrong(stage)
    assert "100,001" in wrong(stage)
    hand.key(Qt.Key.Key_Return, CTRL)
    assert kept(stage)["在的"].body == "在的～"
    body.setPlainText("<b>5 折</b> مرحبا 👨‍👩‍👧 &amp;")
    assert wrong(stage) == ""
    assert stage.find(Filling, "script_edit_preview").text() == "<b>5 折</b> مرحبا 👨‍👩‍👧 &amp;"
    hand.key(Qt.Key.Key_Return, CTRL)
    hand.key(Qt.Key.Key_Return)
    assert QApplication.clipboard().text() == "<b>5 折</b> مرحبا 👨‍👩‍👧 &amp;"


def test_an_answer_is_written_found_changed_and_removed_by_keyboard(stage: Stage, hand: Counting) -> None:
    given_orders(stage.shop, [order("991", "qing_zhou", TODAY, 5_000, items=[CUP])])
    page = opened(stage)
    page.list.setFocus()
    hand.key(Qt.Key.Key_Down)
    hand.key(Qt.Key.Key_Down)
    assert page.finder.list.entries == ()
    assert stage.find(QLabel, "script_nothing").isVisible()
    hand.key(Qt.Key.Key_N, CTRL)
    assert not shown(stage, names.SCRIPT_FOLDER_EDIT)
    assert not shown(stage, names.SCRIPT_AUDIENCE)
    hand.type("Hot?")
    hand.key(Qt.Key.Key_Return)  # the product and the answer are missing
    code = stage.find(QLineEdit, names.SCRIPT_ARTICLE_EDIT)
    assert wrong(stage) == _("Write the product code, the question and the answer.")
    assert code.hasFocus()
    hand.type("500ml")  # a piece of its title
    completer = code.completer()
    assert completer is not None
    assert completer.completionCount() == 1
    assert completer.currentCompletion() == "CUP-5"
    popup = completer.popup()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    to_front(stage)
    assert code.text() == "CUP-5"
    stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT).setFocus()
    hand.type("60 {nick|dear}")
    hand.key(Qt.Key.Key_Return, CTRL)
    (made,) = answers(stage)
    assert made.draft() == product_answers.AnswerDraft("CUP-5", "Hot?", "60 {nick|dear}")
    current = page.finder.current
    assert isinstance(current, Answer)
    assert (current.id, current.product) == (made.id, "保温杯 500ml")
    assert not shown(stage, names.SCRIPT_DOUBLE)
    hand.key(Qt.Key.Key_F2)
    hand.type("!")
    hand.key(Qt.Key.Key_Return, CTRL)
    assert answers(stage)[0].body == "60 {nick|dear}!"
    page.list.setFocus()
    hand.key(Qt.Key.Key_Up)
    hand.key(Qt.Key.Key_Up)
    page.finder.box.edit.setFocus()
    hand.type("cup-5")  # among all scripts too
    assert listed(page) == ["Hot?"]
    hand.key(Qt.Key.Key_Return)
    assert QApplication.clipboard().text() == "60 dear!"
    page.finder.list.setFocus()
    hand.key(Qt.Key.Key_Delete)
    assert answers(stage) == []
    hand.key(Qt.Key.Key_Z, CTRL)
    assert answers(stage)[0].body == "60 {nick|dear}!"


def test_a_half_written_answer_survives_a_change_of_the_text_size(stage: Stage, hand: Counting) -> None:
    page = opened(stage)
    page._choose(-2)
    hand.key(Qt.Key.Key_N, CTRL)
    hand.type("Hot?")
    state = page.remember()
    page._leave()
    page.restore(state)
    stage.settle()
    assert page.editor.draft() == product_answers.AnswerDraft(question="Hot?")


def test_the_answers_of_a_product_are_opened_from_the_list_of_products(stage: Stage, hand: Counting) -> None:
    given_orders(stage.shop, [order("991", "qing_zhou", TODAY, 5_000, items=[CUP])])
    opened(stage)
    stage.window.go_to("data", "products")
    stage.settle()
    search = stage.find(QLineEdit, names.PRODUCTS_SEARCH)
    search.setText("CUP")
    stage.settle()
    hand.click(names.PRODUCTS_ANSWERS)
    assert stage.find(QLineEdit, names.SCRIPT_ARTICLE_EDIT).text() == "CUP-5"  # the first one is begun
    assert stage.find(QLineEdit, names.SCRIPT_TITLE_EDIT).hasFocus()
    hand.type("Hot?")
    stage.find(QPlainTextEdit, names.SCRIPT_BODY_EDIT).setFocus()
    hand.type("60")
    hand.key(Qt.Key.Key_Return, CTRL)
    stage.window.go_to("data", "products")
    stage.settle()
    hand.click(names.PRODUCTS_ANSWERS)
    page = stage.window.frame.page("scripts")
    assert isinstance(page, ScriptsPage)
    assert listed(page) == ["Hot?"]
    hand.key(Qt.Key.Key_N, CTRL)  # the next one about it
    assert stage.find(QLineEdit, names.SCRIPT_ARTICLE_EDIT).text() == "CUP-5"
