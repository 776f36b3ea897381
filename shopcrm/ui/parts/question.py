"""The one question that is asked before something is replaced; its button bears the verb."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.text import Icon, Text


class Question(QDialog):
    """Opened without stopping anything else. Escape and the second button leave everything as it is."""

    def __init__(
        self, parent: QWidget, *, title: str, lines: Sequence[str], verb: str, wanted: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self.setObjectName(names.QUESTION)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription("\n".join(lines))
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(Text(title, self, size=theme.LEAD, bold=True, wrap=True))
        for line in lines:
            words.addWidget(Text(line, self, wrap=True))
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(Icon("history", self, tone="accent", size=24), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(16)
        column.addLayout(row, 1)
        column.addLayout(self._buttons(verb))
        self.accepted.connect(wanted)
        self.setMinimumWidth(theme.current().px(460))

    def _buttons(self, verb: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        leave = Button(_("Leave it as it is"), self, size="medium", name=f"{names.QUESTION}_no")
        leave.clicked.connect(self.reject)
        do = Button(verb, self, kind="primary", size="medium", name=f"{names.QUESTION}_yes")
        do.clicked.connect(self.accept)
        row.addWidget(leave)
        row.addWidget(do)
        do.setFocus()
        return row
