"""Tells the pages what a transaction has changed: one signal, on the GUI thread, after the commit."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot

from shopcrm.base.changes import Changes


class Hub(QObject):
    """The one signal that is not from child to parent."""

    changed = Signal(object)  # Changes
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Commits happen on worker threads; a queued connection brings them over.
        self._arrived.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def tell(self, changes: Changes) -> None:
        """Say what changed. From any thread."""
        if changes:
            self._arrived.emit(changes)

    @Slot(object)
    def _tell(self, changes: Changes) -> None:
        self.changed.emit(changes)
