"""What the window shows before a shop is open: that it is being opened, or in one sentence why it cannot be."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import icons, names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.text import Icon, Text


class StartScreen(QWidget):
    """The mark in the middle, for the moment until the shop is open."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look = QPainter(self), theme.current()
        painter.fillRect(self.rect(), look.colour("background"))
        ratio = self.devicePixelRatioF()
        mark = icons.logo(56, look.colours["accent"], look.colours["on_accent"], ratio)
        painter.drawPixmap(self.width() // 2 - 28, self.height() // 2 - 56, mark)
        painter.setPen(look.colour("second"))
        painter.setFont(look.font())
        words = self.rect().adjusted(0, self.height() // 2 + 16, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, _("Opening the shop …"))


class RescueScreen(QWidget):
    """The shop cannot be opened: what is the matter, what is safe, what can be tried."""

    retry_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, text: str, *, folder: Path, backups: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(names.RESCUE)
        card = Card(self, padding=32, gap=12)
        card.setMaximumWidth(theme.current().px(620))
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
        kept = sorted(backups.glob("shop-*.db")) if backups.is_dir() else []
        if kept:
            words = _("The newest verified backup: {name}").format(name=kept[-1].name)
            card.body.addWidget(Text(words, card, tone="second", wrap=True))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        again = Button(_("Try again"), card, kind="primary", size="medium", name=names.RESCUE_RETRY)
        again.clicked.connect(self.retry_wanted)
        show = Button(_("Show the folder"), card, size="medium", name=names.RESCUE_FOLDER)
        show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
        demo = Button(_("Open the demo shop"), card, kind="ghost", size="medium", name=names.RESCUE_DEMO)
        demo.clicked.connect(self.demo_wanted)
        for button in (again, show, demo):
            buttons.addWidget(button)
        buttons.addStretch(1)
        card.body.addSpacing(8)
        card.body.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card, 8)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)
        again.setFocus()
