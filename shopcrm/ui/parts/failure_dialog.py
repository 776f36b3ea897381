"""A failure, said: the user's as it is, the environment's with a retry, a bug with where its report is."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.text import Icon, Text
from shopcrm.ui.messages import Failed


class FailureDialog(QDialog):
    """Opened without stopping anything else."""

    def __init__(self, failed: Failed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._failed = failed
        self.setObjectName(names.FAILURE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        titles = {
            "user": _("That did not work"),
            "environment": _("This computer is in the way"),
            "bug": _("Something broke in the program"),
        }
        text = failed.text
        if failed.kind == "bug":
            text = _(
                "Nothing half-done was kept; you can go on. A report without any customer’s data was written down."
            )
        self.setWindowTitle(titles[failed.kind])
        self.setAccessibleName(titles[failed.kind])
        row = QHBoxLayout()
        row.setSpacing(14)
        icon = Icon("circle-alert" if failed.kind == "user" else "triangle-alert", self, tone="bad", size=24)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(Text(titles[failed.kind], self, size=theme.LEAD, bold=True, wrap=True))
        said = Text(text, self, wrap=True, name="failure_text")
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.addWidget(said)
        if failed.report is not None:
            words.addWidget(Text(failed.report.name, self, tone="second", wrap=True))
        words.addStretch(1)
        row.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(16)
        column.addLayout(row, 1)
        column.addLayout(self._buttons())
        self.setMinimumWidth(theme.current().px(440))

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        failed = self._failed
        if failed.report is not None:
            folder = QUrl.fromLocalFile(str(failed.report.parent))
            show = Button(_("Show the report"), self, size="medium", name=names.FAILURE_REPORT)
            show.clicked.connect(lambda: QDesktopServices.openUrl(folder))
            row.addWidget(show)
        close = Button(_("Close"), self, size="medium", name=names.FAILURE_CLOSE)
        close.clicked.connect(self.reject)
        row.addWidget(close)
        if failed.retry is not None:
            again = Button(_("Try again"), self, kind="primary", size="medium", name=names.FAILURE_RETRY)
            again.clicked.connect(self.accept)
            self.accepted.connect(failed.retry)
            row.addWidget(again)
        else:
            close.setFocus()
        return row
