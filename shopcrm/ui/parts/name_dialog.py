"""A name asked for: of a view, of a tag."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text


class NameDialog(QDialog):
    """Enter takes it, Esc leaves everything as it is."""

    def __init__(
        self,
        parent: QWidget,
        *,
        title: str,
        text: str = "",
        remark: str = "",
        verb: str = "",
        known: Sequence[str] = (),
        blank: bool = False,
        wrong: Callable[[str], str] = lambda _text: "",
        wanted: Callable[[str], None],
    ) -> None:
        """`known`: names to choose from while typing; `blank`: nothing is a name too; `wrong`: why it is none."""
        super().__init__(parent)
        self.setObjectName(names.NAME)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._wanted, self._blank, self._wrong = wanted, blank, wrong
        self._edit = LineEdit(self, label=title, name=names.NAME_EDIT)
        self._edit.setText(text)
        self._edit.selectAll()
        if known:
            completer = QCompleter(QStringListModel(list(known), self), self)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            if (popup := completer.popup()) is not None:
                popup.setObjectName("completions")
            self._edit.setCompleter(completer)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        column.addWidget(Text(title, self, size=theme.LEAD, bold=True, wrap=True))
        column.addWidget(self._edit)
        self._error = Text("", self, tone="bad", size=theme.SMALL, wrap=True, name=f"{names.NAME}_error")
        self._error.hide()
        column.addWidget(self._error)
        if remark:
            column.addWidget(Text(remark, self, size=theme.SMALL, tone="second", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        leave = Button(_("Cancel"), self, size="medium", name=names.NAME_CANCEL)
        take = Button(verb or _("Save"), self, kind="primary", size="medium", name=names.NAME_TAKE)
        leave.clicked.connect(self.reject)
        take.clicked.connect(self._take)
        row.addWidget(leave)
        row.addWidget(take)
        column.addLayout(row)
        self._edit.submitted.connect(lambda _text: self._take())
        self._edit.escaped.connect(self.reject)
        self._edit.textChanged.connect(lambda _text: self._error.hide())
        self.setMinimumWidth(min(theme.current().px(380), 1000))
        self._edit.setFocus()

    def _take(self) -> None:
        text = self._edit.text()
        if not text.strip() and not self._blank:
            self._edit.setFocus()
            return
        wrong = self._wrong(text)
        if wrong:
            self._error.setText(wrong)
            self._error.show()
            self._edit.setFocus()
            self.adjustSize()
            return
        self.accept()
        self._wanted(text)
