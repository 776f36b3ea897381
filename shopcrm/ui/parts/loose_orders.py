"""Orders without a buyer: found by a search, and linked by hand to the customer whose they are."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from shopcrm.act import desk
from shopcrm.base import clock
from shopcrm.base.i18n import _, n_
from shopcrm.collect import who_is_who
from shopcrm.collect.who_is_who import Loose
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, EmptyState
from shopcrm.ui.kit.edits import LineEdit, SearchBox
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.kit.text import Text

_OFFERED: Final = 6  # customers
_OFFERED_LARGE: Final = 3  # with large text


class LooseOrders(QWidget):
    """The list at the left, and whom the chosen or checked ones are linked to at the right."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._hits: list[desk.Hit] = []
        self._build()
        self._wire()

    def _build(self) -> None:
        self._search = SearchBox(
            self,
            placeholder=_("Number, recipient, phone, address, goods"),
            label=_("Search the orders without a buyer"),
            height=32,
            clear_label=_("Clear the search"),
            name=names.LOOSE_SEARCH,
        )
        self._model = PagedTableModel(self._columns(), self, checkable=True)
        self._table = TableView(self._model, self, label=_("Orders without a buyer"), name=names.LOOSE_TABLE)
        self._who = LineEdit(
            self, placeholder=_("Name, nick, phone …"), label=_("Link to this customer"), name=names.LOOSE_WHO
        )
        self._side = Card(self, padding=14, gap=8)
        self._said = Text("", self._side, bold=True, wrap=True)
        self._side.body.addWidget(self._said)
        self._side.body.addWidget(self._who)
        hint = _("Only these orders are linked: no account or phone is learnt from it.")
        self._buttons = [
            Button("", self._side, kind="plain", name=f"{names.LOOSE_HIT}_{place}")
            for place in range(_OFFERED if theme.current().text_percent < 150 else _OFFERED_LARGE)
        ]
        for button in self._buttons:
            button.hide()
            self._side.body.addWidget(button)
        self._side.body.addWidget(Text(hint, self._side, tone="third", size=theme.SMALL, wrap=True))
        self._side.body.addStretch(1)
        card = Card(self, padding=0)
        card.body.setContentsMargins(1, 3, 1, 3)
        card.body.addWidget(self._table)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._search)
        left.addWidget(card, 1)
        whole = QWidget(self)
        large = theme.current().text_percent >= 150
        row = QVBoxLayout(whole) if large else QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addWidget(self._side)
        if not large:
            self._side.setFixedWidth(theme.current().px(300))
        self._empty = EmptyState(
            self,
            icon="check",
            title=_("Every order has its buyer"),
            text=_("Orders whose file tells no account, no whole phone and no e-mail stand here to be linked by hand."),
        )
        self._stack = QStackedWidget(self)
        self._stack.addWidget(whole)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _columns(self) -> tuple[Column, ...]:
        money, today = self._ctx.money, self._ctx.today

        def day(row: Loose) -> str:
            return "" if row.day is None else words.day(clock.day_date(row.day), today=today)

        def recipient(row: Loose) -> str:
            return " ".join(part for part in (row.recipient_name, row.recipient_phone) if part)

        return (
            Column("day", _("Day"), day, width=90),
            Column("platform", _("Platform"), lambda row: words.platform(row.platform), width=90, tone="second"),
            Column("number", _("Number"), lambda row: row.number, width=130, stretch=1, bold=True),
            Column("title", _("Goods"), lambda row: words.short_title(row.title or ""), width=120, stretch=3),
            Column("recipient", _("Recipient"), recipient, width=120, stretch=2,
                   tooltip=lambda row: row.address or ""),
            Column("paid", _("Paid"), lambda row: money(row.paid, currency=row.currency), width=100, right=True),
        )  # fmt: skip

    def _wire(self) -> None:
        self._search.query_changed.connect(lambda _text: self.refresh())
        self._search.moved.connect(self._table.move_by)
        self._search.submitted.connect(lambda _text: self._who.setFocus())
        self._search.escaped.connect(self._search.clear)
        self._model.checked_changed.connect(self._say)
        self._table.current_changed.connect(lambda _id: self._say())
        self._table.opened.connect(lambda _id: self._who.setFocus(Qt.FocusReason.TabFocusReason))
        self._who.query_changed.connect(self._find)
        self._who.submitted.connect(lambda _text: self._link(0))
        self._who.escaped.connect(self._table.setFocus)
        for place, button in enumerate(self._buttons):
            button.clicked.connect(lambda _checked=False, place=place: self._link(place))

    def refresh(self) -> None:
        """Ask for the list anew."""
        text = self._search.query()
        self._ctx.read(
            self,
            lambda tx: (who_is_who.loose_count(tx), who_is_who.loose_orders(tx, text)),
            done=self._show,
            latest="list",
        )

    def _show(self, found: tuple[int, list[Loose]]) -> None:
        count, rows = found
        self._stack.setCurrentIndex(0 if count else 1)
        self._model.set_ids(np.array([row.id for row in rows], np.int64), keep_rows=False)
        self._model.put({row.id: row for row in rows})
        if rows and self._table.current_id is None:
            self._table.go_to(0)
        self._say()

    def _chosen(self) -> list[int]:
        checked: list[int] = self._model.checked_ids().tolist()
        current = self._table.current_id
        return checked or ([] if current is None else [current])

    def _say(self) -> None:
        count = len(self._chosen())
        said = n_("Whose is this order? Link {n} order to …", "Whose are these? Link {n} orders to …", count)
        self._said.setText(said.format(n=f"{count:,}") if count else _("Choose an order."))
        self._who.setEnabled(count > 0)

    def _find(self, text: str) -> None:
        if not text.strip():
            self._offer([])
            return
        shop = self._ctx.shop
        self._ctx.read(
            self,
            lambda tx: desk.find(tx, text, limit=_OFFERED, columns=shop.columns_at_hand()),
            done=self._offer,
            latest="who",
        )

    def _offer(self, hits: list[desk.Hit]) -> None:
        self._hits = hits[: len(self._buttons)] if self._who.query().strip() else []
        for button, hit in zip(self._buttons, [*self._hits, *[None] * _OFFERED], strict=False):
            button.setVisible(hit is not None)
            if hit is not None:
                told = _("{name} ({value})").format(name=hit.name, value=hit.buyer or hit.phone_tail or hit.value)
                button.set_text(told if len(told) <= 26 else f"{told[:25]}…")
                button.setToolTip("")
                button.setAccessibleName(_("Link to {name}").format(name=told))

    def _link(self, place: int) -> None:
        orders = self._chosen()
        if place >= len(self._hits) or not orders:
            return
        hit = self._hits[place]
        said = n_("{n} order linked to {name}", "{n} orders linked to {name}", len(orders))
        self._ctx.write_undoable(
            self,
            lambda tx: who_is_who.link_orders(tx, orders, customer=hit.id),
            said=said.format(n=f"{len(orders):,}", name=hit.name),
            done=self._linked,
        )

    def _linked(self, _change_set: int) -> None:
        self._who.clear()
        self._model.check([])
        self._table.setFocus()

    def first_focus(self) -> QWidget:
        """Where the keyboard begins."""
        return self._table if self._stack.currentIndex() == 0 else self
