"""Purchases that a figure stands for: what they add up to, and each of them with its customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act.workbook import Sheet, Unit
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import _, n_
from shopcrm.measure import insights
from shopcrm.measure.insights import PurchaseRow, Purchases
from shopcrm.store.columns import Columns, Ints
from shopcrm.store.tx import Tx
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context, Listing
from shopcrm.ui.kit.buttons import Button, Choices
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts import insight_words as say
from shopcrm.ui.parts.figure_table import save_figures

_READS: Final = Changes.STATISTICS | Changes.CUSTOMERS
_BLOCK: Final = 2_000  # rows read at once while they are saved

Ask = Callable[[Tx, Columns], Purchases]


@dataclass(frozen=True)
class PurchaseView:
    """One list: its key, what it is called, and how it is asked."""

    key: str
    title: str
    ask: Ask


class PurchaseList(QDialog):
    """One or several lists of purchases, asked anew when the shop changes."""

    def __init__(
        self, ctx: Context, title: str, views: Sequence[PurchaseView], parent: QWidget, *, chosen: str = ""
    ) -> None:
        super().__init__(parent)
        self._ctx, self._title = ctx, title
        self._views = {view.key: view for view in views}
        self._key = chosen or views[0].key
        self._found: dict[str, Purchases] = {}
        self.setObjectName(names.PURCHASES)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._choices = Choices(self, kind="view", name=names.PURCHASE_VIEW)
        self._choices.setVisible(len(views) > 1)
        self._sums = Text("", self, tone="second", wrap=True, name="purchase_sums")
        self._model = PagedTableModel(self._columns(), self)
        self._table = TableView(self._model, self, label=title, name=names.PURCHASE_TABLE)
        self._who = Button(_("Their customers"), self, icon="users", size="medium", name=names.PURCHASE_CUSTOMERS)
        self._save = Button(_("Save as Excel"), self, icon="download", size="medium", name=names.PURCHASE_SAVE)
        self._close = Button(_("Close"), self, size="medium", name=names.PURCHASE_CLOSE)
        self._build(parent)
        self._wire()
        self.refresh()

    def _build(self, parent: QWidget) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._who)
        buttons.addWidget(self._save)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(Text(self._title, self, size=theme.LEAD, bold=True, wrap=True))
        choices = QHBoxLayout()
        choices.addWidget(self._choices)
        choices.addStretch(1)
        column.addLayout(choices)
        column.addWidget(self._sums)
        column.addWidget(self._table, 1)
        column.addLayout(buttons)
        look, room = theme.current(), parent.window().size()
        self.resize(min(look.px(640), room.width() - 60), min(look.px(560), room.height() - 60))
        self._table.setFocus()

    def _columns(self) -> tuple[Column, ...]:
        today, money = self._ctx.today, self._ctx.money

        def day(row: PurchaseRow) -> str:
            return words.day(row.day, today=today)

        return (
            Column("day", _("Day"), day, width=110, stretch=1, tooltip=lambda row: row.day.isoformat()),
            Column("name", _("Customer"), lambda row: row.name, width=170, stretch=3, bold=True),
            Column("number", _("Which one"), lambda row: nth_purchase(row.number), width=120, stretch=1),
            Column("orders", _("Orders"), lambda row: f"{row.orders:,}", width=70, right=True),
            Column("net", _("Amount"), lambda row: money(row.net), width=110, stretch=1, right=True),
        )

    def _wire(self) -> None:
        self._model.wanted.connect(self._fetch)
        self._table.opened.connect(self._open)
        self._choices.chosen.connect(self._choose)
        self._who.clicked.connect(self._list_customers)
        self._save.clicked.connect(self._save_list)
        self._close.clicked.connect(self.reject)
        self._ctx.hub.changed.connect(self._changed)

    def _changed(self, changes: Changes) -> None:
        if changes & _READS:
            self.refresh()

    def refresh(self) -> None:
        """Ask for all lists anew."""
        shop, views = self._ctx.shop, self._views

        def question(tx: Any) -> dict[str, Purchases]:
            columns = shop.columns()
            return {key: view.ask(tx, columns) for key, view in views.items()}

        self._ctx.read(self, question, done=self._show, latest="purchases")

    def _show(self, found: dict[str, Purchases]) -> None:
        self._found = found
        self._choices.set_choices(
            [(key, f"{self._views[key].title} {one.sums.purchases:,}") for key, one in found.items()], chosen=self._key
        )
        self._choose(self._key)

    def _choose(self, key: str) -> None:
        self._key = key
        if key not in self._found:
            return
        found = self._found[key]
        self._sums.setText(self._said(found))
        self._model.set_ids(found.ids, keep_rows=True)
        self._model.forget_rows()
        if self._table.current_id is None and len(found.ids):
            self._table.go_to(0)
        for button in (self._who, self._save):
            button.setEnabled(len(found.ids) > 0)

    def _said(self, found: Purchases) -> str:
        sums = found.sums
        parts = [
            say.purchases(sums.purchases),
            n_("by {n} customer", "by {n} customers", len(found.customers)).format(n=f"{len(found.customers):,}"),
            _("{amount} in total").format(amount=self._ctx.money(sums.net)),
        ]
        if sums.average is not None:
            parts.append(_("{amount} an order").format(amount=self._ctx.money(sums.average)))
        return " · ".join(parts)

    def _fetch(self, ids: Ints) -> None:
        shop = self._ctx.shop
        self._ctx.read(self, lambda tx: insights.purchase_rows(tx, shop.columns(), ids), done=self._model.put)

    # Doing

    def _open(self, identifier: int | None) -> None:
        row = None if identifier is None else self._model.row(self._model.place_of(identifier))
        if row is not None:
            self.accept()
            self._ctx.open_customer(row.customer)

    def _list_customers(self) -> None:
        ask = self._views[self._key].ask
        title = self._title if len(self._views) == 1 else f"{self._title}: {self._views[self._key].title}"
        self.accept()
        self._ctx.go_to("customers", Listing(title, lambda tx, columns: ask(tx, columns).customers))

    def _save_list(self) -> None:
        shop, ask, said = self._ctx.shop, self._views[self._key].ask, self._said

        def sheets(tx: Any) -> list[Sheet]:
            columns = shop.columns()
            found = ask(tx, columns)
            rows: dict[int, PurchaseRow] = {}
            for begin in range(0, len(found.ids), _BLOCK):
                rows |= insights.purchase_rows(tx, columns, found.ids[begin : begin + _BLOCK])
            heads = (
                (_("Day"), Unit.TEXT),
                (_("Customer"), Unit.TEXT),
                (_("Which one"), Unit.COUNT),
                (_("Orders"), Unit.COUNT),
                (_("Amount"), Unit.MONEY),
            )
            listed = [rows[one] for one in np.asarray(found.ids).tolist() if one in rows]
            return [
                Sheet(
                    self._title,
                    said(found),
                    heads,
                    tuple((one.day.isoformat(), one.name, one.number, one.orders, one.net) for one in listed),
                )
            ]

        save_figures(self._ctx, self, name=self._title, sheets=sheets, said=_("List saved to {file}"))


def nth_purchase(number: int) -> str:
    """Which purchase of a customer it was."""
    if number == 1:
        return _("first purchase")
    return _("purchase no. {n}").format(n=f"{number:,}")
