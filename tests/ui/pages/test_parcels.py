from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from shopcrm.act import desk, script_presets, scripts
from shopcrm.base import clock
from shopcrm.collect.foreign import OrderState
from shopcrm.mine import parcels
from shopcrm.ui import names
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.pages.parcels import ParcelsPage
from shopcrm.ui.parts import card_now
from tests.builders import TODAY, given_orders
from tests.mine.test_parcels import arrived, sent
from tests.ui.conftest import Stage
from tests.ui.people import Counting

TABLE = f"{names.PARCELS}_table"
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(stage: Stage) -> ParcelsPage:
    given_orders(
        stage.shop,
        [
            *(arrived(number, 2) for number in range(20)),
            sent("2611000000001001", 8, nick="xiaoman_lin88", recipient_name="林小满"),
            sent("2611000000001002", 3, nick="qing_zhou", recipient_name="周*"),
            sent("2611000000001003", 4, nick="guest_1", state=OrderState.PAID, shipped_at=None, tracking_number=None),
        ],
    )
    return opened(stage)


def opened(stage: Stage) -> ParcelsPage:
    stage.window.go_to("parcels")
    stage.settle()
    found = stage.window.frame.page("parcels")
    assert isinstance(found, ParcelsPage)
    stage.find(TableView, TABLE).setFocus()
    return found


def test_the_worst_stands_first_its_numbers_words_and_card_are_one_key_away(stage: Stage, page: ParcelsPage) -> None:
    with stage.shop.write() as tx:
        script_presets.take(tx, language="zh_CN")
    hands, table = Counting(stage), stage.find(TableView, TABLE)
    assert [page._rows[int(order)].kind for order in table.paged.ids] == list(parcels.KINDS)
    hands.key(Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == "VX2611000000001001"
    hands.key(Qt.Key.Key_Space)
    hands.key(Qt.Key.Key_Down)
    hands.key(Qt.Key.Key_Space)
    hands.key(Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text().split() == ["VX2611000000001001", "VX2611000000001002"]
    hands.key(Qt.Key.Key_Up)
    hands.key(Qt.Key.Key_C)
    stage.settle()
    assert QApplication.clipboard().text().startswith("小满，让您久等了")
    with stage.shop.read() as tx:
        late = next(one for one in scripts.listing(tx) if one.title == "快递慢了，先道歉")
    assert late.uses == 1
    hands.key(Qt.Key.Key_Return)
    stage.settle()
    with stage.shop.read() as tx:
        (lin,) = (hit.id for hit in desk.find(tx, "xiaoman_lin88"))
    assert stage.window.ctx.customer == lin


def test_a_kind_is_chosen_and_how_long_parcels_take_is_a_table(stage: Stage, page: ParcelsPage) -> None:
    stage.find(QWidget, f"{names.PARCELS}_view_late").click()  # type: ignore[attr-defined]
    assert [page._rows[int(order)].number for order in stage.find(TableView, TABLE).paged.ids] == ["2611000000001002"]
    page.show_view("transit")
    transit = stage.find(TableView, f"{names.PARCELS}_transit")
    assert transit.hasFocus()
    first = [column.text(transit.paged.row(0)) for column in transit.paged.columns]
    assert first == ["全店", "全部快递", "20", "2 天", "2 天", "全店"]


def test_the_list_is_saved_as_texts_and_stands_in_the_journal(stage: Stage, page: ParcelsPage, tmp_path: Path) -> None:
    assert page.isVisible()
    Counting(stage).key(Qt.Key.Key_E, CTRL)
    dialog = stage.find(QFileDialog, names.SAVE_DIALOG)
    target = tmp_path / "parcels.xlsx"
    dialog.fileSelected.emit(str(target))
    dialog.close()
    stage.settle()
    head, *rows = list(openpyxl.load_workbook(target).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    number = head.index("订单编号")
    assert [row[number] for row in rows] == [f"261100000000100{n}" for n in (1, 2, 3)]
    with stage.shop.read() as tx:
        kind, summary = tx.connection.exec_driver_sql(
            "SELECT kind, summary FROM change_sets ORDER BY id DESC LIMIT 1"
        ).one()
    assert kind == "export"
    assert '"parcels"' in summary


def test_her_card_says_how_long_it_has_been_under_way(stage: Stage, page: ParcelsPage) -> None:
    assert page.isVisible()
    said = {}
    with stage.shop.read() as tx:
        for nick in ("xiaoman_lin88", "qing_zhou", "guest_1"):
            hit = desk.find(tx, nick)[0]
            card = desk.card(tx, stage.shop.columns(), hit.id)
            said[nick] = card_now.matters(stage.window.ctx, card, today=clock.day_number(TODAY))
    stuck = next(one for one in said["xiaoman_lin88"] if one.icon == "package")
    assert (stuck.text, stuck.badge, stuck.tone) == ("订单 …1001：已在路上 8 天，一般 2 天", "卡住", "bad")
    assert stuck.tooltip == "虚构快递 VX2611000000001001"
    late = next(one for one in said["qing_zhou"] if one.icon == "package")
    assert (late.text, late.badge, late.tone) == ("订单 …1002：已在路上 3 天，一般 2 天", "晚到", "warn")
    unsent = [one for one in said["guest_1"] if one.icon == "package"]
    assert [(one.text, one.badge) for one in unsent] == [("订单 …1003：付款 4 天了还没发货", "未发货")]


def test_where_nothing_is_late_the_page_says_so(stage: Stage) -> None:
    page = opened(stage)
    assert page.first_focus() is stage.find(QWidget, f"{names.PARCELS}_take")
    assert "4 天" in page.head.state.text()
