"""The list of pairs who may be one person: both names, and the evidence as chips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from shopcrm.base.i18n import _
from shopcrm.mine.duplicates import Suggestion
from shopcrm.ui import names, theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.marks import badge_colours
from shopcrm.ui.kit.text import plain_tooltip
from shopcrm.ui.parts import twin_words

Index = QModelIndex | QPersistentModelIndex
_HEIGHT = 62
_PAD = 14


class TwinModel(QAbstractListModel):
    """The suggestions as they are ranked, with the names of those concerned."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pairs: list[Suggestion] = []
        self._names: Mapping[int, str] = {}

    def set_pairs(self, pairs: Sequence[Suggestion], names_: Mapping[int, str]) -> None:
        """Show these."""
        self.beginResetModel()
        self._pairs, self._names = list(pairs), names_
        self.endResetModel()

    def pair(self, row: int) -> Suggestion | None:
        """The suggestion at a row."""
        return self._pairs[row] if 0 <= row < len(self._pairs) else None

    def row_of(self, wanted: tuple[int, int]) -> int:
        """Where a pair stands, or −1."""
        return next((row for row, one in enumerate(self._pairs) if (one.first, one.second) == wanted), -1)

    def title(self, one: Suggestion) -> str:
        """Both names."""
        both = [self._names.get(each, "") for each in (one.first, one.second)]
        return _("{first} and {second}").format(first=both[0], second=both[1])

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._pairs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self.pair(index.row())
        if one is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            told = _(", ").join(twin_words.evidence(each) for each in one.evidence)
            return f"{self.title(one)}: {told}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip("\n".join(twin_words.what_is_shared(each) for each in one.evidence))
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: TwinList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(self._view.viewport().width(), theme.current().px(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one = self._view.twins.pair(index.row())
        if one is None:
            return
        look, rect = theme.current(), QRectF(option.rect)
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, look.colour("accent_soft"))
            painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), look.colour("accent"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.blend(look.colour("raised"), look.colour("surface"), 0.6))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), look.colour("border"))
        line = look.px(22)
        top = QRectF(rect.left() + _PAD, rect.top() + look.px(8), rect.width() - 2 * _PAD, line)
        paint.text(painter, top, self._view.twins.title(one), ink=look.colour("text"), bold=True)
        left, y = top.left(), top.bottom() + look.px(3)
        for each in one.evidence:
            against = each.kind == "two_accounts"
            ink, fill = badge_colours("warn" if against else "accent")
            if chosen and not against:
                fill = look.colour("surface")
            room = top.right() - left
            if room < look.px(36):
                break
            told = twin_words.evidence(each)
            left += paint.badge(painter, QRectF(left, y, room, line), told, ink=ink, fill=fill) + 6
        painter.restore()


class TwinList(QListView):
    """Arrows choose; what is done with a pair is the page's."""

    chosen = Signal(object)  # Suggestion or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.twins = TwinModel(self)
        self.setObjectName(names.WHO_LIST)
        self.setAccessibleName(_("Who may be one person"))
        self.setModel(self.twins)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        # A Chinese input method would swallow the one-key actions.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)

    @property
    def current(self) -> Suggestion | None:
        """The chosen pair."""
        return self.twins.pair(self.currentIndex().row())

    def show_pairs(self, pairs: Sequence[Suggestion], names_: Mapping[int, str]) -> None:
        """Show another list; the cursor stays on its pair, else at its place."""
        before, row = self.current, max(0, self.currentIndex().row())
        self.twins.set_pairs(pairs, names_)
        again = -1 if before is None else self.twins.row_of((before.first, before.second))
        self.go_to(again if again >= 0 else min(row, len(pairs) - 1))

    def go_to(self, row: int) -> None:
        """Choose the pair at a row."""
        self.setCurrentIndex(self.twins.index(row))
        self.chosen.emit(self.current)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self.chosen.emit(self.twins.pair(current.row()))

    def keyboardSearch(self, search: str) -> None:
        """Letters are actions here, not a search."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 120)
