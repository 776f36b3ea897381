"""Text on its way into a spreadsheet: always text, never a formula."""

from __future__ import annotations

import re
from typing import Final

EXCEL_CELL_CHARACTERS: Final = 32_767  # more than that and Excel calls the file damaged

# What XML 1.0 cannot hold, so what no xlsx can: control characters, halves of surrogate pairs, non-characters.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# What spreadsheets skip before they look for a formula: blanks, controls, invisible and direction marks, quotes that
# full-width forms fold to. The four signs and their full-width and small forms follow.
_FORMULA: Final = re.compile(
    "[\\s\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]*[=+\\-@＝＋－＠﹦﹢﹣﹫\u2212\u207a\u207b\u208a\u208b\u207c\u208c]"
)


def harmless(text: str, *, csv: bool) -> str:
    """The text as it may stand in a cell of an exported file.

    Args:
        text: Any text, also one that somebody wrote to do harm.
        csv: For a csv file, where a cell has no type: what could be read as a formula gets a leading `'`. In an
            xlsx the cell must be written as a string, which is never a formula; there the text stays as it is.

    Returns:
        The text without what no spreadsheet can hold, cut with "…" at the longest text Excel takes.
    """
    text = _UNWRITABLE.sub("", text)
    if csv and is_formula(text):
        text = f"'{text}"
    # Excel counts UTF-16 units; only a text longer than half the limit can pass it.
    if len(text) * 2 > EXCEL_CELL_CHARACTERS and len(text.encode("utf-16-le")) > EXCEL_CELL_CHARACTERS * 2:
        kept = text.encode("utf-16-le")[: (EXCEL_CELL_CHARACTERS - 1) * 2]
        text = kept.decode("utf-16-le", errors="ignore") + "…"
    return text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula."""
    return _FORMULA.match(text) is not None
