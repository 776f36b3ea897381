"""The marketplaces' export formats, one file each. A new platform is a file, a line in `PLATFORMS`, its samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shopcrm.collect.platforms.adapter import Adapter, Found, Header, ReadSettings, Rows
from shopcrm.collect.platforms.shopify import OrderExport
from shopcrm.collect.platforms.taobao import ItemReport, OrderReport

__all__ = ["PLATFORMS", "Adapter", "Found", "Header", "ReadSettings", "Rows", "keys", "recognise"]

PLATFORMS: Final[tuple[Adapter, ...]] = (OrderReport(), ItemReport(), OrderExport())


def keys() -> tuple[str, ...]:
    """The platforms that are known, each once."""
    return tuple(dict.fromkeys(adapter.key for adapter in PLATFORMS))


def recognise(header: Sequence[str], *, platform: str | None = None) -> Adapter | None:
    """The adapter that knows most names of a header; of one platform, when the user says which."""
    asked = [adapter for adapter in PLATFORMS if platform in (None, adapter.key)]
    best = max(asked, key=lambda adapter: adapter.matches(header), default=None)
    return best if best is not None and best.matches(header) else None
