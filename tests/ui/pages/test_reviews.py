"""The page of reviews by keyboard: narrowed, opened, picked and copied without names; at an order they are typed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from shopcrm.base import clock
from shopcrm.collect import reviews
from shopcrm.collect.orders import OrderLine
from shopcrm.collect.reviews import Review, ReviewLine
from shopcrm.ui import names
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.pages.reviews import ReviewsPage
from shopcrm.ui.parts.timeline_row import TimelineRow
from tests.ui.conftest import Stage
from tests.ui.pages.test_customers import CTRL
from tests.ui.people import Counting, dialogs_of_qt, to_front

TABLE = f"{names.REVIEWS}_table"


def kept(stage: Stage) -> list[ReviewLine]:
    with stage.shop.read() as tx:
        return reviews.listed(tx)


def order_of(stage: Stage, customer: int) -> int:
    with stage.shop.read() as tx:
        asked = "SELECT max(id) FROM orders WHERE customer_id = ? AND kind = 'order'"
        return int(tx.connection.exec_driver_sql(asked, (customer,)).scalar_one())


@pytest.fixture
def page(stage: Stage) -> ReviewsPage:
    told = ((5, "很好看 <b>真的</b>", "2026-06-03"), (2, "掉漆了", "2026-06-02"), (4, "还会再来", "2026-06-01"))
    with stage.shop.read() as tx:
        name = tx.connection.exec_driver_sql("SELECT name FROM customers WHERE id = 1").scalar_one()
    orders = [order_of(stage, customer) for customer in (1, 2, 1)]
    with stage.shop.write() as tx:
        for order, (stars, text, day) in zip(orders, told, strict=True):
            reviews.add(tx, order, Review(stars, text if stars != 4 else f"{name}{text}", day))
    stage.window.go_to("reviews")
    stage.settle()
    found = stage.window.frame.page("reviews")
    assert isinstance(found, ReviewsPage)
    return found


def test_good_ones_are_picked_by_keyboard_and_copied_without_names(stage: Stage, page: ReviewsPage) -> None:
    hands, view = Counting(stage), stage.find(TableView, TABLE)
    view.setFocus()
    hands.key(Qt.Key.Key_P)
    hands.key(Qt.Key.Key_Down)
    hands.key(Qt.Key.Key_Down)
    hands.key(Qt.Key.Key_P)
    assert [one.picked for one in kept(stage)] == [True, False, True]
    hands.key(Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == "很好看 <b>真的</b>\n\n还会再来"
    hands.key(Qt.Key.Key_Z, CTRL)
    assert [one.picked for one in kept(stage)] == [True, False, False]
    stage.find(Button, f"{names.REVIEWS}_kind_picked").click()
    stage.settle()
    assert len(page._shown) == 1
    assert stage.find(Button, f"{names.REVIEWS}_kind_bad").text().endswith("1")


def test_words_and_kinds_narrow_the_list_and_nothing_found_offers_all(stage: Stage, page: ReviewsPage) -> None:
    stage.find(Button, f"{names.REVIEWS}_kind_bad").click()
    stage.settle()
    assert [one.text for one in page._shown.values()] == ["掉漆了"]
    page._find.edit.setText("好看")
    page.refresh()
    stage.settle()
    assert not page._shown
    stage.find(Button, f"{names.REVIEWS}_every").click()
    stage.settle()
    assert len(page._shown) == 3


@pytest.mark.usefixtures("page")
def test_enter_opens_the_card_of_who_wrote_it(stage: Stage) -> None:
    hands, view = Counting(stage), stage.find(TableView, TABLE)
    view.setFocus()
    hands.key(Qt.Key.Key_Down)
    hands.key(Qt.Key.Key_Return)
    current = stage.window.frame.current
    assert current is not None
    assert current.key == "desk"
    assert stage.window.ctx.customer == 2


@pytest.mark.usefixtures("page")
def test_what_is_shown_is_saved_as_a_sheet(stage: Stage, tmp_path: Path) -> None:
    hands = Counting(stage)
    stage.find(Button, f"{names.REVIEWS}_kind_good").click()
    stage.settle()
    stage.find(TableView, TABLE).setFocus()
    with dialogs_of_qt():
        hands.key(Qt.Key.Key_E, CTRL)
        hands.save(tmp_path / "good.xlsx")
    assert openpyxl.load_workbook(tmp_path / "good.xlsx").worksheets[0].max_row == 3


def test_at_an_order_a_review_is_typed_changed_and_removed_with_undo(stage: Stage) -> None:
    hands = Counting(stage)
    order_of(stage, 1)
    stage.window.ctx.open_customer(1)
    stage.settle()
    row = _order_row(stage)
    row.setFocus()
    hands.key(Qt.Key.Key_Return)
    hands.click(names.REVIEW_ADD)
    stage.find(Choice, f"{names.REVIEW}_stars").setFocus()
    hands.type("2")
    stage.find(QLineEdit, f"{names.REVIEW}_text").setFocus()
    hands.type("掉漆了")
    hands.key(Qt.Key.Key_Return, CTRL)
    (one,) = kept(stage)
    assert (one.stars, one.text, one.told_day) == (2, "掉漆了", clock.day_number(stage.shop.as_of))
    line = _order_row(stage).event_shown.text
    assert line.startswith("★★☆☆☆ · ")
    assert line.endswith(" · 掉漆了")
    to_front(stage)
    hands.click(f"{names.REVIEW_EDIT}_{one.id}")
    stage.find(Choice, f"{names.REVIEW}_stars").setFocus()
    hands.type("4")
    hands.key(Qt.Key.Key_Return, CTRL)
    assert [(each.stars, each.text) for each in kept(stage)] == [(4, "掉漆了")]
    to_front(stage)
    hands.click(f"{names.REVIEW_REMOVE}_{one.id}")
    assert kept(stage) == []
    stage.window.setFocus()
    for _each in range(2):
        hands.key(Qt.Key.Key_Z, CTRL)
    assert kept(stage) == [one]


def _order_row(stage: Stage) -> TimelineRow:
    rows = stage.window.findChildren(TimelineRow)
    return next(row for row in rows if row.isVisible() and isinstance(row.event_shown.what, OrderLine))
