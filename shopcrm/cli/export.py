"""`export`: a contact list."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from shopcrm.act import contacts, customer_list, export, typed_filters
from shopcrm.act.contactable import held_back_words
from shopcrm.act.contacts import Style
from shopcrm.act.export import told_held
from shopcrm.app import Shop
from shopcrm.base.i18n import N_, _, n_
from shopcrm.cli.command import Command, Context
from shopcrm.mine.rfm import GROUP_KEYS
from shopcrm.store.columns import Columns, Ints
from shopcrm.store.tx import Tx


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("out", type=Path, metavar="OUT.xlsx|csv|vcf")
    parser.add_argument("--format", choices=("table", *Style), default="", metavar="FORMAT", help=_(
        "table, or contacts: {formats}; without it the ending of the file says"
    ).format(formats=" ".join(Style)))  # fmt: skip
    parser.add_argument("--group", choices=GROUP_KEYS, metavar="KEY", help=_("only this group: {keys}").format(
        keys=" ".join(GROUP_KEYS)
    ))  # fmt: skip
    parser.add_argument("--columns", metavar="key,key…", help=_("which columns, as “fields” lists them"))
    parser.add_argument("--where", action="append", default=[], metavar="CONDITION", help=_(
        "only whom it fits, like top_size=M, net_total>=500, last_day=..2026-06-30 or allergies=*; several must all fit"
    ))  # fmt: skip
    parser.add_argument("--overwrite", action="store_true", help=_("replace the file if it is there"))


def _run(context: Context, given: Namespace) -> int:
    keys = [key.strip() for key in given.columns.split(",") if key.strip()] if given.columns else None
    style = given.format or (Style.VCARD if given.out.suffix.lower() == ".vcf" else "table")
    with context.shop() as shop:
        columns = shop.columns()
        if style != "table":
            return _contacts(context, shop, given, Style(style))
        with shop.write() as tx:
            made = export.export_customers(
                tx, columns, given.out, ids=_ids(tx, columns, given), group=given.group, keys=keys,
                overwrite=given.overwrite, progress=context.progress(),
            )  # fmt: skip
    said = n_("{n} customer written to {file}", "{n} customers written to {file}", made.rows)
    lines = [said.format(n=made.rows, file=given.out), *held_back_words(made.held_back)]
    context.answer(
        {"rows": made.rows, **told_held(made.held_back), "file": str(given.out)}, "\n".join(lines)
    )  # fmt: skip
    return 0


def _ids(tx: Tx, columns: Columns, given: Namespace) -> Ints | None:
    """The customers whom the conditions fit, in the usual order; None where there are none."""
    if not given.where:
        return None
    conditions = [one for text in given.where for one in typed_filters.parse(tx, columns, text)]
    return customer_list.ids(tx, columns, conditions=conditions, group=given.group)


def _contacts(context: Context, shop: Shop, given: Namespace, style: Style) -> int:
    columns = shop.columns()
    with shop.write() as tx:
        written = contacts.export_contacts(
            tx, columns, given.out, style=style, ids=_ids(tx, columns, given), group=given.group,
            overwrite=given.overwrite, progress=context.progress(),
        )  # fmt: skip
    files = ", ".join(str(path) for path in written.files)
    said = n_("{n} customer written to {file}", "{n} customers written to {file}", written.rows)
    lines = [said.format(n=written.rows, file=files)]
    if written.left_out:
        left = n_("{n} left out: no number to write to", "{n} left out: no number to write to", written.left_out)
        lines.append(left.format(n=written.left_out))
    lines += held_back_words(written.held_back)
    context.answer(
        {
            "rows": written.rows,
            "left_out": written.left_out,
            **told_held(written.held_back),
            "files": [str(path) for path in written.files],
        },
        "\n".join(lines),
    )
    return 0


COMMAND = Command("export", N_("write a contact list"), _arguments, _run)
