"""What happened with a customer, newest first and endless: orders, notes, follow-ups and the rest, and the note box."""

from __future__ import annotations

from math import ceil
from typing import Final, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from shopcrm.act import timeline
from shopcrm.act.desk import Card as CustomerData
from shopcrm.act.timeline import KINDS, Kind, Line, Page, Place
from shopcrm.base.i18n import _
from shopcrm.collect.notes import NoteLine
from shopcrm.ui import names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.dialogs import follow_up as follow_up_form
from shopcrm.ui.dialogs import order as order_form
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts import note_files
from shopcrm.ui.parts import timeline_words as say
from shopcrm.ui.parts.note_box import NoteBox
from shopcrm.ui.parts.timeline_details import Details
from shopcrm.ui.parts.timeline_row import TimelineRow
from shopcrm.ui.parts.timeline_words import Event

AHEAD: Final = 400  # pixels below what is seen at which older lines are fetched
SOON_MS: Final = 200
_Key = tuple[str, int]


class Timeline(Card):
    """Filter chips, the note box that is always ready, and the lines, read page by page as one scrolls."""

    noted = Signal()
    wish_wanted = Signal()  # something that she wanted and did not buy is to be noted

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=16, gap=0, name=names.CARD_TIMELINE)
        self._ctx = ctx
        self._data: CustomerData | None = None
        self._kind = "all"
        self._rows: list[TimelineRow] = []
        self._behind: Place | None = None
        self._fetching = False
        self._open: Details | None = None
        self._typed: dict[_Key, str] = {}  # notes that are half changed
        # Not at once: while somebody types into the search box another card comes with every letter.
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._widest = 0
        self._build()
        self._wire()

    def _build(self) -> None:
        self.body.setContentsMargins(16, 10, 16, 8)
        self.box = NoteBox(self._ctx, self)
        self.note = self.box.edit
        self._follow_up = Button(
            "", self, kind="ghost", icon="phone", name=names.CARD_FOLLOW_UP, label=_("Note a follow-up")
        )
        self._wish = Button(
            "", self, kind="ghost", icon="heart", name=names.TIMELINE_WISH,
            label=_("Note what she wanted and did not buy"),
        )  # fmt: skip
        self._order_new = Button(
            "", self, kind="ghost", icon="plus", name=names.CARD_ORDER_NEW, label=_("New order of this customer")
        )
        head = QHBoxLayout()
        head.addWidget(Text(_("History"), self, size=theme.LEAD, bold=True), 0, Qt.AlignmentFlag.AlignTop)
        self.filter = QWidget(self)
        self.filter.setObjectName(names.TIMELINE_FILTER)
        self._chips = FlowLayout(self.filter, gap=4, line_gap=2)
        self._buttons: dict[str, Button] = {}
        head.addSpacing(12)
        head.addWidget(self.filter, 1)
        for button in (self._follow_up, self._wish, self._order_new):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self.body.addSpacing(6)
        self.body.addWidget(self.box)
        self.body.addSpacing(6)
        self._lines = QWidget(self)
        self._column = QVBoxLayout(self._lines)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.body.addWidget(self._lines)
        self._more = Button(_("Older ones"), self, kind="ghost", name=names.TIMELINE_MORE)
        self._more.hide()
        self.body.addWidget(self._more, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addStretch(1)

    def _wire(self) -> None:
        self._more.clicked.connect(self._fetch_more)
        self._soon.timeout.connect(self._look_ahead)
        self.box.noted.connect(self.noted)
        self._follow_up.clicked.connect(self.follow_up)
        self._wish.clicked.connect(self.wish_wanted)
        self._order_new.clicked.connect(self._new_order)

    def take_drops_of(self, card: QWidget) -> None:
        """Attach what is dropped anywhere on the card; tables go on to the window, which imports them."""
        card.setAcceptDrops(True)
        card.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragLeave:
            self.box.expect(dragged=False)
        elif event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop) and self._data is not None:
            drag = cast("QDragEnterEvent | QDropEvent", event)
            if note_files.is_for_a_card(drag.mimeData()):
                drag.acceptProposedAction()
                self.box.expect(dragged=event.type() == QEvent.Type.DragEnter)
                if event.type() == QEvent.Type.Drop:
                    self.box.take(drag.mimeData())
                return True
            drag.ignore()
            return True
        return super().eventFilter(watched, event)

    # Shown

    def show_data(self, data: CustomerData) -> None:
        """Show a customer's history; what is half written stays with whom it is written for."""
        same = self._data is not None and self._data.id == data.id
        loaded = len(self._rows)
        self._remember_typed()
        self._data = data
        if not same:
            self._kind = "all"
            self._close()
        self.box.show_customer(data.id)
        self._show_chips()
        if same and (self._kind != "all" or loaded > timeline.FIRST):
            self._read_anew(limit=loaded + timeline.FIRST)  # nothing that was seen is missing
        else:
            self._show_page(data.history.page)

    def _show_chips(self) -> None:
        counts = {} if self._data is None else self._data.history.counts
        wanted = ["all", *(kind for kind in KINDS if counts.get(kind) or kind == self._kind)]
        if wanted != list(self._buttons):
            self._chips.clear()
            self._buttons = {}
            for kind in wanted:
                button = Button("", self.filter, kind="chip", name=f"{names.TIMELINE_FILTER}_{kind}")
                button.clicked.connect(lambda _checked=False, kind=kind: self.choose(kind))
                self._chips.addWidget(button)
                self._buttons[kind] = button
        for kind, button in self._buttons.items():
            title = say.title(kind)
            count = counts.get(kind, 0) if kind in say.COUNTED else 0
            button.set_text(f"{title} {count:,}" if count else title)
            button.setChecked(kind == self._kind)

    def choose(self, kind: str) -> None:
        """Show only this kind, or all."""
        self._kind = kind
        self._remember_typed()
        self._show_chips()
        self._read_anew(limit=timeline.FIRST)

    def next_kind(self) -> None:
        """Show the next kind of which there is anything."""
        kinds = list(self._buttons)
        if kinds:
            self.choose(kinds[(kinds.index(self._kind) + 1) % len(kinds)])

    @property
    def _asked_for(self) -> Kind | None:
        return None if self._kind == "all" else cast("Kind", self._kind)

    def _read_anew(self, *, limit: int) -> None:
        data, kind = self._data, self._asked_for
        if data is None:
            return
        customer = data.id

        def answered(page: Page) -> None:
            if self._data is not None and self._data.id == customer:
                self._show_page(page)

        self._ctx.read(
            self, lambda tx: timeline.page(tx, customer, kind=kind, limit=limit), done=answered, latest="timeline"
        )

    def _fetch_more(self) -> None:
        data, kind, behind = self._data, self._asked_for, self._behind
        if data is None or behind is None or self._fetching:
            return
        customer = data.id
        self._fetching = True

        def answered(page: Page) -> None:
            self._fetching = False
            if self._data is not None and self._data.id == customer and self._behind == behind:
                self._add(page)

        def failed(error: BaseException) -> None:
            self._fetching = False
            self._ctx.messages.failure(error)

        self._ctx.read(self, lambda tx: timeline.page(tx, customer, kind=kind, behind=behind), done=answered,
                       failed=failed)  # fmt: skip

    def _show_page(self, page: Page) -> None:
        """Show these lines instead of those that are there; what is open stays open, and who has the keyboard."""
        above, lines = self._events(page)
        if self._rows and [row.event_shown for row in self._rows] == [*above, *lines]:
            self._set_behind(page.behind)  # under somebody's hand nothing is made anew that is as it was
            return
        focused = next((row.event_shown.key for row in self._rows if row.hasFocus()), None)
        in_editor = self._open is not None and self._open.editor is not None and self._open.editor.hasFocus()
        opened = None if self._open is None else self._open.event_shown.key
        place = next((at for at, row in enumerate(self._rows) if row.event_shown.key == opened), 0)
        button = "" if in_editor else self._held()
        self._remember_typed()
        self._close()
        self._clear()
        self._widest = max(map(_room, (above, lines)))
        for events in (above, lines):
            self._add_rows(events)
        self._set_behind(page.behind)
        if not self._rows:
            empty = Text(_("Nothing yet."), self._lines, tone="third")
            empty.setContentsMargins(0, 8, 0, 8)
            self._column.addWidget(empty)
        again = next((row for row in self._rows if row.event_shown.key == opened), None)
        if again is not None:
            self.open(again, keyboard=in_editor)
        if button and self._rows:  # what was pressed may be gone with what it removed
            kept = self._open.findChild(QWidget, button) if self._open is not None else None
            (kept or again or self._rows[min(place, len(self._rows) - 1)]).setFocus()
        row = next((row for row in self._rows if row.event_shown.key == focused), None)
        if row is not None:
            row.setFocus()

    def _held(self) -> str:
        """The name of what has the keyboard behind the open line."""
        held: QWidget | None = self.window().focusWidget()
        return (
            held.objectName() if held is not None and self._open is not None and self._open.isAncestorOf(held) else ""
        )

    def _events(self, page: Page) -> tuple[list[Event], list[Event]]:
        """What stands above all others, and the lines of a page below."""
        kept = () if self._data is None or self._kind not in ("all", "notes") else self._data.history.pinned
        above = {note.id for note in kept}
        lines = [line for line in page.lines if not _is_pinned(line, above)]
        return [say.pinned(self._ctx, note) for note in kept], [say.event(self._ctx, line) for line in lines]

    def _clear(self) -> None:
        self._rows = []
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _add(self, page: Page) -> None:
        self._add_rows(self._events(page)[1])
        self._set_behind(page.behind)

    def _set_behind(self, behind: Place | None) -> None:
        self._behind = behind
        self._more.setVisible(behind is not None)
        if behind is not None:
            self._soon.start()

    def _add_rows(self, events: list[Event]) -> None:
        """Some lines in a sheet of their own: a layout of thousands would be worked out with every one added."""
        if not events:
            return
        sheet = QWidget(self._lines)
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._widest = max(self._widest, _room(events))
        for event in events:
            row = TimelineRow(event, sheet, widest=self._widest)
            row.clicked.connect(lambda row=row: self._toggle(row))
            column.addWidget(row)
            self._rows.append(row)
        self._column.addWidget(sheet)
        sheet.show()  # at once: a layout shows it only when it comes back to the event loop

    # Older ones, as one scrolls

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        area = self._area()
        if area is not None and self.property("scrolled") != id(area):
            self.setProperty("scrolled", id(area))
            area.verticalScrollBar().valueChanged.connect(lambda _value: self._look_ahead())

    def _area(self) -> QScrollArea | None:
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        return parent

    def _look_ahead(self) -> None:
        area = self._area()
        if area is None or self._behind is None or not self._more.isVisible():
            return
        part: QWidget | None = self._lines
        while part is not None and part is not area.viewport():  # what was added has to have its place
            if (layout := part.layout()) is not None:
                layout.activate()
            part = part.parentWidget()
        viewport = area.viewport()
        if self._more.mapTo(viewport, self._more.rect().topLeft()).y() < viewport.height() + AHEAD:
            self._fetch_more()

    # What is behind a line

    def _toggle(self, row: TimelineRow) -> None:
        again = self._open is not None and self._open.event_shown.key == row.event_shown.key
        self._remember_typed()
        self._close()
        if not again:
            self.open(row, keyboard=True)

    def open(self, row: TimelineRow, *, keyboard: bool) -> None:
        """Show what is behind a line; with `keyboard` a note is ready to be changed."""
        data, sheet = self._data, row.parentWidget()
        column = sheet.layout() if sheet is not None else None
        if data is None or not isinstance(column, QVBoxLayout):
            return
        details = Details(self._ctx, row.event_shown, cast("QWidget", sheet), customer=(data.id, data.name))
        details.left.connect(lambda: self._leave(row))
        column.insertWidget(column.indexOf(row) + 1, details)
        details.show()
        self._open = details
        if details.editor is not None:
            typed = self._typed.pop(row.event_shown.key, None)
            if typed is not None:
                details.editor.take_up(typed)
            if keyboard:
                details.editor.take_keyboard()

    def _leave(self, row: TimelineRow) -> None:
        self._close()
        row.setFocus()

    def _close(self) -> None:
        if self._open is not None:
            self._open.hide()
            self._open.deleteLater()
            self._open = None

    def _remember_typed(self) -> None:
        editor = self._open.editor if self._open is not None else None
        if editor is not None and self._open is not None and editor.typed is not None:
            self._typed[self._open.event_shown.key] = editor.typed

    # Forms

    def _new_order(self) -> None:
        if self._data is not None:
            order_form.ask(self._ctx, self.window(), customer=(self._data.id, self._data.name))

    def follow_up(self) -> None:
        """Open the form for a follow-up."""
        if self._data is not None:
            follow_up_form.ask(self._ctx, self.window(), customer=self._data.id)


def _room(events: list[Event]) -> int:
    """How wide the longest of their days is."""
    metrics = theme.current().metrics()
    return ceil(max((metrics.horizontalAdvance(event.day) for event in events), default=0))


def _is_pinned(line: Line, above: set[int]) -> bool:
    """Whether a line stands above all others already."""
    return isinstance(line.what, NoteLine) and line.what.id in above
