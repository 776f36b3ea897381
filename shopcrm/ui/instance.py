"""One window a shop: an OS lock, which dies with its process, and a socket on which a second start raises the first."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import IO

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from shopcrm.base import files
from shopcrm.base.paths import Home

KNOCK_MS = 1_000
WINDOW, PANEL = "window", "panel"  # what a second start asks for


class Instance(QObject):
    """Whether this is the one window of a home."""

    knocked = Signal(str)  # a second start wants this window to come up, or what else it says

    def __init__(self, home: Home, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._lock: IO[bytes] | None = None
        self._callers: list[QLocalSocket] = []
        self._server = QLocalServer(self)
        self._server.newConnection.connect(self._answer)

    @property
    def _name(self) -> str:
        owner = os.environ.get("USERNAME") or os.environ.get("USER") or ""
        path = f"{owner}:{self._home.folder.resolve()}"
        return f"shopcrm-{hashlib.sha256(path.encode()).hexdigest()[:20]}"

    def acquire(self) -> bool:
        """Become the one window. False when another process is.

        Raises:
            OSError: the home cannot be written to.
        """
        self._home.folder.mkdir(parents=True, exist_ok=True)
        handle = self._home.window_lock.open("a+b")
        if not files.lock(handle):
            handle.close()
            return False
        self._lock = handle
        # A killed process leaves its socket behind; the lock says that nobody listens on it.
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return True

    def knock(self, word: str = WINDOW) -> bool:
        """Ask the first window to come up, or for its panel. Whether it heard."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        heard = socket.waitForConnected(KNOCK_MS)
        if heard:
            socket.write(word.encode())
            socket.waitForBytesWritten(KNOCK_MS)
        socket.disconnectFromServer()
        return heard

    def release(self) -> None:
        """Let another process be the one window. Where no shop was made nothing is left behind."""
        self._server.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None
            if not self._home.database.exists():
                with suppress(OSError):
                    self._home.window_lock.unlink()
                    self._home.folder.rmdir()

    def _answer(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._callers.append(socket)
            socket.disconnected.connect(self._heard)
        self._heard()

    def _heard(self) -> None:
        """Whoever knocked has said what is wanted when it has hung up."""
        for socket in list(self._callers):
            if socket.state() == QLocalSocket.LocalSocketState.UnconnectedState:
                self._callers.remove(socket)
                word = bytes(socket.readAll().data()).decode(errors="replace")
                socket.deleteLater()
                self.knocked.emit(word)
