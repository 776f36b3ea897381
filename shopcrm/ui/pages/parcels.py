"""Parcels: which are late, stuck or not sent, with the words for whom waits; and how long parcels take (C10)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from shopcrm.act import apologies
from shopcrm.act.apologies import Apology
from shopcrm.act.scripts import Script
from shopcrm.base import clock
from shopcrm.base.changes import Changes
from shopcrm.base.channels import chat_text
from shopcrm.base.i18n import N_, _, n_, sentences
from shopcrm.base.progress import Progress
from shopcrm.mine import parcels
from shopcrm.mine.parcels import Overview, Parcel
from shopcrm.ui import names, theme, words
from shopcrm.ui.kit.buttons import Button, Choices
from shopcrm.ui.kit.cards import Card, EmptyState
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import PagedTableModel
from shopcrm.ui.kit.text import Text
from shopcrm.ui.pages.page import Page, PageHead, button_of, page_column
from shopcrm.ui.parts import parcel_tables
from shopcrm.ui.parts.no_orders import no_orders
from shopcrm.ui.parts.saving import XLSX, ask_where, dated
from shopcrm.ui.parts.script_words import copy_script, filled_text
from shopcrm.ui.parts.sms_dialog import SmsDialog

ALL: Final = "all"
TRANSIT: Final = "transit"
LISTED: Final = 2_000  # of each kind, the worst
_LIST, _NOTHING, _NOT_THIS, _NO_ORDERS, _TABLE, _UNLEARNT = range(6)
_DAY: Final = 86_400


@dataclass(frozen=True)
class _Standing:
    """What the page stands on."""

    overview: Overview
    customers: int
    now: int


class ParcelsPage(Page):
    """Opened from the data; what waits longer than it should, and how long parcels take."""

    key = "parcels"
    title = N_("Parcels")
    icon = "package"
    demo_wanted = Signal()

    reads = Changes.CUSTOMERS | Changes.ORDERS | Changes.IMPORTS

    # Making it

    def _build(self) -> None:
        self._view = ALL
        self._standing: _Standing | None = None
        self._rows: dict[int, Parcel] = {}
        self.head = PageHead(_(self.title), self)
        brief = theme.current().text_percent >= 150

        def button(said: str, icon: str, name: str, keys: str = "") -> Button:
            return Button(
                "" if brief else said, self, icon=icon, keys="" if brief else keys, name=f"{names.PARCELS}_{name}",
                label=said,
            )  # fmt: skip

        self._back = Button("" if brief else _("Data"), self, kind="ghost", icon="database",
                            name=f"{names.PARCELS}_back", label=_("Data"))  # fmt: skip
        self._copy = button(_("Copy the apology"), "copy", "copy", "C")
        self._sms = button(_("Text messages"), "message-square-text", "sms")
        self._export = button(_("Export the list"), "download", "export", "Ctrl+E")
        self._deeds = (self._copy, self._sms, self._export)
        for each in (self._back, *self._deeds):
            self.head.buttons.addWidget(each)
        self._views = Choices(self, kind="view", name=f"{names.PARCELS}_view")
        self._heard = Text("", self, tone="second", size=theme.SMALL, wrap=True, name=f"{names.PARCELS}_heard")
        zone, today = self.ctx.zone, self.ctx.today
        self._model = PagedTableModel(parcel_tables.parcel_columns(today=today, zone=zone), self, checkable=True)
        self._table = TableView(self._model, self, label=_("Parcels"), name=f"{names.PARCELS}_table")
        self._transit_model = PagedTableModel(parcel_tables.transit_columns(), self)
        self._transit = TableView(
            self._transit_model, self, label=_("How long parcels take"), name=f"{names.PARCELS}_transit"
        )
        self._lay_out()

    def _lay_out(self) -> None:
        column = page_column(self)
        column.addWidget(self.head)
        views = QHBoxLayout()
        views.addWidget(self._views)
        views.addStretch(1)
        column.addLayout(views)
        column.addWidget(self._heard)
        self._stack = QStackedWidget(self)
        for widget in (self._card(self._table), self._nothing(), self._not_this(), self._no_orders(),
                       self._card(self._transit), self._unlearnt()):  # fmt: skip
            self._stack.addWidget(widget)
        column.addWidget(self._stack, 1)

    def _card(self, widget: QWidget) -> Card:
        card = Card(self, padding=0)
        card.body.setContentsMargins(1, 3, 1, 3)
        card.body.addWidget(widget)
        return card

    def _nothing(self) -> QWidget:
        take = Button(_("See how long parcels take"), self, kind="primary", icon="clock", size="medium",
                      name=f"{names.PARCELS}_take")  # fmt: skip
        take.clicked.connect(lambda: self.show_view(TRANSIT))
        return self._card(
            EmptyState(
                self,
                icon="circle-check",
                title=_("Nothing is late, stuck or unsent"),
                text=_("As far as the files tell, of what was ordered in the last {n} days.").format(
                    n=parcels.LISTED_DAYS
                ),
                action=take,
            )
        )

    def _not_this(self) -> QWidget:
        everything = Button(_("Show them all"), self, kind="primary", size="medium",
                            name=f"{names.PARCELS}_everything")  # fmt: skip
        everything.clicked.connect(lambda: self.show_view(ALL))
        return self._card(
            EmptyState(
                self,
                icon="circle-check",
                title=_("None of these"),
                text=_("Other parcels are waiting."),
                action=everything,
            )
        )

    def _no_orders(self) -> QWidget:
        return self._card(
            no_orders(
                self.ctx,
                self,
                icon="package",
                title=_("Where is my parcel?"),
                text=_("Parcels that are late, stuck or not sent will stand here as soon as there are orders."),
                demo_wanted=self.demo_wanted,
            )
        )

    def _unlearnt(self) -> QWidget:
        back = Button(_("Import orders"), self, kind="primary", icon="upload", size="medium",
                      name=f"{names.PARCELS}_import")  # fmt: skip
        back.clicked.connect(lambda: self.ctx.go_to("data"))
        return self._card(
            EmptyState(
                self,
                icon="package",
                title=_("No parcel has told how long it took"),
                text=_("It is learnt from files that tell when a parcel was sent and when it was signed for."),
                action=back,
            )
        )

    def _wire(self) -> None:
        self._back.clicked.connect(lambda: self.ctx.go_to("data"))
        self._copy.clicked.connect(self.copy_apology)
        self._sms.clicked.connect(self.write_sms)
        self._export.clicked.connect(self.export)
        self._views.chosen.connect(self.show_view)
        self._table.opened.connect(self._open)
        self._table.current_changed.connect(lambda _order: self._enable())
        self._model.checked_changed.connect(self._enable)
        for keys, do in (
            ("C", self.copy_apology),
            ("Ctrl+C", self.copy_numbers),
            ("Ctrl+E", self.export),
            ("Ctrl+Shift+E", self.write_sms),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # Reading

    def refresh(self) -> None:
        """Ask anew what waits."""
        shop = self.ctx.shop

        def question(tx: Any) -> _Standing:
            words.warm()
            columns = shop.columns()
            return _Standing(parcels.overview(tx, columns, limit=LISTED), len(columns), tx.now_seconds)

        self.ctx.read(self, question, done=self._show, latest="parcels")

    def _show(self, standing: _Standing) -> None:
        self._standing = standing
        learnt = standing.overview.expectations
        self._rows = {one.order: one for one in standing.overview.parcels}
        self._transit_model.set_rows(dict(enumerate(parcel_tables.lines(learnt))))
        self._show_views()

    def _show_views(self) -> None:
        standing = self._standing
        if standing is None:
            return
        counts = standing.overview.counts
        total = sum(counts.values())
        choices = [(ALL, _("All {n}").format(n=f"{total:,}"))]
        choices += [(kind, f"{_(label)} {counts[kind]:,}") for kind, label in parcels.KINDS.items()]
        self._views.set_choices([*choices, (TRANSIT, _("How long parcels take"))], chosen=self._view)
        shown = {order: one for order, one in self._rows.items() if self._view in (ALL, one.kind)}
        at = self._table.current_id
        self._model.set_rows(shown)
        if shown and at not in shown:
            self._table.go_to(0)
        place = _LIST if shown else _NOT_THIS if total else _NOTHING
        if self._view == TRANSIT:
            place = _TABLE if standing.overview.expectations.parcels else _UNLEARNT
        if not standing.customers and not total and standing.overview.newest_at is None:
            place = _NO_ORDERS
        self._stack.setCurrentIndex(place)
        self._views.setVisible(place != _NO_ORDERS)
        for button in self._deeds:
            button.setVisible(place == _LIST)
        self.head.state.set_text("" if place == _NO_ORDERS else self._state(standing, listed=len(shown)))
        self._heard.setText(self._remarks(standing))
        self._heard.setVisible(place in (_LIST, _NOTHING, _TABLE) and bool(self._heard.text()))
        self._enable()

    def _state(self, standing: _Standing, *, listed: int) -> str:
        counts = standing.overview.counts
        waiting = sum(counts.values()) if self._view == ALL else counts.get(self._view, 0)
        if self._view != TRANSIT and waiting > listed:
            return _("The {n} worst are shown").format(n=f"{listed:,}")
        learnt = standing.overview.expectations.parcels
        if learnt < parcels.LEAST:
            said = n_(
                "Not enough history: {n} day is taken as usual",
                "Not enough history: {n} days are taken as usual",
                parcels.DEFAULT_DAYS,
            )
            return said.format(n=parcels.DEFAULT_DAYS)
        said = n_("what is usual is learnt from {n} parcel", "what is usual is learnt from {n} parcels", learnt)
        return said.format(n=f"{learnt:,}")

    def _remarks(self, standing: _Standing) -> str:
        """What one has to know to read the page."""
        if self._view == TRANSIT:
            return _(
                "Expected: the day by which four of five had arrived, of the last {n} days. Under {least} parcels the"
                " province speaks, then the carrier, then the whole shop."
            ).format(n=parcels.LEARNT_DAYS, least=parcels.LEAST)
        newest, said = standing.overview.newest_at, ""
        if newest is not None and standing.now - newest > _DAY:
            when = words.moment(clock.instant(newest).astimezone(self.ctx.zone), today=self.ctx.today)
            said = _("The newest file of orders is from {when}: a newer one takes off what was signed for since.")
            said = said.format(when=when)
        return sentences(
            said,
            _("Where a platform tells no signing, a parcel is under way until the order is finished.")
            if self._view != parcels.NOT_SENT
            else "",
        )

    def _enable(self) -> None:
        able = self._table.current_id is not None
        for button in self._deeds:
            button.setEnabled(able)

    # Doing

    def show_view(self, view: str) -> None:
        """Show what waits, one kind of it (`parcels.KINDS`), or how long parcels take."""
        self._view = view if view in (ALL, TRANSIT, *parcels.KINDS) else ALL
        self._show_views()
        if (first := self.first_focus()) is not None:
            first.setFocus()

    def _picked(self) -> list[Parcel]:
        """The rows that are checked, else the one with the cursor."""
        checked = [int(order) for order in self._model.checked_ids()]
        current = self._table.current_id
        orders = checked or ([] if current is None else [current])
        return [self._rows[order] for order in orders if order in self._rows]

    def _current(self) -> Parcel | None:
        current = self._table.current_id
        return None if current is None or self._view == TRANSIT else self._rows.get(current)

    def _open(self, order: int) -> None:
        parcel = self._rows.get(order)
        if parcel is None:
            return
        if parcel.customer is None:
            self.ctx.go_to("who", "loose")  # where it is said whose it is
        else:
            self.ctx.open_customer(parcel.customer)

    def copy_apology(self) -> None:
        """The words for whom the parcel under the cursor goes to."""
        parcel, shop = self._current(), self.ctx.shop
        if parcel is None:
            return

        def copied(found: Apology) -> None:
            if isinstance(found.words, Script):
                copy_script(self.ctx, self, found.words, found.who)
                return
            said = _("“{title}” copied").format(title=found.words.title)
            self.ctx.copy(chat_text(filled_text(found.words.body, found.who).text), said=said)

        self.ctx.read(
            self,
            lambda tx: apologies.of_parcel(tx, shop.columns(), kind=parcel.kind, customer=parcel.customer),
            done=copied,
            latest="apology",
        )

    def copy_numbers(self) -> None:
        """The numbers of the parcels picked, one a line."""
        if self._view == TRANSIT:
            return
        numbers = [one.tracking_number for one in self._picked() if one.tracking_number]
        if not numbers:
            self.ctx.messages.toast(_("No parcel number is known here."), icon="info")
            return
        said = n_("{n} parcel number copied", "{n} parcel numbers copied", len(numbers)).format(n=f"{len(numbers):,}")
        self.ctx.copy("\n".join(numbers), said=said)

    def write_sms(self) -> None:
        """A text message for each of whom the parcels picked go to."""
        if self._view == TRANSIT:
            return
        ids = np.unique([one.customer for one in self._picked() if one.customer is not None]).astype(np.int64)
        if len(ids):
            SmsDialog(self.ctx, self, name=_("Parcels"), ids=ids).open()

    def export(self) -> None:
        """Save the list as a sheet: the rows that are checked, else all of what is shown."""
        if self._current() is None:
            return
        ctx = self.ctx
        checked = frozenset(int(order) for order in self._model.checked_ids()) or None
        kinds = tuple(parcels.KINDS) if self._view == ALL else (self._view,)

        def write(path: Path) -> None:
            def work(progress: Progress) -> int:
                from shopcrm.act import parcel_sheet

                progress.report("writing")
                with ctx.shop.write() as tx:
                    # The dialog has asked before an older file is replaced.
                    return parcel_sheet.export_parcels(
                        tx, ctx.shop.columns(), path, kinds=kinds, orders=checked, overwrite=True
                    )

            ctx.jobs.run(self, work, _("Saving the list"), done=lambda rows: said(path, rows))

        def said(path: Path, rows: int) -> None:
            told = n_("{n} parcel saved to {file}", "{n} parcels saved to {file}", rows)
            ctx.messages.toast(told.format(n=f"{rows:,}", file=path.name), icon="file-spreadsheet")

        ask_where(self, folder=ctx.exports_folder(), name=dated(ctx, _("Parcels")), formats=(XLSX,), chosen=write)

    # The frame

    def open_target(self, target: object) -> None:
        """One of the views."""
        if isinstance(target, str):
            self.show_view(target)

    def first_focus(self) -> QWidget | None:
        """The table of the view; on an empty page the button that fills it."""
        place = self._stack.currentIndex()
        return {_LIST: self._table, _TABLE: self._transit}.get(place) or button_of(self._stack)

    def remember(self) -> dict[str, object]:
        """The view."""
        return {"view": self._view}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what `remember` gave."""
        self._view = str(state.get("view", self._view))
