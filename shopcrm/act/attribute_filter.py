"""Whom an attribute fits (C6): `top_size = M`, `baby_months 6..12`, `taste has mild`, `allergies known`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

import numpy as np

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.text import fold
from shopcrm.collect import attributes
from shopcrm.collect.attribute_values import Attribute, Stage, Value, understand
from shopcrm.store.columns import Columns, Ints
from shopcrm.store.tx import Tx

_CONDITION: Final = re.compile(r"\s*(?P<key>[a-z][a-z0-9_]*)\s*(?P<how>!=|>=|<=|=|:)\s*(?P<value>.*?)\s*", re.DOTALL)
_BETWEEN: Final = re.compile(r"(?P<low>.*?)\s*\.\.\s*(?P<high>.*)", re.DOTALL)
_ORDERED: Final = ("number", "age", "stage", "date")
ANY: Final = "*"


@dataclass(eq=False)
class NoCondition(UserFailure):
    """A text that is no condition on an attribute."""

    text: ClassVar[str] = N_(
        "“{typed}” is no condition. Write it like top_size=M, baby_months=6..12, height_cm>=170 or allergies=*."
    )
    typed: str


@dataclass(eq=False)
class NoOrder(UserFailure):
    """More or less than something that has no order."""

    text: ClassVar[str] = N_("“{label}” has no more and less; ask for one value.")
    label: str


@dataclass(frozen=True)
class Condition:
    """A question to one attribute. `low` and `high` are whole values of it; equal ones ask for just that."""

    key: str
    low: Value | None = None  # None: no bound
    high: Value | None = None
    known: bool = True  # without bounds: whether anything is known
    unless: bool = False


def parse(tx: Tx, text: str) -> Condition:
    """A condition as it is typed; `*` asks whether anything is known, nothing whether nothing is.

    Raises:
        NoCondition, NoOrder, NoSuchAttribute: it is none.
        UserFailure: the value does not fit the attribute.
    """
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise NoCondition(text[:60])
    attribute, how, typed = attributes.get(tx, found["key"]), found["how"], found["value"]
    unless = how == "!="
    if typed in (ANY, ""):
        return Condition(attribute.key, known=typed == ANY, unless=unless)
    between = _BETWEEN.fullmatch(typed) if attribute.kind in _ORDERED else None
    if (between is not None or how in (">=", "<=")) and attribute.kind not in _ORDERED:
        raise NoOrder(attribute.label)
    if between is not None:
        low, high = (_read(attribute, between[name]) if between[name] else None for name in ("low", "high"))
        return Condition(attribute.key, low, high, unless=unless)
    value = _read(attribute, typed)
    return Condition(
        attribute.key, None if how == "<=" else value, None if how == ">=" else value, unless=unless
    )  # fmt: skip


def _read(attribute: Attribute, typed: str) -> Value | None:
    """A value to compare with; a stage and an age are asked by their number, text by how it is folded."""
    if attribute.kind in ("stage", "age"):
        return understand(Attribute(attribute.key, attribute.label, "number"), typed)
    return understand(attribute, typed)


def ids(tx: Tx, columns: Columns, *conditions: Condition) -> Ints:
    """The customers whom every condition fits, by their ids."""
    view = columns.at(tx.today_number)
    keep = np.ones(len(view), np.bool_)
    for condition in conditions:
        fits = _test(attributes.get(tx, condition.key), condition)
        told = attributes.everybodys(tx, condition.key)
        if condition.low is None and condition.high is None and not condition.known:
            wanted = sorted(told)
            unless = not condition.unless
        else:
            wanted = sorted(customer for customer, value in told.items() if fits(value))
            unless = condition.unless
        mask = np.isin(view.ids, np.array(wanted, np.int64))
        keep &= ~mask if unless else mask
    return view.ids[keep]


def _test(attribute: Attribute, condition: Condition) -> Callable[[Value], bool]:
    low, high = condition.low, condition.high
    if low is None and high is None:
        return lambda _value: True
    if attribute.kind == "choices":
        wanted = set(low) if isinstance(low, tuple) else set()
        return lambda value: isinstance(value, tuple) and wanted <= set(value)
    if attribute.kind == "text":
        part = fold(str(low))
        return lambda value: part in fold(str(value))
    if attribute.kind not in _ORDERED:
        return lambda value: value == low

    def fits(value: Any) -> bool:
        told: Any = value.number if isinstance(value, Stage) else value
        if isinstance(told, date) is not isinstance(low if low is not None else high, date):
            return False
        return (low is None or told >= low) and (high is None or told <= high)

    return fits
