from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from shopcrm.act import desk
from shopcrm.collect import manual
from shopcrm.collect.typed import NobodyNamed
from shopcrm.ui import names
from shopcrm.ui.dialogs.customer import CustomerForm
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text
from tests.builders import content
from tests.ui.conftest import PHONE, Stage
from tests.ui.people import Counting, shown, to_front

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def opened(stage: Stage, hands: Counting) -> CustomerForm:
    stage.window.frame.header.search.setFocus()
    hands.key(Qt.Key.Key_U, CONTROL | SHIFT)
    form = stage.find(CustomerForm, f"{names.PERSON}_dialog")
    form.activateWindow()
    stage.bot.waitUntil(form.isActiveWindow)
    return form


def back(stage: Stage) -> None:
    """Without a screen no window manager gives the keyboard back."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    to_front(stage)
    stage.window.frame.header.search.setFocus()


def opened_again(stage: Stage, hands: Counting) -> CustomerForm:
    back(stage)
    return opened(stage, hands)


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
    back(stage)
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
    for text in ("", "", ""):
        hands.type(text)
        hands.key(Qt.Key.Key_Return)
    hands.type("a at b")
    hands.key(Qt.Key.Key_Return, CONTROL)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == f"{names.PERSON}_email"
    assert focused.property("bad") == "true"
    assert form.isVisible()
    hands.key(Qt.Key.Key_Escape)
    assert not shown(stage, f"{names.PERSON}_dialog")
    assert content(stage.shop) == before


def test_a_phone_that_is_none_is_flagged_and_kept(stage: Stage) -> None:
    hands = Counting(stage)
    opened(stage, hands)
    hands.type("阿宁")
    hands.key(Qt.Key.Key_Return)
    flag = stage.find(Text, f"{names.PERSON}_phone_error")
    hands.type("1380013")
    assert not flag.isVisible()  # she is still typing
    hands.type("0000000")
    assert flag.isVisible()
    hands.key(Qt.Key.Key_Return, CONTROL)
    back(stage)
    with stage.shop.read() as tx:
        (found,) = desk.find(tx, "阿宁")
        card = desk.card(tx, stage.shop.columns(), found.id)
    assert [(line.kind, line.display) for line in card.identities] == [("no_phone", "13800130000000")]


def test_a_namesake_is_said_and_one_key_opens_her_card_instead(stage: Stage) -> None:
    hands = Counting(stage)
    opened(stage, hands)
    hands.type("林小满")
    assert shown(stage, f"{names.PERSON_KNOWN}_1")
    hands.key(Qt.Key.Key_F3)
    assert not shown(stage, f"{names.PERSON}_dialog")
    assert stage.find(QWidget, names.CARD_NAME).accessibleName() == "林小满"


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


def typed(stage: Stage, field: str) -> str:
    """What stands in a field of the form that is open."""
    return next(one for one in stage.window.findChildren(LineEdit, field) if one.isVisible()).text()


def test_what_was_typed_and_left_comes_back_by_undo_or_in_the_next_form(stage: Stage) -> None:
    before, hands = content(stage.shop), Counting(stage)
    opened(stage, hands)
    hands.key(Qt.Key.Key_Escape)  # untouched: nothing to say
    assert not shown(stage, names.TOAST)
    opened_again(stage, hands)
    hands.type("周小晴")
    hands.key(Qt.Key.Key_Return)
    hands.type("138 0013 5999")
    hands.key(Qt.Key.Key_Escape)
    assert not shown(stage, f"{names.PERSON}_dialog")
    back(stage)
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert typed(stage, f"{names.PERSON}_name") == "周小晴"
    form = stage.find(CustomerForm, f"{names.PERSON}_dialog")
    form.activateWindow()
    stage.bot.waitUntil(form.isActiveWindow)
    hands.key(Qt.Key.Key_Escape)

    opened_again(stage, hands)
    assert typed(stage, f"{names.PERSON}_name") == ""  # offered, not mixed with somebody else's
    hands.type("林")
    hands.click(f"{names.PERSON}_draft_take")
    assert (typed(stage, f"{names.PERSON}_name"), typed(stage, f"{names.PERSON}_phone")) == ("周小晴", "138 0013 5999")
    hands.click(f"{names.PERSON}_draft_take")  # what was typed before it was kept in its place
    assert (typed(stage, f"{names.PERSON}_name"), typed(stage, f"{names.PERSON}_phone")) == ("林", "")
    hands.click(f"{names.PERSON}_draft_drop")
    assert not shown(stage, f"{names.PERSON}_draft_take")
    assert content(stage.shop) == before


def test_a_form_that_is_left_while_it_is_written_comes_back_when_that_fails(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands, go_on = Counting(stage), threading.Event()

    def refused(_tx: object, _person: manual.Person) -> manual.Written:
        go_on.wait(20)
        raise NobodyNamed("phone")

    opened(stage, hands)
    hands.type("周小晴")
    monkeypatch.setattr(manual, "add_customer", refused)
    form = stage.find(CustomerForm, f"{names.PERSON}_dialog")
    QTest.keyClick(form, Qt.Key.Key_Return, CONTROL)
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not shown(stage, f"{names.PERSON}_dialog")
    go_on.set()
    stage.settle()
    assert form.isVisible()
    assert typed(stage, f"{names.PERSON}_name") == "周小晴"
    assert stage.find(Text, f"{names.PERSON}_phone_error").isVisible()
