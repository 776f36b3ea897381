"""Settings: a list of sections at the left, the open one at the right; what is chosen works at once."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QSizePolicy, QStackedWidget, QWidget

from shopcrm.base.changes import Changes
from shopcrm.base.i18n import N_, _
from shopcrm.ui import icons, names, theme
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.pages.page import Page, PageHead, page_column
from shopcrm.ui.settings.about import AboutSection
from shopcrm.ui.settings.backups import BackupsSection
from shopcrm.ui.settings.beside import BesideSection
from shopcrm.ui.settings.imports import ImportsSection
from shopcrm.ui.settings.look import LookSection
from shopcrm.ui.settings.rules import RulesSection
from shopcrm.ui.settings.section import LARGE_TEXT, Section
from shopcrm.ui.settings.shop import ShopSection

SECTIONS: Final[tuple[type[Section], ...]] = (
    LookSection, ShopSection, RulesSection, BesideSection, ImportsSection, BackupsSection, AboutSection,
)  # fmt: skip
ROOM = 700  # a section is not wider than one reads with ease (in pixels at 100 % text)


class SettingsPage(Page):
    """Up and Down choose a section, Enter or Right goes into it. Sections are made when they are first opened."""

    key = "settings"
    title = N_("Settings")
    icon = "settings"

    option_chosen = Signal(str, object)
    shop_wanted = Signal(bool)
    restore_wanted = Signal(object)

    reads = Changes.ALL

    def _build(self) -> None:
        self._made: dict[str, Section] = {}
        column = page_column(self)
        self.head = PageHead(_(self.title), self)
        column.addWidget(self.head)
        self._list = _SectionList(self)
        self._stack = QStackedWidget(self)
        self._stack.setMaximumWidth(max(theme.current().px(ROOM), 900))
        frame = Card(self, padding=4)
        frame.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        frame.body.addWidget(self._list)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(frame, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._stack, 100)
        row.addStretch(1)
        column.addLayout(row, 1)

    def _wire(self) -> None:
        self._list.currentRowChanged.connect(self._open_row)
        self._list.entered_section.connect(self._enter)

    @property
    def section(self) -> Section:
        """The open section."""
        kind = SECTIONS[max(self._list.currentRow(), 0)]
        if kind.key not in self._made:
            made = self._made[kind.key] = kind(self.ctx, self._stack)
            made.option_chosen.connect(self.option_chosen)
            made.shop_wanted.connect(self.shop_wanted)
            made.restore_wanted.connect(self.restore_wanted)
            self._stack.addWidget(made)
        return self._made[kind.key]

    def _open_row(self, _row: int) -> None:
        section = self.section
        self._stack.setCurrentWidget(section)
        section.refresh()

    def _enter(self) -> None:
        control = self.section.first_control()
        if control is not None:
            control.setFocus(Qt.FocusReason.TabFocusReason)

    def refresh(self) -> None:
        """Read the open section anew."""
        self._open_row(self._list.currentRow())

    def open_target(self, target: object) -> None:
        """A section's key."""
        for row, kind in enumerate(SECTIONS):
            if kind.key == target:
                self._list.setCurrentRow(row)

    def first_focus(self) -> QWidget | None:
        """The list of sections."""
        return self._list

    def remember(self) -> dict[str, object]:
        """The open section."""
        return {"section": self.section.key}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what `remember` gave."""
        self.open_target(state.get("section"))
        self._stack.setCurrentWidget(self.section)  # at once: whoever had the keyboard is looked for in it


class _SectionList(QListWidget):
    """As large as its words."""

    entered_section = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        look = theme.current()
        self.setObjectName(f"{names.SETTINGS}_sections")
        self.setAccessibleName(_("Sections of the settings"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIconSize(QSize(look.px(16), look.px(16)))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        row = look.px(36 if look.text_percent < LARGE_TEXT else 30)  # all of them fit in a low window
        for kind in SECTIONS:
            item = QListWidgetItem(_(kind.title), self)
            item.setSizeHint(QSize(0, row))
        widest = max(look.metrics(bold=True).horizontalAdvance(_(kind.title)) for kind in SECTIONS)
        self.setFixedSize(round(widest) + look.px(16) + 44, row * len(SECTIONS) + 2)
        self._dress()
        self.setCurrentRow(0)

    def _dress(self) -> None:
        for row, kind in enumerate(SECTIONS):
            self.item(row).setIcon(icons.icon(kind.icon))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.count() == len(SECTIONS):
            self._dress()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right):
            self.entered_section.emit()
        else:
            super().keyPressEvent(event)
