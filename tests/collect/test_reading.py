from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shopcrm.base.errors import Cancelled
from shopcrm.base.progress import SILENT, Progress, Step
from shopcrm.collect import platforms, reader, reading
from shopcrm.collect.foreign import Code, ForeignOrder, Kind, Problem
from shopcrm.collect.platforms import Header, ReadSettings, Rows
from shopcrm.collect.reading import ReaderError, ReadRequest, read_files
from shopcrm.collect.refusals import Damaged, NeededMissing, NoRoomToRead, TooLarge, UnknownLayout
from shopcrm.collect.staging import StagingFile
from shopcrm.store import driver
from tests import workbooks as made

HEADER = "订单编号,买家会员名,买家实际支付金额,订单状态,收货人姓名,订单创建时间,订单付款时间,宝贝标题"
ROW = "193067985817{0:07},example_{0},12.50,交易成功,示例王{0},2026-03-01 10:00:00,2026-03-01 10:05:00,样品{0}"


def orders(path: Path, count: int = 3, *, encoding: str = "gb18030") -> Path:
    lines = [HEADER, *(ROW.format(at) for at in range(1, count + 1))]
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
    return path


def request(*paths: Path, **choices: Any) -> ReadRequest:
    return ReadRequest(paths, "CNY", "Asia/Shanghai", **choices)


def child(code: str) -> Callable[[], list[str]]:
    """A child that does something before, or instead of, its work."""
    start = "import sys; from shopcrm.collect import reading, workbooks; "
    return lambda: [sys.executable, "-c", f"{start}{code}; sys.exit(reading.run_child(sys.stdin, sys.stdout))"]


def rows_of(staging: StagingFile, query: str) -> list[tuple[Any, ...]]:
    with closing(driver.connect(staging.path, staging.key)) as connection:
        found: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    return found


def test_files_of_one_import_are_staged_and_the_file_goes_when_done(tmp_path: Path) -> None:
    steps: list[Step] = []
    paths = (orders(tmp_path / "ExportOrderList202603051650.csv"), orders(tmp_path / "b.csv", 600, encoding="utf-8"))
    with read_files(request(*paths), folder=tmp_path / "staging", progress=Progress(steps.append)) as staging:
        assert rows_of(staging, "SELECT file, name, platform, report, encoding, rows, header_row FROM files") == [
            (1, "ExportOrderList202603051650.csv", "taobao", "order", "gb18030", 3, 1),
            (2, "b.csv", "taobao", "order", "utf-8", 600, 1),
        ]
        assert rows_of(staging, "SELECT snapshot_at FROM files") == [(1772700600,), (None,)]
        assert rows_of(staging, "SELECT file, count(*), max(row) FROM rows GROUP BY file") == [(1, 3, 4), (2, 500, 501)]
        assert rows_of(staging, "SELECT file, row, number, paid FROM orders WHERE id IN (1, 603)") == [
            (1, 2, "1930679858170000001", 1250),
            (2, 601, "1930679858170000600", 1250),
        ]
        assert rows_of(staging, "SELECT count(*) FROM people WHERE kind = 'buyer_id'") == [(600,)]
    assert list((tmp_path / "staging").iterdir()) == []
    assert {step.stage for step in steps} == {"reading"}
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert {step.total for step in steps} == {sum(path.stat().st_size for path in paths)}


def test_the_staging_file_holds_nothing_in_the_clear(tmp_path: Path) -> None:
    with read_files(request(orders(tmp_path / "o.csv", 50)), folder=tmp_path) as staging:
        data = staging.path.read_bytes()
        assert len(data) > 20_000
        for text in (
            "193067985817",
            "example_",
            "示例王",
            "样品",
            "订单编号",
            "CREATE TABLE",
            "SQLite",
            staging.key.hex(),
        ):
            for encoding in ("utf-8", "utf-16-le", "gb18030"):
                assert text.encode(encoding) not in data
        assert staging.key not in data


def test_one_bad_file_and_nothing_is_left(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("甲,乙\n1,2\n")
    with pytest.raises(UnknownLayout) as caught:
        read_files(request(orders(tmp_path / "good.csv"), bad), folder=tmp_path / "staging")
    assert (caught.value.name, caught.value.headers) == ("bad.csv", "甲, 乙")
    assert list((tmp_path / "staging").iterdir()) == []


def test_the_users_choices_reach_the_child(tmp_path: Path) -> None:
    path = orders(tmp_path / "o.csv", encoding="utf-16-le")
    with read_files(request(path, encoding="utf-16-le", store="演示店"), folder=tmp_path) as staging:
        assert rows_of(staging, "SELECT DISTINCT store, encoding FROM orders, files") == [("演示店", "utf-16-le")]
    with pytest.raises(UnknownLayout):
        read_files(request(path, platform="nobody"), folder=tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_name_may_hold_any_bytes(tmp_path: Path) -> None:
    path = orders(tmp_path / os.fsdecode(b"\xff\xb6\xa9.csv"))
    with read_files(request(path), folder=tmp_path) as staging:
        assert rows_of(staging, "SELECT name, rows FROM files") == [("???.csv", 3)]


@pytest.mark.parametrize(
    "code",
    [
        "sys.exit(1)",
        "sys.stdin.read(); sys.exit(0)",  # it ends well, without having said so
        "raise ImportError",
        "import os; os.abort()",
        "import os; os.kill(os.getpid(), 9)",
    ],
)
def test_a_dead_child_is_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(reading, "_command", child(code))
    with pytest.raises(Damaged) as caught:
        read_files(request(orders(tmp_path / "o.csv")), folder=tmp_path / "staging")
    assert caught.value.name == "o.csv"
    assert list((tmp_path / "staging").iterdir()) == []


def test_a_child_killed_at_its_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    die = "done and os.kill(os.getpid(), 9)"
    killed = child(f"import os; from shopcrm.collect import reader; reader._Reader._say = lambda self, done: {die}")
    monkeypatch.setattr(reading, "_command", killed)
    with pytest.raises(Damaged):
        read_files(request(orders(tmp_path / "o.csv", 30_000)), folder=tmp_path / "staging")
    assert list((tmp_path / "staging").iterdir()) == []


def test_a_parser_that_asks_for_everything_dies_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made.write(tmp_path / "far.xlsx", made.rows(["a"]) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with pytest.raises(Damaged):
        read_files(request(path), folder=tmp_path / "staging")
    monkeypatch.setattr(reading, "_command", child("workbooks.look_over = lambda source: None"))  # it gets at calamine
    with pytest.raises(Damaged):
        read_files(request(path), folder=tmp_path / "staging")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a watch looks now and then")
def test_the_memory_limit_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "line.csv"
    path.write_bytes(b"a" * (200 << 20))
    monkeypatch.setattr(reading, "MEMORY_LIMIT", 300 << 20)
    with pytest.raises(TooLarge):
        read_files(request(path), folder=tmp_path)


def test_where_the_system_has_no_limit_a_watch_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_command", child("from shopcrm.collect import limits; limits._watch(1 << 20)"))
    with pytest.raises(TooLarge):
        read_files(request(orders(tmp_path / "o.csv")), folder=tmp_path)


def test_cancelling_ends_the_child(tmp_path: Path) -> None:
    progress = Progress(lambda step: progress.cancel() if step.done else None)
    with pytest.raises(Cancelled):
        read_files(request(orders(tmp_path / "o.csv", 60_000)), folder=tmp_path / "staging", progress=progress)
    assert list((tmp_path / "staging").iterdir()) == []
    with pytest.raises(Cancelled):  # it was asked to before it began
        read_files(request(orders(tmp_path / "o.csv")), folder=tmp_path / "staging", progress=progress)


@pytest.mark.parametrize("limit", ["START_LIMIT_S", "SILENCE_LIMIT_S"])
def test_a_silent_child_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    first = '{"file": 1, "rows": 0, "done": 0, "total": 1}\\n' if limit == "SILENCE_LIMIT_S" else ""
    silent = child(f"import time; sys.stdout.write('{first}'); sys.stdout.flush(); time.sleep(600)")
    monkeypatch.setattr(reading, "_command", silent)
    monkeypatch.setattr(reading, limit, 0.2)
    with pytest.raises(TooLarge):
        read_files(request(orders(tmp_path / "o.csv")), folder=tmp_path)


def test_sweeping_leaves_what_is_in_use(tmp_path: Path) -> None:
    for name, age_s in (
        ("old.staging", 200_000),
        ("old.staging-journal", 200_000),
        ("new.staging", 10),
        ("other.txt", 200_000),
    ):
        path = tmp_path / name
        path.touch()
        os.utime(path, (time.time() - age_s,) * 2)
    reading.sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.staging", "other.txt"]


class LateAdapter:
    """Finds out about its rows only when all are read."""

    key, report, label, number_columns = "late", "order", "Late", ()

    def lacks(self, _header: Header) -> tuple[str, ...]:
        return ()

    def matches(self, header: Header) -> int:
        return int("number" in header)

    def snapshot_at(self, _file_name: str, _settings: ReadSettings) -> int | None:
        return None

    def read(self, _header: Header, rows: Rows, _settings: ReadSettings) -> Iterator[ForeignOrder | Problem]:
        order = ForeignOrder(number="", row=0, kind=Kind.ORDER, store=None, state=None, currency="CNY")
        taken = [replace(order, number=cells[0], row=row) for row, cells in rows]
        yield from taken
        if taken[0].number == "explode":
            raise RuntimeError("the cell said explode")
        yield from (Problem(row, "number", Code.BAD_AMOUNT) for row in (3, 700, 700, 5_000, 20_000))


def test_rows_with_problems_are_kept_however_late_they_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platforms, "PLATFORMS", (LateAdapter(),))
    path = tmp_path / "late.csv"
    path.write_text("number,b\n" + "".join(f"n{row},x\n" for row in range(2, 20_001)))
    answers: list[dict[str, Any]] = []
    with StagingFile.fresh(tmp_path) as staging:
        assert reader.read(request(path), staging, tell=answers.append) == 0
        assert answers[-1] == {"finished": True}
        assert rows_of(staging, "SELECT row, cells FROM rows WHERE row > 501 ORDER BY row") == [
            (row, f'["n{row}", "x"]') for row in (700, 5_000, 20_000)
        ]
        assert rows_of(staging, "SELECT count(*), count(DISTINCT row) FROM problems") == [(5, 4)]
        assert rows_of(staging, "SELECT count(*) FROM orders") == [(19_999,)]


def test_a_bug_is_told_without_the_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platforms, "PLATFORMS", (LateAdapter(),))
    path = tmp_path / "late.csv"
    path.write_text("number,b\nexplode,x\n")
    answers: list[dict[str, Any]] = []
    with StagingFile.fresh(tmp_path) as staging:
        assert reader.read(request(path), staging, tell=answers.append) == 2
    assert "RuntimeError at" in answers[-1]["fault"]
    assert "explode" not in answers[-1]["fault"]


def test_a_bug_in_the_child_is_a_bug_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_command", child("from shopcrm.collect import sheets; sheets.open_tables = None"))
    with pytest.raises(ReaderError, match="TypeError at"):
        read_files(request(orders(tmp_path / "o.csv")), folder=tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("count", [3, 10_000])  # written by the child, and by its helper
def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    full = tmp_path / "full.staging"
    full.symlink_to("/dev/full")
    monkeypatch.setattr(StagingFile, "fresh", classmethod(lambda cls, _folder: cls(full, b"k" * 32)))
    with pytest.raises(NoRoomToRead):
        read_files(request(orders(tmp_path / "o.csv", count)), folder=tmp_path, progress=SILENT)


def test_a_column_that_is_needed_and_missing_is_named(tmp_path: Path) -> None:
    for header, columns, layout in (
        (HEADER.removeprefix("订单编号,"), "订单编号", "Taobao or Tmall order report"),
        ("Email,Financial Status,Total,Created at,Lineitem name,Lineitem price", "Name", "Shopify order export"),
        ("下单帐号,订购数量,京东价,结算金额,下单时间,订单状态,商品名称,客户姓名", "订单号", "JD order export"),
    ):
        path = tmp_path / "o.csv"
        path.write_text(f"{header}\n" + ",".join("x" * len(header.split(","))) + "\n", encoding="utf-8")
        with pytest.raises(NeededMissing) as caught:
            read_files(request(path), folder=tmp_path / "staging")
        assert (caught.value.name, caught.value.columns, caught.value.layout) == ("o.csv", columns, layout)
        assert columns in caught.value.message
    path.write_text("下单帐号,b\n1,2\n", encoding="utf-8")  # a name or two are anybody's
    with pytest.raises(UnknownLayout):
        read_files(request(path), folder=tmp_path / "staging")


def test_a_block_of_which_no_row_can_be_taken(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text("\n".join([HEADER, *(ROW.format(at).replace("193067985817", "1.93E+", 1) for at in range(1, 9))]))
    with read_files(request(path), folder=tmp_path / "staging") as staging:
        assert rows_of(staging, "SELECT count(*) FROM orders") == [(0,)]
        assert rows_of(staging, "SELECT count(DISTINCT row) FROM problems WHERE rejected") == [(8,)]
