"""The eight groups as a grid: how many, what they bring, which levels of R, F and M make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from shopcrm.base.i18n import _, n_, p_
from shopcrm.base.money import to_decimal
from shopcrm.mine.rfm import GROUPS, GroupLine
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.progress import Bar
from shopcrm.ui.kit.text import Elided, Text, plain_tooltip

TOO_LARGE: Final = 0.60
TOO_SMALL: Final = 0.01
_SHORT_FROM: Final = 10_000  # where Chinese begins to say 万
LEVELS: Final = {group.key: group.levels for group in GROUPS}
TREATMENTS: Final = {group.key: group.treatment for group in GROUPS}
KEYS: Final = tuple(words.GROUPS)  # in the grid's order: near above far, each from many and much to few and little
_STEPS: Final = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


@dataclass(frozen=True)
class GroupFigures:
    """What a card of the grid shows."""

    line: GroupLine
    customers: int  # of all groups
    bar: float  # 0–1, against the group with the largest share


def level_words(key: str) -> tuple[str, str, str]:
    """A group's levels in three short words: 近 多 高."""
    recency, frequency, money = LEVELS[key]
    return (
        p_("recency", "near") if recency == "near" else p_("recency", "far"),
        p_("frequency", "many") if frequency == "high" else p_("frequency", "few"),
        p_("money", "high") if money == "high" else p_("money", "low"),
    )


def compact_money(minor: int, *, currency: str, language: str) -> str:
    """An amount in few characters: ¥4,841, ¥41.2万, $412K."""
    from babel.numbers import format_compact_currency, format_currency  # type: ignore[attr-defined]  # not in the stubs

    amount, sign = to_decimal(minor, currency=currency), "¥" if currency == "CNY" else currency
    if abs(amount) < _SHORT_FROM:
        # The short form would leave it as it is: ¥4841.1.
        text = format_currency(amount, sign, "¤#,##0", locale=language, currency_digits=False)
    else:
        text = format_compact_currency(amount, sign, locale=language, fraction_digits=1)
    return str(text).replace("\N{NO-BREAK SPACE}", "")


def percent(share: float) -> str:
    """A share with one decimal place: 33.8 %."""
    return f"{share * 100:.1f} %"


class GroupCard(Card):
    """One group; a button that opens it."""

    focused = Signal()

    def __init__(self, ctx: Context, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0, gap=3, clickable=True, edge=key, name=f"{names.SEGMENT_CARD}_{key}")
        self._ctx, self._key = ctx, key
        self._count = Text("", self, size=theme.TITLE, bold=True)
        self._unit = Text("", self, tone="second")
        self._revenue = Text("", self, tone="second")
        self._share = Elided("", self, tone="second", size=theme.SMALL)
        self._size = Text("", self, tone="second", size=theme.SMALL)
        self._bar = Bar(self, tone=key)
        self._build()

    def _build(self) -> None:
        self.body.setContentsMargins(17, 12, 14, 12)
        first, second, last = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(Elided(words.group(self._key), self, bold=True), 1)
        first.addWidget(Text(" · ".join(level_words(self._key)), self, tone="second"))
        second.setSpacing(7)
        second.addWidget(self._count, 0, Qt.AlignmentFlag.AlignBottom)
        second.addWidget(self._unit, 0, Qt.AlignmentFlag.AlignBottom)
        second.addStretch(1)
        second.addWidget(self._revenue, 0, Qt.AlignmentFlag.AlignBottom)
        self._unit.setContentsMargins(0, 0, 0, 3)
        self._revenue.setContentsMargins(0, 0, 0, 3)
        last.setSpacing(8)
        last.addWidget(self._share, 1)
        last.addWidget(self._size)
        self.body.addLayout(first)
        self.body.addLayout(second)
        self.body.addWidget(self._bar)
        self.body.addSpacing(2)
        self.body.addLayout(last)

    def show_figures(self, figures: GroupFigures) -> None:
        """Show the group's figures; one that is too large or too small to be of use says so."""
        line, everybody = figures.line, max(figures.customers, 1)
        share = line.customers / everybody
        self._count.setText(f"{line.customers:,}")
        self._unit.setText(n_("customer", "customers", line.customers))
        self._revenue.setText(
            compact_money(line.revenue, currency=self._ctx.currency, language=self._ctx.language)
            if line.revenue
            else "—"
        )
        self._bar.set_share(figures.bar)
        self._share.set_text(_("{percent} of sales").format(percent=percent(line.share)))
        told = figures.customers > 0 and not TOO_SMALL <= share <= TOO_LARGE
        self._size.setText(
            (_("over 60 % of all") if share > TOO_LARGE else _("under 1 % of all"))
            if told
            else _("{percent} of all").format(percent=percent(share))
        )
        self._size.set_tone("warn" if told else "second")
        self._size.setToolTip(plain_tooltip(_("So uneven a group says little. Look at the rule.")) if told else "")
        self.setAccessibleName(
            "; ".join([words.group(self._key), " ".join(level_words(self._key)), self._count.text(),
                       self._revenue.text(), self._share.text(), self._size.text()])
        )  # fmt: skip

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()


class GroupGrid(QWidget):
    """Four by two (two by four with large text); arrows choose, Enter goes on to the customers."""

    chosen = Signal(str)
    entered = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._across = 4 if theme.current().text_percent < 150 else 2
        self._key = ""
        self._cards = {key: GroupCard(ctx, key, self) for key in KEYS}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(12)
        for place, (key, card) in enumerate(self._cards.items()):
            grid.addWidget(card, place // self._across, place % self._across)
            grid.setColumnStretch(place % self._across, 1)
            card.clicked.connect(lambda key=key: self._clicked(key))
            card.focused.connect(lambda key=key: self.choose(key))

    def show_groups(self, lines: tuple[GroupLine, ...], *, customers: int) -> None:
        """Show the figures of all groups."""
        largest = max((line.share for line in lines), default=0.0) or 1.0
        for line in lines:
            self._cards[line.key].show_figures(GroupFigures(line, customers, line.share / largest))

    def card(self, key: str) -> GroupCard:
        """A group's card."""
        return self._cards[key]

    def choose(self, key: str) -> None:
        """Open this group."""
        if key == self._key:
            return
        self._key = key
        had_focus = any(card.hasFocus() for card in self._cards.values())
        for name, card in self._cards.items():
            card.set_chosen(name == key)
            # Tab stops at the open group only; arrows go on from there.
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus if name == key else Qt.FocusPolicy.ClickFocus)
        if had_focus:
            self._cards[key].setFocus()
        self.chosen.emit(key)

    def _clicked(self, key: str) -> None:
        if key == self._key:
            self.entered.emit()
        self.choose(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        place = KEYS.index(self._key) if self._key else 0
        row, column = place // self._across + step[0], place % self._across + step[1]
        if row >= len(KEYS) // self._across:
            self.entered.emit()
        elif row >= 0 and 0 <= column < self._across:
            self._cards[KEYS[row * self._across + column]].setFocus(Qt.FocusReason.TabFocusReason)
