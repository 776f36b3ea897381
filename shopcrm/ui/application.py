"""The program with a window: one a shop, opened off the GUI thread, backed up when it closes."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QLibraryInfo,
    QObject,
    QProcess,
    QProcessEnvironment,
    QRunnable,
    Qt,
    QThreadPool,
    QTranslator,
)
from PySide6.QtWidgets import QApplication

from shopcrm.base import crash, i18n, machine
from shopcrm.base.crash import HardStop
from shopcrm.base.errors import Cancelled, Failure
from shopcrm.base.i18n import _
from shopcrm.base.options import LANGUAGE, PANEL_OPEN, TEXT_SIZE, THEME, TRADE, Option
from shopcrm.base.paths import Home, default_home, demo_home
from shopcrm.base.progress import Progress
from shopcrm.ui import icons, palette, theme, words
from shopcrm.ui.instance import PANEL, WINDOW, Instance
from shopcrm.ui.messages import Failed, Messages, Offer, Said
from shopcrm.ui.opening import Opening
from shopcrm.ui.pages.registry import EVERY, PAGES
from shopcrm.ui.parts.start_screen import StartScreen
from shopcrm.ui.restoring import Restoring
from shopcrm.ui.seat import Seat
from shopcrm.ui.uncaught import Run, Uncaught, kept_of
from shopcrm.ui.window import PAGE_KEY, Window

if TYPE_CHECKING:
    from shopcrm.app import NewShop, Shop
    from shopcrm.store.backup import Backup
    from shopcrm.store.restore import Restored
    from shopcrm.ui.beginning import Beginning


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
        beginning: Beginning | None = None,
        instance: Instance | None = None,
    ) -> None:
        """Without `create` a home that holds no shop is shown the first run, with what `beginning` says."""
        super().__init__(app)
        self._app, self._home = app, home
        self._as_of, self._create = as_of, create
        self._instance = instance
        self._begun: Beginning | None = None
        self.shop: Shop | None = None
        self._once_settled: list[Callable[[], None]] = []  # to be said when a shop, or the rescue screen, is seen
        self._spoilt: set[Path] = set()  # backups that turned out to be damaged
        self._restoring: Restoring | None = None
        self.seat = self._seat_of(home)
        self.messages = Messages(home.logs, self)
        self._run: Run | None = None
        self._translator = QTranslator(self)
        self._speak(language or self.seat.get(LANGUAGE) or i18n.system_language())
        self._beginning = beginning
        self._dress()
        self.window = Window(self.seat, self.messages)
        self._opening = Opening()
        self._wire()

    def _wire(self) -> None:
        window = self.window
        window.option_chosen.connect(self.choose)
        window.shop_wanted.connect(self.open_other_shop)
        window.begin_wanted.connect(self.begin)
        window.demo_wanted.connect(self.make_demo)
        window.delete_demo_wanted.connect(self.delete_demo)
        window.retry_wanted.connect(self.open)
        window.restore_wanted.connect(self.restore)
        window.cancel_wanted.connect(self._opening.cancel)
        window.closing.connect(self._close)
        self._opening.opened.connect(self._opened)
        self._opening.failed.connect(self._not_opened)
        self._app.styleHints().colorSchemeChanged.connect(self._scheme_changed)
        if self._instance is not None:
            self._instance.knocked.connect(window.come_up)

    @staticmethod
    def _seat_of(home: Home) -> Seat:
        seat = Seat(home.seat_file)
        if not home.database.exists():
            seat.hold()
        return seat

    # Opening

    def start(self) -> None:
        """Show the window, then open the shop, or offer to begin one."""
        self.window.restore_place()
        self.window.show()
        self.open()

    def open(self) -> None:
        """Open the shop off the GUI thread; where there is none the user decides first."""
        # A shop file that is gone while its backups are there is not "no shop yet": the rescue screen offers them.
        if self._create is None and not self._home.database.exists() and not any(self._home.backups.glob("shop-*.db")):
            self.window.show_first_run(self._begin_with(), self._home)
            return
        self._open()

    def _begin_with(self) -> Beginning:
        from shopcrm.ui.beginning import Beginning

        return self._beginning or Beginning.guessed(i18n.language())

    def begin(self, beginning: Beginning) -> None:
        """The first run is decided: make the shop, and look at the files it begins with."""
        self._begun = beginning
        self._open(beginning)

    def _open(self, beginning: Beginning | None = None) -> None:
        home, as_of, create = self._home, self._as_of, self._create
        pages = [page for page in PAGES if page.key in (PAGES[0].key, self.seat.text(PAGE_KEY))]

        def open_shop(progress: Progress) -> Shop:
            from shopcrm import app
            from shopcrm.collect import settings

            # What the first card needs is loaded here instead of on the GUI thread.
            for page in pages:
                page.load()
            words.warm()
            new = create if beginning is None else app.NewShop(beginning.currency, beginning.timezone)
            shop = app.Shop.open(home, as_of=as_of, create=new, progress=progress)
            if beginning is not None and beginning.trade:
                with shop.write() as tx:
                    settings.choose(tx, {TRADE: beginning.trade})
            shop.columns()
            return shop

        self._opening.stepped.connect(self.window.show_opening().upgrade)
        self._opening.start(open_shop, offer=self._newest_sound)

    def _newest_sound(self) -> Backup | None:
        from shopcrm.app import restorable

        found = [each for each in restorable(self._home) if each.path not in self._spoilt]
        # Somebody had a reason to go back from a shop that was restored: it comes after the backups.
        return min(found, key=lambda each: each.reason == "restore", default=None)

    def make_demo(self) -> None:
        """Instead of a shop of one's own: make the demo shop and go over to it, in this window."""
        home, as_of, language = demo_home(), self._as_of, i18n.language()

        def make(progress: Progress) -> Shop:
            from shopcrm import app

            try:
                app.make_demo(home, as_of=as_of, language=language, progress=progress)
            except Cancelled:
                # What is half made is no shop to look at; it is made again when it is wanted again.
                with suppress(Failure):
                    app.delete_demo(home)
                raise
            shop = app.Shop.open(home, as_of=as_of)
            shop.columns()
            return shop

        if not self._move(home):
            return
        self._create = None
        screen = self.window.show_opening()
        screen.begin(_("Making the demo shop"))
        self._opening.stepped.connect(screen.step)
        self._opening.start(make, offer=lambda: None)

    def _opened(self, shop: Shop) -> None:
        self.shop = shop
        self.seat.release()
        self._run = Run(self._home.logs)
        fell = self._run.begin()
        gc.freeze()  # what is there by now stays: looking through it for garbage would stop the window for 50 ms
        self.window.enter(shop)
        begun, self._begun = self._begun, None
        if begun is not None and begun.files:
            self.window.go_to("data", list(begun.files))
        if fell is not None:
            self._say_fallen(fell)
        self._settled()
        # The other pages' modules come while the first one is looked at.
        QThreadPool.globalInstance().start(QRunnable.create(_load_pages))

    def _settled(self) -> None:
        said, self._once_settled = self._once_settled, []
        for say in said:
            say()

    def _not_opened(self, error: BaseException, newest: Backup | None) -> None:
        if isinstance(error, Cancelled) and self._home == demo_home():
            self._demo_cancelled()
            return
        if isinstance(error, Cancelled):
            newest, text = None, _("It was not brought up to date, and stays as it was. Try again when there is time.")
        elif isinstance(error, Failure):
            text = error.message
        else:
            self.messages.keep(error)
            text = _("Something broke in the program while it was opening the shop ({kind}).")
            text = text.format(kind=type(error).__name__)
        self.window.show_rescue(text, self._home, newest)
        self._settled()

    # Going back to a backup

    def restore(self, path: Path) -> None:
        """Close the shop, put a backup in its place, and open it again; the old shop when it cannot be done."""
        shop, self.shop = self.shop, None
        self.window.save_place()  # it is opened again on the same page
        self._end_run()
        screen = StartScreen("", self.window)
        screen.begin(_("Putting the backup in the place of the shop …"))
        restoring = self._restoring = Restoring(self._home, path, self)
        screen.cancelled.connect(restoring.cancel)
        restoring.stepped.connect(screen.step)
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
        self._once_settled += [self._back_to_backups, say]
        self.open()

    def _back_to_backups(self) -> None:
        """Whoever was in the settings sees the backups again."""
        if self.seat.text(PAGE_KEY) == "settings":
            self.window.go_to("settings", "backups")

    def _say_fallen(self, fell: HardStop) -> None:
        """Once, and quietly: the last run did not end as it should."""
        kept = kept_of(self._home.logs, fell)
        offer = None
        if kept is not None:
            report = crash.report(fell)
            failed = Failed("bug", type(fell).__name__, None, report, kept)
            offer = Offer(_("Show the report"), lambda: self.messages.failed.emit(failed), "info")
        said = _("ShopCRM was not closed properly last time. Everything that was saved is here.")
        self.messages.said.emit(Said(said, icon="info", offer=offer))

    # To another shop in this window

    def _move(self, home: Home) -> bool:
        """Go over to another home, unless another window is on it: that one comes up and this one goes."""
        if self._instance is not None:
            other = Instance(home)
            with suppress(OSError):  # opening the shop says so in its own words
                if not other.acquire():
                    other.knock()
                    self.window.allow_close()
                    return False
            self._instance.release()
            self._instance.deleteLater()
            other.knocked.connect(self.window.come_up)
            self._instance = other
        old, self.seat = self.seat, self._seat_of(home)
        options: tuple[Option[Any], ...] = (LANGUAGE, THEME, TEXT_SIZE)
        for option in options:
            # What was chosen here is wanted there too, where nothing else was.
            if self.seat.get(option) == option.default != old.get(option):
                self.seat.set(option, old.get(option))
        self._home = home
        self.messages.logs = home.logs
        self.window.take_seat(self.seat)
        if self.seat.get(LANGUAGE):
            self._speak(self.seat.get(LANGUAGE))
        self._dress()
        return True

    def delete_demo(self) -> None:
        """Delete the demo shop that is open, and offer the own one. Another shop is never touched."""
        shop, home = self.shop, self._home
        if shop is None or not shop.info.is_demo:
            return
        self.shop = None

        def work(_progress: Progress) -> None:
            from shopcrm import app

            shop.close()
            app.delete_demo(home)

        self._end_run()
        self.window.say_goodbye(work, done=self._demo_gone, failed=self._demo_stays, title=_("Deleting the demo shop"))

    def _demo_gone(self) -> None:
        self._leave_shop()
        self._create = None
        if self._move(default_home()):
            self._beginning = self._begin_with().speaking(i18n.language())
            self.open()
            self.messages.toast(_("The demo shop was deleted"), icon="trash-2")

    def _leave_shop(self) -> None:
        ctx = self.window.leave()
        if ctx is not None:
            ctx.deleteLater()

    def _demo_stays(self, error: BaseException) -> None:
        self._leave_shop()
        self.open()
        self.messages.failure(error)

    def _demo_cancelled(self) -> None:
        """Back to where it was asked for."""
        if self._move(default_home()):
            self.open()

    # Language and look

    def choose(self, key: str, value: Any) -> None:
        """A setting of this seat was chosen; it works at once."""
        option = next(option for option in (LANGUAGE, THEME, TEXT_SIZE) if option.key == key)
        self.seat.set(option, value)
        if key == LANGUAGE.key:
            self._speak(value)
            if (screen := self.window.first_run) is not None:
                self._beginning = screen.beginning().speaking(value)
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
        program, *arguments = machine.program()
        process.setProgram(program)
        process.setArguments([*arguments, "--lang", i18n.language(), "demo" if demo else "window"])
        process.setWorkingDirectory(str(Path(__file__).resolve().parents[2]))
        answer: object = process.startDetached()
        started = answer[0] if isinstance(answer, tuple) else answer
        said = _("The demo shop opens in its own window") if demo else _("Your shop opens in its own window")
        self.messages.toast(said if started else _("It could not be started"), icon="store")

    # Closing

    def _close(self) -> None:
        shop, self.shop = self.shop, None
        if shop is None:
            self._opening.cancel()
            self.window.allow_close()
            return
        self.window.say_goodbye(
            lambda progress: shop.close(back_up=True, progress=progress),
            done=self._closed,
            failed=self._not_backed_up,
        )

    def _closed(self) -> None:
        self._end_run()
        self.window.allow_close()

    def _end_run(self) -> None:
        if self._run is not None:
            self._run.end()
            self._run = None

    def leave(self) -> None:
        """The window is closed: let another process have the home."""
        self._end_run()
        if self._instance is not None:
            self._instance.release()

    def _not_backed_up(self, error: BaseException) -> None:
        text = error.message if isinstance(error, Failure) else type(error).__name__
        words = _("Everything is saved, but the backup on closing failed: {reason}").format(reason=text)
        from shopcrm.ui.parts.failure_dialog import FailureDialog

        dialog = FailureDialog(Failed("environment", words), self.window)
        dialog.finished.connect(self._closed)
        dialog.open()


def _load_pages() -> None:
    for page in EVERY:
        page.load()
    palette.warm()


def make_application(arguments: list[str] | None = None) -> QApplication:
    """The one QApplication of the process."""
    present = QApplication.instance()
    if isinstance(present, QApplication):
        return present
    app = QApplication(arguments or ["shopcrm"])
    app.setApplicationName("ShopCRM")
    app.setDesktopFileName("shopcrm")
    app.setWindowIcon(icons.window_icon())
    # macOS leads Tab past everything but fields and lists unless told otherwise.
    app.styleHints().setTabFocusBehavior(Qt.TabFocusBehavior.TabFocusAllControls)
    return app


def run(
    home: Home,
    *,
    language: str | None = None,
    as_of: date | None = None,
    create: NewShop | None = None,
    beginning: Beginning | None = None,
    wanted: str = WINDOW,
) -> int:
    """Open the window on a home, with the panel where that is `wanted`, and stay until it is closed. The exit code."""
    if machine.no_screen():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = make_application()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the shop file survives it; Qt would not even notice
    instance = Instance(home)
    try:
        first = instance.acquire()
    except OSError:
        first = True  # an unwritable home: opening the shop says so in its own words
    if not first:
        instance.knock(wanted)
        return 0
    program = Application(
        app, home, language=language, as_of=as_of, create=create, beginning=beginning, instance=instance
    )
    uncaught = Uncaught(program.messages, program)
    uncaught.install()
    if wanted == PANEL:
        program.seat.set(PANEL_OPEN, 1)
    program.start()
    code = app.exec()
    uncaught.remove()
    program.leave()
    return code
