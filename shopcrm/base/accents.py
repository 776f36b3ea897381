"""Latin letters without their accents: who types jose means José too, and strasse Straße."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

# Letters with an accent, and accents that stand beside theirs; the letters of other scripts keep what is theirs.
_ACCENTED: Final = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_RANGES: Final = (range(0x00C0, 0x0250), range(0x0300, 0x0370), range(0x1E00, 0x1F00))
# What Unicode takes for letters of their own.
_ALONE: Final = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "ng",
    "ı": "i", "ĸ": "k", "ƒ": "f", "ƀ": "b", "ɓ": "b", "ɗ": "d", "ǝ": "e", "ə": "e", "ɨ": "i", "ƙ": "k", "ƚ": "l",
    "ơ": "o", "ư": "u", "ƶ": "z", "ȷ": "j",
}  # fmt: skip


def unaccented(text: str) -> str:
    """A text that `text.fold` gave, with plain letters where it has accented ones: `müller` is `muller`."""
    return text if _ACCENTED.search(text) is None else text.translate(_plain())


@cache
def _plain() -> dict[int, str]:
    found: dict[int, str] = {}
    for code in (code for codes in _RANGES for code in codes):
        letters = unicodedata.normalize("NFKD", chr(code)).casefold()
        letters = "".join(_ALONE.get(one, one) for one in letters if not unicodedata.combining(one))
        if letters.isascii():
            found[code] = letters
    return found
