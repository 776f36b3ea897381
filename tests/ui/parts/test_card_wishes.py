from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from shopcrm.act import desk
from shopcrm.collect import wishes
from shopcrm.ui import names
from shopcrm.ui.kit.choice import Choice
from tests.ui.conftest import Stage
from tests.ui.people import Counting

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def zhou(stage: Stage) -> int:
    with stage.shop.read() as tx:
        (hit,) = desk.find(tx, "qing_zhou")
    stage.window.ctx.open_customer(hit.id)
    stage.settle()
    stage.find(QLineEdit, names.SEARCH).setFocus()
    return hit.id


def wanted(stage: Stage, customer: int) -> list[tuple[str, str | None, str]]:
    with stage.shop.read() as tx:
        return [(wish.title, wish.article, wish.reason) for wish in wishes.of_customer(tx, customer)]


def test_a_wish_is_noted_by_keys_with_completion_and_closed_with_undo(stage: Stage, zhou: int) -> None:
    block = stage.find(QWidget, names.CARD_WISHES)
    assert not block.isVisible(), "a block without anything is not there"
    hands = Counting(stage)
    hands.key(Qt.Key.Key_W, CONTROL_SHIFT)
    edit = stage.find(QLineEdit, names.CARD_WISH_EDIT)
    assert edit.hasFocus()
    completer = edit.completer()
    assert completer is not None
    hands.type("纸尿裤")
    completer.setCompletionPrefix("纸尿裤")
    assert completer.completionCount() == 1
    assert completer.currentCompletion() == "软软云 纸尿裤 L 50 片"
    edit.setText(completer.currentCompletion())
    stage.find(Choice, names.CARD_WISH_REASON).set_key("price")
    hands.key(Qt.Key.Key_Return)
    assert wanted(stage, zhou) == [("软软云 纸尿裤 L 50 片", "软软云 纸尿裤 L 50 片", "price")]
    assert block.isVisible()
    stage.window.grab()  # lays it out
    hands.click(f"{names.WISH_CLOSE}_1")
    assert wanted(stage, zhou) == []
    assert not block.isVisible()
    stage.find(QLineEdit, names.SEARCH).setFocus()
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(wanted(stage, zhou)) == 1


def test_escape_puts_the_field_away_and_nothing_is_noted(stage: Stage, zhou: int) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_W, CONTROL_SHIFT)
    hands.type("half")
    hands.key(Qt.Key.Key_Escape)
    assert not stage.find(QWidget, names.CARD_WISHES).isVisible()
    assert wanted(stage, zhou) == []
    hands.click(names.TIMELINE_WISH)
    assert stage.find(QLineEdit, names.CARD_WISH_EDIT).hasFocus(), "by mouse, too"
