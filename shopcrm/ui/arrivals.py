"""The folder that is watched for new exports, when the user wants it (C1): offered, never imported by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from shopcrm.base.errors import Failure
from shopcrm.base.i18n import _
from shopcrm.base.options import IMPORT_FOLDER
from shopcrm.collect import arrivals
from shopcrm.collect.arrivals import Arrived, Settling
from shopcrm.ui.messages import Messages
from shopcrm.ui.operations import Jobs, Operations
from shopcrm.ui.seat import Seat

if TYPE_CHECKING:
    from shopcrm.app import Shop

LOOK_MS: Final = 5_000  # a network drive tells nobody that a file has come
SOON_MS: Final = 700  # while a file is being written
MARKS: Final = 5_000  # files remembered
_SEEN: Final = "import_folder_seen"


class Arrivals(QObject):
    """Looks when the system says that the folder has changed, and every few seconds in any case."""

    changed = Signal()  # `waiting` or `missing` is another one

    def __init__(
        self,
        shop: Shop,
        seat: Seat,
        operations: Operations,
        jobs: Jobs,
        messages: Messages,
        *,
        now_s: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shop, self._seat, self._messages = shop, seat, messages
        self._operations, self._jobs, self._now_s = operations, jobs, now_s
        self._settling = Settling()
        self._seen = dict.fromkeys(filter(None, seat.text(_SEEN).split(",")))  # in the order in which they came
        self._asked: set[str] = set()  # being recognised
        self._looking = self._told_missing = False
        self.waiting: tuple[Path, ...] = ()  # offered, not taken up yet
        self.missing = False  # the folder is not there
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self.look)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._soon = QTimer(self, interval=SOON_MS, singleShot=True)
        self._soon.timeout.connect(self.look)

    @property
    def folder(self) -> Path | None:
        """Where exports appear."""
        chosen = self._seat.get(IMPORT_FOLDER)
        return Path(chosen) if chosen else None

    def start(self) -> None:
        """Begin to look, where a folder was chosen."""
        folder = self.folder
        if folder is None:
            return
        if str(folder) not in self._watcher.directories():
            self._watcher.addPath(str(folder))
        self._timer.start()
        self.look()

    def stop(self) -> None:
        """The shop is being closed, or nobody wants it any more."""
        self._timer.stop()
        self._soon.stop()
        if watched := self._watcher.directories():
            self._watcher.removePaths(watched)

    def choose_folder(self, folder: Path | None) -> None:
        """Watch another folder from now on, or none. What lies there already has not just arrived."""
        self.stop()
        self._seat.set(IMPORT_FOLDER, "" if folder is None else str(folder))
        self._settling, self.waiting, self.missing, self._told_missing = Settling(), (), False, False
        self.changed.emit()
        if folder is None:
            self._seat.put(_SEEN, "")
            self._seen = {}
            return

        def known(found: list[Arrived] | None) -> None:
            if self.folder == folder:
                self._remember(found or ())
                self.start()

        self._operations.look(self, lambda: _listed(folder), done=known, latest="folder")

    def take(self) -> list[Path]:
        """What was offered is taken up, or put away: it is not offered again."""
        taken, self.waiting = list(self.waiting), ()
        self.changed.emit()
        return taken

    # Looking

    def look(self) -> None:
        """See what has come; what is complete is looked into."""
        folder = self.folder
        if folder is None or self._looking or not self._timer.isActive():
            return
        self._looking = True
        self._operations.look(self, lambda: (folder, _listed(folder)), done=self._found)

    def _found(self, answer: tuple[Path, list[Arrived] | None]) -> None:
        self._looking = False
        folder, found = answer
        if folder != self.folder or not self._timer.isActive():
            return
        self._say_missing(found is None)
        if found is None:
            return
        if str(folder) not in self._watcher.directories():
            self._watcher.addPath(str(folder))  # it was gone, and Qt has let it go
        new = [arrived for arrived in found if arrived.mark not in self._seen and arrived.mark not in self._asked]
        still = self._settling.take(new, now_s=self._now_s())
        if len(still) < len(new):
            self._soon.start()
        if still and not self._jobs.running:  # one child at a time; the next look is soon enough
            self._asked |= {arrived.mark for arrived in still}
            self._operations.run(
                self, lambda: self._recognised(still), done=lambda known: self._offer(still, known), failed=self._failed
            )

    def _recognised(self, found: Sequence[Arrived]) -> list[Path]:
        """Those whose headers are known, off the GUI thread: the child process opens them."""
        from shopcrm.collect import mappings

        with self._shop.read() as tx:
            said = mappings.texts(tx)
        return [arrived.path for arrived in found if self._is_known(arrived.path, said)]

    def _is_known(self, path: Path, said: dict[str, str]) -> bool:
        try:
            staged = self._shop.stage([path], peek=True, remembered=said)
        except Failure:
            return False  # no table, or gone again: nobody has asked for it
        try:
            return any(file.platform for file in staged.files())
        finally:
            staged.close()

    def _offer(self, found: Sequence[Arrived], known: Sequence[Path]) -> None:
        self._asked -= {arrived.mark for arrived in found}
        self._remember(found)
        if known and self._timer.isActive():
            self.waiting = tuple(dict.fromkeys([*self.waiting, *known]))
            self.changed.emit()

    def _failed(self, error: BaseException) -> None:
        self._asked.clear()
        self._messages.failure(error)

    def _remember(self, found: Sequence[Arrived]) -> None:
        for arrived in found:
            self._seen.pop(arrived.mark, None)
            self._seen[arrived.mark] = None
        self._seen = dict.fromkeys(list(self._seen)[-MARKS:])
        self._seat.put(_SEEN, ",".join(self._seen))

    def _say_missing(self, missing: bool) -> None:  # noqa: FBT001
        if missing != self.missing:
            self.missing = missing
            self.changed.emit()
        if missing and not self._told_missing:
            words = _("The folder that is watched is not there: {folder}")
            self._messages.toast(words.format(folder=self.folder), icon="triangle-alert")
        self._told_missing = missing


def _listed(folder: Path) -> list[Arrived] | None:
    """None for a folder that is not there."""
    try:
        return arrivals.listed(folder)
    except OSError:
        return None
