"""WooCommerce: the plugin's row a line, snake_case, and Analytics."""

from __future__ import annotations

from typing import Final

from shopcrm.collect.foreign import OrderState
from shopcrm.collect.platforms import ReadSettings
from tests.collect.platforms.samples import Sample, at

_LONDON: Final = ReadSettings(currency="GBP", timezone="Europe/London", region="GB")
_PLUGIN: Final = (
    "Order Number", "Order Status", "Order Date", "Customer Note", "First Name (Billing)", "Last Name (Billing)",
    "Company (Billing)", "Address 1&2 (Billing)", "City (Billing)", "State Code (Billing)", "Postcode (Billing)",
    "Country Code (Billing)", "Email (Billing)", "Phone (Billing)", "First Name (Shipping)", "Last Name (Shipping)",
    "Address 1&2 (Shipping)", "City (Shipping)", "State Code (Shipping)", "Postcode (Shipping)",
    "Country Code (Shipping)", "Payment Method Title", "Cart Discount Amount", "Order Subtotal Amount",
    "Shipping Method Title", "Order Shipping Amount", "Order Refund Amount", "Order Total Amount",
    "Order Total Tax Amount", "SKU", "Item #", "Item Name", "Quantity (- Refund)", "Item Cost", "Coupon Code",
    "Discount Amount", "Discount Amount Tax",
)  # fmt: skip
_ORDER: Final = {
    "Order Number": "5001", "Order Status": "Completed", "Order Date": "2024-05-01 10:15",
    "First Name (Billing)": "Fern",
    "Last Name (Billing)": "Example", "Email (Billing)": "Fern@example.invalid", "Phone (Billing)": "07911 123451",
    "Address 1&2 (Shipping)": "1 Invented Lane", "City (Shipping)": "Sampleton", "Postcode (Shipping)": "ZZ1 1ZZ",
    "Country Code (Shipping)": "GB", "Order Total Amount": "42.50", "Order Refund Amount": "2.50",
    "First Name (Shipping)": "Ivy", "Last Name (Shipping)": "Example", "Customer Note": "Leave with &amp; neighbour",
}  # fmt: skip
_ROWS: Final = (
    {**_ORDER, "SKU": "MUG-1", "Item #": "1", "Item Name": "Mug &quot;Big&quot;", "Quantity (- Refund)": "2",
     "Item Cost": "15.00"},
    {**_ORDER, "SKU": "TEE-1", "Item #": "2", "Item Name": "Tee", "Quantity (- Refund)": "1", "Item Cost": "12.50"},
    {
        "Order Number": "5002", "Order Status": "wc-refunded", "Order Date": "2024-05-02 10:15",
        "Email (Billing)": "moss@example.invalid", "Order Total Amount": "10.00", "Item Name": "Tee",
        "Quantity (- Refund)": "1", "Item Cost": "10.00",
    },
    {
        "Order Number": "5003", "Order Status": "Cancelled", "Order Date": "2024-05-03 10:15",
        "Email (Billing)": "moss@example.invalid", "Order Total Amount": "10.00", "Item Name": "Tee",
        "Quantity (- Refund)": "1", "Item Cost": "10.00",
    },
)  # fmt: skip
_GOLDEN: Final = {
    "5001": {
        "paid": 4_250, "refunded": 250, "state": OrderState.FINISHED, "email": "fern@example.invalid",
        "deciding": "email", "phone": "+447911123451", "buyer_name": "Fern Example", "recipient_name": "Ivy Example",
        "created_at": at("2024-05-01 10:15:00", "Europe/London"), "currency": "GBP", "units": 3,
        "titles": ('Mug "Big"', "Tee"), "articles": ("MUG-1", "TEE-1"), "line_paid": (3_000, 1_250),
        "address": "1 Invented Lane, ZZ1 1ZZ Sampleton, GB", "city": "Sampleton",
    },
    "5002": {"paid": 1_000, "refunded": 1_000, "state": OrderState.REFUNDED},
    "5003": {"paid": 0, "state": OrderState.CLOSED},
}  # fmt: skip

_SNAKE: Final = (
    "order_id", "order_date", "order_status", "customer_id", "billing_first_name", "billing_last_name",
    "billing_email", "billing_phone", "billing_address_1", "billing_city", "billing_country", "order_total",
    "order_currency",
)  # fmt: skip
_SNAKE_ROWS: Final = (
    {
        "order_id": "6001", "order_date": "2024-06-01 09:00:00", "order_status": "processing", "customer_id": "17",
        "billing_first_name": "Reed", "billing_last_name": "Example", "billing_email": "reed@example.invalid",
        "billing_phone": "07911123452", "billing_city": "Sampleton", "billing_country": "GB", "order_total": "20.00",
        "order_currency": "EUR",
    },
    {
        "order_id": "6002", "order_date": "2024-06-02 09:00:00", "order_status": "pending", "customer_id": "0",
        "billing_email": "guest.person@example.invalid", "order_total": "30.00", "order_currency": "GBP",
    },
)  # fmt: skip
_SNAKE_GOLDEN: Final = {
    "6001": {
        "paid": 2_000, "state": OrderState.PAID, "buyer_id": "17", "deciding": "buyer_id", "currency": "EUR",
        "email": "reed@example.invalid", "buyer_name": "Reed Example", "phone": "+447911123452",
    },
    "6002": {"paid": 0, "state": OrderState.UNPAID, "buyer_id": None, "deciding": "email"},
}  # fmt: skip

_ANALYTICS: Final = (
    "Date", "Order #", "N. Revenue (formatted)", "Status", "Customer", "Customer type", "Product(s)", "Items sold",
    "Coupon(s)", "N. Revenue", "Attribution",
)  # fmt: skip
_ANALYTICS_ROWS: Final = (
    {
        "Date": "2024-07-01 09:00:00", "Order #": "7001", "N. Revenue (formatted)": "£28.00", "Status": "completed",
        "Customer": "Sage Example", "Customer type": "returning", "Product(s)": "2× Mug, 1× Tee", "Items sold": "3",
        "N. Revenue": "28.00",
    },
)  # fmt: skip
_ANALYTICS_GOLDEN: Final = {
    "7001": {
        "paid": 2_800, "state": OrderState.FINISHED, "title": "2× Mug, 1× Tee", "units": 3, "deciding": None,
        "buyer_name": "Sage Example",
    }
}  # fmt: skip

SAMPLES: Final = (
    Sample("woocommerce complete", "orders-2024-05-09-10-00-00.csv", _PLUGIN, _ROWS, _GOLDEN, settings=_LONDON),
    Sample("woocommerce complete", "snake.csv", _SNAKE, _SNAKE_ROWS, _SNAKE_GOLDEN, settings=_LONDON),
    Sample(
        "woocommerce complete", "wc-analytics.csv", _ANALYTICS, _ANALYTICS_ROWS, _ANALYTICS_GOLDEN, settings=_LONDON
    ),
)
