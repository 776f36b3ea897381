"""Opens a shop and hands out its transactions, columns, imports and backups: where the rooms are put together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar, Final

from shopcrm.base import clock, files, i18n, opened_files, platforms
from shopcrm.base.changes import Changes
from shopcrm.base.clock import Clock
from shopcrm.base.errors import EnvironmentFailure, Failure, UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.paths import Home
from shopcrm.base.progress import SILENT, Progress
from shopcrm.collect import attachments, check, customers, imports, mappings, reading, recount, undoing
from shopcrm.collect.check import Fault
from shopcrm.collect.customers import Counts
from shopcrm.collect.imports import ImportReport
from shopcrm.collect.reading import ReadRequest
from shopcrm.collect.staged import Staged
from shopcrm.collect.undoing import UndoReport
from shopcrm.jobs import demo
from shopcrm.store import backup, columns, restore, shop_file
from shopcrm.store.backup import Backup, Held
from shopcrm.store.columns import Columns
from shopcrm.store.engine import Database
from shopcrm.store.restore import Restored
from shopcrm.store.shop_file import NewShop
from shopcrm.store.tx import ShopInfo, Tx, read_shop

__all__ = [
    "DemoInUse", "HoldsRealShop", "NewShop", "NotTheDemo", "ReadBefore", "Shop", "delete_demo", "make_demo", "put_back",
    "restorable",
]  # fmt: skip

_WORTH_AHEAD: Final = 16 << 20  # bytes; a smaller shop is backed up before anybody could wait for it
_LOOK_EVERY_S: Final = 0.1


@dataclass(eq=False)
class HoldsRealShop(UserFailure):
    """The folder asked for is not the demo's."""

    text: ClassVar[str] = N_("{folder} holds a real shop; the demo is never mixed with it. Name another folder.")
    folder: str


@dataclass(eq=False)
class ReadBefore(UserFailure):
    """A file that was read for another currency or zone than the shop counts in now."""

    text: ClassVar[str] = N_("Currency or time zone of the shop were changed after this file was read. Read it again.")


@dataclass(eq=False)
class NotTheDemo(UserFailure):
    """The shop that was to be deleted is a real one."""

    text: ClassVar[str] = N_("{folder} holds a real shop. Only the demo shop can be deleted like this.")
    folder: str


@dataclass(eq=False)
class DemoInUse(EnvironmentFailure):
    """The demo shop cannot be deleted or made anew."""

    text: ClassVar[str] = N_("The demo shop is open in another window or program. Close it and try again.")


class Shop:
    """One open shop. Safe from several threads; writers wait for each other."""

    def __init__(self, home: Home, database: Database, *, as_of: date | None = None, now: Clock = clock.now) -> None:
        self.home = home
        self._database = database
        self._as_of = as_of
        self._now = now
        self._listeners: list[Callable[[Changes], None]] = []
        self._columns: Columns | None = None
        self._columns_lock = threading.Lock()
        self._columns_generation = -1
        self._backup_lock = threading.Lock()
        self._ahead = Progress()  # stops the backup that was begun ahead
        self._generation = 0  # raised by every change the columns depend on
        self._second: tuple[Path, Callable[[OSError], None]] | None = None
        with database.reading() as connection:
            self.info: ShopInfo = read_shop(connection)
        self.actor = "owner"

    @classmethod
    def open(
        cls,
        home: Home,
        *,
        as_of: date | None = None,
        create: NewShop | None = None,
        now: Clock = clock.now,
        progress: Progress = SILENT,
    ) -> Shop:
        """Open the shop of a home; make it first when there is none and `create` says how.

        `progress` hears how an older shop is brought up to date.

        Raises:
            UserFailure, EnvironmentFailure: see `store.shop_file`.
        """
        if create is not None and not shop_file.exists(home):
            shop_file.create(home, create)
        shop = cls(home, shop_file.open_database(home, progress=progress), as_of=as_of, now=now)
        reading.sweep(home.staging)
        with shop.read() as tx:
            platforms.learn(mappings.labels(tx))
        return shop

    @property
    def now(self) -> datetime:
        """The instant, by the shop's clock."""
        return self._now()

    @property
    def as_of(self) -> date:
        """The day the shop is looked at: the one it was opened with, else today in its zone."""
        return self._as_of or self._now().astimezone(clock.zone(self.info.timezone)).date()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A consistent view of the shop."""
        with self._database.reading() as connection:
            yield self._tx(connection)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """One writing transaction. After its commit the listeners hear what it changed."""
        with self._database.writing() as (connection, sink):
            yield self._tx(connection)
        self._changed(sink.changes)

    def _tx(self, connection: object) -> Tx:
        return Tx(connection, self._now(), self.as_of, self.actor, self.info, i18n.language())  # type: ignore[arg-type]  # a Connection; this room does not name SQLAlchemy

    def on_changes(self, listener: Callable[[Changes], None]) -> None:
        """Call `listener` after each commit that changed something, in the thread that wrote."""
        self._listeners.append(listener)

    def _changed(self, changes: Changes) -> None:
        if changes & Changes.SHOP:
            with self._database.reading() as connection:
                self.info = read_shop(connection)
        if changes & (Changes.STATISTICS | Changes.CUSTOMERS):
            self._generation += 1
        if changes:
            for listener in tuple(self._listeners):
                listener(changes)

    def changed_elsewhere(self) -> bool:
        """Whether another process has written since the last call; the listeners hear of it too."""
        changed = self._database.changed_elsewhere()
        if changed:
            self._changed(Changes.ALL)
        return changed

    def columns(self) -> Columns:
        """The statistics in memory, as of the last commit. Loaded when first asked for, again after changes."""
        with self._columns_lock:
            generation = self._generation
            if self._columns is None or self._columns_generation != generation:
                with self._database.scanning() as connection:
                    self._columns = columns.load(connection)
                self._columns_generation = generation
            return self._columns

    def columns_at_hand(self) -> Columns | None:
        """The statistics in memory when they are there and of the last commit; for who had better not wait for them."""
        generation = self._columns_generation  # before the columns: they are set before it
        columns = self._columns
        return columns if generation == self._generation else None

    def stage(self, paths: Sequence[Path], *, progress: Progress = SILENT, **choices: object) -> Staged:
        """Read files in the child process into a staging file. `choices`: further fields of `ReadRequest`.

        Tables are read as was once said of their headers, unless the choices say how to read them.
        """
        if not any(choices.get(name) for name in ("mapping", "platform", "remembered", "peek")):
            with self.read() as tx:
                choices["remembered"] = mappings.texts(tx)
        request = ReadRequest(
            paths=tuple(paths),
            currency=self.info.currency,
            timezone=self.info.timezone,
            **choices,  # type: ignore[arg-type]  # ReadRequest checks its own fields
        )
        self.home.staging.mkdir(parents=True, exist_ok=True)
        with nullcontext() if choices.get("peek") else self._backing_up_ahead():
            staged = Staged(reading.read_files(request, folder=self.home.staging, progress=progress))
        staged.counted_in = (request.currency, request.timezone)
        return staged

    @contextmanager
    def _backing_up_ahead(self) -> Iterator[None]:
        """Begin the backup that an import wants, while the child reads: a machine has more than one processor.

        It goes on when the files are read; who wants one meanwhile waits for it. Given up when they cannot be read.
        """
        size = self.home.database.stat().st_size
        if size < _WORTH_AHEAD:
            yield
            return
        self._ahead = Progress()

        def back_up(progress: Progress) -> None:
            with suppress(Failure):  # the import tries again, and tells
                shop_file.require_space(self.home, size)
                self.back_up("import", progress=progress)

        thread = threading.Thread(target=back_up, args=(self._ahead,), name="backup")
        thread.start()
        try:
            yield
        except BaseException:
            self._ahead.cancel()
            thread.join(_LOOK_EVERY_S)  # no longer: who cancelled wants to go on, and `close` waits for the rest
            raise

    def preview(self, staged: Staged, *, progress: Progress = SILENT) -> ImportReport:
        """What an import would do. Nothing is written to the shop."""
        self._require_fresh(staged)
        with self._database.planning(staged.file) as connection:
            return imports.plan(self._tx(connection), progress=progress)

    def import_staged(self, staged: Staged, *, progress: Progress = SILENT) -> ImportReport:
        """Back up, then import a staged batch in one transaction: all of it or nothing."""
        self._require_fresh(staged)
        # A backup as large as the shop, then at most a few times what was staged.
        size = self.home.database.stat().st_size + 4 * staged.file.path.stat().st_size
        shop_file.require_space(self.home, size)
        self.back_up("import", progress=progress)
        with self._database.writing(attach=staged.file) as (connection, sink):
            report = imports.apply(self._tx(connection), progress=progress)
        self._changed(sink.changes)
        staged.close()
        return report

    def _require_fresh(self, staged: Staged) -> None:
        if staged.counted_in not in (None, (self.info.currency, self.info.timezone)):
            raise ReadBefore

    def undo_import(self, batch: int | None = None, *, progress: Progress = SILENT) -> UndoReport:
        """Take back a batch, the newest one that stands when none is named."""
        self.back_up("undo", progress=progress)
        with self.write() as tx:
            return undoing.undo(tx, batch, progress=progress)

    def counts(self) -> Counts:
        """How much the shop holds."""
        with self.read() as tx:
            return customers.counts(tx)

    def check(self, *, progress: Progress = SILENT) -> list[Fault]:
        """Everything that is not in order."""
        with self._database.planning() as connection:
            return check.check(self._tx(connection), progress=progress)

    def recount(self, *, currency: str, timezone: str, progress: Progress = SILENT) -> bool:
        """Back up, then let the shop count in another currency or zone; whether anything differs."""
        shop_file.require_space(self.home, 2 * self.home.database.stat().st_size)
        self.back_up("recount", progress=progress)
        with self.write() as tx:
            return recount.recount(tx, currency=currency, timezone=timezone, progress=progress)

    def back_up(self, reason: str, *, progress: Progress = SILENT) -> Backup:
        """Make a verified backup, unless the newest one already holds everything."""
        while not self._backup_lock.acquire(timeout=_LOOK_EVERY_S):
            progress.report("backup")
        try:
            last = backup.newest(self.home)
            if last is None or not backup.is_current(self._database, self.home):
                last = backup.make(self._database, self.home, reason=reason, at=self._now(), progress=progress)
            self._keep_second_copy(progress)
            return last
        finally:
            self._backup_lock.release()

    def newest_backup(self) -> Backup | None:
        """The newest verified backup, if there is one."""
        return backup.newest(self.home)

    def held(self) -> Held:
        """What the shop holds now, as a backup would."""
        return backup.holds(self._database)

    def look_into(self, path: Path, *, progress: Progress = SILENT) -> Held:
        """Look through a backup from anywhere; what it holds.

        Raises:
            BackupDamaged, BackupNewer, NoSuchBackup: it cannot be restored.
        """
        return backup.examine(path, self._database.key, progress=progress)

    def copy_backup(self, chosen: Backup, path: Path, *, overwrite: bool = False, progress: Progress = SILENT) -> None:
        """Copy a backup to a place of the user's choice, whole or not at all.

        Raises:
            FileThere: a file of that name is there, and `overwrite` is not set.
            BackupFailed: the place refuses.
        """
        backup.copy_out(chosen, path, overwrite=overwrite, progress=progress)

    def keep_second_copies(self, folder: Path | None, *, missing: Callable[[OSError], None]) -> None:
        """From now on keep every new backup in `folder` too. `missing` hears, in any thread, why one could not be."""
        self._second = None if folder is None else (folder, missing)

    def _keep_second_copy(self, progress: Progress) -> None:
        if self._second is not None:
            folder, missing = self._second
            try:
                backup.second_copy(self.home, folder, shop=self.info.uuid, progress=progress)
            except OSError as error:  # a drive that was taken out must not stop the work at hand
                missing(error)

    def close(self, *, back_up: bool = False, progress: Progress = SILENT) -> None:
        """Let the shop file go; with `back_up` after a verified backup of what changed."""
        self._ahead.cancel()
        try:
            with self._backup_lock:  # one that was begun ahead stops
                pass
            if back_up:
                self._sweep()
                self.back_up("exit", progress=progress)
        finally:
            self._database.close()

    def _sweep(self) -> None:
        """Let go of files that were removed from notes: nobody can undo that any more."""
        with self.read() as tx:
            wanted = attachments.has_unnamed(tx)
        if wanted:
            with suppress(EnvironmentFailure), self.write() as tx:  # another program writes: the next time then
                attachments.sweep(tx)


def make_demo(
    home: Home, *, as_of: date | None = None, language: str, anew: bool = False, progress: Progress = SILENT
) -> Counts:
    """Make the demo shop of a home, or take the one there. Its dates are relative to `as_of`, else to today.

    One that was made for another day or language is made anew, unless somebody changed something in it; with `anew`
    it is in any case.

    Raises:
        HoldsRealShop: the demo is never mixed with real customers.
    """
    shop = Shop.open(home, as_of=as_of, create=demo.NEW_SHOP)
    try:
        if not shop.info.is_demo:
            raise HoldsRealShop(str(home.folder))
        day = shop.as_of
        with shop.read() as tx:
            stale = anew or demo.is_stale(tx, day=day, language=language)
        if stale:
            with shop.write() as tx:
                demo.empty(tx)
            demo.fill(shop, as_of=day, language=language, progress=progress)
        return shop.counts()
    finally:
        shop.close()


def restorable(home: Home) -> list[Backup]:
    """What a shop can be brought back to, newest first: its backups, and the shops that stood before a restore."""
    return sorted([*backup.listed(home), *restore.kept(home)], key=lambda found: found.at)[::-1]


def put_back(home: Home, source: Path, *, at: datetime | None = None, progress: Progress = SILENT) -> Restored:
    """Bring the closed shop of a home back to a backup; see `store.restore.put_back`."""
    return restore.put_back(home, source, at=at or clock.now(), progress=progress)


def delete_demo(home: Home) -> None:
    """Delete the demo shop of a home, which must be closed; without one nothing happens.

    Only what the program itself put there goes: the folder may be anybody's, and lists that were exported are theirs.

    Raises:
        NotTheDemo: the shop is a real one. It is the file that says so, not the caller.
        DemoInUse: nothing or only a part was deleted; what is left is still a demo, or no shop at all.
    """
    if not shop_file.exists(home):
        return
    shop = Shop.open(home)
    shop.close()
    if not shop.info.is_demo:
        raise NotTheDemo(str(home.folder))
    folder, stem = home.folder, home.database.name
    try:
        # The shop itself first: without it the rest is litter, but never half a shop.
        files.remove(home.database)
        for pattern in (f"{stem}-*", f"{stem}.*", home.key_file.name, home.seat_file.name):
            for path in folder.glob(pattern):
                files.remove(path)
        for path in (*home.backups.glob("shop-*"), *home.staging.glob("*"), *home.logs.glob("*.txt")):
            files.remove(path)
        opened_files.empty(home.opened)
    except OSError as error:
        raise DemoInUse from error
    for empty in (home.backups, home.staging, home.logs, home.opened, home.exports, folder):
        with suppress(OSError):  # it holds what is not ours
            empty.rmdir()
