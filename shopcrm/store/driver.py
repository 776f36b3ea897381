"""The one database driver, sqlcipher3: opening a file with its raw key and the shop's pragmas. No SQLAlchemy here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as dbapi

from shopcrm.base.progress import Progress

__all__ = [
    "APPLICATION_ID",
    "CACHE_KIB",
    "IMPORT_CACHE_KIB",
    "INTEGRITY_KEY",
    "LEAST_IMPORT_CACHE_KIB",
    "PAGE_SIZE",
    "SCAN_CACHE_KIB",
    "STEPS_BETWEEN_LOOKS",
    "attach",
    "connect",
    "dbapi",
    "prepare",
    "stoppable",
]

INTEGRITY_KEY: Final = hashlib.sha256(b"ShopCRM: published key. No secrecy; every page is authenticated.").digest()
"""The key of a shop without a password. It hides nothing; it lets every damaged page be noticed."""

APPLICATION_ID: Final = 0x53_43_52_4D  # "SCRM"
OLDEST_ENGINE: Final = (3, 51, 3)  # earlier ones can corrupt a write-ahead log when it is reset
PAGE_SIZE: Final = 4096
CACHE_KIB: Final = 64 << 10
SCAN_CACHE_KIB: Final = 1 << 10
IMPORT_CACHE_KIB: Final = 256 << 10  # less where what is imported needs memory itself
STEPS_BETWEEN_LOOKS: Final = 500_000  # of the engine, 20 to 50 ms: each look has to wait for its turn in Python
LEAST_IMPORT_CACHE_KIB: Final = 96 << 10

if dbapi.sqlite_version_info < OLDEST_ENGINE:
    raise ImportError(f"sqlcipher3 brings SQLite {dbapi.sqlite_version}, which can damage a shop. Update sqlcipher3.")

# It binds them as they are anyway, but only after a long search for somebody who would convert them: two thirds of the
# time that rows with NULLs take.
dbapi.register_adapter(type(None), lambda nothing: nothing)
dbapi.register_adapter(bool, int)


def connect(path: Path, key: bytes, *, create: bool = False, frozen: bool = False) -> Any:
    """A raw connection in autocommit mode with the key applied.

    `frozen`: only looked at, and nobody writes to it (a backup, perhaps on a disk that cannot be written to).

    Raises:
        dbapi.OperationalError: the file is not there (and `create` is not set), or is locked.
        dbapi.DatabaseError: at the first read, when the key does not fit or the file is damaged.
    """
    mode = "rwc" if create else "ro&immutable=1" if frozen else "rw"
    connection = dbapi.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False, timeout=5.0
    )
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def attach(connection: Any, path: Path, key: bytes, *, name: str) -> None:
    """Attach another keyed file under a schema name."""
    connection.execute(f"ATTACH DATABASE ? AS {name} KEY \"x'{key.hex()}'\"", (str(path),))


def prepare(connection: Any, *, read_only: bool = False) -> None:
    """The pragmas every connection to a shop file has."""
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "temp_store = MEMORY",
        "busy_timeout = 5000",
        f"cache_size = {-CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    if read_only:
        connection.execute("PRAGMA query_only = ON")


@contextmanager
def stoppable(connection: Any, progress: Progress, *, steps: int | None = None) -> Iterator[None]:
    """Let a cancel interrupt a statement that is running on a raw connection, not only the next step.

    `steps`: of the engine between two looks; fewer where a step reads pages.
    """
    connection.set_progress_handler(lambda: int(progress.cancelled), steps or STEPS_BETWEEN_LOOKS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
