"""The search box at work: customers go to the desk, commands to the panel below it, and keys to whichever is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from shopcrm.ui.frame import Frame, later
from shopcrm.ui.palette import Commands, only_commands
from shopcrm.ui.parts.palette_panel import PalettePanel

if TYPE_CHECKING:
    from shopcrm.ui.pages.desk import DeskPage


LONGEST = 300  # what is pasted besides is no name and no number


class Searching(QObject):
    """One a frame."""

    def __init__(self, frame: Frame, commands: Commands, over: QWidget) -> None:
        super().__init__(frame)
        self._frame, self._commands = frame, commands
        self._box = frame.header.search
        self._box.edit.setMaxLength(LONGEST)
        self._panel = PalettePanel(self._box, over)
        frame.destroyed.connect(self._panel.deleteLater)
        frame.opened.connect(self._panel.hide)
        self._panel.chosen.connect(self._run)
        commands.wanted.connect(self._run)
        self._box.query_changed.connect(self._searched)
        self._box.moved.connect(self._moved)
        self._box.submitted.connect(self._accepted)
        self._box.escaped.connect(self._escaped)
        self._box.edit.focused.connect(self._focus_moved)

    def begin(self) -> None:
        """Ctrl+K: go into the box. Before anything is typed it says what can be done."""
        self._box.select()
        if self._box.edit.text():
            return
        if self._at_desk:
            self._desk.offer()
        else:
            self._panel.offer(self._commands.useful())

    def _run(self, key: str) -> None:
        # Once the key that chose it is over.
        self._box.clear()
        later(self._frame, lambda: self._commands.run(key))

    @property
    def _at_desk(self) -> bool:
        return self._frame.current is not None and self._frame.current.key == "desk"

    @property
    def _desk(self) -> DeskPage:
        return cast("DeskPage", self._frame.page("desk"))

    def _searched(self, text: str) -> None:
        command = only_commands(text)
        if command is not None:
            self._panel.offer(self._commands.find(command), typed=command or text)
            text = ""
        else:
            self._panel.hide()
        if text.strip() and not self._at_desk:
            self._frame.open("desk")
        if self._at_desk:
            self._desk.search(text)

    def _focus_moved(self) -> None:
        if not self._box.edit.hasFocus():
            self._panel.hide()
            if self._at_desk:
                self._desk.put_away()

    def _moved(self, steps: int) -> None:
        if self._panel.isVisible():
            self._panel.step(steps)
        else:
            self._desk.step(steps)

    def _accepted(self, _text: str) -> None:
        if self._panel.isVisible():
            self._panel.accept()
        else:
            self._desk.accept()

    def _escaped(self) -> None:
        self._panel.hide()
        self._box.clear()
        if self._at_desk:
            self._desk.put_away()
