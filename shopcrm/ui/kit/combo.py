"""One of a list: a short one to pull down, or (`searchable`) a long one to type in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QListView, QWidget

from shopcrm.ui import theme
from shopcrm.ui.kit.edits import LineEdit


class Combo(QComboBox):
    """Emits the key that was chosen. Typing in a searchable one finds any part of the words."""

    chosen = Signal(str)

    def __init__(
        self, parent: QWidget | None = None, *, label: str, name: str, searchable: bool = False, width: int = 120
    ) -> None:
        """`width` is the least, at 100 % text."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setFixedWidth(theme.current().px(width))
        self.setMaxVisibleItems(14)
        self._edit: LineEdit | None = None
        if searchable:
            self._edit = self._make_searchable(label, name)
        self.activated.connect(lambda _place: self.chosen.emit(self.code()))

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

    def set_choices(self, choices: Sequence[tuple[str, str]], *, chosen: str) -> None:
        """Show these (key, words)."""
        self.clear()
        for code, words in choices:
            self.addItem(words, code)
        self.choose(chosen)

    def choose(self, code: str) -> None:
        """Put it on a key, if that is one of them."""
        self.setCurrentIndex(self.findData(code))
        self._settle()

    def code(self) -> str:
        """The chosen key."""
        found = self.currentData()
        return found if isinstance(found, str) else ""

    def _take_best(self, typed: str) -> None:
        """Enter: the first that holds what was typed, or what stood there before."""
        place = self.findText(typed, Qt.MatchFlag.MatchContains)
        if typed and place >= 0:
            self.setCurrentIndex(place)
            self.chosen.emit(self.code())
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

    def wheelEvent(self, event: QWheelEvent) -> None:
        # The wheel scrolls the page; a choice that turns under it is changed unseen.
        event.ignore()
