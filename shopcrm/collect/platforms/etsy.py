"""Etsy: the csv of sold orders and the csv of sold order items (C1).

Orders, a row an order:

| column | becomes |
| --- | --- |
| Order ID | number |
| Buyer User ID | identity `buyer_id`, deciding |
| Full Name, else Buyer without `(username)` | buyer_name, recipient_name |
| Order Total, Adjusted Order Total | paid; refunded is what an adjusted total has less |
| Sale Date, Date Shipped | created_at, shipped_at, month before day, years of two digits |
| Status, Currency, SKU | state; currency |

Items, a row a line: Transaction ID is its number, Item Total less Discount Amount is paid.
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.fields import EITHER
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.order_table import OrderTable
from shopcrm.collect.platforms.layout import Layout, by_day_and_time

KEY: Final = "etsy"
_DATES: Final = ("%m/%d/%y", "%m/%d/%Y", "%Y-%m-%d")
_ADDRESS: Final = {
    "address": ("Street 1", "Ship Address1"),
    "street": ("Street 2", "Ship Address2"),
    "city": ("Ship City",),
    "province": ("Ship State",),
    "zip": ("Ship Zipcode",),
    "country": ("Ship Country",),
}
_STATES: Final = {"completed": OrderState.FINISHED, "paid": OrderState.PAID, "processing": OrderState.PAID}
_CLOSED: Final = frozenset({"canceled", "cancelled"})
_GIVEN_BACK: Final = frozenset({"refunded", "fullyrefunded"})

ORDERS: Final = Layout(
    key=KEY,
    report="order",
    label=N_("Etsy sold orders"),
    table=OrderTable(
        platform=KEY,
        total="order",
        refund="order",
        one_row=True,
        short_rows=True,
        formats=_DATES,
        decimal=EITHER,
        default=OrderState.PAID,
        names={
            **_ADDRESS,
            "number": ("Order ID",),
            "buyer_id": ("Buyer User ID",),
            "buyer_name": ("Full Name", "Buyer"),
            "recipient_name": ("Full Name",),
            "order_total": ("Order Total", "Order Value"),
            "adjusted_total": ("Adjusted Order Total",),
            "currency": ("Currency",),
            "state": ("Status",),
            "created_at": ("Sale Date",),
            "shipped_at": ("Date Shipped",),
            "quantity": ("Number of Items",),
        },
        states=_STATES,
        closed=_CLOSED,
        given_back=_GIVEN_BACK,
    ),
    own=(
        "Buyer User ID",
        "Adjusted Order Total",
        "Card Processing Fees",
        "Order Net",
        "Number of Items",
        "Order Value",
    ),
    foreign=("Transaction ID", "Item Name"),
    exported=by_day_and_time,
)
ITEMS: Final = Layout(
    key=KEY,
    report="item",
    label=N_("Etsy sold order items"),
    table=OrderTable(
        platform=KEY,
        short_rows=True,
        distinct_lines=True,
        html=True,
        formats=_DATES,
        decimal=EITHER,
        default=OrderState.PAID,
        names={
            **_ADDRESS,
            "number": ("Order ID",),
            "line_number": ("Transaction ID",),
            "buyer_name": ("Buyer",),
            "recipient_name": ("Ship Name",),
            "line_total": ("Item Total",),
            "price": ("Price",),
            "promotion": ("Discount Amount",),
            "quantity": ("Quantity",),
            "title": ("Item Name",),
            "variant": ("Variations",),
            "article": ("SKU", "Listing ID"),
            "currency": ("Currency",),
            "created_at": ("Sale Date",),
            "paid_at": ("Date Paid",),
            "shipped_at": ("Date Shipped",),
        },
    ),
    own=("Transaction ID", "Listing ID", "Item Total", "Listings Type", "VAT Paid by Buyer", "Variations"),
    foreign=("Buyer User ID",),
    exported=by_day_and_time,
)
