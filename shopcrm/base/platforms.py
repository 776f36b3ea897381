"""What the marketplaces are called; the rest of the program knows them by their keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shopcrm.base.i18n import N_, _

NAMES: Final[Mapping[str, str]] = {
    "taobao": N_("Taobao"),
    "tmall": N_("Tmall"),
    "1688": "1688",
    "jd": N_("JD"),
    "pdd": N_("Pinduoduo"),
    "douyin": N_("Douyin"),
    "kuaishou": N_("Kuaishou"),
    "xiaohongshu": N_("Xiaohongshu"),
    "weixin": N_("WeChat shop"),
    "youzan": N_("Youzan"),
    "shopify": "Shopify",
    "manual": N_("By hand"),
    "table": N_("Table"),
}


def name(key: str) -> str:
    """A marketplace's name in the current language; a key from somebody's own mapping stays as it is."""
    return _(NAMES[key]) if key in NAMES else key
