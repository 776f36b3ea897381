"""`parcels`: which are late, stuck, or not sent yet."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from shopcrm.act import parcel_sheet
from shopcrm.base import clock
from shopcrm.base.i18n import N_, _
from shopcrm.cli.command import Command, Context, table
from shopcrm.mine import parcels


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--xlsx", type=Path, metavar="OUT", help=_("write the list as a workbook"))
    parser.add_argument("--overwrite", action="store_true", help=_("replace the file if it is there"))


def _run(context: Context, given: Namespace) -> int:
    with context.shop() as shop:
        columns = shop.columns()
        with shop.read() as tx:
            found = parcels.waiting(tx, columns)
        if given.xlsx is not None:
            with shop.write() as tx:
                parcel_sheet.export_parcels(tx, found, given.xlsx, overwrite=given.overwrite)
    data = [
        {
            "kind": one.kind,
            "customer": one.customer,
            "order": one.number,
            "carrier": one.carrier,
            "parcel": one.tracking_number,
            "since": clock.day_date(one.since).isoformat(),
            "days": one.days,
            "usual_days": one.usual,
        }
        for one in found
    ]
    rows = [
        (parcel_sheet.word(one), one.recipient, one.number, one.carrier or "", one.tracking_number or "",
         str(one.days), str(one.usual))
        for one in found
    ]  # fmt: skip
    header = ("", _("name"), _("order"), _("carrier"), _("parcel"), _("days"), _("usually"))
    context.answer(data, table(rows, header=header) if rows else _("All parcels are in time."))
    return 0


COMMAND = Command("parcels", N_("parcels that are late, stuck or not sent"), _arguments, _run)
