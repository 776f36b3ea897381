from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from shopcrm.collect import fields, sheets
from shopcrm.collect.reading import ReadRequest, read_files
from shopcrm.collect.refusals import Damaged, LockedOldExcel, OldExcel, TooLarge
from tests import old_workbooks as made
from tests.builders import new_shop

HEADER = ["订单编号", "买家会员名", "买家实际支付金额", "订单状态", "订单付款时间"]
EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}


def texts(path: Path) -> list[list[str]]:
    table = sheets.open_table(path)
    assert table.encoding == "xls"
    return [table.header, *(cells for _, cells in table.rows)]


def test_an_old_workbook_reads_as_a_new_one(tmp_path: Path) -> None:
    path = made.write(
        tmp_path / "orders.xlsx",  # the name is not believed
        [["订单报表"], [None], HEADER, ["1930679858170647123", "虚构小鹿", 12.5, "交易成功", "2026-03-01 10:05:00"]],
    )
    assert texts(path) == [HEADER, ["1930679858170647123", "虚构小鹿", "12.5", "交易成功", "2026-03-01 10:05:00"]]


@pytest.mark.parametrize("date_1904", [False, True])
def test_dates_of_both_epochs(tmp_path: Path, *, date_1904: bool) -> None:
    day = float((date(2026, 3, 1) - EPOCHS[date_1904]).days)
    rows: list[list[object]] = [["a", "b"], [(day, made.DATE), (day + 0.75, made.MOMENT)]]
    path = made.write(tmp_path / "d.xls", rows, date_1904=date_1904)
    assert texts(path)[1] == ["2026-03-01", "2026-03-01 18:00:00"]


def test_long_numbers_are_exact_or_flagged_never_wrong(tmp_path: Path) -> None:
    exact = [2.0**53 - 1, 1_234_567_890_123_456.0, 193_067_985_817_064.0]
    lost = [float(1930679858170647123), 2.0**53]
    path = made.write(tmp_path / "n.xls", [["a", "b"], *([number, "x"] for number in (*exact, *lost))])
    found = [row[0] for row in texts(path)[1:]]
    assert found[:3] == [str(int(number)) for number in exact]
    assert all(map(fields.is_shortened, found[3:]))
    # What Excel keeps of longer numbers ends in zeros: then none of the column can be trusted.
    rounded = made.write(tmp_path / "r.xls", [["a", "b"], *([1_930_679_858_170_640.0 + n * 10, "x"] for n in range(9))])
    assert all(map(fields.is_shortened, (row[0] for row in texts(rounded)[1:])))


def test_a_workbook_of_another_program_comes_in_with_its_lost_number_flagged(tmp_path: Path) -> None:
    path = Path(__file__).parents[1] / "data" / "orders.xls"  # written by LibreOffice
    shop = new_shop(tmp_path / "shop")
    report = shop.import_staged(shop.stage([path]))
    (file,) = report.files
    assert (file.encoding, file.rows, file.orders_new, file.rejected) == ("xls", 4, 2, 2)
    assert [(one.row, one.column, str(one.code)) for one in file.problems if one.rejected] == [
        (3, "订单编号", "shortened_number"),
        (5, "买家实际支付金额", "bad_amount"),
    ]
    with shop.read() as tx:
        rows = tx.connection.exec_driver_sql("SELECT number, paid FROM orders ORDER BY number").all()
    assert [tuple(row) for row in rows] == [
        ("193067985817064", -25), ("1930679858170647123", 1_250)
    ]  # fmt: skip
    shop.close()


def test_of_several_sheets_the_one_with_known_headers_counts(tmp_path: Path) -> None:
    path = made.write(tmp_path / "s.xls", [["notes", "x"], ["a", "b"]], [HEADER, ["1", "2", 3.0, "4", "5"]])
    table = sheets.open_table(path, looks_like_header=lambda cells: "订单编号" in cells)
    assert table.header == HEADER


def test_one_of_excel_95_keeps_its_sentence(tmp_path: Path) -> None:
    with pytest.raises(OldExcel):
        sheets.open_table(made.write(tmp_path / "o.xls", [["订单", "b"], ["1", "2"]], old=True))


def test_a_password_is_said(tmp_path: Path) -> None:
    with pytest.raises(LockedOldExcel):
        sheets.open_table(made.write(tmp_path / "p.xls", [["a", "b"], ["1", "2"]], password=True))


def test_a_password_of_a_workbook_so_small_that_it_shares_its_sectors_is_said() -> None:
    with pytest.raises(LockedOldExcel):
        sheets.open_table(Path(__file__).parents[1] / "data" / "locked" / "small.xls")  # written by LibreOffice


def test_the_child_outlives_a_cell_in_the_last_corner(tmp_path: Path) -> None:
    path = made.write(
        tmp_path / "far.xls", [HEADER, ["1930679858170647123", "a", 1.0, "交易成功", "2026-03-01"]], far=True
    )
    try:
        with read_files(ReadRequest((path,), "CNY", "Asia/Shanghai"), folder=tmp_path / "staging"):
            pass
    except (Damaged, TooLarge):
        pass
    assert not list((tmp_path / "staging").iterdir())


@pytest.mark.parametrize("harm", ["circle", "outside", "cut", "size", "no-book", "shift"])
def test_broken_chains_are_damage_before_a_parser_follows_them(tmp_path: Path, harm: str) -> None:
    data = bytearray(made.compound(made.book([["a", "b"], ["1", "2"]]), name="Workbook"))
    table = 512
    match harm:
        case "circle":
            data[table + 4 * 4 : table + 5 * 4] = (2).to_bytes(4, "little")
        case "outside":
            data[table + 4 * 4 : table + 5 * 4] = (90_000).to_bytes(4, "little")
        case "cut":
            del data[1_600:]
        case "size":
            place = data.index("Workbook".encode("utf-16-le")) + 0x78
            data[place : place + 4] = (1 << 30).to_bytes(4, "little")
        case "no-book":
            data = bytearray(made.compound(b"Book\0".decode().encode("utf-16-le"), name="Contents"))
        case "shift":
            data[0x1E] = 40
    path = tmp_path / "broken.xls"
    path.write_bytes(data)
    with pytest.raises(Damaged):
        list(sheets.open_table(path).rows)


def test_larger_than_any_xls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made.write(tmp_path / "l.xls", [["a", "b"], ["1", "2"]])
    monkeypatch.setattr("shopcrm.collect.compound.SIZE_LIMIT", 1_000)
    with pytest.raises(TooLarge):
        sheets.open_table(path)
