"""WooCommerce: the three shapes in which its orders are exported, csv (C1).

1. The plugin "Advanced Order Export", a row a line with the order's cells repeated: `Order Number`, `Email (Billing)`.
2. The plugins that write snake_case, a row an order or a line: `order_id`, `billing_email`. `customer_id` 0 is a guest.
3. Analytics → Orders, a row an order without anybody's address: `Order #`, `N. Revenue`, `Customer`.

| columns | become |
| --- | --- |
| Order Number; order_number, order_id; Order # | number |
| customer_id; Email (Billing); Phone (Billing) | identities `buyer_id`, `email`, `phone`, the first deciding |
| Order Total Amount; Order Refund Amount | paid; refunded |
| Order Status | state, with or without `wc-`; a cancelled order was paid when it has a date of payment |
| Item Name, Item Cost, Quantity (- Refund), SKU | a line; Item Cost is of one |
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.order_table import OrderTable
from shopcrm.collect.platforms.layout import Layout, by_day_and_time

KEY: Final = "woocommerce"
_WORDS: Final = {
    "pending": OrderState.UNPAID,
    "pendingpayment": OrderState.UNPAID,
    "on-hold": OrderState.UNPAID,
    "onhold": OrderState.UNPAID,
    "processing": OrderState.PAID,
    "shipped": OrderState.SHIPPED,
    "delivered": OrderState.SIGNED,
    "completed": OrderState.FINISHED,
}
_CLOSED: Final = ("cancelled", "canceled", "failed")


def _with_prefix(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset((*words, *(f"wc-{word}" for word in words)))


ORDERS: Final = Layout(
    key=KEY,
    report="complete",
    label=N_("WooCommerce order export"),
    table=OrderTable(
        platform=KEY,
        total="order",
        refund="order",
        short_rows=True,
        html=True,
        names={
            "number": ("Order Number", "order_number", "order_id", "Order #", "Order ID"),
            "line_number": ("Item #", "Item ID", "item_id", "line_id"),
            "buyer_id": ("customer_id", "Customer User ID", "customer_user"),
            "email": ("Email (Billing)", "billing_email", "customer_email"),
            "buyer_phone": ("Phone (Billing)", "billing_phone"),
            "phone": ("Phone (Shipping)", "shipping_phone"),
            "buyer_first": ("First Name (Billing)", "billing_first_name"),
            "buyer_last": ("Last Name (Billing)", "billing_last_name"),
            "buyer_name": ("Full Name (Billing)", "Customer"),
            "recipient_first": ("First Name (Shipping)", "shipping_first_name"),
            "recipient_last": ("Last Name (Shipping)", "shipping_last_name"),
            "address": (
                "Address 1&2 (Shipping)", "Address 1 (Shipping)", "shipping_address_1", "Address 1&2 (Billing)",
                "Address 1 (Billing)", "billing_address_1",
            ),
            "city": ("City (Shipping)", "shipping_city", "City (Billing)", "billing_city"),
            "province": (
                "State Name (Shipping)", "State Code (Shipping)", "shipping_state", "State Name (Billing)",
                "State Code (Billing)", "billing_state",
            ),
            "zip": ("Postcode (Shipping)", "shipping_postcode", "Postcode (Billing)", "billing_postcode"),
            "country": (
                "Country Name (Shipping)", "Country Code (Shipping)", "shipping_country", "Country Name (Billing)",
                "Country Code (Billing)", "billing_country",
            ),
            "order_total": ("Order Total Amount", "order_total", "N. Revenue", "Net Revenue", "total"),
            "refunded": ("Order Refund Amount", "Order Total Refunded", "order_refund", "refund_total"),
            "currency": ("Order Currency", "order_currency", "currency"),
            "state": ("Order Status", "order_status", "Status", "status"),
            "created_at": ("Order Date", "order_date", "date_created", "Date"),
            "paid_at": ("Paid Date", "paid_date", "date_paid"),
            "finished_at": ("Completed Date", "completed_date", "date_completed"),
            "title": ("Item Name", "item_name", "product_name", "line_item_name"),
            "article": ("SKU", "item_sku", "sku", "product_sku"),
            "quantity": ("Quantity (- Refund)", "Quantity", "item_quantity", "quantity", "Items sold"),
            "price": ("Item Cost", "item_price", "product_price"),
            "line_total": ("Order Line Total", "Order Line (w/o tax)", "item_total", "line_total"),
            "goods": ("Product(s)", "line_items"),
            "buyer_message": ("Customer Note", "customer_note"),
            "tracking_number": ("Tracking Number", "tracking_number"),
            "carrier": ("Tracking Provider", "tracking_provider", "Shipping Provider"),
        },
        states={**_WORDS, **{f"wc-{word}": state for word, state in _WORDS.items()}},
        closed=_with_prefix(_CLOSED),
        given_back=_with_prefix(("refunded",)),
    ),
    own=(
        "Email (Billing)", "First Name (Billing)", "Item Cost", "Quantity (- Refund)", "Order Total Amount",
        "Order Subtotal Amount", "Payment Method Title", "Shipping Method Title", "Phone (Billing)",
        "billing_email", "billing_first_name", "billing_phone", "shipping_first_name", "billing_address_1",
        "N. Revenue", "N. Revenue (formatted)", "Customer type", "Attribution",
    ),
    exported=by_day_and_time,
)  # fmt: skip
