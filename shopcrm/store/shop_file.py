"""Making and opening a shop file. A file that is empty, cut short, foreign or newer is never "no customers yet"."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlalchemy import Connection, delete, insert

from shopcrm import __version__
from shopcrm.base import clock, money
from shopcrm.base.errors import EnvironmentFailure, UserFailure
from shopcrm.base.files import replace
from shopcrm.base.i18n import N_
from shopcrm.base.paths import Home
from shopcrm.base.progress import SILENT, Progress
from shopcrm.store import backup, driver, migrations
from shopcrm.store.engine import Database, DiskFailure, damaged, mapping_errors
from shopcrm.store.keys import data_key
from shopcrm.store.tables import metadata
from shopcrm.store.tables.shop import shop

SPARE: Final = 50_000_000


@dataclass(eq=False)
class ShopMissing(UserFailure):
    """There is no shop file in the folder."""

    text: ClassVar[str] = N_("There is no shop in {folder} yet. Import a file or make the demo shop first.")
    folder: str


@dataclass(eq=False)
class ShopGone(EnvironmentFailure):
    """There is no shop file, but there was one: its backups are there."""

    text: ClassVar[str] = N_(
        "The shop file is gone from {folder}, but its backups are there. Restore one of them; "
        "to begin with an empty shop, move the folder “backups” elsewhere first."
    )
    folder: str


@dataclass(eq=False)
class ShopForeign(UserFailure):
    """The file is a database of another program."""

    text: ClassVar[str] = N_("{file} is not a ShopCRM shop. It was left as it is; choose another folder.")
    file: str


@dataclass(eq=False)
class ShopNewer(UserFailure):
    """The schema was written by a later version."""

    text: ClassVar[str] = N_("This shop was last used with a newer ShopCRM ({schema}). Update ShopCRM to open it.")
    schema: str


@dataclass(eq=False)
class FolderUnusable(EnvironmentFailure):
    """The home cannot be made or written to."""

    text: ClassVar[str] = N_("The folder {folder} cannot be written to ({reason}). Choose another one with --home.")
    folder: str
    reason: str


@dataclass(eq=False)
class DiskTooSmall(EnvironmentFailure):
    """A job needs more room than the disk has."""

    text: ClassVar[str] = N_("The disk is too full for this. Free {missing_mb} MB and try again; nothing was changed.")
    missing_mb: int


@dataclass(frozen=True)
class NewShop:
    """What is set when a shop is made, once and for all."""

    currency: str
    timezone: str
    is_demo: bool = False


def exists(home: Home) -> bool:
    """Whether there is a shop file, sound or not."""
    return home.database.exists()


def create(home: Home, new: NewShop) -> None:
    """Make the shop file: whole under another name first, so that a crash leaves none instead of half of one.

    Raises:
        ShopGone: there was a shop, which is not replaced by an empty one in silence.
        UnknownCurrency, UnknownTimeZone, FolderUnusable: see the classes.
    """
    if backup.newest(home) is not None:
        raise ShopGone(str(home.folder))
    money.minor_digits(new.currency)
    clock.zone(new.timezone)
    try:
        home.folder.mkdir(parents=True, exist_ok=True)
        unfinished = home.database.with_suffix(".new")
        for leftover in home.folder.glob(f"{unfinished.name}*"):
            leftover.unlink()
    except OSError as error:
        raise FolderUnusable(str(home.folder), error.strerror or str(error)) from error
    key = data_key(home)
    with mapping_errors(unfinished):
        raw = driver.connect(unfinished, key, create=True)
        raw.execute(f"PRAGMA page_size = {driver.PAGE_SIZE}")
        raw.execute(f"PRAGMA application_id = {driver.APPLICATION_ID}")
        raw.execute("PRAGMA journal_mode = WAL")
        raw.close()
    database = Database(unfinished, key)
    with database.writing() as (connection, _changes):
        migrations.upgrade(connection)
        connection.execute(
            insert(shop).values(
                id=1,
                uuid=str(uuid.uuid4()),
                currency=new.currency,
                timezone=new.timezone,
                is_demo=new.is_demo,
                created_at=clock.seconds(clock.now()),
                made_by=__version__,
            )
        )
    database.close()
    replace(unfinished, home.database)


def empty(connection: Connection) -> None:
    """Take out everything that was put into a shop; numbers begin at 1 again."""
    for table in reversed(metadata.sorted_tables):
        if table is not shop:
            connection.execute(delete(table))
    connection.exec_driver_sql("INSERT INTO search_tokens (search_tokens) VALUES ('delete-all')")
    connection.exec_driver_sql("DELETE FROM sqlite_sequence")


def open_database(home: Home, *, progress: Progress = SILENT) -> Database:
    """Open the shop of a home after looking whether it is one, whole, and of a schema we know.

    `progress` hears only of what takes long: an older shop is brought to today's schema.

    Raises:
        ShopMissing, ShopGone, ShopDamaged, ShopForeign, ShopNewer, DiskFailure: see the classes.
        Cancelled: the shop is as it was.
    """
    path = home.database
    if not path.exists():
        raise (ShopMissing if backup.newest(home) is None else ShopGone)(str(home.folder))
    size = path.stat().st_size
    with path.open("rb") as file:
        if file.read(15) == b"SQLite format 3":
            raise ShopForeign(path.name)  # unkeyed: not one of ours
    if size < driver.PAGE_SIZE or size % driver.PAGE_SIZE:
        raise damaged(path)
    key = data_key(home)
    with mapping_errors(path):
        raw = driver.connect(path, key)
        try:
            schema = _examine(raw, home, size)
        finally:
            raw.close()
    database = Database(path, key)
    if schema != migrations.HEAD:
        try:
            _upgrade(database, home, progress)
        except BaseException:
            database.close()
            raise
    return database


def _upgrade(database: Database, home: Home, progress: Progress) -> None:
    """Bring an older shop to today's schema, after a verified backup, as a whole or not at all."""
    require_space(home, home.database.stat().st_size)
    progress.report("backup")
    backup.make(database, home, reason="migration", at=clock.now(), progress=progress)
    with database.migrating(progress) as connection:
        # Another process may have been quicker.
        if migrations.revision(connection) != migrations.HEAD:
            progress.report("upgrading")
            migrations.upgrade(connection, progress=progress)
            progress.report("upgrading")


def _examine(raw: Any, home: Home, size: int) -> str:
    """Raise what is wrong with the file; else its schema."""
    path = home.database
    application = int(raw.execute("PRAGMA application_id").fetchone()[0])
    if application != driver.APPLICATION_ID:
        raise ShopForeign(path.name)
    log = path.with_name(f"{path.name}-wal")
    pages = int(raw.execute("PRAGMA page_count").fetchone()[0])
    if (not log.exists() or log.stat().st_size == 0) and pages * driver.PAGE_SIZE != size:
        raise damaged(path)
    tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"shop", "alembic_version"} <= tables or raw.execute("SELECT count(*) FROM shop").fetchone()[0] != 1:
        raise damaged(path)
    schema = str(raw.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    if schema not in migrations.KNOWN:
        raise ShopNewer(schema)
    return schema


def require_space(home: Home, size: int) -> None:
    """Raise `DiskTooSmall` unless so many bytes, and some to breathe, are free on the disk of the home."""
    try:
        free = shutil.disk_usage(home.folder).free
    except OSError as error:
        raise DiskFailure(error.strerror or str(error)) from error
    if free < size + SPARE:
        raise DiskTooSmall((size + SPARE - free) // 1_000_000 + 1)
