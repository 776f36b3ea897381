"""The customer card beside a list."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import names
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.parts.card import CustomerCard


class Inspector(QWidget):
    """Hidden until a customer is opened; closed by its cross or by Esc in the list."""

    closed = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(names.INSPECTOR)
        self._ctx = ctx
        self._card: CustomerCard | None = None
        self._customer: int | None = None
        desk = Button(_("Open at the desk"), self, kind="ghost", icon="external-link", name=names.INSPECTOR_DESK)
        close = Button("", self, kind="ghost", icon="x", label=_("Close the card (Esc)"), name=names.INSPECTOR_CLOSE)
        desk.clicked.connect(self._to_desk)
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(desk)
        head.addStretch(1)
        head.addWidget(close)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addLayout(head)
        self.hide()

    @property
    def customer(self) -> int | None:
        """Whose card it is."""
        return self._customer

    def show_customer(self, customer: int) -> None:
        """Show a customer's card; it is built when it is first wanted."""
        if self._card is None:
            self._card = CustomerCard(self._ctx, self)
            self._card.gone.connect(self.closed)
            self._column.addWidget(self._card, 1)
            # The keys of the desk's card work at the desk only.
            if (copy := self._card.findChild(Button, names.CARD_GREETING_COPY)) is not None:
                copy.set_keys("")
        self._customer = customer
        self._card.show_customer(customer)
        self.show()

    def _to_desk(self) -> None:
        if self._customer is not None:
            self._ctx.open_customer(self._customer)
