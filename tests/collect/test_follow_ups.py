from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from shopcrm.act import customer_list, fields, reminders
from shopcrm.act.customer_list import Order
from shopcrm.app import Shop
from shopcrm.base import clock, i18n, trade_presets, trades
from shopcrm.base.options import TRADE
from shopcrm.collect import attributes, customer_merges, edits, follow_ups, settings, statistics
from shopcrm.collect.follow_ups import FollowUp, FollowUpLine, Refused
from shopcrm.collect.foreign import OrderState
from tests.builders import TODAY, content, given_orders, new_shop, order

TODAY_NUMBER = clock.day_number(TODAY)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(
        opened,
        [
            order("1001", "lin_a", TODAY - timedelta(days=40)),
            order("1002", "lin_a", TODAY - timedelta(days=9), state=OrderState.SIGNED),
            order("1003", "lin_a", TODAY - timedelta(days=2), state=OrderState.SHIPPED),
            order("1004", "zhou_b", TODAY - timedelta(days=3), state=OrderState.SHIPPED),
        ],
    )
    with opened.write() as tx:
        settings.choose(tx, {TRADE: "clothing"})
    yield opened
    opened.close()


def noted(shop: Shop, customer: int = 1, told: FollowUp | None = None) -> int:
    with shop.write() as tx:
        return follow_ups.add(tx, customer, told or FollowUp())


def newest(shop: Shop) -> FollowUpLine:
    with shop.read() as tx:
        return follow_ups.lines(tx, follow_ups.selected())[0]


def values(shop: Shop, customer: int = 1) -> dict[str, object]:
    with shop.read() as tx:
        return {
            line.attribute.key: line.value for line in attributes.of_customer(tx, customer) if line.value is not None
        }


def next_follow_up(shop: Shop, customer: int = 1) -> date | None:
    columns = shop.columns()
    with shop.read() as tx:
        ((day,),) = fields.read(tx, columns, columns.ids[columns.ids == customer], keys=("next_follow_up",))
    assert day is None or isinstance(day, date)
    return day


@pytest.mark.parametrize("trade", trades.NAMES)
def test_every_question_is_whole_in_three_languages_and_lands_in_an_attribute_of_its_trade(trade: str) -> None:
    preset = trade_presets.preset(trade)
    typed = {told.key: told for told in preset.attribute if told.kind != "stage"}
    assert len({told.key for told in preset.question}) == len(preset.question) >= 3
    for told in preset.question:
        assert told.label.keys() == set(i18n.LANGUAGES), told.key
        assert told.attribute in ("", *typed), told.key
        assert bool(told.attribute) or told.kind is not None, told.key
        assert bool(told.choices) == (told.kind in ("choice", "choices")), told.key
        assert all(choice.label.keys() == {*i18n.LANGUAGES} for choice in told.choices), told.key
        assert trade_presets.questions()[told.key] == told, "an answer is read by the key of its question"


def test_answers_land_in_attributes_after_they_were_shown_and_are_undone_with_their_follow_up(shop: Shop) -> None:
    with shop.write() as tx:
        attributes.put(tx, {1: {"top_size": "M", "style": ("plain",)}})
    before = content(shop)
    typed = {"fit": "too tight", "top_size_now": "L", "style_liked": "plain", "shoe_size_now": "38"}
    with shop.read() as tx:
        shown = {each.attribute.key: (each.old, each.new) for each in follow_ups.landings(tx, 1, typed)}
    assert shown == {"top_size": ("M", "L"), "shoe_size": (None, 38)}
    told = FollowUp(channel="chat", rating=4, text="说袖子短\n下次大一码", order=2, answers=typed)
    change = noted(shop, told=told)
    assert values(shop) == {"top_size": "L", "style": ("plain",), "shoe_size": 38}
    line = newest(shop)
    assert (line.channel, line.outcome, line.rating, line.order_number) == ("chat", "reached", 4, "1002")
    assert (line.text, line.day, line.actor) == ("说袖子短\n下次大一码", TODAY_NUMBER, "owner")
    assert {answer.asked.key: answer.asked.shown(answer.value) for answer in line.answers} == {
        "fit": "too tight", "top_size_now": "L", "style_liked": "plain", "shoe_size_now": "38",
    }  # fmt: skip
    after = content(shop)
    with shop.write() as tx:
        undone = edits.undo(tx, change)
    assert {**content(shop), "attributes": ()} == {**before, "attributes": ()}
    with shop.write() as tx:
        edits.undo(tx, undone.change_set)
    assert content(shop) == after
    assert shop.check() == []


def test_a_changed_follow_up_writes_only_the_answers_that_differ(shop: Shop) -> None:
    noted(shop, told=FollowUp(answers={"top_size_now": "L", "fit": "just right"}))
    with shop.write() as tx:
        attributes.put(tx, {1: {"top_size": "XL"}})  # the owner knows better since
        told = FollowUp(outcome="problem", answers={"top_size_now": "L", "shoe_size_now": "38"}, text="x")
        change = follow_ups.edit(tx, 1, told)
    assert values(shop) == {"top_size": "XL", "shoe_size": 38}
    line = newest(shop)
    assert (line.outcome, {answer.asked.key for answer in line.answers}) == (
        "problem",
        {"top_size_now", "shoe_size_now"},
    )
    with shop.write() as tx:
        edits.undo(tx, change)
    assert values(shop) == {"top_size": "XL"}
    with shop.write() as tx:
        settings.choose(tx, {TRADE: "food"})
        follow_ups.edit(tx, 1, FollowUp(answers={"arrived_well": "yes"}))
    assert {answer.asked.key for answer in newest(shop).answers} == {"arrived_well", "fit", "top_size_now"}, (
        "what another trade asked stays said"
    )
    assert next(each.asked.label for each in newest(shop).answers if each.asked.key == "fit") == "How does it fit"


@pytest.mark.parametrize(
    ("told", "field", "because"),
    [
        (FollowUp(answers={"shoe_size_now": "big"}), "shoe_size_now", "“big” is no number."),
        (FollowUp(next_on="tomorrow?"), "next_on", "“tomorrow?” is no date. Type it like 2025-11-02."),
        (FollowUp(next_on=TODAY.isoformat()), "next_on", "The next one comes after this one."),
        (FollowUp(day=(TODAY + timedelta(days=1)).isoformat()), "day", "This day is still to come."),
        (FollowUp(channel="pigeon"), "channel", "Choose one."),
        (FollowUp(rating=6), "rating", "Choose one."),
    ],
)
def test_what_cannot_be_noted_is_told_at_its_field_and_nothing_is_kept(
    shop: Shop, told: FollowUp, field: str, because: str
) -> None:
    before = content(shop)
    with pytest.raises(Refused) as refused:
        noted(shop, told=told)
    assert (refused.value.field, refused.value.message) == (field, because)
    assert content(shop) == before


def test_the_last_delivered_order_is_proposed(shop: Shop) -> None:
    with shop.read() as tx:
        assert [follow_ups.last_delivered(tx, one) for one in (1, 2, 99)] == [2, 4, None]


def test_the_next_day_is_what_was_agreed_last_until_it_is_dealt_with(shop: Shop) -> None:
    soon, later = TODAY + timedelta(days=3), TODAY + timedelta(days=30)
    noted(shop, told=FollowUp(next_on=soon.isoformat(), day=(TODAY - timedelta(days=5)).isoformat()))
    assert next_follow_up(shop) == soon
    noted(shop, told=FollowUp(next_on=later.isoformat(), day=(TODAY - timedelta(days=2)).isoformat()))
    noted(shop, 2, FollowUp(next_on=soon.isoformat()))
    assert next_follow_up(shop) == later
    columns = shop.columns()
    with shop.read() as tx:
        for descending, order_ in ((False, [2, 1]), (True, [1, 2])):
            ids = customer_list.ids(tx, columns, order=[Order("next_follow_up", descending)])
            assert ids.tolist() == order_
    change = noted(shop)  # asked, and nothing further agreed
    assert next_follow_up(shop) is None
    with shop.write() as tx:
        edits.undo(tx, change)
    assert next_follow_up(shop) == later
    with shop.write() as tx:
        reminders.act(
            tx, 1, reason=follow_ups.REASON, anchor_day=clock.day_number(later), outcome="snoozed",
            until_day=TODAY_NUMBER + 40,
        )  # fmt: skip
    assert next_follow_up(shop) == later
    with shop.write() as tx:
        reminders.act(tx, 1, reason=follow_ups.REASON, anchor_day=clock.day_number(later), outcome="done")
    assert next_follow_up(shop) is None


def test_follow_ups_go_along_when_two_become_one_and_back(shop: Shop) -> None:
    noted(shop, 2, FollowUp(text="喜欢", next_on=(TODAY + timedelta(days=9)).isoformat()))
    before = content(shop)
    with shop.write() as tx:
        made = customer_merges.merge(tx, keep=1, gone=2, evidence=())
        statistics.refresh(tx)
    assert next_follow_up(shop) == TODAY + timedelta(days=9)
    with shop.write() as tx:
        edits.undo(tx, made.change_set)
    assert content(shop) == before
    assert shop.check() == []


def test_a_follow_up_outlives_the_import_of_its_order_and_keeps_its_customer(shop: Shop) -> None:
    noted(shop, told=FollowUp(order=2, text="满意"))
    shop.undo_import()
    assert shop.columns().ids.tolist() == [1]
    line = newest(shop)
    assert (line.order, line.order_number, line.text) == (None, None, "满意")
    assert shop.check() == []
