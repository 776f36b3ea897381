"""Marking somebody as trouble, by keys alone; and what is worth offering beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from shopcrm.base.changes import Changes
from shopcrm.collect import products, troubles
from shopcrm.collect.foreign import ForeignItem
from shopcrm.collect.troubles import Trouble
from shopcrm.ui import names
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text
from tests.builders import TODAY, given_orders, order
from tests.ui.conftest import Stage

CTRL = Qt.KeyboardModifier.ControlModifier


def _open(stage: Stage) -> None:
    stage.window.go_to("desk", 1)
    stage.settle()


def _mark(stage: Stage) -> Trouble | None:
    with stage.shop.read() as tx:
        return troubles.of_customer(tx, 1)


def test_a_customer_is_marked_until_a_day_and_unmarked_by_undo(stage: Stage) -> None:
    _open(stage)
    assert not stage.find(QWidget, names.CARD_TROUBLE).isVisible()
    QTest.keyClick(stage.window, Qt.Key.Key_M, CTRL)
    reason, until = (stage.find(LineEdit, f"{names.CARD_TROUBLE}_{part}") for part in ("edit", "until"))
    assert reason.hasFocus()
    QTest.keyClicks(reason, "wrong size twice")
    QTest.keyClick(reason, Qt.Key.Key_Tab)
    QTest.keyClicks(until, "12-24")
    QTest.keyClick(until, Qt.Key.Key_Return)
    stage.settle()
    assert _mark(stage) == Trouble("wrong size twice", TODAY.replace(month=12, day=24))
    assert stage.find(Text, f"{names.CARD_TROUBLE}_reason").text() == "wrong size twice"
    assert stage.find(QWidget, names.CARD_TROUBLE).isVisible()
    QTest.keyClick(stage.window, Qt.Key.Key_Z, CTRL)
    stage.settle()
    assert _mark(stage) is None
    assert not stage.find(QWidget, names.CARD_TROUBLE).isVisible()


def test_a_mark_is_taken_off_by_three_keys_and_the_keyboard_goes_back(stage: Stage) -> None:
    _open(stage)
    with stage.shop.write() as tx:
        troubles.mark(tx, 1, reason="wrong size twice", until=None)
    stage.window.ctx.hub.changed.emit(Changes.CUSTOMERS)
    stage.settle()
    search = stage.find(LineEdit, names.SEARCH)
    search.setFocus()
    QTest.keyClick(stage.window, Qt.Key.Key_M, CTRL)
    reason = stage.find(LineEdit, f"{names.CARD_TROUBLE}_edit")
    QTest.keyClick(reason, Qt.Key.Key_Escape)
    assert search.hasFocus()
    QTest.keyClick(stage.window, Qt.Key.Key_M, CTRL)
    QTest.keyClick(reason, Qt.Key.Key_Backspace)
    QTest.keyClick(reason, Qt.Key.Key_Return)
    stage.settle()
    assert _mark(stage) is None
    assert search.hasFocus()


@pytest.mark.parametrize(("reason", "until"), [("", ""), ("x", "yesterday"), ("x", "2020-01-01")])
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(stage: Stage, reason: str, until: str) -> None:
    _open(stage)
    QTest.keyClick(stage.window, Qt.Key.Key_M, CTRL)
    edit, last = (stage.find(LineEdit, f"{names.CARD_TROUBLE}_{part}") for part in ("edit", "until"))
    edit.setText(reason)
    last.setText(until)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    stage.settle()
    assert stage.find(Text, f"{names.CARD_TROUBLE}_wrong").isVisible()
    assert (edit.text(), last.text()) == (reason, until)
    assert _mark(stage) is None
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert not stage.find(QWidget, names.CARD_TROUBLE).isVisible()


def test_what_runs_out_is_offered_and_its_name_copied(stage: Stage) -> None:
    milk = ForeignItem("启悦 2 段奶粉 800g", 1, 2, article="QY-2", price=19_800, paid=19_800)
    given_orders(stage.shop, [order("2699", "xiaoman_lin88", TODAY - timedelta(days=28), 19_800, items=[milk])])
    with stage.shop.write() as tx:
        (found,) = (one for one in products.listed(tx, stage.shop.columns()) if one.code == "QY-2")
        products.put(tx, [(found, {"days_per_unit": 30})])
    _open(stage)
    assert stage.find(QWidget, names.CARD_OFFERS).isVisible()
    stage.find(Button, f"{names.CARD_OFFERS}_0").click()
    assert QGuiApplication.clipboard().text() == "启悦 2 段奶粉 800g"
