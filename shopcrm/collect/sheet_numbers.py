"""Long numbers in number cells of an xlsx: their digits as the XML writes them, where those can be relied on.

A number cell of Excel keeps 15 digits and a float 15 to 17, an order number has up to 19; but some exporters write all
of them. Which of the three a column went through, its numbers tell together.
"""

from __future__ import annotations

import math
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import IO, Final
from xml.parsers import expat

from shopcrm.collect.refusals import Damaged
from shopcrm.collect.sources import Source

LONG_FROM: Final = 1e15  # 16 digits
_BLOCK: Final = 1 << 18
_LONG: Final = re.compile(r"(-?[0-9]{16,40})(?:\.0*)?|-?[0-9.]+[eE]\+?[0-9]+")
_EXACT_BELOW: Final = 1 << 53


class LongNumbers:
    """The long numbers of one sheet."""

    def __init__(self, source: Source, *, sheet: str) -> None:
        """Read through the sheet once.

        Raises:
            Damaged: calamine took the sheet, but it is not well-formed.
        """
        self._columns: dict[int, dict[int, str]] = {}
        try:
            with (
                source.open() as whole,
                zipfile.ZipFile(whole) as archive,
                archive.open(_part_of_sheet(archive, sheet)) as file,
            ):
                for row, column, text in _long_numbers(file):
                    self._columns.setdefault(column, {})[row] = text
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise Damaged(source.name) from error
        self._trusted = {column: trusted_below(texts.values()) for column, texts in self._columns.items()}

    def shown(self, row: int, column: int, value: float) -> str:
        """A number as text: its digits, or the exponent with which Excel shows what it has shortened."""
        text = self._columns.get(column, {}).get(row, "")
        if text.lstrip("-").isdigit() and abs(int(text)) < self._trusted[column]:
            return text
        return f"{value:.14E}"


def trusted_below(texts: Iterable[str]) -> float:
    """Below what size the digits of a column's numbers are those that were put in."""
    whole = [text.lstrip("-") for text in texts if text.lstrip("-").isdigit()]
    if not all(map(_may_be_a_float, whole)):
        return math.inf  # the column's numbers never were floats
    if any(text[15:].strip("0") for text in whole):
        return _EXACT_BELOW
    return 0  # nothing but zeros after the 15 digits that Excel keeps


def _may_be_a_float(text: str) -> bool:
    """Whether some program prints a float so: exactly, by its shortest form, or by 15 to 17 digits and zeros."""
    value = float(text)
    printed = (repr(value), f"{value:.15g}", f"{value:.16g}", f"{value:.17g}")
    return int(text) in {int(value), *(int(Decimal(digits)) for digits in printed)}


def _part_of_sheet(archive: zipfile.ZipFile, sheet: str) -> str:
    """The name of a sheet's part: workbook → relation → target."""
    workbook = _root_target(archive)
    folder, file = posixpath.split(workbook)
    relation = next(
        (
            value
            for element in elements(archive.read(workbook), "sheet")
            if element.get("name") == sheet
            for key, value in element.items()
            if key.rpartition(":")[2] == "id"
        ),
        "",
    )
    targets = {e["Id"]: e["Target"] for e in elements(archive.read(f"{folder}/_rels/{file}.rels"), "Relationship")}
    # A target that starts with / counts from the root; join drops the folder then.
    return posixpath.normpath(posixpath.join("/", folder, targets[relation])).lstrip("/")


def _root_target(archive: zipfile.ZipFile) -> str:
    for element in elements(archive.read("_rels/.rels"), "Relationship"):
        if element.get("Type", "").endswith("/officeDocument"):
            return element["Target"].lstrip("/")
    return "xl/workbook.xml"


def elements(xml: bytes, name: str) -> list[dict[str, str]]:
    """The attributes of all elements of a name, whatever their prefix."""
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == name:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(xml, True)  # noqa: FBT003  # expat takes no keywords
    return found


def _long_numbers(file: IO[bytes]) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of the values that have 16 digits and more, or an exponent."""
    done: list[tuple[int, int, str]] = []
    row = column = 0
    value: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        tag = tag.rpartition(":")[2]
        if tag == "c":
            reference = attributes.get("r")
            column = _column(reference) if reference else column + 1
        elif tag == "v":
            value.clear()
            parser.CharacterDataHandler = value.append
        elif tag == "row":
            row, column = int(attributes.get("r", row + 1)), -1

    def end(tag: str) -> None:
        if tag.rpartition(":")[2] == "v":
            parser.CharacterDataHandler = None
            text = "".join(value).strip()
            if len(text) > 4 and (match := _LONG.fullmatch(text)):
                done.append((row, column, match[1] or text))

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    while block := file.read(_BLOCK):
        parser.Parse(block)
        yield from done
        done.clear()


def _column(reference: str) -> int:
    """`A7` → 0, `AB7` → 27."""
    column = 0
    for letter in reference:
        if letter.isdigit():
            break
        column = column * 26 + ord(letter) - 64
    return column - 1
