from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base.matching import BEGINS, HOLDS, SOUNDS, WORDS, rank

LIGHT = "切换浅色和深色"


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("切换", BEGINS), ("深色", HOLDS), ("深色 切换", WORDS),
        ("qhqs", SOUNDS), ("qiehuan", SOUNDS), ("qieh", SOUNDS), ("qian'se", SOUNDS), ("ss", SOUNDS), ("hss", SOUNDS),
        ("qhss", None), ("light", None), ("x", None), ("12", None),
    ],
)  # fmt: skip
def test_words_and_their_pinyin(typed: str, place: int | None) -> None:
    assert rank(typed, LIGHT) == place


def test_the_nearest_of_several_texts_counts() -> None:
    assert rank("switch", LIGHT, "Switch between light and dark") == BEGINS
    assert rank("DARK switch", LIGHT, "Switch between light and dark") == WORDS


@given(st.text("切换浅色和深导入文件 ABC1", min_size=1), st.text("abcqhdrwj 切1", max_size=8))
def test_any_text_is_found_by_any_part_of_itself(text: str, typed: str) -> None:
    for start in range(len(text)):
        assert rank(text[start:], text) in (BEGINS, HOLDS)
    assert rank(typed, text) in (None, BEGINS, HOLDS, WORDS, SOUNDS)
