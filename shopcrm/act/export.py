"""Lists as files (U17, U5): contact lists as xlsx or csv, today's list as a sheet to work from.

Text is written as text, phones and numbers of people never as numbers. A file is written under another name and
renamed when it is whole; every export is a line of the journal.
"""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Final

from shopcrm.act import contactable, customer_list, fields, reminders
from shopcrm.act.contactable import Withheld
from shopcrm.act.fields import Field, Kind, Value
from shopcrm.act.reminders import DueItem
from shopcrm.base import birthdays, files, platforms, sheet_marks
from shopcrm.base.birthdays import Birthday
from shopcrm.base.cells import harmless
from shopcrm.base.errors import EnvironmentFailure, UserFailure
from shopcrm.base.i18n import N_, _, n_
from shopcrm.base.money import decimal_text, minor_digits, to_decimal
from shopcrm.base.progress import SILENT, Progress
from shopcrm.base.sheet_marks import SheetMark, Sort
from shopcrm.collect import consents
from shopcrm.mine.rfm import GROUPS
from shopcrm.store.columns import Columns, Ints
from shopcrm.store.tx import Tx

SHEET_ROWS: Final = 1_048_576  # of Excel
_BLOCK: Final = 2_000
_HEAD: Final = "#E0F1EF"
_SECOND: Final = "#526067"
_WIDTHS: Final = {
    Kind.TEXT: 14.0, Kind.IDENTIFIER: 15.0, Kind.INT: 9.0, Kind.DECIMAL: 11.0, Kind.MONEY: 13.0, Kind.DATE: 12.0,
    Kind.DAYS: 9.0, Kind.GROUP: 14.0, Kind.PLATFORMS: 12.0, Kind.TEXTS: 20.0,
    Kind.BIRTHDAY: 16.0, Kind.GENDER: 9.0, Kind.CHANNELS: 14.0, Kind.FOLLOWED: 14.0, Kind.NUMBER: 9.0,
}  # fmt: skip
_LABELS: Final = {group.key: group.label for group in GROUPS}
MARK_WIDTH: Final = 4.0  # of the column that is nobody's but the program's
_SORTS: Final = {
    Kind.INT: Sort.NUMBER, Kind.DECIMAL: Sort.NUMBER, Kind.MONEY: Sort.NUMBER, Kind.DAYS: Sort.NUMBER,
    Kind.DATE: Sort.DATE, Kind.TEXTS: Sort.TEXTS, Kind.BIRTHDAY: Sort.BIRTHDAY, Kind.NUMBER: Sort.NUMBER,
}  # fmt: skip


@dataclass(eq=False)
class FileExists(UserFailure):
    """The target is there and nobody agreed to replace it."""

    text: ClassVar[str] = N_("{file} is there already. Choose another name, or say that it may be replaced.")
    file: str


@dataclass(eq=False)
class UnknownFormat(UserFailure):
    """A file name that ends in neither of the two formats."""

    text: ClassVar[str] = N_("{file}: lists are saved as .xlsx or .csv. Choose a name that ends so.")
    file: str


@dataclass(eq=False)
class TooLongForASheet(UserFailure):
    """More rows than Excel opens."""

    text: ClassVar[str] = N_(
        "{file}: a sheet of Excel holds {most} rows, this list has {rows}. Save it as .csv, or a part of it."
    )
    file: str
    rows: str
    most: str


@dataclass(eq=False)
class UnknownField(UserFailure):
    """A column that customers do not have."""

    text: ClassVar[str] = N_("There is no column “{key}”. Possible are: {known}.")
    key: str
    known: str


@dataclass(eq=False)
class UnknownGroup(UserFailure):
    """A key that is none of the eight groups."""

    text: ClassVar[str] = N_("There is no group “{key}”. Possible are: {known}.")
    key: str
    known: str


@dataclass(eq=False)
class CannotSave(EnvironmentFailure):
    """The system refused to write the file."""

    text: ClassVar[str] = N_("{file} cannot be saved ({reason}). Is it open in another program?")
    file: str
    reason: str


@dataclass(frozen=True)
class Exported:
    """How many customers a list has, and how many were left out of it, by reason (`consents.HELD_BACK`)."""

    rows: int
    held_back: Mapping[str, int] = field(default_factory=dict)


def export_customers(
    tx: Tx,
    columns: Columns,
    path: Path,
    *,
    ids: Ints | None = None,
    group: str | None = None,
    keys: Sequence[str] | None = None,
    overwrite: bool = False,
    progress: Progress = SILENT,
) -> Exported:
    """Write a contact list in the current language; the ending of `path` says xlsx or csv.

    Who may not be written to by any of the ways that it tells is left out (`contactable`).

    Args:
        tx: A writing transaction: the export is a line of the journal.
        columns: The shop's columns.
        path: The file; its folder must be there.
        ids: The customers, in order. None: all of `group`, else all, by what they spent.
        group: One of the eight groups.
        keys: Which fields, in order (`fields.of_shop`). None: the usual ones.
        overwrite: The user agreed to replace the file.
        progress: Told the rows written, stage "writing".

    Raises:
        FileExists, UnknownFormat, UnknownField, UnknownGroup, TooLongForASheet, CannotSave, Cancelled: nothing was
            written.
    """
    chosen = _chosen(tx, keys)
    if group is not None and group not in _LABELS:
        raise UnknownGroup(group, ", ".join(_LABELS))
    write = {".xlsx": _write_xlsx, ".csv": _write_csv}.get(path.suffix.lower())
    if write is None:
        raise UnknownFormat(path.name)
    if ids is None:
        ids = customer_list.ids(tx, columns, group=group)
    held = contactable.withheld(tx, ids, keys=[field.key for field in chosen])
    ids = held.kept(ids)
    if write is _write_xlsx:
        require_rows(path, len(ids), heads=1)
    tx.begin_change(
        "export",
        list="customers",
        rows=len(ids),
        format=path.suffix.lower()[1:],
        group=group or "",
        columns=[field.key for field in chosen],
        **told_held(held.counted),
    )
    with saving(path, overwrite=overwrite) as temporary:
        marked = [*chosen, Field(MARK, customers_mark(tx, chosen).head(), Kind.TEXT)]
        write(
            temporary,
            marked,
            _marked(tx, columns, ids, chosen, held=held, progress=progress),
            currency=tx.shop.currency,
        )
    return Exported(len(ids), held.counted)


def export_due(
    tx: Tx, columns: Columns, path: Path, *, kinds: Collection[str] | None = None, overwrite: bool = False
) -> Exported:
    """Write today's list as an xlsx sheet to work from: who, why, the cycle and the gaps behind it.

    `kinds`: only these of `reminders.KINDS`.

    The transaction must be a writing one. Raises as `export_customers` does. Who opted out is not on the list.
    """
    if path.suffix.lower() != ".xlsx":
        raise UnknownFormat(path.name)
    items = reminders.due_list(tx, columns, kinds=kinds)
    held = contactable.withheld(tx, _ids_of(columns, items), keys=_DUE_KEYS)
    items = [item for item in items if item.customer not in held.left_out]
    counted = Counter(held.counted) + Counter(reminders.held_back(tx, columns, kinds=kinds))
    require_rows(path, len(items), heads=_DUE_HEAD + 1)
    tx.begin_change("export", list="due", rows=len(items), format="xlsx", **told_held(counted))
    with saving(path, overwrite=overwrite) as temporary:
        _write_due(temporary, tx, _due_rows(tx, columns, items, held), count=len(items))
    return Exported(len(items), counted)


def told_held(held: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """How many were left out of a list, as the journal keeps it; nothing where nobody was."""
    return {"held_back": dict(held)} if held else {}


def require_rows(path: Path, rows: int, *, heads: int) -> None:
    """Before anything is written: a file that Excel cuts off would lose customers in silence."""
    if rows > SHEET_ROWS - heads:
        raise TooLongForASheet(path.name, f"{rows:,}", f"{SHEET_ROWS - heads:,}")


def _chosen(tx: Tx, keys: Sequence[str] | None) -> list[Field]:
    if keys is None:
        return [field for field in fields.FIELDS if field.usual]
    known = {field.key: field for field in fields.of_shop(tx)}
    for key in keys:
        if key not in known:
            raise UnknownField(key, ", ".join(known))
    return [known[key] for key in dict.fromkeys(keys)]


@contextmanager
def saving(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """A temporary name in the same folder, renamed to `path` when the block ends well."""
    if path.exists() and not overwrite:
        raise FileExists(path.name)
    try:
        with tempfile.TemporaryDirectory(prefix=".shopcrm-", dir=path.parent) as folder:
            temporary = Path(folder) / f"list{path.suffix}"
            yield temporary
            files.replace(temporary, path)
    except OSError as error:
        raise CannotSave(path.name, error.strerror or str(error)) from error


def _rows(
    tx: Tx, columns: Columns, ids: Ints, chosen: Sequence[Field], *, held: Withheld, progress: Progress
) -> Iterator[tuple[Value, ...]]:
    keys = [field.key for field in chosen]
    for start in range(0, len(ids), _BLOCK):
        progress.report("writing", done=start, total=len(ids), unit="rows")
        some = ids[start : start + _BLOCK]
        yield from held.told(some.tolist(), fields.read(tx, columns, some, keys=keys), keys)
    progress.report("writing", done=len(ids), total=len(ids), unit="rows")


MARK: Final = "mark"


def customers_mark(tx: Tx, chosen: Sequence[Field]) -> SheetMark:
    """What is written above the marks of a contact list, so that it can be edited and read again."""
    part = sheet_marks.shop_part(tx.shop.uuid)
    return SheetMark("customers", part, tx.now_seconds, tuple(field.key for field in chosen))


def sort_of(kind: Kind) -> Sort:
    """How cells of a kind are compared with what was written."""
    return _SORTS.get(kind, Sort.TEXT)


def seal_name(customer: int, key: str) -> str:
    """What the seal of a cell depends on besides its text."""
    return f"{customer} {key}"


def _marked(
    tx: Tx, columns: Columns, ids: Ints, chosen: Sequence[Field], *, held: Withheld, progress: Progress
) -> Iterator[tuple[Value, ...]]:
    """The rows, each with its mark."""
    texts = [cell_text(field.kind, currency=tx.shop.currency) for field in chosen]
    sorts = [sort_of(field.kind) for field in chosen]
    keys = [field.key for field in chosen]
    for customer, row in zip(ids.tolist(), _rows(tx, columns, ids, chosen, held=held, progress=progress), strict=True):
        cells = [(sort, text(value)) for sort, text, value in zip(sorts, texts, row, strict=True)]
        names = [seal_name(customer, key) for key in keys]
        yield *row, sheet_marks.row_mark(f"c{customer}", names=names, cells=cells)


def words(kind: Kind, value: Value) -> str:
    """A value of words as people read it."""
    match kind, value:
        case _, None:
            return ""
        case Kind.GROUP, str():
            return _(_LABELS[value])
        case Kind.GENDER, str():
            return _(fields.GENDERS[value])
        case Kind.CHANNELS, tuple():
            return ", ".join(_(consents.CHANNELS[str(key)]) for key in value)
        case Kind.FOLLOWED, tuple():
            return ", ".join(_(consents.FOLLOWED[str(key)]) for key in value)
        case Kind.PLATFORMS, tuple():
            return ", ".join(platforms.name(key) for key in value)
        case _, tuple():
            return ", ".join(value)
        case _, Birthday():
            return birthdays.words(value)
    return str(value)


def cell(kind: Kind, *, currency: str) -> Callable[[Value], Any]:
    """How a value stands in a workbook: numbers and dates as such, all else as text."""
    if kind is Kind.MONEY:
        return lambda value: None if value is None else float(to_decimal(value, currency=currency))  # type: ignore[arg-type]  # money is int
    if kind in {Kind.INT, Kind.NUMBER, Kind.DAYS, Kind.DECIMAL, Kind.DATE}:
        return lambda value: value
    return lambda value: harmless(words(kind, value), csv=False) or None


def cell_text(kind: Kind, *, currency: str) -> Callable[[Value], str]:
    """How a value stands in a csv file."""
    if kind is Kind.MONEY:
        return lambda value: "" if value is None else decimal_text(value, currency=currency)  # type: ignore[arg-type]  # money is int
    if kind in {Kind.INT, Kind.NUMBER, Kind.DAYS, Kind.DECIMAL}:
        return lambda value: "" if value is None else str(value)
    if kind is Kind.DATE:
        return lambda value: value.isoformat() if isinstance(value, date) else ""
    return lambda value: harmless(words(kind, value), csv=True)


def _write_csv(path: Path, chosen: Sequence[Field], rows: Iterator[tuple[Value, ...]], *, currency: str) -> None:
    """UTF-8 with its mark, which Excel needs to see Chinese."""
    writers = [cell_text(field.kind, currency=currency) for field in chosen]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([field.heading for field in chosen])
        out.writerows([write(value) for write, value in zip(writers, row, strict=True)] for row in rows)


def _write_xlsx(path: Path, chosen: Sequence[Field], rows: Iterator[tuple[Value, ...]], *, currency: str) -> None:
    kinds = {field.heading: field.kind for field in chosen}
    cells = [cell(kind, currency=currency) for kind in kinds.values()]
    write_sheet(
        path,
        kinds,
        ({label: cell(value) for label, cell, value in zip(kinds, cells, row, strict=True)} for row in rows),
        name=_("Customers"),
        currency=currency,
        widths={label: max(_WIDTHS[kind], _width(label)) for label, kind in kinds.items()}
        | {field.heading: MARK_WIDTH for field in chosen if field.key == MARK},
        row_heights={0: 32.0},  # else the narrow column's words would make it high
    )


def _width(text: str) -> float:
    """Characters of a column that holds a header and its filter button; a Chinese character is two wide."""
    return 4.0 + sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)


def write_sheet(
    path: Path,
    kinds: Mapping[str, Kind],
    rows: Iterator[Mapping[str, Any]],
    *,
    name: str,
    currency: str,
    widths: Mapping[str, float],
    **layout: Any,
) -> None:
    """One worksheet of records by header; `layout` goes to the writer as it is."""
    from rustpy_xlsxwriter import Format, write_worksheet

    digits = minor_digits(currency)
    formats = {
        Kind.IDENTIFIER: Format().set_num_format("@"),
        Kind.BIRTHDAY: Format().set_num_format("@"),  # else what is typed over one becomes a day of this year
        Kind.MONEY: Format().set_num_format("#,##0" + ("." + "0" * digits if digits else "")),
        Kind.DATE: Format().set_num_format("yyyy-mm-dd"),
        Kind.DECIMAL: Format().set_num_format("0.0#"),
        Kind.INT: Format().set_num_format("0"),
        Kind.DAYS: Format().set_num_format("0"),
    }
    header = Format().set_bold().set_background_color(_HEAD).set_border_bottom("thin").set_text_wrap()
    first = next(rows, None)
    # The writer takes its headers from the first record: an empty list gets one record of blanks.
    records = iter([dict.fromkeys(kinds)]) if first is None else _chained(first, rows)
    write_worksheet(
        records,
        str(path),
        sheet_name=name,
        freeze_row=layout.get("header_row", 0) + 1,
        column_widths=dict(widths),
        column_formats={label: formats[kind] for label, kind in kinds.items() if kind in formats},
        header_format=header.set_align("vcenter"),
        autofilter=True,
        ignore_errors=[label for label, kind in kinds.items() if kind is Kind.IDENTIFIER],
        **layout,
    )


def write_table(
    path: Path,
    heads: Sequence[tuple[str, Kind, float]],
    rows: Iterable[Sequence[Value]],
    *,
    name: str,
    currency: str,
    **layout: Any,
) -> None:
    """One worksheet of rows; `heads`: (label as declared, kind, width) of each column, else as `write_sheet`."""
    labels = [_(label) for label, _kind, _width in heads]
    cells = [cell(kind, currency=currency) for _label, kind, _width in heads]
    write_sheet(
        path,
        {label: kind for label, (_label, kind, _width) in zip(labels, heads, strict=True)},
        ({label: cell(value) for label, cell, value in zip(labels, cells, row, strict=True)} for row in rows),
        name=name,
        currency=currency,
        widths={label: width for label, (_label, _kind, width) in zip(labels, heads, strict=True)},
        **layout,
    )


def _chained(first: Mapping[str, Any], rest: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    yield first
    yield from rest


_DUE_KEYS: Final = ("phone", "buyer_ids", "tags")
_DUE_HEAD: Final = 2  # title and rule stand above
_DUE: Final = (
    (N_("Name"), Kind.TEXT, 14.0),
    (N_("Phone"), Kind.IDENTIFIER, 15.0),
    (N_("Buyer IDs"), Kind.TEXTS, 20.0),
    (N_("Group"), Kind.GROUP, 14.0),
    (N_("Reason"), Kind.TEXT, 10.0),
    (N_("Why"), Kind.TEXT, 48.0),
    (N_("Expected on"), Kind.DATE, 12.0),
    (N_("Last purchase"), Kind.DATE, 12.0),
    (N_("Last amount"), Kind.MONEY, 12.0),
    (N_("Own cycle (days)"), Kind.DECIMAL, 11.0),
    (N_("Days since"), Kind.DAYS, 9.0),
    (N_("Gaps so far (days)"), Kind.TEXT, 28.0),
    (N_("Tags"), Kind.TEXTS, 20.0),
    (N_("Outcome"), Kind.TEXT, 24.0),
)


def _why(item: DueItem) -> str:
    if item.agreed is not None:
        return item.agreed.text or _("Follow up as agreed")
    if item.birthday is not None:
        told = birthdays.day_words(item.due_on, item.birthday.lunar)
        turns = item.birthday.turns
        return told if turns is None else _("{day}, turns {n}").format(day=told, n=turns)
    cycle = round(item.cycle_days)
    if item.gaps:
        return _("{ratio} times the own cycle: usually every {cycle} days, now {since} days").format(
            ratio=f"{item.overdue_ratio:.1f}", cycle=cycle, since=item.days_since
        )
    return _("Bought once, {since} days ago; buyers of this shop usually come back after {cycle} days").format(
        since=item.days_since, cycle=cycle
    )


def _ids_of(columns: Columns, items: Sequence[DueItem]) -> Ints:
    return columns.ids[columns.ids.searchsorted([item.customer for item in items])]


def _due_rows(
    tx: Tx, columns: Columns, items: Sequence[DueItem], held: Withheld
) -> Iterator[tuple[Value, ...]]:  # fmt: skip
    ids = _ids_of(columns, items)
    known = held.told(ids.tolist(), fields.read(tx, columns, ids, keys=_DUE_KEYS), _DUE_KEYS)
    for item, (phone, buyer_ids, tags) in zip(items, known, strict=True):
        gaps = ", ".join(str(gap) for gap in item.gaps)
        yield (
            item.name, phone, buyer_ids, item.group, _(reminders.REASONS[item.kind]), _why(item), item.due_on,
            item.last_day, item.last_net, round(item.cycle_days, 1), item.days_since, gaps, tags, None,
        )  # fmt: skip


def _write_due(path: Path, tx: Tx, rows: Iterator[tuple[Value, ...]], *, count: int) -> None:
    from rustpy_xlsxwriter import Format

    title = n_("Due on {day}: {n} customer", "Due on {day}: {n} customers", count).format(day=tx.as_of, n=count)
    rule = _("From 0.8 to 3 times the own repurchase cycle, worth most first; the gaps behind it stand beside.")
    last = len(_DUE) - 1
    write_table(
        path,
        _DUE,
        rows,
        name=_("Today"),
        currency=tx.shop.currency,
        header_row=_DUE_HEAD,
        merge_ranges=[
            (0, 0, 0, last, title, Format().set_bold().set_font_size(15.0).set_align("vcenter")),
            (1, 0, 1, last, rule, Format().set_font_color(_SECOND)),
        ],
        row_heights={0: 30.0, 1: 18.0, 2: 32.0},
        page_setup={"landscape": True, "fit_to_pages": (1, 0), "repeat_rows": (0, 2)},
    )
