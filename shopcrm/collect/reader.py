"""The child's work: every file opened, recognised, read by its adapter and staged. Nothing heavy is imported here."""

from __future__ import annotations

import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from shopcrm.base.errors import Failure
from shopcrm.base.text import clean
from shopcrm.collect import platforms, refusals, sheets
from shopcrm.collect.foreign import ForeignPerson, Orders, Problem
from shopcrm.collect.platforms import Adapter, ReadSettings
from shopcrm.collect.raw_table import RawTable
from shopcrm.collect.refusals import ColumnsMissing, NoRoomToRead, TooLarge, UnknownLayout
from shopcrm.collect.staging import StagingFile, StagingWriter
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
    except driver.dbapi.OperationalError as error:
        disk = {"SQLITE_FULL": NoRoomToRead(reader.name), "SQLITE_IOERR_WRITE": NoRoomToRead(reader.name)}
        refusal = disk.get(error.sqlite_errorname)
        tell((refusal and refusals.to_json(refusal)) or {"fault": _where(error)})
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
        writer = StagingWriter(staging)
        for file, path in enumerate(self._request.paths, 1):
            self._file, self._rows = file, 0
            self._say(0)
            self._stage_file(path, writer)
            self._before += _size(path)
        writer.close()

    def _stage_file(self, path: Path, writer: StagingWriter) -> None:
        table = self._open(path)
        if self._request.peek:
            self._peek(path, table, writer)
            return
        adapter = self._recognise(table.header)
        missing = self._mapped.missing(table.header) if self._mapped is not None else ()
        if missing:
            raise ColumnsMissing(path.name, ", ".join(missing))
        if adapter is None:
            told = [clean(name)[:HEADER_CHARACTERS] for name in table.header[:HEADERS_TOLD]]
            raise UnknownLayout(path.name, ", ".join(told) + (" …" if len(table.header) > HEADERS_TOLD else ""))
        recent = _Recent(self._file, writer)
        for found in adapter.read(table.header, self._file_rows(table, recent), self._settings):
            if isinstance(found, Problem):
                writer.add_problem(self._file, found)
                recent.keep(found.row)
            elif isinstance(found, Orders):
                writer.add_orders(self._file, found)
            elif isinstance(found, ForeignPerson):
                writer.add_person(self._file, found)
            else:
                writer.add_order(self._file, found)
        if recent.missed:
            for row, cells in self._open(path).rows:
                if row in recent.missed:
                    writer.add_row(self._file, row, cells)
        writer.add_file(
            self._file,
            name=_name(path),
            platform=adapter.key,
            report=adapter.report,
            encoding=table.encoding,
            rows=self._rows,
            header=table.header,
            header_row=table.header_row,
            snapshot_at=adapter.snapshot_at(path.name, self._settings),
        )

    def _peek(self, path: Path, table: RawTable, writer: StagingWriter) -> None:
        """Stage the first rows as they stand, for somebody to say what they are."""
        rows = list(islice(table.rows, SHOWN_ROWS))
        for row, cells in rows:
            writer.add_row(self._file, row, cells)
        writer.add_file(
            self._file, name=_name(path), platform="", report="", encoding=table.encoding, rows=len(rows),
            header=table.header, header_row=table.header_row, snapshot_at=None,
        )  # fmt: skip

    def _open(self, path: Path) -> RawTable:
        return sheets.open_table(
            path,
            encoding=self._request.encoding,
            looks_like_header=self._knows,
        )

    def _knows(self, cells: Sequence[str]) -> bool:
        if self._recognise(cells) is not None:
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

    def _file_rows(self, table: RawTable, recent: _Recent) -> Iterator[tuple[int, list[str]]]:
        rows = islice(table.rows, self._request.rows_at_most)
        while block := list(islice(rows, _BLOCK)):
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

    def __init__(self, file: int, writer: StagingWriter) -> None:
        self._file = file
        self._writer = writer
        self._kept: set[int] = set()
        self._blocks: deque[list[tuple[int, list[str]]]] = deque(maxlen=_RECENT_BLOCKS)
        self.missed: set[int] = set()

    def add(self, block: list[tuple[int, list[str]]]) -> None:
        """Rows that are about to be read."""
        for row, cells in block[: max(SHOWN_ROWS - len(self._kept), 0)] if len(self._kept) < SHOWN_ROWS else ():
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


def _name(path: Path) -> str:
    return path.name.encode("utf-8", errors="replace").decode("utf-8")  # a name may hold any bytes


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
