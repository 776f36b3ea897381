from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from shopcrm.act import desk
from shopcrm.ui import names
from shopcrm.ui.dialogs.customer import CustomerForm
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.text import Text
from tests.builders import content
from tests.ui.conftest import PHONE, Stage
from tests.ui.people import Counting, shown

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def opened(stage: Stage, hands: Counting) -> CustomerForm:
    stage.window.frame.header.search.setFocus()
    hands.key(Qt.Key.Key_U, CONTROL | SHIFT)
    form = stage.find(CustomerForm, f"{names.PERSON}_dialog")
    form.activateWindow()
    stage.bot.waitUntil(form.isActiveWindow)
    return form


def test_a_customer_is_typed_in_by_keys_alone_shown_and_taken_back(stage: Stage) -> None:
    before, hands = content(stage.shop), Counting(stage)
    opened(stage, hands)
    for text in ("周小晴", "138 0013 5999", "xiaoqing_w"):
        hands.type(text)
        hands.key(Qt.Key.Key_Return)
    hands.key(Qt.Key.Key_Return, CONTROL)
    assert not shown(stage, f"{names.PERSON}_dialog")
    assert stage.find(QWidget, names.CARD_NAME).accessibleName() == "周小晴"
    with stage.shop.read() as tx:
        assert [hit.name for hit in desk.find(tx, "5999")] == ["周小晴"]
    assert stage.shop.check() == []
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    stage.window.activateWindow()  # without a screen no window manager gives the keyboard back
    stage.bot.waitUntil(stage.window.isActiveWindow)
    stage.window.frame.header.search.setFocus()
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert content(stage.shop) == before


def test_what_is_wrong_stands_at_its_field_and_escape_leaves_nothing(stage: Stage) -> None:
    before, hands = content(stage.shop), Counting(stage)
    form = opened(stage, hands)
    hands.key(Qt.Key.Key_Return, CONTROL)
    error = stage.find(Text, f"{names.PERSON}_name_error")
    assert error.isVisible()
    assert error.text() == "请填姓名、手机或微信号。"
    hands.type("周")
    assert not error.isVisible()
    hands.key(Qt.Key.Key_Return)
    hands.type("12")
    hands.key(Qt.Key.Key_Return, CONTROL)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == f"{names.PERSON}_phone"
    assert focused.property("bad") == "true"
    assert form.isVisible()
    hands.key(Qt.Key.Key_Escape)
    assert not shown(stage, f"{names.PERSON}_dialog")
    assert content(stage.shop) == before


def test_who_is_there_already_is_said_while_one_types_and_her_card_is_one_key_away(stage: Stage) -> None:
    hands = Counting(stage)
    opened(stage, hands)
    hands.key(Qt.Key.Key_Return)
    hands.type(PHONE[:-1])
    assert not shown(stage, f"{names.PERSON_KNOWN}_1")
    hands.type(PHONE[-1])
    (button,) = (one for one in stage.window.findChildren(Button, f"{names.PERSON_KNOWN}_1") if one.isVisible())
    assert stage.find(Button, f"{names.PERSON}_save").text() == "仍然保存"
    button.setFocus()
    hands.key(Qt.Key.Key_Return)
    assert not shown(stage, f"{names.PERSON}_dialog")
    assert stage.find(QWidget, names.CARD_NAME).accessibleName() == "林小满"
