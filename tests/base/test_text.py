from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import text


@pytest.mark.parametrize(
    "masked",
    ["张**", "t**1", "138****1234", "＊＊＊", "138xxxx1234", "xxxxxxx1234", "1××××5678", "••••1234", "##F3a9",
    "$$kd02$$",
     "~AgAAAAB3NzaC1yc2E7ab+/=", "f**@example.invalid"],
)  # fmt: skip
def test_what_a_marketplace_has_hidden_is_masked(masked: str) -> None:
    assert text.is_masked(masked)


@pytest.mark.parametrize(
    "real", ["虚构小鹿", "xxx小熊", "~虚构雨~", "Maxxxine", "xX8", "deer@example.invalid", "13800135678", ""]
)
def test_odd_nicks_are_not_masked(real: str) -> None:
    assert not text.is_masked(real)


@pytest.mark.parametrize("blank", ["", " ", "-", "--", "——", "/", "null", "NULL", "\u3000", "\ufeff", "\u200b-", "N/A"])
def test_what_says_nothing_is_blank(blank: str) -> None:
    assert text.is_blank(blank)


@given(st.text(max_size=30))
def test_cleaning_is_done_once(raw: str) -> None:
    assert text.clean(text.clean(raw)) == text.clean(raw)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), max_size=30))
def test_a_printable_text_stays_as_it_is(raw: str) -> None:
    assert text.clean(f"\ufeff {raw}\t\u3000") == raw
