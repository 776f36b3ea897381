"""The parcels that are late, stuck or not sent (C10) as a sheet: to be gone through with the carrier or the packers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from shopcrm.act import export
from shopcrm.act.export import UnknownFormat
from shopcrm.act.fields import Kind, Value
from shopcrm.base import clock
from shopcrm.base.i18n import N_, _
from shopcrm.mine import parcels
from shopcrm.mine.parcels import KINDS, Parcel
from shopcrm.store.columns import Columns
from shopcrm.store.tx import Tx


@dataclass(frozen=True)
class Column:
    """A column of the sheet."""

    label: str
    kind: Kind
    width: float
    value: Callable[[Parcel], Value]


def _day(number: int | None) -> date | None:
    return None if number is None else clock.day_date(number)


COLUMNS: Final = (
    Column(N_("What is wrong"), Kind.TEXT, 12.0, lambda one: _(KINDS[one.kind])),
    Column(N_("Days"), Kind.INT, 8.0, lambda one: one.days),
    Column(N_("Expected days"), Kind.INT, 10.0, lambda one: one.expected.days),
    Column(N_("Customer"), Kind.TEXT, 16.0, lambda one: one.name),
    Column(N_("Order number"), Kind.IDENTIFIER, 24.0, lambda one: one.number),
    Column(N_("Product"), Kind.TEXT, 36.0, lambda one: one.product),
    Column(N_("Province"), Kind.TEXT, 12.0, lambda one: one.province),
    Column(N_("City"), Kind.TEXT, 12.0, lambda one: one.city),
    Column(N_("Carrier"), Kind.TEXT, 14.0, lambda one: one.carrier),
    Column(N_("Parcel number"), Kind.IDENTIFIER, 22.0, lambda one: one.tracking_number),
    Column(N_("Paid on"), Kind.DATE, 12.0, lambda one: _day(one.paid_day)),
    Column(N_("Sent on"), Kind.DATE, 12.0, lambda one: _day(one.sent_day)),
)


def export_parcels(
    tx: Tx,
    columns: Columns,
    path: Path,
    *,
    kinds: Collection[str] = tuple(KINDS),
    orders: Collection[int] | None = None,
    overwrite: bool = False,
) -> int:
    """Write the parcels as an xlsx sheet, in the current language. Returns how many.

    Args:
        tx: A writing transaction: an export is a line of the journal.
        columns: The shop's.
        path: Where to.
        kinds: Only these of `parcels.KINDS`.
        orders: Only the parcels of these orders.
        overwrite: Replace the file if it is there.

    Raises:
        FileExists, UnknownFormat, TooLongForASheet, CannotSave: nothing was written.
    """
    if path.suffix.lower() != ".xlsx":
        raise UnknownFormat(path.name)
    found = [
        one
        for one in parcels.overview(tx, columns).parcels
        if one.kind in kinds and (orders is None or one.order in orders)
    ]
    export.require_rows(path, len(found), heads=1)
    tx.begin_change("export", list="parcels", rows=len(found), format="xlsx")
    with export.saving(path, overwrite=overwrite) as temporary:
        export.write_table(
            temporary,
            [(column.label, column.kind, column.width) for column in COLUMNS],
            ([column.value(one) for column in COLUMNS] for one in found),
            name=_("Parcels"),
            currency=tx.shop.currency,
            row_heights={0: 32.0},
        )
    return len(found)
