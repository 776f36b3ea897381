"""As-you-type search: tokens made by the program in a contentless FTS5 table, trigrams in another.

A token carries a letter for its field: `n` name character or pair of characters, `y` pinyin initials, `f` full pinyin,
`t` phone tail (last four), `i` identity. From three characters on, any substring is found by trigrams; those have
false hits (`detail=none`), so hits are rechecked on the rows that are fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from shopcrm.base import names
from shopcrm.base.progress import SILENT, Progress
from shopcrm.base.text import fold
from shopcrm.store.columns import NO_DAY, Columns, Days, Ints, numbers

RANKED_AT_MOST: Final = 5_000
_SORTED_AT_ONCE: Final = 200
_NOBODY: Final[Ints] = np.empty(0, np.int64)
_AT_ONCE: Final = 2_000  # customers indexed; the more objects there are, the longer Python looks for garbage at a time
_AHEAD: Final = 26_000  # customers made ready beside other work: what of them is kept meanwhile takes some 17 MB
_NAME_CHARACTER = re.compile(r"[^\W\d_a-z]", re.UNICODE)
_UNSAFE = re.compile(
    r"[\s\x00-\x2a\x2c\x2f\x3a-\x3f\x5b-\x5e\x60\x7b-\x7f]"
)  # where the ascii tokenizer would part a token


@dataclass(frozen=True)
class Entry:
    """What of a customer is searched: the name, and (kind, value) of the identities."""

    name: str
    identities: tuple[tuple[str, str], ...]


def tokens(entry: Entry) -> set[str]:
    """The tokens of one customer."""
    found = set(_of_name(entry.name))
    for kind, value in entry.identities:
        folded = fold(value)
        whole = _safe(folded)
        found.add("i" + whole)
        if " " in folded:
            found.update("i" + _safe(word) for word in folded.split())
        if kind == "phone":
            found.add("t" + whole[-4:])
        if not whole.isascii():  # a nick in Chinese characters is found by one and two of them, as a name is
            found.update(_of_characters(_NAME_CHARACTER.findall(whole)))
    return {token for token in found if len(token) > 1}


@lru_cache(maxsize=16_384)
def _of_name(name: str) -> tuple[str, ...]:
    """The tokens of a name: many customers share one."""
    found: set[str] = set()
    folded = fold(name).replace("*", "")
    for word in folded.split():
        characters = _NAME_CHARACTER.findall(word)
        found.update(_of_characters(characters) if characters else ("i" + _safe(word),))
    if _NAME_CHARACTER.search(folded):
        for part in _called(folded):
            spelt = names.spellings(part)
            found.update(["y" + initials for initials in spelt.initials])
            found.update(["f" + full for full in spelt.pinyin])
    return tuple(found)


def _of_characters(characters: list[str]) -> list[str]:
    return ["n" + character for character in characters] + ["n" + a + b for a, b in pairwise(characters)]


def text(entry: Entry) -> str:
    """What the trigrams are made from."""
    return "\n".join([fold(entry.name), *(fold(value) for _kind, value in entry.identities)])


def _called(name: str) -> tuple[str, ...]:
    """How somebody is called aloud: by the whole name, and by the given name alone (小满 of 林小满)."""
    given = name[2 if name[:2] in names.COMPOUND_SURNAMES else 1 :]
    return (name, given) if len(given) > 1 else (name,)


def trigrams(entry: Entry) -> set[str]:
    """The trigrams of one customer, as the engine makes them of `text`."""
    whole = text(entry)
    return {whole[i : i + 3] for i in range(len(whole) - 2)}


Row = tuple[int, str, str]  # customer, tokens, text


@dataclass(frozen=True)
class Ahead:
    """What is indexed of the customers in `touched` up to one of them, or will be in a moment."""

    up_to: int
    rows: Future[list[Row]]


@contextmanager
def ahead(connection: Connection, *, progress: Progress = SILENT) -> Iterator[Ahead]:
    """Make ready what `refresh` will write of the first customers in `touched`, while the block does other work.

    The other work is best one long statement: between short ones the threads would wait for each other.
    """
    some = f"SELECT id FROM temp.touched ORDER BY id LIMIT {_AHEAD}"
    up_to = connection.exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM ({some})").scalar_one()
    found = entries(connection, some)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="search") as pool:
        rows = pool.submit(_rows, found, progress)
        try:
            yield Ahead(up_to, rows)
        finally:
            rows.cancel()


def _rows(found: Sequence[tuple[int, Entry]], progress: Progress) -> list[Row]:
    """What is indexed of some customers; nothing once the whole was cancelled."""
    return [
        (customer, " ".join(sorted(tokens(entry))), text(entry)) for customer, entry in found if not progress.cancelled
    ]


def refresh(connection: Connection, *, progress: Progress = SILENT, ready: Ahead | None = None) -> None:
    """Index anew the customers in the temporary table `touched`; those that are gone are taken out."""
    for table in ("search_tokens", "search_trigrams"):
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE rowid IN (SELECT id FROM temp.touched)")
    last: int | None = 0
    if ready is not None:
        rows = ready.rows.result()
        for start in range(0, len(rows), _AT_ONCE):
            progress.check()
            _write(connection, rows[start : start + _AT_ONCE])
        last = ready.up_to
    slices = "SELECT max(id) FROM (SELECT id FROM temp.touched WHERE id > ? ORDER BY id LIMIT ?)"
    while True:
        progress.check()
        first, last = last, connection.exec_driver_sql(slices, (last, _AT_ONCE)).scalar()
        if last is None:
            break
        some = f"SELECT id FROM temp.touched WHERE id > {first} AND id <= {last}"
        _write(connection, _rows(entries(connection, some), SILENT))


def _write(connection: Connection, rows: Sequence[Row]) -> None:
    if rows:
        for table, column, place in (("search_tokens", "tokens", 1), ("search_trigrams", "text", 2)):
            connection.exec_driver_sql(
                f"INSERT INTO {table} (rowid, {column}) VALUES (?, ?)", [(row[0], row[place]) for row in rows]
            )


def entries(connection: Connection, customer_ids: str) -> list[tuple[int, Entry]]:
    """(id, entry) of the customers whose ids the SQL `customer_ids` selects, by id."""
    identities: dict[int, list[tuple[str, str]]] = {}
    for customer, kind, value in connection.exec_driver_sql(
        f"SELECT customer_id, kind, value FROM identities WHERE customer_id IN ({customer_ids}) ORDER BY kind, value"
    ).fetchall():
        identities.setdefault(customer, []).append((kind, value))
    return [
        (customer, Entry(name, tuple(identities.get(customer, ()))))
        for customer, name in connection.exec_driver_sql(
            f"SELECT id, name FROM customers WHERE id IN ({customer_ids}) ORDER BY id"
        ).fetchall()
    ]


def search(connection: Connection, query: str, *, columns: Columns | None = None) -> Iterator[int]:
    """Customer ids that match every word of `query`, best first.

    Who is found by tokens (how a name or an identity begins, the tail of a phone) comes before who only holds the
    words somewhere: often enough are found so that the trigrams need not be asked. Either part is ranked by value and
    recency when it is of at most 5,000, from `columns` when they are given. Trigram hits may be false: the caller
    rechecks with `matches`.
    """
    words = [asked for asked in map(_asking, _words(query)) if asked.tokens or asked.grams]
    if not words:  # a lone sign is in no index: `matches` looks for it
        return
    first = _NOBODY
    if all(word.tokens for word in words):
        by_token = " AND ".join(f"({word.tokens})" for word in words)
        first, worth = _found(connection, *_select("search_tokens", by_token), columns)
        yield from _best_first(first, worth)
    if any(word.grams for word in words):
        second, worth = _found(connection, *_anywhere(words), columns)
        had = set(first.tolist())
        yield from (one for one in _best_first(second, worth) if one not in had)


def _anywhere(words: list[_Asked]) -> tuple[str, list[str]]:
    """The SELECT of the customers who hold every word somewhere, and its arguments."""
    parts, arguments = [], []
    for word in words:
        # Of a single word, those found by tokens have been had.
        tables = (("search_tokens", word.tokens if len(words) > 1 else ""), ("search_trigrams", word.grams))
        selects = [_select(table, asked) for table, asked in tables if asked]
        parts.append(f"SELECT rowid FROM ({' UNION '.join(select for select, _bound in selects)})")
        arguments += [one for _select, bound in selects for one in bound]
    return " INTERSECT ".join(parts), arguments


def _select(table: str, asked: str) -> tuple[str, list[str]]:
    return f"SELECT rowid FROM {table} WHERE {table} MATCH ?", [asked]


def _found(
    connection: Connection, hits: str, arguments: list[str], columns: Columns | None
) -> tuple[Ints, tuple[Ints, Days] | None]:
    """The ids that the SELECT `hits` finds, and what they are worth; None when they are too many to be ranked."""
    run = connection.exec_driver_sql
    # LIMIT stops the engine early: a single letter may fit a million customers.
    joined: str | None = run(
        f"SELECT group_concat(rowid) FROM ({hits} LIMIT {RANKED_AT_MOST + 1})", tuple(arguments)
    ).scalar()
    found = numbers(joined)
    if len(found) > RANKED_AT_MOST:
        return found, None
    if columns is not None:
        return found, columns.worth(found)
    rows = f"""SELECT group_concat(h.value), group_concat(coalesce(s.net_total, 0)),
                      group_concat(coalesce(s.last_day, {NO_DAY}))
                 FROM json_each(?) h LEFT JOIN customer_statistics s ON s.customer_id = h.value"""
    ids, net_total, last_day = map(numbers, run(rows, (f"[{joined or ''}]",)).one())
    return ids, (net_total, last_day.astype(np.int32))


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


def matches(entry: Entry, query: str) -> tuple[str, str] | None:
    """Which field of a customer holds the last word of a query: (field, value); None for a false hit.

    Fields: name, pinyin, and the kinds of identity.
    """
    answer: tuple[str, str] | None = None
    for word in _words(query):
        answer = _match_word(entry, word)
        if answer is None:
            return None
    return answer


@lru_cache(maxsize=64)
def _words(query: str) -> tuple[str, ...]:
    return tuple(fold(query).split())


def _match_word(entry: Entry, word: str) -> tuple[str, str] | None:
    plain = word.replace("-", "")
    name = fold(entry.name)
    if word in name:
        return "name", entry.name
    folded = [(fold(value), kind, value) for kind, value in entry.identities]
    for seen, kind, value in folded:
        if kind == "phone" and seen.endswith(word):
            return kind, value
    for seen, kind, value in folded:
        if word in seen or (plain and plain in seen):
            return kind, value
    if not "a" <= word[0] <= "z" and word[0] not in name:  # no spelling begins so; most false hits are digits
        return None
    for part in _called(name):
        spelt = names.spellings(part)
        if any(form.startswith(word) for form in (*spelt.initials, *spelt.pinyin)):
            return "pinyin", entry.name
    return None


@dataclass(frozen=True)
class _Asked:
    """What the two tables are asked for one word; blank: nothing."""

    tokens: str
    grams: str


def _asking(word: str) -> _Asked:
    characters = _NAME_CHARACTER.findall(word)
    ours = _safe(word)
    tokens = []
    if characters and len(word) < 3:
        tokens = [f'"n{"".join(characters)}"']
    elif not characters and ours:
        tokens = [f'"{field}{ours}"*' for field in "iyf"]
        if ours.isdigit() and len(ours) == 4:
            tokens.append(f'"t{ours}"')
    grams = [gram.replace('"', '""') for gram in _telling(word)]
    return _Asked(" OR ".join(tokens), " AND ".join(f'"{gram}"' for gram in grams))


def _telling(word: str) -> list[str]:
    """The trigrams that are asked for a word.

    The engine walks through the customers of each, so of a long word only those that tell people apart: not the
    beginning, which phones and nicks share, nor the provider of an e-mail address, and of the rest some.
    """
    name = word.partition("@")[0]
    part = name if len(name) >= 3 else word
    last = len(part) - 3
    places = range(last, 0, -2 if last < 8 else -3) if last > 4 else range(last + 1)
    return list(dict.fromkeys(part[place : place + 3] for place in places))


def _safe(word: str) -> str:
    return word if word.isalnum() else _UNSAFE.sub("", word)
