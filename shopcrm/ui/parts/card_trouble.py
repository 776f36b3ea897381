"""On the card (U1): the red strip of a customer with whom there is trouble, and the line in which it is marked."""

from __future__ import annotations

from typing import Final

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act.desk import Card as CustomerData
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import _
from shopcrm.collect import troubles
from shopcrm.collect.troubles import Trouble
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.day_edit import DayEdit
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Icon, Text

_BESIDE_FROM: Final = 420


class CardTrouble(Card):
    """Not there unless somebody is marked or being marked."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=12, gap=6, tone="bad_soft", bordered=False, name=names.CARD_TROUBLE)
        self._ctx = ctx
        self._customer: int | None = None
        self._trouble: Trouble | None = None
        self._editing = False
        self._back: QWidget | None = None  # who had the keyboard before
        self._build()
        self._wire()
        self.hide()

    def _build(self) -> None:
        self._said = Text("", self, bold=True, wrap=True, tone="bad", name=f"{names.CARD_TROUBLE}_reason")
        self._until = Text("", self, size=theme.SMALL, wrap=True, name=f"{names.CARD_TROUBLE}_until_text")
        self._change = Button(_("Change"), self, name=f"{names.CARD_TROUBLE}_change")
        self._over = Button(_("It is over"), self, name=f"{names.CARD_TROUBLE}_over")
        self._shown = QWidget(self)
        icon = Icon("triangle-alert", self._shown, tone="bad", size=18)
        icon.setContentsMargins(0, 1, 0, 0)
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addWidget(self._said)
        lines.addWidget(self._until)
        said = QHBoxLayout()
        said.setSpacing(10)
        said.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        said.addLayout(lines, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(10)
        self._buttons.addWidget(self._change)
        self._buttons.addWidget(self._over)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._shown)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(10)
        self._row.addLayout(said, 1)
        self._row.addLayout(self._buttons)
        self._place_buttons(narrow=False)
        self._form = QWidget(self)
        self._reason = LineEdit(
            self._form, placeholder=_("What is the trouble?"), label=_("Reason of the mark"),
            name=f"{names.CARD_TROUBLE}_edit",
        )  # fmt: skip
        self._last = DayEdit(
            self._form, today=self._ctx.today, label=_("Last day of the mark"), name=f"{names.CARD_TROUBLE}_until",
            coming=True,
        )  # fmt: skip
        self._last.setPlaceholderText(_("until, or empty"))
        look = theme.current()
        self._last.setFixedWidth(look.px(36) + round(look.metrics().horizontalAdvance(self._last.placeholderText())))
        self._save = Button(_("Mark"), self._form, kind="danger", size="medium", name=f"{names.CARD_TROUBLE}_save")
        self._wrong = Text("", self, tone="bad", wrap=True, name=f"{names.CARD_TROUBLE}_wrong")
        fields = QGridLayout(self._form)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(8)
        fields.setColumnStretch(2, 1)
        fields.addWidget(self._reason, 0, 0, 1, 3)
        fields.addWidget(self._last, 1, 0)
        fields.addWidget(self._save, 1, 1)
        for part in (self._shown, self._form, self._wrong):
            self.body.addWidget(part)

    def _place_buttons(self, *, narrow: bool) -> None:
        """Beside the words, or below them where they have little room."""
        way, edge = QBoxLayout.Direction.LeftToRight, Qt.AlignmentFlag.AlignTop
        if narrow:
            way, edge = QBoxLayout.Direction.TopToBottom, Qt.AlignmentFlag.AlignRight
        self._row.setDirection(way)
        self._row.setAlignment(self._buttons, edge)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_buttons(narrow=self.width() < theme.current().px(_BESIDE_FROM))

    def _wire(self) -> None:
        self._change.clicked.connect(self.edit)
        self._over.clicked.connect(self._take_off)
        self._save.clicked.connect(self._keep)
        for field in (self._reason, self._last):
            field.submitted.connect(lambda _text: self._keep())
            field.escaped.connect(self.leave)

    def show_data(self, data: CustomerData) -> None:
        """Show a customer's mark."""
        if data.id != self._customer:
            self._customer = data.id
            self._editing = False
        self._trouble = data.trouble
        self._show()

    def edit(self) -> None:
        """Open the line in which it is said what the trouble is, and until when; emptied it takes the mark off."""
        if self._customer is None:
            return
        if not self._editing:
            self._back = QApplication.focusWidget()
        self._editing = True
        trouble = self._trouble
        self._reason.setPlaceholderText(_("What is the trouble?") if trouble is None else _("Empty: it is over"))
        self._reason.setText(trouble.reason if trouble else "")
        self._last.setText(trouble.until.isoformat() if trouble and trouble.until else "")
        self._say("")
        self._show()
        self._reason.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._reason.selectAll()

    def leave(self) -> None:
        """Leave it as it is; the keyboard goes back to where it was."""
        had = self._reason.hasFocus() or self._last.hasFocus() or self._save.hasFocus()
        back, self._back = self._back, None
        if had and back is not None and shiboken6.isValid(back) and back.isVisible():
            back.setFocus()
        self._editing = False
        self._show()

    def _show(self) -> None:
        trouble = self._trouble
        self._shown.setVisible(trouble is not None and not self._editing)
        self._form.setVisible(self._editing)
        self._wrong.setVisible(self._editing and bool(self._wrong.text()))
        self.setVisible(trouble is not None or self._editing)
        if trouble is not None:
            self._said.setText(trouble.reason)
            until = trouble.until
            self._until.setText(
                _("until it is taken off")
                if until is None
                else _("until {day}").format(day=words.day(until, today=self._ctx.today))
            )
            self._until.setToolTip("" if until is None else until.isoformat())
            self.setAccessibleName(_("Trouble: {reason}").format(reason=trouble.reason))

    def _keep(self) -> None:
        customer, reason = self._customer, self._reason.text()
        until = self._last.day() if self._last.text().strip() else None
        if customer is None:
            return
        if self._trouble is not None and not reason.strip():
            self.leave()
            self._take_off()
            return
        if until is None and self._last.text().strip():
            self._say(_("Type the last day like {day}, or nothing.").format(day=self._ctx.today.isoformat()))
            return

        def failed(error: BaseException) -> None:
            if isinstance(error, UserFailure):
                self._say(error.message)
            else:
                self._ctx.messages.failure(error)

        self._ctx.write_undoable(
            self, lambda tx: troubles.mark(tx, customer, reason=reason, until=until), said=_("Marked"),
            done=lambda _change: self.leave(), failed=failed,
        )  # fmt: skip

    def _say(self, wrong: str) -> None:
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))

    def _take_off(self) -> None:
        customer = self._customer
        if customer is not None:
            self._ctx.write_undoable(self, lambda tx: troubles.take_off(tx, customer), said=_("The mark is off"))
