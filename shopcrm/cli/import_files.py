"""`import`: files in, as one batch, all or nothing."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from getpass import getpass
from pathlib import Path
from typing import Any

from shopcrm.act import round_trip
from shopcrm.act.round_trip import SheetDifferences
from shopcrm.app import Shop
from shopcrm.base.i18n import N_, _, n_
from shopcrm.cli.command import Command, Context
from shopcrm.collect import rejects
from shopcrm.collect.foreign import Problem
from shopcrm.collect.imports import FileReport, ImportReport
from shopcrm.collect.problems import explain
from shopcrm.collect.staged import Staged


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--platform", metavar="KEY", help=_("take the files for this platform's"))
    parser.add_argument("--store", metavar="NAME", help=_("the store they are from"))
    parser.add_argument("--mapping", type=Path, metavar="FILE.toml", help=_("how to read a table of another kind"))
    parser.add_argument(
        "--password", action="store_true", help=_("ask for the password of locked files, or read it from the input")
    )
    parser.add_argument("--dry-run", action="store_true", help=_("say what would be done and change nothing"))
    parser.add_argument("--apply", action="store_true", help=_("of a list that was edited: write what was changed"))
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
            if round_trip.is_edited(staged):
                context.answer(*_edited(shop, staged, apply=given.apply and not given.dry_run))
                return 0
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


def _edited(shop: Shop, staged: Staged, *, apply: bool) -> tuple[dict[str, Any], str]:
    """What an edited list says otherwise than the shop, written with `apply` but for conflicts; JSON and text."""
    columns = shop.columns()
    with shop.read() as tx:
        found = round_trip.compare(tx, columns, staged)
    written = None
    if apply and found.safe:
        with shop.write() as tx:
            written = round_trip.write(tx, found, found.safe, columns=columns)
    data = {
        "list": found.list,
        "file": found.name,
        "rows": found.rows,
        "cells": [
            {"row": cell.row, "whose": cell.told, "column": cell.label, "key": cell.key, "before": cell.before,
             "after": cell.after, "conflict": cell.conflict}
            for cell in found.cells
        ],
        "refused": [{"row": one.row, "column": one.label, "reason": one.reason} for one in found.refused],
        "not_editable": [{"column": one.label, "cells": one.cells} for one in found.fixed],
        "written": written.cells if written is not None else 0,
        "change_set": written.change_set if written is not None else None,
    }  # fmt: skip
    return data, _edited_text(found, written=None if written is None else written.cells)


def _edited_text(found: SheetDifferences, *, written: int | None) -> str:
    lines = [
        _("row {row}, {whose}, {column}: “{before}” → “{after}”").format(
            row=cell.row, whose=cell.told, column=cell.label, before=cell.before, after=cell.after
        )
        + (" " + _("(changed in the shop too; left)") if cell.conflict else "")
        for cell in found.cells
    ]
    lines += [
        _("row {row}, {column}: {reason}").format(row=one.row, column=one.label or "–", reason=one.reason)
        for one in found.refused
    ]
    lines += [
        n_(
            "{column}: {n} cell was changed; it cannot be edited in a sheet",
            "{column}: {n} cells were changed; they cannot be edited in a sheet",
            one.cells,
        ).format(column=one.label, n=one.cells)
        for one in found.fixed
    ]
    if written is not None:
        lines.append(n_("{n} cell written.", "{n} cells written.", written).format(n=written))
    else:
        lines.append(_("Nothing was changed."))
    return "\n".join(lines)


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
        "consents": {"agreed": file.agreed, "withdrawn": file.withdrawn},
        "reviews": {"new": file.reviews_new, "changed": file.reviews_changed},
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
        if file.agreed or file.withdrawn:
            lines.append(
                _("{agreed} consents to be written to, {withdrawn} taken back").format(
                    agreed=file.agreed, withdrawn=file.withdrawn
                )
            )
        if file.reviews_new or file.reviews_changed or file.report == "review":
            lines.append(
                _("{new} new reviews, {changed} changed").format(new=file.reviews_new, changed=file.reviews_changed)
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
