"""Backups: an online copy, opened and verified, then renamed. What is in the folder under a final name was verified."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final

import msgspec

from shopcrm.base.errors import EnvironmentFailure
from shopcrm.base.files import atomic_write, replace
from shopcrm.base.i18n import N_
from shopcrm.base.paths import Home
from shopcrm.base.progress import SILENT, Progress
from shopcrm.store import driver
from shopcrm.store.engine import Database, mapping_errors

_NAME: Final = re.compile(r"shop-(\d{8}T\d{6}Z)-[a-z]+\.db$")
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_COUNTED: Final = ("customers", "orders", "order_items", "notes", "change_sets")
_PAGES_A_STEP: Final = 4096


@dataclass(eq=False)
class BackupFailed(EnvironmentFailure):
    """The copy could not be made, or differs from what was copied."""

    text: ClassVar[str] = N_("The backup could not be made ({reason}). Nothing was changed.")
    reason: str


@dataclass(frozen=True)
class Backup:
    """One verified copy."""

    path: Path
    at: datetime
    customers: int
    orders: int
    last_change_set: int


def make(database: Database, home: Home, *, reason: str, at: datetime, progress: Progress = SILENT) -> Backup:
    """Copy the shop, verify the copy page by page and count by count, and let it take its name.

    `reason` is a word for the file name: import, exit, migration, restore.
    """
    home.backups.mkdir(parents=True, exist_ok=True)
    path = home.backups / f"shop-{at.astimezone(UTC).strftime(_STAMP)}-{reason}.db"
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    try:
        with mapping_errors(unfinished):
            target = driver.connect(unfinished, database.key, create=True)
            try:
                with database.idle_writer() as source:
                    expected = _counts(source)
                    source.backup(
                        target,
                        pages=_PAGES_A_STEP,
                        progress=lambda _status, left, total: progress.report("backup", done=total - left, total=total),
                    )
                _verify(target, expected)
            finally:
                target.close()
        replace(unfinished, path)
    finally:
        for leftover in home.backups.glob(f"{unfinished.name}*"):
            leftover.unlink(missing_ok=True)
    made = Backup(path, at, expected["customers"], expected["orders"], expected["last_change_set"])
    atomic_write(
        path.with_suffix(".json"),
        msgspec.json.encode(
            {"customers": made.customers, "orders": made.orders, "last_change_set": made.last_change_set}
        ),
    )
    prune(home, today=at.date())
    return made


def newest(home: Home) -> Backup | None:
    """The newest verified backup."""
    found = listed(home)
    return found[-1] if found else None


def listed(home: Home) -> list[Backup]:
    """All verified backups, oldest first."""
    found = []
    for path in sorted(home.backups.glob("shop-*.db")):
        name = _NAME.fullmatch(path.name)
        described = path.with_suffix(".json")
        if name is None or not described.exists():
            continue
        what: dict[str, int] = msgspec.json.decode(described.read_bytes())
        at = datetime.strptime(name.group(1), _STAMP).replace(tzinfo=UTC)
        found.append(Backup(path, at, what["customers"], what["orders"], what["last_change_set"]))
    return found


def is_current(database: Database, home: Home) -> bool:
    """Whether the newest backup holds everything the shop holds now."""
    last = newest(home)
    if last is None:
        return False
    with database.idle_writer() as raw:
        return _counts(raw)["last_change_set"] == last.last_change_set


def prune(home: Home, *, today: date) -> None:
    """Keep all of two days, the last of each of 12 days, 10 weeks and 9 months; remove the rest."""
    kept: set[Path] = set()
    seen: set[tuple[str, object]] = set()
    for backup in reversed(listed(home)):
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
    for backup in listed(home):
        if backup.path not in kept:
            backup.path.with_suffix(".json").unlink(missing_ok=True)
            backup.path.unlink(missing_ok=True)


def _counts(raw: Any) -> dict[str, int]:
    counts = {table: int(raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in _COUNTED}
    counts["last_change_set"] = int(raw.execute("SELECT coalesce(max(id), 0) FROM change_sets").fetchone()[0])
    return counts


def _verify(raw: Any, expected: dict[str, int]) -> None:
    faults = [row[0] for row in raw.execute("PRAGMA cipher_integrity_check")]
    faults += [row[0] for row in raw.execute("PRAGMA quick_check") if row[0] != "ok"]
    if faults:
        raise BackupFailed(str(faults[0]))
    if _counts(raw) != expected:
        raise BackupFailed("the counts differ")
