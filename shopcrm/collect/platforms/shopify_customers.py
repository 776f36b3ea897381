"""Shopify: the customer export (`customers_export.csv`), the layouts of 2022 and 2024 (C1).

| column | becomes |
| --- | --- |
| Customer ID | identity `buyer_id` |
| Email; Phone, Default Address Phone | identities; phones are read as of the country |
| First Name, Last Name; Company | name; company |
| [Default Address] Address1, Address2, City, Province, Zip, Country | address |
| Tags, Note | tags, note |
| Accepts Email Marketing [Accepts Marketing], Accepts SMS Marketing | consents: `collect.consents_told` |

Tax exemption and the totals are left out: what was spent comes with the orders.
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.people_table import PeopleTable
from shopcrm.collect.platforms.people_layout import PeopleLayout

KEY: Final = "shopify"

CUSTOMERS: Final = PeopleLayout(
    key=KEY,
    label=N_("Shopify customer export"),
    table=PeopleTable(
        platform=KEY,
        names={
            "buyer_id": ("Customer ID",),
            "first_name": ("First Name",),
            "last_name": ("Last Name",),
            "email": ("Email",),
            "phone": ("Phone", "Default Address Phone"),
            "company": ("Company", "Default Address Company"),
            "country_code": ("Country Code", "Default Address Country Code"),
            "tags": ("Tags",),
            "note": ("Note",),
            "agrees_email": ("Accepts Email Marketing", "Accepts Marketing"),
            "agrees_sms": ("Accepts SMS Marketing",),
        },
        addresses=(
            {
                "street": ("Address1", "Default Address Address1"),
                "district": ("Address2", "Default Address Address2"),
                "city": ("City", "Default Address City"),
                "province": ("Province", "Province Code", "Default Address Province Code"),
                "zip": ("Zip", "Default Address Zip"),
                "country": ("Country", "Country Code", "Default Address Country Code"),
            },
        ),
    ),
    own=(
        "Accepts Email Marketing", "Accepts SMS Marketing", "Accepts Marketing", "Total Orders", "Tax Exempt",
        "Default Address Address1", "Default Address City", "Default Address Phone", "Default Address Zip",
        "Default Address Country Code", "Default Address Province Code", "Default Address Company",
    ),
    foreign=("Lineitem name", "Lineitem quantity", "Financial Status", "Fulfillment Status"),
)  # fmt: skip
