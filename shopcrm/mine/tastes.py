"""What a customer's purchases say of her (C6): sizes from what she kept, the fit from what she exchanged, colours.

A line is kept when its order is valid and nothing of the line was given back; it came back when all of it was. Of an
order that was refunded in part without saying for which line, neither is known. Nothing here is written: what was typed
by hand stands over it, and what is learnt becomes a value only when somebody takes it over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Final

from shopcrm.base import clock
from shopcrm.base.text import fold
from shopcrm.base.trade_presets import LearntTold
from shopcrm.collect.attribute_values import Attribute, Particular, Value
from shopcrm.store.tx import Tx

RECENT: Final = 5  # kept lines that say the size of somebody who does not grow
EXCHANGED_DAYS: Final = 45  # from the one that came back to the one that stayed
LEAST_LINES: Final = 2  # of a colour that is liked, of a size that is surely hers
MOST_COLOURS: Final = 3
_LINES: Final = 500  # the newest
_PART: Final = re.compile(r"[;；,，|]")
_SIZE: Final = re.compile(r"码|碼|尺|号|號|size")
_NUMBER: Final = re.compile(r"(?<![0-9a-z.])\d{2}(?:\.5)?(?![0-9a-z.])")
_BEHIND: Final = "(?:cm|码|碼|号|號)?"


@dataclass(frozen=True)
class Bought:
    """A line of an order, as far as it says anything of the one who ordered it."""

    day: date
    code: str  # the article, else the title
    title: str
    variant: str
    kept: bool
    returned: bool
    order: str = ""  # its number


@dataclass(frozen=True)
class Doubt:
    """A size that was ordered and not sent yet, and that may not fit."""

    order: str  # its number
    title: str
    attribute: Attribute
    ordered: Value
    usual: Value  # as typed, else as learnt from what was kept
    fit: str | None  # large | small: the product runs so


@dataclass(frozen=True)
class Exchange:
    """A size that came back, and the one of the same product that stayed."""

    day: date
    title: str
    returned: str
    kept: str


@dataclass(frozen=True)
class Learnt:
    """A value and why: how many kept lines say it, the newest of them, and what was exchanged."""

    value: Value
    times: int
    last_on: date
    exchanges: tuple[Exchange, ...] = ()


def of_customer(tx: Tx, customer_id: int, lines: Sequence[Particular]) -> dict[str, Learnt]:
    """What is learnt of the attributes that a customer may have, by key, where it is not what is known already."""
    wanted = [line.attribute for line in lines if line.attribute.learnt is not None]
    if not wanted:
        return {}
    found = learn(wanted, bought(tx, customer_id), runs=_runs(tx))
    known = {line.attribute.key: line.value for line in lines}
    return {key: one for key, one in found.items() if known.get(key) != one.value}


def doubts(tx: Tx, customer_id: int, lines: Sequence[Particular], *, unsent: Collection[str]) -> tuple[Doubt, ...]:
    """Which sizes of orders that are not sent yet may not fit a customer.

    Args:
        tx: As of when.
        customer_id: Whose orders.
        lines: What is kept of her: a size that was typed stands over what is learnt.
        unsent: The numbers of those orders.
    """
    wanted = [line for line in lines if line.attribute.learnt is not None and line.attribute.learnt.how == "size"]
    if not wanted or not unsent:
        return ()
    every = bought(tx, customer_id, unpaid_too=True)
    return doubted(
        wanted,
        [line for line in every if line.order not in unsent],
        [line for line in every if line.order in unsent],
        runs=_runs(tx),
    )


def bought(tx: Tx, customer_id: int, *, unpaid_too: bool = False) -> list[Bought]:
    """The lines of a customer's orders, oldest first."""
    rows = tx.connection.exec_driver_sql(
        """SELECT o.day, o.number, coalesce(nullif(i.article, ''), i.title) AS code, i.title,
                  coalesce(i.variant, '') AS variant,
                  o.valid AND i.refunded = 0 AND coalesce(i.state, '') NOT IN ('closed', 'refunded')
                    AND (o.refunded = 0 OR o.refunded <= (SELECT sum(s.refunded) FROM order_items s
                                                           WHERE s.order_id = o.id)) AS kept,
                  (coalesce(o.shipped_at, o.signed_at) IS NOT NULL
                      OR o.state IN ('shipped', 'arrived', 'signed', 'finished'))
                    AND ((i.refunded > 0 AND i.refunded >= coalesce(i.paid, i.refunded))
                      OR (o.refunded > 0 AND o.refunded >= o.paid)) AS returned
             FROM orders o CROSS JOIN order_items i ON i.order_id = o.id
            WHERE o.customer_id = ? AND o.kind = 'order' AND o.day IS NOT NULL
              AND (o.state != 'unpaid' OR ?)
            ORDER BY o.day DESC, o.id DESC, i.position DESC LIMIT ?""",
        (customer_id, unpaid_too, _LINES),
    )
    found = [
        Bought(
            clock.day_date(row.day), row.code, row.title, row.variant, bool(row.kept), bool(row.returned), row.number
        )
        for row in rows
    ]
    return found[::-1]


def _runs(tx: Tx) -> dict[str, str]:
    """Which products run large or small: that they were exchanged says nothing of the customer."""
    rows = tx.connection.exec_driver_sql("SELECT code, fit FROM products WHERE fit IS NOT NULL")
    return {row.code: row.fit for row in rows}


# Pure


def learn(
    wanted: Sequence[Attribute], lines: Sequence[Bought], *, runs: Mapping[str, str] | None = None
) -> dict[str, Learnt]:
    """What lines, oldest first, say of some attributes; `runs`: the codes of products that run large or small."""
    found: dict[str, Learnt] = {}
    for attribute in wanted:
        told = attribute.learnt
        if told is not None and told.how == "size" and (size := _size(attribute, told, lines)) is not None:
            found[attribute.key] = size
        elif told is not None and told.how == "most" and (most := _most(attribute, lines)) is not None:
            found[attribute.key] = most
    for attribute in wanted:
        if attribute.learnt is not None and attribute.learnt.how == "fit":
            fit = _fit([one for one in wanted if one.key in found], found, lines, runs or {})
            if fit is not None:
                found[attribute.key] = fit
    return found


def doubted(
    wanted: Sequence[Particular], before: Sequence[Bought], unsent: Sequence[Bought], *, runs: Mapping[str, str]
) -> tuple[Doubt, ...]:
    """Which sizes of lines that are not sent yet may not fit, by the lines `before`, oldest first.

    Of a product that runs large her usual size and any above it, of one that runs small her usual one and any below.
    Of another one any size but hers, where she kept that at least twice or it was typed; of one who grows only what is
    too small.
    """
    found: list[Doubt] = []
    for particular in wanted:
        attribute, told = particular.attribute, particular.attribute.learnt
        learnt = _size(attribute, told, before) if told is not None else None
        typed, taken = particular.value, None if learnt is None else learnt.value
        usual = taken if typed is None else typed
        if told is None or usual is None:
            continue
        sure = typed is not None or (learnt is not None and learnt.times >= LEAST_LINES)
        scale = [key for key, _shown in attribute.choices]
        for line in unsent:
            size = size_in(attribute, line.variant) if _is_of(told, line.title) else None
            if size is None or (scale and usual not in scale):  # a size of another trade's
                continue
            step = _place(scale, str(size)) - _place(scale, str(usual))
            fit = runs.get(line.code)
            other = sure and (step < 0 or (step > 0 and not told.grows))
            if (fit == "large" and step >= 0) or (fit == "small" and step <= 0) or (fit is None and other):
                found.append(Doubt(line.order, line.title, attribute, size, usual, fit))
    return tuple(found)


def _size(attribute: Attribute, told: LearntTold, lines: Sequence[Bought]) -> Learnt | None:
    """The newest size of one who grows, else the usual one of the last."""
    sized = _sized(attribute, told, lines)
    kept = [(line, size) for line, size in sized if line.kept]
    if not kept:
        return None
    if told.grows:
        value = kept[-1][1]
    else:
        recent = [size for _line, size in kept[-RECENT:]][::-1]
        value = max(recent, key=Counter(recent).__getitem__)  # of equals the newest
    says = [line for line, size in kept if size == value]
    exchanges = tuple(one for one in _exchanges(sized) if value in (_read(attribute, one.kept), one.kept))
    return Learnt(value, len(says), says[-1].day, exchanges[-1:])


def _fit(
    sizes: Sequence[Attribute], learnt: Mapping[str, Learnt], lines: Sequence[Bought], runs: Mapping[str, str]
) -> Learnt | None:
    """Loose or tight, when her usual size came back for a larger or a smaller one, and never the other way."""
    steps: list[tuple[int, Exchange]] = []
    for attribute in sizes:
        told = attribute.learnt
        if told is None or told.how != "size" or told.grows:
            continue
        scale = [key for key, _shown in attribute.choices]
        usual = str(learnt[attribute.key].value)
        sized = [(line, size) for line, size in _sized(attribute, told, lines) if line.code not in runs]
        for one in _exchanges(sized):
            if one.returned == usual:
                larger = _place(scale, one.kept) > _place(scale, one.returned)
                steps.append((1 if larger else -1, one))
    ways = {step for step, _one in steps}
    if len(ways) != 1:
        return None
    told_by = [one for _step, one in steps]
    return Learnt("loose" if ways == {1} else "tight", len(steps), told_by[-1].day, tuple(told_by[-1:]))


def _most(attribute: Attribute, lines: Sequence[Bought]) -> Learnt | None:
    """What of several choices was bought most."""
    counted: Counter[str] = Counter()
    last: dict[str, date] = {}
    for line in lines:
        if line.kept:
            for key in _named(attribute, line.variant):
                counted[key] += 1
                last[key] = line.day
    liked = [key for key, count in counted.most_common(MOST_COLOURS) if count >= LEAST_LINES]
    if not liked:
        return None
    return Learnt(tuple(liked), sum(counted[key] for key in liked), max(last[key] for key in liked))


def _sized(attribute: Attribute, told: LearntTold, lines: Sequence[Bought]) -> list[tuple[Bought, Value]]:
    return [
        (line, size)
        for line in lines
        if (line.kept or line.returned) and _is_of(told, line.title)
        and (size := size_in(attribute, line.variant)) is not None
    ]  # fmt: skip


def _is_of(told: LearntTold, title: str) -> bool:
    text = fold(title)
    return any(fold(word) in text for word in told.of) and not any(fold(word) in text for word in told.but)


def _exchanges(sized: Sequence[tuple[Bought, Value]]) -> list[Exchange]:
    """Of each size that came back the one of the same product that was kept soon before or after."""
    found = []
    for line, size in sized:
        if line.returned:
            stayed = [
                (abs((other.day - line.day).days), str(kept))
                for other, kept in sized
                if other.kept and other.code == line.code and kept != size
            ]
            days, kept = min(stayed, default=(EXCHANGED_DAYS + 1, ""))
            if days <= EXCHANGED_DAYS:
                found.append(Exchange(line.day, line.title, str(size), kept))
    return found


def size_in(attribute: Attribute, variant: str) -> Value | None:
    """The size that a specification names; None where it names none, or several."""
    parts = [part for part in map(fold, _PART.split(variant)) if part]
    labelled = [part for part in parts if _SIZE.search(part)]
    for some in (labelled, parts):
        found = set(chain.from_iterable(_sizes(attribute, part) for part in some))
        if len(found) == 1:
            return found.pop()
    return None


def _sizes(attribute: Attribute, part: str) -> list[Value]:
    if attribute.kind == "choice":
        return [key for key, pattern in _patterns(attribute) if pattern.search(part)]
    found: list[Value] = []
    for match in _NUMBER.finditer(re.sub(r"码|碼|号|號", " ", part)):
        number = float(match[0])
        if (attribute.low or 0) <= number <= (attribute.high or 99):
            found.append(_whole(number))
    return found


def _patterns(attribute: Attribute) -> tuple[tuple[str, re.Pattern[str]], ...]:
    words: dict[str, list[str]] = {key: [fold(key), fold(shown)] for key, shown in attribute.choices}
    for word, key in attribute.written.items():
        words[key].append(word)
    return tuple((key, _pattern(tuple(dict.fromkeys(said)))) for key, said in words.items())


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"(?<![0-9a-z])(?:{'|'.join(map(re.escape, words))}){_BEHIND}(?![0-9a-z])")


def _named(attribute: Attribute, variant: str) -> set[str]:
    """The choices that a specification names: of two words that overlap the longer one."""
    text = fold(variant)
    said = {fold(shown): key for key, shown in attribute.choices} | dict(attribute.written)
    found = set()
    for word in sorted(said, key=len, reverse=True):
        if word in text:
            found.add(said[word])
            text = text.replace(word, " ")
    return found


def _place(scale: Sequence[str], size: str) -> float:
    return scale.index(size) if size in scale else float(size)


def _read(attribute: Attribute, size: str) -> Value:
    return _whole(float(size)) if attribute.kind == "number" else size


def _whole(number: float) -> int | float:
    return int(number) if number == int(number) else number
