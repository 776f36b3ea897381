"""One trade attribute and its values (C6): what somebody types becomes a value, and a value becomes words. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple, TypeAlias

import msgspec

from shopcrm.base import birthdays, i18n, trade_presets
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.text import clean, fold
from shopcrm.base.trade_presets import FOLLOWING, AttributeTold, ChoiceTold, Kind, LearntTold

LONGEST: Final = 2_000  # characters of a text
INCHES: Final = N_("inches")
_QUOTED: Final = 40
_BETWEEN: Final = re.compile(r"[、,，;；/]")
_YES: Final = ("yes", "y", "true", "1", "是", "有", "对", "對")
_NO: Final = ("no", "n", "false", "0", "否", "不", "没有", "沒有", "无", "無")
# What a number may be typed in, by the unit in which it is kept.
_UNITS: Final[Mapping[str, Mapping[str, float]]] = {
    "cm": {"cm": 1, "厘米": 1, "公分": 1, "m": 100, "米": 100, "公尺": 100},
    "kg": {"kg": 1, "公斤": 1, "千克": 1, "斤": 0.5, "g": 0.001},
    "inch": {"inch": 1, "inches": 1, "in": 1, "寸": 1, "英寸": 1, "吋": 1},
    "km": {"km": 1, "公里": 1, "千米": 1, "万公里": 10_000, "萬公里": 10_000},
}
_UNIT: Final = re.compile(r"[^0-9.]+$")


class Stage(NamedTuple):
    """Where a date of birth stands today, and when the next stage begins (None: there is none after it)."""

    number: int
    next_on: date | None


Value: TypeAlias = str | int | float | bool | date | tuple[str, ...] | Stage


@dataclass(eq=False)
class NotANumber(UserFailure):
    """Something else was typed where a number belongs."""

    text: ClassVar[str] = N_("“{typed}” is no number.")
    typed: str


@dataclass(eq=False)
class NotWhole(UserFailure):
    """A number with a fraction where only whole ones make sense."""

    text: ClassVar[str] = N_("“{typed}” is no whole number.")
    typed: str


@dataclass(eq=False)
class NotWithin(UserFailure):
    """A number that nobody can have."""

    text: ClassVar[str] = N_("“{typed}” is not between {low} and {high}.")
    typed: str
    low: str
    high: str


@dataclass(eq=False)
class NotADate(UserFailure):
    """Something else was typed where a date belongs."""

    text: ClassVar[str] = N_("“{typed}” is no date. Type it like 2025-11-02.")
    typed: str


@dataclass(eq=False)
class NotAChoice(UserFailure):
    """Something that is not among the choices."""

    text: ClassVar[str] = N_("“{typed}” is not among the choices: {choices}.")
    typed: str
    choices: str


@dataclass(eq=False)
class TooLong(UserFailure):
    """More text than is kept; nothing is cut off in silence."""

    text: ClassVar[str] = N_("At most {most} characters fit here; these are {length}. A note holds more.")
    length: str
    most: str = f"{LONGEST:,}"


@dataclass(frozen=True)
class Attribute:
    """Something kept of a customer, its words in the language in use."""

    key: str
    label: str
    kind: Kind
    choices: tuple[tuple[str, str], ...] = ()  # (stored, shown)
    age: bool = False  # a date of birth
    of: str = ""  # a stage or an age: by which date
    months: tuple[int, ...] = ()
    words: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    whole: bool = False
    after: str = ""  # offered once that one is known
    sensitive: bool = False
    own: bool = False  # the owner's, in no preset
    hidden: bool = False
    learnt: LearntTold | None = None
    written: Mapping[str, str] = field(default_factory=dict, compare=False)  # other words for the choices, folded

    @property
    def typed(self) -> bool:
        """Whether somebody tells it; what follows from a date is never typed."""
        return self.kind not in FOLLOWING

    def shown(self, value: Value) -> str:
        """A value as people read it and may type it again; a stage is only read."""
        if isinstance(value, Stage):
            return self.words.format(n=value.number)
        if isinstance(value, tuple):
            return _(", ").join(self.choice(str(each)) for each in value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, int | float):
            number = f"{value:,}" if isinstance(value, int) and self.unit == "km" else f"{value:.12g}"
            return f"{number} {unit}" if (unit := self.unit_word) else number
        return self.choice(value)

    def choice(self, key: str) -> str:
        """The word of a choice; one that there is no longer is called by what is stored."""
        return dict(self.choices).get(key) or _other_word(self.key, key)

    @property
    def unit_word(self) -> str:
        """The unit as it stands behind a number."""
        return _(INCHES) if self.unit == "inch" else self.unit


def _other_word(attribute: str, key: str) -> str:
    """A choice that another trade has of the same attribute, in the language in use (`_` knows no preset's words)."""
    for choice in trade_presets.choices(attribute):
        if choice.key == key:
            return choice.label.get(i18n.language(), key)
    return key


@dataclass(frozen=True)
class Particular:
    """An attribute of a customer; `value` None: nothing is known."""

    attribute: Attribute
    value: Value | None


# What is told of it


def of_preset(told: AttributeTold, *, language: str, label: str = "", own: Sequence[str] = ()) -> Attribute:
    """An attribute of a preset in a language; `label` is the owner's word for it, `own` the owner's choices."""
    choices = [(choice.key, choice.label.get(language, choice.key)) for choice in told.choices]
    return Attribute(
        key=told.key,
        label=label or told.label.get(language, told.key),
        kind=told.kind,
        choices=(*choices, *((each, each) for each in own)),
        age=told.age,
        of=told.of,
        months=told.months,
        words=told.words.get(language, ""),
        unit=told.unit,
        low=told.low,
        high=told.high,
        whole=told.whole,
        after=told.after,
        sensitive=told.sensitive,
        learnt=told.learnt,
        written=_written(told.choices),
    )


def _written(choices: Sequence[ChoiceTold]) -> Mapping[str, str]:
    return {fold(word): choice.key for choice in choices for word in (*choice.label.values(), *choice.words)}


def stored(kind: str, value: str) -> Value:
    """A value as it lies in the shop."""
    told: Any = msgspec.json.decode(value)
    if kind == "date":
        return date.fromisoformat(told)
    return tuple(told) if isinstance(told, list) else told


# What follows from a date


def whole_months(born: date, day: date) -> int:
    """How many months of life are over on a day; negative before the birth."""
    return (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)


def month_later(born: date, months: int) -> date:
    """The day on which so many months are over."""
    year, month = divmod(born.month - 1 + months, 12)
    first_of_next = date(born.year + year + (month == 11), (month + 1) % 12 + 1, 1)
    length = (first_of_next - date(born.year + year, month + 1, 1)).days
    # Who was born on the 31st is a month older on the day after a shorter month ends.
    return date(born.year + year, month + 1, born.day) if born.day <= length else first_of_next


def stage_on(born: date, day: date, *, months: Sequence[int]) -> Stage | None:
    """The stage on a day, by the ages in months at which stages begin; None before the first."""
    age = whole_months(born, day)
    number = sum(begins <= age for begins in months)
    if not number:
        return None
    return Stage(number, month_later(born, months[number]) if number < len(months) else None)


def following(attribute: Attribute, born: Value | None, *, day: date) -> Value | None:
    """The stage or the age in months that follows from a date of birth; None where nothing does."""
    if not isinstance(born, date):
        return None
    if attribute.kind == "stage":
        return stage_on(born, day, months=attribute.months)
    return months if (months := whole_months(born, day)) >= 0 else None


# What is typed


def understand(attribute: Attribute, text: str) -> Value | None:
    """The value somebody typed; None for nothing.

    Raises:
        NotANumber, NotWhole, NotWithin, NotADate, NotAChoice, TooLong: it does not fit the attribute.
    """
    typed = clean(text)
    if len(typed) > LONGEST:
        raise TooLong(f"{len(typed):,}")
    if not typed:
        return None
    match attribute.kind:
        case "number":
            return _number(attribute, typed)
        case "date":
            return _date(typed)
        case "yes_no":
            return _yes_no(typed)
        case "choice":
            return _choice(attribute, typed)
        case "choices":
            return _choices(attribute, typed)
        case _:
            return typed


def _number(attribute: Attribute, typed: str) -> int | float:
    text = fold(typed).replace(",", "")
    factors = _UNITS.get(attribute.unit, {attribute.unit.casefold(): 1} if attribute.unit else {})
    told = _UNIT.search(text)
    factor = 1.0
    if told is not None and told[0].strip() in factors:
        text, factor = text[: told.start()], factors[told[0].strip()]
    try:
        number = round(float(text) * factor, 6)
    except ValueError:
        raise NotANumber(_quoted(typed)) from None
    if not abs(number) < 1e12:
        raise NotANumber(_quoted(typed))
    low, high = attribute.low, attribute.high
    if (low is not None and number < low) or (high is not None and number > high):
        raise NotWithin(_quoted(typed), _bound(low, "−"), _bound(high, "…"))
    if number == int(number):
        return int(number)
    if attribute.whole:
        raise NotWhole(_quoted(typed))
    return number


def _bound(bound: float | None, other: str) -> str:
    return other if bound is None else f"{bound:,.12g}"


def _date(typed: str) -> date:
    try:
        told = birthdays.parse(typed.removesuffix(" 00:00:00"))
    except birthdays.NoBirthday:
        raise NotADate(_quoted(typed)) from None
    if told.year is None:
        raise NotADate(_quoted(typed))
    return told.in_year(told.year)


def _yes_no(typed: str) -> bool:
    word = fold(typed)
    if word not in (*_YES, *_NO):
        raise NotAChoice(_quoted(typed), _(", ").join((_("yes"), _("no"))))
    return word in _YES


def _choices(attribute: Attribute, typed: str) -> tuple[str, ...] | None:
    if (whole := _find_choice(attribute, typed)) is not None:  # a word that has a comma or a stroke in it
        return (whole,)
    parts = filter(None, map(str.strip, _BETWEEN.split(typed)))
    return tuple(dict.fromkeys(_choice(attribute, part) for part in parts)) or None


def _choice(attribute: Attribute, typed: str) -> str:
    found = _find_choice(attribute, typed)
    if found is None:
        raise NotAChoice(_quoted(typed), _(", ").join(shown for _key, shown in attribute.choices))
    return found


def _find_choice(attribute: Attribute, typed: str) -> str | None:
    word = fold(typed)
    for key, shown in attribute.choices:
        if word in (fold(key), fold(shown)):
            return key
    return attribute.written.get(word)


def _quoted(typed: str) -> str:
    line = " ".join(typed.split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"
