"""Texts for a shop page hold nobody's name; the sheet of reviews is a line of the journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from shopcrm.act import review_list
from shopcrm.act.export import UnknownFormat
from shopcrm.app import Shop
from shopcrm.base import i18n
from shopcrm.collect import reviews
from shopcrm.collect.reviews import Review
from tests.builders import given_orders, new_shop, order

DAY = date(2026, 6, 1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    i18n.set_language("en")
    opened = new_shop(tmp_path / "shop")
    bought = order("1930679858170647123", "xiaoman_lin88", DAY, phone="+8613800130001", title="木马",
                   recipient_name="林小满", recipient_phone="13800130001")  # fmt: skip
    given_orders(opened, [bought, order("1002", "An", DAY, title="积木")])
    yield opened
    opened.close()


def test_picked_texts_are_copied_newest_first_without_who_wrote_them(shop: Shop) -> None:
    texts = (
        (1, "我是林小满，电话 138 0013 0001，很好看！\n加微信 XIAOMAN_LIN88 看图", "2026-06-05"),
        (2, "Another one for An, thanks. an@example.com", "2026-06-07"),
        (2, "没有选中", "2026-06-08"),
        (2, "", "2026-06-09"),
    )
    with shop.write() as tx:
        for at, text, day in texts:
            reviews.add(tx, at, Review(5, text, day))
        reviews.pick(tx, [1, 2, 4], picked=True)
    with shop.read() as tx:
        found = review_list.texts_for_display(tx, reviews.listed(tx))
    assert found == ["Another one for , thanks.", "我是，电话 ，很好看！\n加微信 看图"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("用了 30 天，2 罐 800g", "用了 30 天，2 罐 800g"),
        ("订单1930679858170647123 的", "订单 的"),
        ("打 0571-8888 6666 找我", "打 找我"),
        ("2026 年买的", "2026 年买的"),
    ],
)
def test_only_what_reaches_somebody_is_left_out(text: str, left: str) -> None:
    assert review_list.nameless(text, ["满"]) == left


def test_the_sheet_says_all_of_a_review_as_text(shop: Shop, tmp_path: Path) -> None:
    with shop.write() as tx:
        reviews.add(tx, 1, Review(4, '=1+1 "好"', "2026-06-05", reply="谢谢"))
        reviews.pick(tx, [1], picked=True)
    path = tmp_path / "reviews.xlsx"
    with shop.read() as tx:
        found = reviews.listed(tx)
    with pytest.raises(UnknownFormat), shop.write() as tx:
        review_list.export_reviews(tx, found, tmp_path / "reviews.csv")
    with shop.write() as tx:
        assert review_list.export_reviews(tx, found, path) == 1
        kinds = tx.connection.exec_driver_sql("SELECT kind, summary FROM change_sets ORDER BY id DESC LIMIT 1").one()
    sheet = openpyxl.load_workbook(path).worksheets[0]
    head, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert head == ["Day", "Stars", "Review text", "Product", "Customer", "Order number", "Your reply to the review",
                    "Picked for display"]  # fmt: skip
    assert row[1:] == [4, '=1+1 "好"', "木马", "林小满", "1930679858170647123", "谢谢", "yes"]
    assert sheet["C2"].data_type == "s"
    assert kinds.kind == "export"
    assert "好" not in kinds.summary
