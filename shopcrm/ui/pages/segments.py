"""Segments: the eight groups as a grid, the rule that makes them in words, and the customers of the chosen one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCursor, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from shopcrm.act import customer_list, fields
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import N_, _, n_, p_
from shopcrm.mine import movement, rfm
from shopcrm.mine.movement import Movement
from shopcrm.store.columns import Ints
from shopcrm.ui import names, theme, words
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, ScrollArea
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.kit.text import Text
from shopcrm.ui.pages.page import Page, PageHead, button_of, page_column
from shopcrm.ui.parts.customer_columns import NOTHING
from shopcrm.ui.parts.group_detail import GroupDetail
from shopcrm.ui.parts.group_grid import GroupGrid, compact_money
from shopcrm.ui.parts.inspector import Inspector
from shopcrm.ui.parts.no_orders import no_orders
from shopcrm.ui.parts.rule_editor import RuleEditor, RuleInUse, rule_in_use
from shopcrm.ui.parts.rule_words import Counted, counted, rule_sentences
from shopcrm.ui.parts.saving import save_customers
from shopcrm.ui.parts.sms_dialog import SmsDialog

EDIT_RULE: Final = "rule"  # as a target: open the editor
BESIDE: Final = ("name", "why")  # the columns that stay beside an open card
ROWS_SEEN: Final = 2  # at least so many rows of the table; one more with large text, where the page scrolls anyway
_KEYS = ("name", "frequency", "monetary", "city", "occasions", "net_total", "days_since", "cycle_days")


@dataclass(frozen=True)
class _Groups:
    counted: Counted
    movement: Movement
    without: int  # customers without a valid order


@dataclass(frozen=True)
class _Member:
    """One customer of a group, with the figures that put her there."""

    scores: dict[str, int]  # of "r", "f", "m" where the rule is by scores; 0: has not the figure
    name: str
    frequency: int
    monetary: int
    city: str | None
    occasions: int
    net_total: int
    days_since: int | None
    cycle_days: float | None


class SegmentsPage(Page):
    """Choosing a card shows its customers below; Enter there opens one."""

    key = "segments"
    title = N_("Segments")
    icon = "layout-grid"
    demo_wanted = Signal()

    reads = Changes.CUSTOMERS | Changes.STATISTICS | Changes.OPTIONS

    # Making it

    def _build(self) -> None:
        self._group = ""
        self._found: _Groups | None = None
        self._editor: RuleEditor | None = None
        self.head = PageHead(_(self.title), self)
        self._edit = Button(_("Change the rule"), self, icon="sliders-horizontal", name=names.SEGMENT_EDIT)
        self._grid = GroupGrid(self.ctx, self)
        self._detail = GroupDetail(self.ctx, self)
        self._all_columns = self._columns()
        self._model = PagedTableModel(self._all_columns, self)
        self._table = TableView(self._model, self, label=_("Customers of the group"), name=names.SEGMENT_TABLE)
        self._inspector = Inspector(self.ctx, self)
        self._lay_out()

    def _lay_out(self) -> None:
        column = page_column(self)
        column.addWidget(self.head)
        self._rule = FlowLayout(gap=20, line_gap=2)
        rule = QWidget(self)
        rule.setObjectName(names.SEGMENT_RULE)
        rule.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        rule.setLayout(self._rule)
        self.head.state.hide()
        self.head.buttons.addWidget(self._edit)
        look = theme.current()
        if look.text_percent < 130:
            self.head.marks.addWidget(rule, 1, Qt.AlignmentFlag.AlignVCenter)
        else:
            self.head.marks.addStretch(1)
            column.addWidget(rule)
        area = ScrollArea(self)
        area.body.addWidget(self._grid)
        area.body.addWidget(self._detail)
        card = Card(self, padding=0)
        card.body.setContentsMargins(1, 3, 1, 3)
        card.body.addWidget(self._table)
        # It takes what is left of the window and asks for no height of its own beyond these rows.
        self._table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        rows = ROWS_SEEN + (look.text_percent >= 130)
        self._table.setMinimumHeight(look.px(34) + rows * look.px(theme.ROW_HEIGHT))
        area.body.addWidget(card, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(area)
        self._stack.addWidget(self._empty_state())
        self._stack.setMinimumWidth(1)  # beside a card the empty state, unseen, must not ask for its width
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._stack, 1)
        row.addWidget(self._inspector)
        column.addLayout(row, 1)

    def _empty_state(self) -> QWidget:
        card = Card(self, padding=0)
        card.body.addWidget(
            no_orders(
                self.ctx,
                card,
                icon="layout-grid",
                title=_("Eight groups, by when, how often and for how much they buy"),
                text=_("They are made by themselves as soon as there are orders."),
                demo_wanted=self.demo_wanted,
            )
        )
        return card

    def _columns(self) -> tuple[Column, ...]:
        money = self.ctx.money

        def days(row: _Member) -> str:
            return NOTHING if row.days_since is None else _days(row.days_since)

        def cycle(row: _Member) -> str:
            return NOTHING if row.cycle_days is None or row.occasions < 2 else _days(round(row.cycle_days))

        return (
            Column("name", _("Customer"), lambda row: row.name, width=150, stretch=1, bold=True),
            Column("why", _("Why in here"), self._why, width=330, stretch=12, tone="second", tooltip=self._why),
            Column("occasions", _("Times"), lambda row: f"{row.occasions:,}", width=70, stretch=1, right=True),
            Column("net_total", _("Total"), lambda row: money(row.net_total), width=120, stretch=1, right=True),
            Column("days_since", _("Since the last"), days, width=110, stretch=1, right=True),
            Column("cycle_days", _("Own cycle"), cycle, width=110, stretch=1, right=True, tone="second"),
        )

    def _wire(self) -> None:
        self._grid.chosen.connect(self.show_group)
        self._grid.entered.connect(self._enter)
        self._grid.change_wanted.connect(self._show_movement)
        self._model.wanted.connect(self._fetch)
        self._table.opened.connect(self.inspect)
        self._table.current_changed.connect(self._follow)
        self._inspector.closed.connect(self._close_inspector)
        self._edit.clicked.connect(self.edit_rule)
        self._detail.export_wanted.connect(self.export)
        self._detail.sms_wanted.connect(self.write_sms)
        self._detail.table_wanted.connect(lambda: self.ctx.go_to("customers", self._group))
        for keys, do in (
            ("Ctrl+E", self.export),
            ("Ctrl+Shift+E", self.write_sms),
            ("Ctrl+Return", self._to_desk),
            ("Ctrl+Enter", self._to_desk),
            ("Escape", self._escape),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # Reading

    def refresh(self) -> None:
        """Ask for the groups anew, then for the customers of the open one."""
        shop = self.ctx.shop

        def question(tx: Any) -> _Groups:
            columns = shop.columns()
            found = rfm.scores(tx, columns)
            compact_money(0, currency=tx.shop.currency, language=tx.language)  # loads its words here
            return _Groups(counted(found), movement.movement(tx, columns), len(columns) - found.customers)

        self.ctx.read(self, question, done=self._show, latest="groups")

    def _show(self, found: _Groups) -> None:
        self._found = found
        some = found.counted.customers > 0
        self._stack.setCurrentIndex(0 if some else 1)
        self._say_rule(found)
        if not some:
            self._close_inspector()
            return
        self._grid.show_groups(found.counted.groups, customers=found.counted.customers, movement=found.movement)
        if not self._group:
            best = max(found.counted.groups, key=lambda line: line.revenue)
            self._grid.choose(best.key)
        else:
            self.show_group(self._group)

    def _say_rule(self, found: _Groups) -> None:
        self._rule.clear()
        said = found.counted
        for sentence in rule_sentences(said.thresholds, said.rule, money=self.ctx.money, high_from=said.high_from):
            self._rule.addWidget(Text(sentence, tone="second"))
        if found.without:
            words = n_(
                "{n} never bought: in none",
                "{n} never bought: in none",
                found.without,
            )
            self._rule.addWidget(Text(words.format(n=f"{found.without:,}"), tone="third"))

    def show_group(self, key: str) -> None:
        """Show a group's figures and its customers."""
        self._group = key
        shop = self.ctx.shop
        if self._found is not None:
            self._detail.show_group(key, self._found.counted, self._found.movement)
        self.ctx.read(
            self,
            lambda tx: customer_list.ids(tx, shop.columns(), group=key),
            done=lambda ids: self._list(key, ids),
            latest="members",
        )

    def _list(self, key: str, ids: Ints) -> None:
        if key != self._group:
            return
        self._model.set_ids(ids, keep_rows=True)
        self._model.forget_rows()
        if len(ids) and self._table.current_id is None:
            self._table.go_to(0)

    def _fetch(self, ids: Ints) -> None:
        shop = self.ctx.shop

        def question(tx: Any) -> dict[int, _Member]:
            columns = shop.columns()
            found: list[Any] = fields.read(tx, columns, ids, keys=_KEYS)
            rows, points = columns.rows(ids), rfm.scores(tx, columns).points
            scored = {key: dict(zip(columns.ids[rows].tolist(), each.by_customer[rows].tolist(), strict=True))
                      for key, each in points.items()}  # fmt: skip
            return {
                one: _Member({key: scores.get(one, 0) for key, scores in scored.items()},
                             str(name or ""), frequency or 0, monetary or 0, *rest)
                for one, (name, frequency, monetary, *rest) in zip(ids.tolist(), found, strict=True)
            }  # fmt: skip

        self.ctx.read(self, question, done=self._model.put)

    def _why(self, row: _Member) -> str:
        window = self._found.counted.rule.window_days if self._found else 0
        money = self._found.counted.rule.money if self._found else "per_order"
        parts = []
        if window:
            bought = n_("{n} purchase in {days} days", "{n} purchases in {days} days", row.frequency).format(
                n=row.frequency, days=window
            )
        else:
            bought = n_("{n} purchase", "{n} purchases", row.frequency).format(n=row.frequency)
        parts.append(_scored(bought, row.scores.get("f")))
        if row.days_since is not None:
            last = _("last bought {when}").format(when=words.days_ago(row.days_since))
            parts.append(_scored(last, row.scores.get("r")))
        if row.frequency:
            spent = {
                "per_order": _("{amount} an order"),
                "per_occasion": _("{amount} a purchase"),
                "total": _("{amount} in total"),
            }[money]
            parts.append(_scored(spent.format(amount=self.ctx.money(row.monetary)), row.scores.get("m")))
        if place := words.place(None, row.city):
            parts.append(place)
        return p_("clauses", ", ").join(parts)

    # Doing

    def _enter(self) -> None:
        self._table.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_movement(self, key: str) -> None:
        self._grid.choose(key)
        self._detail.show_movement(QCursor.pos())

    def edit_rule(self) -> None:
        """Open the editor of the rule."""
        shop = self.ctx.shop
        self.ctx.read(self, lambda tx: rule_in_use(tx, shop.columns()), done=self._open_editor, latest="rule")

    def _open_editor(self, begun: RuleInUse) -> None:
        if self._editor is None:
            self._editor = RuleEditor(self.ctx, self, begun=begun)
            self._editor.destroyed.connect(self._editor_gone)
            self._editor.open()

    def _editor_gone(self) -> None:
        self._editor = None

    # The card at the right

    def inspect(self, customer: int | None) -> None:
        """Open a customer's card beside the table."""
        if customer is not None:
            self._inspector.show_customer(customer)
            self._make_room(beside=True)

    def _follow(self, customer: int | None) -> None:
        if customer is not None and not self._inspector.isHidden():
            self._inspector.show_customer(customer)

    def _close_inspector(self) -> None:
        if not self._inspector.isHidden():
            self._inspector.hide()
            self._make_room(beside=False)
            self._table.setFocus()

    def _make_room(self, *, beside: bool) -> None:
        """A card beside the table: the grid draws in, the table keeps what says most; large text leaves only both."""
        self._grid.set_compact(beside)
        large = theme.current().text_percent >= 150
        for widget in (self._grid, self._detail):
            widget.setHidden(beside and large)
        kept = BESIDE[:1] if large else BESIDE
        self._model.set_columns([one for one in self._all_columns if not beside or one.key in kept])

    def _to_desk(self) -> None:
        if self._table.current_id is not None:
            self.ctx.open_customer(self._table.current_id)

    def _escape(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, LineEdit):
            # The shortcut comes before the field hears of the key.
            focused.escaped.emit()
        else:
            self._close_inspector()

    # The list as a file

    def export(self) -> None:
        """Save the open group as a contact list."""
        if self._group and self._found is not None:
            save_customers(self.ctx, self, name=words.group(self._group), ids=np.array(self._model.ids))

    def write_sms(self) -> None:
        """Save an SMS for each of the open group."""
        if self._group and self._found is not None:
            SmsDialog(self.ctx, self, name=words.group(self._group), ids=np.array(self._model.ids)).open()

    def open_target(self, target: object) -> None:
        """A group's key, or `EDIT_RULE`."""
        if target == EDIT_RULE:
            self.edit_rule()
        elif isinstance(target, str) and target in words.GROUPS:
            self._grid.choose(target)

    def first_focus(self) -> QWidget | None:
        """The open group's card; on an empty page the button that fills it."""
        if self._stack.currentIndex() != 0:
            return button_of(self._stack)
        return self._grid.card(self._group or next(iter(words.GROUPS)))

    def remember(self) -> dict[str, object]:
        """The open group."""
        return {"group": self._group}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what `remember` gave."""
        if state.get("group"):
            self._grid.choose(state["group"])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._inspector.setFixedWidth(min(theme.current().px(380), self.width() * 11 // 20))


def _days(days: int) -> str:
    return n_("{n} day", "{n} days", days).format(n=days)


def _scored(clause: str, score: int | None) -> str:
    """A figure with its score behind it, where the rule is by scores and she has the figure."""
    return _("{clause} (score {score})").format(clause=clause, score=score) if score else clause
