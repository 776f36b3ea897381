from __future__ import annotations

from pathlib import Path

import pytest

from shopcrm.collect import encodings
from shopcrm.collect.reading import ReadRequest, read_files
from shopcrm.collect.refusals import Garbled, UnknownLayout

CHINESE = ("订单编号 买家会员名 总金额 订单状态", "姓名 手机 备注 标签", "訂單編號 買家帳號 收件人 電話 訂單金額")


@pytest.mark.parametrize("text", CHINESE)
@pytest.mark.parametrize(
    ("meant", "read"),
    [("utf-8", "gb18030"), ("utf-8", "cp1252"), ("utf-8", "latin-1"), ("gb18030", "latin-1"), ("gb18030", "cp1252")],
)
def test_chinese_that_was_read_in_another_encoding_is_told_from_chinese(text: str, meant: str, read: str) -> None:
    assert not encodings.is_garbled(text)
    assert encodings.is_garbled(text.encode(meant).decode(read, errors="replace"))


@pytest.mark.parametrize(
    "text",
    [
        "", "Name Phone", "Bestellnummer Größe Märkte Übersicht Straße Käufer", "Prénom Téléphone Numéro Société",
        "名前 電話番号 注文日 金額", "Имя Телефон Дата Сумма", "이름 전화번호 주문일", "№ € £ – …",
    ],
)  # fmt: skip
def test_other_languages_are_not_garbled(text: str) -> None:
    assert not encodings.is_garbled(text)


def test_a_file_that_was_saved_garbled_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    for header, refusal in (
        (CHINESE[0].encode().decode("gb18030", errors="replace"), Garbled),
        ("编 甲 乙", UnknownLayout),
    ):
        path.write_text(header.replace(" ", ",") + "\n1,2,3,4\n", encoding="utf-8")
        with pytest.raises(refusal), read_files(ReadRequest((path,), "CNY", "Asia/Shanghai"), folder=tmp_path):
            pass
