"""Segments: the eight groups as a grid, the rule that makes them in words, and the customers of the chosen one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from shopcrm.act import customer_list, fields
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import N_, _, n_, p_
from shopcrm.base.money import divide
from shopcrm.mine import rfm
from shopcrm.mine.rfm import GroupLine, RfmRule, Thresholds
from shopcrm.store.columns import Ints
from shopcrm.ui import names, theme, words
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, EmptyState, ScrollArea
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.marks import Badge
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.tables import Column, PagedTableModel
from shopcrm.ui.kit.text import Text
from shopcrm.ui.pages.page import Page, PageHead, button_of, page_column
from shopcrm.ui.parts.customer_columns import NOTHING
from shopcrm.ui.parts.group_grid import TREATMENTS, GroupGrid, compact_money, percent
from shopcrm.ui.parts.saving import save_customers

ROWS_SEEN = 6  # at least so many rows of the table, however large the text
_KEYS = ("name", "frequency", "monetary", "city", "occasions", "net_total", "days_since", "cycle_days")


@dataclass(frozen=True)
class _Groups:
    groups: tuple[GroupLine, ...]
    customers: int
    thresholds: Thresholds
    rule: RfmRule
    without: int  # customers without a valid order


@dataclass(frozen=True)
class _Member:
    """One customer of a group, with the figures that put her there."""

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
        self.head = PageHead(_(self.title), self)
        self._grid = GroupGrid(self.ctx, self)
        self._name = Badge("", self, name="segment_name")
        self._treatment = Text("", self, wrap=True)
        self._count = Text("", self, size=theme.DISPLAY, bold=True, name="segment_count")
        self._shares = Text("", self, tone="second", wrap=True)
        self._export = Button(
            _("Export"), self, kind="primary", icon="download", keys="Ctrl+E", name=names.SEGMENT_EXPORT
        )
        self._open = Button(_("In the customer table"), self, icon="users", name=names.SEGMENT_OPEN)
        self._model = PagedTableModel(self._columns(), self)
        self._table = TableView(self._model, self, label=_("Customers of the group"), name=names.SEGMENT_TABLE)
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
        if theme.current().text_percent < 130:
            self.head.marks.addWidget(rule, 1, Qt.AlignmentFlag.AlignVCenter)
        else:
            column.addWidget(rule)
        area = ScrollArea(self)
        area.body.addWidget(self._grid)
        area.body.addWidget(self._detail())
        card = Card(self, padding=0)
        card.body.setContentsMargins(1, 3, 1, 3)
        card.body.addWidget(self._table)
        look = theme.current()
        self._table.setMinimumHeight(look.px(34) + ROWS_SEEN * look.px(theme.ROW_HEIGHT) // 2)
        area.body.addWidget(card, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(area)
        self._stack.addWidget(self._empty_state())
        column.addWidget(self._stack, 1)

    def _detail(self) -> QWidget:
        card = Card(self, padding=0)
        card.body.setContentsMargins(16, 10, 16, 10)
        row, side = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(16)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self._name)
        first.addWidget(self._treatment, 1)
        side.setSpacing(2)
        side.addLayout(first)
        side.addWidget(self._shares)
        row.addWidget(self._count)
        row.addLayout(side, 1)
        row.addWidget(self._open)
        row.addWidget(self._export)
        card.body.addLayout(row)
        return card

    def _empty_state(self) -> QWidget:
        card = Card(self, padding=0)
        choose = Button(_("Import orders"), card, kind="primary", icon="upload", size="medium", name=names.EMPTY_IMPORT)
        choose.clicked.connect(lambda: self.ctx.go_to("data"))
        demo = Button(_("Try the demo shop"), card, size="medium", name=names.EMPTY_DEMO)
        demo.clicked.connect(self.demo_wanted)
        demo.setVisible(not self.ctx.shop.info.is_demo)
        card.body.addWidget(
            EmptyState(
                card,
                icon="layout-grid",
                title=_("Eight groups, by when, how often and for how much they buy"),
                text=_("They are made by themselves as soon as there are orders."),
                action=choose,
                second=demo,
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
            Column("why", _("Why in here"), self._why, width=330, stretch=4, tone="second", tooltip=self._why),
            Column("occasions", _("Times"), lambda row: f"{row.occasions:,}", width=70, stretch=1, right=True),
            Column("net_total", _("Total"), lambda row: money(row.net_total), width=120, stretch=1, right=True),
            Column("days_since", _("Since the last"), days, width=110, stretch=1, right=True),
            Column("cycle_days", _("Own cycle"), cycle, width=110, stretch=1, right=True, tone="second"),
        )

    def _wire(self) -> None:
        self._grid.chosen.connect(self.show_group)
        self._grid.entered.connect(self._enter)
        self._model.wanted.connect(self._fetch)
        self._table.opened.connect(self._open_customer)
        self._export.clicked.connect(self.export)
        self._open.clicked.connect(lambda: self.ctx.go_to("customers", self._group))
        shortcut = QShortcut(QKeySequence("Ctrl+E"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.export)

    # Reading

    def refresh(self) -> None:
        """Ask for the groups anew, then for the customers of the open one."""
        shop = self.ctx.shop

        def question(tx: Any) -> _Groups:
            columns = shop.columns()
            found = rfm.scores(tx, columns)
            compact_money(0, currency=tx.shop.currency, language=tx.language)  # loads its words here
            return _Groups(found.groups, found.customers, found.thresholds, found.rule, len(columns) - found.customers)

        self.ctx.read(self, question, done=self._show, latest="groups")

    def _show(self, found: _Groups) -> None:
        self._found = found
        self._stack.setCurrentIndex(0 if found.customers else 1)
        self._say_rule(found)
        if not found.customers:
            return
        self._grid.show_groups(found.groups, customers=found.customers)
        if not self._group:
            best = max(found.groups, key=lambda line: line.revenue)
            self._grid.choose(best.key)
        else:
            self.show_group(self._group)

    def _say_rule(self, found: _Groups) -> None:
        self._rule.clear()
        for sentence in rule_sentences(found.thresholds, found.rule, money=self.ctx.money):
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
        self._show_detail()
        self.ctx.read(
            self,
            lambda tx: customer_list.ids(tx, shop.columns(), group=key),
            done=lambda ids: self._list(key, ids),
            latest="members",
        )

    def _show_detail(self) -> None:
        if self._found is None:
            return
        line = next(line for line in self._found.groups if line.key == self._group)
        look, everybody = self.ctx, max(self._found.customers, 1)
        self._name.show_as(words.group(line.key), tone=line.key)
        self._treatment.setText(_(TREATMENTS[line.key]))
        self._count.setText(f"{line.customers:,}")
        parts = [
            _("{percent} of all customers").format(percent=percent(line.customers / everybody)),
            _("{amount} in the window").format(
                amount=compact_money(line.revenue, currency=look.currency, language=look.language)
            ),
        ]
        if line.customers:
            parts.append(_("{amount} a head").format(amount=look.money(divide(line.revenue, line.customers))))
        if line.means.recency is not None:
            days = round(line.means.recency)
            parts.append(
                n_("last bought {n} day ago on average", "last bought {n} days ago on average", days).format(n=days)
            )
        self._shares.setText(" · ".join(parts))
        for button in (self._export, self._open):
            button.setEnabled(line.customers > 0)

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
            found: list[Any] = fields.read(tx, shop.columns(), ids, keys=_KEYS)
            return {
                one: _Member(str(name or ""), frequency or 0, monetary or 0, *rest)
                for one, (name, frequency, monetary, *rest) in zip(ids.tolist(), found, strict=True)
            }

        self.ctx.read(self, question, done=self._model.put)

    def _why(self, row: _Member) -> str:
        window = self._found.rule.window_days if self._found else 0
        parts = []
        if window:
            parts.append(
                n_("{n} purchase in {days} days", "{n} purchases in {days} days", row.frequency).format(
                    n=row.frequency, days=window
                )
            )
        else:
            parts.append(n_("{n} purchase", "{n} purchases", row.frequency).format(n=row.frequency))
        if row.days_since is not None:
            parts.append(_("last bought {when}").format(when=words.days_ago(row.days_since)))
        if row.frequency:
            parts.append(_("{amount} an order").format(amount=self.ctx.money(row.monetary)))
        if place := words.place(None, row.city):
            parts.append(place)
        return p_("clauses", ", ").join(parts)

    # Doing

    def _enter(self) -> None:
        self._table.setFocus(Qt.FocusReason.TabFocusReason)

    def _open_customer(self, customer: int | None) -> None:
        if customer is not None:
            self.ctx.open_customer(customer)

    def export(self) -> None:
        """Save the open group as a contact list."""
        if self._group and self._found is not None:
            save_customers(self.ctx, self, name=words.group(self._group), ids=np.array(self._model.ids))

    def open_target(self, target: object) -> None:
        """A group's key."""
        if isinstance(target, str) and target in words.GROUPS:
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


def _days(days: int) -> str:
    return n_("{n} day", "{n} days", days).format(n=days)


def rule_sentences(thresholds: Thresholds, rule: RfmRule, *, money: Any) -> list[str]:
    """Where near, many and high begin, and by which rule, in words."""
    sources = {
        "cycle": _("the shop's cycle, P80"),
        "mean": _("mean"),
        "median": _("median"),
        "fixed": _("fixed"),
    }
    sentences = []
    if thresholds.r is not None:
        words = _("near = bought within {days} days ({source})")
        sentences.append(words.format(days=f"{thresholds.r:.0f}", source=sources[thresholds.r_rule]))
    if thresholds.f is not None:
        times = f"{thresholds.f:.1f}"
        words = (
            _("many = ≥ {times} times in {days} days ({source})")
            if rule.window_days
            else _("many = ≥ {times} times ({source})")
        )
        sentences.append(words.format(times=times, days=rule.window_days, source=sources[thresholds.f_rule]))
    if thresholds.m is not None:
        words = {
            "per_order": _("high = ≥ {amount} an order ({source})"),
            "per_occasion": _("high = ≥ {amount} a purchase ({source})"),
            "total": _("high = ≥ {amount} in total ({source})"),
        }[rule.money]
        sentences.append(words.format(amount=money(round(thresholds.m)), source=sources[thresholds.m_rule]))
    return sentences
