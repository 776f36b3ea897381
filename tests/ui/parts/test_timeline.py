from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from shopcrm.act import desk, timeline
from shopcrm.collect import follow_ups, notes
from shopcrm.collect.attachments import File
from shopcrm.collect.follow_ups import FollowUp
from shopcrm.collect.notes import NoteLine
from shopcrm.ui import names
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.card import CustomerCard
from shopcrm.ui.parts.drop_cover import DropCover
from shopcrm.ui.parts.timeline_row import TimelineRow
from tests.builders import TODAY, given_orders, new_shop, order
from tests.ui.conftest import Stage, make_stage
from tests.ui.people import Counting, dialogs_of_qt


@pytest.fixture
def lin(stage: Stage) -> int:
    """Her card is open and the search box has the keyboard."""
    with stage.shop.read() as tx:
        (hit,) = desk.find(tx, "xiaoman_lin88")
    stage.window.ctx.open_customer(hit.id)
    stage.settle()
    stage.find(QLineEdit, names.SEARCH).setFocus()
    return hit.id


def told(stage: Stage, customer: int) -> tuple[NoteLine, ...]:
    with stage.shop.read() as tx:
        return notes.of_customer(tx, customer)


def rows(stage: Stage) -> list[TimelineRow]:
    return [row for row in stage.window.findChildren(TimelineRow) if row.isVisible()]


def row_of(stage: Stage, words: str) -> TimelineRow:
    return next(row for row in rows(stage) if words in row.accessibleName())


def card(stage: Stage) -> CustomerCard:
    found = stage.find(CustomerCard, names.CARD)
    assert found.isVisible()
    return found


def test_a_note_is_changed_in_place_pinned_and_removed_and_each_is_undone(stage: Stage, lin: int) -> None:
    row = row_of(stage, "婆婆收货")
    row.setFocus()
    hands = Counting(stage)
    hands.key(Qt.Key.Key_Return)
    editor = stage.find(QPlainTextEdit, names.NOTE_TEXT)
    assert editor.hasFocus()
    hands.type("，按门铃")
    hands.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    hands.type("<b>two</b>")
    hands.key(Qt.Key.Key_Return)
    assert told(stage, lin)[0].text == "婆婆收货，电话打她的，按门铃\n<b>two</b>"
    hands.click(names.NOTE_PIN)
    assert told(stage, lin)[0].pinned
    assert rows(stage)[0].event_shown.pinned, "what is pinned stands above what is newer"
    assert sum("婆婆收货" in row.accessibleName() for row in rows(stage)) == 1
    hands.click(names.NOTE_REMOVE)
    assert told(stage, lin) == ()
    search = stage.find(QLineEdit, names.SEARCH)
    for _step in range(3):
        QTest.keyClick(search, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        stage.settle()
    (note,) = told(stage, lin)
    assert (note.text, note.pinned) == ("婆婆收货，电话打她的", False)


def test_escape_leaves_a_note_as_it_was_and_what_is_half_changed_outlives_a_refresh(stage: Stage, lin: int) -> None:
    row_of(stage, "婆婆收货").setFocus()
    hands = Counting(stage)
    hands.key(Qt.Key.Key_Return)
    hands.type(" half")
    with stage.shop.write() as tx:
        notes.add(tx, lin, text="written by somebody else")
    stage.bot.waitUntil(lambda: "somebody else" in rows(stage)[0].accessibleName(), timeout=10_000)
    stage.settle()
    editor = next(each for each in stage.window.findChildren(QPlainTextEdit, names.NOTE_TEXT) if each.isVisible())
    assert editor.toPlainText() == "婆婆收货，电话打她的 half"
    assert editor.hasFocus()
    hands.key(Qt.Key.Key_Escape)
    assert editor.toPlainText() == "婆婆收货，电话打她的"
    hands.key(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is row_of(stage, "婆婆收货")
    assert told(stage, lin)[-1].text == "婆婆收货，电话打她的"


def test_what_is_half_written_stays_with_whom_it_is_written_for(stage: Stage, lin: int) -> None:
    box = card(stage).timeline.box
    QTest.keyClicks(box.edit, "for lin")
    box._take(lin, [File("a.png", b"1")])
    with stage.shop.read() as tx:
        (zhou,) = desk.find(tx, "qing_zhou")
    stage.window.ctx.open_customer(zhou.id)
    stage.settle()
    assert (box.edit.text(), box._files) == ("", [])
    stage.window.ctx.open_customer(lin)
    stage.settle()
    assert (box.edit.text(), [file.name for file in box._files]) == ("for lin", ["a.png"])


def mime(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(stage: Stage, data: QMimeData) -> bool:
    """Let something fall on the card; whether the card takes it and not the window."""
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(card(stage), QDragEnterEvent(QPoint(9, 9), *how))
    covers = stage.window.findChildren(DropCover)
    if any(cover.isVisible() for cover in covers):
        QApplication.sendEvent(stage.window, QDragLeaveEvent())
        return False
    QApplication.sendEvent(card(stage), QDropEvent(QPointF(9, 9), *how))
    stage.settle()
    return True


def test_files_are_dropped_and_pasted_kept_with_the_note_opened_and_taken_off(
    stage: Stage, lin: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = tmp_path / "发票.pdf"
    invoice.write_bytes(b"%PDF")
    assert not drop(stage, mime(tmp_path / "orders.csv")), "a table is imported, wherever it falls"
    assert drop(stage, mime(invoice))
    picture = QImage(4, 4, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    QApplication.clipboard().setImage(picture)
    hands = Counting(stage)
    assert card(stage).timeline.note.hasFocus()
    hands.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    hands.type("invoice")
    hands.key(Qt.Key.Key_Return)
    note = told(stage, lin)[0]
    assert note.text == "invoice"
    pdf, png = note.files
    assert (pdf.name, pdf.size) == ("发票.pdf", 4)
    assert png.name.endswith(".png")
    opened: list[Path] = []

    def open_url(url: QUrl) -> bool:
        opened.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    row_of(stage, "invoice").setFocus()
    hands.key(Qt.Key.Key_Return)
    stage.window.grab()  # lays it out
    hands.click(f"{names.NOTE_FILE}_{pdf.id}")
    (path,) = opened
    assert (path.name, path.read_bytes()) == ("发票.pdf", b"%PDF")
    assert path.is_relative_to(stage.shop.home.opened)
    assert stage.shop.home.opened.stat().st_mode & 0o077 == 0, "nobody else may look into it"
    stage.find(QPushButton, f"{names.NOTE_FILE}_{png.id}_remove").setFocus()
    hands.key(Qt.Key.Key_Space)
    assert told(stage, lin)[0].files == (pdf,)
    assert QApplication.focusWidget() is row_of(stage, "invoice"), "the keyboard stays where one was"
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.find(QPushButton, f"{names.NOTE_FILE}_{pdf.id}").setFocus()
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    held = QApplication.focusWidget()
    assert held is not None
    assert held.objectName() == f"{names.NOTE_FILE}_{pdf.id}", "and on what is still there"
    stage.window.ctx.stop()
    assert not path.exists()
    assert list(stage.shop.home.opened.iterdir()) == []


def test_a_file_is_saved_elsewhere_and_a_program_is_not_opened(stage: Stage, lin: int, tmp_path: Path) -> None:
    with stage.shop.write() as tx:
        notes.add(tx, lin, text="files", files=[File("clip.mp4", b"film"), File("setup.exe", b"MZ")])
    stage.bot.waitUntil(lambda: "files" in rows(stage)[0].accessibleName(), timeout=10_000)
    rows(stage)[0].setFocus()
    hands = Counting(stage)
    hands.key(Qt.Key.Key_Return)
    film, program = told(stage, lin)[0].files
    stage.window.grab()  # lays it out
    with dialogs_of_qt():
        hands.click(f"{names.NOTE_FILE}_{film.id}_save")
        hands.save(tmp_path / "kept.mp4")
    assert (tmp_path / "kept.mp4").read_bytes() == b"film"
    hands.click(f"{names.NOTE_FILE}_{program.id}")
    assert "setup.exe" in said(stage)
    assert not stage.shop.home.opened.exists()


def said(stage: Stage) -> str:
    """What the dialog says that tells what went wrong; it is closed again."""
    dialog = stage.find(QDialog, names.FAILURE)
    words = " ".join(label.text() for label in dialog.findChildren(Text))
    dialog.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    stage.window.activateWindow()
    stage.settle()
    return words


def test_files_that_cannot_be_read_are_said_and_the_others_are_taken(stage: Stage, lin: int, tmp_path: Path) -> None:
    (tmp_path / "good.png").write_bytes(b"1")
    assert drop(stage, mime(tmp_path / "gone.png", tmp_path / "good.png"))
    assert [file.name for file in card(stage).timeline.box._files] == ["good.png"]
    assert "gone.png" in said(stage)
    assert told(stage, lin)[0].text == "婆婆收货，电话打她的"
    stage.window.grab()
    Counting(stage).click(f"{names.CARD_FILE}_0")
    assert card(stage).timeline.box._files == []


def test_a_file_is_chosen_by_one_key(stage: Stage, lin: int, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    with dialogs_of_qt():
        Counting(stage).key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        dialog = stage.find(QFileDialog, names.OPEN_DIALOG)
        dialog.filesSelected.emit([str(tmp_path / "a.txt")])
        dialog.close()
        stage.settle()
    assert [file.name for file in card(stage).timeline.box._files] == ["a.txt"]
    assert told(stage, lin)[0].files == ()


def test_the_kinds_are_walked_through_by_a_key(stage: Stage, lin: int) -> None:
    hands = Counting(stage)
    with stage.shop.write() as tx:
        follow_ups.add(tx, lin, FollowUp(text="满意"))
    stage.settle()
    shown = []
    for _step in range(6):
        hands.key(Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
        shown.append({row.event_shown.kind for row in rows(stage)})
    assert shown == [
        {"orders"}, {"notes"}, {"follow_ups"}, {"tags"}, {"imports"},
        {"orders", "notes", "follow_ups", "tags", "imports"},
    ]  # fmt: skip


def test_text_of_100_000_characters_is_shown_short_and_opens_whole(stage: Stage, lin: int) -> None:
    text = "<b>很长</b>" * 10_000 + "end"
    stage.find(QLineEdit, names.CARD_NOTE_EDIT).setFocus()
    QApplication.clipboard().setText(text)
    hands = Counting(stage)
    hands.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    hands.key(Qt.Key.Key_Return)
    assert told(stage, lin)[0].text == text
    assert len(rows(stage)[0].event_shown.text) == notes.SHORT
    rows(stage)[0].setFocus()
    hands.key(Qt.Key.Key_Return)
    editor = stage.find(QPlainTextEdit, names.NOTE_TEXT)
    assert editor.toPlainText() == text
    hands.type("!")
    hands.key(Qt.Key.Key_Return)
    assert told(stage, lin)[0].text.endswith("end!")


def test_older_lines_come_as_one_scrolls(qtbot: QtBot, tmp_path: Path, language: str) -> None:
    assert language
    shop = new_shop(tmp_path / "many")
    given_orders(shop, [order(f"{n:06d}", "wholesale", TODAY - timedelta(days=n)) for n in range(200)])
    stage = make_stage(qtbot, shop)
    stage.window.ctx.open_customer(1)
    stage.settle()
    assert len(rows(stage)) == timeline.FIRST
    area = card(stage).findChild(QScrollArea)
    assert area is not None
    for _step in range(20):
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
        stage.settle()
    found = [row.event_shown for row in rows(stage)]
    assert len(found) == 201
    assert len({event.key for event in found}) == 201
    assert not stage.find(QWidget, names.TIMELINE_MORE).isVisible()
    with shop.write() as tx:
        notes.add(tx, 1, text="neu")
    stage.bot.waitUntil(lambda: rows(stage)[0].event_shown.text == "neu", timeout=10_000)
    assert len(rows(stage)) == 202, "what was loaded stays loaded"
    stage.end()
    shop.close()


def test_every_line_opens_to_what_it_is(stage: Stage, lin: int) -> None:
    with stage.shop.write() as tx:
        follow_ups.add(tx, lin, FollowUp(text="满意", order=1))
    stage.settle()
    hands = Counting(stage)
    inside = {
        "orders": names.ORDER_COPY, "notes": names.NOTE_TEXT, "follow_ups": names.FOLLOW_UP_EDIT,
        "imports": names.TIMELINE_OPEN,
    }  # fmt: skip
    for kind, name in inside.items():
        row = next(row for row in rows(stage) if row.event_shown.kind == kind)
        row.setFocus()
        hands.key(Qt.Key.Key_Return)
        assert any(each.isVisible() for each in stage.window.findChildren(QWidget, name)), kind
        QApplication.focusWidget()
    hands.click(names.TIMELINE_OPEN)
    assert stage.window.frame.page("data").isVisible()


def test_opening_of_the_shop_empties_what_a_crash_left(tmp_path: Path, qtbot: QtBot, language: str) -> None:
    assert language
    shop = new_shop(tmp_path / "shop")
    left = shop.home.opened / "x" / "secret.pdf"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"1")
    stage = make_stage(qtbot, shop)
    assert not left.parent.exists()
    stage.end()
    shop.close()
