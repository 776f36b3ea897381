"""Shopify's order export in every layout, made from its header lists, and what must come of it. People are invented."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from shopcrm.collect.foreign import ForeignConsent, OrderState

LAYOUTS: Final[Mapping[str, list[str]]] = json.loads(
    (Path(__file__).parents[2] / "data" / "shopify_headers.json").read_text("utf-8")
)

Row = Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A header and its rows with their numbers."""

    header: list[str]
    rows: list[tuple[int, list[str]]]

    def as_csv(self) -> bytes:
        """The bytes of the file as Shopify writes it."""
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([self.header, *(cells for _, cells in self.rows)])
        return text.getvalue().encode()


def table(header: Sequence[str], rows: Sequence[Row] = ()) -> Table:
    """A file of these rows with these columns."""
    cells = [[row.get(name, "") for name in header] for row in rows]
    return Table(list(header), list(enumerate(cells, 2)))


def at(text: str) -> int:
    """UTC seconds of a time with its offset."""
    return int(datetime.fromisoformat(text).timestamp())


def line(name: str, title: str, price: str, *, quantity: str = "1", sku: str = "", discount: str = "0.00") -> Row:
    """What a row tells of a line."""
    return {
        "Name": name, "Lineitem name": title, "Lineitem price": price, "Lineitem quantity": quantity,
        "Lineitem sku": sku, "Lineitem discount": discount,
    }  # fmt: skip


def head(email: str, total: str, financial: str, **more: str) -> Row:
    """What the first row of an order tells of it as a whole."""
    told = {
        "Email": email, "Total": total, "Financial Status": financial, "Currency": "GBP", "Refunded Amount": "0.00",
        "Created at": "2024-05-01 09:58:00 +0100", "Fulfillment Status": "unfulfilled",
        "Outstanding Balance": "0.00",
    }  # fmt: skip
    if financial in ("paid", "refunded", "partially_refunded", "partially_paid"):
        told["Paid at"] = "2024-05-01 10:00:00 +0100"
    return told | {name.replace("_", " "): value for name, value in more.items()}


AMY: Final = {
    "Billing Name": "Amy Invented", "Shipping Name": "Amy Invented", "Shipping Street": "1 Made-up Lane, Flat 2",
    "Shipping Address1": "1 Made-up Lane", "Shipping Address2": "Flat 2", "Shipping City": "Leeds",
    "Shipping Zip": "'LS1 4AP", "Shipping Province": "ENG", "Shipping Province Name": "England",
    "Shipping Country": "GB", "Phone": "'+447400123456", "Shipping Phone": "07400 123456",
    "Notes": "Leave it with the neighbour", "Accepts Marketing": "yes", "Customer ID": "7001002003001",
}  # fmt: skip

ROWS: Final[tuple[Row, ...]] = (
    {
        **line("#1001", "Wooden duck - yellow", "12.50", quantity="2", sku="DUCK-Y", discount="2.50"),
        **head("Amy@Example.com", "27.49", "paid", Fulfillment_Status="fulfilled",
               Fulfilled_at="2024-05-02 08:00:00 +0100"), **AMY,
    },
    line("#1001", "Wooden boat", "4.99", sku="'0017"),
    # In some files only the first row names its order.
    {**line("#1002", "Wooden duck - red", "12.50"), **head("ben@example.com", "12.50", "refunded")},
    line("", "Gift wrapping", "0.00"),
    {
        **line("#1003", "Set of six", "1,299.90"),
        **head("cat@example.com", "1,299.90", "partially_refunded", Refunded_Amount="99.90"),
    },
    {**line("#1004", "Wooden duck - red", "12.50"), **head("no-reply@example.com", "12.50", "pending")},
    {
        **line("#1005", "Wooden duck - red", "12.50"),
        **head("dan@example.com", "12.50", "pending", Cancelled_at="2024-05-01 11:00:00 +0100"),
    },
    {**line("#1006", "Wooden duck - red", "12.50"), **head("", "12.50", "voided", Phone="+447400123999")},
    {
        **line("D-17", "Made to order", "200.00"),
        **head("eve@example.com", "200.00", "partially_paid", Outstanding_Balance="150.00"),
    },
    {**line("#1008", "Sample", "0.00"), **head("fay@example.com", "0.00", "paid")},
    {
        **line("#1009", "Wooden duck - red", "1200"),
        **head("amy@example.com", "1200", "paid", Currency="JPY", Refunded_Amount="1200"),
    },
    {**line("#1010", "Wooden duck - red", "12.50"), **head("gus@example.com", "12.50", "authorized",
                                                           Fulfillment_Status="fulfilled")},
    {
        **line("#1011", "Wooden duck - red", "12.50"),
        **head("hal@example.com", "12.50", "paid", Cancelled_at="2024-05-01 11:00:00 +0100",
               Fulfillment_Status="restocked"),
    },
    # Refused: a quantity that is none, and the line that waits with it.
    {**line("#1012", "Wooden duck - red", "12.50", quantity="two"), **head("ida@example.com", "25.00", "paid")},
    line("#1012", "Wooden boat", "4.99"),
    {**line("#1013", "Wooden duck - red", "12.50"), **head("jan@example.com", "12.50", "paid", Currency="XQZ")},
    # The first order once more, as when two exports were put together.
    {
        **line("#1001", "Wooden duck - yellow", "12.50", quantity="2", sku="DUCK-Y"),
        **head("amy@example.com", "27.49", "paid"), **AMY,
    },
    line("#1001", "Wooden boat", "4.99", sku="'0017"),
)  # fmt: skip

# By order what must come of it: a value, and the columns without which it cannot be known.
MONEY: Final = ("Total", "Financial Status", "Currency")
GOLDEN: Final[Mapping[str, Mapping[str, tuple[Any, Sequence[str]]]]] = {
    "#1001": {
        "state": (OrderState.SHIPPED, ("Financial Status", "Fulfillment Status", "Refunded Amount")),
        "paid": (2_749, MONEY), "refunded": (0, ("Refunded Amount", "Financial Status")),
        "currency": ("GBP", ("Currency",)), "created_at": (at("2024-05-01 09:58:00+01:00"), ("Created at",)),
        "paid_at": (at("2024-05-01 10:00:00+01:00"), ("Paid at",)),
        "shipped_at": (at("2024-05-02 08:00:00+01:00"), ("Fulfilled at",)), "row": (2, ()),
        "units": (3, ("Lineitem quantity",)), "buyer_name": ("Amy Invented", ("Billing Name",)),
        "recipient_name": ("Amy Invented", ("Shipping Name",)),
        "recipient_phone": ("+447400123456", ("Phone",)), "city": ("Leeds", ("Shipping City",)),
        "province": ("England", ("Shipping Province Name",)),
        "buyer_message": ("Leave it with the neighbour", ("Notes",)),
        "consents": ((ForeignConsent("email", True, "Accepts Marketing"),), ("Accepts Marketing",)),
        "email": ("amy@example.com", ("Email",)), "phone": ("+447400123456", ("Phone",)),
        "titles": (("Wooden duck - yellow", "Wooden boat"), ("Lineitem name",)),
        "articles": (("DUCK-Y", "0017"), ("Lineitem sku",)),
        "line_paid": ((2_250, 499), ("Lineitem price", "Lineitem quantity", "Lineitem discount", *MONEY[1:])),
    },
    "#1002": {
        "state": (OrderState.REFUNDED, ("Financial Status",)), "paid": (1_250, MONEY),
        "refunded": (1_250, MONEY), "titles": (("Wooden duck - red", "Gift wrapping"), ("Lineitem name",)),
    },
    "#1003": {
        "state": (OrderState.PAID, ("Financial Status", "Refunded Amount")), "paid": (129_990, MONEY),
        "refunded": (9_990, (*MONEY, "Refunded Amount")),
    },
    "#1004": {
        "state": (OrderState.UNPAID, ("Financial Status",)), "paid": (0, ("Financial Status",)),
        "email": (None, ()),
    },
    "#1005": {
        "state": (OrderState.CLOSED, ("Financial Status", "Cancelled at")), "paid": (0, ("Financial Status",)),
    },
    "#1006": {
        "state": (OrderState.CLOSED, ("Financial Status",)), "paid": (0, ("Financial Status",)), "email": (None, ()),
        "phone": ("+447400123999", ("Phone",)),
    },
    "D-17": {
        "state": (OrderState.PAID, ("Financial Status",)), "paid": (5_000, (*MONEY, "Outstanding Balance")),
    },
    "#1008": {"state": (OrderState.PAID, ("Financial Status",)), "paid": (0, ("Financial Status", "Total"))},
    "#1009": {
        "state": (OrderState.REFUNDED, ("Financial Status", "Refunded Amount", "Total")), "paid": (1_200, MONEY),
        "currency": ("JPY", ("Currency",)), "refunded": (1_200, ("Refunded Amount", "Currency")),
    },
    "#1010": {"state": (OrderState.UNPAID, ("Financial Status",)), "paid": (0, ("Financial Status",))},
    "#1011": {"state": (OrderState.PAID, ("Financial Status",)), "paid": (1_250, MONEY)},
}  # fmt: skip
