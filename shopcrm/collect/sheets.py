"""Files in: what a file is by its content, whatever its name says, and its table (C1)."""

from __future__ import annotations

import re
import zipfile
from enum import Enum, auto
from pathlib import Path
from typing import Final

from shopcrm.collect import encodings
from shopcrm.collect.delimited import open_delimited
from shopcrm.collect.old_workbooks import STREAM, STREAM_95, open_old_workbook
from shopcrm.collect.raw_table import LooksLikeHeader, RawTable, nothing_known
from shopcrm.collect.refusals import (
    Archive,
    Damaged,
    EmptyFile,
    IsFolder,
    NoSuchFile,
    NotATable,
    OldExcel,
    OtherSpreadsheet,
    PasswordProtected,
    TooLarge,
    Unreadable,
    WebPage,
)
from shopcrm.collect.vcards import BEGINS, open_cards
from shopcrm.collect.web_tables import open_page
from shopcrm.collect.workbooks import open_workbook

__all__ = ["RawTable", "Shape", "open_table"]

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
_XML_SPREADSHEET: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_CONTROLS: Final = re.compile(r"[\x01-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")


class Shape(Enum):
    """The ways a table stands in a file."""

    TEXT = auto()
    WORKBOOK = auto()
    OLD_WORKBOOK = auto()


def open_table(
    path: Path, *, encoding: str | None = None, looks_like_header: LooksLikeHeader = nothing_known
) -> RawTable:
    """The table of a csv, tsv, xlsx or xls file, or of a web page that a marketplace calls one.

    Args:
        path: The file; its name is not believed.
        encoding: Of a text file, where the user knows better than the evidence.
        looks_like_header: Finds the header below title lines, among sheets, and the delimiter.

    Raises:
        Failure: one of `collect.refusals`.
    """
    try:
        found = shape(path)
        if found is Shape.WORKBOOK:
            return open_workbook(path, looks_like_header=looks_like_header)
        if found is Shape.OLD_WORKBOOK:
            return open_old_workbook(path, looks_like_header=looks_like_header)
        return _open_text(path, encoding=encoding, looks_like_header=looks_like_header)
    except FileNotFoundError as error:
        raise NoSuchFile(path.name) from error
    except OSError as error:
        raise Unreadable(path.name, error.strerror or type(error).__name__) from error


def shape(path: Path) -> Shape:
    """What a file is, by its first bytes.

    Raises:
        Failure: it is nothing that can be read as a table.
        OSError: it cannot be opened.
    """
    if path.is_dir():
        raise IsFolder(path.name)
    with path.open("rb") as file:
        start = file.read(_START)
    if not start.strip(b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise EmptyFile(path.name)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zipped(path)
    if start.startswith(_OLE):
        return _compound(path)
    if _BARE_BIFF.match(start):
        raise OldExcel(path.name)
    for mark, kind in _ARCHIVES:
        if start.startswith(mark):
            raise Archive(path.name, kind)
    if start.startswith(_OTHERS):
        raise NotATable(path.name)
    return Shape.TEXT


def _zipped(path: Path) -> Shape:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Damaged(path.name) from error
    if any(name.endswith("workbook.xml") for name in names):
        return Shape.WORKBOOK
    if any(name.endswith("workbook.bin") for name in names):
        raise OtherSpreadsheet(path.name, "xlsb")
    if any(name.endswith(".iwa") for name in names):
        raise OtherSpreadsheet(path.name, "Numbers")
    if "content.xml" in names:
        raise OtherSpreadsheet(path.name, "ods")
    if "[Content_Types].xml" in names or "AndroidManifest.xml" in names:
        raise NotATable(path.name)
    raise Archive(path.name, "zip")


def _compound(path: Path) -> Shape:
    """An OLE compound file: its directory names what is in it."""
    with path.open("rb") as file:
        # The directory's sector may lie anywhere; these files are small, and the rest is not worth reading.
        content = file.read(64 << 20)

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise PasswordProtected(path.name)
    if any(holds(f"{stream}\0") for stream in (STREAM, STREAM_95)):
        return Shape.OLD_WORKBOOK
    raise NotATable(path.name) if holds("Root Entry") else Damaged(path.name)


def _open_text(path: Path, *, encoding: str | None, looks_like_header: LooksLikeHeader) -> RawTable:
    if path.stat().st_size > TEXT_LIMIT:
        raise TooLarge(path.name)
    encoding = encoding or encodings.detect(path)
    with path.open("rb") as file:
        sample = file.read(_START).decode(encodings.codec(encoding), errors="replace").lstrip("\ufeff")
    if BEGINS.match(sample):
        return open_cards(path, encoding=encoding)
    if match := _MARKUP.match(sample):
        if _XML_SPREADSHEET in sample:
            raise OtherSpreadsheet(path.name, "XML 2003")
        if match[0].lstrip().lower() == "<?xml" and "<html" not in sample:
            raise NotATable(path.name)
        return open_page(path, encoding=encoding, looks_like_header=looks_like_header)
    if sample.startswith("MIME-Version:"):
        raise WebPage(path.name)
    noise = len(_CONTROLS.findall(sample)) * 5 + sample.count("\ufffd") + sample.count("\0") // 3
    if noise > max(len(sample) // 10, 20):
        raise NotATable(path.name)
    return open_delimited(path, encoding=encoding, sample=sample, looks_like_header=looks_like_header)
