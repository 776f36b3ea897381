from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from shopcrm.collect import manual
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.manual import Item, Order
from shopcrm.ui import names
from shopcrm.ui.dialogs.order import OrderForm
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.day_edit import read_day
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text
from tests.builders import TODAY, content
from tests.ui.conftest import Stage
from tests.ui.people import Counting, shown

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
DIALOG = f"{names.ORDER}_dialog"


def opened(stage: Stage, hands: Counting) -> OrderForm:
    stage.window.frame.header.search.setFocus()
    hands.key(Qt.Key.Key_O, CONTROL | SHIFT)
    return at(stage)


def at(stage: Stage) -> OrderForm:
    """The form, once the keyboard is in it."""
    form = stage.find(OrderForm, DIALOG)
    form.activateWindow()
    stage.bot.waitUntil(form.isActiveWindow)
    return form


def back(stage: Stage) -> None:
    """Without a screen no window manager gives the keyboard back."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    stage.window.activateWindow()
    stage.bot.waitUntil(stage.window.isActiveWindow)
    stage.settle()


def manual_orders(stage: Stage) -> list[Order]:
    with stage.shop.read() as tx:
        rows = tx.connection.exec_driver_sql(
            "SELECT o.id FROM orders o JOIN stores s ON s.id = o.store_id WHERE s.platform = 'manual' ORDER BY o.id"
        ).scalars()
        return [manual.typed_order(tx, row) for row in rows]


def test_an_order_of_somebody_known_is_typed_in_by_keys_alone_and_taken_back(stage: Stage) -> None:
    before, hands = content(stage.shop), Counting(stage)
    opened(stage, hands)
    hands.type("lxm")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    stage.settle()
    who = stage.find(LineEdit, f"{names.ORDER}_customer")
    assert who.text() == "林小满"
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == f"{names.ORDER}_day"
    hands.key(Qt.Key.Key_Down)  # yesterday
    hands.key(Qt.Key.Key_Return)
    for text in ("虚构小木鸭", "2", "12.50"):
        hands.type(text)
        hands.key(Qt.Key.Key_Return)
    hands.type("赠品")
    hands.key(Qt.Key.Key_Return, CONTROL)
    assert not shown(stage, DIALOG)
    back(stage)
    (order,) = manual_orders(stage)
    assert order == Order(
        1, date(2026, 11, 21), (Item("虚构小木鸭", 2, 1_250), Item("赠品")), paid=2_500, state=OrderState.FINISHED
    )
    assert stage.shop.check() == []
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert content(stage.shop) == before


def test_nobody_is_offered_once_the_field_was_emptied(stage: Stage) -> None:
    hands = Counting(stage)
    form = opened(stage, hands)
    field = form.findChild(LineEdit, f"{names.ORDER}_customer")
    assert field is not None
    QTest.keyClicks(field, "lxm")
    for _letter in range(3):  # faster than the answer
        QTest.keyClick(field, Qt.Key.Key_Backspace)
    stage.settle()
    assert not [
        each for each in QApplication.topLevelWidgets() if each.isVisible() and each.objectName() == "completions"
    ]


def test_an_order_that_was_left_is_taken_up_with_its_customer_and_all_its_lines(stage: Stage) -> None:
    before, hands = content(stage.shop), Counting(stage)
    opened(stage, hands)
    hands.type("lxm")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    stage.settle()
    hands.key(Qt.Key.Key_Return)
    for text in ("虚构小木鸭", "2", "12.50", "围兜", "", "3"):
        hands.type(text)
        hands.key(Qt.Key.Key_Return)
    hands.key(Qt.Key.Key_Escape)
    assert not shown(stage, DIALOG)
    back(stage)
    opened(stage, hands)
    hands.click(f"{names.ORDER}_draft_take")
    assert stage.find(LineEdit, f"{names.ORDER}_customer").text() == "林小满"
    hands.key(Qt.Key.Key_Return, CONTROL)
    (order,) = manual_orders(stage)
    assert (order.customer, order.items) == (1, (Item("虚构小木鸭", 2, 1_250), Item("围兜", 1, 300)))
    back(stage)
    opened(stage, hands)
    assert not shown(stage, f"{names.ORDER}_draft_take")  # it is saved
    hands.key(Qt.Key.Key_Escape)
    back(stage)
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert content(stage.shop) == before


def test_escape_closes_the_completions_first_and_nobody_leaves_no_empty_list(stage: Stage) -> None:
    hands = Counting(stage)
    opened(stage, hands)
    hands.type("lxm")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert shown(stage, DIALOG)
    hands.key(Qt.Key.Key_Backspace)
    assert popup.isVisible()
    hands.type("虚构")
    assert stage.find(LineEdit, f"{names.ORDER}_customer").text() == "lx虚构"
    assert not popup.isVisible()


def test_a_name_nobody_has_is_a_new_customer(stage: Stage) -> None:
    before, hands = content(stage.shop), Counting(stage)
    opened(stage, hands)
    hands.type("虚构新客")
    assert stage.find(Text, "order_customer_hint").text() == "新客户。"
    hands.key(Qt.Key.Key_Return)
    hands.key(Qt.Key.Key_Return)
    hands.type("围兜")
    hands.key(Qt.Key.Key_Return, CONTROL)
    (order,) = manual_orders(stage)
    assert (order.paid, order.day) == (0, TODAY)
    assert stage.shop.counts().customers == 43
    back(stage)
    hands.click(names.TOAST_UNDO)
    assert content(stage.shop) == before


@pytest.mark.parametrize(
    ("field", "text", "where", "words"),
    [
        ("day", "soon", "day", "“soon”不是能识别的日期"),
        ("day", "2030-01-01", "day", "这一天还没到。"),
        ("pieces_0", "两", "items", "“两”不是整数。"),
        ("pieces_0", "0", "items", "至少一件。"),
        ("price_0", "much", "items", "“much”不是金额。"),
        ("price_1", "5", "items", "是什么商品？"),
        ("paid", "-5", "paid", "不能小于零。"),
        ("refunded", "9999", "refunded", "比实付还多。"),
        ("title_0", "", "items", "请填买了什么，或付了多少。"),
    ],
)
def test_what_is_wrong_stands_at_its_field(stage: Stage, field: str, text: str, where: str, words: str) -> None:
    before, hands = content(stage.shop), Counting(stage)
    form = opened(stage, hands)
    stage.find(LineEdit, f"{names.ORDER}_customer").setText("虚构新客")
    stage.find(LineEdit, f"{names.ORDER}_title_0").setText("围兜")
    stage.find(LineEdit, f"{names.ORDER}_{field}").setText(text)
    stage.settle()
    form.setFocus()
    hands.key(Qt.Key.Key_Return, CONTROL)
    error = stage.find(Text, f"{names.ORDER}_{where}_error")
    assert error.isVisible()
    assert error.text().startswith(words)
    focused = QApplication.focusWidget()
    assert focused is not None
    # A price without a product: what is missing is the product.
    assert focused.objectName() == f"{names.ORDER}_{'title_1' if field == 'price_1' else field}"
    assert content(stage.shop) == before
    hands.key(Qt.Key.Key_Escape)


def test_from_the_card_with_known_products_then_changed_and_removed(stage: Stage) -> None:
    stage.window.go_to("desk", 1)
    stage.settle()
    before, hands = content(stage.shop), Counting(stage)
    hands.click(names.CARD_ORDER_NEW)
    form = at(stage)
    title = stage.find(LineEdit, f"{names.ORDER}_title_0")
    assert QApplication.focusWidget() is title
    assert title.completer() is not None
    model = title.completer().model()
    assert [model.index(place, 0).data() for place in range(model.rowCount())] == ["软软云 纸尿裤 L 50 片"]
    hands.type("纸尿裤")
    stage.find(LineEdit, f"{names.ORDER}_paid").setText("128")
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    form.save()
    stage.settle()
    back(stage)
    row = next(one for one in shown(stage, names.TIMELINE_ROW) if one.accessibleName().split(", ")[1] == "纸尿裤")
    row.setFocus()
    hands.key(Qt.Key.Key_Return)
    hands.click(names.ORDER_EDIT)
    at(stage)
    assert stage.find(LineEdit, f"{names.ORDER}_paid").text() == "128.00"
    stage.find(LineEdit, f"{names.ORDER}_paid").setText("100")
    stage.find(LineEdit, f"{names.ORDER}_note").setFocus()
    hands.type("rebate")
    hands.key(Qt.Key.Key_Return, CONTROL)
    back(stage)
    (order,) = manual_orders(stage)
    assert (order.paid, order.note, order.customer) == (10_000, "rebate", 1)
    hands.click(names.ORDER_EDIT)  # the line has stayed open
    hands.click(f"{names.ORDER}_remove")
    assert manual_orders(stage) == []
    assert not shown(stage, DIALOG)
    after = content(stage.shop)
    assert {name: after[name] for name in before if name != "stores"} == {
        name: before[name] for name in before if name != "stores"
    }
    assert stage.shop.check() == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-20", date(2026, 11, 20)), ("2026/1/2", date(2026, 1, 2)), ("2026年1月2日", date(2026, 1, 2)),
        ("20260102", date(2026, 1, 2)), ("11-20", date(2026, 11, 20)), ("12.24", date(2025, 12, 24)),
        ("3", date(2026, 11, 3)), ("30", date(2026, 10, 30)), ("31", date(2026, 10, 31)),
        ("2-30", None), ("x", None), ("", None),
    ],
)  # fmt: skip
def test_a_day_is_typed_as_short_as_one_likes(text: str, day: date | None) -> None:
    assert read_day(text, today=TODAY) == day


def test_the_forms_are_found_where_they_are_looked_for(stage: Stage) -> None:
    hands = Counting(stage)
    for page, name, dialog in (
        ("data", names.DATA_ORDER_NEW, DIALOG),
        ("customers", names.CUSTOMER_NEW, f"{names.PERSON}_dialog"),
    ):
        stage.window.go_to(page)
        stage.settle()
        hands.click(name)
        (form,) = shown(stage, dialog)
        form.activateWindow()
        stage.bot.waitUntil(form.isActiveWindow)
        assert form.findChildren(Button)
        assert isinstance(form, QWidget)
        hands.key(Qt.Key.Key_Escape)
        assert not shown(stage, dialog)
        back(stage)
