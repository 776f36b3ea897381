"""`export`: a contact list."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from shopcrm.act import export
from shopcrm.base.i18n import N_, _, n_
from shopcrm.cli.command import Command, Context
from shopcrm.mine.rfm import GROUP_KEYS


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("out", type=Path, metavar="OUT.xlsx|csv")
    parser.add_argument("--group", choices=GROUP_KEYS, metavar="KEY", help=_("only this group: {keys}").format(
        keys=" ".join(GROUP_KEYS)
    ))  # fmt: skip
    parser.add_argument("--columns", metavar="key,key…", help=_("which columns, as “fields” lists them"))
    parser.add_argument("--overwrite", action="store_true", help=_("replace the file if it is there"))


def _run(context: Context, given: Namespace) -> int:
    keys = [key.strip() for key in given.columns.split(",") if key.strip()] if given.columns else None
    with context.shop() as shop:
        columns = shop.columns()
        with shop.write() as tx:
            rows = export.export_customers(
                tx, columns, given.out, group=given.group, keys=keys, overwrite=given.overwrite,
                progress=context.progress(),
            )  # fmt: skip
    context.answer(
        {"rows": rows, "file": str(given.out)},
        n_("{n} customer written to {file}", "{n} customers written to {file}", rows).format(n=rows, file=given.out),
    )
    return 0


COMMAND = Command("export", N_("write a contact list"), _arguments, _run)
