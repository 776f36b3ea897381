"""The red mark: said with its reason, over on its day, undone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base.lengths import TooLong
from shopcrm.collect import edits, troubles
from shopcrm.collect.customers import NoSuchCustomer
from shopcrm.collect.troubles import EndPassed, NoReason, Trouble
from tests.builders import TODAY, given_orders, new_shop, order


def test_a_mark_holds_until_its_last_day_and_can_be_undone(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    given_orders(shop, [order("2611", "lin", TODAY)])
    last = TODAY + timedelta(days=7)
    with shop.write() as tx:
        troubles.mark(tx, 1, reason="  投诉\n发错货 ", until=last)
    with shop.read() as tx:
        assert troubles.of_customer(tx, 1) == Trouble("投诉 发错货", last)
    with shop.write() as tx:
        change = troubles.take_off(tx, 1)
        assert troubles.of_customer(tx, 1) is None
        edits.undo(tx, change)
        assert troubles.of_customer(tx, 1) == Trouble("投诉 发错货", last)
    shop.close()
    for days, still in ((7, True), (8, False)):
        later = Shop.open(shop.home, as_of=TODAY + timedelta(days=days))
        with later.read() as tx:
            assert (troubles.of_customer(tx, 1) is not None) == still
        later.close()


def test_what_cannot_be_marked_is_said(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    given_orders(shop, [order("2611", "lin", TODAY)])
    with shop.write() as tx:
        with pytest.raises(NoReason):
            troubles.mark(tx, 1, reason=" \u200b")
        with pytest.raises(EndPassed):
            troubles.mark(tx, 1, reason="x", until=TODAY - timedelta(days=1))
        with pytest.raises(NoSuchCustomer):
            troubles.mark(tx, 99, reason="x")
        with pytest.raises(TooLong):
            troubles.mark(tx, 1, reason="长" * (troubles.LONGEST + 1))
        assert troubles.of_customer(tx, 1) is None
    shop.close()
