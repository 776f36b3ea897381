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
    "woocommerce": "WooCommerce",
    "amazon": "Amazon",
    "etsy": "Etsy",
    "ebay": "eBay",
    "stripe": "Stripe",
    "square": "Square",
    "contacts": N_("Contacts"),
    "manual": N_("By hand"),
    "table": N_("Table"),
}


_SAID: Final[dict[str, str]] = {}


def learn(labels: Mapping[str, str]) -> None:
    """Know what the user calls the tables of other programs, by the key of each."""
    _SAID.update({key: label for key, label in labels.items() if label})


def name(key: str) -> str:
    """A marketplace's name in the current language, or what the user calls it; an unknown key stays as it is."""
    return _(NAMES[key]) if key in NAMES else _SAID.get(key, key)
