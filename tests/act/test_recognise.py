"""What was copied names a customer exactly, or nobody."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.act import recognise
from tests.builders import given_orders, new_shop, order

DAY = date(2026, 6, 1)
PHONE, SHARED = "13800130001", "13800130002"


@pytest.mark.parametrize(
    ("text", "tried"),
    [
        ("xiaoman_lin88", "xiaoman_lin88"),
        ("  小满 团子\r\n", "小满 团子"),
        ("淘宝昵称：xiaoman_lin88", "xiaoman_lin88"),
        ("买家旺旺: 小满", "小满"),
        ("cntaobaoxiaoman_lin88", "xiaoman_lin88"),
        ("@小满", "小满"),
        ("「小满」", "小满"),
        ("订单编号：2611150930004821", "2611150930004821"),
        ("Order number: 1001", "1001"),
        ("手机：+86 138-0013-0001", "+86 138-0013-0001"),
        ("x" * 64, "x" * 64),
    ],
)
def test_labels_prefixes_and_stray_blanks_are_taken_off(text: str, tried: str) -> None:
    assert recognise.copied(text)[-1] == tried


@pytest.mark.parametrize(
    "text", ["", " \n", "一", "两行\n的话", "x" * 65, "订单号：" + "9" * 65, "\u200b\u200b", "话" * 100_000]
)
def test_what_is_no_name_is_not_looked_up(text: str) -> None:
    assert recognise.copied(text) == ()


@given(st.text(max_size=300))
def test_whatever_is_copied_is_short_and_of_one_line(text: str) -> None:
    for one in recognise.copied(text):
        assert 2 <= len(one) <= recognise.LONGEST
        assert "\n" not in one
        assert one in " ".join(text.split()) or not text.isprintable()


def test_exactly_and_never_nearly(tmp_path: Path) -> None:
    shop = new_shop(tmp_path / "shop")
    given_orders(
        shop,
        [
            order("2611150930004821", "xiaoman_lin88", DAY, 500, phone=PHONE, tracking_number="SF1000000001"),
            order("2611150930004822", "shared_a", DAY, 100, phone=SHARED),
            order("2611150930004823", "shared_b", DAY, 900, phone=SHARED),
            order("#1001", "小满%", DAY, platform="shopify"),
        ],
    )

    def who(text: str) -> list[tuple[str, str]]:
        with shop.read() as tx:
            return [(one.name, one.kind) for one in recognise.exactly(tx, text)]

    lin = "xiaoman_lin88"
    assert who("Xiaoman_Lin88") == who(" ＸIAOMAN_LIN88 ") == [(lin, "buyer_id")]
    assert who("+86 138 0013 0001") == who(PHONE) == [(lin, "phone")]
    assert who("2611150930004821") == who("SF1000000001") == [(lin, "order")]
    assert who("1001") == who("#1001") == [("小满%", "order")]
    assert who(SHARED) == [("shared_b", "phone"), ("shared_a", "phone")], "who spent most stands first"
    for nearly in (
        "xiaoman_lin8",
        "xiaoman_lin",
        "0001",
        "004821",
        "小满",
        "小满_",
        "%",
        "'; DROP TABLE",
        "138****0001",
    ):
        assert who(nearly) == [], nearly
    shop.close()
