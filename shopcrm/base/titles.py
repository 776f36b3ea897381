"""Product titles as one says them (U1, U2): listings are long lines of search words, the first of them name it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BRACKETED: Final = re.compile("【[^】]*】")
_MEASURE: Final = re.compile(r"\d+(\.\d+)?(k?g|m?l|[cm]?m)", re.IGNORECASE)


def short_title(title: str, *, limit: int = 28) -> str:
    """A product as one would call it.

    `limit` counts Latin letters; a Chinese character counts as two, as it does on the screen.
    """
    taken = ""
    for word in title.replace("【", " ").replace("】", " ").split():
        if taken and _columns(taken) + 1 + _columns(word) > limit:
            break
        taken = f"{taken} {word}".strip()
    while _columns(taken) > limit * 2:
        taken = f"{taken[:-2]}…"
    return taken


def spoken(title: str) -> str:
    """A product in a sentence: 软软云 纸尿裤 for 【买二送一】软软云 纸尿裤 L 50 片.

    Without what stands in brackets, which is an offer or a brand, and without weights, sizes and numbers at its end.
    """
    parts = short_title(_BRACKETED.sub(" ", title).strip() or title).split()
    chinese = not title.isascii()
    measured = next((place for place, part in enumerate(parts) if place and _MEASURE.fullmatch(part)), len(parts))
    del parts[measured:]
    while len(parts) > 1 and (
        len(parts[-1]) == 1 or any(map(str.isdigit, parts[-1])) or (chinese and parts[-1].isascii())
    ):
        parts.pop()
    return " ".join(parts)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
