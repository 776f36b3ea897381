"""The block of the card that tells of birthday and baby, changed by real keys."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QScrollArea, QWidget

from shopcrm.act import desk
from shopcrm.base.birthdays import LUNAR, Birthday
from shopcrm.base.options import TRADE
from shopcrm.collect import attributes, birthdays, settings
from shopcrm.ui import names
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.card_attribute_lines import age
from shopcrm.ui.parts.card_attributes import CardAttributes
from tests.ui.conftest import Stage
from tests.ui.people import Counting


@pytest.fixture
def lin(stage: Stage) -> int:
    """Her card is open: the baby's name and birth are known, and a lunar birthday."""
    with stage.shop.write() as tx:
        (found,) = (hit.id for hit in desk.find(tx, "xiaoman_lin88"))
        settings.choose(tx, {TRADE: "mother_baby"})
        attributes.put(tx, {found: {"baby_name": "团团", "baby_born": date(2025, 12, 13)}})
        birthdays.put(tx, {found: Birthday(LUNAR, 10, 16, 1993)})
    stage.window.go_to("desk", found)
    stage.settle()
    return found


def value(stage: Stage, key: str) -> Text:
    return stage.find(Text, f"{names.CARD_VALUE}_{key}")


def block(stage: Stage) -> list[str]:
    found = stage.find(QWidget, names.CARD_ATTRIBUTES)
    return [label.text() for label in found.findChildren(Text) if label.isVisible()]


def card(stage: Stage, customer: int) -> desk.Card:
    with stage.shop.read() as tx:
        return desk.card(tx, stage.shop.columns(), customer)


def open_field(stage: Stage, key: str) -> QLineEdit:
    value(stage, key).setFocus()
    QTest.keyClick(value(stage, key), Qt.Key.Key_F2)
    stage.settle()
    field = stage.find(QLineEdit, names.CARD_VALUE_EDIT)
    assert field.hasFocus()
    return field


@pytest.mark.usefixtures("lin")
def test_the_block_is_headed_by_the_baby_and_tells_stage_age_and_both_calendars(stage: Stage) -> None:
    said = block(stage)
    assert said[0] == "团团的资料"
    assert {"11-24（农历十月十六），满 33 岁", "2025-12-13（农历十月廿四），11 个月", "2 段 → 12月13日起 3 段"} <= set(
        said
    )
    assert "口味" not in said


def test_a_value_is_changed_in_place_by_keys_and_undone(stage: Stage, lin: int) -> None:
    field, hands = open_field(stage, "baby_name"), Counting(stage)
    assert (field.text(), field.selectedText()) == ("团团", "团团")
    hands.type("Mimi")
    hands.key(Qt.Key.Key_Return)
    assert value(stage, "baby_name").text() == "Mimi"
    assert value(stage, "baby_name").hasFocus()
    assert block(stage)[0] == "Mimi的资料"
    QTest.keyClick(stage.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert value(stage, "baby_name").text() == "团团"
    assert card(stage, lin).particulars.title == "团团"


def test_ctrl_i_goes_to_the_block_from_the_search_box(stage: Stage, lin: int) -> None:
    hands = Counting(stage)
    stage.window.frame.header.search.edit.setFocus()
    hands.key(Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert value(stage, "birthday").hasFocus() or value(stage, "baby_name").hasFocus()
    with stage.shop.write() as tx:
        attributes.put(tx, {lin: dict.fromkeys(("baby_name", "baby_born"))})
        birthdays.put(tx, {lin: None})
    stage.window.go_to("desk", lin)
    stage.settle()
    hands.key(Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    menu = stage.find(QMenu, f"{names.CARD_VALUE_ADD}_menu")
    assert menu.isVisible()
    menu.close()


@pytest.mark.usefixtures("lin")
def test_the_card_does_not_scroll_away_from_the_field_that_opens(stage: Stage) -> None:
    stage.window.resize(1280, 520)
    stage.settle()
    shown: QWidget | None = value(stage, "baby_born")
    while shown is not None and not isinstance(shown, QScrollArea):
        shown = shown.parentWidget()
    assert shown is not None
    bar = shown.verticalScrollBar()
    assert bar.maximum() > 0
    field = open_field(stage, "baby_born")
    assert bar.value() == 0
    QTest.keyClick(field, Qt.Key.Key_Escape)
    stage.settle()
    back = QApplication.focusWidget()
    assert back is not None
    assert back.objectName() == f"{names.CARD_VALUE}_baby_born"
    assert bar.value() == 0


def test_escape_restores_and_a_wrong_value_is_told_at_the_field(stage: Stage, lin: int) -> None:
    before = card(stage, lin)
    hands = Counting(stage)
    open_field(stage, "birthday").setText("soon")
    hands.key(Qt.Key.Key_Return)
    wrong = stage.find(Text, "card_value_wrong")
    assert wrong.isVisible()
    assert "soon" in wrong.text()
    hands.key(Qt.Key.Key_Escape)
    assert value(stage, "birthday").text() == "11-24（农历十月十六），满 33 岁"
    assert value(stage, "birthday").hasFocus()
    assert card(stage, lin) == before


def test_an_edit_that_is_written_late_leaves_the_field_that_is_open_by_then(stage: Stage, lin: int) -> None:
    field = open_field(stage, "baby_name")
    with stage.shop.write():  # an import holds the one writer
        field.setText("Mimi")
        QTest.keyClick(field, Qt.Key.Key_Return)
        stage.find(CardAttributes, names.CARD_ATTRIBUTES).edit("birthday")
        QApplication.processEvents()
        other = next(each for each in stage.window.findChildren(QLineEdit, names.CARD_VALUE_EDIT) if each.isVisible())
        other.setText("soo")
    stage.settle()
    assert card(stage, lin).particulars.title == "Mimi"
    assert (other.isVisible(), other.text()) == (True, "soo")


def test_a_birthday_is_typed_as_one_says_it(stage: Stage, lin: int) -> None:
    field, hands = open_field(stage, "birthday"), Counting(stage)
    assert field.text() == "1993 农历十月十六"
    field.setText("八月十五")
    hands.key(Qt.Key.Key_Return)
    born = card(stage, lin).birthday
    assert born is not None
    assert (born.birthday, born.on) == (Birthday(LUNAR, 8, 15), date(2027, 9, 15))
    assert value(stage, "birthday").text() == "09-15（农历八月十五）"


def test_delete_forgets_and_plus_notes_what_is_not_known_yet(stage: Stage, lin: int) -> None:
    value(stage, "birthday").setFocus()
    QTest.keyClick(value(stage, "birthday"), Qt.Key.Key_Delete)
    stage.settle()
    assert card(stage, lin).birthday is None
    add = stage.find(QPushButton, names.CARD_VALUE_ADD)
    assert add.hasFocus()
    QTest.keyClick(add, Qt.Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    offered = [action.text().partition("\t")[0] for action in menu.actions()]
    assert offered[:2] == ["生日", "宝宝性别"]
    assert "奶粉段位" not in offered
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    stage.settle()
    # Two choices: a second menu instead of a field.
    choices = QApplication.activePopupWidget()
    assert isinstance(choices, QMenu)
    QTest.keyClick(choices, Qt.Key.Key_Return)
    stage.settle()
    assert value(stage, "baby_sex").text() == "女"


def test_another_customer_closes_the_field_and_takes_nothing_along(stage: Stage, lin: int) -> None:
    open_field(stage, "baby_name").setText("half")
    with stage.shop.read() as tx:
        (zhou,) = (hit.id for hit in desk.find(tx, "qing_zhou"))
    stage.window.go_to("desk", zhou)
    stage.settle()
    assert stage.window.findChild(QLineEdit, names.CARD_VALUE_EDIT) is None
    assert "还没记什么。" in block(stage)
    assert card(stage, lin).particulars.title == "团团"


def test_a_field_that_is_open_stays_when_the_shop_changes(stage: Stage, lin: int) -> None:
    open_field(stage, "baby_name").setText("half")
    with stage.shop.write() as tx:
        attributes.put(tx, {lin: {"clothing_size": "80"}})
    stage.settle()
    assert stage.find(QLineEdit, names.CARD_VALUE_EDIT).text() == "half"
    QTest.keyClick(stage.find(QLineEdit, names.CARD_VALUE_EDIT), Qt.Key.Key_Escape)
    stage.settle()
    assert value(stage, "clothing_size").text() == "80"


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize("language", ["en"], indirect=True)
@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(2026, 11, 22), "0 months"), (date(2026, 10, 22), "1 month"), (date(2025, 11, 22), "1 year"),
        (date(2025, 9, 30), "1 year 1 month"), (date(2021, 1, 1), "5 years"), (date(2027, 1, 1), ""),
    ],
)  # fmt: skip
def test_age(born: date, said: str) -> None:
    assert age(born, date(2026, 11, 22)) == said
