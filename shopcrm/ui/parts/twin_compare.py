"""Two customers side by side, field by field: what is alike is quiet, where they differ one is chosen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.collect.merge_lines import NAME_KEPT
from shopcrm.mine.duplicates import Suggestion
from shopcrm.ui import names, theme
from shopcrm.ui.actions import keys_of
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, Line, ScrollArea
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.marks import Badge
from shopcrm.ui.kit.text import Text, plain_tooltip
from shopcrm.ui.parts import twin_words
from shopcrm.ui.parts.twin_words import Pair, Row

_LONGEST: Final = 22  # letters of a value on its button


class _Sides:
    """The two values of a field, of which one is chosen."""

    def __init__(self, row: Row, parent: QWidget) -> None:
        self.buttons = tuple(self._button(row, side, parent) for side in (0, 1))
        self.by_itself = self.chosen = row.chosen

    def _button(self, row: Row, side: int, parent: QWidget) -> Button:
        value = " ".join(row.values[side].split())
        shown = value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
        name = f"{names.WHO_SIDE}_{row.key.replace(':', '_')}_{side}"
        button = Button(shown, parent, kind="view", name=name)
        button.setAccessibleName(f"{row.label}: {value}")
        button.setToolTip(plain_tooltip(value))
        button.setChecked(row.chosen == side)
        button.clicked.connect(lambda: self.choose(side))
        return button

    def choose(self, side: int) -> None:
        """Take this one's."""
        self.chosen = side
        for place, button in enumerate(self.buttons):
            button.setChecked(place == side)


class TwinCompare(Card):
    """The pair that is chosen, and what can be done with it."""

    merge_wanted = Signal()
    two_wanted = Signal()
    skip_wanted = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0, gap=0)
        self._ctx = ctx
        self._pair: Pair | None = None
        self._sides: dict[str, _Sides] = {}
        self._chips = FlowLayout(gap=6, line_gap=4)
        self._area = ScrollArea(self, margin=(16, 12, 16, 12), gap=10)
        self._inner: QWidget | None = None
        chips = QWidget(self)
        chips.setLayout(self._chips)
        self._area.body.addWidget(chips)
        self._area.body.addStretch(1)
        self.body.addLayout(self._answers())  # on top: the message of the last pair would cover a foot
        self.body.addWidget(Line(self))
        self.body.addWidget(self._area, 1)

    def _answers(self) -> QHBoxLayout:
        self._buttons = (
            Button(_("Make one of them"), self, kind="primary", size="medium", name=names.WHO_MERGE,
                   keys=keys_of("merge", page="who")),
            Button(_("Two people"), self, size="medium", name=names.WHO_TWO, keys=keys_of("two", page="who")),
            Button(_("Skip"), self, kind="ghost", size="medium", name=names.WHO_SKIP, keys=keys_of("skip", page="who")),
        )  # fmt: skip
        row = QHBoxLayout()
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(8)
        signals = (self.merge_wanted, self.two_wanted, self.skip_wanted)
        for button, wanted in zip(self._buttons, signals, strict=True):
            button.clicked.connect(wanted)
            row.addWidget(button)
        row.addStretch(1)
        return row

    @property
    def pair(self) -> Pair | None:
        """Who is compared."""
        return self._pair

    def choices(self) -> tuple[str, ...]:
        """The fields that are not told as they would be by themselves; see `customer_merges.merge`."""
        found = [key for key, sides in self._sides.items() if sides.chosen != sides.by_itself]
        kept = "name" in found and self._sides["name"].chosen == 0
        return tuple(NAME_KEPT if kept and key == "name" else key for key in found)

    def show_pair(self, found: Suggestion | None, pair: Pair | None) -> None:
        """Show two customers (None: nobody)."""
        self._pair, self._sides = pair, {}
        self._chips.clear()
        if self._inner is not None:
            self._area.body.removeWidget(self._inner)
            self._inner.hide()
            self._inner.deleteLater()
            self._inner = None
        for button in self._buttons:
            button.setEnabled(pair is not None)
        if pair is None or found is None:
            return
        for each in found.evidence:
            chip = Badge(twin_words.evidence(each), tone="warn" if each.kind == "two_accounts" else "accent")
            chip.setToolTip(plain_tooltip(twin_words.what_is_shared(each)))
            self._chips.addWidget(chip)
        self._inner = QWidget(self)
        self._fill(QGridLayout(self._inner), pair)
        self._area.body.insertWidget(1, self._inner)

    def _fill(self, grid: QGridLayout, pair: Pair) -> None:
        parent = self._inner
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        for column, stretch in ((0, 0), (1, 1), (2, 1)):
            grid.setColumnStretch(column, stretch)
        for side, card in enumerate(pair.cards):
            words_ = QHBoxLayout()
            words_.setSpacing(4)
            told = _("Stays") if side == 0 else _("Becomes the one at the left")
            words_.addWidget(Text(told, parent, tone="second", bold=True, wrap=True), 1)
            opened = Button("", parent, kind="ghost", icon="external-link", size="tiny",
                            label=_("Open {name} at the desk").format(name=card.name),
                            name=f"{names.WHO_CARD}_{side}")  # fmt: skip
            opened.clicked.connect(lambda _checked=False, customer=card.id: self._ctx.open_customer(customer))
            words_.addWidget(opened, 0, Qt.AlignmentFlag.AlignTop)
            grid.addLayout(words_, 0, side + 1)
        for number, row in enumerate(twin_words.rows(self._ctx, pair), 1):
            label = Text(row.label, parent, tone="second", wrap=True)
            label.setMinimumWidth(theme.current().px(90))
            upright = Qt.AlignmentFlag.AlignVCenter if row.can_be_chosen else Qt.AlignmentFlag.AlignTop
            grid.addWidget(label, number, 0, upright)
            if row.can_be_chosen and parent is not None:
                sides = self._sides[row.key] = _Sides(row, parent)
                for side, button in enumerate(sides.buttons):
                    grid.addWidget(button, number, side + 1, Qt.AlignmentFlag.AlignLeft)
                continue
            for side, value in enumerate(row.values):
                tone = "text" if row.differs else "third"
                text = Text(value or "—", parent, tone=tone if value else "third", wrap=True)
                grid.addWidget(text, number, side + 1, Qt.AlignmentFlag.AlignTop)
