from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from shopcrm.act import export, reminders
from shopcrm.act.reminders import DueItem
from shopcrm.app import Shop
from shopcrm.base import clock
from shopcrm.base.birthdays import LUNAR, SOLAR, Birthday
from shopcrm.base.paths import Home
from shopcrm.collect import birthdays, follow_ups
from shopcrm.collect.follow_ups import FollowUp
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


# Birthdays


def born(shop: Shop, **told: Birthday) -> None:
    with shop.write() as tx:
        ids = {row.name: row.id for row in tx.connection.exec_driver_sql("SELECT name, id FROM customers")}
        birthdays.put(tx, {ids[name]: birthday for name, birthday in told.items()})


def on(days: int) -> Birthday:
    """The birthday that falls so many days from today."""
    day = TODAY + timedelta(days=days)
    return Birthday(SOLAR, day.month, day.day, 1990)


def test_birthdays_of_the_coming_week_and_missed_ones_stand_among_the_due(shop: Shop) -> None:
    # 桃子 is due too: one line, and the birthday is the reason. 冬瓜 is not due, 老周 long gone.
    born(shop, 桃子=on(0), 冬瓜=Birthday(LUNAR, 10, 16), 老周=on(7), 小鹿=on(8), 阿云=on(-3), 石榴=on(-4))
    items = listed(shop)
    assert {(item.name, item.reason, (item.due_on - TODAY).days) for item in items} == {
        ("桃子", "birthday", 0),
        ("冬瓜", "birthday", 2),
        ("老周", "birthday", 7),
        ("阿云", "birthday", -3),
        ("小鹿", "cycle", 0),
        ("石榴", "cycle", -180),
    }
    assert [item.name for item in items] == ["桃子", "阿云", "小鹿", "冬瓜", "老周", "石榴"]
    peach = items[0]
    assert (peach.anchor_day, peach.kind, peach.overdue_ratio) == (clock.day_number(TODAY), "birthday", 1.2)
    assert peach.birthday is not None
    assert peach.birthday.turns == 36
    assert (peach.birthday.lunar.month, peach.birthday.lunar.day) == (10, 14)
    with shop.read() as tx:
        columns = shop.columns()
        assert reminders.due_list(tx, columns, kinds=("birthday",)) == [items[0], items[1], items[3], items[4]]
        assert reminders.due_list(tx, columns, kinds=("due", "back")) == [items[2], items[5]]
        assert reminders.due_ids(tx, columns).tolist() == [item.customer for item in items]
        day = reminders.day_summary(tx, columns)
    assert (day.still, day.kinds) == (6, {"due": 1, "back": 1, "birthday": 4, "follow_up": 0})
    assert [each.birthdays for each in day.coming] == [0, 1, 0, 0, 0, 0, 1]


def test_the_cycle_waits_behind_a_birthday_unless_it_is_skipped(shop: Shop) -> None:
    born(shop, 桃子=on(1))
    (item,) = [item for item in listed(shop) if item.name == "桃子"]
    for outcome, until, after in (("done", None, []), ("snoozed", 1, []), ("skipped", None, ["cycle"])):
        change = acted(shop, item, outcome, until=None if until is None else TODAY + timedelta(days=until))  # type: ignore[arg-type]
        assert [each.reason for each in listed(shop) if each.name == "桃子"] == after
        with shop.write() as tx:
            tx.undo(change)
        assert item in listed(shop)


def test_next_year_is_another_birthday(shop: Shop) -> None:
    born(shop, 冬瓜=on(2))
    (item,) = [item for item in listed(shop) if item.reason == "birthday"]
    acted(shop, item, "done")
    assert summary(shop)[1] == 1
    home = shop.home
    shop.close()
    later = Shop.open(home, as_of=TODAY + timedelta(days=365))
    (again,) = [item for item in listed(later) if item.reason == "birthday"]
    later.close()
    assert again.anchor_day == item.anchor_day + 365


def test_a_birthday_is_put_off_to_its_day_at_the_latest(shop: Shop) -> None:
    born(shop, 冬瓜=on(2), 老周=on(0))
    today = clock.day_number(TODAY)
    until = {item.name: reminders.snoozed_until(item, today=today, days=3) - today for item in listed(shop)}
    assert (until["冬瓜"], until["老周"], until["小鹿"]) == (2, 1, 3)


def test_the_sheet_says_whose_birthday_it_is(shop: Shop, tmp_path: Path) -> None:
    born(shop, 冬瓜=Birthday(LUNAR, 10, 16, 1990))
    with shop.write() as tx:
        assert export.export_due(tx, shop.columns(), tmp_path / "due.xlsx", kinds=("birthday",)).rows == 1
    rows = list(openpyxl.load_workbook(tmp_path / "due.xlsx").worksheets[0].iter_rows(values_only=True))
    line = dict(zip(rows[2], rows[3], strict=True))
    assert (line["Name"], line["Reason"], line["Why"]) == ("冬瓜", "Birthday", "11-24 (Lunar 10-16), turns 36")


def test_a_follow_up_stands_first_from_its_day_until_it_is_dealt_with(shop: Shop) -> None:
    by_cycle = {item.name: item for item in listed(shop)}
    winter, deer, melon = (by_cycle[name].customer if name in by_cycle else 4 for name in ("桃子", "小鹿", "冬瓜"))
    asked = (TODAY - timedelta(days=20)).isoformat()

    def agreed(customer: int, day: date, text: str = "") -> int:
        with shop.write() as tx:
            return follow_ups.add(tx, customer, FollowUp(day=asked, next_on=day.isoformat(), text=text))

    agreed(winter, TODAY - timedelta(days=2), "问问尺码合不合适")
    agreed(melon, TODAY)
    agreed(deer, TODAY + timedelta(days=1))
    with shop.write() as tx:
        birthdays.put(tx, {melon: Birthday(SOLAR, TODAY.month, TODAY.day)})
    first, second, *rest = listed(shop)
    assert [(item.reason, item.customer, item.due_on) for item in (first, second)] == [
        ("follow_up", winter, TODAY - timedelta(days=2)), ("follow_up", melon, TODAY),
    ]  # fmt: skip
    assert first.agreed is not None
    assert (first.kind, first.agreed.text) == ("follow_up", "问问尺码合不合适")
    assert deer in {item.customer for item in rest}, "her day is still to come, and her cycle says so too"
    assert not {winter, melon} & {item.customer for item in rest}, "a customer stands on one line"
    with shop.read() as tx:
        summary = reminders.day_summary(tx, shop.columns())
        only = reminders.due_list(tx, shop.columns(), kinds=("follow_up",))
    assert (summary.kinds["follow_up"], summary.coming[0].follow_ups, only) == (2, 1, [first, second])
    acted(shop, first, "done")
    change = acted(shop, second, "snoozed", until=TODAY + timedelta(days=3))
    assert winter not in {item.customer for item in listed(shop)}, "on the day it was done the others wait"
    assert [item.reason for item in listed(shop) if item.customer == melon] == ["birthday"]
    with shop.write() as tx:
        tx.undo(change)
    assert listed(shop)[0].key == second.key
    with shop.write() as tx:
        follow_ups.add(tx, melon, FollowUp())
    assert [item.reason for item in listed(shop) if item.customer == melon] == ["birthday"]
