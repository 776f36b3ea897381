"""A window on a small shop of invented people, driven by real keys and mouse."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from shopcrm.app import Shop
from shopcrm.base import i18n
from shopcrm.collect import notes, tags
from shopcrm.collect.foreign import ForeignItem, OrderState
from shopcrm.ui import theme
from shopcrm.ui.messages import Messages
from shopcrm.ui.seat import Seat
from shopcrm.ui.window import Window
from tests.builders import TODAY, given_orders, new_shop, order

PHONE = "13800135678"
ADDRESS = "浙江省 杭州市 虚构路 1 号"


W = TypeVar("W", bound=QWidget)


@dataclass
class Stage:
    """What a test of the window needs."""

    bot: QtBot
    shop: Shop
    window: Window
    seat: Seat

    def settle(self) -> None:
        """Wait until no answer is outstanding."""
        operations = self.window.ctx.operations
        self.bot.waitUntil(lambda: not operations.busy and not self.window.ctx.jobs.running, timeout=20_000)
        # An answer may have asked something else when it was painted.
        self.bot.wait(0)
        self.bot.waitUntil(lambda: not operations.busy, timeout=20_000)
        QApplication.sendPostedEvents()

    def find(self, kind: type[W], name: str) -> W:
        """The widget of that name."""
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def end(self) -> None:
        """Close window and shop without the backup on exit."""
        self.window.ctx.operations.wait()
        self.window.ctx.beside.stop()
        self.window._may_close = True
        self.window.close()
        self.window.deleteLater()
        self.bot.wait(0)


def fill(shop: Shop) -> None:
    """Three customers: one loyal with a phone, a note and a tag, one masked, one who has not paid."""
    nappies = ForeignItem("软软云 纸尿裤 L 50 片", 2, 2)
    given = [
        order(f"26{n:014d}4821", "xiaoman_lin88", TODAY - timedelta(days=30 * n + 27), 26_800, phone=PHONE,
              items=[nappies], recipient_name="林小满", province="浙江省", city="杭州市", address=ADDRESS)
        for n in range(5)
    ]  # fmt: skip
    given.append(order("2611000000007730", "qing_zhou", TODAY - timedelta(days=3), 16_800, recipient_name="周*"))
    given.append(
        order(
            "2611000000002256",
            "xiaoman_lin88",
            TODAY,
            0,
            state=OrderState.UNPAID,
            items=[nappies],
            paid_at=None,
            recipient_name="林小满",
            province="浙江省",
            city="杭州市",
            address=ADDRESS,
        )
    )
    given += [order(f"2610000000{n:06d}", f"guest_{n}", TODAY - timedelta(days=40 + n), 5_000 + n) for n in range(40)]
    given_orders(shop, given)
    with shop.write() as tx:
        from shopcrm.act import desk

        (lin,) = (hit.id for hit in desk.find(tx, "xiaoman_lin88"))
        notes.add(tx, lin, text="婆婆收货，电话打她的")
        tags.put(tx, [lin], name="宝妈群")


@pytest.fixture
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    code: str = getattr(request, "param", "zh_CN")
    before = i18n.language()
    i18n.set_language(code)
    yield code
    i18n.set_language(before)


@pytest.fixture
def dressed(qapp: QApplication, language: str) -> theme.Theme:
    """The kit's look, for widgets without a window."""
    return theme.use(qapp, name="light", text_percent=100, language=language)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    fill(opened)
    yield opened
    opened.close()


@pytest.fixture
def stage(qtbot: QtBot, dressed: theme.Theme, shop: Shop) -> Iterator[Stage]:
    assert dressed.name == "light"
    made = make_stage(qtbot, shop)
    yield made
    made.end()


def make_stage(qtbot: QtBot, shop: Shop, *, size: tuple[int, int] = (1280, 800)) -> Stage:
    """A window on a shop."""
    seat = Seat(shop.home.seat_file)
    window = Window(seat, Messages(shop.home.logs))
    window.resize(*size)
    window.enter(shop)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    made = Stage(qtbot, shop, window, seat)
    made.settle()
    return made
