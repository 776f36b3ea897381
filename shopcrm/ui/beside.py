"""What stands beside a chat (U1): the side panel, the clipboard it listens to, and the key that calls it up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from shopcrm.base.options import HOT_KEY, PANEL_OPEN
from shopcrm.ui.hot_key import HotKey

if TYPE_CHECKING:
    from shopcrm.act.recognise import Match
    from shopcrm.ui.context import Context
    from shopcrm.ui.panel import Panel


class Beside(QObject):
    """One a window; the panel is made when it is first wanted, and anew when the look of the program changes."""

    opened = Signal(object)  # the panel that is there now
    changed = Signal()  # the panel, the watch or the key is another

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._ctx = ctx
        self.panel: Panel | None = None
        self.hot_key = HotKey(self)
        self.hot_key.pressed.connect(self.call)
        self._called = False
        self.at_desk: Callable[[], bool] = lambda: False  # whether the desk is in sight: a card is shown there then
        ctx.clipboard.matched.connect(self._matched)
        ctx.clipboard.changed.connect(self._watch_changed)

    def start(self) -> None:
        """Begin: the key, and the panel where it was open last time."""
        self.hot_key.take(self._ctx.seat.get(HOT_KEY))
        if self._ctx.seat.get(PANEL_OPEN):
            self.open()

    def stop(self) -> None:
        """The shop is being closed; the panel comes back with it."""
        self.hot_key.release()
        self._drop()

    def rebuild(self) -> None:
        """Another language or size of text."""
        if self.panel is not None:
            customer = self.panel.customer
            self._drop()
            self.open().show_customer(customer)

    def _drop(self) -> None:
        if self.panel is not None:
            self.panel.save_place()
            self.panel.hide()
            self.panel.deleteLater()
            self.panel = None

    # The panel

    def open(self) -> Panel:
        """Show the panel, on top and without the keyboard."""
        if self.panel is None:
            from shopcrm.ui.panel import Panel  # the card and all that it knows

            panel = self.panel = Panel(self._ctx)
            panel.closed.connect(self._closed)
            panel.watch_wanted.connect(self._ctx.clipboard.watch)
            panel.restore_place()
            self.opened.emit(panel)
        self.panel.show()
        self.panel.raise_()
        self.changed.emit()
        return self.panel

    def toggle(self) -> None:
        """By its key or button: open it on whoever is looked at, or close it."""
        if self.panel is not None:
            self.panel.close()
            return
        customer = self._ctx.customer
        panel = self.open()
        panel.show_customer(customer)
        panel.activateWindow()
        panel.search.setFocus()

    def call(self) -> None:
        """Somebody wants the panel from another program: with the keyboard, and on whoever was copied there."""
        panel = self.open()
        panel.fold(on=False)
        panel.activateWindow()
        panel.search.select()
        self._called = True
        self._ctx.clipboard.look()

    def _closed(self) -> None:
        if self.panel is not None:
            self.panel.deleteLater()
            self.panel = None
            self.changed.emit()

    # Its key

    def choose_key(self, keys: str) -> bool:
        """Take this key from now on, and remember it. False: it cannot be had, and the one before stays."""
        before = self._ctx.seat.get(HOT_KEY)
        if self.hot_key.take(keys) or not keys:
            self._ctx.seat.set(HOT_KEY, keys)
            self.changed.emit()
            return True
        self.hot_key.take(before)
        return False

    # What is copied

    def _watch_changed(self) -> None:
        if self.panel is not None:
            self.panel.show_watching(on=self._ctx.clipboard.watched)
        self.changed.emit()

    def _matched(self, matches: Sequence[Match]) -> None:
        called, self._called = self._called, False
        if not matches:
            return
        if self.panel is None and len(matches) == 1 and not called and self.at_desk():
            self._ctx.open_customer(matches[0].id)
            return
        self.open().show_matches(matches)
