"""What the shop is (C5, C6): trade, currency, time zone. Another currency or zone says first what it would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shopcrm.base import guesses, trades
from shopcrm.base.i18n import N_, _, n_, sentences
from shopcrm.base.options import CONTACT_AGREED, TRADE
from shopcrm.collect import recount, settings
from shopcrm.collect.recount import Outlook
from shopcrm.ui import names
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Banner
from shopcrm.ui.kit.combo import Combo
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.settings.section import Lines, Section


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
        self._lists: guesses.Lists | None = None
        self._wish: _Wish | None = None
        card = self.card(_("Shop"))
        self._trade = Combo(card, label=_("Trade"), name=f"{names.SETTINGS}_trade", width=230)
        self._trade.set_choices([("", _("Not said")), *((key, trades.name(key)) for key in trades.NAMES)], chosen="")
        card.line(
            _("Trade"),
            self._trade,
            text=_("Decides what is worth knowing of a customer: sizes, the age of a child, a pet."),
        )
        self._currency = Combo(card, label=_("Currency"), name=f"{names.SETTINGS}_currency", searchable=True, width=230)
        card.line(
            _("Currency"),
            self._currency,
            text=_("Sums hold the orders in this currency; others count as purchases only."),
        )
        self._zone = Combo(card, label=_("Time zone"), name=f"{names.SETTINGS}_timezone", searchable=True, width=230)
        card.line(_("Time zone"), self._zone, text=_("Decides on which day an order falls."))
        self._agreed = Combo(card, label=_("Write to"), name=f"{names.SETTINGS}_agreed", width=230)
        self._agreed.set_choices([("", _("all who did not opt out")), ("yes", _("only who agreed"))], chosen="")
        card.line(
            _("Write to"),
            self._agreed,
            text=_("Whom lists for text messages and contacts hold. Who opted out is in none of them."),
        )
        self._ask = self._banner(card)
        self._other()
        self._trade.picked.connect(self._choose_trade)
        self._agreed.picked.connect(self._choose_agreed)
        self._currency.picked.connect(lambda _code: self._weigh())
        self._zone.picked.connect(lambda _code: self._weigh())

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
        known, language = self._lists, self.ctx.language

        def question(tx: Any) -> tuple[str, bool, guesses.Lists]:
            return tx.option(TRADE), tx.option(CONTACT_AGREED), known or guesses.lists(language, at=tx.now)

        self.ctx.read(self, question, done=self._show, latest="shop")

    def _show(self, found: tuple[str, bool, guesses.Lists]) -> None:
        trade, agreed, lists = found
        self._trade.set_key(trade)
        self._agreed.set_key("yes" if agreed else "")
        if lists is not self._lists:
            self._lists, info = lists, self.ctx.shop.info
            self._currency.set_choices(guesses.offered(lists.currencies, info.currency), chosen=info.currency)
            self._zone.set_choices(guesses.offered(lists.zones, info.timezone), chosen=info.timezone)
        if self._wish is None:
            self._forget()

    # Doing

    def _choose_trade(self, trade: str) -> None:
        said = _("Trade: {name}").format(name=self._trade.currentText())
        self.ctx.write_undoable(self, lambda tx: settings.choose(tx, {TRADE: trade}), said=said)

    def _choose_agreed(self, key: str) -> None:
        said = _("Write to: {whom}").format(whom=self._agreed.currentText())
        self.ctx.write_undoable(self, lambda tx: settings.choose(tx, {CONTACT_AGREED: bool(key)}), said=said)

    def _weigh(self) -> None:
        """Ask what the chosen currency and zone would mean."""
        currency, timezone = self._currency.key(), self._zone.key()
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
        self._currency.set_key(info.currency)
        self._zone.set_key(info.timezone)
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
