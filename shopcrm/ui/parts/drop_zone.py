"""Where files go in: a dashed frame with the one button. Files can be dropped anywhere on the window."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.text import Icon, Text

READABLE = "*.csv *.xlsx *.xlsm *.xls *.txt *.tsv *.htm *.html *.vcf"


class DropZone(QWidget):
    """Says what can be dropped; while a file is being read, which one."""

    choose_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(names.IMPORT_DROP)
        self._title = Text("", self, size=theme.LEAD, bold=True, wrap=True)
        self._words = Text("", self, tone="second", wrap=True)
        self._choose = Button(
            _("Choose files"), self, kind="primary", icon="file-up", size="medium", keys="Ctrl+O",
            name=names.IMPORT_CHOOSE,
        )  # fmt: skip
        self._choose.clicked.connect(self.choose_wanted)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self._title)
        words.addWidget(self._words)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 22, 24, 22)
        row.setSpacing(20)
        row.addWidget(Icon("file-spreadsheet", self, tone="accent", size=40))
        row.addLayout(words, 1)
        row.addWidget(self._choose)
        self.setAccessibleName(_("Drop order files here"))
        self.show_ready()

    def show_ready(self) -> None:
        """Nothing is being read."""
        self._title.setText(_("Drop order files here"))
        self._words.setText(
            _(
                "The export of your marketplace as it is: csv, xlsx or xls. "
                "You see what it does before anything is written."
            )
        )
        self._choose.setEnabled(True)

    def show_reading(self, file: str) -> None:
        """A file is being read."""
        self._title.setText(_("Looking at {file} …").format(file=file))
        self._words.setText(_("Nothing is written yet."))
        self._choose.setEnabled(False)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.blend(look.colour("accent"), look.colour("border"), 0.5), 1.5, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme.blend(look.colour("accent_soft"), look.colour("surface"), 0.4))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
