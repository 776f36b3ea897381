"""A list whose lines are checked, with the check boxes of the tables."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListWidget, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from shopcrm.ui import theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.table_view import CHECK_WIDTH, check_box


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: CheckList) -> None:
        super().__init__(view)
        self._view = view

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look, rect = theme.current(), QRectF(option.rect)
        painter.save()
        if index.row() == self._view.currentRow():
            paint.ground(painter, rect, fill=look.colour("accent_soft"), radius=4)
        side = look.px(CHECK_WIDTH - 6)
        box = QRectF(rect.left(), rect.top(), side, rect.height())
        if index.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            check_box(painter, box, checked=self._view.is_on(index.row()))
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        paint.text(painter, rect.adjusted(side, 0, -6, 0), words, ink=look.colour("text"))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002
        return QSize(60, theme.current().px(26))


class CheckList(QListWidget):
    """Space and a click on the box check a line."""

    def __init__(self, parent: QWidget, *, label: str, name: str, height: int) -> None:
        """`height`: the least, at 100 % text; with large text it takes no more of a small window."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setItemDelegate(_Delegate(self))
        self.setMinimumHeight(min(theme.current().px(height), 300))

    def is_on(self, row: int) -> bool:
        """Whether a line is checked."""
        return self.item(row).checkState() == Qt.CheckState.Checked
