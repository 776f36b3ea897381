"""`parcels`: which are late, stuck or not sent."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from shopcrm.act import parcel_sheet
from shopcrm.base import clock
from shopcrm.base.i18n import N_, _, n_
from shopcrm.cli.command import Command, Context, table
from shopcrm.mine import parcels


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="OUT.xlsx", help=_("write them as a workbook"))
    parser.add_argument("--overwrite", action="store_true", help=_("replace the file if it is there"))


def _run(context: Context, given: Namespace) -> int:
    with context.shop() as shop:
        columns = shop.columns()
        if given.out is not None:
            with shop.write() as tx:
                rows = parcel_sheet.export_parcels(tx, columns, given.out, overwrite=given.overwrite)
            words = n_("{n} parcel written to {file}", "{n} parcels written to {file}", rows)
            context.answer({"rows": rows, "file": str(given.out)}, words.format(n=rows, file=given.out))
            return 0
        with shop.read() as tx:
            found = parcels.overview(tx, columns)
    data = [
        {
            "kind": one.kind,
            "order": one.number,
            "customer": one.customer,
            "name": one.name,
            "product": one.product,
            "province": one.province,
            "city": one.city,
            "carrier": one.carrier,
            "tracking_number": one.tracking_number,
            "sent_on": None if one.sent_day is None else clock.day_date(one.sent_day).isoformat(),
            "days": one.days,
            "expected_days": one.expected.days,
            "expected_by": one.expected.by,
        }
        for one in found.parcels
    ]
    rows_shown = [
        (_(parcels.KINDS[one.kind]), f"{one.days} / {one.expected.days}", one.number, one.name,
         " ".join(part for part in (one.carrier, one.tracking_number) if part))
        for one in found.parcels
    ]  # fmt: skip
    header = (_("kind"), _("days / expected"), _("order"), _("name"), _("parcel"))
    told = [table(rows_shown, header=header) if rows_shown else _("Nothing is late, stuck or unsent.")]
    if found.expectations.parcels < parcels.LEAST:
        told.append(
            n_("Not enough history: {n} day is taken as usual.", "Not enough history: {n} days are taken as usual.",
               parcels.DEFAULT_DAYS).format(n=parcels.DEFAULT_DAYS)
        )  # fmt: skip
    context.answer(data, "\n".join(told))
    return 0


COMMAND = Command("parcels", N_("which parcels are late, stuck or not sent"), _arguments, _run)
