"""The two verbs between a screen and the shop, and long jobs: off the GUI thread, answered on it.

`read` and `write` open and close their transaction where they run. An answer is dropped when the widget that asked
is gone, or when it has asked something newer under the same `latest` key. Failures are shown by the messages.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot
from PySide6.QtWidgets import QWidget

from shopcrm.base.errors import Cancelled
from shopcrm.base.progress import Progress, Step

T = TypeVar("T")

READERS = 3


class Door(Protocol):
    """What a shop gives to the operations: its two kinds of transaction."""

    def read(self) -> AbstractContextManager[Any]: ...
    def write(self) -> AbstractContextManager[Any]: ...


class Voice(Protocol):
    """Who shows failures."""

    def failure(self, error: BaseException, *, retry: Callable[[], None] | None = None) -> None: ...


@dataclass(frozen=True)
class _Answer:
    question: _Question
    value: Any = None
    error: BaseException | None = None


@dataclass(eq=False)
class _Question:
    owner: QObject
    work: Callable[[], Any]
    done: Callable[[Any], None] | None
    failed: Callable[[BaseException], None] | None
    retry: Callable[[], None] | None
    latest: str
    number: int
    writes: bool
    about: object = None  # whom a write is about


class _Task(QRunnable):
    def __init__(self, question: _Question, desk: _Desk) -> None:
        super().__init__()
        self._question, self._desk = question, desk

    def run(self) -> None:
        if self._question.latest and self._desk.overtaken(self._question):
            # Typed on while this one waited: nobody wants its answer.
            self._answer(_Answer(self._question))
            return
        try:
            answer = _Answer(self._question, value=self._question.work())
        except BaseException as error:  # noqa: BLE001  # whatever it is, it is shown on the GUI thread
            answer = _Answer(self._question, error=error)
        self._answer(answer)

    def _answer(self, answer: _Answer) -> None:
        # The window, and the desk with it, may be gone when long work ends.
        with suppress(RuntimeError):
            self._desk.answered.emit(answer)


class _Desk(QObject):
    """Brings answers to the GUI thread and hands them out, unless nobody waits for them any more."""

    answered = Signal(object)
    written = Signal(object)  # _Question
    idle = Signal()

    def __init__(self, voice: Voice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._voice = voice
        self._numbers: WeakKeyDictionary[QObject, dict[str, int]] = WeakKeyDictionary()
        self._open = 0
        self.answered.connect(self._hand_out, Qt.ConnectionType.QueuedConnection)

    @property
    def open_questions(self) -> int:
        """How many answers are still to come."""
        return self._open

    def number(self, owner: QObject, latest: str) -> int:
        """The next number under an owner's key."""
        if not latest:
            return 0
        numbers = self._numbers.setdefault(owner, {})
        numbers[latest] = numbers.get(latest, 0) + 1
        return numbers[latest]

    def expect(self) -> None:
        """One more answer will come."""
        self._open += 1

    def overtaken(self, question: _Question) -> bool:
        """Whether nobody waits for this answer."""
        if not shiboken6.isValid(question.owner):
            return True
        return bool(question.latest) and self._numbers.get(question.owner, {}).get(question.latest) != question.number

    @Slot(object)
    def _hand_out(self, answer: _Answer) -> None:
        question = answer.question
        self._open -= 1
        if question.writes:
            self.written.emit(question)
        try:
            if answer.error is not None:
                if isinstance(answer.error, Cancelled) and question.failed is None:
                    return
                if not shiboken6.isValid(question.owner):
                    self._voice.failure(answer.error)
                elif question.failed is not None:
                    question.failed(answer.error)
                elif not self.overtaken(question):
                    self._voice.failure(answer.error, retry=question.retry)
            elif question.done is not None and not self.overtaken(question):
                question.done(answer.value)
        finally:
            if not self._open:
                self.idle.emit()


class Operations(QObject):
    """`read`, `write` and `run` for the widgets of one window."""

    idle = Signal()  # no answer is outstanding
    writes_changed = Signal(int)  # how many edits are not written yet

    def __init__(self, shop: Door, voice: Voice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shop = shop
        self._desk = _Desk(voice, self)
        self._desk.idle.connect(self.idle)
        self._desk.written.connect(self._written)
        self._readers = QThreadPool(self)
        self._readers.setMaxThreadCount(READERS)
        # One writer: edits made during an import wait here, in order.
        self._writer = QThreadPool(self)
        self._writer.setMaxThreadCount(1)
        self._waiting: list[_Question] = []  # to be written
        self._jobs = QThreadPool(self)
        self._jobs.setMaxThreadCount(1)

    @property
    def busy(self) -> bool:
        """Whether answers are outstanding."""
        return self._desk.open_questions > 0

    def read(
        self,
        owner: QObject,
        question: Callable[[Any], T],
        *,
        done: Callable[[T], None],
        latest: str = "",
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Ask the shop. `question` gets a `Tx` on a worker thread and returns plain values."""

        def work() -> T:
            with self._shop.read() as tx:
                return question(tx)

        def again() -> None:
            self.read(owner, question, done=done, latest=latest, failed=failed)

        self._start(self._readers, owner, work, done=done, failed=failed, retry=again, latest=latest)

    def write(
        self,
        owner: QObject,
        change: Callable[[Any], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        about: object = None,
    ) -> None:
        """Change the shop in one transaction. Committed even when the widget is gone by then.

        `about`: what `is_waiting` is asked about.
        """

        def work() -> T:
            with self._shop.write() as tx:
                return change(tx)

        def again() -> None:
            self.write(owner, change, done=done, failed=failed, about=about)

        question = self._start(self._writer, owner, work, done=done, failed=failed, retry=again, about=about)
        self._waiting.append(question)
        self.writes_changed.emit(self.writes)

    @property
    def writes(self) -> int:
        """How many edits are not written yet."""
        return len(self._waiting)

    def is_waiting(self, about: object, *, within: QWidget) -> bool:
        """Whether an edit about somebody, made in this widget, is not written yet."""
        return any(
            question.about == about
            and shiboken6.isValid(question.owner)
            and isinstance(question.owner, QWidget)
            and (question.owner is within or within.isAncestorOf(question.owner))
            for question in self._waiting
        )

    def _written(self, question: _Question) -> None:
        self._waiting.remove(question)
        self.writes_changed.emit(self.writes)

    def run(
        self,
        owner: QObject,
        work: Callable[[], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        latest: str = "",
    ) -> None:
        """Any other work off the GUI thread, one after the other (files, backups)."""
        self._start(self._jobs, owner, work, done=done, failed=failed, latest=latest)

    def look(self, owner: QObject, work: Callable[[], T], *, done: Callable[[T], None], latest: str = "") -> None:
        """A short look at something that is not in a transaction (the newest backup, another process's writes)."""
        self._start(self._readers, owner, work, done=done, failed=None, latest=latest)

    def wait(self) -> None:
        """Let running work come to its end (the window is closing)."""
        for pool in (self._readers, self._writer, self._jobs):
            pool.waitForDone()

    def _start(
        self,
        pool: QThreadPool,
        owner: QObject,
        work: Callable[[], Any],
        *,
        done: Callable[[Any], None] | None,
        failed: Callable[[BaseException], None] | None,
        retry: Callable[[], None] | None = None,
        latest: str = "",
        about: object = None,
    ) -> _Question:
        number = self._desk.number(owner, latest)
        question = _Question(owner, work, done, failed, retry, latest, number, pool is self._writer, about)
        self._desk.expect()
        pool.start(_Task(question, self._desk))
        return question


class Jobs(QObject):
    """Long work with progress and Cancel, one at a time; the window's strip shows it."""

    began = Signal(str)  # title
    stepped = Signal(object)  # Step
    ended = Signal()
    refused = Signal()  # another one was asked for while one runs

    def __init__(self, operations: Operations, voice: Voice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._operations, self._voice = operations, voice
        self._progress: Progress | None = None

    @property
    def running(self) -> bool:
        """Whether a job is under way."""
        return self._progress is not None

    def run(
        self,
        owner: QObject,
        work: Callable[[Progress], T],
        title: str,
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> bool:
        """Start a job; whether it was started. Cancelled, it ends in silence unless `failed`.

        While another one runs nothing is started, which `refused` tells the user.
        """
        if self._progress is not None:
            self.refused.emit()
            return False
        progress = Progress(Throttle(self.stepped.emit))
        self._progress = progress
        self.began.emit(title)

        def finished(value: T) -> None:
            self._end()
            if done is not None and shiboken6.isValid(owner):
                done(value)

        def broken(error: BaseException) -> None:
            self._end()
            if failed is not None and shiboken6.isValid(owner):
                failed(error)
            elif not isinstance(error, Cancelled):
                self._voice.failure(error)

        self._operations.run(self, lambda: work(progress), done=finished, failed=broken)
        return True

    def cancel(self) -> None:
        """Ask the running job to stop."""
        if self._progress is not None:
            self._progress.cancel()

    def _end(self) -> None:
        self._progress = None
        self.ended.emit()


class Throttle:
    """Lets a step through every 50 ms, and every change of stage."""

    def __init__(self, emit: Callable[[Step], None]) -> None:
        self._emit, self._stage, self._last = emit, "", 0.0

    def __call__(self, step: Step) -> None:
        now = time.monotonic()
        if step.stage != self._stage or now - self._last >= 0.05:
            self._stage, self._last = step.stage, now
            self._emit(step)
