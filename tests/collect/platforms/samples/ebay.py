"""eBay: a blank line above, totals below, a row that sums an order up over its lines; the British spelling."""

from __future__ import annotations

from typing import Final

from shopcrm.collect.foreign import OrderState
from shopcrm.collect.platforms import ReadSettings
from tests.collect.platforms.samples import HEADERS, Sample, at

_US: Final = ReadSettings(currency="USD", timezone="America/New_York", region="US")
_ROWS: Final = (
    {
        "Sales Record Number": "101", "Order Number": "24-00000-00001", "Buyer Username": "fern_buys",
        "Buyer Name": "Fern Example", "Buyer Email": "fern@example.invalid", "Buyer Note": "thanks",
        "Ship To Name": "Fern Example", "Ship To Phone": "+1 212 555 0142", "Ship To Address 1": "1 Invented Lane",
        "Ship To City": "Sampleton", "Ship To State": "NY", "Ship To Zip": "00000", "Ship To Country": "United States",
        "Quantity": "3", "Total Price": "$95.00", "Sale Date": "Jul-25-26", "Paid On Date": "Jul-25-26",
        "Shipped On Date": "Jul-27-26",
    },
    {
        "Sales Record Number": "101", "Order Number": "24-00000-00001", "Buyer Username": "fern_buys",
        "Item Number": "110000000001", "Item Title": "Mug", "Custom Label": "MUG-1", "Quantity": "2",
        "Sold For": "$30.00",
        "Transaction ID": "2000000001",
    },
    {
        "Sales Record Number": "101", "Order Number": "24-00000-00001", "Buyer Username": "fern_buys",
        "Item Number": "110000000002", "Item Title": "Tee", "Quantity": "1", "Sold For": "$30.00",
        "Variation Details": "[Size:M]", "Transaction ID": "2000000002",
    },
    {
        "Sales Record Number": "102", "Order Number": "", "Buyer Username": "moss_buys", "Item Number": "110000000002",
        "Item Title": "Tee", "Quantity": "1", "Sold For": "$30.00", "Total Price": "$900.00", "Sale Date": "Jul-26-26",
        "Paid On Date": "", "Transaction ID": "2000000003",
    },
    {"Sales Record Number": "2", "Order Number": "record(s) downloaded"},
    {"Sales Record Number": "Seller ID : invented"},
)  # fmt: skip
_GOLDEN: Final = {
    "24-00000-00001": {
        "paid": 9_500, "state": OrderState.SHIPPED, "buyer_id": "fern_buys", "deciding": "buyer_id",
        "email": "fern@example.invalid", "phone": "+12125550142", "created_at": at("2026-07-25 00:00:00", "UTC"),
        "titles": ("Mug", "Tee"), "articles": ("MUG-1", "110000000002"), "quantities": (2, 1),
        "line_paid": (6_000, 3_000), "buyer_message": "thanks", "recipient_name": "Fern Example",
        "variants": (None, "[Size:M]"), "units": 3,
    },
    "102": {"paid": 90_000, "buyer_id": "moss_buys", "titles": ("Tee",)},
}  # fmt: skip
_BRITISH: Final = {
    "Ship To Name": "Post to name", "Ship To Phone": "Post to phone", "Ship To Address 1": "Post to address 1",
    "Ship To City": "Post to city", "Ship To State": "Post to county", "Ship To Zip": "Post to postcode",
    "Ship To Country": "Post to country", "Shipped On Date": "Dispatched on date",
}  # fmt: skip

SAMPLES: Final = (
    Sample("ebay complete", "eBay-OrdersReport.csv", HEADERS["ebay_orders_report_head"], _ROWS, _GOLDEN, settings=_US,
           above=[[""]]),
    Sample(
        "ebay complete", "UK.csv",
        [_BRITISH.get(name, name).lower() for name in HEADERS["ebay_orders_report_head"]],
        [{_BRITISH.get(name, name).lower(): cell for name, cell in row.items()} for row in _ROWS], _GOLDEN,
        settings=_US, above=[[""]],
    ),
)  # fmt: skip
