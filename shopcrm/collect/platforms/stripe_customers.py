"""Stripe: the customers csv; which columns it has is chosen in the dashboard (C1).

| column | becomes |
| --- | --- |
| id | identity `buyer_id`: `cus_…` |
| Email [Customer Email], Phone | identities |
| Name [Customer Name] | name |
| Description | note |
| Address …, Shipping Address … | addresses |

What was paid comes with the payments.
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.people_table import PeopleTable
from shopcrm.collect.platforms.people_layout import PeopleLayout

KEY: Final = "stripe"


def _address(kind: str) -> dict[str, tuple[str, ...]]:
    return {
        "street": (f"{kind} Line1",), "district": (f"{kind} Line2",), "city": (f"{kind} City",),
        "province": (f"{kind} State",), "zip": (f"{kind} Postal Code",), "country": (f"{kind} Country",),
    }  # fmt: skip


CUSTOMERS: Final = PeopleLayout(
    key=KEY,
    label=N_("Stripe customers"),
    table=PeopleTable(
        platform=KEY,
        names={
            "buyer_id": ("id", "Customer ID"),
            "email": ("Email", "Customer Email"),
            "name": ("Name", "Customer Name"),
            "phone": ("Phone", "Shipping Phone"),
            "note": ("Description",),
        },
        addresses=(_address("Card Address"), _address("Shipping Address")),
    ),
    own=("Delinquent", "Payment Count", "Refunded Volume", "Dispute Losses", "Total Spend", "Created (UTC)"),
    foreign=("Amount", "Amount Refunded", "Net", "Fee", "Total Orders"),
    own_at_least=2,
)
