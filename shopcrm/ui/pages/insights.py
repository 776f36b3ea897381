"""Insights: do they come back. Five figures and the charts behind them; every number opens to its rows (E1, M2, M3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from shopcrm.act.workbook import Sheet
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import N_, _
from shopcrm.measure import insights
from shopcrm.measure import repurchase as rules
from shopcrm.measure.insights import MONTHS, USUAL_MONTHS, Due, Insights
from shopcrm.measure.repurchase import HEADLINE_DAYS, Sums
from shopcrm.ui import names, theme
from shopcrm.ui.context import Listing
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, ScrollArea
from shopcrm.ui.kit.text import Text
from shopcrm.ui.pages.page import Page, PageHead, button_of, page_column
from shopcrm.ui.parts import insight_words as say
from shopcrm.ui.parts.chart_card import ChartCard
from shopcrm.ui.parts.figure_table import NOTHING, save_figures
from shopcrm.ui.parts.figure_tile import FigureTile
from shopcrm.ui.parts.group_grid import compact_money
from shopcrm.ui.parts.insight_charts import InsightCharts, PurchasesWanted, rate_ids
from shopcrm.ui.parts.insight_sheets import sheets
from shopcrm.ui.parts.no_orders import no_orders
from shopcrm.ui.parts.purchase_list import PurchaseList, PurchaseView

TILES: Final = ("rate", "orders", "revenue", "basket", "due")
_ONE_COLUMN_FROM: Final = 150  # percent of text


@dataclass(frozen=True)
class _Answer:
    found: Insights
    due: Due
    sheets: dict[str, Sheet]


class InsightsPage(Page):
    """Tiles on top, charts below; the months looked at are chosen at the head."""

    key = "insights"
    title = N_("Insights")
    icon = "chart-column"
    demo_wanted = Signal()

    reads = Changes.CUSTOMERS | Changes.STATISTICS | Changes.REMINDERS | Changes.OPTIONS

    # Making it

    def _build(self) -> None:
        self._months = USUAL_MONTHS
        self._answer: _Answer | None = None
        self.head = PageHead(_(self.title), self)
        self._period = Button(say.period_name(self._months), self, icon="chevron-down", name=names.INSIGHT_PERIOD)
        self._export = Button(_("Excel"), self, icon="download", name=names.INSIGHT_EXPORT)
        self.head.buttons.addWidget(self._period)
        self.head.buttons.addWidget(self._export)
        self._tiles = {key: FigureTile(self, key=key, label=say.title(key), rule=say.rule(key)) for key in TILES}
        self._charts = InsightCharts(self.ctx, self)
        self._lay_out()

    def _lay_out(self) -> None:
        column = page_column(self)
        column.addWidget(self.head)
        area = ScrollArea(self)
        percent = theme.current().text_percent
        # Large text: the sentence stands whole, on a line of its own.
        self._below = percent >= 150
        self._sentence = Text("", self, tone="second", wrap=True, name="insight_sentence")
        self._sentence.hide()
        column.addWidget(self._sentence)
        across = 5 if percent < 130 else 3 if percent < 170 else 2
        grid = QGridLayout()
        grid.setSpacing(12)
        for place, tile in enumerate(self._tiles.values()):
            grid.addWidget(tile, place // across, place % across)
            grid.setColumnStretch(place % across, 1)
        area.body.addLayout(grid)
        cards = self._charts.cards
        pairs: list[tuple[QWidget, QWidget]] = [
            (cards["months"], cards["curve"]),
            (cards["cohorts"], cards["regions"]),
            (_above_each_other(cards["rates"], cards["states"]), _above_each_other(cards["nth"], cards["churn"])),
        ]
        rows = QGridLayout()
        rows.setSpacing(12)
        two = percent < _ONE_COLUMN_FROM
        for number, pair in enumerate(pairs):
            for side, card in enumerate(pair):
                rows.addWidget(card, number if two else 2 * number + side, side if two else 0)
        rows.setColumnStretch(0, 26)
        if two:
            rows.setColumnStretch(1, 24)
        area.body.addLayout(rows)
        area.body.addStretch(1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(area)
        self._stack.addWidget(self._empty_state())
        column.addWidget(self._stack, 1)

    def _empty_state(self) -> QWidget:
        card = Card(self, padding=0)
        card.body.addWidget(
            no_orders(
                self.ctx,
                card,
                icon="chart-column",
                title=_("How many come back, how soon, and what they bring"),
                text=_("As soon as there are orders, the figures stand here, each with the rows behind it."),
                demo_wanted=self.demo_wanted,
            )
        )
        return card

    def _wire(self) -> None:
        self._period.clicked.connect(self._choose_period)
        self._export.clicked.connect(self.export)
        for key, tile in self._tiles.items():
            tile.clicked.connect(lambda key=key: self.open_figure(key))
        self._charts.listing_wanted.connect(lambda listing: self.ctx.go_to("customers", listing))
        self._charts.purchases_wanted.connect(self._open_purchases)
        shortcut = QShortcut(QKeySequence("Ctrl+E"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.export)

    # Reading

    def refresh(self) -> None:
        """Ask for the figures of the months chosen."""
        shop, months = self.ctx.shop, self._months

        def question(tx: Any) -> _Answer:
            from shopcrm.ui.charts import bars, curve  # noqa: F401  # pyqtgraph's half second passes here

            columns = shop.columns()
            compact_money(0, currency=tx.shop.currency, language=tx.language)  # loads its words here
            found, due = insights.of_shop(tx, columns, months=months), insights.due(tx, columns)
            for line in found.by_month:
                for year in (False, True):
                    say.month_name(line.month, year=year)
            return _Answer(found, due, sheets(found, due))

        self.ctx.read(self, question, done=self._show, latest="figures")

    def _show(self, answer: _Answer) -> None:
        self._answer, found = answer, answer.found
        filled = found.buyers > 0
        self._stack.setCurrentIndex(0 if filled else 1)
        for button in (self._period, self._export):
            button.setVisible(filled)
        said = say.state_sentence(found) if filled else ""
        self.head.state.set_text("" if self._below else said)
        self._sentence.setText(said)
        self._sentence.setVisible(self._below and filled)
        if not filled:
            return
        self._show_tiles(found, answer.due)
        self._charts.show_figures(found, answer.sheets)

    def _show_tiles(self, found: Insights, due: Due) -> None:
        rate = found.headline.now
        text, tone = say.moved(found.headline)
        if rate.whole:
            self._tiles["rate"].show_figure(
                say.share_text(rate.share), remark=say.of_customers(rate), moved=text, tone=tone
            )
        else:
            self._tiles["rate"].show_figure(NOTHING, remark=_("Nobody has had 180 days yet"))
        text, tone = say.moved(found.orders)
        orders = found.orders.now
        self._tiles["orders"].show_figure(
            say.share_text(orders.share), remark=say.of_purchases(orders), moved=text, tone=tone
        )
        text, tone = say.moved(found.revenue)
        revenue = found.revenue.now
        amounts = _("{part} of {amount}").format(part=self._compact(revenue.part), amount=self._compact(revenue.whole))
        self._tiles["revenue"].show_figure(say.share_text(revenue.share), remark=amounts, moved=text, tone=tone)
        self._tiles["basket"].show_figure(
            f"{self._average(found.new)} / {self._average(found.returning)}", remark=_compared(found)
        )
        worth = _("usually {amount} together").format(amount=self._compact(due.worth))
        self._tiles["due"].show_figure(say.people(due.customers), remark=worth)

    def _compact(self, minor: int) -> str:
        return compact_money(minor, currency=self.ctx.currency, language=self.ctx.language)

    def _average(self, sums: Sums) -> str:
        return NOTHING if sums.average is None else self._compact(sums.average)

    # Doing

    def _choose_period(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for months in MONTHS:
            action = menu.addAction(say.period_name(months))
            action.setCheckable(True)
            action.setChecked(months == self._months)
            action.triggered.connect(lambda _checked=False, months=months: self.show_months(months))
        menu.popup(self._period.mapToGlobal(self._period.rect().bottomLeft()))

    def show_months(self, months: int) -> None:
        """Look at so many months (0: all)."""
        self._months = months
        self._period.set_text(say.period_name(months))
        self.refresh()

    def open_figure(self, key: str) -> None:
        """Open the rows behind a tile."""
        if key == "rate":
            title = _("Bought again within {days}").format(days=say.days_text(HEADLINE_DAYS))
            self.ctx.go_to("customers", Listing(title, rate_ids("cohort", HEADLINE_DAYS, months=self._months)))
        elif key == "due":
            self.ctx.go_to("customers", "due")
        else:
            self._open_purchases(self._purchases())

    def _purchases(self) -> PurchasesWanted:
        def by(rule: Any) -> Any:
            return insights.purchases_by(lambda view, window: rule(view, window.span), months=self._months)

        title = _("Purchases, {period}").format(period=say.period_name(self._months))
        return PurchasesWanted(
            title,
            (
                PurchaseView("returning", _("Returning"), by(rules.returning)),
                PurchaseView("new", say.new(), by(rules.first_ones)),
            ),
        )

    def _open_purchases(self, wanted: PurchasesWanted) -> None:
        PurchaseList(self.ctx, wanted.title, wanted.views, self, chosen=wanted.chosen).open()

    def export(self) -> None:
        """Save all figures as a workbook, one sheet each."""
        answer = self._answer
        if answer is not None and answer.found.buyers:
            made = list(answer.sheets.values())
            save_figures(self.ctx, self, name=_(self.title), sheets=lambda _tx: made)

    def first_focus(self) -> QWidget | None:
        """The first figure; on an empty page the button that fills it."""
        return button_of(self._stack) if self._stack.currentIndex() else self._tiles["rate"]

    def remember(self) -> dict[str, object]:
        """The months chosen, and what the provinces are shaded by."""
        return {"months": self._months, "by": self._charts.by()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what `remember` gave."""
        if state.get("months") in MONTHS:
            self.show_months(int(state["months"]))
        if state.get("by"):
            self._charts.shade_by(str(state["by"]))


def _compared(found: Insights) -> str:
    new, back = found.new.average, found.returning.average
    if not new or back is None:
        return _("nothing to compare yet")
    more = round((back / new - 1) * 100)
    if more >= 0:
        return _("returning {percent} % higher").format(percent=more)
    return _("returning {percent} % lower").format(percent=-more)


def _above_each_other(*cards: ChartCard) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    for card in cards:
        column.addWidget(card)
    return box
