"""The ladder of schemas, by Alembic. `HEAD` is the one this program writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

from shopcrm.base.progress import SILENT, Progress
from shopcrm.base.resources import package_folder

HEAD: Final = "0007"
KNOWN: Final[Sequence[str]] = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")


def upgrade(connection: Connection, *, progress: Progress = SILENT) -> None:
    """Bring the schema to `HEAD` inside the caller's transaction, foreign keys off (batch mode drops children)."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(package_folder() / "store" / "migrations"))
    context = MigrationContext.configure(
        connection,
        opts={
            "fn": lambda revision, _context: scripts._upgrade_revs(HEAD, revision),  # noqa: SLF001  # how alembic's own command does it
            "transactional_ddl": False,
            "progress": progress,  # of the revisions that take long
        },
    )
    with Operations.context(context):
        context.run_migrations()


def revision(connection: Connection) -> str | None:
    """The schema's revision, None before the first migration."""
    present = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").first()
    if present is None:
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])
