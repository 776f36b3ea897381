"""How a table looks and moves: 36 px rows, hair lines, a soft ground under the chosen one, one-key actions."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from shopcrm.ui import theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.tables import Column, PagedTableModel

PAD = 10
CHECK_WIDTH = 34
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def check_box(painter: QPainter, rect: QRectF, *, checked: bool, partly: bool = False) -> None:
    """A check box of 14 px, centred."""
    look = theme.current()
    side = look.px(14)
    box = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
    on = checked or partly
    fill = look.colour("accent") if on else look.colour("surface")
    paint.ground(painter, box, fill=fill, border=look.colour("accent" if on else "third"), radius=3)
    if not on:
        return
    painter.setPen(QPen(look.colour("on_accent"), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    if partly:
        painter.drawLine(box.center() - QPoint(3, 0), box.center() + QPoint(3, 0))
    else:
        unit = side / 14
        left, top = box.left(), box.top()
        points = [(3.6, 7.2), (6.1, 9.7), (10.6, 4.8)]
        places = [QPoint(round(left + x * unit), round(top + y * unit)) for x, y in points]
        painter.drawPolyline(places)


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: TableView) -> None:
        super().__init__(view)
        self._view = view

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model, look = self._view.paged, theme.current()
        rect = QRectF(option.rect)
        identifier = model.id_at(index.row())
        current = index.row() == self._view.currentIndex().row()
        checked = model.checkable and identifier is not None and model.is_checked(identifier)
        painter.save()
        if checked or current:
            painter.fillRect(rect, theme.blend(look.colour("accent_soft"), look.colour("surface"), 0.65))
        elif index.row() == self._view.hovered:
            painter.fillRect(rect, theme.blend(look.colour("raised"), look.colour("surface"), 0.6))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), look.colour("border"))
        if current and index.column() == 0 and self._view.hasFocus():
            painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height() - 1), look.colour("accent"))
        column = model.column(index.column())
        if column is None:
            check_box(painter, rect, checked=checked)
        elif (row := model.row(index.row())) is not None:
            if column.ground is not None and (ground := column.ground(row)):
                painter.fillRect(rect.adjusted(0, 0, 0, -1), look.colour(ground))
            inside = rect.adjusted(PAD, 0, -PAD, -1)
            if column.paint is not None:
                painter.setClipRect(rect)
                column.paint(painter, inside, row)
            else:
                tone = column.row_tone(row) if column.row_tone else column.tone
                paint.text(
                    painter,
                    inside,
                    column.text(row),
                    ink=look.colour(tone),
                    bold=column.bold,
                    tabular=True,
                    right=column.right,
                )
        else:
            # On its way: a quiet bar instead of a flash of emptiness.
            bar = QRectF(rect.left() + PAD, rect.center().y() - 4, min(60.0, rect.width() - 2 * PAD), 8)
            paint.ground(painter, bar, fill=look.colour("raised"), radius=4)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002
        return QSize(10, theme.current().px(theme.ROW_HEIGHT))


class _Header(QHeaderView):
    """Quiet headings; the sorted one has an arrow."""

    def __init__(self, view: TableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(theme.current().px(34))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        look, model = theme.current(), self._view.paged
        area = QRectF(rect)
        painter.save()
        painter.fillRect(area, look.colour("surface"))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), look.colour("border"))
        column = model.column(section)
        if column is None:
            marked = len(model.checked_ids())
            check_box(painter, area, checked=0 < marked == len(model.ids), partly=0 < marked < len(model.ids))
        else:
            title, place = column.title, self._view.level_of(column.key)
            if place is not None:
                title += " ↓" if self._view.levels[place][1] else " ↑"
                title += str(place + 1) if len(self._view.levels) > 1 else ""
            ink = look.colour("text" if place is not None else "second")
            inside = area.adjusted(PAD, 0, -PAD, 0)
            paint.text(painter, inside, title, ink=ink, size=theme.SMALL, right=column.right)
        painter.restore()


class TableView(QTableView):
    """The view of a `PagedTableModel`."""

    current_changed = Signal(object)  # id or None
    opened = Signal(object)  # id: Enter or double click
    key_pressed = Signal(int)  # a key that the table itself does not use: one-key actions
    sort_wanted = Signal(str, bool)
    levels_wanted = Signal(object)  # ((key, descending), …): where one sorts by several columns
    typed = Signal(str)  # a letter or digit that the table itself does not use
    width_drawn = Signal(str, int)  # key, pixels at 100 % text
    columns_moved = Signal(object)  # keys in their new order

    def __init__(
        self,
        model: PagedTableModel,
        parent: QWidget | None = None,
        *,
        label: str,
        name: str,
        arranged: bool = False,
    ) -> None:
        """`arranged`: its columns are drawn wider, moved, and sorted by one within the other."""
        super().__init__(parent)
        self.paged = model
        self.hovered = -1
        self.levels: tuple[tuple[str, bool], ...] = ()
        self._arranged, self._fitting = arranged, False
        self._wanted_id: int | None = None
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setModel(model)
        self._build()
        self._wire()

    def _build(self) -> None:
        self.setItemDelegate(_Delegate(self))
        self.setHorizontalHeader(_Header(self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.current().px(theme.ROW_HEIGHT))
        self.verticalHeader().setMinimumSectionSize(10)
        self.horizontalHeader().setMinimumSectionSize(10)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(theme.current().px(theme.ROW_HEIGHT))
        self.setTabKeyNavigation(False)
        # A Chinese input method would swallow the one-key actions.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)

    def _wire(self) -> None:
        self.selectionModel().currentRowChanged.connect(self._row_changed)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.paged.id_at(index.row())))
        self.horizontalHeader().sectionClicked.connect(self._head_clicked)
        self.paged.modelAboutToBeReset.connect(self._remember)
        self.paged.modelReset.connect(self._restore)
        self.paged.checked_changed.connect(self.horizontalHeader().viewport().update)
        if self._arranged:
            self.horizontalHeader().setSectionsMovable(True)
            self.horizontalHeader().setFirstSectionMovable(not self.paged.checkable)
            self.horizontalHeader().sectionResized.connect(self._drawn)
            self.horizontalHeader().sectionMoved.connect(self._moved)

    # For the owner

    @property
    def current_id(self) -> int | None:
        """The id of the row the cursor is on."""
        return self.paged.id_at(self.currentIndex().row())

    def select_id(self, identifier: int | None) -> None:
        """Put the cursor on an id, if it is in the list."""
        place = -1 if identifier is None else self.paged.place_of(identifier)
        self.go_to(place)

    def go_to(self, place: int) -> None:
        """Put the cursor on the row at a place."""
        if place < 0:
            self.selectionModel().clear()
            return
        sideways = self.horizontalScrollBar()
        left = sideways.value()
        index = self.paged.index(place, min(1, self.paged.columnCount() - 1))
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        )
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        sideways.setValue(left)  # a row is gone to, not one of its cells

    def move_by(self, steps: int) -> None:
        """Move the cursor, as the search box does that keeps the focus."""
        count = self.paged.rowCount()
        if count:
            at = self.currentIndex().row()
            self.go_to(max(0, min(count - 1, at + steps)))

    @property
    def sort_key(self) -> str:
        """By which column it is sorted first."""
        return self.levels[0][0] if self.levels else ""

    @property
    def sort_descending(self) -> bool:
        """Whether the largest of it stands first."""
        return self.levels[0][1] if self.levels else True

    def set_sort(self, key: str, *, descending: bool) -> None:
        """Which heading has the arrow."""
        self.set_levels(((key, descending),))

    def set_levels(self, levels: tuple[tuple[str, bool], ...]) -> None:
        """Which headings have arrows, numbered where there are several."""
        self.levels = levels
        self.horizontalHeader().viewport().update()

    def level_of(self, key: str) -> int | None:
        """At which level it is sorted by a column; None: by others."""
        return next((place for place, (named, _down) in enumerate(self.levels) if named == key), None)

    def fit_columns(self) -> None:
        """Give every column its width, the stretching ones what is left."""
        self._fitting = True
        self._fit()
        self._fitting = False

    def _heading(self, column: Column) -> int:
        """What room its heading wants, with the arrow of one that it may be sorted by."""
        title = column.title + (" ↓" if column.sortable else "")
        title += "2" if self._arranged and column.sortable else ""
        return ceil(theme.current().metrics(theme.SMALL).horizontalAdvance(title)) + 2 * PAD + 2

    def _fit(self) -> None:
        look = theme.current()
        widths = [max(look.px(column.width), self._heading(column)) for column in self.paged.columns]
        shares = [column.stretch for column in self.paged.columns]
        room = self.viewport().width() - sum(widths) - (look.px(CHECK_WIDTH) if self.paged.checkable else 0)
        if self.paged.checkable:
            self.setColumnWidth(0, look.px(CHECK_WIDTH))
        left, rest = max(0, room), sum(shares)
        for place, (width, share) in enumerate(zip(widths, shares, strict=True)):
            extra = left * share // rest if rest else 0
            left, rest = left - extra, rest - share
            self.setColumnWidth(place + self.paged.checkable, width + extra)

    # Its own

    def _remember(self) -> None:
        self._wanted_id = self.current_id

    def _restore(self) -> None:
        self.fit_columns()
        wanted, self._wanted_id = self._wanted_id, None
        if wanted is not None:
            with QSignalBlocker(self):
                self.select_id(wanted)
            if self.current_id is None:
                self.current_changed.emit(None)

    def _row_changed(self, current: QModelIndex, previous: QModelIndex) -> None:  # noqa: ARG002
        self.current_changed.emit(self.paged.id_at(current.row()))
        self.viewport().update()

    def _drawn(self, section: int, _before: int, width: int) -> None:
        column = self.paged.column(section)
        if not self._fitting and column is not None and width:
            self.width_drawn.emit(column.key, round(width * 100 / theme.current().text_percent))

    def _moved(self, *_places: int) -> None:
        # The header is still moving; the model shall have the order, and the header none of its own.
        if not self._fitting:
            QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        header = self.horizontalHeader()
        order = [self.paged.column(header.logicalIndex(place)) for place in range(header.count())]
        with QSignalBlocker(header):
            for section in range(header.count()):
                header.moveSection(header.visualIndex(section), section)
        self.columns_moved.emit(tuple(column.key for column in order if column is not None))

    def _head_clicked(self, section: int) -> None:
        column = self.paged.column(section)
        if column is None:
            self.paged.check_all(len(self.paged.checked_ids()) < len(self.paged.ids))
        elif column.sortable:
            add = self._arranged and bool(QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
            at = self.level_of(column.key)
            descending = not self.levels[at][1] if at is not None else column.right
            if not add:
                self._sort_by((column.key, descending))
            elif at is None:
                self._sort_by(*self.levels, (column.key, descending))
            else:
                self._sort_by(*self.levels[:at], (column.key, descending), *self.levels[at + 1 :])

    def _sort_by(self, *levels: tuple[str, bool]) -> None:
        self.set_levels(levels)
        self.levels_wanted.emit(levels)
        self.sort_wanted.emit(*levels[0])

    def _sort_key(self, key: int) -> bool:
        """Shift with an arrow: sideways another heading, up and down the order, as the arrow beside it points.

        Where one sorts by several, they are for the last level; Shift+Space adds one, Shift+Backspace takes it away.
        """
        if not self.levels and not self._arranged:
            return False  # a list that is not sorted by its headings
        columns = [column for column in self.paged.columns if column.sortable]
        free = [column for column in columns if self.level_of(column.key) is None]
        *before, (last, _down) = self.levels or ((columns[0].key if columns else "", True),)
        at = next((place for place, column in enumerate(columns) if column.key == last), -1)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and columns:
            step = 1 if key == Qt.Key.Key_Right else -1
            places = [(at + step * count) % len(columns) for count in range(1, len(columns) + 1)]
            to = next(columns[place] for place in places if place == at or columns[place] in free)
            self._sort_by(*before, (to.key, to.right))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and last:
            self._sort_by(*before, (last, key == Qt.Key.Key_Down))
        elif key == Qt.Key.Key_Space and self._arranged and free:
            self._sort_by(*self.levels, (free[0].key, free[0].right))
        elif key == Qt.Key.Key_Backspace and self._arranged and before:
            self._sort_by(*before)
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if self.paged.checkable and index.isValid() and index.column() == 0:
            identifier = self.paged.id_at(index.row())
            if identifier is not None:
                self.paged.toggle(identifier)
            self.setFocus()
            self.viewport().update()
            return
        super().mousePressEvent(event)

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = event.key(), not event.modifiers() & ~_KEYPAD
        identifier = self.current_id
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and identifier is not None:
            self.opened.emit(identifier)
        elif event.modifiers() & ~_KEYPAD == Qt.KeyboardModifier.ShiftModifier and self._sort_key(key):
            event.accept()
        elif plain and key == Qt.Key.Key_Space and self.paged.checkable and identifier is not None:
            self.paged.toggle(identifier)
            self.viewport().update()
        elif plain and (
            Qt.Key.Key_0 <= key <= Qt.Key.Key_Z or key in (Qt.Key.Key_Slash, Qt.Key.Key_Escape, Qt.Key.Key_F2)
        ):
            self.key_pressed.emit(key)
            if event.text().isalnum():
                self.typed.emit(event.text())
            event.accept() if key != Qt.Key.Key_Escape else event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def sizeHint(self) -> QSize:
        return QSize(480, 240)
