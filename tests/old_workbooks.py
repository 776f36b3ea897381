"""xls files written record by record, so that tests can make what no program would."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

GENERAL, DATE, MOMENT = 0, 1, 2  # styles: by their place among the formats
_FORMATS: Final = (0, 14, 22)


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(value: str, *, old: bool, short: bool = False) -> bytes:
    if old:
        raw = value.encode("gbk")
        return struct.pack("<B" if short else "<H", len(raw)) + raw
    raw = value.encode("utf-16-le")
    return struct.pack("<BB" if short else "<HB", len(raw) // 2, 1) + raw


def _cell(row: int, column: int, value: object, *, old: bool) -> bytes:
    if isinstance(value, str):
        return _record(0x204, struct.pack("<HHH", row, column, 0) + _text(value, old=old))
    number, style = value if isinstance(value, tuple) else (value, GENERAL)  # a number, or one with its style
    return _record(0x203, struct.pack("<HHHd", row, column, style, number))


def _sheet(rows: Sequence[Sequence[Any]], *, old: bool, far: bool) -> bytes:
    cells = [
        _cell(row, column, value, old=old)
        for row, line in enumerate(rows)
        for column, value in enumerate(line)
        if value is not None
    ]
    if far:
        cells.append(_cell(65_535, 255, "far", old=old))
    version = 0x500 if old else 0x600
    return b"".join([_record(0x809, struct.pack("<HHHH", version, 0x10, 0, 0)), *cells, _record(0x0A)])


def book(
    *sheets: Sequence[Sequence[Any]],
    old: bool = False,
    date_1904: bool = False,
    password: bool = False,
    far: bool = False,
) -> bytes:
    """The stream of a workbook. `old`: as Excel 95 writes it; `far`: with a cell where nobody would put one."""
    version = 0x500 if old else 0x600
    parts = [_record(0x809, struct.pack("<HHHHII"[: 5 if old else 7], version, 5, 0, 0, *(() if old else (0, 0))))]
    if password:
        parts.append(_record(0x2F, struct.pack("<HHH", 1, 1, 1) + b"\1" * 48))
    parts.append(_record(0x42, struct.pack("<H", 936 if old else 1200)))
    parts.append(_record(0x22, struct.pack("<H", int(date_1904))))
    parts += [_record(0xE0, struct.pack("<HH", 0, code) + b"\0" * (12 if old else 16)) for code in _FORMATS]
    bodies = [_sheet(rows, old=old, far=far) for rows in sheets]
    names = [_text(f"S{at}", old=old, short=True) for at in range(1, len(sheets) + 1)]
    start = sum(map(len, parts)) + sum(4 + 6 + len(name) for name in names) + 4
    for name, body in zip(names, bodies, strict=True):
        parts.append(_record(0x85, struct.pack("<IBB", start, 0, 0) + name))
        start += len(body)
    return b"".join([*parts, _record(0x0A), *bodies])


def compound(stream: bytes, *, name: str = "Workbook") -> bytes:
    """A compound file that holds one stream."""
    stream = stream.ljust(4096, b"\0")  # shorter ones stand elsewhere
    count = -(-len(stream) // 512)
    tables = -(-(count + 2) // 127)
    directory = tables
    chain = [0xFFFFFFFD] * tables + [0xFFFFFFFE]
    chain += [directory + 2 + at for at in range(count - 1)] + [0xFFFFFFFE]
    table = b"".join(struct.pack("<I", number) for number in chain).ljust(tables * 512, b"\xff")

    def entry(title: str, kind: int, first: int, size: int, child: int) -> bytes:
        raw = (title + "\0").encode("utf-16-le")
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + b"\0" * 36
            + struct.pack("<III", first, size, 0)
        )

    entries = entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + entry(name, 2, directory + 1, len(stream), 0xFFFFFFFF)
    places = [*range(tables), *[0xFFFFFFFF] * (109 - tables)]
    head = (
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 10
        + struct.pack("<IIIIIIIII", tables, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, places[0])
        + struct.pack("<108I", *places[1:])
    )  # fmt: skip
    return head + table + entries.ljust(512, b"\0") + stream.ljust(count * 512, b"\0")


def write(path: Path, *sheets: Sequence[Sequence[Any]], old: bool = False, **how: bool) -> Path:
    """An xls of these sheets."""
    path.write_bytes(compound(book(*sheets, old=old, **how), name="Book" if old else "Workbook"))
    return path
