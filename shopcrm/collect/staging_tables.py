"""The tables of a staging file, filled with plain values by column: nothing but what any process can be handed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any, Final, NamedTuple

from shopcrm.store import driver

Table = Mapping[str, Any]  # by name a column: a list, or what holds for all rows
_TABLES: Final = (
    """CREATE TABLE files (file INTEGER PRIMARY KEY, name TEXT, platform TEXT, report TEXT, encoding TEXT, rows INTEGER,
                           header TEXT, header_row INTEGER, snapshot_at INTEGER, written_at INTEGER)""",
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
    # What orders and people of lists tell of consents; each belongs to one of the two.
    'CREATE TABLE told_consents (listed INTEGER, order_id INTEGER, channel TEXT, given INTEGER, "column" TEXT)',
    """CREATE TABLE told_reviews (order_id INTEGER, row INTEGER, stars INTEGER, text TEXT, at INTEGER, plain INTEGER,
                                  product TEXT, article TEXT, reply TEXT)""",
    """CREATE TABLE told_by (listed INTEGER, person INTEGER, deciding INTEGER,
                             PRIMARY KEY (listed, person)) WITHOUT ROWID""",
)
_INDEXES: Final = (
    "CREATE INDEX problems_row ON problems (file, row)",
    "CREATE INDEX items_order ON items (order_id)",
)
_CACHE_KIB: Final = 2 << 10  # little: what is written as it comes need not be written at the end, when all wait for it
_LINKED_BY: Final = {"orders": "named", "listed": "told_by"}
_OWNER: Final = {"orders": "order_id", "listed": "listed"}  # how what belongs to one names it
Parts = Mapping[str, Table]  # by table the rows of it


class Named(NamedTuple):
    """An identity of the orders or people of a block, by column; None where nobody is named.

    `places`: where in the block each stands; None: one for each of it.
    """

    places: Sequence[int] | None
    kind: str
    platform: str
    values: Sequence[str | None]
    displays: Sequence[str | None]
    deciding: Sequence[bool]


class StagingTables:
    """A staging file that is being written. Without `close` it is not complete and is thrown away."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._connection = driver.connect(path, key, create=True)
        for pragma in (
            "journal_mode = OFF",
            "synchronous = OFF",
            "locking_mode = EXCLUSIVE",
            f"cache_size = {-_CACHE_KIB}",
        ):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("BEGIN")
        for table in _TABLES:
            self._connection.execute(table)
        self._last: dict[str, int] = defaultdict(int)  # ids by table
        self._people: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)  # by kind and platform, then value

    def insert(self, table: str, columns: Table) -> None:
        """Insert rows by column."""
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

    def add(self, table: str, count: int, columns: Table, named: Sequence[Named], parts: Parts | None = None) -> None:
        """Add a block of orders or of people of lists, with whom they name.

        `parts`: the lines of orders and their reviews, what a trade keeps of people, and consents, each by the place of
        whose it is in the block.
        """
        if not count:
            return
        keys = self._keys(table, count)
        self.insert(table, {"id": keys, **columns})
        owner = _OWNER[table]
        for of, lines in (parts or {}).items():
            self.insert(of, {**lines, owner: [keys[place] for place in lines[owner]]})
        links = [link for each in named for link in self._links(keys, Named(*each))]
        links.sort()  # in the order of the table
        # One may name somebody twice.
        self._connection.executemany(f"INSERT OR IGNORE INTO {_LINKED_BY[table]} VALUES (?, ?, ?)", links)

    def _keys(self, table: str, count: int) -> range:
        first = self._last[table] + 1
        self._last[table] += count
        return range(first, first + count)

    def _links(self, keys: Sequence[int], named: Named) -> list[tuple[int, int, int]]:
        """Which of a block name whom; people who were not named before get a number."""
        if _says_nothing(named.values):
            return []
        known = self._people[named.kind, named.platform]
        new: dict[str, str | None] = {}
        for value, display in zip(named.values, named.displays, strict=True):
            if value is not None and value not in known and value not in new:
                new[value] = display
        if new:
            people = self._keys("people", len(new))
            known.update(zip(new, people, strict=True))
            told = {"kind": named.kind, "platform": named.platform, "value": list(new), "display": list(new.values())}
            self.insert("people", {"id": people, **told})
        owners = keys if named.places is None else [keys[place] for place in named.places]
        return [
            (key, known[value], int(decides))  # a bool takes long to bind
            for key, value, decides in zip(owners, named.values, named.deciding, strict=True)
            if value is not None
        ]

    def leave_out(self, file: int, way: str) -> int:
        """Let nothing more be wrong with the rows of which one problem says that they are left out; how many."""
        rows = "SELECT row FROM problems WHERE file = :file AND way = :way"
        about = {"file": file, "way": way}
        (count,) = self._connection.execute(f"SELECT count(DISTINCT row) FROM ({rows})", about).fetchone()
        self._connection.execute(
            f"UPDATE problems SET rejected = 0, way = :way, became = '' WHERE file = :file AND row IN ({rows})", about
        )
        return int(count)

    def close(self) -> None:
        """Index and close."""
        for index in _INDEXES:
            self._connection.execute(index)
        self._connection.execute("COMMIT")
        self._connection.close()

    def give_up(self) -> None:
        """Let the file go as it is."""
        self._connection.close()


def _says_nothing(values: Sequence[object]) -> bool:
    return not values or (values[0] is None and values.count(None) == len(values))
