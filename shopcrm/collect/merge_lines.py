"""The rows that a merge of two customers moves, one kind at a time, and how each goes back (C4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, insert, select, update

from shopcrm.collect.identities import KIND_ORDER
from shopcrm.store import journal
from shopcrm.store.tables.customers import customers, distinct_customers, identities, merges
from shopcrm.store.tables.orders import order_identities

Row = Mapping[str, Any]

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "name_by_hand"),
    "birthday": ("birth_calendar", "birth_year", "birth_month", "birth_day", "birth_leap"),
    "gender": ("gender",),
    "company": ("company",),
    "occupation": ("occupation",),
    "source": ("source",),
    "entry_offer": ("entry_offer",),
    "age_band": ("age_band",),
    "member_level": ("member_level",),
    "trouble": ("trouble", "trouble_until"),
}
"""What two customers may tell differently, each with the columns that are taken together."""
NAME_KEPT: Final = "name_kept"
"""A choice: the one who stays keeps her name, though another one would come of the orders of both."""
_TOLD_BY: Final = {"birthday": "birth_month"}
_RANK: Final = " ".join(f"WHEN '{kind}' THEN {rank}" for kind, rank in KIND_ORDER.items())


@dataclass(frozen=True)
class Journal:
    """Where a merge notes what it does."""

    connection: Connection
    change_set: int

    def row(self, table: Table, key: Row, before: Row | None, after: Row | None) -> None:
        """One row that was written."""
        journal.record(self.connection, self.change_set, table, [(key, before, after)])

    def moves(self, table: Table, ids: Iterable[int], *, gone: int, keep: int) -> None:
        """Rows that are somebody else's now."""
        lines = [({"id": one}, {"id": one, "customer_id": gone}, {"id": one, "customer_id": keep}) for one in ids]
        journal.record(self.connection, self.change_set, table, lines)


def rows(connection: Connection, table: Table, customer: int) -> list[dict[str, Any]]:
    """A customer's rows of a table."""
    found = connection.execute(select(table).where(table.c.customer_id == customer)).mappings()
    return [dict(row) for row in found]


def at(table: Table, key: Row) -> list[Any]:
    """The condition of a row."""
    return [table.c[name] == value for name, value in key.items()]


def move_identities(connection: Connection, record: Journal, *, keep: int, gone: int) -> None:
    """Give identities over. What both have is one from now on, and its orders name that one."""
    held = {_named(row): row for row in rows(connection, identities, keep)}
    for row in rows(connection, identities, gone):
        twin = held.get(_named(row))
        if twin is None:
            connection.execute(update(identities).where(identities.c.id == row["id"]).values(customer_id=keep))
            record.moves(identities, [row["id"]], gone=gone, keep=keep)
            continue
        # The younger row stays: the id of the last row would be given to another identity, and could not come back.
        left, stays = sorted((row, twin), key=lambda one: int(one["id"]))
        _name_instead(connection, record, left["id"], stays["id"])
        connection.execute(delete(identities).where(identities.c.id == left["id"]))
        record.row(identities, {"id": left["id"]}, left, None)
        if stays is row:
            connection.execute(update(identities).where(identities.c.id == row["id"]).values(customer_id=keep))
            record.moves(identities, [row["id"]], gone=gone, keep=keep)
        if left["deciding"] and not stays["deciding"]:
            change = ({"id": stays["id"], "deciding": False}, {"id": stays["id"], "deciding": True})
            connection.execute(update(identities).where(identities.c.id == stays["id"]).values(deciding=True))
            record.row(identities, {"id": stays["id"]}, *change)


def _named(row: Row) -> tuple[str, str, str]:
    return row["kind"], row["platform"], row["value"]


def _name_instead(connection: Connection, record: Journal, old: int, new: int) -> None:
    """Let the orders that name an identity name another one, and so the joins that were made by it."""
    links = order_identities
    named = connection.execute(select(links.c.order_id).where(links.c.identity_id == old)).scalars().all()
    known = set(connection.execute(select(links.c.order_id).where(links.c.identity_id == new)).scalars())
    for order in named:
        before, after = ({"order_id": order, "identity_id": one} for one in (old, new))
        connection.execute(delete(links).where(*at(links, before)))
        record.row(links, before, before, None)
        if order not in known:
            connection.execute(insert(links).values(**after))
            record.row(links, after, None, after)
    for join in connection.execute(select(merges.c.id).where(merges.c.identity_id == old)).scalars().all():
        connection.execute(update(merges).where(merges.c.id == join).values(identity_id=new))
        record.row(merges, {"id": join}, {"id": join, "identity_id": old}, {"id": join, "identity_id": new})


def move_distinct(connection: Connection, record: Journal, *, keep: int, gone: int) -> None:
    """Who is not the one who leaves is not the one who stays either; that these two are not one is over."""
    pairs = distinct_customers
    found = select(pairs).where((pairs.c.first_id == gone) | (pairs.c.second_id == gone))
    for row in [dict(row) for row in connection.execute(found).mappings()]:
        key = {name: row[name] for name in ("first_id", "second_id")}
        connection.execute(delete(pairs).where(*at(pairs, key)))
        record.row(pairs, key, row, None)
        (other,) = {*key.values()} - {gone}
        moved = {"first_id": min(keep, other), "second_id": max(keep, other)}
        if other == keep or connection.execute(select(pairs).where(*at(pairs, moved))).first() is not None:
            continue
        connection.execute(insert(pairs).values(**{**row, **moved}))
        record.row(pairs, moved, None, {**row, **moved})


def fill_fields(connection: Connection, record: Journal, *, keep: int, gone: Row, choices: Collection[str]) -> None:
    """What the one who stays does not tell, and what is chosen, is told by the one who leaves."""
    had = dict(connection.execute(select(customers).where(customers.c.id == keep)).mappings().one())
    told: dict[str, Any] = {}
    for field, columns in FIELDS.items():
        by = _TOLD_BY.get(field, columns[0])
        if field == "name":
            # A name that was given by hand is worth more than one that an order told.
            if field in choices or (gone["name_by_hand"] and not had["name_by_hand"] and NAME_KEPT not in choices):
                told |= {"name": gone["name"], "name_by_hand": True}
            elif NAME_KEPT in choices:
                told |= {"name_by_hand": True}
        elif field in choices or (had[by] is None and gone[by] is not None):
            told |= {name: gone[name] for name in columns}
    told = {name: value for name, value in told.items() if had[name] != value}
    if told:
        connection.execute(update(customers).where(customers.c.id == keep).values(**told))
        before = {"id": keep, **{name: had[name] for name in told}}
        record.row(customers, {"id": keep}, before, {"id": keep, **told})


def take_back_fields(connection: Connection, before: Row, after: Row) -> set[str]:
    """Let fields be as they were, but for those that were edited since; the ones that are as before."""
    now = connection.execute(select(customers).where(customers.c.id == after["id"])).mappings().one()
    settled = set()
    for field, columns in FIELDS.items():
        told = [name for name in columns if name in after]
        if told and all(now[name] == after[name] for name in told):
            values = {name: before[name] for name in told}
            connection.execute(update(customers).where(customers.c.id == after["id"]).values(**values))
        elif told:
            continue
        settled.add(field)
    return settled


def take_back(connection: Connection, table: Table, before: Row | None, after: Row | None) -> None:
    """Let one row be as it was, unless it was changed since or what it hangs on has gone."""
    if before is not None and after is not None:
        changed = [name for name in after if after[name] != before[name]]
        key = [name for name in after if table.c[name].primary_key]
        where = at(table, {name: after[name] for name in (*key, *changed)})
        if not _lost(connection, table, before):
            connection.execute(update(table).where(*where).values({name: before[name] for name in changed}))
    elif after is not None:
        connection.execute(delete(table).where(*at(table, after)))
    elif before is not None:
        named = {column.name: before[column.name] for column in table.primary_key.columns}
        there = connection.execute(select(*table.primary_key.columns).where(*at(table, named))).first()
        if there is None and not _lost(connection, table, before):
            connection.execute(insert(table).prefix_with("OR IGNORE").values(**before))


def _lost(connection: Connection, table: Table, row: Row) -> bool:
    return any(
        connection.execute(select(one.column).where(one.column == row[one.parent.name])).first() is None
        for one in table.foreign_keys
        if row.get(one.parent.name) is not None
    )


def give_later_ones(connection: Connection, *, keep: int, gone: int) -> None:
    """Orders that came since the merge go to whom their deciding identity belongs, with what they alone named."""
    run = connection.exec_driver_sql
    both = {"keep": keep, "gone": gone}
    _part_twins(connection, both)
    run(
        f"""UPDATE orders SET customer_id = :gone WHERE customer_id = :keep AND id IN
              (SELECT l.order_id FROM identities i JOIN order_identities l ON l.identity_id = i.id
                WHERE i.customer_id = :gone AND i.deciding AND NOT EXISTS
                  (SELECT 1 FROM order_identities n JOIN identities j ON j.id = n.identity_id
                    WHERE n.order_id = l.order_id AND j.customer_id = :keep AND j.deciding
                      AND CASE j.kind {_RANK} ELSE 99 END < CASE i.kind {_RANK} ELSE 99 END))""",
        both,
    )
    for owner, other in ((gone, keep), (keep, gone)):
        foreign = run(
            """SELECT DISTINCT i.id, i.deciding FROM orders o JOIN order_identities l ON l.order_id = o.id
                 JOIN identities i ON i.id = l.identity_id WHERE o.customer_id = ? AND i.customer_id = ?""",
            (owner, other),
        )
        for identity, deciding in foreign.all():
            _part_identity(connection, identity, owner=owner, other=other, may_move=owner == gone, dropped=deciding)


def last_identity(connection: Connection) -> int:
    """The newest identity's id."""
    return int(connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM identities").scalar_one())


def drop_meanwhile(connection: Connection, *both: int, known: int) -> None:
    """Let two who become one again have no identity twice that one of them got while they were two: after `known`."""
    run = connection.exec_driver_sql
    twins = run(
        """SELECT i.id, t.id FROM identities i JOIN identities t ON t.kind = i.kind AND t.platform = i.platform
              AND t.value = i.value AND t.customer_id = ?2 + ?1 - i.customer_id
            WHERE i.customer_id IN (?1, ?2) AND i.id > ?3 AND t.id <= ?3""",
        (*both, known),
    )
    for new, old in twins.all():
        run("UPDATE OR IGNORE order_identities SET identity_id = ? WHERE identity_id = ?", (old, new))
        run("DELETE FROM identities WHERE id = ?", (new,))


def note_names(connection: Connection, concerned: Iterable[int]) -> None:
    """Remember what the orders of these customers name, for `name_again`."""
    run = connection.exec_driver_sql
    run("CREATE TEMP TABLE IF NOT EXISTS names_before (order_id INTEGER, identity_id INTEGER)")
    run("DELETE FROM temp.names_before")
    listed = ",".join(map(str, concerned))
    run(
        f"""INSERT INTO temp.names_before SELECT l.order_id, l.identity_id FROM orders o
              JOIN order_identities l ON l.order_id = o.id WHERE o.customer_id IN ({listed})"""
    )


def name_again(connection: Connection, change_set: int) -> None:
    """Let orders name again what they named before their customer was two for a while; not what the import told."""
    run = connection.exec_driver_sql
    for before, after in journal.touched(connection, change_set, order_identities):
        if before is None and after is not None:
            run("DELETE FROM temp.names_before WHERE order_id = ? AND identity_id = ?", tuple(after.values()))
    run(
        """INSERT OR IGNORE INTO order_identities (order_id, identity_id)
           SELECT n.order_id, n.identity_id FROM temp.names_before n JOIN orders o ON o.id = n.order_id
             JOIN identities i ON i.id = n.identity_id AND i.customer_id = o.customer_id"""
    )


def _part_twins(connection: Connection, both: Mapping[str, int]) -> None:
    """Orders since by what decides for the one who left name it again, not what stood for it meanwhile."""
    run = connection.exec_driver_sql
    since = run(
        """SELECT l.order_id, t.id AS twin, i.id AS own FROM identities i
             JOIN identities t ON t.customer_id = :keep AND t.kind = i.kind AND t.platform = i.platform
              AND t.value = i.value
             JOIN order_identities l ON l.identity_id = t.id JOIN orders o ON o.id = l.order_id
            WHERE i.customer_id = :gone AND i.deciding AND o.customer_id = :keep AND NOT EXISTS
              (SELECT 1 FROM order_identities n JOIN identities j ON j.id = n.identity_id
                WHERE n.order_id = l.order_id AND j.customer_id = :keep AND j.deciding)""",
        both,
    )
    for order, twin, own in since.all():
        run("DELETE FROM order_identities WHERE order_id = ? AND identity_id = ?", (order, twin))
        run("INSERT OR IGNORE INTO order_identities (order_id, identity_id) VALUES (?, ?)", (order, own))


def _part_identity(
    connection: Connection, identity: int, *, owner: int, other: int, may_move: bool, dropped: bool
) -> None:
    """What orders of `owner` name of the other one's becomes one of each; what only they name may go along.

    What decides for the other one is named by nobody else: `dropped`.
    """
    run = connection.exec_driver_sql
    row = connection.execute(select(identities).where(identities.c.id == identity)).mappings().one()
    told = {"customer_id": owner, **{name: row[name] for name in ("kind", "platform", "value")}}
    own = connection.execute(select(identities.c.id).where(*at(identities, told))).scalar()
    named = """SELECT l.order_id FROM order_identities l JOIN orders o ON o.id = l.order_id
                WHERE l.identity_id = ? AND o.customer_id = ?"""
    theirs = [order for (order,) in run(named, (identity, owner))]
    if own is None and may_move and not dropped and row["batch_id"] and run(named, (identity, other)).first() is None:
        run("UPDATE identities SET customer_id = ? WHERE id = ?", (owner, identity))
        return
    if own is None and not dropped:
        values = {**row, **told, "deciding": False, "batch_id": _told_in(connection, theirs, row["batch_id"])}
        del values["id"]
        own = connection.execute(insert(identities).values(**values)).lastrowid
    for order in theirs:
        run("DELETE FROM order_identities WHERE order_id = ? AND identity_id = ?", (order, identity))
        if own is not None:
            run("INSERT OR IGNORE INTO order_identities (order_id, identity_id) VALUES (?, ?)", (order, own))


def _told_in(connection: Connection, named_by: list[int], known: int | None) -> int | None:
    """The import that told these orders first, but none before the one in which the identity came up."""
    listed = ",".join(map(str, named_by))
    first = connection.exec_driver_sql(f"SELECT min(batch_id) FROM batch_orders WHERE order_id IN ({listed})").scalar()
    return known if first is None else max(int(first), known or 0)
