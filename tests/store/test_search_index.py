"""Found by every part that people type, ranked, and never by what is not there."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopcrm.act import desk
from shopcrm.app import Shop
from shopcrm.base.text import fold
from shopcrm.collect import customers
from shopcrm.store import search_index, search_words
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
            order("2611150930174826", "jm_1", DAY, 8_000, recipient_name="José Müller"),
            order("2611150930174827", "js_2", DAY, 7_000, recipient_name="Jose Straßer"),
            order("2611150930174828", "łø_3", DAY, 6_000, recipient_name="吕布"),
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
    # An accent is typed or not, here and there.
    "jose": "José·Müller Jose·Straßer",
    "José": "José·Müller Jose·Straßer",
    "JOSE\u0301": "José·Müller Jose·Straßer",
    "muller": "José·Müller",
    "MÜLLER": "José·Müller",
    "ülle": "José·Müller",
    "strasser": "Jose·Straßer",
    "STRASSE": "Jose·Straßer",
    "lo_3": "吕布",
    "Łø_3": "吕布",
    # In pinyin ü is a letter of its own.
    "lvbu": "吕布",
    "lübu": "吕布",
    "lǚb": "吕布",
}


@pytest.mark.parametrize(("typed", "names"), FOUND.items())
def test_what_is_typed_finds_whom(shop: Shop, typed: str, names: str) -> None:
    with shop.read() as tx:
        assert [hit.name for hit in desk.find(tx, typed)] == [name.replace("·", " ") for name in names.split()]


def test_the_most_valuable_first_and_no_more_than_asked(shop: Shop) -> None:
    with shop.read() as tx:
        assert [hit.net_total for hit in desk.find(tx, "2611150930", limit=3)] == []
        assert [hit.net_total for hit in desk.find(tx, "138")] == [50_000, 10_000]
        assert len(desk.find(tx, "林", limit=1)) == 1


def test_who_has_that_tail_comes_before_who_holds_the_digits_somewhere(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    given_orders(
        shop,
        [
            order("1", "rich_5678_x", DAY, 90_000, recipient_name="林小满"),
            order("2", "tb_1", DAY, 10_000, recipient_name="陈一诺", phone="13800135678"),
            order("3", "567812", DAY, 20_000, recipient_name="王雨"),
        ],
    )
    with shop.read() as tx:
        assert [hit.net_total for hit in desk.find(tx, "5678")] == [20_000, 10_000, 90_000]
    shop.close()


def test_false_hits_however_valuable_do_not_push_out_who_fits(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    false = [order(str(n), f"lin_in8_n88_{n}", DAY, 90_000 + n, recipient_name="林小满") for n in range(70)]
    given_orders(shop, [*false, order("99", "xx_lin88", DAY, 100, recipient_name="陈一诺")])
    with shop.read() as tx:
        assert [hit.name for hit in desk.find(tx, "lin88", limit=3)] == ["陈一诺"]
    shop.close()


_SYLLABLES = ("lin", "n88", "in8", "567", "678", "_", "+", "小满", "林", "满林", "8", "5")


@pytest.fixture(scope="module")
def confusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    opened = new_shop(tmp_path_factory.mktemp("confusing") / "shop")
    chance = random.Random(4)

    def part(most: int) -> str:
        return "".join(chance.choices(_SYLLABLES, k=chance.randint(1, most)))

    given_orders(
        opened,
        [
            order(
                str(number), part(5) + f"x{number}", DAY - timedelta(days=chance.randrange(3)),
                chance.choice((0, 500, 900)), recipient_name=part(2),
                phone=f"1380013{chance.choice((5678, 5670, 6785, 8567))}",
            )
            for number in range(120)
        ],
    )  # fmt: skip
    opened.columns()
    yield opened
    opened.close()


def _rank(entry: Entry, typed: str) -> int:
    """0: called exactly so; 1: each word begins a name or an identity, or is the tail of a phone; 2: another."""
    made = search_index.tokens(entry)
    ways = search_words.ways(typed)
    if any(f"w{''.join(way)}" in made for way in ways):
        return 0
    return 1 if any(all(_begins(entry, made, word) for word in way) for way in ways) else 2


def _begins(entry: Entry, made: set[str], word: str) -> bool:
    if not word.isascii():
        return _fits(entry, word)
    tail = (
        word.isdigit() and len(word) > 3 and any(one[1].endswith(word) for one in entry.identities if one[0] == "phone")
    )
    fields = "wyf" if word[0].isalpha() else "w"
    return tail or any(token[0] in fields and token[1:].startswith(word) for token in made)


def _fits(entry: Entry, typed: str) -> bool:
    return search_words.fit(entry.name, entry.identities, typed) is not None


@pytest.mark.usefixtures("sorts_a_few_at_once")
@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(
    words=st.lists(st.lists(st.sampled_from(_SYLLABLES), min_size=1, max_size=3).map("".join), min_size=1, max_size=2)
)
def test_all_who_hold_every_word_are_found_ranked_alike_with_columns_and_without(
    confusing: Shop, words: list[str]
) -> None:
    typed = " ".join(words)
    with confusing.read() as tx:
        found = desk.find(tx, typed, limit=200, columns=confusing.columns_at_hand())
        assert found == desk.find(tx, typed, limit=200)
        everybody = dict(search_index.entries(tx.connection, "SELECT id FROM customers"))
    by_rank = [(_rank(everybody[hit.id], typed), -hit.net_total, -(hit.last_day or 0), hit.id) for hit in found]
    assert by_rank == sorted(by_rank)
    fit = {one for one, entry in everybody.items() if _fits(entry, typed)}
    if all(len(word) >= 3 or not word.isascii() for way in search_words.ways(typed) for word in way):
        assert {hit.id for hit in found} == fit
    else:
        assert {one for one in fit if _rank(everybody[one], typed) < 2} <= {hit.id for hit in found} <= fit


@pytest.fixture
def sorts_a_few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "_SORTED_AT_ONCE", 3)


def test_too_many_to_be_ranked_are_found_all_the_same(confusing: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "RANKED_AT_MOST", 10)
    with confusing.read() as tx:
        assert len(desk.find(tx, "1380013", limit=8, columns=confusing.columns_at_hand())) == 8
        assert len(desk.find(tx, "0013", limit=8)) == 8


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


_ACCENTED: dict[str, list[str]] = defaultdict(list)
for _letter in map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))):
    if len(_plain := search_words.plain(_letter)) == 1 and _plain.isascii():
        _ACCENTED[_plain].append(_letter)


def _with_accents(text: str, data: st.DataObject) -> str:
    """The same text with other accents, or none."""
    return "".join(data.draw(st.sampled_from([one, *_ACCENTED[one]])) for one in search_words.plain(text))


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
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
            (99, " ".join(search_index.tokens(entry))),
        )
        run("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, search_tokens, instance)")
        indexed = {row[0] for row in run("SELECT term FROM temp.vocabulary WHERE doc = 99")}
        run("DROP TABLE temp.vocabulary")
        assert indexed == search_index.tokens(entry)
        words = [word for word in fold(data.draw(st.sampled_from([name, nick]))).split() if len(word) >= 3]
        if words:
            word = data.draw(st.sampled_from(words))
            start = data.draw(st.integers(0, len(word) - 3))
            part = word[start : data.draw(st.integers(start + 3, len(word)))]
            run("INSERT INTO customers (id, name, name_by_hand, created_at) VALUES (99, '', 0, 0)")
            run("INSERT INTO customer_statistics (customer_id, occasions, orders, priced_orders, net_total, paid_total,"
                " returned_total, units) VALUES (99, 0, 0, 0, 0, 0, 0, 0)")  # fmt: skip
            for typed in (part, _with_accents(part, data)):
                told = len(search_words.safe(search_words.plain(typed))) >= 3
                assert not told or 99 in search_index.search(connection, typed)
                assert _fits(entry, typed)
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
