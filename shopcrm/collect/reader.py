"""The child's work: every file opened, recognised, read by its adapter and staged. Nothing heavy is imported here."""

from __future__ import annotations

import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from shopcrm.base import sheet_marks
from shopcrm.base.errors import Failure
from shopcrm.base.text import clean
from shopcrm.collect import encodings, fixes, platforms, refusals, sheets
from shopcrm.collect.foreign import Code, ForeignPerson, Orders, Problem, Way
from shopcrm.collect.platforms import OF_KNOWN, Adapter, ReadSettings
from shopcrm.collect.raw_table import Part, RawTable
from shopcrm.collect.refusals import (
    ColumnsMissing,
    EditedAmongOthers,
    Garbled,
    NeededMissing,
    NoRoomToRead,
    TooLarge,
    UnknownLayout,
)
from shopcrm.collect.scribe import ScribeStopped
from shopcrm.collect.staging import EDITED, StagingFile, StagingWriter
from shopcrm.store import driver

if TYPE_CHECKING:
    from shopcrm.collect.mapping import TableAdapter
    from shopcrm.collect.reading import ReadRequest

SHOWN_ROWS: Final = 500
HEADERS_TOLD: Final = 12
HEADER_CHARACTERS: Final = 24
_BLOCK: Final = 256  # rows
_RECENT_BLOCKS: Final = 8  # more rows than an adapter looks ahead
_TELL_EVERY_S: Final = 0.1
_WORTH_BESIDE: Final = 1 << 20  # bytes; less is written sooner than another process stands
Tell = Callable[[dict[str, Any]], None]


def read(request: ReadRequest, staging: StagingFile, *, tell: Tell) -> int:
    """Read all files of a request. What goes wrong is told, not raised.

    Returns:
        The exit code: 0 done, 1 refused, 2 a bug.
    """
    reader = _Reader(request, tell=tell)
    try:
        reader.stage(staging)
    except Failure as failure:
        told = refusals.to_json(failure)
        tell(told if told is not None else {"fault": _where(failure)})
        return 1
    except MemoryError:
        tell(refusals.to_json(TooLarge(reader.name)) or {})
        return 1
    except (driver.dbapi.OperationalError, ScribeStopped) as error:
        cause = error.cause if isinstance(error, ScribeStopped) else error.sqlite_errorname
        refusal = {"SQLITE_FULL": NoRoomToRead, "SQLITE_IOERR_WRITE": NoRoomToRead, "memory": TooLarge}.get(cause)
        tell((refusal and refusals.to_json(refusal(reader.name))) or {"fault": f"{cause} at {_where(error)}"})
        return 1
    except Exception as error:  # noqa: BLE001  # the last line of this process: the program reports it as a bug
        tell({"fault": _where(error)})
        return 2
    tell({"finished": True})
    return 0


class _Reader:
    def __init__(self, request: ReadRequest, *, tell: Tell) -> None:
        self._request = request
        self._tell = tell
        self._settings = ReadSettings(request.currency, request.timezone, request.region, request.store)
        self._total = sum(_size(path) for path in request.paths)
        self._before = 0
        self._file = 1
        self._part = 0  # of all files: by it the tables are staged
        self._rows = 0
        self._told_at = 0.0
        self._mapped: TableAdapter | None = None

    @property
    def name(self) -> str:
        """The file being read."""
        return self._request.paths[self._file - 1].name

    def stage(self, staging: StagingFile) -> None:
        """Fill the staging file."""
        if self._request.mapping is not None:
            from shopcrm.collect import mapping

            self._mapped = mapping.load(self._request.mapping)
        writer = StagingWriter(staging, beside=self._total >= _WORTH_BESIDE and not self._request.peek)
        for file, path in enumerate(self._request.paths, 1):
            self._file = file
            self._rows = 0
            self._say(0)
            self._stage_file(path, writer)
            self._before += _size(path)
        writer.close()

    def _stage_file(self, path: Path, writer: StagingWriter) -> None:
        """Stage every table of a file whose columns are known; of a file without one the first, which is refused."""
        first: Part | None = None
        staged = 0
        left_out: list[str] = []
        for part in self._parts(path):
            if part.known:
                self._stage(part, writer)
                staged += 1
                if self._request.peek:
                    return
            else:
                left_out.append(part.name.removeprefix(f"{path.name} › "))
                first = first or (part if not staged else None)
        if not staged and first is not None:
            self._stage(first, writer)
            return
        for name in left_out:
            writer.add_problem(self._part - staged + 1, Problem(0, "", Code.LEFT_OUT, name, rejected=False))

    def _stage(self, part: Part, writer: StagingWriter) -> None:
        table = part.table or part.opened()
        self._part += 1
        self._rows = 0
        if self._request.peek:
            known = self._recognise(table.header)
            rows = islice(table.rows, self._request.rows_at_most or SHOWN_ROWS)
            self._keep(part, rows, table, writer, platform=known.key if known else "")
            return
        if sheet_marks.find(table.header) is not None:  # our own, edited
            if len(self._request.paths) > 1:
                raise EditedAmongOthers(part.name)
            self._keep(part, self._file_rows(table, None), table, writer, report=EDITED)
            return
        adapter = self._adapter_of(part.name, table.header)
        self._stage_rows(part, table, adapter, writer)
        writer.add_file(
            self._part,
            name=_name(part.name),
            platform=adapter.key,
            report=adapter.report,
            encoding=table.encoding,
            rows=self._rows,
            header=table.header,
            header_row=table.header_row,
            snapshot_at=adapter.snapshot_at(part.file, self._settings),
            written_at=_written_at(self._request.paths[self._file - 1]),
        )

    def _stage_rows(self, part: Part, table: RawTable, adapter: Adapter, writer: StagingWriter) -> None:
        recent = _Recent(self._part, writer, keep_all=adapter.report in OF_KNOWN)
        settings = replace(self._settings, ways=fixes.cell_ways(self._request.fixes, file=self._part))
        left_out = fixes.left_out(self._request.fixes, file=self._part)
        mended = 0
        for found in adapter.read(table.header, self._file_rows(table, recent), settings):
            if isinstance(found, Problem):
                out = found.rejected and (found.column, found.code) in left_out
                writer.add_problem(self._part, replace(found, way=Way.LEAVE_OUT) if out else found)
                mended += found.way is not None
                if found.way is None or mended <= SHOWN_ROWS:  # of what was mended some rows are shown
                    recent.keep(found.row)
            elif isinstance(found, Orders):
                writer.add_orders(self._part, found)
            elif isinstance(found, ForeignPerson):
                writer.add_person(self._part, found)
            else:
                writer.add_order(self._part, found)
        if recent.missed:
            for row, cells in part.opened().rows:
                if row in recent.missed:
                    writer.add_row(self._part, row, cells)
        if left_out:
            self._rows -= writer.leave_out(self._part)

    def _adapter_of(self, name: str, header: Sequence[str]) -> Adapter:
        """Who reads a table.

        Raises:
            ColumnsMissing, NeededMissing: it lacks columns of the mapping; some to be one of ours.
            Garbled: nobody can.
            UnknownLayout: nobody does.
        """
        missing = self._mapped.missing(header) if self._mapped is not None else ()
        if missing:
            raise ColumnsMissing(name, ", ".join(missing))
        adapter = self._recognise(header)
        if adapter is not None:
            return adapter
        nearest = platforms.nearest(header, platform=self._request.platform)
        if nearest is not None and self._mapped is None:
            raise NeededMissing(name, "、".join(nearest.lacks(header)), nearest.label)
        if self._mapped is None and encodings.is_garbled(" ".join(header)):
            raise Garbled(name, ", ".join(column for column in map(clean, header) if column)[:HEADER_CHARACTERS])
        told = [clean(column)[:HEADER_CHARACTERS] for column in header[:HEADERS_TOLD]]
        raise UnknownLayout(name, ", ".join(told) + (" …" if len(header) > HEADERS_TOLD else ""))

    def _keep(
        self, part: Part, rows: Iterator[tuple[int, list[str]]], table: RawTable, writer: StagingWriter,
        *, platform: str = "", report: str = "",
    ) -> None:  # fmt: skip
        """Stage rows as they stand: for somebody to say what they are, or of a list that was edited."""
        count = 0
        for count, (row, cells) in enumerate(rows, 1):  # noqa: B007  # the last number is how many there are
            writer.add_row(self._part, row, cells)
        writer.add_file(
            self._part, name=_name(part.name), platform=platform, report=report, encoding=table.encoding, rows=count,
            header=table.header, header_row=table.header_row, snapshot_at=None,
        )  # fmt: skip

    def _parts(self, path: Path) -> Iterator[Part]:
        return sheets.open_tables(
            path,
            encoding=self._request.encoding,
            looks_like_header=self._knows,
            passwords=self._request.passwords,
        )

    def _knows(self, cells: Sequence[str]) -> bool:
        if self._recognise(cells) is not None or sheet_marks.find(cells) is not None:
            return True
        if not self._request.peek:
            return False
        from shopcrm.collect import guessing

        return guessing.looks_like_header(cells)

    def _recognise(self, header: Sequence[str]) -> Adapter | None:
        if self._mapped is not None:
            return self._mapped if self._mapped.matches(header) else None
        if self._request.remembered and (said := self._said(header)) is not None:
            return said
        return platforms.recognise(header, platform=self._request.platform)

    def _said(self, header: Sequence[str]) -> Adapter | None:
        """What the user once said of tables with this header: it stands over what the program knows."""
        from shopcrm.collect import mapping, mapping_file

        text = self._request.remembered.get(mapping_file.fingerprint(header))
        return None if text is None else mapping.TableAdapter(mapping_file.parse(text, name=self.name))

    def _file_rows(self, table: RawTable, recent: _Recent | None) -> Iterator[tuple[int, list[str]]]:
        rows = islice(table.rows, self._request.rows_at_most)
        while block := list(islice(rows, _BLOCK)):
            if recent is not None:
                recent.add(block)
            self._rows += len(block)
            if time.monotonic() - self._told_at > _TELL_EVERY_S:
                self._say(table.position())
            yield from block

    def _say(self, done: int) -> None:
        self._told_at = time.monotonic()
        self._tell({"file": self._file, "rows": self._rows, "done": self._before + done, "total": self._total})


class _Recent:
    """The first rows are staged; of the others the last few thousand are at hand for the problems that come."""

    def __init__(self, file: int, writer: StagingWriter, *, keep_all: bool = False) -> None:
        """`keep_all`: any row may turn out to have a problem when the orders of the shop are looked at."""
        self._at_least = sys.maxsize if keep_all else SHOWN_ROWS
        self._file = file
        self._writer = writer
        self._kept: set[int] = set()
        self._blocks: deque[list[tuple[int, list[str]]]] = deque(maxlen=_RECENT_BLOCKS)
        self.missed: set[int] = set()

    def add(self, block: list[tuple[int, list[str]]]) -> None:
        """Rows that are about to be read."""
        for row, cells in block[: max(self._at_least - len(self._kept), 0)]:
            self._stage(row, cells)
        self._blocks.append(block)

    def keep(self, row: int) -> None:
        """Stage a row that has a problem."""
        if row in self._kept:
            return
        for block in reversed(self._blocks):
            if block[0][0] <= row <= block[-1][0]:
                self._stage(*next(found for found in block if found[0] == row))
                return
        self._kept.add(row)
        self.missed.add(row)

    def _stage(self, row: int, cells: list[str]) -> None:
        self._kept.add(row)
        self._writer.add_row(self._file, row, cells)


def _where(error: BaseException) -> str:
    """Where a bug is, without the message: it may hold what stands in the file."""
    places = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return f"{type(error).__name__} at {' > '.join(places[-8:])}"


def _name(name: str) -> str:
    return name.encode("utf-8", errors="replace").decode("utf-8")  # a name may hold any bytes


def _written_at(path: Path) -> int | None:
    try:
        return int(path.stat().st_mtime)
    except OSError:
        return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
