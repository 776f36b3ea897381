"""The digits of numbers in an xlsx sheet as its XML writes them: a float holds 15 of them, an order number has 19."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

from shopcrm.collect.refusals import Damaged

_BLOCK: Final = 1 << 18
_LONG: Final = re.compile(r"(-?[0-9]{16,})(?:\.0*)?|-?[0-9.]+[eE]\+?[0-9]+")
_NO_ROW: Final[Mapping[int, str]] = {}


class SheetNumbers:
    """Rows of one sheet, asked for in rising order.

    Raises:
        Damaged: calamine took the sheet, but it is not well-formed.
    """

    def __init__(self, path: Path, *, sheet: str) -> None:
        self._name = path.name
        try:
            archive = zipfile.ZipFile(path)
            self._rows = _long_numbers(archive.open(_part_of_sheet(archive, sheet)))
        except (expat.ExpatError, KeyError, LookupError) as error:
            raise Damaged(path.name) from error
        self._number = 0
        self._cells: Mapping[int, str] = _NO_ROW

    def row(self, number: int) -> Mapping[int, str]:
        """The long numbers of a row by column, counted from 0."""
        try:
            while self._number < number:
                self._number, self._cells = next(self._rows, (number + 1, _NO_ROW))
        except (expat.ExpatError, ValueError) as error:
            raise Damaged(self._name) from error
        return self._cells if self._number == number else _NO_ROW


def _part_of_sheet(archive: zipfile.ZipFile, sheet: str) -> str:
    """The name of a sheet's part: workbook → relation → target."""
    workbook = _root_target(archive)
    folder, file = posixpath.split(workbook)
    relation = next(
        (
            value
            for element in _elements(archive.read(workbook), "sheet")
            if element.get("name") == sheet
            for key, value in element.items()
            if key.rpartition(":")[2] == "id"
        ),
        "",
    )
    targets = {e["Id"]: e["Target"] for e in _elements(archive.read(f"{folder}/_rels/{file}.rels"), "Relationship")}
    # A target that starts with / counts from the root; join drops the folder then.
    return posixpath.normpath(posixpath.join("/", folder, targets[relation])).lstrip("/")


def _root_target(archive: zipfile.ZipFile) -> str:
    for element in _elements(archive.read("_rels/.rels"), "Relationship"):
        if element.get("Type", "").endswith("/officeDocument"):
            return element["Target"].lstrip("/")
    return "xl/workbook.xml"


def _elements(xml: bytes, name: str) -> list[dict[str, str]]:
    """The attributes of all elements of a name, whatever their prefix."""
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == name:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(xml, True)  # noqa: FBT003  # expat takes no keywords
    return found


def _long_numbers(file: IO[bytes]) -> Iterator[tuple[int, Mapping[int, str]]]:
    """Row by row the cells whose value has 16 digits and more, or an exponent."""
    done: list[tuple[int, Mapping[int, str]]] = []
    row = column = 0
    cells: dict[int, str] = {}
    value: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, cells
        tag = tag.rpartition(":")[2]
        if tag == "c":
            reference = attributes.get("r")
            column = _column(reference) if reference else column + 1
        elif tag == "v":
            value.clear()
            parser.CharacterDataHandler = value.append
        elif tag == "row":
            row, column, cells = int(attributes.get("r", row + 1)), -1, {}

    def end(tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "v":
            parser.CharacterDataHandler = None
            text = "".join(value).strip()
            if len(text) > 4 and (match := _LONG.fullmatch(text)):
                cells[column] = match[1] or text.upper()
        elif tag == "row" and cells:
            done.append((row, cells))

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    with file:
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
