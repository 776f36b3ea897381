"""A field of which one of several words is chosen, some under headings; the wheel does not change it by accident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from shopcrm.ui.kit.text import plain_tooltip

KEY = Qt.ItemDataRole.UserRole


class Headed(QStandardItemModel):
    """Words under headings, shared by many fields: (heading, ((key, words), …)); an empty heading is none.

    `told` are by key further words, seen when the mouse rests there.
    """

    def __init__(
        self,
        groups: Sequence[tuple[str, Sequence[tuple[str, str]]]],
        parent: QObject | None = None,
        *,
        told: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        for heading, choices in groups:
            if heading:
                title = QStandardItem(heading)
                title.setFlags(Qt.ItemFlag.NoItemFlags)
                self.appendRow(title)
            for key, words in choices:
                item = QStandardItem(words)
                item.setData(key, KEY)
                item.setData(words, Qt.ItemDataRole.AccessibleTextRole)
                if told and key in told:
                    item.setData(plain_tooltip(told[key]), Qt.ItemDataRole.ToolTipRole)
                    item.setData(told[key], Qt.ItemDataRole.AccessibleDescriptionRole)
                self.appendRow(item)


class Choice(QComboBox):
    """Told and asked by keys. `picked` comes only from the user's hand."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, label: str, name: str, letters: int = 6) -> None:
        """It is at least so many `letters` wide."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(16)
        self.setMinimumContentsLength(letters)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(lambda _place: self.picked.emit(self.key()))

    def set_choices(self, choices: Sequence[tuple[str, str]], *, chosen: str) -> None:
        """Offer these (key, words)."""
        self.clear()
        for key, words in choices:
            self.addItem(words, key)
        self.set_key(chosen)

    def set_key(self, key: str) -> None:
        """Show a key as chosen."""
        self.setCurrentIndex(self.findData(key, KEY))

    def key(self) -> str:
        """The chosen key, "" for none."""
        return str(self.currentData(KEY) or "")

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()  # it scrolls what the field stands in
