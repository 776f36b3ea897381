"""Etsy: orders and their items, month before day, years of two digits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shopcrm.collect.foreign import OrderState
from shopcrm.collect.platforms import ReadSettings
from tests.collect.platforms.samples import HEADERS, Sample, at

_US: Final = ReadSettings(currency="USD", timezone="America/New_York", region="US")
_ORDERS: Final = (
    {
        "Sale Date": "09/12/26", "Order ID": "3000000001", "Buyer User ID": "fernmakes", "Full Name": "Fern Example",
        "Number of Items": "2", "Date Shipped": "09/14/26", "Street 1": "1 Invented Lane", "Ship City": "Sampleton",
        "Ship State": "NY", "Ship Zipcode": "00000", "Ship Country": "United States", "Currency": "USD",
        "Order Value": "80.00", "Order Total": "82.27", "Adjusted Order Total": "70.27", "Status": "",
        "Buyer": "Fern Example (fernmakes)", "Order Type": "online", "Payment Type": "online_cc",
    },
    {
        "Sale Date": "09/13/26", "Order ID": "3000000002", "Buyer User ID": "mossy", "Full Name": "Moss Example",
        "Number of Items": "1", "Currency": "EUR", "Order Value": "12,00", "Order Total": "12,00",
        "Adjusted Order Total": "0.00", "Buyer": "Moss Example (mossy)",
    },
    {
        "Sale Date": "09/13/26", "Order ID": "3000000002", "Buyer User ID": "mossy", "Full Name": "Moss Example",
        "Number of Items": "1", "Currency": "EUR", "Order Value": "12,00", "Order Total": "12,00",
        "Adjusted Order Total": "0.00", "Buyer": "Moss Example (mossy)",
    },
)  # fmt: skip
_ORDERS_GOLDEN: Final[Mapping[str, Mapping[str, Any]]] = {
    "3000000001": {
        "paid": 8_227, "refunded": 1_200, "state": OrderState.PAID, "buyer_id": "fernmakes", "deciding": "buyer_id",
        "buyer_name": "Fern Example", "currency": "USD", "created_at": at("2026-09-12 00:00:00", "UTC"),
        "shipped_at": at("2026-09-14 00:00:00", "UTC"), "units": 2,
        "address": "1 Invented Lane, 00000 Sampleton, NY, United States",
    },
    "3000000002": {"paid": 1_200, "refunded": None, "currency": "EUR", "buyer_id": "mossy", "units": 1},
}  # fmt: skip
_ITEMS: Final = (
    {
        "Sale Date": "09/12/26", "Item Name": "Mug &quot;Big&quot;", "Buyer": "Fern Example (fernmakes)",
        "Quantity": "2",
        "Price": "30.00", "Discount Amount": "0.00", "Item Total": "60.00", "Currency": "USD",
        "Transaction ID": "4000000001", "Listing ID": "500001", "Date Paid": "09/12/26", "Date Shipped": "09/14/26",
        "Ship Name": "Fern Example", "Order ID": "3000000001", "Variations": "Colour:Blue", "SKU": "MUG-B",
    },
    {
        "Sale Date": "09/12/26", "Item Name": "Tee", "Buyer": "Fern Example (fernmakes)", "Quantity": "1",
        "Price": "$25.00", "Discount Amount": "5.00", "Item Total": "25.00", "Currency": "USD",
        "Transaction ID": "4000000002", "Listing ID": "500002", "Date Paid": "09/12/26", "Order ID": "3000000001",
    },
    {
        "Sale Date": "09/12/26", "Item Name": "Tee", "Quantity": "1", "Price": "$25.00", "Discount Amount": "5.00",
        "Item Total": "25.00", "Currency": "USD", "Transaction ID": "4000000002", "Order ID": "3000000001",
    },
)  # fmt: skip
_ITEMS_GOLDEN: Final = {
    "3000000001": {
        "paid": 8_000, "titles": ('Mug "Big"', "Tee"), "articles": ("MUG-B", "500002"), "quantities": (2, 1),
        "line_paid": (6_000, 2_000), "line_numbers": ("4000000001", "4000000002"), "variants": ("Colour:Blue", None),
        "recipient_name": "Fern Example", "deciding": None, "paid_at": at("2026-09-12 00:00:00", "UTC"),
    }
}  # fmt: skip

SAMPLES: Final = (
    Sample("etsy order",
    "EtsySoldOrders2026-9.csv", HEADERS["etsy_sold_orders"], _ORDERS, _ORDERS_GOLDEN, settings=_US),
    Sample("etsy item", "EtsySoldOrderItems2026-9.csv", HEADERS["etsy_sold_order_items"], _ITEMS, _ITEMS_GOLDEN,
           settings=_US),
)  # fmt: skip
