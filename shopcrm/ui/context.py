"""What pages and parts are given: the shop, two verbs, jobs, words to the user, and the way to other pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from shopcrm.base import i18n, opened_files
from shopcrm.base.money import format_money
from shopcrm.base.paths import Home
from shopcrm.ui.arrivals import Arrivals
from shopcrm.ui.backups import Backups
from shopcrm.ui.beside import Beside
from shopcrm.ui.clipboard import Clipboard
from shopcrm.ui.hub import Hub
from shopcrm.ui.messages import Messages
from shopcrm.ui.operations import Jobs, Operations
from shopcrm.ui.palette import Commands
from shopcrm.ui.seat import Seat

if TYPE_CHECKING:
    from shopcrm.app import Shop
    from shopcrm.collect.attachments import File
    from shopcrm.store.journal import Undone

T = TypeVar("T")
CLIPBOARD_MS = 60_000
WAITING_MS = 400  # an edit that is not written by then waits for the import


@dataclass(frozen=True)
class Listing:
    """Customers that another page wants listed. Asked anew with the list, so that number and list always agree."""

    title: str  # in the language in use
    ids: Callable[[Any, Any], Any]  # (tx, columns) → customer ids; runs off the GUI thread


@dataclass(frozen=True, eq=False)  # two with the same words are still two
class Unsaved:
    """What was typed into the fields of a form and not saved."""

    texts: dict[str, str]
    customer: tuple[int, str] | None = None  # who was chosen in it: id and name


@dataclass(frozen=True)
class Draft:
    """A note that is half written."""

    text: str = ""
    files: tuple[File, ...] = ()


class Context(QObject):
    """One a window. Widgets keep a reference to it and to nothing else of the program."""

    page_wanted = Signal(
        str, object
    )  # page key, what to show there (a customer id, a group, a Listing, a list of paths, None)
    customer_changed = Signal(object)  # whose card is open now: an id or None
    draft_changed = Signal(int, object)  # a customer's id, the Draft of her next note
    served = Signal(int)  # who was served in the side panel: something was copied or noted

    def __init__(
        self, shop: Shop, *, seat: Seat, messages: Messages, commands: Commands, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.shop = shop
        self.seat = seat
        self.hub = Hub(self)
        self.messages = messages
        self.commands = commands
        self.unsaved: dict[str, list[Unsaved]] = {}  # by form, the newest last; for the session
        self._drafts: dict[int, Draft] = {}
        self.operations = Operations(shop, messages, self)
        self.jobs = Jobs(self.operations, messages, self)
        self._customer: int | None = None
        self.jobs.refused.connect(self._say_refused)
        self.backups = Backups(shop, seat, self.operations, self.jobs, messages, parent=self)
        self.arrivals = Arrivals(shop, seat, self.operations, self.jobs, messages, parent=self)
        self.clipboard = Clipboard(seat, self.operations, parent=self)
        self.beside = Beside(self)
        self._at_work = (self.backups, self.arrivals, self.clipboard, self.beside)

    def start(self) -> None:
        """Begin with what is done by itself while the window is open."""
        self.operations.look(self, lambda: opened_files.empty(self.home.opened), done=lambda _none: None)
        for part in self._at_work:
            part.start()

    def stop(self) -> None:
        """End it: the shop is being closed."""
        opened_files.empty(self.home.opened)
        for part in self._at_work:
            part.stop()

    def _say_refused(self) -> None:
        self.messages.toast(i18n._("Something else is still running. Wait for it or cancel it."), icon="info")

    def _say_waiting(self) -> None:
        if self.jobs.running and self.operations.writes:
            self.messages.toast(i18n._("Saved after the import"), icon="clock")

    # What is half written

    def draft(self, customer: int) -> Draft:
        """The next note of a customer as far as it is written: the same wherever her card is open."""
        return self._drafts.get(customer, Draft())

    def keep_draft(self, customer: int, draft: Draft) -> None:
        """Keep it for the session, through other cards and another language or size of text."""
        if draft == self.draft(customer):
            return
        self._drafts[customer] = draft
        self.draft_changed.emit(customer, draft)

    # The two verbs

    def read(
        self,
        owner: QObject,
        question: Callable[[Any], T],
        *,
        done: Callable[[T], None],
        latest: str = "",
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Ask the shop off the GUI thread; `done` gets the answer on it."""
        self.operations.read(owner, question, done=done, latest=latest, failed=failed)

    def write(
        self,
        owner: QObject,
        change: Callable[[Any], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Change the shop in one transaction off the GUI thread."""
        self.operations.write(owner, change, done=done, failed=failed, about=self._customer)
        if self.jobs.running:
            QTimer.singleShot(WAITING_MS, self, self._say_waiting)

    def write_undoable(
        self,
        owner: QObject,
        change: Callable[[Any], int],
        *,
        said: str,
        done: Callable[[int], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Change the shop by a function that returns its change set, then say so with Undo."""

        def written(change_set: int) -> None:
            self.messages.toast(said, undo=lambda: self.undo(change_set))
            if done is not None:
                done(change_set)

        self.write(owner, change, done=written, failed=failed)

    def undo(self, change_set: int) -> None:
        """Take back a change set and say so, with Redo."""

        def undone(undone: Undone) -> None:
            if self._nothing_done(undone):
                return
            change = undone.change_set
            self.messages.toast(i18n._("Undone."), icon="undo-2", redo=lambda: self.redo(change))

        self.write(self, lambda tx: _taken_back(tx, change_set), done=undone)

    def redo(self, undoing: int) -> None:
        """Do again what an undo took back, and say so."""

        def done(undone: Undone) -> None:
            if self._nothing_done(undone):
                return
            change = undone.change_set
            self.messages.toast(i18n._("Done again."), icon="redo-2", undo=lambda: self.undo(change), again=True)

        self.write(self, lambda tx: _taken_back(tx, undoing), done=done)

    def _nothing_done(self, undone: Undone) -> bool:
        """Whether all of it stays as it is, because it was changed since; that is said."""
        nothing = bool(undone.kept) and not undone.restored
        if nothing:
            self.messages.toast(i18n._("Left as it is: it was changed since."), icon="info")
        return nothing

    # The way to other pages

    def go_to(self, page: str, target: object = None) -> None:
        """Open a page: `desk` (a customer id), `customers` (a group, a `Listing`), `data` (paths) and so on.

        `segments` takes a group, or "rule" to change the rule of the groups. `scripts` takes a script's place, the
        code of a product for its answers, or the path of a sheet.
        """
        self.page_wanted.emit(page, target)

    def open_customer(self, customer: int) -> None:
        """Open a customer's card at the desk."""
        self.go_to("desk", customer)

    # Whose card is open

    @property
    def customer(self) -> int | None:
        """Whose card was shown last, at the desk or beside a list: whom words are written to."""
        return self._customer

    def attend(self, customer: int | None) -> None:
        """A card is shown (None: the one that was is closed)."""
        if customer != self._customer:
            self._customer = customer
            self.customer_changed.emit(customer)

    # What a page needs to know

    @property
    def home(self) -> Home:
        """The folder of the shop."""
        return self.shop.home

    @property
    def language(self) -> str:
        """The language of the window."""
        return i18n.language()

    @property
    def currency(self) -> str:
        """The shop's currency."""
        return self.shop.info.currency

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.shop.info.timezone)

    @property
    def today(self) -> date:
        """The day the shop is looked at (the real one, unless told otherwise)."""
        return self.shop.as_of

    @property
    def hour(self) -> int:
        """The hour of the day in the shop's zone, for words that are said now."""
        return self.shop.now.astimezone(self.zone).hour

    def money(self, minor: int, *, currency: str = "") -> str:
        """An amount as people read it."""
        return format_money(minor, currency=currency or self.currency, language=self.language)

    def copy(self, text: str, *, said: str, private: bool = False) -> None:
        """Put exactly this text on the clipboard and say so; a `private` one (a phone) leaves it after a minute."""
        clipboard = QApplication.clipboard()
        clipboard.setText(text)
        self.messages.toast(said, icon="copy")
        if private:
            QTimer.singleShot(CLIPBOARD_MS, self, lambda: clipboard.clear() if clipboard.text() == text else None)

    def exports_folder(self) -> Path:
        """Where lists are offered to be saved."""
        return self.home.exports


def _taken_back(tx: Any, change_set: int) -> Undone:
    """Undo on a worker thread."""
    from shopcrm.collect import edits

    return edits.undo(tx, change_set)
