from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shopcrm.app import Shop
from shopcrm.base.options import (
    CYCLE_DAYS,
    CYCLE_SOURCE,
    RFM_F_CUTS,
    RFM_F_RULE,
    RFM_M_CUTS,
    RFM_M_FIXED,
    RFM_M_RULE,
    RFM_R_FIXED,
    RFM_R_RULE,
    RFM_WINDOW_DAYS,
    Option,
)
from shopcrm.mine import rfm
from shopcrm.ui import names, theme
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.rule_editor import RuleEditor
from shopcrm.ui.parts.rule_fields import minor_units, plain_amount, whole_number
from tests.ui.conftest import Stage, make_stage
from tests.ui.people import Counting, to_front, with_regulars
from tests.ui.test_window import clipped


def opened(stage: Stage) -> RuleEditor:
    """The editor, opened from anywhere by its key."""
    to_front(stage)
    QTest.keyClick(stage.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    stage.settle()
    editor = stage.find(RuleEditor, names.RULE_EDITOR)
    assert editor.isVisible()
    editor.activateWindow()
    stage.settle()
    return editor


@pytest.fixture
def editor(stage: Stage) -> RuleEditor:
    with_regulars(stage.shop)
    return opened(stage)


def options_of(stage: Stage, *wanted: Option[Any]) -> list[object]:
    with stage.shop.read() as tx:
        return [tx.option(option) for option in wanted]


def sizes(stage: Stage) -> dict[str, int]:
    with stage.shop.read() as tx:
        return {line.key: line.customers for line in rfm.scores(tx, stage.shop.columns()).groups}


def previewed(editor: RuleEditor) -> dict[str, int]:
    return {
        key: int(text.text().replace(",", ""))
        for key in rfm.GROUP_KEYS
        for text in editor.findChildren(Text, f"{names.RULE_SIZE}_{key}")
    }


def line(editor: RuleEditor, option: Option[Any]) -> QLineEdit:
    found = editor.findChild(QLineEdit, f"{names.RULE_EDIT}_{option.key}")
    assert found is not None
    return found


def combo(editor: RuleEditor, option: Option[Any]) -> QComboBox:
    found = editor.findChild(QComboBox, f"{names.RULE_CHOICE}_{option.key}")
    assert found is not None
    return found


def rewrite(hands: Counting, edit: QLineEdit, text: str) -> None:
    edit.setFocus()
    hands.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    if text.isascii():
        hands.type(text)
    else:
        edit.insert(text)  # as an input method does


def pick(hands: Counting, box: QComboBox, key: str) -> None:
    """By arrow keys, as somebody without a mouse does."""
    box.setFocus()
    hands.key(Qt.Key.Key_Home)
    for _step in range(box.findData(key)):
        hands.key(Qt.Key.Key_Down)
    assert box.currentData() == key


def wrong(editor: RuleEditor) -> list[str]:
    return [text.text() for text in editor.findChildren(Text, f"{names.RULE_EDIT}_wrong") if text.isVisible()]


def gone(stage: Stage) -> bool:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    stage.settle()
    return stage.window.findChild(RuleEditor) is None


def test_by_keys_alone_the_preview_is_what_is_saved_and_undo_brings_the_old_rule_back(
    stage: Stage, editor: RuleEditor
) -> None:
    hands = Counting(stage)
    before = sizes(stage)
    assert previewed(editor) == before
    assert line(editor, RFM_WINDOW_DAYS).hasFocus()
    rewrite(hands, line(editor, RFM_WINDOW_DAYS), "60")
    for option in (RFM_R_FIXED, RFM_M_FIXED, RFM_F_CUTS):
        assert not line(editor, option).isVisible()
    pick(hands, combo(editor, RFM_R_RULE), "fixed")
    rewrite(hands, line(editor, RFM_R_FIXED), "３３")
    pick(hands, combo(editor, RFM_F_RULE), "scores")
    assert line(editor, RFM_F_CUTS).placeholderText()
    rewrite(hands, line(editor, RFM_F_CUTS), "1，2、3 4")
    pick(hands, combo(editor, RFM_M_RULE), "fixed")
    rewrite(hands, line(editor, RFM_M_FIXED), "168.5")
    tried = previewed(editor)
    assert sum(tried.values()) == sum(before.values())
    assert tried != before
    assert sizes(stage) == before, "nothing is saved by looking"
    hands.key(Qt.Key.Key_Return)
    assert gone(stage)
    assert sizes(stage) == tried
    wanted: tuple[Option[Any], ...] = (RFM_WINDOW_DAYS, RFM_R_RULE, RFM_R_FIXED, RFM_F_CUTS, RFM_M_FIXED)
    assert options_of(stage, *wanted) == [60, "fixed", 33, "1,2,3,4", 16_850]
    to_front(stage)
    QTest.keyClick(stage.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert sizes(stage) == before
    assert options_of(stage, *wanted) == [option.default for option in wanted]


def test_what_does_not_fit_is_said_at_its_field_and_not_saved(stage: Stage, editor: RuleEditor) -> None:
    hands = Counting(stage)
    last = previewed(editor)
    for text in ("", "12.5", "many", "999999"):
        line(editor, RFM_WINDOW_DAYS).setText(text)
        stage.settle()
        (said,) = wrong(editor)
        assert "0" in said
    assert previewed(editor) == last
    combo(editor, RFM_M_RULE).setFocus()
    hands.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert editor.isVisible()
    assert line(editor, RFM_WINDOW_DAYS).hasFocus()
    line(editor, RFM_WINDOW_DAYS).setText("365")
    pick(hands, combo(editor, RFM_M_RULE), "scores")
    for text in ("50,100,200", "50,100,100,200", "400,200,100,50", "50,100,200,x", "50.005,100,200,300"):
        line(editor, RFM_M_CUTS).setText(text)
        assert len(wrong(editor)) == 1, text
    # What is wrong in a field that is not in use is in nobody's way.
    pick(hands, combo(editor, RFM_M_RULE), "mean")
    assert wrong(editor) == []
    line(editor, RFM_WINDOW_DAYS).setFocus()
    hands.key(Qt.Key.Key_Return)
    assert gone(stage)
    with stage.shop.read() as tx:
        assert tx.connection.exec_driver_sql("SELECT count(*) FROM options").scalar() == 0


def test_escape_leaves_everything_as_it_was(stage: Stage, editor: RuleEditor) -> None:
    hands = Counting(stage)
    before = sizes(stage)
    rewrite(hands, line(editor, RFM_WINDOW_DAYS), "7")
    hands.key(Qt.Key.Key_Escape)
    assert gone(stage)
    assert sizes(stage) == before


def test_the_owner_sets_the_cycle_and_the_defaults_come_back(stage: Stage, editor: RuleEditor) -> None:
    hands = Counting(stage)
    assert not line(editor, CYCLE_DAYS).isVisible(), "there is history enough"
    pick(hands, combo(editor, CYCLE_SOURCE), "owner")
    assert line(editor, CYCLE_DAYS).isVisible()
    rewrite(hands, line(editor, CYCLE_DAYS), "35")
    reset = editor.findChild(QPushButton, names.RULE_RESET)
    assert reset is not None
    tried = previewed(editor)
    hands.key(Qt.Key.Key_Return)
    assert gone(stage)
    assert sizes(stage) == tried
    assert options_of(stage, CYCLE_SOURCE, CYCLE_DAYS) == ["owner", 35]
    again = opened(stage)
    reset = again.findChild(QPushButton, names.RULE_RESET)
    assert reset is not None
    reset.click()
    stage.settle()
    assert options_of(stage, CYCLE_SOURCE) == ["owner"], "only filled in"
    hands.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert gone(stage)
    assert options_of(stage, CYCLE_SOURCE, CYCLE_DAYS) == ["history", 90]


def test_uneven_groups_are_pointed_out(stage: Stage, editor: RuleEditor) -> None:
    combo(editor, RFM_R_RULE).setCurrentIndex(combo(editor, RFM_R_RULE).findData("fixed"))
    line(editor, RFM_R_FIXED).setText("1")
    stage.settle()
    tried = previewed(editor)
    everybody = sum(tried.values())
    uneven = [key for key, size in tried.items() if not 0.01 <= size / everybody <= 0.6]
    preview = editor.findChild(QWidget, names.RULE_PREVIEW)
    assert preview is not None
    warned = [text for text in preview.findChildren(Text) if text.property("tone") == "warn" and text.isVisible()]
    assert len(warned) == len(uneven) > 0


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW", "en"], indirect=True)
@pytest.mark.parametrize("percent", [100, 200])
def test_nothing_is_clipped_and_everything_has_a_name(
    qtbot: QtBot, qapp: QApplication, shop: Shop, language: str, *, percent: int
) -> None:
    theme.use(qapp, name="light", text_percent=percent, language=language)
    stage = make_stage(qtbot, shop, size=(1280, 720))
    editor = opened(stage)
    for option in (RFM_R_RULE, RFM_F_RULE, RFM_M_RULE):
        combo(editor, option).setCurrentIndex(combo(editor, option).findData("scores"))
    line(editor, RFM_M_CUTS).setText("?")
    stage.settle()
    editor.grab()
    stage.settle()
    assert clipped(editor) == []
    assert editor.height() <= stage.window.height()
    for widget in editor.findChildren(QWidget):
        if isinstance(widget, QLineEdit | QComboBox | QPushButton):
            assert widget.objectName()
            assert widget.accessibleName()
    stage.end()


@pytest.mark.parametrize(("text", "minor"), [
    ("199", 19_900), (" ¥１９９．５ ", 19_950), ("1,299.05", 129_905), ("0", 0),
    ("1.005", None), ("-1", None), ("1e3", None), ("", None), ("nan", None),
])  # fmt: skip
def test_amounts_are_typed_in_the_shops_units(text: str, minor: int | None) -> None:
    assert minor_units(text, currency="CNY") == minor


def test_numbers_are_read_and_shown_as_people_write_them() -> None:
    assert [whole_number(text) for text in ("1,200", "９０", "9.0", "-1")] == [1200, 90, None, None]
    assert minor_units("199.5", currency="JPY") is None
    assert [plain_amount(minor, currency="CNY") for minor in (16_800, 19_950, 0)] == ["168", "199.5", "0"]
