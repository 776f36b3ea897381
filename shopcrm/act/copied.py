"""Rows of the customer list for the clipboard (U16): as text by tabs, and as a table that spreadsheets read as text.

Excel and WPS take the table; there each cell that is no number says that it is text, so that phones keep their digits
and nothing becomes a formula. In plain text, where a cell has no type, what could be a formula gets a leading `'`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from shopcrm.act import contactable, export, fields
from shopcrm.act.fields import Kind
from shopcrm.base.cells import harmless
from shopcrm.store.columns import Columns, Ints
from shopcrm.store.tx import Tx

AT_MOST: Final = 20_000  # rows; more is a file's
_NUMBERS: Final = (Kind.INT, Kind.NUMBER, Kind.DECIMAL, Kind.MONEY, Kind.DAYS)
_TEXT: Final = "mso-number-format:'\\@'"


@dataclass(frozen=True)
class Copied:
    """What goes onto the clipboard, and how many customers it tells of."""

    text: str
    html: str
    rows: int
    held_back: Mapping[str, int]  # who may not be written to, by reason; they are left out as of any list


def table(tx: Tx, columns: Columns, ids: Ints, *, keys: Sequence[str]) -> Copied:
    """Some customers with headings.

    Raises:
        KeyError: a key is no field.
    """
    known = {field.key: field for field in fields.of_shop(tx)}
    chosen = [known[key] for key in dict.fromkeys(keys)]
    texts = [export.cell_text(field.kind, currency=tx.shop.currency) for field in chosen]
    head = [_line(field.heading) for field in chosen]
    lines = ["\t".join(head)]
    table_rows = ["<tr>" + "".join(f'<th style="{_TEXT}">{escape(word)}</th>' for word in head) + "</tr>"]
    asked = [field.key for field in chosen]
    held = contactable.withheld(tx, ids, keys=asked)
    kept = held.kept(ids)
    for row in held.told(kept.tolist(), fields.read(tx, columns, kept, keys=asked), asked):
        lines.append("\t".join(_line(text(value)) for text, value in zip(texts, row, strict=True)))
        cells = []
        for field, text, value in zip(chosen, texts, row, strict=True):
            if field.kind in _NUMBERS:
                cells.append(f"<td>{escape(text(value))}</td>")
            else:
                words = value.isoformat() if field.kind is Kind.DATE and value else export.words(field.kind, value)
                cells.append(f'<td style="{_TEXT}">{escape(harmless(_line(words), csv=False))}</td>')
        table_rows.append(f"<tr>{''.join(cells)}</tr>")
    html = f'<html><head><meta charset="utf-8"></head><body><table>{"".join(table_rows)}</table></body></html>'
    return Copied("\n".join(lines), html, len(kept), held.counted)


def _line(text: str) -> str:
    """A cell of one line: a tab or a new line would begin another."""
    return " ".join(text.split())
