"""The customer's card: one widget, the desk's main part and the inspector at the right of a list."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from shopcrm.act import desk
from shopcrm.act.desk import Card as CustomerData
from shopcrm.base import clock
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import _
from shopcrm.collect.customers import NoSuchCustomer
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card, ScrollArea
from shopcrm.ui.kit.text import Icon, Text
from shopcrm.ui.parts.card_head import CardHead
from shopcrm.ui.parts.card_now import CardNow
from shopcrm.ui.parts.card_side import CardSide
from shopcrm.ui.parts.card_trouble import CardTrouble
from shopcrm.ui.parts.greeting import greeting
from shopcrm.ui.parts.script_picker import ScriptPicker, SlashKey
from shopcrm.ui.parts.timeline import Timeline

SIDE_WIDTH = 288
TWO_COLUMNS_FROM = 780
COPY_BESIDE_FROM = 420
SOME_LINES = 200  # pixels of the history that are seen when it is asked for


class GreetingStrip(Card):
    """Say this: one line that is true of this customer, and the button that copies it."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=16, tone="accent_soft", bordered=False, name=names.CARD_GREETING)
        self._ctx = ctx
        self._words = Text("", self, wrap=True, name="card_greeting_text")
        self._copy = Button(
            _("Copy"),
            self,
            kind="primary",
            icon="copy",
            keys="Ctrl+Return",
            size="medium",
            name=names.CARD_GREETING_COPY,
        )
        self._copy.clicked.connect(self.copy)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(Text(_("Say this"), self, size=theme.SMALL, bold=True, tone="accent_strong"))
        column.addWidget(self._words)
        self._icon = Icon("message-square-text", self, tone="text", size=20)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._icon, 0, 0)
        self._grid.addLayout(column, 0, 1)
        self._narrow = False
        self._place_copy()
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.addLayout(self._grid)

    def _place_copy(self) -> None:
        """Beside the words, or below them where they have little room."""
        self._grid.removeWidget(self._copy)
        if self._narrow:
            self._grid.addWidget(self._copy, 1, 1, Qt.AlignmentFlag.AlignRight)
        else:
            self._grid.addWidget(self._copy, 0, 2)
        self._icon.setVisible(not self._narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.current().px(COPY_BESIDE_FROM)
        if narrow != self._narrow:
            self._narrow = narrow
            self._place_copy()

    def show_words(self, words: str) -> None:
        """Show a greeting; without one the strip is not there."""
        self._words.setText(words)
        self.setVisible(bool(words))

    def copy(self) -> bool:
        """Copy it exactly; whether there was one."""
        if self._words.text():
            self._ctx.copy(self._words.text(), said=_("Greeting copied"))
        return bool(self._words.text())


class CustomerCard(QWidget):
    """Give it an id; it reads, shows, and reads again when the shop has changed."""

    shown = Signal(object)  # act.desk.Card
    used = Signal(int)  # the customer was really served: something was copied, noted or tagged
    gone = Signal(int)  # the customer is no more (an import was undone)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._id: int | None = None
        self._seen: int | None = None  # whose data is on it
        self._stale = False
        self._columns = 0
        self._pinned = False
        self.setObjectName(names.CARD)
        self._build()
        self._wire()

    def _build(self) -> None:
        self.head = CardHead(self._ctx, self)
        self.trouble = CardTrouble(self._ctx, self)
        self.greeting = GreetingStrip(self._ctx, self)
        self.now = CardNow(self._ctx, self)
        self.side = CardSide(self._ctx, self)
        self.timeline = Timeline(self._ctx, self)
        self.timeline.take_drops_of(self)
        self._area = ScrollArea(self)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        top = QVBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.head)
        top.addWidget(self.trouble)
        top.addWidget(self.greeting)
        self._top = QWidget(self)
        self._top.setLayout(top)
        top.setContentsMargins(0, 0, 0, 0)
        self._waiting = Text(_("Saved after the import"), self, tone="warn", bold=True, name=names.CARD_WAITING)
        self._waiting.hide()
        self._area.body.addWidget(self._waiting)
        self._area.body.addLayout(self._grid, 1)
        column = self._whole = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._area)
        self._arrange(1)
        self._area.hide()

    def _wire(self) -> None:
        self._ctx.hub.changed.connect(self._changed)
        self._ctx.operations.writes_changed.connect(self._show_waiting)
        self._ctx.jobs.ended.connect(self._show_waiting)
        self.timeline.noted.connect(self._say_used)
        self.timeline.wish_wanted.connect(self.note_wish)
        self.side.scripts.copied.connect(self._say_used)
        self.side.scripts.wanted.connect(self.find_script)
        slash = SlashKey(self, edit=self.timeline.note, wanted=lambda: not self.timeline.note.text())
        slash.pressed.connect(self.find_script)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for part in (self._top, self.now, self.side, self.timeline):
            self._grid.removeWidget(part)
        self._grid.addWidget(self._top, 0, 0)
        self._grid.addWidget(self.now, 1, 0)
        if columns == 2:
            self._grid.addWidget(self.timeline, 2, 0)
            self._grid.addWidget(self.side, 0, 1, 3, 1)
            self.side.setFixedWidth(theme.current().px(SIDE_WIDTH))
        else:
            self._grid.addWidget(self.side, 2, 0)
            self._grid.addWidget(self.timeline, 3, 0)
            self.side.setMinimumWidth(0)
            self.side.setMaximumWidth(16_777_215)
        self.side.about.set_foldable(foldable=columns == 1)
        self._grid.setColumnStretch(0, 1)
        self._grid.setRowStretch(2, 1 if columns == 2 else 0)
        self._grid.setRowStretch(3, 0 if columns == 2 else 1)
        self.side.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    # For the owner

    @property
    def customer(self) -> int | None:
        """Whose card it is."""
        return self._id

    def show_customer(self, customer: int | None) -> None:
        """Show this customer's card (None: nothing)."""
        if customer is not None or self._ctx.customer == self._id:
            self._ctx.attend(customer)
        self._id = customer
        if customer is None:
            self._open(there=False)
            return
        self._read()

    def pin_note(self) -> None:
        """Keep the note box in sight, at the foot of what scrolls."""
        self._pinned = True
        self._whole.addWidget(self.timeline.box)
        self.timeline.box.setVisible(self._area.isVisibleTo(self))

    def _open(self, *, there: bool) -> None:
        self._area.setVisible(there)
        if self._pinned:
            self.timeline.box.setVisible(there)

    def write_note(self) -> None:
        """Go to the note box."""
        self.timeline.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def note_wish(self) -> None:
        """Go to the field for what she wanted and did not buy."""
        self.side.wishes.add()
        # Once it has its place: in one column it may lie out of sight.
        QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(self.side.wishes))

    def show_next_kind(self) -> None:
        """Show the next kind of the history, in sight."""
        self.timeline.next_kind()
        QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(self.timeline.filter, 0, SOME_LINES))

    def copy_greeting(self) -> None:
        """Copy the greeting."""
        if self.greeting.copy():
            self._say_used()

    def find_script(self) -> None:
        """Open the scripts over the window, filled for this customer."""
        window = self.window()
        if self._id is not None and not any(each.isVisible() for each in window.findChildren(ScriptPicker)):
            ScriptPicker(self._ctx, window).taken.connect(self._say_used)

    def handlers(self) -> dict[str, Callable[[], None]]:
        """What the desk's actions do on it, by their keys."""
        return {
            "greeting": self.copy_greeting,
            "note": self.write_note,
            "follow_up": self.timeline.follow_up,
            "wish": self.note_wish,
            "attach": self.timeline.box.choose,
            "history": self.show_next_kind,
            "tag": partial(self._go_to, self.head, self.head.add_tag),
            "phone": self.head.copy_phone,
            "rename": partial(self._go_to, self.head, self.head.edit_name),
            "scripts": self.find_script,
            "trouble": partial(self._go_to, self.trouble, self.trouble.edit),
            "particulars": partial(self._go_to, self.now.attributes, self.now.attributes.take_keyboard),
            "reach": partial(self._go_to, self.head, self.head.identities.take_keyboard),
            "address": partial(self._go_to, self.side.about, self.side.about.add_address),
            "person": partial(self._go_to, self.side.about, self.side.about.ask_person),
            "consent": partial(self._go_to, self.side.about, self.side.about.ask_consent),
            **self.side.scripts.outcome.handlers(),
        }

    def able(self) -> dict[str, Callable[[], bool]]:
        """Whether they can be done now, by their condition."""
        return {
            "card": lambda: self._id is not None,
            "copied": lambda: self._id is not None and self.side.scripts.outcome.use is not None,
        }

    # Its own

    def _go_to(self, part: QWidget, act: Callable[[], None]) -> None:
        """Bring a part of the card into sight first: a menu opens beside its button."""
        self._area.ensureWidgetVisible(part)
        act()
        QTimer.singleShot(0, self, self._show_keyboard)  # once what was opened has its place

    def _show_keyboard(self) -> None:
        held: QWidget | None = self.window().focusWidget()
        if held is not None and self._area.isAncestorOf(held):
            self._area.ensureWidgetVisible(held)

    def _say_used(self) -> None:
        if self._id is not None:
            self.used.emit(self._id)

    def _show_waiting(self, _edits: object = None) -> None:
        """Say that an edit of this card is not written yet, while long work keeps it waiting."""
        waits = self._ctx.jobs.running and self._ctx.operations.is_waiting(self._id, within=self)
        self._waiting.setVisible(self._id is not None and waits)

    def _read(self) -> None:
        customer, shop = self._id, self._ctx.shop
        if customer is None:
            return
        self._stale = False
        self._ctx.read(
            self,
            lambda tx: desk.card(tx, shop.columns(), customer),
            done=self._show,
            latest="card",
            failed=self._failed,
        )

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, NoSuchCustomer):
            self._open(there=False)
            if self._ctx.customer == error.id:
                self._ctx.attend(None)
            self.gone.emit(error.id)
        else:
            self._ctx.messages.failure(error)

    def _show(self, data: CustomerData) -> None:
        if data.id != self._id:
            return
        today = clock.day_number(self._ctx.today)
        if data.id != self._seen:
            self._seen = data.id
            self._area.verticalScrollBar().setValue(0)  # who it is, is read first
        self.setUpdatesEnabled(False)
        self.head.show_data(data)
        self.trouble.show_data(data)
        self.greeting.show_words(greeting(data, today=today, hour=self._ctx.hour))
        self.now.show_data(data, today=today)
        self.side.show_data(data)
        self.timeline.show_data(data)
        self._show_waiting()
        self._open(there=True)
        self.setUpdatesEnabled(True)
        self.shown.emit(data)

    def _changed(self, changes: Changes) -> None:
        mine = Changes.CUSTOMERS | Changes.ORDERS | Changes.STATISTICS | Changes.NOTES | Changes.TAGS | Changes.OPTIONS
        mine |= Changes.ATTRIBUTES | Changes.REMINDERS | Changes.SCRIPTS | Changes.CONSENTS
        if changes & mine and self._id is not None:
            if self.isVisible():
                self._read()
            else:
                self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._id is not None:
            self._ctx.attend(self._id)
        if self._stale:
            self._read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(2 if self.width() >= theme.current().px(TWO_COLUMNS_FROM) else 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 200)
