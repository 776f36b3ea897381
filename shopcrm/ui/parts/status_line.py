"""The line at the foot: how many customers, the last import, the last verified backup; which export has arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shopcrm.base import clock
from shopcrm.base.i18n import _, n_
from shopcrm.ui import names, theme, words
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.text import Text, plain_tooltip

HEIGHT = 26
NAME_LENGTH = 36
LARGE_TEXT = 150


@dataclass(frozen=True)
class Standing:
    """What the line says."""

    customers: int
    imported_at: datetime | None
    backed_up_at: datetime | None


class StatusLine(QWidget):
    """Says the ages anew every minute."""

    keys_wanted = Signal()
    backups_wanted = Signal()
    import_wanted = Signal()  # of what has arrived
    arrived_closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(names.STATUS)
        self._standing: Standing | None = None
        self._offers = False
        self._customers = Text("", self, size=theme.SMALL, tone="second", name=names.STATUS_CUSTOMERS)
        self._import = Text("", self, size=theme.SMALL, tone="second", name=names.STATUS_IMPORT)
        self._backup = Button("", self, kind="ghost", size="tiny", name=names.STATUS_BACKUP)
        self._backup.setFixedHeight(theme.current().px(22))
        self._backup.clicked.connect(self.backups_wanted)
        self._waiting = Text("", self, size=theme.SMALL, tone="warn", bold=True, name=names.STATUS_WAITING)
        self._waiting.hide()
        self._arrived = Button("", self, kind="ghost", icon="file-up", size="tiny", name=names.STATUS_ARRIVED)
        self._arrived_close = Button(
            "", self, kind="ghost", icon="x", size="tiny", label=_("Do not import it"),
            name=f"{names.STATUS_ARRIVED}_close",
        )  # fmt: skip
        for button in (self._arrived, self._arrived_close):
            button.setFixedHeight(theme.current().px(22))
            button.hide()
        self._arrived.clicked.connect(self.import_wanted)
        self._arrived_close.clicked.connect(self.arrived_closed)
        self._dots = [Text("•", self, size=theme.SMALL, tone="third") for _unused in range(2)]
        keys = Button(_("F1 Keys"), self, kind="ghost", name=names.STATUS_KEYS, label=_("List of keys"))
        keys.setFixedHeight(theme.current().px(22))
        keys.clicked.connect(self.keys_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 1, 12, 0)
        row.setSpacing(12)
        for widget in (self._customers, self._dots[0], self._import, self._dots[1], self._backup):
            if widget is self._backup:
                row.addSpacing(-6)  # a button's words begin further in: the dot stands in the middle
            row.addWidget(widget)
            widget.hide()
        row.addStretch(1)
        row.addWidget(self._arrived)
        row.addWidget(self._arrived_close)
        row.addWidget(self._waiting)
        row.addWidget(keys)
        self.setFixedHeight(theme.current().px(HEIGHT))
        self._timer = QTimer(self, interval=60_000)
        self._timer.timeout.connect(self._say)
        self._timer.start()

    def show_standing(self, standing: Standing) -> None:
        """Say this from now on."""
        self._standing = standing
        self._say()

    def show_arrived(self, files: Sequence[str]) -> None:
        """Offer to import the files that have appeared in the watched folder; none hides the offer."""
        if files:
            name = files[0] if len(files[0]) <= NAME_LENGTH else f"{files[0][: NAME_LENGTH // 2]}…{files[0][-12:]}"
            words = _("{file} arrived: import").format(file=name)
            if len(files) > 1:
                words = n_("{n} export arrived: import", "{n} exports arrived: import", len(files)).format(n=len(files))
            self._arrived.set_text(words)
            self._arrived.setToolTip(plain_tooltip("\n".join(files)))
        self._offers = bool(files)
        for button in (self._arrived, self._arrived_close):
            button.setVisible(self._offers)
        self._make_room()

    def show_waiting(self, edits: int) -> None:
        """How many edits wait until the running job lets them through; none hides the words."""
        self._waiting.setText(
            n_("{n} edit waiting for the import", "{n} edits waiting for the import", edits).format(n=edits)
        )
        self._waiting.setVisible(edits > 0)

    def _say(self) -> None:
        standing = self._standing
        if standing is None:
            return
        now = clock.now()
        count = n_("{n} customer", "{n} customers", standing.customers).format(n=f"{standing.customers:,}")
        self._customers.setText(count)
        self._import.setText(
            _("last import {ago}").format(ago=words.since((now - standing.imported_at).total_seconds()))
            if standing.imported_at
            else _("nothing imported yet")
        )
        self._backup.set_text(
            _("backup {ago} (verified)").format(ago=words.since((now - standing.backed_up_at).total_seconds()))
            if standing.backed_up_at
            else _("no backup yet")
        )
        self._make_room()

    def _make_room(self) -> None:
        """Large text leaves no room for the ages beside an offer."""
        crowded = self._offers and theme.current().text_percent >= LARGE_TEXT
        self._customers.setVisible(self._standing is not None)
        for widget in (*self._dots, self._import, self._backup):
            widget.setVisible(self._standing is not None and not crowded)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look = QPainter(self), theme.current()
        painter.fillRect(self.rect(), look.colour("surface"))
        painter.fillRect(0, 0, self.width(), 1, look.colour("border"))
