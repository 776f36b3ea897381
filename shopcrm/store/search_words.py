"""What was typed into a search box, as questions to the index.

Blanks part terms that all must fit; a phone may be written with blanks and so may pinyin, so that a text can be read in
several ways, of which one must fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from shopcrm.base import names, syllables
from shopcrm.base.accents import unaccented
from shopcrm.base.characters import simplified
from shopcrm.base.labels import unlabelled
from shopcrm.base.text import fold

LONGEST: Final = 120  # characters that are looked at; behind them nobody types a name or a number
TERMS: Final = 6
BEGUN: Final = 6  # so long beginnings are tokens of their own
SPELT: Final = 8  # and so long initials
TAIL: Final = 4  # and so long the tail of a phone

_PIECES: Final = 3  # of digits that are asked for one term
_WHOLE: Final = 9  # so many digits are one number, however they are parted
_MIXED: Final = 6  # ways of parting mixed pinyin that are asked for
_NAME_CHARACTER: Final = re.compile(r"[^\W\d_a-z]", re.UNICODE)
_UNSAFE: Final = re.compile(
    r"[\s\x00-\x2a\x2c\x2f\x3a-\x3f\x5b-\x5e\x60\x7b-\x7f]"
)  # where the ascii tokenizer would part a token
_DIGITS: Final = re.compile(r"[0-9]{4,}")
_NUMBER: Final = re.compile(r"\(?\+?\(?[0-9][0-9 ()./·-]*")
_UMLAUT: Final = dict.fromkeys(map(ord, "üǖǘǚǜ"), "v")
_CHINA: Final = re.compile(r"(?:\+86|0086|86(?=1[3-9][0-9]{9}$))")


def plain(text: str) -> str:
    """A text as the index compares it: folded, in simplified characters, without accents."""
    return unaccented(simplified(fold(text)))


def safe(word: str) -> str:
    """What of a word stands in a token."""
    return word if word.isalnum() else _UNSAFE.sub("", word)


def characters(word: str) -> list[str]:
    """The characters of a word that are a name's by themselves: Chinese ones, and letters that are not a to z."""
    return [] if word.isascii() else _NAME_CHARACTER.findall(word)


def of_characters(found: list[str]) -> list[str]:
    """The tokens of characters that follow each other: each of them, and each pair."""
    return ["n" + one for one in found] + ["n" + a + b for a, b in pairwise(found)]


def grams(word: str) -> list[str]:
    """The tokens of all pieces of a word: three signs, and four digits, which are told apart better."""
    found = ["x" + word[at : at + 3] for at in range(len(word) - 2)]
    if not word.isascii():
        found = [gram for gram in found if len(characters(gram)) < 3]  # those of characters alone are in pairs
    elif is_digits(word):
        return found + ["x" + word[at : at + 4] for at in range(len(word) - 3)]
    return found + ["x" + run[at : at + 4] for run in _DIGITS.findall(word) for at in range(len(run) - 3)]


def is_digits(word: str) -> bool:
    """Whether a word is digits alone."""
    return word.isascii() and word.isdigit()


@dataclass(frozen=True)
class Asked:
    """What the index is asked for one term; blank: nothing."""

    begins: str  # who is called so, begins so, sounds so; whose phone ends so
    holds: str = ""  # who holds it somewhere
    mixed: str = ""  # who sounds so when some characters are spelt and some begun

    @property
    def otherwise(self) -> str:
        """Who does not begin so but may fit."""
        return _any((self.holds, self.mixed))

    @property
    def either(self) -> str:
        """What a term beside others is asked for."""
        return _any((self.begins, self.holds, self.mixed))


@lru_cache(maxsize=64)
def ways(typed: str) -> tuple[tuple[str, ...], ...]:
    """How a text can be read: each way is the terms that all must fit. Nothing where nothing was typed."""
    sound = typed[: LONGEST * 4].encode("utf-8", "ignore").decode("utf-8")
    folded = fold(sound)
    text = plain(sound)[:LONGEST]
    rest, surely = unlabelled(text)
    found: dict[tuple[str, ...], None] = {}
    if (spelt := folded.translate(_UMLAUT)) != folded:  # as pinyin is typed: lü is lv there
        found[tuple(plain(spelt)[:LONGEST].split()[:TERMS])] = None
    for each in (rest,) if surely else (rest, text):
        words = each.split()[:TERMS]
        number = _number(each)
        if number and (number,) != tuple(words):
            found[(number,)] = None
        if number.startswith("0") and len(number) > 7:  # as dialled at home; the index has the country's code
            found[(number.lstrip("0"),)] = None
        if len(words) > 1 and all(word.replace("'", "").isalpha() and word.isascii() for word in words):
            found[("".join(words),)] = None
        if words and (len(words) == 1 or len(number) < _WHOLE):
            found[tuple(words)] = None
    return tuple(found)


def _number(text: str) -> str:
    """The digits of what is written as a phone is: with blanks, hyphens, the code of China; blank for another text."""
    if _NUMBER.fullmatch(text) is None:
        return ""
    bare = re.sub(r"[^0-9+]", "", text)
    return _CHINA.sub("", bare, count=1).lstrip("+")


def exactly(way: tuple[str, ...]) -> str:
    """The token of who is called so and not otherwise; blank where there is none."""
    whole = safe("".join(way))
    return f'"w{whole}"' if whole else ""


@lru_cache(maxsize=256)
def asking(word: str) -> Asked:
    """What the index is asked for a term."""
    ours = safe(word)
    if not ours:
        return Asked("")
    if characters(ours):
        return Asked(_all(_of_mixed(ours)))
    begins = [f'"b{ours}"' if len(ours) <= BEGUN else f'"w{ours}"*']
    holds, mixed = _all(_telling(ours)) if len(ours) > 2 else "", ""
    if is_digits(ours) and len(ours) >= TAIL:
        back = ours[::-1]
        begins.append(f'"t{back}"' if len(ours) == TAIL else f'"t{back}"*')
    elif ours.isalnum() and ours[0].isalpha():
        begins += _sounding(ours)
        mixed = _any(_mixed(ours))
    return Asked(_any(begins), holds, mixed)


def _sounding(letters: str) -> list[str]:
    """Whose name sounds so: by initials, and by its full spelling."""
    found = [f'"y{letters}"'] if len(letters) <= SPELT else []
    if len(letters) > 1:
        found.append(_spelt(letters))
    return found


def _spelt(letters: str) -> str:
    return f'"f{letters}"' if len(letters) <= BEGUN else f'"f{letters}"*'


def _mixed(letters: str) -> list[str]:
    """Whose name sounds so when some characters are spelt and of others the first letters are typed: `linxm`."""
    ways = sorted(syllables.parted(letters), key=lambda each: len(each.initials))
    # Whole syllables are hardly meant as many more characters.
    most = next((len(each.initials) + 1 for each in ways if each.plain), SPELT)
    parted: dict[str, None] = {}
    for each in ways:
        count, rest = len(each.initials), letters[len(each.first) :]
        if not each.plain and count < len(letters) and count <= min(most, SPELT):
            tokens = [f'"y{each.initials}"']
            if len(each.first) > 1:
                tokens.append(_spelt(each.first))
            if each.plain_rest and len(rest) > 1:  # the given name alone is spelt in the index too
                tokens.append(_spelt(rest))
            parted[" AND ".join(tokens)] = None
    return list(parted)[:_MIXED]


def _of_mixed(word: str) -> list[str]:
    """The tokens that a word with characters in it must have."""
    pairs = [f"n{a}{b}" for a, b in pairwise(word) if characters(a) and characters(b)]
    alone = [f"n{one}" for one in characters(word) if not any(one in pair[1:] for pair in pairs)]
    return [*pairs, *alone, *(gram for gram in grams(word))]


def _telling(word: str) -> list[str]:
    """The pieces that are asked for a word.

    The engine walks through the customers of each, so of a long word only those that tell people apart: not the
    beginning, which phones and nicks share, nor the provider of an e-mail address, and of the rest some.
    """
    name = word.partition("@")[0]
    part = name if len(name) >= 3 else word
    if is_digits(part) and len(part) >= 4:
        return _of_digits(part)
    last = len(part) - 3
    places = range(last, 0, -2 if last < 8 else -3) if last > 4 else range(last, -1, -1)
    return [f"x{part[place : place + 3]}" for place in places]


def _of_digits(digits: str) -> list[str]:
    last = len(digits) - 4
    # The first one comes last, but where others are the same (30000000) it is better than none.
    places = (*range(last, 0, -2), *range(last - 1, 0, -2), 0) if last > 2 else (last, 0)
    return list(dict.fromkeys([f"x{digits[place : place + 4]}" for place in places]))[:_PIECES]


def _all(tokens: Iterable[str]) -> str:
    return " AND ".join(f'"{token}"' for token in dict.fromkeys(tokens))


def _any(parts: Sequence[str]) -> str:
    return " OR ".join(f"({part})" for part in parts if part)


@dataclass(frozen=True)
class Fit:
    """How a customer fits what was typed: by which field, what stands in it, and the terms that were read."""

    field: str  # name pinyin, the kind of an identity, or what `Elsewhere` says
    value: str
    terms: tuple[str, ...]


def fit(
    name: str,
    identities: Iterable[tuple[str, str]],
    typed: str,
    *,
    otherwise: Callable[[str], tuple[str, str] | None] = lambda _term: None,
) -> Fit | None:
    """How somebody fits each term of one way to read what was typed; None for a false hit.

    Of several fields that one is told which says more than the name, which is seen anyway.

    Args:
        name: As it is shown.
        identities: Kind and value of each.
        typed: What was typed.
        otherwise: By term the field and the value of what is not in the index.
    """
    folded = _seen(name)
    values = list(identities)
    for way in ways(typed):
        found = []
        for term in way:
            one = _fitting(term, name, folded, values) or otherwise(term)
            if one is None:
                break
            found.append(one)
        else:
            telling = next((one for one in found if one[0] not in ("name", "pinyin")), found[0])
            return Fit(*telling, way)
    return None


# What is told of a customer at one key is hers at the next one too.
_seen = lru_cache(maxsize=4_096)(plain)


def _fitting(term: str, name: str, folded: str, values: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    ours = safe(term)
    for kind, value in values:
        if kind == "phone" and value.endswith(term):
            return kind, value
    if _holds(folded, term, ours):
        return "name", name
    for kind, value in values:
        if _holds(value if kind == "phone" else _seen(value), term, ours):
            return kind, value
    return ("pinyin", name) if sounding(folded, ours) is not None else None


def _holds(seen: str, term: str, ours: str) -> bool:
    return term in seen or (ours != "" and ours in safe(seen))


def sounding(folded: str, letters: str) -> tuple[int, int] | None:
    """From where to where the characters of a name sound like these letters, counted without blanks and signs."""
    if not letters[:1].isalpha() or not letters.isascii() or folded.isascii():
        return None
    for part in names.heard_as(folded.replace("*", "")):
        heard = syllables.heard(letters, names.readings(part))
        if heard is not None:
            begin = len(folded) - len(part) if part != folded else 0
            return begin, begin + heard
    return None
