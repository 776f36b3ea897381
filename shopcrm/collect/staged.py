"""A staged batch as the preview shows it (C3): its files' rows, what becomes of each, and the cells in the way."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from shopcrm.collect import fixes
from shopcrm.collect.fixes import Offer
from shopcrm.collect.foreign import Code, Way
from shopcrm.collect.staging import StagingFile
from shopcrm.store import driver

ROWS_SHOWN: Final = 500
EXAMPLES: Final = 3  # cells of a group
_VALUES_ASKED: Final = 400  # cells by which is found what would help
_WHOLE_FROM: Final = 4  # rows, from which a column of nothing but problems is the wrong one


@dataclass(frozen=True)
class StagedRow:
    """One row of a file.

    `status`: new, changed, same, problem, left_out, or "" for a row that makes no order of its own.
    """

    row: int
    cells: tuple[str, ...]
    status: str
    problem_columns: tuple[str, ...]
    mended: Mapping[str, str] = field(default_factory=dict)  # by column what is read instead of the cell


@dataclass(frozen=True)
class ProblemGroup:
    """The cells of a column that are wrong for one reason, or were read after all in one way."""

    column: str  # "" when it is the row as a whole
    code: Code
    way: Way | None
    count: int  # rows
    rejected: bool
    whole: bool  # most of the column is so
    examples: tuple[str, ...]
    became: str  # of the first example
    rows: tuple[int, ...]  # those that are shown
    offers: tuple[Offer, ...]  # what can be done for all of them


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
        """The first rows of a file and the first with each kind of problem, in the file's order.

        Only after a preview.
        """
        with closing(driver.connect(self.file.path, self.file.key)) as connection:
            problems: dict[int, list[str]] = {}
            mended: dict[int, dict[str, str]] = {}
            wanted: set[int] = set()
            out: set[int] = set()
            for row, column, way, became, place in connection.execute(
                """SELECT row, "column", way, became, row_number() OVER (PARTITION BY "column", code, way ORDER BY row)
                     FROM problems WHERE file = ? ORDER BY row, rowid""",
                (file,),
            ):
                if place <= limit:
                    wanted.add(row)
                if way is None:
                    problems.setdefault(row, []).append(column)
                elif way == Way.LEAVE_OUT:
                    out.add(row)
                else:
                    mended.setdefault(row, {})[column] = became
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
        first = set() if problems_only else {row for row, _cells in rows[:limit]}
        return [
            StagedRow(
                row,
                tuple(msgspec.json.decode(cells)),
                "problem" if row in rejected else "left_out" if row in out else statuses.get(row, ""),
                tuple(problems.get(row, ())),
                mended.get(row, {}),
            )
            for row, cells in rows
            if row in first or row in wanted
        ]

    def groups(self, *, file: int) -> list[ProblemGroup]:
        """What is wrong with a file: columns that are wrong throughout first, then cells that keep rows out, by number.

        What was mended or left out comes last.
        """
        with closing(driver.connect(self.file.path, self.file.key)) as connection:
            (rows,) = connection.execute("SELECT rows FROM files WHERE file = ?", (file,)).fetchone()
            found = [
                self._group(connection, (file, *told), most=max(_WHOLE_FROM, rows // 2))
                for told in connection.execute(
                    """SELECT "column", code, way, count(DISTINCT row), max(rejected) FROM problems WHERE file = ?
                        GROUP BY 1, 2, 3 ORDER BY min(rowid)""",
                    (file,),
                ).fetchall()
            ]
        return sorted(
            found, key=lambda group: (group.way is not None, not group.rejected, not group.whole, -group.count)
        )

    def _group(self, connection: Any, told: tuple[int, str, str, str | None, int, int], *, most: int) -> ProblemGroup:
        file, column, code, way, count, rejected = told
        about = {"file": file, "column": column, "code": code, "way": way}
        those = """FROM problems WHERE file = :file AND "column" = :column AND code = :code AND way IS :way"""
        cells = connection.execute(
            f"SELECT value, became {those} GROUP BY value ORDER BY min(rowid) LIMIT {_VALUES_ASKED}", about
        ).fetchall()
        rows = connection.execute(f"SELECT DISTINCT row {those} ORDER BY row LIMIT {ROWS_SHOWN}", about).fetchall()
        values = [value for value, _became in cells if value]
        return ProblemGroup(
            column=column,
            code=Code(code),
            way=Way(way) if way else None,
            count=count,
            rejected=bool(rejected),
            whole=bool(column) and count > most,
            examples=tuple(values[:EXAMPLES]),
            became=cells[0][1],
            rows=tuple(row for (row,) in rows),
            offers=() if way else fixes.possible(Code(code), values, rejected=bool(rejected)),
        )

    def close(self) -> None:
        """Delete the staging file."""
        self.file.delete()
