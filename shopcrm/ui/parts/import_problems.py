"""What is wrong with a file, a line for each kind, with what can be done about all of its cells at once (C3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import _, n_
from shopcrm.collect.fixes import Fix
from shopcrm.collect.staged import ProblemGroup
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Banner, ScrollArea
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.text import Icon, plain_tooltip
from shopcrm.ui.parts import import_words

LARGE_TEXT: Final = 150
_AT_ONCE: Final = 2  # lines; of more the list is scrolled
_LINE: Final = 52


class ImportProblems(QWidget):
    """What was mended stands first, in a line, to be taken back; then wrong columns, then cells."""

    rows_wanted = Signal(object)  # ProblemGroup
    fix_wanted = Signal(object)  # Fix
    fix_dropped = Signal(object)  # Fix

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._openers: dict[ProblemGroup, tuple[Button, str]] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_groups(self, groups: Sequence[ProblemGroup], fixes: Sequence[Fix], *, file: int) -> None:
        """Show what is wrong with a file, and what was done about it."""
        self._openers.clear()
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        codes: Counter[str] = Counter()
        banners: list[Banner] = []
        line = QWidget(self)
        flow = FlowLayout(line)
        for group in groups:
            codes[group.code] += 1
            suffix = f"{group.code}_{codes[group.code]}" if codes[group.code] > 1 else str(group.code)
            if group.way is None:
                banners.append(self._problem(group, suffix, file=file))
            else:
                fix = Fix(file, group.column, group.code, group.way)
                # A row that was left out for one reason has its others with it: they have nothing to be taken back.
                flow.addWidget(self._mended(group, fix if fix in fixes else None, suffix, line))
        line.setVisible(flow.count() > 0)
        self._column.addWidget(line)
        self._lay_out(banners)
        self.setVisible(bool(groups))

    def _lay_out(self, banners: Sequence[Banner]) -> None:
        place = self._column
        look = theme.current()
        if len(banners) > _AT_ONCE and look.text_percent < LARGE_TEXT:
            area = ScrollArea(self, gap=8)
            area.setFixedHeight(look.px(_AT_ONCE * (_LINE + 8) + _LINE // 2))
            place.addWidget(area)
            place = area.body
        for banner in banners:
            place.addWidget(banner)

    def set_only(self, only: ProblemGroup | None) -> None:
        """Which kind's rows are the only ones shown."""
        for group, (button, words) in self._openers.items():
            button.set_text(_("Show all rows") if group == only else words)

    def _problem(self, group: ProblemGroup, suffix: str, *, file: int) -> Banner:
        banner = Banner(
            import_words.summary(group), self, tone="bad" if group.rejected else "warn", icon="circle-alert"
        )  # fmt: skip
        told = import_words.advice(group)
        banner.remark.setText(told)
        banner.remark.setVisible(bool(told))
        count = group.count
        words = n_("Show this row", "Show these {n} rows", count).format(n=f"{count:,}")
        buttons = [self._opener(group, words, suffix, banner)]
        for offer in group.offers:
            button = Button(
                import_words.fix_label(offer),
                banner,
                kind="plain" if offer.value else "ghost",
                name=f"{names.IMPORT_FIX}_{suffix}_{offer.way}",
                label=import_words.fix_said(offer),
            )
            button.setToolTip(plain_tooltip(import_words.fix_said(offer)))
            fix = Fix(file, group.column, group.code, offer.way)
            button.clicked.connect(lambda _checked=False, fix=fix: self.fix_wanted.emit(fix))
            buttons.append(button)
        self._add(banner, buttons)
        return banner

    def _mended(self, group: ProblemGroup, fix: Fix | None, suffix: str, parent: QWidget) -> QWidget:
        chip = QWidget(parent)
        row = QHBoxLayout(chip)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(4)
        row.addWidget(Icon("circle-check", chip, tone="good", size=16))
        row.addWidget(self._opener(group, import_words.mended(group), suffix, chip))
        if fix is not None:
            back = Button(_("Take back"), chip, kind="ghost", icon="undo-2", name=f"{names.IMPORT_FIX_BACK}_{suffix}")
            back.clicked.connect(lambda: self.fix_dropped.emit(fix))
            row.addWidget(back)
        return chip

    def _add(self, banner: Banner, buttons: Sequence[Button]) -> None:
        if theme.current().text_percent < LARGE_TEXT:
            for button in buttons:
                banner.body.addWidget(button)
            return
        inner = QWidget(banner)
        flow = FlowLayout(inner)
        for button in buttons:
            flow.addWidget(button)
        banner.words.addSpacing(6)
        banner.words.addWidget(inner)

    def _opener(self, group: ProblemGroup, words: str, suffix: str, parent: QWidget) -> Button:
        """A button that shows only the rows of a group, and all of them again."""
        button = Button(words, parent, name=f"{names.IMPORT_PROBLEM_ROWS}_{suffix}")
        button.clicked.connect(lambda: self.rows_wanted.emit(group))
        self._openers[group] = (button, words)
        return button
