from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from shopcrm.mine import rfm
from shopcrm.mine.rfm import RfmRule, Thresholds
from shopcrm.ui import names
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.text import Text
from shopcrm.ui.pages.segments import SegmentsPage, rule_sentences
from shopcrm.ui.parts.group_grid import KEYS
from tests.ui.conftest import Stage
from tests.ui.people import Counting, with_regulars


@pytest.fixture
def page(stage: Stage) -> SegmentsPage:
    with_regulars(stage.shop)
    stage.window.go_to("segments")
    stage.settle()
    found = stage.window.frame.page("segments")
    assert isinstance(found, SegmentsPage)
    return found


def table(stage: Stage) -> TableView:
    return stage.find(TableView, names.SEGMENT_TABLE)


def figure(stage: Stage) -> int:
    return int(stage.find(Text, "segment_count").text())


def test_the_number_of_every_card_is_the_length_of_its_list(stage: Stage, page: SegmentsPage) -> None:
    with stage.shop.read() as tx:
        sizes = {line.key: line.customers for line in rfm.scores(tx, stage.shop.columns()).groups}
    assert sum(sizes.values()) == len(stage.shop.columns())
    for key in KEYS:
        card = stage.find(QWidget, f"{names.SEGMENT_CARD}_{key}")
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
        stage.settle()
        assert figure(stage) == len(table(stage).paged.ids) == sizes[key]
        assert f"; {sizes[key]};" in card.accessibleName()
    assert page.remember() == {"group": KEYS[-1]}


def test_arrows_walk_the_grid_enter_goes_to_the_customers_and_opens_one(stage: Stage, page: SegmentsPage) -> None:
    hands = Counting(stage)
    page._grid.choose("privileged")
    first = page.first_focus()
    assert first is not None
    first.setFocus()
    for key, group in (
        (Qt.Key.Key_Right, "valuable"),
        (Qt.Key.Key_Right, "to_maintain"),
        (Qt.Key.Key_Down, "ordinary"),
        (Qt.Key.Key_Left, "to_revive"),
        (Qt.Key.Key_Up, "valuable"),
        (Qt.Key.Key_Left, "privileged"),
    ):
        hands.key(key)
        assert page.remember() == {"group": group}
    filled = next(key for key in KEYS if len(_ids(stage, key)))
    page._grid.choose(filled)
    stage.settle()
    hands.key(Qt.Key.Key_Return)
    assert table(stage).hasFocus()
    wanted: list[tuple[str, object]] = []
    stage.window.ctx.page_wanted.connect(lambda key, target: wanted.append((key, target)))
    hands.key(Qt.Key.Key_Return)
    assert wanted == [("desk", int(_ids(stage, filled)[0]))]


def _ids(stage: Stage, group: str) -> list[int]:
    from shopcrm.act import customer_list

    with stage.shop.read() as tx:
        return [int(one) for one in customer_list.ids(tx, stage.shop.columns(), group=group)]


def test_every_customer_says_why(stage: Stage, page: SegmentsPage) -> None:
    key = next(key for key in KEYS if len(_ids(stage, key)))
    page._grid.choose(key)
    stage.settle()
    stage.window.grab()
    stage.settle()
    row = table(stage).paged.row(0)
    assert row is not None
    why = next(column for column in table(stage).paged.columns if column.key == "why").text(row)
    assert str(row.frequency) in why
    assert "，" in why


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_the_rule_is_said_with_its_thresholds(language: str) -> None:
    assert language == "en"
    found = rule_sentences(
        Thresholds(76.0, 1.81, 16_840.5, "cycle", "mean", "median"),
        RfmRule(),
        money=lambda minor: f"¥{minor / 100:.2f}",
    )
    assert found == [
        "near = bought within 76 days (the shop's cycle, P80)",
        "many = ≥ 1.8 times in 365 days (mean)",
        "high = ≥ ¥168.40 an order (median)",
    ]
