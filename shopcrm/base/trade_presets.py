"""What each trade keeps of a customer (C6), as `resources/presets/trades` tells it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Literal

import msgspec

from shopcrm.base import trades
from shopcrm.base.resources import resource

Kind = Literal["text", "number", "date", "choice", "choices", "yes_no", "stage"]


class _Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the file; a key that it does not know is a mistake."""


class ChoiceTold(_Told, frozen=True):
    """One of the values to choose from. Without a label it is called by its key."""

    key: str
    label: dict[str, str] = {}


class AttributeTold(_Told, frozen=True):
    """One attribute, with its words by language.

    `age`: a date of birth, shown with the age. `stage` (never typed): which of `months` the date `of` has passed.
    """

    key: str
    kind: Kind
    label: dict[str, str]
    choices: tuple[ChoiceTold, ...] = ()
    age: bool = False
    of: str = ""
    months: tuple[int, ...] = ()
    words: dict[str, str] = {}


class Preset(_Told, frozen=True):
    """A trade. `title`: the attribute whose value heads the block on the card."""

    attribute: tuple[AttributeTold, ...]
    title: str = ""


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
