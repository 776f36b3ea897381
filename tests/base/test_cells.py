from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcrm.base.cells import EXCEL_CELL_CHARACTERS, harmless

BLANKS = " \t\r\n\u3000\xa0\u200b\ufeff\u2060\u202e\xad\x00\x01\x1f"
SIGNS = "=+-@＝＋－＠"


@given(st.text(alphabet=BLANKS, max_size=6), st.sampled_from(SIGNS), st.text(max_size=20))
def test_no_text_can_start_a_formula_in_a_csv(blanks: str, sign: str, rest: str) -> None:
    assert harmless(blanks + sign + rest, csv=True).startswith("'")


@given(st.text())
def test_what_is_written_fits_a_cell_and_xml(text: str) -> None:
    for csv in (True, False):
        written = harmless(text, csv=csv)
        assert len(written.encode("utf-16-le")) <= EXCEL_CELL_CHARACTERS * 2
        assert not any(unicodedata.category(c) == "Cc" and c not in "\t\n\r" and ord(c) < 0x80 for c in written)


@pytest.mark.parametrize("text", ["张三", "13800000000", "2024-01-02", "'quoted'", "a=b", "<b>&amp;", "", "😀"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert harmless(text, csv=True) == text
    assert harmless(text, csv=False) == text


def test_an_xlsx_text_keeps_its_signs() -> None:
    assert harmless("=1+1", csv=False) == "=1+1"


@pytest.mark.parametrize("text", ["x" * 40_000, "😀" * 20_000, "a" + "😀" * 20_000])
def test_a_text_too_long_for_a_cell_is_cut_where_one_sees_it(text: str) -> None:
    written = harmless(text, csv=False)
    assert written.endswith("…")
    assert text.startswith(written[:-1])
