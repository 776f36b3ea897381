"""One journal for undo, history and audit: what was changed, by whom, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec
from sqlalchemy import (
    Connection,
    CursorResult,
    Table,
    UniqueConstraint,
    and_,
    delete,
    func,
    insert,
    not_,
    select,
    update,
)

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.store import many_rows
from shopcrm.store.tables import metadata
from shopcrm.store.tables.journal import change_rows, change_sets


@dataclass(eq=False)
class NothingToUndo(UserFailure):
    """The change set is not there, or was undone before."""

    text: ClassVar[str] = N_("This was undone already.")


@dataclass(frozen=True)
class Kept:
    """A row that undo left as it is, because it was edited since or later rows point to it."""

    table: str
    key: Mapping[str, Any]


@dataclass(frozen=True)
class Undone:
    """What an undo did. `change_set` undoes the undo."""

    change_set: int
    restored: int
    kept: tuple[Kept, ...]


def begin(connection: Connection, *, kind: str, actor: str, at: int, summary: Mapping[str, object]) -> int:
    """Open a change set. `summary` holds counts and ids, never a name, phone or address."""
    values = {"kind": kind, "actor": actor, "at": at, "summary": _json(summary)}
    return int(_inserted(connection.execute(insert(change_sets).values(values)))[0])


def add(connection: Connection, change_set: int, table: Table, values: Mapping[str, Any]) -> int:
    """Insert one row and record it."""
    result = connection.execute(insert(table).values(**values))
    names = [column.name for column in table.primary_key.columns]
    key = dict(zip(names, _inserted(result), strict=True))
    _record(connection, change_set, table, [(key, None, _row(connection, table, key))])
    return int(next(iter(key.values()))) if len(key) == 1 and isinstance(next(iter(key.values())), int) else 0


def edit(
    connection: Connection, change_set: int, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]
) -> bool:
    """Change one row and record it. False when it is not there or nothing differs."""
    before = _row(connection, table, key)
    if before is None or all(before[name] == value for name, value in values.items()):
        return False
    connection.execute(update(table).where(_is(table, key)).values(**values))
    _record(connection, change_set, table, [(key, before, {**before, **values})])
    return True


def remove(connection: Connection, change_set: int, table: Table, key: Mapping[str, Any]) -> bool:
    """Delete one row and record it."""
    before = _row(connection, table, key)
    if before is None:
        return False
    connection.execute(delete(table).where(_is(table, key)))
    _record(connection, change_set, table, [(key, before, None)])
    return True


def record(
    connection: Connection,
    change_set: int,
    table: Table,
    rows: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None, Mapping[str, Any] | None]],
) -> None:
    """Record rows (key, before, after) that were written in bulk."""
    _record(connection, change_set, table, rows)


def undo(connection: Connection, change_set: int, *, actor: str, at: int) -> Undone:
    """Take back a change set, last row first. Rows edited since, or that later ones point to, stay and are listed."""
    found = connection.execute(select(change_sets.c.undone_at).where(change_sets.c.id == change_set)).first()
    if found is None or found.undone_at is not None:
        raise NothingToUndo
    undoing = begin(connection, kind="undo", actor=actor, at=at, summary={"of": change_set})
    connection.execute(update(change_sets).where(change_sets.c.id == undoing).values(undo_of=change_set))
    kept: list[Kept] = []
    restored = 0
    recorded = select(change_rows).where(change_rows.c.change_set_id == change_set).order_by(change_rows.c.id.desc())
    for run in _runs(connection, change_set):
        if run is not None and run.rows >= many_rows.MANY and not _twice(connection, change_set, run):
            done, keys = many_rows.take_back(connection, change_set, run, undoing=undoing)
            kept += [Kept(run.table, msgspec.json.decode(key)) for key in keys]
            restored += done
            continue
        asked = recorded if run is None else recorded.where(change_rows.c.id.between(run.first, run.last))
        for row in connection.execute(asked).all():
            left = _take_back(connection, row, undoing=undoing)
            kept += [left] if left is not None else []
            restored += left is None
    connection.execute(update(change_sets).where(change_sets.c.id == change_set).values(undone_at=at))
    return Undone(undoing, restored, tuple(kept))


def _runs(connection: Connection, change_set: int) -> list[many_rows.Run | None]:
    """The rows of a change set in runs, the last first; None stands for all rows of one that is not large."""
    count = select(func.count()).where(change_rows.c.change_set_id == change_set)
    few = connection.execute(count).scalar_one() < many_rows.MANY
    return [None] if few else list(many_rows.runs(connection, change_set))


def _twice(connection: Connection, change_set: int, run: many_rows.Run) -> bool:
    """Whether a run edits a row more than once: that is taken back step by step."""
    keys = select(func.count(func.distinct(change_rows.c.row_key))).where(
        change_rows.c.change_set_id == change_set, change_rows.c.id.between(run.first, run.last)
    )
    return bool(run.columns) and connection.execute(keys).scalar_one() < run.rows


def _take_back(connection: Connection, row: Any, *, undoing: int) -> Kept | None:
    """Take back one row; what is left as it is."""
    table = metadata.tables[row.table_name]
    key = msgspec.json.decode(row.row_key)
    before = msgspec.json.decode(row.before) if row.before else None
    after = msgspec.json.decode(row.after) if row.after else None
    current = _row(connection, table, key)
    if not _is_as_recorded(current, after) or (before is None and _is_referred_to(connection, table, key)):
        return Kept(row.table_name, key)
    if before is not None and _is_taken(connection, table, key, before):
        return Kept(row.table_name, key)
    if before is None:
        connection.execute(delete(table).where(_is(table, key)))
    elif after is None:
        lost = _lost_references(connection, table, before)
        if not all(table.c[name].nullable for name in lost):
            return Kept(row.table_name, key)
        before = {**before, **dict.fromkeys(lost)}
        connection.execute(insert(table).values(**before))
    else:
        connection.execute(update(table).where(_is(table, key)).values(**before))
    # Of a row that goes all is kept, also what was never journalled: it may be wanted again.
    _record(connection, undoing, table, [(key, current if before is None else after, before)])
    return None


def _is_taken(connection: Connection, table: Table, key: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether another row has meanwhile what only one may have (the name of a tag)."""
    for rule in table.constraints:
        names = [column.name for column in rule.columns] if isinstance(rule, UniqueConstraint) else []
        if not names or any(row.get(name) is None for name in names):
            continue
        others = select(table).where(_is(table, {name: row[name] for name in names}), not_(_is(table, key))).limit(1)
        if connection.execute(others).first() is not None:
            return True
    return False


def _is_as_recorded(current: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    """Whether a row is what was written; of very many only the key and what was set is recorded."""
    if current is None or after is None:
        return current is after
    return all(current.get(name) == value for name, value in after.items())


def newest(connection: Connection, *, but: Sequence[str] = ()) -> int:
    """The newest change set that is not of these kinds; 0 where there is none."""
    query = select(func.max(change_sets.c.id)).where(change_sets.c.kind.not_in(but))
    return int(connection.execute(query).scalar() or 0)


def _is_referred_to(connection: Connection, table: Table, key: Mapping[str, Any]) -> bool:
    """Whether rows still point to a row: what came later needs it, and must not be swept away with it unrecorded.

    The rows of a change set's own are gone by then, as it is taken back last row first.
    """
    for other in metadata.tables.values():
        if other.info.get("goes_along"):
            continue
        for foreign in other.foreign_keys:
            if foreign.column.table is not table or foreign.ondelete == "SET NULL":
                continue
            pointing = select(foreign.parent).where(foreign.parent == key.get(foreign.column.name)).limit(1)
            if connection.execute(pointing).first() is not None:
                return True
    return False


def touched(
    connection: Connection, change_set: int, table: Table
) -> list[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """The (before, after) pairs a change set recorded for one table."""
    rows = connection.execute(
        select(change_rows.c.before, change_rows.c.after)
        .where(change_rows.c.change_set_id == change_set, change_rows.c.table_name == table.name)
        .order_by(change_rows.c.id)
    )
    return [
        (msgspec.json.decode(before) if before else None, msgspec.json.decode(after) if after else None)
        for before, after in rows
    ]


def all_touched(
    connection: Connection, change_set: int
) -> list[tuple[Table, dict[str, Any] | None, dict[str, Any] | None]]:
    """The (table, before, after) of every row that a change set recorded, as they were written."""
    rows = connection.execute(
        select(change_rows.c.table_name, change_rows.c.before, change_rows.c.after)
        .where(change_rows.c.change_set_id == change_set)
        .order_by(change_rows.c.id)
    )
    return [
        (
            metadata.tables[name],
            msgspec.json.decode(before) if before else None,
            msgspec.json.decode(after) if after else None,
        )
        for name, before, after in rows
    ]


def _inserted(result: CursorResult[Any]) -> tuple[Any, ...]:
    if result.inserted_primary_key is None:
        raise RuntimeError("an insert without a key")
    return tuple(result.inserted_primary_key)


def _is(table: Table, key: Mapping[str, Any]) -> Any:
    return and_(*(table.c[name] == value for name, value in key.items()))


def _row(connection: Connection, table: Table, key: Mapping[str, Any]) -> dict[str, Any] | None:
    found = connection.execute(select(table).where(_is(table, key))).mappings().first()
    return dict(found) if found is not None else None


def _lost_references(connection: Connection, table: Table, row: Mapping[str, Any]) -> list[str]:
    """The columns of a row that name a row which is no longer there (a customer whose import was undone)."""
    return [
        reference.parent.name
        for reference in table.foreign_keys
        if row[reference.parent.name] is not None
        and connection.execute(select(reference.column).where(reference.column == row[reference.parent.name])).first()
        is None
    ]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _record(
    connection: Connection,
    change_set: int,
    table: Table,
    rows: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None, Mapping[str, Any] | None]],
) -> None:
    values = [
        (
            change_set,
            table.name,
            _json(dict(key)),
            None if before is None else _json(dict(before)),
            None if after is None else _json(dict(after)),
        )
        for key, before, after in rows
    ]
    if values:
        connection.exec_driver_sql(
            "INSERT INTO change_rows (change_set_id, table_name, row_key, before, after) VALUES (?, ?, ?, ?, ?)", values
        )
