"""The staging file of a large import, written by a process of its own while the child reads on (C1).

A machine has more than one processor. The child calls the tables as if they were its own; what it calls goes through a
pipe, as plain values, and only what has an answer is waited for.
"""

from __future__ import annotations

import gc
import marshal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

from shopcrm.base.files import remove
from shopcrm.collect import limits
from shopcrm.collect.processes import command, start
from shopcrm.collect.staging_tables import Named, Parts, StagingTables, Table
from shopcrm.store import driver

COMMAND: Final = "_stage"
MEMORY_LIMIT: Final = 1 << 30
_GONE: Final = "gone"
_LENGTH: Final = 8  # bytes that tell how long a message is
_VERSION: Final = 4  # of marshal; both ends are the same program


class ScribeStopped(Exception):  # it tells what happened, and `reader` what that means
    """The process that writes could not go on. `cause`: the engine's name of its error, "memory" or "gone"."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Scribe:
    """The `StagingTables` of another process."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._process = start(command(COMMAND))
        self._call(str(path), key)

    def insert(self, table: str, columns: Table) -> None:
        """See `StagingTables`."""
        self._call("insert", table, columns)

    def add(self, table: str, count: int, columns: Table, named: Sequence[Named], parts: Parts | None = None) -> None:
        """See `StagingTables`."""
        self._call("add", table, count, columns, list(map(tuple, named)), parts)

    def leave_out(self, file: int, way: str) -> int:
        """See `StagingTables`."""
        self._call("leave_out", file, way)
        return int(self._answer())

    def close(self) -> None:
        """See `StagingTables`."""
        self._call("close")
        self._answer()
        self._end()

    def _call(self, *call: Any) -> None:
        assert self._process.stdin is not None  # noqa: S101  # it is a pipe
        try:
            _send(self._process.stdin, call)
        except OSError:
            self._answer()  # tells why nobody listens any more
            raise

    def _answer(self) -> Any:
        assert self._process.stdout is not None  # noqa: S101  # it is a pipe
        cause, answer = _received(self._process.stdout) or (_GONE, None)
        if cause is not None:
            code = self._end()
            raise ScribeStopped("memory" if code == limits.EXIT_TOO_LARGE else cause)
        return answer

    def _end(self) -> int:
        """Let go of the process; its exit code."""
        with suppress(OSError), self._process:  # what it was told last nobody reads
            pass
        return self._process.wait()


def run_scribe(stdin: IO[bytes], stdout: IO[bytes]) -> int:
    """What the hidden command does: write what it is told until it is told to close; its exit code.

    When nobody tells anything any more, the child was ended, and the file is nobody's.
    """
    limits.limit_memory(MEMORY_LIMIT)
    gc.disable()  # as in the child
    name, key = _received(stdin) or ("", b"")
    tables = None
    try:
        tables = StagingTables(Path(name), key)
        while (call := _received(stdin)) is not None:
            method, *arguments = call
            answer = getattr(tables, method)(*arguments)
            if method in ("leave_out", "close"):
                _send(stdout, (None, answer))
            if method == "close":
                return 0
    except MemoryError:
        _send(stdout, ("memory", None))
    except driver.dbapi.Error as error:
        _send(stdout, (error.sqlite_errorname, None))
    if tables is not None:
        tables.give_up()
    if name:
        remove(Path(name))
    return 1


def _send(pipe: IO[bytes], message: tuple[Any, ...]) -> None:
    data = marshal.dumps(message, _VERSION)
    pipe.write(len(data).to_bytes(_LENGTH, "little") + data)
    pipe.flush()


def _received(pipe: IO[bytes]) -> Any:
    """The next message; None at the end."""
    size = int.from_bytes(pipe.read(_LENGTH), "little")
    data = pipe.read(size)
    return marshal.loads(data) if size and len(data) == size else None  # noqa: S302  # of our own program
