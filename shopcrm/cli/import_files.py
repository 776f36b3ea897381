"""`import`: files in, as one batch, all or nothing."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from shopcrm.base.i18n import N_, _, n_
from shopcrm.cli.command import Command, Context
from shopcrm.collect import rejects
from shopcrm.collect.imports import FileReport, ImportReport
from shopcrm.collect.problems import explain


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--platform", metavar="KEY", help=_("take the files for this platform's"))
    parser.add_argument("--store", metavar="NAME", help=_("the store they are from"))
    parser.add_argument("--mapping", type=Path, metavar="FILE.toml", help=_("how to read a table of another kind"))
    parser.add_argument("--dry-run", action="store_true", help=_("say what would be done and change nothing"))
    parser.add_argument("--rejects", type=Path, metavar="FILE", help=_("write the rejected rows with their reasons"))


def _run(context: Context, given: Namespace) -> int:
    with context.shop(create=True) as shop:
        progress = context.progress()
        staged = shop.stage(
            given.files, progress=progress, platform=given.platform, store=given.store, mapping=given.mapping
        )
        try:
            report = shop.preview(staged, progress=progress)
            if given.rejects is not None and any(file.rejected for file in report.files):
                rejects.write(staged.file, given.rejects)
            if not given.dry_run:
                report = shop.import_staged(staged, progress=progress)
        finally:
            staged.close()
    context.answer(as_data(report), _text(report))
    return 0


def as_data(report: ImportReport) -> dict[str, Any]:
    """The report as the command's JSON."""
    return {"batch": report.batch, "files": [_file(file) for file in report.files]}


def _file(file: FileReport) -> dict[str, Any]:
    return {
        "file": file.file,
        "platform": file.platform,
        "report": file.report,
        "encoding": file.encoding,
        "rows": file.rows,
        "orders": {"new": file.orders_new, "changed": file.orders_changed, "same": file.orders_same},
        "customers": {"new": file.customers_new, "changed": file.customers_changed},
        "people": {"new": file.people_new, "changed": file.people_changed, "same": file.people_same},
        "unidentified_orders": file.unidentified_orders,
        "returns": file.returns,
        "rejected": file.rejected,
        "problems": [
            {
                "row": problem.row,
                "column": problem.column,
                "code": str(problem.code),
                "rejected": problem.rejected,
                "reason": explain(problem.code, column=problem.column, value=problem.value),
            }
            for problem in file.problems
        ],
    }


def _text(report: ImportReport) -> str:
    lines = []
    for file in report.files:
        lines.append(_people_line(file) if file.report == "people" else _orders_line(file))
        if file.unidentified_orders:
            lines.append(
                n_(
                    "{n} order without an identifiable buyer",
                    "{n} orders without an identifiable buyer",
                    file.unidentified_orders,
                ).format(n=file.unidentified_orders)
            )
        if file.rejected:
            lines.append(n_("{n} row was rejected", "{n} rows were rejected", file.rejected).format(n=file.rejected))
        lines += [
            _("row {row}, {column}: {reason}").format(
                row=problem.row,
                column=problem.column or "–",
                reason=explain(problem.code, column=problem.column, value=problem.value),
            )
            for problem in file.problems[:20]
        ]
    if report.batch is None:
        lines.append(_("Nothing was changed."))
    else:
        lines.append(_("Imported as batch {batch}. “shopcrm undo {batch}” takes it back.").format(batch=report.batch))
    return "\n".join(lines)


def _orders_line(file: FileReport) -> str:
    return _(
        "{file}: {rows} rows, {new} new, {changed} changed, {same} unchanged orders, {customers} new customers"
    ).format(
        file=file.file, rows=file.rows, new=file.orders_new, changed=file.orders_changed, same=file.orders_same,
        customers=file.customers_new,
    )  # fmt: skip


def _people_line(file: FileReport) -> str:
    return _("{file}: {rows} rows, {new} new, {changed} changed, {same} unchanged people").format(
        file=file.file, rows=file.rows, new=file.people_new, changed=file.people_changed, same=file.people_same
    )


COMMAND = Command("import", N_("import order files as one batch"), _arguments, _run)
