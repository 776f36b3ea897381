"""What is typed at the desk: terms that all must fit, tags and numbers beside names, why somebody fits, who is new."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shopcrm.act import customer_list, finding
from shopcrm.app import Shop
from shopcrm.collect import tags
from shopcrm.collect.typed import Person
from shopcrm.store import search_words
from tests.builders import given_orders, new_shop, order

DAY = date(2026, 10, 1)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    opened = new_shop(tmp_path_factory.mktemp("finding") / "shop")
    given_orders(
        opened,
        [
            order("2611150930174821", "xiaoman_lin88", DAY, 50_000, recipient_name="林小满", phone="13800135678"),
            order("2611150930174822", "lin.xiao+m", DAY, 10_000, recipient_name="林曉曼", phone="13800135671"),
            order("2611150930170923", "小满和团子", DAY, 20_000, recipient_name="單雨", phone="13800139567"),
            order("#1001", "ouyang", DAY, 5_000, recipient_name="欧阳娜娜"),
            order("2611150930174825", "lv_lv", DAY, 4_000, recipient_name="吕绿"),
            order("2611150930174826", "567812_x", DAY, 3_000, recipient_name="查一诺"),
        ],
    )
    with opened.write() as tx:
        found = {name: finding.find(tx, name)[0].id for name in ("林小满", "單雨", "查一诺")}
        tags.put(tx, [found["林小满"], found["單雨"]], name="宝妈群")
        tags.put(tx, [found["查一诺"]], name="VIP 客户")
    yield opened
    opened.close()


FOUND = {
    # Every reading of a surname, begun, whole, mixed, with blanks and without.
    "shanyu": "單雨",
    "danyu": "單雨",
    "chanyu": "單雨",
    "shan y": "單雨",
    "单": "單雨",
    "單": "單雨",
    "单雨": "單雨",
    "zhayn": "查一诺",
    "cha yi": "查一诺",
    "zynuo": "查一诺",
    "zhy": "查一诺",
    "linxm": "林小满 林曉曼",
    "lin xiao man": "林小满 林曉曼",
    "lxman": "林小满 林曉曼",
    "lin'xiao'man": "林小满 林曉曼",
    "林晓": "林曉曼",
    "林曉": "林曉曼",
    "lv": "吕绿",
    "lü lü": "吕绿",
    "ll": "吕绿",
    "ouynn": "欧阳娜娜",
    "nana": "欧阳娜娜",
    # Phones, however they are written.
    "１３８００１３５６７８": "林小满",
    "138-0013-5678": "林小满",
    "+86 138 0013 5678": "林小满",
    "8613800135678": "林小满",
    "0086 138 0013 5671": "林曉曼",
    "35678": "林小满",
    "0013567": "林小满 林曉曼",
    "01356": "林小满 林曉曼",
    "手机：138 0013 5678": "林小满",
    # Whose phone ends so before who is worth less, who begins so before who holds it.
    "5678": "林小满 查一诺",
    "567": "查一诺 林小满 單雨 林曉曼",
    # Nicks with what is copied along.
    "淘宝:xiaoman_lin88": "林小满",
    "旺旺：小满和团子": "單雨",
    "旺旺 xiaoman_lin88": "林小满",
    "@xiaoman_lin88": "林小满",
    "ｘｉａｏｍａｎ＿": "林小满",
    "man_lin": "林小满",
    "和团": "單雨",
    # Numbers of orders and their tails.
    "2611150930174821": "林小满",
    "4821": "林小满",
    "0923": "單雨",
    "74821": "林小满",
    "1001": "欧阳娜娜",
    "#1001": "欧阳娜娜",
    # Tags, alone and beside another term.
    "宝妈": "林小满 單雨",
    "宝妈群": "林小满 單雨",
    "寶媽群": "林小满 單雨",
    "bmq": "林小满 單雨",
    "vip": "查一诺",
    "妈群": "林小满 單雨",
    "5678 宝妈": "林小满",
    "宝妈 5678": "林小满",
    "林 宝妈": "林小满",
    "5671 宝妈": "",
    "单 bmq": "單雨",
    "vip 宝妈": "",
    "林 4821": "林小满",
    "4822 林": "林曉曼",
    "客户 zyn": "查一诺",
    "林 小满 5678 宝妈": "林小满",
}


@pytest.mark.parametrize(("typed", "names"), FOUND.items())
def test_what_is_typed_finds_whom(shop: Shop, typed: str, names: str) -> None:
    with shop.read() as tx:
        assert [hit.name for hit in finding.find(tx, typed)] == names.split()
        found = finding.ids(tx, typed)
        assert {hit.id for hit in finding.find(tx, typed)} == set(found.tolist())
        assert set(customer_list.ids(tx, shop.columns(), text=typed).tolist()) == set(found.tolist())


def test_exact_ones_come_first_however_little_they_are_worth(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    given_orders(
        shop,
        [
            order("1", "lin", DAY, 100),
            order("2", "lin_rich", DAY, 90_000),
            order("3", "x1", DAY, 80_000, recipient_name="林小满满"),
            order("4", "x2", DAY, 200, recipient_name="林小满"),
            order("5", "my_lin", DAY, 99_000),
        ],
    )
    with shop.read() as tx:
        assert [hit.net_total for hit in finding.find(tx, "lin")] == [100, 90_000, 80_000, 200, 99_000]
        assert [hit.net_total for hit in finding.find(tx, "林小满")] == [200, 80_000]
    shop.close()


def test_the_next_are_told_behind_the_first(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    given_orders(shop, [order(f"{n}", f"guest_{n}", DAY, 1_000 + n) for n in range(130)])
    with shop.read() as tx:
        told: list[int] = []
        while some := finding.find(tx, "guest", limit=50, had=set(told)):
            told += [hit.id for hit in some]
        assert len(told) == len(set(told)) == 130
        assert told == [hit.id for hit in finding.find(tx, "guest", limit=500)]
    shop.close()


@pytest.mark.parametrize(
    ("shown", "typed", "marked"),
    [
        ("林小满", "lxm", ["林小满"]),
        ("林小满", "xm", ["小满"]),
        ("林小满", "linx", ["林小"]),
        ("單雨", "单", ["單"]),
        ("138 0013 5678", "5678", ["5678"]),
        ("138 0013 5678", "00135", ["0013 5"]),
        ("138 0013 8001", "8001", ["8001"]),
        ("…5678", "35678", []),
        ("林小满", "林 满", ["林", "满"]),
        ("O'Brien & Co", "obrien", ["O'Brien"]),
        ("小满和团子", "和团", ["和团"]),
        ("😀 林", "林", ["林"]),
        ("林小满", "qq", []),
        ("José Müller", "jose", ["José"]),
        ("Jose Müller", "ÜLL", ["üll"]),
        ("Anna Straße 7", "strasse", ["Straße"]),
        ("Anna Straße", "ras", ["raß"]),  # half of a sign is marked whole
        ("jose\u0301 林", "josé", ["jose"]),
    ],
)
def test_what_was_typed_is_marked(shown: str, typed: str, marked: list[str]) -> None:
    (*_others, way) = search_words.ways(typed)
    assert [shown[begin:end] for begin, end in finding.marks(shown, way)] == marked


def test_each_line_says_why_it_fits(shop: Shop) -> None:
    why = {
        "5678": ("phone", "13800135678"),
        "lxm": ("pinyin", "林小满"),
        "林": ("name", "林小满"),
        "宝妈": ("tag", "宝妈群"),
        "74821": ("order", "2611150930174821"),
        "man_l": ("buyer_id", "xiaoman_lin88"),
        "林 5678": ("phone", "13800135678"),
        "宝妈 林": ("tag", "宝妈群"),
    }
    with shop.read() as tx:
        for typed, told in why.items():
            hit = finding.find(tx, typed)[0]
            assert (hit.matched, hit.value) == told, typed


@pytest.mark.parametrize(
    ("typed", "person"),
    [
        ("138 0013 9999", Person(phone="138 0013 9999")),
        ("手机：13800139999", Person(phone="13800139999")),
        ("amy@example.com", Person(email="amy@example.com")),
        ("微信: xm_99", Person(wechat="xm_99")),
        ("wxid_abc123", Person(wechat="wxid_abc123")),
        ("周小晴", Person(name="周小晴")),
        ("Anna Bell", Person(name="Anna Bell")),
        ("京东：jd_9", Person(account="jd_9", platform="jd")),
        ("qing_zhou", Person(account="qing_zhou")),
        ("小满和团子的妈妈", Person(account="小满和团子的妈妈")),
        ("5678", None),
        ("2611150930174899", None),
        ("x", None),
        ("***", None),
        ("", None),
    ],
)
def test_who_is_new_is_guessed_from_what_was_typed(typed: str, person: Person | None) -> None:
    assert finding.newcomer(typed) == person


@pytest.mark.parametrize(
    "typed",
    [
        "林" * 100_000,
        "a" * 100_000,
        "1 " * 50_000,
        "😀",
        "\u202e林\u200f",
        "\x00",
        "\x00林",
        '"',
        "'",
        "*",
        "林*",
        "%_",
        "()[]{}",
        "NEAR(a b)",
        "a AND b OR",
        "-",
        "+",
        "@",
        ":",
        "淘宝:",
        "\ud83d",
        "é",
        "ß",
        "٣٤٥٦٧",
        "²³",
        "林\n5678",
        "-" * 300,
        "'" * 300,
    ],
)
def test_nothing_that_can_be_typed_is_an_error(shop: Shop, typed: str) -> None:
    with shop.read() as tx:
        assert len(finding.find(tx, typed, columns=shop.columns_at_hand())) <= 6
        finding.newcomer(typed)
