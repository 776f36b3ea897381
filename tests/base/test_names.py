from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base import names


@pytest.mark.parametrize(
    ("name", "initials", "spelled"),
    [
        ("单雅琴", "syq", "shanyaqin"),
        ("曾小雨", "zxy", "zengxiaoyu"),
        ("解晓东", "xxd", "xiexiaodong"),
        ("仇小英", "qxy", "qiuxiaoying"),
        ("查小良", "zxl", "zhaxiaoliang"),
        ("区志强", "ozq", "ouzhiqiang"),
        ("盖小禾", "gxh", "gexiaohe"),
        ("尉迟小舟", "ycxz", "yuchixiaozhou"),
        ("万俟晓", "mqx", "moqixiao"),
        ("吕小布", "lxb", "lvxiaobu"),
        ("小雨rain88", "xyrain88", "xiaoyurain88"),
        ("长孙 小熊", "zsxx", "zhangsunxiaoxiong"),
    ],
)
def test_a_name_is_found_by_how_it_is_said(name: str, initials: str, spelled: str) -> None:
    assert initials in names.initials(name)
    assert spelled in names.pinyin(name)


def test_the_ordinary_reading_is_kept_for_who_knows_no_better() -> None:
    assert "dyq" in names.initials("单雅琴")
    assert "cengxiaoyu" in names.pinyin("曾小雨")


def test_what_is_not_chinese_has_no_pinyin() -> None:
    assert names.initials("Tom-88") == set()
    assert names.pinyin("") == set()


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30))
def test_spellings_are_few_and_plain(name: str) -> None:
    for spellings in (names.initials(name), names.pinyin(name)):
        assert 1 <= len(spellings) <= names.MOST
    readable = [each for each in names.initials(name) if each.isascii()]
    assert all(len(each) == min(len(name), names.LONGEST) for each in readable)
