"""The shop cannot be opened: what is the matter, what is safe, and the newest backup with what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base import clock
from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, Line
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.text import Icon, Text
from shopcrm.ui.settings import backup_words

if TYPE_CHECKING:
    from shopcrm.store.backup import Backup


class RescueScreen(QWidget):
    """One button restores the newest backup; nothing is done by itself."""

    restore_wanted = Signal(object)  # path
    retry_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, text: str, *, folder: Path, newest: Backup | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(names.RESCUE)
        self._folder, self._newest = folder, newest
        card = self._card = Card(self, padding=32, gap=12)
        card.setMaximumWidth(theme.current().px(680))
        title = QHBoxLayout()
        title.setSpacing(12)
        title.addWidget(Icon("triangle-alert", card, tone="bad", size=24))
        title.addWidget(Text(_("The shop could not be opened"), card, size=theme.TITLE, bold=True, wrap=True), 1)
        card.body.addLayout(title)
        said = Text(text, card, size=theme.LEAD, wrap=True, name="rescue_text")
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card.body.addWidget(said)
        folder_words = _("Nothing was changed. Folder: {folder}").format(folder=folder)
        card.body.addWidget(Text(folder_words, card, tone="second", wrap=True))
        if newest is not None:
            self._offer(newest)
        card.body.addSpacing(8)
        buttons = self._buttons()
        card.body.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card, 8)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)

    def first_focus(self) -> QWidget:
        """The button that helps."""
        return self._first

    def _offer(self, newest: Backup) -> None:
        card = self._card
        card.body.addSpacing(4)
        card.body.addWidget(Line(card))
        card.body.addSpacing(4)
        card.body.addWidget(Text(_("The newest verified backup"), card, bold=True))
        words = _("From {when} ({ago}): {held}").format(
            when=backup_words.exactly(newest.at.astimezone()),
            ago=backup_words.ago(newest.at, now=clock.now()),
            held=backup_words.held(newest.held),
        )
        card.body.addWidget(Text(words, card, wrap=True, name="rescue_backup"))
        words = _("Restoring puts it in the place of the shop; the file that cannot be opened is kept beside it.")
        card.body.addWidget(Text(words, card, tone="second", wrap=True))

    def _buttons(self) -> QWidget:
        inner = QWidget(self._card)
        flow = FlowLayout(inner, gap=8, line_gap=8)
        newest = self._newest
        again = Button(
            _("Try again"), inner, kind="plain" if newest else "primary", size="medium", name=names.RESCUE_RETRY
        )
        again.clicked.connect(self.retry_wanted)
        self._first = again
        if newest is not None:
            restore = Button(_("Restore this backup"), inner, kind="primary", size="medium", name=names.RESCUE_RESTORE)
            restore.clicked.connect(lambda: self.restore_wanted.emit(newest.path))
            self._first = restore
            flow.addWidget(restore)
        show = Button(_("Show the folder"), inner, size="medium", name=names.RESCUE_FOLDER)
        show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder))))
        demo = Button(_("Open the demo shop"), inner, kind="ghost", size="medium", name=names.RESCUE_DEMO)
        demo.clicked.connect(self.demo_wanted)
        for button in (again, show, demo):
            flow.addWidget(button)
        return inner
