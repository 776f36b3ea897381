"""Lists of people as each program writes them, and who must come of them. People are invented."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from shopcrm.base.birthdays import SOLAR, Birthday
from tests.collect.platforms.samples import Sample

HEADERS: Final[Mapping[str, list[str]]] = json.loads(
    (Path(__file__).parents[2] / "data" / "people_headers.json").read_text("utf-8")
)


def _sample(
    label: str,
    name: str,
    header: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    golden: Sequence[Mapping[str, Any]],
    **more: Any,
) -> Sample:
    """`golden`: by the row, counted from 2."""
    return Sample(label, name, header, rows, {str(at): told for at, told in enumerate(golden, 2)}, **more)


_GOOGLE_LEGACY: Final = (
    {
        "Name": "林小满", "Given Name": "小满", "Family Name": "林", "Birthday": " --03-05", "Gender": "",
        "Notes": "第一行\n第二行", "Group Membership": "* myContacts ::: 宝妈群", "E-mail 1 - Type": "* Home",
        "E-mail 1 - Value": "lin@example.com ::: lin2@example.com", "Phone 1 - Type": "Mobile",
        "Phone 1 - Value": "138 0013 0001 ::: +86 138-0013-0002",
    },
    {"Phone 1 - Type": "Mobile", "Phone 1 - Value": "13800130003", "Group Membership": "* starred"},
)  # fmt: skip
_GOOGLE_2024: Final = (
    {
        "First Name": "Ada", "Middle Name": "M.", "Last Name": "Invented", "Organization Name": "Invented Ltd",
        "Organization Title": "Baker", "Birthday": "1990-03-05", "Notes": "likes tea\n\nno sugar",
        "Labels": "Regulars ::: * myContacts", "E-mail 1 - Label": "* Work", "E-mail 1 - Value": "Ada@Example.com",
        "Phone 1 - Label": "Mobile", "Phone 1 - Value": "+44 20 7946 0958",
        "Address 1 - Street": "1 Invented Road", "Address 1 - City": "Leeds", "Address 1 - Postal Code": "LS1 1AA",
        "Address 1 - Country": "GB",
    },
    {"Phone 1 - Value": "13800130004", "Labels": "* myContacts"},
)  # fmt: skip
_OUTLOOK_EN: Final = (
    {
        "First Name": "Ada", "Last Name": "Invented", "Gender": "Female", "Birthday": "3/5/1990", "Notes": "tea",
        "E-mail Address": "ada@example.com", "E-mail 2 Address": "ada2@example.com", "Mobile Phone": "13800130005",
        "Home Fax": "13800130099", "Home Street": "1 Invented Road", "Home City": "Leeds",
    },
    {"First Name": "Bob", "Birthday": "0/0/00", "Gender": "Unspecified"},
)  # fmt: skip
_OUTLOOK_ZH: Final = (
    {
        "姓": "林", "名": "小满", "单位": "虚构花店", "职务": "店主", "移动电话": "13800130006",
        "电子邮件地址": "lin@example.com",
        "住宅地址 街道": "虚构路1号", "住宅地址 市/县": "杭州市", "住宅地址 省/市/自治区": "浙江省",
        "生日": "1990/3/5",
        "性别": "女", "附注": "喜欢小礼物", "类别": "老客;宝妈群", "住宅传真": "13800130098",
    },
)  # fmt: skip
_SHOPIFY_2022: Final = (
    {
        "First Name": "Ada", "Last Name": "Invented", "Email": "ada@example.com", "Accepts Email Marketing": "yes",
        "Company": "Invented Ltd", "Address1": "1 Invented Road", "City": "Leeds", "Province": "England",
        "Country": "United Kingdom", "Country Code": "GB", "Zip": "LS1 1AA", "Phone": "020 7946 0958",
        "Total Spent": "12.00", "Total Orders": "1", "Tags": "vip, newsletter", "Note": "leave at the door",
        "Tax Exempt": "no",
    },
    {"Email": "noemail@example.com", "Total Orders": "0"},
)  # fmt: skip
_SHOPIFY_2024: Final = (
    {
        "Customer ID": "'7010000000001", "First Name": "Ada", "Email": "ada@example.com", "Phone": "'+442079460958",
        "Default Address Company": "Invented Ltd", "Default Address Address1": "1 Invented Road",
        "Default Address City": "Leeds", "Default Address Country Code": "GB", "Tags": "vip",
        "Accepts Email Marketing": "yes", "Accepts SMS Marketing": "no", "Total Spent": "12.00", "Total Orders": "1",
    },
)  # fmt: skip
_YOUZAN: Final = (
    {
        "客户姓名": "林小满", "客户昵称": "小满妈", "客户手机号": "13800130007\t", "客户生日": "1990-03-05",
        "客户性别": "女",
        "标签": "老客,宝妈群", "免费等级": "VIP1", "付费等级": " ", "来源渠道": "微信小程序",
        "所属区域": "浙江省杭州市西湖区",
        "消费次数": "3", "消费金额": "300.00",
    },
    {"客户姓名": "-", "客户昵称": "椰子壳", "客户手机号": "186******05", "客户性别": "其他", "付费等级": "金卡",
     "免费等级": "VIP1"},
    {"客户姓名": "——", "客户昵称": " ", "客户手机号": "186******06", "消费次数": "1"},
)  # fmt: skip
_STRIPE: Final = (
    {
        "id": "cus_Invented0001", "Description": "met at the fair", "Email": "ada@example.com",
        "Name": "Ada Invented",
        "Created (UTC)": "2024-05-01 10:00", "Delinquent": "false", "Total Spend": "12.00", "Payment Count": "1",
        "Refunded Volume": "0.00", "Dispute Losses": "0.00",
    },
)  # fmt: skip
_SQUARE: Final = (
    {
        "Reference ID": "77", "First Name": "Ada", "Last Name": "Invented", "Email Address": "ada@example.com",
        "Phone Number": "'+442079460958", "Company Name": "Invented Ltd", "Street Address 1": "1 Invented Road",
        "City": "Leeds", "State": "England", "Postal Code": "LS1 1AA", "Birthday": "1990-03-05", "Memo": "tea",
        "Square Customer ID": "SQINVENTED0001", "Creation Source": "Merge", "Transaction Count": "2",
        "Email Subscription Status": "Unsubscribed",
    },
)  # fmt: skip
_ADA: Final = {"email": ("ada@example.com",), "phone": ("+442079460958",), "company": "Invented Ltd"}

SAMPLES: Final = (
    _sample("Google Contacts", "contacts.csv", HEADERS["google_legacy"], _GOOGLE_LEGACY, (
        {"name": "林小满", "email": ("lin@example.com", "lin2@example.com"), "phone": ("13800130001", "13800130002"),
         "birthday": Birthday(SOLAR, 3, 5), "tags": ("宝妈群",), "note": "第一行\n第二行"},
        {"name": None, "phone": ("13800130003",), "tags": ("starred",)},
    )),
    _sample("Google Contacts", "contacts.csv", HEADERS["google_2024"], _GOOGLE_2024, (
        {"name": "Ada M. Invented", "company": "Invented Ltd", "occupation": "Baker", "tags": ("Regulars",),
         "email": ("ada@example.com",), "phone": ("+442079460958",), "birthday": Birthday(SOLAR, 3, 5, 1990),
         "note": "likes tea\n\nno sugar", "addresses": ("1 Invented Road, LS1 1AA Leeds, GB",)},
        {"name": None, "phone": ("13800130004",), "tags": ()},
    )),
    _sample("Outlook contacts", "contacts.csv", HEADERS["outlook_en"], _OUTLOOK_EN, (
        {"name": "Ada Invented", "gender": "female", "birthday": Birthday(SOLAR, 3, 5, 1990), "note": "tea",
         "email": ("ada@example.com", "ada2@example.com"), "phone": ("13800130005",),
         "addresses": ("1 Invented Road, Leeds",)},
        {"name": "Bob", "birthday": None, "gender": None},
    ), encoding="cp1252"),
    _sample("Outlook contacts", "联系人.csv", HEADERS["outlook_zh"], _OUTLOOK_ZH, (
        {"name": "林小满", "company": "虚构花店", "occupation": "店主", "phone": ("13800130006",), "gender": "female",
         "birthday": Birthday(SOLAR, 3, 5, 1990), "addresses": ("浙江省 杭州市 虚构路1号",), "province": "浙江",
         "city": "杭州", "note": "喜欢小礼物", "tags": ("老客", "宝妈群")},
    ), encoding="gb18030"),
    _sample("Shopify customer export", "customers_export.csv", HEADERS["shopify_customers_2022"], _SHOPIFY_2022, (
        {**_ADA, "name": "Ada Invented", "tags": ("vip", "newsletter"), "note": "leave at the door",
         "addresses": ("1 Invented Road, LS1 1AA Leeds, England, United Kingdom",), "agrees_email": True,
         "agrees_sms": None},
    ), refused={3: ""}, encoding="utf-8"),
    _sample("Shopify customer export", "customers_export.csv", HEADERS["shopify_customers_2024"], _SHOPIFY_2024, (
        {**_ADA, "name": "Ada", "buyer_id": ("7010000000001",), "addresses": ("1 Invented Road, Leeds, GB",),
         "agrees_email": True, "agrees_sms": False},
    ), encoding="utf-8"),
    _sample("Youzan customer report", "客户.csv", HEADERS["youzan_customer_2026"], _YOUZAN, (
        {"name": "林小满", "phone": ("13800130007",), "birthday": Birthday(SOLAR, 3, 5, 1990), "gender": "female",
         "tags": ("老客", "宝妈群"), "member_level": "VIP1", "source": "微信小程序", "province": "浙江",
         "city": "杭州"},
        {"name": "椰子壳", "phone": (), "gender": "other", "member_level": "金卡"},
    ), refused={4: ""}),
    _sample("Stripe customers", "customers.csv", HEADERS["stripe_customers"], _STRIPE, (
        {"name": "Ada Invented", "buyer_id": ("cus_invented0001",), "email": ("ada@example.com",),
         "note": "met at the fair"},
    ), encoding="utf-8"),
    _sample("Square customer directory", "directory.csv", HEADERS["square_directory"], _SQUARE, (
        {**_ADA, "name": "Ada Invented", "buyer_id": ("sqinvented0001",), "birthday": Birthday(SOLAR, 3, 5, 1990),
         "source": "Merge", "note": "tea", "addresses": ("1 Invented Road, LS1 1AA Leeds, England",),
         "agrees_email": False},
    ), encoding="utf-8"),
)  # fmt: skip

CARDS: Final = (
    # A phone of 2010: quoted-printable with soft breaks, bare types, a picture.
    (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9E=97;=E5=B0=8F=\r\n=E6=BB=A1;;;\r\n"
        b"TEL;CELL;PREF:138-0013-0001\r\nTEL;HOME;FAX:13800130099\r\n"
        b"NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=E7=AC=AC=E4=B8=80=E8=A1=8C=0D=0A=E7=AC=AC=E4=BA=8C=E8=A1=8C\r\n"
        b"PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD\r\n /2wBDAAgGBgcGBQgHBwcJCQgKDBQ\r\n\r\nEND:VCARD\r\n"
    ),
    # An iPhone: groups with labels, escapes, a birthday without its year, a fold that cuts a character.
    (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:\xe5\x91\xa8;\xe9\x98\xbf\xe5\xa7\xa8;;;\r\nFN:\xe5\x91\xa8\xe9\x98\r\n"
        b" \xbf\xe5\xa7\xa8\r\nORG:Invented\\, Ltd;Shop\r\nitem1.TEL;type=pref:+86 138 0013 0002\r\n"
        b"item1.X-ABLabel:\xe5\xbe\xae\xe4\xbf\xa1\r\nitem2.EMAIL;type=INTERNET:zhou@example.com\r\n"
        b"IMPP;X-SERVICE-TYPE=WeChat:wechat:zhou_wx\r\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-03-05\r\n"
        b"item3.ADR;type=HOME:;;1 Invented Road\\nFlat 2;Leeds;;LS1 1AA;GB\r\n"
        b"CATEGORIES:VIP,\xe8\x80\x81\xe5\xae\xa2\r\n"
        b"NOTE:a\\, b\\; c\\nd\r\nEND:VCARD\r\n"
    ),
    # 4.0: addresses of the web, quoted parameters.
    (
        b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada Invented\r\n"
        b'TEL;VALUE=uri;TYPE="voice,cell":tel:+44-20-7946-0958;ext=12\r\n'
        b'ADR;LABEL="1, Road: x":;;1 Road;Leeds;;;\r\nBDAY:--0305\r\nGENDER:F\r\nEND:VCARD\r\n'
    ),
    # Only a name; no END; nobody.
    b"BEGIN:VCARD\nVERSION:3.0\nN:;Mum;;;\nFN:Mum\nBEGIN:VCARD\nVERSION:3.0\nNOTE:?\nEND:VCARD\n",
)
CARDS_GOLDEN: Final[Sequence[Mapping[str, Any]]] = (
    {"name": "林小满", "phone": ("13800130001",), "note": "第一行\n第二行"},
    {"name": "周阿姨", "phone": ("13800130002",), "email": ("zhou@example.com",), "wechat": ("zhou_wx",),
     "company": "Invented, Ltd", "birthday": Birthday(SOLAR, 3, 5), "tags": ("VIP", "老客"), "note": "a, b; c\nd",
     "addresses": ("1 Invented Road Flat 2, LS1 1AA Leeds, GB",)},
    {"name": "Ada Invented", "phone": ("+442079460958x12",), "birthday": Birthday(SOLAR, 3, 5), "gender": "female",
     "addresses": ("1 Road, Leeds",)},
    {"name": "Mum", "phone": ()},
)  # fmt: skip
