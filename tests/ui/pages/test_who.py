from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton

from shopcrm.ui import names
from shopcrm.ui.kit.toast import Toast
from shopcrm.ui.pages.who import WhoPage
from shopcrm.ui.parts.twin_compare import TwinCompare
from shopcrm.ui.parts.twin_list import TwinList
from tests.builders import TODAY, content, given_orders, order
from tests.ui.conftest import ADDRESS, PHONE, Stage
from tests.ui.people import Counting, shown


def with_doubles(stage: Stage) -> None:
    """林小满 stands there three times, and two strangers share a phone."""
    given_orders(
        stage.shop,
        [order("jd-1", "jd_lin", TODAY - timedelta(days=9), platform="jd", recipient_name="林小满", address=ADDRESS),
         order("jd-2", "jd_wang", TODAY - timedelta(days=9), platform="jd", recipient_name="王冕", phone="13800130077"),
         order("jd-3", "jd_wu", TODAY - timedelta(days=9), platform="jd", recipient_name="吴迪", phone="13800130077"),
         order("jd-4", None, TODAY - timedelta(days=5), platform="jd", recipient_name="林*", title="纸尿裤 XL")],
        platform="jd",
    )  # fmt: skip
    given_orders(
        stage.shop,
        [
            order(
                "pdd-1", "pdd_lin", TODAY - timedelta(days=2), platform="pdd", recipient_name="林小满", address=ADDRESS
            )
        ],
        platform="pdd",
    )


@pytest.fixture
def page(stage: Stage) -> WhoPage:
    with_doubles(stage)
    stage.window.go_to("who")
    stage.settle()
    found = stage.window.frame.page("who")
    assert isinstance(found, WhoPage)
    return found


def pairs(stage: Stage) -> list[str]:
    view = stage.find(TwinList, names.WHO_LIST)
    model = view.twins
    return [str(model.data(model.index(row))) for row in range(model.rowCount())]


def first(stage: Stage) -> tuple[int, int]:
    one = stage.find(TwinList, names.WHO_LIST).twins.pair(0)
    assert one is not None
    return one.first, one.second


def people(stage: Stage) -> int:
    return len(stage.shop.columns())


def test_the_customers_page_tells_how_many_and_leads_there(stage: Stage) -> None:
    with_doubles(stage)
    stage.window.go_to("customers")
    stage.settle()
    (button,) = shown(stage, names.WHO_OPEN)
    assert isinstance(button, QPushButton)
    assert button.text() == "4 对可能是同一人"
    hands = Counting(stage)
    hands.click(names.WHO_OPEN)
    assert stage.window.frame.current is stage.window.frame.page("who")
    (rail,) = shown(stage, f"{names.RAIL}_customers")
    assert isinstance(rail, QPushButton)
    assert rail.isChecked(), "it belongs to the customers"


@pytest.mark.usefixtures("page")
def test_one_key_makes_one_of_two_and_one_takes_it_back(stage: Stage) -> None:
    before, count = content(stage.shop), people(stage)
    assert len(pairs(stage)) == 4
    assert stage.find(TwinList, names.WHO_LIST).hasFocus()
    hands = Counting(stage)
    hands.key(Qt.Key.Key_M)
    assert hands.keys == 1
    assert people(stage) == count - 1
    toast = stage.window.findChild(Toast)
    assert toast is not None
    for name in (names.WHO_MERGE, names.WHO_TWO, names.WHO_SKIP):
        button = stage.find(QPushButton, name)
        place = button.rect().translated(button.mapTo(stage.window, QPoint(0, 0)))
        assert not place.intersects(toast.rect().translated(toast.mapTo(stage.window, QPoint(0, 0)))), name
    assert len(pairs(stage)) == 2, "who is hers now is compared with her"
    stage.find(QPushButton, names.WHO_MERGE).setFocus()
    hands.key(Qt.Key.Key_Space)
    assert stage.find(TwinList, names.WHO_LIST).hasFocus(), "the button goes with the pair, the keyboard stays"
    assert people(stage) == count - 2
    assert len(pairs(stage)) == 1
    hands.key(Qt.Key.Key_U)
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert content(stage.shop) == before
    assert len(pairs(stage)) == 4
    assert stage.shop.check() == []


@pytest.mark.usefixtures("page")
def test_two_people_are_not_suggested_again_and_what_is_skipped_only_for_now(stage: Stage) -> None:
    hands = Counting(stage)
    one = first(stage)
    hands.key(Qt.Key.Key_N)
    assert len(pairs(stage)) == 3
    another = first(stage)
    assert another != one
    hands.key(Qt.Key.Key_S)
    assert len(pairs(stage)) == 2
    hands.click(f"{names.WHO}_again")
    assert first(stage) == another
    assert len(pairs(stage)) == 3
    stage.find(TwinList, names.WHO_LIST).setFocus()
    hands.key(Qt.Key.Key_U)
    assert len(pairs(stage)) == 4


def test_arrows_compare_and_a_value_that_differs_is_chosen(stage: Stage, page: WhoPage) -> None:
    hands = Counting(stage)
    hands.key(Qt.Key.Key_End)
    compare = page.findChild(TwinCompare)
    assert compare is not None
    assert compare.pair is not None
    assert {card.name for card in compare.pair.cards} == {"王冕", "吴迪"}
    (left,) = shown(stage, f"{names.WHO_SIDE}_name_0")
    (right,) = shown(stage, f"{names.WHO_SIDE}_name_1")
    assert isinstance(left, QPushButton)
    assert isinstance(right, QPushButton)
    assert (left.text(), left.isChecked()) == ("王冕", True)
    hands.click(f"{names.WHO_SIDE}_name_1")
    assert (left.isChecked(), right.isChecked()) == (False, True)
    stays = compare.pair.cards[0].id
    hands.click(names.WHO_MERGE)
    with stage.shop.read() as tx:
        name = tx.connection.exec_driver_sql("SELECT name FROM customers WHERE id = ?", (stays,)).scalar()
    assert name == "吴迪"


@pytest.mark.usefixtures("page")
def test_the_card_tells_of_whom_it_was_made_and_takes_it_apart(stage: Stage) -> None:
    before = {name: rows for name, rows in content(stage.shop).items() if name != "distinct_customers"}
    hands = Counting(stage)
    hands.key(Qt.Key.Key_M)
    with stage.shop.read() as tx:
        (row,) = tx.connection.exec_driver_sql("SELECT id, customer_id FROM customer_merges").all()
    stage.window.go_to("desk", row.customer_id)
    stage.settle()
    hands.click(f"{names.CARD_MERGE_APART}_{row.id}")
    after = {name: rows for name, rows in content(stage.shop).items() if name != "distinct_customers"}
    assert after == before
    assert not shown(stage, f"{names.CARD_MERGE_APART}_{row.id}")
    stage.window.go_to("who")
    stage.settle()
    assert len(pairs(stage)) == 3, "taken apart, they are two people"


@pytest.mark.usefixtures("page")
def test_an_order_without_a_buyer_is_linked_by_keyboard(stage: Stage) -> None:
    hands = Counting(stage)
    hands.click(f"{names.WHO}_view_loose")
    hands.key(Qt.Key.Key_Return)
    hands.type(PHONE[-4:])
    hands.key(Qt.Key.Key_Return)
    with stage.shop.read() as tx:
        owner = "SELECT c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.number = 'jd-4'"
        assert tx.connection.exec_driver_sql(owner).scalar() == "林小满"
    hands.click(names.TOAST_UNDO)
    with stage.shop.read() as tx:
        assert tx.connection.exec_driver_sql(owner).scalar() is None
