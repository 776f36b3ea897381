"""An SMS for each of a list (U16): which words, seen before they are saved as a sheet for a vendor."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act import scripts
from shopcrm.act.scripts import Script
from shopcrm.base.i18n import _, n_
from shopcrm.store.columns import Ints
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.saving import save_sms


class SmsDialog(QDialog):
    """Asks which script; where the file goes is asked next."""

    def __init__(self, ctx: Context, owner: QWidget, *, name: str, ids: Ints) -> None:
        super().__init__(owner.window())
        self._ctx, self._owner, self._name, self._ids = ctx, owner, name, ids
        self._bodies: dict[str, str] = {}  # of the scripts, by id
        self.setObjectName(names.SMS)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        said = n_("Text message to {n} customer", "Text messages to {n} customers", len(ids))
        title = said.format(n=f"{len(ids):,}")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._script = Choice(self, label=_("Which words"), name=names.SMS_SCRIPT, letters=16)
        self._words = Text("", self, wrap=True, name=names.SMS_WORDS)
        self._rule = Text("", self, tone="second", size=theme.SMALL, wrap=True)
        self._save = Button(
            _("Save as a file"), self, kind="primary", icon="download", size="medium", keys="Ctrl+Return",
            name=names.SMS_SAVE,
        )  # fmt: skip
        self._save.setEnabled(False)
        self._build(title)
        self._script.picked.connect(lambda _script: self._show())
        self._save.clicked.connect(self.save)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        ctx.read(self, scripts.listing, done=self._know)

    def _build(self, title: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        column.addWidget(Text(title, self, size=theme.LEAD, bold=True, wrap=True))
        for widget in (self._script, self._words, self._rule):
            column.addWidget(widget)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        leave = Button(_("Cancel"), self, size="medium", name=names.SMS_CANCEL)
        leave.clicked.connect(self.reject)
        row.addWidget(leave)
        row.addWidget(self._save)
        column.addLayout(row)
        self.setMinimumWidth(min(theme.current().px(480), 1000))

    def _know(self, found: list[Script]) -> None:
        self._bodies = {str(one.id): one.body for one in found}
        self._script.set_choices([(str(one.id), one.title) for one in found], chosen=next(iter(self._bodies), ""))
        self._script.setVisible(bool(found))
        self._script.setFocus()
        self._save.setEnabled(bool(found))
        self._rule.setText(
            _("Filled for each. Left out: who opted out, has no mobile number, or whose words have a gap.")
            if found
            else _("Write a script first: its words are filled for each customer.")
        )
        self._show()

    def _show(self) -> None:
        self._words.setText(self._bodies.get(self._script.key(), ""))
        self.adjustSize()

    def save(self) -> None:
        """Ask where, and write it."""
        body = self._bodies.get(self._script.key())
        if body is not None:
            self.accept()
            save_sms(self._ctx, self._owner, name=self._name, body=body, ids=self._ids)
