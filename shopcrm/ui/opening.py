"""A shop opened behind the window: what is being made tells its steps and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from shopcrm.base.progress import Progress
from shopcrm.ui.operations import Throttle

if TYPE_CHECKING:
    from shopcrm.app import Shop
    from shopcrm.store.backup import Backup


class Opening(QObject):
    """Opens a shop on a worker thread; importing the store takes longer than the window may wait.

    Nobody's child: it is there as long as the thread works, and whom it tells may go meanwhile.
    """

    opened = Signal(object)
    failed = Signal(object, object)  # the exception, the backup to offer
    stepped = Signal(object)  # Step

    def __init__(self) -> None:
        super().__init__()
        self._progress = Progress()

    def start(self, open_shop: Callable[[Progress], Shop], *, offer: Callable[[], Backup | None]) -> None:
        progress = self._progress = Progress(Throttle(self.stepped.emit))

        def work() -> None:
            try:
                shop = open_shop(progress)
            except BaseException as error:  # noqa: BLE001  # shown on the rescue screen
                self.failed.emit(error, offer())
            else:
                self.opened.emit(shop)

        QThreadPool.globalInstance().start(QRunnable.create(work))

    def cancel(self) -> None:
        """Stop what is being made."""
        self._progress.cancel()
