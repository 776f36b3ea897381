"""Three kinds of failure, each a small class with typed arguments, translated where it is shown.

The user's (`UserFailure`: said as it is), the environment's (`EnvironmentFailure`: disk, lock, damage; a retry
may help) and a bug (any other exception; its report is kept).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

from shopcrm.base.i18n import N_, _


class Failure(Exception):
    """Something to be told in one sentence: what, where, and what to do. Subclasses are dataclasses."""

    text: ClassVar[str]

    @property
    def message(self) -> str:
        """The sentence in the current language."""
        return _(self.text).format(**self._arguments())

    def _arguments(self) -> dict[str, object]:
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]  # subclasses are dataclasses

    def __str__(self) -> str:
        return self.text.format(**self._arguments())


class UserFailure(Failure):
    """The user's input cannot be taken as it is."""


class EnvironmentFailure(Failure):
    """The machine is in the way: disk, lock, permissions, a damaged file."""


@dataclass(eq=False)
class Cancelled(Failure):
    """The user stopped a running job; nothing of it was kept."""

    text: ClassVar[str] = N_("Cancelled. Nothing was changed.")
