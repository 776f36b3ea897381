"""How an import speaks: what is wrong with rows of a file, kinds of reports, what was done, what is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from shopcrm.base.i18n import _, n_
from shopcrm.collect.fixes import Offer
from shopcrm.collect.foreign import Code, Way
from shopcrm.collect.imports import FileReport, Totals
from shopcrm.collect.platforms import REVIEW
from shopcrm.collect.staged import ProblemGroup
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
    Code.DUPLICATE_LINE: lambda n: n_(
        "{n} line stands more than once in this file", "{n} lines stand more than once in this file", n
    ),
    Code.LEFT_OUT: lambda n: n_(
        "{n} sheet or file in it was not read ({value})", "{n} sheets or files in it were not read ({value})", n
    ),
    Code.UNKNOWN_ORDER: lambda n: n_(
        "{n} refund is of an order that is not known ({value})",
        "{n} refunds are of orders that are not known ({value})",
        n,
    ),
    Code.NOBODY: lambda n: n_("{n} row names nobody", "{n} rows name nobody", n),
    Code.BAD_BIRTHDAY: lambda n: n_(
        "{n} birthday cannot be read ({value})", "{n} birthdays cannot be read ({value})", n
    ),
    Code.BAD_ATTRIBUTE: lambda n: n_(
        "{n} cell does not fit its column ({value})", "{n} cells do not fit their column ({value})", n
    ),
    Code.BAD_CONSENT: lambda n: n_(
        "{n} cell says neither yes nor no ({value})", "{n} cells say neither yes nor no ({value})", n
    ),
    Code.UNKNOWN_REVIEWED: lambda n: n_(
        "{n} review is of an order that is not known ({value})",
        "{n} reviews are of orders that are not known ({value})",
        n,
    ),
    Code.BAD_STARS: lambda n: n_(
        "{n} cell says neither stars nor good or bad ({value})",
        "{n} cells say neither stars nor good or bad ({value})",
        n,
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
    Code.DUPLICATE_LINE: lambda: _("Each counts once."),
    Code.LEFT_OUT: lambda: _("Its columns are not those of a known export."),
    Code.UNKNOWN_ORDER: lambda: _("Import the order export, then these rows again."),
    Code.UNKNOWN_REVIEWED: lambda: _("Import the orders they are of, then these rows again."),
    Code.BAD_STARS: lambda: _("Write 1 to 5, or 好评, 中评, 差评. The rest was taken."),
    Code.INCOMPLETE_ORDER: lambda: _("Correct that line and both come in."),
}
_VALUE_LENGTH: Final = 24


def summary(group: ProblemGroup) -> str:
    """What is wrong, in one sentence with the number of rows and an example."""
    count = group.count
    value = _short(group.examples[0]) if group.examples else "—"
    if group.whole:
        return _("The column “{column}” holds something else: {n} of its cells, like “{value}”").format(
            column=group.column.strip(), n=f"{count:,}", value=value
        )
    return _SUMMARIES[group.code](count).format(n=f"{count:,}", value=value)


def advice(group: ProblemGroup) -> str:
    """What to do about it, where there is something to do; else the column and more of its cells."""
    if group.whole:
        return _("Is it another column? “Other columns?” lets you say so.")
    known = _ADVICE.get(group.code)
    if known:
        return known()
    return f"{group.column.strip()}: " + " · ".join(map(_short, group.examples)) if len(group.examples) > 1 else ""


def _short(value: str) -> str:
    return value if len(value) <= _VALUE_LENGTH else value[: _VALUE_LENGTH - 1] + "…"


_FIXES: Final[Mapping[Way, Callable[[], str]]] = {
    Way.NUMBER: lambda: _("Take only the number"),
    Way.OTHER_DECIMAL: lambda: _("Take the comma and the point for each other"),
    Way.CURRENCY: lambda: _("Take the currency of that name"),
    Way.DATE: lambda: _("Read as a date"),
    Way.DAY_FIRST: lambda: _("Read as a date: the day first"),
    Way.MONTH_FIRST: lambda: _("Read as a date: the month first"),
    Way.EMPTY: lambda: _("Read these cells as if nothing stood in them"),
    Way.LEAVE_OUT: lambda: _("Leave these rows out; they are not saved as a file either"),
}


def fix_label(offer: Offer) -> str:
    """What a fix does, as short as on a button: with an example where there is one."""
    if offer.way is Way.EMPTY:
        return _("Take as empty")
    if offer.way is Way.LEAVE_OUT:
        return _("Leave out")
    return f"{_short(offer.value)} → {offer.became}"


def fix_said(offer: Offer) -> str:
    """What a fix does, in words."""
    words = _FIXES[offer.way]()
    return f"{words}: {fix_label(offer)}" if offer.value else words


def mended(group: ProblemGroup) -> str:
    """What a fix did, in one sentence."""
    count = f"{group.count:,}"
    if group.way is Way.LEAVE_OUT:
        return n_("{n} row is left out", "{n} rows are left out", group.count).format(n=count)
    value = _short(group.examples[0]) if group.examples else "—"
    words = (
        n_("{n} cell is taken as empty ({value})", "{n} cells are taken as empty ({value})", group.count)
        if group.way is Way.EMPTY
        else n_("{n} cell is read after all ({value})", "{n} cells are read after all ({value})", group.count)
    )
    return words.format(n=count, value=value if group.way is Way.EMPTY else f"{value} → {group.became}")


def report_name(file: FileReport) -> str:
    """Whose file it is and which: Taobao order report."""
    kinds = {
        "order": _("order report"),
        "item": _("item report"),
        "complete": _("order export"),
        "refund": _("refunds"),
        "people": _("list of people"),
        "review": _("reviews"),
    }
    kind = kinds.get(file.report, _("table"))
    return _("{platform} {report}").format(platform=words.platform(file.platform), report=kind)


def of_file(file: FileReport) -> str:
    """What an import did with one file, in a line."""
    if file.report == "people":
        new = n_("{n} new customer", "{n} new customers", file.people_new).format(n=f"{file.people_new:,}")
    elif file.report == REVIEW:
        new = n_("{n} new review", "{n} new reviews", file.reviews_new).format(n=f"{file.reviews_new:,}")
    else:
        new = n_("{n} new order", "{n} new orders", file.orders_new).format(n=f"{file.orders_new:,}")
    alone = file.report == REVIEW
    changed = file.reviews_changed if alone else file.orders_changed + file.people_changed
    parts = [
        n_("{n} row", "{n} rows", file.rows).format(n=f"{file.rows:,}"),
        new,
        n_("{n} changed", "{n} changed", changed).format(n=f"{changed:,}"),
    ]
    if file.returns:
        parts.append(_returns(file.returns))
    parts += consents([file]) + ([] if alone else reviews([file]))
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
    told = consents(files) + reviews(files)
    parts += told
    if not new and not changed and not orders.returns and not people and not filled and not told:
        parts.append(_("nothing that was not known"))
    return " · ".join(parts)


def consents(files: Sequence[FileReport]) -> list[str]:
    """What files bring of consents to be written to: how many, and how many they take back."""
    agreed, withdrawn = sum(file.agreed for file in files), sum(file.withdrawn for file in files)
    parts = []
    if agreed:
        told = n_("{n} consent to be written to", "{n} consents to be written to", agreed)
        parts.append(told.format(n=f"{agreed:,}"))
    if withdrawn:
        parts.append(n_("{n} consent taken back", "{n} consents taken back", withdrawn).format(n=f"{withdrawn:,}"))
    return parts


def reviews(files: Sequence[FileReport]) -> list[str]:
    """What files bring of reviews: how many are new, and of how many they tell more."""
    new, changed = sum(file.reviews_new for file in files), sum(file.reviews_changed for file in files)
    parts = []
    if new:
        parts.append(n_("{n} new review", "{n} new reviews", new).format(n=f"{new:,}"))
    if changed:
        parts.append(n_("{n} review filled in", "{n} reviews filled in", changed).format(n=f"{changed:,}"))
    return parts


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
