from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea
from pytestqt.qtbot import QtBot

from shopcrm.app import Shop
from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.actions import ACTIONS
from shopcrm.ui.kit.text import KeyCap, Text
from shopcrm.ui.parts.keys_overlay import KeysOverlay
from tests.ui.conftest import Stage, make_stage


def overlay(stage: Stage) -> KeysOverlay:
    QTest.keyClick(stage.window, Qt.Key.Key_F1)
    return stage.find(KeysOverlay, names.KEYS_OVERLAY)


def seen(over: KeysOverlay) -> list[str]:
    return [label.text() for label in over.findChildren(Text) if label.isVisible()]


def test_it_lists_every_key_and_typing_narrows_it(stage: Stage) -> None:
    over = overlay(stage)
    assert len([cap for cap in over.findChildren(KeyCap) if cap.isVisible()]) == len(
        [action for action in ACTIONS if action.keys]
    )
    edit = stage.find(QLineEdit, names.KEYS_SEARCH)
    assert edit.hasFocus()
    QTest.keyClicks(edit, "f2")
    assert _("Change the name") in seen(over)
    assert _("Undo what was just done") not in seen(over)
    edit.setText("chexiao")
    assert _("Undo what was just done") in seen(over)
    edit.setText("nothing of the kind")
    assert _("No key fits") in seen(over)
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert edit.text() == ""
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert not over.isVisible()
    assert stage.window.frame.header.search.edit.hasFocus()


def test_f1_puts_it_away_again(stage: Stage) -> None:
    over = overlay(stage)
    QTest.keyClick(QApplication.focusWidget() or over, Qt.Key.Key_F1)
    assert not over.isVisible()


@pytest.mark.parametrize("language", ["zh_CN", "en"], indirect=True)
def test_it_fits_a_low_window_with_large_text(qtbot: QtBot, qapp: QApplication, shop: Shop, language: str) -> None:
    theme.use(qapp, name="light", text_percent=200, language=language)
    stage = make_stage(qtbot, shop, size=(1280, 720))
    over = overlay(stage)
    stage.window.grab()
    (area,) = over.findChildren(QScrollArea)
    inner = area.widget()
    assert inner is not None
    assert inner.minimumSizeHint().width() <= area.viewport().width()
    assert area.verticalScrollBar().maximum() > 0
    for label in over.findChildren(Text):
        assert label.height() + 1 >= label.heightForWidth(label.width()) or not label.wordWrap(), label.text()
    QTest.keyClick(stage.find(QLineEdit, names.KEYS_SEARCH), Qt.Key.Key_PageDown)
    assert area.verticalScrollBar().value() > 0
    stage.end()
