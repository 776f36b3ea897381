"""Found by every part that people type, ranked, and never by what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopcrm.act import desk
from shopcrm.app import Shop
from shopcrm.base.text import fold
from shopcrm.collect import customers
from shopcrm.store import search_index
from shopcrm.store.search_index import Entry
from tests.builders import given_orders, new_shop, order

DAY = date(2026, 10, 1)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    opened = new_shop(tmp_path_factory.mktemp("search") / "shop")
    given_orders(
        opened,
        [
            order("2611150930174821", "xiaoman_lin88", DAY, 50_000, recipient_name="林小满", phone="13800135678"),
            order("2611150930174822", "lin.xiao+m", DAY, 10_000, recipient_name="林晓曼", phone="13800135671"),
            order("2611150930174823", "小满和团子", DAY, 20_000, recipient_name="单雨"),
            order("2611150930174824", "O'Brien & Co", DAY, 30_000, recipient_name="Brien"),
            order("2611150930174825", "tb_9021", DAY, 40_000, recipient_name="王**"),
        ],
    )
    yield opened
    opened.close()


FOUND = {
    "林": "林小满 林晓曼",
    "小满": "林小满 单雨",
    "林小满": "林小满",
    "lxm": "林小满 林晓曼",
    "LX": "林小满 林晓曼",
    "shanyu": "单雨",
    "xiaom": "林小满 林晓曼",
    "sy": "单雨",
    "5678": "林小满",
    "138001356": "林小满 林晓曼",
    "138 0013 5678": "林小满",
    "xiaoman": "林小满 林晓曼",  # by the nick, and by how the name sounds
    "man_l": "林小满",
    "lin88": "林小满",
    "174821": "林小满",
    "2611150930174823": "单雨",
    "9021": "tb_9021",
    "林 5671": "林晓曼",
    "lin.xiao+m": "林晓曼",
    '"': "",
    "*": "",
    "zzz": "",
    "": "",
    "林 zzz": "",
    "brien": "Brien",
    "o'brien": "Brien",
    "brien & co": "Brien",
    "co": "Brien",
}


@pytest.mark.parametrize(("typed", "names"), FOUND.items())
def test_what_is_typed_finds_whom(shop: Shop, typed: str, names: str) -> None:
    with shop.read() as tx:
        assert [hit.name for hit in desk.find(tx, typed)] == names.split()


def test_the_most_valuable_first_and_no_more_than_asked(shop: Shop) -> None:
    with shop.read() as tx:
        assert [hit.net_total for hit in desk.find(tx, "2611150930", limit=3)] == []
        assert [hit.net_total for hit in desk.find(tx, "138")] == [50_000, 10_000]
        assert len(desk.find(tx, "林", limit=1)) == 1


def test_renamed_is_found_by_the_new_name_only(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    given_orders(shop, [order("1001", "tb_1", DAY, recipient_name="林小满")])
    with shop.write() as tx:
        change_set = customers.rename(tx, 1, name="陈一诺")
        assert [hit.name for hit in desk.find(tx, "陈一")] == ["陈一诺"]
        assert desk.find(tx, "林小") == []
    with shop.write() as tx:
        tx.undo(change_set)
        assert [hit.name for hit in desk.find(tx, "林小")] == ["林小满"]
    assert shop.check() == []
    shop.close()


_TEXT = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), max_codepoint=0x9FFF), min_size=1, max_size=12
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=_TEXT, nick=_TEXT, data=st.data())
def test_any_part_of_a_name_or_nick_finds_it_and_the_index_agrees_with_the_check(
    shop: Shop, name: str, nick: str, data: st.DataObject
) -> None:
    entry = Entry(name, (("buyer_id", nick),))
    with shop._database.planning() as connection:
        run = connection.exec_driver_sql
        run("CREATE TEMP TABLE IF NOT EXISTS touched (id INTEGER PRIMARY KEY)")
        run("SAVEPOINT here")
        run(
            "INSERT INTO search_tokens (rowid, tokens) VALUES (?, ?)",
            (99, " ".join(sorted(search_index.tokens(entry)))),
        )
        run("INSERT INTO search_trigrams (rowid, text) VALUES (?, ?)", (99, search_index.text(entry)))
        for table, made in (("search_tokens", search_index.tokens), ("search_trigrams", search_index.trigrams)):
            run(f"CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, {table}, instance)")
            indexed = {row[0] for row in run("SELECT term FROM temp.vocabulary WHERE doc = 99")}
            run("DROP TABLE temp.vocabulary")
            assert indexed == made(entry)
        words = [word for word in fold(data.draw(st.sampled_from([name, nick]))).split() if len(word) >= 3]
        if words:
            word = data.draw(st.sampled_from(words))
            start = data.draw(st.integers(0, len(word) - 3))
            part = word[start : data.draw(st.integers(start + 3, len(word)))]
            run("INSERT INTO customers (id, name, name_by_hand, created_at) VALUES (99, '', 0, 0)")
            run("INSERT INTO customer_statistics (customer_id, occasions, orders, priced_orders, net_total, paid_total,"
                " returned_total, units) VALUES (99, 0, 0, 0, 0, 0, 0, 0)")  # fmt: skip
            assert 99 in search_index.search(connection, part, limit=50)
            assert search_index.matches(entry, part) is not None
        run("ROLLBACK TO here")


def test_who_was_made_ready_ahead_and_who_was_not_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "_AHEAD", 3)
    monkeypatch.setattr(search_index, "_AT_ONCE", 2)
    shop = new_shop(tmp_path / "shop")
    people = [order(f"1{buyer:03d}", f"lin_{buyer}", DAY, recipient_name="林小满") for buyer in range(7)]
    given_orders(shop, people[:2])
    given_orders(shop, people)
    with shop.read() as tx:
        assert len(desk.find(tx, "林小满")) == 7
    assert shop.check() == []
    shop.close()
