"""The demo shop is made through the real importer, and shows every page something."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from shopcrm import app
from shopcrm.act import desk, reminders
from shopcrm.app import HoldsRealShop, NewShop, Shop
from shopcrm.base.paths import Home
from shopcrm.mine import rfm

AS_OF = date(2026, 11, 22)


def test_the_demo_shop_fills_every_page_and_is_made_once(tmp_path: Path) -> None:
    home = Home(tmp_path / "demo")
    made = app.make_demo(home, as_of=AS_OF, language="zh_CN")
    assert made.customers > 350
    assert made.orders > 1_400
    assert app.make_demo(home, as_of=AS_OF, language="zh_CN") == made
    shop = Shop.open(home, as_of=AS_OF)
    try:
        columns = shop.columns()
        assert len(columns) == made.customers
        assert shop.check() == []
        with shop.read() as tx:
            assert all(group.customers >= 5 for group in rfm.scores(tx, columns).groups)
            bands = {item.band for item in reminders.due_list(tx, columns)}
            card = desk.card(tx, columns, desk.find(tx, "5678")[0].id)
    finally:
        shop.close()
    assert {"due", "overdue"} <= bands
    assert (card.name, card.group) == ("林小满", "privileged")
    assert "宝妈群" in card.tags
    assert len(card.notes) == 3
    assert {order.state for order in card.orders} == {"unpaid", "finished"}


def test_a_real_shop_is_not_filled_with_invented_people(tmp_path: Path) -> None:
    home = Home(tmp_path / "own")
    Shop.open(home, create=NewShop(currency="CNY", timezone="Asia/Shanghai")).close()
    with pytest.raises(HoldsRealShop):
        app.make_demo(home, language="zh_CN")
