"""The first run: nothing is made unasked, and the first file is there in at most four clicks."""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from shopcrm import app
from shopcrm.app import Shop
from shopcrm.base import i18n
from shopcrm.base.i18n import _
from shopcrm.base.options import TRADE
from shopcrm.base.paths import Home
from shopcrm.base.progress import Progress
from shopcrm.collect.customers import Counts
from shopcrm.store.shop_file import NewShop
from shopcrm.ui import application, names, theme
from shopcrm.ui.application import Application
from shopcrm.ui.beginning import Beginning
from shopcrm.ui.instance import Instance
from shopcrm.ui.kit.combo import Combo
from shopcrm.ui.parts.first_run import FirstRun
from shopcrm.ui.parts.start_screen import StartScreen
from tests.ui.people import dialogs_of_qt

W = TypeVar("W", bound=QWidget)
HEADER = ["订单编号", "买家会员名", "买家实际支付金额", "订单状态", "订单创建时间", "订单付款时间", "宝贝标题"]


class Person:
    """A program started for the first time, and a hand that counts its clicks (letting a file go is one)."""

    def __init__(self, bot: QtBot, app: QApplication, own: Home, **given: str | None) -> None:
        self.bot, self.own, self.clicks = bot, own, 0
        language = given.pop("language", None) or "zh_CN"
        instance = Instance(own)
        assert instance.acquire()
        beginning = Beginning.guessed(language, **given)
        self.program = Application(app, own, language=language, beginning=beginning, instance=instance)
        self.window = self.program.window
        self.window.resize(1280, 720)
        self.program.start()
        bot.waitExposed(self.window)
        self.window.activateWindow()

    def find(self, kind: type[W], name: str) -> W:
        """The visible widget of that name, once it is there."""

        def seen() -> list[W]:
            return [each for each in self.window.findChildren(kind, name) if each.isVisible()]

        self.wait(lambda: bool(seen()))
        return seen()[0]

    def click(self, name: str) -> None:
        button = self.find(QPushButton, name)
        assert button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.clicks += 1

    def drop(self, path: Path) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        action, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(640, 300), action, mime, Qt.MouseButton.LeftButton, none)
        QApplication.sendEvent(self.window, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(
            self.window, QDropEvent(QPointF(640, 300), action, mime, Qt.MouseButton.LeftButton, none)
        )
        self.clicks += 1

    def choose(self, name: str, code: str) -> None:
        """Pull down a list and take an entry: two clicks."""
        combo = self.find(Combo, name)
        self.bot.waitUntil(lambda: combo.findData(code) >= 0)
        combo.setCurrentIndex(combo.findData(code))
        combo.activated.emit(combo.currentIndex())
        self.clicks += 2
        self.bot.wait(1)

    def wait(self, ready: Callable[[], bool]) -> None:
        self.bot.waitUntil(ready, timeout=10_000)

    def settle(self) -> None:
        self.wait(lambda: self.program.shop is not None)
        ctx = self.window.ctx
        self.wait(lambda: not ctx.operations.busy and not ctx.jobs.running)
        self.bot.wait(1)
        self.wait(lambda: not ctx.operations.busy)

    def close(self) -> None:
        self.window.close()
        self.wait(lambda: not self.window.isVisible())
        self.program.leave()
        self.window.deleteLater()
        self.bot.wait(0)


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str) -> Iterator[tuple[Home, Home]]:
    """(the own shop's, the demo's)."""
    assert language
    own, demo = Home(tmp_path / "own"), Home(tmp_path / "demo")
    monkeypatch.setattr(application, "default_home", lambda: own)
    monkeypatch.setattr(application, "demo_home", lambda: demo)
    # The demo itself has its own tests; here it only has to be one, and to take its time.
    monkeypatch.setattr(app, "make_demo", small_demo)
    yield own, demo
    i18n.set_language(language)


def small_demo(home: Home, *, as_of: object, language: str, progress: Progress) -> Counts:
    assert as_of is None
    assert language == i18n.language()
    shop = Shop.open(home, create=NewShop("CNY", "Asia/Shanghai", is_demo=True))
    try:
        progress.report("writing", done=1, total=2)
        return shop.counts()
    finally:
        shop.close()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "ExportOrderList202611221015.csv"
    row = ["2611150930004821", "qing_zhou", "168.00", "交易成功", "2026-11-15 09:30:12", "2026-11-15 09:31:00", "木马"]
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([HEADER, row])
    return path


def test_with_data_in_two_clicks(qtbot: QtBot, qapp: QApplication, homes: tuple[Home, Home], export: Path) -> None:
    own, _demo = homes
    person = Person(qtbot, qapp, own)
    assert not own.database.exists()
    person.drop(export)
    person.settle()
    person.wait(lambda: person.window.findChild(QPushButton, names.IMPORT_START) is not None)
    person.click(names.IMPORT_START)
    person.settle()
    assert person.clicks <= 4
    assert person.program.shop is not None
    assert person.program.shop.counts().orders == 1
    info = person.program.shop.info
    assert (info.currency, info.timezone, info.is_demo) == ("CNY", "Asia/Shanghai", False)
    person.close()


def test_what_was_chosen_is_what_the_shop_is_made_with(
    qtbot: QtBot, qapp: QApplication, homes: tuple[Home, Home], export: Path
) -> None:
    own, _demo = homes
    person = Person(qtbot, qapp, own)
    person.choose(names.FIRST_TRADE, "mother_baby")
    person.choose(names.FIRST_CURRENCY, "HKD")
    person.choose(names.FIRST_ZONE, "Asia/Hong_Kong")
    # The language switches the screen at once and guesses nothing anew that was chosen by hand.
    person.choose(names.FIRST_LANGUAGE, "en")
    person.wait(lambda: person.find(QPushButton, names.FIRST_EMPTY).text() == "Start empty")
    assert not own.database.exists()
    assert not own.seat_file.exists()
    with dialogs_of_qt():
        # One key, or one click on the button that shows it.
        QTest.keyClick(person.window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
        dialog = person.find(QFileDialog, names.OPEN_DIALOG)
        dialog.setDirectory(str(export.parent))
        dialog.selectFile(str(export))
        dialog.accept()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    person.settle()
    shop = person.program.shop
    assert shop is not None
    assert (shop.info.currency, shop.info.timezone) == ("HKD", "Asia/Hong_Kong")
    with shop.read() as tx:
        assert tx.option(TRADE) == "mother_baby"
    assert person.window.frame.current is person.window.frame.page("data")
    assert 'language = "en"' in own.seat_file.read_text("utf-8")
    person.close()


def test_a_long_list_is_searched_by_typing(qtbot: QtBot, qapp: QApplication, homes: tuple[Home, Home]) -> None:
    own, _demo = homes
    person = Person(qtbot, qapp, own)
    zone = person.find(Combo, names.FIRST_ZONE)
    person.wait(lambda: zone.count() > 100)
    zone.setFocus()
    person.wait(zone.hasFocus)
    qtbot.wait(1)
    QTest.keyClicks(zone, "new york")
    QTest.keyClick(zone, Qt.Key.Key_Return)
    assert zone.key() == "America/New_York"
    screen = person.find(FirstRun, names.FIRST_RUN)
    assert screen.beginning().timezone == "America/New_York"
    QTest.keyClicks(zone, "nowhere at all")
    QTest.keyClick(zone, Qt.Key.Key_Return)
    assert zone.key() == "America/New_York"
    assert "New York" in zone.currentText()
    person.close()


def test_what_the_command_line_said_is_taken(qtbot: QtBot, qapp: QApplication, homes: tuple[Home, Home]) -> None:
    own, _demo = homes
    person = Person(qtbot, qapp, own, language="en", currency="GBP", timezone="Europe/London")
    person.choose(names.FIRST_LANGUAGE, "zh_CN")
    person.click(names.FIRST_EMPTY)
    person.settle()
    assert person.program.shop is not None
    assert (person.program.shop.info.currency, person.program.shop.info.timezone) == ("GBP", "Europe/London")
    assert person.program.shop.counts().customers == 0
    person.close()


def test_closing_leaves_no_file(qtbot: QtBot, qapp: QApplication, homes: tuple[Home, Home]) -> None:
    own, _demo = homes
    person = Person(qtbot, qapp, own)
    person.choose(names.FIRST_LANGUAGE, "zh_TW")
    person.program.choose("theme", "dark")
    person.close()
    assert not own.folder.exists()
    person.program.choose("theme", "light")


def test_a_shop_that_has_gone_is_not_no_shop_yet(qtbot: QtBot, qapp: QApplication, homes: tuple[Home, Home]) -> None:
    own, _demo = homes
    shop = Shop.open(own, create=NewShop("CNY", "Asia/Shanghai"))
    shop.back_up("exit")
    shop.close()
    own.database.unlink()
    person = Person(qtbot, qapp, own)
    (backup,) = own.backups.glob("shop-*.db")
    qtbot.waitUntil(lambda: person.program.window.findChild(QPushButton, names.RESCUE_RESTORE) is not None)
    assert person.program.window.findChild(FirstRun) is None
    person.close()
    assert backup.exists()


def test_the_demo_and_back_in_one_window(qtbot: QtBot, qapp: QApplication, homes: tuple[Home, Home]) -> None:
    own, demo = homes
    person = Person(qtbot, qapp, own)
    person.click(names.FIRST_DEMO)
    person.settle()
    assert person.program.shop is not None
    assert person.program.shop.info.is_demo
    assert not own.database.exists()
    assert person.find(QPushButton, names.DEMO_MARK).text() == _("Demo shop")
    assert "window/delete_demo" in {command.key for command in person.window.commands.all()}
    person.click(names.DEMO_MARK)
    menu = person.window.findChild(QMenu, names.DEMO_MENU)
    assert menu is not None
    delete = next(entry for entry in menu.actions() if entry.objectName().endswith("delete_demo"))
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(delete).center())
    person.wait(lambda: person.window.findChild(FirstRun) is not None)
    assert not demo.folder.exists()
    assert person.window.toasts.toast is not None
    assert person.window.toasts.toast.text.text() == _("The demo shop was deleted")
    # And on from there.
    person.click(names.FIRST_EMPTY)
    person.settle()
    assert own.database.exists()
    assert not person.find(QWidget, names.RAIL).isHidden()
    person.close()


def test_deleting_the_demo_never_touches_another_shop(
    qtbot: QtBot, qapp: QApplication, homes: tuple[Home, Home]
) -> None:
    own, _demo = homes
    person = Person(qtbot, qapp, own)
    person.click(names.FIRST_EMPTY)
    person.settle()
    shop = person.program.shop
    person.program.delete_demo()
    qtbot.wait(1)
    assert person.program.shop is shop
    assert own.database.exists()
    person.close()


def test_making_the_demo_can_be_cancelled(
    qtbot: QtBot, qapp: QApplication, homes: tuple[Home, Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, demo = homes

    def endless(home: Home, *, as_of: object, language: str, progress: Progress) -> Counts:
        small_demo(home, as_of=as_of, language=language, progress=progress)
        while True:
            progress.report("writing", done=1, total=9)

    deleting, delete = set(), app.delete_demo

    def watched(home: Home) -> None:
        deleting.add(threading.current_thread() is threading.main_thread())
        delete(home)

    monkeypatch.setattr(app, "make_demo", endless)
    monkeypatch.setattr(app, "delete_demo", watched)
    person = Person(qtbot, qapp, own)
    person.click(names.FIRST_DEMO)
    person.wait(lambda: person.window.findChild(StartScreen) is not None and demo.database.exists())
    person.click(names.PROGRESS_CANCEL)
    person.wait(lambda: person.window.findChild(FirstRun) is not None)
    assert not demo.folder.exists()
    assert deleting == {False}, "the window waits for no file"
    person.close()
    assert not own.folder.exists()


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW", "en"], indirect=True)
@pytest.mark.parametrize("percent", [100, 200])
def test_nothing_is_clipped_and_all_is_reached_by_tab(
    qtbot: QtBot, qapp: QApplication, homes: tuple[Home, Home], language: str, percent: int
) -> None:
    theme.use(qapp, name="light", text_percent=percent, language=language)
    screen = FirstRun(Beginning.guessed(language), homes[0])
    qtbot.addWidget(screen)
    screen.resize(1280, 720)
    screen.show()
    qtbot.waitExposed(screen)
    screen.activateWindow()
    zone = screen.findChild(Combo, names.FIRST_ZONE)
    assert zone is not None
    qtbot.waitUntil(lambda: zone.count() > 100, timeout=20_000)
    (area,) = screen.findChildren(QScrollArea)
    inner = area.widget()
    assert inner is not None
    assert inner.minimumSizeHint().width() <= area.viewport().width()
    for label in screen.findChildren(QLabel):
        needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        assert label.height() + 1 >= needed, label.text()
    for button in screen.findChildren(QPushButton):
        assert button.width() >= button.sizeHint().width(), button.text()
    screen.first_focus().setFocus()
    reached = set()
    for _step in range(12):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused.objectName().removesuffix("_edit"))
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert reached >= {
        names.IMPORT_CHOOSE, names.FIRST_LANGUAGE, names.FIRST_TRADE, names.FIRST_CURRENCY, names.FIRST_ZONE,
        names.FIRST_DEMO, names.FIRST_EMPTY,
    }  # fmt: skip
