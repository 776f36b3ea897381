"""Who is this (U1, C5): customers found as one types, by what they are called, their numbers, their tags."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import islice
from typing import Final

import numpy as np

from shopcrm.base import emails, names, phone, syllables
from shopcrm.base.labels import label, unlabelled
from shopcrm.base.text import clean
from shopcrm.collect.typed import Person
from shopcrm.store import search_index, search_words
from shopcrm.store.columns import NO_DAY, Columns, Ints, numbers
from shopcrm.store.search_index import BEGINS, EXACT, HOLDS, RANKED_AT_MOST, Elsewhere, Entry
from shopcrm.store.search_tables import TAIL, backwards
from shopcrm.store.search_words import Fit
from shopcrm.store.tx import Tx

_SHORTEST_ORDER: Final = 4  # #101, and so long tails
_ORDERS: Final = 100  # of one tail
_LONGEST_VALUE: Final = 64
_WECHAT: Final = ("微信", "wechat", "weixin", "wx", "vx", "v")
_PLATFORMS: Final = {
    "taobao": ("淘宝", "旺旺", "阿里旺旺", "千牛", "taobao", "wangwang"), "tmall": ("天猫", "tmall"),
    "jd": ("京东", "jd"), "pdd": ("拼多多", "pdd", "pinduoduo"), "douyin": ("抖音", "抖店", "douyin"),
    "kuaishou": ("快手", "kuaishou"), "xiaohongshu": ("小红书", "xiaohongshu", "rednote"),
}  # fmt: skip
_TAGS: Final = 6  # that one term may mean
_APART: Final = 20  # ids from one customer to the next: of those who stand closer all in between are read
_LEAST: Final = 8  # candidates rechecked at a time


@dataclass(frozen=True)
class Hit:
    """One customer who fits what was typed, and the field by which."""

    id: int
    name: str
    matched: str  # name pinyin order parcel tag, or the kind of an identity
    value: str
    phone_tail: str | None
    buyer: str | None  # the first identity, for the second line of a list
    net_total: int
    last_day: int | None
    terms: tuple[str, ...] = ()  # as they were read: what is marked in a list


def find(tx: Tx, text: str, *, limit: int = 50, columns: Columns | None = None, had: Collection[int] = ()) -> list[Hit]:
    """The customers who fit every term of `text`, best first.

    A term is a nick, phone or a piece of one, name, pinyin, initials, order or parcel, tag.

    Args:
        tx: The shop.
        text: What was typed.
        limit: How many are told at once.
        columns: Of the last commit, when they are at hand: what each customer is worth need not be read then.
        had: Who was told before: the next ones are asked for.
    """
    if limit < 1:
        return []
    finder = _Finder(tx, text, columns)
    candidates = (one for one in finder.candidates() if one not in had)
    found: list[Hit] = []
    looked, step = 0, limit
    while len(found) < limit and (some := list(islice(candidates, step))):
        found += finder.hits(some)
        looked += len(some)
        step = _LEAST + (limit - len(found)) * looked // max(1, len(found))  # if false ones stay as frequent
    return found[:limit]


def ids(tx: Tx, text: str, *, columns: Columns | None = None) -> Ints:
    """The customers who fit `text`, in no order: of more than are ranked some."""
    finder = _Finder(tx, text, columns)
    candidates = list(islice(finder.candidates(), RANKED_AT_MOST))
    return np.array([one for one, _entry, _fit in finder.fitting(candidates)], np.int64)


class _Finder:
    """One search: what is not in the index is looked up once."""

    def __init__(self, tx: Tx, text: str, columns: Columns | None) -> None:
        self._tx, self._text, self._columns = tx, text, columns
        # A letter is a name's; beside a longer term it may be a tag's.
        self._letters = any(len(way) > 1 and max(map(len, way)) > 1 for way in search_words.ways(text))
        self._known: dict[tuple[str, int], list[Elsewhere]] = {}

    def candidates(self) -> Iterator[int]:
        """Who may fit, best first."""
        return search_index.search(
            self._tx.connection, self._text, columns=self._columns, elsewhere=self._elsewhere
        )  # fmt: skip

    @cached_property
    def _tags(self) -> list[tuple[int, str]]:
        rows = self._tx.connection.exec_driver_sql("SELECT id, name FROM tags ORDER BY length(name), id")
        return [(tag, name) for tag, name in rows]

    def _elsewhere(self, term: str, rank: int) -> list[Elsewhere]:
        if (term, rank) not in self._known:
            found = list(_orders(self._tx, term, rank))
            if self._letters or len(term) > 1 or not term.isascii():
                found += _tags(self._tx, term, rank, self._tags)
            self._known[term, rank] = found
        return self._known[term, rank]

    def fitting(self, ids: Sequence[int]) -> Iterator[tuple[int, Entry, Fit]]:
        """Those who do, in their order."""
        some = (f"[{','.join(map(str, ids))}]",)
        entries = dict(search_index.entries(self._tx.connection, "SELECT value FROM json_each(?)", some))
        told: dict[str, dict[int, tuple[str, str]]] = {}

        def otherwise(customer: int, term: str) -> tuple[str, str] | None:
            if term not in told:
                told[term] = self._told(term, ids)
            return told[term].get(customer)

        for one in ids:
            entry = entries[one]
            fit = search_words.fit(entry.name, entry.identities, self._text, otherwise=partial(otherwise, one))
            if fit is not None:
                yield one, entry, fit

    def _told(self, term: str, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Who of some fits a term by what is not in the index: by which field, and what stands in it."""
        some, found = np.array(ids, np.int64), dict[int, tuple[str, str]]()
        for each in (each for rank in (EXACT, BEGINS, HOLDS) for each in self._known.get((term, rank), ())):
            for customer, value in each.values_of(some).items():
                found.setdefault(customer, (each.field, value))
        return found

    def hits(self, ids: Sequence[int]) -> Iterator[Hit]:
        """The rows of those who fit."""
        found = list(self.fitting(ids))
        worth = _worth(self._tx, [one for one, _entry, _fit in found], self._columns)
        for one, entry, fit in found:
            net_total, last_day = worth.get(one, (0, None))
            yield Hit(
                id=one,
                name=entry.name,
                matched=fit.field,
                value=fit.value,
                phone_tail=next((value[-4:] for kind, value in entry.identities if kind == "phone"), None),
                buyer=next((value for kind, value in entry.identities if kind != "phone"), None),
                net_total=net_total,
                last_day=last_day,
                terms=fit.terms,
            )


def _orders(tx: Tx, term: str, rank: int) -> Iterator[Elsewhere]:
    """Whose order or parcel has that number (`#1001` also without its sign), or one that ends so."""
    if len(term) < _SHORTEST_ORDER or not term.isascii() or not any(map(str.isdigit, term)):
        return
    if rank != EXACT and (rank == BEGINS) != (len(term) >= TAIL):
        return
    typed = term.upper()
    signed = f"#{typed}"
    asked = []
    for field, column in (("order", "number"), ("parcel", "tracking_number")):
        key, value = backwards(column), f"upper({column})"
        if rank == EXACT:
            where = f"{key} IN (:tail, :signed_tail) AND {value} IN (:term, :signed)"
        elif len(term) >= TAIL:
            where = f"{key} = :tail AND substr({value}, -length(:term)) = :term"
        else:
            where = f"{key} >= :tail AND {key} < :tail || char(1114111)"
        asked.append(
            f"""SELECT * FROM (SELECT '{field}', customer_id, {column} FROM orders
                 WHERE {column} IS NOT NULL AND {where} AND customer_id IS NOT NULL LIMIT {_ORDERS})"""
        )
    rows = tx.connection.exec_driver_sql(
        " UNION ALL ".join(asked),
        {"term": typed, "signed": signed, "tail": typed[: -TAIL - 1 : -1], "signed_tail": signed[: -TAIL - 1 : -1]},
    ).fetchall()
    for field in ("order", "parcel"):
        found = [(customer, number) for kind, customer, number in rows if kind == field]
        if found:
            yield Elsewhere(field, np.array([one for one, _ in found], np.int64), tuple(number for _, number in found))


def _tags(tx: Tx, term: str, rank: int, known: Sequence[tuple[int, str]]) -> Iterator[Elsewhere]:
    """Who wears a tag that is called so, begins so, holds it or sounds so."""
    if rank == EXACT:
        return
    for tag, name in [(tag, name) for tag, name in known if _rank(term, name) == rank][:_TAGS]:
        ids = _wearers(tx, "tag_id = ? ORDER BY customer_id DESC LIMIT ?", (tag, RANKED_AT_MOST + 1))
        yield Elsewhere("tag", ids, (name,), _Wearers(tx, tag) if len(ids) > RANKED_AT_MOST else None)


@dataclass(frozen=True)
class _Wearers:
    """Who wears a tag that very many wear."""

    tx: Tx
    tag: int

    def newest(self, limit: int, before: int | None) -> Ints:
        older = "" if before is None else f" AND customer_id < {before}"
        return _wearers(self.tx, f"tag_id = ?{older} ORDER BY customer_id DESC LIMIT ?", (self.tag, limit))

    def among(self, customers: Ints) -> Ints:
        if not len(customers):
            return customers
        first, last = int(customers.min()), int(customers.max())
        if last - first > _APART * len(customers):
            listed = f"[{','.join(map(str, customers.tolist()))}]"
            return _wearers(
                self.tx, "tag_id = ? AND customer_id IN (SELECT value FROM json_each(?))", (self.tag, listed)
            )
        worn = _wearers(self.tx, "tag_id = ? AND customer_id BETWEEN ? AND ?", (self.tag, first, last))
        return np.intersect1d(worn, customers)


def _wearers(tx: Tx, where: str, arguments: tuple[object, ...]) -> Ints:
    joined = tx.connection.exec_driver_sql(
        f"SELECT group_concat(customer_id) FROM (SELECT customer_id FROM customer_tags WHERE {where})", arguments
    ).scalar()
    return numbers(joined)


@lru_cache(maxsize=4_096)
def _rank(term: str, tag: str) -> int | None:
    name = search_words.plain(tag)
    if name.startswith(term) or name.replace(" ", "").startswith(term):
        return BEGINS
    if term in name or (term.isascii() and syllables.heard(term, names.readings(name)) is not None):
        return HOLDS
    return None


def marks(shown: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    """Which parts of a text are what was typed: where each begins and ends, in order."""
    letters = [(letter, at) for at, sign in enumerate(shown) for letter in search_words.safe(search_words.plain(sign))]
    joined = "".join(letter for letter, _at in letters)
    found: list[tuple[int, int]] = []
    for term in terms:
        ours = search_words.safe(term)
        # A number is remembered by its end.
        at = joined.rfind(ours) if ours.isdigit() else joined.find(ours)
        part = (at, at + len(ours)) if ours and at >= 0 else search_words.sounding(joined, ours)
        if part is not None and part[1] <= len(letters):
            begin, end = letters[part[0]][1], letters[part[1] - 1][1] + 1
            if not any(begin < other_end and other < end for other, other_end in found):
                found.append((begin, end))
    return sorted(found)


def newcomer(text: str) -> Person | None:
    """Who is new when nobody fits: what was typed, as what it seems to be; None for what says too little."""
    said = label(text)
    value = " ".join(clean(unlabelled(text)[0]).split())[:_LONGEST_VALUE]
    plain = search_words.safe(search_words.plain(value))
    if len(value) < 2 or len(plain) < 2:
        return None
    number = phone.normalise(value)
    if number is not None:
        return Person(phone=value)
    if emails.normalise(value) is not None:
        return Person(email=value)
    if said.startswith(_WECHAT) or plain.startswith("wxid_"):
        return Person(wechat=value)
    platform = next((key for key, words in _PLATFORMS.items() if said.startswith(words)), None)
    if platform is None and plain.isdigit():
        return None  # a piece of a phone, or the number of an order that is not here
    is_name = " " in value or (len(value) <= 4 and all(map(names.is_han, value)))
    if platform is None and is_name:
        return Person(name=value)
    return Person(account=value, platform=platform or Person.platform)


def _worth(tx: Tx, ids: list[int], columns: Columns | None) -> dict[int, tuple[int, int | None]]:
    """By customer the net total and the last day."""
    if columns is None:
        rows = tx.connection.exec_driver_sql(
            "SELECT customer_id, net_total, last_day FROM customer_statistics"
            f" WHERE customer_id IN ({','.join(map(str, ids))})"
        )
        return {customer: (net_total, last_day) for customer, net_total, last_day in rows}
    net_total, last_day = columns.worth(np.array(ids, np.int64))
    days = (None if day == NO_DAY else day for day in last_day.tolist())
    return dict(zip(ids, zip(net_total.tolist(), days, strict=True), strict=True))
