"""The fixtures once more as files on disk, through the child process into the staging file."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import openpyxl

from shopcrm.collect.reading import ReadRequest, read_files
from shopcrm.store import driver
from tests.collect.platforms.taobao_files import ITEM_LAYOUTS, LAYOUTS, ORDER_LAYOUTS, Table, order_table
from tests.collect.platforms.test_taobao import item_table, read


def write(file: Table, path: Path) -> Path:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.append(file.header)
        for _, cells in file.rows:
            sheet.append([None] * len(cells))
            for column, cell in enumerate(cells, 1):
                sheet.cell(sheet.max_row, column).value = cell or None
                sheet.cell(sheet.max_row, column).data_type = "s"
        book.save(path)
    else:
        path.write_bytes(file.as_csv("gbk"))
    return path


def test_every_layout_comes_through_the_child_process_as_through_the_adapter(tmp_path: Path) -> None:
    tables = {f"{name}.{'xlsx' if '2024' in name else 'csv'}": order_table(LAYOUTS[name]) for name in ORDER_LAYOUTS}
    tables |= {f"{name}.csv": item_table(LAYOUTS[name]) for name in ITEM_LAYOUTS}
    files = {write(table, tmp_path / name): table for name, table in tables.items()}
    request = ReadRequest(paths=tuple(files), currency="CNY", timezone="Asia/Shanghai")
    with (
        read_files(request, folder=tmp_path / "staging") as staging,
        closing(driver.connect(staging.path, staging.key)) as db,
    ):
        for number, (path, table) in enumerate(files.items(), 1):
            expected, problems = read(table)
            found = db.execute(
                "SELECT number, row, state, paid, refunded, paid_at FROM orders WHERE file = ? ORDER BY id", (number,)
            ).fetchall()
            assert found == [
                (one.number, one.row, one.state, one.paid, one.refunded, one.paid_at) for one in expected.values()
            ], path.name
            refused = db.execute("SELECT row, code FROM problems WHERE file = ? ORDER BY rowid", (number,)).fetchall()
            assert refused == [(one.row, one.code) for one in problems]
