"""A zip is read as the files in it, one import; of a workbook every sheet that is known."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from shopcrm.base.errors import Failure
from shopcrm.base.progress import Progress, Step
from shopcrm.collect.reading import ReadRequest, read_files
from shopcrm.collect.refusals import Archive, Damaged, NoRows, PasswordProtected, UnknownLayout, WrongPassword
from shopcrm.store import driver
from tests import workbooks as made
from tests.archives import zip_crypto, zip_of

HEADER = ["订单编号", "买家会员名", "买家实际支付金额", "订单状态", "订单创建时间", "订单付款时间", "宝贝标题"]


def row(at: int) -> list[str]:
    return [f"193067985817{at:07}", f"example_{at}", "12.50", "交易成功", "2026-03-01 10:00:00", "2026-03-01 10:05:00",
            f"样品{at}"]  # fmt: skip


def as_csv(*numbers: int, encoding: str = "gb18030") -> bytes:
    return "".join(",".join(line) + "\r\n" for line in (HEADER, *map(row, numbers))).encode(encoding)


def as_sheet(*numbers: int) -> str:
    return made.rows(HEADER, *map(row, numbers))


def read(path: Path, query: str, *, steps: list[Step] | None = None, **choices: Any) -> list[tuple[Any, ...]]:
    request = ReadRequest((path,), "CNY", "Asia/Shanghai", **choices)
    progress = Progress((steps if steps is not None else []).append)
    with (
        read_files(request, folder=path.parent / "staging", progress=progress) as staging,
        closing(driver.connect(staging.path, staging.key)) as connection,
    ):
        found: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    return found


FILES = "SELECT file, name, rows, snapshot_at FROM files ORDER BY file"
ORDERS = "SELECT file, row, substr(number, -2) FROM orders ORDER BY id"
PROBLEMS = 'SELECT file, row, "column", code, value, rejected FROM problems'


def test_every_file_in_a_zip_is_a_file_of_the_import(tmp_path: Path) -> None:
    path = tmp_path / "下载.zip"
    book = made.write(tmp_path / "b.xlsx", as_sheet(3), made.rows(["a", "b"], ["1", "2"]), as_sheet(4, 5)).read_bytes()
    path.write_bytes(
        zip_of(
            ("../../etc/ExportOrderList202603051650.csv", as_csv(1, 2)),
            ("b.xlsx", book),
            ("__MACOSX/._b.xlsx", b"litter"),
            ("empty.csv", b""),
            ("说明.txt", "你好,再见\r\n一,二\r\n".encode()),
        )
    )
    steps: list[Step] = []
    assert read(path, FILES, steps=steps) == [
        (1, "下载.zip › ../../etc/ExportOrderList202603051650.csv", 2, 1772700600),
        (2, "下载.zip › b.xlsx › S1", 1, None),
        (3, "下载.zip › b.xlsx › S3", 2, None),
    ]
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert {step.total for step in steps} == {path.stat().st_size}
    assert read(path, ORDERS) == [(1, 2, "01"), (1, 3, "02"), (2, 2, "03"), (3, 2, "04"), (3, 3, "05")]
    assert read(path, PROBLEMS) == [
        (1, 0, "", "left_out", "b.xlsx › S2", 0),
        (1, 0, "", "left_out", "empty.csv", 0),
        (1, 0, "", "left_out", "说明.txt", 0),
    ]


@pytest.mark.parametrize("names", ["gb18030", "utf-8"])
def test_names_are_those_of_the_system_that_packed_it(tmp_path: Path, names: str) -> None:
    path = tmp_path / "o.zip"
    path.write_bytes(zip_crypto(("订单导出.csv", as_csv(1)), names=names))
    assert read(path, FILES)[0][1] == "o.zip › 订单导出.csv"


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "o.zip"
    path.write_bytes(zip_crypto(("a.csv", as_csv(1, 2)), ("b.csv", as_csv(3)), password="密码1".encode()))
    assert [line[2] for line in read(path, FILES, passwords=("no", "密码1"))] == [2, 1]
    with pytest.raises(PasswordProtected):
        read(path, FILES)
    with pytest.raises(WrongPassword):
        read(path, FILES, passwords=tuple(map(str, range(300))))  # one in 256 passes the first look


def test_a_zip_locked_in_another_way_is_to_be_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "o.zip"
    path.write_bytes(
        zip_crypto(("a.csv", as_csv(1)), password=b"1").replace(b"\x08\0\0\0\x21", b"\x63\0\0\0\x21")
    )  # AES
    with pytest.raises(Archive):
        read(path, FILES, passwords=("1",))


def test_one_damaged_file_in_it_and_nothing_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "o.zip"
    whole = zip_of(("good.csv", as_csv(1)), ("bad.csv", as_csv(*range(2, 400))), packed=False)
    path.write_bytes(whole.replace(b"example_399", b"example_398"))
    with pytest.raises(Damaged) as caught:
        read(path, FILES)
    assert caught.value.name == "o.zip › bad.csv"
    assert list((tmp_path / "staging").iterdir()) == []


@pytest.mark.parametrize("password", [None, b"1"])
def test_a_name_that_is_not_in_the_encoding_it_says(tmp_path: Path, password: bytes | None) -> None:
    data = bytearray(zip_crypto(("订单.csv", as_csv(1)), password=password))
    data[7] |= 8  # of its local header: the name is in UTF-8
    path = tmp_path / "o.zip"
    path.write_bytes(data)
    with pytest.raises(Damaged):
        read(path, FILES, passwords=("1",))


def test_every_visible_sheet_that_is_known_is_read(tmp_path: Path) -> None:
    sheets = (as_sheet(1), made.rows(["Cover"], ["by", "us"], ["1", "2"]), "", as_sheet(2, 3), as_sheet(9))
    path = made.write(tmp_path / "b.xlsx", *sheets, hidden=[4])
    assert read(path, FILES) == [(1, "b.xlsx › S1", 1, None), (2, "b.xlsx › S4", 2, None)]
    assert read(path, ORDERS) == [(1, 2, "01"), (2, 2, "02"), (2, 3, "03")]
    assert read(path, PROBLEMS) == [(1, 0, "", "left_out", "S2", 0)]


def test_of_a_workbook_that_nobody_knows_the_first_sheet_is_told(tmp_path: Path) -> None:
    path = made.write(tmp_path / "b.xlsx", "", made.rows(["a", "b"], ["1", "2"]), made.rows(["c", "d"], ["1", "2"]))
    with pytest.raises(UnknownLayout) as caught:
        read(path, FILES)
    assert (caught.value.name, caught.value.headers) == ("b.xlsx › S2", "a, b")
    assert read(path, "SELECT name, header FROM files", peek=True) == [("b.xlsx › S2", '["a", "b"]')]


def test_a_late_problem_in_a_further_part_finds_its_row(tmp_path: Path) -> None:
    lines = [row(at) for at in range(1, 3_000)]
    lines[0][2] = lines[-1][2] = "?"
    path = made.write(tmp_path / "b.xlsx", as_sheet(1), made.rows(HEADER, *lines))
    assert read(path, 'SELECT p.file, p.row, r.cells LIKE "%?%" FROM problems p JOIN rows r USING (file, row)') == [
        (2, 2, 1), (2, 3_000, 1)
    ]  # fmt: skip


def test_a_zip_of_headers_only_says_so(tmp_path: Path) -> None:
    path = tmp_path / "o.zip"
    path.write_bytes(zip_of(("a.csv", as_csv())))
    with pytest.raises(Failure) as caught:
        read(path, FILES)
    assert isinstance(caught.value, NoRows)
