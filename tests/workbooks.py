"""xlsx files written part by part, so that tests can make what no program would."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def letters(column: int) -> str:
    """0 → A, 27 → AB."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(value: str, *, style: int = 0) -> str:
    """A number cell whose digits stand in the XML exactly as given; its place is where it stands."""
    return f'<c s="{style}"><v>{value}</v></c>'


def text(value: str) -> str:
    """A text cell."""
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def rows(*lines: Sequence[str]) -> str:
    """Rows of cells; a plain value is taken as text."""
    return "".join(
        f'<row r="{at}">'
        + "".join(
            (cell if cell.startswith("<c") else text(cell)).replace("<c", f'<c r="{letters(column)}{at}"', 1)
            for column, cell in enumerate(line)
        )
        + "</row>"
        for at, line in enumerate(lines, 1)
    )


def write(
    path: Path,
    *sheets: str,
    formats: Sequence[int] = (0, 14, 22, 49),
    date_1904: bool = False,
    hidden: Sequence[int] = (),
    extra: Mapping[str, bytes] | None = None,
) -> Path:
    """A workbook of sheets given as the XML of their rows. `formats`: the number format of each style."""
    states = ("visible", "hidden")
    parts = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="r" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}">'
        + ('<workbookPr date1904="1"/>' if date_1904 else "")
        + "<sheets>"
        + "".join(
            f'<sheet name="S{at}" sheetId="{at}" state="{states[at - 1 in hidden]}" r:id="rId{at}"/>'
            for at in range(1, len(sheets) + 1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_RELATIONS}">'
        + "".join(
            f'<Relationship Id="rId{at}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{at}.xml"/>'
            for at in range(1, len(sheets) + 1)
        )
        + f'<Relationship Id="s" Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_MAIN}"><cellXfs>'
        + "".join(f'<xf numFmtId="{code}"/>' for code in formats)
        + "</cellXfs></styleSheet>",
    }
    for at, sheet in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{at}.xml"] = (
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{sheet}</sheetData></worksheet>'
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name not in (extra or {}):
                archive.writestr(name, content)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return path
