"""No file can take the program down. `make prove` sets SHOPCRM_PROVE=1 and gets the long versions."""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from shopcrm.base.errors import Failure
from shopcrm.collect import platforms, sheets
from shopcrm.collect.foreign import ForeignOrder
from shopcrm.collect.platforms import ReadSettings
from shopcrm.collect.reading import ReadRequest, read_files
from shopcrm.collect.refusals import REFUSALS, TooLarge
from shopcrm.store import driver
from tests import old_workbooks as old
from tests import workbooks as made
from tests.archives import zip_crypto, zip_of
from tests.collect.platforms.found import one_by_one
from tests.collect.platforms.samples import all_samples

LONG: Final = bool(os.environ.get("SHOPCRM_PROVE"))
IDENTIFIERS: Final = 500 if LONG else 60
MUTATIONS: Final = 10_000 if LONG else 50
HEADER: Final = [
    "订单编号", "买家会员名", "买家实际支付金额", "订单状态", "收货人姓名", "收货地址", "联系手机",
    "订单创建时间", "订单付款时间", "宝贝标题",
]  # fmt: skip
LOCKED: Final = Path(__file__).parents[1] / "data" / "locked"
PASSWORDS: Final = ("打开 Sesame", "open sesame", "1")
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
        *(sample.write(folder / f"{at}-{sample.name}") for at, sample in enumerate(all_samples())),
        *_packed(folder),
        *(Path(shutil.copy(path, folder)) for path in sorted(LOCKED.iterdir())),
    ]


def _packed(folder: Path) -> Iterator[Path]:
    """Archives of two samples each, one of them locked."""
    first, second, *_ = all_samples()
    members = [(sample.name, sample.as_bytes(sample.header)) for sample in (first, second)]
    for name, data in (("p.zip", zip_of(*members)), ("locked.zip", zip_crypto(*members, password=b"1"))):
        path = folder / name
        path.write_bytes(data)
        yield path


def cells_mixed_up(data: bytes, chance: random.Random) -> bytes:
    """A text file whose cells and columns somebody has moved: whole lines and characters, but not where they were."""
    lines = [line.split(b",") for line in data.split(b"\r\n")]
    for _ in range(chance.randint(1, 6)):
        row = chance.randrange(len(lines))
        at = chance.randrange(len(lines[row]))
        match chance.randrange(4):
            case 0:  # a column goes
                for line in lines:
                    del line[at : at + 1]
            case 1:
                lines[row][at : at + 1] = [chance.choice(HOSTILE)]
            case 2:
                chance.shuffle(lines[row])
            case _:
                lines[row], lines[0] = lines[0], lines[row]
        lines = [line or [b""] for line in lines]
    return b"\r\n".join(map(b",".join, lines))


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
        sheet = [name for name in old.namelist() if name == "xl/worksheets/sheet1.xml"]
        victim = chance.choice(old.namelist() + sheet * 6)
        for name in old.namelist():
            new.writestr(name, mutated(old.read(name), chance) if name == victim else old.read(name))
    return result.getvalue()


def told(refusal: Failure, path: Path) -> str:
    """What a refusal is: one sentence or two in a line, about this file."""
    assert path.name in refusal.message
    assert "\n" not in refusal.message
    return type(refusal).__name__


def outcome(path: Path, folder: Path) -> str:
    """What became of a file; anything but a refusal of ours is raised and fails the test."""
    try:
        with (
            read_files(ReadRequest((path,), "CNY", "Asia/Shanghai", passwords=PASSWORDS), folder=folder) as staging,
            closing(driver.connect(staging.path, staging.key)) as connection,
        ):
            return "read" if connection.execute("SELECT count(*) FROM files").fetchone() > (0,) else "lost"
    except REFUSALS as refusal:
        return told(refusal, path)


def hostile_files(folder: Path) -> Iterator[Path]:
    whole = [(path.name, path.read_bytes()) for path in seeds(folder)]
    for number in range(MUTATIONS):
        chance = random.Random(number)  # the same every time
        name, data = chance.choice(whole)
        harm = mutated
        if data.startswith(b"PK") and name != "locked.zip" and chance.random() < 0.8:
            harm = mutated_inside
        elif name.endswith(".csv") and chance.random() < 0.5:
            harm = cells_mixed_up
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


def _growing(path: Path) -> Path:
    """A workbook whose writer has come half the way."""
    whole = seeds(path.parent)[3].read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


BY_HAND: Final[dict[str, tuple[Callable[[Path], Path], str]]] = {
    "a folder": (lambda folder: folder, "IsFolder"),
    "nothing": (lambda folder: _written(folder / "empty.csv", b""), "EmptyFile"),
    "gone": (lambda folder: folder / "gone.csv", "NoSuchFile"),
    "being written": (lambda folder: _growing(folder / "growing.xlsx"), "Damaged"),
    "a 1904 workbook": (
        lambda folder: made.write(
            folder / "mac.xlsx", made.rows(HEADER, row("1930679858170647123", 1)), date_1904=True
        ),
        "read",
    ),
    "a far cell": (
        lambda folder: made.write(
            folder / "far.xlsx", made.rows(HEADER) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        "Damaged",
    ),
    "a zip bomb": (lambda folder: _written(folder / "bomb.zip", zip_of(("a.csv", b"0,0\n" * (20 << 20)))), "TooLarge"),
    "a bomb in a workbook": (
        lambda folder: made.write(
            folder / "bomb.xlsx", made.rows(HEADER), extra={"xl/media/a.bin": b"\0" * (80 << 20)}
        ),
        "TooLarge",
    ),
    "a document type": (
        lambda folder: made.write(
            folder / "dtd.xlsx", "", extra={"xl/worksheets/sheet1.xml": b'<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'}
        ),
        "Damaged",
    ),
    "a wrong password": (
        lambda folder: _written(folder / "w.zip", zip_crypto(("a.csv", b"a,b\n1,2\n"), password=b"other")),
        "WrongPassword",
    ),
    "a zip in a zip": (
        lambda folder: _written(folder / "z.zip", zip_of(("y.zip", zip_of(("a.csv", b"a"))))),
        "Archive",
    ),
    "a column that is needed": (
        lambda folder: _written(folder / "n.csv", ",".join(HEADER[1:]).encode() + b"\r\n1,2,3,4,5,6,7,8,9\r\n"),
        "NeededMissing",
    ),
}


@pytest.mark.parametrize("kind", BY_HAND)
def test_what_was_made_by_hand_gets_its_sentence(tmp_path: Path, kind: str) -> None:
    make, expected = BY_HAND[kind]
    assert outcome(make(tmp_path), tmp_path / "staging") == expected
    assert not (tmp_path / "staging").exists() or list((tmp_path / "staging").iterdir()) == []
