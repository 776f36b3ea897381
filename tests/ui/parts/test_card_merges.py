"""On the card: of what a customer was made, and taking it apart."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from shopcrm.ui import names
from tests.builders import TODAY, given_orders, order
from tests.ui.conftest import PHONE, Stage


def test_an_account_that_an_import_joined_is_taken_apart_and_undone(stage: Stage) -> None:
    given_orders(stage.shop, [order("99", "dy_sis", TODAY - timedelta(days=2), 900, phone=PHONE, platform="douyin")])
    stage.window.go_to("desk", 1)
    stage.settle()
    block = stage.find(QWidget, "card_merges")
    assert block.isVisible()
    (apart,) = (one for one in block.findChildren(QPushButton) if one.objectName().startswith(names.CARD_JOIN_APART))
    assert "dy_sis" in apart.accessibleName()
    before = len(stage.shop.columns())
    apart.setFocus()
    QTest.keyClick(apart, Qt.Key.Key_Space)
    stage.settle()
    assert len(stage.shop.columns()) == before + 1
    assert not block.isVisible()
    QTest.keyClick(stage.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert len(stage.shop.columns()) == before
    assert block.isVisible()
