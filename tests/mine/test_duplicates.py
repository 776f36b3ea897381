from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base.errors import Cancelled
from shopcrm.base.progress import Progress
from shopcrm.collect import who_is_who
from shopcrm.mine import duplicates
from shopcrm.mine.duplicates import MOST_HOLDERS, Found
from tests.builders import TODAY, given_orders, new_shop, order

DAY = TODAY - timedelta(days=30)
HOME = "浙江省 杭州市 西湖区 虚构路 1 号 2 幢 301"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    yield opened
    opened.close()


def found(shop: Shop) -> Found:
    with shop.read() as tx:
        return duplicates.find(tx)


def kinds(shop: Shop) -> list[tuple[set[str], tuple[str, ...]]]:
    """Who is suggested to be one, by nick, and by what."""
    with shop.read() as tx:
        rows = tx.connection.exec_driver_sql("SELECT customer_id, value FROM identities WHERE kind = 'buyer_id'")
        nicks = {row.customer_id: row.value for row in rows}
    return [
        ({nicks[one.first], nicks[one.second]}, tuple(line.kind for line in one.evidence))
        for one in found(shop).suggestions
    ]


def give(shop: Shop, nick: str, platform: str = "taobao", **told: object) -> None:
    given_orders(shop, [order(f"{nick}-{platform}-1", nick, DAY, platform=platform, **told)], platform=platform)  # type: ignore[arg-type]


def test_the_same_name_and_address_however_it_is_written(shop: Shop) -> None:
    give(shop, "lin_a", recipient_name="林小满", address=HOME)
    give(shop, "jd_77", "jd", recipient_name="林小满 ", address="浙江省杭州市西湖区虚构路1号2幢301")
    give(shop, "pdd_8", "pdd", recipient_name="周青", address=HOME)
    give(shop, "pdd_9", "pdd", recipient_name="林*", address=HOME)
    give(shop, "pdd_a", "pdd", recipient_name="林小满", address="浙江省 杭州市 ***")
    assert kinds(shop) == [({"lin_a", "jd_77"}, ("address",))]


def test_a_masked_phone_needs_name_and_city_and_a_whole_one_may_be_behind_it(shop: Shop) -> None:
    place = {"province": "浙江省", "city": "杭州市"}
    give(shop, "lin_a", recipient_name="林小满", recipient_phone="138****5678", **place)
    give(shop, "jd_77", "jd", recipient_name="林小满", recipient_phone="13800135678", **place)
    give(shop, "pdd_8", "pdd", recipient_name="林小满", recipient_phone="138****5678", province="广东省", city="深圳市")
    give(shop, "pdd_9", "pdd", recipient_name="周青", recipient_phone="138****5678", **place)
    give(shop, "pdd_c", "pdd", recipient_name="林小满", recipient_phone="138****5679", **place)
    give(shop, "ks_1", "kuaishou", recipient_name="林小满", recipient_phone="13811115678", **place)
    assert kinds(shop) == [
        ({"lin_a", "jd_77"}, ("masked_phone",)),
        ({"lin_a", "ks_1"}, ("masked_phone",)),
    ], "two whole phones that differ are two phones"


def test_a_phone_that_could_not_join_and_two_accounts_that_speak_against_it(shop: Shop) -> None:
    for nick in ("lin_a", "other_b"):
        give(shop, nick, phone="13800130001")
    give(shop, "jd_77", "jd", phone="13800130001")
    told = kinds(shop)
    assert ({"lin_a", "other_b"}, ("phone", "two_accounts")) in told
    assert told[-1][0] == {"lin_a", "other_b"}, "what speaks against it makes it weaker"
    assert len(told) == 3


def test_nicks_that_are_alike_need_a_name_or_a_city(shop: Shop) -> None:
    place = {"province": "浙江省", "city": "杭州市"}
    give(shop, "xiaoman_lin88", recipient_name="林*", **place)
    give(shop, "Xiaoman.Lin", "jd", recipient_name="林**", **place)
    give(shop, "xiaoman", "pdd", recipient_name="林**", **place)
    give(shop, "xiaoman.mama", "youzan", recipient_name="陈一诺", **place)
    give(shop, "xiaoman_2020", "weixin", recipient_name="陈一诺")
    give(shop, "doudou1", "jd", recipient_name="王*", **place)
    give(shop, "doudou22", "weixin", recipient_name="吴*", **place)
    give(shop, "xiaoman-lin-1", "kuaishou", recipient_name="林**", province="广东省", city="深圳市")
    give(shop, "xia", "douyin", recipient_name="林**", **place)
    give(shop, "tb1234567", recipient_name="周青", **place)
    give(shop, "tb7654321", "jd", recipient_name="周青", **place)
    assert {frozenset(pair) for pair, _why in kinds(shop)} == {
        frozenset({"xiaoman_lin88", "Xiaoman.Lin"}),
        frozenset({"xiaoman.mama", "xiaoman_2020"}),
    }


def test_what_many_share_is_taken_as_none_and_listed_apart(shop: Shop) -> None:
    for n in range(MOST_HOLDERS + 1):
        give(shop, f"{'abcdefg'[n] * 5}", phone="13800130001", recipient_name="代收", address=HOME)
    told = found(shop)
    assert told.suggestions == ()
    assert {(line.kind, line.customers) for line in told.shared} == {("phone", 6), ("address", 6)}
    assert {line.value for line in told.shared} == {"13800130001", f"代收, {HOME}"}


def test_the_strongest_comes_first_and_evidence_adds_up(shop: Shop) -> None:
    home = {"recipient_name": "林小满", "address": HOME}
    give(shop, "lin_a", phone="13800130001", **home)
    give(shop, "lin_b", phone="13800130001", **home)
    give(shop, "zhou", phone="13800130002")
    give(shop, "qing", phone="13800130002")
    told = found(shop).suggestions
    assert [tuple(line.kind for line in one.evidence) for one in told] == [
        ("address", "phone", "two_accounts"),
        ("phone", "two_accounts"),
    ]
    assert told[0].strength > told[1].strength


def test_who_was_said_to_be_two_or_was_made_one_is_not_suggested_again(shop: Shop) -> None:
    for nick in ("lin_a", "lin_b", "lin_c"):
        give(shop, nick, phone="13800130001")
    first = found(shop)
    assert len(first.suggestions) == first.total == 3
    with shop.write() as tx:
        who_is_who.two_people(tx, 2, 1)
    with shop.read() as tx:
        left = duplicates.standing(tx, first)
    assert {(one.first, one.second) for one in left.suggestions} == {(1, 3), (2, 3)}
    assert left.total == 2
    assert left.suggestions == found(shop).suggestions
    with shop.write() as tx:
        who_is_who.merge_customers(tx, keep=1, gone=3)
    with shop.read() as tx:
        assert duplicates.standing(tx, first).suggestions == ()
    assert found(shop).suggestions == (), "who is not her is not the one who became her"


def test_it_can_be_stopped(shop: Shop) -> None:
    give(shop, "lin_a", recipient_name="林小满", address=HOME)
    progress = Progress()
    progress.cancel()
    with shop.read() as tx, pytest.raises(Cancelled):
        duplicates.find(tx, progress=progress)
