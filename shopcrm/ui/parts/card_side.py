"""Beside the card: what to offer, what to say, what she still wants, and who she is."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopcrm.act.desk import Card as CustomerData
from shopcrm.ui.context import Context
from shopcrm.ui.parts.card_about import CardAbout
from shopcrm.ui.parts.card_offers import CardOffers
from shopcrm.ui.parts.card_scripts import CardScripts
from shopcrm.ui.parts.card_wishes import CardWishes


class CardSide(QWidget):
    """Blocks below each other; what has nothing to say is not there."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offers = CardOffers(ctx, self)
        self.scripts = CardScripts(ctx, self)
        self.wishes = CardWishes(ctx, self)
        self.about = CardAbout(ctx, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for block in (self.offers, self.scripts, self.wishes, self.about):
            column.addWidget(block)
        column.addStretch(1)

    def show_data(self, data: CustomerData) -> None:
        """Show a customer."""
        self.offers.show_data(data)
        self.scripts.show_data(data)
        self.wishes.show_data(data)
        self.about.show_data(data)
