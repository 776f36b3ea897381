"""Writing small files so that a crash leaves the old or the new one, and names that no system refuses."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

_RETRIES_S = (0.05, 0.1, 0.2, 0.4)
_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\ufeff]')
_RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}


def replace(source: Path, target: Path) -> None:
    """Move `source` over `target`. Windows refuses while another program reads it: a few bounded retries."""
    _patiently(lambda: source.replace(target))


def remove(path: Path) -> None:
    """Delete a file, which may be gone already. Windows refuses while it is open: a few bounded retries."""
    _patiently(lambda: path.unlink(missing_ok=True))


def _patiently(act: Callable[[], object]) -> None:
    for wait_s in _RETRIES_S:
        try:
            act()
        except PermissionError:
            time.sleep(wait_s)
        else:
            return
    act()


def lock(handle: IO[bytes]) -> bool:
    """Lock an open file for this process alone, until it is closed or the process ends. False: another has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def is_locked(path: Path) -> bool:
    """Whether another process holds `lock` on a file."""
    try:
        with path.open("r+b") as handle:
            return not lock(handle)
    except FileNotFoundError:
        return False


def atomic_write(path: Path, data: bytes) -> None:
    """Write a small file whole: temporary file in the same folder, fsync, read back, replace.

    Raises:
        OSError: the disk is full, or what was read back differs; `path` is then as it was.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if temporary.read_bytes() != data:
            raise OSError(f"{path.name}: what was written could not be read back")
        replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def safe_name(text: str, *, fallback: str = "shopcrm") -> str:
    """A file name that every system takes, made from any text."""
    name = _FORBIDDEN.sub("_", text).strip(" .")[:120]
    return f"_{name}" if name.split(".", 1)[0].lower() in _RESERVED else name or fallback
