"""Square: the customer directory, csv (C1).

| column | becomes |
| --- | --- |
| Square Customer ID | identity `buyer_id` |
| Email Address, Phone Number | identities |
| First Name, Last Name, else Nickname; Company Name | name; company |
| Street Address 1, Street Address 2, City, State, Postal Code | address |
| Birthday, Memo, Creation Source | birthday, note, source |
| Email Subscription Status | consent: `collect.consents_told` |

Reference ID is the seller's own and no identity; visits and totals come with the sales.
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.people_table import PeopleTable
from shopcrm.collect.platforms.people_layout import PeopleLayout

KEY: Final = "square"

CUSTOMERS: Final = PeopleLayout(
    key=KEY,
    label=N_("Square customer directory"),
    table=PeopleTable(
        platform=KEY,
        names={
            "buyer_id": ("Square Customer ID",),
            "email": ("Email Address",),
            "phone": ("Phone Number",),
            "first_name": ("First Name",),
            "last_name": ("Last Name", "Surname"),
            "nickname": ("Nickname",),
            "company": ("Company Name",),
            "birthday": ("Birthday",),
            "note": ("Memo",),
            "source": ("Creation Source",),
            "agrees_email": ("Email Subscription Status",),
        },
        addresses=(
            {
                "street": ("Street Address 1",),
                "district": ("Street Address 2",),
                "city": ("City",),
                "province": ("State",),
                "zip": ("Postal Code",),
            },
        ),
        month_first=True,
    ),
    own=(
        "Square Customer ID", "Creation Source", "First Visit", "Last Visit", "Transaction Count", "Instant Profile",
        "Email Subscription Status", "Reference ID",
    ),
    own_at_least=2,
)  # fmt: skip
