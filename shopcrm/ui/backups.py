"""Backups that are made by themselves while the window is open (K2): every 30 minutes, when something changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from shopcrm.base import clock
from shopcrm.base.errors import Cancelled, Failure
from shopcrm.base.i18n import _
from shopcrm.base.options import BACKUP_FOLDER
from shopcrm.ui.messages import Messages
from shopcrm.ui.operations import Jobs, Operations
from shopcrm.ui.seat import Seat

if TYPE_CHECKING:
    from shopcrm.app import Shop
    from shopcrm.store.backup import Backup

EVERY: Final = timedelta(minutes=30)
LOOK_MS: Final = 60_000


class Backups(QObject):
    """Looks at the clock every minute. What is in the way is said once, until it is out of the way again."""

    made = Signal()  # the newest backup is another one, or in a second folder too
    _missing = Signal(str)

    def __init__(
        self,
        shop: Shop,
        seat: Seat,
        operations: Operations,
        jobs: Jobs,
        messages: Messages,
        *,
        clock: clock.Clock = clock.now,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shop, self._seat, self._messages = shop, seat, messages
        self._operations, self._jobs = operations, jobs
        self.clock = clock
        self._last = clock()
        self._under_way = self._failing = self._told_missing = False
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._missing.connect(self._say_missing)

    def start(self) -> None:
        """Begin to look, and keep second copies where the seat says."""
        self._last = self.clock()
        self._timer.start()
        self._use(self.folder)

    def stop(self) -> None:
        """The shop is being closed."""
        self._timer.stop()

    def look(self) -> None:
        """Make a backup when it is time; not while other long work runs, which would have to wait for it."""
        now = self.clock()
        self._last = min(self._last, now)  # a clock that was set back must not stop the backups
        if self._under_way or self._jobs.running or now - self._last < EVERY:
            return
        self._last = now
        self._under_way = True
        self._operations.run(self, lambda: self._shop.back_up("auto"), done=self._done, failed=self._failed)

    def by_hand(self, *, said: Callable[[Backup], str]) -> None:
        """Make one now, where it is seen and can be cancelled; `said` words what was made."""

        def done(made: Backup) -> None:
            self._messages.toast(said(made), icon="database-backup")
            self.made.emit()

        shop = self._shop
        self._jobs.run(self, lambda progress: shop.back_up("hand", progress=progress), _("Backing up"), done=done)

    def _done(self, _made: Backup) -> None:
        self._under_way = self._failing = False
        self.made.emit()

    def _failed(self, error: BaseException) -> None:
        self._under_way = False
        if isinstance(error, Cancelled):
            return  # the next backup is copied there
        if not isinstance(error, Failure):
            self._messages.failure(error)
        elif not self._failing:
            self._failing = True
            self._messages.toast(error.message, icon="triangle-alert")

    # The second folder

    @property
    def folder(self) -> Path | None:
        """Where second copies are kept."""
        chosen = self._seat.get(BACKUP_FOLDER)
        return Path(chosen) if chosen else None

    def choose_folder(self, folder: Path | None) -> None:
        """Keep second copies there from now on; the newest backup at once, unless other long work runs."""
        self._seat.set(BACKUP_FOLDER, "" if folder is None else str(folder))
        self._told_missing = False
        self._use(folder)
        if folder is not None and not self._under_way and not self._jobs.running:
            # A stick or a network drive may be slow: it is seen, and can be cancelled.
            shop = self._shop
            self._under_way = self._jobs.run(
                self,
                lambda progress: shop.back_up("hand", progress=progress),
                _("Copying the backup to the second place"),
                done=self._done,
                failed=self._failed,
            )

    def _use(self, folder: Path | None) -> None:
        self._shop.keep_second_copies(folder, missing=lambda error: self._missing.emit(error.strerror or str(error)))

    def _say_missing(self, reason: str) -> None:
        if not self._told_missing and self.folder is not None:
            self._told_missing = True
            words = _("Backups are made, but not copied to {folder} ({reason}).")
            self._messages.toast(words.format(folder=self.folder, reason=reason), icon="info")
