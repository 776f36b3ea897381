"""A folder where exports appear: which files there are new and complete (C1). Nothing is opened here."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SUFFIXES: Final = frozenset({".csv", ".xlsx", ".xlsm", ".xls", ".txt", ".tsv", ".htm", ".html", ".zip"})
SETTLED_S: Final = 2.0  # a file of the same size for so long is complete
_TEMPORARY: Final = ("~$", ".", "unconfirmed ")  # beginnings of names: open in Excel, hidden, not taken over yet


@dataclass(frozen=True)
class Arrived:
    """A file of the folder as it stands."""

    path: Path
    size: int
    modified: int  # nanoseconds

    @property
    def mark(self) -> str:
        """By what it is remembered: another size or time is another file. Tells nobody its name."""
        told = f"{self.path.name}\0{self.size}\0{self.modified}".encode(errors="surrogateescape")
        return hashlib.sha256(told).hexdigest()[:12]


def listed(folder: Path) -> list[Arrived]:
    """The tables in a folder by name, without those that a browser or a spreadsheet is busy with.

    Raises:
        OSError: the folder is gone, or may not be read.
    """
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if Path(entry.name).suffix.lower() not in SUFFIXES or entry.name.lower().startswith(_TEMPORARY):
                continue  # .crdownload, .part and .tmp are no tables by their names
            try:
                told = entry.stat()
                if entry.is_file() and told.st_size:
                    found.append(Arrived(Path(entry.path), told.st_size, told.st_mtime_ns))
            except OSError:
                continue  # gone since, or locked by who writes it
    return sorted(found, key=lambda arrived: arrived.path.name)


class Settling:
    """Tells which of the files found stand still."""

    def __init__(self) -> None:
        self._since: dict[Arrived, float] = {}

    def take(self, found: Sequence[Arrived], *, now_s: float) -> list[Arrived]:
        """Those that have been as they are for a while. `now_s`: of a clock that is never set."""
        self._since = {arrived: self._since.get(arrived, now_s) for arrived in found}
        return [arrived for arrived, since in self._since.items() if now_s - since >= SETTLED_S]
