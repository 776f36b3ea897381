from __future__ import annotations

import time

import pytest
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
