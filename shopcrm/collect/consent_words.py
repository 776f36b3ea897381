"""The words by which files tell that somebody agreed to be written to, or did not (C8). Pure.

| cell | means |
| --- | --- |
| yes, subscribed, 是, 同意 … | she agreed |
| no, unsubscribed, 否, 退订 … | she does not agree: see `consents_told` for what becomes of it |
| pending, unknown, 未知 … | nothing |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shopcrm.base.text import fold

FIELDS: Final[Mapping[str, str]] = {"agrees_email": "email", "agrees_sms": "sms"}
"""By field of a table the channel that its column is about, as `consents.CHANNELS` has it."""
_YES: Final = (
    "yes", "y", "true", "1", "subscribed", "opted in", "opted-in", "opt in", "opt-in", "accepted", "agreed", "granted",
    "ja", "是", "已同意", "同意", "接受", "已接受", "愿意", "願意", "已订阅", "订阅", "已訂閱", "訂閱", "已授权",
    "已授權", "√", "✓",
)  # fmt: skip
_NO: Final = (
    "no", "n", "false", "0", "unsubscribed", "not subscribed", "never subscribed", "opted out", "opted-out", "opt out",
    "opt-out", "declined", "refused", "revoked", "nein", "否", "不", "不同意", "未同意", "不接受", "未接受", "拒绝",
    "拒絕", "不愿意", "不願意", "未订阅", "未訂閱", "已退订", "退订", "已退訂", "退訂", "取消订阅", "取消訂閱",
    "未授权", "未授權", "×",
)  # fmt: skip
_NOTHING: Final = (
    "pending", "unconfirmed", "unknown", "not set", "invalid", "redacted", "未知", "未设置", "未設定", "待确认",
    "待確認",
)  # fmt: skip
_MEANS: Final[Mapping[str, bool | None]] = {
    **dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False), **dict.fromkeys(_NOTHING),
}  # fmt: skip


class NoAnswer(ValueError):
    """A cell that says neither yes nor no, nor that nobody knows."""


def answer(text: str) -> bool | None:
    """Whether a cell says that she agreed; None where it says that nobody knows.

    Raises:
        NoAnswer: it says something else.
    """
    if not is_answer(text):
        raise NoAnswer
    return _MEANS[_word(text)]


def is_answer(text: str) -> bool:
    """Whether `answer` understands a cell."""
    return _word(text) in _MEANS


def _word(text: str) -> str:
    return fold(text).replace("_", " ")
