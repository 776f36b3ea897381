"""The customer table: rows fetched as they are looked at, columns as somebody arranged them."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from shopcrm.act import customer_list
from shopcrm.act.customer_list import CustomerRow
from shopcrm.act.list_views import USUAL_COLUMNS, ColumnWidth
from shopcrm.base.i18n import _
from shopcrm.store.columns import Ints
from shopcrm.ui import names
from shopcrm.ui.context import Context
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import PagedTableModel
from shopcrm.ui.parts.column_dialog import ColumnDialog
from shopcrm.ui.parts.customer_columns import SHORT, CustomerColumns, keys_read

REMEMBERED: Final = "customer_columns"  # on this PC


class CustomerTable(TableView):
    """Shows the ids it is given; `rearranged` tells the columns that somebody chose, moved or drew wider."""

    rearranged = Signal(object)  # tuple[ColumnWidth, …]

    def __init__(self, ctx: Context, parent: QWidget) -> None:
        self.columns = CustomerColumns(ctx.currency, ctx.language, ctx.today)
        self._ctx = ctx
        self._shown: tuple[ColumnWidth, ...] = ()
        self._read: tuple[str, ...] = ()  # the fields that the rows hold
        self._brief = False
        model = PagedTableModel((), parent, checkable=True)
        super().__init__(model, parent, label=_("Customers"), name=names.CUSTOMER_TABLE, arranged=True)
        model.wanted.connect(self._fetch)
        self.width_drawn.connect(self._draw)
        self.columns_moved.connect(self._order)

    # What is shown

    @property
    def shown(self) -> tuple[ColumnWidth, ...]:
        """The columns in their order, also those that stand back while a card is open beside them."""
        return self._shown

    def show_columns(self, shown: tuple[ColumnWidth, ...]) -> None:
        """Show these, as far as the shop has them."""
        self._shown = shown
        known = tuple(one for one in shown if one.key in self.columns.fields)
        read = keys_read(known)
        if not set(read) <= set(self._read):
            self.paged.set_ids(self.paged.ids)  # the rows at hand lack a field
            self._read = read
        if self._brief:
            known = tuple(one for one in known if one.key in SHORT) or known[: len(SHORT)]
        made = self.columns.make(known)
        before = [(one.key, one.width, one.title) for one in self.paged.columns]
        if [(one.key, one.width, one.title) for one in made] != before:
            self.paged.set_columns(made)

    def set_brief(self, *, brief: bool) -> None:
        """Only the columns there is room for beside a card, or all."""
        self._brief = brief
        self.show_columns(self._shown)

    def _fetch(self, ids: Ints) -> None:
        ctx, keys = self._ctx, self._read

        def question(tx: Any) -> dict[int, CustomerRow]:
            return {row.id: row for row in customer_list.rows(tx, ctx.shop.columns(), ids, keys=keys)}

        def found(rows: dict[int, CustomerRow]) -> None:
            if keys == self._read:  # else they lack what is shown by now, and others are asked for
                self.paged.put(rows)

        ctx.read(self, question, done=found)

    # Arranged

    def choose(self) -> None:
        """Ask which columns are shown."""
        ColumnDialog(self.window(), columns=self.columns, shown=self._shown, changed=self._arrange).open()

    def _arrange(self, shown: tuple[ColumnWidth, ...]) -> None:
        self.show_columns(shown)
        self.rearranged.emit(shown)

    def _order(self, keys: tuple[str, ...]) -> None:
        by_key = {one.key: one for one in self._shown}
        moved = [by_key[key] for key in keys if key in by_key]
        self._arrange((*moved, *(one for key, one in by_key.items() if key not in keys)))

    def _draw(self, key: str, width: int) -> None:
        self._shown = tuple(ColumnWidth(one.key, width if one.key == key else one.width) for one in self._shown)
        # The header has drawn it already: nothing is made anew under the hand.
        drawn = {one.key: one for one in self.columns.make(self._shown)}
        self.paged.columns = tuple(drawn.get(column.key, column) for column in self.paged.columns)
        self.rearranged.emit(self._shown)

    # Remembered on this PC

    def remembered(self) -> tuple[ColumnWidth, ...]:
        """The columns as they were left, else the usual ones."""
        try:
            kept = msgspec.json.decode(self._ctx.seat.text(REMEMBERED) or "[]", type=tuple[ColumnWidth, ...])
        except msgspec.MsgspecError:
            kept = ()
        return kept or tuple(ColumnWidth(key) for key in USUAL_COLUMNS)

    def remember(self) -> None:
        """Leave the columns as they are."""
        self._ctx.seat.put(REMEMBERED, msgspec.json.encode(self._shown).decode())
