"""Texts that no field holds: said, and nothing of them cut off in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_


@dataclass(eq=False)
class TooLong(UserFailure):
    """A text that no field holds: nothing of it is cut off in silence."""

    text: ClassVar[str] = N_("This is too long: {length} characters. At most {most} fit.")
    length: str
    most: str


def fitting(text: str, most: int) -> str:
    """The text, where it fits.

    Raises:
        TooLong: it does not.
    """
    if len(text) > most:
        raise TooLong(f"{len(text):,}", f"{most:,}")
    return text
