"""The first rows of a table as they would be stored: a line an order, what is wrong at its cells (C2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from shopcrm.base import birthdays, clock
from shopcrm.base.i18n import _, n_
from shopcrm.collect.mapping_draft import Draft
from shopcrm.collect.problems import explain
from shopcrm.collect.trial import Trial, TrialLine, TrialOrder, TrialPerson
from shopcrm.ui import names, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel

# The columns shown and the fields they are made of.
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("number",),
    "day": ("paid_at", "created_at"),
    "buyer": ("recipient_name", "buyer_name", "buyer_id", "email"),
    "phone": ("phone",),
    "goods": ("title", "article"),
    "units": ("quantity",),
    "paid": ("order_total", "line_total", "price"),
    "refunded": ("refunded",),
    "state": ("state",),
    "name": ("name", "last_name", "first_name", "nickname"),
    "person_phone": ("phone",),
    "account": ("email", "wechat", "buyer_id"),
    "birthday": ("birthday",),
    "place": ("address", "province", "city"),
    "tags": ("tags",),
    "note": ("note",),
}


class TrialTable(TableView):
    """Shows a trial; a row that would not be taken shows the file's own cells."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        self._ctx = ctx
        self._draft: Draft | None = None
        self._trial = PagedTableModel(self._columns(), parent)
        super().__init__(self._trial, parent, label=_("As it will be stored"), name=names.MAPPING_TABLE)

    def show_trial(self, trial: Trial | None, draft: Draft) -> None:
        """Show what became of the first rows; None: nothing can be read yet."""
        if self._draft is None or draft.kind != self._draft.kind:
            self._trial.set_columns(self._people_columns() if draft.kind == "people" else self._columns())
        self._draft = draft
        lines = trial.lines if trial is not None else ()
        self._trial.set_rows({line.row: line for line in lines})

    def _columns(self) -> tuple[Column, ...]:
        def column(key: str, title: str, told: Callable[[TrialOrder], str], **how: Any) -> Column:
            return Column(
                key,
                title,
                lambda line: told(line.order) if line.order is not None else self._raw(line, key),
                ground=lambda line: self._ground(line, key),
                tooltip=lambda line: self._why(line, key),
                row_tone=lambda line: "text" if line.order is not None else "bad",
                **how,
            )

        return (
            Column("row", _("Row"), lambda line: f"{line.row:,}", width=56, right=True, tone="third"),
            column("number", _("Order number"), lambda order: order.number, width=116),
            column("day", _("Day"), self._day, width=88),
            column("buyer", _("Buyer"), self._buyer, width=84, stretch=1),
            column("phone", _("Phone"), lambda order: words.phone(order.phone), width=114),
            column("goods", _("Goods"), _goods, width=130, stretch=2),
            column("units", _("Pieces"), _units, width=62, right=True),
            column("paid", _("Paid"), lambda order: self._money(order.paid, order), width=88, right=True),
            column("refunded", _("Refunded"), self._refunded, width=80, right=True),
            column("state", _("State"), _state, width=80),
            Column("problem", _("Problem"), _problem, width=178, stretch=3, row_tone=_problem_tone, tooltip=_problem),
        )  # fmt: skip

    def _people_columns(self) -> tuple[Column, ...]:
        def column(key: str, title: str, told: Callable[[TrialPerson], str], **how: Any) -> Column:
            return Column(
                key,
                title,
                lambda line: told(line.person) if line.person is not None else self._raw(line, key),
                ground=lambda line: self._ground(line, key),
                tooltip=lambda line: self._why(line, key),
                row_tone=lambda line: "text" if line.person is not None else "bad",
                **how,
            )

        return (
            Column("row", _("Row"), lambda line: f"{line.row:,}", width=56, right=True, tone="third"),
            column("name", _("Name"), lambda person: person.name, width=110, stretch=1),
            column("person_phone", _("Phone"), lambda person: words.phone(person.phone), width=118),
            column("account", _("E-mail or account"), lambda person: person.account, width=130, stretch=1),
            column("birthday", _("Birthday"), _birthday, width=104),
            column("place", _("Address"), lambda person: person.place, width=120, stretch=1),
            column("tags", _("Tags"), lambda person: _(", ").join(person.tags), width=96, stretch=1),
            column("note", _("Note"), lambda person: " ".join(person.note.split()), width=110, stretch=1),
            Column("problem", _("Problem"), _problem, width=120, stretch=2, row_tone=_problem_tone, tooltip=_problem),
        )  # fmt: skip

    def _day(self, order: TrialOrder) -> str:
        return "" if order.day is None else clock.day_date(order.day).isoformat()

    def _buyer(self, order: TrialOrder) -> str:
        return order.buyer or ("" if order.identified else _("not known"))

    def _money(self, amount: int | None, order: TrialOrder) -> str:
        return "" if amount is None else self._ctx.money(amount, currency=order.currency)

    def _refunded(self, order: TrialOrder) -> str:
        return self._money(order.refunded or None, order)

    def _raw(self, line: TrialLine, key: str) -> str:
        """The file's own cell of a row that makes no order."""
        if self._draft is None:
            return ""
        places = [place for wanted in _FIELDS[key] if (place := self._draft.place_of(wanted)) is not None]
        return next((line.cells[place] for place in places if place < len(line.cells)), "")

    def _marked(self, line: TrialLine, key: str) -> list[str]:
        """What is wrong with the cells behind a column."""
        if self._draft is None:
            return []
        headers = {self._draft.header[place] for place, name in self._draft.fields.items() if name in _FIELDS[key]}
        return [explain(one.code, column=one.column, value=one.value) for one in line.problems if one.column in headers]

    def _ground(self, line: TrialLine, key: str) -> str:
        if not self._marked(line, key):
            return ""
        return "bad_soft" if any(one.rejected for one in line.problems) else "warn_soft"

    def _why(self, line: TrialLine, key: str) -> str:
        shown = (
            ""
            if line.order is None and line.person is None
            else next(one for one in self._trial.columns if one.key == key).text(line)
        )
        return "\n".join(self._marked(line, key)) or shown


def _birthday(person: TrialPerson) -> str:
    return "" if person.birthday is None else birthdays.words(person.birthday)


def _goods(order: TrialOrder) -> str:
    if not order.goods:
        return ""
    more = len(order.goods) - 1
    first = words.short_title(order.goods[0])
    return n_("{goods} and {n} more", "{goods} and {n} more", more).format(goods=first, n=more) if more else first


def _units(order: TrialOrder) -> str:
    return "" if order.units is None else f"{order.units:,}"


def _state(order: TrialOrder) -> str:
    return _("Return") if order.kind == "return" else words.state(order.state)[0] if order.state else ""


def _problem(line: TrialLine) -> str:
    return next((explain(one.code, column=one.column, value=one.value) for one in line.problems), "")


def _problem_tone(line: TrialLine) -> str:
    return "bad" if any(one.rejected for one in line.problems) else "warn"
