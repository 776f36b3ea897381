"""Follow-ups after a delivery (C7): how it went, what was asked and answered, and when to ask again; each with undo.

What is asked comes from the preset of the shop's trade. An answer stays with its follow-up, and where its question
names an attribute of the customer it is written there too, in the same change set.

The next follow-up of a customer is what her last one agreed on, until a newer one is noted or the day's item is dealt
with on today's list (`agreed`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar, Final

import msgspec
from sqlalchemy import Select, func, or_, select

from shopcrm.base import clock, trade_presets
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.options import TRADE
from shopcrm.base.text import clean
from shopcrm.base.trade_presets import QuestionTold
from shopcrm.collect import attribute_values, attributes, customers, reviews
from shopcrm.collect.attribute_values import Attribute, Value
from shopcrm.collect.review_words import POOR
from shopcrm.collect.reviews import ReviewLine
from shopcrm.store.tables.notes import follow_ups
from shopcrm.store.tables.orders import orders
from shopcrm.store.tx import Tx

REASON: Final = "follow_up"
"""What an agreed day is called among the reasons of today's list."""
CHANNELS: Final[Mapping[str, str]] = {
    "phone": N_("By phone"),
    "chat": N_("In the chat"),
    "sms": N_("By text message"),
    "email": N_("By e-mail"),
    "in_person": N_("In person"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "reached": N_("Answered"),
    "no_answer": N_("No answer"),
    "later": N_("Asked for another time"),
    "problem": N_("Has a problem"),
    "refused": N_("Does not want to be asked"),
}
RATINGS: Final = (1, 2, 3, 4, 5)
DELIVERED: Final = ("signed", "finished")
SHORT: Final = 300  # characters of its words that a list shows
_DIGITS_OF_DAYS: Final = 3
_COLUMNS: Final = (
    "id", "customer", "order", "order_number", "channel", "outcome", "rating", "answers", "text", "day", "next_on",
    "actor", "created_at", "edited_at", "length",
)  # fmt: skip
_SAID_TYPES: Final = (int, float, bool, str)


@dataclass(eq=False)
class Refused(UserFailure):
    """A field of the form does not take what was typed. `field`: `next_on`, `day`, or the key of a question."""

    text: ClassVar[str] = "{because}"  # already in the language in use
    field: str
    because: str


@dataclass(eq=False)
class NoSuchFollowUp(UserFailure):
    """It was removed meanwhile."""

    text: ClassVar[str] = N_("This follow-up was removed.")


@dataclass(frozen=True)
class Question:
    """What is asked. `asked`: label, kind and choices; `lands`: the attribute in which the answer is kept, too."""

    asked: Attribute
    lands: Attribute | None = None

    @property
    def key(self) -> str:
        """What its answer is kept under."""
        return self.asked.key


@dataclass(frozen=True)
class FollowUp:
    """A follow-up as it is typed; days and answers as text."""

    channel: str = "phone"
    outcome: str = "reached"
    rating: int | None = None
    text: str = ""
    order: int | None = None  # the delivery it is about
    day: str = ""  # blank: today
    next_on: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """An answer that was given: to what, and what."""

    asked: Attribute
    value: Value


@dataclass(frozen=True)
class FollowUpLine:
    """A follow-up as the card shows it. `text` is its beginning, of `length` characters."""

    id: int
    customer: int
    order: int | None
    order_number: str | None
    channel: str
    outcome: str
    rating: int | None
    answers: tuple[Answer, ...]
    text: str
    day: int
    next_on: int | None
    actor: str
    created_at: int
    edited_at: int | None
    length: int


@dataclass(frozen=True)
class Landing:
    """An attribute that an answer sets, before and after."""

    attribute: Attribute
    old: Value | None
    new: Value


@dataclass(frozen=True)
class Agreed:
    """When a customer is to be asked again, and in which follow-up that was said."""

    follow_up: int
    day: int
    text: str


# What is asked


def questions(tx: Tx) -> list[Question]:
    """What the shop's trade asks after a delivery, in its order."""
    known = {each.key: each for each in attributes.defined(tx)}
    return [_question(told, known, tx.language) for told in trade_presets.preset(tx.option(TRADE)).question]


def _question(told: QuestionTold, known: Mapping[str, Attribute], language: str) -> Question:
    lands = known.get(told.attribute)
    choices = tuple((choice.key, choice.label.get(language, choice.key)) for choice in told.choices)
    if not choices and lands is not None:
        choices = lands.choices
    kind = told.kind or (lands.kind if lands is not None else "text")
    return Question(Attribute(told.key, told.label.get(language, told.key), kind, choices), lands)


def landings(
    tx: Tx, customer_id: int, typed: Mapping[str, str], *, before: Mapping[str, Value] | None = None
) -> tuple[Landing, ...]:
    """Which attributes of a customer the answers would change, and from what to what.

    `before`: the answers of a follow-up that is changed; those that stay write nothing.

    Raises:
        Refused: an answer does not fit its question.
    """
    told = _understood(tx, typed)
    return _landings(tx, customer_id, {key: told[key] for key in told if told[key] != (before or {}).get(key)})


def _landings(tx: Tx, customer_id: int, told: Mapping[str, Value]) -> tuple[Landing, ...]:
    lands = {each.key: each.lands for each in questions(tx) if each.lands is not None}
    has = {line.attribute.key: line.value for line in attributes.of_customer(tx, customer_id)}
    return tuple(
        Landing(lands[key], has.get(lands[key].key), value)
        for key, value in told.items()
        if key in lands and has.get(lands[key].key) != value
    )


def _understood(tx: Tx, typed: Mapping[str, str]) -> dict[str, Value]:
    """The answers by their questions; a question that was left blank has none."""
    found: dict[str, Value] = {}
    for question in questions(tx):
        try:
            value = attribute_values.understand(question.asked, typed.get(question.key, ""))
        except UserFailure as failure:
            raise Refused(question.key, failure.message) from failure
        if value is not None:
            found[question.key] = value
    return found


# Written


def add(tx: Tx, customer_id: int, told: FollowUp) -> int:
    """Note a follow-up, and what its answers say of the customer. Returns the change set.

    Raises:
        NoSuchCustomer, Refused: nothing is written.
    """
    customers.require(tx, customer_id)
    row, answers = _row(tx, told, before={})
    change_set = tx.begin_change("follow_up_add", customer=customer_id)
    _land(tx, customer_id, answers, change_set)
    tx.add(follow_ups, {"customer_id": customer_id, **row, "actor": tx.actor, "created_at": tx.now_seconds})
    return change_set


def edit(tx: Tx, follow_up_id: int, told: FollowUp) -> int:
    """Change a follow-up; only answers that are new or differ are written to the customer. Returns the change set.

    Raises:
        NoSuchFollowUp, Refused: nothing is written.
    """
    line = get(tx, follow_up_id)
    before = {answer.asked.key: answer.value for answer in line.answers}
    row, answers = _row(tx, told, before=before)
    change_set = tx.begin_change("follow_up_edit", follow_up=follow_up_id)
    changed = {key: value for key, value in answers.items() if before.get(key) != value}
    _land(tx, line.customer, changed, change_set)
    tx.edit(follow_ups, {"id": follow_up_id}, {**row, "edited_at": tx.now_seconds})
    return change_set


def remove(tx: Tx, follow_up_id: int) -> int:
    """Remove a follow-up; what its answers told of the customer stays. Returns the change set."""
    change_set = tx.begin_change("follow_up_remove", follow_up=follow_up_id)
    tx.remove(follow_ups, {"id": follow_up_id})
    return change_set


def _land(tx: Tx, customer_id: int, told: Mapping[str, Value], change_set: int) -> None:
    values: dict[str, Value | None] = {each.attribute.key: each.new for each in _landings(tx, customer_id, told)}
    if values:
        attributes.write(tx, {customer_id: values}, change_set=change_set)


def _row(tx: Tx, told: FollowUp, *, before: Mapping[str, Value]) -> tuple[dict[str, Any], dict[str, Value]]:
    """The columns of what was typed. Answers to questions of another trade stay as they were."""
    for name, value, allowed in (("channel", told.channel, CHANNELS), ("outcome", told.outcome, OUTCOMES)):
        if value not in allowed:
            raise Refused(name, _("Choose one."))
    if told.rating is not None and told.rating not in RATINGS:
        raise Refused("rating", _("Choose one."))
    day = _day("day", told.day) or tx.as_of
    next_on = _next_on(told.next_on, day)
    if day > tx.as_of:
        raise Refused("day", _("This day is still to come."))
    if next_on is not None and next_on <= day:
        raise Refused("next_on", _("The next one comes after this one."))
    asked = {question.key for question in questions(tx)}
    answers = _understood(tx, told.answers)
    kept = {key: value for key, value in before.items() if key not in asked} | answers
    text = "\n".join(clean(line) for line in told.text.splitlines()).strip()
    return {
        "order_id": told.order,
        "channel": told.channel,
        "outcome": told.outcome,
        "rating": told.rating,
        "answers": msgspec.json.encode(kept).decode(),
        "text": text,
        "day": clock.day_number(day),
        "next_on": None if next_on is None else clock.day_number(next_on),
    }, answers


def _next_on(typed: str, day: date) -> date | None:
    """A day, or in how many days."""
    if typed.strip().isdecimal() and len(typed.strip()) <= _DIGITS_OF_DAYS:
        return day + timedelta(days=int(typed))
    return _day("next_on", typed)


def _day(name: str, typed: str) -> date | None:
    try:
        value = attribute_values.understand(Attribute(name, name, "date"), typed)
    except UserFailure as failure:
        raise Refused(name, failure.message) from failure
    return value if isinstance(value, date) else None


# Read


def get(tx: Tx, follow_up_id: int) -> FollowUpLine:
    """One follow-up with all its words.

    Raises:
        NoSuchFollowUp: it is not there any more.
    """
    found = lines(tx, selected(short=False).where(follow_ups.c.id == follow_up_id))
    if not found:
        raise NoSuchFollowUp
    return found[0]


def selected(*, short: bool = True) -> Select[Any]:
    """The question for follow-ups, newest first; `short`: only the beginning of their words."""
    of = follow_ups.c
    text = func.substr(of.text, 1, SHORT) if short else of.text
    return (
        select(
            of.id, of.customer_id, of.order_id, orders.c.number, of.channel, of.outcome, of.rating, of.answers, text,
            of.day, of.next_on, of.actor, of.created_at, of.edited_at, func.length(of.text),
        )
        .select_from(follow_ups.outerjoin(orders, orders.c.id == of.order_id))
        .order_by(of.day.desc(), of.created_at.desc(), of.id.desc())
    )  # fmt: skip


def lines(tx: Tx, query: Select[Any]) -> tuple[FollowUpLine, ...]:
    """What a question like `selected` finds."""
    rows = tx.connection.execute(query).all()
    known = {each.key: each for each in attributes.defined(tx)} if rows else {}
    told = trade_presets.questions()
    return tuple(
        FollowUpLine(**{**dict(zip(_COLUMNS, row, strict=True)), "answers": _answers(row[7], told, known, tx.language)})
        for row in rows
    )


def _answers(
    stored: str, told: Mapping[str, QuestionTold], known: Mapping[str, Attribute], language: str
) -> tuple[Answer, ...]:
    found = []
    for key, value in msgspec.json.decode(stored).items():
        asked = _question(told[key], known, language).asked if key in told else Attribute(key, key, "text")
        if isinstance(value, list):
            found.append(Answer(asked, tuple(value)))
        elif asked.kind == "date" and isinstance(value, str):
            found.append(Answer(asked, date.fromisoformat(value)))
        elif isinstance(value, _SAID_TYPES):
            found.append(Answer(asked, value))
    return tuple(found)


def went_badly(tx: Tx, customer_id: int) -> FollowUpLine | ReviewLine | None:
    """The newest follow-up in which she was reached, if it went badly and she has not bought again since.

    It went badly when there was a problem or she gave `POOR` stars at most. So did what she wrote a review of with
    that few, until she is asked again; a good review says nothing, for platforms give it by themselves.
    """
    of = follow_ups.c
    reached = or_(of.outcome.in_(("reached", "problem")), of.rating.is_not(None))
    newest = selected().where(of.customer_id == customer_id, of.day <= tx.today_number, reached).limit(1)
    asked = next(iter(lines(tx, newest)), None)
    wrote = reviews.newest_poor(tx, customer_id)
    told: FollowUpLine | ReviewLine | None = asked
    if wrote is not None and (asked is None or asked.day < wrote.day):
        told = wrote
    elif asked is not None and asked.outcome != "problem" and (asked.rating is None or asked.rating > POOR):
        return None
    if told is None:
        return None
    bought = tx.connection.exec_driver_sql(
        """SELECT 1 FROM orders WHERE customer_id = ? AND kind = 'order' AND valid AND day > ? AND day <= ? LIMIT 1""",
        (customer_id, told.day, tx.today_number),
    )
    return told if bought.first() is None else None


def last_delivered(tx: Tx, customer_id: int) -> int | None:
    """Which order a follow-up is most likely about: the last one that arrived, else the last one that was sent."""
    found = tx.connection.exec_driver_sql(
        """SELECT id FROM orders WHERE customer_id = ? AND kind = 'order' AND valid AND day <= ?
              AND state IN ('signed', 'finished', 'arrived', 'shipped')
            ORDER BY state IN ('signed', 'finished') DESC, day DESC, id DESC LIMIT 1""",
        (customer_id, tx.today_number),
    ).scalar()
    return None if found is None else int(found)


# When to ask again

_AGREED: Final = """SELECT f.customer_id, f.id, f.next_on, substr(f.text, 1, 200) FROM follow_ups f
  WHERE f.next_on IS NOT NULL AND f.day <= :today {whose}
    AND NOT EXISTS (SELECT 1 FROM follow_ups l WHERE l.customer_id = f.customer_id AND l.day <= :today
                      AND (l.day, l.id) > (f.day, f.id))
    AND coalesce((SELECT a.outcome FROM reminder_actions a WHERE a.customer_id = f.customer_id AND a.reason = :reason
                    AND a.anchor_day = f.next_on AND a.day <= :today AND a.at >= f.created_at
                   ORDER BY a.id DESC LIMIT 1), 'snoozed') = 'snoozed'"""


def agreed(tx: Tx, customer_ids: Iterable[int] | None = None, *, until: int | None = None) -> dict[int, Agreed]:
    """When customers (None: all) are to be asked again. `until`: only up to that day."""
    found: dict[int, Agreed] = {}
    told: dict[str, object] = {"today": tx.today_number, "reason": REASON}
    whose = [""]
    if until is not None:
        whose = ["AND f.next_on <= :until"]
        told["until"] = until
    if customer_ids is not None:
        listed = list(map(int, customer_ids))
        whose = [f"{whose[0]} AND f.customer_id IN ({','.join(map(str, some))})" for some in _blocks(listed)]
    for each in whose:
        for customer, *line in tx.connection.exec_driver_sql(_AGREED.format(whose=each), told):
            found[customer] = Agreed(*line)
    return found


def _blocks(ids: Sequence[int], *, size: int = 2_000) -> list[Sequence[int]]:
    return [ids[begin : begin + size] for begin in range(0, len(ids), size)]
