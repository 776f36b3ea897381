"""No file can take the program down. `make prove` sets SHOPCRM_PROVE=1 and gets the long versions."""

from __future__ import annotations

import csv
import io
import os
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from shopcrm.collect import platforms, sheets
from shopcrm.collect.foreign import ForeignOrder
from shopcrm.collect.platforms import ReadSettings
from shopcrm.collect.reading import ReadRequest, read_files
from shopcrm.collect.refusals import REFUSALS, TooLarge
from shopcrm.store import driver
from tests import old_workbooks as old
from tests import workbooks as made
from tests.collect.platforms.found import one_by_one

LONG: Final = bool(os.environ.get("SHOPCRM_PROVE"))
IDENTIFIERS: Final = 500 if LONG else 60
MUTATIONS: Final = 10_000 if LONG else 50
HEADER: Final = [
    "订单编号", "买家会员名", "买家实际支付金额", "订单状态", "收货人姓名", "收货地址", "联系手机",
    "订单创建时间", "订单付款时间", "宝贝标题",
]  # fmt: skip
SETTINGS: Final = ReadSettings("CNY", "Asia/Shanghai")


def row(number: str, at: int) -> list[str]:
    return [
        number, f"example_{at}", "12.50", "交易成功", f"示例王{at}", "浙江省 杭州市 西湖区 样例路1号", "13800000000",
        "2026-03-01 10:00:00", "2026-03-01 10:05:00", f"样品 {at}",
    ]  # fmt: skip


def as_csv(path: Path, numbers: list[str], *, encoding: str = "gb18030", delimiter: str = ",") -> Path:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([HEADER, *(row(number, at) for at, number in enumerate(numbers))])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def as_page(path: Path, numbers: list[str]) -> Path:
    lines = [HEADER, *(row(number, at) for at, number in enumerate(numbers))]
    cells = "".join("<tr><td>" + "</td><td>".join(line) + "</td></tr>" for line in lines)
    path.write_text(f"<html><body><table>{cells}</table></body></html>", "utf-8")
    return path


def as_cells(path: Path, cells: list[str]) -> Path:
    return made.write(path, made.rows(HEADER, *([cell, *row("", at)[1:]] for at, cell in enumerate(cells))))


def by_openpyxl(path: Path, values: list[str] | list[int]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    for at, value in enumerate(values):
        sheet.append([value, *row("", at)[1:]])
    book.save(path)
    return path


def by_rust(path: Path, numbers: list[str]) -> Path:
    from rustpy_xlsxwriter import write_worksheet

    records = [dict(zip(HEADER, row(number, at), strict=True)) for at, number in enumerate(numbers)]
    write_worksheet(records, str(path), sheet_name="S")
    return path


def as_excel_keeps_it(number: str) -> str:
    """The 15 digits a number cell has, and zeros."""
    return number[:15] + "0" * (len(number) - 15)


ROUND_TRIPS: Final[dict[str, Callable[[Path, list[str]], Path]]] = {
    "csv": as_csv,
    "csv in utf-8": lambda path, numbers: as_csv(path, numbers, encoding="utf-8-sig"),
    "tsv in utf-16": lambda path, numbers: as_csv(path, numbers, encoding="utf-16", delimiter="\t"),
    'csv with ="…"': lambda path, numbers: as_csv(path, [f'="{number}"' for number in numbers]),
    "csv with '": lambda path, numbers: as_csv(path, [f"'{number}" for number in numbers]),
    "csv with tabs": lambda path, numbers: as_csv(path, [f"\t{number}\t" for number in numbers]),
    "csv that Excel saved as shown": lambda path, numbers: as_csv(path, [f"{float(n):.5E}" for n in numbers]),
    "csv that Excel saved as numbers": lambda path, numbers: as_csv(path, [as_excel_keeps_it(n) for n in numbers]),
    "xlsx with texts": by_openpyxl,
    "xlsx with texts of another writer": by_rust,
    "xlsx with whole numbers": lambda path, numbers: as_cells(path, [made.number(n) for n in numbers]),
    "xlsx with numbers of a float": lambda path, numbers: by_openpyxl(path, [int(n) for n in numbers]),
    "xlsx with numbers as Excel keeps them": lambda path, numbers: as_cells(
        path, [made.number(as_excel_keeps_it(n)) for n in numbers]
    ),
    "xls with texts": lambda path, numbers: old.write(
        path, [HEADER, *(row(number, at) for at, number in enumerate(numbers))]
    ),
    "xls with numbers": lambda path, numbers: old.write(
        path, [HEADER, *([float(number), *row("", at)[1:]] for at, number in enumerate(numbers))]
    ),
    "page that calls itself xls": as_page,
    "xlsx with exponents": lambda path, numbers: as_cells(path, [made.number(f"{float(n):.14E}") for n in numbers]),
}


@pytest.mark.parametrize("trip", ROUND_TRIPS)
def test_numbers_survive_excel_or_are_flagged(tmp_path: Path, trip: str) -> None:
    chance = random.Random(trip)  # the same every time
    lengths = [10, 15, 16, 17, 18, 19]
    numbers = [
        str(chance.randrange(10 ** (digits - 1), 10**digits)) for digits in chance.choices(lengths, k=IDENTIFIERS)
    ]
    table = sheets.open_table(ROUND_TRIPS[trip](tmp_path / "numbers", numbers))
    adapter = platforms.recognise(table.header)
    assert adapter is not None
    taken: dict[int, str] = {}
    flagged: set[int] = set()
    for found in one_by_one(adapter.read(table.header, table.rows, SETTINGS)):
        if isinstance(found, ForeignOrder):
            taken[found.row] = found.number
        elif found.rejected:
            flagged.add(found.row)
    wrong = [number for at, number in enumerate(numbers, 2) if taken.get(at) != number and at not in flagged]
    assert wrong == []
    assert len(taken) + len(flagged) == len(numbers)


def seeds(folder: Path) -> list[Path]:
    numbers = [str(1930679858170647123 + at) for at in range(40)]
    return [
        as_csv(folder / "gb.csv", numbers),
        as_csv(folder / "u8.csv", numbers, encoding="utf-8-sig"),
        as_csv(folder / "u16.tsv", numbers, encoding="utf-16-le", delimiter="\t"),
        by_openpyxl(folder / "texts.xlsx", numbers),
        as_cells(folder / "numbers.xlsx", [made.number(number) for number in numbers]),
        old.write(folder / "old.xls", [HEADER, *(row(number, at) for at, number in enumerate(numbers))]),
        as_page(folder / "page.xls", numbers),
    ]


HOSTILE: Final = (
    b'"', b",", b"\0", b"\r\n", b"=", b"<", b">", b"&#0;", b"9" * 400, b"1e999", b"-", b'r="XFD1048576"', b'r="A0"',
    b"&a;", b"\xff\xfe", b"]]>", b"<row>", b"</c>", b"NaN", b"2958466", b"-1", b"\xf0\x9f\x98\x80", b"'", b"_x0000_",
    b"0001-01-01",
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One to four small harms."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed)) if changed else 0
        match chance.randrange(6):
            case 0 if changed:
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                del changed[at:]
            case 2:
                changed[at:at] = chance.choice(HOSTILE)
            case 3:
                changed[at : at + chance.randrange(1, 60)] = chance.choice(HOSTILE)
            case 4:
                changed[at:at] = changed[at : at + chance.randrange(1, 3_000)] * chance.randrange(1, 8)
            case _:
                changed[at : at + 4] = chance.randbytes(4)
    return bytes(changed)


def mutated_inside(data: bytes, chance: random.Random) -> bytes:
    """An archive that is whole, with a part that is not."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        victim = chance.choice(old.namelist() + ["xl/worksheets/sheet1.xml"] * 6)
        for name in old.namelist():
            new.writestr(name, mutated(old.read(name), chance) if name == victim else old.read(name))
    return result.getvalue()


def outcome(path: Path, folder: Path) -> str:
    """What became of a file; anything but a refusal of ours is raised and fails the test."""
    try:
        with (
            read_files(ReadRequest((path,), "CNY", "Asia/Shanghai"), folder=folder) as staging,
            closing(driver.connect(staging.path, staging.key)) as connection,
        ):
            return "read" if connection.execute("SELECT count(*) FROM files").fetchone() == (1,) else "lost"
    except REFUSALS as refusal:
        return type(refusal).__name__


def hostile_files(folder: Path) -> Iterator[Path]:
    whole = [(path.name, path.read_bytes()) for path in seeds(folder)]
    for number in range(MUTATIONS):
        chance = random.Random(number)  # the same every time
        name, data = chance.choice(whole)
        harm = mutated_inside if data.startswith(b"PK") and chance.random() < 0.8 else mutated
        path = folder / f"{number}-{name}"
        path.write_bytes(harm(data, chance))
        yield path


def test_no_file_can_crash_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    staging = tmp_path / "staging"

    def one(path: Path) -> str:
        try:
            return outcome(path, staging)
        except Exception as error:
            error.add_note(f"mutation {path.name}")
            raise
        finally:
            path.unlink()

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = Counter(pool.map(one, hostile_files(tmp_path)))
    if LONG:
        with capsys.disabled():
            print(f"\n{MUTATIONS} mutated files: {dict(outcomes.most_common())}")  # for the table
    assert list(staging.iterdir()) == []
    assert outcomes[TooLarge.__name__] == 0, "a small file is too large only when its reader hung"
    assert outcomes["lost"] == 0
    assert outcomes["read"] > MUTATIONS // 20, "the harms are small enough to get past the door"
