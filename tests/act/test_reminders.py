from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from shopcrm.act import reminders
from shopcrm.act.reminders import DueItem
from shopcrm.app import Shop
from shopcrm.base import clock
from shopcrm.base.paths import Home
from shopcrm.collect.foreign import ForeignOrder
from tests.builders import TODAY, given_orders, new_shop, order


def bought(nick: str, *days_ago: int, paid: int = 10_000, today: date = TODAY) -> list[ForeignOrder]:
    return [order(f"{nick}-{ago}", nick, today - timedelta(days=ago), paid) for ago in days_ago]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Under fifty gaps, so the shop's cycle is the owner's 90 days.

    桃子: 4 gaps of 30 → (2·90 + 4·30) / 6 = 50 days, last 60 days ago: ratio 1.2, overdue.
    小鹿: once, 90 days ago: ratio 1, due. 阿云: the same, but a purchase of hers is worth more.
    冬瓜: once, 71 days ago: 0.79, not yet. 老周: once, 271 days ago: 3.01, gone. 石榴: 270 days ago: 3.0, still listed.
    """
    opened = new_shop(tmp_path / "shop")
    given_orders(
        opened,
        [
            *bought("桃子", 60, 90, 120, 150, 180),
            *bought("小鹿", 90),
            *bought("阿云", 90, paid=12_000),
            *bought("冬瓜", 71),
            *bought("老周", 271),
            *bought("石榴", 270, paid=900_000),
        ],
    )
    yield opened
    opened.close()


def listed(shop: Shop) -> list[DueItem]:
    with shop.read() as tx:
        return reminders.due_list(tx, shop.columns())


def acted(shop: Shop, item: DueItem, outcome: reminders.Outcome, *, until: date | None = None) -> int:
    with shop.write() as tx:
        until_day = None if until is None else clock.day_number(until)
        return reminders.act(
            tx, item.customer, reason=item.reason, anchor_day=item.anchor_day, outcome=outcome, until_day=until_day
        )


def summary(shop: Shop) -> tuple[int, int, int, int]:
    with shop.read() as tx:
        found = reminders.day_summary(tx, shop.columns())
    return found.still, found.done, found.snoozed, found.skipped


def test_the_list_holds_who_is_due_worth_most_first_with_the_figures_behind_it(shop: Shop) -> None:
    items = listed(shop)
    assert [item.name for item in items] == ["桃子", "阿云", "小鹿", "石榴"]
    first = items[0]
    assert (first.overdue_ratio, first.band, first.cycle_days, first.days_since) == (1.2, "overdue", 50.0, 60)
    assert first.gaps == (30, 30, 30, 30)
    assert first.due_on == TODAY - timedelta(days=10)
    assert first.last_net == 10_000
    assert items[3].overdue_ratio == 3.0
    assert items[3].band == "at_risk"
    with shop.read() as tx:
        assert reminders.due_list(tx, shop.columns(), limit=2) == items[:2]
        assert reminders.due_ids(tx, shop.columns()).tolist() == [item.customer for item in items]
        coming = reminders.day_summary(tx, shop.columns()).coming
    # 冬瓜 reaches 0.8 · 90 = 72 days tomorrow.
    assert [(one.day, one.customers) for one in coming][:2] == [
        (TODAY + timedelta(days=1), 1),
        (TODAY + timedelta(days=2), 0),
    ]


def test_what_was_done_closes_the_item_and_undo_brings_it_back(shop: Shop) -> None:
    peach, cloud, deer, _ = listed(shop)
    change = acted(shop, peach, "done")
    acted(shop, cloud, "skipped")
    assert [item.name for item in listed(shop)] == ["小鹿", "石榴"]
    assert summary(shop) == (2, 1, 0, 1)
    with shop.write() as tx:
        tx.undo(change)
    assert peach in listed(shop)
    assert summary(shop) == (3, 0, 0, 1)
    acted(shop, deer, "snoozed", until=TODAY + timedelta(days=2))
    assert deer not in listed(shop)
    acted(shop, deer, "done")
    assert summary(shop) == (2, 1, 0, 1)  # an item counts once, by what was done last


def test_a_snoozed_item_comes_back_on_its_day_and_a_closed_one_does_not(shop: Shop) -> None:
    peach, cloud, *_ = listed(shop)
    acted(shop, peach, "snoozed", until=TODAY + timedelta(days=3))
    acted(shop, cloud, "done")
    home: Home = shop.home
    shop.close()
    for days, back in ((2, False), (3, True)):
        later = Shop.open(home, as_of=TODAY + timedelta(days=days))
        names = [item.name for item in listed(later)]
        later.close()
        assert ("桃子" in names) is back
        assert "阿云" not in names


def test_a_new_purchase_makes_a_new_item(shop: Shop) -> None:
    peach = listed(shop)[0]
    acted(shop, peach, "done")
    given_orders(shop, bought("桃子", 40))
    again = next(item for item in listed(shop) if item.name == "桃子")
    assert again.anchor_day == peach.anchor_day + 20
    assert again.gaps == (30, 30, 30, 30, 20)


def test_a_snooze_needs_a_day_to_come(shop: Shop) -> None:
    item = listed(shop)[0]
    with pytest.raises(ValueError, match="snoozed until"):
        acted(shop, item, "snoozed", until=TODAY)
    with pytest.raises(ValueError, match="snoozed until"):
        acted(shop, item, "done", until=TODAY + timedelta(days=1))
