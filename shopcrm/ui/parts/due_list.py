"""Today's list: painted rows, of which the current one lies open with its buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from shopcrm.act.reminders import DueItem
from shopcrm.mine.cycles import ShopCycle
from shopcrm.ui import names, theme, words
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.marks import badge_colours
from shopcrm.ui.parts import due_words
from shopcrm.ui.parts.due_card import DueCard

Index = QModelIndex | QPersistentModelIndex
CLOSED_HEIGHT = 68
_PAD = 16


class DueModel(QAbstractListModel):
    """The items as they are ranked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[DueItem] = []
        self.today = date(1970, 1, 1)

    def set_items(self, items: Sequence[DueItem]) -> None:
        """Show these."""
        self.beginResetModel()
        self._items = list(items)
        self.endResetModel()

    def take(self, row: int) -> None:
        """One is dealt with."""
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._items[row]
        self.endRemoveRows()

    def item(self, row: int) -> DueItem | None:
        """The item at a row."""
        return self._items[row] if 0 <= row < len(self._items) else None

    def row_of(self, customer: int) -> int:
        """Where a customer stands, or −1."""
        return next((row for row, item in enumerate(self._items) if item.customer == customer), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.item(index.row())
        if item is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        return f"{item.name}: {due_words.badge(item)[0]}, {due_words.reason(item, today=self.today)}"


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: DueList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        width = self._view.viewport().width()
        if index.row() == self._view.open_row:
            return QSize(width, self._view.card.height_for(width))
        return QSize(width, theme.current().px(CLOSED_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = self._view.due.item(index.row())
        if item is None or index.row() == self._view.open_row:
            return
        look, rect = theme.current(), QRectF(option.rect)
        painter.save()
        if index.row() == self._view.hovered:
            painter.fillRect(rect, theme.blend(look.colour("raised"), look.colour("surface"), 0.6))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), look.colour("border"))
        line = look.px(24)
        top = QRectF(rect.left() + _PAD, rect.top() + look.px(9), rect.width() - 2 * _PAD, line)
        last = self._view.last_words(item)
        last_width = look.metrics().horizontalAdvance(last) + 12
        second = look.colour("second")
        paint.text(painter, top, last, ink=second, right=True)
        left, right = top.left(), top.right() - last_width
        left += paint.text(
            painter, QRectF(left, top.top(), (right - left) * 0.45, line), item.name, ink=look.colour("text"),
            size=theme.LEAD, bold=True,
        ) + 8  # fmt: skip
        word, tone = due_words.badge(item)
        for text, colours in ((words.group(item.group), item.group or "neutral"), (word, tone)):
            if text and right - left > look.px(40):
                ink, fill = badge_colours(colours)
                left += paint.badge(painter, QRectF(left, top.top(), right - left, line), text, ink=ink, fill=fill) + 8
        if right - left > look.px(30):
            when = due_words.when(item, today=self._view.due.today)
            paint.text(painter, QRectF(left, top.top(), right - left, line), when, ink=second)
        below = QRectF(top.left(), top.bottom() + 1, top.width(), look.px(22))
        under = due_words.under(item, self._view.shop_cycle, today=self._view.due.today)
        paint.text(painter, below, under, ink=look.colour("third"))
        painter.restore()


class DueList(QListView):
    """Arrows choose; the chosen item lies open. One-key actions are the page's shortcuts."""

    opened_item = Signal(object)  # DueItem or None
    entered = Signal()  # Enter on the open item

    def __init__(self, *, last_words: Callable[[DueItem], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.last_words = last_words
        self.shop_cycle: ShopCycle | None = None
        self.due = DueModel(self)
        self.open_row = -1
        self.hovered = -1
        self.setObjectName(names.TODAY_LIST)
        self.setModel(self.due)
        self.card = DueCard(self.viewport())
        self.card.hide()
        self._build()

    def _build(self) -> None:
        self.setItemDelegate(_Delegate(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.verticalScrollBar().setSingleStep(theme.current().px(CLOSED_HEIGHT) // 2)
        self.setMouseTracking(True)
        # A Chinese input method would swallow the one-key actions.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.card.resized.connect(self._lay_out_again)

    @property
    def current(self) -> DueItem | None:
        """The open item."""
        return self.due.item(self.open_row)

    def show_items(self, items: Sequence[DueItem], *, wanted: int | None, row: int) -> None:
        """Show another list with `wanted` (a customer) open, or who stands at `row` now."""
        self.open_row = -1
        self.due.set_items(items)
        found = self.due.row_of(wanted) if wanted is not None else -1
        self.open_at(found if found >= 0 else max(0, min(row, len(items) - 1)))

    def take_current(self) -> None:
        """The open item is dealt with: the next one opens."""
        row = self.open_row
        self.open_row = -1
        self.due.take(row)
        self.open_at(min(row, self.due.rowCount() - 1))

    def open_at(self, row: int) -> None:
        """Open the item at a row."""
        item = self.due.item(row)
        self.open_row = row if item is not None else -1
        if item is None:
            self.card.hide()
        else:
            index = self.due.index(row)
            if self.currentIndex() != index:
                self.setCurrentIndex(index)
            self.card.show_item(item, last=self.last_words(item), shop=self.shop_cycle, today=self.due.today)
            self.card.show()
        self._lay_out_again()
        self.opened_item.emit(item)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        # While rows come and go the open one is set by `open_at`.
        if self.open_row >= 0 and current.isValid() and current.row() != self.open_row:
            self.open_at(current.row())

    def _lay_out_again(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.executeDelayedItemsLayout()
        self._place_card()
        if self.open_row >= 0:
            self.scrollTo(self.due.index(self.open_row))
            self._place_card()

    def _place_card(self) -> None:
        if self.open_row >= 0:
            self.card.setGeometry(self.visualRect(self.due.index(self.open_row)))

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._place_card()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._place_card()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are actions here, not a search."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)
