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
from typing import Final

from sqlalchemy import Connection

from shopcrm.base import names
from shopcrm.base.progress import SILENT, Progress
from shopcrm.base.text import fold

RANKED_AT_MOST: Final = 5_000
_AT_ONCE: Final = 2_000  # customers indexed; the more objects there are, the longer Python looks for garbage at a time
_AHEAD: Final = 15_000  # customers made ready beside other work: what of them is kept meanwhile takes some 10 MB
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
    ):
        identities.setdefault(customer, []).append((kind, value))
    return [
        (customer, Entry(name, tuple(identities.get(customer, ()))))
        for customer, name in connection.exec_driver_sql(
            f"SELECT id, name FROM customers WHERE id IN ({customer_ids}) ORDER BY id"
        )
    ]


def search(connection: Connection, query: str, *, limit: int) -> list[int]:
    """Customer ids that match every word of `query`, best first: by value and recency up to 5,000 hits.

    Trigram hits may be false: the caller rechecks with `matches`.
    """
    selects, arguments = [], []
    for word in fold(query).split():
        select, bound = _asking(word)
        if select:  # a lone sign is in no index: `matches` looks for it
            selects.append(select)
            arguments += bound
    if not selects:
        return []
    hits = " INTERSECT ".join(selects)
    run = connection.exec_driver_sql
    # LIMIT stops the engine early: a single letter may fit a million customers.
    found = run(f"SELECT count(*) FROM ({hits} LIMIT {RANKED_AT_MOST + 1})", tuple(arguments)).scalar_one()
    best = f"{hits} LIMIT ?"
    if found <= RANKED_AT_MOST:
        best = f"""SELECT s.customer_id FROM ({hits}) h CROSS JOIN customer_statistics s ON s.customer_id = h.rowid
                    ORDER BY s.net_total DESC, s.last_day DESC, s.customer_id LIMIT ?"""
    return list(run(best, (*arguments, limit)).scalars())


def matches(entry: Entry, query: str) -> tuple[str, str] | None:
    """Which field of a customer holds the last word of a query: (field, value); None for a false hit.

    Fields: name, pinyin, and the kinds of identity.
    """
    answer: tuple[str, str] | None = None
    for word in fold(query).split():
        answer = _match_word(entry, word)
        if answer is None:
            return None
    return answer


def _match_word(entry: Entry, word: str) -> tuple[str, str] | None:
    plain = word.replace("-", "")
    if word in fold(entry.name):
        return "name", entry.name
    tails = [(kind, value) for kind, value in entry.identities if kind == "phone" and fold(value).endswith(word)]
    if tails:
        return tails[0]
    for kind, value in entry.identities:
        if word in fold(value) or (plain and plain in fold(value)):
            return kind, value
    for part in _called(fold(entry.name)):
        if any(form.startswith(word) for form in (*names.initials(part), *names.pinyin(part))):
            return "pinyin", entry.name
    return None


def _asking(word: str) -> tuple[str, list[str]]:
    """The SELECT of the customers that fit one word, and its arguments."""
    characters = _NAME_CHARACTER.findall(word)
    ours = _safe(word)
    asked = []
    if characters and len(word) < 3:
        asked = [f'"n{"".join(characters)}"']
    elif not characters and ours:
        asked = [f'"{field}{ours}"*' for field in "iyf"]
        if ours.isdigit() and len(ours) == 4:
            asked.append(f'"t{ours}"')
    selects, arguments = [], []
    if asked:
        selects.append("SELECT rowid FROM search_tokens WHERE search_tokens MATCH ?")
        arguments.append(" OR ".join(asked))
    if len(word) >= 3:
        grams = dict.fromkeys(word[i : i + 3].replace('"', '""') for i in range(len(word) - 2))
        selects.append("SELECT rowid FROM search_trigrams WHERE search_trigrams MATCH ?")
        arguments.append(" AND ".join(f'"{gram}"' for gram in grams))
    return (f"SELECT rowid FROM ({' UNION '.join(selects)})" if selects else "", arguments)


def _safe(word: str) -> str:
    return word if word.isalnum() else _UNSAFE.sub("", word)
