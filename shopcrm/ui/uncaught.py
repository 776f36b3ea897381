"""Where failures end that nobody caught: in slots, in threads, in Qt, and the fall of the whole process.

While a shop is open a mark lies in its folder of logs. A mark that is there at the start says that the last run fell.
"""

from __future__ import annotations

import faulthandler
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Final

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler

from shopcrm.base import clock, crash
from shopcrm.base.crash import HardStop, LibraryFault

if TYPE_CHECKING:
    from shopcrm.ui.messages import Messages

MARK: Final = "running.txt"
FALL: Final = "fall.txt"


class Uncaught(QObject):
    """One a process. Installed for as long as the window lives."""

    caught = Signal(object)  # an exception, from whatever thread

    def __init__(self, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages = messages
        # Queued: what failed in the middle of painting is told when the painting is over.
        self.caught.connect(messages.failure, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Hear of everything from now on."""
        sys.excepthook = self._in_python
        threading.excepthook = self._in_thread
        qInstallMessageHandler(self._in_qt)

    def remove(self) -> None:
        """As it was."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)

    def _in_python(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        if not isinstance(error, KeyboardInterrupt):
            self.caught.emit(error)

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        threading.__excepthook__(args)
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self.caught.emit(args.exc_value)

    def _in_qt(self, kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if sys.stderr is not None:
            print(message, file=sys.stderr)  # noqa: T201  # as Qt would have done
        if kind == QtMsgType.QtFatalMsg:
            # Qt ends the process when this returns.
            self._messages.keep(LibraryFault(message))
        elif kind == QtMsgType.QtCriticalMsg:
            self.caught.emit(LibraryFault(message))


class Run:
    """The mark of a run in a folder of logs, and where the process writes its last frames when it falls."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._file: IO[str] | None = None

    def begin(self) -> HardStop | None:
        """Set the mark. When one was there: how the run before ended."""
        mark, fall = self._logs / MARK, self._logs / FALL
        try:
            self._logs.mkdir(parents=True, exist_ok=True)
            fell = HardStop(_text(fall)) if mark.exists() else None
            mark.write_text(f"{clock.now():%Y-%m-%dT%H:%M:%SZ}\n", encoding="utf-8")
            self._file = fall.open("w", encoding="utf-8")
        except OSError:
            return None  # a full disk or a folder that cannot be written to: the shop says so in its own words
        faulthandler.enable(self._file)
        return fell

    def end(self) -> None:
        """The run ends as it should: take the mark away."""
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        self._file = None
        for name in (MARK, FALL):
            try:
                (self._logs / name).unlink(missing_ok=True)
            except OSError:
                continue


def kept_of(logs: Path, fell: HardStop) -> Path | None:
    """The report of a fall, if it told anything."""
    return crash.keep(logs, fell, at=clock.now()) if fell.identifiers else None


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
