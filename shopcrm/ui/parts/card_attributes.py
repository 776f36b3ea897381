"""On the card: the birthday and what the shop's trade keeps of a customer (C6), each changed in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget
from shiboken6 import isValid

from shopcrm.act.desk import Card as CustomerData
from shopcrm.act.desk import NextBirthday
from shopcrm.base import birthdays as calendar
from shopcrm.base import lunar
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import _, n_
from shopcrm.collect import attributes, birthdays
from shopcrm.collect.attribute_values import Attribute, Particular, Stage, Value, whole_months
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text

BIRTHDAY = "birthday"
_EDIT_KEYS = (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_FORGET_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


@dataclass(frozen=True)
class _Line:
    """One line of the block. `typed`: the value as one would type it; `shown`: as it is read, blank if not known."""

    key: str
    label: str
    shown: str
    typed: str = ""
    attribute: Attribute | None = None  # None: the birthday

    @property
    def editable(self) -> bool:
        return self.attribute is None or self.attribute.kind != "stage"

    @property
    def picked(self) -> tuple[tuple[Value, str], ...]:
        """The values to pick from, where they are few and exclude each other."""
        if self.attribute is None:
            return ()
        if self.attribute.kind == "yes_no":
            return (True, _("yes")), (False, _("no"))
        return self.attribute.choices if self.attribute.kind == "choice" else ()


def lines(data: CustomerData, *, today: date) -> list[_Line]:
    """Everything that may be known of a customer: the birthday first, then what the trade keeps."""
    born = data.birthday
    first = _Line(BIRTHDAY, _("Birthday"), "" if born is None else _birthday(born), _typed_birthday(born))
    return [first, *(_line(line, data, today=today) for line in data.particulars.lines)]


def _birthday(born: NextBirthday) -> str:
    told = calendar.day_words(born.on, born.lunar)
    return told if born.turns is None else _("{day}, turns {n}").format(day=told, n=born.turns)


def _typed_birthday(born: NextBirthday | None) -> str:
    return "" if born is None else calendar.words(born.birthday)


def _line(line: Particular, data: CustomerData, *, today: date) -> _Line:
    attribute, value = line.attribute, line.value
    if value is None:
        return _Line(attribute.key, attribute.label, "", attribute=attribute)
    if isinstance(value, Stage):
        return _Line(attribute.key, attribute.label, _stage(attribute, value, today=today), attribute=attribute)
    if isinstance(value, bool):
        shown = _("yes") if value else _("no")
        return _Line(attribute.key, attribute.label, shown, shown, attribute)
    if isinstance(value, date):
        shown = value.isoformat()
        if attribute.age:
            told = lunar.words(data.particulars.lunar[attribute.key])
            shown = _("{day} ({lunar})").format(day=shown, lunar=told)
            if old := age(value, today):
                shown = _("{day}, {age}").format(day=shown, age=old)
        return _Line(attribute.key, attribute.label, shown, value.isoformat(), attribute)
    shown = attribute.shown(value)
    return _Line(attribute.key, attribute.label, shown, shown, attribute)


def _stage(attribute: Attribute, stage: Stage, *, today: date) -> str:
    now = attribute.words.format(n=stage.number)
    if stage.next_on is None:
        return now
    following = attribute.words.format(n=stage.number + 1)
    return _("{now}, from {day} on {next}").format(now=now, day=words.day(stage.next_on, today=today), next=following)


def age(born: date, today: date) -> str:
    """`5 months`, `1 year`, `1 year 2 months`; blank before the birth."""
    years, months = divmod(whole_months(born, today), 12)
    if years < 0:
        return ""
    parts = []
    if years:
        parts.append(n_("{n} year", "{n} years", years).format(n=years))
    if (months and years < 4) or not years:
        parts.append(n_("{n} month", "{n} months", months).format(n=months))
    return " ".join(parts)


class _Value(Text):
    """A value that a click, F2 or Enter opens for editing, and Delete forgets."""

    opened = Signal()
    forgotten = Signal()

    def __init__(self, line: _Line, parent: QWidget) -> None:
        super().__init__(line.shown, parent, wrap=True, name=f"{names.CARD_VALUE}_{line.key}")
        self.setAccessibleName(_("{label}: {value}. Enter edits it").format(label=line.label, value=line.shown))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setContentsMargins(4, 1, 4, 1)

    def event(self, event: QEvent) -> bool:
        # F2 is the page's key for the name; here it is this value's.
        mine = isinstance(event, QKeyEvent) and event.key() in (*_EDIT_KEYS, *_FORGET_KEYS)
        if event.type() == QEvent.Type.ShortcutOverride and mine:
            event.accept()
            return True
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut, QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _EDIT_KEYS and not event.isAutoRepeat():
            self.opened.emit()
        elif event.key() in _FORGET_KEYS and not event.isAutoRepeat():
            self.forgotten.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse():
            paint.ground(painter, self.rect().toRectF(), fill=theme.current().colour("raised"), radius=4)
        if self.hasFocus():
            paint.focus_ring(painter, self.rect().toRectF(), radius=4)
        painter.end()
        super().paintEvent(event)


class CardAttributes(Card):
    """Edits by itself; the card reads anew when the shop has changed. While a field is open nothing moves."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=16, gap=6, name=names.CARD_ATTRIBUTES)
        self._ctx = ctx
        self._data: CustomerData | None = None
        self._shown: dict[str, _Line] = {}
        self._editing: str | None = None
        self._keyboard_to = ""  # whose value gets the keyboard once the card has been read anew
        self.body.setContentsMargins(16, 12, 16, 14)
        self._title = Text("", self, bold=True, tone="second", wrap=True)
        self._add = Button(
            "", self, kind="chip", icon="plus", size="small", label=_("Note something else"), name=names.CARD_VALUE_ADD
        )
        self._add.setCheckable(False)
        self._add.clicked.connect(self._offer)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._add, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self._rows: QWidget | None = None
        self._places: dict[str, QVBoxLayout] = {}

    # Shown

    def show_data(self, data: CustomerData) -> None:
        """Show a customer; another one closes the field that is open."""
        same = self._data is not None and self._data.id == data.id
        if not same:
            self._editing, self._keyboard_to = None, ""
        self._data = data
        self._shown = {line.key: line for line in lines(data, today=self._ctx.today)}
        if self._editing is None:
            self._fill()

    def _fill(self, *, opened: str = "") -> None:
        """The lines that are known, and the one that is being opened."""
        data = self._data
        if data is None:
            return
        held = next((key for key in self._places if self._has_keyboard(key)), "")
        title = data.particulars.title
        self._title.setText(_("About {name}").format(name=title) if title else _("Good to know"))
        if self._rows is not None:
            if (holder := self._widget(held)) is not None:
                # Hidden with the keyboard, it would hand it on, and the card would scroll to whoever gets it.
                holder.clearFocus()
            self.body.removeWidget(self._rows)
            self._rows.hide()
            self._rows.deleteLater()
        self._rows = QWidget(self)
        grid = QGridLayout(self._rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        self._places = {}
        known = [line for line in self._shown.values() if line.shown or line.key == opened]
        for row, line in enumerate(known):
            label = Text(line.label, self._rows, tone="second")
            label.setContentsMargins(0, 1, 0, 1)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            place = self._places[line.key] = QVBoxLayout()
            place.setSpacing(2)
            place.addWidget(self._value(line, self._rows))
            grid.addLayout(place, row, 1)
        if not known:
            grid.addWidget(Text(_("Nothing noted yet."), self._rows, tone="third"), 0, 0, 1, 2)
        self._add.setVisible(any(line.editable and not line.shown for line in self._shown.values()))
        self.body.addWidget(self._rows)
        wanted, self._keyboard_to = self._keyboard_to or held, ""
        if not opened:
            self._give_keyboard(wanted)

    def _value(self, line: _Line, parent: QWidget) -> QWidget:
        if not line.editable:
            still = Text(line.shown, parent, wrap=True)
            still.setContentsMargins(4, 1, 4, 1)
            return still
        value = _Value(line, parent)
        value.opened.connect(lambda: self.edit(line.key))
        value.forgotten.connect(lambda: self._save(line.key, None))
        return value

    def _widget(self, key: str) -> QWidget | None:
        place = self._places.get(key)
        item = place.itemAt(0) if place is not None else None
        return item.widget() if item is not None else None

    def _has_keyboard(self, key: str) -> bool:
        widget = self._widget(key)
        return widget is not None and widget.hasFocus()

    def _give_keyboard(self, key: str) -> None:
        widget = self._widget(key)
        if widget is not None:
            widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif key:
            self._add.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # Changed

    def take_keyboard(self) -> None:
        """Go to the first value that can be edited; where none is known yet, offer what can be noted."""
        known = next((key for key, line in self._shown.items() if line.editable and line.shown), "")
        if known:
            self._give_keyboard(known)
        else:
            self._add.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._offer()

    def _offer(self) -> None:
        """What is not known yet, to be noted."""
        menu = QMenu(self)
        menu.setObjectName(f"{names.CARD_VALUE_ADD}_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for line in self._shown.values():
            if line.editable and not line.shown:
                action = menu.addAction(line.label)
                action.setObjectName(f"{names.CARD_VALUE_ADD}_{line.key}")
                action.triggered.connect(lambda _checked=False, key=line.key: self.edit(key))
        menu.popup(self._add.mapToGlobal(self._add.rect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def edit(self, key: str) -> None:
        """Open a value: a field to type in, or the choices."""
        line = self._shown.get(key)
        if line is None or not line.editable:
            return
        if line.picked:
            self._pick(line)
            return
        self._editing = key
        self._fill(opened=key)
        place = self._places[key]
        item = place.takeAt(0)
        if item is not None and (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
        field = LineEdit(self._rows, placeholder=_hint(line), label=line.label, name=names.CARD_VALUE_EDIT)
        field.setText(line.typed)
        field.selectAll()
        wrong = Text("", self._rows, tone="bad", size=theme.SMALL, wrap=True, name="card_value_wrong")
        wrong.hide()
        place.addWidget(field)
        place.addWidget(wrong)
        field.submitted.connect(lambda text: self._submit(line, text, wrong))
        field.escaped.connect(lambda: self._leave(key))
        field.textEdited.connect(lambda _text: wrong.hide())
        field.installEventFilter(self)
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Left with nothing changed, the field closes by itself; what was typed waits.
        if event.type() == QEvent.Type.FocusOut and isinstance(watched, LineEdit) and self._editing is not None:
            line = self._shown.get(self._editing)
            if line is not None and watched.text() == line.typed:
                self._leave("")
        return super().eventFilter(watched, event)

    def _leave(self, key: str) -> None:
        if self._editing is not None:
            self._editing, self._keyboard_to = None, key
            self._fill()
        elif key:
            self._give_keyboard(key)

    def _pick(self, line: _Line) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"{names.CARD_VALUE_EDIT}_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, (value, shown) in enumerate(line.picked):
            action = menu.addAction(shown)
            action.setCheckable(True)
            action.setChecked(shown == line.shown)
            action.triggered.connect(lambda _checked=False, value=value: self._save(line.key, value))
            if not place or shown == line.shown:
                menu.setActiveAction(action)
        if line.shown:
            menu.addSeparator()
            menu.addAction(_("Forget it")).triggered.connect(lambda: self._save(line.key, None))
        anchor = self._widget(line.key) or self._add
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))

    def _submit(self, line: _Line, text: str, wrong: Text) -> None:
        if text.strip() == line.typed:
            self._leave(line.key)
            return

        def refused(error: BaseException) -> None:
            if isinstance(error, UserFailure) and isValid(wrong):
                wrong.setText(error.message)
                wrong.show()
            else:
                self._ctx.messages.failure(error)

        # What was typed is understood off the GUI thread: a lunar date asks the calendar.
        self._write(line, lambda: _understood(line, text), failed=refused)

    def _save(self, key: str, value: Value | None) -> None:
        line = self._shown.get(key)
        if line is not None:
            self._write(line, lambda: value, failed=self._ctx.messages.failure)

    def _write(self, line: _Line, told: Callable[[], Any], *, failed: Callable[[BaseException], None]) -> None:
        data = self._data
        if data is None:
            return
        customer = data.id

        def change(tx: Any) -> int:
            value = told()
            if line.attribute is None:
                return birthdays.put(tx, {customer: value})
            return attributes.put(tx, {customer: {line.key: value}})

        def written(_change_set: int) -> None:
            # An edit waits while an import writes: another field may be open by now, and stays so.
            if self._data is not None and self._data.id == customer and self._editing in (None, line.key):
                self._leave(line.key)

        said = _("{label} of {name} saved").format(label=line.label, name=data.name)
        self._ctx.write_undoable(self, change, said=said, done=written, failed=failed)


def _understood(line: _Line, text: str) -> object:
    if line.attribute is not None:
        return attributes.understand(line.attribute, text)
    return calendar.parse(text) if text.strip() else None


def _hint(line: _Line) -> str:
    if line.attribute is None:
        return _("3-5, 1990-03-05 or lunar 8-15")
    if line.attribute.kind == "date":
        return "2025-11-02"
    return _(", ").join(shown for _key, shown in line.attribute.choices)
