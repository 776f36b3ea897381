"""F1: what can be done by which key, read from the list of actions."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.base.i18n import _
from shopcrm.ui import names, theme
from shopcrm.ui.actions import ACTIONS, Action
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, ScrollArea
from shopcrm.ui.kit.text import KeyCap, Text
from shopcrm.ui.pages.registry import PAGES


class KeysOverlay(QWidget):
    """Lies over the window until Escape, F1 or a click beside it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName(names.KEYS_OVERLAY)
        self.setAccessibleName(_("List of keys"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._over = over
        self._card = Card(self, padding=24, gap=12)
        head = QHBoxLayout()
        head.addWidget(Text(_("Keys"), self._card, size=theme.TITLE, bold=True))
        head.addStretch(1)
        self._close = Button(
            "", self._card, kind="ghost", icon="x", size="medium", name=names.KEYS_CLOSE, label=_("Close")
        )
        self._close.clicked.connect(self.close)
        head.addWidget(self._close)
        self._card.body.addLayout(head)
        area = ScrollArea(self._card, gap=0)
        columns = QHBoxLayout()
        columns.setSpacing(48)
        titles = {"": _("Everywhere"), **{page.key: _(page.title) for page in PAGES}}
        right = ("desk", "today")
        columns.addLayout(self._column([(key, title) for key, title in titles.items() if key not in right]))
        columns.addLayout(self._column([(key, titles[key]) for key in right]))
        area.body.addLayout(columns)
        area.body.addStretch(1)
        self._card.body.addWidget(area, 1)
        over.installEventFilter(self)
        self.resize(over.size())
        self.show()
        self.raise_()
        self.setFocus()

    def _column(self, pages: list[tuple[str, str]]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        for page, title in pages:
            listed = [action for action in ACTIONS if action.page == page]
            if not listed:
                continue
            column.addWidget(Text(title, self._card, bold=True, tone="second"))
            grid = QGridLayout()
            grid.setVerticalSpacing(6)
            grid.setHorizontalSpacing(16)
            grid.setColumnStretch(0, 1)
            for number, action in enumerate(listed):
                grid.addWidget(Text(_(action.text), self._card, wrap=True), number, 0)
                grid.addWidget(KeyCap(_keys(action), self._card), number, 1, Qt.AlignmentFlag.AlignRight)
            column.addLayout(grid)
            column.addSpacing(10)
        column.addStretch(1)
        return column

    def _place(self) -> None:
        self.setGeometry(self._over.rect())
        width = min(theme.current().px(760), self.width() - 48)
        height = min(theme.current().px(520), self.height() - 48)
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
        self.deleteLater()


def _keys(action: Action) -> str:
    return f"Ctrl+1…{len(PAGES)}" if action.key == "page" else action.keys
