"""Files attached to notes (C7): read from disk, kept with the shop, each content once, and swept when nobody names it.

A content is apart from the line that names it: the line is in the journal, so that a removed file comes back by undo,
and the content waits until the window that could undo is closed (`sweep`).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final

from sqlalchemy import delete, select

from shopcrm.base import files
from shopcrm.base.errors import EnvironmentFailure, UserFailure
from shopcrm.base.i18n import N_
from shopcrm.store.tables.notes import attachment_contents, attachments
from shopcrm.store.tx import Tx

LIMIT_MB: Final = 20
LIMIT: Final = LIMIT_MB << 20
_LONGEST_NAME: Final = 120
_LONGEST_SUFFIX: Final = 12
_PROGRAMS: Final = frozenset(
    (
        "app", "appimage", "bat", "cmd", "com", "cpl", "desktop", "exe", "hta", "jar", "js", "jse", "lnk", "msi", "pif",
        "ps1", "reg", "scr", "sh", "url", "vb", "vbe", "vbs", "wsf",
    )
)  # fmt: skip
_FOLDERS: Final = re.compile(r"[/\\]")


@dataclass(eq=False)
class FileGone(UserFailure):
    """The file was moved or deleted before it was read."""

    text: ClassVar[str] = N_("“{name}” is not there any more. Choose it again.")
    name: str


@dataclass(eq=False)
class FileUnreadable(EnvironmentFailure):
    """The system does not hand the file out."""

    text: ClassVar[str] = N_("“{name}” cannot be read. Close the program that has it open, and try again.")
    name: str


@dataclass(eq=False)
class IsFolder(UserFailure):
    """A folder where a file belongs."""

    text: ClassVar[str] = N_("“{name}” is a folder. Attach the files in it.")
    name: str


@dataclass(eq=False)
class FileTooLarge(UserFailure):
    """More than a shop file should carry."""

    text: ClassVar[str] = N_("“{name}” has {size} MB. A file may have {most} MB; attach a smaller one.")
    name: str
    size: str
    most: int = LIMIT_MB


@dataclass(eq=False)
class IsProgram(UserFailure):
    """What a buyer sends is never run from the shop."""

    text: ClassVar[str] = N_("“{name}” is a program. Save it, and run it only if you know where it comes from.")
    name: str


@dataclass(eq=False)
class NoSuchFile(UserFailure):
    """It was removed meanwhile."""

    text: ClassVar[str] = N_("This file was removed.")


@dataclass(frozen=True)
class File:
    """A file in memory: its bare name and what is in it."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Attachment:
    """A file that hangs on a note."""

    id: int
    name: str
    size: int


# Pure rules, and the disk


def bare_name(text: str) -> str:
    """The name of a file without any folder, as every system takes it; what it ends in is kept."""
    last = _FOLDERS.split(text)[-1]
    name = files.safe_name(last, fallback="file")
    suffix = files.safe_name(Path(last).suffix.removeprefix("."), fallback="")
    if len(last) <= _LONGEST_NAME or not 0 < len(suffix) <= _LONGEST_SUFFIX:
        return name
    return f"{name[: _LONGEST_NAME - len(suffix) - 1]}.{suffix}"


def read(path: Path) -> File:
    """A file from disk. Never on the GUI thread: it may lie on a slow drive.

    Raises:
        FileGone, FileUnreadable, IsFolder, FileTooLarge: see there.
    """
    name = bare_name(path.name)
    try:
        if path.is_dir():
            raise IsFolder(name)
        size = path.stat().st_size
        if size > LIMIT:
            raise FileTooLarge(name, megabytes(size))
        if not path.is_file():  # a pipe or a device would never end
            raise FileUnreadable(name)
        with path.open("rb") as handle:
            content = handle.read(LIMIT + 1)
    except FileNotFoundError as error:
        raise FileGone(name) from error
    except OSError as error:
        raise FileUnreadable(name) from error
    return checked(File(name, content))


def checked(file: File) -> File:
    """The file, unless it is too large.

    Raises:
        FileTooLarge: see there.
    """
    if len(file.content) > LIMIT:
        raise FileTooLarge(file.name, megabytes(len(file.content)))
    return file


def require_harmless(name: str) -> None:
    """Raise `IsProgram` for what the system would run instead of showing it."""
    if Path(name).suffix.lower().removeprefix(".") in _PROGRAMS:
        raise IsProgram(name)


def megabytes(size: int) -> str:
    """A size as it is said of a file that is too large: rounded up, so that it is above the limit."""
    return f"{-(-size * 10 // (1 << 20)) / 10:,.1f}"


# The shop's


def write(tx: Tx, note_id: int, given: Iterable[File]) -> None:
    """Attach files to a note, within a change set that was begun."""
    for file in given:
        digest = hashlib.sha256(checked(file).content).hexdigest()
        tx.connection.exec_driver_sql(
            "INSERT OR IGNORE INTO attachment_contents (digest, content) VALUES (?, ?)", (digest, file.content)
        )
        tx.add(
            attachments,
            {
                "note_id": note_id,
                "name": bare_name(file.name),
                "size": len(file.content),
                "digest": digest,
                "at": tx.now_seconds,
            },
        )


def remove(tx: Tx, attachment_id: int) -> int:
    """Take a file off its note. Returns the change set."""
    change_set = tx.begin_change("file_remove", file=attachment_id)
    tx.remove(attachments, {"id": attachment_id})
    return change_set


def remove_of_note(tx: Tx, note_id: int) -> None:
    """Take all files off a note, within a change set that was begun."""
    for one in tx.connection.execute(select(attachments.c.id).where(attachments.c.note_id == note_id)).scalars().all():
        tx.remove(attachments, {"id": one})


def of_notes(tx: Tx, note_ids: Sequence[int]) -> dict[int, tuple[Attachment, ...]]:
    """The files of some notes, in the order in which they were attached."""
    found: dict[int, list[Attachment]] = defaultdict(list)
    of = attachments.c
    query = select(of.note_id, of.id, of.name, of.size).where(of.note_id.in_(note_ids)).order_by(of.id)
    for note, *line in tx.connection.execute(query):
        found[note].append(Attachment(*line))
    return {note: tuple(lines) for note, lines in found.items()}


def content(tx: Tx, attachment_id: int) -> File:
    """A file with what is in it.

    Raises:
        NoSuchFile: see there.
    """
    query = select(attachments.c.name, attachment_contents.c.content).join(
        attachment_contents, attachment_contents.c.digest == attachments.c.digest
    )
    row = tx.connection.execute(query.where(attachments.c.id == attachment_id)).first()
    if row is None:
        raise NoSuchFile
    return File(row.name, row.content)


_UNNAMED: Final = attachment_contents.c.digest.not_in(select(attachments.c.digest))


def has_unnamed(tx: Tx) -> bool:
    """Whether there is something to sweep."""
    return tx.connection.execute(select(attachment_contents.c.digest).where(_UNNAMED).limit(1)).first() is not None


def sweep(tx: Tx) -> int:
    """Let go of contents that no file names any more; how many. Only where no window could undo any more."""
    return tx.connection.execute(delete(attachment_contents).where(_UNNAMED)).rowcount
