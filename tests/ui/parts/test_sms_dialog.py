"""Text messages for a list, by keyboard: of a group, of what is checked; the words are seen before they are saved."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton

from shopcrm.act import customer_list, scripts
from shopcrm.act.scripts import Draft
from shopcrm.ui import names
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.sms_dialog import SmsDialog
from tests.ui.conftest import Stage
from tests.ui.people import Counting, dialogs_of_qt, to_front, with_regulars

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def asked(stage: Stage) -> SmsDialog:
    """The dialog that the keys open."""
    Counting(stage).key(Qt.Key.Key_E, CTRL | SHIFT)
    dialog = stage.window.findChild(SmsDialog)
    assert dialog is not None
    return dialog


def saved(stage: Stage, path: Path) -> list[tuple[object, ...]]:
    """Take what is chosen and read the sheet."""
    hands = Counting(stage)
    with dialogs_of_qt():
        hands.key(Qt.Key.Key_Return, CTRL)
        dialog = stage.find(QFileDialog, names.SAVE_DIALOG)
        dialog.selectFile(str(path))
        dialog.accept()
    stage.settle()
    to_front(stage)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return [row[:3] for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_a_list_is_written_to_from_where_it_stands(stage: Stage, tmp_path: Path) -> None:
    with_regulars(stage.shop)
    with stage.shop.write() as tx:
        scripts.add(tx, Draft(title="问好", body="{称呼|亲}，最近好吗"))
        scripts.add(tx, Draft(title="续货", body="{称呼|亲}，该补货啦"))
    stage.window.go_to("customers")
    stage.settle()
    hands = Counting(stage)
    hands.key(Qt.Key.Key_Space)
    hands.key(Qt.Key.Key_Down)
    hands.key(Qt.Key.Key_Space)
    dialog = asked(stage)
    assert dialog.windowTitle() == "给 2 位客户发短信"
    assert stage.find(Choice, names.SMS_SCRIPT).hasFocus()
    hands.key(Qt.Key.Key_Down)
    assert stage.find(Text, names.SMS_WORDS).text() == "{称呼|亲}，该补货啦"
    rows = saved(stage, tmp_path / "two.xlsx")
    assert [row[0] for row in rows] == ["13800130000", "13800130001"]
    assert {row[2] for row in rows} == {"亲，该补货啦"}

    stage.window.go_to("segments", "privileged")
    stage.settle()
    dialog = asked(stage)
    with stage.shop.read() as tx:
        ids = customer_list.ids(tx, stage.shop.columns(), group="privileged")
    assert f" {len(ids)} " in dialog.windowTitle()
    rows = saved(stage, tmp_path / "group.xlsx")
    assert len(rows) == len(ids)
    assert all(str(row[0]).startswith("138") for row in rows)


def test_without_a_script_it_says_what_is_wanted_first(stage: Stage) -> None:
    stage.window.go_to("customers")
    stage.settle()
    dialog = asked(stage)
    assert not stage.find(QPushButton, names.SMS_SAVE).isEnabled()
    assert any("先写" in text.text() for text in dialog.findChildren(Text))
    Counting(stage).key(Qt.Key.Key_Return, CTRL)
    assert dialog.isVisible(), "there is nothing to save"
    Counting(stage).key(Qt.Key.Key_Escape)
    assert stage.window.findChild(SmsDialog) is None or not dialog.isVisible()
