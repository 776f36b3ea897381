"""`products`: what was sold and what is kept of it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from shopcrm.act import product_sheet
from shopcrm.base.i18n import N_, _, n_
from shopcrm.cli.command import Command, Context, amount, shown_money, table
from shopcrm.collect import products


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="OUT.xlsx", help=_("write them as a sheet to fill in"))
    parser.add_argument("--overwrite", action="store_true", help=_("replace the file if it is there"))


def _run(context: Context, given: Namespace) -> int:
    with context.shop() as shop:
        columns = shop.columns()
        if given.out is not None:
            with shop.write() as tx:
                rows = product_sheet.export_products(
                    tx, columns, given.out, overwrite=given.overwrite, progress=context.progress()
                )
            words = n_("{n} product written to {file}", "{n} products written to {file}", rows)
            context.answer({"rows": rows, "file": str(given.out)}, words.format(n=rows, file=given.out))
            return 0
        with shop.read() as tx:
            found = products.listed(tx, columns)
        currency = shop.info.currency
    data = [
        {
            "code": one.code,
            "variant": one.variant,
            "title": one.title,
            "orders": one.orders,
            "units": one.units,
            "customers": one.customers,
            "average_price": amount(one.price, currency),
            "price_band": None if one.band is None else [one.band.low, one.band.high],
            "last_day": None if one.last_date is None else one.last_date.isoformat(),
            "category": one.category,
            "tags": list(one.tags),
            "days_per_unit": one.days_per_unit,
            "pairs_with": list(one.pairs_with),
            "stage": one.stage,
            "fit": one.fit,
        }
        for one in found
    ]
    rows_shown = [
        (
            one.code,
            one.variant,
            one.title,
            f"{one.units:,}",
            "" if one.price is None else shown_money(one.price, currency),
        )
        for one in found
    ]
    header = (_("code"), _("specification"), _("product"), _("pieces"), _("average price"))
    context.answer(data, table(rows_shown, header=header))
    return 0


COMMAND = Command("products", N_("what was sold, and what is kept of it"), _arguments, _run)
