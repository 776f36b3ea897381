"""What happened with a customer, newest first: orders and notes, and the box for the next note."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopcrm.act.desk import Card as CustomerData
from shopcrm.base import clock
from shopcrm.base.i18n import _, n_
from shopcrm.collect import manual, notes
from shopcrm.collect.notes import NoteLine
from shopcrm.collect.orders import Moment, OrderLine
from shopcrm.ui import icons, names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.dialogs import order as order_form
from shopcrm.ui.kit import paint
from shopcrm.ui.kit.buttons import Button, Choices, copy_button
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.marks import badge_colours
from shopcrm.ui.kit.text import Elided, Text

FIRST_ROWS: Final = 12
ROW_HEIGHT: Final = 35


@dataclass(frozen=True)
class Event:
    """One line of the timeline."""

    at: int  # seconds, for the order of lines
    plain: bool  # only the day is known
    icon: str
    text: str
    amount: str = ""
    badge: str = ""
    tone: str = "neutral"
    who: str = ""
    order: OrderLine | None = None
    note: NoteLine | None = None


def events(ctx: Context, data: CustomerData, *, kind: str) -> list[Event]:
    """The timeline's lines, newest first. `kind`: all, orders, notes."""
    found: list[Event] = []
    if kind in ("all", "orders"):
        found += [_order_event(ctx, order) for order in data.orders]
    if kind in ("all", "notes"):
        found += [
            Event(note.created_at, False, "message-square-text", note.text, who=_actor(note.actor), note=note)  # noqa: FBT003
            for note in data.notes
        ]
    return sorted(found, key=lambda event: -event.at)


def _actor(actor: str) -> str:
    return _("Owner") if actor == "owner" else actor


def _order_event(ctx: Context, order: OrderLine) -> Event:
    at = order.paid_at or order.created_at or Moment((order.day or 0) * 86_400, plain=True)
    goods = _(", ").join(
        f"{words.short_title(item.title)} ×{item.quantity}" if item.quantity != 1 else words.short_title(item.title)
        for item in order.items[:3]
    )
    if len(order.items) > 3:
        goods = n_("{goods} and {n} more", "{goods} and {n} more", len(order.items) - 3).format(
            goods=goods, n=len(order.items) - 3
        )
    badge, tone = (_("Return"), "bad") if order.kind == "return" else words.state(order.state)
    if order.kind == "order" and 0 < order.refunded < order.paid:
        badge, tone = _("Partly refunded"), "warn"
    amount = ctx.money(order.paid, currency=order.currency) if order.paid else ""
    text = goods or _("Order {number}").format(number=order.number)
    return Event(at.seconds, at.plain, "package", text, amount, badge, tone, order=order)


class _Row(QWidget):
    """A line that opens to what is behind it."""

    clicked = Signal()

    def __init__(self, event: Event, day: str, exact: str, parent: QWidget, *, widest: int) -> None:
        """`widest` is the room that the days of all lines want."""
        super().__init__(parent)
        self._event, self._day, self._widest = event, day, widest
        self.setObjectName(names.TIMELINE_ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(exact)
        said = (day, event.text, event.amount, event.badge, event.who)
        self.setAccessibleName(", ".join(part for part in said if part))

    def sizeHint(self) -> QSize:
        return QSize(200, theme.current().px(ROW_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look, rect = QPainter(self), theme.current(), QRectF(self.rect())
        painter.fillRect(QRectF(0, 0, rect.width(), 1), look.colour("border"))
        if self.underMouse():
            painter.fillRect(rect.adjusted(0, 1, 0, 0), theme.blend(look.colour("raised"), look.colour("surface"), 0.5))
        said, line = self._event, rect.adjusted(0, 1, 0, 0)
        side = look.px(16)
        icons.paint(painter, said.icon, QRectF(0, line.center().y() - side / 2, side, side), colour="second")
        left = side + 8.0
        width = max(look.px(84), self._widest + 12) if rect.width() > look.px(420) else look.px(64)
        paint.text(painter, QRectF(left, line.top(), width - 8, line.height()), self._day, ink=look.colour("second"))
        right = rect.width()
        if said.badge:
            ink, fill = badge_colours(said.tone)
            wide = paint.badge_width(said.badge)
            right -= wide
            paint.badge(painter, QRectF(right, line.top(), wide + 1, line.height()), said.badge, ink=ink, fill=fill)
            right -= 8
        for words_, tone in ((said.amount, "text"), (said.who, "second")):
            if words_:
                wide = look.metrics().horizontalAdvance(words_) + 2
                box = QRectF(right - wide, line.top(), wide, line.height())
                paint.text(painter, box, words_, ink=look.colour(tone), right=True, tabular=True)
                right -= wide + 12
        box = QRectF(left + width, line.top(), right - left - width, line.height())
        paint.text(painter, box, said.text, ink=look.colour("text"))
        if self.hasFocus():
            paint.focus_ring(painter, line, radius=4)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()


class Timeline(Card):
    """Filter chips, the note box that is always ready, and the lines."""

    noted = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=16, gap=0, name=names.CARD_TIMELINE)
        self._ctx = ctx
        self._data: CustomerData | None = None
        self._kind, self._limit = "all", FIRST_ROWS
        self._open: QWidget | None = None
        self._build()
        self._wire()

    def _build(self) -> None:
        self.body.setContentsMargins(16, 10, 16, 8)
        self._filter = Choices(self, name=names.TIMELINE_FILTER)
        self.note = LineEdit(
            self, placeholder=_("Write a note, Enter saves it"), label=_("New note"), name=names.CARD_NOTE_EDIT
        )
        head = QHBoxLayout()
        head.addWidget(Text(_("History"), self, size=theme.LEAD, bold=True))
        head.addStretch(1)
        head.addWidget(self._filter)
        self._order_new = Button(
            "", self, kind="ghost", icon="plus", name=names.CARD_ORDER_NEW, label=_("New order of this customer")
        )
        head.addWidget(self._order_new)
        self.body.addLayout(head)
        self.body.addSpacing(6)
        self.body.addWidget(self.note)
        self.body.addSpacing(6)
        self._lines = QWidget(self)
        self._column = QVBoxLayout(self._lines)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.body.addWidget(self._lines)
        self._more = Button("", self, kind="ghost", name=names.TIMELINE_MORE)
        self.body.addWidget(self._more, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addStretch(1)

    def _wire(self) -> None:
        self._filter.chosen.connect(self._choose)
        self._more.clicked.connect(self._show_more)
        self.note.submitted.connect(self._save_note)
        self._order_new.clicked.connect(self._new_order)

    def show_data(self, data: CustomerData) -> None:
        """Show a customer's history; what is being typed into the note box stays with the customer it was typed for."""
        if self._data is None or self._data.id != data.id:
            self._kind, self._limit = "all", FIRST_ROWS
            self.note.setText("")
        self._data = data
        self._fill()

    def _choose(self, kind: str) -> None:
        self._kind = kind
        self._fill()

    def _show_more(self) -> None:
        self._limit *= 4
        self._fill()

    def _fill(self) -> None:
        data = self._data
        if data is None:
            return
        orders, written = len(data.orders), len(data.notes)
        choices = [
            ("all", _("All")),
            ("orders", _("Orders {n}").format(n=orders)),
            ("notes", _("Notes {n}").format(n=written)),
        ]
        self._filter.set_choices(choices, chosen=self._kind)
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._open = None
        found = events(self._ctx, data, kind=self._kind)
        shown = [(event, *self._day_of(event)) for event in found[: self._limit]]
        metrics = theme.current().metrics()
        widest = max((metrics.horizontalAdvance(day) for _event, day, _exact in shown), default=0)
        for event, day, exact in shown:
            self._add_row(event, day, exact, widest=ceil(widest))
        if not found:
            empty = Text(_("Nothing yet."), self._lines, tone="third")
            empty.setContentsMargins(0, 8, 0, 8)
            self._column.addWidget(empty)
        left = len(found) - self._limit
        self._more.setVisible(left > 0)
        if left > 0:
            self._more.set_text(n_("{n} older one", "{n} older ones", left).format(n=left))

    def _day_of(self, event: Event) -> tuple[str, str]:
        """When it was, as people say it, and exactly."""
        today = self._ctx.today
        if event.plain:
            day = clock.day_date(event.at // 86_400)
            return words.day(day, today=today), day.isoformat()
        at = clock.instant(event.at).astimezone(self._ctx.zone)
        return words.moment(at, today=today), f"{at:%Y-%m-%d %H:%M}"

    def _add_row(self, event: Event, day: str, exact: str, *, widest: int) -> None:
        row = _Row(event, day, exact, self._lines, widest=widest)
        row.clicked.connect(lambda: self._toggle(row, event))
        self._column.addWidget(row)

    # Orders typed in by hand

    def _new_order(self) -> None:
        if self._data is not None:
            order_form.ask(self._ctx, self.window(), customer=(self._data.id, self._data.name))

    def _change_order(self, order: int) -> None:
        if self._data is not None:
            order_form.ask_about(self._ctx, self.window(), order=order, customer=self._data.name)

    # What is behind a line

    def _toggle(self, row: QWidget, event: Event) -> None:
        again = self._open is not None and self._open.property("row_event") is event
        if self._open is not None:
            self._column.removeWidget(self._open)
            self._open.hide()
            self._open.deleteLater()
            self._open = None
        if again:
            return
        details = self._order_details(event.order) if event.order else self._note_details(event.note)
        details.setProperty("row_event", event)
        self._column.insertWidget(self._column.indexOf(row) + 1, details)
        self._open = details

    def _order_details(self, order: OrderLine) -> QWidget:
        box = Card(self._lines, padding=12, gap=4, tone="background", bordered=False)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(Text(words.platform(order.platform), box, tone="second"))
        if order.store:
            head.addWidget(Text(order.store, box, tone="second"))
        head.addWidget(Text(order.number, box))
        copy = copy_button(box, name=names.ORDER_COPY, label=_("Copy the order number"))
        copy.clicked.connect(lambda: self._ctx.copy(order.number, said=_("Order number copied")))
        head.addWidget(copy)
        head.addStretch(1)
        if order.platform == manual.PLATFORM and order.kind == "order":
            change = Button(_("Change"), box, icon="pencil", name=names.ORDER_EDIT)
            change.clicked.connect(lambda: self._change_order(order.id))
            head.addWidget(change)
        box.body.addLayout(head)
        for item in order.items[:40]:
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(Elided(" · ".join(part for part in (item.title, item.variant) if part), box), 1)
            line.addWidget(Text(f"×{item.quantity}", box, tone="second"))
            if item.paid is not None:
                line.addWidget(Text(self._ctx.money(item.paid, currency=order.currency), box))
            box.body.addLayout(line)
        if order.tracking_number:
            parcel = QHBoxLayout()
            parcel.setSpacing(6)
            if order.carrier:
                parcel.addWidget(Text(order.carrier, box, tone="second"))
            parcel.addWidget(Text(order.tracking_number, box))
            parcel.addStretch(1)
            box.body.addLayout(parcel)
        for label, text in ((_("Buyer says"), order.buyer_message), (_("Seller’s note"), order.seller_note)):
            if text:
                box.body.addWidget(Text(f"{label}: {text}", box, tone="second", wrap=True))
        if order.refunded:
            refunded = self._ctx.money(order.refunded, currency=order.currency)
            box.body.addWidget(Text(_("Refunded {amount}").format(amount=refunded), box, tone="bad"))
        return box

    def _note_details(self, note: NoteLine | None) -> QWidget:
        box = Card(self._lines, padding=12, gap=4, tone="background", bordered=False)
        if note is None:
            return box
        box.body.addWidget(Text(note.text, box, wrap=True))
        remove = Button(_("Remove this note"), box, icon="trash-2", name=names.NOTE_REMOVE)
        remove.clicked.connect(
            lambda: self._ctx.write_undoable(self, lambda tx: notes.remove(tx, note.id), said=_("Note removed"))
        )
        box.body.addWidget(remove, 0, Qt.AlignmentFlag.AlignLeft)
        return box

    def _save_note(self, text: str) -> None:
        data = self._data
        if data is None or not text.strip():
            return
        # Also forgets the field's own undo, so that Ctrl+Z takes back the note and not the emptying.
        self.note.setText("")
        self._ctx.write_undoable(
            self,
            lambda tx: notes.add(tx, data.id, text=text),
            said=_("Note saved"),
            done=lambda _set: self.noted.emit(),
            failed=lambda error: self._give_back(text, error),
        )

    def _give_back(self, text: str, error: BaseException) -> None:
        """A note that could not be saved is not lost."""
        if not self.note.text():
            self.note.setText(text)
        self._ctx.messages.failure(error)
