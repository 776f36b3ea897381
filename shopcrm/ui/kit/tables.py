"""Tables over any number of rows: a list of ids and a cache of rows, fetched in pages when they are painted.

The owner connects `PagedTableModel.wanted` to a read and hands the rows back with `put`. Sorting and filtering make
a new list of ids; nothing is sorted here. What is selected and checked is kept by id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter

from shopcrm.ui.kit.text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
Paint = Callable[[QPainter, Any, Any], None]  # (painter, QRectF of the cell's inside, row)

_FLAGS: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
PAGE: Final = 64
CACHED_PAGES: Final = 200


@dataclass(frozen=True)
class Column:
    """A column: how it is headed, how wide, what a row says in it.

    `width` in pixels at 100 % text; `stretch` > 0 takes a share of what is left. `paint` draws the cell by itself
    (badges); `text` is then what is copied and read aloud. `tone` is the ink's token.
    """

    key: str
    title: str
    text: Callable[[Any], str]
    width: int = 100
    stretch: int = 0
    right: bool = False
    bold: bool = False
    tone: str = "text"
    sortable: bool = False
    paint: Paint | None = None
    tooltip: Callable[[Any], str] | None = None
    row_tone: Callable[[Any], str] | None = None  # ink by row, instead of `tone`
    ground: Callable[[Any], str] | None = None  # a soft token behind the cell, "" for none


@dataclass
class _Marks:
    """Checked ids: those named, or all but those named."""

    inverted: bool = False
    named: set[int] = field(default_factory=set)

    def __contains__(self, identifier: int) -> bool:
        return (identifier in self.named) != self.inverted


class PagedTableModel(QAbstractTableModel):
    """Ids and a cache of rows. Rows may be anything; columns know how to read them."""

    wanted = Signal(object)  # NDArray[int64]: ids whose rows are painted and not here
    checked_changed = Signal()

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None, *, checkable: bool = False) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = tuple(columns)
        self.checkable = checkable
        self._ids: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._rows: dict[int, Any] = {}
        self._stale: set[int] = set()
        self._asked: set[int] = set()
        self._to_ask: set[int] = set()
        self._marks = _Marks()
        self._checked: NDArray[np.int64] | None = None  # worked out when asked for
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._ask)

    # What is in it

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids, in the order shown."""
        return self._ids

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def set_ids(self, ids: NDArray[np.int64] | Sequence[int], *, keep_rows: bool = False) -> None:
        """Show another list. `keep_rows`: the rows known are still true (only order or filter changed)."""
        self.beginResetModel()
        self._ids = np.asarray(ids, dtype=np.int64)
        self._checked = None
        if not keep_rows:
            self._rows.clear()
            self._stale.clear()
        self._asked.clear()
        self._to_ask.clear()
        self.endResetModel()

    def set_rows(self, rows: Mapping[int, Any]) -> None:
        """Show a short list that is known as a whole, in the mapping's order."""
        self.beginResetModel()
        self._ids = np.fromiter(rows, dtype=np.int64, count=len(rows))
        self._checked = None
        self._rows = dict(rows)
        self._stale.clear()
        self._asked.clear()
        self.endResetModel()

    def put(self, rows: Mapping[int, Any]) -> None:
        """The rows that were wanted have come."""
        self._rows.update(rows)
        self._stale.difference_update(rows)
        limit = PAGE * CACHED_PAGES
        if len(self._rows) > limit:
            for identifier in list(self._rows)[: len(self._rows) - limit]:
                del self._rows[identifier]
            # A page that was dropped may be asked for again.
            self._asked.clear()
        if len(self._ids):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, self.columnCount() - 1))

    def forget_rows(self) -> None:
        """The shop has changed: what is painted next is fetched anew; until it comes the old rows are shown."""
        self._stale.update(self._rows)
        self._asked.clear()
        if len(self._ids):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, self.columnCount() - 1))

    def row(self, number: int) -> Any | None:
        """The row at a place, or None while it is on its way."""
        if not 0 <= number < len(self._ids):
            return None
        identifier = int(self._ids[number])
        found = self._rows.get(identifier)
        if found is None or identifier in self._stale:
            self._to_ask.add(number // PAGE)
            if not self._timer.isActive():
                self._timer.start()
        return found

    def id_at(self, number: int) -> int | None:
        """The id at a place."""
        return int(self._ids[number]) if 0 <= number < len(self._ids) else None

    def place_of(self, identifier: int) -> int:
        """Where an id stands, or −1."""
        places = np.flatnonzero(self._ids == identifier)
        return int(places[0]) if len(places) else -1

    def _page_ids(self, page: int) -> NDArray[np.int64]:
        return self._ids[page * PAGE : (page + 1) * PAGE]

    def _ask(self) -> None:
        pages = sorted(self._to_ask - self._asked)
        self._to_ask.clear()
        if pages:
            self._asked.update(pages)
            self.wanted.emit(np.concatenate([self._page_ids(page) for page in pages]))

    # What is checked

    def is_checked(self, identifier: int) -> bool:
        """Whether the id is checked."""
        return identifier in self._marks

    def toggle(self, identifier: int) -> None:
        """Check or uncheck one."""
        self._marks.named.symmetric_difference_update({identifier})
        self._told()

    def check(self, identifiers: Iterable[int]) -> None:
        """Check exactly these."""
        self._marks = _Marks(named=set(identifiers))
        self._told()

    def check_all(self, checked: bool) -> None:  # noqa: FBT001
        """Check all of the list, or nothing."""
        self._marks = _Marks(inverted=checked)
        self._told()

    def invert(self) -> None:
        """Check what is not, and uncheck what is."""
        self._marks = _Marks(inverted=not self._marks.inverted, named=self._marks.named)
        self._told()

    def checked_ids(self) -> NDArray[np.int64]:
        """What is checked and in the list, in its order."""
        if self._checked is None:
            named = np.fromiter(self._marks.named, dtype=np.int64, count=len(self._marks.named))
            if not len(named):
                self._checked = self._ids if self._marks.inverted else self._ids[:0]
            else:
                self._checked = self._ids[np.isin(self._ids, named, invert=self._marks.inverted)]
        return self._checked

    def _told(self) -> None:
        self._checked = None
        if len(self._ids):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, 0))
        self.checked_changed.emit()

    # What Qt asks

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns) + self.checkable

    def column(self, section: int) -> Column | None:
        """The column at a section; None for the check boxes."""
        place = section - self.checkable
        return self.columns[place] if 0 <= place < len(self.columns) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        column = self.column(index.column())
        if column is None:
            if role == Qt.ItemDataRole.CheckStateRole:
                marked = self.is_checked(int(self._ids[index.row()]))
                return Qt.CheckState.Checked if marked else Qt.CheckState.Unchecked
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self.row(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(column.tooltip(row)) if column.tooltip else None
        words = column.text(row)
        return f"{column.title}: {words}" if role == Qt.ItemDataRole.AccessibleTextRole else words

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.column(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title if column else ""
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags
