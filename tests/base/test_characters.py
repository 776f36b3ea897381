from __future__ import annotations

import pytest

from shopcrm.base.characters import simplified


@pytest.mark.parametrize(
    ("traditional", "simple"),
    [("葉陳張劉黃", "叶陈张刘黄"), ("乾隆", "干隆"), ("曾小雨 ok", "曾小雨 ok"), ("", ""), ("😀薴", "😀苎")],
)
def test_one_for_one_and_what_is_simplified_stays(traditional: str, simple: str) -> None:
    assert simplified(traditional) == simple
    assert simplified(simple) == simple
