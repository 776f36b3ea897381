"""The card tells who she is: phone, work, address and consent are changed in place, by real keys, and taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QWidget

from shopcrm.act import desk
from shopcrm.collect import consents, manual, people_data, person_identities
from shopcrm.collect.manual import Person
from shopcrm.mine.duplicates import Suggestion
from shopcrm.ui import names
from shopcrm.ui.kit.marks import Badge
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.twin_list import TwinList
from tests.ui.conftest import PHONE, Stage
from tests.ui.people import Counting, shown, to_front

NEW = "13800130009"


@pytest.fixture
def lin(stage: Stage) -> int:
    with stage.shop.read() as tx:
        (found,) = (hit.id for hit in desk.find(tx, "xiaoman_lin88"))
    stage.window.go_to("desk", found)
    stage.settle()
    return found


@pytest.fixture
def zhou(stage: Stage) -> int:
    """Another one, with a phone of her own."""
    with stage.shop.write() as tx:
        return manual.add_customer(tx, Person(name="周晴", phone=NEW)).id


def card(stage: Stage, customer: int) -> desk.Card:
    with stage.shop.read() as tx:
        return desk.card(tx, stage.shop.columns(), customer)


def anew(stage: Stage, customer: int) -> None:
    """Show the card once more, after something was written behind its back."""
    stage.window.go_to("desk", customer)
    stage.settle()


def phones(stage: Stage, customer: int) -> list[str]:
    return [line.value for line in card(stage, customer).identities if line.kind == "phone"]


def focused(stage: Stage) -> str:
    stage.settle()
    found = QApplication.focusWidget()
    return found.objectName() if found is not None else ""


def said(stage: Stage, block: str) -> list[str]:
    found = stage.find(QWidget, block)
    return [label.text() for label in found.findChildren(Text) if label.isVisible()]


def choose(stage: Stage, words: str) -> None:
    """Go down an open menu by keys to a line, and choose it."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu), "no menu is open"
    texts = [action.text() for action in menu.actions() if action.isEnabled() and not action.isSeparator()]
    assert words in texts, texts
    for _step in range(len(texts) + 1):
        active: QAction | None = menu.activeAction()
        if active is not None and active.text() == words:
            break
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    to_front(stage)
    stage.settle()


def test_a_phone_is_changed_in_place_and_the_change_is_undone(stage: Stage, lin: int) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert focused(stage).startswith(names.CARD_IDENTITY)
    hands.key(Qt.Key.Key_F2)
    assert stage.find(QLineEdit, f"{names.CARD_IDENTITY}_edit").selectedText() == PHONE
    hands.type(NEW)
    hands.key(Qt.Key.Key_Return)
    assert hands.keys == 3 + len(NEW)
    assert phones(stage, lin) == [NEW]
    assert focused(stage).startswith(names.CARD_IDENTITY)  # and stays where it was
    QTest.keyClick(stage.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert phones(stage, lin) == [PHONE]


def test_escape_restores_and_what_is_no_phone_is_kept_and_flagged(stage: Stage, lin: int) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    before = card(stage, lin)
    hands.key(Qt.Key.Key_F2)
    hands.type("12")
    hands.key(Qt.Key.Key_Escape)
    assert card(stage, lin) == before
    hands.key(Qt.Key.Key_F2)
    hands.type("<b>问婆婆</b>")
    hands.key(Qt.Key.Key_Return)
    (line,) = (line for line in card(stage, lin).identities if line.kind == "no_phone")
    assert line.display == "<b>问婆婆</b>"
    shown_as = stage.find(Text, f"{names.CARD_IDENTITY}_{line.id}")
    assert shown_as.text() == "<b>问婆婆</b>"
    assert shown_as.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.usefixtures("zhou")
def test_whose_phone_it_is_is_said_while_typing_and_one_key_opens_her_card(stage: Stage, lin: int) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    hands.key(Qt.Key.Key_F2)
    hands.type(NEW)
    assert any("周晴" in text for text in said(stage, names.CARD)), said(stage, names.CARD)
    hands.key(Qt.Key.Key_F3)
    assert stage.window.ctx.customer != lin
    assert phones(stage, lin) == [PHONE]


def test_two_who_are_one_person_become_one_from_the_field(stage: Stage, lin: int, zhou: int) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    hands.key(Qt.Key.Key_F2)
    hands.type(NEW)
    hands.key(Qt.Key.Key_Return)  # taken: it is said, nothing is written
    assert phones(stage, lin) == [PHONE]
    hands.click(f"{names.CARD_HELD}_one")
    assert set(phones(stage, lin)) == {PHONE, NEW}
    with stage.shop.read() as tx:
        assert [hit.id for hit in desk.find(tx, NEW)] == [lin]
    assert zhou != lin


def test_a_phone_of_both_is_kept_for_both(stage: Stage, lin: int, zhou: int) -> None:
    hands = Counting(stage)
    stage.find(QPushButton, f"{names.CARD_IDENTITY}_add").setFocus()
    hands.key(Qt.Key.Key_Return)
    choose(stage, "手机")
    hands.type(NEW)
    hands.click(f"{names.CARD_HELD}_both")
    assert NEW in phones(stage, lin)
    assert phones(stage, zhou) == [NEW]


def test_delete_takes_an_identity_away_and_the_menu_puts_it_back(stage: Stage, lin: int) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    hands.key(Qt.Key.Key_Delete)
    assert phones(stage, lin) == []
    stage.find(QPushButton, f"{names.CARD_IDENTITY}_add").setFocus()
    hands.key(Qt.Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert any(PHONE in action.text() for action in menu.actions())
    QTest.keyClick(menu, Qt.Key.Key_Up)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    stage.settle()
    assert phones(stage, lin) == [PHONE]


def test_what_stood_in_a_field_is_told_and_put_back(stage: Stage, lin: int) -> None:
    with stage.shop.write() as tx:
        people_data.put(tx, {lin: {"occupation": "老师"}})
    with stage.shop.write() as tx:
        people_data.put(tx, {lin: {"occupation": "A&B 医生"}})
    anew(stage, lin)
    hands = Counting(stage)
    stage.find(Text, f"{names.CARD_PERSON}_occupation").setFocus()
    hands.key(Qt.Key.Key_F4)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    told = [action.text() for action in menu.actions()]
    assert "老师 → A&&B 医生" in told[1]
    assert "今天" in told[1]
    assert "— → 老师" in told[2]
    QTest.keyClick(menu, Qt.Key.Key_Return)
    to_front(stage)
    stage.settle()
    assert card(stage, lin).person.fields["occupation"] == "老师"


def test_who_brought_the_phone_is_told(stage: Stage, lin: int) -> None:
    assert lin
    hands = Counting(stage)
    hands.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    hands.key(Qt.Key.Key_F4)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "orders-0.csv" in menu.actions()[1].text()
    menu.close()


def test_plus_notes_what_is_not_known_yet(stage: Stage, lin: int) -> None:
    hands = Counting(stage)
    add = stage.find(QPushButton, f"{names.CARD_PERSON}_add")
    add.setFocus()
    hands.key(Qt.Key.Key_Return)
    choose(stage, "职业")
    hands.type("幼儿园老师")
    hands.key(Qt.Key.Key_Return)
    add = stage.find(QPushButton, f"{names.CARD_PERSON}_add")
    add.setFocus()
    hands.key(Qt.Key.Key_Return)
    choose(stage, "地址")
    hands.type("广东省广州市天河区虚构路2号")
    hands.key(Qt.Key.Key_Return)
    add.setFocus()
    hands.key(Qt.Key.Key_Return)
    choose(stage, "性别")
    choose(stage, "女")
    person = card(stage, lin).person
    assert (person.fields["occupation"], person.fields["gender"]) == ("幼儿园老师", "female")
    assert [one.district for one in person.addresses] == ["天河区"]


def test_a_text_without_end_is_refused_at_the_field(stage: Stage, lin: int) -> None:
    with stage.shop.write() as tx:
        people_data.put(tx, {lin: {"company": "甲"}})
    anew(stage, lin)
    hands = Counting(stage)
    stage.find(Text, f"{names.CARD_PERSON}_company").setFocus()
    hands.key(Qt.Key.Key_F2)
    stage.find(QLineEdit, f"{names.CARD_PERSON}_edit").setText("乙" * 100_000)
    hands.key(Qt.Key.Key_Return)
    wrong = next(label for label in stage.window.findChildren(Text, f"{names.CARD_PERSON}_wrong") if label.isVisible())
    assert "100,000" in wrong.text()
    hands.key(Qt.Key.Key_Escape)
    assert card(stage, lin).person.fields["company"] == "甲"


def test_opting_out_is_three_keys_and_stands_red_on_the_card(stage: Stage, lin: int) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    QTest.keyClick(menu, Qt.Key.Key_Up)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    to_front(stage)
    stage.settle()
    assert card(stage, lin).contact.opted_out
    badge = stage.find(Badge, names.CARD_OUT)
    assert badge.isVisible()
    assert badge.text() == "已退订"
    name = stage.find(QWidget, names.CARD_NAME)
    assert abs(badge.geometry().center().y() - name.geometry().center().y()) <= 2, "it stands beside the name"
    assert any(text.startswith("已退订全部") for text in said(stage, names.CARD_CONSENTS))
    hands.click(f"{names.CARD_CONSENTS}_again")
    assert not card(stage, lin).contact.opted_out
    assert not shown(stage, names.CARD_OUT)
    with stage.shop.write() as tx:
        consents.opt_out(tx, lin, "sms")
    anew(stage, lin)
    assert badge.text() == "已退订短信", "of one channel too"


def test_one_letter_says_how_it_stands_with_a_channel(stage: Stage, lin: int) -> None:
    with stage.shop.write() as tx:
        consents.say(tx, lin, "sms", given=False)
    anew(stage, lin)
    hands = Counting(stage)
    stage.find(Text, f"{names.CARD_CONSENTS}_sms").setFocus()
    for key, state in ((Qt.Key.Key_Y, "agreed"), (Qt.Key.Key_N, "refused"), (Qt.Key.Key_X, "opted_out")):
        hands.key(key)
        assert card(stage, lin).contact.channels[0].state == state
        assert focused(stage) == f"{names.CARD_CONSENTS}_sms"
    QTest.keyClick(stage.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert card(stage, lin).contact.channels[0].state == "refused"


def test_her_words_are_kept_with_a_consent(stage: Stage, lin: int) -> None:
    with stage.shop.write() as tx:
        consents.say(tx, lin, "wechat", given=False)
    anew(stage, lin)
    hands = Counting(stage)
    stage.find(Text, f"{names.CARD_CONSENTS}_wechat").setFocus()
    hands.key(Qt.Key.Key_Return)
    choose(stage, "同意，记下原话…")
    hands.type("旺旺")
    hands.key(Qt.Key.Key_Return)
    hands.type("可以加微信")
    hands.key(Qt.Key.Key_Return)
    told = card(stage, lin).contact.channels[2]
    assert (told.state, told.source, told.wording) == ("agreed", "旺旺", "可以加微信")


def test_a_new_address_is_one_key_and_the_words_and_f4_tells_of_it(stage: Stage, lin: int) -> None:
    hands = Counting(stage)
    before = card(stage, lin).person.addresses
    hands.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    hands.type("浙江省宁波市鄞州区虚构大道 99 号")
    hands.key(Qt.Key.Key_Return)
    (address,) = set(card(stage, lin).person.addresses) - set(before)
    assert (address.province, address.city, address.district) == ("浙江", "宁波", "鄞州区")
    assert focused(stage) == f"{names.CARD_PERSON}_address_{address.id}", "the keyboard goes on with it"
    hands.key(Qt.Key.Key_F4)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert any("店主" in action.text() and "虚构大道" in action.text() for action in menu.actions())
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    to_front(stage)
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert card(stage, lin).person.addresses == before


def test_the_name_has_the_keyboard_and_its_past(stage: Stage, lin: int) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_F2)
    hands.type("林大满")
    hands.key(Qt.Key.Key_Return)
    assert focused(stage) == names.CARD_NAME
    for opened in (False, True):  # on the name, and in its field
        if opened:
            hands.key(Qt.Key.Key_F2)
            assert focused(stage) == names.CARD_NAME_EDIT
        hands.key(Qt.Key.Key_F4)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert any("林小满 → 林大满" in action.text() for action in menu.actions())
        if opened:
            QTest.keyClick(menu, Qt.Key.Key_Return)
        else:
            QTest.keyClick(menu, Qt.Key.Key_Escape)
        to_front(stage)
        stage.settle()
    assert card(stage, lin).name == "林小满"


def test_a_shared_phone_says_whose_it_is_too_and_opens_her_card(stage: Stage, lin: int, zhou: int) -> None:
    assert not [one for one in stage.window.findChildren(QPushButton) if one.objectName().startswith(names.CARD_SHARED)]
    with stage.shop.write() as tx:
        person_identities.add_identity(tx, zhou, kind="phone", text=PHONE, shared=True)
    anew(stage, lin)
    number = next(line.id for line in card(stage, lin).identities if line.kind == "phone")
    button = stage.find(QPushButton, f"{names.CARD_SHARED}_{number}")
    assert button.text() == "周晴也用"
    button.setFocus()
    Counting(stage).key(Qt.Key.Key_Space)
    assert stage.find(QWidget, names.CARD_NAME).accessibleName() == "周晴"
    with stage.shop.write() as tx:
        third = manual.add_customer(tx, Person(name="王一一")).id
        person_identities.add_identity(tx, third, kind="phone", text=PHONE, shared=True)
    anew(stage, lin)
    button = stage.find(QPushButton, f"{names.CARD_SHARED}_{number}")
    assert button.text() == "还有 2 人用"
    button.setFocus()
    Counting(stage).key(Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["周晴", "王一一"]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    to_front(stage)
    stage.settle()
    assert stage.find(QWidget, names.CARD_NAME).accessibleName() == "王一一"


def test_two_are_compared_from_the_card_made_one_and_two_again(stage: Stage, lin: int, zhou: int) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    hands.key(Qt.Key.Key_F2)
    hands.type(NEW)
    for _stop in range(4):
        hands.key(Qt.Key.Key_Tab)
    assert focused(stage) == f"{names.CARD_HELD}_compare"
    hands.key(Qt.Key.Key_Space)
    listed = stage.find(TwinList, names.WHO_LIST)
    assert listed.hasFocus()
    assert listed.current is not None
    assert (listed.current.first, listed.current.second) == (lin, zhou), "whose card it was stays"
    (left, right) = (stage.find(QPushButton, f"{names.WHO_SIDE}_name_{side}").text() for side in (0, 1))
    assert (left, right) == ("林小满", "周晴")
    hands.key(Qt.Key.Key_S)
    assert listed.twins.row_of((lin, zhou)) == -1, "for now"
    stage.window.go_to("who", Suggestion(lin, zhou, 0, ()))
    stage.settle()
    hands.key(Qt.Key.Key_M)
    assert set(phones(stage, lin)) == {PHONE, NEW}
    assert [part.name for part in card(stage, lin).made_of] == ["周晴"]
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert card(stage, zhou).name == "周晴"
    assert card(stage, lin).made_of == ()
