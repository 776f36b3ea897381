"""What is kept of a bug: where it happened, never the values. No name, phone or address can be in it.

A report is made of what the program itself was written with: kinds of errors, files, lines and functions. Messages,
arguments and notes are left out, and of a path only what lies inside of the program, since a folder may bear a name.
"""

from __future__ import annotations

import platform
import re
import sys
import traceback
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePath
from typing import Final

from shopcrm import __version__
from shopcrm.base.files import atomic_write

KEPT: Final = 20
_OWN: Final = ("shopcrm", "site-packages")  # what lies behind these was written by programmers
_FRAME: Final = re.compile(r'^\s*File "([^"]+)", line (\d+) in (\w+|<\w+>)\s*$', re.MULTILINE)
_FATAL: Final = re.compile(r"^(?:Fatal Python error|Windows fatal exception): ([a-z ]+)", re.MULTILINE | re.IGNORECASE)
_IDENTIFIER: Final = re.compile(r"\bQ[A-Z][a-z]+[A-Za-z]*(?:::[A-Za-z]+)*")


class LibraryFault(Exception):
    """A fault that Qt told in words of its own; of these only the names of its classes and functions are taken."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.identifiers = tuple(dict.fromkeys(_IDENTIFIER.findall(told)))


class HardStop(Exception):
    """The process was ended from outside of Python; its last frames were written down as it fell."""

    def __init__(self, told: str) -> None:
        super().__init__()
        kind = _FATAL.search(told)
        frames = (f"  {_inside(file)}:{line} {name}" for file, line, name in _FRAME.findall(told))
        self.identifiers = (*((kind.group(1).strip(),) if kind else ()), *frames)


def report(error: BaseException) -> str:
    """The report: versions, the kinds of the errors in the chain, and their frames."""
    lines = [f"ShopCRM {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}", ""]
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        lines.append(f"{type(each).__module__}.{type(each).__qualname__}")
        lines += _told(each)
        for frame in traceback.extract_tb(each.__traceback__, limit=-60):
            lines.append(f"  {_inside(frame.filename)}:{frame.lineno} {frame.name}")
        each = each.__cause__ or each.__context__
    return "\n".join(lines) + "\n"


def keep(folder: Path, error: BaseException, *, at: datetime) -> Path | None:
    """Write the report into a folder, which holds the newest few; its path, or None when the disk refuses."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = _free(folder, f"crash-{at:%Y%m%dT%H%M%SZ}")
        atomic_write(path, report(error).encode())
        for old in sorted(folder.glob("crash-*.txt"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        if sys.stderr is not None:
            print("ShopCRM: the crash report could not be written", file=sys.stderr)  # noqa: T201  # nowhere else to say it
        return None
    return path


def _free(folder: Path, stem: str) -> Path:
    """A name that is not taken: bugs come in flocks."""
    names = (f"{stem}{f'_{number:02}' if number else ''}.txt" for number in range(100))
    return next((folder / name for name in names if not (folder / name).exists()), folder / f"{stem}.txt")


def _told(error: BaseException) -> Iterable[str]:
    return error.identifiers if isinstance(error, LibraryFault | HardStop) else ()


def _inside(filename: str) -> str:
    """Of a path what lies inside of the program; of a foreign one its last part."""
    parts = PurePath(filename.replace("\\", "/")).parts
    for mark in _OWN:
        if mark in parts[:-1]:
            at = len(parts) - 2 - parts[-2::-1].index(mark)
            return "/".join(parts[at:])
    return parts[-1] if parts else filename
