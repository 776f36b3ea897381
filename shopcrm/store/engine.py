"""The engines of one shop file: one writer that takes the lock at BEGIN, and readers that never write."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from shopcrm.base.changes import Changes
from shopcrm.base.errors import Cancelled, EnvironmentFailure, Failure
from shopcrm.base.i18n import N_
from shopcrm.base.progress import SILENT, Progress
from shopcrm.store import driver
from shopcrm.store.tables import metadata

_WRITE: Final = re.compile(
    r"\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:main\.)?\"?(\w+)", re.IGNORECASE
)
LONG_LOG: Final = 64 * 1024 * 1024
_STAGED_CACHE_KIB: Final = 96 << 10  # a third for a file that is not
_STAGED_SMALL: Final = 48 << 20
_FLAGS: Final = {name: table.info["changes"] for name, table in metadata.tables.items()}


@dataclass(eq=False)
class ShopBusy(EnvironmentFailure):
    """Another process holds the write lock."""

    text: ClassVar[str] = N_("Another program is writing to the shop. Wait a moment and try again.")


@dataclass(eq=False)
class DiskFull(EnvironmentFailure):
    """No space is left for the write-ahead log or the file."""

    text: ClassVar[str] = N_("The disk is full. Nothing was changed; free some space and try again.")


@dataclass(eq=False)
class ShopDamaged(EnvironmentFailure):
    """A page of the file does not carry its own signature, or the file is cut short."""

    text: ClassVar[str] = N_(
        "The shop file {file} is damaged and was left as it is. Restore the newest backup from {backups}."
    )
    file: str
    backups: str


@dataclass(eq=False)
class ShopLost(ShopDamaged):
    """As `ShopDamaged`, with no backup to go back to."""

    text: ClassVar[str] = N_(
        "The shop file {file} is damaged and was left as it is; there is no backup of it. "
        "Once it is moved elsewhere, an empty shop opens."
    )


@dataclass(eq=False)
class DiskFailure(EnvironmentFailure):
    """The system refused to read or write."""

    text: ClassVar[str] = N_("The shop file cannot be read or written ({reason}). Check the disk and its permissions.")
    reason: str


def damaged(path: Path) -> ShopDamaged:
    """The failure of a damaged shop file: what it advises hangs on whether there is a backup."""
    backups = path.parent / "backups"
    kind = ShopDamaged if any(backups.glob("shop-*.db")) else ShopLost
    return kind(path.name, str(backups))


def mapped(error: BaseException, *, path: Path) -> Failure | None:
    """Our failure for a driver's error; None when it is a bug."""
    code = getattr(error, "sqlite_errorname", "") or ""
    if not isinstance(error, driver.dbapi.Error):
        return None
    text = str(error)
    if code == "SQLITE_INTERRUPT" or text == "interrupted":
        return Cancelled()
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or "is locked" in text:
        return ShopBusy()
    if code.startswith("SQLITE_FULL") or "disk is full" in text:
        return DiskFull()
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "malformed" in text or "not a database" in text:
        return damaged(path)
    if (
        code.startswith(("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"))
        or "unable to open" in text
    ):
        return DiskFailure(text)
    return None


@contextmanager
def stoppable(connection: Connection, progress: Progress) -> Iterator[None]:
    """Let a cancel interrupt a statement that is running, not only the next step."""
    with driver.stoppable(connection.connection.driver_connection, progress):
        yield


@contextmanager
def mapping_errors(path: Path) -> Iterator[None]:
    """Turn driver errors inside the block into failures that can be shown."""
    try:
        yield
    except DBAPIError as error:
        failure = mapped(error.orig, path=path) if error.orig is not None else None
        if failure is None:
            raise
        raise failure from error
    except driver.dbapi.Error as error:
        failure = mapped(error, path=path)
        if failure is None:
            raise
        raise failure from error


class Database:
    """One open shop file."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self.key = key
        self._lock = threading.RLock()  # one writer in this process; edits wait here in turn
        self._seen_version: int | None = None
        self._writer = self._engine(read_only=False)
        self._reader = self._engine(read_only=True)
        event.listen(self._writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        event.listen(self._reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        event.listen(self._writer, "before_cursor_execute", _note_changes)

    def _engine(self, *, read_only: bool) -> Engine:
        def connect() -> Any:
            connection = driver.connect(self.path, self.key)
            driver.prepare(connection, read_only=read_only)
            return connection

        return create_engine(
            "sqlite://",
            module=driver.dbapi,
            creator=connect,
            poolclass=QueuePool,
            pool_size=1 if not read_only else 4,
            max_overflow=0 if not read_only else 8,
            pool_use_lifo=True,  # who read last has the pages that are read again and again in memory, deciphered
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view of the shop; writes are refused by the engine."""
        with mapping_errors(self.path), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, attach: Attachment | None = None) -> Iterator[tuple[Connection, ChangeSink]]:
        """One writing transaction: committed when the block ends, rolled back when it raises.

        `attach`: another keyed file, under the schema name `staging` for the length of the block.
        """
        with self._lock, mapping_errors(self.path), self._writer.connect() as connection:
            sink = ChangeSink()
            connection.info["changes"] = sink
            with _attached(connection, attach), _room(connection, attach), connection.begin():
                yield connection, sink
        if attach is not None or self._log_is_long():
            self._checkpoint("PASSIVE")  # waits for no reader

    @contextmanager
    def migrating(self, progress: Progress = SILENT) -> Iterator[Connection]:
        """One transaction that may change the schema: foreign keys rest in it and are checked at its end."""
        with self._lock, mapping_errors(self.path), self._writer.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin(), driver.stoppable(raw, progress):
                    yield connection
                    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                        raise damaged(self.path)
            finally:
                raw.execute("PRAGMA foreign_keys = ON")

    @contextmanager
    def scanning(self) -> Iterator[Connection]:
        """A consistent view for who reads much of the shop once: it does not stay in memory in place of anything."""
        with self.planning() as connection:
            raw: Any = connection.connection.driver_connection
            for pragma in ("query_only = ON", f"cache_size = {-driver.SCAN_CACHE_KIB}"):
                raw.execute(f"PRAGMA {pragma}")
            yield connection

    @contextmanager
    def planning(self, attach: Attachment | None = None) -> Iterator[Connection]:
        """A consistent view that writes to the file attached as `staging`, and takes no lock on the shop."""
        with mapping_errors(self.path):
            raw = driver.connect(self.path, self.key)
            driver.prepare(raw)
        engine = create_engine("sqlite://", module=driver.dbapi, creator=lambda: raw, poolclass=StaticPool)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        try:
            with (
                mapping_errors(self.path),
                engine.connect() as connection,
                _attached(connection, attach),
                connection.begin(),
            ):
                yield connection
        finally:
            engine.dispose()

    @contextmanager
    def snapshot(self) -> Iterator[Any]:
        """A raw connection that sees the shop as it stands now, while others go on writing."""
        with mapping_errors(self.path):
            raw = driver.connect(self.path, self.key)
            try:
                driver.prepare(raw, read_only=True)
                raw.execute("BEGIN")
                yield raw
            finally:
                raw.close()

    @contextmanager
    def idle_writer(self) -> Iterator[Any]:
        """The writer's raw connection outside any transaction, for backup, checkpoint and staging."""
        with self._lock, mapping_errors(self.path):
            pooled = self._writer.raw_connection()
            try:
                yield pooled.driver_connection
            finally:
                pooled.close()

    def _log_is_long(self) -> bool:
        log = self.path.with_name(f"{self.path.name}-wal")
        return log.exists() and log.stat().st_size > LONG_LOG

    def _checkpoint(self, mode: str) -> None:
        """Bring the write-ahead log into the file: damage to the log itself may pass unseen, to the file it cannot."""
        with self.idle_writer() as raw:
            raw.execute(f"PRAGMA wal_checkpoint({mode})")

    def changed_elsewhere(self) -> bool:
        """Whether another process has committed since the last call. False while we are writing ourselves."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            with self.idle_writer() as raw:
                version = int(raw.execute("PRAGMA data_version").fetchone()[0])
        finally:
            self._lock.release()
        changed = self._seen_version is not None and version != self._seen_version
        self._seen_version = version
        return changed

    def close(self) -> None:
        """Checkpoint the write-ahead log and let the file go."""
        self._reader.dispose()
        try:
            self._checkpoint("TRUNCATE")
        finally:
            self._writer.dispose()


@contextmanager
def _attached(connection: Connection, attach: Attachment | None) -> Iterator[None]:
    if attach is None:
        yield
        return
    raw: Any = connection.connection.driver_connection
    driver.attach(raw, attach.path, attach.key, name="staging")
    # It is thrown away when anything goes wrong, but a plan that was given up must leave what was staged as it was.
    cache = _STAGED_CACHE_KIB if attach.path.stat().st_size < _STAGED_SMALL else _STAGED_CACHE_KIB // 3
    for pragma in ("synchronous = OFF", "journal_mode = MEMORY", f"cache_size = {-cache}"):
        raw.execute(f"PRAGMA staging.{pragma}")
    try:
        yield
    finally:
        raw.execute("DETACH DATABASE staging")


@contextmanager
def _room(connection: Connection, attach: Attachment | None) -> Iterator[None]:
    """More pages in memory while an attached file is written into the shop: a page that leaves is signed each time.

    A large file takes so much for itself that less is left for pages.
    """
    raw: Any = connection.connection.driver_connection
    if attach is not None:
        left = driver.IMPORT_CACHE_KIB - (attach.path.stat().st_size >> 10)
        raw.execute(f"PRAGMA cache_size = {-max(left, driver.LEAST_IMPORT_CACHE_KIB)}")
    try:
        yield
    finally:
        if attach is not None:
            raw.execute(f"PRAGMA cache_size = {-driver.CACHE_KIB}")
            raw.execute("PRAGMA shrink_memory")


class Attachment(Protocol):
    """A keyed file to attach."""

    @property
    def path(self) -> Path:
        """Where it lies."""

    @property
    def key(self) -> bytes:
        """Its raw key."""


class ChangeSink:
    """Adds up the flags of the tables a transaction writes to."""

    def __init__(self) -> None:
        self.changes = Changes.NONE


def _note_changes(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
    found = _WRITE.match(statement)
    sink = connection.info.get("changes")
    if found and sink is not None:
        sink.changes |= _FLAGS.get(found.group(1), Changes.NONE)
