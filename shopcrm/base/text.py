"""Reading what people and marketplaces write: blanks, full-width forms, masks."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_CONTROL: Final = (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F)
_INVISIBLE: Final = (0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF)
_UNSEEN: Final = dict.fromkeys((*_CONTROL, *_INVISIBLE))
_EMPTY: Final = frozenset({"", "-", "--", "—", "——", "/", "null", "none", "nan", "n/a", "无", "#n/a"})
_LONGEST_EMPTY: Final = max(map(len, _EMPTY))
# `xxx` hides digits only: xxx小熊 is a nick. Ciphertext that starts with ~ is long.
_MAY_MASK: Final = re.compile(r"[*＊×•xX#$%~]")  # most values hold none of these, and this is seen ten times faster
_CIPHERTEXT: Final = r"^(##|\$\$|%%|~[\w+/=~-]{16})"
_MASK: Final = re.compile(r"\*|＊|×{2,}|•{2,}|(?<=[0-9])[xX]{3,}|[xX]{3,}(?=[0-9]{3})|" + _CIPHERTEXT)
_ENCRYPTED: Final = re.compile(_CIPHERTEXT)


def clean(text: str) -> str:
    """Without invisible and control characters, without blanks (also full-width) at the ends."""
    if text.isprintable():  # nothing of all that, and no blank but the ordinary one: nearly every cell
        return text.strip()
    return text.translate(_UNSEEN).strip().strip("\u3000\xa0").strip()


def fold(text: str) -> str:
    """For comparing: full-width forms to half-width, lower case, single blanks."""
    if text.isascii() and text.isprintable():  # nothing to normalise: most identifiers
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", clean(text)).casefold().split())


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, dashes, `null` and the like."""
    return clean(text).casefold() in _EMPTY


def is_masked(text: str) -> bool:
    """Whether a value was hidden by the marketplace (`张**`, `138****1234`) or is its ciphertext (`##…`)."""
    return _MAY_MASK.search(text) is not None and _MASK.search(text) is not None


def all_clean(texts: list[str]) -> bool:
    """Whether each text is as `clean` leaves it, and empty or no word for nothing: many are asked at once."""
    if not "".join(texts).isprintable() or list(map(str.strip, texts)) != texts:
        return False
    return _EMPTY.isdisjoint([text.casefold() for text in texts if 0 < len(text) <= _LONGEST_EMPTY])


def fold_all(texts: list[str]) -> list[str]:
    """As `fold`, of many at once."""
    joined = "".join(texts)
    if joined.isascii() and joined.isprintable() and " " not in joined:
        return list(map(str.lower, texts))
    return list(map(fold, texts))


def may_be_masked(texts: list[str]) -> bool:
    """Whether one of the texts may be masked: many are asked at once."""
    return _MAY_MASK.search("\n".join(texts)) is not None


def is_ciphertext(text: str) -> bool:
    """Whether a marketplace gave a value only encrypted (`##…`, `$$…`): nothing that anybody could read."""
    return _ENCRYPTED.search(text) is not None
