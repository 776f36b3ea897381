"""Backups: an online copy, opened and verified, then renamed. What is in the folder under a final name was verified."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final

import msgspec

from shopcrm.base.errors import EnvironmentFailure, UserFailure
from shopcrm.base.files import atomic_write, replace
from shopcrm.base.i18n import N_
from shopcrm.base.paths import Home
from shopcrm.base.progress import SILENT, Progress
from shopcrm.store import driver, migrations
from shopcrm.store.engine import Database, mapping_errors

_NAME: Final = re.compile(r"shop-(\d{8}T\d{6}Z)-([a-z]+)\.db$")
STAMP: Final = "%Y%m%dT%H%M%SZ"
_COUNTED: Final = ("customers", "orders", "order_items", "notes", "change_sets")
_HELD: Final = ("customers", "orders", "last_change_set", "last_change_at")
_PAGES_A_STEP: Final = 2048
_STEPS_BETWEEN_LOOKS: Final = 1_000  # of the engine; a look at a copy reads pages at each step
_BLOCK: Final = 1 << 20


@dataclass(eq=False)
class BackupFailed(EnvironmentFailure):
    """The copy could not be made, or differs from what was copied."""

    text: ClassVar[str] = N_("The backup could not be made ({reason}). Nothing was changed.")
    reason: str


@dataclass(eq=False)
class BackupDamaged(EnvironmentFailure):
    """A backup that no longer is what it was when it was verified, or is no backup."""

    text: ClassVar[str] = N_("{file} is damaged or no backup of a shop. Nothing was changed; choose another one.")
    file: str


@dataclass(eq=False)
class BackupNewer(UserFailure):
    """A backup whose schema was written by a later version."""

    text: ClassVar[str] = N_("{file} was made with a newer ShopCRM. Update ShopCRM to restore it.")
    file: str


@dataclass(eq=False)
class FileThere(UserFailure):
    """A copy would replace a file."""

    text: ClassVar[str] = N_("{file} is there already. Name another file.")
    file: str


@dataclass(eq=False)
class NoSuchBackup(UserFailure):
    """The backup asked for is not there."""

    text: ClassVar[str] = N_("There is no backup {wanted}.")
    wanted: str


@dataclass(frozen=True)
class Held:
    """What a shop holds: how much, and up to which change."""

    customers: int
    orders: int
    last_change_set: int
    last_change_at: int = 0  # UTC seconds


@dataclass(frozen=True)
class Backup:
    """One verified copy. `reason` is the word in its name: import, undo, exit, auto, hand, recount, migration."""

    path: Path
    at: datetime
    reason: str
    held: Held
    size: int  # bytes


def make(database: Database, home: Home, *, reason: str, at: datetime, progress: Progress = SILENT) -> Backup:
    """Copy the shop, verify the copy page by page and count by count, and let it take its name.

    Others may write meanwhile: the copy is of the shop as it stood when it began. `reason`: see `Backup`.
    """
    path = home.backups / f"shop-{at.astimezone(UTC).strftime(STAMP)}-{reason}.db"
    unfinished = path.with_suffix(".part")
    try:
        home.backups.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        with mapping_errors(unfinished):
            target = driver.connect(unfinished, database.key, create=True)
            try:
                # Half a copy is thrown away, a whole one is brought to the disk before it gets its name.
                for pragma in ("journal_mode = OFF", "synchronous = OFF"):
                    target.execute(f"PRAGMA {pragma}")
                with database.snapshot() as source:
                    expected = _counts(source)
                    source.backup(
                        target,
                        pages=_PAGES_A_STEP,
                        progress=lambda _status, left, total: progress.report("backup", done=total - left, total=total),
                    )
                with driver.stoppable(target, progress, steps=_STEPS_BETWEEN_LOOKS):
                    _verify(target, expected)
            finally:
                target.close()
        with unfinished.open("rb+") as whole:
            os.fsync(whole.fileno())
        held = _held(expected)
        size = unfinished.stat().st_size
        describe(path, held)  # first: a copy that nobody describes would be neither listed nor thinned out
        replace(unfinished, path)
    except OSError as error:
        raise BackupFailed(error.strerror or str(error)) from error
    finally:
        for leftover in home.backups.glob(f"{unfinished.name}*"):
            leftover.unlink(missing_ok=True)
    prune(home.backups, today=at.date())
    return Backup(path, at, reason, held, size)


def describe(path: Path, held: Held) -> None:
    """Write beside a copy what it holds: a copy that is described was verified."""
    atomic_write(path.with_suffix(".json"), msgspec.json.encode(held))


def described(path: Path) -> Held | None:
    """What stands beside a copy; None when nothing does, or nothing that can be read."""
    try:
        return msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=Held)
    except (OSError, msgspec.MsgspecError):
        return None


def newest(home: Home) -> Backup | None:
    """The newest verified backup."""
    found = listed(home)
    return found[-1] if found else None


def listed(home: Home) -> list[Backup]:
    """All verified backups, oldest first."""
    return _listed_in(home.backups)


def _listed_in(folder: Path) -> list[Backup]:
    found: list[tuple[datetime, int, Backup]] = []
    for path in folder.glob("shop-*.db"):
        name, held = _NAME.fullmatch(path.name), described(path)
        if name is None or held is None:
            continue
        at, facts = datetime.strptime(name.group(1), STAMP).replace(tzinfo=UTC), path.stat()
        # Of two made within a second the file system knows which is the newer one.
        found.append((at, facts.st_mtime_ns, Backup(path, at, name.group(2), held, facts.st_size)))
    return [backup for _at, _written, backup in sorted(found, key=lambda each: each[:2])]


def is_current(database: Database, home: Home) -> bool:
    """Whether the newest backup holds everything the shop holds now."""
    last = newest(home)
    if last is None:
        return False
    with database.snapshot() as raw:
        return _last_change(raw) == (last.held.last_change_set, last.held.last_change_at)


def holds(database: Database) -> Held:
    """What the open shop holds now."""
    with database.snapshot() as raw:
        return held_by(raw)


def held_by(raw: Any) -> Held:
    """What a shop holds, asked on a raw connection."""
    return _held(_counts(raw))


def examine(path: Path, key: bytes, *, named: str = "", progress: Progress = SILENT) -> Held:
    """Look through a copy page by page; what it holds. `named`: the file's name in a failure, when it is another.

    Raises:
        BackupDamaged: a page is not as it was written, or the file is no shop.
        NoSuchBackup: there is no such file.
        BackupNewer: it was made by a later version.
    """
    if not path.is_file():
        raise NoSuchBackup(path.name)
    progress.report("checking")
    try:
        with (
            closing(driver.connect(path, key, frozen=True)) as raw,
            driver.stoppable(raw, progress, steps=_STEPS_BETWEEN_LOOKS),
        ):
            if raw.execute("PRAGMA application_id").fetchone()[0] != driver.APPLICATION_ID:
                raise BackupDamaged(named or path.name)
            schema = str(raw.execute("SELECT version_num FROM alembic_version").fetchone()[0])
            if schema not in migrations.KNOWN:
                raise BackupNewer(named or path.name)
            counts = _counts(raw)
            # A copy that has lain about may be damaged anywhere, also where nothing is kept just now.
            if raw.execute("PRAGMA cipher_integrity_check").fetchone() is not None:
                raise BackupDamaged(named or path.name)
            _verify(raw, counts)
    except (driver.dbapi.Error, BackupFailed, TypeError) as error:
        progress.check()  # a statement that was interrupted is no damage
        raise BackupDamaged(named or path.name) from error
    return _held(counts)


def copy_out(backup: Backup, path: Path, *, overwrite: bool = False, progress: Progress = SILENT) -> None:
    """Copy a backup to a place of the user's choice, whole or not at all.

    Raises:
        FileThere: a file of that name is there, and `overwrite` is not set.
        BackupFailed: the place is not there, full, or refuses.
        Cancelled: nothing was copied.
    """
    if path.exists() and not overwrite:
        raise FileThere(path.name)
    try:
        _copy(backup, path, progress)
    except OSError as error:
        raise BackupFailed(error.strerror or str(error)) from error


def _copy(backup: Backup, path: Path, progress: Progress) -> None:
    unfinished, done = path.with_name(f".{path.name}.part"), 0
    try:
        with backup.path.open("rb") as source, unfinished.open("wb") as target:
            while block := source.read(_BLOCK):
                target.write(block)
                done += len(block)
                progress.report("copying", done=done, total=backup.size, unit="bytes")
            target.flush()
            os.fsync(target.fileno())
        if unfinished.stat().st_size != backup.size:
            raise OSError(f"{path.name}: what was written could not be read back")
        replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def second_copy(home: Home, folder: Path, *, shop: str, progress: Progress = SILENT) -> Path | None:
    """Keep the newest backup in a second folder too (of its own for each shop), thinned out by the same rule.

    Returns:
        The copy; None when it was there already, or there is no backup.

    Raises:
        OSError: the folder is not there (a drive taken out), full, or refuses.
        Cancelled: nothing was copied.
    """
    last = newest(home)
    if last is None:
        return None
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
    own = folder / f"ShopCRM-{shop[:8]}"
    own.mkdir(exist_ok=True)
    path = own / last.path.name
    if path.exists() and described(path) == last.held:
        return None
    _copy(last, path, progress)
    describe(path, last.held)
    prune(own, today=last.at.date())
    return path


def prune(folder: Path, *, today: date) -> None:
    """Keep all of two days, the last of each of 12 days, 10 weeks and 9 months; remove the rest."""
    kept: set[Path] = set()
    seen: set[tuple[str, object]] = set()
    found = _listed_in(folder)
    for backup in reversed(found):
        day = backup.at.date()
        if day >= today - timedelta(days=1):
            kept.add(backup.path)
        for rule, key, limit in (
            ("day", day, today - timedelta(days=12)),
            ("week", day.isocalendar()[:2], today - timedelta(weeks=10)),
            ("month", (day.year, day.month), today - timedelta(days=9 * 31)),
        ):
            if day >= limit and (rule, key) not in seen:
                seen.add((rule, key))
                kept.add(backup.path)
    for backup in found:
        if backup.path not in kept:
            with suppress(OSError):  # in use by another program on Windows: the next backup tries again
                backup.path.unlink(missing_ok=True)
                backup.path.with_suffix(".json").unlink(missing_ok=True)


def _counts(raw: Any) -> dict[str, int]:
    counts = {table: int(raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in _COUNTED}
    counts["last_change_set"], counts["last_change_at"] = _last_change(raw)
    return counts


def _last_change(raw: Any) -> tuple[int, int]:
    number, at = raw.execute("SELECT coalesce(max(id), 0), coalesce(max(at), 0) FROM change_sets").fetchone()
    return int(number), int(at)


def _held(counts: Mapping[str, int]) -> Held:
    return Held(*(counts[name] for name in _HELD))


def _verify(raw: Any, expected: dict[str, int]) -> None:
    """Read every page in use, each of which must carry its own signature and be where it belongs."""
    faults = [row[0] for row in raw.execute("PRAGMA quick_check") if row[0] != "ok"]
    if faults:
        raise BackupFailed(str(faults[0]))
    if _counts(raw) != expected:
        raise BackupFailed("the counts differ")
