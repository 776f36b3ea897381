"""HTML tables, which several marketplaces export under the name of xls: read as they stand, nothing run or fetched."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from io import TextIOWrapper
from typing import Final

from shopcrm.collect.encodings import codec
from shopcrm.collect.raw_table import LooksLikeHeader, RawTable, Row, split_header
from shopcrm.collect.refusals import EmptyFile, NoRows, TooLarge, WebPage
from shopcrm.collect.sources import Source

SIZE_LIMIT: Final = 64 << 20  # bytes; the rows of all tables are held
WIDEST: Final = 1_000  # columns that a colspan may ask for
TALLEST: Final = 65_536
_BLOCK: Final = 1 << 18
_SILENT: Final = ("script", "style", "head", "template")
_GAPS: Final = ("br", "p", "div", "li")


def open_page(source: Source, *, encoding: str, looks_like_header: LooksLikeHeader) -> RawTable:
    """The table of a page: the first with a known header, else the one with most rows.

    Raises:
        WebPage: none of its tables has two columns and a row below its header.
        TooLarge: more than is held at once.
    """
    if source.size > SIZE_LIMIT:
        raise TooLarge(source.name)
    parser = _Tables()
    with TextIOWrapper(source.open(), encoding=codec(encoding), errors="replace", newline="") as file:
        while block := file.read(_BLOCK):
            parser.feed(block.replace("\0", ""))
    parser.close()
    tables = [rows for rows in parser.tables if len(rows) > 1 and max(map(len, rows)) > 1]
    known = next((rows for rows in tables if any(looks_like_header(cells) for cells in rows)), None)
    chosen = known or max(tables, key=len, default=None)
    if chosen is None:
        raise WebPage(source.name)
    try:
        (header_row, header), rows = split_header(
            _numbered(chosen), name=source.name, looks_like_header=looks_like_header
        )
    except (EmptyFile, NoRows) as error:
        raise WebPage(source.name) from error
    size = source.size
    return RawTable("html", header, header_row, rows, lambda: size)


def _numbered(rows: list[list[str]]) -> Iterator[Row]:
    for number, cells in enumerate(rows, 1):
        if any(cell.strip() for cell in cells):
            yield number, cells


class _Open:
    """A table whose end has not come."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.spans = (1, 1)
        self.below: dict[int, int] = {}  # by column, rows that a cell above still covers


class _Tables(HTMLParser):
    """Gathers the cells of all tables, an inner one apart from the table it stands in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[_Open] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "body":
            self._silent = 0  # a head that was never closed
        elif tag == "table":
            self._open.append(_Open())
        elif not self._open:
            return
        elif tag == "tr":
            self._end_row()
            self._open[-1].row = []
        elif tag in ("td", "th"):
            self._begin_cell(dict(attrs))
        elif tag in _GAPS:
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif not self._open:
            return
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self._end_table()

    def handle_data(self, data: str) -> None:
        if self._open and not self._silent and (cell := self._open[-1].cell) is not None:
            cell.append(data)

    def close(self) -> None:
        """Take what the file left open."""
        super().close()
        while self._open:
            self._end_table()

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        self._end_cell()
        table = self._open[-1]
        if table.row is None:
            table.row = []
        self._skip_covered(table)
        table.cell = []
        table.spans = (_span(attributes.get("colspan"), WIDEST), _span(attributes.get("rowspan"), TALLEST))

    def _end_cell(self) -> None:
        table = self._open[-1]
        if table.cell is None or table.row is None:
            return
        wide, high = table.spans
        start = len(table.row)
        # The value stands once; the places it covers stay blank, as those of merged cells in a workbook.
        table.row += [" ".join("".join(table.cell).split()), *[""] * (wide - 1)]
        if high > 1:
            table.below |= dict.fromkeys(range(start, start + wide), high)
        table.cell = None

    def _skip_covered(self, table: _Open) -> None:
        assert table.row is not None  # noqa: S101  # begun by the caller
        while table.below.get(len(table.row), 0):
            table.row.append("")

    def _end_row(self) -> None:
        self._end_cell()
        table = self._open[-1]
        if table.row is None:
            return
        self._skip_covered(table)
        table.rows.append(table.row)
        table.row = None
        table.below = {place: left - 1 for place, left in table.below.items() if left > 1}

    def _end_table(self) -> None:
        self._end_row()
        self.tables.append(self._open.pop().rows)


def _span(told: str | None, most: int) -> int:
    told = (told or "").strip()
    return min(max(int(told), 1), most) if told.isascii() and told.isdigit() and len(told) < 7 else 1
