"""The charts of the Insights page: each filled with its figures, and what every mark of it opens."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from shopcrm.act.workbook import Sheet
from shopcrm.base.i18n import _, n_
from shopcrm.measure import insights
from shopcrm.measure import repurchase as rules
from shopcrm.measure.insights import Ids, Insights
from shopcrm.measure.repurchase import Rate, Sums, month_span
from shopcrm.mine.activity import STATES
from shopcrm.ui import names
from shopcrm.ui.charts.grids import Cell, HeatGrid, HeatRow, Part, PartsStrip, RateRow, RateRows, Tile, TileMap
from shopcrm.ui.context import Context, Listing
from shopcrm.ui.kit.buttons import Choices
from shopcrm.ui.parts import insight_words as say
from shopcrm.ui.parts.chart_card import ChartCard
from shopcrm.ui.parts.group_grid import compact_money, percent
from shopcrm.ui.parts.insight_sheets import place_name, rate_names
from shopcrm.ui.parts.provinces import PROVINCES
from shopcrm.ui.parts.purchase_list import Ask, PurchaseView

if TYPE_CHECKING:
    from shopcrm.ui.charts.bars import BarChart
    from shopcrm.ui.charts.curve import CurveChart

CHART_HEIGHT: Final = 196
_COHORTS_AT_MOST: Final = 12  # rows and columns on the screen; the table has all
_MONTHS_AT_MOST: Final = 60  # bars
_CURVE_DAYS: Final = (0, 30, 60, 90, 180, 270, 365, 540, 730)
_MAP_ROWS: Final = {"elsewhere": 6, "unknown": 7}  # where the tiles lie that are no province
KEYS: Final = ("months", "curve", "cohorts", "regions", "rates", "nth", "states", "churn")


@dataclass(frozen=True)
class PurchasesWanted:
    """Purchases that a mark stands for."""

    title: str
    views: tuple[PurchaseView, ...]
    chosen: str = ""


class InsightCharts(QObject):
    """Makes the cards at once and what needs pyqtgraph when there is something to show."""

    listing_wanted = Signal(object)  # Listing
    purchases_wanted = Signal(object)  # PurchasesWanted

    def __init__(self, ctx: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._found: Insights | None = None
        self._bars: BarChart | None = None
        self._nth: BarChart | None = None
        self._curve: CurveChart | None = None
        legends = {"months": ((_("Returning"), "accent"), (say.new(), "low_value"))}
        self.cards = {
            key: ChartCard(ctx, parent, key=key, title=say.title(key), rule=say.rule(key), legend=legends.get(key, ()))
            for key in KEYS
        }
        self._cohorts = HeatGrid(parent, label=say.title("cohorts"), name=f"{names.CHART}_cohorts")
        self._regions = TileMap(parent, label=say.title("regions"), name=f"{names.CHART}_regions")
        self._rates = RateRows(parent, label=say.title("rates"), name=f"{names.CHART}_rates")
        self._states = PartsStrip(parent, label=say.title("states"), name=f"{names.CHART}_states")
        self._churn = RateRows(parent, label=say.title("churn"), name=f"{names.CHART}_churn")
        for key, chart in (
            ("cohorts", self._cohorts),
            ("regions", self._regions),
            ("rates", self._rates),
            ("states", self._states),
            ("churn", self._churn),
        ):
            self.cards[key].put(chart)
        self._by = Choices(parent, name=names.INSIGHT_REGION)
        self.shade_by("customers")
        self.cards["regions"].tools.addWidget(self._by)
        self._by.chosen.connect(lambda _key: self._show_regions())
        self._cohorts.opened.connect(self._open_cohort)
        self._regions.opened.connect(self._open_region)
        self._rates.opened.connect(self._open_rate)
        self._states.opened.connect(self._open_state)
        self._churn.opened.connect(self._open_churn)

    def show_figures(self, found: Insights, sheets: dict[str, Sheet]) -> None:
        """Show the figures on all charts."""
        self._found = found
        for key, card in self.cards.items():
            card.show_sheet(sheets[key])
        self._draw()
        self._show_months()
        self._show_curve()
        self._show_cohorts()
        self._show_regions()
        self._show_rates()
        self._show_nth()
        self._show_states()
        self._show_churn()

    def by(self) -> str:
        """What the provinces are shaded by."""
        return self._by.current()

    def shade_by(self, key: str) -> None:
        """Shade the provinces by customers, revenue or again."""
        shown = [("customers", _("Customers")), ("revenue", _("Sales")), ("again", _("Repurchase"))]
        self._by.set_choices(shown, chosen=key)
        self._show_regions()

    def _draw(self) -> None:
        """The charts with axes; pyqtgraph is loaded by now, off this thread."""
        if self._bars is not None:
            return
        from shopcrm.ui.charts.bars import BarChart
        from shopcrm.ui.charts.curve import CurveChart

        card = self.cards["months"]
        self._bars = BarChart(
            card, label=say.title("months"), name=f"{names.CHART}_months", height=CHART_HEIGHT,
            shown=lambda value: f"{value:,.0f}",
        )  # fmt: skip
        self._nth = BarChart(
            self.cards["nth"], label=say.title("nth"), name=f"{names.CHART}_nth", height=CHART_HEIGHT - 40,
            shown=lambda value: self._compact(round(value)),
        )  # fmt: skip
        self._curve = CurveChart(
            self.cards["curve"], label=say.title("curve"), name=f"{names.CHART}_curve", height=CHART_HEIGHT
        )
        for key, chart in (("months", self._bars), ("curve", self._curve), ("nth", self._nth)):
            self.cards[key].put(chart)
        self._bars.opened.connect(self._open_month)
        self._nth.opened.connect(self._open_nth)
        self._curve.opened.connect(self._open_within)

    def _compact(self, minor: int) -> str:
        return compact_money(minor, currency=self._ctx.currency, language=self._ctx.language)

    # Filling them

    def _show_months(self) -> None:
        from shopcrm.ui.charts.bars import BarColumn, Piece

        found = self._found
        if found is None or self._bars is None:
            return

        def said(month: int, kind: str, sums: Sums, share: float | None) -> str:
            count = say.purchases(sums.purchases)
            first = f"{say.month_name(month, year=True)} · {kind}"
            return f"{first}\n{count} ({say.share_text(share)})\n{self._ctx.money(sums.net)}"

        columns = []
        lines = found.by_month[-_MONTHS_AT_MOST:]
        for line in lines:
            share = line.orders.share
            back = said(line.month, _("Returning"), line.returning, share)
            new = said(line.month, say.new(), line.new, None if share is None else 1 - share)
            year = len(lines) > 12 and line.month % 12 == 0
            columns.append(
                BarColumn(
                    f"{1970 + line.month // 12}" if year else say.month_name(line.month),
                    (
                        Piece((line.month, "returning"), line.returning.purchases, back, "accent"),
                        Piece((line.month, "new"), line.new.purchases, new, "low_value"),
                    ),
                )
            )
        self._bars.show_columns(columns)

    def _show_curve(self) -> None:
        from shopcrm.ui.charts.curve import CurveStep

        found = self._found
        if found is None or self._curve is None:
            return
        self.cards["curve"].set_state(say.curve_sentence(found))
        words = _("Within {days}: {share} bought again")
        steps = [
            CurveStep(
                point.days,
                point.share,
                words.format(days=say.days_text(point.days), share=percent(point.share))
                + f"\n{say.purchases(point.purchases)}",
            )
            for point in found.curve
        ]
        cycle, marked = found.cycle, []
        if cycle.p25 is not None and cycle.p50 is not None:
            for label, days in (("P25", cycle.p25), ("P50", cycle.p50), ("P80", cycle.p80)):
                told = _("{n} d").format(n=days)
                marked.append((days, f"{label} {told}"))
        self._curve.show_steps(
            steps, percentiles=marked, days=[(days, say.days_text(days) if days else "0") for days in _CURVE_DAYS]
        )

    def _show_cohorts(self) -> None:
        found = self._found
        if found is None:
            return
        lines = [line for line in found.triangle if line.size][-_COHORTS_AT_MOST:]
        across = min(max((len(line.back) for line in lines), default=0), _COHORTS_AT_MOST)
        highest = max((back / line.size for line in lines for back in line.back[:across]), default=0.0) or 1.0
        rows = []
        for line in lines:
            month, cells = say.month_name(line.month, year=True), []
            for later, back in enumerate(line.back[:across], 1):
                share = back / line.size
                words = n_("{n} month later", "{n} months later", later).format(n=later)
                said = f"{month} · {words}\n{percent(share)} · {say.of_customers(Rate(back, line.size))}"
                key = (line.month, later)
                cells.append(Cell(key, f"{share * 100:.0f}%", said, share / highest, opens=back > 0))
            size = n_("{n} new customer", "{n} new customers", line.size).format(n=f"{line.size:,}")
            rows.append(
                HeatRow(
                    month
                    if len(lines) > 12 or line.month % 12 == 0 or line is lines[0]
                    else say.month_name(line.month),
                    Cell((line.month, 0), f"{line.size:,}", f"{month}\n{size}"),
                    tuple(cells),
                )
            )
        heads = [_("+{n} mo.").format(n=later) for later in range(1, across + 1)]
        self._cohorts.show_rows(rows, heads=heads)

    def _show_regions(self) -> None:
        found, by = self._found, self.by()
        if found is None:
            return
        lines = {line.name: line for line in found.regions}
        known = {one.stored for one in PROVINCES}

        def value(again: Rate, net: int) -> float:
            return {"customers": again.whole, "revenue": net, "again": again.share or 0.0}[by]

        highest = max((value(line.again, line.net) for name, line in lines.items() if name in known), default=0) or 1

        def cell(key: Hashable, text: str, name: str, again: Rate, net: int, *, opens: bool) -> Cell:
            count = say.people(again.whole)
            twice = _("{part} of them twice or more ({share})").format(
                part=f"{again.part:,}", share=say.share_text(again.share)
            )
            said = f"{name}\n{count} · {self._ctx.money(net)}\n{twice}"
            share = min(1.0, value(again, net) / highest)
            return Cell(key, text, said, share, opens=opens and (again.part if by == "again" else again.whole) > 0)

        none = Rate(0, 0)
        tiles = []
        for one in PROVINCES:
            line = lines.get(one.stored)
            again, net = (line.again, line.net) if line else (none, 0)
            made = cell(one.stored, one.sign(), _(one.name), again, net, opens=True)
            tiles.append(Tile(made, one.row, one.column))
        abroad = [line for line in found.regions if line.name and line.name not in known]
        if abroad:
            total = Rate(sum(line.again.part for line in abroad), sum(line.again.whole for line in abroad))
            text = _("Elsewhere {n}").format(n=f"{total.whole:,}")
            made = cell("elsewhere", text, _("Elsewhere"), total, sum(line.net for line in abroad), opens=True)
            tiles.append(Tile(made, _MAP_ROWS["elsewhere"], 0, wide=3))
        if "" in lines:
            text = _("Not known {n}").format(n=f"{lines[''].buyers:,}")
            made = cell("", text, _("Not known"), lines[""].again, lines[""].net, opens=True)
            tiles.append(Tile(made, _MAP_ROWS["unknown"], 0, wide=3))
        self._regions.show_tiles(tiles)

    def _show_rates(self) -> None:
        if self._found is None:
            return
        self._rates.show_groups(
            [
                (
                    heading,
                    [
                        RateRow(
                            key, name, rate.share, say.share_text(rate.share), say.of_customers(rate),
                            f"{heading}\n{name}: {say.share_text(rate.share)} · {say.of_customers(rate)}",
                            strong=key == ("cohort", rules.HEADLINE_DAYS),
                        )
                        for key, name, rate in group
                    ],
                )
                for heading, group in rate_names(self._found)
            ]
        )  # fmt: skip

    def _show_nth(self) -> None:
        from shopcrm.ui.charts.bars import BarColumn, Piece

        found = self._found
        if found is None or self._nth is None:
            return
        columns = []
        for number, sums in enumerate(found.nth, 1):
            name = say.nth_name(number, last=number == len(found.nth))
            count = say.purchases(sums.purchases)
            average = self._ctx.money(sums.average) if sums.average is not None else ""
            said = "\n".join(part for part in (name, _("{amount} an order").format(amount=average), count) if part)
            columns.append(BarColumn(name, (Piece(number, sums.average or 0, said, "accent"),)))
        self._nth.show_columns(columns)

    def _show_states(self) -> None:
        found = self._found
        if found is None:
            return
        active, dormant = map(say.days_text, found.limits)
        within = {
            "active": _("{state} ≤ {days}").format(state=say.state("active"), days=active),
            "dormant": _("{state} ≤ {days}").format(state=say.state("dormant"), days=dormant),
            "lost": _("{state} > {days}").format(state=say.state("lost"), days=dormant),
        }
        tones = {"active": "accent", "dormant": "warn", "lost": "low_value"}
        parts = []
        for key, count in zip(STATES, found.states, strict=True):
            share = Rate(count, found.buyers).share
            people = say.people(count)
            name = within[key]
            figure = f"{count:,} · {say.share_text(share)}"
            parts.append(Part(key, name, count, figure, f"{name}\n{people} ({say.share_text(share)})", tones[key]))
        self._states.show_parts(parts)

    def _show_churn(self) -> None:
        found = self._found
        if found is None:
            return
        rows = []
        for line in reversed(found.churn):
            month = say.month_name(line.month, year=True)
            name = month if line.over else _("{month} so far").format(month=month)
            share, behind = say.share_text(line.rate.share), say.of_customers(line.rate)
            rows.append(RateRow(line.month, name, line.rate.share, share, behind, f"{name}: {share} · {behind}"))
        heading = _("Became lost in the month, of those who were not at its start")
        self._churn.show_groups([(heading, rows)] if rows else [])

    # What the marks open

    def _months_chosen(self) -> int:
        return self._found.months if self._found is not None else insights.USUAL_MONTHS

    def _list(self, title: str, ids: Ids) -> None:
        self.listing_wanted.emit(Listing(title, ids))

    def _purchases(self, title: str, ask: Ask) -> None:
        self.purchases_wanted.emit(PurchasesWanted(title, (PurchaseView("all", title, ask),)))

    def _open_month(self, key: Any) -> None:
        month, kind = key
        rule = rules.returning if kind == "returning" else rules.first_ones
        name = _("Returning") if kind == "returning" else say.new()
        self._purchases(
            f"{say.month_name(month, year=True)} · {name}",
            insights.purchases_by(lambda view, _window: rule(view, month_span(month)), months=self._months_chosen()),
        )

    def _open_nth(self, number: Any) -> None:
        last = number == insights.NTH_AT_MOST
        self._purchases(
            f"{say.title('nth')}: {say.nth_name(number, last=last)}",
            insights.purchases_by(
                lambda view, window: rules.nth(view, window.span, n=number, and_later=last),
                months=self._months_chosen(),
            ),
        )

    def _open_within(self, days: Any) -> None:
        self._purchases(
            _("Bought again within {days}").format(days=say.days_text(days)),
            insights.purchases_by(
                lambda view, _window: rules.after_at_most(view, days=days), months=self._months_chosen()
            ),
        )

    def _open_cohort(self, key: Any) -> None:
        month, later = key
        name = say.month_name(month, year=True)
        if later:
            words = n_("{n} month later", "{n} months later", later).format(n=later)
            title = _("New in {month}, bought {later}").format(month=name, later=words)
        else:
            title = _("New in {month}").format(month=name)

        def rule(view: Any, _window: Any) -> Any:
            counted = rules.came_back(view, month=month, later=later)
            return counted.part if later else counted.whole

        self._list(title, insights.customers_by(rule, months=self._months_chosen()))

    def _open_region(self, key: Any) -> None:
        again, months = self.by() == "again", self._months_chosen()
        if key == "elsewhere":
            known = frozenset(one.stored for one in PROVINCES)
            self._list(_("Elsewhere"), insights.from_elsewhere(known, months=months, again=again))
        else:
            self._list(place_name(key), insights.from_province(key, months=months, again=again))

    def _open_rate(self, key: Any) -> None:
        kind, n = key
        if kind == "cohort":
            title = _("Bought again within {days}").format(days=say.days_text(n))
        elif kind == "period":
            title = _("Bought twice or more")
        else:
            title = _("Bought {n} times or more").format(n=n + 1)
        self._list(title, rate_ids(kind, n, months=self._months_chosen()))

    def _open_state(self, key: Any) -> None:
        self._list(say.state(key), insights.in_state(STATES.index(key)))

    def _open_churn(self, month: Any) -> None:
        self._list(_("Became lost in {month}").format(month=say.month_name(month, year=True)), insights.lost_in(month))


def rate_ids(kind: str, n: int, *, months: int) -> Ids:
    """Who bought again, by one of the three rates."""

    def rule(view: Any, window: Any) -> Any:
        if kind == "cohort":
            return rules.cohort(view, days=n, ended=window.span).part
        return rules.period(view, window.span).part if kind == "period" else rules.step(view, n).part

    return insights.customers_by(rule, months=months)
