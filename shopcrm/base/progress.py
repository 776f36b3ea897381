"""How long work reports, and how it is stopped. The same job runs from the window, the command line and a test."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shopcrm.base.errors import Cancelled


@dataclass(frozen=True)
class Step:
    """Where a job stands. `total` is None while the end is not known."""

    stage: str
    done: int
    total: int | None
    unit: str = ""  # what is counted: bytes, rows; "" for parts of the work, whose number tells nobody anything


class Progress:
    """Passed into a job: `report` tells where it stands and raises `Cancelled` when it was asked to stop."""

    def __init__(self, on_step: Callable[[Step], None] | None = None) -> None:
        self._on_step = on_step
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the job to stop at its next report. Safe from any thread."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked the job to stop."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise `Cancelled` when the job was asked to stop."""
        if self._cancelled.is_set():
            raise Cancelled

    def report(self, stage: str, *, done: int = 0, total: int | None = None, unit: str = "") -> None:
        """Tell where the job stands. `stage` is a key: reading, matching, writing, statistics, backup."""
        self.check()
        if self._on_step is not None:
            self._on_step(Step(stage, done, total, unit))


SILENT: Final = Progress()
