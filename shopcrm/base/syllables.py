"""Pinyin as it is typed: a letter, the beginning of a syllable or the whole of it for each character (`linxm`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

MOST: Final = 48  # ways of parting one text that are looked at
LONGEST: Final = 36  # letters; no name is longer

_DIGITS: Final = frozenset("0123456789")  # read as themselves

# By how a syllable begins, how it goes on.
_SYLLABLES: Final = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}


class Parts(NamedTuple):
    """A text parted into what stands for one character each."""

    initials: str
    first: str
    plain: bool  # whole syllables, of which the last may be begun only
    plain_rest: bool  # the same of what follows the first


@cache
def _whole() -> frozenset[str]:
    return frozenset(begin + end for begin, ends in _SYLLABLES.items() for end in ends.split())


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(syllable[:length] for syllable in _whole() for length in range(1, len(syllable) + 1))


@lru_cache(maxsize=256)
def parted(letters: str) -> tuple[Parts, ...]:
    """The ways of parting letters into beginnings of syllables; nothing where there is none."""
    if not letters or len(letters) > LONGEST:
        return ()
    known, whole = _beginnings(), _whole()
    last = Parts("", "", plain=True, plain_rest=True)
    ways: list[list[Parts]] = [[] for _ in range(len(letters))]  # of what stands from each letter on
    for start in range(len(letters) - 1, -1, -1):
        found: dict[Parts, None] = {}
        for end in range(min(len(letters), start + 6), start, -1):
            part = letters[start:end]
            if part in known or part in _DIGITS:
                ends = end == len(letters)
                for after in (last,) if ends else ways[end]:
                    plain = ends or (after.plain and part in whole)
                    found[Parts(part[0] + after.initials, part, plain, after.plain)] = None
        ways[start] = list(found)[:MOST]
    return tuple(ways[0])


def heard(letters: str, readings: Sequence[tuple[str, ...]], *, at: int = 0) -> int | None:
    """How many characters, from one on, the letters are the pinyin of, each begun or whole; None when they are not."""
    if not letters:
        return 0
    if at == len(readings):
        return None
    for reading in readings[at]:
        for length in range(len(reading), 0, -1):
            if letters.startswith(reading[:length]):
                rest = heard(letters[length:], readings, at=at + 1)
                if rest is not None:
                    return rest + 1
    return None
