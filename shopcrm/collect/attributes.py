"""Trade attributes (C6): what a shop of its trade keeps of its customers, read and changed with undo.

The attributes there are come from the preset of the shop's trade (`options.TRADE`), from the owner (`attribute_list`),
and from whatever has a value; so a shop that changes its trade loses nothing. Labels are in the language in use, values
are stored neutrally.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

import msgspec
from sqlalchemy import insert, select

from shopcrm.base import trade_presets
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.options import TRADE
from shopcrm.base.trade_presets import FOLLOWING
from shopcrm.collect import attribute_values, customers
from shopcrm.collect.attribute_values import Attribute, Particular, Value, following
from shopcrm.store import journal
from shopcrm.store.tables.attributes import attributes, customer_attributes
from shopcrm.store.tx import Tx

IN_PRESET: Final = -1
"""The place of an attribute that stands where its preset has it."""
_BLOCK: Final = 900


@dataclass(eq=False)
class NoSuchAttribute(UserFailure):
    """Neither the shop's trade nor a value knows it."""

    text: ClassVar[str] = N_("This shop keeps nothing called “{key}”.")
    key: str


# What there is


def defined(tx: Tx, *, hidden: bool = False) -> list[Attribute]:
    """What the shop keeps of its customers, in its own order: its trade's and its owner's, then others with a row.

    `hidden`: those too that the owner has put aside.
    """
    preset = [told for told in trade_presets.preset(tx.option(TRADE)).attribute if told.kind not in FOLLOWING]
    rows = {row.key: row for row in tx.connection.execute(select(attributes).order_by(attributes.c.id))}
    places: dict[str, _Place] = {}
    found: dict[str, Attribute] = {}
    for place, told in enumerate(preset):
        row = rows.pop(told.key, None)
        found[told.key] = _of_row(row, told, tx.language) if row is not None else _told(told, tx.language)
        at = IN_PRESET if row is None else row.position
        places[told.key] = (False, place if at == IN_PRESET else at, place, 0)
    for row in rows.values():
        found[row.key] = _of_row(row, trade_presets.known().get(row.key), tx.language)
        at = len(preset) if row.position == IN_PRESET else row.position
        places[row.key] = (not found[row.key].own, at, len(preset) + row.id, 0)
    _follow(found, places, tx.language)
    ordered = sorted(found.values(), key=lambda one: places[one.key])
    return ordered if hidden else [one for one in ordered if not one.hidden]


_Place = tuple[bool, int, int, int]  # of another trade, where it was put, where it came from, what follows from it


def _follow(found: dict[str, Attribute], places: dict[str, _Place], language: str) -> None:
    """What follows from a date stands behind it, and is put aside with it."""
    for step, told in enumerate(trade_presets.known().values(), start=1):
        if told.of in found:
            found[told.key] = replace(_told(told, language), hidden=found[told.of].hidden)
            places[told.key] = (*places[told.of][:3], step)


def _told(told: trade_presets.AttributeTold, language: str) -> Attribute:
    return attribute_values.of_preset(told, language=language)


def _of_row(row: Any, told: trade_presets.AttributeTold | None, language: str) -> Attribute:
    """An attribute that the shop has a row of: what the row says stands over the preset."""
    choices: tuple[str, ...] = tuple(msgspec.json.decode(row.choices)) if row.choices else ()
    if told is not None:
        made = attribute_values.of_preset(told, language=language, label=row.label or "", own=choices)
        return replace(made, hidden=bool(row.hidden))
    return Attribute(
        row.key,
        row.label or row.key,
        row.kind,
        tuple((each, each) for each in choices),
        unit=row.unit or "",
        low=row.low,
        high=row.high,
        own=True,
        hidden=bool(row.hidden),
    )


def get(tx: Tx, key: str) -> Attribute:
    """One attribute, hidden or not.

    Raises:
        NoSuchAttribute: there is none of that key.
    """
    found = next((one for one in defined(tx, hidden=True) if one.key == key), None)
    if found is None:
        raise NoSuchAttribute(key)
    return found


# Whose they are


def title(tx: Tx, lines: Iterable[Particular]) -> str | None:
    """What heads the block of a customer: the names of her children, of her pets; None where none is known."""
    values = {line.attribute.key: line.value for line in lines}
    named = [str(values[key]) for key in trade_presets.preset(tx.option(TRADE)).title if values.get(key)]
    return _(", ").join(named) or None


def of_customer(tx: Tx, customer_id: int) -> tuple[Particular, ...]:
    """Everything the shop may know of a customer, known or not. What follows from a date is left out without one.

    Attributes of other trades are there only where they have a value, a second child only once there is a first.
    """
    values = of_customers(tx, [customer_id]).get(customer_id, {})
    own = {each.key for each in trade_presets.preset(tx.option(TRADE)).attribute}
    found = []
    for attribute in defined(tx):
        value = values.get(attribute.key)
        if not attribute.typed:
            if (value := following(attribute, values.get(attribute.of), day=tx.as_of)) is not None:
                found.append(Particular(attribute, value))
        elif value is not None or attribute.own or (attribute.key in own and _is_next(attribute, values)):
            found.append(Particular(attribute, value))
    return tuple(found)


def _is_next(attribute: Attribute, values: Mapping[str, Value]) -> bool:
    return not attribute.after or attribute.after in values


def of_customers(tx: Tx, ids: Sequence[int], *, keys: Sequence[str] | None = None) -> dict[int, dict[str, Value]]:
    """What is told of some customers, by their ids and the attributes' keys; `keys`: only these."""
    found: dict[int, dict[str, Value]] = {}
    query = select(customer_attributes.c.customer_id, attributes.c.key, attributes.c.kind, customer_attributes.c.value)
    query = query.join(attributes)
    if keys is not None:
        query = query.where(attributes.c.key.in_(keys))
    for start in range(0, len(ids), _BLOCK):
        some = query.where(customer_attributes.c.customer_id.in_(ids[start : start + _BLOCK]))
        for customer, key, kind, value in tx.connection.execute(some):
            found.setdefault(customer, {})[key] = attribute_values.stored(kind, value)
    return found


def everybodys(tx: Tx, key: str) -> dict[int, Value]:
    """Who has what of one attribute. What follows from a date is worked out.

    Raises:
        NoSuchAttribute: there is none of that key.
    """
    attribute = get(tx, key)
    query = (
        select(customer_attributes.c.customer_id, attributes.c.kind, customer_attributes.c.value)
        .join(attributes)
        .where(attributes.c.key == (key if attribute.typed else attribute.of))
    )
    found = {row[0]: attribute_values.stored(row[1], row[2]) for row in tx.connection.execute(query)}
    if attribute.typed:
        return found
    told = {customer: following(attribute, born, day=tx.as_of) for customer, born in found.items()}
    return {customer: value for customer, value in told.items() if value is not None}


# Changed


def put(tx: Tx, told: Mapping[int, Mapping[str, Value | None]]) -> int:
    """Set attributes of some customers by their keys; None forgets one. Returns the change set.

    Raises:
        NoSuchCustomer, NoSuchAttribute: nothing is set.
    """
    change_set = tx.begin_change("attributes", customers=len(told))
    for customer in told:
        customers.require(tx, customer)
    write(tx, told, change_set=change_set)
    return change_set


def write(tx: Tx, told: Mapping[int, Mapping[str, Value | None]], *, change_set: int) -> None:
    """As `put`, within a change set that was begun, of customers who are there."""
    ids = _ids(tx, {key for values in told.values() for key in values})
    table, new = customer_attributes, []
    for customer, values in told.items():
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
    known = {row.key: int(row.id) for row in tx.connection.execute(select(attributes.c.id, attributes.c.key))}
    for key in sorted(keys - known.keys()):
        known[key] = keep(tx, key)
    return known


def keep(tx: Tx, key: str) -> int:
    """The row of an attribute; one of a preset that has none yet gets one.

    That is not journalled: an undo that took an attribute away would take the values of other customers along.

    Raises:
        NoSuchAttribute: no preset has it, or it is never typed.
    """
    row = tx.connection.execute(select(attributes.c.id).where(attributes.c.key == key)).scalar()
    if row is not None:
        return int(row)
    told = trade_presets.known().get(key)
    if told is None or told.kind in FOLLOWING:
        raise NoSuchAttribute(key)
    made = tx.connection.execute(insert(attributes).values(key=key, kind=told.kind, position=IN_PRESET))
    return int(made.inserted_primary_key[0])  # type: ignore[index]  # an insert gives its key
