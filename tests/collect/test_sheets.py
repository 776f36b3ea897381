from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from shopcrm.base.errors import Failure
from shopcrm.collect import sheets
from shopcrm.collect.refusals import (
    REFUSALS,
    Archive,
    Damaged,
    EmptyFile,
    IsFolder,
    NoRows,
    NoSuchFile,
    NotATable,
    OldExcel,
    OtherSpreadsheet,
    PasswordProtected,
    TooLarge,
    WebPage,
    from_json,
    to_json,
)
from tests import workbooks as made
from tests.archives import zip_crypto, zip_of

LOCKED = Path(__file__).parents[1] / "data" / "locked" / "agile.xlsx"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504


def stream(name: str) -> bytes:
    return OLE + ("Root Entry\0" + name).encode("utf-16-le") + b"\0" * 512


def zipped(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return data.getvalue()


def workbook(folder: Path) -> bytes:
    return made.write(folder / "whole.xlsx", made.rows(["a", "b"], ["1", "2"])).read_bytes()


FILES: dict[str, tuple[Callable[[Path], bytes] | bytes, type[Failure]]] = {
    "nothing.csv": (b"", EmptyFile),
    "blanks.csv": (b" \r\n\r\n\t", EmptyFile),
    "mark-only.csv": (b"\xef\xbb\xbf", EmptyFile),
    "zeros.csv": (b"\0" * 5_000, EmptyFile),
    "headers-only.csv": (b"a,b\r\n", NoRows),
    "headers-and-commas.csv": (b"a,b\r\n,\r\n", NoRows),
    "cut.xlsx": (lambda folder: workbook(folder)[:-30], Damaged),
    "half.csv": (lambda folder: (data := workbook(folder))[: len(data) // 2], Damaged),
    "start-only.xlsx": (b"PK\x03\x04", Damaged),
    "flipped.xlsx": (lambda folder: workbook(folder).replace(b"PK\x01\x02", b"PK\x01\x03", 1), Damaged),
    "password.xlsx": (LOCKED.read_bytes(), PasswordProtected),
    "password-cut.xlsx": (LOCKED.read_bytes()[:4_000], Damaged),
    "password-of-nothing.xlsx": (stream("EncryptedPackage"), Damaged),
    "password.zip": (lambda _folder: zip_crypto(("o.csv", b"a,b\n1,2\n"), password=b"x"), PasswordProtected),
    "old.xls": (stream("Workbook\0"), Damaged),
    "older.xlsx": (stream("Book\0"), Damaged),
    "oldest.xls": (b"\x09\x04\x06\x00\x00\x00\x10\x00", OldExcel),
    "letter.xls": (stream("WordDocument"), NotATable),
    "ole-cut.xls": (OLE[:100], Damaged),
    "page.xls": (b"\r\n<html><table><tr><td>a</td></tr></table></html>", WebPage),
    "page-utf16.xls": ("<table><tr><td>订单</td></tr></table>".encode("utf-16"), WebPage),
    "page-gbk.xls": ("<!DOCTYPE html><meta charset=gbk>订单编号".encode("gb18030"), WebPage),
    "mail.xls": (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", WebPage),
    "xml2003.xls": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        OtherSpreadsheet,
    ),
    "other.xml": (b'<?xml version="1.0"?><orders/>', NotATable),
    "headers.zip": (zipped("orders.csv"), NoRows),
    "pictures.zip": (lambda _folder: zip_of(("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50)), NotATable),
    "none.zip": (zipped(), EmptyFile),
    "folders.zip": (zipped("a/", "__MACOSX/._a.csv"), EmptyFile),
    "zip-in.zip": (lambda _folder: zip_of(("in.zip", zip_of(("a.csv", b"a,b\n1,2\n")))), Archive),
    "many.zip": (zipped(*(f"{at}.csv" for at in range(201))), TooLarge),
    "bomb.zip": (lambda _folder: zip_of(("a.csv", b"a,b\n" * (20 << 20))), TooLarge),
    "cut.zip": (lambda _folder: zip_of(("a.csv", b"a,b\n1,2\n"))[:-10], Damaged),
    "spoilt.zip": (lambda _folder: zip_of(("a.csv", b"a,b\n1,2\n"), packed=False).replace(b"1,2", b"1,3"), Damaged),
    "orders.rar": (b"Rar!\x1a\x07\x01\0", Archive),
    "orders.7z": (b"7z\xbc\xaf\x27\x1c\0\4", Archive),
    "orders.csv.gz": (gzip.compress(b"a,b\n1,2\n"), Archive),
    "calc.ods": (zipped("mimetype", "content.xml"), OtherSpreadsheet),
    "binary.xlsb": (zipped("[Content_Types].xml", "xl/workbook.bin"), OtherSpreadsheet),
    "apple.numbers": (zipped("Index/Document.iwa"), OtherSpreadsheet),
    "letter.docx": (zipped("[Content_Types].xml", "word/document.xml"), NotATable),
    "answer.json": (b'[{"name": "Lin", "phone": "13800130001"},\n {"name": "Wu"}]', NotATable),
    "answer.csv": (b'\xef\xbb\xbf{\n  "orders": [\n    {"number": "1"}]}', NotATable),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, NotATable),
    "paper.pdf": (b"%PDF-1.7\n", NotATable),
    "noise.csv": (random.Random(5).randbytes(20_000), NotATable),  # noise, not a secret
    "program.csv": (b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff" + random.Random(6).randbytes(4_000), NotATable),
}


@pytest.mark.parametrize("name", FILES)
def test_every_bad_file_gets_its_sentence(tmp_path: Path, name: str) -> None:
    content, refusal = FILES[name]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content(tmp_path))
    with pytest.raises(Failure) as caught:
        list(sheets.open_table(path).rows)
    assert type(caught.value) is refusal
    assert name in caught.value.message


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(IsFolder):
        sheets.open_table(tmp_path)
    with pytest.raises(NoSuchFile):
        sheets.open_table(tmp_path / "gone.csv")


def test_a_csv_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + "1,2\n" * 100)
    monkeypatch.setattr(sheets, "TEXT_LIMIT", 100)
    with pytest.raises(TooLarge):
        sheets.open_table(path)


@pytest.mark.parametrize("name", ["orders.csv", "orders.xls", "orders.dat", "orders"])
def test_the_name_is_not_believed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(workbook(tmp_path))
    assert sheets.open_table(tmp_path / name).encoding == "xlsx"


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)
def test_refusals_cross_the_pipe(refusal: type[Failure]) -> None:
    names = [field.name for field in fields(refusal)]  # type: ignore[arg-type]  # a dataclass
    arguments = {name: 7 if name == "row" else f"{name} of it" for name in names}
    told = to_json(refusal(**arguments))
    assert told is not None
    back = from_json(told)
    assert type(back) is refusal
    assert back.message == refusal(**arguments).message


def test_other_failures_do_not() -> None:
    assert to_json(Failure()) is None
