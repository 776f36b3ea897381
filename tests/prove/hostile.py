"""Files as shops have them, and what may become of one on its way: mutations, the same for a number every time."""

from __future__ import annotations

import csv
import io
import random
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import openpyxl

from tests import old_workbooks as old
from tests import workbooks as made
from tests.archives import zip_crypto, zip_of
from tests.collect.platforms.samples import all_samples

HEADER: Final = [
    "订单编号", "买家会员名", "买家实际支付金额", "订单状态", "收货人姓名", "收货地址", "联系手机",
    "订单创建时间", "订单付款时间", "宝贝标题",
]  # fmt: skip
LOCKED: Final = Path(__file__).parents[1] / "data" / "locked"


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


def hostile_file(folder: Path, whole: Sequence[tuple[str, bytes]], number: int) -> Path:
    """The mutation of that number of one of these files."""
    chance = random.Random(number)
    name, data = chance.choice(whole)
    harm = mutated
    if data.startswith(b"PK") and name != "locked.zip" and chance.random() < 0.8:
        harm = mutated_inside
    elif name.endswith(".csv") and chance.random() < 0.5:
        harm = cells_mixed_up
    path = folder / f"{number}-{name}"
    path.write_bytes(harm(data, chance))
    return path
