"""On the card (U2): who she is, whether she may be written to, what her orders tell; folded where room is scarce."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act.desk import Card as CustomerData
from shopcrm.base.i18n import _
from shopcrm.base.text import is_masked
from shopcrm.ui import names, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button, copy_button
from shopcrm.ui.kit.text import Elided, Text, plain_tooltip
from shopcrm.ui.parts.card_block import CardBlock
from shopcrm.ui.parts.card_consents import CardConsents
from shopcrm.ui.parts.card_merges import CardMerges
from shopcrm.ui.parts.card_person import NEW as ADDRESS_NEW
from shopcrm.ui.parts.card_person import CardPerson


class CardAbout(QWidget):
    """Blocks below each other; what has nothing to say is not there. Folded they are one line."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._foldable, self._open = False, False
        self._fold = Button(_("More about her"), self, kind="ghost", icon="chevron-down", name=names.CARD_MORE)
        self._fold.clicked.connect(lambda: self.unfold(on=not self._open))
        self._blocks = QWidget(self)
        self.person = CardPerson(ctx, self._blocks)
        self.consents = CardConsents(ctx, self._blocks)
        self._particulars = CardBlock(_("Particulars"), self._blocks, name="card_particulars")
        self._favourites = CardBlock(_("Buys most"), self._blocks, name="card_favourites")
        self._merges = CardMerges(ctx, self._blocks)
        column = QVBoxLayout(self._blocks)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for block in (self.person, self.consents, self._particulars, self._favourites, self._merges):
            column.addWidget(block)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        outer.addWidget(self._blocks)
        self._show_fold()

    def show_data(self, data: CustomerData) -> None:
        """Show a customer."""
        self.person.show_data(data)
        self.consents.show_data(data)
        self._show_particulars(data)
        self._show_favourites(data)
        self._merges.show_data(data)

    def set_foldable(self, *, foldable: bool) -> None:
        """Whether it is one line until somebody opens it."""
        self._foldable = foldable
        self._show_fold()

    def unfold(self, *, on: bool) -> None:
        """Open it, or make it one line again."""
        self._open = on
        self._show_fold()

    def ask_consent(self) -> None:
        """Open what can be noted of what she agreed to."""
        self.unfold(on=True)
        self.consents.take_keyboard()

    def ask_person(self) -> None:
        """Open what can be noted of who she is."""
        self.unfold(on=True)
        self.person.take_keyboard()

    def add_address(self) -> None:
        """Open the field for one more address."""
        self.unfold(on=True)
        self.person.add(ADDRESS_NEW)

    def _show_fold(self) -> None:
        self._fold.setVisible(self._foldable)
        self._fold.set_icon("chevron-up" if self._open else "chevron-down")
        self._fold.setAccessibleName(_("Less about her") if self._open else _("More about her"))
        self._blocks.setVisible(self._open or not self._foldable)

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
                (_("Recipient"), " ".join(part for part in (data.recipient_name, _phone(data.recipient_phone)) if part))
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


def _phone(told: str | None) -> str:
    return words.phone(told) if told else ""
