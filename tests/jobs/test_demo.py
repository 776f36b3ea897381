"""The demo shop is made through the real importer, shows every page something, and can be believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from shopcrm import app
from shopcrm.act import customer_list, desk, filters, list_views, reminders, scripts
from shopcrm.app import HoldsRealShop, NewShop, Shop
from shopcrm.base.options import TRADE
from shopcrm.base.paths import Home
from shopcrm.collect import attributes, notes, product_answers, products, saved_views, tags, wishes
from shopcrm.collect.attribute_values import Stage
from shopcrm.collect.foreign import OrderState
from shopcrm.jobs import demo, demo_history
from shopcrm.mine import rfm
from tests.builders import content

AS_OF = date(2026, 11, 22)
PEOPLE = ("gender", "age_band", "occupation", "source", "member_level")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    home = Home(tmp_path_factory.mktemp("demo"))
    app.make_demo(home, as_of=AS_OF, language="zh_CN")
    opened = Shop.open(home, as_of=AS_OF)
    yield opened
    opened.close()


def test_its_figures_are_those_of_a_shop_one_believes(shop: Shop) -> None:
    columns = shop.columns()
    assert 2_850 <= len(columns) <= 3_100
    assert shop.check() == []
    with shop.read() as tx:
        run = tx.connection.exec_driver_sql
        groups = rfm.scores(tx, columns).groups
        states = {state for (state,) in run("SELECT DISTINCT state FROM orders")}
        stores = {(row.platform, row.name) for row in run("SELECT DISTINCT platform, name FROM stores")}
        several = run(
            """SELECT count(*) FROM (SELECT o.customer_id FROM orders o JOIN stores s ON s.id = o.store_id
                WHERE o.customer_id IS NOT NULL GROUP BY 1 HAVING count(DISTINCT s.platform) > 1)"""
        ).scalar_one()
        unidentified = run("SELECT count(*) FROM orders WHERE customer_id IS NULL").scalar_one()
        partly = run("SELECT count(*) FROM orders WHERE refunded > 0 AND refunded < paid").scalar_one()
    counted = sum(group.customers for group in groups)
    assert all(0.01 <= group.customers / counted <= 0.6 for group in groups)
    assert states == set(OrderState)
    assert len({name for platform, name in stores if platform == "taobao"}) == 2
    assert {platform for platform, _name in stores} == {"taobao", "weixin", "manual"}
    assert several > 20
    assert unidentified > 10
    assert partly > 50
    # Of those whose first purchase is 180 days ago or longer: the share that bought again within 180 days.
    day = (AS_OF - date(1970, 1, 1)).days
    bought = np.flatnonzero((columns.occasions > 0) & (columns.first_day <= day - 180))
    again = bought[columns.occasions[bought] > 1]
    second = columns.day[columns.starts[again] + 1] - columns.first_day[again]
    assert 0.25 <= np.sum(second <= 180) / len(bought) <= 0.45


def test_todays_list_is_a_mornings_work_and_led_by_the_front_row(shop: Shop) -> None:
    with shop.read() as tx:
        items = reminders.due_list(tx, shop.columns())
        summary = reminders.day_summary(tx, shop.columns())
    assert 30 <= len(items) <= 80
    assert Counter(item.kind for item in items).keys() == set(reminders.KINDS)
    assert items[0].name == "林小满"
    assert 3 <= summary.done <= 30
    birthdays = {item.name: item for item in items if item.birthday}
    assert birthdays["陈一诺"].due_on == AS_OF + timedelta(days=2)
    assert any(item.due_on < AS_OF for item in birthdays.values()), "one was missed"
    assert {item.birthday.birthday.calendar for item in birthdays.values() if item.birthday} == {"solar", "lunar"}
    promised = [item for item in items if item.agreed]
    assert 3 <= len(promised) <= 15
    assert any(item.due_on < AS_OF for item in promised), "one was forgotten"
    assert sum(day.follow_ups for day in summary.coming) >= 5


def test_the_card_tells_of_the_baby_and_the_parts_of_the_shop(shop: Shop) -> None:
    with shop.read() as tx:
        card = desk.card(tx, shop.columns(), desk.find(tx, "5678")[0].id)
        assert tx.option(TRADE) == "mother_baby"
        kept = {attribute.key: 0 for attribute in attributes.defined(tx) if attribute.kind != "stage"}
        for (key,) in tx.connection.exec_driver_sql(
            "SELECT a.key FROM customer_attributes c JOIN attributes a ON a.id = c.attribute_id"
        ):
            kept[key] += 1
    assert (card.name, card.group) == ("林小满", "privileged")
    assert "宝妈群" in card.tags
    assert len(card.notes) == 3
    assert {order.state for order in card.orders} == {"unpaid", "finished"}
    assert {order.platform for order in card.orders} == {"taobao", "weixin"}
    assert card.particulars.title == "团团"
    values = {line.attribute.key: line.value for line in card.attributes}
    stage = values["formula_stage"]
    assert isinstance(stage, Stage)
    assert stage.number == 2
    assert kept["baby_name"] > 300
    assert min(kept[key] for key in ("clothing_size", "nappy_size", "taste", "feeding", "baby2_name")) > 50


def test_each_thing_that_is_kept_of_people_goods_and_words_is_there_in_a_number_one_believes(shop: Shop) -> None:
    with shop.read() as tx:
        run = tx.connection.exec_driver_sql
        counts = {
            table: run(f"SELECT count(*) FROM {table}").scalar_one()
            for table in ("consents", "opt_outs", "follows", "follow_ups", "wishes", "products", "product_answers")
        }
        open_wishes = sum(map(len, wishes.open_titles(tx, shop.columns().ids.tolist()).values()))
        troubles = run("SELECT trouble_until FROM customers WHERE trouble IS NOT NULL").scalars().all()
        known = [run(f"SELECT count({field}) FROM customers").scalar_one() for field in PEOPLE]
        told = {script.title: script for script in scripts.listing(tx)}
        best = list(dict.fromkeys(product.code for product in products.listed(tx, shop.columns())))[:10]
        answered = {answer.code for answer in product_answers.listing(tx)}
        worn = {tag.group for tag in tags.all_tags(tx) if tag.colour}
        views = [list_views.read(view.view, filters.fields_of(tx)) for view in saved_views.listed(tx, page="customers")]
        listed = [len(customer_list.ids(tx, shop.columns(), conditions=view.view.conditions)) for view in views]
    assert min(counts.values()) >= 5, counts
    assert counts["opt_outs"] < 40, "most may be written to"
    assert 5 < open_wishes < counts["wishes"] - 5, "some came true"
    assert None in troubles
    assert any(until is not None and until > (AS_OF - date(1970, 1, 1)).days for until in troubles)
    assert min(known) > 50
    assert set(best) <= answered
    assert [script for script in told.values() if script.tally.bought_share is not None]
    assert len([script for script in told.values() if script.audience and script.keywords]) >= 2
    assert len(worn) >= 3
    assert not any(view.gone for view in views)
    assert all(0 < count < 500 for count in listed), listed


def test_opened_on_the_day_it_stays_and_on_another_day_or_in_another_language_it_is_made_anew(tmp_path: Path) -> None:
    home = Home(tmp_path / "demo")
    few = 40
    with pytest.MonkeyPatch.context() as patch:
        invent = demo_history.invent
        patch.setattr(demo, "invent", lambda **how: invent(**how, customers=few))
        counts = app.make_demo(home, as_of=AS_OF, language="zh_CN")
        first = _told(home)
        assert app.make_demo(home, as_of=AS_OF, language="zh_CN") == counts
        assert _told(home) == first
        later = AS_OF + timedelta(days=9)
        app.make_demo(home, as_of=later, language="en")
        moved = _told(home)
        assert any(title and "Qiyue" in title for *_order, title in moved.orders)
        assert max(day or 0 for _number, _state, day, _title in moved.orders) > (AS_OF - date(1970, 1, 1)).days
        app.make_demo(home, as_of=AS_OF, language="zh_CN")
        assert _told(home) == first, "the same day and language make the same shop"
        # Somebody writes a note: from now on it is hers.
        shop = Shop.open(home, as_of=AS_OF)
        with shop.write() as tx:
            notes.add(tx, 1, text="mine")
        before = content(shop)
        shop.close()
        app.make_demo(home, as_of=later, language="en")
        shop = Shop.open(home, as_of=later)
        assert content(shop) == before
        shop.close()
        app.make_demo(home, as_of=later, language="en", anew=True)
        assert _told(home).orders == moved.orders


@dataclass(frozen=True)
class _Told:
    orders: list[tuple[str, str, int | None, str | None]]
    rest: list[list[tuple[object, ...]]]


def _told(home: Home) -> _Told:
    """What a demo shop holds, apart from when it was written."""
    shop = Shop.open(home, as_of=AS_OF + timedelta(days=30))
    with shop.read() as tx:
        run = tx.connection.exec_driver_sql
        told = _Told(
            [tuple(row) for row in run("SELECT number, state, day, title FROM orders ORDER BY id")],
            [
                [tuple(row) for row in run(statement)]
                for statement in (
                    "SELECT id, name, birth_month, birth_day FROM customers ORDER BY id",
                    "SELECT customer_id, value FROM customer_attributes ORDER BY customer_id, attribute_id",
                    "SELECT customer_id, text FROM notes ORDER BY id",
                    "SELECT customer_id, reason, anchor_day, outcome, day FROM reminder_actions ORDER BY id",
                    "SELECT kind FROM change_sets ORDER BY id",
                    "SELECT customer_id, order_id, day, next_on, answers, text FROM follow_ups ORDER BY id",
                    "SELECT customer_id, title, reason FROM wishes ORDER BY id",
                    "SELECT customer_id, channel, given, day, wording FROM consents ORDER BY id",
                    "SELECT script_id, customer_id, outcome FROM script_uses ORDER BY id",
                )
            ],
        )
        assert desk.find(tx, "林小满")
    assert shop.check() == []
    shop.close()
    return told


def test_a_real_shop_is_not_filled_with_invented_people(tmp_path: Path) -> None:
    home = Home(tmp_path / "own")
    Shop.open(home, create=NewShop(currency="CNY", timezone="Asia/Shanghai")).close()
    with pytest.raises(HoldsRealShop):
        app.make_demo(home, language="zh_CN")
