"""The list of parcels that take too long, as a sheet (C10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shopcrm.act import export
from shopcrm.act.export import UnknownFormat
from shopcrm.act.fields import Kind, Value
from shopcrm.base import clock
from shopcrm.base.i18n import N_, _
from shopcrm.mine.parcels import LATE, STUCK, UNSENT, Parcel
from shopcrm.store.tx import Tx

WORDS: Final = {STUCK: N_("Stuck"), LATE: N_("Late"), UNSENT: N_("Not sent")}


def word(parcel: Parcel) -> str:
    """How a parcel stands."""
    return _(WORDS[parcel.kind]) if parcel.kind else ""


@dataclass(frozen=True)
class _Column:
    label: str
    kind: Kind
    width: float
    value: Callable[[Parcel], Value]


_COLUMNS: Final = (
    _Column(N_("How it stands"), Kind.TEXT, 10.0, word),
    _Column(N_("Customer"), Kind.TEXT, 16.0, lambda one: one.recipient),
    _Column(N_("Order number"), Kind.IDENTIFIER, 22.0, lambda one: one.number),
    _Column(N_("Product"), Kind.TEXT, 36.0, lambda one: one.title),
    _Column(N_("Province"), Kind.TEXT, 12.0, lambda one: one.province),
    _Column(N_("City"), Kind.TEXT, 12.0, lambda one: one.city),
    _Column(N_("Carrier"), Kind.TEXT, 14.0, lambda one: one.carrier),
    _Column(N_("Parcel number"), Kind.IDENTIFIER, 22.0, lambda one: one.tracking_number),
    _Column(N_("Sent or paid on"), Kind.DATE, 12.0, lambda one: clock.day_date(one.since)),
    _Column(N_("Days since"), Kind.DAYS, 9.0, lambda one: one.days),
    _Column(N_("Usual days"), Kind.DAYS, 9.0, lambda one: one.usual),
    _Column(N_("Last heard of"), Kind.DATE, 12.0, lambda one: None if one.heard is None else clock.day_date(one.heard)),
)


def export_parcels(tx: Tx, found: Sequence[Parcel], path: Path, *, overwrite: bool = False) -> int:
    """Write parcels as an xlsx sheet, in the current language. Returns how many.

    Raises:
        FileExists, UnknownFormat, TooLongForASheet, CannotSave: nothing was written.
    """
    if path.suffix.lower() != ".xlsx":
        raise UnknownFormat(path.name)
    export.require_rows(path, len(found), heads=1)
    tx.begin_change("export", list="parcels", rows=len(found), format="xlsx")
    currency = tx.shop.currency
    labels = [_(column.label) for column in _COLUMNS]
    cells = [export.cell(column.kind, currency=currency) for column in _COLUMNS]

    def rows() -> Iterator[dict[str, Any]]:
        for one in found:
            values = (column.value(one) for column in _COLUMNS)
            yield {label: cell(value) for label, cell, value in zip(labels, cells, values, strict=True)}

    with export.saving(path, overwrite=overwrite) as temporary:
        export.write_sheet(
            temporary,
            {label: column.kind for label, column in zip(labels, _COLUMNS, strict=True)},
            rows(),
            name=_("Parcels"),
            currency=currency,
            widths={label: column.width for label, column in zip(labels, _COLUMNS, strict=True)},
        )
    return len(found)
