"""The program with a window: one a shop, opened off the GUI thread, backed up when it closes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QLibraryInfo,
    QObject,
    QProcess,
    QProcessEnvironment,
    QRunnable,
    QThreadPool,
    QTranslator,
    Signal,
)
from PySide6.QtWidgets import QApplication

from shopcrm.base import i18n
from shopcrm.base.errors import Failure
from shopcrm.base.i18n import _
from shopcrm.base.options import LANGUAGE, TEXT_SIZE, THEME
from shopcrm.base.paths import Home
from shopcrm.ui import icons, theme, words
from shopcrm.ui.instance import Instance
from shopcrm.ui.messages import Failed, Messages
from shopcrm.ui.pages.registry import EVERY, PAGES
from shopcrm.ui.parts.failure_dialog import FailureDialog
from shopcrm.ui.parts.start_screen import BusyScreen
from shopcrm.ui.restoring import Restoring
from shopcrm.ui.seat import Seat
from shopcrm.ui.window import Window

if TYPE_CHECKING:
    from shopcrm.app import NewShop, Shop
    from shopcrm.store.backup import Backup
    from shopcrm.store.restore import Restored


class _Opening(QObject):
    """Opens the shop on a worker thread; importing the store takes longer than the window may wait."""

    opened = Signal(object)
    failed = Signal(object, object)  # the exception, the backup to offer

    def start(self, open_shop: Callable[[], Shop], *, offer: Callable[[], Backup | None]) -> None:
        def work() -> None:
            try:
                shop = open_shop()
            except BaseException as error:  # noqa: BLE001  # shown on the rescue screen
                self.failed.emit(error, offer())
            else:
                self.opened.emit(shop)

        QThreadPool.globalInstance().start(QRunnable.create(work))


class Application(QObject):
    """Puts seat, theme, language, shop and window together."""

    def __init__(
        self,
        app: QApplication,
        home: Home,
        *,
        language: str | None = None,
        as_of: date | None = None,
        create: NewShop | None = None,
    ) -> None:
        super().__init__(app)
        self._app, self._home = app, home
        self._as_of, self._create = as_of, create
        self.shop: Shop | None = None
        self._once_settled: list[Callable[[], None]] = []  # to be said when a shop, or the rescue screen, is seen
        self._spoilt: set[Path] = set()  # backups that turned out to be damaged
        self._restoring: Restoring | None = None
        self.seat = Seat(home.seat_file)
        self.messages = Messages(home.logs, self)
        self._translator = QTranslator(self)
        self._speak(language or self.seat.get(LANGUAGE) or i18n.system_language())
        self._dress()
        self.window = Window(self.seat, self.messages)
        self._opening = _Opening(self)
        self._wire()

    def _wire(self) -> None:
        window = self.window
        window.option_chosen.connect(self.choose)
        window.shop_wanted.connect(self.open_other_shop)
        window.retry_wanted.connect(self.open)
        window.restore_wanted.connect(self.restore)
        window.closing.connect(self._close)
        self._opening.opened.connect(self._opened)
        self._opening.failed.connect(self._not_opened)
        self._app.styleHints().colorSchemeChanged.connect(self._scheme_changed)

    # Opening

    def start(self) -> None:
        """Show the window, then open the shop."""
        self.window.restore_place()
        self.window.show()
        self.open()

    def open(self) -> None:
        """Open the shop off the GUI thread."""

        def open_shop() -> Shop:
            from shopcrm.app import Shop

            # What the first card needs is loaded here instead of on the GUI thread.
            PAGES[0].load()
            words.warm()
            shop = Shop.open(self._home, as_of=self._as_of, create=self._create)
            shop.columns()
            return shop

        self.window.show_opening()
        self._opening.start(open_shop, offer=self._newest_sound)

    def _newest_sound(self) -> Backup | None:
        from shopcrm.app import restorable

        found = [each for each in restorable(self._home) if each.path not in self._spoilt]
        # Somebody had a reason to go back from a shop that was restored: it comes after the backups.
        return min(found, key=lambda each: each.reason == "restore", default=None)

    def _opened(self, shop: Shop) -> None:
        self.shop = shop
        self.window.enter(shop)
        self._settled()
        # The other pages' modules come while the first one is looked at.
        QThreadPool.globalInstance().start(QRunnable.create(_load_pages))

    def _settled(self) -> None:
        said, self._once_settled = self._once_settled, []
        for say in said:
            say()

    def _not_opened(self, error: BaseException, newest: Backup | None) -> None:
        if isinstance(error, Failure):
            text = error.message
        else:
            text = _("Something broke in the program while it was opening the shop ({kind}).")
            text = text.format(kind=type(error).__name__)
        self.window.show_rescue(text, self._home, newest)
        self._settled()

    # Going back to a backup

    def restore(self, path: Path) -> None:
        """Close the shop, put a backup in its place, and open it again; the old shop when it cannot be done."""
        shop, self.shop = self.shop, None
        screen = BusyScreen(_("Putting the backup in the place of the shop …"), title=_("Restoring"))
        restoring = self._restoring = Restoring(self._home, path, self)
        screen.cancelled.connect(restoring.cancel)
        restoring.stepped.connect(screen.show_step)
        restoring.done.connect(self._restored)
        restoring.failed.connect(self._not_restored)
        restoring.start(shop, self.window.leave(screen))

    def _restored(self, restored: Restored) -> None:
        from shopcrm.ui.settings import backup_words

        kept, words = restored.kept, _("Restored: {held}").format(held=backup_words.held(restored.held))
        # A damaged shop was kept too, but there is no way back to it.
        undo = None if kept is None or not kept.with_suffix(".json").exists() else lambda: self.restore(kept)
        self._open_again(lambda: self.messages.toast(words, undo=undo, icon="history"))

    def _not_restored(self, error: BaseException) -> None:
        from shopcrm.store.backup import BackupDamaged, BackupNewer, NoSuchBackup

        if self._restoring is not None and isinstance(error, BackupDamaged | BackupNewer | NoSuchBackup):
            self._spoilt.add(self._restoring.source)
        self._open_again(lambda: self.messages.failure(error))

    def _open_again(self, say: Callable[[], None]) -> None:
        if self._restoring is not None:
            self._restoring.end()
            self._restoring = None
        self._once_settled.append(say)
        self.open()

    # Language and look

    def choose(self, key: str, value: Any) -> None:
        """A setting of this seat was chosen; it works at once."""
        option = next(option for option in (LANGUAGE, THEME, TEXT_SIZE) if option.key == key)
        self.seat.set(option, value)
        if key == LANGUAGE.key:
            self._speak(value)
        self._dress()
        if key != THEME.key:
            self.window.rebuild()

    def _speak(self, language: str) -> None:
        i18n.set_language(language)
        self._app.removeTranslator(self._translator)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if language != "en" and self._translator.load(f"qtbase_{language}", folder):
            self._app.installTranslator(self._translator)

    def _dress(self) -> None:
        theme.use(
            self._app,
            name=self.seat.get(THEME),
            text_percent=self.seat.get(TEXT_SIZE),
            language=i18n.language(),
        )

    def _scheme_changed(self) -> None:
        if self.seat.get(THEME) == "system":
            self._dress()

    # The other shop

    def open_other_shop(self, demo: bool) -> None:  # noqa: FBT001  # a signal's argument
        """Start the program once more, on the demo shop or on the own one."""
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.remove("SHOPCRM_HOME")  # it names one of the two
        process.setProcessEnvironment(environment)
        process.setProgram(sys.executable)
        module = [] if getattr(sys, "frozen", False) else ["-m", "shopcrm"]
        process.setArguments([*module, "--lang", i18n.language(), "demo" if demo else "window"])
        process.setWorkingDirectory(str(Path(__file__).resolve().parents[2]))
        answer: object = process.startDetached()
        started = answer[0] if isinstance(answer, tuple) else answer
        said = _("The demo shop opens in its own window") if demo else _("Your shop opens in its own window")
        self.messages.toast(said if started else _("It could not be started"), icon="store")

    # Closing

    def _close(self) -> None:
        shop, self.shop = self.shop, None
        if shop is None:
            self.window.allow_close()
            return
        self.window.say_goodbye(
            lambda progress: shop.close(back_up=True, progress=progress),
            done=self.window.allow_close,
            failed=self._not_backed_up,
        )

    def _not_backed_up(self, error: BaseException) -> None:
        text = error.message if isinstance(error, Failure) else type(error).__name__
        words = _("Everything is saved, but the backup on closing failed: {reason}").format(reason=text)
        dialog = FailureDialog(Failed("environment", words), self.window)
        dialog.finished.connect(self.window.allow_close)
        dialog.open()


def _load_pages() -> None:
    for page in EVERY:
        page.load()


def make_application(arguments: list[str] | None = None) -> QApplication:
    """The one QApplication of the process."""
    present = QApplication.instance()
    if isinstance(present, QApplication):
        return present
    app = QApplication(arguments or ["shopcrm"])
    app.setApplicationName("ShopCRM")
    app.setDesktopFileName("shopcrm")
    app.setWindowIcon(icons.window_icon())
    return app


def run(home: Home, *, language: str | None = None, as_of: date | None = None, create: NewShop | None = None) -> int:
    """Open the window on a home and stay until it is closed. The exit code."""
    if no_screen():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = make_application()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the shop file survives it; Qt would not even notice
    instance = Instance(home)
    try:
        first = instance.acquire()
    except OSError:
        first = True  # an unwritable home: opening the shop says so in its own words
    if not first:
        instance.knock()
        return 0
    program = Application(app, home, language=language, as_of=as_of, create=create)
    instance.knocked.connect(program.window.come_up)
    sys.excepthook = _excepthook(program.messages)
    program.start()
    code = app.exec()
    instance.release()
    return code


def no_screen() -> bool:
    """Whether there is no screen to open a window on."""
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform not in ("win32", "darwin") and not has_display


def _excepthook(
    messages: Messages,
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        messages.failure(error)

    return hook
