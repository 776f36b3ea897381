"""The system's dialogs are the system's; Qt's own, where it has none, speaks the language of the window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLibraryInfo, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QPushButton, QToolButton, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from shopcrm.base.i18n import _
from shopcrm.ui import names
from shopcrm.ui.parts import saving
from tests.ui.people import dialogs_of_qt

ASKED: dict[str, Callable[[QWidget, Path], None]] = {
    names.SAVE_DIALOG: lambda parent, folder: saving.ask_where(
        parent, folder=folder, name="名单", formats=saving.BOTH, chosen=lambda _path: None
    ),
    names.OPEN_DIALOG: lambda parent, _folder: saving.ask_files(
        parent, title="订单", kinds="表格 (*)", chosen=lambda _paths: None
    ),
    "folder": lambda parent, _folder: saving.ask_folder(parent, title="备份", chosen=lambda _path: None),
}


@pytest.fixture
def qt_speaks(qapp: QApplication, language: str) -> Iterator[str]:
    translator = QTranslator(qapp)
    assert translator.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    qapp.installTranslator(translator)
    yield language
    qapp.removeTranslator(translator)


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW"], indirect=True)
@pytest.mark.parametrize("asked", list(ASKED))
def test_no_english_stands_in_the_dialogs_of_qt(qtbot: QtBot, tmp_path: Path, qt_speaks: str, asked: str) -> None:
    assert qt_speaks.startswith("zh")
    (tmp_path / "订单").mkdir()
    (tmp_path / "订单.表").touch()
    parent = QWidget()
    qtbot.addWidget(parent)
    with dialogs_of_qt():
        ASKED[asked](parent, tmp_path)
        dialog = parent.findChild(QFileDialog)
        assert dialog is not None
        dialog.setDirectory(str(tmp_path))
        dialog.setViewMode(QFileDialog.ViewMode.Detail)
        qtbot.waitExposed(dialog)
        details = dialog.findChild(QTreeView, "treeView")
        assert details is not None
        model, root = details.model(), details.rootIndex
        qtbot.waitUntil(lambda: model.rowCount(root()) == (2 if asked == names.OPEN_DIALOG else 1))
        columns = [column for column in range(model.columnCount()) if not details.isColumnHidden(column)]
        said = [str(model.headerData(column, Qt.Orientation.Horizontal)) for column in columns]
        said += [
            str(model.index(row, column, root()).data() or "")
            for row in range(model.rowCount(root()))
            for column in columns
            if column != 1  # sizes: KB is the same everywhere
        ]
        for part in dialog.findChildren(QWidget):
            if part.isVisibleTo(dialog):
                said.append(part.toolTip())
                if isinstance(part, QLabel | QPushButton | QToolButton | QLineEdit):
                    said.append(part.text())
        # A mnemonic is a letter in any language.
        english = [words for words in said if re.search("[A-Za-z]{2}", words.replace(str(tmp_path), ""))]
        assert [words for words in english if not words.endswith((".xlsx", ".csv"))] == []
        assert _("Folder:") in said
        dialog.close()
        QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
