from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from shopcrm.ui.kit.edits import LineEdit, SearchBox

pytestmark = pytest.mark.usefixtures("dressed")


def compose(edit: LineEdit, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(edit, event)


def box(qtbot: QtBot) -> tuple[SearchBox, list[str]]:
    made = SearchBox(placeholder="…", label="Search")
    qtbot.addWidget(made)
    made.show()
    heard: list[str] = []
    made.query_changed.connect(heard.append)
    made.edit.setFocus()
    return made, heard


def test_pinyin_being_composed_searches_already(qtbot: QtBot) -> None:
    search, heard = box(qtbot)
    for preedit in ("l", "l'x", "l'x'm"):
        compose(search.edit, preedit)
    assert heard == ["l", "lx", "lxm"]
    compose(search.edit, "", commit="林小满")
    assert heard[-1] == "林小满"
    assert len(heard) == 4
    compose(search.edit, "zhou qing")
    assert search.query() == "林小满zhouqing"


def test_a_composition_given_up_is_forgotten(qtbot: QtBot) -> None:
    search, heard = box(qtbot)
    compose(search.edit, "lxm")
    compose(search.edit, "")
    assert heard[-1] == ""
    assert search.query() == ""


def test_enter_and_arrows_inside_a_composition_belong_to_the_input_method(qtbot: QtBot) -> None:
    search, _heard = box(qtbot)
    said: list[object] = []
    search.submitted.connect(said.append)
    search.moved.connect(said.append)
    search.escaped.connect(lambda: said.append("escaped"))
    compose(search.edit, "ni'hao")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Escape):
        QTest.keyClick(search.edit, key)
    assert said == []
    compose(search.edit, "", commit="你好")
    QTest.keyClick(search.edit, Qt.Key.Key_Down)
    QTest.keyClick(search.edit, Qt.Key.Key_Return)
    assert said == [1, "你好"]


def test_what_is_typed_in_the_middle_is_searched_in_the_middle(qtbot: QtBot) -> None:
    search, _heard = box(qtbot)
    search.edit.setText("林满")
    search.edit.setCursorPosition(1)
    compose(search.edit, "xiao")
    assert search.query() == "林xiao满"


def test_clearing_keeps_the_focus(qtbot: QtBot) -> None:
    search, heard = box(qtbot)
    QTest.keyClicks(search.edit, "lxm")
    search.clear()
    assert heard[-1] == ""
    assert search.edit.text() == ""
