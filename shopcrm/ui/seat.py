"""What this PC remembers: language, theme, text size, where the window stood, who was served today."""

from __future__ import annotations

import logging
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from shopcrm.base.files import atomic_write
from shopcrm.base.options import Option

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Seat:
    """A small TOML file. A damaged one counts as empty: it holds nothing that cannot be chosen again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held = False
        self._values: dict[str, Any] = {}
        try:
            self._values = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            pass
        except (OSError, ValueError):
            _log.warning("the seat file could not be read")

    def get(self, option: Option[T]) -> T:
        """An option's value here; its default when it is missing or out of bounds."""
        value = self._values.get(option.key, option.default)
        return value if option.takes(value) else option.default

    def set(self, option: Option[T], value: T) -> None:
        """Set an option and save."""
        self.put(option.key, value)

    def text(self, key: str) -> str:
        """A remembered text."""
        value = self._values.get(key, "")
        return value if isinstance(value, str) else ""

    def put(self, key: str, value: object) -> None:
        """Remember a value (text or whole number) and save."""
        if self._values.get(key) == value:
            return
        self._values[key] = value
        if not self._held:
            self._save()

    def hold(self) -> None:
        """Write nothing for now: there is no shop yet, and a look at the first screen leaves no file."""
        self._held = True

    def release(self) -> None:
        """There is a shop: write what was held back, and at once from now on."""
        if self._held:
            self._held = False
            if self._values:
                self._save()

    def _save(self) -> None:
        lines = [f"{name} = {_literal(each)}" for name, each in sorted(self._values.items())]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(self._path, "\n".join([*lines, ""]).encode())
        except OSError:
            # A full disk must not stop the window; the choice holds until it is closed.
            _log.warning("the seat file could not be written")


def _literal(value: object) -> str:
    if isinstance(value, int):
        return str(int(value))
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
