from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from shopcrm.collect.foreign import OrderState
from shopcrm.mine import parcels
from shopcrm.ui import names
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.text import Text
from shopcrm.ui.pages.parcels import ParcelsPage
from tests.builders import TODAY, given_orders, order
from tests.ui.conftest import Stage
from tests.ui.pages.test_customers import CTRL
from tests.ui.pages.test_desk import named
from tests.ui.people import Counting

TABLE = f"{names.PARCELS}_table"


@pytest.fixture
def page(stage: Stage) -> ParcelsPage:
    sent = []
    for number, buyer, ago, state in (
        ("8001", "stuck_a", 12, OrderState.SHIPPED),
        ("8002", "stuck_b", 9, OrderState.SHIPPED),
        ("8003", "late_c", 5, OrderState.SHIPPED),
        ("8004", "waits_d", 4, OrderState.PAID),
        ("8005", "in_time", 1, OrderState.SHIPPED),
    ):
        bought = order(number, buyer, TODAY - timedelta(days=ago), 5_000, recipient_name=buyer, state=state)
        there = state is OrderState.SHIPPED
        sent.append(
            replace(
                bought,
                shipped_at=bought.paid_at if there else None,
                tracking_number=f"SF{number}" if there else None,
                carrier="虚构速运" if there else None,
            )
        )
    given_orders(stage.shop, sent)
    stage.window.go_to("parcels")
    stage.settle()
    found = stage.window.frame.page("parcels")
    assert isinstance(found, ParcelsPage)
    return found


def listed(stage: Stage) -> list[str]:
    table = stage.find(TableView, TABLE)
    return [table.paged.index(row, 0).data() for row in range(table.paged.rowCount())]


def test_the_worst_stand_first_and_each_kind_is_a_view(stage: Stage, page: ParcelsPage) -> None:
    assert page.isVisible()
    assert listed(stage)[:2] == ["stuck_a", "stuck_b"]
    stage.find(Button, f"{names.PARCELS}_view_late").click()
    assert listed(stage) == ["late_c"]
    stage.find(Button, f"{names.PARCELS}_view_unsent").click()
    assert "waits_d" in listed(stage)
    assert not stage.find(Button, f"{names.PARCELS}_copy").isEnabled()
    stage.find(Button, f"{names.PARCELS}_view_times").click()
    said = [each.text() for each in page.findChildren(Text) if each.isVisible()]
    assert "记录还不够" in said


def test_a_number_is_copied_the_card_opened_and_the_people_listed_by_keys(stage: Stage, page: ParcelsPage) -> None:
    hands = Counting(stage)
    page.first_focus().setFocus()  # type: ignore[union-attr]  # there is one
    hands.key(Qt.Key.Key_Down)
    hands.key(Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == "SF8002"
    hands.key(Qt.Key.Key_L, CTRL)
    with stage.shop.read() as tx:
        stuck = {one.customer for one in parcels.waiting(tx, stage.shop.columns()) if one.kind == parcels.STUCK}
    assert set(stage.find(TableView, names.CUSTOMER_TABLE).paged.ids.tolist()) == stuck
    stage.window.go_to("parcels")
    stage.settle()
    page.first_focus().setFocus()  # type: ignore[union-attr]
    hands.key(Qt.Key.Key_Return)
    said = " ".join(text.text() for text in named(stage, names.CARD_OPEN_MATTERS).findChildren(Text))
    assert "在路上 9 天，平时 4 天" in said


def test_the_list_goes_out_as_a_sheet(stage: Stage, page: ParcelsPage, tmp_path: Path) -> None:
    from shopcrm.act import parcel_sheet

    with stage.shop.write() as tx:
        found = parcels.waiting(tx, stage.shop.columns())
        assert parcel_sheet.export_parcels(tx, found, tmp_path / "p.xlsx") == len(found)
    sheet = openpyxl.load_workbook(tmp_path / "p.xlsx").active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=3)]
    assert rows[1] == ["卡住", "stuck_a", "8001"]
    assert page.isVisible()
