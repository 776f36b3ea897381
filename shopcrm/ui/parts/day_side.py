"""The day at a glance: its date, what is done and what is left, who comes in the next days."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act.contactable import held_back_words
from shopcrm.act.reminders import Coming, DaySummary
from shopcrm.base.i18n import _, n_
from shopcrm.ui import almanac, theme, words
from shopcrm.ui.almanac import LunarDay
from shopcrm.ui.kit.cards import Card, StatTile
from shopcrm.ui.kit.progress import Bar
from shopcrm.ui.kit.text import Text, together

AHEAD = 6


class DaySide(QWidget):
    """A column at the right; a strip above the list when the text is large."""

    def __init__(self, parent: QWidget | None = None, *, wide: bool) -> None:
        super().__init__(parent)
        self._wide = wide
        self._date = Text("", self, size=theme.LEAD, bold=True, wrap=not wide, name="today_date")
        self._lunar = Text("", self, tone="second", wrap=not wide, name="today_lunar")
        self._still = StatTile(_("Still"), self, name="today_still")
        self._done = StatTile(_("Done"), self, name="today_done_count")
        self._bar = Bar(self, height=6)
        self._rest = Text("", self, tone="second", size=theme.SMALL, wrap=not wide, name="today_rest")
        self._coming = QGridLayout()
        self._coming.setHorizontalSpacing(16)
        self._coming.setVerticalSpacing(6)
        self._coming.setColumnStretch(1, 1)
        self._build()

    def _build(self) -> None:
        day = Card(self, padding=16, gap=2)
        tiles = QHBoxLayout()
        tiles.setSpacing(16)
        tiles.addWidget(self._still, 1)
        tiles.addWidget(self._done, 1)
        if self._wide:
            row, dates = QHBoxLayout(), QVBoxLayout()
            row.setSpacing(24)
            dates.setSpacing(0)
            for widget in (self._date, self._lunar, self._rest):
                dates.addWidget(widget)
            row.addLayout(dates, 1)
            row.addLayout(tiles, 1)
            day.body.addLayout(row)
            day.body.addSpacing(4)
            day.body.addWidget(self._bar)
        else:
            day.body.addWidget(self._date)
            day.body.addWidget(self._lunar)
            day.body.addSpacing(10)
            day.body.addLayout(tiles)
            day.body.addSpacing(8)
            day.body.addWidget(self._bar)
            day.body.addSpacing(4)
            day.body.addWidget(self._rest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(day)
        if not self._wide:
            ahead = Card(self, padding=16, gap=10)
            ahead.body.addWidget(Text(_("Coming up"), self, size=theme.LEAD, bold=True))
            ahead.body.addLayout(self._coming)
            ahead.body.addStretch(1)
            column.addWidget(ahead, 1)

    def show_day(self, summary: DaySummary, lunar: LunarDay) -> None:
        """Show the day."""
        self._date.setText(_("Today {day}").format(day=words.long_day(summary.day)))
        self._lunar.setText(almanac.words(lunar))
        self._still.set_value(f"{summary.still:,}")
        self._done.set_value(f"{summary.done:,}")
        everything = summary.still + summary.done
        self._bar.set_share(summary.done / everything if everything else 0.0)
        parts = []
        if summary.snoozed:
            parts.append(n_("{n} put off", "{n} put off", summary.snoozed).format(n=summary.snoozed))
        if summary.skipped:
            parts.append(n_("{n} skipped", "{n} skipped", summary.skipped).format(n=summary.skipped))
        parts += held_back_words(summary.held_back)
        self._rest.setText(" · ".join(parts))
        self._rest.setVisible(bool(parts))
        self._show_coming(summary)

    def _show_coming(self, summary: DaySummary) -> None:
        while (item := self._coming.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        coming = [each for each in summary.coming if each.customers or each.birthdays or each.follow_ups][:AHEAD]
        for row, each in enumerate(coming):
            self._coming.addWidget(Text(words.long_day(each.day), tone="second"), row, 0, Qt.AlignmentFlag.AlignTop)
            parts = _coming_parts(each)
            told = Text(_(", ").join(map(together, parts)), wrap=True)
            told.setAccessibleName(_(", ").join(parts))
            self._coming.addWidget(told, row, 1)
        if not coming:
            self._coming.addWidget(Text(_("Nobody in the next seven days."), tone="second", wrap=True), 0, 0, 1, 2)


def _coming_parts(coming: Coming) -> list[str]:
    parts = []
    if coming.customers:
        count = n_("{n} comes due", "{n} come due", coming.customers)
        parts.append(count.format(n=f"{coming.customers:,}"))
    if coming.birthdays:
        count = n_("{n} birthday", "{n} birthdays", coming.birthdays)
        parts.append(count.format(n=f"{coming.birthdays:,}"))
    if coming.follow_ups:
        count = n_("{n} follow-up", "{n} follow-ups", coming.follow_ups)
        parts.append(count.format(n=f"{coming.follow_ups:,}"))
    return parts
