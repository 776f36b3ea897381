"""Amazon Seller Central: reports of all orders, of orders to ship and of unshipped ones, text with tabs (C1).

One row a line; the order's cells are repeated. Prices are blank where an order was cancelled.

| column | becomes |
| --- | --- |
| amazon-order-id [order-id] | number; one that begins with S was sold elsewhere and is left out |
| order-item-id | line_number |
| buyer-email | identity `email`, deciding; it is Amazon's alias of the buyer, the same with every order |
| buyer-phone-number, ship-phone-number | recipient_phone and identity |
| item-price (of all pieces) + shipping-price + gift-wrap-price − item- and ship-promotion-discount | paid |
| order-status, item-status | state; without one paid |
| purchase-date, payments-date | created_at, paid_at; with their own offset |
| product-name, sku else asin, quantity [quantity-purchased] | title, article, quantity |
| recipient-name, ship-address-1, ship-city, ship-state, ship-postal-code, ship-country | recipient and address |
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.order_table import OrderTable
from shopcrm.collect.platforms.layout import Layout, by_day_and_time

KEY: Final = "amazon"


def _is_sale(number: str) -> bool:
    return not number.startswith("S")


ORDERS: Final = Layout(
    key=KEY,
    report="complete",
    label=N_("Amazon order report"),
    table=OrderTable(
        platform=KEY,
        short_rows=True,
        distinct_lines=True,
        is_sale=_is_sale,
        default=OrderState.PAID,
        names={
            "number": ("amazon-order-id", "order-id"),
            "line_number": ("order-item-id",),
            "email": ("buyer-email",),
            "buyer_phone": ("buyer-phone-number",),
            "phone": ("ship-phone-number",),
            "buyer_name": ("buyer-name",),
            "recipient_name": ("recipient-name",),
            "tracking_number": ("tracking-number",),
            "carrier": ("carrier",),
            "address": ("ship-address-1",),
            "street": ("ship-address-2",),
            "city": ("ship-city",),
            "province": ("ship-state",),
            "zip": ("ship-postal-code",),
            "country": ("ship-country",),
            "line_total": ("item-price",),
            "shipping": ("shipping-price",),
            "wrapping": ("gift-wrap-price",),
            "promotion": ("item-promotion-discount",),
            "promotion_more": ("ship-promotion-discount",),
            "currency": ("currency",),
            "state": ("item-status", "order-status"),
            "created_at": ("purchase-date",),
            "paid_at": ("payments-date",),
            "title": ("product-name",),
            "article": ("sku", "asin"),
            "quantity": ("quantity", "quantity-purchased"),
        },
        states={
            "pending": OrderState.UNPAID,
            "unshipped": OrderState.PAID,
            "partiallyshipped": OrderState.PAID,
            "shipping": OrderState.PAID,
            "shipped": OrderState.SHIPPED,
            "shipped-deliveredtobuyer": OrderState.FINISHED,
            "shipped-pickedup": OrderState.SHIPPED,
        },
        closed=frozenset({"cancelled", "canceled"}),
    ),
    own=(
        "amazon-order-id", "purchase-date", "order-item-id", "quantity-purchased", "asin", "fulfillment-channel",
        "ship-service-level", "buyer-email",
    ),
    exported=by_day_and_time,
)  # fmt: skip
