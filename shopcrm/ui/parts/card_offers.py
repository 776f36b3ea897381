"""On the card (U1): two or three products to offer to this customer now, each with the reason."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act import offers
from shopcrm.act.desk import Card as CustomerData
from shopcrm.act.offers import Offer
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import _, n_
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import copy_button
from shopcrm.ui.kit.text import Elided, Icon, Text, plain_tooltip
from shopcrm.ui.parts.card_block import CardBlock

_ICONS = {"run_out": "clock", "pairs": "package", "together": "users"}


class CardOffers(CardBlock):
    """Not there where there is nothing to offer. Asked apart from the card, which does not wait for it."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("Worth offering"), parent, name=names.CARD_OFFERS)
        self._ctx = ctx
        self._customer: int | None = None
        self._shown: tuple[Offer, ...] | None = None
        ctx.hub.changed.connect(self._changed)
        self.hide()

    def show_data(self, data: CustomerData) -> None:
        """Show what to offer to a customer."""
        if data.id != self._customer:
            self._customer, self._shown = data.id, None
            self.hide()
        self._read()

    def _changed(self, changes: Changes) -> None:
        if changes & Changes.PRODUCTS and self._customer is not None:
            self._read()

    def _read(self) -> None:
        customer, shop = self._customer, self._ctx.shop
        if customer is not None:
            self._ctx.read(
                self,
                lambda tx: offers.offers(tx, shop.columns(), customer),
                done=lambda found: self._show(customer, found),
                latest="offers",
            )

    def _show(self, customer: int, found: tuple[Offer, ...]) -> None:
        if customer != self._customer or found == self._shown:
            return
        self._shown = found
        inner = self.refill()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(8)
        for number, offer in enumerate(found):
            column.addLayout(self._row(offer, number, inner))
        self.setVisible(bool(found))

    def _row(self, offer: Offer, number: int, parent: QWidget) -> QHBoxLayout:
        title = words.short_title(offer.title)
        name = Elided(title, parent)
        name.setToolTip(plain_tooltip(offer.title))
        copy = copy_button(parent, name=f"{names.CARD_OFFERS}_{number}", label=_("Copy “{title}”").format(title=title))
        copy.clicked.connect(partial(self._copy, offer))
        icon = Icon(_ICONS[offer.kind], parent, size=16, tone="text")
        icon.setContentsMargins(0, 2, 0, 0)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(name, 1)
        if offer.price is not None:
            head.addWidget(Text(self._ctx.money(offer.price), parent, bold=True))
        head.addWidget(copy)
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addLayout(head)
        lines.addWidget(Text(reason(self._ctx, offer), parent, tone="second", size=theme.SMALL, wrap=True))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        return row

    def _copy(self, offer: Offer) -> None:
        self._ctx.copy(offer.title, said=_("Product copied"))
        if self._customer is not None:
            self._ctx.served.emit(self._customer)


def reason(ctx: Context, offer: Offer) -> str:
    """Why a product is offered."""
    if offer.kind == "run_out" and offer.on is not None:
        left = (offer.on - ctx.today).days
        if left > 0:
            return n_("Used up in about {n} day", "Used up in about {n} days", left).format(n=left)
        if left == 0:
            return _("Used up about today")
        return n_("Used up about {n} day ago", "Used up about {n} days ago", -left).format(n=-left)
    because = words.short_title(offer.because)
    if offer.kind == "pairs":
        return _("Goes with {product}").format(product=because)
    return n_(
        "{also} of {n} buyer of {product} bought it too",
        "{also} of {n} buyers of {product} bought it too",
        offer.buyers,
    ).format(also=offer.also, n=offer.buyers, product=because)
