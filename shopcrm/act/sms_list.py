"""A sheet for an SMS vendor (U16): mobile number, name, the words filled for each, and the parts that are paid for.

Who may not be written to by SMS is left out (`contactable`), as is whoever has no mobile number, and whose words have
a blank that nothing fills: a vendor would send it as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shopcrm.act import channels, contactable, customer_list, fields
from shopcrm.act.contacts import OtherEnding, Written, first_mobile
from shopcrm.act.export import cell, saving, told_held, write_sheet
from shopcrm.act.fields import Kind, Value
from shopcrm.base import templates
from shopcrm.base.i18n import N_, _
from shopcrm.base.progress import SILENT, Progress
from shopcrm.store.columns import Columns, Ints
from shopcrm.store.tx import Tx

SUFFIX: Final = ".xlsx"
_HEAD: Final = (
    (N_("Mobile number"), Kind.IDENTIFIER, 16.0),
    (N_("Name"), Kind.TEXT, 14.0),
    (N_("Words"), Kind.TEXT, 72.0),
    (N_("SMS"), Kind.INT, 8.0),
)


@dataclass(frozen=True)
class Filled:
    """Who was asked for, and what each may get. Filled in a reading transaction: for thousands it takes a while."""

    asked: Ints
    rows: Mapping[int, tuple[str, str, str, int]]  # by customer: mobile number, name, words, parts
    without_number: frozenset[int]
    incomplete: frozenset[int]  # their words have a blank that nothing fills


def fill(
    tx: Tx, columns: Columns, body: str, *, group: str | None = None, ids: Ints | None = None,
    progress: Progress = SILENT,
) -> Filled:  # fmt: skip
    """The words for these customers in their order; without `ids` for all, or one of the eight groups, by spending.

    Raises:
        TemplateFailure: the words have a blank that does not exist; before anybody is read.
        Cancelled: it was stopped.
    """
    templates.check(body)
    asked = customer_list.ids(tx, columns, group=group) if ids is None else ids
    kept = contactable.withheld_of(tx, asked, "sms").kept(asked)
    told = _mobiles(tx, columns, kept)
    rows: dict[int, tuple[str, str, str, int]] = {}
    for sms in channels.written(tx, columns, body, list(told), progress=progress):
        if not sms.missing and sms.text:
            rows[sms.customer] = (*told[sms.customer], sms.text, sms.length.parts)
    return Filled(asked, rows, frozenset(kept.tolist()) - told.keys(), frozenset(told.keys() - rows.keys()))


def export_sms(tx: Tx, filled: Filled, path: Path, *, overwrite: bool = False) -> Written:
    """Write the sheet; whoever opted out since the words were filled is not in it.

    Args:
        tx: A writing transaction: the export is a line of the journal.
        filled: What `fill` found.
        path: The file; its folder must be there.
        overwrite: The user agreed to replace the file.

    Raises:
        OtherEnding, FileExists, CannotSave: nothing was written.
    """
    if path.suffix.lower() != SUFFIX:
        raise OtherEnding(path.name, SUFFIX)
    held = contactable.withheld_of(tx, filled.asked, "sms")
    rows = [row for customer, row in filled.rows.items() if customer not in held.left_out]
    tx.begin_change("export", list="sms", rows=len(rows), format="xlsx", **told_held(held.counted))
    with saving(path, overwrite=overwrite) as temporary:
        _write(temporary, rows, currency=tx.shop.currency)
    left_out, incomplete = (len(those - held.left_out.keys()) for those in (filled.without_number, filled.incomplete))
    return Written(len(rows), left_out, (path,), held.counted, incomplete)


def _mobiles(tx: Tx, columns: Columns, ids: Ints) -> dict[int, tuple[str, str]]:
    """By customer (mobile number, name), each number once."""
    found: dict[int, tuple[str, str]] = {}
    seen: set[str] = set()
    read: list[Any] = fields.read(tx, columns, ids, keys=("all_phones", "name"))
    for customer, (phones, name) in zip(ids.tolist(), read, strict=True):
        number = first_mobile(phones, seen)
        if number is not None:
            seen.add(number)
            found[customer] = (number, name or "")
    return found


def _write(path: Path, rows: Sequence[tuple[Value, ...]], *, currency: str) -> None:
    kinds = {_(label): kind for label, kind, _width in _HEAD}
    cells = [cell(kind, currency=currency) for kind in kinds.values()]

    def records() -> Iterator[Mapping[str, Any]]:
        for row in rows:
            yield {label: of(value) for label, of, value in zip(kinds, cells, row, strict=True)}

    widths = {label: width for label, (_label, _kind, width) in zip(kinds, _HEAD, strict=True)}
    write_sheet(path, kinds, records(), name=_("Text messages"), currency=currency, widths=widths, header_row=0)
