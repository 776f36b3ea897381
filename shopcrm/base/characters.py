"""Traditional and simplified characters: who types 叶 means 葉 too."""

from __future__ import annotations

from functools import cache

from shopcrm.base.resources import resource


def simplified(text: str) -> str:
    """The text in simplified characters, one for one; what has none, and what is simplified already, stays."""
    return text if text.isascii() else text.translate(_simple())


def has_traditional(text: str) -> bool:
    """Whether `simplified` changes a text; asked of many, few of which it does."""
    return not text.isascii() and not _traditional().isdisjoint(text)


@cache
def _traditional() -> frozenset[str]:
    return frozenset(map(chr, _simple()))


@cache
def _simple() -> dict[int, str]:
    lines = resource("characters", "simplified.txt").read_text(encoding="utf-8").splitlines()
    return {ord(pair[0]): pair[1] for line in lines if not line.startswith("#") for pair in line.split()}
