from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from shopcrm.ui import theme
from shopcrm.ui.kit.progress import ProgressStrip
from shopcrm.ui.kit.text import Text


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_figures_are_told_in_what_is_counted_and_parts_of_the_work_not_at_all(
    qtbot: QtBot, dressed: theme.Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dressed.language == "en"
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    strip = ProgressStrip()
    qtbot.addWidget(strip)
    told = strip.findChild(Text, "progress_figures")
    assert told is not None
    strip.begin("Looking")
    strip.step("reading", done=0, total=48_000_000, unit="bytes")
    now += 4
    strip.step("reading", done=8_000_000, total=48_000_000, unit="bytes")
    assert told.text() == "reading · 8.0 MB of 48.0 MB · 2.0 MB a second · about 20 seconds left"
    strip.step("writing", done=4, total=4)
    assert told.text() == "writing"
    now += 2  # another part has a rate of its own
    strip.step("exporting", done=0, total=100_000, unit="rows")
    now += 2
    strip.step("exporting", done=20_000, total=100_000, unit="rows")
    assert told.text() == "exporting · 20,000 of 100,000 · 10,000 a second · about 8 seconds left"


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_cancel_is_answered_at_once_and_late_steps_do_not_talk_over_it(qtbot: QtBot, dressed: theme.Theme) -> None:
    assert dressed.language == "en"
    strip = ProgressStrip()
    qtbot.addWidget(strip)
    strip.show()
    strip.begin("Importing")
    told, cancel = strip.findChild(Text, "progress_figures"), strip.findChild(QPushButton, "progress_cancel")
    assert told is not None
    assert cancel is not None
    with qtbot.waitSignal(strip.cancelled):
        QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert told.text() == "Stopping …"
    strip.step("writing", done=1, total=2, unit="rows")
    assert told.text() == "Stopping …"
    assert not cancel.isEnabled()
    strip.begin("Another one")
    strip.step("writing", done=1, total=2, unit="rows")
    assert told.text() == "writing · 1 of 2"
