from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base.accents import unaccented
from shopcrm.base.text import fold


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("José", "jose"), ("MÜLLER", "muller"), ("Straße", "strasse"), ("Łukasz Ørsted", "lukasz orsted"),
        ("Ærøskøbing", "aeroskobing"), ("Đặng Thị Hồng", "dang thi hong"), ("İstanbul", "istanbul"), ("Þór", "thor"),
        ("jose\u0301", "jose"), ("x\u0338", "x"),
        # What is no accent of a Latin letter stays.
        ("がぎ", "がぎ"), ("한국", "한국"), ("й", "й"), ("林小满", "林小满"), ("5×3÷2", "5×3÷2"),
    ],
)  # fmt: skip
def test_letters_lose_their_accents(text: str, plain: str) -> None:
    assert unaccented(fold(text)) == plain


@given(st.text())
def test_once_is_enough_and_both_writings_of_an_accent_are_one(text: str) -> None:
    plain = unaccented(fold(text))
    assert unaccented(plain) == plain
    assert unaccented(fold(unicodedata.normalize("NFD", text))) == unaccented(fold(unicodedata.normalize("NFC", text)))
