"""An opt-out wins over everything and outlives everything; a consent is its newest line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base.lengths import TooLong
from shopcrm.base.options import CONTACT_AGREED
from shopcrm.collect import consents, edits, manual, person_identities, settings, undoing, who_is_who
from shopcrm.collect.consents import NO_CONSENT, OPTED_OUT, ChannelState
from shopcrm.collect.manual import Person
from shopcrm.store.tx import Tx
from tests.builders import TODAY, content, given_orders, given_people, new_shop, order, person

LIN, ZHOU = "13800130001", "13800130002"
D1, D2 = TODAY - timedelta(days=60), TODAY - timedelta(days=30)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(opened, [order("1", "lin_a", D1, phone=LIN), order("2", "zhou_b", D2, phone=ZHOU)])
    yield opened
    opened.close()


def state(shop: Shop, customer: int, channel: str = "sms") -> str:
    with shop.read() as tx:
        return next(one.state for one in consents.of_customer(tx, customer).channels if one.channel == channel)


def held(shop: Shop, channel: str = "sms") -> dict[int, str]:
    with shop.read() as tx:
        ids = tx.connection.exec_driver_sql("SELECT id FROM customers").scalars().all()
        return consents.held_back(tx, ids, channel)


def out(shop: Shop, customer: int = 1, channel: str = consents.ALL) -> int:
    with shop.write() as tx:
        return consents.opt_out(tx, customer, channel, source="回复 TD")


def test_the_newest_line_of_a_channel_counts_and_is_kept_with_source_and_words(shop: Shop) -> None:
    with shop.write() as tx:
        consents.say(tx, 1, "sms", given=False, day=D2)
        consents.say(tx, 1, "sms", given=True, day=D1, source="包裹卡片", wording="同意接收上新短信")
    assert held(shop) == {1: NO_CONSENT}
    with shop.write() as tx:
        consents.say(tx, 1, "sms", given=True, source="旺旺", wording="可以发短信<b>")
    with shop.read() as tx:
        told = consents.of_customer(tx, 1)
    assert told.channels[0] == ChannelState("sms", "agreed", True, TODAY, "旺旺", "可以发短信<b>")
    assert [one.state for one in told.channels[1:]] == ["unknown"] * 4
    assert [one.channel for one in told.channels if one.reachable] == ["sms", "phone", "platform"]
    assert held(shop) == {}
    with pytest.raises(consents.NotYet), shop.write() as tx:
        consents.say(tx, 1, "sms", given=True, day=TODAY + timedelta(days=1))


def test_a_shop_that_writes_only_to_those_who_agreed_holds_back_the_others(shop: Shop) -> None:
    with shop.write() as tx:
        settings.choose(tx, {CONTACT_AGREED: True})
        consents.say(tx, 1, "sms", given=True)
    assert held(shop) == {2: NO_CONSENT}
    assert held(shop, "email") == {1: NO_CONSENT, 2: NO_CONSENT}
    assert held(shop, consents.ALL) == {}


def test_an_opt_out_wins_over_a_later_consent_until_she_wants_to_be_written_to_again(shop: Shop) -> None:
    out(shop, channel="sms")
    with shop.write() as tx:
        consents.say(tx, 1, "sms", given=True)
    assert held(shop) == {1: OPTED_OUT}
    assert held(shop, "phone") == {}
    out(shop)
    assert held(shop, "phone") == held(shop, consents.ALL) == {1: OPTED_OUT}
    with shop.write() as tx:
        consents.opt_in(tx, 1)
    assert (state(shop, 1), state(shop, 1, "phone")) == ("opted_out", "unknown")
    with shop.write() as tx:
        consents.opt_in(tx, 1, "sms")
    assert state(shop, 1) == "agreed"


def test_every_edit_is_undone_and_done_again(shop: Shop) -> None:
    out(shop, 2, "email")  # the key of the shop is made once, and stays
    every: tuple[Callable[[Tx], int], ...] = (
        lambda tx: consents.say(tx, 1, "sms", given=True, source="a"),
        lambda tx: consents.opt_out(tx, 1),
        lambda tx: consents.opt_in(tx, 1),
        lambda tx: consents.follow(tx, 1, "weibo", follows_us=True),
        lambda tx: consents.follow(tx, 1, "weibo", follows_us=True, since=D1),
        lambda tx: consents.follow(tx, 1, "weibo", follows_us=False),
    )
    for edit in every:
        before = content(shop)
        with shop.write() as tx:
            change_set = edit(tx)
        after = content(shop)
        assert after != before
        with shop.write() as tx:
            redo = edits.undo(tx, change_set).change_set
        assert content(shop) == before
        with shop.write() as tx:
            edits.undo(tx, redo)
        assert content(shop) == after
    assert shop.check() == []


def test_who_shares_the_phone_is_meant_too(shop: Shop) -> None:
    with shop.write() as tx:
        mother = manual.add_customer(tx, Person(name="小满妈", phone=LIN)).id
    out(shop, 1, "sms")
    assert held(shop) == {1: OPTED_OUT, mother: OPTED_OUT}
    with shop.write() as tx:
        consents.opt_in(tx, mother, "sms")
    assert held(shop) == {}


def test_it_survives_that_the_import_is_undone_and_comes_again(shop: Shop) -> None:
    out(shop)
    with shop.write() as tx:
        for batch in (1,):
            undoing.undo(tx, batch)
    assert held(shop) == {}
    given_people(shop, [person("林小满", phone="13800130001")])
    with shop.read() as tx:
        (again,) = tx.connection.exec_driver_sql("SELECT id FROM customers").scalars().all()
    assert again > 2
    assert held(shop) == {again: OPTED_OUT}
    given_orders(shop, [order("1", "lin_a", D1)])  # by her account alone
    assert set(held(shop).values()) == {OPTED_OUT}
    assert shop.check() == []


def test_it_survives_a_customer_typed_in_and_taken_back(shop: Shop) -> None:
    with shop.write() as tx:
        written = manual.add_customer(tx, Person(name="陈未", wechat="chen_wei"))
    out(shop, written.id, "wechat")
    with shop.write() as tx:
        redo = edits.undo(tx, written.change_set).change_set
    before = content(shop)["opt_outs"]
    with shop.write() as tx:
        edits.undo(tx, redo)
    assert held(shop, "wechat") == {written.id: OPTED_OUT}
    with shop.write() as tx:
        again = manual.add_customer(tx, Person(name="陈", wechat=" Chen_Wei ")).id
    assert held(shop, "wechat") == {written.id: OPTED_OUT, again: OPTED_OUT}
    assert len(before) == 1


def test_a_phone_that_comes_later_is_hers_too_and_one_that_went_still_is(shop: Shop) -> None:
    out(shop, channel="sms")
    with shop.write() as tx:
        person_identities.add_identity(tx, 1, kind="phone", text="13800130009")
        number = tx.connection.exec_driver_sql("SELECT id FROM identities WHERE value = ?", (LIN,)).scalar_one()
        person_identities.remove_identity(tx, number)
    with shop.write() as tx:
        for phone in ("13800130009", LIN):
            manual.add_customer(tx, Person(name=phone, phone=phone))
    assert held(shop) == {1: OPTED_OUT, 3: OPTED_OUT, 4: OPTED_OUT}


def test_merged_and_taken_apart_all_of_it_goes_along_and_back(shop: Shop) -> None:
    with shop.write() as tx:
        consents.say(tx, 2, "email", given=True, source="表单")
        consents.follow(tx, 1, "wechat", follows_us=True, since=D1)
        consents.follow(tx, 2, "wechat", follows_us=True, since=D2)
        consents.follow(tx, 2, "weibo", follows_us=True)
    out(shop, 2)
    kept = ("consents", "opt_outs", "follows")
    before = {name: content(shop)[name] for name in kept}
    with shop.write() as tx:
        merged = who_is_who.merge_customers(tx, keep=1, gone=2)
    with shop.read() as tx:
        told = consents.of_customer(tx, 1)
    assert told.opted_out
    assert [(one.channel, one.since) for one in told.follows] == [("wechat", D1), ("weibo", None)]
    with shop.write() as tx:
        consents.opt_out(tx, 1, "sms")  # said of both as one
        edits.undo(tx, merged)
    after = {name: content(shop)[name] for name in kept}
    assert held(shop) == {1: OPTED_OUT, 2: OPTED_OUT}
    assert set(before["consents"]) == set(after["consents"])
    assert before["follows"] == after["follows"]
    assert set(before["opt_outs"]) <= set(after["opt_outs"])
    assert shop.check() == []


def test_whom_a_consent_was_written_down_of_stays_when_the_import_is_undone(shop: Shop) -> None:
    with shop.write() as tx:
        consents.say(tx, 1, "sms", given=True)
        undoing.undo(tx)
    assert [row[0] for row in content(shop)["customers"]] == [1]
    assert len(content(shop)["consents"]) == 1


def test_no_phone_stands_in_what_is_kept_of_an_opt_out(shop: Shop, tmp_path: Path) -> None:
    out(shop)
    rows = content(shop)["opt_outs"]
    assert len(rows) == 2
    assert LIN not in repr(rows)
    assert "lin_a" not in repr(rows)
    other = new_shop(tmp_path / "other")
    given_orders(other, [order("1", "lin_a", D1, phone=LIN)])
    out(other)
    prints = ({row[3] for row in content(one)["opt_outs"]} for one in (shop, other))
    assert set.isdisjoint(*prints)  # each shop has a key of its own
    other.close()


def test_lists_ask_of_many_at_once(shop: Shop) -> None:
    out(shop, 2, "sms")
    with shop.write() as tx:
        consents.say(tx, 1, "email", given=True)
        consents.say(tx, 2, "sms", given=True)
    with shop.read() as tx:
        assert consents.by_customer(tx, range(1, 5_000)) == {1: (("email",), ()), 2: ((), ("sms",))}
        assert consents.every_opted_out(tx, "sms") == {2}
        assert consents.every_opted_out(tx) == set()
        assert consents.counted({1: OPTED_OUT, 2: OPTED_OUT}) == {OPTED_OUT: 2}


def test_dates_of_old(shop: Shop) -> None:
    with shop.write() as tx:
        consents.say(tx, 1, "wechat", given=True, day=date(2020, 1, 1), source="x" * 120, wording="词" * 100_000)
        with pytest.raises(TooLong):
            consents.say(tx, 1, "wechat", given=False, source="x" * 121)
    with shop.read() as tx:
        told = consents.of_customer(tx, 1).channels[2]
    assert (told.day, len(told.source), len(told.wording)) == (date(2020, 1, 1), 120, 100_000)
