from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import Connection

from shopcrm.app import NewShop, Shop
from shopcrm.base.paths import Home
from shopcrm.base.progress import Progress
from shopcrm.store import driver, migrations
from shopcrm.ui import names, words
from shopcrm.ui.application import Application
from shopcrm.ui.gallery import render
from shopcrm.ui.instance import PANEL, WINDOW, Instance

W = TypeVar("W", bound=QWidget)
SHOPS = Path(__file__).parents[1] / "data" / "shops"


def find(program: Application, kind: type[W], name: str) -> W:
    found = program.window.findChild(kind, name)
    assert found is not None, name
    return found


def test_the_window_stands_before_the_store_is_loaded() -> None:
    heavy = "('sqlalchemy', 'numpy', 'pandas', 'alembic', 'shopcrm.app')"
    program = f"import sys, shopcrm.ui.application; sys.exit(any(name in sys.modules for name in {heavy}))"
    assert subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=False).returncode == 0


def test_a_new_shop_is_made_opened_and_backed_up_when_the_window_closes(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, language: str
) -> None:
    home = Home(tmp_path / "shop")
    program = Application(qapp, home, language=language, create=NewShop("CNY", "Asia/Shanghai"))
    program.start()
    qtbot.waitUntil(lambda: program.shop is not None, timeout=20_000)
    qtbot.waitUntil(lambda: not program.window.ctx.operations.busy, timeout=20_000)
    program.window.close()
    assert program.window.isVisible()  # until the backup stands
    qtbot.waitUntil(lambda: not program.window.isVisible(), timeout=20_000)
    assert list(home.backups.glob("shop-*-exit.db"))
    assert program.seat.text("window")
    Shop.open(home).close()


def test_a_shop_that_cannot_be_opened_is_said_and_tried_again(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, language: str
) -> None:
    home = Home(tmp_path / "shop")
    home.folder.mkdir()
    home.database.write_bytes(b"this is no shop" * 500)
    program = Application(qapp, home, language=language)
    program.start()
    qtbot.waitUntil(lambda: program.window.findChild(QWidget, names.RESCUE) is not None, timeout=20_000)
    said = find(program, QLabel, "rescue_text").text()
    assert len(said) > 10
    assert home.database.read_bytes().startswith(b"this is no shop")
    home.database.unlink()
    Shop.open(home, create=NewShop("CNY", "Asia/Shanghai")).close()
    find(program, QPushButton, "rescue_retry").click()
    qtbot.waitUntil(lambda: program.shop is not None, timeout=20_000)
    qtbot.waitUntil(lambda: not program.window.ctx.operations.busy, timeout=20_000)
    program.window.close()
    qtbot.waitUntil(lambda: not program.window.isVisible(), timeout=20_000)


def test_an_older_shop_is_brought_up_to_date_before_her_eyes_and_may_wait(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "old")
    home.folder.mkdir()
    shutil.copy(SHOPS / "0004.db", home.database)
    upgrade, go_on = migrations.upgrade, threading.Event()

    def slowly(connection: Connection, *, progress: Progress) -> None:
        upgrade(connection, progress=progress)
        progress.report("indexing", done=1, total=4)
        go_on.wait(20)

    monkeypatch.setattr(migrations, "upgrade", slowly)
    program = Application(qapp, home, language=language)
    program.start()
    qtbot.waitUntil(lambda: find(program, QLabel, "progress_figures").text() == words.stage("indexing"), timeout=20_000)
    assert find(program, QLabel, "progress_title").text()
    find(program, QPushButton, "progress_cancel").click()
    go_on.set()
    qtbot.waitUntil(lambda: program.window.findChild(QWidget, names.RESCUE) is not None, timeout=20_000)
    assert program.window.findChild(QPushButton, names.RESCUE_RESTORE) is None, "nothing is the matter with it"
    raw = driver.connect(home.database, driver.INTEGRITY_KEY)
    assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == ("0004",)
    raw.close()
    find(program, QPushButton, names.RESCUE_RETRY).click()
    qtbot.waitUntil(lambda: program.shop is not None, timeout=20_000)
    qtbot.waitUntil(lambda: not program.window.ctx.operations.busy, timeout=20_000)
    program.window.close()
    qtbot.waitUntil(lambda: not program.window.isVisible(), timeout=20_000)


def test_a_second_window_raises_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    first, second = Instance(Home(tmp_path)), Instance(Home(tmp_path))
    other = Instance(Home(tmp_path / "another"))
    assert first.acquire()
    assert not second.acquire()
    assert other.acquire()
    for word in (WINDOW, PANEL):
        with qtbot.waitSignal(first.knocked, timeout=5_000, check_params_cb=lambda said, word=word: said == word):
            assert second.knock(word)
    first.release()
    assert second.acquire()
    second.release()
    other.release()


@pytest.mark.usefixtures("qapp", "language")
def test_the_gallery_saves_a_picture_a_page_and_look(shop: Shop, tmp_path: Path) -> None:
    made = render(shop.home, tmp_path, as_of=shop.as_of, languages=("en",), themes=("dark",), pages=("desk",))
    poses = ("desk", "desk-panel", "desk-follow-up", "desk-commands", "desk-keys")
    assert [path.name for path in made] == [f"{name}-en-dark.png" for name in poses]
    sizes = [QImage(str(path)).width() for path in made]
    assert sizes[1] == 380
    assert sizes[0] == sizes[3] == 1280 > sizes[2]
    assert made[0].stat().st_size > 10_000
