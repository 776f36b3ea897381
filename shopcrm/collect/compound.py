"""OLE compound files (xls, doc, encrypted xlsx): looked over before a parser follows their chains of sectors."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import Final, NamedTuple

from shopcrm.collect.refusals import Damaged, TooLarge
from shopcrm.collect.sources import Source

SIZE_LIMIT: Final = 128 << 20  # 65,536 rows of an xls are a third of that
START: Final = 1 << 13
PACKAGE: Final = "EncryptedPackage"  # the stream of a workbook that asks for a password
_ENTRY: Final = 128
_LAST_SECTOR: Final = 0xFFFFFFFA  # the numbers above are marks: free, end of chain, table
_END: Final = 0xFFFFFFFE
_STREAM: Final = 2
_ROOT: Final = 5
_SMALL: Final = 4096  # shorter streams stand in the one that the root names
_SMALL_SECTOR: Final = 64


def streams(source: Source) -> Mapping[str, bytes]:
    """By name the beginnings of the streams in a file; every chain of them was followed to its end.

    Raises:
        Damaged: a chain runs in a circle or out of the file; a size that the file does not hold.
        TooLarge: larger than any xls.
    """
    data = _read(source)
    try:
        file = _File(data)
        return {entry.name: file.start(entry) for entry in file.entries() if entry.kind == _STREAM}
    except (struct.error, ValueError, IndexError) as error:
        raise Damaged(source.name) from error


def whole(source: Source, names: Collection[str]) -> Mapping[str, bytes]:
    """By name the streams that are asked for, of those that the file has.

    Raises:
        Damaged, TooLarge: as of `streams`.
    """
    data = _read(source)
    try:
        file = _File(data)
        return {entry.name: file.whole(entry) for entry in file.entries() if entry.name in names}
    except (struct.error, ValueError, IndexError) as error:
        raise Damaged(source.name) from error


def _read(source: Source) -> bytes:
    if source.size > SIZE_LIMIT:
        raise TooLarge(source.name)
    with source.open() as file:
        return file.read()


class _Entry(NamedTuple):
    """A stream, or the root, as the directory names it."""

    name: str
    kind: int
    first: int
    size: int


class _File:
    """The sectors of a file."""

    def __init__(self, data: bytes) -> None:
        (shift,) = struct.unpack_from("<H", data, 0x1E)
        if shift not in (9, 12):
            raise ValueError(shift)
        self._data = data
        self._shift = shift
        self._count = (len(data) >> shift) + 1
        self._table = self._whole_table()

    def entries(self) -> Iterator[_Entry]:
        """What the directory names."""
        (directory,) = struct.unpack_from("<I", self._data, 0x30)
        entries = b"".join(map(self._sector, self._chain(directory)))
        for place in range(0, len(entries) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", entries, place + 0x40)
            first, size = struct.unpack_from("<II", entries, place + 0x74)
            if kind in (_STREAM, _ROOT) and 2 <= length <= 64:
                name = entries[place : place + length - 2].decode("utf-16-le", errors="replace")
                yield _Entry(name, kind, first, size)

    def start(self, entry: _Entry) -> bytes:
        """How a stream begins; of a short one that cannot be followed nothing, as its parser has nothing to follow."""
        if entry.size < _SMALL:
            with suppress(struct.error, ValueError, IndexError, StopIteration):
                return self.whole(entry)
            return b""
        return b"".join(map(self._sector, self._sectors(entry)[: START >> self._shift]))

    def whole(self, entry: _Entry) -> bytes:
        """All of a stream."""
        if entry.size >= _SMALL:
            return b"".join(map(self._sector, self._sectors(entry)))[: entry.size]
        (first,) = struct.unpack_from("<I", self._data, 0x3C)
        following = self._numbers(self._chain(first))
        root = next(found for found in self.entries() if found.kind == _ROOT)
        room = b"".join(map(self._sector, self._chain(root.first)))
        return b"".join(
            room[at * _SMALL_SECTOR : (at + 1) * _SMALL_SECTOR] for at in _followed(entry.first, following)
        )[: entry.size]

    def _sectors(self, entry: _Entry) -> list[int]:
        sectors = self._chain(entry.first)
        if len(sectors) << self._shift < entry.size:
            raise ValueError(entry.size)
        return sectors

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self._shift
        if start >= len(self._data):
            raise ValueError(number)
        return self._data[start : start + (1 << self._shift)].ljust(1 << self._shift, b"\0")

    def _chain(self, first: int) -> list[int]:
        return _followed(first, self._table)

    def _numbers(self, sectors: list[int]) -> list[int]:
        result: list[int] = []
        for place in sectors:
            part = self._sector(place)
            result += struct.unpack(f"<{len(part) // 4}I", part)
        return result

    def _whole_table(self) -> list[int]:
        """The allocation table: by sector the one that follows it."""
        (tables,) = struct.unpack_from("<I", self._data, 0x2C)
        (more, extensions) = struct.unpack_from("<II", self._data, 0x44)
        if tables > self._count:
            raise ValueError(tables)
        places = list(struct.unpack_from("<109I", self._data, 0x4C))
        for _ in range(min(extensions, self._count)):
            if more >= _LAST_SECTOR:
                break
            numbers = self._numbers([more])
            places += numbers[:-1]
            more = numbers[-1]
        return self._numbers(places[:tables])


def _followed(first: int, table: list[int]) -> list[int]:
    """The sectors of a chain."""
    found: list[int] = []
    while first != _END:
        if first >= _LAST_SECTOR or len(found) > len(table):
            raise ValueError(first)
        found.append(first)
        first = table[first]
    return found
