"""Which attributes a shop keeps (C6): added, renamed, put aside, put into another order, removed, each with undo."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import msgspec
from sqlalchemy import delete, func, select

from shopcrm.base import trade_presets
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.text import clean, fold
from shopcrm.base.trade_presets import OWN, Kind
from shopcrm.collect import attributes as shops
from shopcrm.collect.attribute_values import Attribute
from shopcrm.store import journal
from shopcrm.store.tables.attributes import attributes, customer_attributes
from shopcrm.store.tx import Tx

LONGEST_LABEL: Final = 64
LONGEST_CHOICE: Final = 60
MOST_CHOICES: Final = 200
KINDS: Final[tuple[tuple[Kind, str], ...]] = (
    ("text", N_("A text")),
    ("number", N_("A number")),
    ("choice", N_("One of several")),
    ("choices", N_("Several of several")),
    ("date", N_("A date")),
    ("yes_no", N_("Yes or no")),
)
"""The kinds that somebody can choose, in the order in which they are offered."""
_BETWEEN: Final = re.compile(r"[、,，;；\n]")
_OF_BLANKS: Final = "{}|"


@dataclass(eq=False)
class LabelMissing(UserFailure):
    """An attribute without a name."""

    text: ClassVar[str] = N_("Type what it is called.")


@dataclass(eq=False)
class LabelTooLong(UserFailure):
    """A name that no column could show."""

    text: ClassVar[str] = N_("A name has at most {most} characters; these are {length}.")
    length: str
    most: int = LONGEST_LABEL


@dataclass(eq=False)
class LabelOfABlank(UserFailure):
    """A name with a sign that has its own meaning in scripts."""

    text: ClassVar[str] = N_("A name cannot hold {signs}: they have their own meaning in scripts.")
    signs: str = " ".join(_OF_BLANKS)


@dataclass(eq=False)
class LabelTaken(UserFailure):
    """Two things would be called the same."""

    text: ClassVar[str] = N_("There is something called “{label}” already.")
    label: str


@dataclass(eq=False)
class ChoicesMissing(UserFailure):
    """Nothing to choose from."""

    text: ClassVar[str] = N_("Type what there is to choose from, with a comma between.")


@dataclass(eq=False)
class ChoicesTooMany(UserFailure):
    """More, or longer ones, than anybody could choose from."""

    text: ClassVar[str] = N_("There can be at most {most} choices of at most {longest} characters.")
    most: int = MOST_CHOICES
    longest: int = LONGEST_CHOICE


@dataclass(eq=False)
class BoundsCrossed(UserFailure):
    """A lowest number above the highest."""

    text: ClassVar[str] = N_("The lowest number is above the highest.")


@dataclass(frozen=True)
class Draft:
    """What somebody has said of an attribute. `choices` are as typed; of a preset's only those that are added."""

    label: str
    kind: Kind = "text"
    choices: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None


# Changed


def add(tx: Tx, draft: Draft) -> str:
    """Add an attribute of the owner's own, at the end. Returns its key; the change set is `tx.change_set`.

    Raises:
        UserFailure: it cannot be kept as it is; the sentence says why.
    """
    values = _values(tx, draft, but="", needs_choices=draft.kind in ("choice", "choices"))
    # A number is never given again, also when the last one was removed: an undo brings it back.
    used = tx.connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'attributes'").scalar() or 0
    key = f"{OWN}{used + 1}"
    tx.begin_change("attribute_add", key=key, of=draft.kind)
    tx.add(attributes, {"key": key, "kind": draft.kind, "position": len(shops.defined(tx, hidden=True)), **values})
    return key


def change(tx: Tx, key: str, draft: Draft) -> int:
    """Rename an attribute and change its choices, unit and bounds; its kind stays. Returns the change set.

    One of a preset takes a name (a blank one gives it back the preset's) and further choices.

    Raises:
        UserFailure: it cannot be kept as it is; the sentence says why.
    """
    before = shops.get(tx, key)
    told = trade_presets.known().get(key)
    if told is not None and fold(draft.label) in ("", fold(told.label.get(tx.language, ""))):
        values: dict[str, Any] = {**_values(tx, Draft("-", choices=draft.choices), but=key), "label": None}
    else:
        values = _values(tx, draft, but=key, needs_choices=told is None and before.kind in ("choice", "choices"))
    if told is not None:
        known = {fold(word) for choice in told.choices for word in (choice.key, *choice.label.values())}
        more = [one for one in msgspec.json.decode(values["choices"] or "[]") if fold(one) not in known]
        values = {"label": values["label"], "choices": msgspec.json.encode(more).decode() if more else None}
    change_set = tx.begin_change("attribute_change", key=key)
    tx.edit(attributes, {"id": shops.keep(tx, key)}, values)
    return change_set


def hide(tx: Tx, key: str, *, hidden: bool = True) -> int:
    """Put an attribute aside, or bring it back; its values stay. Returns the change set."""
    shops.get(tx, key)
    change_set = tx.begin_change("attribute_hide", key=key, hidden=hidden)
    tx.edit(attributes, {"id": shops.keep(tx, key)}, {"hidden": hidden})
    return change_set


def move(tx: Tx, key: str, *, by: int) -> int:
    """Move an attribute up (`by` -1) or down among those that are shown. Returns the change set; empty at the end."""
    everything = [one.key for one in shops.defined(tx, hidden=True) if one.typed]
    shown = [one.key for one in shops.defined(tx) if one.typed]
    change_set = tx.begin_change("attribute_move", key=key, by=by)
    if key not in shown or not 0 <= (target := shown.index(key) + by) < len(shown):
        return change_set
    beside = shown[target]
    everything.remove(key)
    everything.insert(everything.index(beside) + (by > 0), key)
    for place, each in enumerate(everything):
        tx.edit(attributes, {"id": shops.keep(tx, each)}, {"position": place})
    return change_set


def remove(tx: Tx, key: str) -> int:
    """Remove one of the owner's own with all its values; undo brings them back. One of a preset is put aside.

    Returns the change set.
    """
    if not shops.get(tx, key).own:
        return hide(tx, key)
    table = customer_attributes
    number = shops.keep(tx, key)
    rows = [
        dict(row)
        for row in tx.connection.execute(select(table).where(table.c.attribute_id == number)).mappings()
    ]  # fmt: skip
    change_set = tx.begin_change("attribute_remove", key=key, values=len(rows))
    keys = [{"customer_id": row["customer_id"], "attribute_id": number} for row in rows]
    journal.record(tx.connection, change_set, table, zip(keys, rows, [None] * len(rows), strict=True))
    tx.connection.execute(delete(table).where(table.c.attribute_id == number))
    tx.remove(attributes, {"id": number})
    return change_set


def counts(tx: Tx) -> dict[str, int]:
    """By key of how many customers an attribute is known."""
    query = select(attributes.c.key, func.count()).join(customer_attributes).group_by(attributes.c.key)
    return {key: count for key, count in tx.connection.execute(query)}  # noqa: C416  # rows


def draft_of(attribute: Attribute) -> Draft:
    """An attribute as it would be typed; of a preset's choices only those that were added."""
    told = trade_presets.known().get(attribute.key)
    preset = {choice.key for choice in told.choices} if told is not None else set()
    choices = [shown for key, shown in attribute.choices if key not in preset]
    return Draft(
        attribute.label, attribute.kind, _(", ").join(choices), attribute.unit, attribute.low, attribute.high
    )  # fmt: skip


# What may be kept


def _values(tx: Tx, draft: Draft, *, but: str, needs_choices: bool = False) -> dict[str, Any]:
    """What is kept of a draft."""
    label = " ".join(clean(draft.label).split())
    if not label:
        raise LabelMissing
    if len(label) > LONGEST_LABEL:
        raise LabelTooLong(f"{len(label):,}")
    if any(sign in label for sign in _OF_BLANKS):
        raise LabelOfABlank
    if any(fold(one.label) == fold(label) for one in shops.defined(tx, hidden=True) if one.key != but):
        raise LabelTaken(label)
    choices = _choices(draft.choices)
    if needs_choices and not choices:
        raise ChoicesMissing
    if draft.low is not None and draft.high is not None and draft.low > draft.high:
        raise BoundsCrossed
    return {
        "label": label,
        "choices": msgspec.json.encode(choices).decode() if choices else None,
        "unit": clean(draft.unit)[:16] or None,
        "low": draft.low,
        "high": draft.high,
    }


def _choices(typed: str) -> Sequence[str]:
    parts = (" ".join(clean(part).split()) for part in _BETWEEN.split(typed))
    found = list({fold(part): part for part in parts if part}.values())
    if len(found) > MOST_CHOICES or any(len(one) > LONGEST_CHOICE for one in found):
        raise ChoicesTooMany
    return found
