"""On the card (U1): what is open with a customer now, and what the trade keeps of her; side by side where it fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act.desk import Card as CustomerData
from shopcrm.act.desk import waits
from shopcrm.act.reminders import AHEAD_DAYS
from shopcrm.base import clock
from shopcrm.base.i18n import _, n_
from shopcrm.mine import parcels
from shopcrm.mine.parcels import Parcel
from shopcrm.mine.tastes import Doubt
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.marks import Badge
from shopcrm.ui.kit.text import Icon, Text, plain_tooltip
from shopcrm.ui.parts.card_attributes import CardAttributes
from shopcrm.ui.parts.card_block import CardBlock

BESIDE_FROM: Final = 560


@dataclass(frozen=True)
class Matter:
    """Something open: what, how urgent."""

    icon: str
    text: str
    badge: str
    tone: str
    tooltip: str = ""


def matters(ctx: Context, data: CustomerData, *, today: int) -> list[Matter]:
    """What is open with a customer: unpaid, to be shipped, late, due by the own cycle, a birthday soon."""
    waiting = {parcel.order: parcel for parcel in data.parcels}
    found: list[Matter] = []
    for order in data.orders:
        doubted = [_doubted(doubt) for doubt in data.particulars.doubts if doubt.order == order.number]
        if order.id in waiting:
            found += [overdue(waiting[order.id]), *doubted]
            continue
        amount = ctx.money(order.asked, currency=order.currency)
        if not waits(order, today=today):
            continue
        if order.state == "unpaid":
            text = _("Order …{tail} unpaid") if order.asked <= 0 else _("Order …{tail}, {amount}")
            text = text.format(tail=order.number[-4:], amount=amount)
            found.append(Matter("receipt-text", text, _("Unpaid"), "bad", order.number))
        else:
            text = _("Order …{tail}, {amount}, to be shipped").format(tail=order.number[-4:], amount=amount)
            found.append(Matter("package", text, _("To ship"), "info", order.number))
        found += doubted
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


def overdue(parcel: Parcel) -> Matter:
    """What is said of a parcel that is late, stuck or not sent."""
    tail, days, usual = parcel.number[-4:], parcel.days, parcel.expected.days
    if parcel.kind == parcels.NOT_SENT:
        text = n_("Order …{tail}: paid {n} day ago, not sent", "Order …{tail}: paid {n} days ago, not sent", days)
    elif parcel.expected.by == parcels.DEFAULT:
        text = n_("Order …{tail}: {n} day under way", "Order …{tail}: {n} days under way", days)
    else:
        text = n_(
            "Order …{tail}: {n} day under way, usually {usual}",
            "Order …{tail}: {n} days under way, usually {usual}",
            days,
        )
    tooltip = " ".join(part for part in (parcel.carrier, parcel.tracking_number or parcel.number) if part)
    return Matter(
        "package",
        text.format(tail=tail, n=days, usual=usual),
        _(parcels.KINDS[parcel.kind]),
        "bad" if parcel.kind == parcels.STUCK else "warn",
        tooltip,
    )


def _doubted(doubt: Doubt) -> Matter:
    runs = {
        "large": _("Ordered {ordered}, usually {usual}, and it runs large"),
        "small": _("Ordered {ordered}, usually {usual}, and it runs small"),
    }
    text = runs.get(doubt.fit or "") or _("Ordered {ordered}, usually {usual}")
    ordered, usual = map(doubt.attribute.shown, (doubt.ordered, doubt.usual))
    told = f"{doubt.title}\n{doubt.attribute.label}"
    return Matter("triangle-alert", text.format(ordered=ordered, usual=usual), _("Size?"), "warn", told)


class CardMatters(CardBlock):
    """What is open, the most pressing first; where nothing is, it says so."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("Open matters"), parent, name=names.CARD_OPEN_MATTERS)
        self._ctx = ctx

    def show_data(self, data: CustomerData, *, today: int) -> None:
        """Show a customer."""
        column = QVBoxLayout(self.refill())
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


class CardNow(QWidget):
    """The two of them, as high as each other where they stand side by side."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matters = CardMatters(ctx, self)
        self.attributes = CardAttributes(ctx, self)
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        # A birthday in both calendars, with what she turns, stands on one line.
        self._row.addWidget(self.matters, 3)
        self._row.addWidget(self.attributes, 4)

    def show_data(self, data: CustomerData, *, today: int) -> None:
        """Show a customer."""
        self.matters.show_data(data, today=today)
        self.attributes.show_data(data)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= theme.current().px(BESIDE_FROM)
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
