"""Customers: all of them, or a view of them, as a table over any number of rows; several at once by their ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QStackedWidget, QWidget

from shopcrm.act import customer_list, fields, reminders
from shopcrm.act.customer_list import CustomerRow
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import N_, _, n_
from shopcrm.collect import tags
from shopcrm.mine import rfm
from shopcrm.store.columns import Ints
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Listing
from shopcrm.ui.dialogs import customer as customer_form
from shopcrm.ui.kit.buttons import Button, Choices
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import PagedTableModel
from shopcrm.ui.pages.page import Page, PageHead, button_of, page_column
from shopcrm.ui.parts import doubles
from shopcrm.ui.parts.customer_columns import SHORT, customer_columns
from shopcrm.ui.parts.inspector import Inspector
from shopcrm.ui.parts.no_orders import no_orders
from shopcrm.ui.parts.saving import save_customers
from shopcrm.ui.parts.selection_bar import SelectionBar

ALL: Final = "all"
DUE: Final = "due"
LISTING: Final = "listing"  # what another page's number stands for
ALWAYS_SHOWN: Final = "to_win_back"  # the group that is worth a look every day
COPIED_AT_MOST: Final = 5_000


@dataclass(frozen=True)
class _Listed:
    """The answer to "what is in the list": ids in order, and the counts on the chips."""

    ids: Ints
    total: int
    due: int
    listing: int
    groups: dict[str, int]
    tags: tuple[str, ...]


class CustomersPage(Page):
    """The customer table with views, sorting, an inspector and a selection bar."""

    key = "customers"
    title = N_("Customers")
    icon = "users"
    demo_wanted = Signal()

    reads = Changes.CUSTOMERS | Changes.STATISTICS | Changes.TAGS | Changes.REMINDERS | Changes.OPTIONS

    # Making it

    def _build(self) -> None:
        self._view, self._sort, self._descending = ALL, "net_total", True
        self._listing: Listing | None = None
        self._hidden: set[str] = set()
        self._counts: dict[str, int] = {}
        self._refreshing = False
        self.head = PageHead(_(self.title), self)
        self._views = Choices(self, kind="view", name=names.CUSTOMER_VIEWS)
        self._groups = Button(_("Groups"), self, kind="ghost", icon="chevron-down", name=names.CUSTOMER_GROUPS)
        self._columns_button = Button(_("Columns"), self, icon="columns-3", name=names.CUSTOMER_COLUMNS)
        self._import = Button(_("Import"), self, icon="upload", name=names.CUSTOMER_IMPORT)
        self._export = Button(
            _("Export"), self, kind="primary", icon="download", keys="Ctrl+E", name=names.CUSTOMER_EXPORT
        )
        self._new = Button("", self, icon="plus", name=names.CUSTOMER_NEW, label=_("New customer"))
        self._who = Button("", self, icon="user", name=names.WHO_OPEN, label=_("Who is who"))
        for button in (self._who, self._new, self._columns_button, self._import, self._export):
            self.head.buttons.addWidget(button)
        self._all_columns = customer_columns(
            currency=self.ctx.currency, language=self.ctx.language, today=self.ctx.today
        )
        self._model = PagedTableModel(self._all_columns, self, checkable=True)
        self._table = TableView(self._model, self, label=_("Customers"), name=names.CUSTOMER_TABLE)
        self._table.set_sort(self._sort, descending=self._descending)
        self._inspector = Inspector(self.ctx, self)
        self._bar = SelectionBar(self)
        self._lay_out()

    def _lay_out(self) -> None:
        column = page_column(self)
        column.addWidget(self.head)
        views = self.head.marks
        if theme.current().text_percent >= 150:
            # Large text: the views stand on a line of their own.
            views = QHBoxLayout()
            views.setSpacing(8)
            column.addLayout(views)
            views.addWidget(self._views)
            views.addWidget(self._groups)
            views.addStretch(1)
        else:
            views.addWidget(self._views)
            views.addWidget(self._groups)
        card = Card(self, padding=0)
        card.body.setContentsMargins(1, 3, 1, 3)
        card.body.addWidget(self._table)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(card)
        self._stack.addWidget(self._empty_state())
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._stack, 1)
        row.addWidget(self._inspector)
        column.addLayout(row, 1)

    def _empty_state(self) -> QWidget:
        card = Card(self, padding=0, name=names.CUSTOMER_EMPTY)
        empty = no_orders(
            self.ctx,
            card,
            icon="users",
            title=_("Everybody who has bought will stand here"),
            text=_("Give ShopCRM the order file of your marketplace: each buyer becomes one customer."),
            demo_wanted=self.demo_wanted,
        )
        card.body.addWidget(empty)
        return card

    def _wire(self) -> None:
        self._model.wanted.connect(self._fetch)
        self._model.checked_changed.connect(self._checked_changed)
        self._views.chosen.connect(self.show_view)
        self._groups.clicked.connect(self._choose_group)
        self._columns_button.clicked.connect(self._choose_columns)
        self._import.clicked.connect(self._go_import)
        self._who.clicked.connect(lambda: self.ctx.go_to("who"))
        self._new.clicked.connect(lambda: customer_form.ask(self.ctx, self.window()))
        self._export.clicked.connect(self.export)
        self._table.sort_wanted.connect(self._sorted)
        self._table.opened.connect(self.inspect)
        self._table.current_changed.connect(self._follow)
        self._inspector.closed.connect(self._close_inspector)
        self._bar.tag_wanted.connect(self._put_tag)
        self._bar.export_wanted.connect(self.export)
        self._bar.copy_wanted.connect(self.copy_checked)
        self._bar.cleared.connect(self._uncheck)
        self._bar.edit_left.connect(self._table.setFocus)
        for keys, do in (
            (QKeySequence(QKeySequence.StandardKey.SelectAll), self._check_all),
            (QKeySequence("Ctrl+E"), self.export),
            (QKeySequence(QKeySequence.StandardKey.Copy), self.copy_checked),
            (QKeySequence("Ctrl+T"), self._ask_tag),
            (QKeySequence(Qt.Key.Key_Escape), self._escape),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # Reading

    def refresh(self) -> None:
        """Ask for the list and the counts anew; the rows known are shown until fresh ones have come."""
        view, sort, descending, ctx = self._view, self._sort, self._descending, self.ctx
        listing = self._listing

        def question(tx: Any) -> _Listed:
            columns = ctx.shop.columns()
            due = reminders.due_ids(tx, columns)
            group = view if view in words.GROUPS else None
            ids = customer_list.ids(tx, columns, sort=sort, descending=descending, group=group)
            if view == DUE:
                ids = ids[np.isin(ids, due)]
            wanted: Ints = ids[:0] if listing is None else listing.ids(tx, columns)
            if view == LISTING:
                ids = ids[np.isin(ids, wanted)]
            found = rfm.scores(tx, columns)
            return _Listed(
                ids=ids,
                total=len(columns),
                due=len(due),
                listing=len(wanted),
                groups={line.key: line.customers for line in found.groups},
                tags=tuple(tag.name for tag in tags.all_tags(tx)),
            )

        self.ctx.read(self, question, done=self._show, latest="list")
        self.ctx.read(self, lambda tx: doubles.count(ctx.shop, tx), done=self._count_doubles, latest="doubles")

    def _count_doubles(self, count: int | None) -> None:
        self._who.setVisible(count is not None)
        said = n_("{n} may be one", "{n} may be one", count or 0).format(n=f"{count:,}") if count else ""
        self._who.set_text(said)
        self._who.setAccessibleName(said or _("Who is who"))

    def _show(self, found: _Listed) -> None:
        self._counts = {ALL: found.total, DUE: found.due, LISTING: found.listing, **found.groups}
        self._show_views()
        self._model.set_ids(found.ids, keep_rows=True)
        self._model.forget_rows()
        self._bar.set_tags(found.tags)
        self._stack.setCurrentIndex(0 if found.total else 1)
        for button in (self._columns_button, self._export, self._groups):
            button.setVisible(found.total > 0)
        self._views.setVisible(found.total > 0)
        if self._table.current_id is None and len(found.ids):
            self._table.go_to(0)
        self._checked_changed()

    def _show_views(self) -> None:
        keys = [ALL, DUE, ALWAYS_SHOWN]
        if self._view not in (*keys, LISTING):
            keys.append(self._view)
        if self._listing is not None:
            keys.append(LISTING)
        counted = {key: f"{self._counts.get(key, 0):,}" for key in keys}
        named = {key: f"{words.group(key)} {counted[key]}" for key in keys}
        named[ALL], named[DUE] = _("All {n}").format(n=counted[ALL]), _("Due {n}").format(n=counted[DUE])
        if self._listing is not None:
            named[LISTING] = f"{self._listing.title} {counted[LISTING]}"
        self._views.set_choices([(key, named[key]) for key in keys], chosen=self._view)

    def _fetch(self, ids: Ints) -> None:
        ctx = self.ctx

        def question(tx: Any) -> dict[int, CustomerRow]:
            return {row.id: row for row in customer_list.rows(tx, ctx.shop.columns(), ids)}

        self.ctx.read(self, question, done=self._model.put)

    # Views, sorting, columns

    def show_view(self, view: str) -> None:
        """Show all, those due, or one group."""
        known = view in (ALL, DUE) or view in words.GROUPS or (view == LISTING and self._listing is not None)
        self._view = view if known else ALL
        self._model.check([])
        self._table.go_to(-1)
        self.refresh()

    def open_target(self, target: object) -> None:
        """A group's key, `due` or `all`, or a `Listing`."""
        if isinstance(target, Listing):
            self._listing = target
            self.show_view(LISTING)
        elif isinstance(target, str):
            self.show_view(target)

    def _choose_group(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key in words.GROUPS:
            action = menu.addAction(f"{words.group(key)}  {self._counts.get(key, 0):,}")
            action.triggered.connect(lambda _checked=False, key=key: self.show_view(key))
        menu.popup(self._groups.mapToGlobal(self._groups.rect().bottomLeft()))

    def _choose_columns(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in self._all_columns[1:]:
            action = QAction(column.title, menu, checkable=True, checked=column.key not in self._hidden)
            action.toggled.connect(lambda shown, key=column.key: self._show_column(key, shown=shown))
            menu.addAction(action)
        menu.popup(self._columns_button.mapToGlobal(self._columns_button.rect().bottomLeft()))

    def _show_column(self, key: str, *, shown: bool) -> None:
        self._hidden.symmetric_difference_update({key} if shown == (key in self._hidden) else ())
        self._set_columns()

    def _set_columns(self) -> None:
        beside = not self._inspector.isHidden()
        wanted = [
            column
            for column in self._all_columns
            if column.key not in self._hidden and (not beside or column.key in SHORT)
        ]
        if wanted != list(self._model.columns):
            self._model.set_columns(wanted)

    def _sorted(self, key: str, descending: bool) -> None:  # noqa: FBT001  # a slot
        self._sort, self._descending = key, descending
        self.refresh()

    # The card at the right

    def inspect(self, customer: int | None) -> None:
        """Open a customer's card beside the table."""
        if customer is None:
            return
        self._inspector.show_customer(customer)
        self._set_columns()

    def _follow(self, customer: int | None) -> None:
        if customer is not None and not self._inspector.isHidden():
            self._inspector.show_customer(customer)

    def _close_inspector(self) -> None:
        self._inspector.hide()
        self._set_columns()
        self._table.setFocus()

    # Several at once

    def _checked_changed(self) -> None:
        self._bar.show_count(len(self._model.checked_ids()))

    def _check_all(self) -> None:
        self._model.check_all(checked=True)

    def _uncheck(self) -> None:
        self._model.check_all(checked=False)
        self._table.setFocus()

    def _escape(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, LineEdit):
            # The shortcut comes before the field hears of the key.
            focused.escaped.emit()
        elif len(self._model.checked_ids()):
            self._uncheck()
        elif not self._inspector.isHidden():
            self._close_inspector()

    def _chosen(self) -> Ints:
        """What an action on several acts on: the checked ones, else the one the cursor is on."""
        checked = self._model.checked_ids()
        if len(checked) or self._table.current_id is None:
            return checked
        return np.array([self._table.current_id], np.int64)

    def export(self) -> None:
        """Save the checked customers, or the whole list when none is checked."""
        checked = self._model.checked_ids()
        name = _("Customers")
        if self._view == LISTING and self._listing is not None:
            name = self._listing.title
        elif self._view in words.GROUPS:
            name = words.group(self._view)
        save_customers(self.ctx, self, name=name, ids=checked if len(checked) else self._model.ids)

    def copy_checked(self) -> None:
        """Put the checked customers on the clipboard: name, buyer ids and phone, one a line."""
        ids, ctx = self._chosen()[:COPIED_AT_MOST], self.ctx

        def question(tx: Any) -> list[str]:
            found: list[Any] = fields.read(tx, ctx.shop.columns(), ids, keys=("name", "buyer_ids", "phone"))
            return ["\t".join([name or "", " ".join(buyers), phone or ""]) for name, buyers, phone in found]

        def copied(lines: list[str]) -> None:
            said = n_("{n} customer copied", "{n} customers copied", len(lines)).format(n=f"{len(lines):,}")
            self.ctx.copy("\n".join(lines), said=said)

        if len(ids):
            self.ctx.read(self, question, done=copied, latest="copy")

    def _ask_tag(self) -> None:
        if not len(self._model.checked_ids()) and self._table.current_id is not None:
            self._model.check([self._table.current_id])
        if len(self._model.checked_ids()):
            self._bar.ask_tag()

    def _put_tag(self, name: str) -> None:
        ids = self._chosen().tolist()
        said = n_("“{tag}” put on {n} customer", "“{tag}” put on {n} customers", len(ids))
        self.ctx.write_undoable(
            self,
            lambda tx: tags.put(tx, ids, name=name),
            said=said.format(tag=" ".join(name.split()), n=f"{len(ids):,}"),
        )

    def _go_import(self) -> None:
        self.ctx.go_to("data")

    # The frame

    def first_focus(self) -> QWidget | None:
        """The table; on an empty page the button that fills it."""
        return self._table if self._stack.currentIndex() == 0 else button_of(self._stack)

    def remember(self) -> dict[str, object]:
        """View, sorting, hidden columns and the cursor."""
        return {
            "view": self._view,
            "listing": self._listing,
            "sort": self._sort,
            "descending": self._descending,
            "hidden": sorted(self._hidden),
            "current": self._table.current_id,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what `remember` gave."""
        self._view = state.get("view", self._view)
        self._listing = state.get("listing")
        self._sort = state.get("sort", self._sort)
        self._descending = state.get("descending", self._descending)
        self._hidden = set(state.get("hidden", ()))
        self._table.set_sort(self._sort, descending=self._descending)
        self._set_columns()
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._inspector.setFixedWidth(min(theme.current().px(380), self.width() * 11 // 20))
