"""Customers as contacts: what is written is read again as the same people, and keeps to the rules of its format."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.act import contacts
from shopcrm.act.contacts import Contact, OtherEnding, Style
from shopcrm.act.export import FileExists
from shopcrm.app import Shop
from shopcrm.base import birthdays
from shopcrm.base.birthdays import LUNAR, SOLAR, Birthday
from shopcrm.collect.foreign import ForeignAddress, ForeignPerson
from shopcrm.collect.platforms import recognise
from shopcrm.collect.sheets import open_table
from tests.builders import given_orders, given_people, new_shop, order, person
from tests.collect.platforms.samples import CHINA

LIN = person(
    "林小满", phone="13800130001", email="lin@example.com", wechat="lin_wx", company="虚构花店; 分店, 一号",
    occupation="店主", gender="female", birthday=Birthday(SOLAR, 3, 5), tags=("宝妈群", "老客"),
    addresses=(ForeignAddress("浙江省杭州市西湖区虚构路1号虚构小区二幢三单元四零一室，电话联系后放门口柜子里"),),
)  # fmt: skip
ADA = person("Ada M. Invented", phone="+442079460958", birthday=Birthday(SOLAR, 3, 5, 1990))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_people(opened, [LIN, ADA, person("周阿姨", birthday=Birthday(LUNAR, 8, 15))])
    given_orders(opened, [order("1001", "masked", date(2026, 6, 1), recipient_phone="138****0009")])
    yield opened
    opened.close()


def _export(shop: Shop, path: Path, style: Style, **how: Any) -> contacts.Written:
    with shop.write() as tx:
        return contacts.export_contacts(tx, shop.columns(), path, style=style, **how)


def _read(path: Path) -> list[ForeignPerson]:
    def known(header: Any) -> bool:
        return recognise(header) is not None

    table = open_table(path, looks_like_header=known)
    adapter = recognise(table.header)
    assert adapter is not None
    return [one for one in adapter.read(table.header, table.rows, CHINA) if isinstance(one, ForeignPerson)]


@pytest.mark.parametrize("style", [Style.VCARD_21, Style.VCARD, Style.VCARD_40, Style.GOOGLE])
def test_contacts_are_read_again_as_the_same_people(shop: Shop, style: Style, tmp_path: Path) -> None:
    path = tmp_path / f"contacts{contacts.SUFFIXES[style]}"
    written = _export(shop, path, style, ids=np.array([1, 2, 3, 4]))
    assert (written.rows, written.left_out) == (4, 0)
    lin, ada, zhou, masked = _read(path)
    told = {one.kind: one.value for one in lin.identities}
    assert (lin.name, lin.company, lin.occupation, lin.tags) == ("林小满", LIN.company, "店主", ("宝妈群", "老客"))
    assert (told["phone"], told["email"], lin.birthday) == ("13800130001", "lin@example.com", LIN.birthday)
    assert [one.address for one in lin.addresses] == [LIN.addresses[0].address]
    if style is not Style.GOOGLE:
        assert (told["wechat"], lin.gender) == ("lin_wx", "female")
    assert (ada.name, ada.birthday) == ("Ada M. Invented", Birthday(SOLAR, 3, 5, 1990))
    assert [one.value for one in ada.identities] == ["+442079460958"]
    assert (zhou.birthday, birthdays.words(Birthday(LUNAR, 8, 15)) in (zhou.note or "")) == (None, True)
    assert (masked.name, masked.identities) == ("masked", ())  # a hidden number is not given away as one


def test_an_own_list_imported_again_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "contacts.vcf"
    _export(shop, path, Style.VCARD, ids=np.array([1, 2]))
    staged = shop.stage([path])
    (file,) = shop.import_staged(staged).files
    assert (file.people_new, file.people_changed, file.people_same) == (0, 0, 2)


def test_a_list_for_texts_holds_each_real_mobile_number_once(shop: Shop, tmp_path: Path) -> None:
    given_people(shop, [person("同号", phone="13800130001", buyer_id="x", platform="taobao")])
    path = tmp_path / "texts.csv"
    written = _export(shop, path, Style.TEXTS)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1:] == [["13800130001", "林小满"]]
    assert (written.rows, written.left_out) == (1, 3)


def test_a_long_list_for_texts_becomes_several_files(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_people(shop, [person(f"客{n}", phone=f"1380013{n:04}") for n in range(100, 104)])
    monkeypatch.setattr(contacts, "TEXTS_AT_ONCE", 2)
    written = _export(shop, tmp_path / "texts.csv", Style.TEXTS)
    assert [one.name for one in written.files] == ["texts.csv", "texts-2.csv", "texts-3.csv"]
    assert written.rows == 5


def test_a_wrong_ending_and_a_file_that_is_there_are_refused(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(OtherEnding):
        _export(shop, tmp_path / "contacts.csv", Style.VCARD)
    (tmp_path / "contacts.vcf").write_text("mine")
    with pytest.raises(FileExists):
        _export(shop, tmp_path / "contacts.vcf", Style.VCARD)
    assert (tmp_path / "contacts.vcf").read_text() == "mine"


@given(
    name=st.text(min_size=1, max_size=120).filter(str.strip),
    company=st.text(max_size=200),
    version=st.sampled_from(["2.1", "3.0", "4.0"]),
)
def test_no_line_is_longer_than_75_octets_and_none_cuts_a_character(name: str, company: str, version: str) -> None:
    name, company = (text.encode("utf-8", "replace").decode() for text in (name, company))
    written = contacts.card(Contact(name, ("13800130001",), company=company), version=version)
    lines = written.split(b"\r\n")
    assert lines[-1] == b""
    assert (lines[0], lines[1], lines[-2]) == (b"BEGIN:VCARD", f"VERSION:{version}".encode(), b"END:VCARD")
    for line in lines:
        assert len(line) <= 75
        line.decode("utf-8")
