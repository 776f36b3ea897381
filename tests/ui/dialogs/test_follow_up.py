from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton

from shopcrm.act import desk
from shopcrm.base import clock
from shopcrm.base.options import TRADE
from shopcrm.collect import attributes, follow_ups, settings
from shopcrm.collect.follow_ups import FollowUpLine
from shopcrm.ui import names
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.text import Text
from tests.builders import TODAY
from tests.ui.conftest import Stage
from tests.ui.people import Counting, shown, to_front

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
DIALOG = f"{names.FOLLOW_UP}_dialog"


@pytest.fixture
def lin(stage: Stage) -> int:
    with stage.shop.write() as tx:
        settings.choose(tx, {TRADE: "mother_baby"})
        (hit,) = desk.find(tx, "xiaoman_lin88")
        attributes.put(tx, {hit.id: {"nappy_size": "M"}})
    stage.window.ctx.open_customer(hit.id)
    stage.settle()
    stage.find(QLineEdit, names.SEARCH).setFocus()
    return hit.id


def back(stage: Stage) -> None:
    """The dialog is gone; the window has the keyboard again."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    to_front(stage)
    stage.find(QLineEdit, names.SEARCH).setFocus()
    stage.settle()


def noted(stage: Stage) -> list[FollowUpLine]:
    with stage.shop.read() as tx:
        return list(follow_ups.lines(tx, follow_ups.selected()))


def nappy(stage: Stage, customer: int) -> object:
    with stage.shop.read() as tx:
        return next(line.value for line in attributes.of_customer(tx, customer) if line.attribute.key == "nappy_size")


def landing(stage: Stage) -> list[str]:
    (block,) = stage.window.findChildren(QDialog, DIALOG)
    return [label.text() for label in block.findChildren(Text) if "→" in label.text()]


@pytest.mark.usefixtures("lin")
def test_tab_goes_as_one_reads(stage: Stage) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_F, CONTROL_SHIFT)
    seen = []
    for _each in range(4):
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.append(focused.objectName().removeprefix(f"{names.FOLLOW_UP}_"))
        hands.key(Qt.Key.Key_Tab)
    assert seen == ["channel", "outcome", "rating", "text"]


def test_a_follow_up_by_keyboard_shows_what_it_changes_and_is_undone_together(stage: Stage, lin: int) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_F, CONTROL_SHIFT)  # one key
    assert len(shown(stage, DIALOG)) == 1
    order = stage.find(Choice, f"{names.FOLLOW_UP}_order")
    with stage.shop.read() as tx:
        assert order.key() == str(follow_ups.last_delivered(tx, lin)), "the last one that arrived is proposed"
    stage.find(QLineEdit, f"{names.FOLLOW_UP}_text").setFocus()
    hands.type("喝得惯")
    stage.find(Choice, f"{names.FOLLOW_UP}_nappy_size_now").setFocus()
    hands.type("L")
    (told,) = landing(stage)
    assert told.startswith("纸尿裤尺码")
    assert told.endswith("M → L")
    stage.find(Choice, f"{names.FOLLOW_UP}_rating").setFocus()
    hands.type("5")
    stage.find(QLineEdit, f"{names.FOLLOW_UP}_next_on").setFocus()
    hands.type("30")
    hands.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (line,) = noted(stage)
    assert (line.text, line.rating, line.channel, line.outcome) == ("喝得惯", 5, "phone", "reached")
    assert line.next_on == clock.day_number(TODAY + timedelta(days=30))
    assert nappy(stage, lin) == "L"
    back(stage)
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert noted(stage) == []
    assert nappy(stage, lin) == "M"


def test_what_does_not_fit_stands_at_its_field_and_what_was_typed_is_kept(stage: Stage, lin: int) -> None:
    assert lin
    hands = Counting(stage)
    hands.key(Qt.Key.Key_F, CONTROL_SHIFT)
    taste = stage.find(QLineEdit, f"{names.FOLLOW_UP}_baby_taste")
    taste.setFocus()
    hands.type("spicy")
    hands.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    error = stage.find(Text, f"{names.FOLLOW_UP}_answer_baby_taste_error")
    assert error.isVisible()
    assert "spicy" in error.text()
    assert noted(stage) == []
    hands.key(Qt.Key.Key_Escape)
    back(stage)
    hands.key(Qt.Key.Key_F, CONTROL_SHIFT)
    dialog = next(each for each in stage.window.findChildren(QDialog, DIALOG) if each.isVisible())
    take = dialog.findChild(QPushButton, f"{names.FOLLOW_UP}_draft_take")
    assert take is not None
    take.click()
    stage.settle()
    field = dialog.findChild(QLineEdit, f"{names.FOLLOW_UP}_baby_taste")
    assert field is not None
    assert field.text() == "spicy"


def test_a_follow_up_is_changed_from_its_line(stage: Stage, lin: int) -> None:
    with stage.shop.write() as tx:
        told = follow_ups.FollowUp(outcome="no_answer", answers={"nappy_size_now": "L"}, text="晚点再打")
        follow_ups.add(tx, lin, told)
    stage.settle()
    stage.bot.waitUntil(lambda: bool(shown(stage, f"{names.TIMELINE_FILTER}_follow_ups")), timeout=10_000)
    hands = Counting(stage)
    hands.click(f"{names.TIMELINE_FILTER}_follow_ups")
    row = shown(stage, names.TIMELINE_ROW)[0]
    row.setFocus()
    hands.key(Qt.Key.Key_Return)
    stage.window.grab()  # lays it out
    hands.click(names.FOLLOW_UP_EDIT)
    assert stage.find(Choice, f"{names.FOLLOW_UP}_outcome").key() == "no_answer"
    assert stage.find(Choice, f"{names.FOLLOW_UP}_nappy_size_now").key() == "L"
    assert landing(stage) == [], "an answer that stays as it was changes nothing"
    stage.find(Choice, f"{names.FOLLOW_UP}_outcome").set_key("reached")
    hands.click(f"{names.FOLLOW_UP}_save")
    (line,) = noted(stage)
    assert (line.outcome, line.text, line.edited_at is not None) == ("reached", "晚点再打", True)
