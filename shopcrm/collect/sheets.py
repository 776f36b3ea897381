"""Files in: what a file is by its content, whatever its name says, and its tables (C1)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from shopcrm.base.errors import Failure
from shopcrm.collect import encodings
from shopcrm.collect.archives import UNPACKED_LIMIT, Member, unpacked
from shopcrm.collect.compound import PACKAGE
from shopcrm.collect.delimited import open_delimited
from shopcrm.collect.old_workbooks import STREAM, STREAM_95, open_old_workbook
from shopcrm.collect.raw_table import LooksLikeHeader, Part, RawTable, nothing_known
from shopcrm.collect.refusals import (
    Archive,
    Damaged,
    EmptyFile,
    IsFolder,
    NoRows,
    NoSuchFile,
    NotATable,
    OldExcel,
    OtherSpreadsheet,
    TooLarge,
    Unreadable,
    WebPage,
)
from shopcrm.collect.sources import Source, in_memory, on_disk
from shopcrm.collect.vcards import BEGINS, open_cards
from shopcrm.collect.web_tables import open_page
from shopcrm.collect.workbooks import open_workbook

__all__ = ["Part", "RawTable", "Shape", "open_table", "open_tables"]

TEXT_LIMIT: Final = 4 << 30
_START: Final = 1 << 16
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ARCHIVES: Final = (
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ", "xz"),
)
_OTHERS: Final = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM6", b"RIFF", b"\x7fELF", b"SQLite format 3", b"{\\rtf",
    b"PAR1", b"OggS", b"ID3",
)  # fmt: skip
_BARE_BIFF: Final = re.compile(rb"\x09[\0\x02\x04\x08][\x04\x06\x08\x10]\0")  # the record stream of Excel 2 to 5
_MARKUP: Final = re.compile(
    r"\s*<(?:!doctype\s+html|html|head|meta|body|table|div|style|script|\?xml|!--)", re.IGNORECASE
)
_JSON: Final = re.compile(r"\s*(?:\[\s*)?\{\s*\"[^\"\n]{0,200}\"\s*:")
_XML_SPREADSHEET: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_CONTROLS: Final = re.compile(r"[\x01-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")


class Shape(Enum):
    """The ways a table stands in a file."""

    TEXT = auto()
    WORKBOOK = auto()
    OLD_WORKBOOK = auto()
    LOCKED = auto()  # a workbook that asks for a password
    ARCHIVE = auto()


def open_table(
    path: Path, *, encoding: str | None = None, looks_like_header: LooksLikeHeader = nothing_known
) -> RawTable:
    """The first table of a file whose header is known, else its first table.

    Raises:
        Failure: one of `collect.refusals`.
    """
    first: Part | None = None
    for part in open_tables(path, encoding=encoding, looks_like_header=looks_like_header):
        if part.known and part.table is not None:
            return part.table
        first = first or part
    assert first is not None  # noqa: S101  # a file without a part was refused
    if first.table is None:
        raise first.refusal or NotATable(path.name)
    return first.table


def open_tables(
    path: Path,
    *,
    encoding: str | None = None,
    looks_like_header: LooksLikeHeader = nothing_known,
    passwords: Sequence[str] = (),
) -> Iterator[Part]:
    """The tables of a csv, tsv, xlsx or xls file, of a web page that a marketplace calls one, or of a zip of them.

    There is at least one, or a failure. Each is to be read before the next is asked for.

    Args:
        path: The file; its name is not believed.
        encoding: Of a text file, where the user knows better than the evidence.
        looks_like_header: Finds the header below title lines, among tables of a page, and the delimiter.
        passwords: Of locked workbooks and archives, tried in turn.

    Raises:
        Failure: one of `collect.refusals`.
    """
    try:
        if path.is_dir():
            raise IsFolder(path.name)
        how = _How(encoding, looks_like_header, tuple(passwords))
        yield from _tables(on_disk(path), how)
    except FileNotFoundError as error:
        raise NoSuchFile(path.name) from error
    except OSError as error:
        raise Unreadable(path.name, error.strerror or type(error).__name__) from error


class _How(NamedTuple):
    """What the caller says of all files alike."""

    encoding: str | None
    looks_like_header: LooksLikeHeader
    passwords: tuple[str, ...]


def _tables(source: Source, how: _How, *, packed: bool = False) -> Iterator[Part]:
    """`packed`: the file is one of an archive already."""
    found = shape(source)
    if found is Shape.LOCKED:
        from shopcrm.collect.locked_workbooks import unlocked  # with numpy, a third of what the child loads

        source = unlocked(source, how.passwords)
        found = shape(source)
    if found is Shape.ARCHIVE and not packed:
        yield from _of_archive(source, how)
    elif found is Shape.WORKBOOK:
        yield from open_workbook(_at_hand(source), looks_like_header=how.looks_like_header)
    elif found is Shape.OLD_WORKBOOK:
        yield from open_old_workbook(source, looks_like_header=how.looks_like_header)
    elif found is Shape.TEXT:
        opened = partial(_open_text, source, encoding=how.encoding, looks_like_header=how.looks_like_header)
        table = opened()
        yield Part(source.name, "", opened, table, how.looks_like_header(table.header))
    else:
        raise Archive(source.name, "zip")


def _of_archive(source: Source, how: _How) -> Iterator[Part]:
    """The tables in a zip, each file of it by itself. What is no table is told so."""
    with unpacked(source, how.passwords) as members:
        before = 0
        for member in members:
            try:
                for part in _tables(member.source, how, packed=True):
                    yield replace(part, table=part.table and _within(part.table, member, before=before))
            except (EmptyFile, NoRows, NotATable, OtherSpreadsheet, WebPage) as refusal:
                nothing = partial(_refuse, refusal)
                yield Part(member.source.name, "", nothing, None, known=False, refusal=refusal)
            before += member.packed


def _refuse(refusal: Failure) -> RawTable:
    raise refusal


def _within(table: RawTable, member: Member, *, before: int) -> RawTable:
    """A table whose position is that in the archive."""
    size = max(member.source.size, 1)
    return replace(table, position=lambda: before + member.packed * min(table.position(), size) // size)


def _at_hand(source: Source) -> Source:
    """A workbook where its parts can be looked up: one in an archive is unpacked in memory."""
    if source.seekable:
        return source
    if source.size > UNPACKED_LIMIT:
        raise TooLarge(source.name)
    with source.open() as file:
        return in_memory(source.name, file.read())


def shape(source: Source) -> Shape:
    """What a file is, by its first bytes.

    Raises:
        Failure: it is nothing that can be read as a table.
        OSError: it cannot be opened.
    """
    with source.open() as file:
        start = file.read(_START)
    if not start.strip(b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise EmptyFile(source.name)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zipped(source)
    if start.startswith(_OLE):
        return _compound(source)
    if _BARE_BIFF.match(start):
        raise OldExcel(source.name)
    for mark, kind in _ARCHIVES:
        if start.startswith(mark):
            raise Archive(source.name, kind)
    if start.startswith(_OTHERS):
        raise NotATable(source.name)
    return Shape.TEXT


def _zipped(source: Source) -> Shape:
    source = _at_hand(source)
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Damaged(source.name) from error
    if any(name.endswith("workbook.xml") for name in names):
        return Shape.WORKBOOK
    if any(name.endswith("workbook.bin") for name in names):
        raise OtherSpreadsheet(source.name, "xlsb")
    if any(name.endswith(".iwa") for name in names):
        raise OtherSpreadsheet(source.name, "Numbers")
    if "content.xml" in names:
        raise OtherSpreadsheet(source.name, "ods")
    if "[Content_Types].xml" in names or "AndroidManifest.xml" in names:
        raise NotATable(source.name)
    return Shape.ARCHIVE


def _compound(source: Source) -> Shape:
    """An OLE compound file: its directory names what is in it."""
    with source.open() as file:
        # The directory's sector may lie anywhere; these files are small, and the rest is not worth reading.
        content = file.read(64 << 20)

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds(PACKAGE):
        return Shape.LOCKED
    if any(holds(f"{stream}\0") for stream in (STREAM, STREAM_95)):
        return Shape.OLD_WORKBOOK
    raise NotATable(source.name) if holds("Root Entry") else Damaged(source.name)


def _open_text(source: Source, *, encoding: str | None, looks_like_header: LooksLikeHeader) -> RawTable:
    if source.size > TEXT_LIMIT:
        raise TooLarge(source.name)
    encoding = encoding or encodings.detect(source)
    with source.open() as file:
        sample = file.read(_START).decode(encodings.codec(encoding), errors="replace").lstrip("\ufeff")
    if BEGINS.match(sample):
        return open_cards(source, encoding=encoding)
    if match := _MARKUP.match(sample):
        if _XML_SPREADSHEET in sample:
            raise OtherSpreadsheet(source.name, "XML 2003")
        if match[0].lstrip().lower() == "<?xml" and "<html" not in sample:
            raise NotATable(source.name)
        return open_page(source, encoding=encoding, looks_like_header=looks_like_header)
    if sample.startswith("MIME-Version:"):
        raise WebPage(source.name)
    if _JSON.match(sample):
        raise NotATable(source.name)
    noise = len(_CONTROLS.findall(sample)) * 5 + sample.count("\ufffd") + sample.count("\0") // 3
    if noise > max(len(sample) // 10, 20):
        raise NotATable(source.name)
    return open_delimited(source, encoding=encoding, sample=sample, looks_like_header=looks_like_header)
