"""Files of every platform as it writes them, made from its header lists, and what must come of them.

People are invented.
A module a platform, with its `SAMPLES`; an adapter without one fails the family test.
"""

from __future__ import annotations

import csv
import importlib
import io
import json
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import openpyxl

from shopcrm.collect.platforms import ReadSettings

HEADERS: Final[Mapping[str, list[str]]] = json.loads(
    (Path(__file__).parents[3] / "data" / "platform_headers.json").read_text("utf-8")
)
CHINA: Final = ReadSettings(currency="CNY", timezone="Asia/Shanghai")


@dataclass(frozen=True)
class Sample:
    """One file.

    `golden`: by order number what must be found, by the names of `ForeignOrder` and of `family.shown`. `refused`: the
    rows that must be refused (headers are row 1) and the column told. `below`: rows above the header.
    """

    adapter: str  # `jd complete`: key and report
    name: str  # of the file
    header: Sequence[str]
    rows: Sequence[Mapping[str, str]]
    golden: Mapping[str, Mapping[str, Any]]
    refused: Mapping[int, str] = field(default_factory=dict)
    settings: ReadSettings = CHINA
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    above: Sequence[Sequence[str]] = ()  # title lines over the header

    def cells(self, header: Sequence[str]) -> list[tuple[int, list[str]]]:
        """The rows with these columns, each with its place in the file."""
        return [(at, [row.get(name, "") for name in header]) for at, row in enumerate(self.rows, 2)]

    def as_bytes(self, header: Sequence[str]) -> bytes:
        """The file as its platform writes it."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator="\r\n")
        writer.writerows([*self.above, header, *(cells for _, cells in self.cells(header))])
        return text.getvalue().encode(self.encoding)

    def write(self, path: Path) -> Path:
        """It as a file: a workbook where its platform gives one."""
        if path.suffix == ".xlsx":
            book = openpyxl.Workbook()
            sheet = book.worksheets[0]
            for row in (*self.above, self.header, *(cells for _, cells in self.cells(self.header))):
                sheet.append([cell or None for cell in row])
            book.save(path)
        else:
            path.write_bytes(self.as_bytes(self.header))
        return path


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    """UTC seconds of a time somewhere."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def all_samples() -> list[Sample]:
    """Those of every module in this folder."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    return [sample for module in modules for sample in module.SAMPLES]
