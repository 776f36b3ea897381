"""What was done by hand, taken back (C3): rows by the journal, and what is kept from them made anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import select, update

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.collect import consents, customer_merges, statistics
from shopcrm.collect import customers as customers_of
from shopcrm.store import journal, search_index
from shopcrm.store.journal import Undone
from shopcrm.store.tables.customers import addresses, customers, identities
from shopcrm.store.tables.journal import change_sets
from shopcrm.store.tables.orders import orders
from shopcrm.store.touched import touch
from shopcrm.store.tx import Tx


@dataclass(eq=False)
class StillNeeded(UserFailure):
    """A customer who was added by hand has orders, notes or the like since."""

    text: ClassVar[str] = N_("{name} has orders, notes or tags since. Take those back first.")
    name: str


def undo(tx: Tx, change_set: int) -> Undone:
    """Take back a change set; its result names a change set that redoes it.

    Raises:
        NoSuchMerge: two who were made one were taken apart since.
        StillNeeded: it would take a customer away from what hangs on her.
        NothingToUndo: see there.
    """
    again = _made_one_or_two(tx, change_set)
    if again is not None:
        return again
    added = [
        after
        for before, after in journal.touched(tx.connection, change_set, customers)
        if before is None and after is not None
    ]
    for row in added:
        if _is_needed(tx, change_set, int(row["id"])):
            raise StillNeeded(customers_of.name_of(tx, int(row["id"])))
    concerned = _concerned(tx, change_set)
    undone = tx.undo(change_set)
    if concerned:
        refresh(tx, concerned)
    return undone


def _made_one_or_two(tx: Tx, change_set: int) -> Undone | None:
    """`undo` of a change set that made two customers one, or took them apart; None for any other."""
    row = tx.connection.execute(select(change_sets).where(change_sets.c.id == change_set)).one_or_none()
    if row is None or row.undone_at is not None or row.kind not in ("merge", "unmerge"):
        return None
    done, concerned = (
        customer_merges.dissolve(tx, customer_merges.of_change(tx, change_set).id)
        if row.kind == "merge"
        else customer_merges.merge_again(tx, change_set)
    )
    for one, values in ((change_set, {"undone_at": tx.now_seconds}), (done, {"undo_of": change_set})):
        tx.connection.execute(update(change_sets).where(change_sets.c.id == one).values(**values))
    refresh(tx, concerned)
    return Undone(done, 1, ())


def refresh(tx: Tx, customer_ids: set[int]) -> None:
    """Make anew what is kept of customers whose orders or identities were edited."""
    consents.relink_customers(tx, customer_ids)
    touch(tx.connection, customer_ids)
    statistics.refresh(tx)
    search_index.refresh(tx.connection)


def _concerned(tx: Tx, change_set: int) -> set[int]:
    """The customers whose orders, identities or own rows a change set wrote."""
    found = set()
    of_hers = (orders, "customer_id"), (identities, "customer_id"), (addresses, "customer_id"), (customers, "id")
    for table, name in of_hers:
        for pair in journal.touched(tx.connection, change_set, table):
            # Of customers edited in bulk only what was set is recorded, and nothing is made from that.
            whole = [row for row in pair if row is not None and (table is not customers or "name" in row)]
            found |= {int(row[name]) for row in whole if row[name] is not None}
    return found


def _is_needed(tx: Tx, change_set: int, customer: int) -> bool:
    """Whether anything hangs on a customer that did not come with her."""
    ours = {
        table.name: {after["id"] for before, after in journal.touched(tx.connection, change_set, table) if after}
        for table in (orders, identities)
    }
    for table in (orders, identities):
        rows = tx.connection.exec_driver_sql(f"SELECT id FROM {table.name} WHERE customer_id = ?", (customer,))
        if {row for (row,) in rows} - ours[table.name]:
            return True
    notes = journal.touched(tx.connection, change_set, customers.metadata.tables["notes"])
    came = {after["id"] for _before, after in notes if after}
    rows = tx.connection.exec_driver_sql("SELECT id FROM notes WHERE customer_id = ?", (customer,))
    if {row for (row,) in rows} - came:
        return True
    others = (
        "customer_tags", "reminder_actions", "customer_attributes", "merges", "customer_merges", "addresses",
        "follow_ups", "wishes", "consents", "follows",
    )  # fmt: skip
    return any(
        tx.connection.exec_driver_sql(f"SELECT 1 FROM {table} WHERE customer_id = ? LIMIT 1", (customer,)).first()
        for table in others
    )
