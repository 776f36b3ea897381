"""Currency and time zone of a new shop: guessed from language and machine, and the lists to choose others from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shopcrm.base import clock, machine

# Offered first: where those who speak our languages sell.
NEAR_CURRENCIES: Final = ("CNY", "TWD", "HKD", "USD", "EUR", "GBP", "JPY", "SGD", "MYR", "AUD", "CAD")
NEAR_ZONES: Final = ("Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "Asia/Singapore", "Europe/London")


@dataclass(frozen=True)
class Choice:
    """One of a list: the code that is kept and the words that are shown and searched."""

    code: str
    words: str


@dataclass(frozen=True)
class Lists:
    """Everything there is to choose from."""

    currencies: tuple[Choice, ...]
    zones: tuple[Choice, ...]


def lists(language: str, *, at: datetime) -> Lists:
    """Both lists in a language: reading their names takes longer than a window may wait."""
    return Lists(tuple(currencies(language)), tuple(zones(language, at=at)))


def offered(choices: Sequence[Choice], code: str) -> list[tuple[str, str]]:
    """(code, words) of a list. A code that is not in it (told by hand, or by a machine that knows more) comes first."""
    told = [(choice.code, choice.words) for choice in choices]
    return told if code in {choice.code for choice in choices} else [(code, code), *told]


def currency(language: str) -> str:
    """The currency of the language's home, or of the machine's territory."""
    if language.startswith("zh"):
        return "TWD" if language == "zh_TW" else "CNY"
    from babel.numbers import get_territory_currencies

    found = get_territory_currencies(machine.territory() or "US")
    return str(found[0]) if found else "USD"


def timezone(language: str) -> str:
    """Shanghai for simplified Chinese, else the machine's zone."""
    return "Asia/Shanghai" if language == "zh_CN" else clock.local_zone()


def currencies(language: str) -> list[Choice]:
    """Every currency that is legal tender somewhere, the near ones first, by its name in the language."""
    from babel.core import get_global
    from babel.numbers import get_currency_name

    current = {
        code
        for territory in get_global("territory_currencies").values()
        for code, _since, until, tender in territory
        if until is None and tender
    }
    codes = [*NEAR_CURRENCIES, *sorted(current.difference(NEAR_CURRENCIES))]
    return [Choice(code, f"{code} {get_currency_name(code, locale=language)}") for code in codes]


def zones(language: str, *, at: datetime) -> list[Choice]:
    """Every zone with a place in it, the near ones first, by its place in the language and what it is from UTC."""
    from babel.core import get_global
    from babel.dates import get_timezone_location

    known = [name for name in get_global("zone_territories") if "/" in name and not name.startswith("Etc/")]
    found = []
    for name in (*NEAR_ZONES, *sorted(set(known).difference(NEAR_ZONES))):
        try:
            away = at.astimezone(clock.zone(name)).strftime("%z")
        except clock.UnknownTimeZone:  # named by CLDR, not in this machine's list
            continue
        place = get_timezone_location(name, locale=language, return_city=True)
        spelt = name.rpartition("/")[2].replace("_", " ")
        both = place if place == spelt else f"{place} {spelt}"
        found.append(Choice(name, f"{both} (UTC{away[:3]}:{away[3:]})"))
    return found
