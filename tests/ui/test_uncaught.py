"""Whatever fails, wherever: it is shown and kept, and the next start knows of a fall."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, Signal, qCritical
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from shopcrm.ui.messages import Failed, Messages
from shopcrm.ui.uncaught import FALL, MARK, Run, Uncaught, kept_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shown(qapp: QApplication, tmp_path: Path) -> Iterator[list[Failed]]:
    """The failures that a window would show."""
    messages, found = Messages(tmp_path / "logs"), list[Failed]()
    messages.failed.connect(found.append)
    uncaught = Uncaught(messages, qapp)
    with capture_exceptions():
        uncaught.install()
        yield found
        uncaught.remove()


class Bell(QObject):
    rung = Signal(str)


def test_a_slot_that_fails_is_shown_and_kept(qtbot: QtBot, shown: list[Failed], tmp_path: Path) -> None:
    bell = Bell()

    def answer(name: str) -> None:
        raise ValueError(name)

    bell.rung.connect(answer)
    bell.rung.emit("林小满 13800130001")
    qtbot.waitUntil(lambda: len(shown) == 1)
    (failed,) = shown
    assert failed.kind == "bug"
    assert failed.kept is not None
    assert failed.kept.parent == tmp_path / "logs"
    assert failed.kept.read_text("utf-8") == failed.report
    assert "builtins.ValueError" in failed.report
    assert "answer" in failed.report
    assert "林小满" not in failed.report
    assert "13800130001" not in failed.report


def test_a_timer_and_a_thread_too(qtbot: QtBot, shown: list[Failed]) -> None:
    def break_down() -> None:
        raise RuntimeError("in the middle")

    QTimer.singleShot(0, break_down)
    thread = threading.Thread(target=break_down)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(shown) == 2)
    assert all("break_down" in failed.report for failed in shown)


def test_what_qt_finds_critical_is_told_without_its_words(qtbot: QtBot, shown: list[Failed]) -> None:
    qCritical("QWidget::repaint: recursion for 林小满")
    qtbot.waitUntil(lambda: len(shown) == 1)
    assert "QWidget::repaint" in shown[0].report
    assert "林小满" not in shown[0].report


def test_a_run_that_ends_well_leaves_nothing(tmp_path: Path) -> None:
    run = Run(tmp_path / "logs")
    assert run.begin() is None
    assert (tmp_path / "logs" / MARK).exists()
    run.end()
    assert list((tmp_path / "logs").iterdir()) == []


def test_a_hard_fall_is_known_at_the_next_start(tmp_path: Path) -> None:
    program = (
        "import faulthandler, pathlib, sys\n"
        "from shopcrm.ui.uncaught import Run\n"
        "def deep():\n"
        "    faulthandler._sigabrt()\n"
        "Run(pathlib.Path(sys.argv[1])).begin()\n"
        "deep()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, timeout=60, check=False
    )
    assert done.returncode != 0
    assert (tmp_path / FALL).stat().st_size
    run = Run(tmp_path)
    fell = run.begin()
    assert fell is not None
    kept = kept_of(tmp_path, fell)
    assert kept is not None
    said = kept.read_text("utf-8")
    assert "Aborted" in said
    assert "deep" in said
    run.end()


def test_a_power_cut_leaves_a_mark_and_no_report(tmp_path: Path) -> None:
    (tmp_path / MARK).touch()
    run = Run(tmp_path)
    fell = run.begin()
    assert fell is not None
    assert kept_of(tmp_path, fell) is None
    run.end()
