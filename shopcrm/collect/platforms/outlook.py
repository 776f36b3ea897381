"""Outlook: the csv of its contacts, in English or, from a Chinese Windows, with Chinese headers in GBK (C1).

| column | becomes |
| --- | --- |
| First Name, Middle Name, Last Name [名, 中间名, 姓] | name |
| Company [单位]; Job Title, else Profession [职务, 职业] | company; occupation |
| E-mail Address, E-mail 2 and 3 Address [电子邮件地址 …] | identities |
| Mobile, Primary, Home, Business, Other Phone … [移动电话 …]; faxes and pagers are left out | identities |
| Home, Business, Other Street, City, State … [住宅地址 街道 …] | addresses |
| Birthday [生日]; in English the month stands first; `0/0/00` is none | birthday |
| Gender [性别], Categories [类别], Notes [附注] | gender, tags, note |
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.people_table import PeopleTable
from shopcrm.collect.platforms.people_layout import PeopleLayout

KEY: Final = "contacts"


def _english(place: str) -> dict[str, tuple[str, ...]]:
    return {
        "street": (f"{place} Street",), "city": (f"{place} City",), "province": (f"{place} State",),
        "zip": (f"{place} Postal Code",), "country": (f"{place} Country", f"{place} Country/Region"),
    }  # fmt: skip


def _chinese(place: str) -> dict[str, tuple[str, ...]]:
    return {
        "street": (f"{place}地址 街道",), "city": (f"{place}地址 市/县",), "province": (f"{place}地址 省/市/自治区",),
        "zip": (f"{place}地址 邮政编码",), "country": (f"{place}地址 国家/地区",),
    }  # fmt: skip


CONTACTS: Final = PeopleLayout(
    key=KEY,
    label=N_("Outlook contacts"),
    table=PeopleTable(
        platform=KEY,
        names={
            "first_name": ("First Name", "名"),
            "middle_name": ("Middle Name", "中间名"),
            "last_name": ("Last Name", "姓"),
            "company": ("Company", "单位", "公司"),
            "occupation": ("Job Title", "Profession", "职务", "职业"),
            "email": (
                "E-mail Address", "E-mail 2 Address", "E-mail 3 Address", "电子邮件地址", "电子邮件 2 地址",
                "电子邮件 3 地址",
            ),
            "phone": (
                "Mobile Phone", "Primary Phone", "Home Phone", "Home Phone 2", "Business Phone", "Business Phone 2",
                "Other Phone", "Company Main Phone", "Car Phone", "移动电话", "主要电话", "住宅电话", "住宅电话 2",
                "商务电话", "商务电话 2", "其他电话", "单位主要电话", "车载电话", "无绳电话",
            ),
            "birthday": ("Birthday", "生日"),
            "gender": ("Gender", "性别"),
            "tags": ("Categories", "类别"),
            "note": ("Notes", "附注"),
        },
        addresses=(
            _english("Home"), _english("Business"), _english("Other"),
            _chinese("住宅"), _chinese("商务"), _chinese("其他"),
        ),
        month_first=True,
    ),
    own=(
        "E-mail Address", "E-mail 2 Address", "Mobile Phone", "Business Phone", "Home Phone", "Primary Phone",
        "Home Fax", "Business Fax", "Company Main Phone", "Internet Free Busy", "Pager", "Web Page",
        "电子邮件地址", "电子邮件 2 地址", "移动电话", "商务电话", "住宅电话", "主要电话", "住宅传真", "商务传真",
        "单位主要电话", "Internet 忙闲", "寻呼机", "附注",
    ),
    foreign=("Square Customer ID", "Phone 1 - Value"),
    own_at_least=2,
)  # fmt: skip
