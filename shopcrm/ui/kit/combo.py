"""One of a list: a short one to pull down, or (`searchable`) a long one to type in."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QListView, QWidget

from shopcrm.ui import theme
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.edits import LineEdit


class Combo(Choice):
    """A choice of a fixed width. Typing in a searchable one finds any part of the words."""

    def __init__(
        self, parent: QWidget | None = None, *, label: str, name: str, searchable: bool = False, width: int = 120
    ) -> None:
        """`width` is the least, at 100 % text."""
        super().__init__(parent, label=label, name=name)
        self.setFixedWidth(theme.current().px(width))
        self._edit: LineEdit | None = None
        if searchable:
            self._edit = self._make_searchable(label, name)

    def _make_searchable(self, label: str, name: str) -> LineEdit:
        edit = LineEdit(self, label=label, name=f"{name}_edit")
        edit.setProperty("bare", "true")
        self.setLineEdit(edit)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        popup = QListView(self)
        popup.setObjectName("completions")
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setPopup(popup)
        self.setCompleter(completer)
        edit.submitted.connect(self._take_best)
        return edit

    def set_key(self, key: str) -> None:
        """Show a key as chosen, if it is one of them."""
        super().set_key(key)
        self._settle()

    def _take_best(self, typed: str) -> None:
        """Enter: the first that holds what was typed, or what stood there before."""
        place = self.findText(typed, Qt.MatchFlag.MatchContains)
        if typed and place >= 0:
            self.setCurrentIndex(place)
            self.picked.emit(self.key())
        self._settle()

    def _settle(self) -> None:
        """Show the words of what is chosen, from their beginning."""
        if self._edit is not None:
            self._edit.setText(self.itemText(self.currentIndex()))
            self._edit.setCursorPosition(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._edit is not None and event.reason() != Qt.FocusReason.PopupFocusReason:
            # After Qt has set the cursor where the mouse is.
            QTimer.singleShot(0, self._edit, self._edit.selectAll)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._settle()
