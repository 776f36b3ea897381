"""A value of the card that is edited where it stands: Enter saves, Esc restores, F4 tells what stood there before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import _
from shopcrm.collect.history import Past
from shopcrm.collect.history import Value as PastValue
from shopcrm.ui import theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text, plain_tooltip
from shopcrm.ui.kit.values import Value
from shopcrm.ui.parts import past_menu

LONGEST_LINE: Final = 48  # characters of a value that stands in a line with others


@dataclass(frozen=True)
class Editing:
    """What can be done with a value. The functions run off the GUI thread with a `Tx`."""

    key: str  # behind the name of the widget
    label: str
    shown: str
    typed: str  # as one would type it
    save: Callable[[Any, str], int]  # (tx, text) → change set
    forget: Callable[[Any], int] | None = None
    past: Callable[[Any], tuple[Past, ...]] | None = None
    said: Callable[[PastValue], str] | None = None  # how an old value is shown
    choices: Sequence[tuple[str, str]] = ()  # (as typed, as shown): picked instead of typed
    hint: str = ""
    tone: str = "text"
    tooltip: str = ""


class InPlace(QWidget):
    """Reads as words until it is opened. While it is open nothing of its block may be made anew (`is_open`)."""

    left = Signal(str)  # closed: saved, restored or forgotten; its key
    typed = Signal(str)
    refused = Signal(object)  # a failure that its block may say better; the text stands below the field

    def __init__(
        self, ctx: Context, what: Editing, parent: QWidget, *, name: str, in_line: bool = False, whose: str = ""
    ) -> None:
        """`in_line`: it stands in a line with others, cut where it is long. `whose`: for what is said when saved."""
        super().__init__(parent)
        self._ctx, self.what, self._name, self._whose = ctx, what, name, whose
        self._in_line = in_line
        self.field: LineEdit | None = None
        shown = what.shown
        if in_line and len(shown) > LONGEST_LINE:
            shown = f"{shown[: LONGEST_LINE - 1]}…"
        label = _("{label}: {value}. Enter edits it").format(label=what.label, value=what.shown)
        self.value = Value(shown, self, label=label, tone=what.tone, wrap=not in_line, name=f"{name}_{what.key}")
        tip = what.tooltip or (what.shown if shown != what.shown else "")
        self.value.setToolTip(plain_tooltip("\n".join(filter(None, (tip, _("F2 edits, F4 shows what stood here"))))))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self.value)
        self._wrong = Text("", self, tone="bad", size=theme.SMALL, wrap=True, name=f"{name}_wrong")
        self._wrong.hide()
        self._column.addWidget(self._wrong)
        self.value.opened.connect(self.open)
        self.value.forgotten.connect(self._forget)
        self.value.asked.connect(self.ask_past)

    @property
    def is_open(self) -> bool:
        """Whether somebody is typing."""
        return self.field is not None

    def has_keyboard(self) -> bool:
        """Whether the keyboard is here."""
        return self.value.hasFocus() or (self.field is not None and self.field.hasFocus())

    def open(self) -> None:
        """Open the field, or the choices."""
        if self.what.choices:
            self._pick()
        elif self.field is None:
            self._open_field()

    def _open_field(self) -> None:
        field = self.field = LineEdit(
            self, placeholder=self.what.hint, label=self.what.label, name=f"{self._name}_edit"
        )
        field.setText(self.what.typed)
        field.selectAll()
        if self._in_line:
            field.setFixedWidth(theme.current().px(190))
        self.value.clearFocus()
        self.value.hide()
        self._column.insertWidget(0, field)
        field.submitted.connect(self._submit)
        field.escaped.connect(lambda: self.close_field(keyboard=True))
        field.textEdited.connect(self._edited)
        field.installEventFilter(self)
        field.show()
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _edited(self, text: str) -> None:
        self._wrong.hide()
        self.typed.emit(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Left with nothing changed, the field closes by itself; what was typed waits.
        unchanged = self.field is not None and watched is self.field and self.field.text() == self.what.typed
        if event.type() == QEvent.Type.FocusOut and unchanged and not self._wrong.isVisible():
            self.close_field(keyboard=False)
        return super().eventFilter(watched, event)

    def close_field(self, *, keyboard: bool) -> None:
        """Show the value again; `keyboard`: and let it have the keyboard."""
        if self.field is None:
            return
        field, self.field = self.field, None
        field.removeEventFilter(self)
        field.hide()
        field.deleteLater()
        self._wrong.hide()
        self.value.show()
        if keyboard:
            self.value.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.left.emit(self.what.key)

    def _submit(self, text: str) -> None:
        if text.strip() == self.what.typed:
            self.close_field(keyboard=True)
        elif not text.strip() and self.what.forget is not None:
            self._write(self.what.forget)
        else:
            self.save(text)

    def save(self, text: str) -> None:
        """Write a text; what cannot be taken is said below the field."""
        self._write(lambda tx: self.what.save(tx, text))

    def _forget(self) -> None:
        if self.what.forget is not None:
            self._write(self.what.forget)

    def _write(self, change: Callable[[Any], int]) -> None:
        def failed(error: BaseException) -> None:
            if not isinstance(error, UserFailure) or self.field is None:
                self._ctx.messages.failure(error)
                return
            self._wrong.setText(error.message)
            self._wrong.show()
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.refused.emit(error)

        def written(_change_set: int) -> None:
            self.close_field(keyboard=True)

        said = _("{label} of {name} saved").format(label=self.what.label, name=self._whose)
        self._ctx.write_undoable(self, change, said=said, done=written, failed=failed)

    def _pick(self) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"{self._name}_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, (typed, shown) in enumerate(self.what.choices):
            action = menu.addAction(shown)
            action.setCheckable(True)
            action.setChecked(shown == self.what.shown)
            action.triggered.connect(lambda _checked=False, typed=typed: self.save(typed))
            if not place or shown == self.what.shown:
                menu.setActiveAction(action)
        if self.what.shown and self.what.forget is not None:
            menu.addSeparator()
            menu.addAction(_("Forget it")).triggered.connect(self._forget)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def ask_past(self) -> None:
        """Show what stood here before."""
        if self.what.past is not None:
            self._ctx.read(self, self.what.past, done=self._show_past, latest="past")

    def _show_past(self, found: tuple[Past, ...]) -> None:
        past_menu.show(
            self._ctx, self.value, label=self.what.label, found=found, shown=self.what.said, put_back=self._put_back
        )

    def _put_back(self, past: Past) -> None:
        old = past.before
        if old is None:
            self._forget()
        else:
            self.save(past_menu.as_words(old))
