"""A restore behind the window: waits for what was asked of the shop, closes it, and puts a backup in its place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from shopcrm.base.paths import Home
from shopcrm.base.progress import Progress, Step
from shopcrm.ui.context import Context

if TYPE_CHECKING:
    from shopcrm.app import Shop


class Restoring(QObject):
    """One restore. The shop is closed in any case; whoever listens opens it again."""

    stepped = Signal(object)  # Step
    done = Signal(object)  # store.restore.Restored
    failed = Signal(object)  # an exception: the shop is as it was

    def __init__(self, home: Home, source: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home, self._source = home, source
        self._ctx: Context | None = None
        self._progress = Progress(self._tell)
        self._worker = QThreadPool(self)

    @property
    def source(self) -> Path:
        """The backup."""
        return self._source

    def start(self, shop: Shop | None, ctx: Context | None) -> None:
        """Do it on a worker thread. `ctx` is what the shop was asked through; it is deleted at the end."""
        self._ctx = ctx

        def work() -> None:
            from shopcrm.app import put_back

            try:
                if ctx is not None:
                    ctx.operations.wait()
                if shop is not None:
                    shop.close()
                restored = put_back(self._home, self._source, progress=self._progress)
            except BaseException as error:  # noqa: BLE001  # said when the shop is open again
                self.failed.emit(error)
            else:
                self.done.emit(restored)

        self._worker.start(QRunnable.create(work))

    def end(self) -> None:
        """Whoever listened has heard."""
        # The worker may still be on its way back from telling it, through this object.
        self._worker.waitForDone()
        if self._ctx is not None:
            self._ctx.deleteLater()
        self.deleteLater()

    def cancel(self) -> None:
        """Ask it to stop, which it does until the copy is verified."""
        self._progress.cancel()

    def _tell(self, step: Step) -> None:
        self.stepped.emit(step)
