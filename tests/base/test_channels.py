from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base.channels import chat_text, sms_length, sms_text


def test_a_chat_gets_the_words_and_nothing_else() -> None:
    assert (
        chat_text("\ufeff  小满，在的～ \t\r\n\r\n\r\n\r\n\u200b三天后到。\u3000\r\u2028 ")
        == "小满，在的～\n\n三天后到。"
    )
    # Families of emoji, Arabic and what looks like markup stay as they are.
    for exact in ("👨‍👩‍👧 到啦", "مرحبا ١٢٣", "<b>5 折</b> &amp; {昵称}", "one  two", "  ".join("ab")):
        assert chat_text(exact) == exact
    assert chat_text("  缩进 留着\n  第二行") == "缩进 留着\n  第二行"


@given(st.text())
def test_what_a_chat_gets_needs_nothing_more(text: str) -> None:
    once = chat_text(text)
    assert chat_text(once) == once
    assert once == once.strip()
    assert "\r" not in once
    assert "\n\n\n" not in once


@pytest.mark.parametrize(
    ("text", "units", "parts"),
    [
        ("", 0, 0),
        ("亲" * 70, 70, 1),
        ("亲" * 71, 71, 2),
        ("亲" * 134, 134, 2),
        ("亲" * 135, 135, 3),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("€" * 80, 160, 1),
        ("a" * 152 + "€" * 5, 162, 2),
        ("a" * 152 + "€" + "a" * 152 + "€" + "a", 309, 3),  # the escape is not torn from its letter, twice
        ("亲" * 66 + "😀" + "亲" * 66 + "😀", 136, 3),  # nor one half of a pair from the other
        ("ok ç", 4, 1),  # ç is not in the alphabet, Ç is
        ("in\nline", 7, 1),
    ],
)  # fmt: skip
def test_an_sms_is_counted_in_its_parts(text: str, units: int, parts: int) -> None:
    length = sms_length(text)
    assert (length.units, length.parts) == (units, parts)


def test_an_sms_is_one_line_in_the_cheapest_alphabet() -> None:
    assert sms_text(" 小满：\r\n 到货了。\n") == "小满： 到货了。"
    assert (sms_length("Hi").plain, sms_length("Hi").room) == (True, 160)
    assert (sms_length("嗨").plain, sms_length("嗨").room) == (False, 70)
    assert sms_length("嗨" * 71).room == 67


@given(st.text(max_size=500))
def test_no_part_holds_more_than_it_can_and_none_is_wasted(text: str) -> None:
    length = sms_length(text)
    assert length.units <= max(length.parts, 1) * length.room
    # A part ends early only for a letter of two places.
    assert length.parts <= 1 or length.units > (length.parts - 1) * (length.room - 1)
