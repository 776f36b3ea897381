"""Edits made while an import is written: seen as waiting, and in the shop when it is done."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from shopcrm.act import desk
from shopcrm.base.i18n import _
from shopcrm.base.progress import Progress
from shopcrm.collect import notes
from shopcrm.ui import names
from shopcrm.ui.kit.edits import LineEdit
from tests.ui.conftest import Stage


@pytest.fixture
def importing(stage: Stage) -> Iterator[threading.Event]:
    """An import that holds the one writer until the event is set."""
    end, begun, shop = threading.Event(), threading.Event(), stage.shop

    def work(_progress: Progress) -> None:
        with shop.write() as tx:
            notes.add(tx, 2, text="from the import")
            begun.set()
            while not end.is_set():
                time.sleep(0.001)

    stage.window.ctx.jobs.run(stage.window, work, "Importing")
    stage.bot.waitUntil(begun.is_set)
    yield end
    end.set()
    stage.settle()


def lin(stage: Stage) -> int:
    with stage.shop.read() as tx:
        (hit,) = desk.find(tx, "xiaoman_lin88")
    return hit.id


def test_an_edit_waits_on_its_own_card_is_said_and_lands_after_the_import(
    stage: Stage, importing: threading.Event
) -> None:
    ctx, bot = stage.window.ctx, stage.bot
    said: list[str] = []
    ctx.messages.said.connect(lambda one: said.append(one.text))
    customer = lin(stage)
    ctx.open_customer(customer)
    waiting = stage.find(QLabel, names.CARD_WAITING)
    note = stage.find(LineEdit, names.CARD_NOTE_EDIT)
    bot.waitUntil(note.isVisible)
    note.setFocus()
    QTest.keyClicks(note, "call back")
    QTest.keyClick(note, Qt.Key.Key_Return)
    assert waiting.isVisible()
    assert stage.find(QWidget, names.STATUS_WAITING).isVisible()
    bot.waitUntil(lambda: said == [_("Saved after the import")])
    other = customer + 1
    ctx.open_customer(other)
    bot.waitUntil(lambda: not waiting.isVisible())
    ctx.open_customer(customer)
    bot.waitUntil(waiting.isVisible)
    with stage.shop.read() as tx:
        before = [one.text for one in desk.card(tx, stage.shop.columns(), customer).notes]
    assert "call back" not in before
    importing.set()
    stage.settle()
    with stage.shop.read() as tx:
        assert "call back" in [one.text for one in desk.card(tx, stage.shop.columns(), customer).notes]
    assert not waiting.isVisible()
    assert said[-1] == _("Note saved")


def test_an_edit_that_is_written_at_once_is_not_said_to_wait(stage: Stage) -> None:
    ctx, said = stage.window.ctx, list[str]()
    ctx.messages.said.connect(lambda one: said.append(one.text))
    end = threading.Event()
    ctx.jobs.run(stage.window, lambda _progress: end.wait(10), "Reading")  # takes no lock
    ctx.write(stage.window, lambda tx: notes.add(tx, 1, text="at once"))
    stage.bot.waitUntil(lambda: not ctx.operations.writes)
    stage.bot.wait(500)  # longer than an edit may take before it is said to wait
    assert said == []
    end.set()
    stage.settle()
