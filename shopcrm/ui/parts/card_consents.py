"""On the card: which channels she agreed to, what she opted out of, where she follows the shop (C8).

A state is changed by one key on its line (Y she agrees, N she does not, X she opted out) or from its menu. An opt-out
is red and stands first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QMenu, QVBoxLayout, QWidget

from shopcrm.act.desk import Card as CustomerData
from shopcrm.base.i18n import N_, _
from shopcrm.collect import consents
from shopcrm.collect.consents import ALL, CHANNELS, FOLLOWED, ChannelState
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text, plain_tooltip
from shopcrm.ui.kit.values import Value
from shopcrm.ui.parts.card_block import CardBlock

STATES: Final = {
    "agreed": (N_("agreed"), "good"),
    "refused": (N_("refused"), "warn"),
    "opted_out": (N_("opted out"), "bad"),
    "unknown": (N_("not asked"), "third"),
}
SOURCES: Final = (N_("in the chat"), N_("on the phone"), N_("on a card or form"))
_KEYS: Final = {Qt.Key.Key_Y: "agreed", Qt.Key.Key_N: "refused", Qt.Key.Key_X: "opted_out"}


class _State(Value):
    """The state of a channel: Enter opens its menu, a letter says it at once."""

    said = Signal(str)

    def event(self, event: QEvent) -> bool:
        mine = isinstance(event, QKeyEvent) and event.key() in _KEYS and not event.modifiers()
        if event.type() == QEvent.Type.ShortcutOverride and mine:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        state = _KEYS.get(Qt.Key(event.key()))
        if state is not None and not event.modifiers() and not event.isAutoRepeat():
            self.said.emit(state)
        else:
            super().keyPressEvent(event)


class CardConsents(CardBlock):
    """Writes by itself; the card reads anew when the shop has changed."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("May be written to"), parent, name=names.CARD_CONSENTS)
        self._ctx = ctx
        self._data: CustomerData | None = None
        self._states: dict[str, _State] = {}
        self._form: QWidget | None = None
        self._add = Button(
            "", self, kind="chip", icon="plus", size="small", label=_("Note what she agreed to, or opted out of"),
            name=f"{names.CARD_CONSENTS}_add",
        )  # fmt: skip
        self._add.setCheckable(False)
        self._add.clicked.connect(self._offer)
        self.add_button(self._add)
        self._out = QWidget(self)
        self._told = Text("", self._out, tone="bad", bold=True, wrap=True, name=f"{names.CARD_CONSENTS}_told")
        self._source = Text("", self._out, tone="second", wrap=True)
        self._again = Button(_("She wants to hear from us again"), self._out, name=f"{names.CARD_CONSENTS}_again")
        self._again.clicked.connect(lambda: self._opt_in(ALL))
        out = QVBoxLayout(self._out)
        out.setContentsMargins(0, 0, 0, 0)
        out.setSpacing(4)
        for widget in (self._told, self._source, self._again):
            out.addWidget(widget)
        self.put(self._out)

    # Shown

    def show_data(self, data: CustomerData) -> None:
        """Show a customer."""
        if self._data is None or self._data.id != data.id:
            self._close_form()
        self._data = data
        contact = data.contact
        self._out.setVisible(contact.opted_out)
        if contact.opted_out and contact.day is not None:
            told = _("Opted out of everything, {when}").format(when=words.day(contact.day, today=self._ctx.today))
            self._told.setText(told)
            self._source.setText(contact.source)
            self._source.setVisible(bool(contact.source))
        self._fill(data)

    def _fill(self, data: CustomerData) -> None:
        held = next((key for key, line in self._states.items() if line.hasFocus()), "")
        if held:
            self._states[held].clearFocus()
        inner = self.refill()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        self._states = {}
        contact = data.contact
        lines = [one for one in contact.channels if one.state != "unknown" and not contact.opted_out]
        for row, one in enumerate(lines):
            grid.addWidget(self._label(_(CHANNELS[one.channel]), inner), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._state(one, inner), row, 1)
        if contact.follows:
            told = _(", ").join(_(FOLLOWED[one.channel]) for one in contact.follows)
            grid.addWidget(self._label(_("Follows on"), inner), len(lines), 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Text(told, inner, wrap=True, name=f"{names.CARD_CONSENTS}_follows"), len(lines), 1)
        if not lines and not contact.follows and not contact.opted_out:
            grid.addWidget(Text(_("Nobody has asked her yet."), inner, tone="third", wrap=True), 0, 0, 1, 2)
        if held in self._states:
            self._states[held].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _label(self, text: str, parent: QWidget) -> Text:
        label = Text(text, parent, tone="second")
        label.setContentsMargins(0, 1, 0, 1)
        return label

    def _state(self, one: ChannelState, parent: QWidget) -> QWidget:
        word, tone = STATES[one.state]
        told = _(word)
        if one.day is not None:
            when = words.day(one.day, today=self._ctx.today)
            told = _("{state}, {when}").format(state=told, when=when)
            if one.source:
                told = _("{told} ({source})").format(told=told, source=one.source)
        label = _("{channel}: {state}. Y agreed, N refused, X opted out, Enter more").format(
            channel=_(CHANNELS[one.channel]), state=told
        )
        value = _State(told, parent, label=label, tone=tone, name=f"{names.CARD_CONSENTS}_{one.channel}")
        if one.wording:
            value.setToolTip(plain_tooltip(_("In her words: {wording}").format(wording=one.wording)))
        value.said.connect(lambda state: self._say(one.channel, state))
        value.opened.connect(lambda: self._popup(self._menu_of(one.channel, QMenu(self)), value))
        self._states[one.channel] = value
        return value

    # Changed

    def take_keyboard(self) -> None:
        """Open what can be noted; the last line of it is "opted out of everything"."""
        self._add.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._offer()

    def _offer(self) -> None:
        data = self._data
        if data is None:
            return
        menu = QMenu(self)
        for one in data.contact.channels:
            inner = menu.addMenu(_(CHANNELS[one.channel]))
            inner.setObjectName(f"{names.CARD_CONSENTS}_menu_{one.channel}")
            self._menu_of(one.channel, inner)
        menu.addSeparator()
        following = {one.channel for one in data.contact.follows}
        for channel, label in FOLLOWED.items():
            action = menu.addAction(_("Follows on {where}").format(where=_(label)))
            action.setCheckable(True)
            action.setChecked(channel in following)
            action.triggered.connect(lambda checked, channel=channel: self._follow(channel, follows_us=checked))
        menu.addSeparator()
        if data.contact.opted_out:
            menu.addAction(_("She wants to hear from us again")).triggered.connect(lambda: self._opt_in(ALL))
        else:
            out = menu.addAction(_("Opted out of everything"))
            out.setObjectName(f"{names.CARD_CONSENTS}_out")
            out.triggered.connect(lambda: self._say(ALL, "opted_out"))
        self._popup(menu, self._add)

    def _popup(self, menu: QMenu, anchor: QWidget) -> None:
        menu.setObjectName(f"{names.CARD_CONSENTS}_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))
        if menu.actions()[0].menu() is None:  # the menu of a channel would open at once
            menu.setActiveAction(menu.actions()[0])

    def _menu_of(self, channel: str, menu: QMenu) -> QMenu:
        for source in SOURCES:
            action = menu.addAction(_("Agreed {where}").format(where=_(source)))
            action.triggered.connect(partial(self._agree, channel, source))
        menu.addAction(_("Agreed, with her words…")).triggered.connect(partial(self._open_form, channel))
        menu.addAction(_("Refused")).triggered.connect(lambda: self._say(channel, "refused"))
        menu.addSeparator()
        out = any(one.channel == channel and one.state == "opted_out" for one in self._channels)
        if out and not (self._data is not None and self._data.contact.opted_out):
            menu.addAction(_("Wants it again")).triggered.connect(lambda: self._opt_in(channel))
        elif not out:
            menu.addAction(_("Opted out of it")).triggered.connect(lambda: self._say(channel, "opted_out"))
        return menu

    @property
    def _channels(self) -> tuple[ChannelState, ...]:
        return self._data.contact.channels if self._data is not None else ()

    def _say(
        self, channel: str, state: str, *, source: str = "", wording: str = "",
        refused: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        def change(customer: int, tx: Any) -> int:
            if state == "opted_out":
                return consents.opt_out(tx, customer, channel, source=source)
            return consents.say(tx, customer, channel, given=state == "agreed", source=source, wording=wording)

        label = _("everything") if channel == ALL else _(CHANNELS[channel])
        self._write(change, _("{channel}: {state}").format(channel=label, state=_(STATES[state][0])), refused=refused)

    def _agree(self, channel: str, source: str, _checked: object = None) -> None:
        self._say(channel, "agreed", source=_(source))

    def _opt_in(self, channel: str) -> None:
        self._write(
            lambda customer, tx: consents.opt_in(tx, customer, channel), _("May be written to again")
        )  # fmt: skip

    def _follow(self, channel: str, *, follows_us: bool) -> None:
        label = _(FOLLOWED[channel])
        said = _("Follows on {where}") if follows_us else _("Does not follow on {where} any more")
        today = self._ctx.today

        def change(customer: int, tx: Any) -> int:
            return consents.follow(tx, customer, channel, follows_us=follows_us, since=today if follows_us else None)

        self._write(change, said.format(where=label))

    def _write(
        self, change: Callable[[int, Any], int], said: str, *, refused: Callable[[], None] | None = None
    ) -> None:  # fmt: skip
        data = self._data
        if data is None:
            return

        def failed(error: BaseException) -> None:
            self._ctx.messages.failure(error)
            if refused is not None:
                refused()

        told = _("{name}: {what}").format(name=data.name, what=said)
        self._ctx.write_undoable(self, lambda tx: change(data.id, tx), said=told, failed=failed)

    # In her words

    def _open_form(self, channel: str, *, said_where: str = "", told: str = "") -> None:
        self._close_form()
        form = self._form = QWidget(self)
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        title = _("{channel}: agreed").format(channel=_(CHANNELS[channel]))
        column.addWidget(Text(title, form, size=theme.SMALL, tone="second"))
        where = LineEdit(
            form, placeholder=_("Where she said so"), label=_("Where she said so"), name=f"{names.CARD_CONSENTS}_where"
        )
        wording = LineEdit(
            form, placeholder=_("To which words, Enter saves"), label=_("To which words"),
            name=f"{names.CARD_CONSENTS}_words",
        )  # fmt: skip

        where.setText(said_where)
        wording.setText(told)

        def save(_text: str) -> None:
            source, words, data = where.text(), wording.text(), self._data

            def refused() -> None:
                if data is not None and self._data is not None and self._data.id == data.id:  # nothing typed is lost
                    self._open_form(channel, said_where=source, told=words)

            self._close_form()
            self._say(channel, "agreed", source=source, wording=words, refused=refused)

        where.submitted.connect(lambda _text: wording.setFocus())
        wording.submitted.connect(save)
        for field in (where, wording):
            field.escaped.connect(self._leave_form)
            column.addWidget(field)
        self.put(form)
        where.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _leave_form(self) -> None:
        self._close_form()
        self._add.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _close_form(self) -> None:
        form, self._form = self._form, None
        if form is not None:
            self.body.removeWidget(form)
            form.hide()
            form.deleteLater()
