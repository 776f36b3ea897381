"""Filters as they are typed on the command line: `top_size=M`, `net_total>=500`, `tags!=宝妈群`, `orders=..3`.

Any field can be asked about, by its key; what it becomes is a condition like those of the customer list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from shopcrm.act import export, filters
from shopcrm.act.fields import SEVERAL, Field, Kind
from shopcrm.act.filters import Condition, Test, Told
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.money import to_minor
from shopcrm.collect import attributes
from shopcrm.collect.attribute_values import Attribute, understand
from shopcrm.collect.fields import amount
from shopcrm.store.columns import Columns
from shopcrm.store.search_words import plain
from shopcrm.store.tx import Tx

ANY: Final = "*"
_CONDITION: Final = re.compile(r"\s*(?P<key>[a-z][a-z0-9_]*)\s*(?P<how>!=|>=|<=|=|:)\s*(?P<value>.*?)\s*", re.DOTALL)
_BETWEEN: Final = re.compile(r"(?P<low>.*?)\s*\.\.\s*(?P<high>.*)", re.DOTALL)
_SEVERAL: Final = re.compile(r"\s*[,，、;；]\s*")


@dataclass(eq=False)
class NoCondition(UserFailure):
    """A text that is no condition."""

    text: ClassVar[str] = N_(
        "“{typed}” is no condition. Write it like top_size=M, baby_months=6..12, net_total>=500 or allergies=*."
    )
    typed: str


@dataclass(eq=False)
class NoOrder(UserFailure):
    """More or less than something that has no order."""

    text: ClassVar[str] = N_("“{label}” has no more and less; ask for one value.")
    label: str


def parse(tx: Tx, columns: Columns, text: str) -> tuple[Condition, ...]:
    """What is typed, as conditions that must all be met; `*` asks for anything, no value for nothing.

    Raises:
        NoCondition, NoOrder: it is none.
        UnknownField: there is no such field.
        UserFailure: the value does not fit the field.
    """
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise NoCondition(text[:60])
    key, how, typed = found["key"], found["how"], found["value"]
    known = filters.fields_of(tx)
    if key not in known:
        raise export.UnknownField(key, ", ".join(known))
    field = known[key]
    if typed in (ANY, ""):
        return (Condition(key, Test.FILLED if (typed == ANY) is (how != "!=") else Test.EMPTY),)
    attribute = next((one for one in attributes.defined(tx) if one.key == key), None)
    if Test.BETWEEN in filters.tests(field):
        return _between(field, how, typed, _Reader(tx, field, attribute))
    if attribute is not None and attribute.kind == "stage":
        return _stages(attribute, how, typed)
    if how in (">=", "<="):
        raise NoOrder(field.heading)
    if attribute is not None and attribute.kind != "text":
        meant = understand(attribute, typed)
        each = meant if isinstance(meant, tuple) else (meant,)
        words: list[str] = [attribute.shown(one) for one in each if one is not None]
    elif attribute is None and filters.is_chosen(field):
        words = [_meant(tx, columns, field, word) for word in _SEVERAL.split(typed)]
    else:
        return (Condition(key, Test.LACKS if how == "!=" else Test.CONTAINS, (typed,)),)
    if how == "!=":
        return (Condition(key, Test.NONE, tuple(words)),)
    # Of several each must be there.
    return tuple(Condition(key, Test.ANY, (word,)) for word in words)


@dataclass(frozen=True)
class _Reader:
    """How a value of a field with an order is typed."""

    tx: Tx
    field: Field
    attribute: Attribute | None

    def __call__(self, typed: str) -> Told:
        if not typed:
            return None
        if self.field.kind is Kind.MONEY:
            meant = amount(typed)
            if meant is None:
                raise NoCondition(f"{self.field.key}={typed}"[:60])
            return to_minor(meant, currency=self.tx.shop.currency)
        kind = "date" if self.field.kind is Kind.DATE else "number"
        # Months of an age and figures that are worked out are asked by their number.
        by_itself = self.attribute is not None and self.attribute.kind == kind
        asked = self.attribute if by_itself and self.attribute else Attribute(self.field.key, self.field.heading, kind)  # type: ignore[arg-type]  # one of two kinds
        value: Any = understand(asked, typed)
        return value.isoformat() if isinstance(value, date) else value


def _between(field: Field, how: str, typed: str, read: _Reader) -> tuple[Condition, ...]:
    span = _BETWEEN.fullmatch(typed)
    if span is not None:
        low, high = read(span["low"]), read(span["high"])
    else:
        value = read(typed)
        low, high = (None if how == "<=" else value), (None if how == ">=" else value)
    if how == "!=":
        raise NoCondition(f"{field.key}!={typed}"[:60])
    return (Condition(field.key, Test.BETWEEN, (low, high)),)


def _stages(attribute: Attribute, how: str, typed: str) -> tuple[Condition, ...]:
    """By the number of the stage; its words are what a list holds."""
    span = _BETWEEN.fullmatch(typed)
    ends = (span["low"], span["high"]) if span else (typed if how != "<=" else "", typed if how != ">=" else "")
    number = Attribute(attribute.key, attribute.label, "number")
    low, high = (understand(number, end) if end else None for end in ends)
    meant = [
        attribute.words.format(n=stage)
        for stage in range(1, len(attribute.months) + 1)
        if (low is None or stage >= low) and (high is None or stage <= high)  # type: ignore[operator]  # numbers
    ]
    return (Condition(attribute.key, Test.NONE if how == "!=" else Test.ANY, tuple(meant)),)


def _meant(tx: Tx, columns: Columns, field: Field, typed: str) -> str:
    """The word of the field that is meant, by its key or as it is read; what is none is nobody's."""
    for word, _count in filters.choices(tx, columns, field.key):
        shown = export.words(field.kind, (word,) if field.kind in SEVERAL else word)
        if plain(typed) in (plain(word), plain(shown)):
            return word
    return typed
