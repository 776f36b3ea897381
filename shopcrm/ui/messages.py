"""Speaking to the user: what was done, with Undo; and failures in their three kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from shopcrm.base import clock, crash
from shopcrm.base.errors import Cancelled, EnvironmentFailure, UserFailure


@dataclass(frozen=True)
class Offer:
    """What a toast's button does."""

    words: str
    act: Callable[[], None]
    icon: str
    keys: str = ""


@dataclass(frozen=True)
class Said:
    """One line for the toast: what was done with its undo, or what was undone with its redo."""

    text: str
    undo: Callable[[], None] | None = None
    icon: str = "circle-check"
    redo: Callable[[], None] | None = None
    again: bool = False  # done once more, after an undo
    offer: Offer | None = None  # anything else


@dataclass(frozen=True)
class Failed:
    """A failure to be shown: its kind, its sentence, what can be tried; of a bug its report and where it is kept."""

    kind: str  # user | environment | bug
    text: str
    retry: Callable[[], None] | None = None
    report: str = ""
    kept: Path | None = None


class Messages(QObject):
    """Functions to speak with; the window listens and shows. Only for the GUI thread."""

    said = Signal(object)  # Said
    failed = Signal(object)  # Failed

    def __init__(self, logs: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.logs = logs

    def toast(
        self,
        text: str,
        *,
        undo: Callable[[], None] | None = None,
        icon: str = "circle-check",
        redo: Callable[[], None] | None = None,
        again: bool = False,
    ) -> None:
        """Say in one line what was done."""
        self.said.emit(Said(text, undo, icon, redo, again))

    def failure(self, error: BaseException, *, retry: Callable[[], None] | None = None) -> None:
        """Show a failure: the user's as it is, the environment's with a retry, a bug with its report kept."""
        if isinstance(error, Cancelled):
            self.toast(error.message, icon="info")
        elif isinstance(error, UserFailure):
            self.failed.emit(Failed("user", error.message))
        elif isinstance(error, EnvironmentFailure):
            self.failed.emit(Failed("environment", error.message, retry))
        else:
            self.failed.emit(Failed("bug", type(error).__name__, None, crash.report(error), self.keep(error)))

    def keep(self, error: BaseException) -> Path | None:
        """Keep the report of a bug; where it lies. Safe from any thread."""
        return crash.keep(self.logs, error, at=clock.now()) if self.logs is not None else None
