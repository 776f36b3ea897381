"""A staged batch as the preview shows it (C3): its files' rows, what becomes of each, and the cells in the way."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Final

import msgspec

from shopcrm.collect.staging import StagingFile
from shopcrm.store import driver

ROWS_SHOWN: Final = 500


@dataclass(frozen=True)
class StagedRow:
    """One row of a file. `status`: new, changed, same, problem, or "" for a row that makes no order of its own."""

    row: int
    cells: tuple[str, ...]
    status: str
    problem_columns: tuple[str, ...]


@dataclass(frozen=True)
class StagedFile:
    """One file of the batch, with its header as written."""

    file: int
    name: str
    platform: str
    report: str
    encoding: str
    rows: int
    header: tuple[str, ...]


class Staged:
    """A staging file, open until it is imported or put aside."""

    def __init__(self, file: StagingFile) -> None:
        self.file = file
        self.counted_in: tuple[str, str] | None = None  # currency and zone it was read for, where that matters

    def files(self) -> list[StagedFile]:
        """The files that were read, in the order they were given."""
        with closing(driver.connect(self.file.path, self.file.key)) as connection:
            rows = connection.execute(
                "SELECT file, name, platform, report, encoding, rows, header FROM files ORDER BY file"
            ).fetchall()
        return [
            StagedFile(file, name, platform, report, encoding, count, tuple(msgspec.json.decode(header)))
            for file, name, platform, report, encoding, count, header in rows
        ]

    def rows(self, *, file: int, problems_only: bool = False, limit: int = ROWS_SHOWN) -> list[StagedRow]:
        """The first rows of a file and those with a problem, in the file's order. Only after a preview."""
        with closing(driver.connect(self.file.path, self.file.key)) as connection:
            problems: dict[int, list[str]] = {}
            for row, column in connection.execute(
                'SELECT row, "column" FROM problems WHERE file = ? ORDER BY row', (file,)
            ):
                problems.setdefault(row, []).append(column)
            rejected = {
                row for (row,) in connection.execute("SELECT row FROM problems WHERE file = ? AND rejected", (file,))
            }
            statuses = dict(
                connection.execute(
                    """SELECT i.row, m.status FROM items i JOIN matched m ON m.staged = i.order_id
                        WHERE m.file = :file AND i.row IN (SELECT row FROM rows WHERE file = :file)
                       UNION ALL
                       SELECT s.row, m.status FROM orders s JOIN matched m ON m.staged = s.id
                        WHERE m.file = :file AND s.row IN (SELECT row FROM rows WHERE file = :file)
                       UNION ALL
                       SELECT l.row, p.status FROM listed l JOIN listed_plan p ON p.listed = l.id
                        WHERE l.file = :file AND l.row IN (SELECT row FROM rows WHERE file = :file)""",
                    {"file": file},
                )
            )
            rows = connection.execute("SELECT row, cells FROM rows WHERE file = ? ORDER BY row", (file,)).fetchall()
        shown = []
        for row, cells in rows:
            if problems_only and row not in problems:
                continue
            status = "problem" if row in rejected else statuses.get(row, "")
            shown.append(StagedRow(row, tuple(msgspec.json.decode(cells)), status, tuple(problems.get(row, ()))))
            if len(shown) >= limit:
                break
        return shown

    def close(self) -> None:
        """Delete the staging file."""
        self.file.delete()
