"""A value of the card that is changed by keys, and the menu of its choices: by first letters, by number, several."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from shopcrm.base.text import fold
from shopcrm.ui import theme
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.text import Text, numbers_held
from shopcrm.ui.kit.values import PAST_KEY

_EDIT_KEYS: Final = (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_FORGET_KEYS: Final = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_PLAIN: Final = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


def printed(event: QKeyEvent) -> str:
    """The character that a key types, blank for one that types none."""
    text = event.text()
    return text if len(text) == 1 and text.isprintable() and not event.modifiers() & ~_PLAIN else ""


class ValueText(Text):
    """A value. A click, F2, Enter or a letter opens it, Delete forgets it, arrows go to its neighbours."""

    opened = Signal(str)  # with what was typed
    forgotten = Signal()
    stepped = Signal(int)
    moved = Signal(int)  # in the owner's order
    taken = Signal()  # what was learnt
    menu_wanted = Signal()
    asked = Signal()  # what stood here before

    def __init__(self, text: str, parent: QWidget, *, name: str, label: str, tone: str = "text") -> None:
        super().__init__(numbers_held(text), parent, wrap=True, name=name, tone=tone)
        self._told = text
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setContentsMargins(4, 1, 4, 1)

    def text(self) -> str:
        """The value as it was given, without what keeps its numbers beside their units."""
        return self._told

    def event(self, event: QEvent) -> bool:
        # Keys that are the page's elsewhere (F2 for the name, letters, Alt with arrows) are this value's.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_mine(event):
            event.accept()
            return True
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut, QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)

    def _is_mine(self, event: QKeyEvent) -> bool:
        key, alone = event.key(), not event.modifiers() & ~_PLAIN
        if key in _STEPS:
            return alone or event.modifiers() == Qt.KeyboardModifier.AltModifier
        # "/" finds a script from anywhere in the card.
        return alone and (key in (*_EDIT_KEYS, *_FORGET_KEYS, PAST_KEY) or printed(event) not in ("", "/"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if event.isAutoRepeat() and key not in _STEPS:
            return
        if key == Qt.Key.Key_Menu or (key == Qt.Key.Key_F10 and shift):
            self.menu_wanted.emit()
        elif key == PAST_KEY:
            self.asked.emit()
        elif not self._is_mine(event):
            super().keyPressEvent(event)
        elif key in _STEPS:
            alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
            (self.moved if alt else self.stepped).emit(_STEPS[key])
        elif key in _EDIT_KEYS:
            self.opened.emit("")
        elif key in _FORGET_KEYS:
            self.forgotten.emit()
        elif printed(event) == "+":
            self.taken.emit()
        else:
            self.opened.emit(printed(event))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit("")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse():
            paint.ground(painter, self.rect().toRectF(), fill=theme.current().colour("raised"), radius=4)
        if self.hasFocus():
            paint.focus_ring(painter, self.rect().toRectF(), radius=4)
        painter.end()
        super().paintEvent(event)


class PickMenu(QMenu):
    """Choices to pick by their first letters, or by number where none begins with a digit; several with Space.

    One that what was typed so far leaves alone is picked at once. Of several, Enter keeps what is chosen.
    """

    def __init__(self, parent: QWidget, *, name: str, several: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._several = several
        self._typed = ""
        self._words: list[tuple[QAction, str]] = []
        self._numbered = False
        self._done: Callable[[], None] | None = None

    def set_choices(
        self,
        choices: Sequence[tuple[Any, str]],
        *,
        done: Callable[[Any], None],
        chosen: Collection[Any] = (),
        ticked: bool = True,
    ) -> None:
        """Offer (value, words), those chosen `ticked`; `done` gets the value picked, or the tuple of those chosen."""
        self._numbered = not any(words[:1].isdigit() for _value, words in choices)
        first: QAction | None = None
        for number, (value, words) in enumerate(choices, start=1):
            shown = words.replace("&", "&&")
            action = self.addAction(f"{shown}\t{number}" if self._numbered and number < 10 else shown)
            action.setCheckable(ticked)
            action.setChecked(ticked and value in chosen)
            action.setData(value)
            self._words.append((action, fold(words)))
            if not self._several:
                action.triggered.connect(lambda _checked=False, value=value: done(value))
            if first is None or (action.isChecked() and not first.isChecked()):
                first = action
        if first is not None:
            self.setActiveAction(first)
        if self._several:
            self._done = lambda: done(tuple(one.data() for one, _word in self._words if one.isChecked()))

    def feed(self, text: str) -> None:
        """Go on by what was typed."""
        self._typed += fold(text)
        if self._numbered and self._typed.isdigit() and 0 < int(self._typed) <= len(self._words):
            found = [self._words[int(self._typed) - 1][0]]
        else:
            found = [action for action, word in self._words if word == self._typed] or [
                action for action, word in self._words if word.startswith(self._typed)
            ]
        if not found:
            self._typed = ""
        elif len(found) > 1:
            self.setActiveAction(found[0])
        else:
            self._typed = ""
            self.setActiveAction(found[0])
            if self._several:
                found[0].toggle()
            else:
                self.close()
                found[0].trigger()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        active = self.activeAction()
        if self._several and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
            if self._done is not None:
                self._done()
        elif key == Qt.Key.Key_Space and self._several:
            if active is not None:
                active.toggle()
        elif (text := printed(event)) and key != Qt.Key.Key_Space:
            self.feed(text)
        else:
            self._typed = ""
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.actionAt(event.position().toPoint())
        if self._several and action in [one for one, _word in self._words]:
            action.toggle()  # it stays open
        else:
            super().mouseReleaseEvent(event)
