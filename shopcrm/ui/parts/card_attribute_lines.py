"""What the block of trade attributes says (C6): its lines as people read and type them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shopcrm.act.desk import Card, NextBirthday
from shopcrm.base import birthdays, lunar
from shopcrm.base.i18n import _, n_
from shopcrm.collect.attribute_values import Attribute, Particular, Stage, Value, whole_months
from shopcrm.mine.tastes import Learnt
from shopcrm.ui import words

BIRTHDAY = "birthday"


@dataclass(frozen=True)
class Line:
    """One line of the block. `typed`: the value as one would type it; `shown`: as it is read, blank if not known."""

    key: str
    label: str
    shown: str
    typed: str = ""
    attribute: Attribute | None = None  # None: the birthday
    value: Value | None = None
    learnt: Learnt | None = None  # from purchases; not what was typed

    @property
    def editable(self) -> bool:
        """Whether somebody tells it."""
        return self.attribute is None or self.attribute.typed

    @property
    def kind(self) -> str:
        """The kind of its value."""
        return "birthday" if self.attribute is None else self.attribute.kind

    @property
    def picked(self) -> tuple[tuple[Value, str], ...]:
        """The values to pick from, where there are."""
        if self.attribute is None:
            return ()
        if self.attribute.kind == "yes_no":
            return (True, _("yes")), (False, _("no"))
        return self.attribute.choices

    @property
    def offered(self) -> str:
        """What was learnt, in words; blank where nothing was."""
        return "" if self.learnt is None or self.attribute is None else self.attribute.shown(self.learnt.value)


def lines(data: Card, *, today: date) -> list[Line]:
    """Everything that may be known of a customer: the birthday first, then what the trade keeps."""
    born = data.birthday
    first = Line(BIRTHDAY, _("Birthday"), "" if born is None else _birthday(born), _typed_birthday(born))
    # The age stands behind the date from which it follows.
    told = (line for line in data.attributes if line.attribute.kind != "age")
    return [first, *(_line(line, data, today=today) for line in told)]


def _birthday(born: NextBirthday) -> str:
    told = birthdays.day_words(born.on, born.lunar)
    return told if born.turns is None else _("{day}, turns {n}").format(day=told, n=born.turns)


def _typed_birthday(born: NextBirthday | None) -> str:
    return "" if born is None else birthdays.words(born.birthday)


def _line(line: Particular, data: Card, *, today: date) -> Line:
    attribute, value = line.attribute, line.value
    learnt = data.particulars.learnt.get(attribute.key)
    if value is None:
        return Line(attribute.key, attribute.label, "", attribute=attribute, learnt=learnt)
    typed = attribute.shown(value)
    if isinstance(value, Stage):
        shown = _stage(attribute, value, today=today)
    elif isinstance(value, date) and attribute.age:
        shown = _born(value, lunar.words(data.particulars.lunar[attribute.key]), today=today)
    else:
        shown = typed
    return Line(attribute.key, attribute.label, shown, typed, attribute, value, learnt)


def _born(born: date, told: str, *, today: date) -> str:
    shown = _("{day} ({lunar})").format(day=born.isoformat(), lunar=told)
    old = age(born, today)
    return _("{day}, {age}").format(day=shown, age=old) if old else shown


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


def evidence(line: Line, *, today: date) -> str:
    """Why a value is thought to be hers, in a few words; blank where nothing was learnt."""
    learnt = line.learnt
    if learnt is None:
        return ""
    last = words.day(learnt.last_on, today=today)
    told_by = line.attribute.learnt if line.attribute is not None else None
    if told_by is not None and told_by.how == "fit" and learnt.exchanges:
        one = learnt.exchanges[-1]
        return _("{returned} came back for {kept}, {day}").format(returned=one.returned, kept=one.kept, day=last)
    said = n_("kept {n}, last {day}", "kept {n}, last {day}", learnt.times).format(n=learnt.times, day=last)
    if learnt.exchanges:
        one = learnt.exchanges[-1]
        told = _("{returned} came back for {kept}").format(returned=one.returned, kept=one.kept)
        said = _("{one}; {other}").format(one=said, other=told)
    return said


def hint(line: Line) -> str:
    """What stands in the empty field."""
    if line.attribute is None:
        return _("3-5, 1990-03-05 or lunar 8-15")
    if line.attribute.kind == "date":
        return "2025-11-02"
    return line.attribute.unit_word
