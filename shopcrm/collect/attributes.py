"""Trade attributes (C6): what a shop of its trade keeps of a customer, read, typed and changed with undo.

The attributes there are come from the preset of the shop's trade (`options.TRADE`) and from whatever has a value; so a
shop that changes its trade loses nothing. Labels are in the language in use, values are stored neutrally.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple, TypeAlias

import msgspec
from sqlalchemy import insert, select

from shopcrm.base import birthdays
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.options import TRADE
from shopcrm.base.text import clean, fold
from shopcrm.collect import customers, trade_presets
from shopcrm.collect.trade_presets import AttributeTold, Kind
from shopcrm.store import journal
from shopcrm.store.tables.attributes import attributes, customer_attributes
from shopcrm.store.tx import Tx

LONGEST: Final = 200
_BETWEEN: Final = re.compile(r"[、,，;；/]")
_YES: Final = ("yes", "y", "true", "1", "是", "有", "对", "對")
_NO: Final = ("no", "n", "false", "0", "否", "不", "没有", "沒有", "无", "無")


class Stage(NamedTuple):
    """Where a date of birth stands today, and when the next stage begins (None: there is none after it)."""

    number: int
    next_on: date | None


Value: TypeAlias = str | int | float | bool | date | tuple[str, ...] | Stage


@dataclass(eq=False)
class NoSuchAttribute(UserFailure):
    """Neither the shop's trade nor a value knows it."""

    text: ClassVar[str] = N_("This shop keeps nothing called “{key}”.")
    key: str


@dataclass(eq=False)
class NotANumber(UserFailure):
    """Something else was typed where a number belongs."""

    text: ClassVar[str] = N_("“{typed}” is no number.")
    typed: str


@dataclass(eq=False)
class NotADate(UserFailure):
    """Something else was typed where a date belongs."""

    text: ClassVar[str] = N_("“{typed}” is no date. Type it like 2025-11-02.")
    typed: str


@dataclass(eq=False)
class NotAChoice(UserFailure):
    """Something that is not among the choices."""

    text: ClassVar[str] = N_("“{typed}” is not among the choices: {choices}.")
    typed: str
    choices: str


@dataclass(frozen=True)
class Attribute:
    """Something kept of a customer, its words in the language in use."""

    key: str
    label: str
    kind: Kind
    choices: tuple[tuple[str, str], ...] = ()  # (stored, shown)
    age: bool = False  # a date of birth
    of: str = ""  # a stage: by which date
    months: tuple[int, ...] = ()
    words: str = ""

    def shown(self, value: Value) -> str:
        """A value of text or choices as people read it; dates and stages are for who shows them."""
        names = dict(self.choices)
        if isinstance(value, tuple) and not isinstance(value, Stage):
            return _(", ").join(names.get(each, each) for each in value)
        if isinstance(value, float):
            return f"{value:g}"
        return names.get(str(value), str(value))


@dataclass(frozen=True)
class Particular:
    """An attribute of a customer; `value` None: nothing is known."""

    attribute: Attribute
    value: Value | None


# Pure rules


def whole_months(born: date, day: date) -> int:
    """How many months of life are over on a day; negative before the birth."""
    return (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)


def month_later(born: date, months: int) -> date:
    """The day on which so many months are over."""
    year, month = divmod(born.month - 1 + months, 12)
    first_of_next = date(born.year + year + (month == 11), (month + 1) % 12 + 1, 1)
    length = (first_of_next - date(born.year + year, month + 1, 1)).days
    # Who was born on the 31st is a month older on the day after a shorter month ends.
    return date(born.year + year, month + 1, born.day) if born.day <= length else first_of_next


def stage_on(born: date, day: date, *, months: Sequence[int]) -> Stage | None:
    """The stage on a day, by the ages in months at which stages begin; None before the first."""
    age = whole_months(born, day)
    number = sum(begins <= age for begins in months)
    if not number:
        return None
    return Stage(number, month_later(born, months[number]) if number < len(months) else None)


def understand(attribute: Attribute, text: str) -> Value | None:
    """The value somebody typed; None for nothing.

    Raises:
        NotANumber, NotADate, NotAChoice: it does not fit the attribute.
    """
    typed = clean(text)[:LONGEST]
    if not typed:
        return None
    match attribute.kind:
        case "number":
            return _number(typed)
        case "date":
            return _date(typed)
        case "yes_no":
            return _yes_no(typed)
        case "choice":
            return _choice(attribute, typed)
        case "choices":
            parts = filter(None, map(str.strip, _BETWEEN.split(typed)))
            return tuple(dict.fromkeys(_choice(attribute, part) for part in parts)) or None
        case _:
            return typed


def _number(typed: str) -> int | float:
    try:
        number = float(fold(typed).replace(",", ""))
    except ValueError:
        raise NotANumber(typed) from None
    if not abs(number) < 1e12:
        raise NotANumber(typed)
    return int(number) if number == int(number) else number


def _date(typed: str) -> date:
    try:
        told = birthdays.parse(typed)
    except birthdays.NoBirthday:
        raise NotADate(typed) from None
    if told.year is None:
        raise NotADate(typed)
    return told.in_year(told.year)


def _yes_no(typed: str) -> bool:
    word = fold(typed)
    if word not in (*_YES, *_NO):
        raise NotAChoice(typed, _("yes, no"))
    return word in _YES


def _choice(attribute: Attribute, typed: str) -> str:
    for key, shown in attribute.choices:
        if fold(typed) in (fold(key), fold(shown)):
            return key
    raise NotAChoice(typed, ", ".join(shown for _key, shown in attribute.choices))


# The shop's


def defined(tx: Tx) -> list[Attribute]:
    """What the shop keeps of its customers: its trade's attributes, then others that have a value or a word."""
    told = {each.key: _of_preset(each, tx.language) for each in trade_presets.preset(tx.option(TRADE)).attribute}
    for row in tx.connection.execute(select(attributes).order_by(attributes.c.position, attributes.c.id)):
        told.setdefault(row.key, _of_row(row, tx.language))
    return list(told.values())


def title_key(tx: Tx) -> str:
    """The attribute whose value heads the block; blank where the trade has none."""
    return trade_presets.preset(tx.option(TRADE)).title


def of_customer(tx: Tx, customer_id: int) -> tuple[Particular, ...]:
    """Everything the shop may know of a customer, known or not. A stage that cannot be told is left out.

    Attributes of other trades are there only where they have a value.
    """
    values = _values(tx, customer_id)
    own = {each.key for each in trade_presets.preset(tx.option(TRADE)).attribute}
    found = []
    for attribute in defined(tx):
        if attribute.kind == "stage":
            born = values.get(attribute.of)
            stage = stage_on(born, tx.as_of, months=attribute.months) if isinstance(born, date) else None
            if stage is not None:
                found.append(Particular(attribute, stage))
        elif attribute.key in values or attribute.key in own:
            found.append(Particular(attribute, values.get(attribute.key)))
    return tuple(found)


def _values(tx: Tx, customer_id: int) -> dict[str, Value]:
    query = (
        select(attributes.c.key, attributes.c.kind, customer_attributes.c.value)
        .join(attributes)
        .where(customer_attributes.c.customer_id == customer_id)
    )
    return {row.key: _stored(row.kind, row.value) for row in tx.connection.execute(query)}


def _stored(kind: str, value: str) -> Value:
    told: Any = msgspec.json.decode(value)
    if kind == "date":
        return date.fromisoformat(told)
    return tuple(told) if isinstance(told, list) else told


def put(tx: Tx, told: Mapping[int, Mapping[str, Value | None]]) -> int:
    """Set attributes of some customers by their keys; None forgets one. Returns the change set.

    Raises:
        NoSuchCustomer, NoSuchAttribute: nothing is set.
    """
    change_set = tx.begin_change("attributes", customers=len(told))
    write(tx, told, change_set=change_set)
    return change_set


def write(tx: Tx, told: Mapping[int, Mapping[str, Value | None]], *, change_set: int) -> None:
    """As `put`, within a change set that was begun."""
    ids = _ids(tx, {key for values in told.values() for key in values})
    table, new = customer_attributes, []
    for customer, values in told.items():
        customers.require(tx, customer)
        before = {
            row["attribute_id"]: dict(row)
            for row in tx.connection.execute(select(table).where(table.c.customer_id == customer)).mappings()
        }
        for key, value in values.items():
            at = {"customer_id": customer, "attribute_id": ids[key]}
            if value is None:
                tx.remove(table, at)
                continue
            row = {"value": msgspec.json.encode(value).decode(), "edited_at": tx.now_seconds}
            if ids[key] not in before:
                new.append({**at, **row})
            elif before[ids[key]]["value"] != row["value"]:
                tx.edit(table, at, row)
    if new:
        tx.connection.execute(insert(table), new)
        key_of = [{"customer_id": row["customer_id"], "attribute_id": row["attribute_id"]} for row in new]
        journal.record(tx.connection, change_set, table, zip(key_of, [None] * len(new), new, strict=True))


def _ids(tx: Tx, keys: set[str]) -> dict[str, int]:
    """The rows behind some keys; one of the trade's that has none yet gets one.

    That is not journalled: an undo that took an attribute away would take the values of other customers along.
    """
    known = {row.key: int(row.id) for row in tx.connection.execute(select(attributes.c.id, attributes.c.key))}
    places = [each.key for each in trade_presets.preset(tx.option(TRADE)).attribute]
    for key in sorted(keys - known.keys()):
        told = trade_presets.known().get(key)
        if told is None or told.kind == "stage":
            raise NoSuchAttribute(key)
        position = places.index(key) if key in places else len(places)
        made = tx.connection.execute(insert(attributes).values(key=key, kind=told.kind, position=position))
        known[key] = int(made.inserted_primary_key[0])  # type: ignore[index]  # an insert gives its key
    return known


def _of_preset(told: AttributeTold, language: str) -> Attribute:
    return Attribute(
        key=told.key,
        label=told.label.get(language, told.key),
        kind=told.kind,
        choices=tuple((choice.key, choice.label.get(language, choice.key)) for choice in told.choices),
        age=told.age,
        of=told.of,
        months=told.months,
        words=told.words.get(language, ""),
    )


def _of_row(row: Any, language: str) -> Attribute:
    """An attribute of another trade, or of the owner's own."""
    told = trade_presets.known().get(row.key)
    if told is not None and row.label is None:
        return _of_preset(told, language)
    choices = tuple((each, each) for each in msgspec.json.decode(row.choices)) if row.choices else ()
    return Attribute(row.key, row.label or row.key, row.kind, choices)
