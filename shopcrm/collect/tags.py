"""Tags (C5): put on and taken off any number of customers, and kept in order in one place; every edit with undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import msgspec
from sqlalchemy import func, select

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.text import clean
from shopcrm.store import many_rows
from shopcrm.store.tables.tags import customer_tags, tags
from shopcrm.store.touched import touch
from shopcrm.store.tx import Tx

LONGEST: Final = 64
COLOURS: Final = {
    "red": N_("Red"),
    "orange": N_("Orange"),
    "yellow": N_("Yellow"),
    "green": N_("Green"),
    "teal": N_("Teal"),
    "blue": N_("Blue"),
    "purple": N_("Purple"),
    "pink": N_("Pink"),
}
"""The colours a tag may have beside grey; what they look like stands with the themes."""

_CHOSEN: Final = "customer_id IN (SELECT id FROM temp.touched)"


@dataclass(eq=False)
class TagEmpty(UserFailure):
    """A tag without a name."""

    text: ClassVar[str] = N_("Type the tag's name.")


@dataclass(eq=False)
class TagTooLong(UserFailure):
    """A name that no chip and no list could show."""

    text: ClassVar[str] = N_("A tag has at most {most} characters, this one has {length}. Write a note instead.")
    length: str
    most: str = str(LONGEST)


@dataclass(eq=False)
class TagTaken(UserFailure):
    """A tag is to be called as another one."""

    text: ClassVar[str] = N_("There is a tag “{name}” already. Merge the two, or choose another name.")
    name: str


@dataclass(eq=False)
class NoSuchTag(UserFailure):
    """A tag that was removed meanwhile."""

    text: ClassVar[str] = N_("This tag is not there any more.")


@dataclass(eq=False)
class NoSuchColour(UserFailure):
    """A colour that tags do not have."""

    text: ClassVar[str] = N_("Tags have no colour “{colour}”.")
    colour: str


@dataclass(frozen=True)
class Tag:
    """A tag and how many wear it."""

    id: int
    name: str
    customers: int
    colour: str | None = None  # one of COLOURS; None: grey
    group: str | None = None  # under which it stands


# Looked at


def all_tags(tx: Tx) -> list[Tag]:
    """Every tag, the most worn first."""
    worn = func.count(customer_tags.c.customer_id)
    rows = tx.connection.execute(
        select(tags.c.id, tags.c.name, worn, tags.c.colour, tags.c.tag_group)
        .outerjoin(customer_tags, customer_tags.c.tag_id == tags.c.id)
        .group_by(tags.c.id)
        .order_by(worn.desc(), tags.c.name)
    )
    return [Tag(*row) for row in rows]


def worn_by(tx: Tx, customer_ids: Sequence[int]) -> list[Tag]:
    """The tags that some of these customers wear, each with how many of them do."""
    # One who only reads has no table to put them in.
    rows = tx.connection.exec_driver_sql(
        """SELECT t.id, t.name, w.worn, t.colour, t.tag_group FROM tags t
             JOIN (SELECT tag_id, count(*) AS worn FROM customer_tags
                    WHERE customer_id IN (SELECT value FROM json_each(?)) GROUP BY tag_id) w ON w.tag_id = t.id
            ORDER BY w.worn DESC, t.name""",
        (msgspec.json.encode(list(customer_ids)).decode(),),
    )
    return [Tag(*row) for row in rows]


def of_customer(tx: Tx, customer_id: int) -> tuple[str, ...]:
    """The names of a customer's tags, in the order they were put on."""
    rows = tx.connection.execute(
        select(tags.c.name)
        .join(customer_tags, customer_tags.c.tag_id == tags.c.id)
        .where(customer_tags.c.customer_id == customer_id)
        .order_by(customer_tags.c.created_at, tags.c.id)
    )
    return tuple(row.name for row in rows)


def colours(tx: Tx) -> dict[str, str]:
    """The colour of every tag that has one, by its name."""
    rows = tx.connection.execute(select(tags.c.name, tags.c.colour).where(tags.c.colour.is_not(None)))
    return {row.name: row.colour for row in rows}


def name_of(typed: str) -> str:
    """A tag's name as it is kept."""
    return " ".join(clean(typed).split())[:LONGEST]


# Put on and taken off


def put(tx: Tx, customer_ids: Sequence[int], *, name: str) -> int:
    """Put a tag, made when new, on customers; those who wear it already keep it. Returns the change set.

    Raises:
        TagEmpty, TagTooLong: nobody gets anything.
    """
    name = _typed(name)
    change_set = tx.begin_change("tag_put", customers=len(customer_ids))
    wear(tx, customer_ids, name=name, change_set=change_set)
    return change_set


def wear(tx: Tx, customer_ids: Sequence[int], *, name: str, change_set: int) -> None:
    """As `put`, within a change set that was begun."""
    found = tx.connection.execute(select(tags.c.id).where(tags.c.name == name)).scalar()
    tag = tx.add(tags, {"name": name}) if found is None else int(found)
    touch(tx.connection, customer_ids)
    _dress(tx, "SELECT id FROM temp.touched", tag=tag, change_set=change_set)


def take(tx: Tx, customer_ids: Sequence[int], *, name: str) -> int:
    """Take a tag off customers; one that nobody wears and nobody has put in order goes. Returns the change set."""
    change_set = tx.begin_change("tag_take", customers=len(customer_ids))
    take_off(tx, customer_ids, name=name, change_set=change_set)
    return change_set


def take_off(tx: Tx, customer_ids: Sequence[int], *, name: str, change_set: int) -> None:
    """As `take`, within a change set that was begun."""
    tag = tx.connection.execute(select(tags).where(tags.c.name == name)).one_or_none()
    if tag is None:
        return
    touch(tx.connection, customer_ids)
    many_rows.remove(tx.connection, change_set, customer_tags, f"tag_id = ? AND {_CHOSEN}", (tag.id,))
    left = tx.connection.execute(select(func.count()).where(customer_tags.c.tag_id == tag.id)).scalar_one()
    if left == 0 and tag.colour is None and tag.tag_group is None:
        tx.remove(tags, {"id": tag.id})


def _dress(tx: Tx, customer_ids: str, *, tag: int, change_set: int) -> None:
    """Put a tag on the customers that the SQL `customer_ids` finds and who do not wear it."""
    many_rows.add(
        tx.connection,
        change_set,
        customer_tags,
        f"""SELECT c.id AS customer_id, ? AS tag_id, ? AS created_at FROM customers c
             WHERE c.id IN ({customer_ids})
               AND NOT EXISTS (SELECT 1 FROM customer_tags w WHERE w.customer_id = c.id AND w.tag_id = ?)""",
        (tag, tx.now_seconds, tag),
    )


# Kept in order


def make(tx: Tx, *, name: str, colour: str | None = None, group: str = "") -> int:
    """A tag that nobody wears yet. Returns the change set.

    Raises:
        TagEmpty, TagTooLong, TagTaken, NoSuchColour: there is none.
    """
    name = _free(tx, name)
    change_set = tx.begin_change("tag_made")
    tx.add(tags, {"name": name, "colour": _colour(colour), "tag_group": name_of(group) or None})
    return change_set


def rename(tx: Tx, tag_id: int, *, name: str) -> int:
    """Call a tag otherwise, for all who wear it. Returns the change set.

    Raises:
        NoSuchTag, TagEmpty, TagTooLong, TagTaken: it keeps its name.
    """
    _require(tx, tag_id)
    name = _free(tx, name, but=tag_id)
    change_set = tx.begin_change("tag_renamed", tag=tag_id)
    tx.edit(tags, {"id": tag_id}, {"name": name})
    return change_set


def paint(tx: Tx, tag_id: int, *, colour: str | None) -> int:
    """Give a tag a colour; None is grey. Returns the change set."""
    _require(tx, tag_id)
    change_set = tx.begin_change("tag_painted", tag=tag_id)
    tx.edit(tags, {"id": tag_id}, {"colour": _colour(colour)})
    return change_set


def group_under(tx: Tx, tag_id: int, *, group: str) -> int:
    """Put a tag under a heading; a blank one takes it out. Returns the change set."""
    _require(tx, tag_id)
    change_set = tx.begin_change("tag_grouped", tag=tag_id)
    tx.edit(tags, {"id": tag_id}, {"tag_group": name_of(group) or None})
    return change_set


def merge(tx: Tx, tag_id: int, *, into: int) -> int:
    """Who wears a tag wears another one instead, and the first is gone. Returns the change set."""
    if tag_id == into:
        raise NoSuchTag
    _require(tx, tag_id)
    _require(tx, into)
    change_set = tx.begin_change("tags_merged", tag=tag_id, into=into)
    _dress(tx, f"SELECT customer_id FROM customer_tags WHERE tag_id = {int(tag_id)}", tag=into, change_set=change_set)
    _drop(tx, tag_id, change_set)
    return change_set


def remove(tx: Tx, tag_id: int) -> int:
    """Take a tag off everybody and remove it. Returns the change set."""
    _require(tx, tag_id)
    change_set = tx.begin_change("tag_removed", tag=tag_id)
    _drop(tx, tag_id, change_set)
    return change_set


def _drop(tx: Tx, tag_id: int, change_set: int) -> None:
    many_rows.remove(tx.connection, change_set, customer_tags, "tag_id = ?", (tag_id,))
    tx.remove(tags, {"id": tag_id})


def _typed(name: str) -> str:
    whole = " ".join(clean(name).split())
    if not whole:
        raise TagEmpty
    if len(whole) > LONGEST:
        raise TagTooLong(f"{len(whole):,}")
    return whole


def _free(tx: Tx, name: str, *, but: int = 0) -> str:
    """A name that no other tag has."""
    name = _typed(name)
    if tx.connection.execute(select(tags.c.id).where(tags.c.name == name, tags.c.id != but)).first() is not None:
        raise TagTaken(name)
    return name


def _colour(colour: str | None) -> str | None:
    if colour is not None and colour not in COLOURS:
        raise NoSuchColour(colour)
    return colour


def _require(tx: Tx, tag_id: int) -> None:
    if tx.connection.execute(select(tags.c.id).where(tags.c.id == tag_id)).first() is None:
        raise NoSuchTag
