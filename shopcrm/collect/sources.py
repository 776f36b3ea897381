"""Where the bytes of a table stand: in a file, in a part of an archive, or in memory once they were decrypted (C1)."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from shopcrm.collect.refusals import Damaged

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@dataclass(frozen=True)
class Source:
    """Bytes that can be read any number of times, and what people call them."""

    name: str
    size: int
    _opened: Callable[[], IO[bytes]]
    seekable: bool = True  # whether it is quick to go to and fro in it

    def open(self) -> IO[bytes]:
        """A reader that begins at the first byte."""
        return self._opened()


def on_disk(path: Path) -> Source:
    """A file.

    Raises:
        OSError: it is not there.
    """
    return Source(path.name, path.stat().st_size, lambda: path.open("rb"))


def in_memory(name: str, data: bytes) -> Source:
    """What was made of a file, and is written nowhere."""
    return Source(name, len(data), lambda: io.BytesIO(data))


def in_archive(archive: zipfile.ZipFile, part: zipfile.ZipInfo, *, name: str, password: bytes | None) -> Source:
    """A part of an archive that stays open, inflated as it is read."""
    return Source(
        name,
        part.file_size,
        lambda: cast("IO[bytes]", io.BufferedReader(_Part(archive.open(part, pwd=password), name))),
        seekable=False,
    )


class _Part(io.RawIOBase):
    """A part whose damage is told as that of its file."""

    def __init__(self, part: IO[bytes], name: str) -> None:
        super().__init__()
        self._part = part
        self._name = name

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        try:
            data = self._part.read(len(view))
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise Damaged(self._name) from error
        view[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._part.seek(offset, whence)

    def tell(self) -> int:
        return self._part.tell()

    def close(self) -> None:
        self._part.close()
        super().close()
