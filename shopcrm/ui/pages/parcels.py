"""Parcels that take too long (C10): stuck, late, not sent yet; and how long parcels usually take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from shopcrm.act import parcel_sheet
from shopcrm.act.parcel_sheet import WORDS
from shopcrm.base import clock
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import N_, _, n_
from shopcrm.base.progress import Progress
from shopcrm.mine import parcels
from shopcrm.mine.parcels import KINDS, LATE, LEAST, SENT_WITHIN, STUCK, UNSENT, USUAL_DAYS, Parcel, Times, Transit
from shopcrm.ui import names, words
from shopcrm.ui.context import Listing
from shopcrm.ui.kit.buttons import Button, Choices
from shopcrm.ui.kit.cards import Card, EmptyState
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.pages.page import Page, PageHead, button_of, page_column
from shopcrm.ui.parts.no_orders import no_orders
from shopcrm.ui.parts.saving import XLSX, ask_where, dated

TIMES: Final = "times"
_FRESH_DAYS: Final = 1  # an older file may not know what was signed for since


@dataclass(frozen=True)
class _Standing:
    """What the page stands on."""

    waiting: Mapping[str, list[Parcel]]
    times: Times
    heard: int | None
    empty: bool  # there are no orders


class ParcelsPage(Page):
    """Opened from the data; a list a kind, the most overdue first."""

    key = "parcels"
    title = N_("Parcels")
    icon = "package"
    demo_wanted = Signal()
    reads = Changes.ORDERS | Changes.CUSTOMERS

    # Making it

    def _build(self) -> None:
        self._view = ""  # chosen when it is known what there is
        self._standing = _Standing({kind: [] for kind in KINDS}, Times({}), None, empty=True)
        self._shown: dict[int, Parcel] = {}
        self.head = PageHead(_(self.title), self)
        back = Button(_("Data"), self, kind="ghost", icon="database", name=f"{names.PARCELS}_back")
        back.clicked.connect(lambda: self.ctx.go_to("data"))
        self._people = Button(_("Open the list"), self, icon="users", name=f"{names.PARCELS}_people")
        self._copy = Button(_("Copy parcel number"), self, icon="copy", name=f"{names.PARCELS}_copy")
        self._save = Button(_("Export"), self, icon="download", name=f"{names.PARCELS}_export")
        for button in (back, self._people, self._copy, self._save):
            self.head.buttons.addWidget(button)
        self._views = Choices(self, kind="view", name=f"{names.PARCELS}_view")
        self._model = PagedTableModel(self._columns(), self)
        self._table = TableView(self._model, self, label=_("Parcels"), name=f"{names.PARCELS}_table")
        self._times_model = PagedTableModel(_times_columns(), self)
        self._times = TableView(
            self._times_model, self, label=_("How long they take"), name=f"{names.PARCELS}_times"
        )  # fmt: skip
        self._stack = QStackedWidget(self)
        self._lay_out()

    def _lay_out(self) -> None:
        views = QHBoxLayout()
        views.addWidget(self._views)
        views.addStretch(1)
        in_time = EmptyState(
            self, icon="circle-check", title=_("All in time"),
            text=_("Parcels that take longer than usual, and orders not sent for {n} days, would stand here.").format(
                n=SENT_WITHIN
            ),
        )  # fmt: skip
        unknown = EmptyState(
            self, icon="clock", title=_("Not enough history"),
            text=_("Until files tell of {n} parcels when they were sent and signed for, {days} days count.").format(
                n=LEAST, days=USUAL_DAYS
            ),
        )  # fmt: skip
        nothing = no_orders(
            self.ctx, self, icon="package", title=_("Parcels that take too long will stand here"),
            text=_("Import the order files of your shop."), demo_wanted=self.demo_wanted,
        )  # fmt: skip
        for inside, margin in ((self._table, 3), (self._times, 3), (in_time, 0), (unknown, 0), (nothing, 0)):
            card = Card(self, padding=0)
            card.body.setContentsMargins(1 if margin else 0, margin, 1 if margin else 0, margin)
            card.body.addWidget(inside)
            self._stack.addWidget(card)
        column = page_column(self)
        column.addWidget(self.head)
        column.addLayout(views)
        column.addWidget(self._stack, 1)

    def _columns(self) -> tuple[Column, ...]:
        def day(number: int | None) -> str:
            return "" if number is None else words.day(clock.day_date(number), today=self.ctx.today)

        def took(one: Parcel) -> str:
            return _("{days}, usually {usual}").format(days=one.days, usual=one.usual)

        return (
            Column("customer", _("Customer"), lambda one: one.recipient, width=96, stretch=1, bold=True),
            Column("days", _("Days"), took, width=124),
            Column("since", _("Sent or paid on"), lambda one: day(one.since), width=92),
            Column("place", _("Region"), lambda one: words.place(one.province, one.city), width=96, stretch=1),
            Column("carrier", _("Carrier"), lambda one: one.carrier or "", width=84, stretch=1),
            Column("tracking", _("Parcel number"), lambda one: one.tracking_number or "", width=128, stretch=1),
            Column("product", _("Product"), lambda one: one.title, width=130, stretch=2, tone="second",
                   tooltip=lambda one: one.title),
            Column("number", _("Order number"), lambda one: one.number, width=130, stretch=1, tone="second"),
            Column("heard", _("Last heard of"), lambda one: day(one.heard), width=92, tone="second"),
        )  # fmt: skip

    def _wire(self) -> None:
        self._views.chosen.connect(self.show_view)
        self._people.clicked.connect(self.open_people)
        self._copy.clicked.connect(self.copy_number)
        self._save.clicked.connect(self.export)
        self._table.opened.connect(self._open)
        self._table.current_changed.connect(lambda _current: self._enable())
        for keys, do in (("Ctrl+C", self.copy_number), ("Ctrl+E", self.export), ("Ctrl+L", self.open_people)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # Reading

    def refresh(self) -> None:
        """Ask anew what is under way."""
        shop = self.ctx.shop

        def asked(tx: Any) -> _Standing:
            columns = shop.columns()
            found = parcels.waiting(tx, columns)
            of_kind = {kind: [one for one in found if one.kind == kind] for kind in KINDS}
            return _Standing(
                of_kind, parcels.times(tx, columns), parcels.heard(tx), empty=not parcels.any_orders(tx)
            )  # fmt: skip

        self.ctx.read(self, asked, done=self._show, latest="parcels")

    def _show(self, standing: _Standing) -> None:
        self._standing = standing
        if not self._view:
            self._view = next((kind for kind in KINDS if standing.waiting[kind]), STUCK)
        self.show_view(self._view)

    def show_view(self, view: str) -> None:
        """One of `KINDS`, or `TIMES`."""
        standing, self._view = self._standing, view
        said: dict[str, Callable[[str], str]] = {
            STUCK: lambda n: _("Stuck {n}").format(n=n),
            LATE: lambda n: _("Late {n}").format(n=n),
            UNSENT: lambda n: _("Not sent {n}").format(n=n),
        }
        choices = [(kind, said[kind](f"{len(standing.waiting[kind]):,}")) for kind in KINDS]
        self._views.set_choices([*choices, (TIMES, _("How long they take"))], chosen=view)
        self._views.setVisible(not standing.empty)
        if view == TIMES:
            transits = sorted(standing.times.known.values(), key=_place_of)
            self._times_model.set_rows(dict(enumerate(transits)))
            place = 1 if transits else 3
        else:
            self._shown = {one.order: one for one in standing.waiting[view]}
            self._model.set_rows(self._shown)
            place = 0 if self._shown else 2
            if self._shown and self._table.current_id not in self._shown:
                self._table.go_to(0)
        self._stack.setCurrentIndex(4 if standing.empty else place)
        self.head.state.set_text(self._state(standing))
        self._enable()

    def _state(self, standing: _Standing) -> str:
        if standing.heard is None:
            return ""
        on = clock.day_date(standing.heard)
        if (self.ctx.today - on).days <= _FRESH_DAYS:
            return ""
        told = words.day(on, today=self.ctx.today)
        return _("The newest file is of {day}; a newer one takes off what was signed for since.").format(day=told)

    def _parcel(self) -> Parcel | None:
        chosen = self._table.current_id
        return self._shown.get(-1 if chosen is None else chosen) if self._view != TIMES else None

    def _enable(self) -> None:
        one = self._parcel()
        listed = self._stack.currentIndex() == 0
        self._copy.setEnabled(one is not None and bool(one.tracking_number))
        self._people.setEnabled(listed)
        self._save.setEnabled(listed)

    # Done with them

    def _open(self, number: int) -> None:
        one = self._shown.get(number)
        if one is not None and one.customer is not None:
            self.ctx.open_customer(one.customer)

    def copy_number(self) -> None:
        """Copy the number of the parcel that the cursor is on."""
        one = self._parcel()
        if one is not None and one.tracking_number:
            self.ctx.copy(one.tracking_number, said=_("Parcel number copied"))

    def open_people(self) -> None:
        """Open the customers behind the list: there they are written to, tagged, exported."""
        if self._stack.currentIndex() != 0:
            return
        view = self._view

        def behind(tx: Any, columns: Any) -> Any:
            found = {one.customer for one in parcels.waiting(tx, columns) if one.kind == view}
            return np.array(sorted(one for one in found if one is not None), np.int64)

        self.ctx.go_to("customers", Listing(_("Parcels: {kind}").format(kind=_(WORDS[view])), behind))

    def export(self) -> None:
        """Save the list that is seen as a sheet."""
        ctx, found = self.ctx, list(self._shown.values())
        if self._stack.currentIndex() != 0:
            return

        def write(path: Path) -> None:
            def work(_progress: Progress) -> int:
                with ctx.shop.write() as tx:
                    # The dialog has asked before an older file is replaced.
                    return parcel_sheet.export_parcels(tx, found, path, overwrite=True)

            ctx.jobs.run(self, work, _("Saving the list"), done=lambda rows: said(path, rows))

        def said(path: Path, rows: int) -> None:
            told = n_("{n} parcel saved to {file}", "{n} parcels saved to {file}", rows)
            ctx.messages.toast(told.format(n=f"{rows:,}", file=path.name), icon="file-spreadsheet")

        ask_where(self, folder=ctx.exports_folder(), name=dated(ctx, _("Parcels")), formats=(XLSX,), chosen=write)

    # The frame

    def first_focus(self) -> QWidget | None:
        """The table that is seen; on an empty page its button, or the views."""
        seen = {0: self._table, 1: self._times}.get(self._stack.currentIndex())
        return seen or button_of(self._stack) or self._views.findChild(Button)

    def remember(self) -> dict[str, object]:
        """The view."""
        return {"view": self._view}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what `remember` gave."""
        self._view = state.get("view", "")


def _place_of(one: Transit) -> tuple[bool, bool, str, int]:
    """Of all first, then by province and its carriers, then by carrier."""
    return one.province is None, one.carrier is not None and one.province is None, one.province or "", -one.parcels


def _times_columns() -> tuple[Column, ...]:
    return (
        Column("place", _("Region"), lambda one: words.place(one.province, None) if one.province else _("Everywhere"),
               width=120, stretch=2, bold=True),
        Column("carrier", _("Carrier"), lambda one: one.carrier or _("All carriers"), width=120, stretch=2),
        Column("parcels", _("Parcels"), lambda one: f"{one.parcels:,}", width=80, stretch=1, right=True),
        Column("median", _("Half are there after (days)"), lambda one: str(one.median), width=120, stretch=1,
               right=True),
        Column("expected", _("Four of five after (days)"), lambda one: str(one.expected), width=120, stretch=1,
               right=True),
    )  # fmt: skip
