"""Workbooks with a password, as other programs wrote them: `tests/data/locked`, of invented orders."""

from __future__ import annotations

from pathlib import Path

import pytest

from shopcrm.collect import locked_workbooks, sheets
from shopcrm.collect.reading import ReadRequest, read_files
from shopcrm.collect.refusals import Damaged, PasswordProtected, TooLarge, WrongPassword
from shopcrm.collect.sources import in_memory, on_disk
from tests.archives import zip_of

LOCKED = Path(__file__).parents[1] / "data" / "locked"
PASSWORDS = {"agile.xlsx": "打开 Sesame", "standard.xlsx": "open sesame"}


def rows(path: Path, *passwords: str) -> list[list[str]]:
    (part,) = sheets.open_tables(path, passwords=passwords)
    assert part.table is not None
    return [cells for _, cells in part.table.rows]


@pytest.mark.parametrize("name", PASSWORDS)
def test_the_password_opens_it(name: str) -> None:
    found = rows(LOCKED / name, "another", PASSWORDS[name])
    assert len(found) == 60
    assert found[59][:3] == ["1930679858170000059", "example_59", "12.50"]


def test_a_workbook_that_only_may_not_be_changed_asks_for_nothing() -> None:
    assert len(rows(LOCKED / "default.xlsx")) == 3


@pytest.mark.parametrize("name", PASSWORDS)
def test_without_it_it_is_asked_for_and_a_wrong_one_is_told(name: str) -> None:
    with pytest.raises(PasswordProtected):
        rows(LOCKED / name)
    with pytest.raises(WrongPassword):
        rows(LOCKED / name, "打开 sesame", "")


def test_nothing_of_it_stands_on_the_disk_in_the_clear(tmp_path: Path) -> None:
    request = ReadRequest((LOCKED / "agile.xlsx",), "CNY", "Asia/Shanghai", passwords=("打开 Sesame",))
    assert "Sesame" not in repr(request)
    with read_files(request, folder=tmp_path):
        written = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert len(written) == 1
        data = written[0].read_bytes()
    assert b"example_5" not in data
    assert b"PK\3\4" not in data


def test_one_in_an_archive_is_opened_too(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zip_of(("in.xlsx", (LOCKED / "agile.xlsx").read_bytes())))
    assert len(rows(path, PASSWORDS["agile.xlsx"])) == 60
    with pytest.raises(PasswordProtected) as caught:
        rows(path)
    assert caught.value.name == "a.zip › in.xlsx"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'hashAlgorithm="SHA512"', b'hashAlgorithm="WIND12"'),
        (b'keyBits="256"', b'keyBits="255"'),
        (b'keyBits="256"', b'keyBits="-56"'),
        (b"<?xml version", b"<!DOCTYPE x><"),
        (b"saltValue=", b"saltvalue="),
        (b"</encryption>", b"             "),
    ],
)
def test_a_description_that_makes_no_sense_is_damage(before: bytes, after: bytes) -> None:
    data = (LOCKED / "agile.xlsx").read_bytes()
    assert before in data
    with pytest.raises(Damaged):
        locked_workbooks.unlocked(in_memory("l.xlsx", data.replace(before, after)), ["打开 Sesame"])


def test_it_is_opened_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locked_workbooks, "TURNS_LIMIT", 99_999)  # a file could ask for hours of hashing
    with pytest.raises(Damaged):
        locked_workbooks.unlocked(on_disk(LOCKED / "agile.xlsx"), ["打开 Sesame"])
    monkeypatch.setattr(locked_workbooks, "SIZE_LIMIT", 1_000)
    with pytest.raises(TooLarge):
        locked_workbooks.unlocked(on_disk(LOCKED / "agile.xlsx"), ["打开 Sesame"])
