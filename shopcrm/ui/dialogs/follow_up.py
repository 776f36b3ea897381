"""A follow-up after a delivery (C7): how it went and what was answered; before it is saved one sees what it changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopcrm.base import clock
from shopcrm.base.i18n import _
from shopcrm.collect import attributes, customers, follow_ups, orders
from shopcrm.collect.follow_ups import FollowUp, FollowUpLine, Landing, Question, Refused
from shopcrm.collect.orders import OrderLine
from shopcrm.ui import names, theme, words
from shopcrm.ui.context import Context, Unsaved
from shopcrm.ui.dialogs.form import Form
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.day_edit import DayEdit
from shopcrm.ui.kit.edits import LineEdit
from shopcrm.ui.kit.text import Text
from shopcrm.ui.parts import timeline_words as say

ORDERS_OFFERED: Final = 12
_ANSWER: Final = "answer_"  # before the key of a question: what its field is called


@dataclass(frozen=True)
class Asked:
    """What the form has to know before it is shown."""

    customer: int
    name: str
    questions: tuple[Question, ...]
    orders: tuple[OrderLine, ...]
    order: int | None  # which one is proposed
    known: dict[str, str]  # what the customer's attributes say by now, by question
    line: FollowUpLine | None = None  # the follow-up being changed


class FollowUpForm(Form):
    """Saves, and says so with Undo."""

    prefix: ClassVar[str] = names.FOLLOW_UP
    wide: ClassVar[int] = 520

    def __init__(self, ctx: Context, parent: QWidget, asked: Asked) -> None:
        self._asked = asked
        self._answers: dict[str, Choice | LineEdit] = {}
        window = parent.window()
        super().__init__(
            ctx,
            parent,
            title=_("Follow-up with {name}").format(name=asked.name)
            if asked.line is None
            else _("Change the follow-up with {name}").format(name=asked.name),
            again=lambda: FollowUpForm(ctx, window, asked),
        )
        self._preview()

    @property
    def draft_key(self) -> str:
        return f"{self.prefix}_{self._asked.customer}_{self._asked.line.id if self._asked.line else 0}"

    def _build(self) -> None:
        line, asked = self._asked.line, self._asked
        self._outcome = self._choice("outcome", _("How it went"), follow_ups.OUTCOMES)
        self._rating = Choice(self, label=_("How content she is"), name=f"{self.prefix}_rating", letters=10)
        self._rating.set_choices(
            [("", _("No stars given")), *((str(n), f"{n}  {'★' * n}") for n in reversed(follow_ups.RATINGS))], chosen=""
        )
        self._channel = self._choice("channel", _("By which way"), follow_ups.CHANNELS)
        self._order = Choice(self, label=_("About which order"), name=f"{self.prefix}_order", letters=18)
        self._order.set_choices(
            [("", _("None in particular")), *((str(order.id), self._told(order)) for order in asked.orders)],
            chosen="" if asked.order is None else str(asked.order),
        )
        self._text = self.edit("text", _("In her words"), placeholder=_("What she said"))
        self._day = DayEdit(self, today=self._ctx.today, label=_("Day"), name=f"{self.prefix}_day")
        self._next = self.edit(
            "next_on", _("Next follow-up"),
            placeholder=_("A day like {day}, or in how many days: 30").format(
                day=(self._ctx.today + timedelta(days=30)).isoformat()
            ),
        )  # fmt: skip
        self._channel.setFixedWidth(theme.current().px(150))
        self.add_field("outcome", _("How it went"), self._outcome, beside=self._channel)
        self.know("channel", self._channel)
        self.add_field("rating", _("How content she is"), self._rating)
        self.add_field("text", _("In her words"), self._text)
        for question in asked.questions:
            self._add_question(question)
        self._lands = QWidget(self)
        self._lands.setObjectName(names.FOLLOW_UP_LANDS)
        self._landing = QVBoxLayout(self._lands)
        self._landing.setContentsMargins(0, 0, 0, 4)
        self._landing.setSpacing(2)
        self._lands.hide()
        self.rows.addWidget(self._lands)
        self.add_field("next_on", _("Next follow-up"), self._next)
        self.add_field("order", _("About which order"), self._order)
        self.add_field("day", _("Day"), self._day)
        if line is not None:
            self._fill(line)
        self._channel.setFocus()

    def _choice(self, key: str, label: str, told: Any) -> Choice:
        choice = Choice(self, label=label, name=f"{self.prefix}_{key}", letters=12)
        choices = [(each, _(said)) for each, said in told.items()]
        choice.set_choices(choices, chosen=choices[0][0])
        return choice

    def _told(self, order: OrderLine) -> str:
        goods = words.short_title(order.items[0].title) if order.items else order.number
        day = "" if order.day is None else words.day(clock.day_date(order.day), today=self._ctx.today)
        return " · ".join(part for part in (day, goods, f"…{order.number[-4:]}") if part)

    def _add_question(self, question: Question) -> None:
        asked, name = question.asked, f"{self.prefix}_{question.key}"
        field: Choice | LineEdit
        if asked.kind in ("choice", "yes_no"):
            choices = asked.choices if asked.kind == "choice" else (("yes", _("yes")), ("no", _("no")))
            field = Choice(self, label=asked.label, name=name, letters=12)
            field.set_choices([("", _("Not asked")), *choices], chosen="")
            field.currentIndexChanged.connect(lambda _place: self._preview())
        else:
            hint = "2025-11-02" if asked.kind == "date" else _(", ").join(shown for _key, shown in asked.choices)
            known = self._asked.known.get(question.key, "")
            now = _("now: {value}").format(value=known) if known else hint
            field = LineEdit(self, placeholder=now, label=asked.label, name=name)
            field.textChanged.connect(lambda _text: self._preview())
        self._answers[question.key] = field
        self.add_field(f"{_ANSWER}{question.key}", asked.label, field)

    def _fill(self, line: FollowUpLine) -> None:
        self._outcome.set_key(line.outcome)
        self._rating.set_key("" if line.rating is None else str(line.rating))
        self._channel.set_key(line.channel)
        self._text.setText(line.text)
        self._day.set_day(clock.day_date(line.day))
        self._next.setText("" if line.next_on is None else clock.day_date(line.next_on).isoformat())
        for each in line.answers:
            field = self._answers.get(each.asked.key)
            if isinstance(field, Choice):
                value = each.value
                field.set_key(("yes" if value else "no") if isinstance(value, bool) else str(value))
            elif field is not None:
                field.setText(say.answer(each.asked, each.value))

    def _typed(self) -> FollowUp:
        order, rating = self._order.key(), self._rating.key()
        return FollowUp(
            channel=self._channel.key(),
            outcome=self._outcome.key(),
            rating=int(rating) if rating else None,
            text=self._text.text(),
            order=int(order) if order else None,
            day=self._day.text() if self._day.day() is None else str(self._day.day()),
            next_on=self._next.text(),
            answers={
                key: field.key() if isinstance(field, Choice) else field.text() for key, field in self._answers.items()
            },
        )

    # What it changes

    def _preview(self) -> None:
        """Show which attributes the answers set, as they are typed."""
        customer, line = self._asked.customer, self._asked.line
        typed = self._typed().answers
        before = {each.asked.key: each.value for each in line.answers} if line is not None else {}

        def question(tx: Any) -> tuple[Landing, ...] | Refused:
            try:
                return follow_ups.landings(tx, customer, typed, before=before)
            except Refused as refused:
                return refused

        self._ctx.read(self, question, done=self._show_landings, latest="landings")

    def _show_landings(self, found: tuple[Landing, ...] | Refused) -> None:
        while (item := self._landing.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        landings = () if isinstance(found, Refused) else found
        if landings:
            self._landing.addWidget(
                Text(_("Saving also notes of her:"), self._lands, tone="second", size=theme.SMALL, wrap=True)
            )
        for each in landings:
            old = _("not known") if each.old is None else say.answer(each.attribute, each.old)
            told = _("{label}: {old} → {new}").format(
                label=each.attribute.label, old=old, new=say.answer(each.attribute, each.new)
            )
            self._landing.addWidget(Text(told, self._lands, bold=True, wrap=True))
        self._lands.setVisible(bool(landings))
        QTimer.singleShot(0, self, self.fit)

    # Saved

    def take_up(self, draft: Unsaved) -> None:
        super().take_up(draft)
        self._preview()

    def save(self) -> None:
        """Write it."""
        told, asked = self._typed(), self._asked
        self.clear_errors()
        self.set_busy(busy=True)
        line = asked.line
        self._ctx.write_undoable(
            self,
            (lambda tx: follow_ups.add(tx, asked.customer, told))
            if line is None
            else (lambda tx: follow_ups.edit(tx, line.id, told)),
            said=_("Follow-up noted") if line is None else _("Follow-up changed"),
            done=lambda _set: self.accept(),
            failed=self._failed,
        )

    def _failed(self, error: BaseException) -> None:
        self.set_busy(busy=False)
        if isinstance(error, Refused):
            key = f"{_ANSWER}{error.field}" if error.field in self._answers else error.field
            self.show_error(key, error.because)
        else:
            self._ctx.messages.failure(error)


def ask(ctx: Context, parent: QWidget, *, customer: int, order: int | None = None) -> None:
    """Open the form; it is about `order`, or the last one that arrived."""

    def question(tx: Any) -> Asked:
        about = order if order is not None else follow_ups.last_delivered(tx, customer)
        return _asked(tx, customer, about)

    ctx.read(parent, question, done=lambda asked: FollowUpForm(ctx, parent, asked).open(), latest="follow up")


def ask_about(ctx: Context, parent: QWidget, *, follow_up: int) -> None:
    """Open the form on a follow-up that was noted before."""

    def question(tx: Any) -> Asked:
        line = follow_ups.get(tx, follow_up)
        return _asked(tx, line.customer, line.order, line)

    ctx.read(parent, question, done=lambda asked: FollowUpForm(ctx, parent, asked).open(), latest="follow up")


def _asked(tx: Any, customer: int, order: int | None, line: FollowUpLine | None = None) -> Asked:
    name = customers.name_of(tx, customer)
    offered = [each for each in orders.of_customer(tx, customer, limit=ORDERS_OFFERED) if each.kind == "order"]
    if order is not None and order not in {each.id for each in offered}:
        offered += orders.of_ids(tx, [order])
    has = {each.attribute.key: each.value for each in attributes.of_customer(tx, customer)}
    questions = tuple(follow_ups.questions(tx))
    known = {
        each.key: say.answer(each.lands, value)
        for each in questions
        if each.lands is not None and (value := has.get(each.lands.key)) is not None
    }
    return Asked(customer, name, questions, tuple(offered), order, known, line)
