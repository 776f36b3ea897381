"""Very many rows written at once: recorded in the journal and taken back by it in SQL, none of them seen by Python.

What is recorded reads as if each row had been written by itself, but of an edit only the key and what was set is
kept: a million whole rows, before and after, would outweigh the shop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Table

from shopcrm.store.tables import metadata
from shopcrm.store.touched import touch

MANY: Final = 2_000  # rows of one sort, one after the other: from here on they are taken back together
_ROWS: Final = "temp.many_rows"


def add(connection: Connection, change_set: int, table: Table, select: str, arguments: Sequence[object] = ()) -> int:
    """Insert what the SQL `select` finds, all columns in their order. Returns how many rows that were."""
    names = [column.name for column in table.columns]
    _take(connection, f"SELECT {', '.join(names)} FROM ({select})", arguments)
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({', '.join(names)}) SELECT * FROM {_ROWS}")
    return _record(connection, change_set, table, before="NULL", after=_object(names))


def remove(connection: Connection, change_set: int, table: Table, where: str, arguments: Sequence[object] = ()) -> int:
    """Delete the rows of which the SQL `where` holds. Returns how many rows that were."""
    names = [column.name for column in table.columns]
    _take(connection, f"SELECT {', '.join(names)} FROM {table.name} WHERE {where}", arguments)
    key = ", ".join(_key(table))
    connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE ({key}) IN (SELECT {key} FROM {_ROWS})")
    return _record(connection, change_set, table, before=_object(names), after="NULL")


def edit(connection: Connection, change_set: int, table: Table, values: Mapping[str, Any], ids: Sequence[int]) -> int:
    """Set the same values in the rows of these ids. Returns how many differ now from what they were."""
    touch(connection, ids)
    differs = " OR ".join(f"{name} IS NOT ?" for name in values)
    held = ", ".join(["id", *values])
    where = f"id IN (SELECT id FROM temp.touched) AND ({differs})"
    _take(connection, f"SELECT {held} FROM {table.name} WHERE {where}", tuple(values.values()))
    setting = ", ".join(f"{name} = ?" for name in values)
    connection.exec_driver_sql(
        f"UPDATE {table.name} SET {setting} WHERE id IN (SELECT id FROM {_ROWS})", tuple(values.values())
    )
    told = ", ".join(["'id', id", *(f"'{name}', ?" for name in values)])
    return _record(
        connection, change_set, table, before=_object(["id", *values]), after=f"json_object({told})",
        arguments=tuple(values.values()),
    )  # fmt: skip


def _take(connection: Connection, select: str, arguments: Sequence[object]) -> None:
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {_ROWS}")
    connection.exec_driver_sql(f"CREATE TEMP TABLE many_rows AS {select}", tuple(arguments))


def _record(
    connection: Connection, change_set: int, table: Table, *, before: str, after: str, arguments: Sequence[object] = ()
) -> int:
    written = connection.exec_driver_sql(
        f"""INSERT INTO change_rows (change_set_id, table_name, row_key, before, after)
            SELECT {int(change_set)}, '{table.name}', {_object(_key(table))}, {before}, {after} FROM {_ROWS}""",
        tuple(arguments),
    )
    connection.exec_driver_sql(f"DROP TABLE {_ROWS}")
    return written.rowcount


def _key(table: Table) -> list[str]:
    return [column.name for column in table.primary_key.columns]


def _object(names: Sequence[str]) -> str:
    return f"json_object({', '.join(f'{_quoted(name)}, {name}' for name in names)})"


def _quoted(name: str) -> str:
    return f"'{name}'"


# Taking back


@dataclass(frozen=True)
class Run:
    """Rows of a change set, one after the other, of one table and with the same columns recorded."""

    table: str
    first: int  # ids of the journal's rows
    last: int
    rows: int
    added: bool
    removed: bool
    columns: str  # recorded of an edit, by commas


def runs(connection: Connection, change_set: int) -> list[Run]:
    """The runs of a change set, the last first."""
    sort = """table_name, before IS NULL AS added, after IS NULL AS removed,
              CASE WHEN before IS NULL OR after IS NULL THEN ''
                   ELSE (SELECT group_concat(key) FROM json_each(after)) END AS columns"""
    found = connection.exec_driver_sql(
        f"""WITH told AS (SELECT id, {sort} FROM change_rows WHERE change_set_id = ?),
                 counted AS (SELECT *, row_number() OVER (ORDER BY id)
                      - row_number() OVER (PARTITION BY table_name, added, removed, columns ORDER BY id) AS run
                      FROM told)
            SELECT table_name, min(id), max(id), count(*), added, removed, columns FROM counted
             GROUP BY table_name, added, removed, columns, run ORDER BY 3 DESC""",
        (change_set,),
    )
    return [
        Run(table, first, last, rows, bool(added), bool(removed), columns)
        for table, first, last, rows, added, removed, columns in found
    ]


def take_back(connection: Connection, change_set: int, run: Run, *, undoing: int) -> tuple[int, list[str]]:
    """Take back a run, recorded in `undoing`: how many rows, and the keys of those that stay as they are."""
    table = metadata.tables[run.table]
    of_run = f"""r.change_set_id = {int(change_set)} AND r.table_name = '{run.table}'
                  AND r.id BETWEEN {run.first} AND {run.last}"""
    if run.added:
        _unadd(connection, table, of_run)
        recorded = "r.row_key, r.after, NULL"
    elif run.removed:
        _unremove(connection, table, of_run)
        recorded = f"r.row_key, NULL, {_object([column.name for column in table.columns])}"
    else:
        _unedit(connection, table, of_run, run.columns.split(","))
        recorded = "r.row_key, r.after, r.before"
    written = connection.exec_driver_sql(
        f"""INSERT INTO change_rows (change_set_id, table_name, row_key, before, after)
            SELECT {int(undoing)}, '{run.table}', {recorded}
              FROM {_ROWS} JOIN change_rows r ON r.id = {_ROWS}.journal_row ORDER BY r.id DESC"""
    )
    kept = connection.exec_driver_sql(
        f"SELECT row_key FROM change_rows r WHERE {of_run} AND id NOT IN (SELECT journal_row FROM {_ROWS})"
    )
    keys = [key for (key,) in kept]
    connection.exec_driver_sql(f"DROP TABLE {_ROWS}")
    return written.rowcount, keys


def _unadd(connection: Connection, table: Table, of_run: str) -> None:
    """Delete what is as it was added, and what nothing points to."""
    same = " AND ".join(f"t.{column.name} IS {_told('after', column.name)}" for column in table.columns)
    key = _key(table)
    needed = [
        f"AND NOT EXISTS (SELECT 1 FROM {other.name} o WHERE o.{foreign.parent.name} = t.{foreign.column.name})"
        for other in metadata.tables.values()
        if not other.info.get("goes_along")
        for foreign in other.foreign_keys
        if foreign.column.table is table and foreign.ondelete != "SET NULL"
    ]
    _take(
        connection,
        f"""SELECT r.id AS journal_row, {", ".join(f"t.{name} AS {name}" for name in key)}
              FROM change_rows r JOIN {table.name} t ON {_meets(table, "after")}
             WHERE {of_run} AND {same} {" ".join(needed)}""",
        (),
    )
    names = ", ".join(key)
    connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE ({names}) IN (SELECT {names} FROM {_ROWS})")


def _unremove(connection: Connection, table: Table, of_run: str) -> None:
    """Put back what is not there; what it pointed to and is gone is left out, or keeps the row away."""
    told = {column.name: _told("before", column.name) for column in table.columns}
    lasting = []
    for foreign in table.foreign_keys:
        name, parent = foreign.parent.name, foreign.column
        there = f"EXISTS (SELECT 1 FROM {parent.table.name} p WHERE p.{parent.name} = {_told('before', name)})"
        if foreign.parent.nullable:
            told[name] = f"CASE WHEN {there} THEN {told[name]} END"
        else:
            lasting.append(f"AND {there}")
    _take(
        connection,
        f"""SELECT r.id AS journal_row, {", ".join(f"{value} AS {name}" for name, value in told.items())}
              FROM change_rows r
             WHERE {of_run} AND NOT EXISTS (SELECT 1 FROM {table.name} t WHERE {_meets(table, "before")})
                   {" ".join(lasting)}""",
        (),
    )
    names = ", ".join(told)
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {_ROWS}")


def _unedit(connection: Connection, table: Table, of_run: str, names: Sequence[str]) -> None:
    """Set what is as it was set to what it was before."""
    same = " AND ".join(f"t.{name} IS {_told('after', name)}" for name in names)
    _take(
        connection,
        f"""SELECT r.id AS journal_row, {", ".join(f"{_told('before', name)} AS {name}" for name in names)}
              FROM change_rows r JOIN {table.name} t ON {_meets(table, "after")} WHERE {of_run} AND {same}""",
        (),
    )
    key = _key(table)
    setting = ", ".join(f"{name} = b.{name}" for name in names if name not in key)
    meets = " AND ".join(f"{table.name}.{name} = b.{name}" for name in key)
    connection.exec_driver_sql(f"CREATE UNIQUE INDEX temp.many_rows_key ON many_rows ({', '.join(key)})")
    connection.exec_driver_sql(f"UPDATE {table.name} SET {setting} FROM {_ROWS} b WHERE {meets}")


def _meets(table: Table, side: str) -> str:
    return " AND ".join(f"t.{name} = {_told(side, name)}" for name in _key(table))


def _told(side: str, name: str) -> str:
    return f"json_extract(r.{side}, '$.{name}')"
