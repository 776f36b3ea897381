"""A failure, said: the user's as it is, the environment's with a retry, a bug with its report to look at and copy."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.text import Icon, Text
from shopcrm.ui.messages import Failed


class FailureDialog(QDialog):
    """Opened without stopping anything else."""

    def __init__(self, failed: Failed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.failed = failed
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
                "Nothing half-done was kept; you can go on. The report says where it happened and names no customer."
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
        if failed.report:
            words.addWidget(self._report(failed.report), 1)
            if failed.kept is not None:
                kept = _("Kept on this computer as {name}").format(name=failed.kept.name)
                words.addWidget(Text(kept, self, size=theme.SMALL, tone="second", wrap=True))
        else:
            words.addStretch(1)
        row.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(16)
        column.addLayout(row, 1)
        column.addLayout(self._buttons())
        self.setMinimumWidth(theme.current().px(560 if failed.report else 440))
        if parent is not None:
            self.setMaximumSize(parent.size())

    def _report(self, report: str) -> QPlainTextEdit:
        """The report as it is: whoever sends it on sees first that nobody is named in it."""
        look = theme.current()
        shown = QPlainTextEdit(report, self)
        shown.setObjectName(names.FAILURE_REPORT)
        shown.setAccessibleName(_("The report"))
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(look.px(theme.SMALL))
        shown.setFont(font)
        shown.setMinimumHeight(look.px(90))
        return shown

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        failed = self.failed
        if failed.kept is not None:
            folder = QUrl.fromLocalFile(str(failed.kept.parent))
            show = Button(_("Show the folder"), self, size="medium", icon="folder-open", name=names.FAILURE_FOLDER)
            show.clicked.connect(lambda: QDesktopServices.openUrl(folder))
            row.addWidget(show)
        if failed.report:
            self._copy = Button(_("Copy the report"), self, size="medium", icon="copy", name=names.FAILURE_COPY)
            self._copy.clicked.connect(self._copy_report)
            row.addWidget(self._copy)
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

    def _copy_report(self) -> None:
        QApplication.clipboard().setText(self.failed.report)
        self._copy.set_icon("check")
        self._copy.set_text(_("Copied"))
