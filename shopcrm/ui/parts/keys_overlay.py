"""F1: what can be done by which key, read from the list of actions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base import matching
from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.actions import ACTIONS, Action
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, ScrollArea
from shopcrm.ui.kit.edits import SearchBox
from shopcrm.ui.kit.text import KeyCap, Text
from shopcrm.ui.pages.registry import EVERY, PAGES

TWO_FROM: Final = 600  # wide enough for two columns


class KeysOverlay(QWidget):
    """Lies over the window until Escape, F1 or a click beside it. What is typed narrows the list."""

    def __init__(self, over: QWidget, *, listed: Collection[Action] = ACTIONS) -> None:
        """`listed`: what can be done there, where it is not everything."""
        super().__init__(over)
        self.setObjectName(names.KEYS_OVERLAY)
        self.setAccessibleName(_("List of keys"))
        self._over, self._listed = over, listed
        self._card = Card(self, padding=24, gap=12)
        self._search = SearchBox(
            self._card, placeholder=_("Search the keys"), label=_("Search the keys"), height=32, name=names.KEYS_SEARCH
        )
        self._groups: list[_Group] = []
        self._nothing = Text(_("No key fits"), self._card, tone="second")
        self._build()
        self._search.query_changed.connect(self._narrow)
        self._search.escaped.connect(self._escaped)
        self._search.moved.connect(self._scroll)
        self._back = QApplication.focusWidget()
        over.installEventFilter(self)
        self.resize(over.size())
        self.show()
        self.raise_()
        self._place()
        self._search.edit.setFocus()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Text(_("Keys"), self._card, size=theme.TITLE, bold=True))
        head.addStretch(1)
        self._search.setMaximumWidth(theme.current().px(260))
        head.addWidget(self._search, 2)
        close = Button("", self._card, kind="ghost", icon="x", size="medium", name=names.KEYS_CLOSE, label=_("Close"))
        close.clicked.connect(self.close)
        head.addWidget(close)
        self._card.body.addLayout(head)
        self._area = ScrollArea(self._card, gap=0)
        titles = {"": _("Everywhere"), **{page.key: _(page.title) for page in EVERY}}
        for page, title in titles.items():
            listed = [action for action in ACTIONS if action in self._listed and action.page == page and action.keys]
            if listed:
                self._groups.append(_Group(title, listed, self._area))
        columns = QHBoxLayout()
        columns.setSpacing(48)
        two = theme.current().text_percent < 150 and self._over.width() >= theme.current().px(TWO_FROM)
        for groups in _halves(self._groups) if two else [self._groups]:
            column = QVBoxLayout()
            column.setSpacing(16)
            for group in groups:
                column.addWidget(group)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self._area.body.addLayout(columns)
        self._area.body.addWidget(self._nothing)
        self._nothing.hide()
        self._area.body.addStretch(1)
        self._card.body.addWidget(self._area, 1)

    def _narrow(self, typed: str) -> None:
        fits = [group.narrow(typed) for group in self._groups]
        self._nothing.setVisible(not any(fits))

    def _scroll(self, steps: int) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + steps * theme.current().px(32))

    def _escaped(self) -> None:
        if self._search.edit.text():
            self._search.clear()
        else:
            self.close()

    def _place(self) -> None:
        self.setGeometry(self._over.rect())
        width = min(theme.current().px(820), self.width() - 48)
        height = min(theme.current().px(600), self.height() - 48)
        self._card.setGeometry((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, 110))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card.geometry().contains(event.position().toPoint()):
            self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F1):
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if self._back is not None and shiboken6.isValid(self._back):
            self._back.setFocus()
        self.deleteLater()


class _Group(QWidget):
    """The keys of one page under its title."""

    def __init__(self, title: str, actions: Sequence[Action], parent: QWidget) -> None:
        super().__init__(parent)
        self._title = title
        self._rows: list[tuple[Action, Text, KeyCap]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(6)
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(0, 1)
        grid.addWidget(Text(title, self, bold=True, tone="second"), 0, 0, 1, 2)
        for number, action in enumerate(actions, 1):
            words, cap = Text(_(action.text), self, wrap=True), KeyCap(_keys(action), self)
            grid.addWidget(words, number, 0)
            grid.addWidget(cap, number, 1, Qt.AlignmentFlag.AlignRight)
            self._rows.append((action, words, cap))

    @property
    def rows(self) -> int:
        """How many keys it has."""
        return len(self._rows)

    def narrow(self, typed: str) -> bool:
        """Show only what fits, by its words, its keys or the page; whether something does."""
        found = False
        for action, words, cap in self._rows:
            keys = _keys(action)
            fits = matching.rank(typed, words.text(), action.text, keys, keys.replace("+", " "), self._title)
            words.setVisible(fits is not None)
            cap.setVisible(fits is not None)
            found = found or fits is not None
        self.setVisible(found)
        return found


def _halves(groups: Sequence[_Group]) -> list[list[_Group]]:
    """In two columns of about the same length, in their order."""
    half, left, right = sum(group.rows + 2 for group in groups) / 2, list[_Group](), list[_Group]()
    filled = 0
    for group in groups:
        (left if filled + (group.rows + 2) / 2 <= half else right).append(group)
        filled += group.rows + 2
    return [left, right]


def _keys(action: Action) -> str:
    return f"Ctrl+1…{len(PAGES)}" if action.key == "page" else action.keys
