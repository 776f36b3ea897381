"""`import`: files in, as one batch, all or nothing."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from getpass import getpass
from pathlib import Path
from typing import Any

from shopcrm.base.i18n import N_, _, n_
from shopcrm.cli.command import Command, Context
from shopcrm.collect import rejects
from shopcrm.collect.foreign import Problem
from shopcrm.collect.imports import FileReport, ImportReport
from shopcrm.collect.problems import explain


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--platform", metavar="KEY", help=_("take the files for this platform's"))
    parser.add_argument("--store", metavar="NAME", help=_("the store they are from"))
    parser.add_argument("--mapping", type=Path, metavar="FILE.toml", help=_("how to read a table of another kind"))
    parser.add_argument(
        "--password", action="store_true", help=_("ask for the password of locked files, or read it from the input")
    )
    parser.add_argument("--dry-run", action="store_true", help=_("say what would be done and change nothing"))
    parser.add_argument("--rejects", type=Path, metavar="FILE", help=_("write the rejected rows with their reasons"))


def _run(context: Context, given: Namespace) -> int:
    with context.shop(create=True) as shop:
        progress = context.progress()
        staged = shop.stage(
            given.files,
            progress=progress,
            platform=given.platform,
            store=given.store,
            mapping=given.mapping,
            passwords=(_password(),) if given.password else (),
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


def _password() -> str:
    """The files' password, typed unseen or as the first line of the input: never an argument, which others can see."""
    if sys.stdin.isatty():
        return getpass(_("Password of the files: "))
    return sys.stdin.readline().rstrip("\r\n")


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
        lines.append(
            _(
                "{file}: {rows} rows, {new} new, {changed} changed, {same} unchanged orders, {customers} new customers"
            ).format(
                file=file.file,
                rows=file.rows,
                new=file.orders_new,
                changed=file.orders_changed,
                same=file.orders_same,
                customers=file.customers_new,
            )
        )
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
        lines += [_problem(problem) for problem in file.problems[:20]]
    if report.batch is None:
        lines.append(_("Nothing was changed."))
    else:
        lines.append(_("Imported as batch {batch}. “shopcrm undo {batch}” takes it back.").format(batch=report.batch))
    return "\n".join(lines)


def _problem(problem: Problem) -> str:
    reason = explain(problem.code, column=problem.column, value=problem.value)
    if not problem.row:  # of the file as a whole
        return reason
    return _("row {row}, {column}: {reason}").format(row=problem.row, column=problem.column or "–", reason=reason)


COMMAND = Command("import", N_("import order files as one batch"), _arguments, _run)
