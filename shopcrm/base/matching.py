"""Whether words are what was typed: by themselves, by each word, or by their pinyin as it is typed."""

from __future__ import annotations

from typing import Final

from shopcrm.base.names import is_han, sounds

BEGINS: Final = 0
HOLDS: Final = 1
WORDS: Final = 2
SOUNDS: Final = 3


def rank(typed: str, *texts: str) -> int | None:
    """How near the nearest of the texts is: it begins so, holds it, holds each word of it, or sounds so; else None."""
    wanted = typed.casefold().strip()
    found = [place for text in texts if text and (place := _rank(wanted, text.casefold())) is not None]
    return min(found, default=None)


def _rank(wanted: str, text: str) -> int | None:
    if text.startswith(wanted):
        return BEGINS
    if wanted in text:
        return HOLDS
    if all(word in text for word in wanted.split()):
        return WORDS
    return SOUNDS if _sounds(wanted, text) else None


def _sounds(wanted: str, text: str) -> bool:
    """Whether letters are the pinyin of neighbouring characters, each begun or whole, as an input method takes it.

    `qhqs`, `qiehuan` and `qhuan` are all 切换…
    """
    letters = wanted.replace(" ", "").replace("'", "")
    if not (letters.isascii() and letters.isalpha()):
        return False
    readings = [sounds(letter) for letter in text if letter.isalnum()]
    starts = [at for at, letter in enumerate(filter(str.isalnum, text)) if is_han(letter)]
    return any(_reads(letters, readings, at) for at in starts)


def _reads(letters: str, readings: list[tuple[str, ...]], at: int) -> bool:
    if not letters:
        return True
    if at == len(readings):
        return False
    return any(
        letters.startswith(reading[:length]) and _reads(letters[length:], readings, at + 1)
        for reading in readings[at]
        for length in range(1, len(reading) + 1)
    )
