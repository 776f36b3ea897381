"""Families over every page: nothing clipped, everything named and reachable, in each language and text size."""

from __future__ import annotations

import threading
import time
from typing import cast

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from shopcrm.app import Shop
from shopcrm.base import i18n
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import _
from shopcrm.base.options import LANGUAGE, TEXT_SIZE, THEME
from shopcrm.base.progress import Progress
from shopcrm.collect import notes, tags
from shopcrm.ui import names, theme
from shopcrm.ui.application import Application
from shopcrm.ui.kit.text import Text
from shopcrm.ui.pages.registry import EVERY, PAGES
from shopcrm.ui.parts.keys_overlay import KeysOverlay
from shopcrm.ui.uncaught import FALL, MARK
from tests.ui.conftest import Stage, make_stage

KNOWN = {value for key, value in vars(names).items() if key.isupper()}
KEYS = [page.key for page in EVERY]


def open_page(stage: Stage, key: str) -> QWidget:
    stage.window.go_to(key)
    stage.settle()
    if key == "desk":
        stage.window.frame.header.search.edit.setText("lxm")
        stage.settle()
    stage.window.grab()
    stage.settle()
    return stage.window.frame.page(key)


def clipped(window: QWidget) -> list[str]:
    """Words that do not fit their widget, and widgets that stick out at a side."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or not widget.size().isValid():
            continue
        name = widget.objectName() or type(widget).__name__
        if isinstance(widget, QLabel) and widget.text():
            if widget.wordWrap():
                # A word that cannot be broken may be wider than its line.
                room = widget.contentsRect()
                drawn = widget.fontMetrics().boundingRect(
                    room, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, QLabel.text(widget)
                )
                fits = (
                    widget.height() + 1 >= widget.heightForWidth(widget.width()) and drawn.width() <= room.width() + 1
                )
            else:
                fits = widget.width() + 1 >= widget.sizeHint().width()
            if not fits:
                found.append(f"{name}: “{widget.text()[:30]}” {widget.size().toTuple()} {widget.sizeHint().toTuple()}")
        if isinstance(widget, QPushButton) and widget.text() and widget.width() + 1 < widget.sizeHint().width():
            found.append(f"{name}: “{widget.text()}”")
        if isinstance(widget, QAbstractButton | QLineEdit | QComboBox):
            found += [f"{name} lies over {beside.objectName()}" for beside in _under(widget)]
        if not isinstance(widget, QAbstractScrollArea):
            left = widget.mapTo(window, QPoint(0, 0)).x()
            if left < -1 or left + widget.width() > window.width() + 1:
                found.append(f"{name} sticks out: {left}+{widget.width()} of {window.width()}")
        if isinstance(widget, QScrollArea):
            inner = cast("QWidget", widget.widget()).minimumSizeHint().width()
            if inner > widget.viewport().width() + 1 and not widget.horizontalScrollBar().isVisible():
                found.append(f"{name} is too narrow for its content: {widget.viewport().width()} < {inner}")
    return found


def _under(control: QWidget) -> list[QWidget]:
    """The controls beside which it should stand and over which it lies: their line was squeezed."""
    beside = cast("QWidget", control.parent()).findChildren(
        QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly
    )  # fmt: skip
    return [
        other
        for other in beside
        if other is not control
        and isinstance(other, QAbstractButton | QLineEdit | QComboBox)
        and other.isVisible()
        and other.geometry().adjusted(1, 1, -1, -1).intersects(control.geometry())
    ]


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW", "en"], indirect=True)
@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("key", KEYS)
def test_no_words_are_clipped(
    qtbot: QtBot, qapp: QApplication, shop: Shop, language: str, *, percent: int, key: str
) -> None:
    theme.use(qapp, name="light", text_percent=percent, language=language)
    stage = make_stage(qtbot, shop, size=(1280, 720))
    open_page(stage, key)
    assert clipped(stage.window) == []
    stage.end()


@pytest.mark.parametrize("key", KEYS)
def test_every_control_has_a_name_and_is_reached_by_tab(stage: Stage, key: str) -> None:
    open_page(stage, key)
    window = stage.window
    wanted = set()
    for widget in window.findChildren(QWidget):
        control = isinstance(widget, QAbstractButton | QLineEdit | QAbstractItemView)
        if not control or not widget.isVisible() or not widget.isEnabled():
            continue
        if widget.objectName().startswith("qt_") or widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
            continue
        words = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
        assert words, widget
        name = widget.objectName()
        assert any(name == known or name.startswith(f"{known}_") for known in KNOWN), (widget, words)
        wanted.add(widget)
    window.frame.header.search.edit.setFocus()
    reached: set[QWidget] = set()
    for _step in range(600):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in reached and focused is window.frame.header.search.edit:
            break
        reached.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {widget.objectName() for widget in wanted - reached} == set()


def test_ctrl_k_comes_from_anywhere_and_typing_opens_the_desk(stage: Stage) -> None:
    stage.window.go_to("customers")
    stage.settle()
    QTest.keyClick(stage.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    search = stage.window.frame.header.search.edit
    assert search.hasFocus()
    QTest.keyClicks(search, "lxm")
    stage.settle()
    assert stage.window.frame.current is stage.window.frame.page("desk")
    assert search.hasFocus()
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert search.text() == ""


def test_commands_are_found_and_run_from_the_search_box(stage: Stage) -> None:
    wanted: list[tuple[str, object]] = []
    stage.window.option_chosen.connect(lambda key, value: wanted.append((key, value)))
    search = stage.window.frame.header.search.edit
    search.setText("浅色")
    stage.settle()
    assert stage.find(QAbstractItemView, names.DESK_COMMANDS).isVisible()
    QTest.keyClick(search, Qt.Key.Key_Return)
    stage.settle()
    assert wanted == [("theme", "dark")]


def test_ctrl_and_a_number_opens_each_page(stage: Stage) -> None:
    for number, entry in enumerate(PAGES, 1):
        QTest.keyClick(stage.window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        stage.settle()
        current = stage.window.frame.current
        assert current is not None
        assert current.key == entry.key


def test_ctrl_z_undoes_the_last_change_after_its_toast(stage: Stage) -> None:
    undone: list[str] = []
    say = stage.window.ctx.messages.toast
    say("a note saved", undo=lambda: undone.append("note"))
    say("copied")
    QTest.keyClick(stage.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == ["note"]
    QTest.keyClick(stage.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == ["note"]
    toast = stage.window.toasts.toast
    assert toast is not None
    assert toast.text.text() == i18n._("Nothing to undo here.")


def test_an_undo_that_finds_everything_changed_since_says_so(stage: Stage) -> None:
    with stage.shop.write() as tx:
        change_set = notes.add(tx, 1, text="怕奶腥")
    with stage.shop.write() as tx:
        (note, *_rest) = notes.of_customer(tx, 1)
        notes.edit(tx, note.id, text="怕奶腥，也怕甜")
    stage.window.ctx.undo(change_set)
    stage.settle()
    toast = stage.window.toasts.toast
    assert toast is not None
    assert toast.text.text() == _("Left as it is: it was changed since.")
    with stage.shop.read() as tx:
        assert notes.of_customer(tx, 1)[0].text == "怕奶腥，也怕甜"


def test_f1_lists_the_keys(stage: Stage) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_F1)
    overlay = stage.window.findChild(KeysOverlay)
    assert overlay is not None
    said = {label.text() for label in overlay.findChildren(Text)}
    assert _("Go to the search box") in said
    QTest.keyClick(overlay, Qt.Key.Key_Escape)
    assert not overlay.isVisible()


def test_a_file_dropped_anywhere_goes_to_the_data_page(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(type(stage.window.frame.page("data")), "open_target", lambda _self, target: seen.append(target))
    mime = QMimeData()
    path = stage.shop.home.folder / "ExportOrderList.csv"
    path.write_text("订单编号\n1\n", encoding="utf-8")
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    action, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    drop = QDropEvent(QPointF(300, 300), action, mime, Qt.MouseButton.LeftButton, none)
    stage.window.dropEvent(drop)
    assert seen == [[path]]
    current = stage.window.frame.current
    assert current is not None
    assert current.key == "data"


@pytest.mark.usefixtures("language")
def test_settings_work_at_once_and_keep_what_is_open(qtbot: QtBot, qapp: QApplication, shop: Shop) -> None:
    program = Application(qapp, shop.home, language="zh_CN")
    window = program.window
    window.resize(1280, 800)
    window.enter(shop)
    window.show()
    qtbot.waitExposed(window)
    stage = Stage(qtbot, shop, window, program.seat)
    stage.settle()
    window.frame.header.search.edit.setText("lxm")
    stage.settle()
    stage.find(QLineEdit, names.CARD_NOTE_EDIT).setText("half a note")
    before = theme.current().name
    stage.find(QPushButton, names.THEME_TOGGLE).click()
    assert theme.current().name != before
    for key, value in ((LANGUAGE.key, "en"), (TEXT_SIZE.key, 130)):
        program.choose(key, value)
        stage.settle()
        assert window.frame.header.search.edit.text() == "lxm"
        assert stage.find(QLineEdit, names.CARD_NOTE_EDIT).text() == "half a note"
    assert i18n.language() == "en"
    rail = stage.find(QPushButton, f"{names.RAIL}_desk")
    assert rail.text() == "Desk"
    assert (program.seat.get(LANGUAGE), program.seat.get(TEXT_SIZE)) == ("en", 130)
    assert program.seat.get(THEME) == theme.current().name
    stage.end()


def test_a_demo_shop_is_marked(stage: Stage) -> None:
    assert not stage.find(QWidget, names.DEMO_MARK).isVisible()


def test_the_status_line_says_where_the_shop_stands(stage: Stage) -> None:
    assert "42" in stage.find(QLabel, names.STATUS_CUSTOMERS).text()
    assert stage.find(QPushButton, names.STATUS_BACKUP).text()


def test_an_edit_made_during_an_import_waits_is_shown_and_is_written_before_the_window_goes(stage: Stage) -> None:
    waiting = stage.find(QLabel, names.STATUS_WAITING)
    ctx, shop, begun = stage.window.ctx, stage.shop, threading.Event()

    def importing(progress: Progress) -> None:
        with shop.write():  # an import holds the one writer
            begun.set()
            while not progress.cancelled:
                time.sleep(0.001)

    ctx.jobs.run(stage.window, importing, "Importing")
    stage.bot.waitUntil(begun.is_set)
    assert not waiting.isVisible()
    ctx.write_undoable(stage.window, lambda tx: tags.put(tx, [1], name="kept"), said="tagged")
    assert waiting.isVisible()
    assert "1" in waiting.text()
    order: list[str] = []
    shop.on_changes(lambda changes: order.append("edit") if Changes.TAGS in changes else None)
    stage.window.say_goodbye(
        lambda _progress: order.append("backup"), done=lambda: order.append("gone"), failed=lambda _error: None
    )
    stage.bot.waitUntil(lambda: "gone" in order)
    assert order == ["edit", "backup", "gone"]
    assert not waiting.isVisible()


def test_after_a_fall_it_is_said_once_and_quietly(qtbot: QtBot, qapp: QApplication, shop: Shop, language: str) -> None:
    home = shop.home
    shop.close()
    home.logs.mkdir(exist_ok=True)
    (home.logs / MARK).touch()
    (home.logs / FALL).write_text(
        "Fatal Python error: Aborted\n\nCurrent thread 0x1 (most recent call first):\n"
        '  File "/home/lin/shopcrm/ui/window.py", line 3 in deep\n',
        encoding="utf-8",
    )

    def run() -> Application:
        program = Application(qapp, home, language=language)
        program.start()
        qtbot.waitUntil(lambda: program.shop is not None, timeout=20_000)
        qtbot.waitUntil(lambda: not program.window.ctx.operations.busy, timeout=20_000)
        return program

    program = run()
    toast = program.window.toasts.toast
    assert toast is not None
    assert toast.text.text() == _("ShopCRM was not closed properly last time. Everything that was saved is here.")
    assert toast.act()
    report = program.window.findChild(QPlainTextEdit, names.FAILURE_REPORT)
    assert report is not None
    assert "shopcrm/ui/window.py:3 deep" in report.toPlainText()
    program.window.close()
    qtbot.waitUntil(lambda: not program.window.isVisible(), timeout=20_000)
    again = run()
    assert again.window.toasts.toast is None
    again.window.close()
    qtbot.waitUntil(lambda: not again.window.isVisible(), timeout=20_000)
