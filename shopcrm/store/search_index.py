"""As-you-type search: tokens made by the program in a contentless FTS5 table.

A token carries a letter for its field: `w` the whole of a name, a word of it or an identity, `b` how one begins, `n` a
character of a name or a pair of them, `y` how the initials of its pinyin begin, `f` how its full pinyin does, `t` a
phone from its last digit to its first and how that begins (the tail of four), `x` a piece out of the middle: three
signs or four digits. So what is asked is one walk through sorted lists, and each beginning has a list of its own:
without that the engine would put together those of every token that begins so, a million for the first digit of a
phone. Longer pieces are put together from short ones, which has false hits, so hits are rechecked on the rows that are
fetched.
"""

from __future__ import annotations

import sys
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import starmap
from typing import Any, Final, Protocol

import msgspec
import numpy as np
from sqlalchemy import Connection

from shopcrm.base import names
from shopcrm.base.progress import SILENT, Progress
from shopcrm.store import search_words
from shopcrm.store.columns import NO_DAY, Columns, Days, Ints, numbers
from shopcrm.store.search_words import BEGUN, SPELT, TAIL, characters, grams, of_characters, plain, safe

RANKED_AT_MOST: Final = 5_000
_SORTED_AT_ONCE: Final = 200
_NOBODY: Final[Ints] = np.empty(0, np.int64)
_AT_ONCE: Final = 2_000  # customers indexed; the more objects there are, the longer Python looks for garbage at a time
_AHEAD: Final = 250_000  # customers made ready beside other work: what of them is kept meanwhile takes some 35 MB
_TURN_S: Final = 0.000_5  # for which a thread works in Python before it lets another one, which came back from SQL
_REBUILT: Final = 100_000  # customers indexed, after which the lists are put in order
_LOOKED_AT_FIRST: Final = 2_000  # who fit the terms beside a tag or the number of an order
_LOOKED_THROUGH: Final = 20_000  # and then at a time
_FEW: Final = 200  # who have an order of that number, or the tag


@dataclass(frozen=True)
class Entry:
    """What of a customer is searched: the name, and (kind, value) of the identities."""

    name: str
    identities: tuple[tuple[str, str], ...]


def tokens(entry: Entry) -> set[str]:
    """The tokens of one customer."""
    return set(" ".join((_of_name(entry.name), *starmap(_of_identity, entry.identities))).split())


def _of_identity(kind: str, value: str) -> str:
    return _of_phone(value) if kind == "phone" else " ".join(_of_text(plain(value)))


@lru_cache(maxsize=8_192)
def _of_name(name: str) -> str:
    """The tokens of a name: many customers share one."""
    folded = plain(name).replace("*", "")
    found = _of_text(folded)
    if characters(folded):
        found += map(_of_sound, names.heard_as(folded))
    return " ".join(found)


@lru_cache(maxsize=8_192)
def _of_sound(name: str) -> str:
    """The tokens of how a name sounds: a given name is many people's."""
    initials, spelt = names.spellings(name)
    found = {"y" + each[:length] for each in initials for length in range(1, min(len(each), SPELT) + 1)}
    found.update(["f" + each[:length] for each in spelt for length in range(2, min(len(each), BEGUN) + 1)])
    found.update(["f" + each for each in spelt])
    return " ".join(found)


def _of_text(folded: str) -> list[str]:
    """The tokens of a name or an identity as it is written."""
    whole = safe(folded)
    found = grams(whole)
    for word in {whole, *map(safe, folded.split())} if " " in folded else (whole,):
        # A nick in Chinese characters is found by one and two of them, as a name is.
        of_name = characters(word)
        found += of_characters(of_name)
        if len(of_name) < len(word):
            found += ["w" + word, *_beginnings(word)]
    if whole:
        found.append("w" + whole)
    return found


def _of_phone(value: str) -> str:
    """The tokens of a phone: its digits, without the extension of an office."""
    digits = value.partition("x")[0].lstrip("+")
    if not digits:
        return ""
    back = digits[::-1]
    return " ".join(["w" + digits, "t" + back[:TAIL], "t" + back, *_beginnings(digits), *grams(digits)])


def _beginnings(word: str) -> list[str]:
    return ["b" + word[:length] for length in range(1, min(len(word), BEGUN) + 1)]


_Held = tuple[int, str, str]  # customer, kind and value of an identity
_HELD: Final = """SELECT json_group_array(json_array(i.customer_id, i.kind, i.value))
    FROM temp.ready r CROSS JOIN identities i ON i.customer_id = r.id WHERE r.id BETWEEN ? AND ?"""
_Named = tuple[int, str]
_NAMED: Final = """SELECT json_group_array(json_array(c.id, c.name))
    FROM temp.ready r CROSS JOIN customers c ON c.id = r.id WHERE r.id BETWEEN ? AND ?"""


class Ahead:
    """What is indexed of the customers in the temporary table `ready`, made by a thread of its own, and kept small."""

    def __init__(self, pool: Executor, connection: Connection, progress: Progress) -> None:
        self._pool = pool
        self._progress = progress
        self._turns = tuple(_turns(connection))
        self._slices = deque(
            pool.submit(_of_identities, _told(connection, _HELD, turn), progress=progress) for turn in self._turns
        )

    def name(self, connection: Connection) -> None:
        """Go on with how they are called, which stands now."""
        self._slices = deque(
            self._pool.submit(_with_names, held, _told(connection, _NAMED, turn), progress=self._progress)
            for held, turn in zip(self._slices, self._turns, strict=True)
        )

    def slices(self) -> Iterator[dict[int, str]]:
        """By customer what is indexed, of some at a time; waited for."""
        while self._slices:
            yield _unpacked(self._slices.popleft().result())

    def cancel(self) -> None:
        """Make no more of it."""
        for future in self._slices:
            future.cancel()


@contextmanager
def ahead(
    connection: Connection, customers: str, arguments: tuple[object, ...] = (), *, progress: Progress = SILENT
) -> Iterator[Ahead]:
    """Make ready what `refresh` will write of some customers, while the block does other work.

    The other work is best few long statements: with short ones, and with rows that are fetched one by one, the threads
    wait for each other.

    Args:
        connection: A writing transaction.
        customers: SQL that selects those whose identities stand already; `Ahead.name` says when their names do too.
        arguments: Of the SQL.
        progress: Stops it.
    """
    run = connection.exec_driver_sql
    run("CREATE TEMP TABLE ready (id INTEGER PRIMARY KEY)")
    run(f"INSERT INTO temp.ready SELECT DISTINCT * FROM ({customers}) ORDER BY 1 LIMIT {_AHEAD}", arguments)
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_S)
    try:
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="search") as pool:
            ready = Ahead(pool, connection, progress)
            try:
                yield ready
            finally:
                ready.cancel()
    finally:
        sys.setswitchinterval(usual)
    run("DROP TABLE temp.ready")


def _turns(connection: Connection) -> Iterator[tuple[int, int]]:
    """The first and the last id of so many customers in `ready` at a time."""
    last = 0
    while True:
        first, last = connection.exec_driver_sql(
            "SELECT min(id), max(id) FROM (SELECT id FROM temp.ready WHERE id > ? ORDER BY id LIMIT ?)",
            (last, _AT_ONCE),
        ).one()
        if last is None:
            return
        yield first, last


def _told(connection: Connection, asked: str, turn: tuple[int, int]) -> str:
    """Rows as one text: while another thread works, each row that is fetched by itself waits for its turn."""
    return str(connection.exec_driver_sql(asked, turn).scalar_one())


def _of_identities(told: str, *, progress: Progress) -> bytes:
    """By customer the tokens of the identities; not of all once the whole was cancelled."""
    found: dict[int, str] = {}
    for customer, kind, value in msgspec.json.decode(told, type=list[_Held]):
        if progress.cancelled:
            break
        tokens = _of_identity(kind, value)
        found[customer] = f"{found[customer]} {tokens}" if customer in found else tokens
    return _packed(found)


def _with_names(identities: Future[bytes], told: str, *, progress: Progress) -> bytes:
    held = _unpacked(identities.result())
    return _packed(
        {
            customer: f"{_of_name(name)} {held.get(customer, '')}"
            for customer, name in msgspec.json.decode(told, type=list[_Named])
            if not progress.cancelled
        }
    )


def _packed(tokens_of: dict[int, str]) -> bytes:
    return zlib.compress(msgspec.json.encode(tokens_of), level=1)


def _unpacked(packed: bytes) -> dict[int, str]:
    return msgspec.json.decode(zlib.decompress(packed), type=dict[int, str])


def refresh(connection: Connection, *, progress: Progress = SILENT, ready: Ahead | None = None) -> None:
    """Index anew the customers in the temporary table `touched`; those that are gone are taken out.

    `ready`: what was made of some of them.
    """
    run = connection.exec_driver_sql
    run("DELETE FROM search_tokens WHERE rowid IN (SELECT id FROM temp.touched)")
    total, done = run("SELECT count(*) FROM temp.touched").scalar_one(), 0
    if ready is not None:
        for tokens_of in ready.slices():
            progress.check()
            _write(connection, tokens_of)
            done += len(tokens_of)
    others = "SELECT id FROM temp.touched WHERE id > {0}"
    if ready is not None:
        others += " AND id NOT IN (SELECT id FROM temp.ready)"
    last: int | None = 0
    while True:
        progress.check()
        some = others.format(last)
        last = run(f"SELECT max(id) FROM ({some} ORDER BY id LIMIT {_AT_ONCE})").scalar()
        if last is None:
            break
        found = entries(connection, f"{some} AND id <= {last}")
        _write(connection, {customer: " ".join(tokens(entry)) for customer, entry in found})
        done += len(found)
        if total >= _REBUILT:
            progress.report("indexing", done=done, total=total)
    if total >= _REBUILT:  # a list in one piece is walked through in two thirds of the time
        run("INSERT INTO search_tokens (search_tokens) VALUES ('optimize')")


def _write(connection: Connection, tokens_of: Mapping[int, str]) -> None:
    """Write by customer what is indexed: in one statement, in which other threads get their turn."""
    connection.exec_driver_sql(
        "INSERT INTO search_tokens (rowid, tokens) SELECT CAST(key AS INTEGER), value FROM json_each(?)",
        (msgspec.json.encode(tokens_of).decode(),),
    )


def entries(connection: Connection, customer_ids: str, arguments: tuple[object, ...] = ()) -> list[tuple[int, Entry]]:
    """(id, entry) of the customers whose ids the SQL `customer_ids` selects, by id."""
    identities: dict[int, list[tuple[str, str]]] = {}
    for customer, kind, value in connection.exec_driver_sql(
        f"SELECT customer_id, kind, value FROM identities WHERE customer_id IN ({customer_ids}) ORDER BY kind, value",
        arguments,
    ).fetchall():
        identities.setdefault(customer, []).append((kind, value))
    return [
        (customer, Entry(name, tuple(identities.get(customer, ()))))
        for customer, name in connection.exec_driver_sql(
            f"SELECT id, name FROM customers WHERE id IN ({customer_ids}) ORDER BY id", arguments
        ).fetchall()
    ]


class Many(Protocol):
    """Customers who are too many to be read at a key."""

    def newest(self, limit: int, before: int | None) -> Ints:
        """The newest of them, or of those before one of them."""

    def among(self, customers: Ints) -> Ints:
        """Who of some customers is one of them."""


@dataclass(frozen=True)
class Elsewhere:
    """Who fits a term by what is not in the index: the number of an order, a tag."""

    field: str
    ids: Ints  # the newest of very many
    values: tuple[str, ...]  # what of each of them it is; one value for all
    many: Many | None = None  # all of them, where `ids` are not

    @cached_property
    def _told(self) -> dict[int, str]:
        values = self.values if len(self.values) > 1 else self.values * len(self.ids)
        return dict(zip(self.ids.tolist()[::-1], values[::-1], strict=True))

    def values_of(self, customers: Ints) -> dict[int, str]:
        """By customer what of theirs it is; who does not fit by it is not there."""
        if self.many is not None:
            return dict.fromkeys(self.many.among(customers).tolist(), self.values[0])
        return {one: self._told[one] for one in customers.tolist() if one in self._told}

    def among(self, customers: Ints) -> Ints:
        """Who of some customers fits by it."""
        return np.intersect1d(self.ids, customers) if self.many is None else self.many.among(customers)

    def and_by(self, other: Elsewhere) -> Ints:
        """Who fits by both."""
        if self.many is None:
            return other.among(self.ids)
        if other.many is None:
            return self.among(other.ids)
        return _joined(list(_crossed(self.many.newest, [other])))


EXACT: Final = 0
BEGINS: Final = 1
HOLDS: Final = 2
_RANKS: Final = (EXACT, BEGINS, HOLDS)


def search(
    connection: Connection,
    query: str,
    *,
    columns: Columns | None = None,
    elsewhere: Callable[[str, int], Sequence[Elsewhere]] | None = None,
) -> Iterator[int]:
    """Customer ids that match every term of `query`, best first.

    Who is called exactly so (a name, an identity) comes before whose name or identity begins so or whose phone ends
    so, and these before who only holds the terms somewhere: often enough are found so that the others need not be
    asked. Each part is ranked by value and recency when it is of at most 5,000, from `columns` when they are given;
    of more the newest customers come first. Hits may be false: the caller rechecks with `search_words.matches`.

    `elsewhere`: by term and rank who fits it by something else; asked for when those before are not enough.
    """
    ways = search_words.ways(query)
    had: set[int] = set()
    for rank in _RANKS:
        asked = " OR ".join(f"({each})" for each in dict.fromkeys(map(_QUESTIONS[rank], ways)) if each)
        found = _asked(connection, asked, RANKED_AT_MOST + 1)
        if elsewhere is not None:
            others = [each for way in ways if len(each := _elsewhere(connection, way, elsewhere, rank))]
            found = _joined([found, *others])[::-1] if others else found
        if not len(found):
            continue
        for one in _best_first(found, _worth(connection, found, columns)):
            if one not in had:
                had.add(one)
                yield one


def _begins(way: tuple[str, ...]) -> str:
    return _all([search_words.asking(word).begins for word in way])


def _holds(way: tuple[str, ...]) -> str:
    asked = [search_words.asking(word) for word in way]
    if len(asked) == 1:
        return asked[0].otherwise
    # Often nobody holds one of them, and then the engine need not walk through who begins so with the others.
    ways = [
        _all([each.otherwise, *[other.either for other in asked if other is not each]])
        for each in asked
        if each.otherwise
    ]
    return " OR ".join(f"({one})" for one in ways)


def _all(parts: Sequence[str]) -> str:
    return " AND ".join(f"({part})" for part in parts if part)


_QUESTIONS: Final = (search_words.exactly, _begins, _holds)


def _elsewhere(
    connection: Connection, way: tuple[str, ...], elsewhere: Callable[[str, int], Sequence[Elsewhere]], rank: int
) -> Ints:
    """Who fits a way with at least one of its terms elsewhere, and is of that rank."""
    if len(way) == 1:
        return _joined([each.ids for each in elsewhere(way[0], rank)])
    if rank != BEGINS:  # of several terms none is told from the others by more than that
        return _NOBODY
    found = []
    for place, word in enumerate(way):
        by_word = [each for rank in _RANKS for each in elsewhere(word, rank)]
        if by_word:
            rest = way[:place] + way[place + 1 :]
            if len(rest) > 1:
                others = _elsewhere(connection, rest, elsewhere, BEGINS)
                found += [each.among(others) for each in by_word if len(others)]
            elif place == 0:
                by_rest = [each for rank in _RANKS for each in elsewhere(rest[0], rank)]
                found += [each.and_by(other) for each in by_word for other in by_rest]
            asked = _all([search_words.asking(one).either for one in rest])
            found += _crossed(partial(_asked, connection, asked), by_word)
    return _joined(found)


def _crossed(newest: Callable[[int, int | None], Ints], by_word: Sequence[Elsewhere]) -> Iterator[Ints]:
    """Who of some customers fits a term elsewhere: the newest, until they are more than are ranked."""
    few = sum(len(each.ids) for each in by_word if each.many is None) <= _FEW
    before: int | None = None
    count, limit = 0, _LOOKED_AT_FIRST
    while count <= RANKED_AT_MOST:
        some = newest(limit, before)
        if len(some):
            found = _joined([each.among(some) for each in by_word])
            count += len(found)
            yield found
        if len(some) < limit:
            break
        if few:  # whether they fit the others too is seen on their rows
            yield _joined([each.ids for each in by_word if each.many is None])
            by_word = [each for each in by_word if each.many is not None]
            if not by_word:
                break
            few = False
        before, limit = int(some[-1]), _LOOKED_THROUGH


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.unique(np.concatenate(parts)) if parts else _NOBODY


def _asked(connection: Connection, asked: str, limit: int, before: int | None = None) -> Ints:
    """The newest of the customers whom the index has for a question, or of those before one of them."""
    if not asked:
        return _NOBODY
    older = "" if before is None else f" AND rowid < {before}"
    # LIMIT stops the engine early: a single letter may fit a million customers.
    hits = f"SELECT rowid FROM search_tokens WHERE search_tokens MATCH ?{older} ORDER BY rowid DESC LIMIT ?"
    joined: str | None = connection.exec_driver_sql(
        f"SELECT group_concat(rowid) FROM ({hits})", (asked, limit)
    ).scalar()
    return numbers(joined)


def _worth(connection: Connection, ids: Ints, columns: Columns | None) -> tuple[Ints, Days] | None:
    """What customers are worth, and their last day; None when they are too many to be ranked."""
    if len(ids) > RANKED_AT_MOST:
        return None
    if columns is not None:
        return columns.worth(ids)
    rows = f"""SELECT group_concat(coalesce(s.net_total, 0)), group_concat(coalesce(s.last_day, {NO_DAY}))
                 FROM (SELECT value FROM json_each(?) ORDER BY key) h
                 LEFT JOIN customer_statistics s ON s.customer_id = h.value"""
    listed = f"[{','.join(map(str, ids.tolist()))}]"
    net_total, last_day = map(numbers, connection.exec_driver_sql(rows, (listed,)).one())
    return net_total, last_day.astype(np.int32)


def _best_first(ids: Ints, worth: tuple[Ints, Days] | None) -> Iterator[int]:
    if worth is None:
        yield from ids.tolist()
        return
    net_total, last_day = worth
    parts: tuple[Any, ...] = (slice(None),)
    if len(ids) > _SORTED_AT_ONCE:  # the best of them alone are sorted first: seldom is anybody asked for the rest
        best = net_total >= np.partition(net_total, -_SORTED_AT_ONCE)[-_SORTED_AT_ONCE]
        parts = (best, ~best)
    for part in parts:
        some = ids[part]
        yield from some[np.lexsort((some, -last_day[part], -net_total[part]))].tolist()
