"""What the shop is (C5, C6): trade, currency, time zone. Another currency or zone says first what it would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shopcrm.base import trades
from shopcrm.base.i18n import N_, _, n_, sentences
from shopcrm.base.options import TRADE
from shopcrm.collect import recount, settings
from shopcrm.collect.recount import Outlook
from shopcrm.ui import names
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Banner
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.text import plain_tooltip
from shopcrm.ui.settings.section import Drop, Lines, Section

CURRENCIES: Final = (
    "CNY", "HKD", "TWD", "MOP", "USD", "EUR", "GBP", "JPY", "KRW", "SGD", "MYR", "THB", "VND", "PHP", "IDR", "AUD",
    "NZD", "CAD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "TRY", "AED", "SAR", "ILS", "INR", "BRL", "MXN",
    "ZAR",
)  # fmt: skip
_CONTINENTS: Final = frozenset({"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"})


@dataclass(frozen=True)
class _Names:
    """(value, words) of the two long lists, in the language in use."""

    currencies: Sequence[tuple[str, str]]
    zones: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class _Wish:
    """Another currency or zone, and what it would mean."""

    currency: str
    timezone: str
    outlook: Outlook
    moving: int


class ShopSection(Section):
    """Trade is an ordinary option; currency and zone are counted anew with a backup before, and taken back."""

    key = "shop"
    title = N_("Shop")
    icon = "store"

    def _build(self) -> None:
        self._names: _Names | None = None
        self._wish: _Wish | None = None
        card = self.card(_("Shop"))
        self._trade = Drop(card, label=_("Trade"), name=f"{names.SETTINGS}_trade")
        self._trade.addItem(_("Not said"), "")
        for key in trades.NAMES:
            self._trade.addItem(trades.name(key), key)
        card.line(
            _("Trade"),
            self._trade,
            text=_("Decides what is worth knowing of a customer: sizes, the age of a child, a pet."),
        )
        self._currency = Drop(card, label=_("Currency"), name=f"{names.SETTINGS}_currency")
        card.line(
            _("Currency"),
            self._currency,
            text=_("Sums hold the orders in this currency; others count as purchases only."),
        )
        self._zone = Drop(card, label=_("Time zone"), name=f"{names.SETTINGS}_timezone")
        card.line(_("Time zone"), self._zone, text=_("Decides on which day an order falls."))
        self._ask = self._banner(card)
        self._other()
        self._trade.activated.connect(self._choose_trade)
        self._currency.activated.connect(self._weigh)
        self._zone.activated.connect(self._weigh)

    def _banner(self, card: Lines) -> Banner:
        banner = Banner("", card, tone="warn", icon="info")
        flow = FlowLayout(gap=8, line_gap=8)
        inner = QWidget(banner)
        inner.setLayout(flow)
        self._do = Button("", inner, kind="primary", size="medium", name=f"{names.SETTINGS}_recount")
        self._leave = Button(_("Leave it as it is"), inner, size="medium", name=f"{names.SETTINGS}_recount_not")
        self._do.clicked.connect(self._recount)
        self._leave.clicked.connect(self._forget)
        flow.addWidget(self._do)
        flow.addWidget(self._leave)
        banner.hide()
        card.body.addWidget(banner)
        self._answers = inner
        inner.hide()
        card.body.addWidget(inner)
        return banner

    def _other(self) -> None:
        demo = self.ctx.shop.info.is_demo
        card = self.card(
            _("Demo shop") if not demo else _("This is the demo shop"),
            _("A shop of its own with invented people, to try things out. It is never mixed with yours."),
        )
        other = Button(
            _("Open my own shop") if demo else _("Open the demo shop"), card, icon="store", size="medium",
            name=f"{names.SETTINGS}_other_shop",
        )  # fmt: skip
        other.clicked.connect(lambda: self.shop_wanted.emit(not demo))
        row = QHBoxLayout()
        row.addWidget(other)
        row.addStretch(1)
        card.body.addLayout(row)

    # Reading

    def refresh(self) -> None:
        """Read the trade; the long lists of names come with it the first time."""
        known, info, language = self._names, self.ctx.shop.info, self.ctx.language

        def question(tx: Any) -> tuple[str, _Names]:
            return tx.option(TRADE), known or _names(language, info.currency, info.timezone, tx.now)

        self.ctx.read(self, question, done=self._show, latest="shop")

    def _show(self, found: tuple[str, _Names]) -> None:
        trade, listed = found
        self._trade.choose(trade)
        if listed is not self._names:
            self._names = listed
            for drop, entries in ((self._currency, listed.currencies), (self._zone, listed.zones)):
                drop.clear()
                for value, words in entries:
                    drop.addItem(words, value)
                    drop.setItemData(drop.count() - 1, plain_tooltip(value), Qt.ItemDataRole.ToolTipRole)
        if self._wish is None:
            self._forget()

    # Doing

    def _choose_trade(self) -> None:
        trade = str(self._trade.currentData())
        said = _("Trade: {name}").format(name=self._trade.currentText())
        self.ctx.write_undoable(self, lambda tx: settings.choose(tx, {TRADE: trade}), said=said)

    def _weigh(self) -> None:
        """Ask what the chosen currency and zone would mean."""
        currency, timezone = str(self._currency.currentData()), str(self._zone.currentData())
        info = self.ctx.shop.info
        if (currency, timezone) == (info.currency, info.timezone):
            self._forget()
            return

        def question(tx: Any) -> _Wish:
            moving = recount.moving_days(tx, timezone=timezone) if timezone != tx.shop.timezone else 0
            return _Wish(currency, timezone, recount.outlook(tx, currency=currency), moving)

        self.ctx.read(self, question, done=self._say, latest="wish")

    def _say(self, wish: _Wish) -> None:
        info, self._wish = self.ctx.shop.info, wish
        parts = []
        if wish.currency != info.currency:
            parts += outlook_words(wish.outlook, currency=wish.currency)
        if wish.timezone != info.timezone:
            parts.append(
                n_("{n} order then falls on another day.", "{n} orders then fall on another day.", wish.moving).format(
                    n=f"{wish.moving:,}"
                )
            )
        self._ask.text.setText(sentences(*parts))
        self._ask.remark.setText(_("All figures are counted anew, after a backup. It can be undone."))
        self._ask.remark.show()
        target = wish.currency if wish.currency != info.currency else wish.timezone
        self._do.set_text(_("Change to {target}").format(target=target))
        self._ask.show()
        self._answers.show()
        self._do.setFocus()
        QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self._answers))  # once it has its place

    def _forget(self) -> None:
        """Show what stands."""
        self._wish = None
        had_focus = self._do.hasFocus() or self._leave.hasFocus()
        self._ask.hide()
        self._answers.hide()
        info = self.ctx.shop.info
        self._currency.choose(info.currency)
        self._zone.choose(info.timezone)
        if had_focus:
            self._currency.setFocus()

    def _recount(self) -> None:
        wish, info = self._wish, self.ctx.shop.info
        if wish is not None:
            said = _("Counted anew: {currency}, {timezone}").format(currency=wish.currency, timezone=wish.timezone)
            back = (info.currency, info.timezone)
            if self._start(wish.currency, wish.timezone, said=said, back=back):
                self._forget()

    def _start(self, currency: str, timezone: str, *, said: str, back: tuple[str, str] | None) -> bool:
        ctx, shop = self.ctx, self.ctx.shop

        def done(_changed: bool) -> None:  # noqa: FBT001  # the job's answer
            undo = None if back is None else lambda: self._undo(*back)
            ctx.messages.toast(said, undo=undo, icon="circle-check" if back else "undo-2")

        return ctx.jobs.run(
            ctx,  # the answer is wanted also when another page is looked at
            lambda progress: shop.recount(currency=currency, timezone=timezone, progress=progress),
            _("Counting anew"),
            done=done,
        )

    def _undo(self, currency: str, timezone: str) -> None:
        self._start(currency, timezone, said=_("Undone."), back=None)

    def first_control(self) -> QWidget | None:
        """The trade."""
        return self._trade


def outlook_words(outlook: Outlook, *, currency: str) -> list[str]:
    """What the sums of a currency would hold, and what they would leave out, in sentences."""
    counted = n_(
        "{n} order in {currency} is then in the sums.",
        "{n} orders in {currency} are then in the sums.",
        outlook.counted,
    )
    parts = [counted.format(n=f"{outlook.counted:,}", currency=currency)]
    for code, count in outlook.left_out.items():
        words = n_(
            "{n} order in {currency} is then left out of the sums.",
            "{n} orders in {currency} are then left out of the sums.",
            count,
        )
        parts.append(words.format(n=f"{count:,}", currency=code))
    return parts


def _names(language: str, currency: str, timezone: str, now: datetime) -> _Names:
    """The lists in the language's words: reading the calendar data takes longer than the window may wait."""
    from babel.dates import get_timezone_location
    from babel.numbers import get_currency_name

    codes = dict.fromkeys((currency, *CURRENCIES))
    currencies = [(code, f"{get_currency_name(code, locale=language)} ({code})") for code in codes]
    zones = []
    for name in {timezone, *available_timezones()}:
        if name != timezone and name.partition("/")[0] not in _CONTINENTS:
            continue
        zone = ZoneInfo(name)
        offset = now.astimezone(zone).utcoffset()
        minutes = 0 if offset is None else int(offset.total_seconds() // 60)
        sign, size = "+" if minutes >= 0 else "−", abs(minutes)
        city = get_timezone_location(zone, locale=language, return_city=True)
        zones.append((minutes, name, f"UTC{sign}{size // 60:02d}:{size % 60:02d} {city}"))
    return _Names(currencies, [(name, words) for _minutes, name, words in sorted(zones)])
