"""Amazon: text with tabs, a row a line."""

from __future__ import annotations

from typing import Final

from shopcrm.collect.foreign import OrderState
from shopcrm.collect.platforms import ReadSettings
from tests.collect.platforms.samples import HEADERS, Sample, at

_US: Final = ReadSettings(currency="USD", timezone="America/New_York", region="US")
_ALL: Final = (
    {
        "amazon-order-id": "113-0000000-0000001", "purchase-date": "2026-04-10T09:15:00Z", "order-status": "Shipped",
        "item-status": "Shipped", "fulfillment-channel": "Merchant", "product-name": "Mug", "sku": "MUG-1",
        "asin": "B000000001", "quantity": "2", "currency": "USD", "item-price": "30.00", "item-tax": "2.00",
        "shipping-price": "5.00", "item-promotion-discount": "3.00", "ship-city": "Sampleton", "ship-state": "NY",
        "ship-postal-code": "00000", "ship-country": "US",
    },
    {
        "amazon-order-id": "113-0000000-0000001", "purchase-date": "2026-04-10T09:15:00Z", "order-status": "Shipped",
        "item-status": "Shipped", "product-name": "Tee", "asin": "B000000002", "quantity": "1", "currency": "USD",
        "item-price": "12.00", "ship-country": "US",
    },
    {
        "amazon-order-id": "113-0000000-0000002", "purchase-date": "2026-04-11T09:15:00+00:00",
        "order-status": "Cancelled", "item-status": "Cancelled", "product-name": "Tee", "sku": "TEE-1",
        "quantity": "0", "currency": "USD",
    },
    {
        "amazon-order-id": "S01-0000000-0000003", "purchase-date": "2026-04-11T09:15:00Z", "order-status": "Shipped",
        "item-status": "Shipped", "product-name": "Tee", "sku": "TEE-1", "quantity": "1", "currency": "USD",
        "item-price": "0.00",
    },
)  # fmt: skip
_ALL_GOLDEN: Final = {
    "113-0000000-0000001": {
        "paid": 4_400, "state": OrderState.SHIPPED, "currency": "USD", "created_at": at("2026-04-10 09:15:00", "UTC"),
        "titles": ("Mug", "Tee"), "articles": ("MUG-1", "B000000002"), "quantities": (2, 1),
        "line_paid": (3_200, 1_200),
        "deciding": None, "units": 3, "city": "Sampleton",
    },
    "113-0000000-0000002": {"paid": 0, "state": OrderState.CLOSED},
}  # fmt: skip
_FBM: Final = (
    {
        "order-id": "113-0000000-0000004", "order-item-id": "80000000000001",
        "purchase-date": "2026-05-01T09:15:00+00:00",
        "payments-date": "2026-05-01T09:16:00+00:00", "buyer-email": "abc123@marketplace.amazon.invalid",
        "buyer-name": "Olive Example", "buyer-phone-number": "", "sku": "MUG-1", "product-name": 'Mug "Big"',
        "quantity-purchased": "1", "currency": "USD", "item-price": "15.00", "shipping-price": "4.00",
        "recipient-name": "Olive Example", "ship-address-1": "2 Invented Ave", "ship-city": "Sampleton",
        "ship-state": "NY", "ship-postal-code": "00000", "ship-country": "US", "ship-phone-number": "+1 212 555 0142",
    },
)  # fmt: skip
_FBM_GOLDEN: Final = {
    "113-0000000-0000004": {
        "paid": 1_900, "state": OrderState.PAID, "email": "abc123@marketplace.amazon.invalid", "deciding": "email",
        "paid_at": at("2026-05-01 09:16:00", "UTC"), "recipient_name": "Olive Example", "titles": ('Mug "Big"',),
        "address": "2 Invented Ave, 00000 Sampleton, NY, US", "line_numbers": ("80000000000001",),
    }
}  # fmt: skip
_UNSHIPPED: Final = (
    {
        "order-id": "113-0000000-0000005", "order-item-id": "80000000000002",
        "purchase-date": "2026-05-02T09:15:00+00:00",
        "payments-date": "2026-05-02T09:16:00+00:00", "buyer-email": "abc123@marketplace.amazon.invalid",
        "sku": "MUG-1", "product-name": "Mug", "quantity-purchased": "1", "recipient-name": "Olive Example",
    },
)  # fmt: skip
_UNSHIPPED_GOLDEN: Final = {
    "113-0000000-0000005": {"paid": None, "state": OrderState.PAID, "email": "abc123@marketplace.amazon.invalid"}
}

SAMPLES: Final = (
    Sample("amazon complete", "all.txt", HEADERS["amazon_all_orders_29"], _ALL, _ALL_GOLDEN, settings=_US,
           encoding="cp1252", delimiter="\t"),
    Sample("amazon complete", "fbm.txt", HEADERS["amazon_fbm_order_report"], _FBM, _FBM_GOLDEN, settings=_US,
           encoding="utf-8", delimiter="\t"),
    Sample("amazon complete", "unshipped.txt", HEADERS["amazon_unshipped"], _UNSHIPPED, _UNSHIPPED_GOLDEN,
           settings=_US, encoding="utf-8", delimiter="\t"),
)  # fmt: skip
