from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from shopcrm.app import Shop
from shopcrm.ui import place
from shopcrm.ui.messages import Messages
from shopcrm.ui.place import first_size, reachable
from shopcrm.ui.seat import Seat
from shopcrm.ui.window import PAGE_KEY, Window
from tests.ui.conftest import make_stage

MAIN = QRect(0, 0, 1920, 1040)
SECOND = QRect(1920, -200, 1280, 984)


def test_the_first_window_fits_the_screen_with_its_frame() -> None:
    assert first_size(QSize(2560, 1440)) == QSize(1280, 800)
    assert first_size(QSize(1280, 720)) == QSize(1278, 680)
    assert first_size(QSize(800, 600)) == QSize(960, 600)


def test_a_window_stays_where_it_was_while_that_screen_is_there() -> None:
    there = QRect(2000, -100, 1100, 800)
    assert reachable(there, [MAIN, SECOND]) == there
    gone = reachable(there, [MAIN])
    assert gone.size() == there.size()
    assert MAIN.contains(gone)


@given(
    st.integers(-9000, 9000), st.integers(-9000, 9000), st.integers(200, 6000), st.integers(200, 4000),
    st.lists(st.sampled_from((MAIN, SECOND, QRect(-1024, 0, 1024, 768))), min_size=1, unique_by=lambda each: each.x()),
)  # fmt: skip
def test_its_title_can_always_be_taken_hold_of(x: int, y: int, width: int, height: int, screens: list[QRect]) -> None:
    found = reachable(QRect(x, y, width, height), screens)
    title = QRect(found.x(), found.y(), found.width(), place.GRIP.height())
    held = [title & screen for screen in screens]
    assert any(each.height() == title.height() and each.width() >= place.GRIP.width() for each in held)


def test_size_and_last_page_come_back_and_a_place_on_a_screen_that_is_gone_does_not(
    qtbot: QtBot, qapp: QApplication, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = make_stage(qtbot, shop, size=(1100, 700))
    stage.window.go_to("segments")
    stage.settle()
    stage.window.move(5000, 4000)
    stage.window.save_place()
    stage.end()
    again = Window(Seat(shop.home.seat_file), Messages())
    # Qt brings a window back by itself when it knows that the screen went; here the blob says that it is there.

    def trust(_blob: object) -> bool:
        again.setGeometry(5000, 4000, 1100, 700)
        return True

    monkeypatch.setattr(again, "restoreGeometry", trust)
    again.restore_place()
    assert qapp.primaryScreen().availableGeometry().contains(again.geometry().topLeft())
    again.deleteLater()
    stage = make_stage(qtbot, shop)
    assert stage.window.frame.current is stage.window.frame.page("segments")
    stage.end()


def test_a_page_that_is_no_more_opens_the_desk(qtbot: QtBot, shop: Shop) -> None:
    Seat(shop.home.seat_file).put(PAGE_KEY, "horoscopes")
    stage = make_stage(qtbot, shop)
    assert stage.window.frame.current is stage.window.frame.page("desk")
    stage.end()
