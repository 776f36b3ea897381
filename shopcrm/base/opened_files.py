"""A folder in which other programs find files of the shop: only the user may enter it, and it is emptied in the end.

What is changed there would be lost, so the files are read-only. A program that still has one open on Windows keeps it
until the folder is emptied again.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path


def put(folder: Path, *, name: str, content: bytes) -> Path:
    """Write a file that another program is to open; each in a folder of its own, so that names never meet.

    Raises:
        OSError: the disk refuses.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(dir=folder)) / name
    path.write_bytes(content)
    path.chmod(0o400)
    return path


def empty(folder: Path) -> None:
    """Delete all that lies there, as far as the system lets go of it."""
    for path in sorted(folder.rglob("*"), reverse=True):  # what is in a folder before the folder
        with suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.chmod(0o600)
                path.unlink()
