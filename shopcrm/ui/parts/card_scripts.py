"""On the card (U2): the scripts to say to this customer now, and answers about the products that are under way.

Each is filled and has its copy button; below them stands what came of the last one that was copied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act import blanks, script_uses, scripts
from shopcrm.act.blanks import Person
from shopcrm.act.desk import Card as CustomerData
from shopcrm.act.script_uses import Use
from shopcrm.act.scripts import Script, Wording
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import _
from shopcrm.base.titles import spoken
from shopcrm.collect.product_answers import Answer
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button, copy_button
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.passage import Passage
from shopcrm.ui.kit.text import Elided, Text, numbers_held
from shopcrm.ui.parts import script_words
from shopcrm.ui.parts.card_block import CardBlock
from shopcrm.ui.parts.script_outcome import ScriptOutcome

OFFERED = 3
ANSWERS = 3
_LINES = 2


@dataclass(frozen=True)
class _Offer:
    who: Person
    scripts: tuple[Script, ...]
    answers: tuple[Answer, ...]  # about the products of orders under way
    last: Use | None


class CardScripts(CardBlock):
    """Reads when a customer is shown and when scripts were changed or used."""

    wanted = Signal()  # all of them, to search in
    copied = Signal()  # a script was copied: the customer is being served

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("Scripts"), parent, name=names.CARD_SCRIPTS)
        self._ctx = ctx
        self._data: CustomerData | None = None
        self._shown: _Offer | None = None
        find = Button(
            _("Find"),
            self,
            kind="ghost",
            icon="search",
            keys="/",
            name=names.CARD_SCRIPT_FIND,
            label=_("Find a script and copy it"),
        )
        find.clicked.connect(self.wanted)
        self.outcome = ScriptOutcome(ctx, self, name="card_script")
        self.add_button(find)
        self.put(self.outcome)
        ctx.hub.changed.connect(self._changed)

    def show_data(self, data: CustomerData) -> None:
        """Show what to say to a customer."""
        if self._data is not None and self._data.id != data.id:
            self.outcome.show_use(None, titled=True)  # nobody tells of one what came of another's
        self._data = data
        self._read()

    def _changed(self, changes: Changes) -> None:
        if changes & Changes.SCRIPTS and self._data is not None:
            self._read()

    def _read(self) -> None:
        data = self._data
        if data is None:
            return
        shop = self._ctx.shop

        def question(tx: Any) -> _Offer:
            who = blanks.of_profile(tx, data)
            columns = shop.columns_at_hand()  # titles of products are not worth waiting for
            asked = scripts.answers(tx, codes=who.codes, columns=columns) if who.codes else []
            found = scripts.suggested(tx, who, limit=OFFERED)
            return _Offer(who, tuple(found), tuple(asked[:ANSWERS]), script_uses.last_for(tx, who.id))

        self._ctx.read(self, question, done=self._show, latest="offer")

    def _show(self, offer: _Offer) -> None:
        if self._data is None or offer.who.id != self._data.id or offer == self._shown:
            return
        self._shown = offer
        self.outcome.show_use(offer.last, titled=True)
        focused = QApplication.focusWidget()
        name = focused.objectName() if focused is not None and self.isAncestorOf(focused) else ""
        inner = self.refill()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        offered: tuple[Wording, ...] = (*offer.scripts, *offer.answers)
        for number, wording in enumerate(offered):
            if offer.answers and wording is offer.answers[0]:
                column.addWidget(Text(_("About what is on its way"), inner, tone="second", size=theme.SMALL))
            column.addWidget(self._row(offer.who, wording, number, inner))
        if not offered:
            column.addWidget(Text(_("What you say often stands here, filled."), inner, tone="third", wrap=True))
            start = Button(_("Ready-made scripts"), inner, icon="sparkles", name=names.CARD_SCRIPT_START)
            start.clicked.connect(lambda: self._ctx.go_to("scripts"))
            column.addWidget(start)
        again = inner.findChild(Button, name) if name else None
        if again is not None:
            again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, who: Person, wording: Wording, number: int, parent: QWidget) -> QWidget:
        row = Card(parent, padding=0, gap=2, tone="surface" if number else "raised", bordered=False)
        row.body.setContentsMargins(10, 6, 6, 8)
        label = _("Copy “{title}”").format(title=wording.title)
        copy = copy_button(row, name=f"{names.CARD_SCRIPT_COPY}_{number}", label=label)
        copy.clicked.connect(lambda: self._copy(wording, who))
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(Elided(wording.title, row, bold=True), 1)
        if isinstance(wording, Script) and (whom := script_words.suits(wording.audience, who)):
            head.addWidget(Text(whom, row, tone="second", size=theme.SMALL))
        head.addWidget(copy)
        words = Passage(row, lines=_LINES)
        words.show_stretches(script_words.stretches(script_words.filled(wording, who)))
        row.body.addLayout(head)
        row.body.addWidget(words)
        if remark := _remark(wording):
            row.body.addWidget(Text(numbers_held(remark), row, tone="second", size=theme.SMALL, wrap=True))
        return row

    def _copy(self, wording: Wording, who: Person) -> None:
        script_words.copy_script(self._ctx, self, wording, who)
        self.copied.emit()


def _remark(wording: Wording) -> str:
    """When a script is for and how it did; which product an answer is about."""
    if isinstance(wording, Answer):
        return spoken(wording.product) or wording.code
    parts = (script_words.situation(wording.situation), script_words.helped(wording.tally))
    return " · ".join(part for part in parts if part)
