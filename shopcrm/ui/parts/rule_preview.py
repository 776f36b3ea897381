"""The eight sizes by a rule that is tried out, beside the present ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import _, p_
from shopcrm.ui import names, theme, words
from shopcrm.ui.kit.marks import Badge
from shopcrm.ui.kit.progress import Bar
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.group_grid import TOO_LARGE, percent, signed, uneven
from shopcrm.ui.parts.rule_words import Counted, rule_sentences

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class _Row:
    bar: Bar
    present: Text
    tried: Text
    change: Text


class RulePreview(QWidget):
    """A line a group: bar, how many there are now, how many there would be, the difference; then the rule in words."""

    def __init__(self, parent: QWidget | None = None, *, money: Callable[[int], str]) -> None:
        super().__init__(parent)
        self.setObjectName(names.RULE_PREVIEW)
        self._money = money
        self._rows: dict[str, _Row] = {}
        self._said = QVBoxLayout()
        self._said.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addLayout(self._grid())
        column.addLayout(self._said)
        column.addStretch(1)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for place, title in ((2, p_("sizes", "now")), (3, p_("sizes", "after")), (4, p_("sizes", "change"))):
            grid.addWidget(Text(title, self, tone="second", size=theme.SMALL), 0, place, _RIGHT)
        for line, key in enumerate(words.GROUPS, 1):
            row = self._rows[key] = _Row(
                bar=Bar(self, tone=key, height=6),
                present=Text("", self, tone="second"),
                tried=Text("", self, bold=True, name=f"{names.RULE_SIZE}_{key}"),
                change=Text("", self, tone="second"),
            )
            grid.addWidget(Badge(words.group(key), self, tone=key), line, 0)
            grid.addWidget(row.bar, line, 1)
            for place, text in enumerate((row.present, row.tried, row.change), 2):
                grid.addWidget(text, line, place, _RIGHT)
        return grid

    def show_sizes(self, tried: Counted, present: dict[str, int]) -> None:
        """Show what a rule would make of the groups."""
        everybody, sizes = max(tried.customers, 1), tried.sizes
        largest = max(*sizes.values(), 1)
        for key, row in self._rows.items():
            change = sizes[key] - present[key]
            row.bar.set_share(sizes[key] / largest)
            row.present.setText(f"{present[key]:,}")
            row.tried.setText(f"{sizes[key]:,}")
            row.change.setText(signed(change))
            row.change.set_tone("text" if change else "third")
        self._clear()
        for key in self._rows:
            share = sizes[key] / everybody
            if tried.customers and uneven(share):
                self._say(_warning(key, share), tone="warn")
        for sentence in rule_sentences(tried.thresholds, tried.rule, money=self._money, high_from=tried.high_from):
            self._say(sentence, tone="second")

    def _say(self, text: str, *, tone: str) -> None:
        self._said.addWidget(Text(text, self, tone=tone, wrap=True))

    def _clear(self) -> None:
        while (item := self._said.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


def _warning(key: str, share: float) -> str:
    said = (
        _("{group} would hold {percent} of all: so large a group says little.")
        if share > TOO_LARGE
        else _("{group} would hold {percent} of all: so small a group is of little use.")
    )
    return said.format(group=words.group(key), percent=percent(share))
