"""Short lists that the search box moves in: who fits what was typed, who was served today, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from shopcrm.ui import icons, theme
from shopcrm.ui.kit import paint

Index = QModelIndex | QPersistentModelIndex
Marks = Sequence[tuple[int, int]]
AHEAD = 12  # lines before the last at which more are asked for


@dataclass(frozen=True)
class Entry:
    """One line: a customer (or the place of something else), what stands at the right, and a second line.

    `keys` stands at the right as a key cap; what is `off` cannot be done now; `marks` says why somebody fits: which
    parts of the name, of what stands at the right and of the second line are what was typed.
    """

    customer: int
    name: str
    right: str = ""
    second: str = ""
    icon: str = ""
    keys: str = ""
    off: bool = False
    marks: tuple[Marks, Marks, Marks] = ((), (), ())


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = tuple(entries)
        self.endResetModel()

    def add_entries(self, entries: Sequence[Entry]) -> None:
        first = len(self.entries)
        self.beginInsertRows(QModelIndex(), first, first + len(entries) - 1)
        self.entries += tuple(entries)
        self.endInsertRows()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (entry.name, entry.second, entry.right, entry.keys) if part)
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: HitList) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme.current()
        entry = self._view.entries[index.row()]
        rect = QRectF(option.rect)
        painter.save()
        if index.row() == self._view.currentIndex().row():
            paint.ground(painter, rect, fill=look.colour("accent_soft"))
        elif index.row() == self._view.hovered:
            paint.ground(painter, rect, fill=look.colour("raised"))
        inside = rect.adjusted(10, 0, -10, 0)
        second, third = look.colour("second"), look.colour("text")
        if not self._view.tall:
            self._paint_line(painter, inside, entry)
        else:
            middle = rect.center().y()
            line = look.px(19)
            upper = QRectF(inside.left(), middle - line + 1, inside.width(), line)
            lower = QRectF(inside.left(), middle, inside.width(), line)
            if not entry.second:
                upper.moveTop(middle - line / 2)
            width = look.metrics().horizontalAdvance(entry.right) + 8 if entry.right else 0
            paint.text(painter, upper.adjusted(0, 0, -width, 0), entry.name, ink=third, bold=True, marks=entry.marks[0])
            paint.text(painter, upper, entry.right, ink=second, right=True, tabular=True, marks=entry.marks[1])
            paint.text(painter, lower, entry.second, ink=second, marks=entry.marks[2])
        painter.restore()

    def _paint_line(self, painter: QPainter, inside: QRectF, entry: Entry) -> None:
        look = theme.current()
        if entry.icon:
            side = look.px(16)
            icon = QRectF(inside.left(), inside.center().y() - side / 2, side, side)
            icons.paint(painter, entry.icon, icon, colour="third" if entry.off else "second")
            inside = inside.adjusted(side + 10, 0, 0, 0)
        words = look.metrics().horizontalAdvance(entry.name)
        if entry.keys and words + paint.key_width(entry.keys) + 8 <= inside.width():
            width = paint.key_width(entry.keys)
            cap = QRectF(inside.right() - width, inside.top(), width, inside.height())
            paint.key_cap(painter, cap, entry.keys, ink=look.colour("second"), border=look.colour("border"))
            inside = inside.adjusted(0, 0, -width - 8, 0)
        right = look.metrics().horizontalAdvance(entry.right) + 12 if entry.right else 0.0
        if right and words + right <= inside.width():
            paint.text(painter, inside, entry.right, ink=look.colour("second"), right=True, tabular=True)
            inside = inside.adjusted(0, 0, -right, 0)
        paint.text(painter, inside, entry.name, ink=look.colour("third" if entry.off else "text"))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(40, theme.current().px(54 if self._view.tall else 31))


class HitList(QListView):
    """One-line or (`tall`) two-line entries; the search box moves in it without giving up the focus."""

    chosen = Signal(object)  # customer id: clicked or Enter
    moved = Signal(object)  # customer id the cursor came to
    near_end = Signal()  # those behind the last will be wanted

    def __init__(self, parent: QWidget | None = None, *, tall: bool, label: str, name: str) -> None:
        super().__init__(parent)
        self.tall, self.hovered = tall, -1
        self._most = 7 if tall else 12
        self._model = _Model(self)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.viewport().setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.clicked.connect(lambda index: self.chosen.emit(self.entries[index.row()].customer))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is listed."""
        return self._model.entries

    @property
    def current(self) -> int | None:
        """The customer the cursor is on."""
        row = self.currentIndex().row()
        return self.entries[row].customer if 0 <= row < len(self.entries) else None

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """List these."""
        self._model.show_entries(entries)
        self.updateGeometry()

    def add_entries(self, entries: Sequence[Entry]) -> None:
        """List these too, behind the others; cursor and place stay."""
        if entries:
            self._model.add_entries(entries)
            self.updateGeometry()

    def _scrolled(self, value: int) -> None:
        if self.entries and value >= self.verticalScrollBar().maximum() - self.viewport().height():
            self.near_end.emit()

    def set_most(self, lines: int) -> None:
        """So many lines are seen at once; the others are scrolled to."""
        if lines != self._most:
            self._most = lines
            self.updateGeometry()

    def go_to(self, row: int) -> None:
        """Put the cursor on a line (−1: on none)."""
        self.setCurrentIndex(self._model.index(row, 0) if row >= 0 else QModelIndex())
        self.viewport().update()
        if row >= len(self.entries) - AHEAD and len(self.entries) > AHEAD:
            self.near_end.emit()

    def select_customer(self, customer: int | None) -> None:
        """Put the cursor on a customer, if listed."""
        places = (row for row, entry in enumerate(self.entries) if entry.customer == customer)
        self.go_to(next(places, -1))

    def show_line(self, row: int) -> None:
        """Put the cursor on a line and bring it into sight."""
        self.go_to(row)
        self.scrollTo(self._model.index(row, 0))

    def move_by(self, steps: int) -> None:
        """Move the cursor and say where it came to."""
        if self.entries:
            row = max(0, min(len(self.entries) - 1, self.currentIndex().row() + steps))
            self.go_to(row)
            self.moved.emit(self.entries[row].customer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self.move_by(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.chosen.emit(self.current)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered = -1
        self.viewport().update()

    def sizeHint(self) -> QSize:
        row = theme.current().px(54 if self.tall else 31)
        return QSize(180, max(1, row * min(self._most, len(self.entries))))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 1)
