"""What can be undone and done again in this window, newest last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Step = Callable[[], None]
MOST: Final = 50


class History:
    """Two piles. What is undone says by itself how it is done again, when it is done."""

    def __init__(self) -> None:
        self._undos: list[Step] = []
        self._redos: list[Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self._undos)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return bool(self._redos)

    def done(self, undo: Step, *, again: bool = False) -> None:
        """Something was done. Unless it was done `again`, what was undone before it cannot come back."""
        if not again:
            self._redos.clear()
        self._undos = [*self._undos, undo][-MOST:]

    def undone(self, redo: Step) -> None:
        """Something was undone, and this does it again."""
        self._redos = [*self._redos, redo][-MOST:]

    def take(self, step: Step) -> None:
        """A step is gone its own way (the button of its toast)."""
        for pile in (self._undos, self._redos):
            if step in pile:
                pile.remove(step)

    def undo(self) -> bool:
        """Undo the newest; whether there was one."""
        return self._pop(self._undos)

    def redo(self) -> bool:
        """Do the newest again; whether there was one."""
        return self._pop(self._redos)

    def _pop(self, pile: list[Step]) -> bool:
        if not pile:
            return False
        pile.pop()()
        return True
