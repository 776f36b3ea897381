"""Two known customers become one, and two again (C4): whatever hangs on them goes along, every row in the journal.

Each merge has a change set of its own. Taken apart, the later merges of the same customer are lifted first and put back
afterwards: so each is taken back from exactly what it made, in whatever order they are taken apart.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

import msgspec
from sqlalchemy import Table, delete, insert, select, update

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.collect import merge_lines
from shopcrm.collect.merge_lines import FIELDS, Journal, Row
from shopcrm.store import journal
from shopcrm.store.tables.attributes import attributes, customer_attributes
from shopcrm.store.tables.customers import (
    addresses,
    consents,
    customer_merges,
    customers,
    distinct_customers,
    follows,
    identities,
    merges,
    opt_outs,
)
from shopcrm.store.tables.journal import change_rows
from shopcrm.store.tables.notes import follow_ups, notes, wishes
from shopcrm.store.tables.orders import order_identities, orders
from shopcrm.store.tables.reminders import reminder_actions
from shopcrm.store.tables.scripts import script_uses
from shopcrm.store.tables.tags import customer_tags
from shopcrm.store.tx import Tx

ATTRIBUTE: Final = "attribute:"
_FOLLOWING: Final = (
    addresses, consents, customer_merges, follow_ups, merges, notes, opt_outs, orders, reminder_actions, script_uses,
    wishes,
)  # fmt: skip
# Of these a customer has at most one each: what the one who stays has already stands.
_ONE_EACH: Final = ((customer_tags, "tag_id"), (customer_attributes, "attribute_id"), (follows, "channel"))
_JOURNALLED: Final = frozenset(
    {*_FOLLOWING, identities, order_identities, customers, distinct_customers, *(table for table, _name in _ONE_EACH)}
)


@dataclass(eq=False)
class NoSuchMerge(UserFailure):
    """It is not there, or was taken apart before."""

    text: ClassVar[str] = N_("These two were taken apart already.")


@dataclass(frozen=True)
class Merge:
    """Two customers who were made one."""

    id: int
    keep: int
    gone: int
    change_set: int
    evidence: tuple[Mapping[str, str], ...]
    choices: tuple[str, ...]
    at: int  # UTC seconds
    actor: str
    batch: int | None


@dataclass(frozen=True)
class Part:
    """Somebody of whom a customer was made, and what she was called."""

    merge: Merge
    name: str


@dataclass(frozen=True)
class Lifted:
    """Merges that are taken apart for a while."""

    merges: tuple[Merge, ...]  # as they are to be put back, in their order
    concerned: set[int]  # whom they concern
    known: int  # the last identity before; a later one stood for another's meanwhile


def merge(
    tx: Tx,
    *,
    keep: int,
    gone: int,
    evidence: Sequence[Mapping[str, str]],
    choices: Collection[str] = (),
    batch: int | None = None,
) -> Merge:
    """Let everything of `gone` belong to `keep`; the row of `gone` leaves. `statistics.refresh` is the caller's.

    Args:
        tx: A writing transaction.
        keep: Who stays.
        gone: Who becomes her.
        evidence: Why they are one.
        choices: What is taken from `gone` though `keep` has it too: of `FIELDS`, or `ATTRIBUTE` and its key; and
            `NAME_KEPT`.
        batch: The import that found it out.
    """
    change_set = _begin(tx, "merge", keep=keep, gone=gone)
    made = Merge(0, keep, gone, change_set, tuple(evidence), tuple(sorted(choices)), tx.now_seconds, tx.actor, batch)
    return _write(tx, made)


def parts(tx: Tx, customer: int) -> tuple[Part, ...]:
    """Of whom a customer was made, the last first."""
    return tuple(
        Part(one, _name_of_gone(tx, one)) for one in _found(tx, customer_merges.c.customer_id == customer)[::-1]
    )


def _name_of_gone(tx: Tx, made: Merge) -> str:
    left = journal.touched(tx.connection, made.change_set, customers)
    rows = [row for row, after in left if after is None and row is not None and row["id"] == made.gone]
    return str(rows[0]["name"]) if rows else ""


def get(tx: Tx, number: int) -> Merge:
    """One merge.

    Raises:
        NoSuchMerge: see there.
    """
    found = _found(tx, customer_merges.c.id == number)
    if not found:
        raise NoSuchMerge
    return found[0]


def of_change(tx: Tx, change_set: int) -> Merge:
    """The merge that a change set made.

    Raises:
        NoSuchMerge: see there.
    """
    made = [after for before, after in journal.touched(tx.connection, change_set, customer_merges) if before is None]
    return get(tx, made[0]["id"] if made and made[0] else 0)


def dissolve(tx: Tx, number: int) -> tuple[int, set[int]]:
    """Take a merge apart in a change set of its own: (that change set, whom it concerns).

    Raises:
        NoSuchMerge: see there.
    """
    made = get(tx, number)
    row = dict(tx.connection.execute(select(customer_merges).where(customer_merges.c.id == number)).mappings().one())
    change_set = tx.begin_change("unmerge", keep=made.keep, gone=made.gone)
    concerned = take_apart(tx, number)
    Journal(tx.connection, change_set).row(customer_merges, {"id": number}, row, None)
    return change_set, concerned


def merge_again(tx: Tx, change_set: int) -> tuple[int, set[int]]:
    """Make again the merge that a change set took apart: (its new change set, whom it concerns).

    Raises:
        NoSuchMerge: one of the two is not there any more.
    """
    rows = [before for before, after in journal.touched(tx.connection, change_set, customer_merges) if after is None]
    row = rows[0] if rows else None
    if row is None or not _are_there(tx, row["customer_id"], row["gone_id"]):
        raise NoSuchMerge
    made = merge(
        tx,
        keep=row["customer_id"],
        gone=row["gone_id"],
        evidence=msgspec.json.decode(row["evidence"]),
        choices=msgspec.json.decode(row["choices"]),
        batch=row["batch_id"],
    )
    return made.change_set, {made.keep, made.gone}


def take_apart(tx: Tx, number: int) -> set[int]:
    """Take back a merge; orders that came since go to whom their identity belongs. Returns the customers concerned.

    Raises:
        NoSuchMerge: see there.
    """
    wanted = get(tx, number)
    lifted = [one for one in _found(tx, customer_merges.c.customer_id == wanted.keep) if one.id >= number]
    apart = _lift(tx, lifted)
    others = tuple(one for one in apart.merges if one.id != number)
    return apart.concerned | put_back(tx, replace(apart, merges=others))


def lift_of_batch(tx: Tx, batch: int) -> Lifted:
    """Take apart for a while what stands in the way of undoing an import.

    What the import itself found out is not put back.
    """
    rows = tx.connection.exec_driver_sql(
        """SELECT DISTINCT m.customer_id FROM customer_merges m JOIN customers c ON c.id = m.customer_id
            WHERE m.batch_id = :batch OR c.batch_id = :batch
               OR EXISTS (SELECT 1 FROM identities i WHERE i.customer_id = c.id AND i.batch_id = :batch)
               OR EXISTS (SELECT 1 FROM orders o JOIN batch_orders h ON h.order_id = o.id AND h.batch_id = :batch
                           WHERE o.customer_id = c.id)
               OR EXISTS (SELECT 1 FROM batch_people h WHERE h.batch_id = :batch
                           AND h.customer_id IN (m.customer_id, m.gone_id))""",
        {"batch": batch},
    )
    concerned = [customer for (customer,) in rows]
    merge_lines.note_names(tx.connection, concerned)
    lifted = _lift(tx, _found(tx, customer_merges.c.customer_id.in_(concerned)))
    return replace(lifted, merges=tuple(one for one in lifted.merges if one.batch != batch))


def put_back(tx: Tx, lifted: Lifted) -> set[int]:
    """Make the lifted merges again, as far as both are still there. Returns the customers concerned."""
    concerned: set[int] = set()
    for one in lifted.merges:
        if _are_there(tx, one.keep, one.gone):
            merge_lines.drop_meanwhile(tx.connection, one.keep, one.gone, known=lifted.known)
            if _is_import(tx, one.change_set):
                one = replace(one, change_set=_begin(tx, "merge", keep=one.keep, gone=one.gone))
            else:  # what it moves is noted anew
                tx.connection.execute(delete(change_rows).where(change_rows.c.change_set_id == one.change_set))
            _write(tx, one)
            concerned |= {one.keep, one.gone}
    return concerned


def _are_there(tx: Tx, *wanted: int) -> bool:
    there = tx.connection.execute(select(customers.c.id).where(customers.c.id.in_(wanted))).all()
    return len(there) == len(set(wanted)) > 1


def _begin(tx: Tx, kind: str, **summary: object) -> int:
    """A change set beside the one that the transaction is at."""
    return journal.begin(tx.connection, kind=kind, actor=tx.actor, at=tx.now_seconds, summary=summary)


def _found(tx: Tx, condition: Any) -> list[Merge]:
    rows = tx.connection.execute(select(customer_merges).where(condition).order_by(customer_merges.c.id))
    return [
        Merge(
            row.id,
            row.customer_id,
            row.gone_id,
            row.change_set_id,
            tuple(msgspec.json.decode(row.evidence)),
            tuple(msgspec.json.decode(row.choices)),
            row.at,
            row.actor,
            row.batch_id,
        )
        for row in rows
    ]


def _write(tx: Tx, made: Merge) -> Merge:
    """Move what is `gone`'s; a merge that is made again keeps its number."""
    keep, gone, record = made.keep, made.gone, Journal(tx.connection, made.change_set)
    for table in _FOLLOWING:
        mine = tx.connection.execute(select(table.c.id).where(table.c.customer_id == gone)).scalars().all()
        tx.connection.execute(update(table).where(table.c.customer_id == gone).values(customer_id=keep))
        # Only whose it is is journalled: the rest of the row goes its own way.
        record.moves(table, mine, gone=gone, keep=keep)
    merge_lines.move_identities(tx.connection, record, keep=keep, gone=gone)
    for table, name in _ONE_EACH:
        _move_one_each(tx, record, table, name, made)
    merge_lines.move_distinct(tx.connection, record, keep=keep, gone=gone)
    for derived in ("occasions", "customer_statistics"):
        tx.connection.exec_driver_sql(f"DELETE FROM {derived} WHERE customer_id = ?", (gone,))
    left = dict(tx.connection.execute(select(customers).where(customers.c.id == gone)).mappings().one())
    merge_lines.fill_fields(tx.connection, record, keep=keep, gone=left, choices=made.choices)
    tx.connection.execute(delete(customers).where(customers.c.id == gone))
    record.row(customers, {"id": gone}, left, None)
    values = {
        "customer_id": keep,
        "gone_id": gone,
        "change_set_id": made.change_set,
        "evidence": msgspec.json.encode(made.evidence).decode(),
        "choices": msgspec.json.encode(made.choices).decode(),
        "at": made.at,
        "actor": made.actor,
        "batch_id": made.batch,
        **({"id": made.id} if made.id else {}),
    }
    number = int(tx.connection.execute(insert(customer_merges).values(**values)).lastrowid)
    record.row(customer_merges, {"id": number}, None, {"id": number, **values})
    return replace(made, id=number)


def _move_one_each(tx: Tx, record: Journal, table: Table, name: str, made: Merge) -> None:
    held = {row[name]: row for row in merge_lines.rows(tx.connection, table, made.keep)}
    wanted = {one.removeprefix(ATTRIBUTE) for one in made.choices if one.startswith(ATTRIBUTE)}
    chosen = set(tx.connection.execute(select(attributes.c.id).where(attributes.c.key.in_(wanted))).scalars())
    for row in merge_lines.rows(tx.connection, table, made.gone):
        key = {"customer_id": made.gone, name: row[name]}
        record.row(table, key, row, None)
        tx.connection.execute(delete(table).where(*merge_lines.at(table, key)))
        stays, moved = {**key, "customer_id": made.keep}, {**row, "customer_id": made.keep}
        if row[name] not in held:
            tx.connection.execute(insert(table).values(**moved))
            record.row(table, stays, None, moved)
        elif table is customer_attributes and row[name] in chosen:
            tx.connection.execute(update(table).where(*merge_lines.at(table, stays)).values(**moved))
            record.row(table, stays, held[row[name]], moved)


def _lift(tx: Tx, standing: Sequence[Merge]) -> Lifted:
    """Take apart these, the last first."""
    known = merge_lines.last_identity(tx.connection)
    lifted, concerned = [], set[int]()
    for one in reversed(standing):
        # Who stayed is another one again, once a later merge is taken apart.
        now = get(tx, one.id)
        lifted.append(_lift_one(tx, now))
        concerned |= {now.keep, now.gone}
    return Lifted(tuple(lifted[::-1]), concerned, known)


def _lift_one(tx: Tx, made: Merge) -> Merge:
    tx.connection.execute(delete(customer_merges).where(customer_merges.c.id == made.id))
    settled: set[str] = set()
    for table, before, after in reversed(_told(tx, made)):
        if table is customers and before is not None and after is not None:
            settled |= merge_lines.take_back_fields(tx.connection, before, after)
        else:
            merge_lines.take_back(tx.connection, table, before, after)
    merge_lines.give_later_ones(tx.connection, keep=made.keep, gone=made.gone)
    by_hand = {name for name in made.choices if name in FIELDS} - settled
    return replace(made, choices=tuple(name for name in made.choices if name not in by_hand))


def _told(tx: Tx, made: Merge) -> list[tuple[Table, Row | None, Row | None]]:
    """What a merge wrote. Those of schema 3 and before stand in the change set of their import, among other rows."""
    told: list[tuple[Table, Row | None, Row | None]] = [
        (table, before, after)
        for table, before, after in journal.all_touched(tx.connection, made.change_set)
        if table in _JOURNALLED
    ]
    if not _is_import(tx, made.change_set):
        return told
    left = {
        (table.name, before[name])
        for each, name in _ONE_EACH
        for table, before, _after in told
        if table is each and before is not None and before["customer_id"] == made.gone
    }
    return [line for line in told if _is_of(line, made, left)]


def _is_import(tx: Tx, change_set: int) -> bool:
    kind = tx.connection.exec_driver_sql("SELECT kind FROM change_sets WHERE id = ?", (change_set,)).scalar()
    return bool(kind == "import")


def _is_of(line: tuple[Table, Row | None, Row | None], made: Merge, left: set[tuple[str, Any]]) -> bool:
    table, before, after = line
    if table is customers:
        return before is not None and (before["id"] == made.gone if after is None else before["id"] == made.keep)
    if before is not None and before.get("customer_id") == made.gone:
        return table is not orders or (after is not None and after.keys() == {"id", "customer_id"})
    names = {one.name: name for one, name in _ONE_EACH}
    return before is None and after is not None and (table.name, after.get(names.get(table.name, ""))) in left
