"""The card as a whole: in the demo shop its first customer shows what it can."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from shopcrm import app
from shopcrm.act import desk
from shopcrm.app import Shop
from shopcrm.base import clock
from shopcrm.base.paths import Home
from shopcrm.jobs import demo, demo_history
from shopcrm.ui import names, theme
from shopcrm.ui.parts import card_now
from shopcrm.ui.parts.card import CustomerCard
from tests.builders import TODAY
from tests.ui.conftest import Stage, make_stage


@pytest.fixture
def demo_stage(
    tmp_path: Path, qtbot: QtBot, dressed: theme.Theme, language: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    """A window on a demo shop with its front row and few others."""
    assert dressed.name == "light"
    monkeypatch.setattr(demo, "invent", partial(demo_history.invent, customers=60))
    home = Home(tmp_path / "demo")
    app.make_demo(home, as_of=TODAY, language=language)
    shop = Shop.open(home, as_of=TODAY)
    stage = make_stage(qtbot, shop)
    yield stage
    stage.end()
    shop.close()


@pytest.mark.parametrize("language", ["zh_CN", "en"], indirect=True)
def test_the_star_of_the_demo_shows_every_block_of_the_card(demo_stage: Stage) -> None:
    with demo_stage.shop.read() as tx:
        (lin,) = [hit.id for hit in desk.find(tx, "5678")]
    demo_stage.window.ctx.open_customer(lin)
    demo_stage.settle()
    demo_stage.bot.waitUntil(lambda: demo_stage.find(QWidget, names.CARD_OFFERS).isVisibleTo(demo_stage.window))
    card = demo_stage.find(CustomerCard, names.CARD)
    blocks = [
        card.head,
        card.trouble,
        card.greeting,
        card.timeline,
        *(
            block
            for part in (card.now, card.side, card.side.about)
            for block in part.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        ),
    ]
    unseen = [
        block.objectName() or type(block).__name__
        for block in blocks
        if not block.isVisibleTo(demo_stage.window) and block.objectName() != names.CARD_MORE  # of a narrow card
    ]
    assert unseen == []
    ctx = demo_stage.window.ctx
    assert card.head._data is not None
    open_matters = card_now.matters(ctx, card.head._data, today=clock.day_number(TODAY))
    assert [matter.icon for matter in open_matters] == ["receipt-text", "clock", "phone"]
