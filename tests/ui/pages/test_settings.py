"""Settings: what is chosen works at once, a restore is three clicks, and what is in the way is said in a sentence."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QListWidget, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shopcrm.app import Shop
from shopcrm.base import i18n, options
from shopcrm.base.i18n import _
from shopcrm.base.paths import Home
from shopcrm.base.progress import SILENT, Progress
from shopcrm.collect import settings
from shopcrm.store import backup
from shopcrm.store.engine import DiskFull
from shopcrm.ui import names, theme
from shopcrm.ui.application import Application
from shopcrm.ui.kit.buttons import Button
from shopcrm.ui.kit.choice import Choice
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.kit.text import Text
from shopcrm.ui.pages.settings import SECTIONS, SettingsPage
from shopcrm.ui.parts.question import Question
from shopcrm.ui.settings import backup_words
from tests.builders import TODAY, content, given_orders, new_shop, order
from tests.ui.conftest import Stage, fill, make_stage
from tests.ui.people import Counting
from tests.ui.test_window import KNOWN, clipped

CTRL = Qt.KeyboardModifier.ControlModifier


def open_section(stage: Stage, key: str) -> SettingsPage:
    stage.window.go_to("settings", key)
    stage.settle()
    stage.window.grab()
    stage.settle()
    page = stage.window.frame.page("settings")
    assert isinstance(page, SettingsPage)
    return page


def press(stage: Stage, name: str) -> None:
    (button,) = [found for found in stage.window.findChildren(QPushButton, name) if found.isVisible()]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    stage.settle()


# Every section


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW", "en"], indirect=True)
@pytest.mark.parametrize("percent", [100, 200])
def test_no_words_of_a_section_are_clipped(
    qtbot: QtBot, qapp: QApplication, shop: Shop, language: str, *, percent: int
) -> None:
    theme.use(qapp, name="light", text_percent=percent, language=language)
    stage = make_stage(qtbot, shop, size=(1280, 720))
    stage.seat.set(options.BACKUP_FOLDER, str(shop.home.folder / "a drive with a name that is long" / "backups"))
    for kind in SECTIONS:
        open_section(stage, kind.key)
        if kind.key == "shop":
            choose(stage, "currency", "EUR")
        stage.window.grab()  # lays out what the answers have changed
        stage.settle()
        assert clipped(stage.window) == [], kind.key
    stage.end()


def test_every_control_of_a_section_is_named_and_reached_by_tab(stage: Stage) -> None:
    for kind in SECTIONS:
        page = open_section(stage, kind.key)
        wanted = {
            widget
            for widget in page.section.findChildren(QWidget)
            if widget.isVisible()
            and widget.isEnabled()
            and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.focusProxy() is None
        }
        for widget in wanted:
            assert widget.accessibleName(), widget
            assert any(widget.objectName().startswith(known) for known in KNOWN), widget
        stage.find(QListWidget, "settings_sections").setFocus()
        reached: set[QWidget] = set()
        for _step in range(40):
            focused = QApplication.focusWidget()
            assert focused is not None
            reached.add(focused)
            QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert {widget.objectName() for widget in wanted - reached} == set()


def test_ctrl_comma_arrows_and_enter_lead_into_a_section(stage: Stage) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_Comma, CTRL)
    stage.settle()
    sections = stage.find(QListWidget, "settings_sections")
    assert sections.hasFocus()
    assert stage.find(QPushButton, names.RAIL_SETTINGS).isChecked()
    for _step in range(2):
        QTest.keyClick(sections, Qt.Key.Key_Down)
    stage.settle()
    QTest.keyClick(sections, Qt.Key.Key_Return)
    assert stage.find(QPushButton, "settings_rule_change").hasFocus()
    wanted: list[tuple[str, object]] = []
    stage.window.ctx.page_wanted.connect(lambda key, target: wanted.append((key, target)))
    press(stage, "settings_rule_change")
    assert wanted == [("segments", "rule")]


# Look


@pytest.mark.usefixtures("language")
def test_language_theme_and_size_are_chosen_at_once_and_the_place_is_kept(program: Program) -> None:
    stage = program.stage
    open_section(stage, "look")
    for name in ("settings_language_en", "settings_text_size_130", "settings_theme_dark"):
        button = stage.find(QPushButton, name)
        button.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(button, Qt.Key.Key_Space)
        stage.settle()
        stage.bot.waitUntil(lambda name=name: stage.find(QPushButton, name).isChecked())  # type: ignore[misc]
        again = stage.find(Button, name)
        assert again.hasFocus()
        assert again._ring, "and it is seen where the keyboard is"
    assert (i18n.language(), theme.current().text_percent, theme.current().name) == ("en", 130, "dark")
    assert stage.find(QPushButton, names.RAIL_SETTINGS).text() == "Settings"
    # Switched by its keys, the setting says so on the spot.
    QTest.keyClick(stage.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    stage.settle()
    stage.bot.waitUntil(lambda: stage.find(QPushButton, "settings_theme_light").isChecked())


# Shop


def choose(stage: Stage, what: str, value: object) -> None:
    drop = stage.find(Choice, f"settings_{what}")
    drop.set_key(str(value))
    assert drop.key() == value
    drop.picked.emit(drop.key())
    stage.settle()


def test_another_currency_says_its_numbers_first_and_can_be_undone(stage: Stage) -> None:
    open_section(stage, "shop")
    before = content(stage.shop)
    valid = sum(bool(row[17]) for row in before["orders"])
    choose(stage, "currency", "EUR")
    assert content(stage.shop) == before, "only asked"
    said = [text.text() for text in stage.window.findChildren(Text) if text.isVisible()]
    assert any(f"{valid}" in text and "CNY" in text for text in said)
    press(stage, "settings_recount_not")
    assert stage.find(Choice, "settings_currency").key() == "CNY"
    choose(stage, "currency", "EUR")
    press(stage, "settings_recount")
    assert stage.shop.info.currency == stage.window.ctx.currency == "EUR"
    assert stage.shop.columns().net_total.sum() == 0
    newest = stage.shop.newest_backup()
    assert newest is not None
    assert newest.reason == "recount"
    QTest.keyClick(stage.window, Qt.Key.Key_Z, CTRL)
    stage.settle()
    assert content(stage.shop) == before
    assert stage.find(Choice, "settings_currency").key() == "CNY"


def test_another_zone_moves_days(stage: Stage) -> None:
    open_section(stage, "shop")
    choose(stage, "timezone", "America/Los_Angeles")
    said = " ".join(text.text() for text in stage.window.findChildren(Text) if text.isVisible())
    assert (
        i18n.n_("{n} order then falls on another day.", "{n} orders then fall on another day.", 47).format(n=47) in said
    )
    press(stage, "settings_recount")
    assert stage.shop.check() == []
    assert stage.window.ctx.zone.key == "America/Los_Angeles"


def test_the_trade_is_chosen_and_undone(stage: Stage) -> None:
    open_section(stage, "shop")
    choose(stage, "trade", "pets")
    with stage.shop.read() as tx:
        assert tx.option(options.TRADE) == "pets"
    QTest.keyClick(stage.window, Qt.Key.Key_Z, CTRL)
    stage.settle()
    with stage.shop.read() as tx:
        assert tx.option(options.TRADE) == ""
    assert stage.find(Choice, "settings_trade").key() == ""


def test_whom_lists_may_hold_is_chosen_and_undone(stage: Stage) -> None:
    open_section(stage, "shop")
    choose(stage, "agreed", "yes")
    with stage.shop.read() as tx:
        assert tx.option(options.CONTACT_AGREED) is True
    QTest.keyClick(stage.window, Qt.Key.Key_Z, CTRL)
    stage.settle()
    assert stage.find(Choice, "settings_agreed").key() == ""


# Rules


def test_a_number_is_checked_where_it_stands_saved_by_enter_and_undone(stage: Stage) -> None:
    open_section(stage, "rules")
    edit, wrong = stage.find(QLineEdit, "settings_cycle_days"), stage.find(Text, "settings_cycle_days_wrong")
    edit.setFocus()

    def kept() -> Any:
        with stage.shop.read() as tx:
            return tx.option(options.CYCLE_DAYS)

    for text, said in (("0", True), ("ninety", True), ("60", False)):
        edit.selectAll()
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        stage.settle()
        assert wrong.isVisible() == said
    assert kept() == 60
    edit.clearFocus()
    with stage.shop.write() as tx:
        settings.choose(tx, {options.CYCLE_DAYS: 45})
    stage.settle()
    stage.bot.waitUntil(lambda: edit.text() == "45")
    edit.selectAll()
    QTest.keyClicks(edit, "7")
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert edit.text() == "45"
    assert kept() == 45


# Backups


class Program:
    """The whole program on a shop with 48 orders and a backup of when it had 47."""

    def __init__(self, bot: QtBot, app: QApplication, folder: Path) -> None:
        shop = new_shop(folder / "shop")
        fill(shop)
        shop.back_up("hand")
        given_orders(shop, [order("3000000000000001", "late_z", TODAY, 9_900)])
        shop.close()
        self.home = shop.home
        self.bot = bot
        self.application = Application(app, self.home, language="zh_CN", as_of=TODAY)
        self.application.window.resize(1280, 800)
        self.application.start()

    @property
    def stage(self) -> Stage:
        """What the window is on now."""
        self.bot.waitUntil(lambda: self.application.shop is not None, timeout=20_000)
        shop = self.application.shop
        assert shop is not None
        stage = Stage(self.bot, shop, self.application.window, self.application.seat)
        stage.settle()
        return stage

    @property
    def orders(self) -> int:
        """How many orders the shop holds; it is in order."""
        shop = self.stage.shop
        assert shop.check() == []
        return shop.counts().orders

    def orders_become(self, count: int) -> None:
        """Wait for a restore to end."""
        self.bot.waitUntil(lambda: self.application.shop is not None, timeout=20_000)
        assert self.orders == count


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, tmp_path: Path, language: str) -> Iterator[Program]:
    assert language
    made = Program(qtbot, qapp, tmp_path)
    yield made
    if made.application.shop is not None:
        made.stage.end()
        made.application.shop.close()
    else:
        made.application.window._may_close = True
        made.application.window.close()


def click_restore(stage: Stage, orders: int) -> None:
    """The word at the end of the row of the backup that holds so many orders."""
    table = stage.find(TableView, "backup_table")
    (row,) = [
        row
        for row in range(table.paged.rowCount())
        if table.paged.row(row).held.orders == orders and table.paged.row(row).reason == "hand"  # type: ignore[union-attr]
    ]
    last = table.paged.columnCount() - 1
    place = table.visualRect(table.paged.index(row, last)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    stage.settle()


def test_a_backup_is_restored_by_three_clicks_and_taken_back(program: Program) -> None:
    stage = program.stage
    before = content(stage.shop)
    hands = Counting(stage)
    hands.click(names.STATUS_BACKUP)
    stage.window.grab()
    click_restore(stage, 47)
    question = stage.find(Question, names.QUESTION)
    said = " ".join(text.text() for text in question.findChildren(Text))
    assert "47" in said
    assert "48" in said
    yes = stage.find(QPushButton, "question_yes")
    assert "47" in yes.text()
    hands.click("question_yes")
    assert hands.clicks + 1 == 3, "and the one on the row"
    program.orders_become(47)
    stage = program.stage
    assert stage.window._speaker.history.can_undo
    assert stage.find(TableView, "backup_table").isVisible(), "where it was asked for"
    toast = stage.window.toasts.toast
    assert toast is not None
    assert backup_words.orders(47) in toast.accessibleName()
    stage.window.go_to("scripts")
    assert toast.act()
    program.orders_become(48)
    assert content(program.stage.shop) == before
    page = program.stage.window.frame.current
    assert page is not None
    assert page.key == "scripts", "where it was taken back"


def test_a_restore_can_be_declined(program: Program) -> None:
    stage = program.stage
    hands = Counting(stage)
    hands.click(names.STATUS_BACKUP)
    stage.window.grab()
    click_restore(stage, 47)
    QTest.keyClick(stage.find(Question, names.QUESTION), Qt.Key.Key_Escape)
    stage.settle()
    assert program.orders == 48


def test_what_could_be_undone_before_a_restore_cannot_be_after_it(program: Program) -> None:
    stage = program.stage
    stage.window.ctx.messages.toast("a note saved", undo=lambda: pytest.fail("undone in another shop"))
    program.application.restore(backup.listed(program.home)[0].path)
    stage.bot.waitUntil(lambda: program.application.shop is None)
    QTest.keyClick(stage.window, Qt.Key.Key_Z, CTRL)
    program.orders_become(0)


def test_a_backup_that_is_damaged_is_said_and_the_shop_is_open_again(program: Program) -> None:
    stage = program.stage
    bad = next(found.path for found in backup.listed(program.home) if found.held.orders == 47)
    whole = bytearray(bad.read_bytes())
    whole[len(whole) // 2] ^= 1
    bad.write_bytes(whole)
    program.application.restore(bad)
    program.orders_become(48)
    said = program.stage.find(QLabel, "failure_text").text()
    assert bad.name in said
    _close_failure(stage.window)


def test_a_backup_from_elsewhere_is_looked_through_before_it_is_offered(stage: Stage, tmp_path: Path) -> None:
    page = open_section(stage, "backups")
    made = stage.shop.back_up("hand")
    copy = tmp_path / "from the old computer.db"
    shutil.copy(made.path, copy)
    page.section.look_into(copy)  # type: ignore[attr-defined]  # of this section
    stage.settle()
    question = stage.find(Question, names.QUESTION)
    wanted: list[Path] = []
    page.restore_wanted.connect(wanted.append)
    assert copy.name in question.windowTitle()
    question.reject()
    copy.write_bytes(b"no backup" * 1_000)
    page.section.look_into(copy)  # type: ignore[attr-defined]
    stage.settle()
    assert copy.name in stage.find(QLabel, "failure_text").text()
    assert wanted == []
    _close_failure(stage.window)


def test_back_up_now_is_listed_and_a_second_one_is_not_needed(stage: Stage) -> None:
    open_section(stage, "backups")
    press(stage, "backup_now")
    table = stage.find(TableView, "backup_table")
    rows = table.paged.rowCount()
    assert table.paged.row(0).reason == "hand"  # type: ignore[union-attr]
    assert _("All of it is in there.") in stage.find(Text, "backup_state").text()
    press(stage, "backup_now")
    assert table.paged.rowCount() == rows


def test_backups_are_made_by_themselves_when_something_changed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ctx, now = stage.window.ctx, [stage.window.ctx.backups.clock()]
    ctx.backups.clock = lambda: now[0]
    ctx.backups.start()

    def count() -> int:
        return sum(found.reason == "auto" for found in backup.listed(stage.shop.home))

    def after(**time: int) -> None:
        now[0] += timedelta(**time)
        ctx.backups.look()
        stage.settle()

    after(minutes=29)
    assert count() == 0
    after(minutes=1)
    assert count() == 1
    after(minutes=40)
    assert count() == 1, "nothing has changed"
    with stage.shop.write() as tx:
        settings.choose(tx, {options.CYCLE_DAYS: 60})
    stage.settle()
    said: list[str] = []
    ctx.messages.said.connect(lambda told: said.append(told.text))

    def full(*_args: object, **_how: object) -> None:
        raise DiskFull

    with monkeypatch.context() as patched:
        patched.setattr(type(stage.shop), "back_up", full)
        after(minutes=30)
        after(minutes=30)
    assert said == [DiskFull().message], "once"
    after(hours=-5)
    after(minutes=30)
    assert count() == 1, "all in one second: the newer one has the name of the older"
    newest = stage.shop.newest_backup()
    assert newest is not None
    assert newest.held == stage.shop.held()


def test_a_second_folder_that_is_not_there_is_said_once(stage: Stage, tmp_path: Path) -> None:
    open_section(stage, "backups")
    said: list[str] = []
    stage.window.ctx.messages.said.connect(lambda told: said.append(told.text))
    drive = tmp_path / "drive"
    stage.window.ctx.backups.choose_folder(drive)
    stage.settle()
    stage.shop.back_up("hand")
    stage.settle()
    assert len(said) == 1
    assert str(drive) in said[0]
    drive.mkdir()
    stage.window.ctx.backups.choose_folder(drive)
    stage.settle()
    assert [path.suffix for path in sorted(drive.rglob("shop-*"))] == [".db", ".json"]
    press(stage, "backup_folder_forget")
    assert stage.seat.get(options.BACKUP_FOLDER) == ""


def test_a_slow_second_folder_is_seen_at_work_and_can_be_cancelled(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_section(stage, "backups")
    drive = tmp_path / "drive"
    drive.mkdir()
    began, copied = threading.Event(), backup.second_copy

    def slow(home: Home, folder: Path, *, shop: str, progress: Progress = SILENT) -> Path | None:
        began.set()
        while not progress.cancelled:
            began.wait(0.01)
        return copied(home, folder, shop=shop, progress=progress)

    monkeypatch.setattr(backup, "second_copy", slow)
    stage.window.ctx.backups.choose_folder(drive)
    stage.bot.waitUntil(began.is_set)
    press(stage, names.PROGRESS_CANCEL)
    assert not list(drive.rglob("shop-*"))
    assert not list(drive.rglob(".shop-*"))
    assert stage.window.toasts.toast is None or not stage.window.toasts.toast.isVisible()
    monkeypatch.undo()
    press(stage, "backup_now")
    assert [path.suffix for path in sorted(drive.rglob("shop-*"))] == [".db", ".json"]


# The rescue screen


def test_a_damaged_shop_is_rescued_by_the_newest_sound_backup(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, language: str
) -> None:
    shop = new_shop(tmp_path / "shop")
    for day, orders in enumerate((10, 20), 1):
        shop._now = lambda day=day: datetime(2026, 11, 19 + day, tzinfo=UTC)  # type: ignore[misc]  # a day each
        given_orders(shop, [order(f"{day}00{n}", f"nick_{day}_{n}", TODAY) for n in range(orders - 10 * (day - 1))])
        shop.back_up("hand")
    shop.close()
    home = shop.home
    home.database.write_bytes(home.database.read_bytes()[:-4096])
    newest = backup.listed(home)[-1]
    assert newest.held.orders == 20
    whole = bytearray(newest.path.read_bytes())
    whole[len(whole) // 2] ^= 1
    newest.path.write_bytes(whole)
    program = Application(qapp, home, language=language, as_of=TODAY)
    program.start()

    def offered(orders: int) -> bool:
        found = program.window.findChildren(QLabel, "rescue_backup")
        return bool(found) and backup_words.orders(orders) in found[-1].text()

    def rescue() -> QPushButton:
        return program.window.findChildren(QPushButton, names.RESCUE_RESTORE)[-1]

    qtbot.waitUntil(lambda: offered(20), timeout=20_000)
    qtbot.waitUntil(lambda: rescue().hasFocus() or not program.window.isActiveWindow())
    rescue().click()
    qtbot.waitUntil(lambda: offered(10), timeout=20_000)
    assert newest.path.name in program.window.findChildren(QLabel, "failure_text")[-1].text()
    _close_failure(program.window)
    rescue().click()
    qtbot.waitUntil(lambda: program.shop is not None, timeout=20_000)
    assert program.shop is not None
    stage = Stage(qtbot, program.shop, program.window, program.seat)
    stage.settle()
    assert program.shop.counts().orders == 10
    assert program.shop.check() == []
    stage.end()
    program.shop.close()


# About


def test_what_is_copied_for_support_says_nothing_of_any_customer(stage: Stage) -> None:
    open_section(stage, "about")
    press(stage, "settings_diagnosis")
    told = QApplication.clipboard().text()
    assert "42 customers" in told
    assert "PySide6" in told
    for private in ("xiaoman_lin88", "林小满", "13800135678", str(stage.shop.home.folder), "宝妈群"):
        assert private not in told


def _close_failure(window: QWidget) -> None:
    dialog = window.findChildren(QDialog, names.FAILURE)[-1]
    dialog.close()
