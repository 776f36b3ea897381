"""A field of any number of customers set at once (U2): what would become of it, then one change set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
from sqlalchemy import select

from shopcrm.act import field_columns, fields
from shopcrm.act.fields import GENDERS, Field
from shopcrm.base import lengths
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.text import clean, fold
from shopcrm.collect import attribute_values, attributes
from shopcrm.store import many_rows
from shopcrm.store.columns import Columns, Ints
from shopcrm.store.tables.attributes import attributes as attribute_rows
from shopcrm.store.tables.attributes import customer_attributes
from shopcrm.store.tables.customers import customers
from shopcrm.store.touched import touch
from shopcrm.store.tx import Tx

PERSONS: Final = ("gender", "source", "occupation", "company", "member_level")
"""The fields of a customer's own row that are set for several; a name is one person's."""
TOLD: Final = 6  # of the values there were, so many are named


@dataclass(eq=False)
class NotForSeveral(UserFailure):
    """A field that is told of one customer at a time, or worked out."""

    text: ClassVar[str] = N_("“{label}” cannot be set for several customers at once.")
    label: str


@dataclass(frozen=True)
class Planned:
    """What would become of some customers: how many change, and from what, the commonest first; "" is nothing."""

    customers: int
    changed: int
    before: tuple[tuple[str, int], ...]  # of those that change: value as its field has it, how many


def editable(tx: Tx) -> tuple[Field, ...]:
    """The fields that can be set for several, in the order of the fields."""
    typed = {one.key for one in attributes.defined(tx) if one.typed}
    return tuple(one for one in fields.of_shop(tx) if one.key in PERSONS or one.key in typed)


def choices(tx: Tx, key: str) -> tuple[tuple[str, str], ...]:
    """(what is typed, its words) of a field that is chosen; none where it is typed."""
    if key == "gender":
        return tuple((gender, _(label)) for gender, label in GENDERS.items())
    found = next((one for one in attributes.defined(tx) if one.key == key), None)
    if found is not None and found.kind == "yes_no":
        return (("yes", _("yes")), ("no", _("no")))
    return tuple(found.choices) if found is not None and found.kind in ("choice", "choices") else ()


def plan(tx: Tx, columns: Columns, ids: Ints, *, key: str, typed: str) -> Planned:
    """What setting a field would do; a blank text clears it.

    Raises:
        NotForSeveral, TooLong, NotANumber, NotADate, NotAChoice: it cannot be set to that.
    """
    value = _understood(tx, key, typed)
    after = _as_shown(tx, key, value)
    found = field_columns.column(tx, columns, key)
    rows = columns.rows(ids)
    lacking = field_columns.missing(found)[rows]
    counted: dict[str, int] = {}
    if isinstance(found, field_columns.Words):
        codes, counts = np.unique(found.codes[rows], return_counts=True)
        counted = {
            "" if code < 0 else found.words[code]: count
            for code, count in zip(codes.tolist(), counts.tolist(), strict=True)
        }
    else:
        there = rows[~lacking].tolist()
        for one in fields.read(tx, columns, columns.ids[there], keys=(key,)):
            told = _words(one[0])
            counted[told] = counted.get(told, 0) + 1
        if lacking.any():
            counted[""] = int(lacking.sum())
    same = counted.pop(after, 0)
    most = sorted(counted.items(), key=lambda told: (-told[1], told[0]))
    return Planned(len(ids), len(rows) - same, tuple(most[:TOLD]))


def put(tx: Tx, ids: Ints, *, key: str, typed: str) -> int:
    """Set a field of some customers; a blank text clears it. Returns the change set.

    Raises:
        NotForSeveral, TooLong, NotANumber, NotADate, NotAChoice: nothing is set.
    """
    value = _understood(tx, key, typed)
    if key in PERSONS:
        change_set = tx.begin_change("bulk_edit", field=key, customers=len(ids))
        many_rows.edit(tx.connection, change_set, customers, {key: value}, ids.tolist())
        return change_set
    if value is None:
        return _clear(tx, ids, key)
    # The first as one by itself, which makes the attribute known; all others take over what was kept of her.
    first, rest = int(ids[0]), ids[1:]
    change_set = attributes.put(tx, {first: {key: value}})
    kept = tx.connection.execute(
        select(customer_attributes.c.attribute_id, customer_attributes.c.value)
        .join(attribute_rows)
        .where(customer_attributes.c.customer_id == first, attribute_rows.c.key == key)
    ).one()
    touch(tx.connection, rest.tolist())
    chosen = "customer_id IN (SELECT id FROM temp.touched)"
    many_rows.remove(
        tx.connection, change_set, customer_attributes,
        f"attribute_id = ? AND value <> ? AND {chosen}", (kept.attribute_id, kept.value),
    )  # fmt: skip
    many_rows.add(
        tx.connection, change_set, customer_attributes,
        """SELECT c.id AS customer_id, ? AS attribute_id, ? AS value, ? AS edited_at FROM customers c
            WHERE c.id IN (SELECT id FROM temp.touched) AND NOT EXISTS
                  (SELECT 1 FROM customer_attributes a WHERE a.customer_id = c.id AND a.attribute_id = ?)""",
        (kept.attribute_id, kept.value, tx.now_seconds, kept.attribute_id),
    )  # fmt: skip
    return change_set


def _clear(tx: Tx, ids: Ints, key: str) -> int:
    change_set = tx.begin_change("bulk_edit", field=key, customers=len(ids))
    touch(tx.connection, ids.tolist())
    many_rows.remove(
        tx.connection, change_set, customer_attributes,
        "attribute_id = (SELECT id FROM attributes WHERE key = ?) AND customer_id IN (SELECT id FROM temp.touched)",
        (key,),
    )  # fmt: skip
    return change_set


def _understood(tx: Tx, key: str, typed: str) -> Any:
    """The value of a field as it is kept; None for nothing."""
    if key not in {one.key for one in editable(tx)}:
        label = next((one.heading for one in fields.of_shop(tx) if one.key == key), key)
        raise NotForSeveral(label)
    if key not in PERSONS:
        return attribute_values.understand(next(one for one in attributes.defined(tx) if one.key == key), typed)
    text = " ".join(clean(typed).split())
    if not text:
        return None
    if key == "gender":
        meant = next((one for one, label in GENDERS.items() if fold(text) in (one, fold(_(label)))), None)
        if meant is None:
            raise attribute_values.NotAChoice(text, ", ".join(_(label) for label in GENDERS.values()))
        return meant
    return lengths.fitting(text, int(customers.c[key].type.length))  # type: ignore[attr-defined]  # they are texts


def _as_shown(tx: Tx, key: str, value: Any) -> str:
    """A value as its field reads."""
    if value is None or key in PERSONS:
        return value or ""
    found = next(one for one in attributes.defined(tx) if one.key == key)
    return found.shown(value) if isinstance(value, str | tuple) else _words(value)


def _words(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
