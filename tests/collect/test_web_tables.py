from __future__ import annotations

import html
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.collect import sheets, web_tables
from shopcrm.collect.refusals import TooLarge, WebPage
from tests.builders import new_shop

HEADER = ["订单编号", "买家会员名", "买家实际支付金额", "订单状态", "订单付款时间"]


def page(*rows: list[str], before: str = "", cell: str = "td") -> str:
    lines = "".join("<tr>" + "".join(f"<{cell}>{value}</{cell}>" for value in row) + "</tr>" for row in rows)
    return f"<html><head><title>x</title><style>td {{color: red}}</style></head><body>{before}<table>{lines}</table>"


def texts(path: Path, **how: object) -> list[list[str]]:
    table = sheets.open_table(path, **how)  # type: ignore[arg-type]  # as given by the test
    return [table.header, *(cells for _, cells in table.rows)]


def test_a_table_that_a_marketplace_calls_xls_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "orders.xls"
    row = ["1930679858170647123", "虚构&#23567;鹿", "12.50", "交易成功", "2026-03-01<br>10:05:00"]
    title = "<table><tr><td>导出</td></tr></table>"
    path.write_bytes(page(HEADER, row, before=title).encode("gb18030"))
    shop = new_shop(tmp_path / "shop")
    report = shop.import_staged(shop.stage([path]))
    assert (report.files[0].encoding, report.orders.new, report.files[0].rejected) == ("html", 1, 0)
    with shop.read() as tx:
        found = tx.connection.exec_driver_sql("SELECT number, buyer_name, paid FROM orders").one()
    assert tuple(found) == ("1930679858170647123", "虚构小鹿", 1_250)
    shop.close()


def test_covered_cells_keep_their_places(tmp_path: Path) -> None:
    path = tmp_path / "spans.xls"
    path.write_text(
        "<table><tr><th>a<th>b<th>c</tr>"
        "<tr><td rowspan=2>1<td>x<td>y</tr><tr><td colspan=2>z</tr>"
        "<tr><td>2<td>u<td rowspan='9999999999'>v</table>",
        encoding="utf-8",
    )
    assert texts(path) == [["a", "b", "c"], ["1", "x", "y"], ["", "z", ""], ["2", "u", "v"]]


def test_the_known_table_wins_and_an_inner_one_stands_apart(tmp_path: Path) -> None:
    path = tmp_path / "two.xls"
    inner = "<table><tr><td>in</td><td>side</td></tr><tr><td>1</td><td>2</td></tr></table>"
    path.write_text(page(["k", "v"], ["1", f"2{inner}"], ["3", "4"]) + page(HEADER, ["1", "2", "3", "4", "5"]), "utf-8")
    assert texts(path, looks_like_header=lambda cells: "订单编号" in cells)[0] == HEADER
    assert texts(path)[:2] == [["k", "v"], ["1", "2"]]


@pytest.mark.parametrize("text", [
    "<html><body>请登录", "<table></table>", "<table><tr><td>a</td><td>b</td></tr></table>",
    "<html><table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "<div><script><table><tr><td>a<td>b</script></div>",
])  # fmt: skip
def test_a_page_without_a_table_keeps_its_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "page.xls"
    path.write_text(text, "utf-8")
    with pytest.raises(WebPage):
        texts(path)


def test_nothing_is_run_and_silent_parts_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "page.xls"
    path.write_text("<table><tr><td>a<script>alert(1)</script><td>b</tr><tr><td>1<!-- no --><td>2</table>", "utf-8")
    assert texts(path) == [["a", "b"], ["1", "2"]]


def test_too_much_to_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "page.xls"
    path.write_text(page(HEADER, ["1"] * 5), "utf-8")
    monkeypatch.setattr(web_tables, "SIZE_LIMIT", 10)
    with pytest.raises(TooLarge):
        texts(path)


@given(
    st.lists(
        st.lists(st.text("ab<>&\"'1 ，单", min_size=0, max_size=5), min_size=2, max_size=4), min_size=2, max_size=5
    )
)
def test_what_a_page_says_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    rows = [["a", "b"], ["c", "d"], *rows]
    path = tmp_path_factory.mktemp("pages") / "page.xls"
    path.write_text(page(*([html.escape(value) for value in row] for row in rows)), "utf-8")
    filled = [[" ".join(value.split()) for value in row] for row in rows]
    assert texts(path) == [row for row in filled if any(row)]
