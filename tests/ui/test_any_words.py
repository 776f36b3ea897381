"""Whatever is pasted into whichever field: kept whole or refused in a sentence, shown as it is, and nothing breaks.

The fields are taken from the widgets of each place: a new one of a form or a block is tried without a word here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from shopcrm.act import scripts
from shopcrm.act.scripts import Draft
from shopcrm.app import Shop
from shopcrm.base.options import TRADE
from shopcrm.base.text import clean
from shopcrm.collect import attributes, people_data, settings, tags
from shopcrm.collect.attribute_list import Draft as AttributeDraft
from shopcrm.ui import names
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.messages import Failed
from shopcrm.ui.parts.card import CustomerCard
from shopcrm.ui.parts.card_person import NEW
from shopcrm.ui.parts.customer_table import CustomerTable
from tests.builders import content
from tests.ui.conftest import Stage

CTRL: Final = Qt.KeyboardModifier.ControlModifier
LONG: Final = "好" * 20_000
TEXTS: Final = {
    "long": LONG,
    "marks": "<b>粗</b><img src=x>&amp; \"'“ \u202e右左\u202c👩‍👧🏽 \x00\x07\ufeff尾",
    "formula": "=1+1{name}",
    "blanks": " \u3000\t\xa0 ",
}
EVERYWHERE: Final = (names.SEARCH, names.CARD_NOTE_EDIT)  # each has a place of its own below
Field = QLineEdit | QPlainTextEdit
Opener = Callable[[Stage], None]


def card(stage: Stage) -> CustomerCard:
    return stage.find(CustomerCard, names.CARD)


def at_card(do: Callable[[CustomerCard], object]) -> Opener:
    def opened(stage: Stage) -> None:
        stage.window.go_to("desk")
        stage.window.ctx.open_customer(1)
        stage.settle()
        do(card(stage))

    return opened


def on_page(page: str, action: str = "", *, do: Callable[[Any], object] = bool) -> Opener:
    def opened(stage: Stage) -> None:
        stage.window.go_to(page)
        stage.settle()
        do(stage.window.frame.page(page))
        if action:
            _act(stage.window, action)

    return opened


def _act(window: QWidget, name: str) -> None:
    action = window.findChild(QAction, name)
    assert action is not None, name
    action.trigger()


def checked(button: str, *, then: Callable[[Stage], object] = bool) -> Opener:
    """Customers are checked in the list, and something is done to the checked."""

    def opened(stage: Stage) -> None:
        stage.window.go_to("customers")
        stage.settle()
        table = stage.find(CustomerTable, names.CUSTOMER_TABLE)
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_A, CTRL)
        stage.settle()
        stage.find(QPushButton, button).click()
        stage.settle()
        then(stage)

    return opened


def _choose_a_field_of_words(stage: Stage) -> None:
    box = stage.find(Choice, names.BULK_FIELD)
    box.set_key("occupation")
    box.activated.emit(box.currentIndex())


def in_panel(stage: Stage) -> None:
    stage.window.ctx.beside.open().show_customer(1)


KEYS: Final = ("baby_name", "baby_born", "baby_shoe_size", "allergies", "birthday")
PLACES: Final[dict[str, Opener]] = {
    "name": at_card(lambda card: card.head.edit_name()),
    "tag": at_card(lambda card: card.head.add_tag()),
    names.CARD_NOTE_EDIT: at_card(lambda card: card.write_note()),
    "wish": at_card(lambda card: card.note_wish()),
    "trouble": at_card(lambda card: card.trouble.edit()),
    "consent": at_card(lambda card: card.side.about.consents._open_form("sms")),
    "new attribute": at_card(lambda card: card.now.attributes._open_form(AttributeDraft(""), "")),
    **{
        f"identity {kind}": at_card(lambda card, kind=kind: card.head.identities.add(kind))  # type: ignore[misc]
        for kind in ("phone", "wechat", "email", "buyer_id")
    },
    **{
        f"person {key}": at_card(lambda card, key=key: card.side.about.person._fill(opened=key))  # type: ignore[misc]
        for key in (*people_data.FIELDS, NEW)
        if key not in ("gender", "age_band")  # chosen from a menu
    },
    **{
        f"attribute {key}": at_card(lambda card, key=key: card.now.attributes.edit(key))  # type: ignore[misc]
        for key in KEYS
    },
    "follow-up": at_card(lambda card: _act(card.window(), "action_desk_follow_up")),
    "new customer": on_page("desk", "action_window_new_customer"),
    "new order": on_page("desk", "action_window_new_order"),
    "panel": in_panel,
    "customers": on_page("customers"),
    "view": on_page("customers", do=lambda page: page._views.ask_save()),
    "filter": on_page("customers", do=lambda page: page.findChild(QPushButton, names.FILTER_ADD).click()),
    "tag of the checked": checked(names.SELECTION_TAG),
    "field of the checked": checked(names.SELECTION_FIELD, then=_choose_a_field_of_words),
    "tags": on_page("tags"),
    "new tag": on_page("tags", do=lambda page: page._ask_new()),
    "scripts": on_page("scripts"),
    "new script": on_page("scripts", "action_scripts_new_script"),
    "today": on_page("today", do=lambda page: QTest.keyClick(page.findChild(QWidget, names.TODAY_LIST), Qt.Key.Key_N)),
    names.SEARCH: on_page("desk"),
}


@pytest.fixture
def shop(shop: Shop) -> Shop:
    with shop.write() as tx:
        settings.choose(tx, {TRADE: "mother_baby"})
        attributes.put(tx, {1: {"baby_name": "团团"}})
        scripts.add(tx, Draft("问候", "{称呼|亲}，在的～"))
        tags.put(tx, [2], name="团长")
    return shop


def fields(stage: Stage) -> Iterator[Field]:
    """The text fields that somebody could type in now."""
    modal = QApplication.activeModalWidget()
    for top in [modal] if modal is not None else [stage.window, *_panels(stage)]:
        for field in top.findChildren(QWidget):
            if not isinstance(field, QLineEdit | QPlainTextEdit) or field.isReadOnly():
                continue
            if field.isVisible() and field.isEnabled():
                yield field


def _panels(stage: Stage) -> list[QWidget]:
    panel = stage.window.ctx.beside.panel
    return [] if panel is None else [panel]


def key_of(field: Field) -> str:
    return field.objectName() or field.accessibleName()


class _Ears:
    """What was said since it was last asked."""

    def __init__(self, stage: Stage) -> None:
        self._said: list[str] = []
        self.bugs: list[Failed] = []
        stage.window.ctx.messages.said.connect(lambda said: self._said.append(said.text))
        stage.window.ctx.messages.failed.connect(self._failed)

    def _failed(self, failed: Failed) -> None:
        self._said.append(failed.text)
        if failed.kind == "bug":
            self.bugs.append(failed)

    def heard(self) -> list[str]:
        wrong = [label.text() for label in _labels() if label.property("tone") == "bad" and label.text()]
        said, self._said = self._said, []
        return [*said, *wrong]


def _labels() -> Iterator[QLabel]:
    for top in QApplication.topLevelWidgets():
        yield from (label for label in top.findChildren(QLabel) if label.isVisible())


def _shown_plainly() -> None:
    for top in QApplication.topLevelWidgets():
        if top.isVisible():
            top.grab()
        for widget in (top, *top.findChildren(QWidget)):
            assert "<img" not in widget.toolTip(), widget.objectName()
            if isinstance(widget, QLabel) and "<" in widget.text():
                assert widget.textFormat() == Qt.TextFormat.PlainText, widget.objectName()


def _strings(shop: Shop) -> set[str]:
    return {
        cell
        for table, rows in content(shop).items()
        if table != "search_tokens"
        for row in rows
        for cell in row
        if isinstance(cell, str)
    }


def _close(stage: Stage) -> None:
    while (modal := QApplication.activeModalWidget()) is not None:
        assert isinstance(modal, QDialog)
        modal.reject()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    stage.window.activateWindow()
    focused = QApplication.focusWidget()
    if focused is not None:
        QTest.keyClick(focused, Qt.Key.Key_Escape)
    stage.settle()


@pytest.mark.parametrize("place", PLACES)
def test_any_words_are_kept_whole_or_refused_and_shown_as_they_are(stage: Stage, place: str) -> None:
    ears, opened = _Ears(stage), PLACES[place]
    opened(stage)
    stage.settle()
    found = [key for key in dict.fromkeys(map(key_of, fields(stage))) if key not in EVERYWHERE or key == place]
    _close(stage)
    assert found
    before = _strings(stage.shop)
    for key in found:
        for text in TEXTS.values():
            opened(stage)
            stage.settle()
            field = next((each for each in fields(stage) if key_of(each) == key), None)
            assert field is not None, key
            _paste(field, text)
            finds = isinstance(field.parentWidget(), QComboBox)
            ears.heard()
            QTest.keyClick(field, Qt.Key.Key_Return)
            stage.settle()
            if field in fields(stage):
                QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
                stage.settle()
            _shown_plainly()
            now = _strings(stage.shop)
            new, before = now - before, now
            assert not [each[:40] for each in new if LONG[:40] in each and LONG not in each], f"{key}: cut off"
            asked = field in fields(stage) or QApplication.activeModalWidget() is not None
            assert new or ears.heard() or asked or not clean(text) or finds, f"{key}: neither kept nor refused"
            _close(stage)
    assert ears.bugs == []
    assert stage.shop.check() == []


def _paste(field: Field, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QApplication.clipboard().setText(text)
    field.paste()
