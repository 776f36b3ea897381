"""The marketplaces' export formats, one file each. A new platform is a file, a line in `PLATFORMS`, its samples.

Most platforms declare a `layout.Layout` and need no more (`jd` is a model). Where that is not enough, an adapter reads
its rows itself, by what one row is:

* An order: by column, `blocks.Blocks` → `Orders`; the example stands in `collect.blocks`. `blocks.Furthest` takes care
  of orders that stand twice. Model: `taobao.OrderReport`.
* A line of an order: by column too, then gathered by `lines.OrderLines` and given as one `ForeignOrder` each. Model:
  `taobao.ItemReport`.
* Something that depends on the rows before it: row by row with `row_cells.Cells`, which takes about three times as
  long. Model: `shopify.OrderExport`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shopcrm.collect.platforms import (
    alibaba,
    amazon,
    douyin,
    ebay,
    etsy,
    google_contacts,
    jd,
    kuaishou,
    outlook,
    pdd,
    shopify_customers,
    square_directory,
    stripe_customers,
    vcard,
    weixin,
    woocommerce,
    xiaohongshu,
    youzan,
    youzan_customers,
)
from shopcrm.collect.platforms.adapter import OF_KNOWN, REFUND, REVIEW, Adapter, Found, Header, ReadSettings, Rows
from shopcrm.collect.platforms.shopify import OrderExport
from shopcrm.collect.platforms.taobao import ItemReport, OrderReport

__all__ = [
    "OF_KNOWN", "PEOPLE", "PLATFORMS", "REFUND", "REVIEW", "Adapter", "Found", "Header", "ReadSettings", "Rows",
    "keys", "nearest",
    "recognise",
]  # fmt: skip

PLATFORMS: Final[tuple[Adapter, ...]] = (
    OrderReport(), ItemReport(), OrderExport(), alibaba.ORDERS, jd.ORDERS, pdd.ORDERS, douyin.ORDERS,
    douyin.REFUNDS, kuaishou.ORDERS, xiaohongshu.ORDERS, weixin.ORDERS, youzan.ORDERS, youzan.ITEMS,
    woocommerce.ORDERS, amazon.ORDERS, etsy.ORDERS, etsy.ITEMS, ebay.ORDERS,
)  # fmt: skip
PEOPLE: Final[tuple[Adapter, ...]] = (
    vcard.CARDS, google_contacts.CONTACTS, outlook.CONTACTS, shopify_customers.CUSTOMERS, youzan_customers.CUSTOMERS,
    stripe_customers.CUSTOMERS, square_directory.CUSTOMERS,
)  # fmt: skip
"""Lists of people: address books and the platforms' customers. Each is a `people_layout.PeopleLayout`."""

_ENOUGH: Final = 5  # names and own names that are known; a column or two are anybody's


def keys() -> tuple[str, ...]:
    """The platforms that are known, each once."""
    return tuple(dict.fromkeys(adapter.key for adapter in (*PLATFORMS, *PEOPLE)))


def recognise(header: Sequence[str], *, platform: str | None = None) -> Adapter | None:
    """The adapter that knows most names of a header; of one platform, when the user says which."""
    asked = [adapter for adapter in (*PLATFORMS, *PEOPLE) if platform in (None, adapter.key)]
    best = max(asked, key=lambda adapter: adapter.matches(header), default=None)
    return best if best is not None and best.matches(header) else None


def nearest(header: Sequence[str], *, platform: str | None = None) -> Adapter | None:
    """The adapter whose own a header would be if it had the columns that it lacks."""
    best, known = None, _ENOUGH - 1
    for adapter in PLATFORMS:
        if platform in (None, adapter.key) and (missing := adapter.lacks(header)):
            score = adapter.matches([*header, *missing])
            if score > known:
                best, known = adapter, score
    return best
