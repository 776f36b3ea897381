from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shopcrm.act import scripts
from shopcrm.act.scripts import Draft
from shopcrm.app import Shop
from shopcrm.base import i18n
from shopcrm.collect import product_answers
from shopcrm.collect.product_answers import AnswerDraft
from shopcrm.ui import names, theme
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.pages.scripts import ScriptsPage
from shopcrm.ui.parts.script_shelf import SheetButton
from tests.builders import new_shop
from tests.ui.conftest import Stage, fill, make_stage
from tests.ui.pages.test_data import drop
from tests.ui.people import Counting, dialogs_of_qt, shown, to_front
from tests.ui.test_window import clipped

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    fill(opened)
    with opened.write() as tx:
        scripts.add(tx, Draft("在的", "在的～"))
        scripts.add(tx, Draft("催付", "还要吗"))
        product_answers.add(tx, AnswerDraft("NF-800", "水温多少度？", "45 度"))
    yield opened
    opened.close()


@pytest.fixture
def hand(stage: Stage) -> Counting:
    return Counting(stage)


def bodies(shop: Shop) -> dict[str, str]:
    with shop.read() as tx:
        return {one.title: one.body for one in scripts.wordings_of(tx)}


def menu_of(stage: Stage, name: str) -> QMenu:
    found = [menu for menu in stage.window.findChildren(QMenu, name) if menu.isVisible()]
    assert len(found) == 1, name
    return found[0]


def save(stage: Stage, hand: Counting, path: Path) -> Path:
    """As a hand saves them: button, menu, dialog."""
    stage.window.go_to("scripts")
    stage.settle()
    hand.click(names.SCRIPT_SHEETS)
    menu = menu_of(stage, f"{names.SCRIPT_SHEETS}_menu")
    menu.actions()[0].trigger()
    menu.close()
    hand.save(path)
    return path


def edit(path: Path, **cells: str) -> Path:
    book = openpyxl.load_workbook(path)
    for place, text in cells.items():
        book.worksheets[0][place].value = text
    book.save(path)
    return path


def remarks(stage: Stage) -> list[str]:
    table = stage.find(TableView, f"{names.SCRIPT_IMPORT}_table")
    return [str(table.paged.index(row, 2).data()) for row in range(table.paged.rowCount())]


def test_a_sheet_is_saved_edited_dropped_and_taken_with_undo(stage: Stage, hand: Counting, tmp_path: Path) -> None:
    with dialogs_of_qt():
        path = save(stage, hand, tmp_path / "scripts.xlsx")
    before = bodies(stage.shop)
    edit(path, D2="在的呀～", D3="坏的{买家}", C5="新的", D5="新的话")
    drop(stage, path)
    assert stage.find(QWidget, names.SCRIPT_IMPORT).isVisible()
    assert remarks(stage) == ["在的", "新的"]
    table = stage.find(TableView, f"{names.SCRIPT_IMPORT}_table")
    assert table.hasFocus()
    problems = stage.find(TableView, f"{names.SCRIPT_IMPORT}_problems")
    assert problems.paged.rowCount() == 1
    assert "{买家}" in str(problems.paged.index(0, 2).data())
    assert bodies(stage.shop) == before
    hand.key(Qt.Key.Key_Return)
    assert bodies(stage.shop) == {**before, "在的": "在的呀～", "新的": "新的话"}
    assert not shown(stage, names.SCRIPT_IMPORT)
    hand.key(Qt.Key.Key_Z, CTRL)
    assert bodies(stage.shop) == before


def test_what_would_replace_words_of_the_shop_is_not_taken_unless_checked(
    stage: Stage, hand: Counting, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for row in (("标题", "内容"), ("在的", "别家的话"), ("新的", "新的话"), ("催付", "还要吗")):
        book.worksheets[0].append(row)
    book.save(tmp_path / "phrases.xlsx")
    stage.window.go_to("scripts")
    stage.settle()
    with dialogs_of_qt():
        hand.click(names.SCRIPT_SHEETS)
        menu = menu_of(stage, f"{names.SCRIPT_SHEETS}_menu")
        menu.actions()[1].trigger()
        menu.close()
        dialog = stage.find(QFileDialog, names.OPEN_DIALOG)
        dialog.setDirectory(str(tmp_path))
        dialog.selectFile(str(tmp_path / "phrases.xlsx"))
        dialog.accept()
    to_front(stage)
    stage.settle()
    write = stage.find(QPushButton, f"{names.SCRIPT_IMPORT}_write")
    one = i18n.n_("Take {n} row", "Take {n} rows", 1).format(n="1")
    assert (remarks(stage), write.text()) == (["在的", "新的"], one)
    hand.key(Qt.Key.Key_Space)
    assert write.text() == i18n.n_("Take {n} row", "Take {n} rows", 2).format(n="2")
    hand.key(Qt.Key.Key_Space)
    hand.key(Qt.Key.Key_Return)
    assert bodies(stage.shop)["在的"] == "在的～"
    assert bodies(stage.shop)["新的"] == "新的话"
    page = stage.window.frame.page("scripts")
    assert isinstance(page, ScriptsPage)
    assert page.finder.box.edit.hasFocus()


def test_a_sheet_is_put_aside_by_escape_and_what_is_none_is_said(stage: Stage, hand: Counting, tmp_path: Path) -> None:
    with dialogs_of_qt():
        path = edit(save(stage, hand, tmp_path / "scripts.xlsx"), D2="在的呀～")
    before = bodies(stage.shop)
    stage.window.go_to("scripts", path)
    stage.settle()
    hand.key(Qt.Key.Key_Escape)
    assert not shown(stage, names.SCRIPT_IMPORT)
    assert stage.find(QLabel, "page_title").text()
    assert bodies(stage.shop) == before
    book = openpyxl.Workbook()
    book.worksheets[0].append(("订单编号", "金额"))
    book.worksheets[0].append(("1", "2"))
    book.save(tmp_path / "orders.xlsx")
    stage.find(SheetButton, names.SCRIPT_SHEETS).take(tmp_path / "orders.xlsx")
    stage.settle()
    assert not shown(stage, names.SCRIPT_IMPORT)
    told = " ".join(label.text() for label in stage.window.findChildren(QLabel) if label.isVisible())
    assert "orders.xlsx" in told


def test_ready_made_folders_are_taken_one_by_one(stage: Stage, hand: Counting) -> None:
    stage.window.go_to("scripts")
    stage.settle()
    hand.click(names.SCRIPT_PRESETS)
    menu = menu_of(stage, f"{names.SCRIPT_PRESETS}_menu")
    hurry = next(action for action in menu.actions() if action.text().startswith("催付\t"))
    hurry.trigger()
    menu.close()
    stage.settle()
    to_front(stage)
    assert len(bodies(stage.shop)) == 3 + 3
    hand.click(names.SCRIPT_PRESETS)
    menu = menu_of(stage, f"{names.SCRIPT_PRESETS}_menu")
    hurry = next(action for action in menu.actions() if action.text().startswith("催付\t"))
    assert not hurry.isEnabled()
    others = stage.find(QMenu, f"{names.SCRIPT_PRESETS}_others")
    assert any(action.text().startswith("宠物") for action in others.actions())
    menu.close()
    to_front(stage)
    hand.key(Qt.Key.Key_Z, CTRL)
    assert len(bodies(stage.shop)) == 3


@pytest.mark.parametrize("language", ["zh_CN", "en"], indirect=True)
@pytest.mark.parametrize("percent", [100, 200])
def test_it_fits_a_small_window_in_large_text(
    qtbot: QtBot, qapp: QApplication, shop: Shop, tmp_path: Path, language: str, *, percent: int
) -> None:
    theme.use(qapp, name="light", text_percent=percent, language=language)
    stage = make_stage(qtbot, shop, size=(1280, 720))
    book = openpyxl.Workbook()
    for row in (("标题", "内容"), ("在的", "别家的话 " * 40), ("新的" * 30, "新的话"), ("坏的", "{买家}")):
        book.worksheets[0].append(row)
    book.save(tmp_path / "phrases.xlsx")
    stage.window.go_to("scripts", tmp_path / "phrases.xlsx")
    stage.settle()
    stage.window.grab()
    stage.settle()
    assert stage.find(QWidget, names.SCRIPT_IMPORT).isVisible()
    assert clipped(stage.window) == []
    stage.end()
