"""The chosen group in figures: how many, what it brings, who came and went, how it is counted."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import _, n_
from shopcrm.base.money import divide
from shopcrm.mine.movement import Movement
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, Line
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.marks import Badge
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.group_grid import TREATMENTS, compact_money, percent
from shopcrm.ui.parts.movement_menu import MovementMenu, came_and_went, then_of
from shopcrm.ui.parts.rule_words import Counted, method


class GroupDetail(Card):
    """A strip below the grid."""

    export_wanted = Signal()
    sms_wanted = Signal()
    table_wanted = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0, gap=4)
        self._ctx = ctx
        self._group = ""
        self._found: Counted | None = None
        self._movement: Movement | None = None
        self._name = Badge("", self, name="segment_name")
        self._treatment = Text("", self, tone="second", wrap=True)
        self._count = Text("", self, size=theme.DISPLAY, bold=True, name="segment_count")
        self._shares = Text("", self, tone="second", wrap=True)
        self._moved = Button("", self, kind="ghost", icon="chevron-down", name=names.SEGMENT_MOVEMENT)
        self._how = Button(_("How is this counted?"), self, kind="ghost", icon="info", name=names.SEGMENT_METHOD)
        self._method = Text("", self, tone="second", wrap=True, name=f"{names.SEGMENT_METHOD}_text")
        self._line = Line(self)
        self._export = Button(
            _("Export"), self, kind="primary", icon="download", keys="Ctrl+E", name=names.SEGMENT_EXPORT
        )
        self._sms = Button(
            _("Text messages"), self, icon="message-square-text", keys="Ctrl+Shift+E", name=names.SEGMENT_SMS
        )
        self._open = Button(_("In the customer table"), self, icon="users", name=names.SEGMENT_OPEN)
        self._lay_out()
        self._moved.clicked.connect(self._below_button)
        self._how.clicked.connect(lambda: self.show_method(shown=self._method.isHidden()))
        self._export.clicked.connect(self.export_wanted)
        self._sms.clicked.connect(self.sms_wanted)
        self._open.clicked.connect(self.table_wanted)

    def _lay_out(self) -> None:
        self.body.setContentsMargins(16, 10, 16, 10)
        row, side, first = QHBoxLayout(), QVBoxLayout(), QHBoxLayout()
        row.setSpacing(16)
        first.setSpacing(8)
        first.addWidget(self._name)
        first.addWidget(self._treatment, 1)
        side.setSpacing(2)
        side.addLayout(first)
        side.addWidget(self._shares)
        row.addWidget(self._count)
        row.addLayout(side, 1)
        buttons = QWidget(self)
        flow = FlowLayout(buttons, gap=8, line_gap=4)
        flow.addWidget(self._moved)
        flow.addWidget(self._how)
        large = theme.current().text_percent >= 150
        for button in (self._open, self._sms, self._export):
            (flow if large else row).addWidget(button)
        self._line.hide()
        self._method.hide()
        self.body.addLayout(row)
        self.body.addWidget(buttons)
        self.body.addWidget(self._line)
        self.body.addWidget(self._method)

    def show_group(self, key: str, found: Counted, movement: Movement) -> None:
        """Show a group's figures."""
        self._group, self._found, self._movement = key, found, movement
        line = next(line for line in found.groups if line.key == key)
        look, everybody = self._ctx, max(found.customers, 1)
        self._name.show_as(words.group(key), tone=key)
        self._treatment.setText(_(TREATMENTS[key]))
        self._count.setText(f"{line.customers:,}")
        parts = [
            _("{percent} of all customers").format(percent=percent(line.customers / everybody)),
            _("{amount} in the window").format(
                amount=compact_money(line.revenue, currency=look.currency, language=look.language)
            ),
        ]
        if line.customers:
            parts.append(_("{amount} a head").format(amount=look.money(divide(line.revenue, line.customers))))
        if line.means.recency is not None:
            days = round(line.means.recency)
            parts.append(
                n_("last bought {n} day ago on average", "last bought {n} days ago on average", days).format(n=days)
            )
        self._shares.setText(" · ".join(parts))
        for button in (self._export, self._sms, self._open):
            button.setEnabled(line.customers > 0)
        came, went = came_and_went(movement, key)
        self._moved.setVisible(movement.known_then > 0)
        self._moved.set_text(
            _("Since last month {came} came, {went} went").format(came=f"{came:,}", went=f"{went:,}")
        )  # fmt: skip
        self._say_method()

    def _say_method(self) -> None:
        if self._found is None or self._movement is None or self._method.isHidden():
            return
        then = then_of(self._movement) if self._movement.known_then else None
        look = self._ctx
        self._method.setText(method(self._found, self._group, money=look.money, then=then, today=look.today))

    def show_method(self, *, shown: bool) -> None:
        """Say how the group is counted, or stop saying it."""
        for widget in (self._line, self._method):
            widget.setVisible(shown)
        self._say_method()

    def _below_button(self) -> None:
        self.show_movement(self._moved.mapToGlobal(self._moved.rect().bottomLeft()))

    def show_movement(self, at: QPoint) -> None:
        """List who came and who went, at this place of the screen."""
        if self._movement is not None:
            MovementMenu(self._ctx, self._movement, self._group, self).popup(at)
