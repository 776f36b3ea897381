"""On the card: who was made one with this customer, when and why; each can be taken apart (C4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act.desk import Card as CustomerData
from shopcrm.base import clock
from shopcrm.base.i18n import _
from shopcrm.collect import joins, who_is_who
from shopcrm.collect.customer_merges import Part
from shopcrm.collect.joins import Join
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts import twin_words
from shopcrm.ui.parts.card_block import CardBlock


class CardMerges(CardBlock):
    """Not there while the customer was always one."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("Made one of"), parent, name="card_merges")
        self._ctx = ctx
        self.hide()

    def show_data(self, data: CustomerData) -> None:
        """Show a customer."""
        column = QVBoxLayout(self.refill())
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(8)
        for one in data.made_of:
            column.addLayout(
                self._line(
                    one.name, one.merge.evidence, one.merge.at, name=f"{names.CARD_MERGE_APART}_{one.merge.id}",
                    apart=partial(self._take_apart, one, data.name),
                )
            )  # fmt: skip
        for join in data.joins:
            shown = f"{words.platform(join.platform)} {join.display}"
            column.addLayout(
                self._line(
                    shown, [join.evidence], join.at, name=f"{names.CARD_JOIN_APART}_{join.id}",
                    apart=partial(self._split, join, data.name),
                )
            )  # fmt: skip
        self.setVisible(bool(data.made_of or data.joins))

    def _line(
        self, who: str, evidence: Sequence[Mapping[str, str]], at: int, *, name: str, apart: Callable[[], None]
    ) -> QHBoxLayout:
        when = words.moment(clock.instant(at).astimezone(self._ctx.zone), today=self._ctx.today)
        why = _(", ").join(twin_words.evidence(each) for each in evidence)
        told = _("{when}: {why}").format(when=when, why=why)
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addWidget(Text(who or "—", self, wrap=True))
        lines.addWidget(Text(told, self, tone="second", size=theme.SMALL, wrap=True))
        button = Button(_("Take apart"), self, name=name)
        button.setAccessibleName(_("Take apart: {name}").format(name=who))
        button.clicked.connect(apart)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(lines, 1)
        row.addWidget(button)
        return row

    def _take_apart(self, one: Part, name: str) -> None:
        number = one.merge.id
        said = _("{first} and {second} are two again, each with their own orders").format(first=name, second=one.name)
        self._ctx.write_undoable(self, lambda tx: who_is_who.unmerge(tx, number), said=said)

    def _split(self, join: Join, name: str) -> None:
        number = join.id
        said = _("{first} and {second} are two again, each with their own orders")
        self._ctx.write_undoable(
            self, lambda tx: joins.split(tx, number), said=said.format(first=name, second=join.display)
        )
