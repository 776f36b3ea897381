"""vCard: the cards of a phone, Outlook or an address book, as the table that `collect.vcards` makes of them (C1, C5).

| column | becomes |
| --- | --- |
| FN, else N, else NICKNAME, else ORG | name |
| TEL, EMAIL, WECHAT (X-WECHAT, IMPP, X-SOCIALPROFILE) | identities; faxes and pagers are left out |
| ORG; TITLE, ROLE | company; occupation |
| BDAY | birthday; `--0305` and Apple's year 1604 are one without a year |
| GENDER, CATEGORIES, NOTE | gender, tags, note |
| ADR | addresses, the first two |
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect import vcards
from shopcrm.collect.people_table import PeopleTable
from shopcrm.collect.platforms.people_layout import PeopleLayout

KEY: Final = "contacts"
_PARTS: Final = {
    "district": "extended", "street": "street", "city": "city", "province": "region", "zip": "code",
    "country": "country",
}  # fmt: skip

CARDS: Final = PeopleLayout(
    key=KEY,
    label=N_("Contact cards (vCard)"),
    table=PeopleTable(
        platform=KEY,
        names={
            "name": ("FN",),
            "first_name": ("N given",),
            "middle_name": ("N middle",),
            "last_name": ("N family",),
            "nickname": ("NICKNAME",),
            "company": ("ORG",),
            "occupation": ("TITLE",),
            "gender": ("GENDER",),
            "phone": ("TEL",),
            "email": ("EMAIL",),
            "wechat": ("WECHAT",),
            "birthday": ("BDAY",),
            "tags": ("CATEGORIES",),
            "note": ("NOTE",),
        },
        addresses=tuple(
            {part: (f"ADR {number} {name}",) for part, name in _PARTS.items()}
            for number in range(1, vcards.ADDRESSES + 1)
        ),
        own_tags=frozenset({"mycontacts"}),
    ),
    own=(vcards.MARK, "FN", "N family", "ADR 1 street", "TEL", "BDAY"),
    own_at_least=3,
)
