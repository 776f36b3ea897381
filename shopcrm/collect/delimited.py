"""csv and its relatives: commas, semicolons, tabs or bars; quotes, line breaks in cells, zeros, ragged rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from operator import methodcaller
from typing import Final

from shopcrm.collect.encodings import codec
from shopcrm.collect.raw_table import LooksLikeHeader, RawTable, Row, split_header
from shopcrm.collect.refusals import UnclosedQuote
from shopcrm.collect.sources import Source

DELIMITERS: Final = (",", "\t", ";", "|")
_SNIFFED_ROWS: Final = 60
_LINES_A_ROW: Final = 200  # a row of more lines is one whose quotation mark was never closed
_BLANKS: Final = "\x1a \t\r\n\xa0\u3000"
_SEPARATOR_LINE: Final = re.compile(r'\s*"?sep=(.)"?\s*$', re.IGNORECASE)  # Excel's own hint, as the first line


def open_delimited(source: Source, *, encoding: str, sample: str, looks_like_header: LooksLikeHeader) -> RawTable:
    """A text file as a table, streamed.

    Args:
        source: The file.
        encoding: As `encodings.detect` names it.
        sample: Its beginning, decoded.
        looks_like_header: Whether the caller knows a row as the header of a file it can read.

    Raises:
        EmptyFile, NoRows, UnclosedQuote: see there; the last also while rows are read.
    """
    delimiter, hinted = sniff_delimiter(sample, looks_like_header=looks_like_header)
    file = source.open()
    # Broken characters show as U+FFFD: the encoding was proven, or the user chose it and sees the preview.
    text = io.TextIOWrapper(file, encoding=codec(encoding), errors="replace", newline="")
    if delimiter == "\t" and _has_plain_quotes(source, encoding):
        records = _plain_records(text)
    else:
        records = _records(text, delimiter=delimiter, skip=hinted, name=source.name)
    (header_row, header), rows = split_header(records, name=source.name, looks_like_header=looks_like_header)
    size = source.size
    return RawTable(encoding, header, header_row, rows, lambda: size if file.closed else file.tell())


def sniff_delimiter(sample: str, *, looks_like_header: LooksLikeHeader) -> tuple[str, bool]:
    """The delimiter, and whether the first line is Excel's `sep=` hint.

    A delimiter that makes a known header of a row wins; else the one that gives most rows the same number of cells.
    """
    lines = sample.splitlines(keepends=True)
    if lines and (hint := _SEPARATOR_LINE.match(lines[0])):
        return hint[1], True
    best, best_score = DELIMITERS[0], (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in islice(csv.reader(lines, delimiter=delimiter), _SNIFFED_ROWS) if any(row)]
        except csv.Error:
            continue
        if any(looks_like_header(row) for row in rows):
            return delimiter, False
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if widths:
            width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
            best_score, best = max((best_score, best), ((round(count / len(rows), 1), width), delimiter))
    return best, False


def _records(text: io.TextIOWrapper, *, delimiter: str, skip: bool, name: str) -> Iterator[Row]:
    number = end = start = 0
    with text:
        reader = csv.reader(_lines(text), delimiter=delimiter)
        try:
            for number, cells in enumerate(reader, 1):
                start, end = end, reader.line_num
                if end - start > _LINES_A_ROW:
                    raise UnclosedQuote(name, number)
                if cells and not (skip and number == 1) and (cells[0].strip(_BLANKS) or "".join(cells).strip(_BLANKS)):
                    yield number, cells
        except csv.Error as error:  # a cell longer than csv's limit
            raise UnclosedQuote(name, number + 1) from error
        if end - start > 1:
            # The last row goes over several lines: was its quotation mark closed, or did the file just end?
            text.seek(0)
            try:
                list(csv.reader(islice(_lines(text), start, None), delimiter=delimiter, strict=True))
            except csv.Error as error:
                if "unexpected end of data" in str(error):
                    raise UnclosedQuote(name, number) from error


def _has_plain_quotes(source: Source, encoding: str) -> bool:
    """Whether every line of a tab-separated file is a row by itself: then no quotation mark holds one together.

    Amazon's reports are so, in which a title may begin with one that is never closed.
    """
    quotes, tabs = False, set[int]()
    with io.TextIOWrapper(source.open(), encoding=codec(encoding), errors="replace", newline="") as text:
        for line in _lines(text):
            quotes = quotes or '"' in line
            if line.strip(_BLANKS):
                tabs.add(line.count("\t"))
                if len(tabs) > 1:
                    return False
    return quotes


def _plain_records(text: io.TextIOWrapper) -> Iterator[Row]:
    with text:
        for number, line in enumerate(_lines(text), 1):
            if line.strip(_BLANKS):
                yield number, [_unwrapped(cell) for cell in line.rstrip("\r\n").split("\t")]


def _unwrapped(cell: str) -> str:
    """A cell that Excel put into quotation marks, as it was."""
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    return map(methodcaller("replace", "\0", ""), text)
