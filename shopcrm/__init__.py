"""ShopCRM 回头客: the customer desk of a small online shop."""

from __future__ import annotations

__version__ = "0.1.0"
