"""A text as the way to the customer wants it (U16): exact for a chat, in one line for an SMS, counted in SMS parts.

An SMS whose letters all stand in the alphabet of GSM 03.38 holds 160 of them, any other 70 (UTF-16 units). A longer
one goes in parts of 153 or 67, and neither a pair of units nor a letter behind the escape is torn between two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Nobody sees these, and a chat would send them: zero-width blanks, byte order marks, direction overrides, controls.
# Joiners stay, emoji and many scripts are made with them; so do the plain direction marks.
_UNSEEN: Final = re.compile("[\0-\x08\x0e-\x1b\x1f\x7f\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_MANY_LINES: Final = re.compile(r"\n{3,}")

_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_ESCAPED: Final = frozenset("\f^{}\\[~]|€")  # two places each
_ROOM: Final = {True: (160, 153), False: (70, 67)}  # of one alone, of a part; by whether it is in that alphabet


def chat_text(text: str) -> str:
    r"""What is put on the clipboard for a chat: the words and nothing else.

    Line ends of any kind are one `\n` (each system's clipboard makes its own of it), no line ends in blanks, none is
    blank at the ends, at most one in between, and there is no letter that nobody sees.
    """
    text = _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))
    lines = [line.rstrip() for line in text.split("\n")]
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip()


def sms_text(text: str) -> str:
    """The same for an SMS: in one line, as vendors' lists want it."""
    return " ".join(chat_text(text).split())


@dataclass(frozen=True)
class SmsLength:
    """How long a text is as an SMS."""

    units: int  # places: UTF-16 units, or letters of the GSM alphabet
    parts: int  # that are paid for; 0 for no text
    room: int  # places of one part, as many as there are
    plain: bool  # in the GSM alphabet


def sms_length(text: str) -> SmsLength:
    """The length of `sms_text`."""
    text = sms_text(text)
    plain = all(letter in _GSM or letter in _GSM_ESCAPED for letter in text)
    sizes = [1 + (letter in _GSM_ESCAPED if plain else ord(letter) > 0xFFFF) for letter in text]
    alone, part = _ROOM[plain]
    units = sum(sizes)
    if units <= alone:
        return SmsLength(units, int(units > 0), alone, plain)
    parts, filled = 1, 0
    for size in sizes:
        if filled + size > part:
            parts, filled = parts + 1, 0
        filled += size
    return SmsLength(units, parts, part, plain)
