"""Google Contacts: the csv it exports, the older layout and that of 2024 on (C1).

| column | becomes |
| --- | --- |
| Name; First Name, Middle Name, Last Name [Given, Additional, Family Name] | name |
| Nickname [File As] | name, where there is no other |
| Organization Name [Organization 1 - Name], … Title | company, occupation |
| E-mail n - Value, Phone n - Value | identities; several in a cell stand apart by ` ::: ` |
| Address n - Formatted, else its parts | addresses |
| Birthday | birthday; ` --03-05` is one without a year |
| Labels [Group Membership] | tags, without `* myContacts` |
| Notes | note |
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.people_table import PeopleTable
from shopcrm.collect.platforms.people_layout import PeopleLayout

KEY: Final = "contacts"
_PARTS: Final = {
    "address": "Formatted", "street": "Street", "district": "Extended Address", "city": "City", "province": "Region",
    "zip": "Postal Code", "country": "Country",
}  # fmt: skip

CONTACTS: Final = PeopleLayout(
    key=KEY,
    label=N_("Google Contacts"),
    table=PeopleTable(
        platform=KEY,
        names={
            "name": ("Name",),
            "first_name": ("First Name", "Given Name"),
            "middle_name": ("Middle Name", "Additional Name"),
            "last_name": ("Last Name", "Family Name"),
            "nickname": ("Nickname", "File As"),
            "company": ("Organization Name", "Organization 1 - Name"),
            "occupation": ("Organization Title", "Organization 1 - Title", "Occupation"),
            "email": ("E-mail # - Value",),
            "phone": ("Phone # - Value",),
            "birthday": ("Birthday",),
            "gender": ("Gender",),
            "tags": ("Labels", "Group Membership"),
            "note": ("Notes",),
        },
        addresses=tuple(
            {part: (f"Address {number} - {name}",) for part, name in _PARTS.items()} for number in range(1, 6)
        ),
        own_tags=frozenset({"mycontacts"}),
    ),
    own=(
        "E-mail 1 - Value", "Phone 1 - Value", "E-mail 1 - Label", "Phone 1 - Label", "E-mail 1 - Type",
        "Phone 1 - Type", "Given Name", "Family Name", "Group Membership", "Yomi Name", "Phonetic First Name",
        "Name Prefix", "Organization Name", "Directory Server", "Given Name Yomi", "Labels", "File As",
    ),
    own_at_least=2,
)  # fmt: skip
