from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopcrm.collect import encodings, sheets
from shopcrm.collect.refusals import UnclosedQuote
from shopcrm.collect.sources import on_disk

HEADER = ["订单编号", "买家会员名", "收货地址", "买家留言"]
ROWS = [
    ["1930679858170647123", "小林的测试账号", "浙江省 杭州市 西湖区 样例路1号", "麻烦快点发货,谢谢"],
    ["1930679858170647124", "示例买家", "广东省 深圳市 南山区 测试街2号;3楼", '说明是"急用"|\t换行\r\n第二行'],
]
TRADITIONAL = [
    ["訂單編號", "買家會員名", "收貨地址", "買家留言"],
    ["1930679858170647123", "測試帳號", "臺北市信義區示範路1號", "請儘快出貨,謝謝"],
]
CODECS = {
    "utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "gb18030": "gb18030", "utf-16": "utf-16", "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be", "big5": "cp950",
}  # fmt: skip


def known(cells: Sequence[str]) -> bool:
    return bool({"订单编号", "訂單編號"} & set(cells))


def written(table: list[list[str]], *, delimiter: str, quoting: int, end: str = "\r\n") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(table)  # type: ignore[arg-type]
    return text.getvalue()


def read(path: Path, *, encoding: str | None = None) -> tuple[str, list[list[str]]]:
    table = sheets.open_table(path, encoding=encoding, looks_like_header=known)
    return table.encoding, [table.header, *(cells for _, cells in table.rows)]


@pytest.mark.parametrize("encoding", CODECS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_encoding_and_delimiter_is_recognised(
    tmp_path: Path, encoding: str, delimiter: str, quoting: int, end: str
) -> None:
    table = TRADITIONAL if encoding == "big5" else [HEADER, *ROWS]
    path = tmp_path / "orders.xlsx"  # the name is not believed
    path.write_bytes(written(table, delimiter=delimiter, quoting=quoting, end=end).encode(CODECS[encoding]))
    assert read(path) == (encoding, table)


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n", exclude_characters="\ufeff"), max_size=12
)


@given(
    table=st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(TEXTS, min_size=width, max_size=width), min_size=1, max_size=8)
    ),
    encoding=st.sampled_from([name for name in CODECS if name != "big5"]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_of_text_reads_back_equal(
    tmp_path: Path, table: list[list[str]], encoding: str, delimiter: str
) -> None:
    header = ["订单编号", *(f"列{at}" for at in range(1, len(table[0])))]
    path = tmp_path / "any.csv"
    text = written([header, ["1"] * len(header), *table], delimiter=delimiter, quoting=csv.QUOTE_ALL)
    path.write_bytes(text.encode(CODECS[encoding]))
    filled = [row for row in table if "".join(row).strip(" \t\n\xa0\u3000").strip()]
    found = [row for row in read(path, encoding=encoding)[1][2:] if "".join(row).strip()]
    assert found == filled


@pytest.mark.parametrize("bad", [b"\xff", b"\xb6\xa9", b"\xe8\xae"])
def test_utf8_with_a_broken_character_stays_utf8(tmp_path: Path, bad: bytes) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(written([HEADER, *ROWS], delimiter=",", quoting=csv.QUOTE_ALL).encode() + b"9," + bad + b",x,y\n")
    encoding, rows = read(path)
    assert encoding == "utf-8"
    assert rows[1:3] == ROWS
    assert rows[3][0] == "9"


def test_chinese_far_behind_the_beginning_decides(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"id,note\n" + b"1,plain\n" * 400_000 + "2,这是一条备注\n".encode("gb18030"))
    assert encodings.detect(on_disk(path)) == "gb18030"


def test_western_text_is_not_taken_for_chinese(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes("Order ID,Buyer,Price\n1,Zoë Müller-Beispiel,£12.50\n2,André Exemple,£7\n".encode("cp1252"))
    assert read(path)[1][1][1:] == ["Zoë Müller-Beispiel", "£12.50"]


def test_quirks_of_one_file(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(
        b"\xef\xbb\xbf"
        + (
            "某店铺订单报表,,\r\n"
            "\r\n"
            "订单编号,标题 ,金额,\r\n"  # a trailing comma and a trailing blank
            '="1930679858170647123",7" 平板,1\0\x002,\r\n'
            ",,,\r\n"
            "2,短\r\n"
            "3,长,5,,,6\r\n"
            "\x1a"
        ).encode()
    )
    table = sheets.open_table(path, looks_like_header=known)
    assert (table.header_row, table.header) == (3, ["订单编号", "标题 ", "金额"])
    assert list(table.rows) == [
        (4, ['="1930679858170647123"', '7" 平板', "12", ""]),
        (6, ["2", "短"]),
        (7, ["3", "长", "5", "", "", "6"]),
    ]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("sep=;\na;b,c;d\n1;2;3\n", ["a", "b,c", "d"]),
        ("a;b\n1,5;2,5\n1,7;2\n", ["a", "b"]),
        ("a\tb, c\td\n1\t2\t3, 4\n", ["a", "b, c", "d"]),
        ("only\n1\n2\n", ["only"]),
        ("Report of May\na,b,c\n1,2,3\n", ["a", "b", "c"]),
    ],
)
def test_unknown_headers_are_found_too(tmp_path: Path, text: str, header: list[str]) -> None:
    path = tmp_path / "any.txt"
    path.write_text(text)
    assert sheets.open_table(path).header == header


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n" + '3,"open\n' + "4,5\n" * 3,  # to the end
        "a,b\n1,2\n" + '3,"open\n' + "4,5\n" * 300 + '6,"closed"\n',  # to the next one, far away
        "a,b\n1,2\n" + '3,"' + "x" * 200_000 + "\n",
    ],
)
def test_a_quotation_mark_that_swallows_rows_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "any.csv"
    path.write_text(text)
    with pytest.raises(UnclosedQuote) as caught:
        list(sheets.open_table(path).rows)
    assert caught.value.row == 3


def test_a_quoted_line_break_at_the_end_is_none(tmp_path: Path) -> None:
    path = tmp_path / "any.csv"
    path.write_text('a,b\n1,2\n3,"two\nlines"')
    assert [cells for _, cells in sheets.open_table(path).rows] == [["1", "2"], ["3", "two\nlines"]]


def test_in_tab_separated_reports_a_quotation_mark_is_one(tmp_path: Path) -> None:
    path = tmp_path / "amazon.txt"
    path.write_bytes(b'order-id\tname\tnote\r\n1\t"Best mug\t5" wide\r\n\r\n2\t"so ""quoted"" "\tplain\r\n3\t"\t""\r\n')
    assert list(sheets.open_table(path).rows) == [
        (2, ["1", '"Best mug', '5" wide']),
        (4, ["2", 'so "quoted" ', "plain"]),
        (5, ["3", '"', ""]),
    ]
    path.write_bytes(b'a\tb\r\n1\t"two\r\nlines"\r\n')  # as Excel writes a cell of two lines
    assert list(sheets.open_table(path).rows) == [(2, ["1", "two\r\nlines"])]
