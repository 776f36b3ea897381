"""A backup put back (K2): verified first, then in one step; the shop that stood there is kept beside it.

The copy is made under another name and looked through before anything else happens. At every moment `shop.db` is the
old shop or the new one, whole: what was in its write-ahead log is in the file before the file is replaced.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Final

from shopcrm.base.errors import EnvironmentFailure
from shopcrm.base.files import replace
from shopcrm.base.i18n import N_
from shopcrm.base.paths import Home
from shopcrm.base.progress import SILENT, Progress
from shopcrm.store import backup, driver, shop_file
from shopcrm.store.backup import STAMP, Backup, Held
from shopcrm.store.engine import DiskFull
from shopcrm.store.keys import data_key

_KEPT: Final = re.compile(r"shop-before-restore-(\d{8}T\d{6}Z)\.db$")
_BLOCK: Final = 1 << 22


@dataclass(eq=False)
class ShopInUse(EnvironmentFailure):
    """Another window or command has the shop open."""

    text: ClassVar[str] = N_("The shop is open in another window or command. Close it there and try again.")


@dataclass(eq=False)
class RestoreFailed(EnvironmentFailure):
    """The system refused to copy or to replace the file."""

    text: ClassVar[str] = N_("The backup could not be put back ({reason}). The shop is as it was.")
    reason: str


@dataclass(frozen=True)
class Restored:
    """What a restore put back, and where the shop is kept that stood there (None: there was none)."""

    held: Held
    kept: Path | None


def kept(home: Home) -> list[Backup]:
    """The shops that stood in the place of a restored one, oldest first; those that were damaged are left out."""
    found = []
    for path in sorted(home.folder.glob("shop-before-restore-*.db")):
        name, held = _KEPT.fullmatch(path.name), backup.described(path)
        if name is not None and held is not None:
            at = datetime.strptime(name.group(1), STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, at, "restore", held, path.stat().st_size))
    return found


def put_back(home: Home, source: Path, *, at: datetime, progress: Progress = SILENT) -> Restored:
    """Let the shop be what the backup `source` holds. The shop must be closed, here and elsewhere.

    Raises:
        BackupDamaged, BackupNewer, NoSuchBackup: `source` cannot be restored.
        ShopInUse, DiskTooSmall, DiskFull, RestoreFailed: the machine is in the way.
        Cancelled: asked to stop while copying or verifying. In all cases the shop is as it was.
    """
    if not source.is_file():
        raise backup.NoSuchBackup(source.name)
    unfinished = home.folder / "shop.restoring"
    key = data_key(home)
    with _mapped(), _cleaned(unfinished):
        home.folder.mkdir(parents=True, exist_ok=True)
        shop_file.require_space(home, source.stat().st_size)
        _copy(source, unfinished, progress)
        _settle(unfinished, key, named=source.name)
        held = backup.examine(unfinished, key, named=source.name, progress=progress)
        progress.check()  # from here on it takes no time
        place = _keep(home, key, at=at) if home.database.exists() else None
        replace(unfinished, home.database)
        _sync(home.folder)
    return Restored(held, place)


def _keep(home: Home, key: bytes, *, at: datetime) -> Path:
    """Keep the shop's file under another name too; what it holds is told beside it unless it is damaged."""
    place = _free_name(home, at)
    log, kept_log = (path.with_name(f"{path.name}-wal") for path in (home.database, place))
    if log.exists():
        shutil.copy2(log, kept_log)  # first: the engine takes the log of a damaged shop away
    held = _let_go(home.database, key)
    if held is not None:
        kept_log.unlink(missing_ok=True)  # all of it is in the file now
    try:
        os.link(home.database, place)
    except OSError:  # a file system without links
        _copy(home.database, place, SILENT)
    if held is not None:
        backup.describe(place, held)
    # Only a damaged shop can have one left; replayed into the new file it would spoil that one too.
    for ending in ("-wal", "-shm"):
        home.database.with_name(home.database.name + ending).unlink(missing_ok=True)
    return place


def _free_name(home: Home, at: datetime) -> Path:
    while True:
        place = home.folder / f"shop-before-restore-{at.astimezone(UTC).strftime(STAMP)}.db"
        if not place.exists():
            return place
        at += timedelta(seconds=1)


def _let_go(path: Path, key: bytes) -> Held | None:
    """Bring the shop's log into its file and see that nobody has it open; None when it is damaged."""
    try:
        with closing(driver.connect(path, key)) as raw:
            raw.execute("PRAGMA locking_mode = EXCLUSIVE")
            raw.execute("BEGIN EXCLUSIVE")
            held = backup.held_by(raw)
            raw.execute("COMMIT")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            whole = raw.execute("PRAGMA page_count").fetchone()[0] * driver.PAGE_SIZE == path.stat().st_size
    except driver.dbapi.Error as error:
        code = getattr(error, "sqlite_errorname", "") or ""
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or "is locked" in str(error):
            raise ShopInUse from error
        return None
    return held if whole else None


def _settle(path: Path, key: bytes, *, named: str) -> None:
    """Bring the log of a copied shop into its file; an ordinary backup has none."""
    log = path.with_name(f"{path.name}-wal")
    if not log.exists():
        return
    try:
        with closing(driver.connect(path, key)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except driver.dbapi.Error as error:
        raise backup.BackupDamaged(named) from error


def _copy(source: Path, target: Path, progress: Progress) -> None:
    for ending in ("-wal", ""):
        part = source.with_name(source.name + ending)
        if ending and not (part.exists() and part.stat().st_size):
            continue
        total, done = part.stat().st_size, 0
        with part.open("rb") as reading, target.with_name(target.name + ending).open("wb") as writing:
            while block := reading.read(_BLOCK):
                writing.write(block)
                done += len(block)
                progress.report("restoring", done=done, total=total, unit="bytes")
            writing.flush()
            os.fsync(writing.fileno())


def _sync(folder: Path) -> None:
    """Let the new name reach the disk, where a system lets a folder be synced."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _cleaned(unfinished: Path) -> Iterator[None]:
    """No half-made copy stays, whatever happens (and none of a restore that was killed)."""

    def sweep() -> None:
        for leftover in unfinished.parent.glob(f"{unfinished.name}*"):
            leftover.unlink(missing_ok=True)

    sweep()
    try:
        yield
    finally:
        sweep()


@contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull from error
        raise RestoreFailed(error.strerror or str(error)) from error
