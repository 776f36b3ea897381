"""What files tell of consents: a yes is kept, a no takes it back, the hand and an opt-out stand over both."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from shopcrm.app import Shop
from shopcrm.base import clock
from shopcrm.collect import consents
from shopcrm.collect.consent_words import NoAnswer, answer
from shopcrm.collect.consents import NO_CONSENT, OPTED_OUT, ChannelState
from shopcrm.collect.foreign import ForeignConsent, ForeignOrder, ForeignPerson
from shopcrm.collect.imports import FileReport
from tests.builders import SHANGHAI_NOON, TODAY, content, new_shop, order, person, stage

YES = (ForeignConsent("email", True, "Accepts Email Marketing"),)
NO = (ForeignConsent("email", False, "Accepts Email Marketing"),)
MAIL = "lin@example.com"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    yield opened
    opened.close()


def lin(*told: ForeignConsent) -> ForeignPerson:
    return person("林小满", email=MAIL, platform="shopify", consents=told)


def given(
    shop: Shop, *those: ForeignOrder | ForeignPerson, ago: int | None = None, platform: str = "shopify"
) -> FileReport:
    """Import a file that was exported some days ago."""
    at = None if ago is None else clock.plain_seconds(TODAY - timedelta(days=ago)) + SHANGHAI_NOON
    report = "people" if isinstance(those[0], ForeignPerson) else "complete"
    staged = stage(shop, those, platform=platform, report=report, snapshots=[at])
    preview = shop.preview(staged).files[0]
    done = shop.import_staged(staged).files[0]
    assert (preview.agreed, preview.withdrawn) == (done.agreed, done.withdrawn)  # said before it is done
    return done


def email(shop: Shop, customer: int = 1) -> ChannelState:
    with shop.read() as tx:
        return next(one for one in consents.of_customer(tx, customer).channels if one.channel == "email")


def held(shop: Shop) -> dict[int, str]:
    with shop.read() as tx:
        return consents.held_back(tx, [1], "email")


def test_a_yes_is_a_consent_with_its_day_its_source_and_its_words(shop: Shop) -> None:
    before = content(shop)
    file = given(shop, lin(*YES), ago=10)
    assert (file.people_new, file.agreed, file.withdrawn) == (1, 1, 0)
    day = TODAY - timedelta(days=10)
    assert email(shop) == ChannelState(
        "email", "agreed", True, day, "Shopify · orders-0.csv", "Accepts Email Marketing"
    )  # fmt: skip
    kept = content(shop)
    for ago in (10, 5, None, 20):  # told again, by a later export or an older one
        assert (given(shop, lin(*YES), ago=ago).agreed, content(shop)) == (0, kept)
    for _import in range(5):
        shop.undo_import()
    assert content(shop) == before


def test_a_list_that_adds_nothing_but_a_consent_says_so(shop: Shop) -> None:
    given(shop, lin())
    file = given(shop, lin(*YES))
    assert (file.people_changed, file.people_same, file.agreed) == (1, 0, 1)


def test_an_order_tells_it_of_its_own_day(shop: Shop) -> None:
    old, new = TODAY - timedelta(days=90), TODAY - timedelta(days=30)
    file = given(
        shop, order("2", "lin_a", new, platform="shopify", consents=NO),
        order("1", "lin_a", old, platform="shopify", consents=YES), order("3", None, new, consents=YES),
    )  # fmt: skip
    # The later order has the last word, wherever it stands; nobody's tells nothing.
    assert (file.agreed, file.withdrawn) == (1, 1)
    assert (email(shop).state, email(shop).day) == ("refused", new)
    assert held(shop) == {1: NO_CONSENT}
    file = given(shop, order("1", "lin_a", old, platform="shopify", consents=YES))
    assert (file.agreed, file.withdrawn, email(shop).state) == (0, 0, "refused")


def test_a_no_is_neither_an_opt_out_nor_a_refusal_of_what_nobody_asked(shop: Shop) -> None:
    assert given(shop, lin(*NO), ago=3).withdrawn == 0
    assert email(shop).state == "unknown"
    assert held(shop) == {}


def test_a_later_no_of_the_same_platform_takes_back_what_its_files_told(shop: Shop) -> None:
    given(shop, lin(*YES), ago=30)
    assert given(shop, lin(*NO), ago=40).withdrawn == 0  # older
    assert given(shop, person("林小满", email=MAIL, platform="etsy", consents=NO), platform="etsy").withdrawn == 0
    assert given(shop, lin(*NO), ago=20).withdrawn == 1
    assert (email(shop).state, held(shop)) == ("refused", {1: NO_CONSENT})
    # It is not for an older export, or one of that day, to say yes again.
    assert [given(shop, lin(*YES), ago=ago).agreed for ago in (30, 20)] == [0, 0]
    assert given(shop, lin(*YES), ago=10).agreed == 1
    assert email(shop).state == "agreed"


def test_of_one_day_a_no_counts_before_a_yes_in_whatever_order(shop: Shop) -> None:
    for told in ((*YES, *NO), (*NO, *YES)):
        assert given(shop, lin(*told), ago=1).agreed == 0
    assert email(shop).state == "unknown"


@pytest.mark.parametrize("said", [True, False])
def test_what_was_written_down_by_hand_stands(shop: Shop, *, said: bool) -> None:
    given(shop, lin())
    with shop.write() as tx:
        consents.say(tx, 1, "email", given=said, day=TODAY - timedelta(days=300), source="旺旺")
    kept = content(shop)
    for told in (YES, NO):
        file = given(shop, lin(*told))
        assert (file.agreed, file.withdrawn, file.people_same) == (0, 0, 1)
    assert content(shop) == kept


@pytest.mark.parametrize("channel", ["email", consents.ALL])
def test_an_opt_out_wins_over_every_file_and_every_undo(shop: Shop, channel: str) -> None:
    given(shop, lin())
    with shop.write() as tx:
        consents.opt_out(tx, 1, channel, source="回复 TD")
    opted_out = content(shop)["opt_outs"]
    given(shop, lin(*YES))
    assert (email(shop).state, held(shop)) == ("opted_out", {1: OPTED_OUT})
    shop.undo_import()
    given(shop, lin(*YES), order("1", "lin_a", TODAY, consents=YES))
    assert content(shop)["opt_outs"] == opted_out
    assert held(shop) == {1: OPTED_OUT}


def test_it_stays_as_long_as_a_later_file_tells_it_too_in_whatever_order_they_are_undone(shop: Shop) -> None:
    before = content(shop)
    first, second = (given(shop, lin(*YES), ago=ago) for ago in (9, 3))
    assert (first.agreed, second.agreed) == (1, 0)
    shop.undo_import(1)
    assert email(shop).state == "agreed"
    shop.undo_import(2)
    assert content(shop) == before


def test_two_who_are_made_one_by_the_import_keep_what_stands_by_hand(shop: Shop) -> None:
    given(shop, person("林小满", email=MAIL, buyer_id="lin_a", platform="shopify"))
    with shop.write() as tx:
        consents.say(tx, 1, "email", given=False)
    file = given(shop, order("9", "lin_a", TODAY, platform="shopify", consents=YES))
    assert (file.agreed, email(shop).state) == (0, "refused")


def test_a_list_that_does_not_say_when_it_was_exported_is_as_old_as_its_file(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "customers_export.csv"
    path.write_text(
        "Customer ID,Email,Accepts Email Marketing,Accepts SMS Marketing,Total Orders\n"
        "7,lin@example.com,yes,perhaps,1\n",
        "utf-8",
    )
    day = date(2026, 9, 1)
    at = clock.plain_seconds(day) + SHANGHAI_NOON
    os.utime(path, (at, at))
    (file,) = shop.import_staged(shop.stage([path])).files
    assert (file.agreed, [problem.value for problem in file.problems]) == (1, ["perhaps"])
    assert (email(shop).day, email(shop).source) == (day, "Shopify · customers_export.csv")
    at = clock.plain_seconds(TODAY + timedelta(days=9))
    path.write_text(path.read_text("utf-8").replace("lin@", "zhou@").replace("\n7,", "\n8,"), "utf-8")
    os.utime(path, (at, at))  # a clock that goes wrong
    shop.import_staged(shop.stage([path]))
    assert email(shop, 2).day == TODAY


@pytest.mark.parametrize(
    ("text", "means"),
    [("Yes", True), ("OPT_IN", True), ("是", True), ("NEVER_SUBSCRIBED", False), ("退订", False), ("pending", None)],
)
def test_the_words_that_files_have_for_it(text: str, means: bool | None) -> None:
    assert answer(text) is means
    with pytest.raises(NoAnswer):
        answer(f"{text}?")
