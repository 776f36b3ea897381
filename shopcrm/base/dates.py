"""Dates as people write them in a language."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any


def format_day(value: date, *, today: date, language: str) -> str:
    """A date as a person writes it this year: 10月25日; with the year when it is another one."""
    from babel.dates import format_skeleton

    if value.year != today.year:
        return value.isoformat()
    return str(format_skeleton("MMMd", value, locale=_locale(language)))


@cache
def _locale(language: str) -> Any:
    """Read once: by its name the library looks at the disk for it every time."""
    from babel import Locale

    return Locale.parse(language)
