"""The editor of a mapping and the forms, in each language and at the largest text: nothing clipped, all in reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shopcrm.app import Shop
from shopcrm.collect.manual import Item, Order
from shopcrm.ui import names, theme
from shopcrm.ui.dialogs.customer import CustomerForm
from shopcrm.ui.dialogs.form import Form
from shopcrm.ui.dialogs.order import OrderForm
from shopcrm.ui.kit.choice import KEY, Choice
from shopcrm.ui.pages.data import DataPage
from shopcrm.ui.parts import mapping_words
from tests.builders import TODAY
from tests.ui.conftest import Stage, make_stage
from tests.ui.people import shown
from tests.ui.test_window import KNOWN, clipped

ROWS = (
    "流水号,姓名,,联系电话,日期,单据状态,实收,实收\n"
    "S001,虚构甲,x,138 0013 5678,02/03/2026,挂单,12.50,1\n"
    ",虚构乙,y,,3/3/2026,已完成,8,1\n"
)


def edited(stage: Stage, folder: Path) -> DataPage:
    path = folder / "门店收银 2026-03-with a very long name indeed.csv"
    path.write_text(ROWS, "utf-8")
    stage.window.go_to("data")
    page = stage.window.frame.page("data")
    assert isinstance(page, DataPage)
    page.say_columns(path)
    stage.settle()
    stage.window.grab()
    stage.settle()
    return page


def forms(stage: Stage) -> list[Form]:
    order = Order(1, TODAY, (Item("虚构小木鸭", 2, 1_250),), paid=2_500)
    return [
        CustomerForm(stage.window.ctx, stage.window),
        OrderForm(stage.window.ctx, stage.window, customer=(1, "林小满"), order=(1, order)),
    ]


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW", "en"], indirect=True)
@pytest.mark.parametrize("percent", [100, 200])
def test_no_words_are_clipped(
    qtbot: QtBot, qapp: QApplication, shop: Shop, tmp_path: Path, language: str, *, percent: int
) -> None:
    theme.use(qapp, name="light", text_percent=percent, language=language)
    stage = make_stage(qtbot, shop, size=(1280, 720))
    edited(stage, tmp_path)
    assert clipped(stage.window) == []
    choice = stage.find(Choice, f"{names.MAPPING_FIELD}_0")
    words = [choice.itemText(place) for place in range(choice.count())]
    room = choice.width() - theme.current().px(44)
    assert [word for word in words if theme.current().metrics().horizontalAdvance(word) > room] == []
    for form in forms(stage):
        form.open()
        stage.settle()
        form.grab()
        assert clipped(form) == []
        form.reject()
        stage.settle()
    stage.end()


def test_every_control_has_a_name_and_is_reached_by_tab(stage: Stage, tmp_path: Path) -> None:
    page = edited(stage, tmp_path)
    editor = page.findChild(QWidget, names.MAPPING)
    assert editor is not None
    holders: list[QWidget] = [editor, *forms(stage)]
    for holder in holders:
        if isinstance(holder, Form):
            holder.open()
            stage.settle()
        holder.window().activateWindow()
        stage.bot.waitUntil(holder.window().isActiveWindow)
        wanted = {
            widget
            for kind in (QLineEdit, QComboBox, QPushButton)
            for widget in holder.findChildren(kind)
            if widget.isVisible() and widget.isEnabled() and not widget.objectName().startswith("qt_")
        }
        for widget in wanted:
            name = widget.objectName()
            assert any(name == known or name.startswith(f"{known}_") for known in KNOWN), widget
            assert widget.accessibleName()
        reached: set[QWidget] = set()
        for _step in range(200):
            QTest.keyClick(QApplication.focusWidget() or holder, Qt.Key.Key_Tab)
            focused = QApplication.focusWidget()
            if focused is not None:
                reached.add(focused)
        assert {widget.objectName() for widget in wanted - reached} == set()
        if isinstance(holder, Form):
            holder.reject()
            stage.settle()


def test_columns_that_cannot_be_named_say_why(stage: Stage, tmp_path: Path) -> None:
    edited(stage, tmp_path)
    said = {widget.accessibleName() for widget in stage.window.findChildren(QWidget) if widget.isVisible()}
    assert {"列名重复", "没有列名"} <= said
    assert shown(stage, f"{names.MAPPING_FIELD}_6")
    assert not shown(stage, f"{names.MAPPING_FIELD}_7")


def test_every_field_says_what_it_holds_with_an_example(stage: Stage, tmp_path: Path) -> None:
    kinds = mapping_words.field_kinds()
    assert kinds.keys() == mapping_words.FIELDS.keys()
    edited(stage, tmp_path)
    choice = stage.find(Choice, f"{names.MAPPING_FIELD}_0")
    assert choice.toolTip() or not choice.key()
    told = [
        choice.itemData(at, Qt.ItemDataRole.ToolTipRole) for at in range(choice.count()) if choice.itemData(at, KEY)
    ]
    assert all(told)
    assert any("13800130000" in words for words in told)
