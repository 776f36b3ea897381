"""The open item of today's list: who, why, what to say, and one key for each thing that can be done."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act.reminders import CYCLE, DueItem
from shopcrm.base.i18n import _, n_
from shopcrm.mine.cycles import ShopCycle
from shopcrm.ui import names, theme, words
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.marks import Badge
from shopcrm.ui.kit.text import Elided, Text
from shopcrm.ui.parts import due_words
from shopcrm.ui.parts.gap_strip import GapStrip, gaps_sentence

LARGE_TEXT: Final = 150
SNOOZE_DAYS: Final = (3, 1, 7)  # the first is what S does


class DueCard(QWidget):
    """Lies over its row in the list, which gives it the room."""

    done = Signal()
    snoozed = Signal(int)  # days
    skipped = Signal()
    copied = Signal()
    reached = Signal()  # phone or nick to the clipboard
    opened = Signal()
    noted = Signal(str)
    resized = Signal()  # it needs another height

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item: DueItem | None = None
        self._shop: ShopCycle | None = None
        self.name = Text("", self, size=theme.LEAD, bold=True, name="today_name")
        self._group, self._band = Badge("", self), Badge("", self)
        self._reason = Elided("", self, tone="second")
        self._last = Text("", self, tone="second")
        self.greeting = Text("", self, wrap=True, name="today_greeting")
        self._gaps = GapStrip(self)
        self._behind = Text("", self, size=theme.SMALL, tone="second", wrap=True, name="today_gaps")
        self._rule = Text("", self, size=theme.SMALL, tone="second", wrap=True, name="today_rule")
        self.note = LineEdit(
            self, placeholder=_("Write a note, Enter saves it"), label=_("Note"), name=names.TODAY_NOTE_EDIT
        )
        self._buttons()
        self._build()
        self._wire()

    def _buttons(self) -> None:
        def made(text: str, icon: str, keys: str, name: str, *, kind: str = "plain") -> Button:
            return Button(text, self, kind=kind, icon=icon, keys=keys, name=name)

        self.copy = made(_("Copy"), "copy", "C", names.TODAY_COPY, kind="primary")
        self.do = made(_("Done"), "check", "E", names.TODAY_DONE)
        self.snooze = [
            made(
                n_("In {n} day", "In {n} days", days).format(n=days) if place == 0 else _("{n} d").format(n=days),
                "clock" if place == 0 else "",
                "S" if place == 0 else str(days),
                f"{names.TODAY_SNOOZE}_{days}",
            )
            for place, days in enumerate(SNOOZE_DAYS)
        ]
        self.skip = made(_("Skip"), "", "K", names.TODAY_SKIP)
        self.write = made(_("Note"), "", "N", names.TODAY_NOTE)
        self.reach = made(_("Phone"), "phone", "P", names.TODAY_REACH)
        self.why = made(_("Why?"), "", "W", names.TODAY_WHY, kind="ghost")
        self.card = Button(
            "", self, kind="ghost", icon="external-link", keys="Return", label=_("Open the card"), name=names.TODAY_OPEN
        )

    def _build(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.name)
        first.addWidget(self._group)
        first.addWidget(self._band)
        first.addWidget(self._reason, 1)
        first.addWidget(self._last)
        first.addWidget(self.card)
        box = Card(self, padding=0, gap=6)
        box.body.setContentsMargins(13, 10, 13, 8)
        box.body.addWidget(self.greeting)
        box.body.addWidget(self._gaps)
        box.body.addWidget(self._behind)
        box.body.addWidget(self._rule)
        self._rule.hide()
        flow = FlowLayout(gap=8, line_gap=6)
        for button in (self.copy, self.reach, self.do, *self.snooze, self.skip, self.write):
            flow.addWidget(button)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addLayout(flow, 1)
        buttons.addWidget(self.why, 0, Qt.AlignmentFlag.AlignTop)
        self.note.hide()
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(first)
        column.addWidget(box)
        column.addWidget(self.note)
        column.addLayout(buttons)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def _wire(self) -> None:
        self.copy.clicked.connect(self.copied)
        self.reach.clicked.connect(self.reached)
        self.do.clicked.connect(self.done)
        for button, days in zip(self.snooze, SNOOZE_DAYS, strict=True):
            button.clicked.connect(lambda _checked=False, days=days: self.snoozed.emit(days))
        self.skip.clicked.connect(self.skipped)
        self.write.clicked.connect(self.write_note)
        self.why.clicked.connect(self.explain)
        self.card.clicked.connect(self.opened)
        self.note.submitted.connect(self._submit)
        self.note.escaped.connect(self.close_note)

    def show_item(self, item: DueItem, *, last: str, shop: ShopCycle | None, today: date) -> None:
        """Show an item; its greeting follows with `show_greeting`."""
        if self._item is None or item.key != self._item.key:
            self.greeting.setText("")
            self.greeting.hide()
            self._rule.hide()
            self.close_note()
            self.copy.setEnabled(False)
            self.reach.setEnabled(False)
        self._item, self._shop = item, shop
        self.name.setText(item.name)
        self._group.show_as(words.group(item.group), tone=item.group or "neutral")
        word, tone = due_words.badge(item)
        reason = due_words.reason(item, today=today)
        self._band.show_as(word, tone=tone)
        # Large text has no room for what was agreed beside the name: it stands below, whole.
        large = theme.current().text_percent >= LARGE_TEXT
        agreed = item.agreed.text if large and item.agreed is not None else ""
        self._reason.set_text(due_words.when(item, today=today) if agreed else reason)
        self._last.setText(last)
        by_cycle = item.reason == CYCLE
        self._gaps.setVisible(by_cycle)
        self._gaps.show_gaps(item.gaps, since=item.days_since, tone=tone)
        behind = agreed or due_words.told(item) or gaps_sentence(item.gaps) or due_words.behind(item, shop)
        self._behind.setText(behind)
        # Large text needs the room, and the strip says the same.
        self._behind.setVisible(not (large and item.gaps and by_cycle))
        self.setAccessibleName(f"{item.name}: {reason}")

    def show_greeting(self, text: str, *, reach: str) -> None:
        """The words filled in, and how she can be reached: `phone`, `nick` or nothing."""
        self.greeting.setText(text)
        self.greeting.setVisible(bool(text))
        self.copy.setEnabled(bool(text))
        self.reach.setEnabled(bool(reach))
        self.reach.set_text(_("Nick") if reach == "nick" else _("Phone"))
        self.reach.set_icon("at-sign" if reach == "nick" else "phone")
        self.resized.emit()

    def explain(self) -> None:
        """Show or hide how it is counted."""
        if self._item is None or self._shop is None:
            return
        self._rule.setText(due_words.rule(self._item, self._shop))
        self._rule.setVisible(self._rule.isHidden())
        self.resized.emit()

    def write_note(self) -> None:
        """Open the note field."""
        self.note.show()
        self.resized.emit()
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_note(self) -> None:
        """Close the note field and forget what is in it."""
        if self.note.isHidden():
            return
        self.note.clear()
        self.note.hide()
        self.resized.emit()

    def _submit(self, text: str) -> None:
        if text.strip():
            self.noted.emit(text)
        self.close_note()

    def height_for(self, width: int) -> int:
        """The height it needs at a width."""
        self._column.invalidate()
        if self._column.hasHeightForWidth():
            return self._column.totalHeightForWidth(width)
        return self._column.totalSizeHint().height()

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 100)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look, rect = QPainter(self), theme.current(), QRectF(self.rect())
        painter.fillRect(rect, theme.blend(look.colour("accent_soft"), look.colour("surface"), 0.65))
        painter.fillRect(QRectF(0, 0, 3, rect.height()), look.colour("accent"))
        painter.fillRect(QRectF(0, rect.height() - 1, rect.width(), 1), look.colour("border"))
