"""What stands before a nick when it is copied is not part of it."""

from __future__ import annotations

import pytest

from shopcrm.base.labels import label, unlabelled


@pytest.mark.parametrize(
    ("copied", "rest", "said"),
    [
        ("淘宝:xiaoman_lin88", "xiaoman_lin88", "淘宝"),
        ("旺旺号：小满和团子", "小满和团子", "旺旺号"),
        ("買家: 葉子", "葉子", "买家"),
        ("手機：138 0013 5678", "138 0013 5678", "手机"),
        ("手机号码 13800135678", "13800135678", "手机号码"),
        ("WeChat: wxid_1", "wxid_1", "wechat"),
        ("[京东] : jd_1", "jd_1", "京东"),
        ("@xiaoman", "xiaoman", ""),
        ("amy@example.com", "amy@example.com", ""),
        ("旺旺大礼包", "旺旺大礼包", ""),
        ("订单号:", "订单号:", ""),
        ("淘宝: 旺旺: a", "a", "淘宝"),
    ],
)
def test_it_is_taken_off(copied: str, rest: str, said: str) -> None:
    assert unlabelled(copied)[0] == rest
    assert label(copied) == said


def test_one_with_a_blank_alone_is_not_sure() -> None:
    assert unlabelled("旺旺 xiaoman") == ("xiaoman", False)
    assert unlabelled("旺旺: xiaoman") == ("xiaoman", True)
