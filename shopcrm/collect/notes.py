"""Notes on a customer (C5): added, changed and removed, each with undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import select

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.text import clean
from shopcrm.collect import customers
from shopcrm.store.tables.notes import notes
from shopcrm.store.tx import Tx


@dataclass(eq=False)
class NoteEmpty(UserFailure):
    """A note without a word."""

    text: ClassVar[str] = N_("Write something first.")


@dataclass(frozen=True)
class NoteLine:
    """One note."""

    id: int
    text: str
    actor: str
    created_at: int


def add(tx: Tx, customer_id: int, *, text: str) -> int:
    """Write a note. Returns the change set."""
    customers.require(tx, customer_id)
    change_set = tx.begin_change("note_add", customer=customer_id)
    values = {"customer_id": customer_id, "text": _text(text), "actor": tx.actor, "created_at": tx.now_seconds}
    tx.add(notes, values)
    return change_set


def edit(tx: Tx, note_id: int, *, text: str) -> int:
    """Change a note's words. Returns the change set."""
    change_set = tx.begin_change("note_edit", note=note_id)
    tx.edit(notes, {"id": note_id}, {"text": _text(text), "edited_at": tx.now_seconds})
    return change_set


def remove(tx: Tx, note_id: int) -> int:
    """Remove a note. Returns the change set."""
    change_set = tx.begin_change("note_remove", note=note_id)
    tx.remove(notes, {"id": note_id})
    return change_set


def of_customer(tx: Tx, customer_id: int) -> tuple[NoteLine, ...]:
    """A customer's notes, newest first."""
    rows = tx.connection.execute(
        select(notes.c.id, notes.c.text, notes.c.actor, notes.c.created_at)
        .where(notes.c.customer_id == customer_id)
        .order_by(notes.c.created_at.desc(), notes.c.id.desc())
    )
    return tuple(NoteLine(*row) for row in rows)


def _text(text: str) -> str:
    lines = "\n".join(clean(line) for line in text.splitlines()).strip()
    if not lines:
        raise NoteEmpty
    return lines
