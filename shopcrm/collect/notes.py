"""Notes on a customer (C5, C7): added, changed, pinned and removed with the files that hang on them; each with undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlalchemy import Select, func, select

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_
from shopcrm.base.text import clean
from shopcrm.collect import attachments, customers
from shopcrm.collect.attachments import Attachment, File
from shopcrm.store.tables.notes import notes
from shopcrm.store.tx import Tx

SHORT: Final = 300  # characters of a note that a list shows


@dataclass(eq=False)
class NoteEmpty(UserFailure):
    """A note without a word."""

    text: ClassVar[str] = N_("Write something first.")


@dataclass(eq=False)
class NoSuchNote(UserFailure):
    """It was removed meanwhile."""

    text: ClassVar[str] = N_("This note was removed.")


@dataclass(frozen=True)
class NoteLine:
    """One note. `length`: of the whole text, where a list shows only its beginning."""

    id: int
    text: str
    actor: str
    created_at: int
    edited_at: int | None = None
    pinned: bool = False
    length: int = 0
    files: tuple[Attachment, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether `text` is all of it."""
        return len(self.text) >= self.length


def add(tx: Tx, customer_id: int, *, text: str, files: Sequence[File] = ()) -> int:
    """Write a note with its files; without words it is called by them. Returns the change set."""
    customers.require(tx, customer_id)
    if not clean(text) and files:
        text = "\n".join(attachments.bare_name(file.name) for file in files)
    change_set = tx.begin_change("note_add", customer=customer_id)
    values = {"customer_id": customer_id, "text": _text(text), "actor": tx.actor, "created_at": tx.now_seconds}
    attachments.write(tx, tx.add(notes, values), files)
    return change_set


def edit(tx: Tx, note_id: int, *, text: str) -> int:
    """Change a note's words. Returns the change set."""
    change_set = tx.begin_change("note_edit", note=note_id)
    tx.edit(notes, {"id": note_id}, {"text": _text(text), "edited_at": tx.now_seconds})
    return change_set


def pin(tx: Tx, note_id: int, *, pinned: bool) -> int:
    """Keep a note above all others, or no longer. Returns the change set."""
    change_set = tx.begin_change("note_pin", note=note_id)
    tx.edit(notes, {"id": note_id}, {"pinned": pinned})
    return change_set


def attach(tx: Tx, note_id: int, files: Sequence[File]) -> int:
    """Hang files on a note that is there. Returns the change set.

    Raises:
        NoSuchNote: it is not there any more.
    """
    if tx.connection.execute(select(notes.c.id).where(notes.c.id == note_id)).first() is None:
        raise NoSuchNote
    change_set = tx.begin_change("note_files", note=note_id, files=len(files))
    attachments.write(tx, note_id, files)
    return change_set


def remove(tx: Tx, note_id: int) -> int:
    """Remove a note and its files. Returns the change set."""
    change_set = tx.begin_change("note_remove", note=note_id)
    attachments.remove_of_note(tx, note_id)
    tx.remove(notes, {"id": note_id})
    return change_set


def whole_text(tx: Tx, note_id: int) -> str:
    """All of a note's words.

    Raises:
        NoSuchNote: it is not there any more.
    """
    text = tx.connection.execute(select(notes.c.text).where(notes.c.id == note_id)).scalar()
    if text is None:
        raise NoSuchNote
    return str(text)


def of_customer(tx: Tx, customer_id: int) -> tuple[NoteLine, ...]:
    """A customer's notes with all their words, newest first."""
    return lines(tx, selected(customer_id, short=False))


def selected(customer_id: int, *, short: bool = True) -> Select[Any]:
    """The question for a customer's notes, newest first; `short`: only the beginning of each."""
    of = notes.c
    text = func.substr(of.text, 1, SHORT) if short else of.text
    return (
        select(of.id, text, of.actor, of.created_at, of.edited_at, of.pinned, func.length(of.text))
        .where(of.customer_id == customer_id)
        .order_by(of.created_at.desc(), of.id.desc())
    )


def lines(tx: Tx, query: Select[Any]) -> tuple[NoteLine, ...]:
    """What a question like `selected` finds, with the files."""
    rows = tx.connection.execute(query).all()
    files = attachments.of_notes(tx, [row[0] for row in rows]) if rows else {}
    return tuple(
        NoteLine(one, text, actor, created_at, edited_at, pinned, length, files.get(one, ()))
        for one, text, actor, created_at, edited_at, pinned, length in rows
    )


def _text(text: str) -> str:
    lines = "\n".join(clean(line) for line in text.splitlines()).strip()
    if not lines:
        raise NoteEmpty
    return lines
