"""Filters of the customer list (U2): a condition on any field, by its kind, as a mask over all customers.

Conditions are joined by "and". They are kept with saved views, so what they name may be gone by the time they are
read; `known` tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shopcrm.act import field_columns, fields, reminders
from shopcrm.act.field_columns import NUMERIC, PLACES, REGION, FieldColumn, Flags, Numbers, Sets, Words
from shopcrm.act.fields import Field, Kind
from shopcrm.base import clock
from shopcrm.base.i18n import N_
from shopcrm.base.text import fold
from shopcrm.store.columns import Columns
from shopcrm.store.search_words import plain
from shopcrm.store.tx import Tx

DUE: Final = "due"  # who stands on today's list


class Test(StrEnum):
    """What is asked of a field."""

    CONTAINS = "contains"
    LACKS = "lacks"
    IS = "is"
    ANY = "any"  # one of several
    NONE = "none"  # none of several
    BETWEEN = "between"  # both ends belong to it; None is open
    LAST_DAYS = "last_days"  # within the last so many days, today included
    OLDER = "older"  # so many days ago or longer
    NEXT_DAYS = "next_days"  # within the next so many days, today included
    THIS_MONTH = "this_month"
    FILLED = "filled"
    EMPTY = "empty"

    __test__ = False  # it is no test of the program


Told: TypeAlias = str | int | float | None


@dataclass(frozen=True)
class Condition:
    """A test of a field. Dates are told as 2026-11-22, money in whole minor units, birthdays by their month."""

    field: str
    test: Test
    values: tuple[Told, ...] = ()


_ENDS: Final = (Test.FILLED, Test.EMPTY)
_TEXT: Final = (Test.CONTAINS, Test.LACKS, Test.IS, *_ENDS)
_CHOICE: Final = (Test.ANY, Test.NONE, *_ENDS)
_NUMBER: Final = (Test.BETWEEN, *_ENDS)
_DATE: Final = (Test.BETWEEN, Test.LAST_DAYS, Test.OLDER, Test.NEXT_DAYS, Test.THIS_MONTH, *_ENDS)
_FEW: Final = (Kind.GROUP, Kind.PLATFORMS, Kind.GENDER, Kind.CHANNELS, Kind.FOLLOWED)
_CHOSEN: Final = ("tags", "province", "city", "member_level", "source")  # words that few share are typed, these chosen

LISTED: Final = {
    DUE: Field(DUE, N_("On today's list"), Kind.INT),
    REGION: Field(REGION, N_("Region"), Kind.TEXT),
}
"""What is asked and shown besides the fields of a customer."""


def fields_of(tx: Tx) -> dict[str, Field]:
    """All that can be asked about, by key: what is asked besides the fields, then these."""
    return {**LISTED, **{field.key: field for field in fields.of_shop(tx)}}


def tests(field: Field) -> tuple[Test, ...]:
    """What can be asked of a field, the usual first."""
    if field.key == DUE:
        return _ENDS
    if is_chosen(field):
        return _CHOICE
    if field.kind is Kind.BIRTHDAY:
        return (Test.ANY, *_ENDS)
    if field.kind is Kind.DATE:
        return _DATE
    return _NUMBER if field.kind in NUMERIC else _TEXT


def is_chosen(field: Field) -> bool:
    """Whether its words are chosen from those there are."""
    return field.key in _CHOSEN or field.kind in _FEW or (field.own_words and field.kind not in NUMERIC)


def known(condition: Condition, those: Mapping[str, Field]) -> bool:
    """Whether a condition that was kept can still be asked of the fields there are."""
    return condition.field in those and condition.test in tests(those[condition.field])


def mask(tx: Tx, columns: Columns, condition: Condition) -> Flags:
    """Who meets a condition, aligned with the columns.

    Raises:
        KeyError: there is no such field.
    """
    if condition.field == DUE:
        due = np.isin(columns.ids, reminders.due_ids(tx, columns))
        return due if condition.test is Test.FILLED else ~due
    found = field_columns.column(tx, columns, condition.field)
    if condition.test is Test.EMPTY:
        return field_columns.missing(found)
    if condition.test is Test.FILLED:
        return ~field_columns.missing(found)
    kind = fields_of(tx)[condition.field].kind
    if isinstance(found, Numbers):
        return _among_numbers(found, condition, kind, tx.as_of)
    met = _among_words(found.words, condition)
    held = found.holds(met) if isinstance(found, Sets) else _holds(found, met)
    return ~held if condition.test in (Test.LACKS, Test.NONE) else held


def all_of(tx: Tx, columns: Columns, conditions: Sequence[Condition]) -> Flags | None:
    """Who meets all of them; None where there are none."""
    keep: Flags | None = None
    for condition in conditions:
        one = mask(tx, columns, condition)
        keep = one if keep is None else keep & one
    return keep


def choices(tx: Tx, columns: Columns, key: str) -> list[tuple[str, int]]:
    """The words there are of a field, each with how many have it, in the order of reading."""
    found: FieldColumn = field_columns.column(tx, columns, key)
    if isinstance(found, Numbers):
        return []
    codes = found.codes[found.codes >= 0]
    counts = np.bincount(codes, minlength=len(found.words)).tolist()
    return [(word, count) for word, count in zip(found.words, counts, strict=True) if count]


def _holds(found: Words, met: Flags) -> Flags:
    held = np.zeros(len(found.codes), np.bool_)
    there = found.codes >= 0
    held[there] = met[found.codes[there]]
    return held


def _among_words(words: Sequence[str], condition: Condition) -> Flags:
    """Which of the words are meant, by code: a phone in whichever groups, a place in whichever characters."""
    as_compared = plain if condition.field in PLACES else fold
    told = [str(value) for value in condition.values if value is not None]
    if condition.test in (Test.ANY, Test.NONE):
        wanted = set(told)
        return np.fromiter((word in wanted for word in words), np.bool_, len(words))
    typed = as_compared(told[0]) if told else ""
    bare = typed.replace(" ", "").replace("-", "")
    if condition.test is Test.IS:
        return np.fromiter((as_compared(word) in (typed, bare) for word in words), np.bool_, len(words))
    digits = bare if bare.isdigit() else typed
    return np.fromiter((_within(as_compared(word), typed, digits) for word in words), np.bool_, len(words))


def _within(word: str, typed: str, digits: str) -> bool:
    return typed in word or digits in word


def _among_numbers(found: Numbers, condition: Condition, kind: Kind, today: date) -> Flags:
    there = ~found.missing
    if kind is Kind.BIRTHDAY:
        months = [int(value) for value in condition.values if value is not None]
        return there & np.isin(found.values // 100, months)
    if kind is Kind.DATE:
        low, high = _days(condition, today)
    else:
        low, high = (None if value is None else float(value) for value in (*condition.values, None, None)[:2])
    met: NDArray[np.bool_] = there
    if low is not None:
        met = met & (found.values >= low)
    if high is not None:
        met = met & (found.values <= high)
    return met


def _days(condition: Condition, today: date) -> tuple[float | None, float | None]:
    """The day numbers between which a date must lie."""
    now = clock.day_number(today)
    count = int(condition.values[0] or 0) if condition.values and condition.test is not Test.BETWEEN else 0
    ends: dict[Test, Callable[[], tuple[float | None, float | None]]] = {
        Test.LAST_DAYS: lambda: (now - count + 1, now),
        Test.OLDER: lambda: (None, now - count),
        Test.NEXT_DAYS: lambda: (now, now + count - 1),
        Test.THIS_MONTH: lambda: _month(today),
    }
    if condition.test in ends:
        return ends[condition.test]()
    low, high = (None if not value else clock.day_number(date.fromisoformat(str(value)))
                 for value in (*condition.values, None, None)[:2])  # fmt: skip
    return low, high


def _month(today: date) -> tuple[float | None, float | None]:
    first = today.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return clock.day_number(first), clock.day_number(after) - 1
