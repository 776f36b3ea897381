"""The search box finds what can be done, by words, English and pinyin, and does it by keys alone."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from shopcrm.act import script_presets, scripts
from shopcrm.app import Shop
from shopcrm.base.i18n import _
from shopcrm.ui import names, palette
from shopcrm.ui.actions import ACTIONS, Doing
from shopcrm.ui.context import Context
from shopcrm.ui.pages.registry import PAGES
from shopcrm.ui.palette import Command, Line, Section
from shopcrm.ui.parts.hit_list import HitList
from shopcrm.ui.parts.palette_panel import PalettePanel
from tests.ui.conftest import Stage, make_stage
from tests.ui.people import with_regulars

CTRL = Qt.KeyboardModifier.ControlModifier


def box(stage: Stage) -> QLineEdit:
    return stage.window.frame.header.search.edit


def press(stage: Stage, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(box(stage), key)
        # A command is done when the key that chose it is over.
        stage.bot.wait(1)
        stage.settle()


def ask(stage: Stage, text: str) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_K, CTRL)
    QTest.keyClick(box(stage), Qt.Key.Key_Backspace)
    QTest.keyClicks(box(stage), text) if text.isascii() else box(stage).setText(text)
    stage.settle()


def panel(stage: Stage) -> PalettePanel:
    return stage.find(PalettePanel, names.PALETTE)


def offered(stage: Stage, name: str = names.PALETTE_LIST) -> list[str]:
    return [entry.name for entry in stage.find(HitList, name).entries]


def opened(stage: Stage) -> str:
    assert stage.window.frame.current is not None
    return stage.window.frame.current.key


def chosen(stage: Stage) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    stage.window.option_chosen.connect(lambda key, value: found.append((key, value)))
    return found


@pytest.mark.parametrize("mark", [">", "》", "＞"])
def test_behind_its_mark_only_commands_are_found_and_the_page_stays(stage: Stage, mark: str) -> None:
    wanted = chosen(stage)
    stage.window.go_to("segments")
    stage.settle()
    ask(stage, f"{mark}dark")
    assert panel(stage).isVisible()
    assert opened(stage) == "segments"
    # The switch, and the theme itself.
    assert offered(stage) == [_("Switch between light and dark"), f"{_('Theme')}：{_('Dark')}"]
    press(stage, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert wanted == [("theme", "dark")]
    assert box(stage).text() == ""
    assert not panel(stage).isVisible()
    assert opened(stage) == "segments"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("english", ("language", "en")),
        ("zhuti qs", ("theme", "light")),
        ("ztqs", ("theme", "light")),
        ("150", ("text_size", 150)),
    ],
)
def test_every_setting_of_this_pc_is_a_command(stage: Stage, typed: str, wanted: tuple[str, object]) -> None:
    said = chosen(stage)
    ask(stage, f">{typed}")
    press(stage, Qt.Key.Key_Return)
    assert said == [wanted]


def test_pinyin_that_is_still_being_composed_finds_commands(stage: Stage) -> None:
    ask(stage, ">")
    QApplication.sendEvent(box(stage), QInputMethodEvent("qie'huan'qian", []))
    stage.settle()
    assert offered(stage) == [_("Switch between light and dark")]


def test_every_page_opens_by_its_name(stage: Stage) -> None:
    for page in PAGES:
        ask(stage, f">open {page.title}")
        press(stage, Qt.Key.Key_Return)
        assert opened(stage) == page.key


def test_what_only_sounds_like_it_is_not_done_by_enter_alone(stage: Stage) -> None:
    said = chosen(stage)
    ask(stage, "qhqs")  # 切换浅色…, or somebody's initials
    assert _("Switch between light and dark") in offered(stage, names.DESK_COMMANDS)
    press(stage, Qt.Key.Key_Return)
    assert said == []
    press(stage, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert said == [("theme", "dark")]


def test_arrows_go_through_customers_then_sections_then_commands(
    qtbot: QtBot, dressed: object, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dressed
    picked: list[Line] = []

    def find(tx: Any, text: str) -> list[Line]:
        assert tx.shop.currency == "CNY"
        return [Line(7, f"{text} one"), Line(8, f"{text} two")]

    def choose(ctx: Context, line: Line) -> None:
        assert ctx.shop is shop
        picked.append(line)

    monkeypatch.setattr(palette, "SECTIONS", (Section("jokes", "Jokes", find, choose),))
    stage = make_stage(qtbot, shop)
    ask(stage, "guest_1")
    customers = stage.find(HitList, names.DESK_RESULTS)
    jokes = stage.find(HitList, f"{names.DESK_FOUND}_jokes")
    assert len(customers.entries) == 11
    assert [entry.name for entry in jokes.entries] == ["guest_1 one", "guest_1 two"]

    def cursor() -> tuple[int | None, int | None]:
        return customers.current, jokes.current

    press(stage, *([Qt.Key.Key_Down] * 11))
    assert cursor() == (None, 0)
    press(stage, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert [line.id for line in picked] == [8]
    press(stage, Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert cursor() == (customers.entries[-1].customer, None)
    box(stage).setText("ex")
    stage.settle()
    press(stage, *([Qt.Key.Key_Down] * 30))
    commands = stage.find(HitList, names.DESK_COMMANDS)
    assert commands.current == len(commands.entries) - 1
    stage.end()


def test_a_list_that_catches_one_key_is_given_it(stage: Stage) -> None:
    with_regulars(stage.shop)
    stage.window.go_to("today")
    stage.settle()
    with stage.shop.read() as tx:
        from shopcrm.act import reminders

        before = reminders.day_summary(tx, stage.shop.columns())
    ask(stage, ">done")
    press(stage, Qt.Key.Key_Return)
    with stage.shop.read() as tx:
        after = reminders.day_summary(tx, stage.shop.columns())
    assert after.still == before.still - 1
    assert opened(stage) == "today"


def test_an_action_of_another_page_is_done_there(stage: Stage) -> None:
    ask(stage, "lxm")
    stage.window.go_to("segments")
    stage.settle()
    box(stage).clear()
    ask(stage, f">{_('Write a note')}")
    press(stage, Qt.Key.Key_Return)
    assert opened(stage) == "desk"
    stage.bot.waitUntil(lambda: stage.find(QLineEdit, names.CARD_NOTE_EDIT).hasFocus())


def test_what_cannot_be_done_now_is_shown_and_not_done(stage: Stage) -> None:
    def undo() -> Command:
        return next(each for each in stage.window.commands.all() if each.key == "window/undo")

    assert not undo().able
    ask(stage, f">{_('Undo what was just done')}")
    press(stage, Qt.Key.Key_Return)
    assert panel(stage).isVisible()
    assert stage.window.toasts.toast is None
    stage.window.ctx.messages.toast("changed", undo=lambda: None)
    assert undo().able
    shown = {command.key for command in stage.window.commands.all()}
    assert "window/demo_shop" in shown
    assert not shown & {"window/own_shop", "window/delete_demo"}


def test_ctrl_k_says_what_can_be_done_until_something_is_typed(stage: Stage) -> None:
    stage.window.go_to("today")
    stage.settle()
    assert not panel(stage).isVisible()
    QTest.keyClick(stage.window, Qt.Key.Key_K, CTRL)
    assert panel(stage).isVisible()
    assert offered(stage)[0] == _("Copy the greeting")  # the page's own first
    press(stage, Qt.Key.Key_Escape)
    assert not panel(stage).isVisible()
    stage.window.go_to("desk")
    stage.settle()
    assert not stage.find(HitList, names.DESK_COMMANDS).isVisible()
    QTest.keyClick(stage.window, Qt.Key.Key_K, CTRL)
    assert stage.find(HitList, names.DESK_COMMANDS).isVisible()
    press(stage, Qt.Key.Key_Escape)
    assert not stage.find(HitList, names.DESK_COMMANDS).isVisible()


def test_what_was_done_last_is_offered_first(stage: Stage) -> None:
    stage.window.go_to("segments")
    stage.settle()
    ask(stage, ">dark")
    press(stage, Qt.Key.Key_Return)
    QTest.keyClick(stage.window, Qt.Key.Key_K, CTRL)
    assert offered(stage)[0] == _("Switch between light and dark")


def test_every_action_is_listed_once_and_can_be_done_where_it_says(stage: Stage) -> None:
    assert len({(action.key, action.page) for action in ACTIONS}) == len(ACTIONS)
    for page in PAGES:
        stage.window.go_to(page.key)
        stage.settle()
    doings = {doing.action for doing in stage.window.findChildren(Doing)}
    assert {action for action in ACTIONS if not action.shown_only} == doings
    for doing in stage.window.findChildren(Doing):
        keys = [keys.toString() for keys in doing.shortcuts()]
        assert keys == [each for each in (doing.action.keys, *doing.action.also) if each]
        assert doing.action.icon


def test_a_change_is_undone_and_done_again_by_keys(stage: Stage) -> None:
    def tags() -> set[str]:
        with stage.shop.read() as tx:
            from shopcrm.act import desk

            (hit,) = desk.find(tx, "xiaoman_lin88")
            return set(desk.card(tx, stage.shop.columns(), hit.id).tags)

    ask(stage, "lxm")
    before = tags()
    QTest.keyClick(stage.window, Qt.Key.Key_T, CTRL)
    edit = stage.find(QLineEdit, names.CARD_TAG_EDIT)
    edit.setText("老客")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    stage.settle()
    assert tags() == before | {"老客"}
    for key, modifiers, wanted in (
        (Qt.Key.Key_Z, CTRL, before),
        (Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier, before | {"老客"}),
        (Qt.Key.Key_Z, CTRL, before),
        (Qt.Key.Key_Y, CTRL, before | {"老客"}),
    ):
        QTest.keyClick(stage.window, key, modifiers)
        stage.settle()
        assert tags() == wanted


def test_scripts_are_found_beside_customers_and_open_on_their_page(stage: Stage) -> None:
    with stage.shop.write() as tx:
        script_presets.take(tx, language="zh_CN")
        (wanted, *_more) = scripts.search(tx, "库存")
    search = stage.window.frame.header.search.edit
    search.setText("库存")
    stage.settle()
    listed = stage.find(HitList, f"{names.DESK_FOUND}_scripts")
    assert wanted.title in [entry.name for entry in listed.entries]
    QTest.keyClick(search, Qt.Key.Key_Return)
    stage.settle()
    current = stage.window.frame.current
    assert current is not None
    assert current.key == "scripts"
    assert any(wanted.title in label.text() for label in current.findChildren(QLabel))
