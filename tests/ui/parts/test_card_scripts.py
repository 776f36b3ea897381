from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shopcrm.act import desk, script_uses, scripts
from shopcrm.act.script_uses import Tally
from shopcrm.act.scripts import Audience, Draft
from shopcrm.app import Shop
from shopcrm.base.i18n import _
from shopcrm.collect import product_answers
from shopcrm.collect.foreign import ForeignItem, OrderState
from shopcrm.collect.product_answers import AnswerDraft
from shopcrm.ui import names, theme
from shopcrm.ui.parts.script_picker import ScriptPicker
from tests.builders import TODAY, given_orders, given_people, new_shop, order, person
from tests.ui.conftest import Stage, fill, make_stage
from tests.ui.people import Counting, shown
from tests.ui.test_window import clipped

CTRL = Qt.KeyboardModifier.ControlModifier
MILK = ForeignItem("【买二送一】启悦 2 段奶粉 800g 罐装", 1, 2, price=16_800, article="NF-800")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """林小满 wears gold, and her milk is on its way."""
    opened = new_shop(tmp_path / "shop")
    fill(opened)
    given_orders(
        opened,
        [order("2611000000009999", "xiaoman_lin88", TODAY - timedelta(days=1), state=OrderState.SHIPPED, items=[MILK])],
    )
    given_people(opened, [person("林小满", buyer_id="xiaoman_lin88", platform="taobao", member_level="金卡")])
    with opened.write() as tx:
        scripts.add(tx, Draft("随时", "在的～  \n\n\n亲"))
        scripts.add(tx, Draft("金卡专属", "{称呼|亲}，金卡优先发", audience=Audience(levels=("金卡",))))
        scripts.add(tx, Draft("黑卡专属", "黑卡优先发", audience=Audience(levels=("黑卡",))))
        product_answers.add(tx, AnswerDraft("nf-800", "水温多少度？", "{称呼|亲}，45–50 度。"))
        product_answers.add(tx, AnswerDraft("PF-86", "会缩水吗？", "冷水洗不会。"))
    yield opened
    opened.close()


@pytest.fixture
def hand(stage: Stage) -> Counting:
    return Counting(stage)


def open_card(stage: Stage, text: str = "lxm") -> None:
    stage.window.frame.header.search.edit.setText(text)
    stage.settle()


def labels(stage: Stage) -> list[str]:
    panel = stage.find(QWidget, names.CARD_SCRIPTS)
    buttons = [button for button in panel.findChildren(QPushButton) if button.isVisible()]
    return [one.accessibleName() for one in buttons if one.objectName().startswith(names.CARD_SCRIPT_COPY)]


def clipboard() -> str:
    return QApplication.clipboard().text()


def tally(stage: Stage, title: str) -> Tally:
    with stage.shop.read() as tx:
        return next(script.tally for script in scripts.listing(tx) if script.title == title)


def outcomes(stage: Stage) -> dict[str, bool]:
    found = {key: f"card_script_{names.SCRIPT_OUTCOME}_{key}" for key in script_uses.OUTCOMES}
    return {key: stage.find(QPushButton, name).isChecked() for key, name in found.items() if shown(stage, name)}


def test_what_is_for_her_level_stands_first_and_what_is_asked_about_her_parcel_below(stage: Stage) -> None:
    open_card(stage)
    copy = _("Copy “{title}”")
    assert labels(stage) == [copy.format(title=title) for title in ("金卡专属", "随时", "水温多少度？")]
    panel = stage.find(QWidget, names.CARD_SCRIPTS)
    assert "金卡" in [label.text() for label in panel.findChildren(QLabel)]
    open_card(stage, "qing_zhou")
    assert labels(stage) == [copy.format(title="随时")]


def test_an_answer_is_copied_from_the_card_in_four_keys(stage: Stage, hand: Counting) -> None:
    open_card(stage)
    hand.type("/")
    (picker,) = stage.window.findChildren(ScriptPicker)
    listed = [entry.name for entry in picker._finder.list.entries]
    assert listed[:3] == ["金卡专属", "随时", "水温多少度？"]
    assert set(listed[3:]) == {"黑卡专属", "会缩水吗？"}
    hand.type("sw")
    hand.key(Qt.Key.Key_Return)
    assert hand.keys == 4
    assert clipboard() == "小满，45–50 度。"
    with stage.shop.read() as tx:
        assert all(not script.uses for script in scripts.listing(tx))  # an answer is no script
    assert outcomes(stage) == {}


def test_a_copy_is_what_the_chat_wants(stage: Stage, hand: Counting) -> None:
    open_card(stage)
    hand.type("/")
    hand.type("ss")
    hand.key(Qt.Key.Key_Return)
    assert clipboard() == "在的～\n\n亲"


def test_what_came_of_a_copy_is_told_with_one_key_corrected_and_undone(stage: Stage, hand: Counting) -> None:
    open_card(stage)
    assert outcomes(stage) == {}
    hand.key(Qt.Key.Key_F7)  # nothing was copied: nothing to tell
    hand.type("/")
    hand.type("jk")
    hand.key(Qt.Key.Key_Return)
    assert outcomes(stage) == {"answered": False, "bought": False, "no": False}
    assert "金卡专属" in stage.find(QLabel, "card_script_said").text()
    before = hand.keys
    hand.key(Qt.Key.Key_F7)
    assert hand.keys - before == 1
    assert outcomes(stage) == {"answered": False, "bought": True, "no": False}
    assert (tally(stage, "金卡专属").bought, tally(stage, "金卡专属").told) == (1, 1)
    hand.key(Qt.Key.Key_F8)  # she did not after all
    assert outcomes(stage)["no"]
    assert (tally(stage, "金卡专属").bought, tally(stage, "金卡专属").nothing) == (0, 1)
    hand.key(Qt.Key.Key_F8)
    assert tally(stage, "金卡专属").told == 0
    hand.key(Qt.Key.Key_Z, CTRL)
    hand.key(Qt.Key.Key_Z, CTRL)
    assert outcomes(stage)["bought"]
    assert tally(stage, "金卡专属").bought == 1
    hand.click(f"card_script_{names.SCRIPT_OUTCOME}_answered")
    assert tally(stage, "金卡专属").answered == 1
    search = stage.window.frame.header.search.edit
    assert search.text() == "lxm"  # whatever was pressed, nothing was typed


@pytest.mark.parametrize("language", ["zh_CN", "en"], indirect=True)
@pytest.mark.parametrize("percent", [100, 200])
def test_it_fits_a_small_window_in_large_text(
    qtbot: QtBot, qapp: QApplication, shop: Shop, language: str, *, percent: int
) -> None:
    theme.use(qapp, name="light", text_percent=percent, language=language)
    with shop.write() as tx:
        scripts.use(tx, 1, desk.find(tx, "lxm")[0].id)
    stage = make_stage(qtbot, shop, size=(1280, 720))
    open_card(stage)
    stage.window.grab()
    stage.settle()
    assert outcomes(stage) != {}
    assert clipped(stage.window) == []
    stage.end()


def test_nobody_is_told_of_what_came_of_a_copy_for_somebody_else(stage: Stage, hand: Counting) -> None:
    open_card(stage)
    hand.type("/")
    hand.type("jk")
    hand.key(Qt.Key.Key_Return)
    open_card(stage, "qing_zhou")
    assert outcomes(stage) == {}
    hand.key(Qt.Key.Key_F7)
    assert tally(stage, "金卡专属").told == 0
    open_card(stage)
    hand.key(Qt.Key.Key_F6)
    assert tally(stage, "金卡专属").answered == 1
    with stage.shop.read() as tx:
        (lin,) = (hit.id for hit in desk.find(tx, "lxm"))
        use = script_uses.last_for(tx, lin)
    assert use is not None
    assert use.outcome == "answered"
