"""The columns of the customer table: which, in which order, how wide; shown at once as they are changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from shopcrm.act.list_views import USUAL_COLUMNS, ColumnWidth
from shopcrm.base.i18n import _
from shopcrm.base.matching import rank
from shopcrm.ui import names, theme
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.check_list import CheckList
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts.customer_columns import CustomerColumns

KEY: Final = Qt.ItemDataRole.UserRole
_WIDER: Final = 16
_NARROWEST: Final = 40
_USUAL_WIDTH: Final = 120
STAYS: Final = "name"  # who it is can always be seen


class ColumnDialog(QDialog):
    """Space shows and hides, Alt with an arrow moves or draws wider. Esc and Enter close."""

    def __init__(
        self,
        parent: QWidget,
        *,
        columns: CustomerColumns,
        shown: Sequence[ColumnWidth],
        changed: Callable[[tuple[ColumnWidth, ...]], None],
    ) -> None:
        super().__init__(parent)
        self._columns, self._changed = columns, changed
        self._widths = {one.key: one.width for one in shown}
        self.setObjectName(names.COLUMNS)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Columns"))
        self.setAccessibleName(_("Columns"))
        self._find = LineEdit(self, placeholder=_("Find a column"), label=_("Find a column"), name=names.COLUMNS_FIND)
        self._list = CheckList(self, label=_("Columns"), name=names.COLUMNS_LIST, height=280)
        self._up = Button("", self, icon="arrow-up", label=_("Further left (Alt+Up)"), name=names.COLUMNS_UP)
        self._down = Button("", self, icon="arrow-down", label=_("Further right (Alt+Down)"), name=names.COLUMNS_DOWN)
        self._reset = Button(_("As usual"), self, icon="rotate-ccw", name=names.COLUMNS_RESET)
        self._close = Button(_("Close"), self, kind="primary", size="medium", name=names.COLUMNS_CLOSE)
        self._build()
        self._wire()
        self._show([one.key for one in shown])
        self._list.setCurrentRow(0)
        self._find.setFocus()

    def _build(self) -> None:
        self._list.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        look = theme.current()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        column.addWidget(Text(_("Columns"), self, size=theme.LEAD, bold=True))
        column.addWidget(self._find)
        column.addWidget(self._list, 1)
        told = _("Space shows or hides. Alt with ↑ ↓ moves, Alt with ← → draws narrower or wider.")
        column.addWidget(Text(told, self, size=theme.SMALL, tone="second", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self._up, self._down, self._reset):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._close)
        column.addLayout(row)
        parent = self.parentWidget()
        room = parent.window().height() - 60 if parent is not None else 600
        self.resize(min(look.px(380), 1000), min(look.px(520), room))

    def _wire(self) -> None:
        self._find.textChanged.connect(self._narrow)
        self._find.submitted.connect(lambda _text: self._toggle())
        self._find.escaped.connect(self.reject)
        self._list.itemChanged.connect(lambda _item: self._tell())
        self._list.model().rowsMoved.connect(lambda *_places: self._tell())
        self._up.clicked.connect(lambda: self._move(-1))
        self._down.clicked.connect(lambda: self._move(1))
        self._reset.clicked.connect(self._as_usual)
        self._close.clicked.connect(self.accept)
        for keys, do in (
            ("Alt+Up", lambda: self._move(-1)),
            ("Alt+Down", lambda: self._move(1)),
            ("Alt+Left", lambda: self._draw(-_WIDER)),
            ("Alt+Right", lambda: self._draw(_WIDER)),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(do)

    def _show(self, chosen: Sequence[str]) -> None:
        """The chosen ones in their order, then all others as they are declared."""
        known = [key for key in self._columns.fields if self._columns.can_show(key)]
        with QSignalBlocker(self._list):
            self._list.clear()
            for key in dict.fromkeys([*(key for key in chosen if key in known), *known]):
                item = QListWidgetItem(self._columns.title(key), self._list)
                item.setData(KEY, key)
                flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemIsEnabled
                item.setFlags(flags if key == STAYS else flags | Qt.ItemFlag.ItemIsUserCheckable)
                on = key in chosen or key == STAYS
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _tell(self) -> None:
        items = [self._list.item(row) for row in range(self._list.count())]
        keys = [item.data(KEY) for item in items if item.checkState() == Qt.CheckState.Checked]
        self._changed(tuple(ColumnWidth(key, self._widths.get(key, 0)) for key in keys))

    def _toggle(self) -> None:
        item = self._list.currentItem()
        if self._list.currentRow() >= 0 and item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            on = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def _move(self, steps: int) -> None:
        row = self._list.currentRow()
        to = row + steps
        if row < 0 or not 0 <= to < self._list.count():
            return
        with QSignalBlocker(self._list):
            item = self._list.takeItem(row)
            self._list.insertItem(to, item)
            self._list.setCurrentRow(to)
        self._tell()

    def _draw(self, wider: int) -> None:
        item = self._list.currentItem()
        if item is not None:
            key = item.data(KEY)
            usual = next((one.width for one in self._columns.make([ColumnWidth(key)])), _USUAL_WIDTH)
            self._widths[key] = max(_NARROWEST, (self._widths.get(key) or usual) + wider)
            self._tell()

    def _as_usual(self) -> None:
        self._widths.clear()
        self._show(USUAL_COLUMNS)
        self._tell()

    def _narrow(self, typed: str) -> None:
        first = None
        for row in range(self._list.count()):
            item = self._list.item(row)
            met = not typed.strip() or rank(typed, item.text()) is not None
            item.setHidden(not met)
            first = row if met and first is None else first
        if first is not None:
            self._list.setCurrentRow(first)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._list.hasFocus():
            self.accept()
        else:
            super().keyPressEvent(event)
