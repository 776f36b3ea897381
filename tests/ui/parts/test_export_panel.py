"""A contact list as the panel saves it: the kinds of files, and words for a vendor of SMS."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from PySide6.QtWidgets import QFileDialog, QPushButton

from shopcrm.act import scripts
from shopcrm.act.scripts import Draft
from shopcrm.ui import names
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.export_panel import SMS, TABLE
from tests.ui.conftest import PHONE, Stage
from tests.ui.people import Counting, dialogs_of_qt


def test_text_messages_are_saved_with_the_words_of_a_script(stage: Stage, tmp_path: Path) -> None:
    with stage.shop.write() as tx:
        scripts.add(tx, Draft(title="续货", body="{称呼}，该补货啦"))
    stage.window.go_to("data")
    stage.settle()
    kind = stage.find(Choice, names.EXPORT_KIND)
    chosen = stage.find(Choice, names.EXPORT_SCRIPT)
    assert not chosen.isVisible()
    kind.set_key(SMS)
    kind.picked.emit(SMS)
    assert chosen.isVisible()
    assert chosen.currentText() == "续货"
    assert stage.find(Text, names.EXPORT_WORDS).text() == "{称呼}，该补货啦", "what will be sent is seen"
    assert not any(chip.isVisible() for chip in stage.window.findChildren(QPushButton, f"{names.EXPORT_FIELD}_name"))
    said = stage.find(Text, names.EXPORT_SAID)
    assert not said.isVisible()
    path = tmp_path / "sms.xlsx"
    with dialogs_of_qt():
        Counting(stage).click(names.EXPORT_START)
        dialog = stage.find(QFileDialog, names.SAVE_DIALOG)
        dialog.selectFile(str(path))
        dialog.accept()
    stage.settle()
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert [row[:3] for row in sheet.iter_rows(min_row=2, values_only=True)] == [(PHONE, "林小满", "小满，该补货啦")]
    assert said.isVisible()
    assert said.text().startswith("1 位客户已存到 sms.xlsx · 41 位没有写入")
    kind.set_key(TABLE)
    kind.picked.emit(TABLE)
    assert not said.isVisible(), "it was told of another list"
