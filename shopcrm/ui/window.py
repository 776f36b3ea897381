"""The window: frame, shortcuts, dropped files, and what is said to the user."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QShortcut,
)
from PySide6.QtWidgets import QMainWindow, QWidget

from shopcrm.base import clock
from shopcrm.base.changes import Changes
from shopcrm.base.i18n import _
from shopcrm.base.options import TEXT_SIZE
from shopcrm.base.paths import Home
from shopcrm.base.progress import Progress
from shopcrm.ui import actions, icons, names, theme
from shopcrm.ui.context import Context
from shopcrm.ui.frame import Frame, later
from shopcrm.ui.kit.toast import ToastPlace
from shopcrm.ui.messages import Failed, Messages, Said
from shopcrm.ui.pages.page import Page
from shopcrm.ui.pages.registry import PAGES
from shopcrm.ui.parts.failure_dialog import FailureDialog
from shopcrm.ui.parts.keys_overlay import KeysOverlay
from shopcrm.ui.parts.rescue import RescueScreen
from shopcrm.ui.parts.start_screen import StartScreen
from shopcrm.ui.parts.status_line import Standing
from shopcrm.ui.seat import Seat
from shopcrm.ui.settings.look import TEXT_SIZES

if TYPE_CHECKING:
    from shopcrm.app import Shop
    from shopcrm.store.backup import Backup

POLL_MS = 2_000
PLACE_KEY = "window"
LEAST = QSize(960, 600)
USUAL = QSize(1280, 800)
SYSTEM_FRAME = QSize(2, 40)  # title and edges, at most


class _DropCover(QWidget):
    """Lies over the window while a file hovers above it."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, look = QPainter(self), theme.current()
        veil = look.colour("background")
        veil.setAlphaF(0.96)
        painter.fillRect(self.rect(), veil)
        frame = QRectF(self.rect()).adjusted(24, 24, -24, -24)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("accent"), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, 12, 12)
        side = look.px(40)
        centre = frame.center()
        icons.paint(painter, "file-up", QRectF(centre.x() - side / 2, centre.y() - side, side, side), colour="accent")
        painter.setPen(look.colour("text"))
        painter.setFont(look.font(theme.TITLE, bold=True))
        words = QRectF(frame.left(), centre.y() + 12, frame.width(), look.px(32))
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter, _("Let go to look at the file; nothing is imported yet"))


class Window(QMainWindow):
    """One a shop."""

    option_chosen = Signal(str, object)
    restore_wanted = Signal(object)  # the path of a backup
    shop_wanted = Signal(bool)
    retry_wanted = Signal()
    closing = Signal()

    def __init__(self, seat: Seat, messages: Messages) -> None:
        super().__init__()
        self._seat, self._messages = seat, messages
        self._ctx: Context | None = None
        self._frame: Frame | None = None
        self._may_close = False
        self._undoable: Callable[[], None] | None = None
        self._failure: FailureDialog | None = None
        self.setObjectName(names.WINDOW)
        self.setWindowIcon(icons.window_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(LEAST)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.toasts = ToastPlace(self, bottom=40)
        self._cover = _DropCover(self)
        self._cover.hide()
        self._poll = QTimer(self, interval=POLL_MS)
        self._wire()
        self.show_opening()

    # What is in it

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

    def show_opening(self) -> None:
        """Say that the shop is being opened."""
        self.setWindowTitle(_("ShopCRM"))
        self.setCentralWidget(StartScreen(self))

    def show_rescue(self, text: str, home: Home, newest: Backup | None = None) -> None:
        """Say why the shop cannot be opened, and offer the newest backup that may be sound."""
        screen = RescueScreen(text, folder=home.folder, newest=newest, parent=self)
        screen.restore_wanted.connect(self.restore_wanted)
        screen.retry_wanted.connect(self.retry_wanted)
        screen.demo_wanted.connect(lambda: self.shop_wanted.emit(True))  # noqa: FBT003
        self.setCentralWidget(screen)

    def enter(self, shop: Shop) -> None:
        """The shop is open: show it."""
        ctx = Context(shop, seat=self._seat, messages=self._messages, parent=self)
        self._ctx = ctx
        shop.on_changes(ctx.hub.tell)
        ctx.page_wanted.connect(self.go_to)
        ctx.command_wanted.connect(lambda key: later(self, self._handlers[key]))
        ctx.hub.changed.connect(self._changed)
        self._frame = self._new_frame()
        self._title()
        self._frame.open(PAGES[0].key)
        self._frame.header.search.setFocus()
        self._read_standing()
        # The first look only notes where the file stands; from then on others' writes are noticed.
        ctx.operations.look(self, shop.changed_elsewhere, done=_nothing)
        self._poll.start()
        ctx.backups.made.connect(self._read_standing)
        ctx.backups.start()

    def leave(self, screen: QWidget) -> Context | None:
        """Let go of the shop and show `screen`; what the shop was asked through, to be waited for and deleted."""
        ctx, self._ctx, self._frame = self._ctx, None, None
        self._poll.stop()
        self._undoable = None
        if ctx is not None:
            ctx.backups.stop()
        self.toasts.clear()
        self.setCentralWidget(screen)
        return ctx

    def _new_frame(self) -> Frame:
        frame = Frame(self.ctx, self)
        frame.page_made.connect(self._page_made)
        frame.opened.connect(self._page_opened)
        search = frame.header.search
        search.query_changed.connect(self._searched)
        search.moved.connect(self._moved)
        search.submitted.connect(self._accepted)
        search.escaped.connect(self._escaped)
        frame.header.theme_wanted.connect(self._toggle_theme)
        frame.status.keys_wanted.connect(self.show_keys)
        frame.status.backups_wanted.connect(self._to_backups)
        self.setCentralWidget(frame)
        return frame

    def _wire(self) -> None:
        self._messages.said.connect(self._say)
        self._messages.failed.connect(self._fail)
        self._poll.timeout.connect(self._look_elsewhere)
        handlers = self._handlers = {
            "search": self._to_search,
            "theme": self._toggle_theme,
            "larger": lambda: self._step_text(1),
            "smaller": lambda: self._step_text(-1),
            "import": lambda: self.go_to("data", []),
            "rule": lambda: self.go_to("segments", "rule"),
            "keys": self.show_keys,
            "undo": self._undo,
            "settings": lambda: self.go_to("settings"),
            "backups": self._to_backups,
        }
        actions.install(self, handlers)
        for number, page in enumerate(PAGES, 1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(lambda key=page.key: self.go_to(key, None))

    def _title(self) -> None:
        name = _("ShopCRM – demo shop") if self.ctx.shop.info.is_demo else _("ShopCRM")
        self.setWindowTitle(name)

    def rebuild(self) -> None:
        """Build the frame anew (another language or text size), with the same page, search and card."""
        old = self._frame
        if old is None:
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
        again = frame.findChild(QWidget, name) if name else None
        (frame.header.search if again is None else again).setFocus()
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
        self.frame.rail.set_current(key)

    # Search

    def _to_search(self) -> None:
        if self._frame is not None:
            self._frame.header.search.select()

    def _searched(self, text: str) -> None:
        if text.strip() and (self.frame.current is None or self.frame.current.key != "desk"):
            self.frame.open("desk")
        self._desk("search", text)

    def _moved(self, steps: int) -> None:
        self._desk("step", steps)

    def _accepted(self, _text: str) -> None:
        self._desk("accept")

    def _escaped(self) -> None:
        self.frame.header.search.clear()

    def _desk(self, verb: str, *arguments: object) -> None:
        page = self.frame.page("desk")
        getattr(page, verb)(*arguments)

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
            self.ctx.operations.look(self, self.ctx.shop.changed_elsewhere, done=_nothing)

    # What is said to the user

    def _say(self, said: Said) -> None:
        undo = said.undo

        def take_back() -> None:
            self._undoable = None
            if undo is not None:
                undo()

        action = None if undo is None else take_back
        self._undoable = action or self._undoable
        self.toasts.show(
            said.text, icon=said.icon, action=_("Undo"), on_action=action, close_label=_("Close this message")
        )

    def _undo(self) -> None:
        """Ctrl+Z: the last change, also when its toast has gone or made room for another."""
        toast = self.toasts.toast
        if toast is not None and toast.act():
            return
        if self._undoable is not None:
            self._undoable()
        else:
            self._say(Said(_("Nothing to undo here."), icon="info"))

    def _fail(self, failed: Failed) -> None:
        if self._failure is not None:
            self._failure.close()
        self._failure = FailureDialog(failed, self)
        self._failure.destroyed.connect(self._failure_gone)
        self._failure.open()

    def _failure_gone(self) -> None:
        self._failure = None

    def show_keys(self) -> None:
        """F1."""
        if self._frame is not None and not any(each.isVisible() for each in self.findChildren(KeysOverlay)):
            KeysOverlay(self)

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
            self.go_to("data", paths)

    # Place and end

    def restore_place(self) -> None:
        """Stand where it stood last time."""
        place = self._seat.text(PLACE_KEY)
        if place and self.restoreGeometry(QByteArray.fromBase64(place.encode())):
            return
        self.resize(first_size(self.screen().availableSize()))

    def save_place(self) -> None:
        """Remember where it stands."""
        self._seat.put(PLACE_KEY, bytes(self.saveGeometry().toBase64().data()).decode())

    def come_up(self) -> None:
        """A second start of the program asks for this window."""
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
    ) -> None:
        """Let running work end, then do the last work of all (the backup), shown in the strip."""
        ctx = self.ctx
        if ctx.jobs.running:
            ctx.jobs.cancel()
            ctx.jobs.ended.connect(lambda: later(self, lambda: self.say_goodbye(work, done=done, failed=failed)))
            return
        self.frame.set_quiet()
        ctx.jobs.run(self, work, _("Backing up before closing"), done=lambda _none: done(), failed=failed)

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

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and hasattr(self, "_poll") and self.isActiveWindow():
            self._look_elsewhere()


def first_size(room: QSize) -> QSize:
    """How large a window is the first time: it fits on the screen with the frame that the system puts round it."""
    return USUAL.boundedTo(room - SYSTEM_FRAME).expandedTo(LEAST)


def _nothing(_answer: object) -> None:
    """What changed elsewhere is told by the hub."""
