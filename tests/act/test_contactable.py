"""No list that leaves the program tells how to reach somebody who does not want it; it says how many it left out."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shopcrm.act import contactable, contacts, export, reminders
from shopcrm.act.contacts import Style
from shopcrm.app import Shop
from shopcrm.collect import consents, person_identities
from shopcrm.collect.consents import NO_CONSENT, OPTED_OUT
from tests.builders import TODAY, given_orders, new_shop, order

PHONES = [f"1380013000{n}" for n in range(5)]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Five regulars who are all due; 1 opted out of all, 2 of texts, 3 refused texts, 4 of texts and calls."""
    opened = new_shop(tmp_path / "shop")
    given_orders(
        opened,
        [
            order(f"{who}{n}", f"buyer_{who}", TODAY - timedelta(days=30 * n + 50), 10_000 - who, phone=PHONES[who])
            for who in range(5)
            for n in range(4)
        ],
    )
    with opened.write() as tx:
        consents.opt_out(tx, 2)
        consents.opt_out(tx, 3, "sms")
        consents.say(tx, 4, "sms", given=False)
        consents.opt_out(tx, 5, "sms")
        consents.opt_out(tx, 5, "phone")
        person_identities.add_identity(tx, 5, kind="wechat", text="five")
    yield opened
    opened.close()


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_list_for_texts_leaves_out_who_opted_out_or_refused(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    with shop.write() as tx:
        written = contacts.export_contacts(tx, shop.columns(), path, style=Style.TEXTS)
    assert [row[0] for row in rows(path)[1:]] == [PHONES[0]]
    assert (written.rows, written.left_out, dict(written.held_back)) == (1, 0, {OPTED_OUT: 3, NO_CONSENT: 1})


def test_contact_cards_tell_only_the_ways_that_are_left(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "cards.vcf"
    with shop.write() as tx:
        written = contacts.export_contacts(tx, shop.columns(), path)
    text = path.read_text("utf-8")
    assert (written.rows, dict(written.held_back)) == (4, {OPTED_OUT: 1})
    assert [phone in text for phone in PHONES] == [True, False, True, True, False]  # a call is not a text
    assert "five" in text


def test_a_table_leaves_out_whom_no_way_is_left_to(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with shop.write() as tx:
        made = export.export_customers(tx, shop.columns(), path, keys=("id", "phone", "opted_out"))
    assert [row[:2] for row in rows(path)[1:]] == [["1", PHONES[0]], ["3", PHONES[2]], ["4", PHONES[3]]]
    assert dict(made.held_back) == {OPTED_OUT: 2}
    assert rows(path)[2][2] == "Text message"
    with shop.write() as tx:
        export.export_customers(tx, shop.columns(), path, keys=("id", "phone", "buyer_ids"), overwrite=True)
    assert [row[:3] for row in rows(path)[1:] if row[0] in "25"] == [["5", "", "buyer_4"]]


def test_a_list_that_reaches_nobody_leaves_nobody_out(shop: Shop, tmp_path: Path) -> None:
    with shop.write() as tx:
        made = export.export_customers(tx, shop.columns(), tmp_path / "list.csv", keys=("id", "net_total", "tags"))
    assert (made.rows, dict(made.held_back)) == (5, {})


def test_today_s_list_says_whom_it_held_back(shop: Shop, tmp_path: Path) -> None:
    with shop.write() as tx:
        columns = shop.columns()
        assert [item.customer for item in reminders.due_list(tx, columns)] == [1, 3, 4, 5]
        summary = reminders.day_summary(tx, columns)
        assert (summary.still, summary.held_back) == (4, {OPTED_OUT: 1})
        assert 2 not in reminders.due_ids(tx, columns)
        made = export.export_due(tx, columns, tmp_path / "due.xlsx")
    assert (made.rows, dict(made.held_back)) == (4, {OPTED_OUT: 1})


def test_words(shop: Shop) -> None:
    assert contactable.held_back_words({OPTED_OUT: 2, NO_CONSENT: 1_000}) == [
        "2 left out: opted out", "1,000 left out: did not agree"
    ]  # fmt: skip
    assert shop.check() == []
