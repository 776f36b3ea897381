"""What is behind a line of the timeline: an order with its lines, a note being changed, a follow-up, and the rest."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopcrm.act.timeline import ImportTold, MergeTold, ReminderDone, ScriptUse
from shopcrm.base import clock
from shopcrm.base.i18n import _
from shopcrm.collect import follow_ups, manual, notes, reviews, wishes
from shopcrm.collect.attachments import File
from shopcrm.collect.follow_ups import FollowUpLine
from shopcrm.collect.notes import NoteLine
from shopcrm.collect.orders import OrderLine
from shopcrm.collect.reviews import ReviewLine
from shopcrm.collect.wishes import WishLine
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context
from shopcrm.ui.dialogs import follow_up as follow_up_form
from shopcrm.ui.dialogs import order as order_form
from shopcrm.ui.dialogs import review as review_form
from shopcrm.ui.kit.buttons import Button, copy_button
from shopcrm.ui.kit.cards import Card
from shopcrm.ui.kit.edits import TextEdit
from shopcrm.ui.kit.flow import FlowLayout
from shopcrm.ui.kit.text import Elided, Text
from shopcrm.ui.parts import note_files, review_words
from shopcrm.ui.parts import timeline_words as say
from shopcrm.ui.parts.note_files import FileRow
from shopcrm.ui.parts.timeline_words import Event

ITEMS_SHOWN = 40
LEAST_LINES, MOST_LINES = 2, 12


class Details(Card):
    """The inside of an open line. `left`: Esc was pressed in it."""

    left = Signal()

    def __init__(self, ctx: Context, event: Event, parent: QWidget, *, customer: tuple[int, str]) -> None:
        super().__init__(parent, padding=12, gap=4, tone="background", bordered=False)
        self._ctx, self.event_shown, self._customer = ctx, event, customer
        self.editor: NoteEditor | None = None
        match event.what:
            case OrderLine():
                self._order(event.what)
            case NoteLine():
                self._note(event.what)
            case FollowUpLine():
                self._follow_up(event.what)
            case WishLine():
                self._wish(event.what)
            case _:
                self._other(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _buttons(self, *buttons: Button) -> None:
        holder = QWidget(self)
        row = FlowLayout(holder, gap=6)
        for button in buttons:
            row.addWidget(button)
        self.body.addWidget(holder)

    def _button(self, text: str, icon: str, name: str, do: Callable[[], object]) -> Button:
        button = Button(text, self, icon=icon, name=name)
        button.clicked.connect(lambda: do())  # noqa: PLW0108  # Qt would pass on whether it is checked
        return button

    # Orders

    def _order(self, order: OrderLine) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(Text(words.platform(order.platform), self, tone="second"))
        if order.store:
            head.addWidget(Text(order.store, self, tone="second"))
        head.addWidget(Elided(order.number, self), 1)
        copy = copy_button(self, name=names.ORDER_COPY, label=_("Copy the order number"))
        copy.clicked.connect(lambda: self._ctx.copy(order.number, said=_("Order number copied")))
        head.addWidget(copy)
        self.body.addLayout(head)
        for item in order.items[:ITEMS_SHOWN]:
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(Elided(" · ".join(part for part in (item.title, item.variant) if part), self), 1)
            line.addWidget(Text(f"×{item.quantity}", self, tone="second"))
            worth = item.paid
            if order.state == "unpaid":
                worth = None if item.price is None else item.price * item.quantity
            if worth is not None:
                line.addWidget(Text(self._ctx.money(worth, currency=order.currency), self))
            self.body.addLayout(line)
        if order.tracking_number:
            parcel = QHBoxLayout()
            parcel.setSpacing(6)
            if order.carrier:
                parcel.addWidget(Text(order.carrier, self, tone="second"))
            parcel.addWidget(Text(order.tracking_number, self))
            parcel.addStretch(1)
            self.body.addLayout(parcel)
        for label, text in ((_("Buyer says"), order.buyer_message), (_("Seller’s note"), order.seller_note)):
            if text:
                self.body.addWidget(Text(f"{label}: {text}", self, tone="second", wrap=True))
        if order.refunded:
            refunded = self._ctx.money(order.refunded, currency=order.currency)
            self.body.addWidget(Text(_("Refunded {amount}").format(amount=refunded), self, tone="bad"))
        for review in order.reviews:
            self._review(review)
        if order.kind == "order":
            self._order_buttons(order)

    def _order_buttons(self, order: OrderLine) -> None:
        customer, name = self._customer
        found = [
            self._button(
                _("Note a follow-up"), "phone", names.CARD_FOLLOW_UP,
                lambda: follow_up_form.ask(self._ctx, self.window(), customer=customer, order=order.id),
            )
        ]  # fmt: skip
        found.append(
            self._button(
                _("Add review"), "star", names.REVIEW_ADD,
                lambda: review_form.ask(self._ctx, self.window(), order=order.id),
            )
        )  # fmt: skip
        if order.platform == manual.PLATFORM:
            found.append(
                self._button(
                    _("Change"), "pencil", names.ORDER_EDIT,
                    lambda: order_form.ask_about(self._ctx, self.window(), order=order.id, customer=name),
                )
            )  # fmt: skip
        self._buttons(*found)

    def _review(self, review: ReviewLine) -> None:
        """What she wrote of the order: stars and words, of what and when, the answer, and what can be done with it."""
        line = QHBoxLayout()
        line.setSpacing(8)
        words_ = QVBoxLayout()
        words_.setSpacing(2)
        for said, tone in review_words.lines(self._ctx, review):
            words_.addWidget(Text(said, self, tone=tone, wrap=True))
        line.addLayout(words_, 1)
        for icon, name, label, do in (
            ("pencil", names.REVIEW_EDIT, _("Change the review"),
             lambda: review_form.ask_about(self._ctx, self.window(), review=review.id)),
            ("trash-2", names.REVIEW_REMOVE, _("Remove this review"),
             lambda: self._ctx.write_undoable(
                 self, lambda tx: reviews.remove(tx, review.id), said=_("Review removed"))),
        ):  # fmt: skip
            button = Button("", self, kind="ghost", icon=icon, name=f"{name}_{review.id}", label=label)
            button.clicked.connect(lambda _checked=False, do=do: do())
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(line)

    # Notes

    def _note(self, note: NoteLine) -> None:
        self.editor = NoteEditor(self._ctx, note, self)
        self.editor.escaped.connect(self.left)
        self.body.addWidget(self.editor)
        for file in note.files:
            self.body.addWidget(FileRow(self._ctx, file, self))
        self._told_by(note.edited_at)
        pin = _("Unpin") if note.pinned else _("Keep on top")
        self._buttons(
            self._button(_("Save"), "check", names.NOTE_SAVE, self.editor.save),
            self._button(pin, "pin", names.NOTE_PIN, lambda: self._pin(note)),
            self._button(_("Attach a file"), "paperclip", names.NOTE_ATTACH, lambda: self._attach(note)),
            self._button(_("Remove this note"), "trash-2", names.NOTE_REMOVE, lambda: self._remove(note)),
        )

    def _told_by(self, edited_at: int | None) -> None:
        """Who wrote it and when, exactly."""
        told = [self.event_shown.who, self.event_shown.exact]
        if edited_at is not None:
            told.append(_("Changed {when}").format(when=say.instant_words(self._ctx, edited_at)[0]))
        self.body.addWidget(Text(" · ".join(filter(None, told)), self, tone="third", size=theme.SMALL, wrap=True))

    def _pin(self, note: NoteLine) -> None:
        said = _("Note no longer on top") if note.pinned else _("Note kept on top")
        self._ctx.write_undoable(self, lambda tx: notes.pin(tx, note.id, pinned=not note.pinned), said=said)

    def _attach(self, note: NoteLine) -> None:
        ctx = self._ctx  # the line may have been shown anew until a file is chosen

        def taken(files: list[File]) -> None:
            ctx.write_undoable(ctx, lambda tx: notes.attach(tx, note.id, files), said=_("File attached"))

        note_files.choose(ctx, self.window(), taken=taken)

    def _remove(self, note: NoteLine) -> None:
        self._ctx.write_undoable(self, lambda tx: notes.remove(tx, note.id), said=_("Note removed"))

    # Follow-ups

    def _follow_up(self, line: FollowUpLine) -> None:
        told = [_(follow_ups.CHANNELS[line.channel]), _(follow_ups.OUTCOMES[line.outcome])]
        if line.rating is not None:
            told.append(_("content {n}/5").format(n=line.rating))
        self.body.addWidget(Text(" · ".join(told), self, tone="second", wrap=True))
        if line.order_number:
            about = _("About order {number}").format(number=line.order_number)
            self.body.addWidget(Text(about, self, tone="second", wrap=True))
        for each in line.answers:
            said = _("{label}: {value}").format(label=each.asked.label, value=say.answer(each.asked, each.value))
            self.body.addWidget(Text(said, self, wrap=True))
        if line.text:
            self.body.addWidget(Text(line.text + ("…" if line.length > len(line.text) else ""), self, wrap=True))
        if line.next_on is not None:
            day = words.day(clock.day_date(line.next_on), today=self._ctx.today)
            self.body.addWidget(Text(_("Next follow-up {day}").format(day=day), self, tone="second", wrap=True))
        self._told_by(line.edited_at)
        self._buttons(
            self._button(
                _("Change"), "pencil", names.FOLLOW_UP_EDIT,
                lambda: follow_up_form.ask_about(self._ctx, self.window(), follow_up=line.id),
            ),
            self._button(
                _("Remove this follow-up"), "trash-2", names.FOLLOW_UP_REMOVE,
                lambda: self._ctx.write_undoable(
                    self, lambda tx: follow_ups.remove(tx, line.id), said=_("Follow-up removed")
                ),
            ),
        )  # fmt: skip

    # The rest

    def _wish(self, wish: WishLine) -> None:
        said = " · ".join(part for part in (wish.title, wish.because) if part)
        self.body.addWidget(Text(said, self, wrap=True))
        found = []
        if wish.closed_at is not None:
            found.append(
                self._button(
                    _("Wants it again"), "heart", f"{names.WISH_OPEN}_{wish.id}",
                    lambda: self._ctx.write_undoable(
                        self, lambda tx: wishes.open_again(tx, wish.id), said=_("Wanted again")
                    ),
                )
            )  # fmt: skip
        found.append(
            self._button(
                _("Remove"), "trash-2", f"{names.WISH_REMOVE}_{wish.id}",
                lambda: self._ctx.write_undoable(self, lambda tx: wishes.remove(tx, wish.id), said=_("Removed")),
            )
        )  # fmt: skip
        self._buttons(*found)

    def _other(self, event: Event) -> None:
        self.body.addWidget(Text(event.text, self, wrap=True))
        told = " · ".join(part for part in (event.exact, event.who) if part)
        self.body.addWidget(Text(told, self, tone="second", wrap=True))
        what = event.what
        page: tuple[str, str, object] | None = None
        match what:
            case ScriptUse():
                page = _("Open the script"), "scripts", what.script
            case ReminderDone():
                page = _("Open today's list"), "today", None
            case ImportTold():
                for name in what.files[1:ITEMS_SHOWN]:
                    self.body.addWidget(Text(name, self, tone="second", wrap=True))
                page = _("Open the imports"), "data", None
            case MergeTold():
                page = _("Who is who"), "customers", "who"
        if page is not None:
            text, key, target = page
            go = self._button(text, "external-link", names.TIMELINE_OPEN, lambda: self._ctx.go_to(key, target))
            self._buttons(go)


class NoteEditor(TextEdit):
    """A note changed in place: Enter saves, Shift+Enter is a new line, Esc leaves it as it was."""

    def __init__(self, ctx: Context, note: NoteLine, parent: QWidget) -> None:
        super().__init__(parent, label=_("Note"), name=names.NOTE_TEXT)
        self._ctx, self._note = ctx, note
        self._was: str | None = None
        self.setToolTip(_("Enter saves, Shift+Enter is a new line"))
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self.updateGeometry())
        if note.whole:
            self._show(note.text)
        else:
            self.setPlainText(note.text + "…")
            self.setReadOnly(True)  # until all of it is there
            ctx.read(self, lambda tx: notes.whole_text(tx, note.id), done=self._show)

    def _show(self, text: str) -> None:
        self._was = text
        self.setReadOnly(False)
        self.setPlainText(text)
        if self.hasFocus():
            self.moveCursor(QTextCursor.MoveOperation.End)

    @property
    def typed(self) -> str | None:
        """What was changed and is not saved; None for nothing."""
        text = self.toPlainText()
        return None if self._was is None or text == self._was else text

    def take_up(self, text: str) -> None:
        """Go on with what was typed before."""
        self._was = self._was or self._note.text
        self.setPlainText(text)

    def save(self) -> None:
        """Write it."""
        text, note = self.typed, self._note
        if text is None:
            self.escaped.emit()
            return
        self._ctx.write_undoable(
            self, lambda tx: notes.edit(tx, note.id, text=text), said=_("Note changed"), done=self._saved
        )
        self._saving = text

    def _saved(self, _change_set: int) -> None:
        self._was = self._saving

    def event(self, event: QEvent) -> bool:
        # Ctrl+Enter is for the field that one is in, not for the greeting.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_enter(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_enter(event) and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            if not self.composing:
                self.save()
            event.accept()
        elif event.key() == Qt.Key.Key_Escape and not self.composing and self.typed is not None:
            self.setPlainText(self._was or "")
            event.accept()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        lines = max(LEAST_LINES, min(MOST_LINES, int(self.document().size().height() + 0.99)))
        height = round(lines * self.fontMetrics().lineSpacing()) + 2 * round(self.document().documentMargin()) + 8
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def take_keyboard(self) -> None:
        """Put the cursor behind the last word."""
        self.setFocus()
        self.moveCursor(QTextCursor.MoveOperation.End)


def _is_enter(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
