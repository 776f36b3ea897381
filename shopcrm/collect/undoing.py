"""An import taken back as a whole (C3): what a later import or an edit needs is left and listed.

Its new orders go, its changes are reverted, its customers go when nothing else is theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import insert, select, update

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.progress import SILENT, Progress
from shopcrm.collect import consents, customer_merges, merge_lines, people_undoing, reviews_told, statistics
from shopcrm.store import journal, search_index
from shopcrm.store.engine import stoppable
from shopcrm.store.tables.imports import import_batches
from shopcrm.store.tables.journal import change_sets
from shopcrm.store.tables.orders import order_identities, order_items, orders
from shopcrm.store.touched import touch
from shopcrm.store.tx import Tx


@dataclass(eq=False)
class NoSuchBatch(UserFailure):
    """There is no import of that number that still stands."""

    text: ClassVar[str] = N_("There is no import to undo.")


@dataclass(frozen=True)
class Left:
    """Something an undo left in the shop, because others need it."""

    kind: str  # order | customer
    number: str
    because: str  # edited_since | later_import


@dataclass(frozen=True)
class UndoReport:
    """What an undo took back. Returns are counted apart from orders, as an import counts them."""

    batch: int
    orders_removed: int
    returns_removed: int
    customers_removed: int
    orders_restored: int
    kept: tuple[Left, ...]


def undo(tx: Tx, batch: int | None = None, *, progress: Progress = SILENT) -> UndoReport:
    """Take back a batch: its new orders go, its changes are reverted, its customers go when nothing else is theirs.

    What a later import or an edit needs is left and listed.
    """
    chosen = tx.connection.execute(
        select(import_batches.c.id, import_batches.c.change_set_id)
        .where(import_batches.c.undone_at.is_(None), *([import_batches.c.id == batch] if batch is not None else []))
        .order_by(import_batches.c.id.desc())
    ).first()
    if chosen is None:
        raise NoSuchBatch
    batch = int(chosen.id)
    with stoppable(tx.connection, progress):
        progress.report("undoing", done=0, total=3)
        # While it is undone, whoever was made one since is two: each keeps what is theirs.
        lifted = customer_merges.lift_of_batch(tx, batch)
        affected = set(lifted.concerned)
        listed, told_again = people_undoing.revert(tx, batch)
        reverted, restored, kept = _revert_orders(tx, int(chosen.change_set_id), lifted.concerned)
        kept += [Left("customer", name, "later_import") for name in told_again]
        reviews_told.revert(tx, batch)
        affected |= reverted | listed
        removed, returns, also_kept = _remove_orders(tx, batch, affected)
        progress.report("undoing", done=1, total=3)
        gone = _remove_customers(tx, batch, affected)
        kept += _kept_by_hand(tx, batch)
        affected |= customer_merges.put_back(tx, lifted)
        consents.relink_customers(tx, affected)
        merge_lines.name_again(tx.connection, int(chosen.change_set_id))
        progress.report("undoing", done=2, total=3)
        run = tx.connection.exec_driver_sql
        touch(tx.connection, affected | gone)
        statistics.refresh(tx)
        search_index.refresh(tx.connection, progress=progress)
        tx.connection.execute(
            update(import_batches).where(import_batches.c.id == batch).values(undone_at=tx.now_seconds)
        )
        # An earlier batch's store may still be what undoing a later one goes back to.
        run(
            """DELETE FROM stores WHERE batch_id IN (SELECT id FROM import_batches WHERE undone_at IS NOT NULL)
                AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.store_id = stores.id)
                AND NOT EXISTS (SELECT 1 FROM import_batches b WHERE b.undone_at IS NULL AND b.id > stores.batch_id)"""
        )
        change_set = tx.begin_change("undo_import", batch=batch, orders=removed, customers=len(gone))
        tx.connection.execute(
            update(change_sets).where(change_sets.c.id == chosen.change_set_id).values(undone_at=tx.now_seconds)
        )
        tx.connection.execute(
            update(change_sets).where(change_sets.c.id == change_set).values(undo_of=chosen.change_set_id)
        )
        progress.report("undoing", done=3, total=3)
    return UndoReport(batch, removed, returns, len(gone), restored, (*kept, *also_kept))


def _revert_orders(tx: Tx, change_set: int, parted: Collection[int]) -> tuple[set[int], int, list[Left]]:
    """Give the orders that the batch changed back what they were, unless they changed since.

    Whose an order is goes its own way: merges move it, and `parted`, who are two for a while, hold it in between.
    Returns the customers concerned, how many orders went back, and which were left.
    """
    run = tx.connection.exec_driver_sql
    affected: set[int] = set()
    kept: list[Left] = []
    reverted: set[int] = set()
    for before, after in journal.touched(tx.connection, change_set, orders):
        if before is None or after is None or _is_move(after):
            continue
        current = tx.connection.execute(select(orders).where(orders.c.id == after["id"])).mappings().first()
        if current is None:
            continue
        owner = current["customer_id"]
        if {**current, "customer_id": None} != {**after, "customer_id": None}:
            kept.append(Left("order", after["number"], "edited_since"))
            continue
        moved = before["customer_id"] != after["customer_id"] and owner in (after["customer_id"], *parted)
        owners = {owner, before["customer_id"]} if moved else {owner}
        values = {**before, "customer_id": before["customer_id"] if moved else owner}
        tx.connection.execute(update(orders).where(orders.c.id == after["id"]).values(**values))
        reverted.add(after["id"])
        affected |= {one for one in owners if one is not None}
    items = journal.touched(tx.connection, change_set, order_items)
    for before, after in items:
        if before is None and after is not None and after["order_id"] in reverted:
            run("DELETE FROM order_items WHERE id = ?", (after["id"],))
    for before, after in items:
        if after is None and before is not None and before["order_id"] in reverted:
            tx.connection.execute(insert(order_items).values(**before))
    for before, after in journal.touched(tx.connection, change_set, order_identities):
        if before is None and after is not None and after["order_id"] in reverted:
            run("DELETE FROM order_identities WHERE order_id = ? AND identity_id = ?", tuple(after.values()))
    return affected, len(reverted), kept


def _is_move(order: Mapping[str, Any]) -> bool:
    """Whether a journalled order row tells only whose it is: merges stood in the change set of their import once."""
    return order.keys() == {"id", "customer_id"}


def _remove_orders(tx: Tx, batch: int, affected: set[int]) -> tuple[int, int, list[Left]]:
    """Remove the orders and returns that the batch brought, but for those that a later standing batch held too."""
    run = tx.connection.exec_driver_sql
    run("CREATE TEMP TABLE IF NOT EXISTS leaving (id INTEGER PRIMARY KEY)")
    run("DELETE FROM temp.leaving")
    # Brought by this batch; or by one that was undone before, which left it because this one held it too.
    run(
        """INSERT INTO temp.leaving SELECT h.order_id FROM batch_orders h WHERE h.batch_id = :batch AND EXISTS
             (SELECT 1 FROM batch_orders n JOIN import_batches b ON b.id = n.batch_id
               WHERE n.order_id = h.order_id AND n.status = 'new'
                 AND (n.batch_id = :batch OR b.undone_at IS NOT NULL))""",
        {"batch": batch},
    )
    held = """SELECT l.id FROM temp.leaving l CROSS JOIN batch_orders h ON h.order_id = l.id AND h.batch_id != :batch
                JOIN import_batches b ON b.id = h.batch_id AND b.undone_at IS NULL"""
    numbers = run(f"SELECT number FROM orders WHERE id IN ({held}) ORDER BY id", {"batch": batch})
    kept = [Left("order", number, "later_import") for (number,) in numbers]
    run(f"DELETE FROM temp.leaving WHERE id IN ({held})", {"batch": batch})
    by_hand = f"SELECT l.id FROM temp.leaving l WHERE EXISTS ({reviews_told.HELD_BY_HAND.format(order='l.id')})"
    kept += [
        Left("order", number, "edited_since")
        for (number,) in run(f"SELECT number FROM orders WHERE id IN ({by_hand}) ORDER BY id")
    ]
    run(f"DELETE FROM temp.leaving WHERE id IN ({by_hand})")
    affected |= {
        owner
        for (owner,) in run(
            "SELECT DISTINCT o.customer_id FROM temp.leaving l CROSS JOIN orders o ON o.id = l.id"
            " WHERE o.customer_id IS NOT NULL"
        )
    }
    for table in ("order_items", "order_identities", "reviews", "batch_reviews"):
        run(f"DELETE FROM {table} WHERE order_id IN (SELECT id FROM temp.leaving)")
    returns = run(
        "SELECT count(*) FROM temp.leaving l CROSS JOIN orders o ON o.id = l.id WHERE o.kind = 'return'"
    ).scalar_one()
    removed = run("DELETE FROM orders WHERE id IN (SELECT id FROM temp.leaving)").rowcount
    return removed - returns, returns, kept


def _kept_by_hand(tx: Tx, batch: int) -> list[Left]:
    """The batch's customers of whom no file tells any more, and who stay for what was written of them since."""
    rows = tx.connection.exec_driver_sql(
        f"""SELECT c.name FROM customers c WHERE c.batch_id = :batch
               AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)
               AND NOT EXISTS (SELECT 1 FROM batch_people h WHERE h.customer_id = c.id
                 AND h.batch_id IN ({people_undoing.STANDING})) ORDER BY c.id""",
        {"batch": batch},
    )
    return [Left("customer", name, "edited_since") for (name,) in rows]


def _remove_customers(tx: Tx, batch: int, affected: set[int]) -> set[int]:
    """Remove the batch's customers who have nothing left, and its identities that no order names any more."""
    run = tx.connection.exec_driver_sql
    undone = "(SELECT :batch UNION SELECT id FROM import_batches WHERE undone_at IS NOT NULL)"
    ours = f"""SELECT c.id FROM customers c WHERE c.batch_id IN {undone} AND NOT c.name_by_hand
                AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)
                AND NOT EXISTS (SELECT 1 FROM notes n WHERE n.customer_id = c.id)
                AND NOT EXISTS (SELECT 1 FROM follow_ups f WHERE f.customer_id = c.id)
                AND NOT EXISTS (SELECT 1 FROM wishes w WHERE w.customer_id = c.id)
                AND NOT EXISTS (SELECT 1 FROM customer_tags t WHERE t.customer_id = c.id)
                AND NOT EXISTS (SELECT 1 FROM customer_attributes a WHERE a.customer_id = c.id)
                AND c.birth_month IS NULL
                AND coalesce(c.gender, c.company, c.occupation, c.source, c.member_level, c.age_band, c.entry_offer)
                  IS NULL
                AND NOT EXISTS (SELECT 1 FROM addresses a WHERE a.customer_id = c.id)
                AND NOT EXISTS (SELECT 1 FROM batch_people h WHERE h.customer_id = c.id
                  AND h.batch_id IN ({people_undoing.STANDING}))
                AND NOT EXISTS (SELECT 1 FROM identities i JOIN batch_identities h ON h.identity_id = i.id
                  WHERE i.customer_id = c.id AND h.batch_id IN ({people_undoing.STANDING}))
                AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.customer_id = c.id AND i.batch_id IS NULL)
                AND NOT EXISTS (SELECT 1 FROM consents s WHERE s.customer_id = c.id)
                AND NOT EXISTS (SELECT 1 FROM follows f WHERE f.customer_id = c.id)
                AND NOT EXISTS (SELECT 1 FROM opt_outs x WHERE x.customer_id = c.id AND x.identity_hash IS NULL)
                AND NOT EXISTS (SELECT 1 FROM reminder_actions r WHERE r.customer_id = c.id)"""
    gone = {row for (row,) in run(ours, {"batch": batch})}
    consents.seal(tx, gone)  # an opt-out outlives whom it is of
    touch(tx.connection, gone)
    listed = "(SELECT id FROM temp.touched)"
    for table in ("merges", "identities", "occasions", "customer_statistics"):
        run(f"DELETE FROM {table} WHERE customer_id IN {listed}")
    run(f"DELETE FROM customers WHERE id IN {listed}")
    # A customer who stays for a note alone keeps the identities by which the note's owner is known.
    unnamed = f"""SELECT i.id FROM identities i JOIN customers c ON c.id = i.customer_id WHERE i.batch_id IN {undone}
                   AND NOT EXISTS (SELECT 1 FROM order_identities l WHERE l.identity_id = i.id)
                   AND NOT EXISTS (SELECT 1 FROM batch_identities h WHERE h.identity_id = i.id
                     AND h.batch_id IN ({people_undoing.STANDING}))
                   AND (EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = i.customer_id)
                     OR coalesce(c.batch_id, 0) NOT IN {undone})"""
    affected |= {
        owner
        for (owner,) in run(f"SELECT DISTINCT customer_id FROM identities WHERE id IN ({unnamed})", {"batch": batch})
    }
    run("DELETE FROM merges WHERE batch_id = :batch", {"batch": batch})
    run(f"DELETE FROM merges WHERE identity_id IN ({unnamed})", {"batch": batch})
    run(f"DELETE FROM identities WHERE id IN ({unnamed})", {"batch": batch})
    affected -= gone
    return gone
