"""A day typed in: 2026-11-22, 11-22 or 22; the arrows go a day back and forth."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from shopcrm.ui.kit.edits import LineEdit

_PARTS: Final = re.compile(r"(?:(?:([0-9]{4})\D+)?([0-9]{1,2})\D+)?([0-9]{1,2})\D*|([0-9]{4})([0-9]{2})([0-9]{2})")
_STEPS: Final = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}


def read_day(text: str, *, today: date, coming: bool = False) -> date | None:
    """The day that is meant; None: it is no day.

    What is left out is of the last such day up to `today`, or of the next one (`coming`).
    """
    found = _PARTS.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(found[at] or found[at + 3] or 0) for at in (1, 2, 3))
    try:
        if year and month:
            return date(year, month, day)
        if month:
            meant = date(today.year, month, day)
            if coming:
                return meant if meant >= today else date(today.year + 1, month, day)
            return meant if meant <= today else date(today.year - 1, month, day)
        first = today.replace(day=1)
        if coming and day < today.day:
            first = (first + timedelta(days=31)).replace(day=1)
        elif not coming and day > today.day:
            first = (first - timedelta(days=1)).replace(day=1)
        return first.replace(day=day)
    except ValueError:
        return None


class DayEdit(LineEdit):
    """One day, of those that were, or of those to come."""

    def __init__(
        self, parent: QWidget | None = None, *, today: date, label: str, name: str, coming: bool = False
    ) -> None:
        super().__init__(parent, label=label, name=name)
        self._today, self._coming = today, coming
        self.set_day(today)

    def day(self) -> date | None:
        """The day that is typed, None when it is none."""
        return read_day(self.text(), today=self._today, coming=self._coming)

    def set_day(self, day: date) -> None:
        """Show a day."""
        self.setText(day.isoformat())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, day = _STEPS.get(Qt.Key(event.key())), self.day()
        if step is not None and day is not None and not self.composing:
            self.set_day(day + timedelta(days=step))
        else:
            super().keyPressEvent(event)
