"""How an import speaks: what is wrong with rows of a file, kinds of reports, what was done, what is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shopcrm.base.i18n import _, n_
from shopcrm.collect.foreign import Code, Problem
from shopcrm.collect.imports import FileReport, Totals
from shopcrm.collect.undoing import UndoReport
from shopcrm.ui import words

_SUMMARIES: Final[Mapping[Code, Callable[[int], str]]] = {
    Code.SHORTENED_NUMBER: lambda n: n_(
        "{n} order number was shortened by Excel ({value}); its digits are lost",
        "{n} order numbers were shortened by Excel ({value}); their digits are lost",
        n,
    ),
    Code.MISSING_NUMBER: lambda n: n_("{n} row has no order number", "{n} rows have no order number", n),
    Code.BAD_AMOUNT: lambda n: n_("{n} amount cannot be read ({value})", "{n} amounts cannot be read ({value})", n),
    Code.BAD_DATE: lambda n: n_("{n} date cannot be read ({value})", "{n} dates cannot be read ({value})", n),
    Code.BAD_QUANTITY: lambda n: n_(
        "{n} quantity is not a whole number ({value})", "{n} quantities are not whole numbers ({value})", n
    ),
    Code.BAD_CURRENCY: lambda n: n_(
        "{n} order is in a currency that is not known ({value})",
        "{n} orders are in a currency that is not known ({value})",
        n,
    ),
    Code.UNKNOWN_STATE: lambda n: n_(
        "{n} order has a state that is not known ({value})", "{n} orders have a state that is not known ({value})", n
    ),
    Code.NO_DATE: lambda n: n_("{n} order has no date", "{n} orders have no date", n),
    Code.TOO_FEW_CELLS: lambda n: n_("{n} row ends too early", "{n} rows end too early", n),
    Code.DUPLICATE: lambda n: n_(
        "{n} order stands more than once in this file", "{n} orders stand more than once in this file", n
    ),
    Code.INCOMPLETE_ORDER: lambda n: n_(
        "{n} row waits for another line of its order", "{n} rows wait for another line of their order", n
    ),
}
_ADVICE: Final[Mapping[Code, Callable[[], str]]] = {
    Code.SHORTENED_NUMBER: lambda: _("Export the file again and do not save it in Excel."),
    Code.BAD_DATE: lambda: _("Write it like 2026-03-31 14:05:00."),
    Code.UNKNOWN_STATE: lambda: _("It was taken from the payment instead."),
    Code.DUPLICATE: lambda: _("The row with the later state counts."),
    Code.INCOMPLETE_ORDER: lambda: _("Correct that line and both come in."),
}
_VALUE_LENGTH: Final = 24


@dataclass(frozen=True)
class ProblemGroup:
    """The problems of one kind in one file."""

    code: Code
    rows: tuple[int, ...]
    column: str
    value: str
    rejected: bool


def grouped(problems: Sequence[Problem]) -> list[ProblemGroup]:
    """The problems by kind: those that keep rows out first, then the more frequent ones."""
    by_code: dict[Code, list[Problem]] = {}
    for problem in problems:
        by_code.setdefault(problem.code, []).append(problem)
    groups = [
        ProblemGroup(
            code=code,
            rows=tuple(sorted({problem.row for problem in found})),
            column=next((problem.column for problem in found if problem.column), ""),
            value=next((problem.value for problem in found if problem.value), ""),
            rejected=any(problem.rejected for problem in found),
        )
        for code, found in by_code.items()
    ]
    return sorted(groups, key=lambda group: (not group.rejected, -len(group.rows)))


def summary(group: ProblemGroup) -> str:
    """What is wrong, in one sentence with the number of rows and an example."""
    count = len(group.rows)
    value = group.value if len(group.value) <= _VALUE_LENGTH else group.value[: _VALUE_LENGTH - 1] + "…"
    return _SUMMARIES[group.code](count).format(n=f"{count:,}", value=value or "–")


def advice(group: ProblemGroup) -> str:
    """What to do about it, where there is something to do."""
    known = _ADVICE.get(group.code)
    return known() if known else ""


def report_name(file: FileReport) -> str:
    """Whose file it is and which: Taobao order report."""
    kinds = {"order": _("order report"), "item": _("item report"), "complete": _("order export"),
             "people": _("list of people")}  # fmt: skip
    kind = kinds.get(file.report, _("table"))
    return _("{platform} {report}").format(platform=words.platform(file.platform), report=kind)


def of_file(file: FileReport) -> str:
    """What an import did with one file, in a line."""
    if file.report == "people":
        new = n_("{n} new customer", "{n} new customers", file.people_new).format(n=f"{file.people_new:,}")
    else:
        new = n_("{n} new order", "{n} new orders", file.orders_new).format(n=f"{file.orders_new:,}")
    changed = file.orders_changed + file.people_changed
    parts = [
        n_("{n} row", "{n} rows", file.rows).format(n=f"{file.rows:,}"),
        new,
        n_("{n} changed", "{n} changed", changed).format(n=f"{changed:,}"),
    ]
    if file.returns:
        parts.append(_returns(file.returns))
    if file.rejected:
        parts.append(n_("{n} row not taken", "{n} rows not taken", file.rejected).format(n=f"{file.rejected:,}"))
    return f"{file.file} · {report_name(file)}: " + " · ".join(parts)


def taken_rows(files: Sequence[FileReport]) -> int:
    """How many rows an import takes in."""
    return sum(file.rows - file.rejected for file in files)


def imported(files: Sequence[FileReport], orders: Totals) -> str:
    """What an import did: rows, new and changed orders, new customers."""
    rows = taken_rows(files)
    new, changed = orders.new, orders.changed
    people = sum(file.customers_new for file in files)
    filled = sum(file.people_changed for file in files)
    parts = [n_("{n} row imported", "{n} rows imported", rows).format(n=f"{rows:,}")]
    if new:
        parts.append(n_("{n} new order", "{n} new orders", new).format(n=f"{new:,}"))
    if orders.returns:
        parts.append(_returns(orders.returns))
    if changed:
        parts.append(n_("{n} changed", "{n} changed", changed).format(n=f"{changed:,}"))
    if people:
        parts.append(n_("{n} new customer", "{n} new customers", people).format(n=f"{people:,}"))
    if filled:
        parts.append(n_("{n} customer filled in", "{n} customers filled in", filled).format(n=f"{filled:,}"))
    if not new and not changed and not orders.returns and not people and not filled:
        parts.append(_("nothing that was not known"))
    return " · ".join(parts)


def _returns(count: int) -> str:
    return n_("{n} return", "{n} returns", count).format(n=f"{count:,}")


def unidentified(files: Sequence[FileReport]) -> str:
    """How many orders came in without a buyer who can be recognised."""
    count = sum(file.unidentified_orders for file in files)
    if not count:
        return ""
    text = n_(
        "{n} order without a recognisable buyer is kept, too.",
        "{n} orders without a recognisable buyer are kept, too.",
        count,
    )
    return text.format(n=f"{count:,}")


def taken_back(report: UndoReport) -> str:
    """What undoing an import did, and what it left because something newer needs it."""
    parts = [
        n_("{n} order taken back", "{n} orders taken back", report.orders_removed).format(
            n=f"{report.orders_removed:,}"
        )
    ]
    if report.returns_removed:
        parts.append(_returns(report.returns_removed))
    if report.orders_restored:
        restored = n_("{n} as before", "{n} as before", report.orders_restored)
        parts.append(restored.format(n=f"{report.orders_restored:,}"))
    if report.customers_removed:
        gone = n_("{n} customer gone", "{n} customers gone", report.customers_removed)
        parts.append(gone.format(n=f"{report.customers_removed:,}"))
    if report.kept:
        kept = n_(
            "{n} kept: a later import or edit needs it", "{n} kept: later imports or edits need them", len(report.kept)
        )
        parts.append(kept.format(n=f"{len(report.kept):,}"))
    return " · ".join(parts)
