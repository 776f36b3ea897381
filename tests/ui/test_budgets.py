"""The jobs of the desk, of the customers and of the scripts, each played with real keys and counted.

A job that takes a key more than it may fails here. What else these keys do is tested with their pages.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit

from shopcrm.act import scripts
from shopcrm.act.scripts import Draft
from shopcrm.collect import notes
from shopcrm.ui import names
from shopcrm.ui.kit.text import Elided
from shopcrm.ui.parts.customer_table import CustomerTable
from tests.builders import TODAY, given_orders, order
from tests.ui.conftest import PHONE, Stage
from tests.ui.people import Counting, shown

CTRL: Final = Qt.KeyboardModifier.ControlModifier
LIN: Final = "林小满"
NOTE: Final = "要无腥味的"
TYPED_TO_CARD: Final = 0  # beside the characters
NOTED: Final = 2  # one to get there and Enter, beside the text
SCRIPT_COPIED: Final = 5
FOUND_BY_TAIL_AND_TAG: Final = 6


@pytest.fixture
def hands(stage: Stage) -> Counting:
    return Counting(stage)


@pytest.fixture
def lin(stage: Stage, hands: Counting) -> Counting:
    """Her card is open and the keyboard in the search box, as after typing who writes; counted from here."""
    hands.type("lxm")
    assert on_card(stage) == LIN
    hands.keys = 0
    return hands


@pytest.fixture
def worded(stage: Stage) -> None:
    """As many scripts as one cannot tell by a letter."""
    given = [
        Draft("库存提醒", "{称呼|亲}，还给您留着～", "催付", situation="unpaid"),
        Draft("换段说明", "先新后旧。", "奶粉"),
    ]
    with stage.shop.write() as tx:
        for draft in (*given, *(Draft(f"节日问候 {n}", "节日快乐～", "节日") for n in range(30))):
            scripts.add(tx, draft)
    stage.settle()


def on_card(stage: Stage) -> str:
    label = stage.find(Elided, names.CARD_NAME)
    return label.text() if label.isVisible() else ""


def clipboard() -> str:
    return QApplication.clipboard().text()


# The desk


@pytest.mark.parametrize("copied", ["xiaoman_lin88", "138-0013-5678", " 旺旺：xiaoman_lin88 "])
def test_copied_in_another_program_is_a_card_without_a_key(
    stage: Stage, hands: Counting, copied: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = stage.window.ctx.clipboard
    monkeypatch.setattr(watch._clipboard, "ownsClipboard", lambda: False)
    watch.watch(True)
    QGuiApplication.clipboard().setText(copied)
    stage.bot.wait(0)
    stage.settle()
    assert on_card(stage) == LIN
    assert hands.keys == hands.clicks == 0
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize("typed", ["5678", PHONE, "xiaom", LIN, "lxm", "014821"])
def test_typed_is_a_card_with_the_characters_alone(stage: Stage, hands: Counting, typed: str) -> None:
    hands.type(typed)
    assert on_card(stage) == LIN
    assert hands.keys == len(typed) + TYPED_TO_CARD
    assert stage.find(QLineEdit, names.SEARCH).hasFocus()


def test_a_note_is_kept_with_one_key_its_text_and_enter(stage: Stage, lin: Counting) -> None:
    lin.key(Qt.Key.Key_N, CTRL)
    lin.type(NOTE)
    lin.key(Qt.Key.Key_Return)
    with stage.shop.read() as tx:
        assert stage.window.ctx.customer is not None
        assert notes.of_customer(tx, stage.window.ctx.customer)[0].text == NOTE
    assert lin.keys == len(NOTE) + NOTED


@pytest.mark.usefixtures("worded")
@pytest.mark.parametrize(
    ("typed", "copied"), [("", "小满，还给您留着～"), ("hd", "先新后旧。")], ids=["what fits now", "another one"]
)
def test_a_script_is_copied_from_the_card(stage: Stage, lin: Counting, typed: str, copied: str) -> None:
    lin.type("/")
    lin.type(typed)
    lin.key(Qt.Key.Key_Return)
    assert clipboard() == copied
    assert lin.keys <= SCRIPT_COPIED
    assert not shown(stage, names.SCRIPT_PICKER)
    assert stage.find(QLineEdit, names.SEARCH).hasFocus(), "and the next customer may be typed"


# The customers


@pytest.mark.parametrize(("tail", "tag"), [("5678", "宝"), ("678", "bm")])
def test_by_phone_tail_and_tag_one_is_found_in_the_list(stage: Stage, hands: Counting, tail: str, tag: str) -> None:
    given_orders(stage.shop, [order("26110000001", "other", TODAY - timedelta(days=1), phone="13911115678")])
    stage.window.go_to("customers")
    stage.settle()
    table = stage.find(CustomerTable, names.CUSTOMER_TABLE)
    for digit in tail:  # the first one opens the box
        hands.type(digit)
    stage.bot.waitUntil(lambda: len(table.paged.ids) == 2)
    hands.type(" ")
    hands.type(tag)
    stage.bot.waitUntil(lambda: len(table.paged.ids) == 1)
    with stage.shop.read() as tx:
        found = tx.connection.exec_driver_sql("SELECT name FROM customers WHERE id = ?", (int(table.paged.ids[0]),))
        assert found.scalar_one() == LIN
    assert hands.keys <= FOUND_BY_TAIL_AND_TAG


# The scripts


@pytest.mark.usefixtures("worded")
@pytest.mark.parametrize("typed", ["hd", "NF", "hdsm"])
def test_a_script_is_copied_on_its_page(stage: Stage, lin: Counting, typed: str) -> None:
    with stage.shop.write() as tx:
        (found,) = (script for script in scripts.listing(tx) if script.title == "换段说明")
        scripts.edit(tx, found.id, Draft(found.title, found.body, found.folder, "NF-800"))
    stage.window.go_to("scripts")
    stage.settle()
    lin.type(typed)
    lin.key(Qt.Key.Key_Return)
    assert clipboard() == "先新后旧。"
    assert lin.keys <= SCRIPT_COPIED
