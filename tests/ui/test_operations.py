from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from shopcrm.base.errors import Cancelled
from shopcrm.base.progress import Progress
from shopcrm.ui.operations import Jobs, Operations


class FakeDoor:
    """Transactions that note their thread."""

    def __init__(self) -> None:
        self.threads: list[QThread] = []

    @contextmanager
    def read(self) -> Iterator[str]:
        self.threads.append(QThread.currentThread())
        yield "read"

    @contextmanager
    def write(self) -> Iterator[str]:
        self.threads.append(QThread.currentThread())
        yield "write"


class FakeVoice:
    def __init__(self) -> None:
        self.heard: list[tuple[BaseException, Callable[[], None] | None]] = []

    def failure(self, error: BaseException, *, retry: Callable[[], None] | None = None) -> None:
        self.heard.append((error, retry))


def make() -> tuple[Operations, FakeDoor, FakeVoice]:
    door, voice = FakeDoor(), FakeVoice()
    return Operations(door, voice), door, voice


def test_work_runs_elsewhere_and_is_answered_here(qtbot: QtBot, qapp: QApplication) -> None:
    operations, door, voice = make()
    answers: list[tuple[str, QThread]] = []
    owner = QObject()
    operations.read(owner, lambda tx: tx + "!", done=lambda value: answers.append((value, QThread.currentThread())))
    operations.write(owner, lambda tx: tx + "!", done=lambda value: answers.append((value, QThread.currentThread())))
    qtbot.waitUntil(lambda: not operations.busy)
    assert sorted(value for value, _ in answers) == ["read!", "write!"]
    assert {thread for _, thread in answers} == {qapp.thread()}
    assert qapp.thread() not in door.threads
    assert not voice.heard


def test_only_the_newest_question_under_a_key_is_answered(qtbot: QtBot) -> None:
    operations, _door, _voice = make()
    owner, gate = QObject(), threading.Event()
    answers: list[str] = []

    def slow(_tx: Any) -> str:
        gate.wait(5)
        return "old"

    operations.read(owner, slow, done=answers.append, latest="list")
    operations.read(owner, lambda _tx: "new", done=answers.append, latest="list")
    operations.read(owner, lambda _tx: "other", done=answers.append, latest="count")
    gate.set()
    qtbot.waitUntil(lambda: not operations.busy)
    assert sorted(answers) == ["new", "other"]


def test_an_answer_to_a_widget_that_is_gone_is_dropped(qtbot: QtBot) -> None:
    operations, _door, voice = make()
    owner, gate = QObject(), threading.Event()
    answers: list[str] = []

    def slow(_tx: Any) -> str:
        gate.wait(5)
        return "late"

    operations.read(owner, slow, done=answers.append)
    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: not operations.busy)
    assert answers == []
    assert not voice.heard


def test_failures_are_shown_with_a_retry_that_asks_again(qtbot: QtBot) -> None:
    operations, _door, voice = make()
    owner = QObject()
    answers: list[str] = []
    tries: list[int] = []

    def shaky(_tx: Any) -> str:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("busy")
        return "at last"

    operations.read(owner, shaky, done=answers.append)
    qtbot.waitUntil(lambda: not operations.busy)
    (error, retry), *rest = voice.heard
    assert isinstance(error, OSError)
    assert not rest
    assert retry is not None
    retry()
    qtbot.waitUntil(lambda: not operations.busy)
    assert answers == ["at last"]


def test_one_writer_keeps_the_order_of_edits(qtbot: QtBot) -> None:
    operations, _door, _voice = make()
    owner = QObject()
    written: list[int] = []
    for number in range(20):
        operations.write(owner, partial(lambda number, _tx: written.append(number), number))
    qtbot.waitUntil(lambda: not operations.busy)
    assert written == list(range(20))


def test_a_job_reports_and_can_be_cancelled(qtbot: QtBot) -> None:
    operations, _door, voice = make()
    jobs, owner, started = Jobs(operations, voice), QObject(), threading.Event()
    failed: list[BaseException] = []

    def work(progress: Progress) -> None:
        for number in range(10_000):
            started.set()
            progress.report("reading", done=number, total=10_000)
            QThread.msleep(1)

    with qtbot.waitSignal(jobs.stepped):
        assert jobs.run(owner, work, "Import", failed=failed.append)
    with qtbot.waitSignal(jobs.refused):
        assert not jobs.run(owner, work, "A second one")
    assert started.is_set()
    with qtbot.waitSignal(jobs.ended):
        jobs.cancel()
    assert isinstance(failed[0], Cancelled)
    assert not jobs.running
    assert not voice.heard


def test_a_cancelled_job_takes_no_step_more(qtbot: QtBot) -> None:
    operations, _door, voice = make()
    jobs, owner, gate = Jobs(operations, voice), QObject(), threading.Event()
    after: list[int] = []

    def work(progress: Progress) -> None:
        progress.report("reading", done=1, total=3)
        gate.wait(5)
        progress.report("reading", done=2, total=3)
        after.append(1)

    with qtbot.waitSignal(jobs.stepped):
        jobs.run(owner, work, "Import")
    jobs.cancel()
    gate.set()
    qtbot.waitUntil(lambda: not jobs.running)
    assert after == []
    assert not voice.heard  # who cancelled needs no message


def test_edits_that_wait_are_counted_until_they_are_written_or_have_failed(qtbot: QtBot) -> None:
    operations, _door, voice = make()
    owner, gate = QObject(), threading.Event()
    counts: list[int] = []
    operations.writes_changed.connect(counts.append)

    def slow(_tx: Any) -> None:
        gate.wait(5)

    def broken(_tx: Any) -> None:
        raise OSError("disk")

    operations.write(owner, slow)
    operations.write(owner, broken)
    operations.read(owner, lambda _tx: None, done=lambda _none: None)
    assert operations.writes == 2
    gate.set()
    qtbot.waitUntil(lambda: not operations.busy)
    assert counts == [1, 2, 1, 0]
    assert len(voice.heard) == 1
