"""Customers: all of them, or a view of them, as a table over any number of rows; several at once by their ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QWidget

from shopcrm.act import customer_list, filters, list_views
from shopcrm.act.customer_list import Order
from shopcrm.act.fields import Field
from shopcrm.act.filters import Condition
from shopcrm.act.list_views import PAGE, ColumnWidth, ListView, Read
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import N_, _, n_
from shopcrm.collect import saved_views, tags
from shopcrm.collect.saved_views import SavedView
from shopcrm.mine import rfm
from shopcrm.store.columns import Ints
from shopcrm.ui import names, theme
from shopcrm.ui.context import Listing
from shopcrm.ui.dialogs import customer as customer_form
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, EmptyState
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.pages.page import Page, PageHead, button_of, page_column
from shopcrm.ui.parts import doubles
from shopcrm.ui.parts.customer_columns import copied_keys
from shopcrm.ui.parts.customer_deeds import CustomerDeeds
from shopcrm.ui.parts.customer_table import CustomerTable
from shopcrm.ui.parts.customer_views import ALL, DUE, LISTING, CustomerViews
from shopcrm.ui.parts.filter_bar import FilterBar
from shopcrm.ui.parts.filter_dialog import FilterDialog
from shopcrm.ui.parts.inspector import Inspector
from shopcrm.ui.parts.no_orders import no_orders
from shopcrm.ui.parts.selection_bar import SelectionBar

TABLE, NOBODY, EMPTY = range(3)  # of the stack


@dataclass(frozen=True)
class _Listed:
    """The answer to "what is in the list": ids in order, what is known of the shop, and the counts on the chips."""

    ids: Ints
    total: int
    counts: dict[str, int]
    fields: dict[str, Field]
    saved: list[tuple[SavedView, Read]]
    tags: list[tags.Tag]


class CustomersPage(Page):
    """The customer table with views, filters, sorting, an inspector and a selection bar."""

    key = "customers"
    title = N_("Customers")
    icon = "users"
    demo_wanted = Signal()

    reads = (
        Changes.CUSTOMERS | Changes.STATISTICS | Changes.TAGS | Changes.REMINDERS | Changes.OPTIONS | Changes.VIEWS
        | Changes.ATTRIBUTES | Changes.NOTES | Changes.CONSENTS
    )  # fmt: skip

    # Making it

    def _build(self) -> None:
        self._asked = ListView()
        self._told_gone: set[str] = set()
        self.head = PageHead(_(self.title), self)
        self._views = CustomerViews(self.ctx, self)
        self._views.now = self._now
        self._columns_button = Button(_("Columns"), self, icon="columns-3", name=names.CUSTOMER_COLUMNS)
        self._import = Button(_("Import"), self, icon="upload", name=names.CUSTOMER_IMPORT)
        self._export = Button(_("Export"), self, icon="download", keys="Ctrl+E", name=names.CUSTOMER_EXPORT)
        large = theme.current().text_percent >= 150
        words, kind = ("", "plain") if large else (_("New customer"), "ghost")
        self._new = Button(
            words, self, kind="primary", icon="plus", name=names.CUSTOMER_NEW, label=_("New customer")
        )  # fmt: skip
        self._who = Button("", self, kind=kind, icon="user", name=names.WHO_OPEN, label=_("Who is who"))
        words = "" if large else _("Tags")
        self._tags = Button(words, self, kind=kind, icon="tags", name=f"{names.TAGS}_open", label=_("Tags"))
        self._filters = FilterBar(self)
        # The line of the filters has more room than the head, until the text is large.
        beside = self.head.buttons if large else self._filters.beside
        for button in (self._who, self._tags):
            beside.addWidget(button)
        for button in (self._columns_button, self._import, self._export, self._new):
            self.head.buttons.addWidget(button)
        self._table = CustomerTable(self.ctx, self)
        self._model, self._columns, self._usual = self._table.paged, self._table.columns, self._table.remembered()
        self._inspector = Inspector(self.ctx, self)
        self._bar = SelectionBar(self)
        self._deeds = CustomerDeeds(self.ctx, self, ids=self._chosen, columns=self._columns)
        self._lay_out()

    def _lay_out(self) -> None:
        column = page_column(self)
        column.addWidget(self.head)
        views = self.head.marks
        if theme.current().text_percent >= 130:
            # Larger text: the views stand on a line of their own.
            views = QHBoxLayout()
            views.setSpacing(8)
            column.addLayout(views)
        views.addWidget(self._views.chips)
        views.addWidget(self._views.more)
        if views is not self.head.marks:
            views.addStretch(1)
        column.addWidget(self._filters)
        card = Card(self, padding=0)
        card.body.setContentsMargins(1, 3, 1, 3)
        card.body.addWidget(self._table)
        self._stack = QStackedWidget(self)
        for widget in (card, self._nobody(), self._empty_state()):
            self._stack.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._stack, 1)
        row.addWidget(self._inspector)
        column.addLayout(row, 1)

    def _nobody(self) -> QWidget:
        card = Card(self, padding=0, name=names.CUSTOMER_NOBODY)
        self._show_all = Button(_("Show all customers"), card, size="medium", name=f"{names.CUSTOMER_NOBODY}_all")
        empty = EmptyState(
            card,
            icon="funnel",
            title=_("Nobody is like that"),
            text=_("Take a filter away, or look for something shorter."),
            action=self._show_all,
        )
        card.body.addWidget(empty)
        return card

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
        self._model.checked_changed.connect(self._checked_changed)
        self._views.chosen.connect(self.show_view)
        self._show_all.clicked.connect(self._clear)
        self._columns_button.clicked.connect(self._table.choose)
        self._import.clicked.connect(lambda: self.ctx.go_to("data"))
        self._who.clicked.connect(lambda: self.ctx.go_to("who"))
        self._tags.clicked.connect(lambda: self.ctx.go_to("tags"))
        self._new.clicked.connect(lambda: customer_form.ask(self.ctx, self.window()))
        self._export.clicked.connect(self.export)
        self._table.levels_wanted.connect(self._sorted)
        self._table.opened.connect(self.inspect)
        self._table.current_changed.connect(self._follow)
        self._table.typed.connect(self._filters.begin)
        self._table.rearranged.connect(self._rearranged)
        self._inspector.closed.connect(self._close_inspector)
        self._wire_filters()
        self._wire_bar()
        self._wire_keys()

    def _wire_filters(self) -> None:
        self._filters.text_changed.connect(lambda _text: self.refresh())
        self._filters.moved.connect(self._table.move_by)
        self._filters.left.connect(self._to_list)
        self._filters.add_wanted.connect(lambda: self._ask_filter(None))
        self._filters.edit_wanted.connect(self._ask_filter)
        self._filters.removed.connect(lambda place: self._set_condition(place, None))
        self._filters.save_wanted.connect(self._views.ask_save)

    def _wire_bar(self) -> None:
        self._bar.tag_wanted.connect(self._deeds.put_tag)
        self._bar.untag_wanted.connect(self._deeds.take_tag)
        self._bar.worn_wanted.connect(self._deeds.look_at_worn)
        self._deeds.worn.connect(self._bar.set_worn)
        self._bar.edit_wanted.connect(self._deeds.ask_field)
        self._bar.export_wanted.connect(self.export)
        self._bar.sms_wanted.connect(self.write_sms)
        self._bar.copy_wanted.connect(self.copy_chosen)
        self._bar.cleared.connect(self._uncheck)
        self._bar.edit_left.connect(self._table.setFocus)

    def _wire_keys(self) -> None:
        pressed: list[tuple[QKeySequence | QKeySequence.StandardKey | str, Callable[[], object]]] = [
            (QKeySequence.StandardKey.SelectAll, lambda: self._model.check_all(checked=True)),
            ("Ctrl+Shift+A", self._uncheck),
            ("Ctrl+I", self._model.invert),
            ("Ctrl+E", self.export),
            ("Ctrl+Shift+E", self.write_sms),
            (QKeySequence.StandardKey.Copy, self.copy_chosen),
            ("Ctrl+T", lambda: self._ask_bar(self._bar.ask_tag)),
            ("Ctrl+Shift+T", lambda: self._ask_bar(self._bar.ask_untag)),
            ("Ctrl+D", self._deeds.ask_field),
            ("Ctrl+F", self._filters.box.select),
            ("Ctrl+Shift+F", lambda: self._ask_filter(None)),
            ("Ctrl+Shift+K", self._table.choose),
            ("Ctrl+S", self._views.ask_save),
            ("Alt+0", self._views.open_menu),
            (QKeySequence(Qt.Key.Key_Escape), self._escape),
        ]
        pressed += [(f"Alt+{n + 1}", partial(self._views.choose_nth, n)) for n in range(9)]
        for keys, do in pressed:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # Reading

    def refresh(self) -> None:
        """Ask for the list and the counts anew; the rows known are shown until fresh ones have come."""
        asked, text, ctx, listing = self._asked, self._filters.text(), self.ctx, self._views.listing
        in_listing = self._views.key == LISTING

        def question(tx: Any) -> _Listed:
            columns, those = ctx.shop.columns(), filters.fields_of(tx)
            conditions = [one for one in asked.conditions if filters.known(one, those)]
            order = [level for level in asked.order if level.key in those]
            ids = customer_list.ids(tx, columns, order=order, conditions=conditions, text=text)
            counts = {line.key: line.customers for line in rfm.scores(tx, columns).groups}
            counts |= {ALL: len(columns), DUE: int(filters.mask(tx, columns, *_due()).sum())}
            if listing is not None:
                wanted = listing.ids(tx, columns)
                counts[LISTING] = len(wanted)
                ids = ids[np.isin(ids, wanted)] if in_listing else ids
            saved = saved_views.listed(tx, page=PAGE)
            read = [(one, list_views.read(one.view, those)) for one in saved]
            return _Listed(ids, len(columns), counts, those, read, tags.all_tags(tx))

        self.ctx.read(self, question, done=self._show, latest="list")
        self.ctx.read(self, lambda tx: doubles.count(ctx.shop, tx), done=self._count_doubles, latest="doubles")

    def _count_doubles(self, count: int | None) -> None:
        self._who.setVisible(count is not None)
        said = n_("{n} may be one", "{n} may be one", count or 0).format(n=f"{count:,}") if count else ""
        self._who.set_text(said)
        self._who.setAccessibleName(said or _("Who is who"))

    def _show(self, found: _Listed) -> None:
        self._columns.fields = found.fields
        self._columns.colours = {tag.name: tag.colour for tag in found.tags if tag.colour}
        self._views.know(found.saved)
        self._views.count(found.counts)
        self._bar.set_tags([tag.name for tag in found.tags])
        self._table.show_columns(self._asked.columns or self._usual)
        self._table.set_levels(tuple((level.key, level.descending) for level in self._asked.order))
        self._model.set_ids(found.ids, keep_rows=True)
        self._model.forget_rows()
        narrowed = bool(self._asked.conditions or self._filters.text())
        self._show_state(len(found.ids), self._base(found), total=found.total, narrowed=narrowed)
        if self._table.current_id is None and len(found.ids):
            self._table.go_to(0)
        self._checked_changed()
        self._count_views()

    def _base(self, found: _Listed) -> int:
        return found.counts.get(LISTING, found.total) if self._views.key == LISTING else found.total

    def _show_state(self, listed: int, base: int, *, total: int, narrowed: bool) -> None:
        self._filters.show_conditions(self._asked.conditions, self._columns)
        changed = replace(self._views.current.view, columns=()) != replace(self._asked, columns=())
        self._filters.show_state(listed=listed, total=base, changed=changed and total > 0)
        self._stack.setCurrentIndex(TABLE if listed or not (total and narrowed) else NOBODY)
        if not total:
            self._stack.setCurrentIndex(EMPTY)
        for widget in (self._columns_button, self._export, self._views.more, self._views.chips, self._filters):
            widget.setVisible(total > 0)

    def _count_views(self) -> None:
        """The counts of the views that are chips or in the menu; they may take longer than the list."""
        ctx, views = self.ctx, [(one.key, one.view.conditions) for one in self._views.all()]

        def question(tx: Any) -> dict[str, int]:
            columns, counts = ctx.shop.columns(), {}
            for key, conditions in views:
                keep = filters.all_of(tx, columns, conditions)
                counts[key] = len(columns) if keep is None else int(keep.sum())
            return counts

        ctx.read(self, question, done=self._views.count, latest="counts")

    # Views, filters, sorting

    def show_view(self, view: str) -> None:
        """Show a view by its key: all, those due, a group, a saved one, or what another page wants listed."""
        found = self._views.view(view)
        self._views.key = view if found is not None else ALL
        current = self._views.current
        self._asked = replace(current.view, columns=current.view.columns or self._usual)
        self._filters.set_text("")
        self._model.check([])
        self._table.go_to(-1)
        self._tell_gone(view, current.name, current.gone)
        self.refresh()

    def _tell_gone(self, view: str, name: str, gone: tuple[str, ...]) -> None:
        if gone and view not in self._told_gone:
            self._told_gone.add(view)
            said = _("“{view}” asks for what this shop no longer keeps ({fields}); the rest is shown.")
            self.ctx.messages.toast(said.format(view=name, fields=_(", ").join(filter(None, gone)) or "…"), icon="info")

    def open_target(self, target: object) -> None:
        """A view's key, or a `Listing`."""
        if isinstance(target, Listing):
            self._views.listing = target
            self.show_view(LISTING)
        elif isinstance(target, str):
            self.show_view(target)

    def _now(self) -> ListView:
        """What is asked and shown, as a view."""
        return replace(self._asked, columns=self._table.shown)

    def _clear(self) -> None:
        self.show_view(ALL)
        self._table.setFocus()

    def _ask_filter(self, place: int | None) -> None:
        conditions = self._asked.conditions
        given = conditions[place] if place is not None and place < len(conditions) else None
        at = len(conditions) if given is None or place is None else place
        FilterDialog(
            self.ctx, self.window(), fields=self._columns.fields, given=given,
            chosen=lambda condition: self._set_condition(at, condition),
        ).open()  # fmt: skip

    def _set_condition(self, place: int, condition: Condition | None) -> None:
        """Put a condition at a place, or take the one there away."""
        before = self._asked.conditions
        added = () if condition is None else (condition,)
        self._asked = replace(self._asked, conditions=(*before[:place], *added, *before[place + 1 :]))
        self.refresh()

    def _sorted(self, levels: tuple[tuple[str, bool], ...]) -> None:
        self._asked = replace(self._asked, order=tuple(Order(key, descending) for key, descending in levels))
        self.refresh()

    def _rearranged(self, columns: tuple[ColumnWidth, ...]) -> None:
        """Columns were chosen, moved or drawn wider: of a saved view only in it, else on this PC."""
        if not self._views.current.view.columns:
            self._usual = columns
            self._table.remember()
        self._asked = replace(self._asked, columns=columns)

    # The card at the right

    def inspect(self, customer: int | None) -> None:
        """Open a customer's card beside the table."""
        if customer is None:
            return
        self._inspector.show_customer(customer)
        self._table.set_brief(brief=True)

    def _follow(self, customer: int | None) -> None:
        if customer is not None and not self._inspector.isHidden():
            self._inspector.show_customer(customer)

    def _close_inspector(self) -> None:
        self._inspector.hide()
        self._table.set_brief(brief=False)
        self._table.setFocus()

    # Several at once

    def _checked_changed(self) -> None:
        self._bar.show_count(len(self._model.checked_ids()))

    def _uncheck(self) -> None:
        self._model.check_all(checked=False)
        self._table.setFocus()

    def _to_list(self) -> None:
        if self._stack.currentIndex() == TABLE:
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
        elif self._filters.text():
            self._filters.box.clear()
            self._table.setFocus()

    def _chosen(self) -> Ints:
        """What an action on several acts on: the checked ones, else the one the cursor is on."""
        checked = self._model.checked_ids()
        if len(checked) or self._table.current_id is None:
            return checked
        return np.array([self._table.current_id], np.int64)

    def _ask_bar(self, ask: Callable[[], None]) -> None:
        if not len(self._model.checked_ids()) and self._table.current_id is not None:
            self._model.check([self._table.current_id])
        if len(self._model.checked_ids()):
            ask()

    def _listed(self) -> tuple[str, Ints]:
        """The checked customers, or the whole list when none is checked, and what it is called."""
        checked, key = self._model.checked_ids(), self._views.key
        name = _("Customers") if key == ALL else self._views.current.name
        return name, checked if len(checked) else self._model.ids

    def export(self) -> None:
        """Save the list as a file."""
        name, ids = self._listed()
        self._deeds.export(name=name, ids=ids, keys=copied_keys(self._table.shown))

    def write_sms(self) -> None:
        """Save an SMS for each of the list."""
        name, ids = self._listed()
        self._deeds.write_sms(name=name, ids=ids)

    def copy_chosen(self) -> None:
        """Put the chosen customers on the clipboard, with headings and the columns that are shown."""
        self._deeds.copy(copied_keys(self._table.shown))

    # The frame

    def first_focus(self) -> QWidget | None:
        """The table; on an empty page the button that fills it."""
        return self._table if self._stack.currentIndex() == TABLE else button_of(self._stack)

    def remember(self) -> dict[str, object]:
        """View, filters, order, columns, what is typed and the cursor."""
        return {
            **self._views.remember(),
            "asked": self._asked,
            "text": self._filters.text(),
            "current": self._table.current_id,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what `remember` gave."""
        self._views.key = state.get("view", self._views.key)
        self._views.listing = state.get("listing")
        self._asked = state.get("asked", self._asked)
        self._filters.set_text(state.get("text", ""))
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._inspector.setFixedWidth(min(theme.current().px(380), self.width() * 11 // 20))


def _due() -> tuple[Condition, ...]:
    """Who stands on today's list."""
    return next(one.view.conditions for one in list_views.READY if one.key == DUE)
