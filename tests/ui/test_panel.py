"""The side panel beside a chat: who was copied elsewhere is there, and the keyboard stays where it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QByteArray, QMetaType, QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from shopcrm.act import desk
from shopcrm.base.i18n import _
from shopcrm.base.options import CLIPBOARD_WATCH, HOT_KEY, PANEL_OPEN
from shopcrm.collect import notes
from shopcrm.collect.attachments import File
from shopcrm.ui import hot_key, instance, names
from shopcrm.ui.actions import ACTIONS, Doing
from shopcrm.ui.clipboard import is_secret
from shopcrm.ui.dialogs.customer import CustomerForm
from shopcrm.ui.kit.cards import Card, StatTile
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.reading_order import stops
from shopcrm.ui.kit.text import Text
from shopcrm.ui.kit.toast import Toast
from shopcrm.ui.panel import NARROWEST, WIDEST, Panel
from shopcrm.ui.parts.keys_overlay import KeysOverlay
from shopcrm.ui.parts.script_picker import ScriptPicker
from tests.builders import TODAY, given_orders, order
from tests.ui.conftest import PHONE, Stage


@pytest.fixture
def elsewhere(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """As if another program owned what is on the clipboard."""
    monkeypatch.setattr(stage.window.ctx.clipboard._clipboard, "ownsClipboard", lambda: False)
    yield stage
    QGuiApplication.clipboard().clear()


def _copy(stage: Stage, text: str | QMimeData) -> None:
    if isinstance(text, str):
        QGuiApplication.clipboard().setText(text)
    else:
        QGuiApplication.clipboard().setMimeData(text)
    stage.bot.wait(0)
    stage.settle()


def _panel(stage: Stage) -> Panel:
    panel = stage.window.ctx.beside.panel
    assert panel is not None
    return panel


def _name(panel: Panel) -> str:
    return panel.windowTitle().partition(" – ")[0]


def test_a_copied_nick_shows_the_card_without_a_key_and_without_taking_the_keyboard(
    elsewhere: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = elsewhere
    beside, window = stage.window.ctx.beside, stage.window
    stage.window.go_to("customers")
    window.ctx.clipboard.watch(True)
    asked: list[Panel] = []
    monkeypatch.setattr(Panel, "activateWindow", asked.append)
    _copy(stage, "旺旺：xiaoman_lin88 ")
    assert _name(_panel(stage)) == "林小满"
    # The offscreen platform gives the keyboard to any window that is shown; a real one asks this attribute.
    assert _panel(stage).testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert asked == []
    _copy(stage, "这句话里没有客户")
    assert _name(_panel(stage)) == "林小满", "nobody: the card that is there stays"
    _copy(stage, "qing_zhou")
    assert "qing_zhou" in _panel(stage).search.edit.text()
    window.ctx.clipboard.watch(False)
    _copy(stage, PHONE)
    assert "qing_zhou" in _panel(stage).search.edit.text(), "nothing is looked at when nobody wants it"
    beside.toggle()
    assert beside.panel is None


def test_at_the_desk_the_card_is_shown_there(elsewhere: Stage) -> None:
    stage = elsewhere
    stage.window.go_to("desk")
    stage.window.ctx.clipboard.watch(True)
    _copy(stage, "138-0013-5678")
    assert stage.window.ctx.beside.panel is None
    assert stage.find(QWidget, names.CARD).isVisible()
    assert stage.window.ctx.customer is not None


def test_several_are_listed_and_arrows_choose(elsewhere: Stage) -> None:
    stage = elsewhere
    shared = "13800130009"
    given_orders(
        stage.shop,
        [order(f"28{n:014d}", f"twin_{n}", TODAY - timedelta(days=5), 1000 * n, phone=shared) for n in (1, 2)],
    )
    stage.settle()
    stage.window.ctx.clipboard.watch(True)
    _copy(stage, shared)
    panel = _panel(stage)
    assert [entry.name for entry in panel.hits.entries] == ["twin_2", "twin_1"]
    assert panel.hits.isVisible()
    assert _name(panel) == "twin_2"
    QTest.keyClick(panel.search.edit, Qt.Key.Key_Down)
    stage.settle()
    assert _name(panel) == "twin_1"


@pytest.mark.parametrize(
    ("form", "value", "secret"),
    [
        ("x-kde-passwordManagerHint", b"secret", True),
        ("org.nspasteboard.ConcealedType", b"", True),
        ('application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"', b"\1\0\0\0", True),
        ('application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"', b"\0\0\0\0", True),
        ('application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"', b"\1\0\0\0", False),
        ("text/html", b"<b>xiaoman_lin88</b>", False),
    ],
)
def test_what_a_password_manager_copies_is_not_read(elsewhere: Stage, form: str, value: bytes, *, secret: bool) -> None:
    data = QMimeData()
    data.setText("xiaoman_lin88")
    data.setData(form, QByteArray(value))
    assert is_secret(data) == secret
    stage = elsewhere
    stage.window.go_to("customers")
    stage.window.ctx.clipboard.watch(True)
    _copy(stage, data)
    assert (stage.window.ctx.beside.panel is None) == secret


class _Asked(QMimeData):
    """Something secret, and what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.setText("xiaoman_lin88")
        self.setData("org.nspasteboard.ConcealedType", QByteArray(b""))

    def retrieveData(self, form: str, kind: QMetaType) -> object:  # type: ignore[override]  # noqa: N802
        self.asked.append(form)
        return super().retrieveData(form, kind)


def test_where_the_system_must_be_asked_a_secret_is_not_read_either(elsewhere: Stage) -> None:
    data = _Asked()
    _copy(elsewhere, data)
    elsewhere.window.ctx.clipboard._look_again()
    assert "text/plain" not in data.asked
    data.text()
    assert "text/plain" in data.asked  # what would have been seen


def test_its_own_copies_are_not_looked_at(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    # The offscreen platform does not know whose a copy is; a real one says so.
    monkeypatch.setattr(stage.window.ctx.clipboard._clipboard, "ownsClipboard", lambda: True)
    stage.window.go_to("customers")
    stage.window.ctx.clipboard.watch(True)
    stage.window.ctx.copy(PHONE, said="")
    stage.bot.wait(0)
    stage.settle()
    assert stage.window.ctx.beside.panel is None


def test_by_keyboard_alone(stage: Stage) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    panel = _panel(stage)
    QTest.keyClicks(panel.search.edit, "lxm")
    stage.settle()
    assert _name(panel) == "林小满"
    QTest.keyClick(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "小满" in QGuiApplication.clipboard().text()
    QTest.keyClick(panel.search.edit, Qt.Key.Key_Return)
    QTest.keyClicks(panel.note, "asked for 86")
    QTest.keyClick(panel.note, Qt.Key.Key_Return)
    stage.settle()
    assert panel.note.text() == ""
    assert panel.customer is not None
    with stage.shop.read() as tx:
        assert notes.of_customer(tx, panel.customer)[0].text == "asked for 86"
    assert panel.findChild(QWidget, names.TOAST) is not None, "said where it was done"
    assert stage.window.findChild(QWidget, names.TOAST) is None
    QTest.keyClick(panel.note, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    with stage.shop.read() as tx:
        assert [note.text for note in notes.of_customer(tx, panel.customer)] == ["婆婆收货，电话打她的"]


def test_a_half_written_note_stays_with_whom_it_is_for(elsewhere: Stage) -> None:
    """Somebody else is copied while it is typed; the window is built anew; the desk shows the same half."""
    stage = elsewhere
    stage.window.go_to("customers")
    stage.window.ctx.clipboard.watch(True)
    _copy(stage, "旺旺：xiaoman_lin88")
    first = _panel(stage).customer
    assert first is not None
    QTest.keyClicks(_panel(stage).note, "asked for")
    _panel(stage).card.timeline.box._take(first, [File("a.txt", b"a")])
    _copy(stage, "qing_zhou")
    note = _panel(stage).note
    assert note.text() == ""
    QTest.keyClicks(note, "another")
    stage.window.rebuild()
    stage.settle()
    assert _panel(stage).note.text() == "another"
    _copy(stage, "xiaoman_lin88")
    assert _panel(stage).note.text() == "asked for"
    stage.window.ctx.open_customer(first)
    stage.settle()
    at_desk = stage.find(LineEdit, names.CARD_NOTE_EDIT)
    assert at_desk.text() == "asked for"
    QTest.keyClicks(_panel(stage).note, " 86")
    assert at_desk.text() == "asked for 86"
    QTest.keyClick(_panel(stage).note, Qt.Key.Key_Return)
    stage.settle()
    assert at_desk.text() == "", "it is not saved a second time"
    with stage.shop.read() as tx:
        note_line = notes.of_customer(tx, first)[0]
    assert (note_line.text, [file.name for file in note_line.files]) == ("asked for 86", ["a.txt"])


def test_every_key_of_the_desk_s_card_works_here(stage: Stage) -> None:
    panel = stage.window.ctx.beside.open()
    panel.show_customer(1)
    stage.settle()
    here = {one.action for one in panel.findChildren(Doing)}
    of_a_card = {one for one in ACTIONS if one.page == "desk" and one.when in {"card", "copied"}}
    assert of_a_card <= here
    assert {"undo", "redo", "keys", "search", "panel"} <= {one.key for one in here if not one.page}
    QTest.keyClick(panel.search.edit, Qt.Key.Key_Slash)
    stage.settle()
    assert panel.findChild(ScriptPicker) is not None
    assert panel.search.edit.text() == ""


def test_a_stranger_is_made_a_customer_without_leaving_the_panel(stage: Stage) -> None:
    panel = stage.window.ctx.beside.open()
    panel.show_customer(1)
    stage.settle()
    QTest.keyClicks(panel.search.edit, "13800139999")
    QTest.keyClick(panel.search.edit, Qt.Key.Key_Return)  # before it is known that nobody fits
    stage.settle()
    form = panel.findChild(CustomerForm)
    assert form is not None
    name = form.findChild(LineEdit, f"{names.PERSON}_name")
    assert name is not None
    QTest.keyClicks(name, "newcomer")
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert _name(panel) == "newcomer"
    assert panel.card.isVisible()


def test_the_last_thing_is_undone_from_here_when_its_toast_is_gone(stage: Stage) -> None:
    panel = stage.window.ctx.beside.open()
    panel.show_customer(1)
    stage.settle()
    QTest.keyClicks(panel.note, "asked for 86")
    QTest.keyClick(panel.note, Qt.Key.Key_Return)
    stage.settle()
    toast = panel.findChild(Toast)
    assert toast is not None
    toast.leave()
    QTest.keyClick(panel.note, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    with stage.shop.read() as tx:
        assert [note.text for note in notes.of_customer(tx, 1)] == ["婆婆收货，电话打她的"]


def test_its_list_of_keys_is_of_what_works_here(stage: Stage) -> None:
    panel = stage.window.ctx.beside.open()
    panel.show_customer(1)
    stage.settle()
    QTest.keyClick(panel.search.edit, Qt.Key.Key_F1)
    overlay = panel.findChild(KeysOverlay)
    assert overlay is not None
    said = {text.text() for text in overlay.findChildren(Text)}
    assert _("Write a note") in said
    assert _("Import a file") not in said
    card = overlay.findChild(Card)
    assert card is not None
    assert panel.rect().contains(card.geometry())


def test_the_toast_leaves_the_note_box_free(stage: Stage) -> None:
    panel = stage.window.ctx.beside.open()
    panel.show_customer(1)
    stage.settle()
    panel.activateWindow()
    stage.bot.waitUntil(panel.isActiveWindow)
    QTest.keyClicks(panel.note, "asked for 86")
    QTest.keyClick(panel.note, Qt.Key.Key_Return)
    stage.settle()
    toast = panel.findChild(Toast)
    assert toast is not None
    assert toast.geometry().bottom() < panel.box.geometry().top()


def test_a_toast_goes_with_the_panel(stage: Stage) -> None:
    """Its key is heard in the whole program while it is there: what is gone must not hear it."""
    panel = stage.window.ctx.beside.open()
    panel.show_customer(1)
    stage.settle()
    panel.activateWindow()
    stage.bot.waitUntil(panel.isActiveWindow)
    QTest.keyClicks(panel.note, "asked for 86")
    QTest.keyClick(panel.note, Qt.Key.Key_Return)
    stage.settle()
    toast = panel.findChild(Toast)
    assert toast is not None
    with stage.bot.waitSignal(toast.gone):
        stage.window.ctx.beside.toggle()


def test_scripts_lie_over_the_panel(stage: Stage) -> None:
    panel = stage.window.ctx.beside.open()
    panel.show_customer(1)
    stage.settle()
    panel.card.find_script()
    stage.settle()
    assert panel.findChild(ScriptPicker) is not None
    assert stage.window.findChild(ScriptPicker) is None


def test_it_folds_to_a_strip_that_says_who(stage: Stage) -> None:
    panel = stage.window.ctx.beside.open()
    panel.show_customer(1)
    stage.settle()
    whole = panel.height()
    fold = panel.findChild(QWidget, names.PANEL_FOLD)
    assert fold is not None
    QTest.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert panel.folded
    assert panel.height() < whole / 4
    assert "林小满" in panel.accessibleDescription()
    QTest.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert panel.height() == whole


def test_place_and_fold_are_remembered(stage: Stage) -> None:
    beside = stage.window.ctx.beside
    panel = beside.open()
    assert NARROWEST <= panel.width() <= WIDEST
    panel.setGeometry(30, 40, 351, 500)
    stood = panel.geometry()
    panel.fold(on=True)
    beside.toggle()
    again = beside.open()
    assert again.folded
    assert (again.geometry().topLeft(), again.width()) == (stood.topLeft(), 351)
    again.fold(on=False)
    assert again.height() == 500
    assert stage.seat.get(PANEL_OPEN) == 1
    again.close()
    assert stage.seat.get(PANEL_OPEN) == 0


def test_it_is_built_anew_with_the_window_and_goes_with_the_shop(stage: Stage) -> None:
    beside = stage.window.ctx.beside
    before = beside.open()
    before.show_customer(1)
    stage.settle()
    stage.window.rebuild()
    stage.settle()
    assert _panel(stage) is not before
    assert _name(_panel(stage)) == "林小满"
    stage.window.ctx.stop()
    assert beside.panel is None
    assert stage.seat.get(PANEL_OPEN) == 1, "it comes back with the shop"


def test_every_control_has_a_name_and_is_reached_by_tab(stage: Stage) -> None:
    panel = stage.window.ctx.beside.open()
    panel.show_customer(1)
    stage.settle()
    controls = stops(panel)
    assert {names.PANEL_SEARCH, names.PANEL_WATCH, names.PANEL_FOLD, names.PANEL_NOTE} <= {
        one.objectName() for one in controls
    }
    assert [one.objectName() for one in controls if not one.accessibleName()] == []


def test_the_settings_say_what_holds_and_refuse_a_key_that_is_none(stage: Stage) -> None:
    stage.window.go_to("settings", "beside")
    stage.settle()
    QTest.mouseClick(stage.find(QWidget, f"{names.PANEL}_settings_watch_1"), Qt.MouseButton.LeftButton)
    assert stage.window.ctx.clipboard.watched
    QTest.mouseClick(stage.find(QWidget, f"{names.PANEL}_settings_watch_0"), Qt.MouseButton.LeftButton)
    assert stage.seat.get(CLIPBOARD_WATCH) == 0
    assert not stage.window.ctx.beside.choose_key("Ctrl+Alt+K"), "this platform hands out none"
    assert stage.seat.get(HOT_KEY) == ""


@pytest.mark.parametrize(
    ("keys", "fit"),
    [("Ctrl+Alt+K", True), ("Meta+F9", True), ("K", False), ("Shift+K", False), ("", False), ("Ctrl+K, Ctrl+L", False)],
)
def test_keys_for_the_whole_system(keys: str, *, fit: bool) -> None:
    assert hot_key.usable(keys) == fit


def test_a_long_text_is_not_even_looked_up(elsewhere: Stage) -> None:
    stage = elsewhere
    stage.window.go_to("customers")
    stage.window.ctx.clipboard.watch(True)
    _copy(stage, "话" * 100_000)
    assert stage.window.ctx.beside.panel is None
    assert stage.find(LineEdit, names.SEARCH).text() == ""


def test_called_from_another_program_it_comes_up_on_whoever_was_copied_there(elsewhere: Stage) -> None:
    stage = elsewhere
    QGuiApplication.clipboard().setText(PHONE)
    stage.window.come_up(instance.PANEL)
    stage.settle()
    assert _name(_panel(stage)) == "林小满", "asked for, so looked at although nothing is watched"
    assert _panel(stage).search.edit.hasFocus()


def test_narrow_the_figures_stand_in_one_row_and_who_she_is_unfolds(stage: Stage) -> None:
    (lin,) = _ids(stage, "xiaoman_lin88")
    panel = stage.window.ctx.beside.open()
    panel.resize(NARROWEST, 760)
    panel.show_customer(lin)
    stage.settle()
    figures = panel.findChild(QWidget, names.CARD_STATS)
    assert figures is not None
    tiles = [tile for tile in figures.findChildren(StatTile) if tile.isVisible()]
    assert len(tiles) == 4
    assert len({tile.y() for tile in tiles}) == 1
    assert tiles[-1].geometry().right() <= figures.width()
    person, more = panel.findChild(QWidget, names.CARD_PERSON), panel.findChild(QPushButton, names.CARD_MORE)
    assert person is not None
    assert more is not None
    assert not person.isVisible()
    QTest.keyClick(more, Qt.Key.Key_Space)
    assert person.isVisible()
    QTest.keyClick(more, Qt.Key.Key_Space)
    assert not person.isVisible()


def test_it_says_when_nobody_fits(stage: Stage) -> None:
    panel = stage.window.ctx.beside.open()
    stage.settle()
    QTest.keyClicks(panel.search.edit, "zzqq9")
    stage.settle()
    assert _there(panel, "desk_nobody")
    panel.search.edit.clear()
    stage.settle()
    assert _there(panel, "panel_hint")


def _there(panel: Panel, name: str) -> bool:
    widget = panel.findChild(QWidget, name)
    return widget is not None and widget.isVisible()


def _ids(stage: Stage, text: str) -> list[int]:
    with stage.shop.read() as tx:
        return [hit.id for hit in desk.find(tx, text)]
