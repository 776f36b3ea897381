"""On the card: the birthday and what the shop's trade keeps of a customer (C6), each changed in place by keys.

On a value: F2, Enter or the first letter opens it, arrows go to its neighbours, Alt with an arrow moves it, Delete
forgets it, + takes over what was learnt from purchases, the menu key renames it or puts it aside. In a field Enter
keeps, Tab keeps and goes on, Esc restores.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget
from shiboken6 import isValid

from shopcrm.act.desk import Card as CustomerData
from shopcrm.base import birthdays as calendar
from shopcrm.base import trade_presets
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import _
from shopcrm.collect import attribute_list, attribute_values, attributes, birthdays, history
from shopcrm.collect.attribute_list import Draft
from shopcrm.collect.attribute_values import Attribute, Value
from shopcrm.collect.history import Past
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts import past_menu
from shopcrm.ui.parts.attribute_form import AttributeForm
from shopcrm.ui.parts.card_attribute_lines import Line, evidence, hint, lines
from shopcrm.ui.parts.card_attribute_value import PickMenu, ValueText
from shopcrm.ui.parts.card_block import CardBlock

_OFFERED = f"{names.CARD_VALUE_ADD}_menu"
_BELOW = 230  # narrower, a value would have three letters a line beside its label


class CardAttributes(CardBlock):
    """Edits by itself; the card reads anew when the shop has changed. While a field is open nothing moves."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__("", parent, name=names.CARD_ATTRIBUTES, wrap=True)
        self._ctx = ctx
        self._data: CustomerData | None = None
        self._shown: dict[str, Line] = {}
        self._editing: str | None = None
        self._keyboard_to = ""  # whose value gets the keyboard once the card has been read anew
        self._to_open = ""  # what is filled in at once, when the card has been read anew
        self._wrong: Text | None = None  # below the field that is open
        self._form: AttributeForm | None = None
        self._is_narrow = False
        self._add = Button(
            "", self, kind="chip", icon="plus", size="small", label=_("Note something else"), name=names.CARD_VALUE_ADD
        )
        self._add.setCheckable(False)
        self._add.clicked.connect(self._offer)
        self.add_button(self._add)
        self._rows: QWidget = self
        self._places: dict[str, QVBoxLayout] = {}

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.current().px(_BELOW)
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            if self._editing is None:
                self._fill()

    # Shown

    def show_data(self, data: CustomerData) -> None:
        """Show a customer; another one closes the field that is open."""
        same = self._data is not None and self._data.id == data.id
        if not same:
            self._editing, self._keyboard_to, self._to_open = None, "", ""
            self._close_form()
        self._data = data
        self._shown = {line.key: line for line in lines(data, today=self._ctx.today)}
        if self._editing is None:
            self._fill()
            if self._to_open in self._shown:
                key, self._to_open = self._to_open, ""
                self.edit(key)

    def _fill(self, *, opened: str = "") -> None:
        """The lines that are known or learnt, and the one that is being opened."""
        data = self._data
        if data is None:
            return
        held = next((key for key in self._places if self._has_keyboard(key)), "")
        title = data.particulars.title
        self.title.setText(_("About {name}").format(name=title) if title else _("Good to know"))
        if (holder := self._widget(held)) is not None:
            # Hidden with the keyboard, it would hand it on, and the card would scroll to whoever gets it.
            holder.clearFocus()
        self._rows = self.refill()
        grid = QGridLayout(self._rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        self._places = {}
        known = [line for line in self._shown.values() if line.shown or line.learnt or line.key == opened]
        for row, line in enumerate(known):
            self._fill_row(grid, row, line, self._rows)
        if not known:
            grid.addWidget(Text(_("Nothing noted yet."), self._rows, tone="third"), 0, 0, 1, 2)
        wanted, self._keyboard_to = self._keyboard_to or held, ""
        if not opened:
            self._give_keyboard(wanted)

    def _fill_row(self, grid: QGridLayout, row: int, line: Line, parent: QWidget) -> None:
        label = Text(line.label, parent, tone="second", wrap=len(line.label) > 8)  # letters
        label.setContentsMargins(0, 1, 0, 1)
        if label.wordWrap():
            label.setMinimumWidth(theme.current().px(84))
        below = self._is_narrow
        grid.addWidget(label, 2 * row, 0, 1, 2 if below else 1, Qt.AlignmentFlag.AlignTop)
        place = self._places[line.key] = QVBoxLayout()
        place.setSpacing(0)
        place.addWidget(self._value(line, parent))
        if line.learnt is not None:
            place.addLayout(self._learnt(line, parent))
        if below:
            grid.addLayout(place, 2 * row + 1, 0, 1, 2)
        else:
            grid.addLayout(place, 2 * row, 1)

    def _value(self, line: Line, parent: QWidget) -> QWidget:
        if not line.editable:
            still = Text(line.shown, parent, wrap=True)
            still.setContentsMargins(4, 1, 4, 1)
            return still
        shown = line.shown or _("{value}?").format(value=line.offered)
        said = _("{label}: {value}. Enter edits it").format(label=line.label, value=shown)
        if line.learnt is not None:
            told = _("From purchases {value}: {why}. Plus takes it over").format(
                value=line.offered, why=evidence(line, today=self._ctx.today)
            )
            said = f"{said}. {told}"
        tone = "text" if line.shown else "third"
        value = ValueText(shown, parent, name=f"{names.CARD_VALUE}_{line.key}", label=said, tone=tone)
        value.opened.connect(lambda typed: self.edit(line.key, typed=typed))
        value.forgotten.connect(lambda: self._save(line.key, None) if line.shown else None)
        value.stepped.connect(lambda by: self._step(line.key, by))
        value.moved.connect(lambda by: self._move(line, by))
        value.taken.connect(lambda: self._take_over(line))
        value.menu_wanted.connect(lambda: self._open_menu(line))
        value.asked.connect(lambda: self._ask_past(line))
        return value

    def _learnt(self, line: Line, parent: QWidget) -> QBoxLayout:
        """What purchases say, and the button that takes it over."""
        why = evidence(line, today=self._ctx.today)
        told = why if not line.shown else _("{value}: {why}").format(value=line.offered, why=why)
        text = Text(
            told, parent, size=theme.SMALL, tone="second", wrap=True, name=f"{names.CARD_LEARNT}_why_{line.key}"
        )
        text.setContentsMargins(4, 0, 0, 2)
        label = _("Take over {value} for {label}").format(value=line.offered, label=line.label)
        take = Button(
            _("Take over"), parent, kind="ghost", size="tiny", icon="plus", name=f"{names.CARD_LEARNT}_{line.key}",
            label=label,
        )  # fmt: skip
        take.clicked.connect(lambda: self._take_over(line))
        row = QVBoxLayout() if self._is_narrow else QHBoxLayout()  # the button below, or beside
        row.setSpacing(4)
        row.addWidget(text, 1)
        row.addWidget(take, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _widget(self, key: str) -> QWidget | None:
        place = self._places.get(key)
        item = place.itemAt(0) if place is not None else None
        return item.widget() if item is not None else None

    def _has_keyboard(self, key: str) -> bool:
        widget = self._widget(key)
        # Also while the window itself is not at the front.
        return widget is not None and self.window().focusWidget() is widget

    def _give_keyboard(self, key: str) -> None:
        widget = self._widget(key)
        if widget is not None:
            widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif key:
            self._add.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _beside(self, key: str, by: int) -> str:
        """The value before or behind one; behind the last there is the button."""
        keys = [one for one in self._places if self._shown[one].editable]
        at = keys.index(key) + by if key in keys else 0
        return keys[at] if 0 <= at < len(keys) else names.CARD_VALUE_ADD if at > 0 else key

    def _step(self, key: str, by: int) -> None:
        self._give_keyboard(self._beside(key, by))

    # Changed

    def take_keyboard(self) -> None:
        """Go to the first value that can be edited; where none is known yet, offer what can be noted."""
        known = next((key for key in self._places if self._shown[key].editable), "")
        if known:
            self._give_keyboard(known)
        else:
            self._add.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._offer()

    def _offer(self) -> None:
        """What is not known yet, to be noted; an attribute of the owner's own; what was put aside."""
        if self._data is None:
            return
        menu = PickMenu(self, name=_OFFERED)
        unknown = [(line.key, line.label) for line in self._shown.values() if line.editable and not line.shown]
        menu.set_choices(unknown, done=self.edit, ticked=False)
        for action in menu.actions():
            action.setObjectName(f"{names.CARD_VALUE_ADD}_{action.data()}")
        if unknown:
            menu.addSeparator()
        own = menu.addAction(_("Something of your own…"))
        own.setObjectName(f"{names.CARD_VALUE_ADD}_own")
        own.triggered.connect(lambda: self._open_form(Draft(""), ""))
        if self._data.particulars.aside:
            aside = menu.addMenu(_("Not shown now"))
            for attribute in self._data.particulars.aside:
                action = aside.addAction(attribute.label.replace("&", "&&"))
                action.triggered.connect(lambda _checked=False, one=attribute: self._bring_back(one))
        if not unknown:
            menu.setActiveAction(own)
        menu.popup(self._below(self._add))

    @staticmethod
    def _below(widget: QWidget) -> QPoint:
        return widget.mapToGlobal(widget.rect().bottomLeft())

    def edit(self, key: str, *, typed: str = "") -> None:
        """Open a value: a field to type in, or the choices; with what was typed already."""
        line = self._shown.get(key)
        if line is None or not line.editable:
            return
        self._close_form()
        if line.picked:
            self._pick(line, typed)
            return
        self._editing = key
        self._fill(opened=key)
        place = self._places[key]
        item = place.takeAt(0)
        if item is not None and (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
        field = LineEdit(self._rows, placeholder=hint(line), label=line.label, name=names.CARD_VALUE_EDIT)
        field.setText(typed or line.typed)
        if not typed:
            field.selectAll()
        wrong = Text("", self._rows, tone="bad", size=theme.SMALL, wrap=True, name="card_value_wrong")
        wrong.hide()
        place.insertWidget(0, field)
        place.insertWidget(1, wrong)
        field.submitted.connect(lambda text: self._submit(line, text, wrong))
        field.escaped.connect(lambda: self._leave(key))
        field.textEdited.connect(lambda _text: wrong.hide())
        field.installEventFilter(self)
        self._wrong = wrong
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if typed:
            field.end(False)  # noqa: FBT003  # Qt's; a field that gets the keyboard selects what stands in it

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, LineEdit) and self._editing is not None:
            line = self._shown.get(self._editing)
            # Left with nothing changed, the field closes by itself; what was typed waits.
            if event.type() == QEvent.Type.FocusOut and line is not None and watched.text() == line.typed:
                self._leave("")
            elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and line is not None:
                by = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}.get(Qt.Key(event.key()))
                if by is not None and self._wrong is not None and not watched.composing:
                    self._submit(line, watched.text(), self._wrong, then=self._beside(line.key, by))
                    return True
        return super().eventFilter(watched, event)

    def _leave(self, key: str) -> None:
        if self._editing is not None:
            self._editing, self._keyboard_to = None, key
            self._fill()
        elif key:
            self._give_keyboard(key)
        if self._widget(key) is None:
            self._keyboard_to = key  # one that was noted just now is there when the card has been read anew

    def _pick(self, line: Line, typed: str) -> None:
        several = line.kind == "choices"
        menu = PickMenu(self, name=f"{names.CARD_VALUE_EDIT}_menu", several=several)
        chosen = line.value if isinstance(line.value, tuple) else () if line.value is None else (line.value,)
        menu.set_choices(line.picked, chosen=chosen, done=lambda value: self._save(line.key, value or None
                         if several else value))  # fmt: skip
        menu.addSeparator()
        if several:
            menu.addAction(_("Space chooses, Enter keeps")).setEnabled(False)
        elif line.shown:
            menu.addAction(_("Forget it")).triggered.connect(lambda: self._save(line.key, None))
        menu.popup(self._below(self._widget(line.key) or self._add))
        if typed:
            menu.feed(typed)

    def _submit(self, line: Line, text: str, wrong: Text, *, then: str = "") -> None:
        then = then or line.key
        if text.strip() == line.typed:
            self._leave(then)
            return

        def refused(error: BaseException) -> None:
            if isinstance(error, UserFailure) and isValid(wrong):
                wrong.setText(error.message)
                wrong.show()
            else:
                self._ctx.messages.failure(error)

        # What was typed is understood off the GUI thread: a lunar date asks the calendar.
        self._write(line, lambda: _understood(line, text), failed=refused, then=then)

    def _save(self, key: str, value: Value | None) -> None:
        line = self._shown.get(key)
        if line is not None:
            self._write(line, lambda: value, failed=self._ctx.messages.failure, then=key)

    def _take_over(self, line: Line) -> None:
        """What was learnt becomes a value."""
        if line.learnt is not None:
            self._save(line.key, line.learnt.value)

    def _ask_past(self, line: Line) -> None:
        """Show what stood here before; a line that is chosen is put back."""
        data, anchor = self._data, self._widget(line.key)
        if data is None or anchor is None:
            return
        customer = data.id

        def question(tx: Any) -> tuple[Past, ...]:
            if line.attribute is None:
                return history.of_field(tx, customer, history.BIRTHDAY)
            return history.of_attribute(tx, customer, line.key)

        def put_back(past: Past) -> None:
            text = past_menu.as_words(past.before)
            self._write(line, lambda: _understood(line, text), failed=self._ctx.messages.failure, then=line.key)

        def answered(found: tuple[Past, ...]) -> None:
            if isValid(anchor):
                past_menu.show(self._ctx, anchor, label=line.label, found=found, put_back=put_back)

        self._ctx.read(self, question, done=answered, latest="past")

    def _write(
        self, line: Line, told: Callable[[], Any], *, failed: Callable[[BaseException], None], then: str
    ) -> None:  # fmt: skip
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
                self._leave(then)

        said = _("{label} of {name} saved").format(label=line.label, name=data.name)
        self._ctx.write_undoable(self, change, said=said, done=written, failed=failed)

    # Which there are

    def _open_menu(self, line: Line) -> None:
        """What can be done with a value and with the attribute itself."""
        menu = QMenu(self)
        menu.setObjectName(f"{names.CARD_VALUE}_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Edit") + "\tF2").triggered.connect(lambda: self.edit(line.key))
        if line.learnt is not None:
            taken = _("Take over {value} from purchases").format(value=line.offered.replace("&", "&&"))
            menu.addAction(taken + "\t+").triggered.connect(lambda: self._take_over(line))
        if line.shown:
            menu.addAction(_("Forget it") + "\tDel").triggered.connect(lambda: self._save(line.key, None))
        menu.addAction(_("What stood here before") + "\tF4").triggered.connect(lambda: self._ask_past(line))
        if (attribute := line.attribute) is not None:
            menu.addSeparator()
            menu.addAction(_("Move up") + "\tAlt+↑").triggered.connect(lambda: self._move(line, -1))
            menu.addAction(_("Move down") + "\tAlt+↓").triggered.connect(lambda: self._move(line, 1))
            draft = attribute_list.draft_of(attribute)
            menu.addAction(_("Name and choices…")).triggered.connect(lambda: self._open_form(draft, line.key))
            menu.addAction(_("Do not show any more")).triggered.connect(lambda: self._put_aside(attribute))
            if attribute.own:
                menu.addAction(_("Remove for everybody")).triggered.connect(lambda: self._remove(attribute))
        menu.setActiveAction(menu.actions()[0])
        menu.popup(self._below(self._widget(line.key) or self._add))

    def _move(self, line: Line, by: int) -> None:
        if line.attribute is not None:
            self._keyboard_to = line.key
            said = _("“{label}” moved").format(label=line.label)
            self._ctx.write_undoable(self, lambda tx: attribute_list.move(tx, line.key, by=by), said=said)

    def _put_aside(self, attribute: Attribute) -> None:
        said = _("“{label}” put aside; its values stay").format(label=attribute.label)
        self._keyboard_to = self._beside(attribute.key, -1)
        self._ctx.write_undoable(self, lambda tx: attribute_list.hide(tx, attribute.key), said=said)

    def _bring_back(self, attribute: Attribute) -> None:
        said = _("“{label}” is back").format(label=attribute.label)
        self._ctx.write_undoable(self, lambda tx: attribute_list.hide(tx, attribute.key, hidden=False), said=said)

    def _remove(self, attribute: Attribute) -> None:
        said = _("“{label}” removed with all its values").format(label=attribute.label)
        self._keyboard_to = self._beside(attribute.key, -1)
        self._ctx.write_undoable(self, lambda tx: attribute_list.remove(tx, attribute.key), said=said)

    def _open_form(self, draft: Draft, key: str) -> None:
        """Name a new attribute (`key` is blank), or change one."""
        self._close_form()
        form = self._form = AttributeForm(draft, self, new=not key, preset=key in trade_presets.known())
        form.left.connect(lambda: self._leave_form(key))
        form.saved.connect(lambda told: self._keep(told, key, form))
        self.put(form)
        form.take_keyboard()

    def _keep(self, draft: Draft, key: str, form: AttributeForm) -> None:
        made: list[str] = []

        def change(tx: Any) -> int:
            if key:
                return attribute_list.change(tx, key, draft)
            made.append(attribute_list.add(tx, draft))
            return int(tx.change_set)

        def done(_change_set: int) -> None:
            if self._form is form:
                self._close_form()
                self._keyboard_to = key
                self._to_open = made[0] if made else ""

        def failed(error: BaseException) -> None:
            if isinstance(error, UserFailure) and isValid(form):
                form.show_wrong(error.message)
            else:
                self._ctx.messages.failure(error)

        label = " ".join(draft.label.split())[: attribute_list.LONGEST_LABEL]
        said = _("“{label}” kept").format(label=label) if label else _("Kept")
        self._ctx.write_undoable(self, change, said=said, done=done, failed=failed)

    def _leave_form(self, key: str) -> None:
        self._close_form()
        self._give_keyboard(key or names.CARD_VALUE_ADD)

    def _close_form(self) -> None:
        if self._form is not None:
            self.body.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
            self._form = None


def _understood(line: Line, text: str) -> object:
    if line.attribute is not None:
        return attribute_values.understand(line.attribute, text)
    return calendar.parse(text) if text.strip() else None
