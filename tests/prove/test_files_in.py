"""No file can take the program down. `make prove` sets SHOPCRM_PROVE=1 and gets the long versions."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, Final

import pytest

from shopcrm.collect import platforms, sheets
from shopcrm.collect.foreign import ForeignOrder
from shopcrm.collect.platforms import ReadSettings
from shopcrm.collect.reading import SILENCE_LIMIT_S
from shopcrm.collect.refusals import TooLarge
from tests import old_workbooks as old
from tests import workbooks as made
from tests.archives import zip_crypto, zip_of
from tests.collect.platforms.found import one_by_one
from tests.prove.hostile import HEADER, as_cells, as_csv, as_page, by_openpyxl, row, seeds
from tests.prove.mutated_files import outcome
from tests.proving import LONG

IDENTIFIERS: Final = 500 if LONG else 60
MUTATIONS: Final = 10_000 if LONG else 50
WORKERS: Final = os.cpu_count() or 1
ROOT: Final = Path(__file__).parents[2]
SETTINGS: Final = ReadSettings("CNY", "Asia/Shanghai")


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


def results(tmp_path: Path) -> Path:
    """Where it is noted what became of each mutation: of a long run beside the program, so that it can be gone on with.

    Named after the code that read them: other code has to prove itself anew.
    """
    if not LONG:
        return tmp_path / "results"
    code = hashlib.sha256()
    for path in sorted((*(ROOT / "shopcrm" / "collect").rglob("*.py"), *(ROOT / "tests").rglob("*.py"))):
        code.update(path.read_bytes())
    (ROOT / "build" / "prove").mkdir(parents=True, exist_ok=True)
    return ROOT / "build" / "prove" / f"files-in-{code.hexdigest()[:12]}.jsonl"


def noted(path: Path) -> dict[int, dict[str, Any]]:
    """By its number what became of each mutation so far."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return {told["number"]: told for told in map(json.loads, lines) if not told["fault"]}


def test_no_file_can_crash_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = results(tmp_path)
    done = noted(kept)
    missing = [number for number in range(MUTATIONS) if number not in done]
    faults = []

    def read(turn: int, note: IO[str]) -> None:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.prove.mutated_files", str(tmp_path / f"{turn}")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT,
        )  # fmt: skip
        assert worker.stdin is not None
        assert worker.stdout is not None
        with worker:
            json.dump(missing[turn::WORKERS], worker.stdin)
            worker.stdin.close()
            for line in worker.stdout:
                note.write(line)
                note.flush()
                told = json.loads(line)
                if told["fault"]:
                    faults.append(told)
                else:
                    done[told["number"]] = told
        assert worker.returncode == 0

    with kept.open("a", encoding="utf-8") as note, ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(read, range(WORKERS), repeat(note)))
    outcomes = Counter(told["became"] for told in done.values())
    slowest, largest = (max(done.values(), key=itemgetter(name)) for name in ("worked", "memory"))
    if LONG:
        with capsys.disabled():  # for the table
            print(f"\n{len(done)} mutated files: {dict(outcomes.most_common())}")
            print(f"longest {slowest['worked']} s of work, {slowest['seconds']} s in all ({slowest['name']})")
            print(f"most memory {largest['memory'] >> 20} MiB ({largest['name']})")
    assert faults == []
    assert len(done) == MUTATIONS
    assert slowest["worked"] < 10, slowest
    hung = [told for told in done.values() if told["became"] == TooLarge.__name__ and told["seconds"] > SILENCE_LIMIT_S]
    assert hung == [], "a small file may say that it is large; else it is too large only when its reader hung"
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
    "a cell beside all columns": (
        lambda folder: made.write(
            folder / "wide.xlsx", made.rows(HEADER) + '<row r="9"><c r="AAAAA9"><v>1</v></c></row>'
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
