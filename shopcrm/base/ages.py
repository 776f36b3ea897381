"""Age bands (C5): what is asked and told instead of a year of birth."""

from __future__ import annotations

from typing import Final

from shopcrm.base.text import fold

AGE_BANDS: Final = ("0-17", "18-24", "25-29", "30-34", "35-39", "40-49", "50-59", "60+")
OLDEST: Final = 130
_FIRST: Final = (0, 18, 25, 30, 35, 40, 50, 60)
_DASHES: Final = str.maketrans(dict.fromkeys("~–—〜～", "-"))
_OPEN: Final = {"<18": "0-17", "-17": "0-17", "18以下": "0-17", "under18": "0-17", ">60": "60+", "60以上": "60+",
                "60-": "60+", "over60": "60+"}  # fmt: skip


def band_of_age(age: int) -> str:
    """The band of an age in years."""
    return next(band for band, first in zip(reversed(AGE_BANDS), reversed(_FIRST), strict=True) if age >= first)


def parse(text: str) -> str | None:
    """The band that a text tells: `25-29`, `25~29岁`, `60+`, `18岁以下`, an age alone. None: it tells none."""
    told = fold(text).translate(_DASHES).replace("至", "-").replace("到", "-")
    for word in ("岁", "歲", "years", " "):
        told = told.replace(word, "")
    told = _OPEN.get(told, told)
    if told in AGE_BANDS:
        return told
    if told.isdecimal() and told.isascii() and len(told) <= 3 and int(told) <= OLDEST:
        return band_of_age(int(told))
    return None
