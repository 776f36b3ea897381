"""OLE compound files (xls, doc, encrypted xlsx): looked over before a parser follows their chains of sectors."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from shopcrm.collect.refusals import Damaged, TooLarge

SIZE_LIMIT: Final = 128 << 20  # 65,536 rows of an xls are a third of that
START: Final = 1 << 13
_ENTRY: Final = 128
_LAST_SECTOR: Final = 0xFFFFFFFA  # the numbers above are marks: free, end of chain, table
_END: Final = 0xFFFFFFFE
_STREAM: Final = 2
_SMALL: Final = 4096  # shorter streams stand in the one that the root names


def streams(path: Path) -> Mapping[str, bytes]:
    """By name the beginnings of the streams in a file; every chain of them was followed to its end.

    Raises:
        Damaged: a chain runs in a circle or out of the file; a size that the file does not hold.
        TooLarge: larger than any xls.
    """
    if path.stat().st_size > SIZE_LIMIT:
        raise TooLarge(path.name)
    try:
        return _streams(path.read_bytes())
    except (struct.error, ValueError, IndexError) as error:
        raise Damaged(path.name) from error


def _streams(data: bytes) -> Mapping[str, bytes]:
    (shift,) = struct.unpack_from("<H", data, 0x1E)
    if shift not in (9, 12):
        raise ValueError(shift)
    sector = 1 << shift
    count = len(data) // sector + 1

    def at(number: int) -> bytes:
        start = (number + 1) << shift
        if start >= len(data):
            raise ValueError(number)
        return data[start : start + sector].ljust(sector, b"\0")

    table = _table(data, at, count)

    def chain(first: int) -> list[int]:
        found: list[int] = []
        while first != _END:
            if first >= _LAST_SECTOR or len(found) > count:
                raise ValueError(first)
            found.append(first)
            first = table[first]
        return found

    (directory,) = struct.unpack_from("<I", data, 0x30)
    entries = b"".join(map(at, chain(directory)))
    result = {}
    for place in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", entries, place + 0x40)
        first, size = struct.unpack_from("<II", entries, place + 0x74)
        if kind != _STREAM or not 2 <= length <= 64:
            continue
        sectors = chain(first) if size >= _SMALL else []
        if size >= _SMALL and len(sectors) * sector < size:
            raise ValueError(size)
        name = entries[place : place + length - 2].decode("utf-16-le", errors="replace")
        result[name] = b"".join(map(at, sectors[: START >> shift]))
    return result


def _table(data: bytes, at: Callable[[int], bytes], count: int) -> list[int]:
    """The allocation table: by sector the one that follows it."""
    (tables,) = struct.unpack_from("<I", data, 0x2C)
    (more, extensions) = struct.unpack_from("<II", data, 0x44)
    if tables > count:
        raise ValueError(tables)
    places = list(struct.unpack_from("<109I", data, 0x4C))
    for _ in range(min(extensions, count)):
        if more >= _LAST_SECTOR:
            break
        numbers = struct.unpack(f"<{len(at(more)) // 4}I", at(more))
        places += numbers[:-1]
        more = numbers[-1]
    result: list[int] = []
    for place in places[:tables]:
        part = at(place)
        result += struct.unpack(f"<{len(part) // 4}I", part)
    return result
