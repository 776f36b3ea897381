from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import openpyxl
import pytest
from sqlalchemy import select

from shopcrm.act import export
from shopcrm.act.fields import FIELDS
from shopcrm.app import Shop
from shopcrm.base.errors import Cancelled
from shopcrm.base.progress import Progress
from shopcrm.store.tables.journal import change_sets
from tests.builders import TODAY, given_orders, new_shop, order

HOSTILE = '=HYPERLINK("http://example.invalid","x")'


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    long_ago = TODAY - timedelta(days=90)
    given_orders(
        opened,
        [
            order("1", "0012345678901234567", long_ago, 123_456, phone="13912340001", recipient_name=HOSTILE),
            order("2", "@nick", TODAY, 5_000, phone=None, recipient_name="安安", recipient_phone="139****2210"),
        ],
    )
    yield opened
    opened.close()


def exported(shop: Shop, path: Path, **how: object) -> int:
    with shop.write() as tx:
        return export.export_customers(tx, shop.columns(), path, **how).rows  # type: ignore[arg-type]  # passed through


def audit(shop: Shop) -> list[dict[str, object]]:
    with shop.read() as tx:
        rows = tx.connection.execute(select(change_sets.c.summary).where(change_sets.c.kind == "export"))
        return [msgspec.json.decode(summary) for (summary,) in rows]


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    keys = ("name", "phone", "buyer_ids", "net_total", "occasions", "last_day", "group", "sources")
    assert exported(shop, path, keys=keys) == 2
    sheet = openpyxl.load_workbook(path).worksheets[0]
    head, first, second = sheet.iter_rows()
    assert [cell.value for cell in head][:-1] == [
        "Name", "Phone", "Buyer IDs", "Total spent", "Purchases", "Last purchase", "Group", "Bought on",
    ]  # fmt: skip
    name, phone, buyer, total, occasions, last, group, sources, _mark = first
    assert (name.value, name.data_type) == (HOSTILE, "s")
    assert (phone.value, phone.data_type, phone.number_format) == ("13912340001", "s", "@")
    assert (buyer.value, buyer.data_type) == ("0012345678901234567", "s")
    assert (total.value, total.number_format) == (1234.56, "#,##0.00")
    assert occasions.value == 1
    assert (last.value, last.number_format) == (datetime(2026, 8, 24), "yyyy-mm-dd")  # noqa: DTZ001  # a date cell
    assert (group.value, sources.value) == ("To win back", "Taobao")
    assert [cell.value for cell in second][1] is None  # a masked phone is not one to write to
    assert sheet.freeze_panes == "A2"


def test_a_csv_opens_in_excel_and_starts_no_formula(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    assert exported(shop, path, keys=("name", "buyer_ids", "net_total", "last_day", "occasions")) == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1][:-1] == ["'" + HOSTILE, "0012345678901234567", "1234.56", "2026-08-24", "1"]
    assert rows[2][:-1] == ["安安", "'@nick", "50.00", "2026-11-22", "1"]


def test_groups_ids_and_the_usual_columns_can_be_chosen(shop: Shop, tmp_path: Path) -> None:
    ids = shop.columns().ids
    assert exported(shop, tmp_path / "a.csv", ids=ids[:1]) == 1
    assert exported(shop, tmp_path / "b.csv", group="privileged") == 0
    heads = {(tmp_path / name).read_text(encoding="utf-8-sig").splitlines()[0] for name in ("a.csv", "b.csv")}
    assert {head.rpartition(",")[0] for head in heads} == {",".join(field.label for field in FIELDS if field.usual)}


def test_an_empty_list_still_has_its_headers(shop: Shop, tmp_path: Path) -> None:
    assert exported(shop, tmp_path / "none.xlsx", ids=np.array([], np.int64), keys=("name", "aov")) == 0
    sheet = openpyxl.load_workbook(tmp_path / "none.xlsx").worksheets[0]
    assert next(sheet.iter_rows(values_only=True))[:-1] == ("Name", "Average order")


def test_a_list_that_excel_would_cut_off_is_refused_and_goes_into_a_csv(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "SHEET_ROWS", 2)
    with pytest.raises(export.TooLongForASheet, match=r"holds 1 rows, this list has 2\. Save it as \.csv"):
        exported(shop, tmp_path / "list.xlsx", keys=("name",))
    assert list(tmp_path.glob("*.*")) == []
    assert audit(shop) == []
    assert exported(shop, tmp_path / "list.csv", keys=("name",)) == 2
    monkeypatch.setattr(export, "SHEET_ROWS", 3)
    assert exported(shop, tmp_path / "list.xlsx", keys=("name",)) == 2


def test_every_export_is_a_line_of_the_journal_without_anybody_s_name(shop: Shop, tmp_path: Path) -> None:
    exported(shop, tmp_path / "list.csv", group="to_win_back", keys=("name", "phone"))
    with shop.write() as tx:
        export.export_due(tx, shop.columns(), tmp_path / "due.xlsx")
    assert audit(shop) == [
        {"list": "customers", "rows": 1, "format": "csv", "group": "to_win_back", "columns": ["name", "phone"]},
        {"list": "due", "rows": 1, "format": "xlsx"},
    ]


def test_a_file_that_is_there_is_replaced_only_when_that_was_agreed(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("mine")
    with pytest.raises(export.FileExists):
        exported(shop, path)
    assert path.read_text() == "mine"
    assert exported(shop, path, overwrite=True) == 2
    assert path.read_text(encoding="utf-8-sig").startswith("Name,")


def test_what_fails_or_is_cancelled_leaves_no_file_and_no_line(shop: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    stopped = Progress()
    stopped.cancel()
    for expected, name, how in (
        (export.UnknownFormat, "list.xls", {}),
        (export.UnknownField, "list.csv", {"keys": ["name", "password"]}),
        (export.UnknownGroup, "list.csv", {"group": "rich"}),
        (export.CannotSave, "missing/list.csv", {}),
        (Cancelled, "list.xlsx", {"progress": stopped}),
        (Cancelled, "list.csv", {"progress": stopped}),
    ):
        with pytest.raises(expected):
            exported(shop, folder / name, **how)
    assert list(folder.iterdir()) == []
    assert audit(shop) == []


def test_the_due_sheet_says_why_and_shows_the_cycle(shop: Shop, tmp_path: Path) -> None:
    with shop.write() as tx:
        assert export.export_due(tx, shop.columns(), tmp_path / "due.xlsx").rows == 1
    sheet = openpyxl.load_workbook(tmp_path / "due.xlsx").worksheets[0]
    title, rule, head, line = sheet.iter_rows(values_only=True)
    assert title[0] == "Due on 2026-11-22: 1 customer"
    assert str(rule[0]).startswith("From 0.8 to 3 times")
    found = dict(zip(head, line, strict=True))
    assert found["Name"] == HOSTILE
    assert found["Why"] == "Bought once, 90 days ago; buyers of this shop usually come back after 90 days"
    assert found["Expected on"] == datetime.combine(TODAY, datetime.min.time())
    assert isinstance(found["Last purchase"], date)
    assert (found["Last amount"], found["Own cycle (days)"], found["Days since"]) == (1234.56, 90, 90)
    assert found["Outcome"] is None
    assert sheet.freeze_panes == "A4"
