"""What the columns of an unknown list of people are, guessed as those of orders are (C2). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from shopcrm.base import ages, trade_presets
from shopcrm.base.birthdays import NoBirthday
from shopcrm.base.text import fold
from shopcrm.collect import consent_words, fields
from shopcrm.collect.column_names import OF_PEOPLE
from shopcrm.collect.fields import fold_header
from shopcrm.collect.guessing import DAYS, EMAIL, LOOKED_AT, MOBILE, PHONE, USUAL, Rows
from shopcrm.collect.people_table import GENDERS, birthday_of

_MOST: Final = 0.6  # of the filled cells


def guess(header: Sequence[str], rows: Rows) -> dict[int, str]:
    """By place what the columns of a list of people hold."""
    claims: list[tuple[float, int, str]] = []
    seen: set[str] = set()
    for place, title in enumerate(header):
        name = fold_header(title)
        if not name or name in seen:  # of two of one name the first is read
            continue
        seen.add(name)
        cells = [cell for row in rows[:LOOKED_AT] if place < len(row) and (cell := fields.value(row[place]))]
        if name in OF_PEOPLE:
            field, rank = OF_PEOPLE[name]
            if _fits(field, cells):
                claims.append((100 - rank, place, field))
            continue
        if (attribute := trade_presets.key_of_label(title)) is not None and trade_presets.is_attribute(attribute):
            claims.append((60, place, attribute))
            continue
        if len(cells) > 1:
            claims += [(10, place, field) for field in ("phone", "email") if _is_full_of(field, cells)]
    found: dict[int, str] = {}
    for _score, place, field in sorted(claims, key=lambda claim: (-claim[0], claim[1])):
        if place not in found and field not in found.values():
            found[place] = field
    return dict(sorted(found.items()))


def _is_full_of(field: str, cells: Sequence[str]) -> bool:
    wanted = MOBILE if field == "phone" else EMAIL
    return sum(wanted.fullmatch(cell) is not None for cell in cells) / len(cells) >= _MOST


def _fits(field: str, cells: Sequence[str]) -> bool:
    """Whether what fills a column can be that; an empty one may be anything."""
    tests: Mapping[str, Callable[[str], object]] = {
        "phone": lambda cell: PHONE.fullmatch(cell) or "*" in cell,
        "email": lambda cell: "@" in cell,
        "birthday": _is_birthday,
        "gender": lambda cell: fold(cell) in GENDERS,
        "age_band": ages.parse,
        **dict.fromkeys(consent_words.FIELDS, consent_words.is_answer),
    }
    test = tests.get(field)
    return test is None or not cells or sum(bool(test(cell)) for cell in cells) / len(cells) >= _MOST


def _is_birthday(cell: str) -> bool:
    return is_birthday(cell) or any(_reads(cell, formats) for formats in DAYS.values())


def is_birthday(cell: str) -> bool:
    """Whether a cell is a birthday in one of the usual writings, or stands for none."""
    try:
        birthday_of(cell)
    except NoBirthday:
        return False
    return True


def birthday_readings(cells: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The ways in which birthdays can be read, as `guessing.date_readings` tells them; of any year."""
    cells = [cell for cell in map(fields.value, cells) if cell]
    found: dict[str, tuple[str, ...]] = {USUAL: ()}
    shares = {USUAL: sum(map(is_birthday, cells))}
    for key, days in DAYS.items():
        formats = tuple(wanted for wanted in days if any(_reads(cell, (wanted,)) for cell in cells))
        if formats:
            found[key] = formats
            shares[key] = sum(_reads(cell, formats) for cell in cells)
    best = max(shares.values())
    return {USUAL: ()} if shares[USUAL] == best else {key: found[key] for key in found if shares[key] == best}


def _reads(cell: str, formats: tuple[str, ...]) -> bool:
    for wanted in formats:
        try:
            datetime.strptime(cell, wanted)  # noqa: DTZ007  # a day, wherever it is
        except ValueError:
            continue
        return True
    return False
