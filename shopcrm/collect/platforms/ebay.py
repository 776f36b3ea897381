"""eBay: the orders report of Seller Hub, csv (C1).

A blank line stands above the header, two lines of totals below the last order. An order of several products has a row
that sums it up and a row for each.

| column | becomes |
| --- | --- |
| Order Number, else Sales Record Number | number |
| Buyer Username; Buyer Email | identity `buyer_id`, deciding; identity `email` |
| Ship To Phone [Post to phone] | recipient_phone and identity |
| Total Price | paid |
| Sale Date, Paid On Date, Shipped On Date | created_at, paid_at, shipped_at; the last of them is the state |
| Item Title, Variation Details, Custom Label else Item Number, Quantity, Sold For | a line; Sold For is of one |
| Ship To Name, Ship To Address 1, … | recipient and address |
| Buyer Note, My Item Note | buyer_message, seller_note |
"""

from __future__ import annotations

import re
from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.order_table import OrderTable
from shopcrm.collect.platforms.layout import Layout, by_day_and_time

KEY: Final = "ebay"

ORDERS: Final = Layout(
    key=KEY,
    report="complete",
    label=N_("eBay orders report"),
    table=OrderTable(
        platform=KEY,
        total="order",
        refund="order",
        short_rows=True,
        html=True,
        formats=("%b-%d-%y", "%d-%b-%y", "%b-%d-%Y", "%d-%b-%Y", "%Y-%m-%d", "%m/%d/%Y"),
        names={
            "number": ("Order Number", "Sales Record Number"),
            "line_number": ("Transaction ID",),
            "buyer_id": ("Buyer Username",),
            "email": ("Buyer Email",),
            "phone": ("Ship To Phone", "Post to phone"),
            "buyer_name": ("Buyer Name",),
            "recipient_name": ("Ship To Name", "Post to name"),
            "address": ("Ship To Address 1", "Post to address 1", "Buyer Address 1"),
            "street": ("Ship To Address 2", "Post to address 2", "Buyer Address 2"),
            "city": ("Ship To City", "Post to city", "Buyer City"),
            "province": ("Ship To State", "Post to county", "Buyer State", "Buyer county"),
            "zip": ("Ship To Zip", "Post to postcode", "Buyer Zip", "Buyer postcode"),
            "country": ("Ship To Country", "Post to country", "Buyer Country"),
            "order_total": ("Total Price",),
            "created_at": ("Sale Date",),
            "paid_at": ("Paid On Date",),
            "shipped_at": ("Shipped On Date", "Dispatched on date"),
            "title": ("Item Title",),
            "variant": ("Variation Details",),
            "article": ("Custom Label", "Item Number"),
            "quantity": ("Quantity",),
            "price": ("Sold For",),
            "buyer_message": ("Buyer Note",),
            "seller_note": ("My Item Note",),
            "tracking_number": ("Tracking Number",),
        },
    ),
    own=("Sales Record Number", "Buyer Username", "Sold For", "Sold Via Promoted Listings", "eBay Collected Tax"),
    ends=re.compile(r"record\(s\) downloaded|Seller ID\s*:", re.IGNORECASE),
    identifiers=("Item Number", "Tracking Number"),
    exported=by_day_and_time,
)
