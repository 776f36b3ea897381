"""Reviews that leave the program (C10): texts for a shop page without anybody's name, and a list as a sheet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from shopcrm.act import export
from shopcrm.act.export import UnknownFormat
from shopcrm.act.fields import Kind, Value
from shopcrm.base import clock
from shopcrm.base.i18n import N_, _
from shopcrm.base.progress import SILENT, Progress
from shopcrm.collect.reviews import ReviewLine
from shopcrm.store.tx import Tx

_SHORTEST_NAME: Final = 2
_NUMBER: Final = re.compile(r"(?<!\d)\+?\d(?:[\s-]?\d){6,}(?!\d)")  # phones, numbers of orders and parcels
_EMAIL: Final = re.compile(r"[^@\s，。、；]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_GAP: Final = re.compile(r"[ \t]{2,}")

HEADS: Final = (
    (N_("Day"), Kind.DATE, 12.0), (N_("Stars"), Kind.INT, 8.0), (N_("Review text"), Kind.TEXT, 60.0),
    (N_("Product"), Kind.TEXT, 30.0), (N_("Customer"), Kind.TEXT, 16.0), (N_("Order number"), Kind.IDENTIFIER, 22.0),
    (N_("Your reply to the review"), Kind.TEXT, 30.0), (N_("Picked for display"), Kind.TEXT, 10.0),
)  # fmt: skip


def texts_for_display(tx: Tx, found: Sequence[ReviewLine]) -> list[str]:
    """What the picked ones among reviews say, without who says it; those without words are left out.

    What a text holds of its buyer goes too: her names and accounts, and whatever looks like a telephone number or an
    e-mail address.
    """
    picked = [one for one in found if one.picked and one.text]
    names = _names(tx, [one.order for one in picked])
    return [text for one in picked if (text := nameless(one.text, names[one.order]))]


def nameless(text: str, names: Sequence[str]) -> str:
    """A text without these names, and without numbers and addresses by which somebody is reached."""
    text = _NUMBER.sub("", _EMAIL.sub("", text))
    for name in sorted({name.strip() for name in names}, key=len, reverse=True):
        if len(name) < _SHORTEST_NAME:
            continue
        before, after = (
            r"(?<![A-Za-z0-9])" if name[0].isascii() else "",
            r"(?![A-Za-z0-9])" if name[-1].isascii() else "",
        )
        text = re.sub(before + re.escape(name) + after, "", text, flags=re.IGNORECASE)
    return "\n".join(_GAP.sub(" ", line).strip() for line in text.splitlines()).strip()


def _names(tx: Tx, order_ids: Sequence[int]) -> defaultdict[int, list[str]]:
    """By order what its buyer and recipient are called and reached by."""
    run = tx.connection.exec_driver_sql
    listed = ",".join(str(int(one)) for one in order_ids)
    found: defaultdict[int, list[str]] = defaultdict(list)
    for order, *names in run(
        f"""SELECT o.id, o.buyer_name, o.recipient_name, o.recipient_phone, c.name, c.listed_name FROM orders o
             LEFT JOIN customers c ON c.id = o.customer_id WHERE o.id IN ({listed})"""
    ):
        found[order] += [name for name in names if name]
    for order, value, display in run(
        f"""SELECT o.id, i.value, i.display FROM orders o JOIN identities i ON i.customer_id = o.customer_id
             WHERE o.id IN ({listed})"""
    ):
        found[order] += [value, display]
    return found


def export_reviews(
    tx: Tx, found: Sequence[ReviewLine], path: Path, *, overwrite: bool = False, progress: Progress = SILENT
) -> int:
    """Write reviews as an xlsx sheet, in the current language. Returns how many.

    Raises:
        FileExists, UnknownFormat, TooLongForASheet, CannotSave, Cancelled: nothing was written.
    """
    if path.suffix.lower() != ".xlsx":
        raise UnknownFormat(path.name)

    def rows() -> Iterator[tuple[Value, ...]]:
        for place, one in enumerate(found):
            progress.report("writing", done=place, total=len(found), unit="rows")
            day = None if one.told_day is None else clock.day_date(one.told_day)
            yield (
                day, one.stars, one.text, one.product, one.name, one.number, one.reply, _("yes") if one.picked else ""
            )  # fmt: skip

    export.require_rows(path, len(found), heads=1)
    tx.begin_change("export", list="reviews", rows=len(found), format="xlsx")
    with export.saving(path, overwrite=overwrite) as temporary:
        export.write_table(temporary, HEADS, rows(), name=_("Reviews"), currency=tx.shop.currency)
    return len(found)
