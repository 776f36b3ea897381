"""Who may be one person (C4): pairs of customers with the evidence, the strongest first. Nothing is merged here.

Every order, address and identity is read once and told by a fingerprint; only what two to five customers share is
looked at again. A value that more than five customers share (a forwarding warehouse, a made-up phone, a placeholder
e-mail) says nothing about anybody and is listed apart: a household and its office are at most that many.

Strength is the sum of what each evidence is worth; two accounts on one platform weigh against it, for people do have
two, and marketplaces tell them apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import CursorResult

from shopcrm.base.progress import SILENT, Progress
from shopcrm.base.text import fold, is_masked
from shopcrm.store.tx import Tx

MOST_HOLDERS: Final = 5  # customers; what more of them share is nobody's
SUGGESTED_AT_MOST: Final = 1_000
SHARED_AT_MOST: Final = 200
WORTH: Final = {"address": 60, "phone": 55, "email": 50, "masked_phone": 40, "nick": 25}
TWO_ACCOUNTS: Final = -15
_LEAST: Final = 20
_SHORTEST_ADDRESS: Final = 6  # letters and digits
_NICK_LETTERS: Final = 4
_NICK_LETTERS_IN_A_CITY: Final = 8
_AT_ONCE: Final = 20_000  # rows between two looks at the progress
_VISIBLE: Final = re.compile(r"(?:\+?86)?(1[3-9][0-9])[0-9*＊]{4}([0-9]{4})")
_NOT_LETTERS: Final = re.compile(r"[\W\d_]+")
_NOT_WRITTEN: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Evidence:
    """One thing that two customers share: `address phone email masked_phone nick`, or `two_accounts` against it."""

    kind: str
    value: str
    other: str = ""  # how the second one writes it, where that differs; of two accounts the platform


@dataclass(frozen=True)
class Suggestion:
    """Two customers who may be one; the first is the older row."""

    first: int
    second: int
    strength: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Shared:
    """A value that so many customers share that it is taken as none."""

    kind: str
    value: str
    customers: int


@dataclass(frozen=True)
class Found:
    """What a look through the shop found."""

    suggestions: tuple[Suggestion, ...]
    shared: tuple[Shared, ...]
    total: int  # pairs, also those that are left out


Pairs = dict[tuple[int, int], dict[str, Evidence]]
Key = tuple[str, ...]


class _Prints:
    """Fingerprints of what customers share, in few bytes: who shares one is found by sorting."""

    def __init__(self) -> None:
        self._parts: list[NDArray[np.int64]] = []

    def add(self, lines: list[tuple[int, int, int]]) -> None:
        """(fingerprint, customer, row)."""
        if lines:
            self._parts.append(np.array(lines, np.int64))

    def shared(self) -> tuple[set[int], dict[int, tuple[int, int]]]:
        """The fingerprints that a few share; those that too many share, with their number and one row of them."""
        if not self._parts:
            return set(), {}
        lines = np.concatenate(self._parts)
        lines = lines[np.lexsort((lines[:, 1], lines[:, 0]))]
        self._parts = [lines]
        starts = np.flatnonzero(np.r_[True, lines[1:, 0] != lines[:-1, 0]])
        new = np.r_[True, (lines[1:, :2] != lines[:-1, :2]).any(axis=1)]
        holders = np.add.reduceat(new.astype(np.int64), starts)
        few = set(lines[starts[(holders > 1) & (holders <= MOST_HOLDERS)], 0].tolist())
        many = np.flatnonzero(holders > MOST_HOLDERS)
        many = many[np.argsort(-holders[many], kind="stable")[:SHARED_AT_MOST]]
        return few, {int(lines[starts[one], 0]): (int(holders[one]), int(lines[starts[one], 2])) for one in many}

    def rows(self, prints: Collection[int]) -> set[int]:
        """The rows that bear one of these fingerprints."""
        if not self._parts:
            return set()
        (lines,) = self._parts
        return set(lines[np.isin(lines[:, 0], np.fromiter(prints, np.int64, len(prints))), 2].tolist())


def find(tx: Tx, *, progress: Progress = SILENT) -> Found:
    """Look through the whole shop."""
    pairs: Pairs = defaultdict(dict)
    shared: list[Shared] = []
    _by_identity(tx, pairs, shared)
    _by_delivery(tx, pairs, shared, progress)
    _by_nick(tx, pairs, progress)
    distinct = _distinct(tx)
    ranked = sorted((-_worth(evidence), *pair) for pair, evidence in pairs.items() if pair not in distinct)
    chosen = [(first, second) for _worth_, first, second in ranked[: 2 * SUGGESTED_AT_MOST]]
    told = [one for one in _told(tx, {pair: pairs[pair] for pair in chosen}) if one.strength >= _LEAST]
    told.sort(key=lambda one: (-one.strength, one.first, one.second))
    shared.sort(key=lambda one: (-one.customers, one.kind, one.value))
    total = len(told) if len(ranked) == len(chosen) else len(ranked)
    return Found(tuple(told[:SUGGESTED_AT_MOST]), tuple(shared[:SHARED_AT_MOST]), total)


def _worth(evidence: Mapping[str, Evidence]) -> int:
    return sum(WORTH[kind] for kind in evidence)


def _distinct(tx: Tx) -> set[tuple[int, int]]:
    rows = tx.connection.exec_driver_sql("SELECT first_id, second_id FROM distinct_customers")
    return {(first, second) for first, second in rows}


def _told(tx: Tx, pairs: Pairs) -> Iterator[Suggestion]:
    """The suggestions, with what speaks against them."""
    platforms: dict[int, set[str]] = defaultdict(set)
    for listed in _listed({one for pair in pairs for one in pair}):
        for customer, platform in tx.connection.exec_driver_sql(
            f"SELECT customer_id, platform FROM identities WHERE customer_id IN ({listed}) AND +kind = 'buyer_id'"
        ):
            platforms[customer].add(platform)
    for (first, second), found in pairs.items():
        evidence = sorted(found.values(), key=lambda one: -WORTH[one.kind])
        both = sorted(platforms[first] & platforms[second])
        against = [Evidence("two_accounts", platform) for platform in both[:1]]
        yield Suggestion(first, second, _worth(found) + TWO_ACCOUNTS * len(against), (*evidence, *against))


def _listed(ids: Collection[int]) -> Iterator[str]:
    """Ids as SQL takes them, so many at a time."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ",".join(map(str, ordered[start : start + _AT_ONCE]))


def standing(tx: Tx, found: Found) -> Found:
    """What is left of it: both are still there, and nobody has said that they are two."""
    run = tx.connection.exec_driver_sql
    there: set[int] = set()
    for listed in _listed({one for pair in found.suggestions for one in (pair.first, pair.second)}):
        there |= {one for (one,) in run(f"SELECT id FROM customers WHERE id IN ({listed})")}
    distinct = _distinct(tx)
    left = tuple(
        one
        for one in found.suggestions
        if one.first in there and one.second in there and (one.first, one.second) not in distinct
    )
    return replace(found, suggestions=left, total=found.total - len(found.suggestions) + len(left))


def _put(pairs: Pairs, holders: Iterable[int], evidence: Evidence) -> None:
    for first, second in combinations(sorted(holders), 2):
        pairs[first, second].setdefault(evidence.kind, evidence)


def _by_identity(tx: Tx, pairs: Pairs, shared: list[Shared]) -> None:
    """The same phone or e-mail, which could not join by itself."""
    rows = tx.connection.exec_driver_sql(
        """SELECT kind, value, count(DISTINCT customer_id), group_concat(DISTINCT customer_id) FROM identities
            WHERE kind IN ('phone', 'email') GROUP BY kind, value HAVING min(customer_id) < max(customer_id)"""
    )
    for kind, value, count, ids in rows:
        if count > MOST_HOLDERS:
            shared.append(Shared(kind, value, count))
        else:
            _put(pairs, map(int, ids.split(",")), Evidence(kind, value))


_DELIVERIES: Final = """
    SELECT id, customer_id, recipient_name, recipient_phone, city, address FROM orders
     WHERE customer_id IS NOT NULL AND recipient_name IS NOT NULL AND {orders}
    UNION ALL
    SELECT -id, customer_id, recipient, phone, city, address FROM addresses
     WHERE recipient IS NOT NULL AND {addresses}"""
_NICKS: Final = """
    SELECT i.id, i.customer_id, i.value, c.city, c.name FROM identities i JOIN customers c ON c.id = i.customer_id
     WHERE i.kind IN ('nick', 'buyer_id') AND {chosen}"""


def _by_delivery(tx: Tx, pairs: Pairs, shared: list[Shared], progress: Progress) -> None:
    """The same name and full address; the same digits that a mask leaves of a phone, with name and city."""
    run = tx.connection.exec_driver_sql
    total = run("SELECT coalesce(max(id), 0) FROM orders").scalar_one()
    prints = _Prints()
    seen: set[int] = set()
    for done, rows in enumerate(_blocks(run(_DELIVERIES.format(orders="1", addresses="1")))):
        progress.report("deliveries", done=min(done * _AT_ONCE, total), total=total)
        lines = []
        for row, customer, *told in rows:
            same = hash((customer, *told))
            if same not in seen:  # most people have everything sent to one place
                seen.add(same)
                lines += [(hash(key), customer, row) for key in _delivery_keys(*told)]
        prints.add(lines)
    few, many = prints.shared()
    holders: dict[Key, dict[int, str]] = defaultdict(dict)
    wanted = prints.rows(few)
    for customer, name, phone, city, address in _deliveries(tx, wanted):
        for key in _delivery_keys(name, phone, city, address):
            if hash(key) in few:
                said = f"{name}, {address}" if key[0] == "address" else str(phone)
                known = holders[key].get(customer)
                if known is None or is_masked(known):  # of a phone the whole one says more
                    holders[key][customer] = said
    for (kind, *_rest), told in holders.items():
        for first, second in combinations(sorted(told), 2):
            one, other = told[first], told[second]
            # Two whole phones that differ where a mask would be are two phones.
            if kind == "address" or is_masked(one) or is_masked(other):
                pairs[first, second].setdefault(kind, Evidence(kind, one, "" if one == other else other))
    for print_, (count, row) in many.items():
        for _customer, name, phone, city, address in _deliveries(tx, {row}):
            shared += [
                Shared(each[0], f"{name}, {address}" if each[0] == "address" else f"{name}, {phone}", count)
                for each in _delivery_keys(name, phone, city, address)
                if hash(each) == print_
            ]


def _blocks(asked: CursorResult[Any]) -> Iterator[Sequence[Any]]:
    """The rows by blocks, as the driver gives them: millions of them need no names."""
    while rows := asked.cursor.fetchmany(_AT_ONCE):
        yield rows


def _deliveries(tx: Tx, rows: Collection[int]) -> Iterator[tuple[Any, ...]]:
    """Deliveries once more by their rows; those of addresses are negative."""
    for of_orders in _listed([row for row in rows if row > 0]):
        sql = _DELIVERIES.format(orders=f"id IN ({of_orders})", addresses="0")
        yield from (tuple(row)[1:] for row in tx.connection.exec_driver_sql(sql))
    for of_addresses in _listed([-row for row in rows if row < 0]):
        sql = _DELIVERIES.format(orders="0", addresses=f"id IN ({of_addresses})")
        yield from (tuple(row)[1:] for row in tx.connection.exec_driver_sql(sql))


def _by_nick(tx: Tx, pairs: Pairs, progress: Progress) -> None:
    """Nicks that are equal but for digits and punctuation; with one name also those of which one begins the other."""
    run = tx.connection.exec_driver_sql
    total = run("SELECT coalesce(max(id), 0) FROM identities").scalar_one()
    prints = _Prints()
    for done, rows in enumerate(_blocks(run(_NICKS.format(chosen="1")))):
        progress.report("nicks", done=min(done * _AT_ONCE, total), total=total)
        prints.add([(hash(key), customer, row) for row, customer, *told in rows for key in _nick_keys(*told)])
    few, _many = prints.shared()
    holders: dict[Key, dict[int, str]] = defaultdict(dict)
    for listed in _listed(prints.rows(few)):
        for _row, customer, nick, city, name in run(_NICKS.format(chosen=f"i.id IN ({listed})")):
            for key in _nick_keys(nick, city, name):
                if hash(key) in few:
                    holders[key].setdefault(customer, nick)
    for told in holders.values():
        for first, second in combinations(sorted(told), 2):
            one, other = told[first], told[second]
            short, long = sorted((_letters(one), _letters(other)), key=len)
            if long.startswith(short):
                pairs[first, second].setdefault("nick", Evidence("nick", one, other))


def _delivery_keys(name: str, phone: str | None, city: str | None, address: str | None) -> Iterator[Key]:
    """By what a delivery may be told to be of the same person as another one."""
    folded = _NOT_WRITTEN.sub("", fold(name)) if not is_masked(name) else name
    if not folded:
        return
    if address and not is_masked(name) and not is_masked(address):
        written = _NOT_WRITTEN.sub("", fold(address))
        if len(written) >= _SHORTEST_ADDRESS and any(letter.isdigit() for letter in written):
            yield ("address", folded, written)
    if phone and city and (seen := _VISIBLE.fullmatch(phone)):
        yield ("masked_phone", seen[1] + seen[2], folded, city)


def _nick_keys(nick: str, city: str | None, name: str) -> Iterator[Key]:
    """By what a nick may be the same person's as another one.

    A city is shared by many: there only the same letters tell something, and only when they are not few.
    """
    letters = _letters(nick)
    head = _head(letters)
    if head is None:
        return
    if city and _head(letters, at_least=_NICK_LETTERS_IN_A_CITY) is not None:
        yield ("same", letters, "city", city)
    if name and not is_masked(name) and _letters(name) != letters:  # a name that is the nick says nothing new
        yield ("same", letters, "name", fold(name))
        yield ("head", head, "name", fold(name))


def _letters(nick: str) -> str:
    return _NOT_LETTERS.sub("", fold(nick))


def _head(letters: str, *, at_least: int = _NICK_LETTERS) -> str | None:
    """The beginning that two nicks must share: four letters; a Chinese character counts as two."""
    weight = 0
    for at, letter in enumerate(letters, 1):
        weight += 1 if letter.isascii() else 2
        if weight >= at_least:
            return letters[:at]
    return None
