"""Fields to type in, made for Chinese input: Enter inside a composition belongs to the input method."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from shopcrm.ui import theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.text import Icon, KeyCap

LONGEST = 1_000_000  # Qt cuts off at 32,767 without a word; what is too long for the shop is said
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


class LineEdit(QLineEdit):
    """One line. `query_changed` tells the text with what is being composed; `submitted` comes with Enter."""

    query_changed = Signal(str)
    submitted = Signal(str)
    escaped = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, placeholder: str = "", label: str = "", name: str = ""
    ) -> None:
        super().__init__(parent)
        self._preedit = ""
        self.setMaxLength(LONGEST)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(label or placeholder)
        if name:
            self.setObjectName(name)
        self.textChanged.connect(self._tell)

    @property
    def composing(self) -> bool:
        """Whether the input method holds text that is not yet chosen."""
        return bool(self._preedit)

    def query(self) -> str:
        """The text as a search reads it: pinyin being composed stands where the cursor is, without its gaps."""
        typed = self._preedit.replace(" ", "").replace("'", "")
        at = self.cursorPosition()
        return self.text()[:at] + typed + self.text()[at:]

    def _tell(self) -> None:
        self.query_changed.emit(self.query())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        before = self._preedit
        # First, because committing text emits textChanged, which must not count the composition twice.
        self._preedit = event.preeditString()
        super().inputMethodEvent(event)
        if self._preedit != before and not event.commitString():
            self._tell()

    def event(self, event: QEvent) -> bool:
        # Qt's field claims Ctrl+Z even where it has nothing to undo; then it is for the window's last change.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            if not self.composing:
                self.submitted.emit(self.text())
            event.accept()
        elif event.key() == Qt.Key.Key_Escape and not self.composing:
            # Completions that hang below are closed first (Qt gives their keys to the field).
            popup = QApplication.activePopupWidget()
            if popup is not None and popup.focusProxy() is self:
                popup.hide()
            else:
                self.escaped.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._preedit = ""
        super().focusOutEvent(event)


class _SearchEdit(LineEdit):
    """The field inside a search box: arrows, and Delete in the empty one, are for the list below."""

    moved = Signal(int)
    deleted = Signal()
    focused = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and not self.composing and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(step)
            event.accept()
        elif event.matches(QKeySequence.StandardKey.Delete) and not self.text() and not self.composing:
            self.deleted.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit()


class SearchBox(QWidget):
    """The box on top of the window, and smaller ones in lists."""

    query_changed = Signal(str)
    submitted = Signal(str)
    moved = Signal(int)
    deleted = Signal()  # what the list below is on
    escaped = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        placeholder: str,
        label: str,
        keys: str = "",
        height: int = 36,
        clear_label: str = "",
        name: str = "search_box",
    ) -> None:
        super().__init__(parent)
        self._height = height
        self.edit = _SearchEdit(self, placeholder=placeholder, label=label, name=name)
        self._keys = KeyCap(keys, self) if keys else None
        self._clear = Button("", self, kind="ghost", icon="x", label=clear_label or label, name=f"{name}_clear")
        self._build()
        self._wire()

    def _build(self) -> None:
        self.edit.setProperty("bare", "true")
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(11, 2, 8 if self._keys is None else 10, 2)
        row.setSpacing(8)
        row.addWidget(Icon("search", self, size=16))
        row.addWidget(self.edit, 1)
        row.addWidget(self._clear)
        if self._keys is not None:
            row.addWidget(self._keys)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.edit)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def _wire(self) -> None:
        self.edit.query_changed.connect(self.query_changed)
        self.edit.submitted.connect(self.submitted)
        self.edit.escaped.connect(self.escaped)
        self.edit.moved.connect(self.moved)
        self.edit.deleted.connect(self.deleted)
        self.edit.focused.connect(self.update)
        self.edit.textChanged.connect(lambda text: self._clear.setVisible(bool(text)))
        self._clear.clicked.connect(self.clear)

    def query(self) -> str:
        """What is searched for, composition included."""
        return self.edit.query()

    def clear(self) -> None:
        """Empty the box and stay in it."""
        self.edit.clear()
        self.edit.setFocus()

    def select(self) -> None:
        """Go into the box with its text selected."""
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def sizeHint(self) -> QSize:
        return QSize(theme.current().px(460), theme.current().px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(160), theme.current().px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look, rect = QPainter(self), theme.current(), QRectF(self.rect())
        if self.edit.hasFocus():
            halo = QColor(look.colour("accent"))
            halo.setAlphaF(0.22)
            paint.ground(painter, rect, fill=halo, radius=8)
            box = rect.adjusted(1.5, 1.5, -1.5, -1.5)
            paint.ground(painter, box, fill=look.colour("surface"), border=look.colour("accent"))
        else:
            paint.ground(
                painter, rect.adjusted(1, 1, -1, -1), fill=look.colour("background"), border=look.colour("border")
            )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.edit.setFocus()
        super().mousePressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self.update()


class TextEdit(QPlainTextEdit):
    """Several lines: Enter is a new line, Tab goes on to the next field."""

    escaped = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, placeholder: str = "", label: str = "", name: str = ""
    ) -> None:
        super().__init__(parent)
        self._preedit = ""
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(label or placeholder)
        self.setTabChangesFocus(True)
        if name:
            self.setObjectName(name)

    @property
    def composing(self) -> bool:
        """Whether the input method holds text that is not yet chosen."""
        return bool(self._preedit)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._preedit = event.preeditString()
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.composing:
            self.escaped.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._preedit = ""
        super().focusOutEvent(event)
