"""What was read of the files of one import, in an encrypted file of its own until the import is done or given up.

The child process writes it, the program attaches it as `staging`. Its key is random and lives in memory only.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from shopcrm.base.files import remove
from shopcrm.collect.foreign import ForeignOrder, Problem
from shopcrm.store import driver

BLOCK: Final = 5_000
_SUFFIX: Final = ".staging"

_TABLES: Final = (
    """CREATE TABLE files (file INTEGER PRIMARY KEY, name TEXT, platform TEXT, report TEXT, encoding TEXT, rows INTEGER,
                           header TEXT, header_row INTEGER, snapshot_at INTEGER)""",
    "CREATE TABLE rows (file INTEGER, row INTEGER, cells TEXT, PRIMARY KEY (file, row)) WITHOUT ROWID",
    'CREATE TABLE problems (file INTEGER, row INTEGER, "column" TEXT, code TEXT, value TEXT, rejected INTEGER)',
    """CREATE TABLE orders (id INTEGER PRIMARY KEY, file INTEGER, row INTEGER, number TEXT, kind TEXT, store TEXT,
                            state TEXT, currency TEXT, created_at INTEGER, paid_at INTEGER, shipped_at INTEGER,
                            signed_at INTEGER, finished_at INTEGER, plain_dates INTEGER, day INTEGER, paid INTEGER,
                            refunded INTEGER, amounts_from_items INTEGER, title TEXT, units INTEGER, buyer_name TEXT,
                            recipient_name TEXT, recipient_phone TEXT, address TEXT, province TEXT, city TEXT,
                            buyer_message TEXT, seller_note TEXT, closed_reason TEXT)""",
    """CREATE TABLE items (order_id INTEGER, position INTEGER, row INTEGER, line_number TEXT, article TEXT, title TEXT,
                           variant TEXT, quantity INTEGER, price INTEGER, paid INTEGER, refunded INTEGER,
                           state TEXT)""",
    # Who is named in the files, each identity once; and which orders name it.
    "CREATE TABLE people (id INTEGER PRIMARY KEY, kind TEXT, platform TEXT, value TEXT, display TEXT)",
    """CREATE TABLE named (order_id INTEGER, person INTEGER, deciding INTEGER,
                           PRIMARY KEY (order_id, person)) WITHOUT ROWID""",
)
_INDEXES: Final = (
    "CREATE INDEX problems_row ON problems (file, row)",
    "CREATE INDEX orders_number ON orders (file, number)",
    "CREATE INDEX items_order ON items (order_id)",
)
_FILLED: Final = ("rows", "problems", "orders", "items", "people", "named")
_MAY_COME_TWICE: Final = ("rows", "named")  # a row with two problems, an order that names somebody twice

_after_state = attrgetter(
    "currency", "created_at", "paid_at", "shipped_at", "signed_at", "finished_at", "plain_dates", "day", "paid",
    "refunded", "amounts_from_items", "title", "units", "buyer_name", "recipient_name", "recipient_phone", "address",
    "province", "city", "buyer_message", "seller_note", "closed_reason",
)  # fmt: skip


@dataclass(frozen=True)
class StagingFile:
    """A file of staged rows; as a context it is deleted at the end."""

    path: Path
    key: bytes

    @classmethod
    def fresh(cls, folder: Path) -> Self:
        """A name nobody has and a key nobody knows. The file itself is made by `StagingWriter`."""
        return cls(folder / f"{secrets.token_hex(8)}{_SUFFIX}", secrets.token_bytes(32))

    def delete(self) -> None:
        """Remove it; a second time does nothing.

        Where a virus scanner holds it on Windows it stays for `sweep`: an import that stands has not failed, and
        nobody reads the file without its key.
        """
        for path in (self.path, self.path.with_name(f"{self.path.name}-journal")):
            with suppress(OSError):
                remove(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.delete()


class StagingWriter:
    """Fills a staging file, in blocks. The child's side."""

    def __init__(self, file: StagingFile) -> None:
        self._connection = driver.connect(file.path, file.key, create=True)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "cache_size = -32768"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("BEGIN")
        for table in _TABLES:
            self._connection.execute(table)
        self._blocks: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _FILLED}
        self._columns = {
            table: [f'"{column[1]}"' for column in self._connection.execute(f"PRAGMA table_info({table})")]
            for table in _FILLED
        }
        self._orders = 0
        self._people: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)  # by kind and platform, then value
        self._person = 0

    def add_file(
        self,
        file: int,
        *,
        name: str,
        platform: str,
        report: str,
        encoding: str,
        rows: int,
        header: Sequence[str],
        header_row: int,
        snapshot_at: int | None,
    ) -> None:
        """What is known of a file once it was read."""
        self._connection.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (file, name, platform, report, encoding, rows, _json(header), header_row, snapshot_at),
        )

    def add_row(self, file: int, row: int, cells: Sequence[str]) -> None:
        """A row as the file has it, for the preview and the rejects."""
        self._blocks["rows"].append((file, row, _json(cells)))

    def add_problem(self, file: int, problem: Problem) -> None:
        """What is wrong with a cell."""
        problems = self._blocks["problems"]
        problems.append((file, problem.row, problem.column, problem.code.value, problem.value, problem.rejected))
        if len(problems) >= BLOCK:
            self._flush()

    def add_order(self, file: int, order: ForeignOrder) -> None:
        """An order with its lines and identities."""
        self._orders += 1
        key = self._orders
        state = order.state and str(order.state)
        self._blocks["orders"].append(
            (key, file, order.row, order.number, str(order.kind), order.store, state, *_after_state(order))
        )
        if order.items:
            self._blocks["items"] += [
                (key, position, item.row, item.line_number, item.article, item.title, item.variant, item.quantity,
                 item.price, item.paid, item.refunded, item.state and str(item.state))
                for position, item in enumerate(order.items)
            ]  # fmt: skip
        for who in order.identities:
            known = self._people[who.kind, who.platform]
            person = known.get(who.value)
            if person is None:
                known[who.value] = person = self._person = self._person + 1
                self._blocks["people"].append((person, who.kind, who.platform, who.value, who.display))
            self._blocks["named"].append((key, person, int(who.deciding)))
        if key % BLOCK == 0:
            self._flush()

    def close(self) -> None:
        """Write what is left, index and close. Without this the file is not complete and is thrown away."""
        self._flush()
        for index in _INDEXES:
            self._connection.execute(index)
        self._connection.execute("COMMIT")
        self._connection.close()

    def _flush(self) -> None:
        for table, rows in self._blocks.items():
            if rows:
                # Columns that say nothing are left out: binding a NULL takes longer than binding a text.
                told = {
                    at: values for at, values in enumerate(zip(*rows, strict=True)) if values.count(None) < len(rows)
                }
                names = ", ".join(self._columns[table][at] for at in told)
                conflict = "OR IGNORE" if table in _MAY_COME_TWICE else ""
                statement = f"INSERT {conflict} INTO {table} ({names}) VALUES ({', '.join('?' * len(told))})"
                self._connection.executemany(statement, zip(*told.values(), strict=True))
                rows.clear()


def sweep(folder: Path, *, older_than_s: float, now_s: float) -> None:
    """Remove what earlier runs left behind: unreadable without their keys, but it takes room."""
    for path in folder.glob(f"*{_SUFFIX}*"):
        try:
            if now_s - path.stat().st_mtime > older_than_s:
                path.unlink(missing_ok=True)
        except OSError:
            continue  # in use by another program on Windows: next time


def _json(cells: Sequence[str]) -> str:
    return json.dumps(cells, ensure_ascii=False)
