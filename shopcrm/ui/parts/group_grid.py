"""The eight groups as a grid: how many, what they bring, which levels of R, F and M make them, how they changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from shopcrm.base.i18n import _, n_, p_
from shopcrm.base.money import to_decimal
from shopcrm.mine.movement import Movement
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
    change: int | None  # since the end of last month; None: the shop had nobody then


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


def signed(change: int) -> str:
    """A difference with its sign: +12, −8, ±0."""
    return f"{'+' if change > 0 else '−' if change < 0 else '±'}{abs(change):,}"


def uneven(share: float) -> bool:
    """Whether a group of this share of all customers is too large or too small to be of use."""
    return not TOO_SMALL <= share <= TOO_LARGE


class _Change(Text):
    """The movement on a card; a click asks who came and who went. The keyboard has a button for it below the grid."""

    clicked = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class GroupCard(Card):
    """One group; a button that opens it."""

    focused = Signal()
    change_wanted = Signal()

    def __init__(self, ctx: Context, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0, gap=3, clickable=True, edge=key, name=f"{names.SEGMENT_CARD}_{key}")
        self._ctx, self._key = ctx, key
        self._count = Text("", self, size=theme.TITLE, bold=True)
        self._unit = Text("", self, tone="second")
        self._levels = Text(" · ".join(level_words(key)), self, tone="second")
        self._revenue = Text("", self, tone="second")
        self._share = Elided("", self, tone="second", size=theme.SMALL)
        self._change = _Change("", self, tone="second", size=theme.SMALL)
        self._compact, self._moved = False, ""
        self._bar = Bar(self, tone=key)
        self._build()

    def _build(self) -> None:
        self.body.setContentsMargins(17, 12, 14, 12)
        first, second, last = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(Elided(words.group(self._key), self, bold=True), 1)
        first.addWidget(self._levels)
        second.setSpacing(7)
        second.addWidget(self._count, 0, Qt.AlignmentFlag.AlignBottom)
        second.addWidget(self._unit, 0, Qt.AlignmentFlag.AlignBottom)
        second.addStretch(1)
        second.addWidget(self._revenue, 0, Qt.AlignmentFlag.AlignBottom)
        self._unit.setContentsMargins(0, 0, 0, 3)
        self._revenue.setContentsMargins(0, 0, 0, 3)
        last.setSpacing(8)
        last.addWidget(self._share, 1)
        last.addWidget(self._change)
        self.body.addLayout(first)
        self.body.addLayout(second)
        self.body.addWidget(self._bar)
        self.body.addSpacing(2)
        self.body.addLayout(last)
        self._change.setCursor(Qt.CursorShape.PointingHandCursor)
        self._change.setToolTip(plain_tooltip(_("Who came and who went since the end of last month")))
        self._change.clicked.connect(self.change_wanted)

    def set_compact(self, compact: bool) -> None:  # noqa: FBT001
        """Leave out what a narrow card has no room for."""
        self._compact = compact
        for words_ in (self._levels, self._unit):
            words_.setHidden(compact)
        self._say_change()

    def _say_change(self) -> None:
        long = _("vs last month {change}").format(change=self._moved)
        self._change.setText(self._moved if self._compact else long)
        self._change.setVisible(bool(self._moved))

    def show_figures(self, figures: GroupFigures) -> None:
        """Show the group's figures; one that is too large or too small to be of use says so."""
        line, everybody = figures.line, max(figures.customers, 1)
        share = line.customers / everybody
        self._count.setText(f"{line.customers:,}")
        told = figures.customers > 0 and uneven(share)
        unit = n_("customer", "customers", line.customers)
        remark = _("over 60 % of all") if share > TOO_LARGE else _("under 1 % of all")
        self._unit.setText(f"{unit} · {remark}" if told else unit)
        self._unit.set_tone("warn" if told else "second")
        self._unit.setToolTip(plain_tooltip(_("So uneven a group says little. Look at the rule.")) if told else "")
        self._moved = "" if figures.change is None else signed(figures.change)
        self._say_change()
        self._revenue.setText(
            compact_money(line.revenue, currency=self._ctx.currency, language=self._ctx.language)
            if line.revenue
            else "—"
        )
        self._bar.set_share(figures.bar)
        self._share.set_text(_("{percent} of sales").format(percent=percent(line.share)))
        said = [words.group(self._key), " ".join(level_words(self._key)), self._count.text(), self._revenue.text(),
                self._share.text(), *([remark] if told else [])]  # fmt: skip
        if self._moved:
            said.append(_("vs last month {change}").format(change=self._moved))
        self.setAccessibleName("; ".join(said))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()


class GroupGrid(QWidget):
    """Four by two (two by four with large text); arrows choose, Enter goes on to the customers."""

    chosen = Signal(str)
    entered = Signal()
    change_wanted = Signal(str)  # who came into this group and who went

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
            card.change_wanted.connect(lambda key=key: self.change_wanted.emit(key))

    def show_groups(self, lines: tuple[GroupLine, ...], *, customers: int, movement: Movement) -> None:
        """Show the figures of all groups."""
        largest = max((line.share for line in lines), default=0.0) or 1.0
        for line in lines:
            change = movement.change(line.key) if movement.known_then else None
            self._cards[line.key].show_figures(GroupFigures(line, customers, line.share / largest, change))

    def set_compact(self, compact: bool) -> None:  # noqa: FBT001
        """Make room for a card beside the grid."""
        for card in self._cards.values():
            card.set_compact(compact)

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
