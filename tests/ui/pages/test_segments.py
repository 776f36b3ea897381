from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shopcrm.app import Shop
from shopcrm.base.options import RFM_M_RULE, RFM_R_RULE
from shopcrm.collect import settings
from shopcrm.mine import movement, rfm
from shopcrm.mine.rfm import RfmRule, Thresholds
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Listing
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.text import Text
from shopcrm.ui.pages.segments import BESIDE, SegmentsPage
from shopcrm.ui.parts.group_grid import KEYS, signed
from shopcrm.ui.parts.inspector import Inspector
from shopcrm.ui.parts.rule_words import rule_sentences
from tests.ui.conftest import Stage, make_stage
from tests.ui.people import Counting, to_front, with_regulars
from tests.ui.test_window import clipped


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
    warnings = 0
    for key in KEYS:
        card = stage.find(QWidget, f"{names.SEGMENT_CARD}_{key}")
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
        stage.settle()
        assert figure(stage) == len(table(stage).paged.ids) == sizes[key]
        assert f"; {sizes[key]};" in card.accessibleName()
        share = sizes[key] / sum(sizes.values())
        said = "超过全部的 60 %" if share > 0.6 else "不到全部的 1 %" if share < 0.01 else ""
        warned = [text.text() for text in card.findChildren(Text) if text.property("tone") == "warn"]
        assert warned == ([f"人 · {said}"] if said else [])
        warnings += len(warned)
    assert page.remember() == {"group": KEYS[-1]}
    assert warnings


def test_arrows_walk_the_grid_enter_goes_to_the_customers_and_opens_a_card_beside_them(
    stage: Stage, page: SegmentsPage
) -> None:
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
    inspector = stage.find(Inspector, names.INSPECTOR)
    assert not inspector.isVisible()
    hands.key(Qt.Key.Key_Return)
    first_id, second_id = _ids(stage, filled)[:2]
    assert (inspector.isVisible(), inspector.customer) == (True, first_id)
    copy = inspector.findChild(Button, names.CARD_GREETING_COPY)
    assert copy is not None
    assert not copy._shows_keys(), "Ctrl+Enter goes to the desk here"
    assert [column.key for column in table(stage).paged.columns] == list(BESIDE)
    table(stage).setFocus()
    hands.key(Qt.Key.Key_Down)
    assert inspector.customer == second_id
    wanted: list[tuple[str, object]] = []
    stage.window.ctx.page_wanted.connect(lambda key, target: wanted.append((key, target)))
    hands.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert wanted == [("desk", second_id)]
    stage.window.go_to("segments")
    stage.settle()
    table(stage).setFocus()
    hands.key(Qt.Key.Key_Escape)
    assert not inspector.isVisible()
    assert table(stage).hasFocus()
    assert len(table(stage).paged.columns) > len(BESIDE)


def _ids(stage: Stage, group: str) -> list[int]:
    from shopcrm.act import customer_list

    with stage.shop.read() as tx:
        return [int(one) for one in customer_list.ids(tx, stage.shop.columns(), group=group)]


def test_what_moved_since_last_month_opens_to_those_who_did(stage: Stage, page: SegmentsPage) -> None:
    with stage.shop.read() as tx:
        found = movement.movement(tx, stage.shop.columns())
    assert found.known_then
    wanted: list[Listing] = []
    stage.window.ctx.page_wanted.connect(lambda _key, target: wanted.append(target))
    seen = 0
    for key in KEYS:
        to_front(stage)
        page._grid.choose(key)
        stage.settle()
        card = page._grid.card(key)
        assert card.accessibleName().endswith(signed(found.change(key)))
        button = stage.find(QPushButton, names.SEGMENT_MOVEMENT)
        button.setFocus()
        Counting(stage).key(Qt.Key.Key_Space)
        (menu,) = (one for one in page.findChildren(QMenu, f"{names.SEGMENT_MOVEMENT}_menu") if one.isVisible())
        expected = [sum(found.came_from(key).values()), *sorted(found.came_from(key).values(), reverse=True)]
        expected += [sum(found.went_to(key).values()), *sorted(found.went_to(key).values(), reverse=True)]
        entries = [action for action in menu.actions() if not action.isSeparator()]
        for action, count in zip(entries, expected, strict=True):
            assert action.text().endswith(f"：{count} 人")
            assert action.isEnabled() == bool(count)
            action.trigger()
            if count:
                with stage.shop.read() as tx:
                    assert len(wanted.pop().ids(tx, stage.shop.columns())) == count
                seen += 1
        menu.close()
        stage.window.go_to("segments")
        stage.settle()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        wanted.clear()
    assert seen > 2


def test_scores_stand_behind_the_figures_they_come_from(stage: Stage, page: SegmentsPage) -> None:
    with stage.shop.write() as tx:
        settings.choose(tx, {RFM_R_RULE: "scores", RFM_M_RULE: "scores"})
    stage.bot.waitUntil(lambda: page._found is not None and len(page._found.counted.high_from) == 2)
    stage.settle()
    key = next(key for key in KEYS if len(_ids(stage, key)))
    page._grid.choose(key)
    stage.settle()
    stage.window.grab()
    # The rows of the old rule are shown until those of the new one have come.
    stage.bot.waitUntil(lambda: set(getattr(table(stage).paged.row(0), "scores", ())) == {"r", "m"})
    why = next(column for column in table(stage).paged.columns if column.key == "why")
    row = table(stage).paged.row(0)
    assert row is not None
    with stage.shop.read() as tx:
        columns = stage.shop.columns()
        (place,) = columns.rows(table(stage).paged.ids[:1]).tolist()
        points = rfm.scores(tx, columns).points
    assert row.scores == {name: int(points[name].by_customer[place]) for name in ("r", "m")}
    assert why.text(row).count("分）") == 2


def test_the_method_is_told_for_the_open_group(stage: Stage, page: SegmentsPage) -> None:
    button = stage.find(QPushButton, names.SEGMENT_METHOD)
    text = stage.find(Text, f"{names.SEGMENT_METHOD}_text")
    assert not text.isVisible()
    button.click()
    page._grid.choose("low_value")
    stage.settle()
    assert text.isVisible()
    assert text.text().startswith(words.group("low_value"))
    assert "365" in text.text()
    assert clipped(stage.window) == []
    button.click()
    assert not text.isVisible()


@pytest.mark.parametrize("language", ["zh_CN", "en"], indirect=True)
@pytest.mark.parametrize("percent", [100, 200])
def test_nothing_is_clipped_beside_an_open_card(
    qtbot: QtBot, qapp: QApplication, shop: Shop, language: str, *, percent: int
) -> None:
    theme.use(qapp, name="light", text_percent=percent, language=language)
    stage = make_stage(qtbot, shop, size=(1280, 720))
    stage.window.go_to("segments")
    stage.settle()
    page = stage.window.frame.page("segments")
    assert isinstance(page, SegmentsPage)
    page.inspect(table(stage).current_id)
    stage.settle()
    stage.window.grab()
    stage.settle()
    assert clipped(stage.window) == []
    stage.end()


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


def yuan(minor: int) -> str:
    return f"¥{minor / 100:.2f}"


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_the_rule_is_said_with_its_thresholds(language: str) -> None:
    assert language == "en"
    found = rule_sentences(Thresholds(76.0, 1.81, 16_840.5, "cycle", "mean", "median"), RfmRule(), money=yuan)
    assert found == [
        "near = bought within 76 days (the shop's cycle, P80)",
        "many = ≥ 1.8 times in 365 days (mean)",
        "high = ≥ ¥168.40 an order (median)",
    ]
    found = rule_sentences(
        Thresholds(40.0, None, 16_841.0, "scores", "scores", "scores"),
        RfmRule(window_days=0, money="total"),
        money=yuan,
        high_from={"r": 4, "f": 6, "m": 3},
    )
    assert found == [
        "near = bought within 40 days (score 4 of 5 or more)",
        "many = nobody: all have the score 5",
        "high = ≥ ¥168.41 in total (score 3 of 5 or more)",
    ]
