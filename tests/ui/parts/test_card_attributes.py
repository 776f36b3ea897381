"""The block of the card that tells of birthday and baby, changed by real keys."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QScrollArea, QWidget

from shopcrm.act import desk
from shopcrm.base.birthdays import LUNAR, Birthday
from shopcrm.base.options import TRADE
from shopcrm.base.trade_presets import OWN
from shopcrm.collect import attributes, birthdays, settings
from shopcrm.collect.attribute_values import Value
from shopcrm.collect.foreign import ForeignItem, OrderState
from shopcrm.ui import names
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.card_attribute_lines import age
from shopcrm.ui.parts.card_attributes import CardAttributes
from tests.builders import TODAY, given_orders, order
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
    # One that was shown before may still wait to be deleted.
    stage.find(Text, f"{names.CARD_VALUE}_{key}")
    return next(one for one in stage.window.findChildren(Text, f"{names.CARD_VALUE}_{key}") if one.isVisible())


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


def told(stage: Stage, customer: int, values: dict[str, Value | None]) -> None:
    """Somebody else writes it; the card is read anew."""
    with stage.shop.write() as tx:
        attributes.put(tx, {customer: values})
    names_of = [f"{names.CARD_VALUE}_{key}" for key in values]
    stage.bot.waitUntil(lambda: all(stage.window.findChild(Text, name) for name in names_of))
    stage.settle()


def field_open() -> QLineEdit:
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    return field


def menu_closed(stage: Stage) -> None:
    """Without a screen no window manager gives the window back its keyboard."""
    for popup in QApplication.topLevelWidgets():
        if isinstance(popup, QMenu):
            popup.close()
    stage.bot.wait(1)  # the menu is gone
    stage.window.activateWindow()
    stage.bot.waitUntil(stage.window.isActiveWindow, timeout=3_000)
    stage.settle()


def popup() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def kept(stage: Stage, customer: int) -> dict[str, object]:
    with stage.shop.read() as tx:
        return dict(attributes.of_customers(tx, [customer]).get(customer, {}))


def test_a_choice_is_made_by_its_first_letters_and_by_its_number(stage: Stage, lin: int) -> None:
    told(stage, lin, {"nappy_size": "M", "clothing_size": "73", "baby_sex": "boy"})
    hands = Counting(stage)
    value(stage, "nappy_size").setFocus()
    hands.type("L")  # the only one that begins so
    assert kept(stage, lin)["nappy_size"] == "L"
    menu_closed(stage)
    assert value(stage, "nappy_size").hasFocus()
    hands.type("X")
    QTest.keyClick(popup(), Qt.Key.Key_L)  # the one that is called so, though others begin so
    stage.settle()
    assert kept(stage, lin)["nappy_size"] == "XL"
    menu_closed(stage)
    value(stage, "clothing_size").setFocus()
    hands.type("8")
    QTest.keyClick(popup(), Qt.Key.Key_6)  # sizes begin with digits: these are no numbers of places
    stage.settle()
    assert kept(stage, lin)["clothing_size"] == "86"
    menu_closed(stage)
    value(stage, "baby_sex").setFocus()
    hands.type("1")
    assert value(stage, "baby_sex").text() == "女"
    QTest.keyClick(stage.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert value(stage, "baby_sex").text() == "男"


def test_several_are_chosen_with_space_and_kept_with_enter(stage: Stage, lin: int) -> None:
    told(stage, lin, {"taste": ("mild",)})
    value(stage, "taste").setFocus()
    QTest.keyClick(value(stage, "taste"), Qt.Key.Key_F2)
    menu = popup()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_4):
        QTest.keyClick(menu, key)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    stage.settle()
    assert kept(stage, lin)["taste"] == ("not_milky", "salty")
    assert value(stage, "taste").text() == "怕奶腥、咸口"
    QTest.keyClick(value(stage, "taste"), Qt.Key.Key_F2)
    QTest.keyClick(popup(), Qt.Key.Key_Space)
    QTest.keyClick(popup(), Qt.Key.Key_Escape)
    stage.settle()
    assert kept(stage, lin)["taste"] == ("not_milky", "salty")


def test_arrows_go_from_value_to_value_and_tab_keeps_and_goes_on(stage: Stage, lin: int) -> None:
    hands = Counting(stage)
    value(stage, "birthday").setFocus()
    hands.key(Qt.Key.Key_Down)
    assert value(stage, "baby_name").hasFocus()
    hands.key(Qt.Key.Key_Down)
    hands.key(Qt.Key.Key_Down)  # the stage in between is never typed
    assert stage.find(QPushButton, names.CARD_VALUE_ADD).hasFocus()
    value(stage, "baby_name").setFocus()
    hands.type("M")
    assert stage.find(QLineEdit, names.CARD_VALUE_EDIT).text() == "M"
    hands.type("imi")
    hands.key(Qt.Key.Key_Tab)
    assert kept(stage, lin)["baby_name"] == "Mimi"
    assert value(stage, "baby_born").hasFocus()


def test_what_is_of_no_kind_is_said_at_the_field_and_stays_there(stage: Stage, lin: int) -> None:
    hands = Counting(stage)
    for key, typed in (("baby_born", "2026-02-30"), ("baby_born", "👶"), ("baby_name", "x" * 100_000)):
        QTest.keyClick(value(stage, key), Qt.Key.Key_F2)
        field = field_open()
        field.setText(typed)
        hands.key(Qt.Key.Key_Return)
        assert any(wrong.isVisible() for wrong in stage.window.findChildren(Text, "card_value_wrong"))
        assert field.text() == typed
        hands.key(Qt.Key.Key_Escape)
    QTest.keyClick(value(stage, "baby_name"), Qt.Key.Key_F2)
    field_open().setText("\u202eשלום 👶🏽<b>")
    hands.key(Qt.Key.Key_Return)
    assert kept(stage, lin)["baby_name"] == "שלום 👶🏽<b>"
    assert value(stage, "baby_name").textFormat() == Qt.TextFormat.PlainText


def test_an_own_one_is_added_filled_in_moved_renamed_and_removed_without_leaving_the_card(
    stage: Stage, lin: int
) -> None:  # fmt: skip
    hands = Counting(stage)
    add = stage.find(QPushButton, names.CARD_VALUE_ADD)
    add.setFocus()
    QTest.keyClick(add, Qt.Key.Key_Return)
    QTest.keyClick(popup(), Qt.Key.Key_Up)  # the last of the menu
    QTest.keyClick(popup(), Qt.Key.Key_Return)
    menu_closed(stage)
    label = stage.find(QLineEdit, f"{names.ATTRIBUTE_FORM}_label")
    assert label.hasFocus()
    hands.key(Qt.Key.Key_Return)
    assert stage.find(Text, f"{names.ATTRIBUTE_FORM}_wrong").text() == "请写上名称。"
    hands.type("星座")
    hands.key(Qt.Key.Key_Return)
    assert stage.find(QLineEdit, names.CARD_VALUE_EDIT).hasFocus()
    hands.type("金牛")
    hands.key(Qt.Key.Key_Return)
    menu_closed(stage)
    (own,) = [key for key in kept(stage, lin) if key.startswith(OWN)]
    assert (value(stage, own).text(), value(stage, own).hasFocus()) == ("金牛", True)

    hands.key(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    with stage.shop.read() as tx:
        keys = [one.key for one in attributes.defined(tx) if one.typed]
    assert keys[-2] == own
    assert value(stage, own).hasFocus()
    hands.key(Qt.Key.Key_Menu)
    menu = popup()
    named = {action.text().partition("\t")[0]: action for action in menu.actions()}
    menu.setActiveAction(named["名称和选项…"])
    QTest.keyClick(menu, Qt.Key.Key_Return)
    menu_closed(stage)
    label = stage.find(QLineEdit, f"{names.ATTRIBUTE_FORM}_label")
    label.setText("属相")
    hands.key(Qt.Key.Key_Return)
    assert "属相" in block(stage)
    value(stage, own).setFocus()
    hands.key(Qt.Key.Key_Menu)
    named = {action.text().partition("\t")[0]: action for action in popup().actions()}
    menu = popup()
    menu.setActiveAction(named["所有客户都不要了"])
    QTest.keyClick(menu, Qt.Key.Key_Return)
    stage.settle()
    assert own not in kept(stage, lin)
    QTest.keyClick(stage.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert value(stage, own).text() == "金牛"


def test_what_purchases_say_is_shown_with_its_evidence_and_taken_over_by_one_key(stage: Stage, lin: int) -> None:
    romper = {"title": "虚构格纹爬服", "article": "P9"}
    given_orders(
        stage.shop,
        [
            order("9001", "xiaoman_lin88", TODAY - timedelta(days=40), 9_900, refunded=9_900,
                  items=[ForeignItem(romper["title"], 1, 1, article="P9", variant="尺码:73", price=9_900, paid=9_900,
                                     refunded=9_900)], state=OrderState.REFUNDED, shipped_at=1),
            order("9002", "xiaoman_lin88", TODAY - timedelta(days=30), 9_900,
                  items=[ForeignItem(romper["title"], 1, 1, article="P9", variant="尺码:80", price=9_900)]),
        ],
    )  # fmt: skip
    stage.bot.waitUntil(lambda: stage.window.findChild(Text, f"{names.CARD_VALUE}_clothing_size") is not None)
    stage.settle()  # one that was shown before may still wait to be deleted
    assert value(stage, "clothing_size").text() == "80？"
    assert stage.find(Text, f"{names.CARD_LEARNT}_why_clothing_size").text() == (
        "买过没退 1 次，最近 10月23日；退换过 73，留下 80"
    )
    value(stage, "clothing_size").setFocus()
    hands = Counting(stage)
    hands.type("+")
    assert kept(stage, lin)["clothing_size"] == "80"
    assert value(stage, "clothing_size").text() == "80"
    assert stage.window.findChild(Text, f"{names.CARD_LEARNT}_why_clothing_size") is None
    QTest.keyClick(stage.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert "clothing_size" not in kept(stage, lin)


def test_one_that_was_put_aside_comes_back_with_its_values(stage: Stage, lin: int) -> None:
    hands = Counting(stage)
    value(stage, "baby_name").setFocus()
    hands.key(Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    menu = popup()
    named = {action.text().partition("\t")[0]: action for action in menu.actions()}
    menu.setActiveAction(named["收起不用"])
    QTest.keyClick(menu, Qt.Key.Key_Return)
    stage.settle()
    assert "宝宝小名" not in block(stage)
    add = stage.find(QPushButton, names.CARD_VALUE_ADD)
    QTest.keyClick(add, Qt.Key.Key_Return)
    aside = next(action.menu() for action in popup().actions() if action.menu() is not None)
    assert isinstance(aside, QMenu)
    aside.actions()[0].trigger()
    stage.settle()
    assert value(stage, "baby_name").text() == "团团"
    assert kept(stage, lin)["baby_name"] == "团团"


def test_what_stood_there_before_is_told_and_put_back(stage: Stage, lin: int) -> None:
    field, hands = open_field(stage, "baby_name"), Counting(stage)
    assert field.text() == "团团"
    hands.type("Mimi")
    hands.key(Qt.Key.Key_Return)
    stage.settle()
    value(stage, "baby_name").setFocus()
    QTest.keyClick(value(stage, "baby_name"), Qt.Key.Key_F4)
    stage.settle()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    told = [action.text() for action in menu.actions()]
    assert len(told) == 3
    assert "团团 → Mimi" in told[1]
    menu.actions()[1].trigger()
    menu.close()
    stage.settle()
    assert {line.attribute.key: line.value for line in card(stage, lin).attributes}["baby_name"] == "团团"
