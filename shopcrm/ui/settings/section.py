"""What sections of the settings are made of: a card of lines, each a word with its explanation and its control."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.ui import theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.cards import Card, Line, ScrollArea
from shopcrm.ui.kit.text import Text

LARGE_TEXT = 150  # percent, from which a control stands below its words instead of beside them


class Section(ScrollArea):
    """One section. A subclass writes `_build` and `refresh`; `title` is as declared, `key` what pages ask for."""

    key: ClassVar[str]
    title: ClassVar[str]
    icon: ClassVar[str]

    option_chosen = Signal(str, object)  # a setting of this PC: option key, value
    shop_wanted = Signal(bool)  # the demo shop (True) or the own one
    restore_wanted = Signal(object)  # the path of a backup

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, gap=12)
        self.ctx = ctx
        self._build()
        self.body.addStretch(1)

    def _build(self) -> None:
        """Make the cards."""

    def refresh(self) -> None:
        """Read what is shown anew."""

    def first_control(self) -> QWidget | None:
        """Who gets the keyboard from the list of sections."""
        return None

    def card(self, title: str, text: str = "") -> Lines:
        """A further card."""
        made = Lines(title, text, parent=self)
        self.body.addWidget(made)
        return made


class Lines(Card):
    """A card of settings with hair lines between them."""

    def __init__(self, title: str, text: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=16, gap=12)
        self.body.addWidget(Text(title, self, size=theme.LEAD, bold=True, wrap=True))
        if text:
            self.body.addWidget(Text(text, self, tone="second", wrap=True))

    def line(self, title: str, control: QWidget, *, text: str = "") -> Text:
        """A setting: its word, its explanation (returned, to be changed) and its control."""
        self.body.addWidget(Line(self))
        told = Text(text, self, tone="second", wrap=True)
        told.setVisible(bool(text))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Text(title, self, bold=True, wrap=True))
        words.addWidget(told)
        if theme.current().text_percent >= LARGE_TEXT:
            words.addSpacing(6)
            words.addWidget(control, 0, Qt.AlignmentFlag.AlignLeft)
            self.body.addLayout(words)
        else:
            row = QHBoxLayout()
            row.setSpacing(24)
            row.addLayout(words, 1)
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.body.addLayout(row)
        return told
