"""What each trade keeps of a customer (C6), as `resources/presets/trades` tells it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Final, Literal

import msgspec

from shopcrm.base import trades
from shopcrm.base.resources import resource
from shopcrm.base.text import fold

Kind = Literal["text", "number", "date", "choice", "choices", "yes_no", "stage", "age"]
OWN: Final = "own_"
"""How the keys begin of what an owner added."""
_OWN_KEY: Final = re.compile(rf"{OWN}[1-9][0-9]{{0,8}}")
FOLLOWING: Final = ("stage", "age")  # never typed: they follow from a date of birth


class _Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the file; a key that it does not know is a mistake."""


class ChoiceTold(_Told, frozen=True):
    """One of the values to choose from. Without a label it is called by its key. `words`: other ways to write it."""

    key: str
    label: dict[str, str] = {}
    words: tuple[str, ...] = ()


class LearntTold(_Told, frozen=True):
    """How a value is learnt from what was bought (`mine.tastes`).

    `of`: words of the titles that count, `but`: of those that don't. `grows`: the newest says it, not the most.
    """

    how: Literal["size", "fit", "most"]
    of: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    grows: bool = False


class AttributeTold(_Told, frozen=True):
    """One attribute, with its words by language.

    `age`: a date of birth, shown with the age. `stage` and `age` (never typed): which of `months` the date `of` has
    passed, and how many months. `after`: offered once that one is known (a second child). `sensitive`: says who
    somebody is. `whole`, `unit`, `low`, `high`: of a number.
    """

    key: str
    kind: Kind
    label: dict[str, str]
    choices: tuple[ChoiceTold, ...] = ()
    age: bool = False
    of: str = ""
    months: tuple[int, ...] = ()
    words: dict[str, str] = {}
    unit: str = ""
    low: float | None = None
    high: float | None = None
    whole: bool = False
    after: str = ""
    sensitive: bool = False
    learnt: LearntTold | None = None


class QuestionTold(_Told, frozen=True):
    """What is asked after a delivery. `attribute`: of the same trade, in which the answer lands.

    Such an answer is of the attribute's kind, with its choices, unless the question tells its own.
    """

    key: str
    label: dict[str, str]
    kind: Kind | None = None
    choices: tuple[ChoiceTold, ...] = ()
    attribute: str = ""


class Preset(_Told, frozen=True):
    """A trade. `title`: the attributes whose values head the block on the card."""

    attribute: tuple[AttributeTold, ...]
    title: tuple[str, ...] = ()
    question: tuple[QuestionTold, ...] = ()


NOTHING = Preset(())


@cache
def preset(trade: str) -> Preset:
    """The attributes of a trade; none for no trade."""
    if trade not in trades.NAMES:
        return NOTHING
    path = resource("presets", "trades", f"{trade}.toml")
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Preset)


@cache
def known() -> Mapping[str, AttributeTold]:
    """Every attribute of every trade by its key. What two trades call the same they keep in the same place."""
    return {told.key: told for trade in trades.NAMES for told in preset(trade).attribute}


@cache
def questions() -> Mapping[str, QuestionTold]:
    """Every question of every trade by its key: an answer is read after the shop has changed its trade, too."""
    return {told.key: told for trade in trades.NAMES for told in preset(trade).question}


@cache
def choices(key: str) -> tuple[ChoiceTold, ...]:
    """What can be chosen of an attribute in any trade: a shop that changes its trade still reads its values."""
    found = (told for trade in trades.NAMES for told in preset(trade).attribute if told.key == key)
    return tuple({choice.key: choice for told in found for choice in told.choices}.values())


def is_attribute(key: str) -> bool:
    """Whether a key is that of something somebody tells: of a preset, or of a shop's own."""
    told = known().get(key)
    return _OWN_KEY.fullmatch(key) is not None or (told is not None and told.kind not in FOLLOWING)


@cache
def key_of_label(label: str) -> str | None:
    """The attribute that some trade calls so, in whatever language; None where none does."""
    return _labels().get(fold(label))


@cache
def _labels() -> Mapping[str, str]:
    found = {
        fold(word): told.key
        for trade in trades.NAMES
        for told in preset(trade).attribute
        for word in told.label.values()
    }
    return found | {fold(key): key for key in known()}
