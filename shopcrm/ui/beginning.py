"""What a new shop is begun with, before there is one: told, or guessed from language and machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from shopcrm.base import guesses


@dataclass(frozen=True)
class Beginning:
    """What a new shop is made with, and the files it begins with. What is `by_hand` is not guessed anew."""

    language: str
    currency: str
    timezone: str
    trade: str = ""
    files: tuple[Path, ...] = ()
    by_hand: frozenset[str] = frozenset()

    @staticmethod
    def guessed(language: str, *, currency: str | None = None, timezone: str | None = None) -> Beginning:
        """What was told, and the rest guessed from language and machine."""
        told = {"currency": currency, "timezone": timezone}
        return Beginning(
            language,
            currency or guesses.currency(language),
            timezone or guesses.timezone(language),
            by_hand=frozenset(name for name, value in told.items() if value),
        )

    def speaking(self, language: str) -> Beginning:
        """In another language: what was guessed from the old one is guessed again."""
        kept = {name: getattr(self, name) for name in self.by_hand}
        return replace(Beginning.guessed(language), by_hand=self.by_hand, **kept)
