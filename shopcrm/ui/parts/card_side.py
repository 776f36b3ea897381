"""Beside the card: open matters, what to say, particulars, and what the customer buys most."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act.desk import UNPAID_DAYS
from shopcrm.act.desk import Card as CustomerData
from shopcrm.act.reminders import AHEAD_DAYS
from shopcrm.base import clock
from shopcrm.base.i18n import _, n_
from shopcrm.base.text import is_masked
from shopcrm.ui import names, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import copy_button
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.marks import Badge
from shopcrm.ui.kit.text import Elided, Icon, Text, plain_tooltip
from shopcrm.ui.parts.card_attributes import CardAttributes
from shopcrm.ui.parts.card_consents import CardConsents
from shopcrm.ui.parts.card_merges import CardMerges
from shopcrm.ui.parts.card_offers import CardOffers
from shopcrm.ui.parts.card_person import CardPerson
from shopcrm.ui.parts.card_scripts import CardScripts
from shopcrm.ui.parts.card_wishes import CardWishes


@dataclass(frozen=True)
class Matter:
    """Something open: what, how urgent."""

    icon: str
    text: str
    badge: str
    tone: str
    tooltip: str = ""


def matters(ctx: Context, data: CustomerData, *, today: int) -> list[Matter]:
    """What is open with a customer: unpaid, to be shipped, due by the own cycle, a birthday soon."""
    found: list[Matter] = []
    for order in data.orders:
        recent = order.day is not None and today - order.day <= UNPAID_DAYS
        amount = ctx.money(order.asked, currency=order.currency)
        if order.kind != "order" or not recent:
            continue
        if order.state == "unpaid":
            text = _("Order …{tail} unpaid").format(tail=order.number[-4:])
            found.append(Matter("receipt-text", text, _("Unpaid"), "bad", order.number))
        elif order.state == "paid":
            text = _("Order …{tail}, {amount}, to be shipped").format(tail=order.number[-4:], amount=amount)
            found.append(Matter("package", text, _("To ship"), "info", order.number))
    due = data.due
    if due is not None and due.band in ("due", "overdue", "at_risk"):
        late = (ctx.today - due.due_on).days
        if late < 0:
            text = n_("Expected in {n} day", "Expected in {n} days", -late).format(n=-late)
        elif late == 0:
            text = _("Expected today")
        else:
            text = n_("Expected {n} day ago", "Expected {n} days ago", late).format(n=late)
        badge, tone = (_("Due"), "warn") if due.band == "due" else (_("Should be back"), "bad")
        found.append(Matter("clock", text, badge, tone, due.due_on.isoformat()))
    agreed = data.history.agreed
    if agreed is not None and agreed.day <= today:
        on = clock.day_date(agreed.day)
        text = _("Follow up as agreed: {text}").format(text=agreed.text) if agreed.text else _("Follow up as agreed")
        found.append(Matter("phone", text, words.day(on, today=ctx.today), "warn", on.isoformat()))
    born = data.birthday
    ahead = AHEAD_DAYS + 1 if born is None else (born.on - ctx.today).days
    if born is not None and ahead <= AHEAD_DAYS:
        near = {0: _("Birthday today"), 1: _("Birthday tomorrow")}
        text = near.get(ahead) or n_("Birthday in {n} day", "Birthday in {n} days", ahead).format(n=ahead)
        found.append(Matter("cake", text, _("Birthday"), "info", born.on.isoformat()))
    return found


class _Block(Card):
    def __init__(self, title: str, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent, padding=16, gap=6, name=name)
        self.body.setContentsMargins(16, 12, 16, 14)
        self.title = Text(title, self, bold=True, tone="second")
        self.body.addWidget(self.title)
        self._inner: QWidget | None = None

    def refill(self) -> QWidget:
        """A fresh inside instead of the old one."""
        if self._inner is not None:
            self.body.removeWidget(self._inner)
            self._inner.hide()
            self._inner.deleteLater()
        self._inner = QWidget(self)
        self.body.addWidget(self._inner)
        return self._inner


class CardSide(QWidget):
    """Blocks below each other; what has nothing to say is not there."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._matters = _Block(_("Open matters"), self, name=names.CARD_OPEN_MATTERS)
        self.attributes = CardAttributes(ctx, self)
        self.wishes = CardWishes(ctx, self)
        self.person = CardPerson(ctx, self)
        self.consents = CardConsents(ctx, self)
        self._particulars = _Block(_("Particulars"), self, name="card_particulars")
        self._favourites = _Block(_("Buys most"), self, name="card_favourites")
        self.offers = CardOffers(ctx, self)
        self.scripts = CardScripts(ctx, self)
        self._merges = CardMerges(ctx, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        for block in (
            self._matters, self.attributes, self.offers, self.wishes, self.scripts, self.person, self.consents,
            self._particulars, self._favourites, self._merges,
        ):  # fmt: skip
            self._column.addWidget(block)
        self._column.addStretch(1)

    def show_data(self, data: CustomerData, *, today: int) -> None:
        """Show a customer."""
        self._show_matters(data, today=today)
        self.attributes.show_data(data)
        self.offers.show_data(data)
        self.wishes.show_data(data)
        self.scripts.show_data(data)
        self.person.show_data(data)
        self.consents.show_data(data)
        self._show_particulars(data)
        self._show_favourites(data)
        self._merges.show_data(data)

    def _show_matters(self, data: CustomerData, *, today: int) -> None:
        column = QVBoxLayout(self._matters.refill())
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(8)
        found = matters(self._ctx, data, today=today)
        for matter in found[:6]:
            row = QHBoxLayout()
            row.setSpacing(8)
            words_ = Text(matter.text, self, wrap=True)
            words_.setToolTip(plain_tooltip(matter.tooltip))
            icon = Icon(matter.icon, self, size=16, tone="text")
            icon.setContentsMargins(0, 2, 0, 0)  # level with the first line of the words
            row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(words_, 1)
            row.addWidget(Badge(matter.badge, self, tone=matter.tone), 0, Qt.AlignmentFlag.AlignTop)
            column.addLayout(row)
        if not found:
            column.addWidget(Text(_("Nothing is open."), self, tone="third"))

    def _show_particulars(self, data: CustomerData) -> None:
        grid = QGridLayout(self._particulars.refill())
        grid.setContentsMargins(0, 2, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        figures, due = data.statistics, data.due
        lines: list[tuple[str, str]] = []
        if figures.first_at is not None:
            lines.append((_("First purchase"), figures.first_at.isoformat()))
        if figures.aov is not None:
            lines.append((_("An order"), self._ctx.money(figures.aov)))
        if due is not None and due.gaps:
            gaps = ", ".join(str(gap) for gap in due.gaps[-6:])
            lines.append((_("Gaps"), _("{gaps} days").format(gaps=gaps)))
        shops = sorted(map(words.platform, data.sums.platforms))
        if shops:
            lines.append((_("Bought on"), _(", ").join([*shops, *data.sums.stores][:4])))
        if data.recipient_name:
            lines.append(
                (_("Recipient"), " ".join(part for part in (data.recipient_name, data.recipient_phone) if part))
            )
        for number, (label, value) in enumerate(lines):
            grid.addWidget(Text(label, self, tone="second"), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Text(value, self, wrap=True), number, 1)
        if data.address:
            self._add_address(grid, len(lines), data.address, name=f"{names.CARD_COPY}_address")
        self._particulars.setVisible(bool(lines) or bool(data.address))

    def _add_address(self, grid: QGridLayout, at: int, address: str, *, name: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(Text(address, self, wrap=True), 1)
        if not is_masked(address):
            copy = copy_button(self, name=name, label=_("Copy the address"))
            copy.clicked.connect(lambda: self._ctx.copy(address, said=_("Address copied"), private=True))
            row.addWidget(copy, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Text(_("Address"), self, tone="second"), at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(row, at, 1)

    def _show_favourites(self, data: CustomerData) -> None:
        grid = QGridLayout(self._favourites.refill())
        grid.setContentsMargins(0, 2, 0, 0)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        bought: Counter[str] = Counter()
        for order in data.orders:
            if order.valid:
                bought.update({item.title: item.quantity for item in order.items})
        usual = [(title, count) for title, count in bought.most_common(5) if count > 0]
        for number, (title, count) in enumerate(usual):
            label = Elided(words.short_title(title), self)
            label.setToolTip(plain_tooltip(title))
            grid.addWidget(label, number, 0)
            grid.addWidget(Text(f"×{count}", self, tone="second"), number, 1, Qt.AlignmentFlag.AlignRight)
        self._favourites.setVisible(bool(usual))
