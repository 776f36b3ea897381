"""Every kind of list of people: recognised over all others, read as its golden records, with columns gone or moved."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.collect import consent_words, vcards
from shopcrm.collect.fields import fold_header
from shopcrm.collect.foreign import Code, ForeignPerson, Problem
from shopcrm.collect.platforms import PEOPLE, PLATFORMS, recognise, vcard
from shopcrm.collect.platforms.people_layout import PeopleLayout
from shopcrm.collect.reading import ReadRequest, read_files
from shopcrm.collect.sheets import open_table
from shopcrm.collect.sources import on_disk
from shopcrm.store import driver
from tests.collect.platforms.people_samples import CARDS, CARDS_GOLDEN, SAMPLES
from tests.collect.platforms.samples import CHINA, Sample, all_samples

_OF_NAME = ("name", "first_name", "middle_name", "last_name", "nickname", "company")
MADE_OF: dict[str, Sequence[str]] = {
    "name": _OF_NAME, "phone": ("phone", "country_code"), "note": ("note", "phone"),
    "addresses": ("address",), "province": ("address",), "city": ("address",),
}  # fmt: skip


def layout_of(sample: Sample) -> PeopleLayout:
    (found,) = [one for one in PEOPLE if one.label == sample.adapter]
    assert isinstance(found, PeopleLayout)
    return found


def shown(person: ForeignPerson) -> dict[str, Any]:
    """What a golden record may name of a person."""
    return {
        **{name: getattr(person, name) for name in ForeignPerson.__dataclass_fields__},
        **{
            kind: tuple(one.value for one in person.identities if one.kind == kind)
            for kind in ("buyer_id", "email", "wechat", "phone")
        },
        **{
            field: next((one.given for one in person.consents if one.channel == channel), None)
            for field, channel in consent_words.FIELDS.items()
        },
        "addresses": tuple(one.address for one in person.addresses),
        "province": person.addresses[0].province if person.addresses else None,
        "city": person.addresses[0].city if person.addresses else None,
    }


def check(sample: Sample, header: Sequence[str]) -> None:
    """The people of a sample with these columns are the golden ones, less what the missing columns told."""
    layout = layout_of(sample)
    found = list(layout.read(header, iter(sample.cells(header)), sample.settings))
    people = {str(one.row): one for one in found if isinstance(one, ForeignPerson)}
    dropped = {fold_header(name) for name in sample.header} - {fold_header(name) for name in header}
    told = layout.table.columns(sample.header)
    gone = {
        field.split(" ")[0]
        for field, place in told.where.items()
        if {fold_header(sample.header[at]) for at in (place, *told.further.get(field, ()))} & dropped
    }
    for row, golden in sample.golden.items():
        untold = {name for name in golden if gone.intersection(MADE_OF.get(name, (name,)))}
        if row not in people:
            assert gone, row
            continue
        got = shown(people[row])
        expected = {name: value for name, value in golden.items() if name not in untold}
        assert {name: got[name] for name in expected} == expected, row
    if not gone:
        assert set(people) == set(sample.golden)
        assert {one.row: one.column for one in found if isinstance(one, Problem) and one.rejected} == sample.refused


def named(sample: Sample) -> str:
    return f"{sample.adapter} {len(sample.header)}"


def test_every_kind_of_list_has_samples() -> None:
    assert {one.label for one in PEOPLE} == {one.adapter for one in SAMPLES} | {vcard.CARDS.label}


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_a_sample_is_recognised_over_all_others_and_gives_its_golden_records(sample: Sample) -> None:
    scores = sorted((one.matches(sample.header), one.label) for one in (*PLATFORMS, *PEOPLE))
    assert scores[-1][1] == sample.adapter
    assert scores[-1][0] > scores[-2][0]
    check(sample, sample.header)


def test_no_list_of_people_takes_a_file_of_orders_for_its_own() -> None:
    for sample in all_samples():
        found = recognise(sample.header)
        assert found in PLATFORMS, sample.name


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_without_any_one_column_the_rest_is_read_as_before(sample: Sample) -> None:
    for gone in sample.header:
        header = [name for name in sample.header if name != gone]
        found = recognise(header)
        assert found is not None, gone
        assert found.label == sample.adapter, gone
        check(sample, header)


@given(data=st.data(), sample=st.sampled_from(SAMPLES))
def test_columns_shuffled_and_unknown_ones_change_nothing(data: st.DataObject, sample: Sample) -> None:
    header = [*sample.header, "自定义列"]
    random.Random(data.draw(st.integers(0, 1 << 32))).shuffle(header)  # an order of columns
    found = recognise(header)
    assert found is not None
    assert found.label == sample.adapter
    people = [one for one in found.read(header, iter(sample.cells(header)), sample.settings)
              if isinstance(one, ForeignPerson)]  # fmt: skip
    for one in people:
        golden, got = sample.golden[str(one.row)], shown(one)
        for name, value in golden.items():
            # Several columns of a kind speak in the order in which they stand.
            assert (sorted(got[name]) == sorted(value)) if isinstance(value, tuple) else got[name] == value


def test_every_sample_comes_through_the_child_process(tmp_path: Path) -> None:
    for at, sample in enumerate(SAMPLES):
        path = tmp_path / f"{at}-{sample.name}"
        path.write_bytes(sample.as_bytes(sample.header))
        with (
            read_files(
                ReadRequest((path,), currency="CNY", timezone="Asia/Shanghai"), folder=tmp_path / "s"
            ) as staging,
            closing(driver.connect(staging.path, staging.key)) as db,
        ):
            assert db.execute("SELECT report FROM files").fetchall() == [("people",)], path.name
            rows = db.execute("SELECT row, name, gender, company FROM listed ORDER BY row").fetchall()
            assert len(rows) == len(sample.golden), path.name
            for (_row, name, gender, company), golden in zip(rows, sample.golden.values(), strict=True):
                got = {"name": name, "gender": gender, "company": company}
                told = {key: value for key, value in golden.items() if key in got}
                assert {key: got[key] for key in told} == told


def _read(path: Path) -> tuple[list[ForeignPerson], list[Problem]]:
    table = open_table(path)
    assert recognise(table.header) is vcard.CARDS
    found = list(vcard.CARDS.read(table.header, table.rows, CHINA))
    return (
        [one for one in found if isinstance(one, ForeignPerson)],
        [one for one in found if isinstance(one, Problem)],
    )


def test_cards_of_all_versions_are_read(tmp_path: Path) -> None:
    path = tmp_path / "contacts.vcf"
    path.write_bytes(b"\xef\xbb\xbf" + b"".join(CARDS))
    people, problems = _read(path)
    for person, golden in zip(people, CARDS_GOLDEN, strict=True):
        got = shown(person)
        assert {name: got[name] for name in golden} == golden
    assert [(one.code, one.rejected) for one in problems] == [(Code.NOBODY, True)]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8"])
def test_a_card_in_another_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:林小满\r\nNOTE:喜欢小礼物，爱喝奶茶\r\nTEL:13800130001\r\n"
    path = tmp_path / "contacts.vcf"
    path.write_bytes(text.encode(encoding))  # and it is never closed
    ((person,), problems) = _read(path)
    assert (person.name, person.note, problems) == ("林小满", "喜欢小礼物，爱喝奶茶", [])


@pytest.mark.parametrize("charset", [b"a\0b", b"no-such", b"base64", b"idna", b""])
def test_a_charset_that_is_none_is_not_believed(charset: bytes, tmp_path: Path) -> None:
    path = tmp_path / "contacts.vcf"
    path.write_bytes(b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=" + charset + ":林小满\r\nEND:VCARD\r\n".encode())
    ((person,), problems) = _read(path)
    assert (person.name, problems) == ("林小满", [])


def test_a_picture_of_ten_megabytes_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "contacts.vcf"
    folded = b"\r\n ".join([b"A" * 74] * 140_000)
    for picture in (folded, b"A" * 10_000_000):
        path.write_bytes(b"BEGIN:VCARD\r\nPHOTO;ENCODING=b:" + picture + b"\r\nFN:Ada\r\nEND:VCARD\r\n")
        ((person,), _) = _read(path)
        assert (person.name, person.note) == ("Ada", None)


@given(st.lists(st.one_of(st.sampled_from(CARDS), st.binary(max_size=60)), max_size=6))
def test_whatever_stands_in_a_file_of_cards_nothing_breaks(tmp_path_factory: Any, parts: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("cards") / "contacts.vcf"
    path.write_bytes(b"BEGIN:VCARD\r\nFN:Ada\r\n" + b"".join(parts))
    table = vcards.open_cards(on_disk(path), encoding="gb18030")
    found = list(vcard.CARDS.read(table.header, table.rows, CHINA))
    assert found
    assert all(isinstance(one, ForeignPerson | Problem) for one in found)
