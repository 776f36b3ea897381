"""Wordings that a shop keeps (U2, U16): how long their parts may be, and the words as they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from shopcrm.base import templates
from shopcrm.base.channels import chat_text
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _
from shopcrm.base.text import clean

LONGEST_BODY: Final = 100_000


@dataclass(eq=False)
class PartTooLong(UserFailure):
    """A part of a wording that is longer than it may be."""

    text: ClassVar[str] = N_("“{label}” takes at most {most} characters; these are {length}.")
    label: str  # in English
    most: int
    length: int

    @property
    def message(self) -> str:
        """The sentence in the current language."""
        return _(self.text).format(label=_(self.label), most=f"{self.most:,}", length=f"{self.length:,}")


def fitting(text: str, most: int, label: str) -> str:
    """The text, when it is not too long.

    Raises:
        PartTooLong: it is.
    """
    if len(text) > most:
        raise PartTooLong(label, most, len(text))
    return text


def one_line(text: str) -> str:
    """A text with single blanks, nothing invisible and no line ends."""
    return " ".join(clean(text).split())


def body(text: str, label: str) -> str:
    """Words with blanks as they are kept; empty for nothing but blanks.

    Raises:
        PartTooLong, TemplateFailure: they cannot be kept.
    """
    fitting(text.strip(), LONGEST_BODY, label)
    if not clean(text):
        return ""
    templates.check(text)
    return chat_text(text)
