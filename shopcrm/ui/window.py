"""The window: frame, shortcuts, search, dropped files, and what is said to the user."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QMainWindow, QPushButton, QWidget

from shopcrm.base import clock
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import _, language
from shopcrm.base.options import LANGUAGE, TEXT_SIZE
from shopcrm.base.paths import Home
from shopcrm.base.progress import Progress
from shopcrm.ui import actions, icons, names, place, theme
from shopcrm.ui.appearance import TEXT_SIZES
from shopcrm.ui.context import Context
from shopcrm.ui.frame import Frame, later
from shopcrm.ui.instance import PANEL, WINDOW
from shopcrm.ui.kit.toast import ToastPlace
from shopcrm.ui.messages import Messages
from shopcrm.ui.pages.page import Page
from shopcrm.ui.pages.registry import EVERY, PAGES
from shopcrm.ui.palette import Commands
from shopcrm.ui.parts.drop_cover import DropCover
from shopcrm.ui.parts.keys_overlay import KeysOverlay
from shopcrm.ui.parts.rescue import RescueScreen
from shopcrm.ui.parts.start_screen import StartScreen
from shopcrm.ui.parts.status_line import Standing
from shopcrm.ui.searching import Searching
from shopcrm.ui.seat import Seat
from shopcrm.ui.speaker import Speaker

if TYPE_CHECKING:
    from shopcrm.app import Shop
    from shopcrm.store.backup import Backup
    from shopcrm.ui.beginning import Beginning
    from shopcrm.ui.parts.first_run import FirstRun

POLL_MS = 2_000
PLACE_KEY = "window"
PAGE_KEY = "page"


class Window(QMainWindow):
    """One a shop."""

    option_chosen = Signal(str, object)
    restore_wanted = Signal(object)  # the path of a backup
    shop_wanted = Signal(bool)
    begin_wanted = Signal(object)  # Beginning, chosen on the first run
    demo_wanted = Signal()  # instead of a shop of one's own
    delete_demo_wanted = Signal()
    cancel_wanted = Signal()  # of what is being made on the start screen
    retry_wanted = Signal()
    closing = Signal()

    def __init__(self, seat: Seat, messages: Messages) -> None:
        super().__init__()
        self._seat, self._messages = seat, messages
        self._ctx: Context | None = None
        self._frame: Frame | None = None
        self._may_close = False
        self._searching: Searching | None = None
        self._speaker = Speaker(self, messages)
        self.setObjectName(names.WINDOW)
        self.setWindowIcon(icons.window_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(place.LEAST)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.commands = Commands(self, open_page=self._page_for_command, seen=self._seen)
        self._cover = DropCover(self)
        self._cover.hide()
        self._poll = QTimer(self, interval=POLL_MS)
        self._wire()
        self.show_opening()

    # What is in it

    @property
    def toasts(self) -> ToastPlace:
        """Where what was done is said."""
        return self._speaker.toasts

    @property
    def ctx(self) -> Context:
        """What the pages are given; only once a shop is open."""
        if self._ctx is None:
            raise RuntimeError("no shop is open in this window")
        return self._ctx

    @property
    def frame(self) -> Frame:
        """Rail, header and pages; only once a shop is open."""
        if self._frame is None:
            raise RuntimeError("no shop is open in this window")
        return self._frame

    def show_opening(self, words: str = "") -> StartScreen:
        """Say that the shop is being opened, or what else is done before there is one."""
        self.setWindowTitle(_("ShopCRM"))
        screen = StartScreen(words or _("Opening the shop …"), self)
        screen.cancelled.connect(self.cancel_wanted)
        self.setCentralWidget(screen)
        return screen

    def show_first_run(self, beginning: Beginning, home: Home) -> None:
        """There is no shop yet: offer to begin."""
        self.setWindowTitle(_("ShopCRM"))
        from shopcrm.ui.parts.first_run import FirstRun

        screen = FirstRun(beginning, home, self)
        screen.begin_wanted.connect(self.begin_wanted)
        screen.demo_wanted.connect(self.demo_wanted)
        screen.language_chosen.connect(lambda code: later(self, lambda: self.option_chosen.emit(LANGUAGE.key, code)))
        self.setCentralWidget(screen)
        screen.first_focus().setFocus()

    @property
    def first_run(self) -> FirstRun | None:
        """The first run, while it is shown."""
        screen: Any = self.centralWidget()
        return screen if screen.objectName() == names.FIRST_RUN else None

    def show_rescue(self, text: str, home: Home, newest: Backup | None = None) -> None:
        """Say why the shop cannot be opened, and offer the newest backup that may be sound."""
        screen = RescueScreen(text, folder=home.folder, newest=newest, parent=self)
        screen.restore_wanted.connect(self.restore_wanted)
        screen.retry_wanted.connect(self.retry_wanted)
        screen.demo_wanted.connect(lambda: self.shop_wanted.emit(True))  # noqa: FBT003
        self.setCentralWidget(screen)
        later(screen, screen.first_focus().setFocus)  # once it is laid out and seen

    def enter(self, shop: Shop) -> None:
        """The shop is open: show it, on the page that was open last."""
        ctx = Context(shop, seat=self._seat, messages=self._messages, commands=self.commands, parent=self)
        self._ctx = ctx
        shop.on_changes(ctx.hub.tell)
        ctx.page_wanted.connect(self.go_to)
        ctx.hub.changed.connect(self._changed)
        ctx.operations.writes_changed.connect(self._show_waiting)
        ctx.jobs.began.connect(self._show_waiting)
        ctx.jobs.ended.connect(self._show_waiting)
        for doing in self.findChildren(actions.Doing):
            if doing.action.when in ("demo", "own"):
                doing.setVisible((doing.action.when == "demo") == shop.info.is_demo)
        self._frame = self._new_frame()
        self._title()
        last = self._seat.text(PAGE_KEY)
        self.go_to(last if last in {page.key for page in PAGES} else PAGES[0].key)
        self._read_standing()
        # The first look only notes where the file stands; from then on others' writes are noticed.
        ctx.operations.look(self, shop.changed_elsewhere, done=lambda _changed: None)
        self._poll.start()
        ctx.backups.made.connect(self._read_standing)
        ctx.beside.opened.connect(self._speaker.also_in)
        ctx.beside.at_desk = lambda: self._seen() == PAGES[0].key and self.isVisible() and not self.isMinimized()
        ctx.start()

    def leave(self, screen: QWidget | None = None) -> Context | None:
        """Let the shop go and show `screen`. What the shop was asked through is the caller's to wait for and delete."""
        ctx, self._ctx = self._ctx, None
        self._poll.stop()
        self._frame = self._searching = None
        self._speaker.forget()
        if ctx is not None:
            ctx.stop()
        if screen is None:
            self.show_opening()
        else:
            self.setCentralWidget(screen)
        return ctx

    def take_seat(self, seat: Seat) -> None:
        """Remember from now on in another place: the window goes over to another shop."""
        self._seat = seat

    def _new_frame(self) -> Frame:
        frame = Frame(self.ctx, self)
        frame.page_made.connect(self._page_made)
        frame.opened.connect(self._page_opened)
        self._searching = Searching(frame, self.commands, self)
        frame.header.command_wanted.connect(lambda key: later(self, self._handlers[key]))
        frame.header.theme_wanted.connect(self._toggle_theme)
        frame.status.keys_wanted.connect(self.show_keys)
        self.toasts.keep_clear(frame.strip)
        frame.status.backups_wanted.connect(self._to_backups)
        self.setCentralWidget(frame)
        return frame

    def _wire(self) -> None:
        self._poll.timeout.connect(self._look_elsewhere)
        self._handlers = {
            "search": self._search,
            "theme": self._toggle_theme,
            "larger": lambda: self._step_text(1),
            "smaller": lambda: self._step_text(-1),
            "import": self._import,
            "new_order": self._new_order,
            "new_customer": self._new_customer,
            "rule": lambda: self.go_to("segments", "rule"),
            "products": lambda: self.go_to("data", "products"),
            **{page: lambda page=page: self.go_to(page) for page in ("who", "tags", "parcels")},  # type: ignore[misc]  # a default
            "keys": self.show_keys,
            "undo": self._speaker.undo,
            "redo": self._speaker.redo,
            "settings": lambda: self.go_to("settings"),
            "backups": self._to_backups,
            "back_up": lambda: self.ctx.backups.by_hand(said=lambda _made: _("Backed up, and the copy was checked")),
            "panel": lambda: self.ctx.beside.toggle(),  # noqa: PLW0108  # another shop has another one
            "own_shop": lambda: self.shop_wanted.emit(False),  # noqa: FBT003
            "demo_shop": lambda: self.shop_wanted.emit(True),  # noqa: FBT003
            "delete_demo": self.delete_demo_wanted.emit,
        }
        able = {
            "undo": lambda: self._speaker.history.can_undo,
            "redo": lambda: self._speaker.history.can_redo,
            "idle": lambda: self._ctx is not None and not self._ctx.jobs.running,
            "shop": lambda: self._ctx is not None,
        }
        actions.install(self, self._handlers, able=able)
        self.commands.option_chosen.connect(self.option_chosen)
        for number, page in enumerate(PAGES, 1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(lambda key=page.key: self.go_to(key, None))

    def _title(self) -> None:
        self.setWindowTitle(_("ShopCRM – demo shop") if self.ctx.shop.info.is_demo else _("ShopCRM"))

    def rebuild(self) -> None:
        """Build the frame anew (another language or text size), with the same page, search and card."""
        old = self._frame
        if old is None:
            if (screen := self.first_run) is not None:
                self.show_first_run(screen.beginning().speaking(language()), screen.home)
            return
        page = old.current.key if old.current else PAGES[0].key
        search, states = old.header.search.edit.text(), old.remember()
        focused = cast("QWidget | None", self.focusWidget())
        name = "" if focused is None else focused.objectName()
        self.takeCentralWidget()
        old.hide()
        old.deleteLater()
        frame = self._frame = self._new_frame()
        self._title()
        frame.restore({key: state for key, state in states.items() if state or key == page})
        if search:
            frame.header.search.edit.setText(search)
        frame.open(page)
        again = (frame.findChild(QWidget, name) if name else None) or frame.header.search
        shown = isinstance(again, QPushButton)  # where the keyboard is; in a field it would select what stands there
        again.setFocus(Qt.FocusReason.ShortcutFocusReason if shown else Qt.FocusReason.OtherFocusReason)
        self.ctx.beside.rebuild()
        self._read_standing()

    # Pages

    def go_to(self, key: str, target: object = None) -> None:
        """Open a page and show there what is asked for."""
        if self._frame is None:
            return
        page = self.frame.open(key)
        if target is not None:
            page.open_target(target)
        first = page.first_focus()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        elif key == PAGES[0].key and target is None:
            self.frame.header.search.setFocus()

    def _page_made(self, page: Page) -> None:
        wanted = getattr(page, "demo_wanted", None)
        if wanted is not None:
            wanted.connect(lambda: self.shop_wanted.emit(True))  # noqa: FBT003
        # Later: what is chosen builds the frame, and the page that says so, anew.
        chosen, restore = getattr(page, "option_chosen", None), getattr(page, "restore_wanted", None)
        if chosen is not None:
            chosen.connect(lambda key, value: later(self, lambda: self.option_chosen.emit(key, value)))
        if restore is not None:
            restore.connect(lambda path: later(self, lambda: self.restore_wanted.emit(path)))
        other = getattr(page, "shop_wanted", None)
        if other is not None:
            other.connect(self.shop_wanted)
        counted = getattr(page, "counted", None)
        if counted is not None:
            counted.connect(lambda count, key=page.key: self.frame.rail.set_count(key, count))

    def _page_opened(self, key: str) -> None:
        self.frame.rail.set_current(next(page.under for page in EVERY if page.key == key) or key)

    def _seen(self) -> str:
        return self._frame.current.key if self._frame is not None and self._frame.current is not None else ""

    def _search(self) -> None:
        if self._searching is not None:
            self._searching.begin()

    def _page_for_command(self, key: str) -> Page | None:
        self.go_to(key)
        return None if self._frame is None else self._frame.current

    # What the shop says

    def _changed(self, changes: Changes) -> None:
        if changes & (Changes.CUSTOMERS | Changes.IMPORTS | Changes.ORDERS | Changes.REMINDERS | Changes.STATISTICS):
            self._read_standing()

    def _read_standing(self) -> None:
        shop = self.ctx.shop

        def look(tx: Any) -> tuple[Standing, int]:
            from shopcrm.act import reminders
            from shopcrm.collect import imports

            columns = shop.columns()
            batches = [batch for batch in imports.history(tx, limit=5) if batch.undone_at is None]
            backup = shop.newest_backup()
            still = reminders.day_summary(tx, columns).still
            imported_at = clock.instant(batches[0].at) if batches else None
            return Standing(len(columns), imported_at, backup.at if backup else None), still

        self.ctx.read(self, look, done=self._show_standing, latest="standing")

    def _show_standing(self, found: tuple[Standing, int]) -> None:
        self.frame.status.show_standing(found[0])
        self.frame.rail.set_count("today", found[1])

    def _look_elsewhere(self) -> None:
        if self._ctx is not None and self._poll.isActive() and not self._ctx.operations.busy:
            self.ctx.operations.look(self, self.ctx.shop.changed_elsewhere, done=lambda _changed: None)

    def _show_waiting(self, _change: object = None) -> None:
        ctx = self._ctx
        if ctx is not None and self._frame is not None:
            self._frame.status.show_waiting(ctx.operations.writes if ctx.jobs.running else 0)

    def _import(self) -> None:
        if (screen := self.first_run) is not None:
            screen.choose_files()
        else:
            self.go_to("data", [])

    def show_keys(self) -> None:
        """F1; pressed again it puts the list away."""
        if self._frame is None:
            return
        shown = [each for each in self.findChildren(KeysOverlay) if each.isVisible()]
        if shown:
            shown[0].close()
        else:
            KeysOverlay(self)

    # Typed in by hand

    def _new_order(self) -> None:
        if self._ctx is not None:
            from shopcrm.ui.dialogs import order

            order.ask(self._ctx, self)

    def _new_customer(self) -> None:
        if self._ctx is not None:
            from shopcrm.ui.dialogs import customer

            customer.ask(self._ctx, self)

    # Settings

    def _to_backups(self) -> None:
        self.go_to("settings", "backups")

    def _toggle_theme(self) -> None:
        self.option_chosen.emit("theme", "light" if theme.current().dark else "dark")

    def _step_text(self, step: int) -> None:
        now = theme.current().text_percent
        if step > 0:
            size = next((size for size in TEXT_SIZES if size > now), now)
        else:
            size = next((size for size in reversed(TEXT_SIZES) if size < now), now)
        if size != now:
            self.option_chosen.emit(TEXT_SIZE.key, size)

    # Files

    def _dropped(self, event: QDropEvent | QDragEnterEvent) -> list[Path]:
        urls = event.mimeData().urls()
        return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dropped(event):
            event.acceptProposedAction()
            self._cover.setGeometry(self.rect())
            self._cover.show()
            self._cover.raise_()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._cover.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._cover.hide()
        paths = self._dropped(event)
        if paths:
            event.acceptProposedAction()
            if (screen := self.first_run) is not None:
                screen.begin(paths)
            else:
                self.go_to("data", paths)

    # Place and end

    def restore_place(self) -> None:
        """Stand where it stood last time, if that can still be reached."""
        kept = self._seat.text(PLACE_KEY)
        if not kept or not self.restoreGeometry(QByteArray.fromBase64(kept.encode())):
            self.resize(place.first_size(self.screen().availableSize()))
            return
        screens = sorted(QGuiApplication.screens(), key=lambda screen: screen is not QGuiApplication.primaryScreen())
        frame = self.geometry()
        there = place.reachable(frame, [screen.availableGeometry() for screen in screens])
        if there != frame and not self.isMaximized():
            self.setGeometry(there)

    def save_place(self) -> None:
        """Remember where it stands, and on which page."""
        self._seat.put(PLACE_KEY, bytes(self.saveGeometry().toBase64().data()).decode())
        if self._seen():
            self._seat.put(PAGE_KEY, self._seen())

    def come_up(self, wanted: str = WINDOW) -> None:
        """A second start of the program asks for this window, or for the panel."""
        if wanted == PANEL and self._ctx is not None:
            self._ctx.beside.call()
            return
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def say_goodbye(
        self,
        work: Callable[[Progress], None],
        *,
        done: Callable[[], None],
        failed: Callable[[BaseException], None],
        title: str = "",
    ) -> None:
        """Let running work end, then do the last work of all (the backup), shown in the strip."""
        ctx = self.ctx

        def again() -> None:
            later(self, lambda: self.say_goodbye(work, done=done, failed=failed, title=title))

        self._poll.stop()
        if ctx.jobs.running:
            ctx.jobs.cancel()
            ctx.jobs.ended.connect(again, Qt.ConnectionType.SingleShotConnection)
            return
        if ctx.operations.busy:
            # An edit that waits must be written before the file goes.
            ctx.operations.idle.connect(again, Qt.ConnectionType.SingleShotConnection)
            return
        self.frame.set_quiet()
        ctx.jobs.run(self, work, title or _("Backing up before closing"), done=lambda _none: done(), failed=failed)

    def allow_close(self) -> None:
        """The shop is closed and backed up: the window may go."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            return
        event.ignore()
        if self._poll.isActive() or self._ctx is None:
            self._poll.stop()
            self.save_place()
            self.closing.emit()
            # Without a shop there is nothing to wait for; a close inside of a close is not heard.
            event.setAccepted(self._may_close)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and hasattr(self, "_poll") and self.isActiveWindow():
            self._look_elsewhere()
