"""What was read of the files of one import, in an encrypted file of its own until the import is done or given up.

The child process writes it, the program attaches it as `staging`. Its key is random and lives in memory only.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from itertools import repeat
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from shopcrm.base.files import remove
from shopcrm.collect.foreign import ForeignItem, ForeignOrder, ForeignPerson, Identities, Orders, Problem, Way
from shopcrm.store import driver

BLOCK: Final = 5_000
EDITED: Final = "edited"  # the report of a list that the program wrote and somebody edited
_SUFFIX: Final = ".staging"

_TABLES: Final = (
    """CREATE TABLE files (file INTEGER PRIMARY KEY, name TEXT, platform TEXT, report TEXT, encoding TEXT, rows INTEGER,
                           header TEXT, header_row INTEGER, snapshot_at INTEGER)""",
    "CREATE TABLE rows (file INTEGER, row INTEGER, cells TEXT, PRIMARY KEY (file, row)) WITHOUT ROWID",
    """CREATE TABLE problems (file INTEGER, row INTEGER, "column" TEXT, code TEXT, value TEXT, rejected INTEGER,
                              way TEXT, became TEXT)""",
    """CREATE TABLE orders (id INTEGER PRIMARY KEY, file INTEGER, row INTEGER, number TEXT, kind TEXT, store TEXT,
                            state TEXT, currency TEXT, created_at INTEGER, paid_at INTEGER, shipped_at INTEGER,
                            signed_at INTEGER, finished_at INTEGER, plain_dates INTEGER, day INTEGER, paid INTEGER,
                            refunded INTEGER, amounts_from_items INTEGER, title TEXT, units INTEGER, buyer_name TEXT,
                            recipient_name TEXT, recipient_phone TEXT, address TEXT, province TEXT, city TEXT,
                            buyer_message TEXT, seller_note TEXT, closed_reason TEXT, tracking_number TEXT,
                            carrier TEXT)""",
    """CREATE TABLE items (order_id INTEGER, position INTEGER, row INTEGER, line_number TEXT, article TEXT, title TEXT,
                           variant TEXT, quantity INTEGER, price INTEGER, paid INTEGER, refunded INTEGER,
                           state TEXT)""",
    # Who is named in the files, each identity once; and which orders name it.
    "CREATE TABLE people (id INTEGER PRIMARY KEY, kind TEXT, platform TEXT, value TEXT, display TEXT)",
    """CREATE TABLE named (order_id INTEGER, person INTEGER, deciding INTEGER,
                           PRIMARY KEY (order_id, person)) WITHOUT ROWID""",
    # The people of lists, and by which identities each is told. Tags are a list, addresses a list of lists: JSON.
    """CREATE TABLE listed (id INTEGER PRIMARY KEY, file INTEGER, row INTEGER, name TEXT, gender TEXT, company TEXT,
                            occupation TEXT, source TEXT, entry_offer TEXT, age_band TEXT, member_level TEXT,
                            birth_calendar TEXT, birth_year INTEGER, birth_month INTEGER, birth_day INTEGER,
                            birth_leap INTEGER, note TEXT, tags TEXT, addresses TEXT)""",
    'CREATE TABLE told_attributes (listed INTEGER, key TEXT, text TEXT, "column" TEXT)',
    """CREATE TABLE told_by (listed INTEGER, person INTEGER, deciding INTEGER,
                             PRIMARY KEY (listed, person)) WITHOUT ROWID""",
)
_INDEXES: Final = (
    "CREATE INDEX problems_row ON problems (file, row)",
    "CREATE INDEX orders_number ON orders (file, number)",
    "CREATE INDEX items_order ON items (order_id)",
)
_OF_ORDER: Final = tuple(each.name for each in fields(ForeignOrder) if each.name not in ("identities", "items"))
_all_of_order = attrgetter(*_OF_ORDER)


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
        self._rows: list[tuple[int, int, str]] = []
        self._problems: list[tuple[int, int, str, str, str, bool, str | None, str]] = []
        self._waiting: list[tuple[int, ForeignOrder]] = []
        self._columns = {
            table: [column[1] for column in self._connection.execute(f"PRAGMA table_info({table})")]
            for table in ("rows", "problems", "items", "listed", "told_attributes")
        }
        self._orders = 0
        self._listed: list[tuple[int, ForeignPerson]] = []
        self._persons = 0
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
        self._rows.append((file, row, _json(cells)))
        if len(self._rows) >= BLOCK:
            self._flush()

    def add_problem(self, file: int, problem: Problem) -> None:
        """What is wrong with a cell."""
        way = problem.way and problem.way.value
        self._problems.append(
            (
                file,
                problem.row,
                problem.column,
                problem.code.value,
                problem.value,
                problem.rejected,
                way,
                problem.became,
            )
        )
        if len(self._problems) >= BLOCK:
            self._flush()

    def leave_out(self, file: int) -> int:
        """Let nothing more be wrong with the rows of which one problem says that they are left out; how many."""
        self._flush()
        rows = "SELECT row FROM problems WHERE file = :file AND way = :way"
        about = {"file": file, "way": Way.LEAVE_OUT.value}
        (count,) = self._connection.execute(f"SELECT count(DISTINCT row) FROM ({rows})", about).fetchone()
        self._connection.execute(
            f"UPDATE problems SET rejected = 0, way = :way, became = '' WHERE file = :file AND row IN ({rows})", about
        )
        return int(count)

    def add_order(self, file: int, order: ForeignOrder) -> None:
        """An order with its lines and identities."""
        self._waiting.append((file, order))
        if len(self._waiting) >= BLOCK:
            self._flush()

    def add_orders(self, file: int, orders: Orders) -> None:
        """Many orders by column."""
        keys = self._add_columns(len(orders.row), {"file": file, **orders.columns()})
        self._add_links([link for named in orders.identities for link in self._links(keys, named)])

    def add_person(self, file: int, person: ForeignPerson) -> None:
        """A person of a list, with the identities by which she is told."""
        self._listed.append((file, person))
        if len(self._listed) >= BLOCK:
            self._flush()

    def close(self) -> None:
        """Write what is left, index and close. Without this the file is not complete and is thrown away."""
        self._flush()
        for index in _INDEXES:
            self._connection.execute(index)
        self._connection.execute("COMMIT")
        self._connection.close()

    def _flush(self) -> None:
        for table, rows in (("rows", self._rows), ("problems", self._problems)):
            self._insert_rows(table, rows)
            rows.clear()
        if self._waiting:
            self._flush_waiting()
        if self._listed:
            self._flush_listed()

    def _flush_waiting(self) -> None:
        orders = [order for _, order in self._waiting]
        columns = dict(zip(_OF_ORDER, zip(*map(_all_of_order, orders), strict=True), strict=True))
        keys = self._add_columns(len(orders), {"file": [file for file, _ in self._waiting], **columns})
        self._waiting.clear()
        self._insert_rows(
            "items",
            [
                (key, position, *_all_of_item(item))
                for key, order in zip(keys, orders, strict=True)
                for position, item in enumerate(order.items)
            ],
        )
        self._add_links(self._all_links(zip(keys, orders, strict=True)))

    def _flush_listed(self) -> None:
        keys = range(self._persons + 1, self._persons + len(self._listed) + 1)
        self._persons += len(self._listed)
        people = [person for _, person in self._listed]
        self._insert_rows(
            "listed",
            [(key, file, *_all_of_person(person)) for key, (file, person) in zip(keys, self._listed, strict=True)],
        )
        self._insert_rows(
            "told_attributes",
            [(key, *told) for key, person in zip(keys, people, strict=True) for told in person.attributes],
        )
        self._listed.clear()
        self._add_links(self._all_links(zip(keys, people, strict=True)), table="told_by")

    def _all_links(self, told: Iterable[tuple[int, ForeignOrder | ForeignPerson]]) -> list[tuple[int, int, int]]:
        """Which orders or people of lists name whom."""
        named: dict[tuple[str, str], list[tuple[int, str, str, bool]]] = defaultdict(list)
        for key, each in told:
            for who in each.identities:
                named[who.kind, who.platform].append((key, who.value, who.display, who.deciding))
        links = []
        for (kind, platform), found in named.items():
            of, values, displays, deciding = zip(*found, strict=True)
            links += self._links(of, Identities(kind, platform, values, displays, deciding))
        return links

    def _add_columns(self, count: int, columns: dict[str, Any]) -> range:
        """Add orders; their keys."""
        keys = range(self._orders + 1, self._orders + count + 1)
        self._orders += count
        for name in ("kind", "state"):  # not merely text, which takes long to bind
            if isinstance(words := columns.get(name), Sequence):
                columns[name] = str(words) if isinstance(words, str) else [word and str(word) for word in words]
        if count:
            self._insert("orders", {"id": keys, **columns})
        return keys

    def _links(self, keys: Sequence[int], named: Identities) -> list[tuple[int, int, int]]:
        """Which orders name whom; people who were not named before get a number."""
        if _says_nothing(named.values):
            return []
        known = self._people[named.kind, named.platform]
        new: dict[str, str | None] = {}
        for value, display in zip(named.values, named.displays, strict=True):
            if value is not None and value not in known and value not in new:
                new[value] = display
        if new:
            people = range(self._person + 1, self._person + len(new) + 1)
            self._person += len(new)
            known.update(zip(new, people, strict=True))
            told = {"kind": named.kind, "platform": named.platform, "value": list(new), "display": list(new.values())}
            self._insert("people", {"id": people, **told})
        return [
            (key, known[value], int(decides))  # a bool takes long to bind
            for key, value, decides in zip(keys, named.values, named.deciding, strict=True)
            if value is not None
        ]

    def _add_links(self, links: list[tuple[int, int, int]], *, table: str = "named") -> None:
        links.sort()  # in the order of the table
        # An order may name somebody twice.
        self._connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?, ?, ?)", links)

    def _insert_rows(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            self._insert(table, dict(zip(self._columns[table], zip(*rows, strict=True), strict=True)))

    def _insert(self, table: str, columns: Mapping[str, Any]) -> None:
        """Insert rows by column; what is no list holds for all of them."""
        told: dict[str, Iterable[Any]] = {}
        for name, values in columns.items():
            if isinstance(values, str) or not isinstance(values, Sequence):
                told[name] = repeat(int(values) if isinstance(values, bool) else values)
            elif not _says_nothing(values):  # binding a NULL takes longer than binding a text
                told[name] = values
        names = ", ".join(f'"{name}"' for name in told)
        conflict = "OR IGNORE" if table == "rows" else ""  # one with two problems comes twice
        statement = f"INSERT {conflict} INTO {table} ({names}) VALUES ({', '.join('?' * len(told))})"
        self._connection.executemany(statement, zip(*told.values(), strict=False))


def _says_nothing(values: Sequence[object]) -> bool:
    return not values or (values[0] is None and values.count(None) == len(values))


def sweep(folder: Path, *, older_than_s: float, now_s: float) -> None:
    """Remove what earlier runs left behind: unreadable without their keys, but it takes room."""
    for path in folder.glob(f"*{_SUFFIX}*"):
        try:
            if now_s - path.stat().st_mtime > older_than_s:
                path.unlink(missing_ok=True)
        except OSError:
            continue  # in use by another program on Windows: next time


def _all_of_item(item: ForeignItem) -> tuple[Any, ...]:
    """By the columns of `items`, from the third."""
    return (
        item.row, item.line_number, item.article, item.title, item.variant, item.quantity, item.price, item.paid,
        item.refunded, item.state and str(item.state),
    )  # fmt: skip


def _all_of_person(person: ForeignPerson) -> tuple[Any, ...]:
    """By the columns of `listed`, from the third."""
    born = person.birthday
    birthday = (None,) * 5 if born is None else (born.calendar, born.year, born.month, born.day, int(born.leap))
    addresses = [
        (one.recipient, one.phone, one.province, one.city, one.district, one.address) for one in person.addresses
    ]
    return (
        person.row, person.name, person.gender, person.company, person.occupation, person.source, person.entry_offer,
        person.age_band, person.member_level, *birthday, person.note, _json(person.tags) if person.tags else None,
        _json(addresses) if addresses else None,
    )  # fmt: skip


def _json(cells: Sequence[Any]) -> str:
    return json.dumps(cells, ensure_ascii=False)
