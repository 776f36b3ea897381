"""Phone numbers as identities: masks and marketplaces' virtual numbers are nobody's, the rest is written one way."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from shopcrm.base.text import clean, is_masked

_SEPARATORS: Final = re.compile(r"[\s\-.()/·'’]+")
_CN_MOBILE: Final = re.compile(r"(?:\+?86|0086)?0?(1[3-9][0-9]{9})")
MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")  # a Chinese one, as `normalise` writes it
_VIRTUAL: Final = re.compile(r"(?:\+?86|0086)?[ -]?1[0-9]{10} ?(?:-|转|,|#|ext\.?) ?[0-9]{3,6}", re.IGNORECASE)
_OFFICE_EXTENSION: Final = re.compile(r"(?<=[0-9]{7}) ?(?:-|转) ?(?=[0-9]{1,5}$)")
_TAIL: Final = re.compile(r"[0-9]+$")
# What people type when they don't want to give one.
_PLACEHOLDERS: Final = frozenset({"13800138000", "13800000000", "13000000000", "13900000000"})


def is_virtual(text: str) -> bool:
    """Whether it is a marketplace's stand-in: a mobile number with an extension (`18400913965-7576`), one an order."""
    return _VIRTUAL.fullmatch(unicodedata.normalize("NFKC", clean(text))) is not None


def normalise(text: str, *, region: str = "CN") -> str | None:
    """The one way to write a number: a Chinese mobile as its 11 digits, any other as `+` and digits.

    None for masked, virtual, made-up and impossible numbers and for hotlines, which identify nobody. An extension
    behind a landline stays, after `x`: without it the number is a whole office.

    Args:
        text: as somebody wrote it.
        region: country (two letters) of numbers without a country code.
    """
    mobile = _CN_MOBILE.fullmatch(text)
    if mobile is None:
        text = unicodedata.normalize("NFKC", clean(text))
        if not text or is_masked(text) or is_virtual(text):
            return None
        mobile = _CN_MOBILE.fullmatch(_SEPARATORS.sub("", text))
    if mobile and (region == "CN" or text.startswith(("+86", "0086"))):
        return None if mobile[1] in _PLACEHOLDERS else mobile[1]
    return _international(text, region)


def usual(texts: list[str]) -> list[str | None]:
    """Those texts that are a Chinese mobile number as `normalise` writes it; None for any other. Many at once."""
    return [
        text if found and text not in _PLACEHOLDERS else None
        for text, found in zip(texts, map(MOBILE.fullmatch, texts), strict=True)
    ]


def _international(text: str, region: str) -> str | None:
    import phonenumbers

    if sum(letter.isdigit() for letter in text) < 6:
        return None
    if region == "CN" and text.startswith("00"):
        text = f"+{text[2:]}"
    text = _OFFICE_EXTENSION.sub(" x", text)
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    hotlines = (
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.UAN,
    )
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) in hotlines:
        return None
    plain = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    mobile = _CN_MOBILE.fullmatch(plain)
    if mobile:
        return mobile[1]
    return f"{plain}x{number.extension}" if number.extension else plain


def tail(text: str, *, digits: int = 4) -> str:
    """The last digits, also of a masked number (`*******1234`): what a buyer tells on the phone."""
    found = _TAIL.search(unicodedata.normalize("NFKC", clean(text)).split("x", 1)[0])
    return found[0][-digits:] if found else ""


def display(number: str) -> str:
    """A normalised number as people read it: `138 0013 5678`, `+44 20 7946 0958`."""
    if len(number) == 11 and number.isdecimal():
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    if not number.startswith("+"):
        return number
    import phonenumbers

    plain, _, extension = number.partition("x")
    shown = str(
        phonenumbers.format_number(phonenumbers.parse(plain), phonenumbers.PhoneNumberFormat.INTERNATIONAL),
    )
    return f"{shown} x{extension}" if extension else shown
