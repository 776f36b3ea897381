"""The products as a sheet (C9): exported, filled in with Excel, and read again by `act.round_trip`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from shopcrm.act import export
from shopcrm.act.export import MARK_WIDTH, UnknownFormat, cell_text
from shopcrm.act.fields import Kind, Value
from shopcrm.base import sheet_marks
from shopcrm.base.i18n import N_, _
from shopcrm.base.progress import SILENT, Progress
from shopcrm.base.sheet_marks import SheetMark, Sort
from shopcrm.base.text import clean
from shopcrm.collect import products
from shopcrm.collect.products import Key, Product
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx

_TELL_EVERY: Final = 2_000  # rows


@dataclass(frozen=True)
class Column:
    """A column of the sheet; `sort` is how its cells are compared when the sheet comes back."""

    key: str
    label: str
    kind: Kind
    width: float
    value: Callable[[Product], Value]

    @property
    def sort(self) -> Sort:
        """How a cell is compared with what was written."""
        return Sort.TEXTS if self.key in ("tags", "pairs_with") else export.sort_of(self.kind)


def _kept(key: str) -> Callable[[Product], Value]:
    return lambda product: product.words(key)


def _days(product: Product) -> Value:
    return product.days_per_unit


def _band(product: Product) -> Value:
    return None if product.band is None else str(product.band)


def _last(product: Product) -> date | None:
    return product.last_date


COLUMNS: Final = (
    Column("code", N_("Product code"), Kind.IDENTIFIER, 22.0, lambda product: product.code),
    Column("variant", N_("Specification"), Kind.IDENTIFIER, 18.0, lambda product: product.variant),
    Column("title", N_("Product"), Kind.TEXT, 40.0, lambda product: product.title),
    Column("category", N_("Category"), Kind.TEXT, 14.0, _kept("category")),
    Column("tags", N_("Tags"), Kind.TEXT, 20.0, _kept("tags")),
    Column("days_per_unit", N_("Days one lasts"), Kind.DAYS, 12.0, _days),
    Column("pairs_with", N_("Pairs with"), Kind.IDENTIFIER, 20.0, _kept("pairs_with")),
    Column("stage", N_("Stage or age"), Kind.IDENTIFIER, 14.0, _kept("stage")),
    Column("fit", N_("Fit"), Kind.TEXT, 12.0, _kept("fit")),
    Column("orders", N_("Number of orders"), Kind.INT, 10.0, lambda product: product.orders),
    Column("units", N_("Pieces"), Kind.INT, 10.0, lambda product: product.units),
    Column("customers", N_("Customers"), Kind.INT, 10.0, lambda product: product.customers),
    Column("price", N_("Average price"), Kind.MONEY, 12.0, lambda product: product.price),
    Column("band", N_("Price band"), Kind.TEXT, 12.0, _band),
    Column("last_day", N_("Last sold"), Kind.DATE, 12.0, _last),
)


def seal_name(key: Key, column: str) -> str:
    """What the seal of a cell depends on besides its text."""
    return "\0".join((*key, column))


def cell_key(product: Product) -> Key:
    """Code and specification as they are read from cells."""
    code, variant = (" ".join(clean(part).split()) for part in product.key)
    return code, variant


def export_products(
    tx: Tx, columns: Columns, path: Path, *, overwrite: bool = False, progress: Progress = SILENT
) -> int:
    """Write all products as an xlsx sheet, in the current language. Returns how many.

    Raises:
        FileExists, UnknownFormat, TooLongForASheet, CannotSave, Cancelled: nothing was written.
    """
    if path.suffix.lower() != ".xlsx":
        raise UnknownFormat(path.name)
    found = products.listed(tx, columns)
    export.require_rows(path, len(found), heads=1)
    tx.begin_change("export", list="products", rows=len(found), format="xlsx")
    with export.saving(path, overwrite=overwrite) as temporary:
        _write(temporary, tx, found, progress)
    return len(found)


def _write(path: Path, tx: Tx, found: Sequence[Product], progress: Progress) -> None:
    currency = tx.shop.currency
    mark = SheetMark(
        "products", sheet_marks.shop_part(tx.shop.uuid), tx.now_seconds, tuple(column.key for column in COLUMNS)
    )
    labels = [_(column.label) for column in COLUMNS]
    texts = [cell_text(column.kind, currency=currency) for column in COLUMNS]
    cells = [export.cell(column.kind, currency=currency) for column in COLUMNS]

    def record(place: int, product: Product) -> dict[str, Any]:
        if place % _TELL_EVERY == 0:
            progress.report("writing", done=place, total=len(found), unit="rows")
        values = [column.value(product) for column in COLUMNS]
        key = cell_key(product)
        seals = sheet_marks.row_mark(
            "p",
            names=[seal_name(key, column.key) for column in COLUMNS],
            cells=[(column.sort, text(value)) for column, text, value in zip(COLUMNS, texts, values, strict=True)],
        )
        row = {label: cell(value) for label, cell, value in zip(labels, cells, values, strict=True)}
        return {**row, mark.head(): seals}

    export.write_sheet(
        path,
        {label: column.kind for label, column in zip(labels, COLUMNS, strict=True)} | {mark.head(): Kind.TEXT},
        (record(place, product) for place, product in enumerate(found)),
        name=_("Products"),
        currency=currency,
        widths={label: column.width for label, column in zip(labels, COLUMNS, strict=True)} | {mark.head(): MARK_WIDTH},
        row_heights={0: 32.0},
    )
