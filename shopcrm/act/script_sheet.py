"""The scripts as a sheet (U2): exported with the answers about products, edited, read again by `act.script_reading`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shopcrm.act import export, scripts
from shopcrm.act.blanks import SITUATIONS
from shopcrm.act.export import MARK_WIDTH, UnknownFormat
from shopcrm.act.fields import Kind
from shopcrm.act.scripts import Script, Wording
from shopcrm.base import sheet_marks
from shopcrm.base.cells import EXCEL_CELL_CHARACTERS, harmless
from shopcrm.base.i18n import N_, _
from shopcrm.base.progress import SILENT, Progress
from shopcrm.base.sheet_marks import SheetMark, Sort
from shopcrm.mine import rfm
from shopcrm.store.tx import Tx

LIST: Final = "scripts"
SCRIPT, ANSWER = N_("Script"), N_("Product answer")
GROUP_LABELS: Final[Mapping[str, str]] = {group.key: group.label for group in rfm.GROUPS}
_TELL_EVERY: Final = 500  # rows
_BREAK: Final = " ⏎ "  # in what is sealed: a line break that was typed is a change


@dataclass(frozen=True)
class Column:
    """A column of the sheet; only what is `editable` is read again."""

    key: str
    label: str
    width: float
    kind: Kind = Kind.TEXT
    sort: Sort = Sort.TEXT
    editable: bool = True


COLUMNS: Final = (
    Column("kind", N_("Kind"), 12.0, editable=False),
    Column("folder", N_("Folder"), 14.0),
    Column("title", N_("Title or question"), 24.0),
    Column("body", N_("Words or answer"), 70.0),
    Column("keywords", N_("Search words"), 20.0, sort=Sort.TEXTS),
    Column("codes", N_("Product codes"), 16.0, kind=Kind.IDENTIFIER, sort=Sort.TEXTS),
    Column("situation", N_("When it is offered"), 14.0),
    Column("groups", N_("For groups"), 18.0, sort=Sort.TEXTS),
    Column("levels", N_("For member levels"), 16.0, sort=Sort.TEXTS),
    Column("uses", N_("Times used"), 8.0, kind=Kind.INT, sort=Sort.NUMBER, editable=False),
    Column("bought", N_("Times bought"), 8.0, kind=Kind.INT, sort=Sort.NUMBER, editable=False),
)
BY_KEY: Final = {column.key: column for column in COLUMNS}


@dataclass(frozen=True)
class Exported:
    """How many rows were written, and how many have more words than a cell takes and were left out."""

    rows: int
    left_out: int


def cells_of(wording: Wording) -> dict[str, str]:
    """The cells of a script or an answer by the key of their column, in the current language."""
    if not isinstance(wording, Script):
        found = dict.fromkeys(BY_KEY, "")
        return {
            **found, "kind": _(ANSWER), "title": wording.question, "body": wording.body, "codes": wording.code
        }  # fmt: skip
    audience = wording.audience
    return {
        "kind": _(SCRIPT),
        "folder": wording.folder,
        "title": wording.title,
        "body": wording.body,
        "keywords": wording.keywords or "",
        "codes": ", ".join(wording.codes),
        "situation": _(SITUATIONS[wording.situation]) if wording.situation else "",
        "groups": ", ".join(_(GROUP_LABELS[group]) for group in audience.groups),
        "levels": ", ".join(audience.levels),
        "uses": str(wording.uses),
        "bought": str(wording.tally.bought),
    }


def row_key(wording: Wording) -> str:
    """What names a row in the sheet's own column."""
    return f"{'s' if isinstance(wording, Script) else 'a'}{wording.id}"


def seal_name(row: str, column: str) -> str:
    """What the seal of a cell depends on besides its text."""
    return f"{row} {column}"


def sealed(column: Column, text: str) -> str:
    """The text of a cell as it is sealed and compared."""
    if column.key == "body":
        return _BREAK.join(line.strip() for line in harmless(text, csv=False).splitlines())
    return text


def export_scripts(tx: Tx, path: Path, *, overwrite: bool = False, progress: Progress = SILENT) -> Exported:
    """Write all scripts and answers as an xlsx sheet, in the current language. Returns how many.

    Raises:
        FileExists, UnknownFormat, CannotSave, Cancelled: nothing was written.
    """
    if path.suffix.lower() != ".xlsx":
        raise UnknownFormat(path.name)
    found = scripts.wordings_of(tx)
    fitting = [one for one in found if len(one.body.encode("utf-16-le")) <= 2 * EXCEL_CELL_CHARACTERS]
    tx.begin_change("export", list=LIST, rows=len(fitting), format="xlsx")
    with export.saving(path, overwrite=overwrite) as temporary:
        mark = SheetMark(LIST, sheet_marks.shop_part(tx.shop.uuid), tx.now_seconds, tuple(BY_KEY))
        kinds = {_(column.label): column.kind for column in COLUMNS} | {mark.head(): Kind.TEXT}
        export.write_sheet(
            temporary,
            kinds,
            _records(fitting, mark, progress),
            name=_("Scripts"),
            currency=tx.shop.currency,
            widths={_(column.label): column.width for column in COLUMNS} | {mark.head(): MARK_WIDTH},
            row_heights={0: 32.0},
        )
    return Exported(len(fitting), len(found) - len(fitting))


def _records(found: list[Wording], mark: SheetMark, progress: Progress) -> Iterator[dict[str, Any]]:
    for place, one in enumerate(found):
        if place % _TELL_EVERY == 0:
            progress.report("writing", done=place, total=len(found), unit="rows")
        row, texts = row_key(one), cells_of(one)
        seals = sheet_marks.row_mark(
            row,
            names=[seal_name(row, column.key) for column in COLUMNS],
            cells=[(column.sort, sealed(column, texts[column.key])) for column in COLUMNS],
        )
        yield {
            **{_(column.label): _VALUES.get(column.kind, _text)(texts[column.key]) for column in COLUMNS},
            mark.head(): seals,
        }


def _text(text: str) -> str | None:
    return harmless(text, csv=False) or None


def _number(text: str) -> int | None:
    return int(text) if text else None


_VALUES: Final[Mapping[Kind, Callable[[str], str | int | None]]] = {Kind.INT: _number}
