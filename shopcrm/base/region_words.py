"""Names of places as they are read: one has one name in the shop (`region`), shown in the language's characters."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from shopcrm.base import i18n
from shopcrm.base.resources import resource

_TRADITIONAL: Final = "zh_TW"


def shown(name: str) -> str:
    """A stored name, or several with blanks between them, in the characters of the current language: 新北 板橋區."""
    if i18n.language() != _TRADITIONAL or name.isascii():
        return name
    written = _written()
    return " ".join(written.names.get(each) or each.translate(written.signs) for each in name.split(" "))


class _Written(NamedTuple):
    signs: dict[int, str]
    names: dict[str, str]  # that are not written sign by sign


@cache
def _written() -> _Written:
    lines = resource("regions", "traditional.txt").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    names = dict(word.split("=") for word in words if "=" in word)
    return _Written({ord(pair[0]): pair[1] for pair in words if "=" not in pair}, names)
